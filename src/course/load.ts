// Purpose: the content folder -> courses. What cannot be used is reported and left out, so that one bad file does not stop the club.
import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { locales as everyLocale, type Locale } from '../text/locale.ts'
import { keysIn, withNumbers, withoutKeys } from './claims.ts'
import type { Both, Course, Diagram, Flow, Lab, Lesson, LessonText, Myth, Source } from './course.ts'
import { parseLesson, type WrittenLesson } from './parse.ts'
import { error, type Problem, suggest } from './problem.ts'
import {
  type CourseHead,
  parseCourse,
  parseDiagram,
  parseFlow,
  parseLab,
  parseMyths,
  parseSources,
  parseUnverified,
  type Unverified,
  type WrittenFlow,
  type WrittenMyth,
} from './shapes.ts'
import type { Parsed } from './yaml.ts'

/** Reads every course under `courses/`. A lesson with an error is left out in all its languages; the others keep their order. */
export function loadCourses(contentDir: string): { courses: Course[]; problems: Problem[] } {
  const read = readCourses(contentDir)
  return { courses: read.courses.flatMap(({ course }) => course ?? []), problems: read.problems }
}

/** A course and the files that it came from, for `check`. */
export interface ReadCourse {
  /** Relative to the content folder. */
  readonly folder: string
  /** Absent when course.yaml cannot be used. */
  readonly course: Course | undefined
  readonly head: CourseHead | undefined
  readonly lessons: readonly LessonFile[]
  readonly myths: Parsed<readonly (WrittenMyth | undefined)[]>
  readonly sources: Parsed<ReadonlyMap<string, Source | undefined>>
  readonly diagrams: ReadonlyMap<string, Parsed<Diagram>>
  /** By the lesson's id, which is the file's name. */
  readonly labs: ReadonlyMap<string, Parsed<Lab>>
  readonly flow: Parsed<WrittenFlow>
  readonly unverified: Parsed<readonly (Unverified | undefined)[]>
}

export interface LessonFile extends Parsed<WrittenLesson> {
  /** The file's name without its language: the same for both languages of a lesson. */
  readonly stem: string
  readonly locale: Locale
}

/** Every course with its files, and the problems of all of them. */
export function readCourses(contentDir: string): { courses: ReadCourse[]; problems: Problem[] } {
  const entries = list(join(contentDir, 'courses'))
  if (!entries) {
    return {
      courses: [],
      problems: [error('courses', 1, 'there is no folder of this name; write a course with: npm run club course new "Title"')],
    }
  }
  const problems: Problem[] = []
  const folders = entries.filter((name) => statSync(join(contentDir, 'courses', name), { throwIfNoEntry: false })?.isDirectory())
  return { courses: folders.map((name) => readCourse(contentDir, name, problems)), problems }
}

