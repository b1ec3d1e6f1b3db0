/** What stands where a secret stood. */
const GONE = '***'
/**
 * Letters and digits of a secret in a row that are taken out wherever they stand: an echo may be cut. Those of a key are
 * random, so that ordinary text never holds as many of them.
 */
const LEAST = 12
/** Every run of `LEAST` characters holds one of `GRAM` that begins at a multiple of `STRIDE`. */
const GRAM = 8
const STRIDE = LEAST - GRAM + 1
/** Escapes within escapes that are seen through: `%25253D`, `&amp;amp;#61;`. */
const MOST_LAYERS = 4
/** Characters as URLs, JSON and scripts, HTML, and mail write them. */
const ESCAPE =
  /%(?:u[0-9a-f]{4}|[0-9a-f]{2})|\\{1,8}(?:u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\}|x[0-9a-f]{2}|[nrtbfv])|&(?:#x[0-9a-f]+|#[0-9]+|[a-z]{2,12}(?=;));?|=(?:[0-9a-f]{2}|\r?\n)/gi
const CODE = /^&#(?<decimal>\d+)|^(?:%u|\\+[ux]|&#x|[%=])\{?(?<hex>[0-9a-f]+)/i
/** Signs of a word: the whole word goes with a piece in it, be it encoded with it, or too short to be told. */
const WORD = /[0-9a-z+/_=-]/i

/** A secret in one alphabet. */
interface Form {
  /** Only its letters and digits, in lower case. */
  readonly letters: string
  /** So many in a row are taken out. */
  readonly least: number
}

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
  const places = new Map<string, (readonly [Form, number])[]>()
  for (const form of secrets.filter(isLong).flatMap(formsOf)) {
    for (let at = 0; at + GRAM <= form.letters.length; at++) {
      const gram = form.letters.slice(at, at + GRAM)
      places.set(gram, [...(places.get(gram) ?? []), [form, at]])
    }
  }

  /** The longest piece of a secret that holds the characters from there on. */
  const pieceAt = (letters: string, at: number): Range | null => {
    let longest: Range | null = null
    for (const [{ letters: form, least }, place] of places.get(letters.slice(at, at + GRAM)) ?? []) {
      let [before, behind] = [0, GRAM]
      while (before < at && before < place && letters[at - before - 1] === form[place - before - 1]) before++
      while (at + behind < letters.length && letters[at + behind] === form[place + behind]) behind++
      if (before + behind < Math.max(least, longest === null ? 0 : longest[1] - longest[0])) continue
      longest = [at - before, at + behind]
    }
    return longest
  }

  const rangesIn = ({ text, origin }: Layer): Range[] => {
    const letters = lettersOf(text)
    const ranges: Range[] = []
    const indexOf = indexer(text)
    for (let at = 0; at + GRAM <= letters.length; ) {
      const piece = pieceAt(letters, at)
      at = piece?.[1] ?? at + STRIDE
      if (piece === null) continue
      let [from, until] = [indexOf(piece[0]), indexOf(piece[1] - 1) + 1]
      while (WORD.test(text[from - 1] ?? '')) from--
      while (WORD.test(text[until] ?? '')) until++
      ranges.push([origin(from), origin(until)])
    }
    return ranges
  }

  return (text) => {
    const rest = short.reduce((left, secret) => left.replaceAll(secret, GONE), text)
    if (places.size === 0 || rest.length < LEAST) return rest
    const ranges = layersOf(rest).flatMap(rangesIn)
    return ranges.length === 0 ? rest : without(rest, ranges)
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

function lettersOf(text: string): string {
  return text.replaceAll(/[^0-9a-z]+/gi, '').toLowerCase()
}

function formsOf(secret: string): Form[] {
  const bytes = Buffer.from(secret)
  /** What stands before the secret shifts it against the groups of six bits: its own are those that it fills. */
  const inBase64 = (shift: number): string => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
  }
  return [
    // A key may itself hold what looks like an escape, such as `=0A`.
    ...layersOf(secret).map(({ text }) => ({ letters: lettersOf(text), least: LEAST })),
    ...[0, 1, 2].map((shift) => ({ letters: lettersOf(inBase64(shift)), least: (LEAST * 4) / 3 })),
    { letters: bytes.toString('hex'), least: LEAST * 2 },
  ]
}

/** The text, and the text with its escapes undone, once and again while there are any. */
function layersOf(text: string): Layer[] {
  const layers: Layer[] = []
  for (let next: Layer | null = { text, origin: (index) => index }; next !== null && layers.length <= MOST_LAYERS; ) {
    layers.push(next)
    next = unescaped(next)
  }
  return layers
}

/** Null where there is no escape. */
function unescaped({ text, origin }: Layer): Layer | null {
  const result = text.replaceAll(ESCAPE, characterOf)
  if (result.length === text.length) return null
  /** Where every escape ends, now and before; nearly always nobody asks. */
  let ends: readonly Range[] | null = null
  const before = (index: number): number => {
    ends ??= endsOfEscapes(text)
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle]?.[0] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    const [now, then] = ends[low - 1] ?? [0, 0]
    return then + index - now
  }
  return { text: result, origin: (index) => origin(before(index)) }
}

function endsOfEscapes(text: string): Range[] {
  let saved = 0
  return [...text.matchAll(ESCAPE)].map(({ 0: found, index }) => {
    saved += found.length - 1
    return [index + found.length - saved, index + found.length]
  })
}

/** One character: a blank for what is not ASCII, and for all that HTML names, which are signs. */
function characterOf(found: string): string {
  if (found.toLowerCase() === '&amp;') return '&'
  const { decimal, hex = '' } = CODE.exec(found)?.groups ?? {}
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : ' '
}

/** Where the letters and digits of a text stand in it; to be asked for in their order. */
function indexer(text: string): (letter: number) => number {
  let [index, passed] = [-1, -1]
  return (letter) => {
    while (passed < letter && index < text.length) if (/[0-9a-z]/i.test(text[++index] ?? '')) passed++
    return index
  }
}

function without(text: string, ranges: readonly Range[]): string {
  let [rest, done] = ['', 0]
  for (const [from, until] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from >= done) rest += `${text.slice(done, from)}${GONE}`
    done = Math.max(done, until)
  }
  return rest + text.slice(done)
}
