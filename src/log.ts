import * as core from '@actions/core'
import { logText } from './text/escape.ts'
import { maskText } from './text/mask.ts'
import { scrubberOf, spellingsOf } from './text/secrets.ts'
import { clip, count } from './text/words.ts'

/** A place in a file of the workspace; `file` is relative to it, with `/`. */
export interface Place {
  readonly file: string
  readonly line: number
}

/**
 * The only writer to the job's log. Whatever text comes in, no workflow command goes out but the ones that these
 * functions stand for, no secret, and, in masked privacy, no e-mail address.
 */
export interface Log {
  info(text: string): void
  notice(text: string): void
  warning(text: string, at?: Place): void
  error(text: string, at?: Place): void
  debug(text: string): void
  /** Lines under a heading that folds. */
  group(title: string, lines: Iterable<string>): void
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

export function createLog(): Log {
  const secrets: string[] = []
  let scrub = scrubberOf(secrets)
  let masked = true

  const clean = (text: string): string => (masked ? maskText(scrub(text)) : scrub(text))
  const lines = (text: string): string => text.split('\n').map(logText).join('\n')
  /** What does not fit into an annotation stands in the log behind it, whole. */
  const annotate = (tell: typeof core.error, text: string, at?: Place): void => {
    const cleaned = clean(text)
    const line = at !== undefined && at.line > 0 ? { startLine: at.line } : {}
    const place = at === undefined ? {} : { file: logText(clean(at.file)), ...line }
    const isLong = cleaned.length > LONGEST_ANNOTATION
    const rest = isLong ? ` [cut: all ${count(cleaned.length, 'character')} stand in the log of the step]` : ''
    tell(lines(`${clip(cleaned, LONGEST_ANNOTATION - rest.length)}${rest}`), place)
    if (isLong) core.info(lines(cleaned))
  }

  return {
    info: (text) => core.info(lines(clean(text))),
    notice: (text) => annotate(core.notice, text),
    warning: (text, at) => annotate(core.warning, text, at),
    error: (text, at) => annotate(core.error, text, at),
    debug: (text) => core.debug(lines(clean(text))),
    group: (title, body) => {
      core.startGroup(lines(clean(title)))
      for (const line of body) core.info(lines(clean(line)))
      core.endGroup()
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
