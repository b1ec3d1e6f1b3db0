import { asArray, asObject, asText } from '../text/unknowns.ts'
import type { Atlassian } from './atlassian.ts'
import { type DirectoryPerson, type DirectoryRead, knownId, pagesOf, settle } from './directory.ts'
import { managedFacts } from './read-facts.ts'

const WHAT = 'the list of managed accounts'

/**
 * Reads the organization's managed accounts, `GET /admin/v1/orgs/{id}/users`, to the end. A link to the next page is
 * followed on the same origin and to the same list only: the key goes nowhere else.
 *
 * @param origin of the API
 * @param now the present, for times that lie in the future. Milliseconds since the epoch
 * @param onPage is told after each page how many accounts there are in all; 0 where nobody tells
 */
export async function readManagedAccounts(
  atlassian: Atlassian,
  { origin, organizationId }: { readonly origin: string; readonly organizationId: string },
  now: () => number,
  onPage: (accounts: number) => void,
  stop: AbortSignal,
): Promise<DirectoryRead<readonly DirectoryPerson[]>> {
  const path = `/admin/v1/orgs/${encodeURIComponent(organizationId)}/users`
  const people: DirectoryPerson[] = []
  let accounts = 0
  const readPage = async (link: string): ReturnType<Parameters<typeof pagesOf>[1]> => {
    const url = URL.parse(link === '' ? path : link, origin)
    if (url === null || url.origin !== origin || url.pathname !== path) {
      return { kind: 'unreadable', why: `a page of ${WHAT} that leads somewhere else` }
    }
    const page = settle(await atlassian.read({ method: 'GET', path: path + url.search }, stop))
    const total = page.kind === 'read' ? asObject(page.value.meta).total : null
    if (typeof total === 'number') accounts = total
    return page
  }
  // Nobody documents how many accounts a full page has.
  for await (const page of pagesOf(WHAT, readPage, 0)) {
    if (page.kind !== 'read') return page
    for (const person of asArray(page.value).map(asObject)) {
      const id = knownId(person.account_id)
      if (id !== '') people.push({ id, name: asText(person.name), facts: managedFacts(person, now()) })
    }
    onPage(accounts)
  }
  return { kind: 'read', value: people }
}
