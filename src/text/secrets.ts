/** What stands where a secret stood. */
const GONE = '***'
/** So many letters in a row of a secret, its base64 or hex go: an echo may be cut, and plain text never has as many. */
const LEAST = 12
/** Every run of `LEAST` characters holds one of `GRAM` that begins at a multiple of `STRIDE`: most texts hold none. */
const GRAM = 6
const STRIDE = LEAST - GRAM + 1
/** Escapes within escapes that are seen through: `%25253D`, `&amp;amp;#61;`. */
const MOST_LAYERS = 4
/** Characters as URLs, JSON and scripts, HTML, and mail write them. */
const ESCAPE =
  /%(?:u[0-9a-f]{4}|[0-9a-f]{2})|\\{1,8}(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2}|[nrtbfv])|&(?:#x[0-9a-f]+|#[0-9]+|[a-z]{2,12}(?=;));?|=(?:[0-9a-f]{2}|\r?\n)/gi
const CODE = /^&#(?<decimal>\d+)|^(?:%u|\\+[ux]|&#x|[%=])\{?(?<hex>[0-9a-f]+)/i
/** All but letters and digits. */
const SIGNS = /[^0-9a-z]+/gi
/** Signs of a word: the whole word goes with a piece in it, be it encoded with it, or too short to be told. */
const WORD = /[0-9a-z+/_=-]/i

/** A text with some layers of escapes undone, and where its characters stood before. */
interface Layer {
  readonly text: string
  readonly origin: (index: number) => number
}

/** A part of a text. */
type Range = readonly [from: number, until: number]

/**
 * Makes a function that takes these secrets, and pieces of them, out of a text, however an echo may have written them:
 * escaped whole or in parts, for a URL, JSON, HTML or mail, also twice; in base64 or hex, with whatever stands before it;
 * in another case; with blanks, line breaks or any other signs in between. Secrets of few letters and digits are only
 * taken out as they stand.
 */
export function scrubberOf(secrets: readonly string[]): (text: string) => string {
  const short = secrets.filter((secret) => secret !== '' && !isLong(secret))
  const [grams, pieces] = [new Set<string>(), new Set<string>()]
  for (const letters of secrets.filter(isLong).flatMap(formsOf)) {
    for (let at = 0; at + GRAM <= letters.length; at++) grams.add(letters.slice(at, at + GRAM))
    for (let at = 0; at + LEAST <= letters.length; at++) pieces.add(letters.slice(at, at + LEAST))
  }

  const rangesIn = ({ text, origin }: Layer): Range[] => {
    const letters = lettersOf(text)
    /** Pieces among the letters; those that overlap are one. */
    const runs: [from: number, until: number][] = []
    for (let gram = 0; gram + GRAM <= letters.length; gram += STRIDE) {
      if (!grams.has(letters.slice(gram, gram + GRAM))) continue
      for (let at = Math.max(0, gram - STRIDE + 1); at <= gram; at++) {
        if (!pieces.has(letters.slice(at, at + LEAST))) continue
        const last = runs.at(-1)
        if (last !== undefined && at < last[1]) last[1] = at + LEAST
        else runs.push([at, at + LEAST])
      }
    }
    const placeOf = placesBefore(text, SIGNS, 0)
    return runs.map(([first, end]) => {
      let [from, until] = [placeOf(first), placeOf(end - 1) + 1]
      while (WORD.test(text.charAt(from - 1))) from--
      while (WORD.test(text.charAt(until))) until++
      return [origin(from), origin(until)]
    })
  }

  return (text) => {
    const rest = short.reduce((left, secret) => left.replaceAll(secret, GONE), text)
    return pieces.size === 0 || rest.length < LEAST ? rest : without(rest, layersOf(rest).flatMap(rangesIn))
  }
}

/** The secret as it stands, and as tools write it: what the runner can be told to mask. Never a short or common word. */
export function spellingsOf(secret: string): readonly string[] {
  if (!isLong(secret)) return []
  const bytes = Buffer.from(secret)
  const [base64, hex] = [bytes.toString('base64'), bytes.toString('hex')]
  const inHeader = Buffer.from(`Bearer ${secret}`).toString('base64')
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  const encoded = [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), hex, hex.toUpperCase(), inHeader]
  return [...new Set([...plain, ...encoded])]
}

function isLong(secret: string): boolean {
  return lettersOf(secret).length >= LEAST
}

/** Only the letters and digits of a text, in lower case. */
function lettersOf(text: string): string {
  return text.replaceAll(SIGNS, '').toLowerCase()
}

/** The secret in the alphabets of its echoes. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  /** What stands before the secret shifts it against the groups of six bits: its own are those that it fills. */
  const inBase64 = (shift: number): string => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
  }
  // A key may itself hold what looks like an escape, such as `=0A`.
  const plain = layersOf(secret).map(({ text }) => text)
  return [...plain, ...[0, 1, 2].map(inBase64), bytes.toString('hex')].map(lettersOf)
}

/** The text, and the text with its escapes undone, once and again while there are any. */
function layersOf(text: string, origin = (index: number): number => index, left = MOST_LAYERS): Layer[] {
  const plainer = left === 0 ? text : text.replaceAll(ESCAPE, characterOf)
  if (plainer.length === text.length) return [{ text, origin }]
  const before = placesBefore(text, ESCAPE, 1)
  return [{ text, origin }, ...layersOf(plainer, (index) => origin(before(index)), left - 1)]
}

/** Where the characters of a text stood before each match was cut to so many. */
function placesBefore(text: string, pattern: RegExp, length: 0 | 1): (index: number) => number {
  /** Made when it is first asked for: nearly always nobody asks. */
  let places: Uint32Array | null = null
  const make = (): Uint32Array => {
    const made = new Uint32Array(text.length + 1)
    let [now, then] = [0, 0]
    for (const { 0: found, index } of text.matchAll(pattern)) {
      while (then < index + length) made[now++] = then++
      then = index + found.length
    }
    while (then <= text.length) made[now++] = then++
    return made
  }
  return (index) => {
    places ??= make()
    return places[index] ?? text.length
  }
}

/** One character: a blank for what is not ASCII, and for all that HTML names, which are signs. */
function characterOf(found: string): string {
  if (found.toLowerCase() === '&amp;') return '&'
  const { decimal, hex = '' } = CODE.exec(found)?.groups ?? {}
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : ' '
}

function without(text: string, ranges: readonly Range[]): string {
  let [rest, done] = ['', 0]
  for (const [from, until] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from >= done) rest += `${text.slice(done, from)}${GONE}`
    done = Math.max(done, until)
  }
  return rest + text.slice(done)
}
