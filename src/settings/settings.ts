import { MODES } from '../account/mode.ts'
import type { Selector } from '../account/selector.ts'
import type { Settings } from '../account/settings.ts'
import { parseSelectors } from '../plan/selector.ts'
import { count, quote } from '../text/words.ts'
import { INPUT_NAMES, INPUTS, type InputName, nearestInput, type RawInputs, readInputs, type Use } from './inputs.ts'
import * as values from './values.ts'

export type SettingsOutcome =
  | { readonly ok: true; readonly settings: Settings; readonly notices: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

const SECRET: readonly InputName[] = ['api-key', 'github-token']

/**
 * Turns the runner's environment into settings, strictly: a typing slip in a workflow must not remove a protection.
 *
 * @returns the settings with notices about inputs that the mode does not use; or every problem, each naming the
 *   input, what was given and what is allowed.
 */
export function parseSettings(env: NodeJS.ProcessEnv): SettingsOutcome {
  const { values: raw, unknown } = readInputs(env)
  const problems = unknown.map(
    (name) => `Input ${quote(name)} does not exist. Did you mean "${nearestInput(name)}"? Correct or remove it.`,
  )
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    problems.push(
      'The environment variable NODE_TLS_REJECT_UNAUTHORIZED is "0", which switches off the check of certificates; ' +
        'the API key is never sent that way. Remove it. For a private certificate authority set NODE_EXTRA_CA_CERTS.',
    )
  }
  const read = <T>(name: InputName, parsed: values.Parsed<T>, fallback: T): T => {
    if (parsed.ok) return parsed.value
    problems.push(refusal(name, raw[name], parsed.allowed))
    return fallback
  }
  const integer = (name: InputName, least: number, most: number): number =>
    read(name, values.parseInteger(raw[name], least, most), least)
  const selectors = (name: 'exclude' | 'include'): readonly Selector[] => {
    const parsed = parseSelectors(raw[name], name)
    if (parsed.ok) return parsed.selectors
    for (const problem of parsed.problems) {
      problems.push(`Input "${name}", line ${problem.line}: found ${quote(problem.found)}. ${problem.message}`)
    }
    return []
  }

  const settings: Settings = {
    mode: read('mode', values.parseChoice(raw.mode, MODES), 'plan'),
    usersFile: raw['users-file'],
    usersArtifact: read('users-artifact', values.parseArtifactName(raw['users-artifact']), ''),
    usersRunId: read('users-run-id', values.parseRunId(raw['users-run-id']), ''),
    exclude: selectors('exclude'),
    excludeFile: raw['exclude-file'],
    include: raw['include-file'] !== '' && raw.include === '*' ? [] : selectors('include'),
    includeFile: raw['include-file'],
    executingUser: read('executing-user', values.parsePerson(raw['executing-user']), ''),
    apiKey: read('api-key', values.parseKey(raw['api-key']), ''),
    organizationId: read('organization-id', values.parseOrganizationId(raw['organization-id']), ''),
    canarySize: integer('canary-size', 1, 100),
    canaryPauseSeconds: integer('canary-pause-seconds', 0, 3600),
    maxUsers: integer('max-users', 1, 1_000_000),
    maxPercent: integer('max-percent', 0, 100),
    maxFailures: integer('max-failures', 0, 1_000_000),
    idleDays: integer('idle-days', 0, 3650),
    noticeDays: integer('notice-days', 0, 3650),
    concurrency: integer('concurrency', 1, 64),
    requestsPerSecond: read('requests-per-second', values.parseRate(raw['requests-per-second']), 1),
    deadlineMinutes: integer('deadline-minutes', 1, 7200),
    message: raw.message,
    approvedPlan: read('approved-plan', values.parseDigest(raw['approved-plan']), ''),
    requireApproval: read('require-approval', values.parseApproval(raw['require-approval']), { kind: 'none' }),
    waive: read('waive', values.parseWaive(raw.waive), new Set()),
    resultsArtifacts: read('results-artifact', values.parseArtifactNames(raw['results-artifact']), []),
    resultsRunId: read('results-run-id', values.parseRunId(raw['results-run-id']), ''),
    privacy: read('privacy', values.parseChoice(raw.privacy, ['auto', 'full', 'masked']), 'masked'),
    artifactName: read('artifact-name', values.parseArtifactName(raw['artifact-name']), ''),
    retentionDays: raw['retention-days'] === '' ? null : integer('retention-days', 1, 400),
    comment: read('comment', values.parseBoolean(raw.comment), false),
    githubToken: raw['github-token'],
    atlassianApiUrl: read('atlassian-api-url', values.parseApiUrl(raw['atlassian-api-url']), ''),
    given: givenWithoutSecrets(raw),
  }
  if (
    settings.include.length === 0 &&
    settings.includeFile === '' &&
    !problems.some((problem) => problem.startsWith('Input "include"'))
  ) {
    problems.push(refusal('include', raw.include, 'at least one selector; leave the input out to allow every account'))
  }
  if (problems.length === 0) problems.push(...contradictions(settings))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings, notices: unusedInputs(settings, raw) }
}

