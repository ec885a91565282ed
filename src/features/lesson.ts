// Purpose: a member reads a lesson by its number or a word of it, and further: more, and the whole of it.

import type { Card } from '../chat/card.ts'
import { text } from '../chat/fields.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { boardSize, ranksOf } from '../club/board.ts'
import { addDays, mondayOf, weekdayOf } from '../club/calendar.ts'
import { clubDay, shownName } from '../club/club.ts'
import type { Course, Lesson } from '../course/course.ts'
import { lessonRevision } from '../course/revision.ts'
import type { BoardRow, Post } from '../store/store.ts'
import { type Context, command, type PostDrawer, press, type Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { answerPress, currentCourse, findLesson, lessonCard, lessonText } from './lessonCard.ts'
import { ownPace, ownPaceButton } from './ownPace.ts'
import { imageOf } from './pictureOf.ts'

/** Lessons to choose from while one types: a course has about as many, and no platform shows more. */
const suggested = 25

export const lesson = command({
  name: 'lesson',
  input: { which: text({ max: 100 }) },
  suggest: {
    which(context, typed) {
      const { course } = currentCourse(context)
      const found = typed === '' ? course.lessons : matches(course, typed)
      return found.slice(0, suggested).map((one) => ({
        label: numbered(course, one, lessonText(one, context.locale).title),
        value: String(course.lessons.indexOf(one) + 1),
      }))
    },
  },
  async run(context, { which }) {
    const { t, locale } = context
    const { course, season } = currentCourse(context)
    if (which === undefined) return listCard(context, course)
    const [found, ...others] = matches(course, which)
    if (!found) throw new UserError('bad_input', t.lesson.notFound(which, course.lessons.length))
    if (others.length > 0) {
      const lines = [found, ...others].map((other) => numbered(course, other, lessonText(other, locale).title))
      return { title: t.lesson.several(which), text: lines.join('\n') }
    }
    return lessonCard(context, findLesson(context, found.id), t.lesson.headings.lesson, answerPress(season, found.id, 0))
  },
})

const numbered = (course: Course, lesson: Lesson, title: string): string => `${course.lessons.indexOf(lesson) + 1}. ${title}`

/** All lessons, with a mark at those that the member answered. */
async function listCard(context: Context, course: Course): Promise<Card> {
  const { t, locale } = context
  const pace = await ownPace(context)
  const lines = course.lessons.map((one) => `${numbered(course, one, lessonText(one, locale).title)}${pace?.done.has(one.id) ? ' ✔' : ''}`)
  return {
    title: inLocale(course.title, locale),
    text: `${lines.join('\n')}\n\n${t.lesson.listHint}`,
    buttons: ownPaceButton(context, pace),
  }
}

/** By number first, then by title, then by any words of the lesson, in either language. */
function matches(course: Course, which: string): Lesson[] {
  // Up to three digits are a lesson's number; four may be a year that it tells of.
  const isNumber = /^\d{1,3}$/.test(which)
  const byNumber = isNumber ? course.lessons[Number(which) - 1] : course.lessons.find(({ id }) => id.toLowerCase() === which.toLowerCase())
  if (byNumber || isNumber) return byNumber ? [byNumber] : []
  const words = which.toLowerCase().split(/\s+/)
  const having = (part: (text: Lesson['text'][keyof Lesson['text']]) => string) =>
    course.lessons.filter(({ text }) => Object.values(text).some((one) => words.every((word) => part(one).toLowerCase().includes(word))))
  const byTitle = having((one) => one?.title ?? '')
  return byTitle.length > 0 ? byTitle : having((one) => `${one?.hook} ${one?.channel} ${one?.more} ${one?.full}`)
}

export const more = press({
  name: 'more',
  async run(context, [from, id]) {
    const { t, locale } = context
    const { lesson, season } = findLesson(context, id, from)
    const text = lessonText(lesson, locale)
    return {
      title: text.title,
      text: text.more,
      ...(lesson.pictures.more && { image: imageOf(lesson.pictures.more, locale) }),
      buttons: [{ label: t.lesson.full, press: formatPressId('full', season, lesson.id) }],
      ...(text.section && { footer: text.section }),
    }
  },
})

/** The whole of a lesson, what it needs before, what it adds to one's map, and the ways on: question, lab, sources. */
export const full = press({
  name: 'full',
  async run(context, [from, id]) {
    const { t, locale } = context
    const { lesson, season, course } = findLesson(context, id, from)
    const text = lessonText(lesson, locale)
    const before = course.lessons.filter((other) => lesson.requires.includes(other.id))
    const requires = before.map((other) => numbered(course, other, lessonText(other, locale).title))
    const map = text.map.map(({ from, link, to }) => `- \`${from} —${link}→ ${to}\``)
    return {
      title: text.title,
      text: [
        ...(requires.length > 0 ? [t.lesson.requires(requires)] : []),
        text.full,
        ...(map.length > 0 ? [`### ${t.lesson.map}\n${map.join('\n')}`] : []),
      ].join('\n\n'),
      ...(lesson.pictures.full && { image: imageOf(lesson.pictures.full, locale) }),
      buttons: [
        ...(text.questions.length > 0 ? [{ label: t.lesson.toQuestion, press: formatPressId('ask', season, lesson.id, 0) }] : []),
        ...(lesson.lab ? [{ label: t.lab.button(lesson.lab.minutes), press: formatPressId('lab', season, lesson.id) }] : []),
        ...(lesson.sources.length > 0 ? [{ label: t.lesson.sources, press: formatPressId('sources', season, lesson.id) }] : []),
      ],
      ...(text.section && { footer: text.section }),
    }
  },
})

/** The lesson of an earlier day again, with its question: what a repair asks for. */
export const reopen = press({
  name: 'reopen',
  async run(context, [day]) {
    const { t, store, club } = context
    const post = (await store.posts(club.id, ['lesson', 'review'], 30)).find((sent) => sent.day === day)
    if (!post) throw new UserError('unknown', t.lesson.gone)
    return lessonCard(context, findLesson(context, post.subject, post.season), t.lesson.headings.latest, questionPress(post))
  },
})

/** Where the options of a posted lesson's question lead. */
export function questionPress(post: Post): (option: number) => string {
  if (post.kind === 'review') return (option) => formatPressId('review', post.day, post.subject, 0, option)
  return answerPress(post.season, post.subject, 0)
}

/** The lesson as posted: with last week's board on Mondays, and how many are done today. */
async function drawPost(scene: Scene, post: Post): Promise<Card> {
  const { t, store, club } = scene
  const found = findLesson(scene, post.subject, post.season)
  const heading = post.kind === 'review' ? t.lesson.headings.review : t.lesson.headings.today
  const card = lessonCard(scene, found, heading, questionPress(post))
  const done = await store.actorsOn(club.id, post.day)
  const board = weekdayOf(post.day) === 1 ? await lastWeek(scene, post) : []
  return {
    ...card,
    text: done > 0 ? `${card.text}\n\n${t.lesson.doneToday(done)}` : card.text,
    ...(board.length > 0 && {
      fields: [{ name: t.board.lastWeek, value: boardLines(scene, board) }],
      about: board.map(({ member }) => member.id),
    }),
  }
}

function lastWeek({ store, club, now }: Scene, post: Post): Promise<BoardRow[]> {
  return store.top(club.id, { board: 'week', period: addDays(mondayOf(post.day), -7) }, now, boardSize)
}

function boardLines({ t }: Scene, rows: readonly BoardRow[]): string {
  const ranks = ranksOf(rows.map(({ value }) => value))
  return rows.map(({ member, value }, i) => `${ranks[i]}. ${shownName(member)} · ${t.board.days(value)}`).join('\n')
}

function revision(scene: Scene, post: Post): string | undefined {
  const course = scene.courses.find(({ id }) => scene.club.seasons.some((season) => season.from === post.season && season.course === id))
  const lesson = course?.lessons.find(({ id }) => id === post.subject)
  return lesson && lessonRevision(lesson)
}

export const lessonPost: PostDrawer = { kind: 'lesson', draw: drawPost, revision }
export const reviewPost: PostDrawer = { kind: 'review', draw: drawPost, revision }

/** The lesson that is on in the club now: today's, or the last one posted that its course still has. */
export async function latestLesson(scene: Scene): Promise<{ post: Post; today: boolean } | undefined> {
  const posts = await scene.store.posts(scene.club.id, ['lesson', 'review'], 5)
  const post = posts.find((sent) => sent.state === 'sent' && revision(scene, sent) !== undefined)
  return post && { post, today: post.day === clubDay(scene.club, scene.now).today }
}
