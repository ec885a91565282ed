// Purpose: when the next lesson comes, in the member's words.
import { timeToken } from '../chat/time.ts'
import { addDays } from '../club/calendar.ts'
import { type Club, clubDay, newestRules } from '../club/club.ts'
import { currentSeason, isPlanned, lessonDueAt } from '../club/schedule.ts'
import { nextStudyDay } from '../planning.ts'
import type { Context } from './handler.ts'

/** When the next lesson comes, or that the club has not started. */
export function nextLine(club: Club, { t, now }: Pick<Context, 't' | 'now'>): string {
  const season = currentSeason(club)
  if (!season) return t.lesson.notStarted
  const { today } = clubDay(club, now)
  const open = isPlanned(club.planned.lesson, today) ? addDays(today, 1) : today
  const due = lessonDueAt(club, nextStudyDay(club, open > season.from ? open : season.from))
  return t.today.next(timeToken(Math.max(due, now), t.when(Math.max(due, now), newestRules(club).zone)))
}
