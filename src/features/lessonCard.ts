// Purpose: how a lesson, its question and its parts look, in a post and in private.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import type { Day } from '../club/calendar.ts'
import { currentSeason } from '../club/schedule.ts'
import type { Course, Lesson, LessonText, Question } from '../course/course.ts'
import type { Locale } from '../text/locale.ts'
import type { Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { imageOf } from './pictureOf.ts'

/** Options are lettered, so that a half-asleep thumb finds them. */
export const letters = ['A', 'B', 'C', 'D'] as const

export function lessonText(lesson: Lesson, locale: Locale): LessonText {
  const text = lesson.text[locale] ?? lesson.text.ko ?? lesson.text.en
  if (!text) throw new Error(`lesson ${lesson.id} has no text`)
  return text
}

/** The course of the club's season. Throws UserError while there is none. */
export function currentCourse({ club, courses, t }: Scene): { course: Course; season: Day } {
  const season = currentSeason(club)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season) throw new UserError('closed', t.lesson.notStarted)
  if (!course) throw new UserError('broken', t.lesson.noCourse)
  return { course, season: season.from }
}

/** The course of the season that began on `from`. Throws UserError for a season that the club never had, or whose course is gone. */
function courseFrom(scene: Scene, from: Day): { course: Course; season: Day } {
  const { club, courses, t } = scene
  const current = currentSeason(club)
  // Says why while there is no course at all: a preview has buttons before the club started.
  if (!current || current.from === from) return currentCourse(scene)
  const season = club.seasons.find((one) => one.from === from)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season || !course) throw new UserError('unknown', t.lesson.gone)
  return { course, season: season.from }
}

/**
 * A lesson by its id, with its place, in the course of the season that began on `from`; of the current one where none is named. Throws
 * UserError for a season that is not the club's, and for an id that the course does not have (any more).
 */
export function findLesson(scene: Scene, id: string | undefined, from?: Day): FoundLesson {
  const { course, season } = from === undefined ? currentCourse(scene) : courseFrom(scene, from)
  const index = course.lessons.findIndex((lesson) => lesson.id === id)
  const lesson = course.lessons[index]
  if (!lesson) throw new UserError('unknown', scene.t.lesson.gone)
  return { course, season, lesson, number: index + 1 }
}

export interface FoundLesson {
  readonly course: Course
  /** The first day of the season. */
  readonly season: Day
  readonly lesson: Lesson
  /** Its place in the course, from 1. */
  readonly number: number
}

/** A question of a lesson. Throws UserError when a correction took it away. */
export function findQuestion(scene: Scene, lesson: Lesson, index: number | undefined): Question {
  const question = lessonText(lesson, scene.locale).questions[index ?? -1]
  if (!question) throw new UserError('unknown', scene.t.lesson.gone)
  return question
}

/** The number of a question or an option in a press, which comes from outside. */
export const indexOf = (arg: string): number | undefined => (/^\d{1,2}$/.test(arg) ? Number(arg) : undefined)

export function questionText({ text, options }: Question): string {
  return [`**${text}**`, ...options.map((option, i) => `**${letters[i]}**  ${option.text}`)].join('\n')
}

/** One button an option. `press` makes the press id of the option at this index. */
export function optionButtons({ options }: Question, press: (option: number) => string): Button[] {
  return options.map((_, i) => ({ label: letters[i] ?? '', press: press(i) }))
}

export const answerPress =
  (season: Day, lesson: string, question: number) =>
  (option: number): string =>
    formatPressId('answer', season, lesson, question, option)

/** The lesson as it stands in the channel. `heading` names the occasion: today's, an earlier one, a review. */
export function lessonCard(
  scene: Scene,
  { lesson, number, course, season }: FoundLesson,
  heading: string,
  press: (option: number) => string,
): Card {
  const { t, locale } = scene
  const text = lessonText(lesson, locale)
  const [question] = text.questions
  return {
    title: t.lesson.title(heading, number, course.lessons.length, text.title),
    hook: text.hook,
    text: question ? `${text.channel}\n\n${questionText(question)}` : text.channel,
    ...(lesson.pictures.channel && { image: imageOf(lesson.pictures.channel, locale) }),
    buttons: [
      ...(question ? optionButtons(question, press) : []),
      { label: t.lesson.more, press: formatPressId('more', season, lesson.id) },
    ],
    footer: t.lesson.footer(inLocale(course.title, locale), text.section),
  }
}
