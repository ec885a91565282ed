// Purpose: when a club's lesson and poll are due, and how long a club may go unvisited before it falls quiet.
import { addDays, type Day, instantInDay, rulesOn, weekdayOf } from './calendar.ts'
import { type Club, clubTimeline, openBreak, type Season } from './club.ts'

/** Study days on which nobody acts before the club gets one line and is then left in peace. */
const quietAfter = 7
/** Posts of "review two weeks". */
export const reviewPosts = 14
/** How far ahead the next study day is looked for, in dates. */
const horizon = 400

/** Days that a club is kept after the bot was removed (Discord's and Slack's terms ask for deletion; a mistake can be mended until then). */
export const keptAfterRemovalDays = 30

/** When a club that the bot was removed from is deleted; undefined for the others. */
export function purgeAt({ removedAt }: Club): number | undefined {
  return removedAt === undefined ? undefined : removedAt + keptAfterRemovalDays * 86_400_000
}

export function currentSeason(club: Club): Season | undefined {
  return club.seasons.at(-1)
}

/** The season that a day belongs to; a day before all of them belongs to the current one. */
export function seasonOn(club: Club, day: Day): Season | undefined {
  return club.seasons.findLast(({ from }) => from <= day) ?? currentSeason(club)
}

export function lessonDueAt(club: Club, day: Day): number {
  return instantInDay(day, club.settings.postAt, rulesOn(club.calendar, day))
}

/** The instant of the day's poll, or undefined when it is no day for one. A season's first day has one, unless polls are off. */
export function pollDueAt(club: Club, day: Day): number | undefined {
  const { pollDays, pollAt } = club.settings
  const isOpening = pollDays.length > 0 && day === currentSeason(club)?.from
  return isOpening || isPollDay(club, day) ? instantInDay(day, pollAt, rulesOn(club.calendar, day)) : undefined
}

export const isPollDay = (club: Club, day: Day): boolean => club.settings.pollDays.includes(weekdayOf(day))

/** The next instant (epoch ms) at which something is to be planned; undefined while the club rests or was never started. */
export function nextDue(club: Club, now: number): number | undefined {
  if (club.removedAt !== undefined) return purgeAt(club)
  const season = currentSeason(club)
  if (!season || openBreak(club)) return undefined
  const days = clubTimeline(club)
  const today = days.dayAt(now)
  let day = today > season.from ? today : season.from
  for (let i = 0; i < horizon; i++, day = addDays(day, 1)) {
    if (!days.isStudyDay(day)) continue
    const lesson = isPlanned(club.planned.lesson, day) ? undefined : lessonDueAt(club, day)
    const poll = isPlanned(club.planned.poll, day) ? undefined : pollDueAt(club, day)
    if (lesson !== undefined || poll !== undefined) return Math.min(lesson ?? Infinity, poll ?? Infinity)
  }
  return undefined
}

export function isPlanned(planned: Day | undefined, day: Day): boolean {
  return planned !== undefined && planned >= day
}

/** The instant of the next lesson that is not out yet: what "next morning" means to the club. */
export function nextLessonAt(club: Club, now: number): number | undefined {
  const days = clubTimeline(club)
  let day = days.dayAt(now)
  for (let i = 0; i < horizon; i++, day = addDays(day, 1)) {
    const at = lessonDueAt(club, day)
    if (days.isStudyDay(day) && at > now && !isPlanned(club.planned.lesson, day)) return at
  }
  return undefined
}

/** True when the last study days before today, enough of them, passed without anybody's act. */
export function hasGoneQuiet(club: Club, today: Day, lastActive: Day | undefined): boolean {
  const season = currentSeason(club)
  if (!season) return false
  const days = clubTimeline(club)
  const since = [addDays(season.from, -1), lastActive, ...club.breaks.map(({ until }) => until)].filter((day) => day !== undefined)
  const from = since.reduce((last, day) => (day > last ? day : last))
  let empty = 0
  for (let day = addDays(from, 1); day < today && empty < quietAfter; day = addDays(day, 1)) empty += Number(days.isStudyDay(day))
  return empty >= quietAfter
}

/** The last hours of a day in which an outage of ours costs nobody anything (rule 11). */
const outageWindowMs = 6 * 3_600_000
/** How long we must have been away within them. */
const outageMs = 3_600_000

/** False when the time between two instants is too short to excuse a day of any club. */
export const couldBeOutage = (from: number, to: number): boolean => to - from >= outageMs

/** Study days of the club that are excused because the program was not running between two instants. */
export function daysOfOutage(club: Club, from: number, to: number): Day[] {
  const days = clubTimeline(club)
  const last = days.dayAt(to)
  const excused: Day[] = []
  for (let day = days.dayAt(from); day <= last; day = addDays(day, 1)) {
    const end = days.endOf(day)
    const down = Math.min(to, end) - Math.max(from, end - outageWindowMs)
    if (down >= outageMs && days.isStudyDay(day)) excused.push(day)
  }
  return excused
}

/** True when a lesson that was due came too late in its day to be fair. */
export function cameTooLate(club: Club, day: Day, sentAt: number): boolean {
  return sentAt > clubTimeline(club).endOf(day) - outageWindowMs
}

/** What makes a club's lesson of a day, or whatever stands in its place, one post; and its poll another. */
export const postKey = (kind: 'lesson' | 'poll', club: string, day: Day): string => `${kind}:${club}:${day}`
