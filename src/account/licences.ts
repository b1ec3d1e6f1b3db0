import { createIntern } from '../text/intern.ts'

/** The products that an account may use, and whether it is billed. */
export interface Licences {
  /** Keys, each once. Outside text. */
  readonly products: readonly string[]
  /** Null where nobody told. */
  readonly billable: boolean | null
}

const someLicences = createIntern((key) => {
  const [billable, ...products] = JSON.parse(key) as [boolean | null, ...string[]]
  return Object.freeze({ products, billable })
})

/** Shares one value for the same products: a million accounts have few kinds of licences. */
export function licencesOf(products: readonly string[], billable: boolean | null): Licences {
  return someLicences(JSON.stringify([billable, ...new Set(products)]))
}

/** Of one person whom a directory names twice. */
export function uniteLicences(one: Licences | null, other: Licences | null): Licences | null {
  if (one === null || other === null) return one ?? other
  return licencesOf([...one.products, ...other.products], one.billable ?? other.billable)
}

export type FreedLicences = ReturnType<typeof freedLicences>

/** What deactivation frees: products, most people first; billed accounts, null if not told; people of unknown licences. */
export function freedLicences(accounts: Iterable<{ readonly state: string; readonly licences: Licences | null }>) {
  const products = new Map<string, number>()
  let billable: number | null = null
  let unknown = 0
  for (const { state, licences } of accounts) {
    if (state !== 'planned' && state !== 'deactivated') continue
    if (licences === null) unknown++
    else {
      for (const product of licences.products) products.set(product, (products.get(product) ?? 0) + 1)
      if (licences.billable !== null) billable = (billable ?? 0) + (licences.billable ? 1 : 0)
    }
  }
  const sorted = [...products].toSorted(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
  return { products: sorted.map(([product, people]) => ({ product, people })), billable, unknown }
}
