import type { GuardFinding } from '../account/guard.ts'
import type { ListedAccount, ListFact } from '../account/listed-account.ts'
import { blobSha } from '../github/blob-sha.ts'
import type { ListRemark, UserList } from '../list/user-list.ts'
import type { Learned } from '../notes.ts'
import type { FileRead, ReadFile } from '../world/files.ts'

/** The accounts that a run is about, from a list or from earlier results. */
export interface Subject {
  readonly accounts: readonly ListedAccount[]
  readonly facts: ReadonlySet<ListFact>
  readonly remarks: readonly ListRemark[]
  /** Which column of the list was taken for what; null where there is no list. */
  readonly columns: UserList['columns'] | null
  /** In words, where they came from. */
  readonly source: string
  /** For the approval to compare with the commit; null where it is not a file of the workspace. */
  readonly list: ReadFile | null
  /** SHA-256 of the list's bytes, hex digits; empty where there is no list. */
  readonly sha256: string
  /** Accounts whose state in the results is unknown: told, never restored. */
  readonly unknown: readonly ListedAccount[]
  /** Ids that the results changed minutes ago. */
  readonly recent: ReadonlySet<string>
  /** In `find`, the accounts of the list that it is to replace. */
  readonly before?: readonly ListedAccount[]
}

export type SubjectRead =
  | { readonly ok: true; readonly subject: Subject }
  | { readonly ok: false; readonly finding: GuardFinding; readonly problems: Learned['lineProblems'] }

/** What is kept of a file for the comparing with commits. */
export function keptOf({ written, relative, bytes }: Extract<FileRead, { ok: true }>): ReadFile {
  return { path: written, realPath: relative, blobSha: blobSha(bytes), size: bytes.length }
}

/** A subject that cannot be read, for a reason that is no line's. */
export function unreadable(finding: GuardFinding): Extract<SubjectRead, { ok: false }> {
  return { ok: false, finding, problems: { file: '', problems: [] } }
}
