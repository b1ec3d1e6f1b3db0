import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { FIND_HEADER } from '../../src/list/dialects.ts'
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
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : ''
}

/** The output `result`. */
export function result({ outputs }: Ran): Readonly<Record<string, unknown>> & { readonly guards: readonly Guard[] } {
  return JSON.parse(outputs.result ?? '{}')
}

/** `plan.json`. */
export function planFile({ folder }: Ran) {
  return JSON.parse(read(join(folder, 'plan.json')))
}

interface Guard {
  readonly guard: string
  readonly verdict: string
  readonly message: string
}

/** A list that is there before a find, as one writes it. */
export function listBefore(rows: readonly (readonly [id: string, due: string])[]): string {
  const lines = rows.map(([id, due]) => `${id},${id},${id}@example.com,Active,,,,,${due}`)
  return `\ufeff${[FIND_HEADER.join(','), ...lines].join('\r\n')}\r\n`
}
