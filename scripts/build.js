// Compiles src/ to lib/ and bundles that into dist/: ncc's own TypeScript loader cannot read TypeScript 7.
// `--into FOLDER` builds FOLDER/lib, FOLDER/dist and FOLDER/action instead, to try something beside the committed bundle.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { licensesOf, packageFolders } from './licenses.js'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

const into = process.argv[2] === '--into' ? (process.argv[3] ?? '.') : '.'
const [lib, dist, action] = ['lib', 'dist', 'action'].map((folder) => join(into, folder))
for (const folder of [lib, dist, action]) rmSync(folder, { recursive: true, force: true })
run('typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', lib)
run(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  join(lib, 'index.js'),
  '--out',
  dist,
  '--stats-out',
  join(lib, 'stats.json'),
  '--quiet',
)
const stats = JSON.parse(readFileSync(join(lib, 'stats.json'), 'utf8'))
writeFileSync(join(dist, 'licenses.txt'), licensesOf(packageFolders(stats)))

// The post step is the same bundle. It is told so by its own entry: a main step that was killed before it could save
// a state must never be started a second time in the place of its post step.
writeFileSync(join(dist, 'post.js'), `process.env['STATE_main-began'] = 'true'\nawait import('./index.js')\n`)

// Workflows of this repository name the action as $/action: a reference to their own repository needs a path. Here it is
// the same action, and no input is declared twice by hand.
mkdirSync(action)
const [declared, runs] = readFileSync('action.yml', 'utf8').split(/^(?=runs:)/m)
const note = '# Made of ../action.yml by "npm run build", for workflows of this repository: uses: $/action\n'
writeFileSync(join(action, 'action.yml'), `${note}${declared}${runs.replaceAll(': dist/', ': ../dist/')}`)
