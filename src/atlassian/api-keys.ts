import { DAY } from '../account/day.ts'
import { asArray, asObject, asText } from '../text/unknowns.ts'

/** An API key of the organization as its list of keys shows it. Nothing says which of them is asking. */
export interface ApiKey {
  /** Account id of who made it. */
  readonly creator: string
  /** A key with scopes cannot call the lifecycle API, so it is not the one that is asking. */
  readonly hasScopes: boolean
  /** Milliseconds since the epoch; `NaN` where the answer does not tell. */
  readonly endsAt: number
}

/** A key that ends sooner than this should be replaced now: its lifetime is chosen in weeks. */
const SOON = 14 * DAY

export function readApiKey(value: unknown): ApiKey {
  const key = asObject(value)
  return {
    creator: asText(asObject(key.createdBy).id),
    hasScopes: asArray(key.scopes).length > 0,
    endsAt: Date.parse(asText(key.expiresAt)),
  }
}

/** Account ids of those who made keys that have not ended. */
export function creatorsOf(keys: readonly ApiKey[], now: number): readonly string[] {
  return [...new Set(keys.filter(({ endsAt }) => !(endsAt < now)).map(({ creator }) => creator))].filter(
    (id) => id !== '',
  )
}

/**
 * The end of the asking key, if that is within 14 days.
 *
 * @param owners account ids of the executing user; none where nobody knows who owns the key
 * @returns null where no key of theirs ends soon, and where the owner is unknown and some key lives on; not certain where
 *   the owner has another key that lives on, and nobody knows which one is asking
 */
export function keyThatEndsSoon(
  keys: readonly ApiKey[],
  owners: readonly string[],
  now: number,
): { readonly endsAt: number; readonly isCertain: boolean } | null {
  const candidates = keys.filter(
    ({ creator, hasScopes, endsAt }) =>
      !hasScopes && !(endsAt < now) && (owners.length === 0 || owners.includes(creator)),
  )
  const ending = candidates.filter(({ endsAt }) => endsAt - now < SOON)
  if (ending.length === 0) return null
  const isCertain = ending.length === candidates.length
  if (owners.length === 0 && !isCertain) return null
  return { endsAt: Math.min(...ending.map(({ endsAt }) => endsAt)), isCertain }
}
