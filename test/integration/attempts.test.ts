import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Attempt, applyAndRestore, attempt, type Undone } from '../simulation/attempts.ts'
import { audit, brokenPromises } from '../simulation/audit.ts'
import { type Campaign, type CampaignOrder, openCampaign } from '../simulation/campaign.ts'
import type { Row } from './run-main.ts'

const MINUTE = 60_000
const QUOTA = { calls: 30, window: MINUTE, headers: 'minute' } as const

function statesOf({ step }: Attempt): Map<string, string> {
  const text = readFileSync(join(step.folder, 'results.csv'), 'utf8')
  const rows = parse(text, { bom: true, columns: true }) as Row[]
  return new Map(rows.map((row) => [row.account_id ?? '', row.state ?? '']))
}

const idsOf = (states: ReadonlyMap<string, string>, wanted: string): string[] =>
  [...states].filter(([, state]) => state === wanted).map(([id]) => id)

const changedBy = ({ standIn }: Campaign, { firstCall, endCall }: Attempt): string[] =>
  standIn.organization.calls
    .slice(firstCall, endCall)
    .filter(({ route }) => route === 'disable' || route === 'enable')
    .map(({ accountId }) => accountId)

describe('a list that outlives its deadline', () => {
  const order: CampaignOrder = { people: 2000, listed: 400, quota: QUOTA, inputs: { 'deadline-minutes': '6' } }
  let campaign: Campaign
  let undone: Undone
  let listed: Set<string>

  beforeAll(async () => {
    campaign = await openCampaign(order)
    listed = new Set(campaign.list.map(({ id }) => id))
    undone = await applyAndRestore(campaign)
    return () => campaign[Symbol.asyncDispose]()
  })

  test('ends partial, with results, and is done by the third attempt', () => {
    const ends = undone.applied.map(({ step }) => [step.outputs.outcome, step.outputs.reason, step.exitCode])
    expect(ends).toEqual([
      ['partial', 'deadline', 1],
      ['partial', 'deadline', 1],
      ['completed', '', 0],
    ])
    const names = undone.applied.map(({ step }) => step.outputs['artifact-name'])
    expect(names).toEqual(['atlassian-users-apply-1', 'atlassian-users-apply-1-2', 'atlassian-users-apply-1-3'])
    expect(names.map((name) => campaign.standIn.artifacts.named(name ?? '', '1000') !== undefined)).not.toContain(false)
  })

  test('is held to the digest of the one plan in every attempt', () => {
    const digest = undone.plan.step.outputs['plan-digest']
    expect(digest).toMatch(/^sha256:/)
    expect(undone.applied.map(({ step }) => step.outputs['plan-digest'])).toEqual([digest, digest, digest])
    expect(undone.applied.map(({ step }) => step.env['INPUT_APPROVED-PLAN'])).toEqual([digest, digest, digest])
  })

  test('is deactivated exactly once, each attempt after a canary of its own, and nobody else is', () => {
    const found = audit(campaign.standIn.organization, undone.applied, 'disable', listed)
    expect(brokenPromises(found, undone.applied)).toEqual([])
    expect(found).toMatchObject({ accounts: 400, canaryFirst: [true, true, true] })
    // Where in the minute a window ends is found out anew by each attempt.
    expect(found.refused).toBeLessThanOrEqual(10)
    expect(found.perAttempt).toEqual(undone.applied.map(({ step }) => Number(step.outputs.deactivated)))
    expect(undone.applied.map(({ step }) => step.outputs.verified)).toEqual(found.perAttempt.map(String))
  })

  test('finds what the attempts before have done inactive, and sends nothing for it again', () => {
    const before = new Set<string>()
    for (const latest of undone.applied) {
      const states = statesOf(latest)
      expect([...states.keys()]).toEqual(campaign.list.map(({ id }) => id))
      expect(new Set(idsOf(states, 'already-inactive'))).toEqual(before)
      expect(changedBy(campaign, latest).filter((id) => before.has(id))).toEqual([])
      for (const id of idsOf(states, 'deactivated')) before.add(id)
    }
    expect(before).toEqual(listed)
  })

  test('ends each attempt in time for the job to publish', () => {
    for (const { from, until } of [...undone.applied, ...undone.restored])
      expect(until - from).toBeLessThanOrEqual(8 * MINUTE)
  })

  test('is undone by one restore of all results, in attempts of its own', () => {
    const found = audit(campaign.standIn.organization, undone.restored, 'enable', listed)
    expect(brokenPromises(found, undone.restored)).toEqual([])
    expect(found).toMatchObject({ accounts: 400, canaryFirst: [true, true, true] })
    expect(undone.restored.map(({ step }) => step.outputs.listed)).toEqual(['400', '400', '400'])
    const { people } = campaign.standIn.organization
    expect([...people.values()].filter(({ accountStatus }) => accountStatus !== 'active')).toEqual([])
  })
})

describe('the read-back of a long rollout', () => {
  const order: CampaignOrder = { people: 4000, listed: 800, quota: QUOTA, inputs: { 'deadline-minutes': '20' } }

  test('goes along with the changes, so that little is left for after the deadline', async () => {
    await using campaign = await openCampaign(order)
    const { step, from, until } = await attempt(campaign, { mode: 'apply' })
    expect(step.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline' })
    expect(step.outputs.verified).toBe(step.outputs.deactivated)
    expect(until - from).toBeLessThan(22 * MINUTE)
    const { organization } = campaign.standIn
    expect(organization.callsTo('profile')).toHaveLength(1)
  })

  test('is given up some minutes after the deadline where the search never shows a change', async () => {
    await using campaign = await openCampaign(order)
    campaign.standIn.organization.searchLag = 24 * 60 * MINUTE
    const { step, from, until } = await attempt(campaign, { mode: 'apply' })
    expect(step.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline' })
    expect(until - from).toBeLessThan(27 * MINUTE)
    expect(Number(step.outputs.verified)).toBeLessThan(Number(step.outputs.deactivated))
    const unread = Number(step.outputs.deactivated) - Number(step.outputs.verified)
    expect(readFileSync(join(step.folder, 'results.csv'), 'utf8').match(/,deactivated,unread,/g)).toHaveLength(unread)
  })

  test('is left for the end where the search is out of order, and holds up no change', async () => {
    await using campaign = await openCampaign({ ...order, listed: 200 })
    const { standIn } = campaign
    const when = (): boolean => standIn.organization.changes.length > 0
    standIn.faults.order({ route: 'search', when, fault: { kind: 'answer', status: 500 } })
    const { step } = await attempt(campaign, { mode: 'apply' })
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '200', verified: '200' })
    const { calls } = standIn.organization
    const before = calls.slice(
      0,
      calls.findLastIndex(({ route }) => route === 'disable'),
    )
    const failed = before.filter(({ route, status }) => route === 'search' && status === 500).length
    expect(failed).toBeGreaterThan(0)
    expect(failed).toBeLessThanOrEqual(8)
  })
})
