import type { Mode } from '../account/mode.ts'
import type { Selector } from '../account/selector.ts'
import { decodeText } from '../list/decode.ts'
import type { Rules } from '../plan/decide.ts'
import * as guards from '../plan/guards.ts'
import { compileSelectors } from '../plan/matcher.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import { parseSelectors } from '../plan/selector.ts'
import { note, type Run, warn } from '../run.ts'
import { count, quote } from '../text/words.ts'
import { readListFile } from '../world/files.ts'
import { readSubject } from './read-subject.ts'
import type { Subject } from './subject.ts'

/**
 * Reads the list, or the earlier results, and the rules, and decides by them. All guards that need no network have
 * their say.
 *
 * @returns the plan, also kept in the run; null where the list or the rules cannot be read
 */
export async function readPlan(run: Run): Promise<Plan | null> {
  const { settings, context } = run
  const aim = aimOf(run)
  note(run, guards.guardEvent(settings.mode, context.eventName))
  note(run, guards.guardExecutingUser(settings.executingUser, aim))
  if (settings.organizationId === '' || settings.apiKey === '') {
    note(run, guards.guardAdminsKnown(settings.organizationId, null, settings.waive.has('admins-unknown'), aim))
  }
  note(run, guards.guardKeyGiven(settings.apiKey !== '', settings.mode))
  const read = await readSubject(run)
  const excluded = await readExclusions(run)
  if (!read.ok) {
    note(run, read.finding)
    run.lineProblems = { file: read.file, problems: read.problems }
    return null
  }
  const { subject } = read
  run.source = subject.source
  tellRemarks(run, subject)
  if (run.change === 'deactivate' && settings.mode !== 'verify')
    note(run, guards.guardListNotEmpty(subject.accounts.length))
  if (excluded === null) return null
  run.exclusions = excluded
  const blind = exclusionsNobodyKnows(run, excluded, subject)
  if (blind.length > 0) {
    note(run, guards.guardInput(blind))
    return null
  }
  const rules = settings.mode === 'verify' ? everyone(run) : rulesOf(run, excluded)
  const plan = makePlan(
    subject.accounts,
    rules,
    settings.organizationId,
    settings.mode === 'plan' ? 'planned' : 'not-attempted',
  )
  run.plan = plan
  for (const selector of [...rules.exclude.unmatched(), ...rules.include.unmatched()]) {
    warn(
      run,
      `The selector ${quote(selector.text)} in "${selector.source}", line ${selector.line}, matches no account of the list. Is it spelt right?`,
    )
  }
  if (settings.mode !== 'verify') {
    note(run, guards.guardPlanDigest(settings.approvedPlan, plan.digest, settings.mode))
  }
  return plan
}

/** The mode whose guards count: what a plan of a restore plans is a restore. */
export function aimOf({ settings, change }: Run): Mode {
  return settings.mode === 'plan' && change === 'restore' ? 'restore' : settings.mode
}

function rulesOf({ settings, change, today }: Run, exclude: readonly Selector[]): Rules {
  const isEmail = settings.executingUser.includes('@')
  return {
    change,
    protectedIds: new Set(settings.executingUser === '' || isEmail ? [] : [settings.executingUser]),
    executingEmail: isEmail ? settings.executingUser.toLowerCase() : '',
    exclude: compileSelectors(exclude, { wholeCells: true }),
    include: compileSelectors(settings.include, { wholeCells: false }),
    today,
  }
}

/** A verification changes nothing, so that no rule narrows it. */
function everyone({ change, today, settings }: Run): Rules {
  const nobody = compileSelectors([], { wholeCells: true })
  return {
    change,
    protectedIds: new Set(),
    executingEmail: '',
    exclude: nobody,
    include: compileSelectors(settings.include, { wholeCells: false }),
    today,
  }
}

/** The exclusions of both inputs; null after a refusal. */
async function readExclusions(run: Run): Promise<readonly Selector[] | null> {
  const { settings, context } = run
  if (settings.excludeFile === '' || settings.mode === 'verify') return settings.exclude
  const refuse = (...problems: readonly string[]): null => {
    note(run, guards.guardInput(problems))
    return null
  }
  const file = await readListFile(context.workspace, settings.excludeFile)
  const named = `Input "exclude-file" names ${quote(settings.excludeFile)}, but`
  if (!file.ok) return refuse(`${named} ${file.message}`)
  run.excludeFile = { path: file.written, realPath: file.relative, bytes: file.bytes }
  const decoded = decodeText(file.bytes)
  if (!decoded.ok) return refuse(`${named} it cannot be read: ${decoded.message}`)
  const parsed = parseSelectors(decoded.text.toString('utf8'), 'exclude-file')
  if (parsed.ok) return [...settings.exclude, ...parsed.selectors]
  return refuse(
    ...parsed.problems.map(
      ({ line, found, message }) => `Input "exclude-file", line ${line}: found ${quote(found)}. ${message}`,
    ),
  )
}

/** Exclusions by a fact that neither the list nor the directory tells would protect nobody. */
function exclusionsNobodyKnows({ settings }: Run, selectors: readonly Selector[], { facts }: Subject): string[] {
  if (settings.organizationId !== '' && settings.apiKey !== '') return []
  const fact = { email: 'email', group: 'groups', role: 'role', status: 'status' } as const
  return selectors
    .filter((selector) => selector.kind in fact && !facts.has(fact[selector.kind as keyof typeof fact]))
    .map(
      ({ source, line, text, kind }) =>
        `Input "${source}", line ${line}: found ${quote(text)}, but the list has no column that tells ${kind === 'email' ? 'e-mails' : `the ${kind}`}, so this exclusion would protect nobody. ` +
        'Exclude by account id, add that column to the list, or set "organization-id" and "api-key" so that the directory is read.',
    )
}

/** More notices than this are told in one line: GitHub shows ten of a step. */
const MOST_REMARKS = 8

function tellRemarks(run: Run, { remarks, file, unknown }: Subject): void {
  const { log } = run.world
  for (const remark of remarks.slice(0, MOST_REMARKS)) {
    const found = run.privacy === 'masked' || remark.found === '' ? '' : ` Found ${quote(remark.found)}.`
    const text = `Line ${remark.line}: ${remark.message}${found}`
    if (remark.kind === 'notice') log.notice(text)
    else {
      run.warnings.push(text)
      log.warning(text, file === '' ? undefined : { file, line: remark.line })
    }
  }
  if (remarks.length > MOST_REMARKS)
    log.notice(`The list has ${count(remarks.length - MOST_REMARKS, 'more remark')} like these.`)
  if (unknown.length > 0) {
    const ids = unknown
      .slice(0, 20)
      .map(({ id }) => id)
      .join(', ')
    warn(
      run,
      `${count(unknown.length, 'account')} of the results ended in an unknown state and ${unknown.length === 1 ? 'is' : 'are'} left alone: look at each on admin.atlassian.com, and restore it there by hand if this action deactivated it: ${ids}${unknown.length > 20 ? ' …' : ''}.`,
    )
  }
}
