// Purpose: everything that is wrong with the content, for an author before it is posted: what `load` reports, lengths, claims, loose ends.
import { locales as everyLocale, type Locale } from '../text/locale.ts'
import { checkClaims, checkLanguages, sentences, severityIn } from './checkClaims.ts'
import { keysIn, withoutKeys } from './claims.ts'
import type { SourceKind } from './course.ts'
import { type LessonFile, numberOf, partsOf, type ReadCourse, readCourses } from './load.ts'
import { error, type Problem, suggest, warning } from './problem.ts'
import type { LineOf } from './yaml.ts'

/** In characters without the keys of sources, except where it says lines. A lesson beyond them reads badly on a phone or overflows a card. */
const limits = {
  hook: 80,
  /** The channel part with the first question and its options. */
  post: { ko: 350, en: 650 },
  postLines: 12,
  option: 80,
  remark: 400,
  more: 1200,
  full: 3000,
  statement: 200,
  /** Discord's description of a picture holds 1,024. */
  alt: 1000,
} as const

/** What a course holds, for the last lines of the check. */
export interface Counts {
  readonly course: string
  readonly locales: readonly Locale[]
  readonly lessons: number
  /** Sentences that name a source, by language. */
  readonly claims: Readonly<Partial<Record<Locale, number>>>
  readonly sources: Readonly<Partial<Record<SourceKind, number>>>
  readonly questions: number
  readonly diagrams: number
  readonly labs: number
  /** Of the labs, those that the script in test/labs runs. */
  readonly labsRun: number
  readonly myths: number
  readonly sections: { readonly covered: number; readonly all: number }
  readonly unverified: number
}

/** Every problem of every course, by file and line, and what each course holds. */
export function checkCourses(contentDir: string): { problems: Problem[]; counts: Counts[] } {
  const read = readCourses(contentDir)
  const problems = [...read.problems, ...read.courses.flatMap(checkCourse)]
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return { problems, counts: read.courses.map(countsOf) }
}

function checkCourse(course: ReadCourse): Problem[] {
  return [
    ...course.lessons.flatMap(checkLengths),
    ...checkOrder(course),
    ...checkMyths(course),
    ...checkAlts(course),
    ...checkClaims(course),
    ...checkLanguages(course),
    ...checkReferences(course),
    ...checkLooseEnds(course),
  ]
}

function checkLengths(lesson: LessonFile): Problem[] {
  const { locale, value } = lesson
  if (!value) return []
  const { hook, channel, more, full, questions } = value.text
  const [first] = questions
  const post = [channel, first?.text ?? '', ...(first?.options.map((option) => option.text) ?? [])].map(withoutKeys)
  const postLength = post.reduce((sum, part) => sum + lengthOf(part), 0)
  const postLines = post.flatMap((part) => part.split('\n')).filter((line) => line.trim() !== '').length
  const whole = 'the channel part with the first question and its options'

  return [
    ...over(lesson, ['hook'], 'the hook', lengthOf(hook), limits.hook),
    ...over(lesson, ['channel'], whole, postLength, limits.post[locale]),
    ...over(lesson, ['channel'], whole, postLines, limits.postLines, 'lines'),
    ...over(lesson, ['more'], 'this part', lengthOf(more), limits.more),
    ...over(lesson, ['full'], 'this part', lengthOf(full), limits.full),
    ...questions.flatMap(({ options }, q) =>
      options.flatMap(({ text, remark }, o) => [
        ...over(lesson, ['questions', q, 'options', o], 'this option', lengthOf(text), limits.option),
        ...over(lesson, ['questions', q, 'options', o], 'the remark of this option', lengthOf(remark), limits.remark),
      ]),
    ),
  ]
}

function checkOrder({ lessons }: ReadCourse): Problem[] {
  return lessons.flatMap(({ file, stem }, i) => {
    const other = lessons.slice(0, i).find((before) => before.stem !== stem && numberOf(before) === numberOf({ stem }))
    const message = `${other?.stem} has the same number; renumber one of them (progress is kept by id, so file names are free to change)`
    return other ? [warning(file, 1, message)] : []
  })
}

function checkAlts({ diagrams, flow }: ReadCourse): Problem[] {
  const alts = [
    ...[...diagrams.values()].map(({ file, lineOf, value }) => ({ file, lineOf, path: ['alt'], alt: value?.alt ?? {} })),
    ...(flow.value?.flow.steps ?? []).map(({ picture }, i) => ({ ...flow, path: ['steps', i, 'alt'], alt: picture.alt })),
  ]
  return alts.flatMap(({ alt, path, ...at }) =>
    Object.entries(alt).flatMap(([locale, text]) =>
      over(at, [...path, locale], 'this description of a picture', lengthOf(text), limits.alt),
    ),
  )
}

