import * as core from '@actions/core'

/** What main leaves for the post step, in case it cannot publish itself. */
export type Saved = Readonly<typeof NOTHING>

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

/** Tells the post step; what is told later counts. */
export function saveForPost(saved: Partial<Saved>): void {
  for (const [name, value] of Object.entries(saved)) core.saveState(name, JSON.stringify(value))
}

/** What main saved; null where it never came to save anything. */
export function readSaved(): Saved | null {
  const told = Object.keys(NOTHING).map((name) => [name, core.getState(name)] as const)
  const saved = told.filter(([, text]) => text !== '').map(([name, text]) => [name, JSON.parse(text)])
  return saved.length === 0 ? null : { ...NOTHING, ...Object.fromEntries(saved) }
}
