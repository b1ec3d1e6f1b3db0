import { addressesIn } from './mask.ts'

/** Longest piece of outside text that a message quotes, in characters. */
const QUOTED_LENGTH = 80

/** At most so many characters, then `…`. Addresses are left out whole: half of one is a name that nothing masks. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = [...text.slice(0, 2 * most)]
  if (characters.length <= most && text.length <= 2 * most) return text
  const end = characters.slice(0, most - 1).join('').length
  for (const address of addressesIn(text)) {
    if (address.end > end) return `${text.slice(0, Math.min(end, address.start))}…`
  }
  return `${text.slice(0, end)}…`
}

/** Puts outside text into a message: in quotes, on one line, clipped, so that its ends can be seen. */
export function quote(text: string): string {
  return `${clip(`"${text}`, QUOTED_LENGTH + 1)}"`.replaceAll(/[\r\n\t\u0085\u2028\u2029]+/g, ' ')
}

/** A whole number with commas: `12,000`. Written here because the language's own formatter takes long to load. */
export function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 account`, `2 accounts`, `12,000 accounts`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(number)} ${number === 1 ? noun : plural}`
}

/** `1 person`, `12 people`. */
export function people(number: number): string {
  return count(number, 'person', 'people')
}

/** `a`, `a and b`, `a, b and c`. */
export function sentenceList(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1) ?? ''}`
}

/** The parts that are not empty, with a text between them. */
export function joinFilled(parts: readonly string[], between: string): string {
  return parts.filter((part) => part !== '').join(between)
}

/** A time in words that suit its size: `40 s`, `12 min`, `3 h 05 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** `results-path` as `resultsPath`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** What an error says. Outside text: it may quote an answer. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
