import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Route } from '../stand-in/organization.ts'
import { runMain } from './run-main.ts'
import { openScene } from './scene.ts'

/** Another origin that counts who comes. */
async function openElsewhere() {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { seen, url: `http://127.0.0.1:${port}/`, [Symbol.dispose]: () => server.close() }
}

test.each([301, 302, 303, 307, 308])(
  'a %i is never followed, by no call, so that the key goes nowhere else',
  async (status) => {
    const routes: readonly Route[] = ['profile', 'permissions', 'disable', 'search', 'count', 'api-keys']
    for (const route of routes) {
      await using standIn = await openScene()
      using elsewhere = await openElsewhere()
      const fault = { kind: 'answer', status, headers: { location: elsewhere.url } } as const
      standIn.faults.order({ route, fault })
      const ran = await runMain(standIn, { inputs: { 'organization-id': 'org-1', waive: '' } })
      expect(elsewhere.seen).toEqual([])
      expect(standIn.organization.calls.some((call) => call.route === route && call.status === status)).toBe(true)
      expect(ran.rows).toHaveLength(4)
    }
  },
)
