// GitHub's own parser and language service: what the editor of workflows on github.com would say.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { parse } from 'yaml'

// Both packages import JSON in a way that only bundlers accept.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { registerLogger, validate } = await import('@actions/languageservice')
const { TextDocument } = await import('vscode-languageserver-textdocument')

/** What goes wrong inside of it is logged there, and would pass for a workflow without a finding. */
const broken = []
const note = (message) => broken.push(message)
registerLogger({ error: note, warn: note, info: () => undefined, log: () => undefined })

const isOurs = (owner, name) => `${owner}/${name}` === 'OWNER/deactivate-atlassian-users'

/** Reads reusable workflows, and the actions that `$/` names. */
const fileProvider = {
  getFileContent: async ({ owner, repository, path }) => {
    if (owner !== undefined && !isOurs(owner, repository)) throw new Error(`${owner}/${repository} is not at hand.`)
    return { name: path, content: readFileSync(path, 'utf8') }
  },
}

const actionsMetadataProvider = {
  fetchActionMetadata: async ({ owner, name, path = '.' }) =>
    // Of other people's actions only the runner knows the inputs.
    isOurs(owner, name) ? parse(readFileSync(`${path}/action.yml`, 'utf8')) : { name, description: '' },
}

/**
 * What GitHub says about a workflow, or about the metadata of an action.
 *
 * @param {string} name for the messages; an `action.yml` is taken as metadata
 * @param {string} text
 * @returns {Promise<string[]>} one line a finding: `<name>:<line>: <what>`
 */
export async function findingsOf(name, text) {
  // It keeps what it has parsed, by address.
  const document = TextDocument.create(`file:///${count++}/${name}`, 'yaml', 1, text)
  const found = await validate(document, { fileProvider, actionsMetadataProvider })
  return [
    ...found.map(({ range, message }) => `${name}:${range.start.line + 1}: ${message}`),
    ...broken.splice(0).map((message) => `${name}: ${message}`),
  ]
}
let count = 0
