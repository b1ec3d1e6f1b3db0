import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StandIn } from './server.ts'

/** A second address of a stand-in, at which new connections can be kept from being made; those that are there go on. */
export interface Door extends Disposable {
  readonly url: string
  /** From now on a connection is being made for as long as the door is shut, and up to some seconds more. */
  shut(): Promise<void>
  open(): void
}

/** The system lets in a few more than it was told. */
const MOST_WAITING = 16
/** A connection to this machine takes far less. Milliseconds. */
const KEPT_OUT = 100

export async function openDoor(standIn: StandIn): Promise<Door> {
  const child = fork(join(import.meta.dirname, 'door-child.ts'))
  const { promise: port, resolve } = Promise.withResolvers<number>()
  child.on('message', (message: unknown, handle: unknown) => {
    if (message === 'socket') {
      if (handle !== undefined) standIn.welcome(handle as Socket)
    } else resolve((message as { port: number }).port)
  })
  const at = await port
  let crowd: Socket[] = []
  const open = (): void => {
    for (const socket of crowd) socket.destroy()
    crowd = []
    child.kill('SIGCONT')
  }
  return {
    url: `http://127.0.0.1:${at}`,
    shut: async () => {
      child.kill('SIGSTOP')
      // Those whom the system lets in unasked must be ours.
      while (crowd.length < MOST_WAITING) {
        const socket = connect(at, '127.0.0.1')
        socket.on('error', () => undefined)
        crowd.push(socket)
        const isIn = await Promise.race([
          new Promise((done) => socket.once('connect', () => done(true))),
          sleep(KEPT_OUT),
        ])
        if (isIn !== true) return
      }
      throw new Error('The system lets in everybody.')
    },
    open,
    [Symbol.dispose]: () => {
      open()
      child.disconnect()
    },
  }
}
