import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { checkCourses } from '../../src/course/check.ts'
import { parseLesson } from '../../src/course/parse.ts'
import { formatProblem } from '../../src/course/problem.ts'
import { parseCourse, parseDiagram, parseFlow, parseLab, parseMyths, parseSources, parseUnverified } from '../../src/course/shapes.ts'
import type { Parsed } from '../../src/course/yaml.ts'
import { locales } from '../../src/text/locale.ts'
import { writeCourse } from '../support/courseOf.ts'
import { contentDir, tempFolder } from '../support/testClub.ts'
import { changedText, expectUnpolluted, oddText, runs } from './odd.ts'

afterAll(expectUnpolluted)

const [ourCourse = ''] = readdirSync(join(contentDir, 'courses'))
const folder = join(contentDir, 'courses', ourCourse)
const filesIn = (path: string, ending: string) =>
  readdirSync(join(folder, path))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, path, name), 'utf8'))
const one = (name: string) => [readFileSync(join(folder, name), 'utf8')]

/** Texts that make some readers of YAML or Markdown grow, loop or give up. */
const bombs = [
  `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]`,
  'a: &a [*a]',
  '['.repeat(1000),
  '{a: '.repeat(700),
  '- '.repeat(1000),
  '> '.repeat(1000),
  '*a '.repeat(1000),
  '[a]('.repeat(700),
  '__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }',
  '? [a, b]\n: c',
  '!!js/function "function () {}"',
  '%YAML 9.9\n---\n...\n---\n',
  '\ufeff---\nid: L1\n---\n',
]

/** A file is read or refused, with its line and a remedy, and never anything else. */
function expectRead({ value, problems }: Parsed<unknown>, source: string): void {
  if (value === undefined) expect(problems.length).toBeGreaterThan(0)
  const lines = source.split('\n').length + 1
  for (const problem of problems) {
    expect(Number.isInteger(problem.line) && problem.line >= 1 && problem.line <= lines).toBe(true)
    expect(formatProblem(problem)).not.toMatch(/\[object | {4}at |node_modules|\bNaN\b/)
    expect(problem.message.trim()).not.toBe('')
  }
}

describe('whatever an author writes is read, or refused with its line', () => {
  const readers = {
    'a lesson': [filesIn('', '.md'), (source, file) => parseLesson(source, file, 'ko')],
    'course.yaml': [one('course.yaml'), parseCourse],
    'sources.yaml': [one('sources.yaml'), (source, file) => parseSources(source, file, locales)],
    'myths.yaml': [one('myths.yaml'), (source, file) => parseMyths(source, file, locales)],
    'unverified.yaml': [one('unverified.yaml'), (source, file) => parseUnverified(source, file, locales)],
    'flow.yaml': [one('flow.yaml'), (source, file) => parseFlow(source, file, locales)],
    'a lab': [filesIn('labs', '.yaml'), (source, file) => parseLab(source, file, locales)],
    'a diagram': [filesIn('diagrams', '.yaml'), (source, file) => parseDiagram(source, file, locales)],
  } satisfies Record<string, [texts: string[], read: (source: string, file: string) => Parsed<unknown>]>
  test.each(Object.entries(readers))('%s', { timeout: 600_000 }, (_, [texts, read]) => {
    // The beginnings of long files: what goes wrong does not take a whole one.
    const short = texts.map((text) => text.slice(0, 6000))
    const source = fc.oneof({ weight: 5, arbitrary: changedText(short) }, { weight: 1, arbitrary: oddText })
    const front = oddText.map((text) => `---\n${text}\n---\n${text}`)
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: source }, { weight: 1, arbitrary: front }), (written) =>
        expectRead(read(written, 'file'), written),
      ),
      runs(25),
    )
  })

  // All files of YAML are read by the same reader.
  test.each(['a lesson', 'myths.yaml'] as const)('%s that is made to grow, to loop or to be given up', { timeout: 600_000 }, (file) => {
    const [, read] = readers[file]
    for (const bomb of bombs) {
      for (const written of [bomb, `---\n${bomb}\n---\n`, `---\nid: L1\ntitle: t\nhook: h\n---\n${bomb}`])
        expectRead(read(written, 'file'), written)
    }
  })

  test('a folder in which one file is odd', { timeout: 600_000 }, () => {
    const clean = writeCourse(tempFolder(), 2)
    const names = readdirSync(join(clean, 'courses', 'many-days'))
    const texts = names.map((name) => readFileSync(join(clean, 'courses', 'many-days', name), 'utf8'))
    const content = tempFolder()
    cpSync(clean, content, { recursive: true })
    fc.assert(
      fc.property(fc.nat(names.length - 1), fc.oneof(changedText(texts), oddText), (at, written) => {
        const file = join(content, 'courses', 'many-days', names[at] ?? '')
        writeFileSync(file, written)
        const { problems } = checkCourses(content)
        for (const problem of problems) expect(formatProblem(problem)).not.toMatch(/\[object | {4}at |node_modules|\bNaN\b/)
        writeFileSync(file, texts[at] ?? '')
      }),
      runs(15),
    )
    expect(checkCourses(content).problems).toEqual(checkCourses(clean).problems)
  })
})
