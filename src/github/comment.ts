import type { GitHub } from './api.ts'
import { sameName } from './facts.ts'
import type { Refusal } from './refusal.ts'

/** Keeps this token's own comment with the marker, its hidden first line, up to date; nobody else's. Never rejects. */
export async function keepComment(github: GitHub, pullRequest: number, marker: string, body: string) {
  const comments = await github.comments(pullRequest)
  if (!comments.ok) return notWritten(comments)
  const marked = comments.value.filter((comment) => comment.body.startsWith(marker))
  const viewer = marked.length === 0 ? null : await github.viewer()
  // Where the token cannot tell, it is the job's own.
  const self = viewer?.ok === true && viewer.value !== '' ? viewer.value : 'github-actions[bot]'
  const own = marked.find(({ author }) => sameName(author, self))
  if (own !== undefined && own.body.replaceAll('\r\n', '\n').trim() === body.trim())
    return { kind: 'unchanged', url: own.url }
  const written = await (own === undefined
    ? github.createComment(pullRequest, body)
    : github.updateComment(own.id, body))
  return written.ok ? { kind: own === undefined ? 'created' : 'updated', url: written.value.url } : notWritten(written)
}

/** Such as for a fork's token, or one without the permission: nothing to fail for. */
function notWritten({ message }: Refusal) {
  return { notice: `The plan is not on the pull request, only in the job summary. ${message}` }
}
