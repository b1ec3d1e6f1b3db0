import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const [LOCAL, CENTRAL, END] = [0x0403_4b50, 0x0201_4b50, 0x0605_4b50]
/** Names are UTF-8. */
const UTF8 = 0x0800
const DEFLATED = 8

/** An archive of these files. */
export function zipFiles(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path)
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const common = fields(26, [
      [2, 20],
      [2, UTF8],
      [2, DEFLATED],
      [4, 0x0021_0000],
      [4, crc32(bytes)],
      [4, packed.length],
      [4, bytes.length],
      [2, name.length],
      [2, 0],
    ])
    const local = Buffer.concat([fields(4, [[4, LOCAL]]), common, name, packed])
    const rest = fields(14, [
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    ])
    centrals.push(
      Buffer.concat([
        fields(6, [
          [4, CENTRAL],
          [2, 20],
        ]),
        common,
        rest,
        name,
      ]),
    )
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(centrals)
  const end = fields(22, [
    [4, END],
    [4, 0],
    [2, centrals.length],
    [2, centrals.length],
    [4, central.length],
    [4, offset],
    [2, 0],
  ])
  return Buffer.concat([...locals, central, end])
}

/** The files of an archive, checked against their sums. */
export function unzipFiles(archive: Uint8Array): Record<string, Buffer> {
  const bytes = Buffer.from(archive)
  const end = bytes.lastIndexOf(fields(4, [[4, END]]))
  if (end < 0) throw new Error('This is no zip archive.')
  const files: Record<string, Buffer> = {}
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('The archive has no directory where it should be.')
    const [nameLength, extra, comment] = [at + 28, at + 30, at + 32].map((place) => bytes.readUInt16LE(place))
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20))
    const content = bytes.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(packed) : Buffer.from(packed)
    if (crc32(content) !== bytes.readUInt32LE(at + 16)) throw new Error(`${name} is damaged.`)
    if (!name.endsWith('/')) files[name] = content
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return files
}

/** Little-endian numbers of two or four bytes, one after the other. */
function fields(length: number, values: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(length)
  let at = 0
  for (const [size, value] of values) {
    buffer.writeUIntLE(value, at, size)
    at += size
  }
  return buffer
}
