import { type Atlassian, openAtlassian } from '../atlassian/atlassian.ts'
import { type Directory, openDirectory } from '../atlassian/directory.ts'
import { createPacer } from '../atlassian/pacer.ts'
import { connect } from '../atlassian/transport.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Notes } from '../notes.ts'
import type { Rules } from '../plan/decide.ts'
import { duration } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'

/** The way to Atlassian, opened for one run. */
export interface Live {
  readonly atlassian: Atlassian
  /** Null without an organization id. */
  readonly directory: Directory | null
}

/** Opens the way to Atlassian; nothing is sent yet. */
export async function connectAtlassian(
  { settings, world }: Job,
  rules: Rules,
  notes: Notes,
  ledger: Ledger,
): Promise<Live> {
  const { clock, env, random, log } = world
  const pacer = createPacer({
    clock,
    random,
    concurrency: settings.concurrency,
    requestsPerSecond: settings.requestsPerSecond,
    onPause: (why, from, until) => {
      ledger.note({ event: 'pause', at: timestamp(from), until: timestamp(until), why })
      log.info(`Waiting for ${duration(until - from)}, until ${timestamp(until).slice(11, 19)} UTC: ${why}.`)
    },
  })
  notes.learn({ pauses: pacer.pauses })
  const transport = await connect({
    origin: settings.atlassianApiUrl,
    key: settings.apiKey,
    env,
    scrub: log.scrub,
    connections: settings.concurrency,
    ...(world.answerTimeout === undefined ? {} : { timeout: world.answerTimeout }),
  })
  const atlassian = openAtlassian(transport, pacer, clock, random)
  const { organizationId } = settings
  const withGroups = rules.exclude.asks.has('group')
  const directory = organizationId === '' ? null : openDirectory(atlassian, organizationId, withGroups, clock.now)
  return { atlassian, directory }
}
