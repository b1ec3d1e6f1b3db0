import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

/** The system calls of a file that only grows; a test makes them fail. */
export interface AppendFiles {
  /** Makes the file; fails if it exists. */
  open(path: string): number
  /** @returns how many of the bytes from `offset` were taken: a full disk takes fewer than all */
  write(file: number, bytes: Uint8Array, offset: number): number
  truncate(file: number, length: number): void
  /** Resolves when what was written is on the disk itself. */
  sync(file: number): Promise<void>
  close(file: number): void
}

export const appendFiles: AppendFiles = {
  open: (path) => openSync(path, 'ax'),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  truncate: ftruncateSync,
  sync: promisify(fdatasync),
  close: closeSync,
}
