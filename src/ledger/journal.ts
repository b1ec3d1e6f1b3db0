import { type AppendFiles, appendFiles, writeWhole } from '../world/files.ts'
import type { EventOf, JournalEvent } from './events.ts'

/** The append-only record of a run on disk, kept so that a killed run can still be told. */
export type Journal = ReturnType<typeof openJournal>

/** Opens a new journal; fails if the file exists. A line is whole or not there: a torn one is kept for `retry`. */
export function openJournal(path: string, files: AppendFiles = appendFiles) {
  const file = files.open(path)
  /** Lines that wait for the first one, or that there was no room for so far. */
  const unwritten: string[] = []
  /** Bytes of whole lines; what stands behind them was torn by a full disk. */
  let length = 0
  let [begun, closed] = [false, false]
  const broken = new AbortController()
  const isBroken = (): boolean => broken.signal.aborted
  let running: Promise<boolean> | null = null
  let waiting: Promise<boolean> | null = null

  /** Cuts off what was torn. @returns whether that went well; if not, it is cut off before anything else is written */
  const cut = (): boolean => {
    try {
      files.truncate(file, length)
      return true
    } catch {
      return false
    }
  }
  const flush = (): void => {
    try {
      for (let line = unwritten[0]; line !== undefined; line = unwritten[0]) {
        length += writeWhole(file, line, files.write).length
        unwritten.shift()
      }
    } catch (error) {
      cut()
      broken.abort(error)
    }
  }
  const sync = async (): Promise<boolean> => {
    await files.sync(file).catch((error: unknown) => broken.abort(error))
    running = null
    return !isBroken()
  }
  const toDisk = async (): Promise<boolean> => {
    if (isBroken()) return false
    if (running === null) {
      running = sync()
      return running
    }
    // What was appended while a write runs is only covered by the next one.
    waiting ??= running.then(() => {
      waiting = null
      return toDisk()
    })
    return waiting
  }
  return {
    /** Aborted, with the error, when a line cannot be written: nothing more may be sent then. */
    broken: broken.signal,
    /** Writes the first line, which names the run; what was appended before comes after it. */
    begin: (event: EventOf<'run'>): void => {
      if (begun) return
      begun = true
      unwritten.unshift(`${JSON.stringify(event)}\n`)
      if (!isBroken()) flush()
    },
    /** Hands one line to the operating system before it returns: it outlives this process. */
    append: (event: JournalEvent): void => {
      // A cancel may still come while the run publishes: its file number could be another file's by then.
      if (closed) return
      unwritten.push(`${JSON.stringify(event)}\n`)
      if (begun && !isBroken()) flush()
    },
    /** Resolves when everything appended so far is on the disk itself, or to false. Calls that meet share one write. */
    toDisk,
    /** Tries once more to write what there was no room for. @returns the lines for which there still is none */
    retry: (): readonly string[] => {
      if (unwritten.length > 0 && cut()) flush()
      return unwritten
    },
    close: (): void => {
      closed = true
      files.close(file)
    },
  }
}
