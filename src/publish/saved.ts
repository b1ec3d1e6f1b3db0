import * as core from '@actions/core'

/** What main leaves for the post step, in case it cannot publish itself. */
export interface Saved {
  readonly resultsPath: string
  readonly artifactName: string
  /** Days; null: as the repository is set. */
  readonly retentionDays: number | null
}

/** Names of the states that main hands to the post step. */
const STATE = { saved: 'saved', published: 'published', artifact: 'artifact', unwritten: 'unwritten' }

/** Tells the post step where everything is, before anything can go wrong. */
export function saveForPost(saved: Saved): void {
  core.saveState(STATE.saved, JSON.stringify(saved))
}

/** Tells the post step that it has nothing left to do but, where an artifact is given, to upload its page. */
export function markPublished(artifact: { readonly name: string } | null): void {
  core.saveState(STATE.published, 'true')
  core.saveState(STATE.artifact, artifact?.name ?? '')
}

/** Hands on lines of the journal that there was no room for. */
export function saveUnwritten(lines: readonly string[]): void {
  if (lines.length > 0) core.saveState(STATE.unwritten, lines.join(''))
}

/** What main saved; null where it never came to save anything. */
export function readSaved():
  | (Saved & { readonly published: boolean; readonly artifact: string; unwritten: string[] })
  | null {
  const text = core.getState(STATE.saved)
  if (text === '') return null
  return {
    ...(JSON.parse(text) as Saved),
    published: core.getState(STATE.published) === 'true',
    artifact: core.getState(STATE.artifact),
    unwritten: core
      .getState(STATE.unwritten)
      .split('\n')
      .filter((line) => line !== ''),
  }
}
