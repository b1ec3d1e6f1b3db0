/** What a run is for. */
export const MODES = ['plan', 'apply', 'restore', 'verify', 'find'] as const
export type Mode = (typeof MODES)[number]
