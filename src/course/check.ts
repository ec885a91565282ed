// Purpose: everything that is wrong with the content, for an author before it is posted: what `load` reports, and lengths and loose ends.
import { type LessonFile, numberOf, type ReadCourse, readCourses } from './load.ts'
import { error, type Problem, warning } from './problem.ts'

/** In characters, except where it says lines. A lesson beyond them still loads; it reads badly on a phone or overflows a card. */
const limits = {
  hook: 80,
  /** The channel part with the first question and its options. */
  post: { ko: 350, en: 650 },
  postLines: 12,
  option: 80,
  remark: 400,
  more: 1200,
  full: 3400,
  statement: 200,
} as const

/** Every problem of every course, by file and line. */
export function checkCourses(contentDir: string): Problem[] {
  const read = readCourses(contentDir)
  const problems = [...read.problems, ...read.courses.flatMap(checkCourse)]
  return problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
}

function checkCourse(course: ReadCourse): Problem[] {
  return [...course.lessons.flatMap(checkLengths), ...checkOrder(course), ...checkMyths(course), ...checkLooseEnds(course)]
}

function checkLengths(lesson: LessonFile): Problem[] {
  const { locale, value } = lesson
  if (!value) return []
  const { hook, channel, more, full, questions } = value.text
  const [first] = questions
  const post = [channel, first?.text ?? '', ...(first?.options.map((option) => option.text) ?? [])]
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

/** Keys that lead nowhere yet, things that nothing uses, and lists that differ between the languages. */
function checkLooseEnds({ lessons, myths, sources, diagrams }: ReadCourse): Problem[] {
  const problems: Problem[] = []
  for (const lesson of lessons) {
    const first = lessons.find(({ stem }) => stem === lesson.stem)
    for (const key of ['sections', 'sources'] as const) {
      if (!first?.value || !lesson.value || lesson.value.front[key].join() === first.value.front[key].join()) continue
      const message = `the ${key} are not those of ${first.file.replace(/^.*\//, '')}; list the same in both`
      problems.push(warning(lesson.file, lesson.lineOf(key), message))
    }
  }
  // What an unusable file uses is not known.
  if (lessons.some(({ value }) => !value) || !myths.value || myths.value.includes(undefined)) return problems

  for (const [i, myth] of myths.value.entries()) {
    if (!myth || lessons.some(({ value }) => value?.front.id === myth.lesson)) continue
    problems.push(warning(myths.file, myths.lineOf(i, 'lesson'), `no lesson has the id "${myth.lesson}" yet; write it, or name another`))
  }
  const fronts = lessons.flatMap(({ value }) => value?.front ?? [])
  const used = new Set([...fronts, ...myths.value.flatMap((myth) => myth ?? [])].flatMap((user) => user.sources))
  for (const key of sources.value?.keys() ?? []) {
    if (used.has(key)) continue
    problems.push(warning(sources.file, sources.lineOf(key), `nothing uses the source "${key}"; name it in a lesson or remove it`))
  }
  for (const [id, { file }] of diagrams) {
    if (fronts.some(({ diagram }) => diagram === id)) continue
    problems.push(warning(file, 1, `no lesson shows this diagram; write "diagram: ${id}" in one or remove it`))
  }
  return problems
}

function over(
  { file, lineOf }: Pick<LessonFile, 'file' | 'lineOf'>,
  path: readonly (string | number)[],
  what: string,
  count: number,
  limit: number,
  unit = 'characters',
): Problem[] {
  return count > limit ? [error(file, lineOf(...path), `${what}: ${count} ${unit}; cut it to ${limit}`)] : []
}

/** An emoji outside the basic plane counts once; Hangul in pieces (as macOS names files) counts as its syllables. */
function lengthOf(text: string): number {
  return [...text.normalize('NFC')].length
}
