import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createJob } from '../stand-in/runner.ts'
import { showLog } from './show-log.ts'

/**
 * Plans somebody's own list as the runner would, offline: without a key nothing is asked of Atlassian, and the file stays
 * on this machine. Shows the log, and tells where summary, page and results lie.
 *
 * @param path as it was written on the command line
 * @param output folder for what the plan leaves; emptied first
 * @returns the exit code of the step
 */
export async function planOwnList(path: string, output: string): Promise<number> {
  // npm runs its scripts in the project's folder, wherever it was called.
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), path)
  const content = await readFile(file).catch(() => null)
  if (content === null) {
    console.error(`There is no file ${file}, or it cannot be read.`)
    return 1
  }
  const name = basename(file)
  const job = await createJob({ [name]: content })
  const inputs = { mode: 'plan', 'users-file': name, 'max-users': '1000000', privacy: 'full' }
  const done = await job.run(inputs)
  // Here is no artifact service, and nothing that would need one.
  console.log(showLog(done.log.replaceAll(/^::notice.*artifact service.*\n/gm, '')))
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  if ((done.outputs['results-path'] ?? '') !== '')
    await cp(done.outputs['results-path'] ?? '', output, { recursive: true })
  await writeFile(join(output, 'summary.md'), done.summary)
  console.log('Nothing was sent anywhere. See the plan:')
  console.log(`  summary  ${relative(process.cwd(), join(output, 'summary.md'))}`)
  if (done.results.length > 0) {
    console.log(`  page     ${pathToFileURL(join(output, 'report.html')).href}`)
    console.log(`  results  ${relative(process.cwd(), join(output, 'results.csv'))}`)
  }
  return done.exitCode ?? 1
}
