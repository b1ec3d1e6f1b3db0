import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNode, runProcess } from './processes.ts'

const VERSION = '6.2.2'
/** Kept for the next bench; it is no dependency of the project. */
const FOLDER = join(tmpdir(), `bench-newman-${VERSION}`)
const SCRIPT = join(FOLDER, 'node_modules', 'newman', 'bin', 'newman.js')

/** Path of Newman's command, installed into a temp folder where it is missing; null, with the reason told, if it cannot be. */
export async function installNewman(): Promise<string | null> {
  if (existsSync(SCRIPT)) return SCRIPT
  await mkdir(FOLDER, { recursive: true })
  console.error(`Installing newman@${VERSION} into ${FOLDER} …`)
  const args = ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--ignore-scripts', `newman@${VERSION}`]
  const ran = await runProcess('npm', args, { cwd: FOLDER, env: registryVariables() }).catch((error: unknown) => ({
    exitCode: 1,
    output: String(error),
  }))
  if (ran.exitCode === 0 && existsSync(SCRIPT)) return SCRIPT
  console.error(`Newman could not be installed, so the action is not measured beside it:\n${ran.output.slice(-1000)}`)
  return null
}

export interface NewmanTarget {
  readonly url: string
  readonly key: string
  readonly ids: readonly string[]
}

/** Runs the collection of the support article over these accounts. @returns milliseconds of the whole process */
export async function runNewman(script: string, folder: string, { url, key, ids }: NewmanTarget): Promise<number> {
  const [collection, data] = [join(folder, 'collection.json'), join(folder, 'data.csv')]
  await writeFile(collection, JSON.stringify(collectionFor(url, key)))
  await writeFile(data, `account_id\n${ids.join('\n')}\n`)
  const ran = await runNode([script, 'run', collection, '-d', data, '--reporters', 'progress'])
  if (ran.exitCode !== 0) throw new Error(`Newman failed:\n${ran.output.slice(-2000)}`)
  return ran.took
}

/** One request a row: POST …/lifecycle/disable with the key as bearer token. */
function collectionFor(url: string, key: string): object {
  return {
    info: {
      name: 'Deactivate users',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    item: [
      {
        name: 'Deactivate a user',
        request: {
          method: 'POST',
          header: [
            { key: 'Content-Type', value: 'application/json' },
            { key: 'Authorization', value: `Bearer ${key}` },
          ],
          body: { mode: 'raw', raw: '{"message":"On 6-month suspension"}' },
          url: `${url}/users/{{account_id}}/manage/lifecycle/disable`,
        },
      },
    ],
  }
}

/** How this machine reaches its package registry. */
function registryVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] =>
      /^(npm_config_|https?_proxy|no_proxy|node_extra_ca)/i.test(entry[0]),
    ),
  )
}
