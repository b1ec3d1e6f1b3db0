import * as core from '@actions/core'

const NOTHING = {
  resultsPath: '',
  artifactName: '',
  /** Days; null: as the repository is set. */
  retentionDays: null as number | null,
  /** Nothing is left to do but, where an artifact is named, to upload its page. */
  published: false,
  artifact: '',
  /** Lines of the journal that there was no room for. */
  unwritten: [] as readonly string[],
}

/** Tells the post step what to do where main cannot publish itself; what is told later counts. */
export function saveForPost(saved: Partial<typeof NOTHING>): void {
  for (const [name, value] of Object.entries(saved)) core.saveState(name, JSON.stringify(value))
}

/** What main saved; all of it is empty where it never came to save anything. */
export function readSaved(): Readonly<typeof NOTHING> {
  const told = Object.keys(NOTHING).map((name) => [name, core.getState(name)] as const)
  const saved = told.filter(([, text]) => text !== '').map(([name, text]) => [name, JSON.parse(text)])
  return { ...NOTHING, ...Object.fromEntries(saved) }
}
