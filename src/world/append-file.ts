import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

export type AppendFiles = typeof appendFiles

/** The system calls of a file that only grows; a test makes them fail. */
export const appendFiles = {
  /** Makes the file; fails if it exists. */
  open: (path: string): number => openSync(path, 'ax'),
  /** @returns how many of the bytes from `offset` were taken: a full disk takes fewer than all */
  write: (file: number, bytes: Uint8Array, offset: number): number => writeSync(file, bytes, offset),
  truncate: (file: number, length: number): void => ftruncateSync(file, length),
  /** Resolves when what was written is on the disk itself. */
  sync: promisify(fdatasync),
  close: (file: number): void => closeSync(file),
}