/** What is declared but not carried out by this version: refused, because a rule that is left out protects nobody. */
export function notCarriedOut({ mode, includeFile, idleDays }: Settings): readonly string[] {
  return [
    ...(mode === 'find' ? ['Input "mode": "find" is not available in this version.'] : []),
    ...(includeFile === '' ? [] : ['Input "include-file" is not available in this version. Use "include".']),
    ...(idleDays === 0 ? [] : ['Input "idle-days" is not available in this version. Leave it out.']),
  ]
}

/** True for a plan that plans a restore. */
export function plansRestore(settings: Settings): boolean {
  return settings.mode === 'plan' && settings.resultsArtifacts.length > 0
}

function refusal(name: InputName, given: string, allowed: string): string {
  const found = SECRET.includes(name) ? 'a value that is not shown' : given === '' ? 'an empty value' : quote(given)
  const fix =
    given === '' && INPUTS[name].default !== ''
      ? ' An expression that came to nothing? Leave the input out to have its default.'
      : ''
  return `Input "${name}": found ${found}, allowed is ${allowed}.${fix}`
}

function contradictions(settings: Settings): string[] {
  const fromResults = settings.mode === 'restore' || settings.mode === 'verify'
  const hasList = settings.usersFile !== '' || settings.usersArtifact !== ''
  const hasResults = settings.resultsArtifacts.length > 0
  if (fromResults && !hasResults) {
    return [
      `Input "results-artifact": found nothing, but mode "${settings.mode}" needs the name of at least one earlier results artifact.`,
    ]
  }
  if (settings.mode === 'apply' && !hasList) {
    return [
      'Input "users-file": found nothing, but mode "apply" needs a user list: set "users-file" or "users-artifact".',
    ]
  }
  if (settings.mode === 'plan' && !hasList && !hasResults) {
    return [
      'Input "users-file": found nothing, but mode "plan" needs a user list: set "users-file" or "users-artifact" ' +
        '(or "results-artifact" to plan a restore).',
    ]
  }
  if (settings.mode === 'plan' && hasList && hasResults) {
    return [
      'Inputs "users-file"/"users-artifact" and "results-artifact" are both set, but a plan is either of a list or of a restore. Remove one.',
    ]
  }
  return []
}

function unusedInputs(settings: Settings, raw: RawInputs): string[] {
  const use: Use = plansRestore(settings) ? 'plan-of-restore' : settings.mode
  const unused = INPUT_NAMES.filter((name) => {
    const users: readonly Use[] = INPUTS[name].usedBy
    return raw[name] !== INPUTS[name].default && !users.includes(use)
  })
  if (unused.length === 0) return []
  const names = unused.map((name) => `"${name}"`).join(', ')
  return [
    `${use === 'plan-of-restore' ? 'A plan of a restore' : `Mode "${use}"`} does not use ${count(unused.length, 'input')} that ${unused.length === 1 ? 'is' : 'are'} set: ${names}.`,
  ]
}

function givenWithoutSecrets(raw: RawInputs): Record<string, string> {
  return Object.fromEntries(INPUT_NAMES.filter((name) => !SECRET.includes(name)).map((name) => [name, raw[name]]))
}
