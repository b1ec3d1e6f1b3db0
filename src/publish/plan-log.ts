import type { ListedAccount } from '../account/listed-account.ts'
import { isSearchable } from '../atlassian/directory.ts'
import { callsOfRun } from '../atlassian/way.ts'
import type { Job } from '../job.ts'
import { activityText } from '../ledger/fold.ts'
import { entryOf, type Plan, targetsOf } from '../plan/plan.ts'
import { activitySentence } from '../report/words.ts'
import { canaryOrder } from '../rollout/canary.ts'
import { count, joinFilled, thousands } from '../text/words.ts'
import { lateActivityOf } from './report-of.ts'

/** Accounts that the log names; all stand in results.csv. */
const MOST_NAMED = 20

/** Tells the plan in the log: how many accounts for which decision and reason, and the first of those to change. */
export function tellPlan({ world: { log }, settings, privacy, startedAt }: Job, plan: Plan, isLive: boolean): void {
  const verb = plan.rules.change
  const reasons = Map.groupBy(plan.entries, ({ decision }) => {
    if (decision.kind === 'unreadable') return 'not readable'
    return decision.kind === 'skip' ? `skip: ${decision.reason}` : verb
  })
  const width = Math.max(...[...reasons.keys()].map((reason) => reason.length))
  const rows = [...reasons].map(([reason, { length }]) => `${reason.padEnd(width)}  ${thousands(length).padStart(9)}`)
  const targets = targetsOf(plan)
  log.group(`Plan: ${verb} ${thousands(targets.length)} of ${count(plan.entries.length, 'listed account')}`, rows)
  if (targets.length === 0) return
  if (isLive && verb === 'deactivate') log.info(activitySentence(lateActivityOf(plan, startedAt)))
  const line = ({ id, email }: ListedAccount): string => {
    const last = privacy === 'masked' || !isLive ? '' : activityText(entryOf(plan, id)?.lastActive)
    return joinFilled([id, email, last === '' ? '' : `last active: ${last}`], '  ')
  }
  if (settings.mode !== 'find') {
    const canaries = canaryOrder(targets).slice(0, settings.canarySize)
    log.group(`Canary: ${count(canaries.length, 'account')}, tried in this order`, canaries.map(line))
  }
  const more = `… and ${count(targets.length - MOST_NAMED, 'more account')}, all in results.csv`
  const named = targets.slice(0, MOST_NAMED).map(line)
  log.group(`To ${verb}`, targets.length > MOST_NAMED ? [...named, more] : named)
  const addresses = targets.filter(({ email }) => isSearchable(email)).length
  const calls = callsOfRun({ accounts: targets.length, addresses })
  if (settings.organizationId !== '' || calls.directory >= calls.alone) return
  log.info(
    `Without "organization-id", ${count(targets.length, 'account')} take about ${thousands(calls.alone)} calls: profile, permission, change and read-back, one by one. With it, the directory would make that about ${thousands(calls.directory)}.`,
  )
}
