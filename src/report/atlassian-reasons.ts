import type { Cause } from '../account/cause.ts'

/** What one of Atlassian's keys means, and what to do about it. */
export interface Explanation {
  readonly words: string
  readonly advice: string
}

const NO_ACCOUNT: Explanation = {
  words: 'No account has this id',
  advice: 'Export the list again: the account may be deleted, or the id damaged by a spreadsheet.',
}

/** Sources: Atlassian's user-management documents, its issue tracker (AX-186, AX-228, ID-9136), people's reports. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  administrative: {
    words: 'Atlassian lets nobody change this account',
    advice: 'Ask Atlassian support, or take the account off the list.',
  },
  'administrative.notMyself': {
    words: 'It is the account that owns the API key',
    advice: 'Nothing to do: nobody can deactivate themselves. Have another administrator do it if it is meant.',
  },
  'authPolicy.saml': {
    words: 'An authentication policy (SAML) governs the account',
    advice: 'Deactivate the person in your identity provider.',
  },
  'blocked.exportControl': {
    words: 'Export control blocks the account',
    advice: 'Ask Atlassian support: only they can change it.',
  },
  'externalDirectory.scim': {
    words: 'An identity provider provisions the account (SCIM)',
    advice: 'Deactivate the person in your identity provider: its next sync would undo it here.',
  },
  'externalDirectory.google': {
    words: 'The account is linked to Google Workspace',
    advice: 'Suspend the person in Google Workspace, or deactivate the account on admin.atlassian.com.',
  },
  myselfOnly: {
    words: 'Only the person can change this account',
    advice: 'Ask the person to close it, or take it off the list.',
  },
  managedAccount: {
    words: 'It is not a managed account of this organization',
    advice: 'Claim and verify its e-mail domain first, or take the account off the list.',
  },
  forbidden: {
    words: 'This API key may not change the account: most often it belongs to another organization',
    advice: 'Check that the list and the API key come from the same organization.',
  },
  'forbidden.targetUnverified': {
    words: 'The e-mail address of the account was never verified',
    advice: 'Have its domain or address verified, or take the account off the list.',
  },
  'forbidden.action': {
    words: 'Atlassian does not allow this change through its API',
    advice: 'Look at the account on admin.atlassian.com: the page there may allow it.',
  },
  'forbidden.insufficientScope': {
    words: 'The API key was created with scopes',
    advice: 'Create an organization API key without scopes, and store it in the secret.',
  },
  unauthorized: {
    words: 'The API key was rejected',
    advice: 'It may be expired or revoked: create a new organization API key without scopes.',
  },
  accountNotFound: NO_ACCOUNT,
  notFound: NO_ACCOUNT,
  'conflict.lifecycleErrors': {
    words: 'Something stands in the way, most often a site or a subscription that the person owns',
    advice: 'Hand over or cancel what the person owns, then run again.',
  },
  badRequestFormat: {
    words: 'Atlassian did not understand the request',
    advice: 'Report it to the maintainers of this action, with the journal of the run.',
  },
}

/** Words and advice for what Atlassian said; null where its key is not a known one. */
export function explain(cause: Cause | null): Explanation | null {
  const key = cause?.key ?? ''
  return Object.hasOwn(EXPLANATIONS, key) ? (EXPLANATIONS[key] ?? null) : null
}
