// Purpose: a member's own pace: who joined late or was away goes on where they were, while the club's post stays in step.
import type { Button } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { currentSeason } from '../club/schedule.ts'
import { placeOf } from '../planning.ts'
import { type Context, press } from './handler.ts'
import { answerPress, currentCourse, type FoundLesson, lessonCard } from './lessonCard.ts'
import { nextLine } from './nextLine.ts'

/** Where a member is in the course of this season. */
export interface OwnPace {
  /** The first lesson, among those that the club has come to, whose questions they have not touched; undefined when they are in step. */
  readonly next: FoundLesson | undefined
  /** The lessons of this season that they answered a question of. */
  readonly done: ReadonlySet<string>
  /** The number of the lesson that the club has come to, from 1. */
  readonly club: number
}

/** Undefined where nothing is kept of a member, and while the club has no course. */
export async function ownPace(context: Context): Promise<OwnPace | undefined> {
  const { club, courses, store, member } = context
  const season = currentSeason(club)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season || !course || member.appear === 'none') return undefined
  const place = await placeOf(club, season, course, store)
  const done = new Set(await store.answered(club.id, member.id, season.from))
  const index = course.lessons.slice(0, place + 1).findIndex(({ id }) => !done.has(id))
  const lesson = course.lessons[index]
  return { next: lesson && { course, season: season.from, lesson, number: index + 1 }, done, club: place + 1 }
}

/** The button to a member's next lesson; none where they are in step, or look at that lesson already. */
export function ownPaceButton({ t }: Context, pace: OwnPace | undefined, shown?: string): Button[] {
  if (!pace?.next || pace.next.lesson.id === shown) return []
  return [{ label: t.lesson.ownNext(pace.next.number, pace.next.course.lessons.length), press: formatPressId('own-next') }]
}

export const ownNext = press({
  name: 'own-next',
  async run(context) {
    const { t, club } = context
    // Says why, while the club has not started or its course is not there.
    currentCourse(context)
    const next = (await ownPace(context))?.next
    if (!next) return { title: t.lesson.headings.own, text: `${t.lesson.inStep}\n\n${nextLine(club, context)}` }
    return lessonCard(context, next, t.lesson.headings.own, answerPress(next.season, next.lesson.id, 0))
  },
})