function checkMyths({ myths }: ReadCourse): Problem[] {
  return (myths.value ?? []).flatMap((myth, i) => {
    if (!myth) return []
    const problems = Object.entries(myth.statement).flatMap(([locale, text]) =>
      over(myths, [i, 'statement', locale], 'this statement', lengthOf(text), limits.statement),
    )
    for (const [answer, words] of Object.entries(myth.remarks)) {
      for (const [locale, text] of Object.entries(words)) {
        problems.push(...over(myths, [i, 'remarks', answer, locale], 'this remark', lengthOf(text), limits.remark))
      }
    }
    return problems
  })
}

// === References

/** Lessons that are named and not there, in the front matter, in the text, by labs and by myths. */
function checkReferences(course: ReadCourse): Problem[] {
  const { lessons, myths, labs } = course
  const report = severityIn(course)
  // What an unusable file is called is not known.
  if (lessons.some(({ value }) => !value)) return []
  const places = new Map<string, number>()
  for (const lesson of lessons) if (lesson.value && !places.has(lesson.value.front.id)) places.set(lesson.value.front.id, numberOf(lesson))
  const ids = [...places.keys()]
  const problems: Problem[] = []
  const named = namesLike(ids)
  const strict = course.head?.claims === 'strict'

  for (const lesson of lessons) {
    const { file, lineOf, value } = lesson
    if (!value) continue
    for (const [i, id] of value.front.requires.entries()) {
      const place = places.get(id)
      if (place === undefined) problems.push(report(file, lineOf('requires', i), `no lesson has the id "${id}"; ${suggest(id, ids)}`))
      else if (place >= numberOf(lesson))
        problems.push(report(file, lineOf('requires', i), `${id} comes later in the course; a lesson needs only earlier ones`))
    }
    for (const { path, markdown } of partsOf(value)) {
      for (const dead of new Set(named(markdown).filter((id) => !places.has(id))))
        problems.push(report(file, lineOf(...path), `this names a lesson ${dead} that is not there; ${suggest(dead, ids)}`))
      for (const [, target = ''] of markdown.matchAll(/\]\((?!https?:\/\/)([^)]*)\)/g))
        problems.push(
          report(
            file,
            lineOf(...path),
            `the link to "${target}" leads nowhere in a chat; write https://…, or a lesson's id without a link`,
          ),
        )
    }
    if (strict && !labs.has(value.front.id)) problems.push(error(file, 1, `there is no labs/${value.front.id}.yaml; write the lab`))
    if (strict && value.front.map.length === 0) problems.push(error(file, lineOf('map'), 'nothing is added to the map; add "map"'))
  }
  for (const [id, { file }] of labs) {
    if (!places.has(id)) problems.push(warning(file, 1, `no lesson has the id "${id}"; ${suggest(id, ids)}`))
  }
  for (const [i, myth] of (myths.value ?? []).entries()) {
    for (const key of ['lesson', 'before', 'again'] as const) {
      const id = myth?.[key]
      if (id === undefined || places.has(id)) continue
      problems.push(report(myths.file, myths.lineOf(i, key), `no lesson has the id "${id}" yet; write it, or name another`))
    }
  }
  return [...problems, ...checkSections(course)]
}

/** Finds what looks like one of the ids in a text: the same letters, as many digits. */
function namesLike(ids: readonly string[]): (text: string) => string[] {
  const shapes = new Set(ids.flatMap((id) => (/^[A-Za-z]+\d+$/.test(id) ? [id.replace(/\d/g, '\\d')] : [])))
  if (shapes.size === 0) return () => []
  const pattern = new RegExp(`(?<![A-Za-z0-9^])(?:${[...shapes].join('|')})(?![A-Za-z0-9])`, 'g')
  return (text) => text.match(pattern) ?? []
}

function checkSections({ head, folder, lessons, ...course }: ReadCourse): Problem[] {
  const covered = new Set(lessons.flatMap(({ value }) => value?.front.sections ?? []))
  return Object.keys(head?.sections ?? {}).flatMap((section) =>
    covered.has(section)
      ? []
      : [
          severityIn({ head, folder, lessons, ...course })(
            `${folder}/course.yaml`,
            1,
            `no lesson covers the section "${section}"; name it in one`,
          ),
        ],
  )
}

