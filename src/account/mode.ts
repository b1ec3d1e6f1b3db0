/** What a run is for. */
export const MODES = ['plan', 'apply', 'restore', 'verify', 'find'] as const
export type Mode = (typeof MODES)[number]

/** Whether the mode changes accounts; the others only read. */
export function changes(mode: Mode): boolean {
  return mode === 'apply' || mode === 'restore'
}

/** Whether the mode says what would be done. */
export function plans(mode: Mode): boolean {
  return mode === 'plan' || mode === 'find'
}
