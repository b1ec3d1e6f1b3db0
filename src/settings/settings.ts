import { closestMatch } from 'leven'
import type { Log } from '../log.ts'
import { selectorRefusals } from '../plan/selector.ts'
import { camelCase, count, quote, sentenceList } from '../text/words.ts'
import { proxyOf } from '../world/proxy.ts'
import { INPUT_NAMES, INPUTS, type InputName, type RawInputs, readInputs, SECRETS, type Settings } from './inputs.ts'
import { contradictions, isUsed, useOf } from './rules.ts'
import { type Refusal, unseenIn } from './values.ts'

export type SettingsOutcome =
  | { readonly ok: true; readonly settings: Settings; readonly notices: readonly string[] }
  /** Every problem, but those that many lines of one input share: of them the first, and how many more there are. */
  | { readonly ok: false; readonly problems: readonly string[]; readonly hidden: number }

/** Turns the environment into settings, strictly: a slip must not remove a protection. Problems say what is allowed. */
export function parseSettings(env: NodeJS.ProcessEnv, clean: Log['clean']): SettingsOutcome {
  const { values: raw, unknown } = readInputs(env)
  const problems = unknown.map((name) => {
    // A longer name is none that was mistyped.
    const nearest = closestMatch(name.slice(0, 60).replaceAll('_', '-'), INPUT_NAMES) ?? 'mode'
    return `Input ${quote(clean(name))} does not exist. Did you mean "${nearest}"? Correct or remove it.`
  })
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') problems.push(UNCHECKED)
  if (proxyOf(env) === null) problems.push(NO_PROXY)
  const values: Record<string, unknown> = {}
  let hidden = 0
  for (const name of INPUT_NAMES) {
    const parsed = INPUTS[name].parse(raw[name])
    if (parsed.ok) values[camelCase(name)] = parsed.value
    else if ('allowed' in parsed) problems.push(refusal(name, raw[name], parsed, clean))
    else {
      const refused = selectorRefusals(name === 'exclude' ? name : 'include', parsed.lines, clean)
      problems.push(...refused.problems)
      hidden += refused.hidden
    }
  }
  if (problems.length > 0) return { ok: false, problems, hidden }
  const settings = settingsOf(values, raw)
  problems.push(...contradictions(settings, env.GITHUB_WORKSPACE ?? '', clean))
  if (problems.length > 0) return { ok: false, problems, hidden }
  return { ok: true, settings, notices: unusedInputs(settings, raw) }
}

const UNCHECKED =
  'The environment variable NODE_TLS_REJECT_UNAUTHORIZED is "0", which turns off the check of certificates; ' +
  'the API key is never sent that way. Remove it. For a private certificate authority set NODE_EXTRA_CA_CERTS.'

const NO_PROXY =
  'The environment variable HTTPS_PROXY holds a value that is not shown, because it may hold a password; allowed: ' +
  'the address of an HTTP proxy, such as http://proxy.example.com:3128. Correct or remove it.'

/** @param values of all inputs; `*` in `include` gives way to an `include-file` */
function settingsOf(values: Readonly<Record<string, unknown>>, raw: RawInputs): Settings {
  const shown = INPUT_NAMES.filter((name) => !SECRETS.includes(name)).map((name) => [name, raw[name]])
  const settings = { ...values, given: Object.fromEntries(shown) } as unknown as Settings
  const left = raw.include === '*' && settings.includeFile !== '' && isUsed('include', settings)
  return left ? { ...settings, include: [] } : settings
}

function refusal(name: InputName, given: string, { allowed, found = given }: Refusal, clean: Log['clean']): string {
  const isSecret = SECRETS.includes(name)
  const shown = isSecret ? 'a value that is not shown' : found === '' ? 'an empty value' : quote(clean(found))
  const unseen = unseenIn(found).slice(0, 5)
  const odd = unseen.length === 0 ? '' : ` (with ${sentenceList(unseen)} in it)`
  const isEmptied = given === '' && INPUTS[name].default !== ''
  const fix = isEmptied ? ' An expression that came to nothing? Leave the input out to have its default.' : ''
  return `Input "${name}": found ${shown}${odd}, allowed: ${allowed}.${fix}`
}

function unusedInputs(settings: Settings, raw: RawInputs): string[] {
  const unused = INPUT_NAMES.filter((name) => raw[name] !== INPUTS[name].default && !isUsed(name, settings))
  if (unused.length === 0) return []
  const use = useOf(settings)
  const whose = use === 'plan-of-restore' ? 'A plan of a restore' : `Mode "${use}"`
  const are = unused.length === 1 ? 'is' : 'are'
  return [`${whose} does not use ${count(unused.length, 'input')} that ${are} set: ${unused.map(quote).join(', ')}.`]
}
