import type { AppendFiles } from '../../../src/world/files.ts'

/** A disk with as much room as a test gives it. */
export interface Disk extends AppendFiles {
  /** Bytes that still fit. */
  room: number
  /** Most bytes that one write takes. */
  most: number
  /** System calls that fail. */
  readonly failing: Set<'truncate' | 'sync'>
  /** Whether a sync waits until it is let through. */
  holdSyncs: boolean
  letThrough(): void
  readonly syncs: number
  text(): string
}

/** An empty disk, with room for everything. */
export function createDisk(): Disk {
  let bytes = Buffer.alloc(0)
  let syncs = 0
  const held: (() => void)[] = []
  const disk: Disk = {
    room: Number.POSITIVE_INFINITY,
    most: Number.POSITIVE_INFINITY,
    failing: new Set(),
    holdSyncs: false,
    open: () => 7,
    write: (_, given, offset) => {
      const taken = Math.min(disk.room, disk.most, given.length - offset)
      if (taken === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      bytes = Buffer.concat([bytes, given.subarray(offset, offset + taken)])
      disk.room -= taken
      return taken
    },
    truncate: (_, length) => {
      if (disk.failing.has('truncate')) throw new Error('EIO: i/o error, ftruncate')
      disk.room += bytes.length - length
      bytes = bytes.subarray(0, length)
    },
    sync: async () => {
      syncs++
      if (disk.holdSyncs) await new Promise<void>((resolve) => held.push(resolve))
      if (disk.failing.has('sync')) throw new Error('EIO: i/o error, fdatasync')
    },
    close: () => undefined,
    letThrough: () => {
      for (const resolve of held.splice(0)) resolve()
    },
    get syncs() {
      return syncs
    },
    text: () => bytes.toString('utf8'),
  }
  return disk
}