function readCourse(contentDir: string, name: string, problems: Problem[]): ReadCourse {
  const folder = `courses/${name}`
  const file = <T>(path: string, parse: (source: string, file: string) => Parsed<T>, optional?: 'optional') => {
    const read = readFile(contentDir, `${folder}/${path}`, parse, optional)
    problems.push(...read.problems)
    return read
  }

  const head = file('course.yaml', parseCourse).value
  const locales: readonly Locale[] = head ? everyLocale.filter((locale) => head.locales.includes(locale)) : everyLocale
  type Parse<T> = (source: string, path: string, locales: readonly Locale[]) => Parsed<T>
  const optional = <T>(path: string, parse: Parse<T>) => file(path, (source, at) => parse(source, at, locales), 'optional')
  const every = <T>(kind: string, parse: Parse<T>) => {
    const found = new Map<string, Parsed<T>>()
    for (const entry of list(join(contentDir, folder, kind)) ?? []) {
      if (entry.endsWith('.yaml')) found.set(entry.replace(/\.yaml$/, '').normalize('NFC'), optional(`${kind}/${entry}`, parse))
      else problems.push(error(`${folder}/${kind}/${entry}`, 1, `this is not one of the ${kind}; name it <id>.yaml or move it out`))
    }
    return found
  }

  const sources = optional('sources.yaml', parseSources)
  const myths = optional('myths.yaml', parseMyths)
  const unverified = optional('unverified.yaml', parseUnverified)
  const labs = every('labs', parseLab)
  const diagrams = every('diagrams', parseDiagram)
  const flow = has(join(contentDir, folder, 'flow.yaml')) ? optional('flow.yaml', parseFlow) : absent<WrittenFlow>(`${folder}/flow.yaml`)
  if (flow.value) diagrams.set('flow', { ...flow, value: flow.value.picture, problems: [] })

  const lessons: LessonFile[] = []
  for (const entry of list(join(contentDir, folder)) ?? []) {
    const [, stem, suffix] = /^(\d{2,}-[\p{L}\p{N}_-]+)\.([a-z]+)\.md$/u.exec(entry.normalize('NFC')) ?? []
    const locale = everyLocale.find((known) => known === suffix)
    if (stem && locale && locales.includes(locale)) {
      lessons.push({ stem, locale, ...file(entry, (source, path) => parseLesson(source, path, locale)) })
    } else if (stem && locale) {
      const message = `the course is not in "${locale}"; add ${locale} to locales in course.yaml, or remove this file`
      problems.push(error(`${folder}/${entry}`, 1, message))
    } else if (!otherEntries.includes(entry)) {
      const message = 'this is not named like a lesson; name it NN-slug.ko.md or NN-slug.en.md, such as 03-chroot.ko.md, or move it out'
      problems.push(error(`${folder}/${entry}`, 1, message))
    }
  }
  lessons.sort(
    (a, b) =>
      numberOf(a) - numberOf(b) ||
      Number(a.stem > b.stem) - Number(a.stem < b.stem) ||
      everyLocale.indexOf(a.locale) - everyLocale.indexOf(b.locale),
  )

  const read = { folder, head, lessons, myths, sources, diagrams, labs, flow, unverified }
  const steps = flowOf(read, problems)
  const parts = { lessons: joinLessons(read, locales, problems), myths: joinMyths(read, problems), ...(steps && { flow: steps }) }
  return { ...read, course: head && { id: name.normalize('NFC'), title: head.title, locales, ...parts } }
}

/** What a course's folder holds besides its lessons. */
const otherEntries = ['course.yaml', 'sources.yaml', 'myths.yaml', 'flow.yaml', 'unverified.yaml', 'diagrams', 'labs']

const absent = <T>(file: string): Parsed<T> => ({ file, value: undefined, lineOf: () => 1, problems: [] })

/** The place in the course that a lesson's file name gives it. */
export function numberOf({ stem }: Pick<LessonFile, 'stem'>): number {
  return Number.parseInt(stem, 10)
}

