import { crc32, deflateRawSync } from 'node:zlib'

export interface Packed {
  readonly name: string | Buffer
  readonly text?: string | Buffer
  /** Unix file mode; a plain file where it is left out. */
  readonly mode?: number
  readonly flags?: number
  readonly crc?: number
  /** Said to be so large, unpacked. */
  readonly size?: number
  /** Said to be so large, packed. */
  readonly packed?: number
  /** 0: stored; 8: deflated, where it is left out. Any other is deflated all the same. */
  readonly method?: number
  /** Said to begin there. */
  readonly offset?: number
  /** Sizes of 64 bits in the directory, in the field that ZIP64 has for them. */
  readonly wide?: { readonly size: bigint; readonly packed: bigint; readonly offset: bigint }
}

export interface Ending {
  /** Figures of 64 bits for the whole directory, as ZIP64 writes them. */
  readonly wide?: { readonly entries: bigint; readonly start: bigint; readonly at?: bigint }
  readonly entries?: number
}

const WIDE = 0xffff_ffff

/** Writes a ZIP archive, also one that no tool would write. */
export function zip(files: readonly Packed[], ending: Ending = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text = '', mode = 0o100644, flags = 0x0800, crc, size, method = 8, wide, ...said } of files) {
    const [path, raw] = [Buffer.from(name), Buffer.from(text)]
    const packed = method === 0 ? raw : deflateRawSync(raw)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc ?? crc32(raw), 10)
    common.writeUInt32LE(wide === undefined ? (said.packed ?? packed.length) : WIDE, 14)
    common.writeUInt32LE(wide === undefined ? (size ?? raw.length) : WIDE, 18)
    common.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, path, packed])
    const extra = wide === undefined ? Buffer.alloc(0) : Buffer.alloc(28)
    if (wide !== undefined) {
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(24, 2)
      extra.writeBigUInt64LE(wide.size, 4)
      extra.writeBigUInt64LE(wide.packed, 12)
      extra.writeBigUInt64LE(wide.offset, 20)
    }
    const head = Buffer.from(common)
    head.writeUInt16LE(extra.length, 24)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(wide === undefined ? (said.offset ?? offset) : WIDE, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u001e\u0003', 'latin1'), head, tail, path, extra]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE((ending.entries ?? files.length) & 0xffff, 8)
  end.writeUInt16LE((ending.entries ?? files.length) & 0xffff, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, ...wideEnd(ending, offset + central.length), end])
}

function wideEnd({ wide }: Ending, position: number): Buffer[] {
  if (wide === undefined) return []
  const record = Buffer.alloc(56)
  record.write('PK\u0006\u0006', 'latin1')
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(wide.entries, 24)
  record.writeBigUInt64LE(wide.entries, 32)
  record.writeBigUInt64LE(wide.start, 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\u0006\u0007', 'latin1')
  locator.writeBigUInt64LE(wide.at ?? BigInt(position), 8)
  locator.writeUInt32LE(1, 16)
  return [record, locator]
}
