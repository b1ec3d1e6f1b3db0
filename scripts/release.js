// What releasing the version in package.json means, or why it cannot be released. Reads the existing tags from stdin,
// one per line, and hands the answer to the steps of a workflow: `git tag | node scripts/release.js` only shows it.
import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'

/**
 * @param {object} from
 * @param {string} from.version the version to release
 * @param {string} from.changelog CHANGELOG.md
 * @param {readonly string[]} from.tags every tag that exists
 * @returns {{ tag: string, major: string, prerelease: boolean, notes: string }} `major` is the tag to move, '' for none
 * @throws {Error} that says what to do first
 */
export function planRelease({ version, changelog, tags }) {
  const asked = parseVersion(version)
  if (asked === null) throw new Error(`package.json: "${version}" is not a version such as 1.2.3 or 1.2.3-rc.1.`)
  const tag = `v${version}`
  if (tags.includes(tag)) throw new Error(`The tag ${tag} exists: raise the version in package.json.`)

  const major = asked.prerelease ? '' : `v${asked.numbers[0]}`
  const newer = tags.find((other) => major !== '' && isNewer(parseVersion(other.replace(/^v/, '')), asked))
  if (newer !== undefined) throw new Error(`${newer} is out already: ${tag} would take ${major} back to older code.`)
  return { tag, major, prerelease: asked.prerelease, notes: notesOf(version, changelog) }
}

function parseVersion(text) {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z]+(?:\.[0-9a-z]+)*)?$/.exec(text)
  return match && { numbers: match.slice(1, 4).map(Number), prerelease: match[4] !== undefined }
}

/** Whether a version is a release of the same major version, and newer. */
function isNewer(version, { numbers: [major, minor, patch] }) {
  if (version === null || version.prerelease || version.numbers[0] !== major) return false
  return version.numbers[1] > minor || (version.numbers[1] === minor && version.numbers[2] > patch)
}

/**
 * The section of a version, without its heading: from `## [1.2.3] - 2026-01-31` to the next such heading.
 *
 * @param {string} version
 * @param {string} changelog
 * @throws {Error} when it is missing, there twice, not dated, or empty
 */
export function notesOf(version, changelog) {
  const sections = changelog.split(/^## /m).slice(1)
  const [section, another] = sections.filter((text) => text.startsWith(`[${version}]`))
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## [${version}] - <date>".`)
  if (another !== undefined) throw new Error(`CHANGELOG.md has more than one section for ${version}.`)

  const [heading = '', ...lines] = section.split('\n')
  if (!/\] - \d{4}-\d{2}-\d{2}$/.test(heading.trimEnd())) {
    throw new Error(`CHANGELOG.md, "## ${heading.trimEnd()}": give it the day of the release, as in "2026-01-31".`)
  }
  // Link definitions stand under the last section, but belong to the whole file.
  const notes = lines.filter((line) => !/^\[[^\]]+\]: /.test(line)).join('\n')
  if (notes.replaceAll(/^#.*$/gm, '').trim() === '') throw new Error(`CHANGELOG.md says nothing about ${version}.`)
  return notes.trim()
}

/** As GITHUB_OUTPUT takes it; no text can end its own value. */
export function asOutputs(outputs) {
  return Object.entries(outputs)
    .map(([name, value]) => {
      const end = randomUUID()
      return `${name}<<${end}\n${value}\n${end}\n`
    })
    .join('')
}

if (import.meta.main) {
  try {
    const plan = planRelease({
      version: JSON.parse(readFileSync('package.json', 'utf8')).version,
      changelog: readFileSync('CHANGELOG.md', 'utf8'),
      tags: readFileSync(0, 'utf8').split('\n').filter(Boolean),
    })
    if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, asOutputs(plan))
    console.log(`${plan.tag}${plan.major && `, and ${plan.major} moves there`}\n\n${plan.notes}`)
  } catch (error) {
    console.error(`This version cannot be released. ${error.message}`)
    process.exitCode = 1
  }
}
