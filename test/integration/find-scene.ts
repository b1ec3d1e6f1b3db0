import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { StandIn } from '../stand-in/server.ts'
import { type Ran, type Row, runMain, type Staging } from './run-main.ts'
import { DIRECTORY } from './scene.ts'

/** A find, or a plan of its list, and the list. */
export interface RanFind extends Ran {
  /** `users.csv` of the result files; empty where there is none. */
  readonly list: string
  /** By account id. */
  readonly people: ReadonlyMap<string, Row>
  /** The file of the workspace that `users-file` names, as the run left it; empty where there is none. */
  readonly file: string
}

export const LIST = 'leavers.csv'

/** Runs main as a find that writes no file of the workspace unless one is named. */
export async function runFind(standIn: StandIn, { inputs = {}, ...staging }: Staging = {}): Promise<RanFind> {
  const all = { mode: 'find', 'users-file': '', ...DIRECTORY, 'executing-user': 'the.admin@example.com', ...inputs }
  const ran = await runMain(standIn, { ...staging, inputs: all })
  const list = read(join(ran.folder, 'users.csv'))
  const rows = parse(list, { bom: true, columns: true }) as Row[]
  const file = all['users-file']
  return {
    ...ran,
    list,
    people: new Map(rows.map((row) => [row['User id'] ?? '', row])),
    file: file === '' ? '' : read(join(ran.env.GITHUB_WORKSPACE ?? '', file)),
  }
}

/** Plans that list, by the same inputs. */
export function planOf(standIn: StandIn, { list }: RanFind, { inputs = {}, ...staging }: Staging = {}): Promise<Ran> {
  const all = { mode: 'plan', ...DIRECTORY, 'executing-user': 'the.admin@example.com', ...inputs, 'users-file': LIST }
  return runMain(standIn, { ...staging, inputs: all, files: { ...staging.files, [LIST]: list } })
}

/** Ids of those whom a run would change, sorted. */
export function planned({ rows }: Ran): readonly string[] {
  return rows.flatMap(({ account_id: id = '', state }) => (state === 'planned' ? [id] : [])).toSorted()
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