/** The languages of each lesson put together, in order. An id that is taken or languages that disagree show up here. */
function joinLessons(read: Read, locales: readonly Locale[], problems: Problem[]): Lesson[] {
  const report = ({ file, lineOf }: LessonFile, path: readonly (string | number)[], message: string) =>
    problems.push(error(file, lineOf(...path), message))
  const idIsIn = new Map<string, string>()
  const lessons: Lesson[] = []

  for (const stem of new Set(read.lessons.map((lesson) => lesson.stem))) {
    const before = problems.length
    const files = read.lessons.filter((lesson) => lesson.stem === stem)
    for (const locale of locales) {
      if (files[0] && !files.some((file) => file.locale === locale)) {
        const message = `the lesson is not there in "${locale}"; write ${stem}.${locale}.md, or take ${locale} out of locales in course.yaml`
        problems.push(error(files[0].file, 1, message))
      }
    }
    const [first, ...others] = files
    if (!first?.value) continue
    const { id, pictures, requires } = first.value.front

    const taken = idIsIn.get(id)
    if (taken) report(first, ['id'], `the id "${id}" is taken by ${taken}; choose one that no lesson has had`)
    else idIsIn.set(id, first.file)
    for (const other of others) {
      for (const { path, message } of differences(first, other)) report(other, path, message)
    }
    if (problems.length > before || files.some((file) => !file.value)) continue

    const sourceKeys = keysIn(written(first.value))
    const text = Object.fromEntries(files.flatMap(({ locale, value }) => (value ? [[locale, shown(value, sourceKeys, read, locale)]] : [])))
    const shownIn = Object.entries(pictures).flatMap(([part, diagram]) => {
      const picture = diagram === undefined ? undefined : read.diagrams.get(diagram)?.value
      return picture ? [[part, picture] as const] : []
    })
    const lab = read.labs.get(id)?.value
    const allKeys = [...new Set([...sourceKeys, ...shownIn.flatMap(([, picture]) => picture.sources)])]
    lessons.push({
      id,
      text,
      pictures: Object.fromEntries(shownIn),
      requires,
      sources: allKeys.flatMap((key) => read.sources.value?.get(key) ?? []),
      ...(lab && { lab }),
    })
  }

  // What cannot be found is an error, and yet the lesson can be read without it.
  for (const file of read.lessons) {
    const { pictures = {}, sections = [] } = file.value?.front ?? {}
    for (const [part, diagram] of Object.entries(pictures)) {
      if (diagram === undefined || read.diagrams.has(diagram)) continue
      report(file, ['pictures', part], `there is no diagrams/${diagram}.yaml; ${suggest(diagram, [...read.diagrams.keys()])}`)
    }
    for (const [i, section] of sections.entries()) {
      const known = Object.keys(read.head?.sections ?? {})
      if (read.head && !known.includes(section))
        report(file, ['sections', i], `"${section}" is not among the sections in course.yaml; ${suggest(section, known)}`)
    }
    for (const { part, path, markdown } of file.value ? partsOf(file.value) : []) {
      for (const key of keysIn(markdown)) {
        if (read.sources.value?.has(key) || read.unverified.value?.some((fact) => fact?.id === key)) continue
        if (read.sources.value) report(file, path, `${part}: ${unknownSource(key, read)}`)
      }
    }
  }
  for (const { file, value, lineOf } of read.diagrams.values()) {
    for (const [i, key] of value?.sources.entries() ?? []) {
      if (read.sources.value?.has(key) === false) problems.push(error(file, lineOf('sources', i), unknownSource(key, read)))
    }
  }
  return lessons
}

type Read = Omit<ReadCourse, 'course'>

/** The texts of a lesson that name sources: `part` in words, `path` for its line. */
export function partsOf({ text }: WrittenLesson): { part: string; path: (string | number)[]; markdown: string }[] {
  return [
    { part: 'the channel part', path: ['channel'], markdown: text.channel },
    { part: 'read more', path: ['more'], markdown: text.more },
    { part: 'the full lesson', path: ['full'], markdown: text.full },
    ...text.questions.map(({ text: asked, options }, i) => ({
      part: `question ${i + 1}`,
      path: ['questions', i],
      markdown: [asked, ...options.flatMap(({ text, remark }) => [text, remark])].join('\n\n'),
    })),
  ]
}

const written = (lesson: WrittenLesson): string => partsOf(lesson).reduce((all, { markdown }) => `${all}\n\n${markdown}`, '')

/** A lesson as its readers see it: sources as numbers, sections by their titles. */
function shown({ front, text }: WrittenLesson, sourceKeys: readonly string[], { head, sources }: Read, locale: Locale): LessonText {
  const order = sourceKeys.filter((key) => sources.value?.get(key))
  return {
    ...text,
    section: front.sections.flatMap((section) => head?.sections[section]?.[locale] ?? []).join(' / '),
    channel: withoutKeys(text.channel),
    more: withoutKeys(text.more),
    full: withNumbers(text.full, order),
    questions: text.questions.map(({ text, options }) => ({
      text: withoutKeys(text),
      options: options.map((option) => ({ ...option, remark: withoutKeys(option.remark) })),
    })),
  }
}

function flowOf({ flow, sources }: Read, problems: Problem[]): Flow | undefined {
  if (!flow.value) return undefined
  const { title, steps } = flow.value.flow
  return {
    title,
    steps: steps.map((step, i) => {
      const order = keysIn(Object.values(step.changed).join('\n\n'))
      for (const key of order) {
        if (sources.value && !sources.value.has(key))
          problems.push(error(flow.file, flow.lineOf('steps', i, 'changed'), unknownSource(key, { sources })))
      }
      const known = order.filter((key) => sources.value?.get(key))
      const changed: Both = Object.fromEntries(Object.entries(step.changed).map(([locale, text]) => [locale, withNumbers(text, known)]))
      return { ...step, changed, sources: known.flatMap((key) => sources.value?.get(key) ?? []) }
    }),
  }
}

