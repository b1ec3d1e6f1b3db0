/** Atlassian's grammar of account ids. Source: the user-management OpenAPI document. */
export const ACCOUNT_ID = /^[a-zA-Z0-9_|:-]{1,128}$/
