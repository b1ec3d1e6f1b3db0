import * as core from '@actions/core'
import { logText } from './text/escape.ts'
import { maskText } from './text/mask.ts'
import { scrubberOf, spellingsOf } from './text/secrets.ts'
import { clip, count } from './text/words.ts'

/** What stands above an annotation, and where it belongs; `file` is relative to the workspace, with `/`. */
export type About = Readonly<{ title?: string; file?: string; line?: number }>

export type Log = ReturnType<typeof createLog>

/** GitHub cuts the text of an annotation behind 4,096 characters; some are left for what escaping adds. */
const LONGEST_ANNOTATION = 4000
/** More lines make a wall of an annotation. */
const MOST_LINES = 9

/** The only writer to the job's log: no command but its functions' own, no secret, and masked no e-mail address. */
export function createLog() {
  const secrets: string[] = []
  let scrub = scrubberOf(secrets)
  let masked = true

  /** The text as the log would show it: without secrets, and masked where privacy asks for it. */
  const clean = (text: string): string => (masked ? maskText(scrub(text)) : scrub(text))
  const lines = (text: string): string => text.split('\n').map(logText).join('\n')
  /** What does not fit into an annotation stands in the log behind it, whole. */
  const annotate = (tell: typeof core.error, text: string, about: About = {}): void => {
    const { title = 'Deactivate Atlassian users', file, line = 0 } = about
    const cleaned = clean(text)
    const place = file === undefined ? {} : { file: logText(clean(file)), ...(line > 0 ? { startLine: line } : {}) }
    const all = cleaned.split('\n')
    const head = all.slice(0, MOST_LINES).join('\n')
    let rest = ''
    if (head !== cleaned) rest = `\n… and ${count(all.length - MOST_LINES, 'more line')}, in the log of the step`
    if (head.length > LONGEST_ANNOTATION)
      rest = ` [cut: all ${count(cleaned.length, 'character')} are in the log of the step]`
    tell(lines(`${clip(head, LONGEST_ANNOTATION - rest.length)}${rest}`), { title: logText(clean(title)), ...place })
    if (rest !== '') core.info(lines(cleaned))
  }

  return {
    info: (text: string): void => core.info(lines(clean(text))),
    notice: (text: string): void => annotate(core.notice, text),
    warning: (text: string, about?: About): void => annotate(core.warning, text, about),
    error: (text: string, about?: About): void => annotate(core.error, text, about),
    debug: (text: string): void => core.debug(lines(clean(text))),
    /** Lines under a heading that folds. */
    group: (title: string, body: Iterable<string>): void => {
      core.startGroup(lines(clean(title)))
      for (const line of body) core.info(lines(clean(line)))
      core.endGroup()
    },
    /** What is written while the work goes on folds under a heading. */
    folded: async <T>(title: string, work: () => Promise<T>): Promise<T> => {
      core.startGroup(lines(clean(title)))
      return work().finally(core.endGroup)
    },
    /** From now on personal data is shown or masked; masked until this is called. */
    showPersonalData: (show: boolean): void => {
      masked = !show
    },
    /** From now on this text is shown nowhere. */
    addSecret: (secret: string): void => {
      secrets.push(secret)
      scrub = scrubberOf(secrets)
      for (const spelling of spellingsOf(secret)) core.setSecret(spelling)
    },
    /** The text without secrets, in whatever spelling, and without pieces of them. */
    scrub: (text: string): string => scrub(text),
    clean,
  }
}
