import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERY_FACT, FACT_KINDS, toldSet } from '../../../src/account/facts.ts'
import { decide } from '../../../src/plan/decide.ts'
import { runs } from '../../runs.ts'
import { account, excluding, facts, NOTHING, rules } from './builders.ts'
import { anyFacts, anyListed, anyRules, anyTold, SELECTORS } from './generated.ts'

describe('live facts only shrink', () => {
  test('whom list and rules leave alone, no live fact can have changed', () => {
    fc.assert(
      fc.property(anyListed, anyFacts, anyRules, anyTold, (who, seen, rule, later) => {
        const offline = decide(account(who), rules(rule), null, EVERY_FACT)
        const online = decide(account(who), rules(rule), facts(seen), later)
        if (offline.kind === 'skip') expect(online.kind).not.toBe(rule.change)
      }),
      runs(2000),
    )
  })

  test('nobody who is excluded, protected, not found, no person, unmanaged, blocked or not told is changed', () => {
    fc.assert(
      fc.property(anyListed, anyFacts, fc.subarray(SELECTORS), fc.boolean(), (who, seen, out, byEmail) => {
        const listed = account(who)
        const ownerEmail = byEmail ? 'owner@example.com' : ''
        const rule = rules({ ownerEmail, exclude: excluding(out.join('\n')) })
        const asks = (text: string): boolean => out.some((line) => line.includes(text))
        const protectedOne =
          out.includes('id-1') ||
          (out.includes('*@example.com') && [who.email, ...seen.emails].some((email) => email !== '')) ||
          seen.blockedBy !== '' ||
          seen.synced ||
          seen.orgAdmin ||
          seen.person === false ||
          seen.active === false ||
          !['found', 'unreadable'].includes(seen.presence) ||
          (byEmail && [who.email, ...seen.emails].includes('owner@example.com')) ||
          ((asks('@') || byEmail) && who.email === '' && !seen.told.has('email')) ||
          (asks('group:') && who.groupCells.length === 0 && !seen.told.has('group')) ||
          (asks('role:') && who.roles.length === 0 && !seen.told.has('role'))
        const decision = decide(listed, rule, facts(seen), NOTHING)
        if (protectedOne) expect(decision.kind).not.toBe('deactivate')
        // What nobody could read is left alone too, as a failure.
        if (decision.kind === 'unreadable') expect(seen.presence).toBe('unreadable')
      }),
      runs(2000),
    )
  })

  test('the less is told, the fewer are changed', () => {
    fc.assert(
      fc.property(anyListed, anyFacts, anyRules, anyTold, (who, seen, rule, kept) => {
        const less = { ...seen, told: toldSet(FACT_KINDS.filter((kind) => seen.told.has(kind) && kept.has(kind))) }
        const decision = decide(account(who), rules(rule), facts(less), NOTHING)
        const fuller = decide(account(who), rules(rule), facts(seen), NOTHING)
        if (fuller.kind !== (rule.change ?? 'deactivate')) expect(decision.kind).not.toBe(rule.change ?? 'deactivate')
      }),
      runs(2000),
    )
  })
})
