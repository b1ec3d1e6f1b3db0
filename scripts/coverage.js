// Prints what the tests cover of src, room by room, as a Markdown table: for the log and the job's summary.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const KINDS = ['lines', 'branches', 'functions']

const { total, ...files } = JSON.parse(readFileSync(join(ROOT, '.build/coverage/coverage-summary.json'), 'utf8'))
const rooms = new Map()
for (const [path, figures] of Object.entries(files)) {
  const [room] = relative(join(ROOT, 'src'), dirname(path)).split(/[\\/]/)
  const sums = rooms.get(room) ?? KINDS.map(() => ({ covered: 0, total: 0 }))
  for (const [index, kind] of KINDS.entries()) {
    sums[index].covered += figures[kind].covered
    sums[index].total += figures[kind].total
  }
  rooms.set(room, sums)
}

const percent = ({ covered, total }) => (total === 0 ? '–' : `${((100 * covered) / total).toFixed(1)} %`)
const row = (cells) => `| ${cells.join(' | ')} |`
const lines = [...rooms]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([room, sums]) => row([`\`${room === '' ? 'src/*.ts' : `src/${room}`}\``, ...sums.map(percent)]))
console.log(
  [
    row(['Covered by tests', ...KINDS]),
    row(['---', ...KINDS.map(() => '--:')]),
    ...lines,
    row(['**src**', ...KINDS.map((kind) => `**${percent(total[kind])}**`)]),
  ].join('\n'),
)
