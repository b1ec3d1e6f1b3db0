/**
 * Whether an account may be changed today. The due date is the last day of access: the account is due once that day
 * is over in UTC. Without a date it is due at once.
 *
 * @param due `YYYY-MM-DD` or empty
 * @param today `YYYY-MM-DD`
 */
export function isDue(due: string, today: string): boolean {
  return due === '' || today > due
}
