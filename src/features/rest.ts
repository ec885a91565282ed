// Purpose: a club at rest: the line when nobody came, the look-back after the last lesson, and the presses that wake it.

import { changeClub } from '../change.ts'
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { addDays } from '../club/calendar.ts'
import { type Club, clubDay, endBreak, openBreak, restClub } from '../club/club.ts'
import { currentSeason, isPlanned, lessonDueAt, reviewPosts } from '../club/schedule.ts'
import { nextStudyDay, startSeason } from '../planning.ts'
import { currentStreak } from '../record.ts'
import { type Context, type PostDrawer, press, type Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { boardCard } from './leaderboard.ts'
import { currentCourse, lessonText } from './lessonCard.ts'
import { nextLine } from './nextLine.ts'
import { streakCard } from './streak.ts'

export const quietPost: PostDrawer = {
  kind: 'quiet',
  async draw({ t }) {
    return { hook: t.quiet.text, text: t.quiet.text, buttons: [{ label: t.quiet.resume, press: formatPressId('resume') }] }
  },
}

/** After the last lesson: the way that was gone, the season's board, and what could come next. */
export const lookbackPost: PostDrawer = {
  kind: 'lookback',
  async draw(scene) {
    const { t, locale } = scene
    const { course } = currentCourse(scene)
    const board = await boardCard(scene, 'season')
    const lessons = course.lessons.map((lesson, i) => `${i + 1}. ${lessonText(lesson, locale).title}`).join('\n')
    return {
      ...board,
      title: t.lookback.title(inLocale(course.title, locale)),
      hook: t.lookback.hook,
      text: `${t.lookback.text(course.lessons.length)}\n\n${lessons}`,
      buttons: [{ label: t.lookback.summaryButton, press: formatPressId('summary') }, ...nextButtons(scene)],
    }
  },
}

function nextButtons({ t }: Scene): Button[] {
  return (['review', 'season', 'course', 'finish'] as const).map((what) => ({
    label: t.lookback.next[what],
    press: formatPressId('next', what),
  }))
}

/** A member's own season, for their eyes. */
export const summary = press({
  name: 'summary',
  async run(context) {
    const { t, store, club, member, now } = context
    const { state } = await currentStreak(context, now)
    const season = currentSeason(club)?.from
    const answers = (await store.answers(club.id, member.id)).filter((answer) => answer.season === season)
    const card = await streakCard(context, member, state)
    const right = answers.filter((answer) => answer.right).length
    return {
      ...card,
      title: t.lookback.summaryTitle,
      text: t.lookback.summary(state.season?.from === season ? (state.season?.days ?? 0) : 0, answers.length, right),
    }
  },
})

/** Ends the club's rest. Anybody may wake a quiet club; the other rests are an organiser's. */
export async function resumeClub(context: Context): Promise<Card> {
  const { store, club, now, t, organiser } = context
  const rest = openBreak(club)
  if (!rest) throw new UserError('closed', t.club.notResting)
  if (rest.why !== 'quiet' && !organiser) throw new UserError('not_allowed', t.errors.organisersOnly)
  if (rest.why === 'ended' || rest.why === 'finished')
    return { title: t.lookback.chooseTitle, text: t.rest[rest.why], buttons: nextButtons(context) }
  const awake = await changeClub(store, club.id, now, (fresh) => (openBreak(fresh)?.why === rest.why ? wake(fresh, now) : undefined))
  return { title: t.club.resumedTitle, text: nextLine(awake, { t, now }) }
}

export const resume = press({ name: 'resume', run: (context) => resumeClub(context) })

/** What an organiser chooses after the last lesson. */
export const next = press({
  name: 'next',
  organiserOnly: true,
  async run(context, [what, course]) {
    const { t, store, club, now, courses, locale } = context
    // The buttons stay under an old look-back for good; a tap on them must not end the season that came after it.
    const rest = openBreak(club)
    if (rest?.why !== 'ended' && rest?.why !== 'finished') throw new UserError('closed', t.lookback.chosenAlready)
    if (what === 'course' && course === undefined) {
      const others = courses.filter(({ id }) => id !== club.settings.course)
      return {
        title: t.lookback.next.course,
        text: others.length > 0 ? t.lookback.chooseCourse : t.lookback.noOtherCourse,
        buttons: others
          .slice(0, 5)
          .map(({ id, title }) => ({ label: inLocale(title, locale), press: formatPressId('next', 'course', id) })),
      }
    }
    if (what === 'finish') {
      await changeClub(store, club.id, now, (fresh) => restClub(fresh, now, 'finished'))
      return { title: t.lookback.next.finish, text: t.rest.finished }
    }
    if (what === 'review') {
      const woken = await changeClub(store, club.id, now, (fresh) => ({ ...wake(fresh, now), reviewsLeft: reviewPosts }))
      return { title: t.lookback.next.review, text: nextLine(woken, context) }
    }
    const wanted = what === 'season' ? club.settings.course : what === 'course' ? course : undefined
    if (!courses.some(({ id }) => id === wanted)) throw new UserError('unknown', t.errors.stale)
    const begun = await changeClub(store, club.id, now, (fresh) => newSeason(fresh, now, wanted ?? ''))
    return { title: t.club.seasonTitle, text: nextLine(begun, context) }
  },
})

/** True when today's lesson is out, or would have been. */
function isLate(club: Club, now: number): boolean {
  const { today } = clubDay(club, now)
  return isPlanned(club.planned.lesson, today) || lessonDueAt(club, today) <= now
}

/**
 * Ends the rest. The next post comes at the next post time: when today's has passed, today still belongs to the rest and costs nobody
 * anything. Otherwise a tap at night would post a lesson at once, and a club that was woken on its quiet line's day would fall quiet again.
 */
export function wake(club: Club, now: number): Club {
  const { today } = clubDay(club, now)
  if (!openBreak(club)) return club
  const late = isLate(club, now)
  return {
    ...club,
    epoch: club.epoch + 1,
    breaks: endBreak(club.breaks, late ? addDays(today, 1) : today),
    ...(late && { planned: { lesson: today, poll: today } }),
  }
}

/** A new season: from today when today's post time is still to come, else from the next study day. */
export function newSeason(club: Club, now: number, course: string): Club {
  const { today } = clubDay(club, now)
  const from = nextStudyDay(club, isLate(club, now) ? addDays(today, 1) : today)
  return startSeason(wake(club, now), course, from)
}
