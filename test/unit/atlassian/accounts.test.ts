import { describe, expect, test } from 'vitest'
import { readWhyBlocked } from '../../../src/atlassian/accounts.ts'
import { body, recorded } from './recorded.ts'

const STOP = new AbortController().signal

async function blockIn(answer: Readonly<Record<string, unknown>>): Promise<string> {
  const read = await readWhyBlocked(recorded(() => body(answer)).atlassian, 'a', STOP)
  if (read.kind !== 'read') throw new Error(read.kind)
  return read.value
}

const SCIM = { key: 'externalDirectory.scim' }

describe('why a status cannot be changed, by what the permission says', () => {
  test.each([
    [{ allowed: true }, ''],
    [{ allowed: true, reason: SCIM }, ''],
    [{ allowed: false, reason: SCIM }, 'externalDirectory.scim'],
    [{ allowed: false }, 'lifecycle.enablement'],
    [{ allowed: false, reason: 'managedAccount' }, 'lifecycle.enablement'],
    [{ allowed: null, reason: SCIM }, 'externalDirectory.scim'],
    [{ allowed: 'false', reason: SCIM }, 'externalDirectory.scim'],
    [{ reason: SCIM }, 'externalDirectory.scim'],
    [{}, ''],
    [null, ''],
  ])('%j', async (enablement, reason) => {
    expect(await blockIn({ 'lifecycle.enablement': enablement })).toBe(reason)
  })
})
