import type { GitHub } from './api.ts'
import type { Refusal } from './refusal.ts'
import { sameName } from './same-name.ts'

export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string }
  /** Such as a fork's token, or one without the permission: nothing to fail for. */
  | { readonly notice: string }

/** Writes as the job's own token does. */
const ACTIONS_BOT = 'github-actions[bot]'

/**
 * Keeps one comment of a pull request up to date: the one that begins with the marker and that this token's own
 * identity wrote. A comment of anybody else with the same marker is left alone. Never rejects.
 *
 * @param marker the hidden first line of `body`.
 */
export async function keepComment(
  github: GitHub,
  pullRequest: number,
  marker: string,
  body: string,
): Promise<CommentOutcome> {
  const comments = await github.comments(pullRequest)
  if (!comments.ok) return notWritten(comments)
  const marked = comments.value.filter((comment) => comment.body.startsWith(marker))
  const viewer = marked.length === 0 ? null : await github.viewer()
  const self = viewer?.ok === true && viewer.value !== '' ? viewer.value : ACTIONS_BOT
  const own = marked.find(({ author }) => sameName(author, self))
  if (own === undefined) {
    const created = await github.createComment(pullRequest, body)
    return created.ok ? { kind: 'created', url: created.value.url } : notWritten(created)
  }
  if (own.body.replaceAll('\r\n', '\n').trim() === body.trim()) return { kind: 'unchanged', url: own.url }
  const updated = await github.updateComment(own.id, body)
  return updated.ok ? { kind: 'updated', url: updated.value.url } : notWritten(updated)
}

function notWritten({ message }: Refusal): CommentOutcome {
  return { notice: `The plan is not on the pull request, only in the job summary. ${message}` }
}
