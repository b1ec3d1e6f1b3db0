/** What Atlassian's keys mean, and what to do about each. Sources: its user-management documents, people's reports. */
interface Explanation {
  readonly words: string
  readonly advice: string
}

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  administrative: { words: 'Atlassian does not let anybody change this account', advice: 'Ask Atlassian support.' },
  'administrative.notMyself': {
    words: 'it is the account that owns the API key',
    advice: 'Nothing: nobody can deactivate themselves.',
  },
  myselfOnly: { words: 'only the person themselves can change this', advice: 'Ask the person.' },
  'authPolicy.saml': {
    words: 'an authentication policy (SAML) manages the account',
    advice: 'Change it in the identity provider.',
  },
  'blocked.exportControl': { words: 'export control blocks the account', advice: 'Ask Atlassian support.' },
  'externalDirectory.scim': {
    words: 'an identity provider provisions the account (SCIM)',
    advice: 'Deactivate it there: the next sync would undo it here.',
  },
  'externalDirectory.google': {
    words: 'the account is linked to Google Workspace',
    advice: 'Deactivate it in Google Workspace, or on admin.atlassian.com.',
  },
  managedAccount: {
    words: 'it is no managed account of this organization',
    advice: 'Claim its domain first, or take it off the list.',
  },
  forbidden: {
    words: 'the account does not belong to this organization',
    advice: 'Check that the list and the key are of the same organization.',
  },
  'forbidden.targetUnverified': {
    words: "the account's e-mail is not verified",
    advice: 'Have the domain verified, or take it off the list.',
  },
  'forbidden.action': {
    words: 'Atlassian does not allow this change',
    advice: 'Look at the account on admin.atlassian.com.',
  },
  'forbidden.insufficientScope': {
    words: 'the API key was created with scopes',
    advice: 'Create a key without scopes.',
  },
  unauthorized: { words: 'the API key was rejected', advice: 'Create a new key without scopes.' },
  accountNotFound: { words: 'no account has this id', advice: 'Export the list again.' },
  notFound: { words: 'no account has this id', advice: 'Export the list again.' },
  'conflict.lifecycleErrors': {
    words: 'something stands in the way, such as a site that the person owns',
    advice: 'Hand over what the person owns, then run again.',
  },
  badRequestFormat: {
    words: 'Atlassian did not understand the request',
    advice: 'Report it to the maintainers of this action.',
  },
}

/** Words and advice for a detail that begins with one of Atlassian's keys; null for an unknown one. */
export function explainDetail(detail: string): Explanation | null {
  const key = /^[A-Za-z.]+/.exec(detail)?.[0] ?? ''
  return Object.hasOwn(EXPLANATIONS, key) ? (EXPLANATIONS[key] ?? null) : null
}
