import type { RunContext } from '../github/context.ts'
import type { RunFacts } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'
import { quote } from '../text/words.ts'
import { object } from './verdict.ts'

/**
 * Judges the workflows that a run calls, because the inputs may stand in any of them: one of this repository must be the
 * one of the run's commit, and is judged like the caller's file; one of another repository must be called at a full
 * commit, which the caller's file fixes. The repository of the running action itself is trusted as the action is.
 *
 * @returns the paths of those of this repository, below its root
 */
export function judgeCalledWorkflows(called: NonNullable<RunFacts['calledWorkflows']>, context: RunContext) {
  const own: string[] = []
  for (const { path: text, sha } of called) {
    const refuse = (found: string, fix: string) =>
      object('called-workflow', `The called workflow ${quote(text)} ${found}`, fix)
    // A name with an "@" of its own could be taken for another one.
    const [, repository = '', path = '', at = ''] = /^([^/@]+\/[^/@]+)\/([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
    if (repository === '')
      return refuse('cannot be distinguished from others.', 'Leave "@" out of the names of workflow files.')
    const isOwn = sameName(repository, context.repository.fullName)
    if (isOwn && sha !== context.sha) {
      const found = `was read from commit ${sha.slice(0, 7)}, not from this run's ${context.sha.slice(0, 7)}.`
      return refuse(found, `Write "uses: ./${path}", and start a new run.`)
    }
    const isFixed = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(at) && at === sha
    if (!isOwn && !isFixed && !sameName(repository, context.actionRepository)) {
      const fix = `Call it at a full commit: "uses: ${repository}/${path}@${sha}".`
      return refuse("of another repository can change without anybody's approval here.", fix)
    }
    if (isOwn) own.push(path)
  }
  return own
}
