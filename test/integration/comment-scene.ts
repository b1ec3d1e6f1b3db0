import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { parseFragment } from 'parse5'
import { expect } from 'vitest'
import { crowd } from '../stand-in/organization.ts'
import type { Scene, SceneOptions } from './guard-scene.ts'

export const BASE = 'c'.repeat(40)
export const ENV = { GITHUB_EVENT_NAME: 'pull_request' }
export const PLAN = { mode: 'plan' }
export const PEOPLE = crowd(6)

/** The event of pull request 7, by default of this repository and private. */
export function pullRequest(visibility = 'private', headRepository = 'acme/users'): object {
  const head = { sha: 'd'.repeat(40), repo: { full_name: headRepository } }
  const base = { sha: BASE, ref: 'main', repo: { full_name: 'acme/users' } }
  return { repository: { visibility, default_branch: 'main' }, pull_request: { number: 7, head, base } }
}

export function options(overrides: SceneOptions = {}): SceneOptions {
  return { people: PEOPLE, event: pullRequest(), env: ENV, ...overrides }
}

interface Element {
  readonly tagName: string
  readonly text: string
}

/** What GitHub would show of the comment: its elements in order, with their text. */
export function render(markdown: string): Element[] {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  const elements: Element[] = []
  const walk = (node: object): string => {
    // What keeps GitHub from making links and mentions is not seen.
    if ('value' in node) return String(node.value).replaceAll('\u200b', '')
    const at = elements.length
    const tagName = 'tagName' in node ? String(node.tagName) : ''
    if (tagName !== '') elements.push({ tagName, text: '' })
    const children = 'childNodes' in node && Array.isArray(node.childNodes) ? (node.childNodes as object[]) : []
    const text = children.map(walk).join('')
    if (tagName !== '') elements[at] = { tagName, text }
    return text
  }
  walk(parseFragment(html))
  return elements
}

/** The one comment that there is. */
export function only({ standIn }: Scene): string {
  expect(standIn.github.comments.length).toBe(1)
  return standIn.github.comments[0]?.body ?? ''
}

/** Texts of all elements of this name. */
export function texts(markdown: string, tagName: string): string[] {
  return render(markdown)
    .filter((element) => element.tagName === tagName)
    .map(({ text }) => text)
}
