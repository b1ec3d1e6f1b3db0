import { logText } from '../text/escape.ts'
import { visibleLine } from '../text/visible.ts'

/** Takes secrets, and in masked privacy addresses, out of a text. */
export type Clean = (text: string) => string

let guarded = 0
let releases: readonly (() => void)[] = []

/**
 * Runs work of a library that prints on its own, with data in it: the artifact client writes names of files and
 * answers of servers raw to stdout and stderr, where the runner reads commands. While it runs, only a command at the
 * very start of what is written at once stays one, and that text the toolkit has escaped; all other lines are made
 * harmless, and all are cleaned.
 */
export async function withGuardedOutput<T>(clean: Clean, work: () => Promise<T>): Promise<T> {
  if (guarded++ === 0) releases = [guard(process.stdout, clean), guard(process.stderr, clean)]
  try {
    return await work()
  } finally {
    if (--guarded === 0) for (const release of releases) release()
  }
}

/** @returns takes the guard off again. */
function guard(stream: NodeJS.WriteStream, clean: Clean): () => void {
  const { write } = stream
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return Reflect.apply(write, stream, [harmless(text, clean), ...rest])
  }) as typeof stream.write
  return () => {
    stream.write = write
  }
}

/** The text as the runner may read it. A command is one line: its data has no line break left. */
export function harmless(text: string, clean: Clean): string {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/)
  return lines.map((line, index) => (index === 0 ? firstLine(line, clean) : logText(clean(line)))).join('\n')
}

function firstLine(line: string, clean: Clean): string {
  // What is to be masked must stay as it is: it is part of a signature.
  if (line.startsWith('::add-mask::')) return line
  const cleaned = clean(line)
  const isCommand = /^::(debug|notice|warning|error|group|endgroup)\b/.test(cleaned)
  return isCommand ? visibleLine(cleaned).replaceAll('##[', '## [') : logText(cleaned)
}
