import { type AppendFiles, appendFiles } from '../world/append-file.ts'
import type { JournalEvent, RunEvent } from './events.ts'

/** The append-only record of a run on disk, kept so that a killed run can still be told. */
export interface Journal {
  /** Writes the first line, which names the run; what was appended before comes after it. */
  begin(event: Extract<RunEvent, { event: 'run' }>): void
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
  const unwritten: string[] = []
  /** Bytes of whole lines; what stands behind them was torn by a full disk. */
  let length = 0
  let torn = false
  let broken = false
  let closed = false
  let running: Promise<boolean> | null = null
  let waiting: Promise<boolean> | null = null

  const fail = (error: unknown): void => {
    if (broken) return
    broken = true
    onBroken(error)
  }
  const cutTorn = (): void => {
    if (torn) files.truncate(file, length)
    torn = false
  }
  /** @throws where there is no room; nothing of the line is left in the file then, if that can be helped */
  const writeWhole = (line: string): void => {
    const bytes = Buffer.from(line)
    cutTorn()
    try {
      for (let written = 0; written < bytes.length; ) {
        const more = files.write(file, bytes, written)
        if (more <= 0) throw new Error('no room is left on the disk')
        written += more
        torn = written < bytes.length
      }
    } catch (error) {
      attempt(cutTorn)
      throw error
    }
    length += bytes.length
  }
  const write = (event: JournalEvent): void => {
    const line = `${JSON.stringify(event)}\n`
    if (broken) {
      unwritten.push(line)
      return
    }
    try {
      writeWhole(line)
    } catch (error) {
      unwritten.push(line)
      fail(error)
    }
  }
  const start = (): Promise<boolean> => {
    running = files
      .sync(file)
      .then(() => !broken)
      .catch((error: unknown) => {
        fail(error)
        return false
      })
      .finally(() => {
        running = null
      })
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
        for (let line = unwritten[0]; line !== undefined; line = unwritten[0]) {
          writeWhole(line)
          unwritten.shift()
        }
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
