import { resolve } from 'node:path'
import type { Log } from '../log.ts'
import { quote } from '../text/words.ts'
import { INPUTS, type InputName, type Settings, type Use } from './inputs.ts'

/** True for a plan that plans a restore. */
export function plansRestore({ mode, resultsArtifact }: Settings): boolean {
  return mode === 'plan' && resultsArtifact.length > 0
}

/** What the run uses its inputs for. */
export function useOf(settings: Settings): Use {
  return plansRestore(settings) ? 'plan-of-restore' : settings.mode
}

/** Whether the run looks at the input. */
export function isUsed(name: InputName, settings: Settings): boolean {
  return INPUTS[name].usedBy.includes(useOf(settings))
}

/** What is wrong with inputs that are right one by one. @param workspace the folder that paths are relative to */
export function contradictions(settings: Settings, workspace: string, clean: Log['clean']): string[] {
  const { mode, usersFile, idleDays } = settings
  const isFind = mode === 'find'
  const isBlind = settings.organizationId === ''
  const hasList = usersFile !== '' || settings.usersArtifact !== ''
  const hasResults = settings.resultsArtifact.length > 0
  const nothing = `found nothing, but mode "${mode}" needs`
  const list = `Input "users-file": ${nothing} a user list: set "users-file" or "users-artifact"`
  return [
    (mode === 'restore' || mode === 'verify') &&
      !hasResults &&
      `Input "results-artifact": ${nothing} the name of at least one earlier results artifact.`,
    mode === 'apply' && !hasList && `${list}.`,
    mode === 'plan' && !hasList && !hasResults && `${list} (or "results-artifact" to plan a restore).`,
    mode === 'plan' &&
      hasList &&
      hasResults &&
      'Inputs "users-file"/"users-artifact" and "results-artifact" are both set, but a plan is either of a list or of a restore. Remove one.',
    idleDays > 0 &&
      !isFind &&
      isBlind &&
      isUsed('idle-days', settings) &&
      `Input "idle-days": found "${idleDays}", but only the directory tells who was active when. Set "organization-id", or leave "idle-days" out.`,
    isFind && isBlind && `Input "organization-id": ${nothing} the organization whose directory it reads.`,
    isFind &&
      usersFile !== '' &&
      !isWritable(settings, workspace) &&
      `Input "users-file": found ${quote(clean(usersFile))}, but mode "find" writes its list there; allowed: a path that ends in ".csv", ` +
        'leads through no ".git" or ".github", and is not that of "exclude-file" or "include-file".',
  ].filter((problem) => problem !== false)
}

/** Names as Windows and macOS take them too: in any case, with dots and blanks at the end, or the short name. */
const GIT_FOLDER = /^(\.git(hub)?|git(hub)?~\d+)[. ]*(:.*)?$/i

/** Whether `find` may write its list to `users-file`. */
function isWritable({ usersFile, excludeFile, includeFile }: Settings, workspace: string): boolean {
  // One file may have several names where the file system knows no case.
  const place = (path: string): string => resolve(workspace, path.replaceAll('\\', '/')).normalize('NFC').toLowerCase()
  const rules = [excludeFile, includeFile].filter((path) => path !== '').map(place)
  const isGit = usersFile.split(/[/\\]/).some((part) => GIT_FOLDER.test(part))
  return /\.csv$/i.test(usersFile) && !isGit && !rules.includes(place(usersFile))
}
