import * as core from '@actions/core'
import { createLog } from './log.ts'
import { main } from './main.ts'
import { post } from './post.ts'
import { UNFINISHED } from './report/ending.ts'
import { errorText } from './text/words.ts'
import { systemClock } from './world/clock.ts'
import type { World } from './world/world.ts'

/** A cancel that comes before anybody listens is kept. */
const cancel = new AbortController()
// The runner sends Ctrl+C and Ctrl+Break on Windows; unheard, the second one would end the process at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, () => cancel.abort())

const world: World = {
  env: process.env,
  clock: systemClock,
  random: Math.random,
  log: createLog(),
  onCancel: (handler) => {
    if (cancel.signal.aborted) handler()
    cancel.signal.addEventListener('abort', handler)
  },
}

const tellFailure = (error: unknown): void =>
  world.log.error(`The action failed unexpectedly: ${errorText(error)}. ${UNFINISHED.changed} ${UNFINISHED.next}`)

// Node would print such an error as it is: what a server said in it could be a command to the runner, or a secret.
process.on('uncaughtException', (error) => {
  tellFailure(error)
  process.exit(1)
})

try {
  // The post step's entry sets this state, as main does: the runner hands it on.
  if (core.getState('main-began') === '') {
    core.saveState('main-began', 'true')
    process.exitCode = await main(world)
  } else {
    await post(world)
  }
} catch (error) {
  tellFailure(error)
  process.exitCode = 1
}
// A library's forgotten timer must not keep a finished step alive for longer. Milliseconds.
setTimeout(() => process.exit(), 500).unref()
