// Purpose: our own course, read once, and its words as readers meet them: authors go on editing them, so tests take them from here.
import type { FlowStep, Lab, Lesson, LessonText } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import type { Locale } from '../../src/text/locale.ts'
import { contentDir } from './testClub.ts'

/** Our own course, read once. */
export const ours = loadCourses(contentDir).courses

/** Our own course with its myths asked one at a time, all of them seen from the first lesson on. */
export const oneByOne = ours.map((course) => ({
  ...course,
  myths: course.myths.map(({ before: _, again: __, ...myth }) => ({ ...myth, lesson: 'L01' })),
}))

/** What there has to be; `what` is said when there is none. */
function having<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`our course has no ${what}`)
  return found
}

const course = having(
  ours.find(({ id }) => id === 'container-flow'),
  'folder of its name',
)
export const courseTitle = (locale: Locale): string => having(course.title[locale], `title in ${locale}`)

/** A lesson of ours by its number, from 1. */
export const lessonAt = (number: number): Lesson => having(course.lessons[number - 1], `lesson ${number}`)
/** A lesson of ours as it is told in one language. */
export const told = (number: number, locale: Locale): LessonText => having(lessonAt(number).text[locale], `lesson ${number} in ${locale}`)
/** A word of a lesson's title that no other title has. */
export function ownWord(number: number, locale: Locale): string {
  const titlesBut = course.lessons.filter((_, i) => i !== number - 1).flatMap(({ text }) => Object.values(text).map(({ title }) => title))
  const words = told(number, locale).title.split(/[^\p{L}\p{N}]+/u)
  const isOwn = (word: string) => word.length > 1 && !titlesBut.some((title) => title.toLowerCase().includes(word.toLowerCase()))
  return having(words.find(isOwn), `word of its own in the title of lesson ${number}`)
}
export const labOf = (number: number): Lab => having(lessonAt(number).lab, `lab ${number}`)

/** The statements that are asked together on a season's first day. */
export const roundOf = (locale: Locale): string[] =>
  course.myths.flatMap(({ before, statement }) => (before === undefined ? [] : [having(statement[locale], `statement in ${locale}`)]))

/** What `/flow` steps through, the oldest first. */
export const flowSteps: readonly FlowStep[] = course.flow?.steps ?? []
