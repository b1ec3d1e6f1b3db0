/** Events on which accounts may be changed, and artifacts believed (contract, section 4): anybody can trigger others. */
export const CHANGING_EVENTS: readonly string[] = ['workflow_dispatch', 'schedule', 'push', 'repository_dispatch']

/** Those of them that bring nothing of their own which no pull request could have approved. */
export const REVIEWED_EVENTS: readonly string[] = ['push', 'schedule', 'workflow_dispatch']
