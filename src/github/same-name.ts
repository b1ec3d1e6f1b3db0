/** Whether two names of users, repositories or environments are the same to GitHub, which ignores case. */
export function sameName(one: string, other: string): boolean {
  return one !== '' && one.toLowerCase() === other.toLowerCase()
}
