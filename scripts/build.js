// Compiles src/ to lib/ and bundles that into dist/: ncc's own TypeScript loader cannot read TypeScript 7.
// `--into FOLDER` builds FOLDER/lib and FOLDER/dist instead, to try something beside the committed bundle.
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

const into = process.argv[2] === '--into' ? (process.argv[3] ?? '.') : '.'
const [lib, dist] = [join(into, 'lib'), join(into, 'dist')]
for (const folder of [lib, dist]) rmSync(folder, { recursive: true, force: true })
run('typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', lib)
run(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  join(lib, 'index.js'),
  '--out',
  dist,
  '--license',
  'licenses.txt',
  '--quiet',
)

// The post step is the same bundle. It is told so by its own entry: a main step that was killed before it could save
// a state must never be started a second time in the place of its post step.
writeFileSync(join(dist, 'post.js'), `process.env['STATE_main-began'] = 'true'\nawait import('./index.js')\n`)
