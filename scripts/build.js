// Compiles src/ to lib/ and bundles that into dist/: ncc's own TypeScript loader cannot read TypeScript 7.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'

const run = (tool, ...args) => execFileSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit' })

for (const folder of ['lib', 'dist']) rmSync(folder, { recursive: true, force: true })
run('typescript/bin/tsc', '-p', 'tsconfig.json')
run('@vercel/ncc/dist/ncc/cli.js', 'build', 'lib/index.js', '--out', 'dist', '--license', 'licenses.txt', '--quiet')
