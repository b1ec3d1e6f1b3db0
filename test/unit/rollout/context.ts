import { type Atlassian, openAtlassian } from '../../../src/atlassian/atlassian.ts'
import { createPacer } from '../../../src/atlassian/pacer.ts'
import type { Answer, ApiRequest, Transport } from '../../../src/atlassian/transport.ts'
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import type { RolloutContext } from '../../../src/rollout/context.ts'
import { createStop } from '../../../src/rollout/stop.ts'
import type { Clock } from '../../../src/world/clock.ts'
import { memoryJournal, PLAIN } from '../ledger/builders.ts'
import { account, plan as planOf } from '../plan/builders.ts'

/** What Atlassian answers to the n-th request, from 1. */
export type Answers = (request: ApiRequest, call: number) => Answer | Promise<Answer>

export const NO_CONNECTION: Answer = { kind: 'unsent', error: 'connect ECONNREFUSED' }
export const LOST: Answer = { kind: 'lost', error: 'socket hang up' }
export const DONE: Answer = answer(204)

export function answer(status: number, body: object | string = ''): Answer {
  return { kind: 'answer', status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** A profile with this status. */
export function profile(status: string): Answer {
  return answer(200, { account: { account_type: 'atlassian', account_status: status } })
}

/** The door to Atlassian over a transport of a test, with what went out. */
export function openDoor(clock: Clock, answers: Answers): { atlassian: Atlassian; sent: readonly ApiRequest[] } {
  const sent: ApiRequest[] = []
  const transport: Transport = {
    send: async (request) => answers(request, sent.push(request)),
    close: async () => undefined,
  }
  const pace = { clock, random: () => 0.5, concurrency: 8, requestsPerSecond: Number.POSITIVE_INFINITY }
  return {
    atlassian: openAtlassian(transport, createPacer({ ...pace, onPause: () => undefined }), clock, () => 0.5),
    sent,
  }
}

/** What a rollout works with, of one account `id-1` unless the plan has others, its journal in memory. */
export function openRollout(
  clock: Clock,
  answers: Answers,
  { plan = planOf([account()]), ledger = openLedger(memoryJournal(), PLAIN) }: { plan?: Plan; ledger?: Ledger } = {},
): { context: RolloutContext; ledger: Ledger; sent: readonly ApiRequest[] } {
  ledger.adopt(plan)
  const { atlassian, sent } = openDoor(clock, answers)
  const stop = createStop(clock, () => undefined)
  const context = {
    atlassian,
    directory: null,
    plan,
    ledger,
    clock,
    stop,
    addresses: new Map<string, string>(),
    message: '',
    concurrency: 8,
  }
  return { context, ledger, sent }
}

/** Requests in short: `POST id-1`, `GET id-1`. */
export function shortly(sent: readonly ApiRequest[]): readonly string[] {
  return sent.map(({ method, path }) => `${method} ${path.split('/')[2] ?? ''}`)
}
