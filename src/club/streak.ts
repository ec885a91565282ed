// Purpose: the streak rules. A pure fold of what happened, as of a day; everything stored about a streak is a cache of it.
import { addDays, type Day, daysBetween, mondayOf, type Timeline } from './calendar.ts'

/** How a closed day ended. */
export type DayEnd = 'counted' | 'frozen' | 'repaired' | 'neutral' | 'off' | 'missed'

/** A stretch of neutral days: a member's pause, or the club paused, gone quiet or between courses. Both ends included. */
export interface Span {
  readonly from: Day
  /** Undefined while nobody has ended it. */
  readonly until?: Day
}

export interface Repair {
  readonly missed: Day
  /** The study day on which the member pressed. */
  readonly pressed: Day
}

/** What the club knows of one member, besides the days with an act. */
export interface Circumstances {
  readonly timeline: Timeline
  readonly neutral: readonly Span[]
  readonly excused: ReadonlySet<Day>
  readonly repairs: readonly Repair[]
  /** The first days of the club's seasons, ascending. */
  readonly seasons: readonly Day[]
}

/** The fold's state on an open day. Plain numbers and dates, so that it can be cached. */
export interface StreakState {
  /** The study day that is open; every day before it is settled. */
  readonly day: Day
  /** Whether `day` itself already has its counted act. */
  readonly acted: boolean
  readonly run: number
  readonly best: number
  readonly total: number
  readonly freezes: number
  /** Counted study days towards the next freeze, 0 to 6. */
  readonly progress: number
  /** Counted study days in the week that begins on this Monday. */
  readonly week?: { readonly from: Day; readonly days: number }
  /** Counted study days in the season that began on this day. */
  readonly season?: { readonly from: Day; readonly days: number }
  /** The one study day whose miss ended a run, for as long as no other was missed since. */
  readonly miss?: { readonly day: Day; readonly run: number }
}

export const freezeRules = { most: 2, daysForOne: 7 } as const
/** Dates between two repairs, and between two zone changes that leave a day neutral. */
const datesBetweenRepairs = 30

/** Before the first act there is nothing to lose and nothing to count. */
export function emptyStreak(day: Day): StreakState {
  return { day, acted: false, run: 0, best: 0, total: 0, freezes: 0, progress: 0 }
}

/** The state after a counted act on the open day; a second act on it changes nothing. */
export function act(state: StreakState, circumstances: Circumstances): StreakState {
  if (state.acted) return state
  const { day } = state
  const seen = { ...state, acted: true, total: state.total + 1, ...earned(state, circumstances.timeline.isStudyDay(day)) }
  if (!circumstances.timeline.isStudyDay(day)) return seen
  const run = state.run + 1
  const season = circumstances.seasons.findLast((from) => from <= day)
  return {
    ...seen,
    run,
    best: Math.max(state.best, run),
    week: counted(state.week, mondayOf(day)),
    ...(season && { season: counted(state.season, season) }),
  }
}

function counted(before: StreakState['week'], from: Day): { from: Day; days: number } {
  return { from, days: before?.from === from ? before.days + 1 : 1 }
}

/** The first act brings a freeze; each further counted study day is a step towards the next, while there is room for one. */
function earned({ total, freezes, progress }: StreakState, studyDay: boolean): Pick<StreakState, 'freezes' | 'progress'> {
  if (total === 0) return { freezes: 1, progress: 0 }
  if (!studyDay || freezes === freezeRules.most) return { freezes, progress }
  return progress + 1 === freezeRules.daysForOne ? { freezes: freezes + 1, progress: 0 } : { freezes, progress: progress + 1 }
}

/** Closes days until `day` is the open one. */
export function advance(state: StreakState, day: Day, circumstances: Circumstances, seen?: (day: Day, mark: DayEnd) => void): StreakState {
  let now = state
  while (now.day < day) {
    // With neither a run nor a miss to tell of, closing an empty day changes nothing, however long the member was away.
    if (!seen && now.run === 0 && !now.miss && !now.acted) return { ...now, day }
    const { mark, next } = close(now, circumstances)
    seen?.(now.day, mark)
    now = next
  }
  return now
}

