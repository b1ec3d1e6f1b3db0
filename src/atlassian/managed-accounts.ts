import { asObject, asText } from '../text/unknowns.ts'
import { type Reply, unreadable } from './answers.ts'
import type { Atlassian } from './atlassian.ts'
import { type DirectoryPerson, knownId, readPages } from './directory.ts'
import { managedFacts } from './read-facts.ts'

const WHAT = 'the list of managed accounts'

/** Reads `GET /admin/v1/orgs/{id}/users` to its end; links are followed on the API's origin and to that list only. */
export async function readManagedAccounts(
  atlassian: Atlassian,
  { origin, organizationId }: { readonly origin: string; readonly organizationId: string },
  now: () => number,
  onPage: (accounts: number) => void,
  stop: AbortSignal,
): Promise<Reply<readonly DirectoryPerson[]>> {
  const path = `/admin/v1/orgs/${encodeURIComponent(organizationId)}/users`
  const people: DirectoryPerson[] = []
  let accounts = 0
  const readPage: Parameters<typeof readPages>[1] = async (link) => {
    const url = URL.parse(link || path, origin)
    if (url?.origin !== origin || url.pathname !== path)
      return unreadable(`a page of ${WHAT} that leads somewhere else`)
    const page = await atlassian.read({ method: 'GET', path: path + url.search }, stop)
    const total = page.kind === 'read' ? asObject(page.value.meta).total : null
    if (typeof total === 'number') accounts = total
    return page
  }
  const take = (items: readonly unknown[]): void => {
    for (const person of items.map(asObject)) {
      const id = knownId(person.account_id)
      if (id !== '') people.push({ id, name: asText(person.name), facts: managedFacts(person, now()) })
    }
    onPage(accounts)
  }
  // Nobody documents how many accounts a full page has.
  return (await readPages(WHAT, readPage, take, 0)) ?? { kind: 'read', value: people }
}
