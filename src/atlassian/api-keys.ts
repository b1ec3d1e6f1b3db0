import { DAY } from '../account/day.ts'
import { asArray, asObject, asText } from '../text/unknowns.ts'

/** A key that ends sooner than this should be replaced now: its lifetime is chosen in weeks. */
const SOON = 14 * DAY

export type ApiKey = ReturnType<typeof readApiKey>

/** An API key of the organization as its list of keys shows it. Nothing says which of them is asking. */
export function readApiKey(value: unknown) {
  const { createdBy, scopes, expiresAt } = asObject(value)
  return {
    /** Account id of who made it. */
    creator: asText(asObject(createdBy).id),
    /** A key with scopes cannot call the lifecycle API, so it is not the one that is asking. */
    hasScopes: asArray(scopes).length > 0,
    /** Milliseconds since the epoch; `NaN` where the answer does not tell. */
    endsAt: Date.parse(asText(expiresAt)),
  }
}

/** Account ids of those who made keys that have not ended. */
export function creatorsOf(keys: readonly ApiKey[], now: number): readonly string[] {
  const live = keys.filter(({ creator, endsAt }) => creator !== '' && !(endsAt < now))
  return [...new Set(live.map(({ creator }) => creator))]
}

/**
 * The end of the asking key, if that is within 14 days; null also where some key of an unknown owner lives on. Not certain
 * where the owner has another key that lives on: nobody knows which one is asking. `owners`: account ids of the executing
 * user; none where nobody knows who owns the key.
 */
export function keyThatEndsSoon(keys: readonly ApiKey[], owners: readonly string[], now: number) {
  const candidates = keys.filter(
    ({ creator, hasScopes, endsAt }) =>
      !hasScopes && !(endsAt < now) && (owners.length === 0 || owners.includes(creator)),
  )
  const ending = candidates.map(({ endsAt }) => endsAt).filter((endsAt) => endsAt - now < SOON)
  const isCertain = ending.length === candidates.length
  if (ending.length === 0 || (owners.length === 0 && !isCertain)) return null
  return { endsAt: Math.min(...ending), isCertain }
}
