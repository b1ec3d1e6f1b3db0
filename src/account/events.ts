/**
 * Events on which accounts may be changed, and whose runs' artifacts are believed (contract, section 4). Most others can
 * be triggered, or filled with content, by people without write permission.
 */
export const CHANGING_EVENTS = ['workflow_dispatch', 'schedule', 'push', 'repository_dispatch'] as const

/** Those of them that bring nothing of their own which no pull request could have approved. */
export const REVIEWED_EVENTS = ['push', 'schedule', 'workflow_dispatch'] as const

/** Whether accounts may be changed on this event. */
export function changesOn(eventName: string): boolean {
  return CHANGING_EVENTS.some((event) => event === eventName)
}
