import { checkPullRequestApproval, type ReviewedFile } from '../../../src/approval/pull-request.ts'
import { blobSha } from '../../../src/subject/subject.ts'
import { contextOf, githubOf, LIST, type World, world } from './world.ts'

export const USERS: ReviewedFile = {
  role: 'users-file',
  path: 'users.csv',
  realPath: 'users.csv',
  blobSha: blobSha(LIST),
  size: LIST.length,
}
export const EXCLUDED: ReviewedFile = {
  role: 'exclude-file',
  path: 'keep.txt',
  realPath: 'keep.txt',
  blobSha: blobSha(LIST),
  size: LIST.length,
}
export const INCLUDED: ReviewedFile = {
  role: 'include-file',
  path: 'only.txt',
  realPath: 'only.txt',
  blobSha: blobSha(LIST),
  size: LIST.length,
}

export interface Question {
  readonly files?: readonly ReviewedFile[] | null
  readonly plan?: string
}

/** The verdict on a run in a world like the default one, but for what is given. */
export function check(overrides: Partial<World>, question: Question = {}) {
  return checkIn(world(overrides), question)
}

export function checkIn(facts: World, question: Question = {}) {
  const files = question.files === undefined ? [USERS, EXCLUDED, INCLUDED] : question.files
  return checkPullRequestApproval(githubOf(facts), contextOf(facts), files, question.plan ?? '')
}