/** Things that nothing uses, and answers that sit where one would guess them. */
function checkLooseEnds(course: ReadCourse): Problem[] {
  const { lessons, myths, sources, diagrams } = course
  const problems: Problem[] = []
  // What an unusable file uses is not known.
  if (lessons.some(({ value }) => !value) || !myths.value || myths.value.includes(undefined)) return problems

  const texts = lessons.flatMap(({ value }) => (value ? partsOf(value).map(({ markdown }) => markdown) : []))
  const used = new Set([
    ...texts.flatMap(keysIn),
    ...[...diagrams.values()].flatMap(({ value }) => value?.sources ?? []),
    ...myths.value.flatMap((myth) => myth?.sources ?? []),
  ])
  for (const key of sources.value?.keys() ?? []) {
    if (used.has(key)) continue
    problems.push(
      severityIn(course)(sources.file, sources.lineOf(key), `nothing uses the source "${key}"; name it in a lesson or remove it`),
    )
  }
  const pictures = new Set(lessons.flatMap(({ value }) => Object.values(value?.front.pictures ?? {})))
  for (const [id, { file }] of diagrams) {
    if (pictures.has(id) || id === 'flow') continue
    problems.push(warning(file, 1, `no lesson shows this diagram; write "pictures: { channel: ${id} }" in one or remove it`))
  }
  return [...problems, ...checkMapNames(course), ...checkRightAnswers(course)]
}

/** One thing has one name: a Korean name that has two English ones, or the other way round, would be two places on the map. */
function checkMapNames({ lessons }: ReadCourse): Problem[] {
  const problems: Problem[] = []
  const known = new Map<string, string>()
  for (const other of lessons) {
    const first = lessons.find(({ stem }) => stem === other.stem)
    if (first === other || !first?.value || !other.value) continue
    for (const [i, addition] of other.value.front.map.entries()) {
      for (const end of ['from', 'to'] as const) {
        const [theirs, ours] = [first.value.front.map[i]?.[end] ?? '', addition[end]]
        for (const [here, there] of [
          [`${first.locale} ${theirs}`, ours],
          [`${other.locale} ${ours}`, theirs],
        ] as const) {
          const before = known.get(here)
          known.set(here, before ?? there)
          if (before === undefined || before === there) continue
          problems.push(
            warning(
              other.file,
              other.lineOf('map', i, end),
              `"${here.slice(3)}" is "${there}" here and "${before}" in an earlier lesson; give one thing one name`,
            ),
          )
        }
      }
    }
  }
  return problems
}

/** From this many questions on the places of the right answers are looked at. */
const manyQuestions = 12

function checkRightAnswers({ folder, lessons }: ReadCourse): Problem[] {
  const questions = lessons
    .filter(({ stem, file }) => lessons.find((one) => one.stem === stem)?.file === file)
    .flatMap(({ value }) => value?.text.questions ?? [])
  if (questions.length < manyQuestions) return []
  const places = questions.map(({ options }) => options.findIndex(({ right }) => right))
  return ['A', 'B', 'C', 'D'].flatMap((letter, place) => {
    const share = places.filter((one) => one === place).length / places.length
    return share > 0.5
      ? [warning(`${folder}/course.yaml`, 1, `the right answer is ${letter} in ${Math.round(share * 100)}% of the questions; spread them`)]
      : []
  })
}

// === Counting

function countsOf(course: ReadCourse): Counts {
  const { folder, head, lessons, sources, diagrams, labs, unverified } = course
  const locales = everyLocale.filter((locale) => !head || head.locales.includes(locale))
  const claims: Partial<Record<Locale, number>> = {}
  for (const { keys, lesson } of sentences(course)) {
    if (keys.length > 0) claims[lesson.locale] = (claims[lesson.locale] ?? 0) + 1
  }
  const kinds: Partial<Record<SourceKind, number>> = {}
  for (const source of sources.value?.values() ?? []) if (source) kinds[source.kind] = (kinds[source.kind] ?? 0) + 1
  const whole = course.course?.lessons ?? []
  const covered = new Set(lessons.flatMap(({ value }) => value?.front.sections ?? []))
  const all = Object.keys(head?.sections ?? {})
  const usable = [...labs.values()].flatMap(({ value }) => value ?? [])
  return {
    course: folder.replace(/^.*\//, ''),
    locales,
    lessons: whole.length,
    claims,
    sources: kinds,
    questions: whole.reduce((sum, { text }) => sum + (Object.values(text)[0]?.questions.length ?? 0), 0),
    diagrams: [...diagrams.values()].filter(({ value }) => value).length,
    labs: usable.length,
    labsRun: usable.filter(({ notRun }) => notRun === undefined).length,
    myths: course.course?.myths.length ?? 0,
    sections: { covered: all.filter((section) => covered.has(section)).length, all: all.length },
    unverified: (unverified.value ?? []).filter((fact) => fact).length,
  }
}

function over(
  { file, lineOf }: { readonly file: string; readonly lineOf: LineOf },
  path: readonly (string | number)[],
  what: string,
  count: number,
  limit: number,
  unit = 'characters',
): Problem[] {
  return count > limit ? [error(file, lineOf(...path), `${what}: ${count} ${unit}; cut it to ${limit}`)] : []
}

/** An emoji outside the basic plane counts once; Hangul in pieces (as macOS names files) counts as its syllables. Keys are not shown. */
function lengthOf(text: string): number {
  return [...withoutKeys(text).normalize('NFC')].length
}
