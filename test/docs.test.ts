import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import { settings } from '../src/config.ts'
import { commands } from '../src/features/index.ts'
import { texts } from '../src/text/index.ts'
import { locales } from '../src/text/locale.ts'
import { environment, root } from './support/service.ts'
import { tempFolder } from './support/testClub.ts'

const fileOf = { ko: 'README.ko.md', en: 'README.md' } as const

/** What is looked at of any part of a Markdown document. */
interface Part {
  readonly type: string
  readonly children?: readonly Part[]
  readonly value?: string
  readonly url?: string
  readonly depth?: number
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const partsOf = (file: string): Part[] => all(fromMarkdown(read(file), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))
const all = (part: Part): Part[] => [part, ...(part.children ?? []).flatMap(all)]
const wordsOf = (part: Part): string => part.value ?? (part.children ?? []).map(wordsOf).join('')
const ofType = (file: string, type: string): Part[] => partsOf(file).filter((part) => part.type === type)

const headingsOf = (file: string) => ofType(file, 'heading')
/** As GitHub makes a heading's anchor. */
const anchorsOf = (file: string): string[] =>
  headingsOf(file).map((heading) =>
    wordsOf(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
const linksOf = (file: string): string[] => partsOf(file).flatMap(({ url }) => url ?? [])
const codeOf = (file: string): string[] => ofType(file, 'code').map(wordsOf)
const spansOf = (file: string): string[] => ofType(file, 'inlineCode').map(wordsOf)
const tablesOf = (file: string): string[][][] =>
  ofType(file, 'table').map(({ children = [] }) => children.map((row) => (row.children ?? []).map(wordsOf)))

const withoutComments = (code: string) => code.replaceAll(/(^|\s+)#.*$/gm, '')
const unique = (values: readonly string[]) => [...new Set(values)].sort()

describe('the two READMEs', () => {
  const { ko, en } = fileOf
  const agree = (of: (file: string) => unknown) => expect(of(ko)).toEqual(of(en))

  test('begin with the way to each other', () => {
    for (const [file, other] of [
      [ko, en],
      [en, ko],
    ] as const)
      expect(read(file).split('\n')[0]).toMatch(new RegExp(`^\\[.+\\]\\(${other}\\)$`))
  })

  test('have the same sections', () => agree((file) => headingsOf(file).map(({ depth }) => depth)))

  test('have the same commands to copy', () => agree((file) => codeOf(file).map(withoutComments)))

  test('have tables of the same rows and columns', () => agree((file) => tablesOf(file).map((table) => table.map((row) => row.length))))

  test('name the same settings, and each is one', () => {
    const settingsOf = (file: string) =>
      unique([...spansOf(file), ...codeOf(file)].flatMap((code) => code.match(/(?<=^|[\s"])[A-Z]+(?:_[A-Z]+)*(?==|$)/g) ?? []))
    agree(settingsOf)
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(settingsOf(en)))
  })

  test('lead to the same places', () => {
    // A section by its number, a document of ours without its language and its section.
    const placesOf = (file: string) =>
      unique(
        linksOf(file).map((url) =>
          url.startsWith('#') ? `#${anchorsOf(file).indexOf(url.slice(1))}` : url.replace(/^(?!https?:)(.*?)(?:\.ko)?\.md(#.*)?$/, '$1.md'),
        ),
      )
    agree(placesOf)
  })
})

describe.each(locales)('the README in %s', (locale) => {
  const file = fileOf[locale]

  test('leads to files and sections that exist', () => {
    const dead = linksOf(file)
      .filter((url) => !/^https?:/.test(url))
      .filter((url) => {
        const [path = '', anchor] = url.split('#')
        const target = path === '' ? file : path
        return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
      })
    expect(dead).toEqual([])
  })

  test('names files that exist', () => {
    const named = spansOf(file).filter((span) => /^(?:src|content|docs|test|migrations)\/|^[\w-]*\.(?:json|yaml|md|example)$/.test(span))
    expect(named).toContain('src/features/help.ts')
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('names scripts and verbs that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const typed = [...spansOf(file), ...codeOf(file)].join('\n')
    const called = [...typed.matchAll(/npm (?:run (?:-s )?)?([\w:]+)/g)].flatMap(([, script = '']) => (script === 'ci' ? [] : script))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(unique(called)))

    const usage = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts'], {
      cwd: root,
      env: environment(tempFolder()),
      encoding: 'utf8',
    })
    const verbs = [...typed.matchAll(/club -- ((?:course )?[a-z]+)/g)].map(([, verb = '']) => verb)
    expect(verbs).toContain('course preview')
    expect(unique(verbs).filter((verb) => !new RegExp(`^  ${verb}\\b`, 'm').test(usage))).toEqual([])
  })

  test('lists every command, by its names in both languages and with its options', () => {
    const [table = []] = tablesOf(file)
    const other = locale === 'ko' ? 'en' : 'ko'
    const listed = commands.map(({ name }) => {
      const { label = '', fields = {} } = texts[locale].commands[name] ?? {}
      // /settings and /club have many, and say so in words.
      const options = name === 'settings' || name === 'club' ? [] : Object.values(fields).map((field) => ` [${field.label}]`)
      return [`/${label}${options.join('')}`, `/${texts[other].commands[name]?.label}`]
    })
    expect(table.slice(1).map((row) => row.slice(0, 2))).toEqual(listed)
  })
})

describe.each(['SECURITY.md', 'PRIVACY.md', 'PRIVACY.ko.md', 'docs/operations.md'])('each promise of %s', (file) => {
  // A row: the promise, and one line a test: `file` › its title, or that of the group that holds it all.
  const promises = read(file)
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('` › '))
    .map((line) => line.split(' | '))
  const hasTitle = (path: string, title: string) => ["'", '"', '`'].some((quote) => read(path).includes(quote + title + quote))

  test('names a test that there is', () => {
    expect(promises.length).toBeGreaterThan(5)
    const missing = promises.flatMap(([promise, held = '']) =>
      held
        .replace(/ \|$/, '')
        .split('<br>')
        .filter((one) => {
          const [, path = '', title = ''] = /^`(.+?)` › (.+)$/.exec(one) ?? []
          return !existsSync(join(root, path)) || !hasTitle(path, title)
        })
        .map((one) => `${promise}: ${one}`),
    )
    expect(missing).toEqual([])
  })

  test('is in a table where every row names one', () => {
    const lines = read(file).split('\n')
    const bare = lines.filter(
      (line, i) => line.startsWith('| ') && !promises.some((row) => row.join(' | ') === line) && isPromise(lines, i),
    )
    expect(bare).toEqual([])
  })
})

/** True for a row, not the head, of a table of promises. */
function isPromise(lines: readonly string[], at: number): boolean {
  const head = lines.findLastIndex((line, i) => i < at && line.startsWith('|---'))
  const isWithin = head > 0 && lines.slice(head, at).every((line) => line.startsWith('|'))
  return isWithin && /the test that holds it|지키는 테스트/.test(lines[head - 1] ?? '')
}
