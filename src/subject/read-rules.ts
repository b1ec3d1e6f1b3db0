import type { GuardFinding } from '../account/guard.ts'
import type { ListFact } from '../account/listed-account.ts'
import type { Selector } from '../account/selector.ts'
import type { Job } from '../job.ts'
import { decodeText } from '../list/decode.ts'
import type { Rules } from '../plan/decide.ts'
import { guardInput } from '../plan/guards.ts'
import { compileSelectors, unanswerable } from '../plan/matcher.ts'
import { parseSelectors, selectorRefusals } from '../plan/selector.ts'
import { fold } from '../text/fold.ts'
import { quote } from '../text/words.ts'
import { type ReadFile, readListFile, sha256Of } from '../world/files.ts'
import { keptOf } from './subject.ts'

/** The selectors of all inputs, and the files that some of them came from. */
export interface Selectors {
  readonly exclude: readonly Selector[]
  readonly include: readonly Selector[]
  /** For the approval to compare with the commit; null where the input is not given. */
  readonly excludeFile: ReadFile | null
  readonly includeFile: ReadFile | null
  /** Hex digits, of the files as they were read; empty where there is none. */
  readonly sha256: { readonly excludeFile: string; readonly includeFile: string }
}

interface Problems {
  readonly ok: false
  readonly problems: readonly string[]
  /** How many more there are. */
  readonly hidden: number
}

/** Reads the exclusions and inclusions of all inputs, or says all that is wrong with them. */
export async function readSelectors(
  job: Job,
): Promise<{ readonly ok: true; readonly selectors: Selectors } | Problems> {
  const exclude = await readSelectorFile(job, 'exclude-file')
  const include = await readSelectorFile(job, 'include-file')
  if (!exclude.ok || !include.ok) {
    const bad = [exclude, include].filter((read) => !read.ok)
    const hidden = bad.reduce((sum, read) => sum + read.hidden, 0)
    return { ok: false, problems: bad.flatMap(({ problems }) => problems), hidden }
  }
  const selectors = {
    exclude: [...job.settings.exclude, ...exclude.selectors],
    include: [...job.settings.include, ...include.selectors],
    excludeFile: exclude.file,
    includeFile: include.file,
    sha256: { excludeFile: exclude.sha256, includeFile: include.sha256 },
  }
  return { ok: true, selectors }
}

type SelectorFileRead =
  | {
      readonly ok: true
      readonly file: ReadFile | null
      readonly sha256: string
      readonly selectors: readonly Selector[]
    }
  | Problems

/** One that is missing or holds no selector is a problem: a rule that was meant is not there. */
async function readSelectorFile(
  { settings, context, world }: Job,
  input: 'exclude-file' | 'include-file',
): Promise<SelectorFileRead> {
  const path = input === 'exclude-file' ? settings.excludeFile : settings.includeFile
  if (path === '') return { ok: true, file: null, sha256: '', selectors: [] }
  const refuse = (why: string): Problems => {
    return { ok: false, problems: [`Input "${input}" names ${quote(path)}, but ${why}`], hidden: 0 }
  }
  const file = await readListFile(context.workspace, path)
  if (!file.ok) return refuse(file.message)
  const decoded = decodeText(file.bytes)
  if (!decoded.ok) return refuse(`it cannot be read: ${decoded.message}`)
  const parsed = parseSelectors(decoded.text.toString('utf8'), input)
  if (!parsed.ok) return { ok: false, ...selectorRefusals(input, parsed, world.log.clean) }
  if (parsed.selectors.length === 0) return refuse('it holds no selector. Write one per line, or leave the input out.')
  return { ok: true, file: keptOf(file), sha256: sha256Of(file.bytes), selectors: parsed.selectors }
}

/** The rules that the run goes by. A verification changes nothing, so that no rule narrows it. */
export function rulesOf({ settings, change, today, startedAt }: Job, { exclude, include }: Selectors): Rules {
  const isVerify = settings.mode === 'verify'
  const isEmail = settings.executingUser.includes('@')
  const owner = isVerify ? '' : settings.executingUser
  return {
    change,
    owners: new Set(owner === '' || isEmail ? [] : [owner]),
    ownerEmail: isEmail ? fold(owner) : '',
    exclude: compileSelectors(isVerify ? [] : exclude, { wholeCells: true }),
    include: compileSelectors(isVerify ? EVERYONE : include, { wholeCells: false }),
    idleDays: settings.idleDays,
    today,
    now: startedAt,
  }
}

const EVERYONE: readonly Selector[] = [{ kind: 'everyone', pattern: '*', text: '*', line: 1, source: 'include' }]

/**
 * Refuses exclusions by a fact that neither the list nor the directory tells: they would protect nobody.
 *
 * @param facts of which the list has a column
 * @param standsIn whether the list of managed accounts stands in for the directory
 */
export function guardBlind(
  exclude: readonly Selector[],
  facts: ReadonlySet<ListFact>,
  standsIn = false,
): readonly GuardFinding[] {
  const known = standsIn ? new Set([...facts, 'email' as const, 'status' as const]) : facts
  const way = standsIn
    ? 'use a key whose scopes reach the search of the directory: the list of managed accounts, which replaces it, does not have that.'
    : 'set "organization-id" and "api-key" so that the directory is read.'
  const problems = unanswerable(exclude, known).map(
    ({ source, line, text, kind }) =>
      `Input "${source}", line ${line}: found ${quote(text)}, but the list has no column that tells ${kind === 'email' ? 'e-mails' : `the ${kind}`}, so this exclusion would protect nobody. ` +
      `Exclude by account id, add that column to the list, or ${way}`,
  )
  return problems.length === 0 ? [] : [guardInput(problems)]
}