/** What must be the same in both languages, because members answer by place and progress is kept by id. */
function differences(first: LessonFile, other: LessonFile): { path: (string | number)[]; message: string }[] {
  if (!first.value || !other.value) return []
  const [a, b] = [first.value, other.value]
  const there = `in ${first.file.replace(/^.*\//, '')}`
  const found: { path: (string | number)[]; message: string }[] = []
  for (const key of ['id', 'sections', 'requires', 'pictures'] as const) {
    const [theirs, ours] = [a.front[key], b.front[key]].map(asWritten)
    if (theirs !== ours) found.push({ path: [key], message: `the ${key} is ${ours} here and ${theirs} ${there}; write the same` })
  }
  if (a.front.map.length !== b.front.map.length) {
    const message = `map additions: ${b.front.map.length} here and ${a.front.map.length} ${there}; write as many in both`
    found.push({ path: ['map'], message })
  }
  const [theirs, ours] = [a.text.questions, b.text.questions]
  if (theirs.length !== ours.length) {
    found.push({ path: ['questions', 0], message: `questions: ${ours.length} here and ${theirs.length} ${there}; write as many in both` })
    return found
  }
  for (const [q, { options }] of ours.entries()) {
    const theirOptions = theirs[q]?.options ?? []
    const right = options.findIndex((option) => option.right)
    const theirRight = theirOptions.findIndex((option) => option.right)
    if (theirOptions.length !== options.length) {
      const message = `options: ${options.length} here and ${theirOptions.length} ${there}; write as many in both`
      found.push({ path: ['questions', q], message })
    } else if (right !== theirRight) {
      const message = `option ${right + 1} is the right one here and option ${theirRight + 1} ${there}; put them in the same order`
      found.push({ path: ['questions', q, 'options', right], message })
    }
  }
  return found
}

/** A value of the front matter as its file has it. */
function asWritten(value: string | readonly string[] | Readonly<Record<string, string | undefined>>): string {
  if (typeof value === 'string') return value
  const entries = Array.isArray(value) ? value : Object.entries(value).map(([key, one]) => `${key}: ${one}`)
  return entries.join(', ') || 'none'
}

function joinMyths(read: Read, problems: Problem[]): Myth[] {
  const { file, lineOf, value: myths = [] } = read.myths
  const ids = myths.map((myth) => myth?.id)
  return myths.flatMap((myth, i) => {
    if (!myth) return []
    const taken = ids.indexOf(myth.id) < i
    if (taken) problems.push(error(file, lineOf(i, 'id'), `the id "${myth.id}" is taken by a myth above; choose another`))
    for (const [n, key] of myth.sources.entries()) {
      if (read.sources.value?.has(key) === false) problems.push(error(file, lineOf(i, 'sources', n), unknownSource(key, read)))
    }
    // One that sources.yaml has and that cannot be used was reported there.
    const sources = myth.sources.flatMap((key) => read.sources.value?.get(key) ?? [])
    return taken || sources.length < myth.sources.length ? [] : [{ ...myth, sources }]
  })
}

function unknownSource(key: string, { sources }: Pick<Read, 'sources'>): string {
  return `"${key}" is not in sources.yaml; ${suggest(key, [...(sources.value?.keys() ?? [])])}`
}

const has = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

/** Names in a folder, sorted, without hidden ones; undefined when there is no such folder. */
function list(path: string): string[] | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort()
}

function readFile<T>(
  contentDir: string,
  file: string,
  parse: (source: string, file: string) => Parsed<T>,
  optional?: 'optional',
): Parsed<T> {
  const fail = (message: string): Parsed<T> => ({ file, value: undefined, lineOf: () => 1, problems: [error(file, 1, message)] })
  const path = join(contentDir, file)
  if (!has(path)) {
    return optional ? parse('', file) : fail('there is no file of this name; write it, with title and locales')
  }
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    return fail(`the file cannot be opened (${cause instanceof Error ? cause.message : cause}); check what it is and who may read it`)
  }
  const source = decoded(bytes)
  return source === undefined ? fail('this is not UTF-8 text; save it again as UTF-8') : parse(source, file)
}

/** Undefined for anything but text. Drops a byte order mark; Windows line ends become plain ones, so every line keeps its number. */
function decoded(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes) || bytes.includes(0)) return undefined
  return new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n')
}