function close(state: StreakState, circumstances: Circumstances): { mark: DayEnd; next: StreakState } {
  const { day } = state
  const open: StreakState = { ...state, day: addDays(day, 1), acted: false }
  const mark = state.acted ? 'counted' : unactedMark(day, circumstances)
  if (mark !== 'missed') return { mark, next: open }
  if (state.run > 0 && state.freezes > 0) return { mark: 'frozen', next: { ...open, freezes: state.freezes - 1 } }
  const { miss: _, ...rest } = open
  return { mark, next: state.run > 0 ? { ...rest, run: 0, miss: { day, run: state.run } } : rest }
}

/** What an empty day is before any freeze is spent on it. */
function unactedMark(day: Day, circumstances: Circumstances): DayEnd {
  if (!circumstances.timeline.isStudyDay(day)) return 'off'
  if (isNeutral(day, circumstances)) return 'neutral'
  if (circumstances.repairs.some((repair) => repair.missed === day)) return 'repaired'
  return 'missed'
}

/** True on a day that is paused, excused or cut short: an act on it counts, and without one nothing is lost. */
export function isNeutral(day: Day, { neutral, excused, timeline }: Circumstances): boolean {
  if (excused.has(day)) return true
  if (neutral.some((span) => span.from <= day && (span.until === undefined || day <= span.until))) return true
  return timeline.cutShort.has(day) && forgiven(timeline.cutShort).has(day)
}

/** Of the days that zone changes cut short, one in any 30 dates is forgiven. */
function forgiven(cutShort: ReadonlySet<Day>): Set<Day> {
  const days = new Set<Day>()
  let last: Day | undefined
  for (const day of [...cutShort].sort()) {
    if (last !== undefined && daysBetween(last, day) > 1 && daysBetween(last, day) < datesBetweenRepairs) continue
    days.add(day)
    last = day
  }
  return days
}

/**
 * The streak from scratch, as of the open day `today`: the same whatever order the acts came in.
 * `seen` is told how each settled day ended, oldest first, beginning with the first act's.
 */
export function foldStreak(
  actDays: Iterable<Day>,
  today: Day,
  circumstances: Circumstances,
  seen?: (day: Day, mark: DayEnd) => void,
): StreakState {
  const days = [...new Set(actDays)].filter((day) => day <= today).sort()
  let state = emptyStreak(days[0] ?? today)
  for (const day of days) state = act(advance(state, day, circumstances, seen), circumstances)
  return advance(state, today, circumstances, seen)
}

/** How far ahead a run can be held up by pauses and holidays before we stop looking, in dates. */
const horizon = 800

/**
 * The day on which this run would end: it is alive through that day, and closing it empty breaks it.
 * Undefined when there is no run, or when nothing will end it (a club that is paused until further notice).
 */
export function lapseDay(state: StreakState, circumstances: Circumstances): Day | undefined {
  if (state.run === 0) return undefined
  let { freezes } = state
  let day = state.acted ? addDays(state.day, 1) : state.day
  for (let i = 0; i < horizon; i++, day = addDays(day, 1)) {
    if (unactedMark(day, circumstances) !== 'missed') continue
    if (freezes === 0) return day
    freezes -= 1
  }
  return undefined
}

/**
 * The missed day that a press can mend now, or undefined. It needs a run that was alive before exactly one missed study day,
 * a press by the end of the second study day after it, and no other repair in 30 dates.
 * Whether that day's question and today's act are done is the caller's to ask.
 */
export function repairable(state: StreakState, circumstances: Circumstances): Day | undefined {
  const { miss, day: today } = state
  if (!miss || miss.day >= today) return undefined
  let closed = 0
  for (let day = addDays(miss.day, 1); day < today; day = addDays(day, 1)) {
    if (circumstances.timeline.isStudyDay(day) && !isNeutral(day, circumstances)) closed += 1
    if (closed === 2) return undefined
  }
  const recent = circumstances.repairs.some(
    ({ missed, pressed }) =>
      unactedMark(missed, circumstances) === 'repaired' && Math.abs(daysBetween(pressed, today)) < datesBetweenRepairs,
  )
  return recent ? undefined : miss.day
}

const milestones = [3, 7, 14, 30]

/** 3, 7, 14, 30, 50, 100, and then every 50. */
export function isMilestone(run: number): boolean {
  return milestones.includes(run) || (run > 0 && run % 50 === 0)
}
