import type { ListFact } from '../account/listed-account.ts'
import type { Selector, SelectorSource } from '../account/selector.ts'
import type { Job } from '../job.ts'
import { decodeText } from '../list/decode.ts'
import type { Notes } from '../notes.ts'
import type { Rules } from '../plan/decide.ts'
import { guardInput } from '../plan/guards.ts'
import { compileSelectors, unanswerable } from '../plan/matcher.ts'
import { parseSelectors, selectorRefusals } from '../plan/selector.ts'
import { fold } from '../text/fold.ts'
import { quote } from '../text/words.ts'
import { type ReadFile, readListFile, sha256Of } from '../world/files.ts'
import { keptOf } from './subject.ts'

/** Of all inputs, and the files that some of them came from. */
export type Selectors = NonNullable<Awaited<ReturnType<typeof readSelectors>>>

/** Reads the exclusions and inclusions of all inputs. Null, and all that is wrong with them noted, where that cannot be. */
export async function readSelectors(job: Job, notes: Notes) {
  const exclude = await readSelectorFile(job, 'exclude-file', job.settings.excludeFile)
  const include = await readSelectorFile(job, 'include-file', job.settings.includeFile)
  const problems = [...exclude.problems, ...include.problems]
  if (problems.length > 0) {
    notes.guard(guardInput(problems, exclude.hidden + include.hidden))
    return null
  }
  return {
    exclude: [...job.settings.exclude, ...exclude.selectors],
    include: [...job.settings.include, ...include.selectors],
    /** For the approval to compare with the commit; null where the input is not given. */
    excludeFile: exclude.file,
    includeFile: include.file,
    /** Hex digits, of the files as they were read; empty where there is none. */
    sha256: { excludeFile: exclude.sha256, includeFile: include.sha256 },
  }
}

const NO_FILE = {
  file: null as ReadFile | null,
  sha256: '',
  selectors: [] as readonly Selector[],
  problems: [] as readonly string[],
  /** How many more problems there are. */
  hidden: 0,
}
type SelectorFile = typeof NO_FILE

/** One that is missing or holds no selector is a problem: a rule that was meant is not there. */
async function readSelectorFile({ context, world }: Job, input: SelectorSource, path: string): Promise<SelectorFile> {
  if (path === '') return NO_FILE
  const refuse = (why: string): SelectorFile => {
    return { ...NO_FILE, problems: [`Input "${input}" names ${quote(path)}, but ${why}`] }
  }
  const file = await readListFile(context.workspace, path)
  if (!file.ok) return refuse(file.message)
  const decoded = decodeText(file.bytes)
  if (!decoded.ok) return refuse(`it cannot be read: ${decoded.message}`)
  const parsed = parseSelectors(decoded.text.toString('utf8'), input)
  if (!parsed.ok) return { ...NO_FILE, ...selectorRefusals(input, parsed, world.log.clean) }
  const { selectors } = parsed
  if (selectors.length === 0) return refuse('it holds no selector. Write one per line, or leave the input out.')
  return { ...NO_FILE, file: keptOf(file), sha256: sha256Of(file.bytes), selectors }
}

/** The rules that the run goes by. A verification changes nothing, so that no rule narrows it. */
export function rulesOf({ settings, change, today, startedAt }: Job, { exclude, include }: Selectors): Rules {
  const isVerify = settings.mode === 'verify'
  const owner = isVerify ? '' : settings.executingUser
  const isEmail = owner.includes('@')
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

/** Refuses exclusions by what neither the list's `facts` nor the directory or its stand-in tells of anybody. */
export function guardBlind(exclude: readonly Selector[], facts: ReadonlySet<ListFact>, standsIn = false) {
  const known = standsIn ? new Set<ListFact>([...facts, 'email', 'status']) : facts
  const way = standsIn
    ? 'use a key whose scopes reach the search of the directory: the list of managed accounts, which replaces it, does not have that.'
    : 'set "organization-id" and "api-key" so that the directory is read.'
  const problems = unanswerable(exclude, known).map(({ source, line, text, kind }) => {
    const what = kind === 'email' ? 'e-mails' : `the ${kind}`
    return `Input "${source}", line ${line}: found ${quote(text)}, but the list has no column that tells ${what}, so this exclusion would protect nobody. Exclude by account id, add that column to the list, or ${way}`
  })
  return problems.length === 0 ? [] : [guardInput(problems)]
}
