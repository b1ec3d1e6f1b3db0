// The licences of what the bundle holds. ncc's own option writes them chunk by chunk to the same file, so that those of
// the last chunk alone are left, and it does not look into modules that were joined.
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Folders of the packages of which some code was bundled, each once, sorted.
 *
 * @param {{ modules: Module[] }} stats what ncc writes with `--stats-out`
 * @typedef {{ nameForCondition?: string | null, modules?: Module[] }} Module joined modules hold the others
 * @returns {string[]}
 */
export function packageFolders({ modules }) {
  const folderOf = ({ nameForCondition, modules: joined = [] }) => {
    const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(String(nameForCondition).replaceAll('\\', '/')) ?? []
    return [...(folder === undefined ? [] : [folder]), ...joined.flatMap(folderOf)]
  }
  return [...new Set(modules.flatMap(folderOf))].toSorted()
}

/**
 * Name, version, licence and its text, for each package once.
 *
 * @param {string[]} folders of packages
 * @returns {string}
 */
export function licensesOf(folders) {
  const entries = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice)/i.test(file))
    const texts = files.toSorted().map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    const lines = [`${name} ${version}`, license ?? '(its package names no licence)', ...texts]
    return lines.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`).join('')
  })
  return [...new Set(entries)].toSorted().join('\n')
}
