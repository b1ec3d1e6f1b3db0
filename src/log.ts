import * as core from '@actions/core'
import { logText } from './text/escape.ts'
import { maskText } from './text/mask.ts'

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
  /** The text as the log would show it: without secrets, and masked where privacy asks for it. */
  clean(text: string): string
}

/** Shorter secrets are masked as they stand only: their encodings could be ordinary words. */
const LEAST_ENCODED_SECRET = 8

export function createLog(): Log {
  const secrets: string[] = []
  let masked = true

  const clean = (text: string): string => {
    const scrubbed = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
    return masked ? maskText(scrubbed) : scrubbed
  }
  const lines = (text: string): string => clean(text).split('\n').map(logText).join('\n')
  const place = (at: Place | undefined): core.AnnotationProperties =>
    at === undefined ? {} : { file: at.file, ...(at.line > 0 ? { startLine: at.line } : {}) }

  return {
    info: (text) => core.info(lines(text)),
    notice: (text) => core.notice(lines(text)),
    warning: (text, at) => core.warning(lines(text), place(at)),
    error: (text, at) => core.error(lines(text), place(at)),
    debug: (text) => core.debug(lines(text)),
    group: (title, body) => {
      core.startGroup(lines(title))
      for (const line of body) core.info(lines(line))
      core.endGroup()
    },
    showPersonalData: (show) => {
      masked = !show
    },
    addSecret: (secret) => {
      if (secret === '') return
      for (const form of secretForms(secret)) {
        secrets.push(form)
        core.setSecret(form)
      }
    },
    clean,
  }
}

/** The secret as it stands and as it could be written by an echo: longest first, so that no rest is left over. */
function secretForms(secret: string): string[] {
  if (secret.length < LEAST_ENCODED_SECRET) return [secret]
  const base64 = Buffer.from(secret).toString('base64')
  const forms = new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    Buffer.from(`Bearer ${secret}`).toString('base64'),
  ])
  return [...forms].toSorted((a, b) => b.length - a.length)
}
