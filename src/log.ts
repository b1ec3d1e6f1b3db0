import * as core from '@actions/core'
import { logText } from './text/escape.ts'
import { maskText } from './text/mask.ts'
import { scrubberOf, spellingsOf } from './text/secrets.ts'
import { clip, count } from './text/words.ts'

/** Where an annotation belongs, and what stands above it; `file` is relative to the workspace, with `/`. */
export interface About {
  readonly title?: string
  readonly file?: string
  readonly line?: number
}

/**
 * The only writer to the job's log. Whatever text comes in, no workflow command goes out but the ones that these
 * functions stand for, no secret, and, in masked privacy, no e-mail address.
 */
export interface Log {
  info(text: string): void
  notice(text: string): void
  warning(text: string, about?: About): void
  error(text: string, about?: About): void
  debug(text: string): void
  /** Lines under a heading that folds. */
  group(title: string, lines: Iterable<string>): void
  /** What is written while the work goes on folds under a heading. */
  folded<T>(title: string, work: () => Promise<T>): Promise<T>
  /** From now on personal data is shown or masked; masked until this is called. */
  showPersonalData(show: boolean): void
  /** From now on this text is shown nowhere. */
  addSecret(secret: string): void
  /** The text without secrets, in whatever spelling, and without pieces of them. */
  scrub(text: string): string
  /** The text as the log would show it: without secrets, and masked where privacy asks for it. */
  clean(text: string): string
}

/** GitHub cuts the text of an annotation behind 4,096 characters; some are left for what escaping adds. */
const LONGEST_ANNOTATION = 4000
/** More lines than this make a wall of an annotation. */
const MOST_LINES = 9
/** Above annotations that have no title of their own. */
const TITLE = 'Deactivate Atlassian users'

export function createLog(): Log {
  const secrets: string[] = []
  let scrub = scrubberOf(secrets)
  let masked = true

  const clean = (text: string): string => (masked ? maskText(scrub(text)) : scrub(text))
  const lines = (text: string): string => text.split('\n').map(logText).join('\n')
  /** What does not fit into an annotation stands in the log behind it, whole. */
  const annotate = (tell: typeof core.error, text: string, { title = TITLE, file, line = 0 }: About = {}): void => {
    const cleaned = clean(text)
    const place = file === undefined ? {} : { file: logText(clean(file)), ...(line > 0 ? { startLine: line } : {}) }
    const all = cleaned.split('\n')
    const head = all.slice(0, MOST_LINES).join('\n')
    let rest = ''
    if (head !== cleaned) rest = `\n… and ${count(all.length - MOST_LINES, 'more line')}, in the log of the step`
    if (head.length > LONGEST_ANNOTATION)
      rest = ` [cut: all ${count(cleaned.length, 'character')} stand in the log of the step]`
    tell(lines(`${clip(head, LONGEST_ANNOTATION - rest.length)}${rest}`), { title: logText(clean(title)), ...place })
    if (rest !== '') core.info(lines(cleaned))
  }

  return {
    info: (text) => core.info(lines(clean(text))),
    notice: (text) => annotate(core.notice, text),
    warning: (text, about) => annotate(core.warning, text, about),
    error: (text, about) => annotate(core.error, text, about),
    debug: (text) => core.debug(lines(clean(text))),
    group: (title, body) => {
      core.startGroup(lines(clean(title)))
      for (const line of body) core.info(lines(clean(line)))
      core.endGroup()
    },
    folded: async (title, work) => {
      core.startGroup(lines(clean(title)))
      return work().finally(core.endGroup)
    },
    showPersonalData: (show) => {
      masked = !show
    },
    addSecret: (secret) => {
      secrets.push(secret)
      scrub = scrubberOf(secrets)
      for (const spelling of spellingsOf(secret)) core.setSecret(spelling)
    },
    scrub: (text) => scrub(text),
    clean,
  }
}
