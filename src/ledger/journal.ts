import { type AppendFiles, appendFiles, writeWhole } from '../world/files.ts'
import type { EventOf, JournalEvent } from './events.ts'

/** The append-only record of a run on disk, kept so that a killed run can still be told. */
export interface Journal {
  /** Writes the first line, which names the run; what was appended before comes after it. */
  begin(event: EventOf<'run'>): void
  /** Hands one line to the operating system before it returns: it outlives this process. */
  append(event: JournalEvent): void
  /**
   * Resolves when everything appended so far is on the disk itself; calls that meet share one write.
   *
   * @returns false where some of it could not be written
   */
  toDisk(): Promise<boolean>
  /** Tries once more to write what there was no room for. @returns the lines for which there still is none */
  retry(): readonly string[]
  close(): void
}

/**
 * Opens a new journal; fails if the file exists. A line is written whole or not at all: what a full disk tore is cut off
 * again, and kept in memory for `retry`.
 *
 * @param onBroken is told once, when a line cannot be written: nothing more may be sent then
 */
export function openJournal(
  path: string,
  onBroken: (error: unknown) => void = () => undefined,
  files: AppendFiles = appendFiles,
): Journal {
  const file = files.open(path)
  let early: JournalEvent[] | null = []
  /** Lines that there was no room for so far. */
  const unwritten: string[] = []
  /** Bytes of whole lines; what stands behind them was torn by a full disk. */
  let length = 0
  let broken = false
  let closed = false
  let running: Promise<boolean> | null = null
  let waiting: Promise<boolean> | null = null

  const fail = (error: unknown): void => {
    if (broken) return
    broken = true
    onBroken(error)
  }
  /** @throws where there is no room; nothing of a torn line is left in the file then, if that can be helped */
  const flush = (): void => {
    try {
      for (let line = unwritten[0]; line !== undefined; line = unwritten[0]) {
        length += writeWhole(file, line, files.write).length
        unwritten.shift()
      }
    } catch (error) {
      attempt(() => files.truncate(file, length))
      throw error
    }
  }
  const write = (event: JournalEvent): void => {
    unwritten.push(`${JSON.stringify(event)}\n`)
    if (broken) return
    try {
      flush()
    } catch (error) {
      fail(error)
    }
  }
  const sync = async (): Promise<boolean> => {
    try {
      await files.sync(file)
    } catch (error) {
      fail(error)
    } finally {
      running = null
    }
    return !broken
  }
  const start = (): Promise<boolean> => {
    running = sync()
    return running
  }
  return {
    begin: (event) => {
      if (early === null) return
      const events = [event, ...early]
      early = null
      for (const next of events) write(next)
    },
    append: (event) => {
      // A cancel may still come while the run publishes: its file number could be another file's by then.
      if (closed) return
      if (early === null) write(event)
      else early.push(event)
    },
    toDisk: () => {
      if (broken) return Promise.resolve(false)
      if (running === null) return start()
      // What was appended while a write runs is only covered by the next one.
      waiting ??= running.then(() => {
        waiting = null
        return broken ? false : start()
      })
      return waiting
    },
    retry: () => {
      attempt(() => {
        if (unwritten.length === 0) return
        files.truncate(file, length)
        flush()
      })
      return unwritten
    },
    close: () => {
      closed = true
      files.close(file)
    },
  }
}

/** Does what may fail once more without harm. */
function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // The first failure was told.
  }
}
