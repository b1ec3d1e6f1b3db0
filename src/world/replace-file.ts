import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { isBelow, writeChunks } from './files.ts'

/**
 * Why a file below a folder must not be written, to go on after "but"; null where it may, also where there is none yet. No
 * link may be on the way: it could lead anywhere, and what is judged by its path would be another file.
 * @param others files below the folder that it must not be, by whatever name
 */
export function whyNotWritten(folder: string, path: string, others: readonly string[]): string | null {
  const wanted = resolve(folder, path)
  const root = [resolve(folder), realpathSync(folder)].find((start) => isBelow(start, wanted))
  if (root === undefined) return 'that is outside of the workspace. Give a path inside it.'
  let at = root
  const parts = relative(root, wanted).split(sep)
  for (const [index, part] of parts.entries()) {
    at = join(at, part)
    const found = lstatSync(at, { throwIfNoEntry: false })
    if (found === undefined) return null
    if (found.isSymbolicLink()) return 'a symbolic link is on the way there. Give the path of the file itself.'
    const isLast = index === parts.length - 1
    if (isLast ? !found.isFile() : !found.isDirectory()) return 'that is not a file. Give the path of a CSV file.'
  }
  const { dev, ino } = statSync(wanted)
  const isOther = others.some((other) => {
    const found = statSync(resolve(folder, other), { throwIfNoEntry: false })
    return found?.dev === dev && found.ino === ino
  })
  return isOther ? 'that is the file of another input. Give a path of its own.' : null
}

/** Replaces a file below a folder, whole or not at all, and makes the folders on the way. @throws where that cannot be */
export function replaceFile(folder: string, path: string, chunks: Iterable<string>): void {
  const wanted = resolve(folder, path)
  mkdirSync(dirname(wanted), { recursive: true })
  const draft = join(dirname(wanted), `.${randomUUID()}.tmp`)
  try {
    writeChunks(draft, chunks, 'wx')
    renameSync(draft, wanted)
  } finally {
    rmSync(draft, { force: true })
  }
}
