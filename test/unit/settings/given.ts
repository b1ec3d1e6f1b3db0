import { INPUT_NAMES, INPUTS, type InputName, type Settings } from '../../../src/settings/inputs.ts'
import { parseSettings, type SettingsOutcome } from '../../../src/settings/settings.ts'

export type Given = Partial<Record<InputName, string>>

/** What the runner passes where a workflow gives these inputs, by default to a plan of a list. */
export function parsed(given: Given, env: NodeJS.ProcessEnv = {}, clean = (text: string) => text): SettingsOutcome {
  const all: Given = { 'users-file': 'users.csv', ...given }
  const inputs = INPUT_NAMES.map((name) => [`INPUT_${name.toUpperCase()}`, all[name] ?? INPUTS[name].default])
  return parseSettings({ ...Object.fromEntries(inputs), ...env }, clean)
}

export function settingsOf(given: Given): Settings {
  return accepted(given).settings
}

export function noticesOf(given: Given): readonly string[] {
  return accepted(given).notices
}

export function problemsOf(given: Given, env: NodeJS.ProcessEnv = {}): readonly string[] {
  const outcome = parsed(given, env)
  return outcome.ok ? [] : outcome.problems
}

function accepted(given: Given): Extract<SettingsOutcome, { ok: true }> {
  const outcome = parsed(given)
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'))
  return outcome
}
