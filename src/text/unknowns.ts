/** A JSON object from outside, of which nothing is known yet. */
export type Unknowns = Readonly<Record<string, unknown>>

/** The value if it is an object, else an object without members. */
export function asObject(value: unknown): Unknowns {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unknowns) : {}
}

/** The value if it is an array, else none. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The value if it is text, else the empty text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value if it is a whole number that JavaScript holds exactly and that is not negative, else 0. */
export function asCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

/** The JSON object that a text holds; null where it holds none. */
export function parseObject(text: string): Unknowns | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unknowns) : null
  } catch {
    return null
  }
}
