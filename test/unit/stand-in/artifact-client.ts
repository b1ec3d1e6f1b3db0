// Does what a step does with GitHub's own client, in a process of its own: the client reads its environment once.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DefaultArtifactClient } from '@actions/artifact'

const [folder = '', otherRun = ''] = process.argv.slice(2)
const client = new DefaultArtifactClient()
const findBy = {
  token: 't',
  workflowRunId: Number(otherRun),
  repositoryOwner: 'acme',
  repositoryName: 'users',
}
await mkdir(join(folder, 'in'))
await writeFile(join(folder, 'in', 'ä.csv'), 'User id\nann\n')
await writeFile(join(folder, 'in', 'page.html'), '<p>page</p>')
const csv = [join(folder, 'in', 'ä.csv')]
const uploaded = await client.uploadArtifact('results', csv, join(folder, 'in'), { retentionDays: 5 })
const page = [join(folder, 'in', 'page.html')]
const raw = await client.uploadArtifact('ignored', page, join(folder, 'in'), { skipArchive: true })
const taken = await client.uploadArtifact('results', csv, join(folder, 'in')).catch(String)
const { artifact } = await client.getArtifact('results')
const options = { path: join(folder, 'own'), expectedHash: artifact.digest ?? '' }
const own = await client.downloadArtifact(artifact.id, options)
const { artifacts: listed } = await client.listArtifacts({ findBy })
const theirs = await client.getArtifact('theirs', { findBy })
const other = await client.downloadArtifact(theirs.artifact.id, { findBy, path: join(folder, 'other') })
const wrong = await client.downloadArtifact(artifact.id, { path: join(folder, 'wrong'), expectedHash: 'sha256:0' })
const report = {
  uploaded,
  raw,
  taken,
  artifact,
  mismatches: [own, other, wrong].map(({ digestMismatch }) => digestMismatch),
  listed: listed.length,
  own: await readFile(join(folder, 'own', 'ä.csv'), 'utf8'),
  other: await readFile(join(folder, 'other', 'results.csv'), 'utf8'),
}
await writeFile(join(folder, 'report.json'), JSON.stringify(report))
