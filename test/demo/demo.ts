import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, type Person, person, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Step } from '../stand-in/runner.ts'
import { startStandIn } from '../stand-in/server.ts'
import { planOwnList } from './own-list.ts'
import { showLog } from './show-log.ts'

/** Where the demo leaves what it made; git ignores it. */
const OUTPUT = join(import.meta.dirname, '..', '..', 'demo-output')

const say = (text: string): void => console.log(text)

const [own] = process.argv.slice(2)
if (own !== undefined) process.exit(await planOwnList(own, join(OUTPUT, 'own')))

const people = demoPeople()
await using standIn = await startStandIn(createOrganization({ id: 'acme', people }))
const job = await createJob(
  { 'users.csv': toDirectoryCsv(people), 'keep.txt': '# Partners stay.\n*@partner.example.org\n' },
  { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url },
)
const inputs = {
  'users-file': 'users.csv',
  'exclude-file': 'keep.txt',
  'executing-user': 'ada.admin@example.com',
  'organization-id': 'acme',
  'api-key': standIn.organization.key,
  'atlassian-api-url': standIn.url,
  'canary-size': '3',
  'max-percent': '98',
  message: 'Demo: left after the test migration',
}

await rm(OUTPUT, { recursive: true, force: true })
say(`A stand-in organization with ${people.length} people runs at ${standIn.url}.\n`)
const plan = await step('plan', {})
await step('apply', { 'approved-plan': plan.outputs['plan-digest'] ?? '' })

say(
  `The organization itself says: ${standIn.organization.changes.length} accounts were deactivated, in ${standIn.organization.calls.length} calls.`,
)
say('\nSee what a run leaves:')
for (const file of [
  'plan/summary.md',
  'plan/report.html',
  'plan/results.csv',
  'apply/summary.md',
  'apply/results.csv',
  'apply/journal.jsonl',
  'apply/report.html',
]) {
  say(`  ${join(relative(process.cwd(), OUTPUT), file)}`)
}

/** Runs one step as the runner would, shows its log, and keeps what it made. */
async function step(mode: 'plan' | 'apply', more: Readonly<Record<string, string>>): Promise<Step> {
  say(`── mode: ${mode} ${'─'.repeat(60)}`)
  const done = await job.run({ ...inputs, ...more, mode })
  say(showLog(done.log))
  if (done.exitCode !== 0) throw new Error(`The step failed with exit code ${done.exitCode}.`)
  const folder = join(OUTPUT, mode)
  await mkdir(folder, { recursive: true })
  await cp(done.outputs['results-path'] ?? '', folder, { recursive: true })
  await writeFile(join(folder, 'summary.md'), done.summary)
  return done
}

/** Some 300 people: most of them may go, and of everybody who may not there is an example. */
function demoPeople(): Person[] {
  const somebody = crowd(290, 'demo')
  return [
    person({
      id: '557058:ada-admin',
      name: 'Ada Admin',
      email: 'ada.admin@example.com',
      roles: ['atlassian/org-admin'],
    }),
    person({
      id: '557058:olu-admin',
      name: 'Olu Admin',
      email: 'olu.admin@example.com',
      roles: ['atlassian/org-admin'],
    }),
    ...somebody.map((someone, index) =>
      index % 40 === 7 ? { ...someone, accountStatus: 'inactive' as const } : someone,
    ),
    ...[1, 2, 3, 4, 5].map((number) =>
      person({
        id: `70121:partner-${number}`,
        name: `Partner ${number}`,
        email: `partner.${number}@partner.example.org`,
      }),
    ),
    person({
      id: '712020:synced-sam',
      name: 'Synced Sam',
      email: 'sam@example.com',
      managementSource: 'synced',
      manageRefusal: 'externalDirectory.scim',
    }),
    person({ id: '557058:build-bot', name: 'Build Bot', email: 'bot@example.com', accountType: 'app' }),
  ]
}
