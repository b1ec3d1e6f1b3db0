import type { ReviewedFile } from '../approval/pull-request.ts'
import type { Read } from './read-plan.ts'

/** The files that decide who is touched; null where the accounts came out of an artifact. */
export function reviewedFiles({ subject, selectors }: Read): readonly ReviewedFile[] | null {
  const { list } = subject
  if (list === null) return null
  const files = { 'users-file': list, 'exclude-file': selectors.excludeFile, 'include-file': selectors.includeFile }
  const roles = ['users-file', 'exclude-file', 'include-file'] as const
  return roles.flatMap((role) => (files[role] === null ? [] : [{ ...files[role], role }]))
}
