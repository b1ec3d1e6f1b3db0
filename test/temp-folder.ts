import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives all tests of a run one temp folder, and takes it away in the end: each job and run makes folders of its own. */
export function setup(): () => void {
  // The native one also writes out the short names of Windows, such as RUNNER~1.
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'tests-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
