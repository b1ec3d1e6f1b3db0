import type { RunContext } from '../github/context.ts'
import type { CalledWorkflow } from '../github/facts.ts'
import { sameName } from '../github/same-name.ts'
import { quote } from '../text/words.ts'
import { type Objection, object } from './verdict.ts'

/**
 * Judges the workflows that a run calls, because the inputs may stand in any of them: one of this repository must be the
 * one of the run's commit, and is judged like the caller's file; one of another repository must be called at a full
 * commit, which the caller's file fixes. The repository of the running action itself is trusted as the action is.
 *
 * @returns the paths of those of this repository, below its root
 */
export function judgeCalledWorkflows(called: readonly CalledWorkflow[], context: RunContext): string[] | Objection {
  const own: string[] = []
  for (const { path: text, sha } of called) {
    const workflow = `The called workflow ${quote(text)}`
    const refuse = (found: string, goOn: string) => object('called-workflow', `${workflow} ${found}`, goOn)
    // A name with an "@" of its own could be taken for another one.
    const [, repository = '', path = '', at = ''] = /^([^/@]+\/[^/@]+)\/([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
    if (repository === '')
      return refuse('cannot be distinguished from others.', 'Leave "@" out of the names of workflow files.')
    if (sameName(repository, context.repository.fullName)) {
      if (sha !== context.sha) {
        const found = `was read from commit ${sha.slice(0, 7)}, not from this run's ${context.sha.slice(0, 7)}.`
        return refuse(found, `Write "uses: ./${path}", and start a new run.`)
      }
      own.push(path)
      continue
    }
    const isFixed = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(at) && at === sha
    if (!isFixed && !sameName(repository, context.actionRepository)) {
      const goOn = `Call it at a full commit: "uses: ${repository}/${path}@${sha}".`
      return refuse("of another repository can change without anybody's approval here.", goOn)
    }
  }
  return own
}
