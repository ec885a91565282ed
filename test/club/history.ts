// Purpose: random club lives: the same history as rows for the fold and as plain day records for the oracle.
import fc from 'fast-check'
import { type CalendarEntry, type ClubCalendar, timeline, type ZoneChange } from '../../src/club/calendar.ts'
import type { Circumstances, Repair, Span } from '../../src/club/streak.ts'
import { type DayRecord, dateOf, forgivenOf, numberOf, weekdayOfNumber } from './streak.oracle.ts'
import { entry, everyDay, mondayToFriday } from './zones.ts'

/** Dates are counted from `begin`; the last of `length` dates is open. */
export interface History {
  readonly begin: number
  readonly length: number
  readonly acts: readonly number[]
  readonly weekdays: readonly number[]
  /** The club chose other weekdays from this date on. */
  readonly later: { readonly on: number; readonly weekdays: readonly number[] } | undefined
  readonly holidays: readonly number[]
  readonly rests: readonly { readonly on: number; readonly days: number | undefined }[]
  readonly excused: readonly number[]
  readonly repairs: readonly { readonly missed: number; readonly after: number }[]
  readonly seasons: readonly number[]
  /** Evenings of flights from New York to Seoul, which skip the rest of that date; the way back is a fortnight later. */
  readonly flights: readonly number[]
}

const longest = 100
const aDate = fc.nat(longest)
const someWeekdays = fc.oneof(
  { weight: 4, arbitrary: fc.constant(everyDay) },
  { weight: 3, arbitrary: fc.constant(mondayToFriday) },
  { weight: 2, arbitrary: fc.subarray(everyDay, { minLength: 1 }) },
)

/** From the keen, who miss a day in ten, to the rare guest. */
const someActs = fc
  .tuple(fc.constantFrom(3, 6, 8, 9, 10), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: longest, size: 'max' }))
  .map(([keen, mood]) => ({ length: mood.length, acts: mood.flatMap((value, i) => (value < keen ? [i] : [])) }))

export const aHistory: fc.Arbitrary<History> = fc
  .record({
    begin: fc.integer({ min: numberOf('2026-01-01'), max: numberOf('2026-12-31') }),
    diary: someActs,
    weekdays: someWeekdays,
    later: fc.option(fc.record({ on: aDate, weekdays: someWeekdays }), { nil: undefined }),
    holidays: fc.array(aDate, { maxLength: 4 }),
    rests: fc.array(fc.record({ on: aDate, days: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined, freq: 12 }) }), {
      maxLength: 3,
    }),
    excused: fc.array(aDate, { maxLength: 4 }),
    repairs: fc.array(fc.record({ missed: aDate, after: fc.integer({ min: 1, max: 3 }) }), { maxLength: 4 }),
    seasons: fc.uniqueArray(aDate, { maxLength: 3 }).map((days) => days.sort((a, b) => a - b)),
    flights: fc
      .array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 })
      .map((waits) => waits.map((_, i) => waits.slice(0, i + 1).reduce((sum, wait) => sum + wait + 21, -21))),
  })
  .map(({ diary, ...rest }) => ({ ...rest, ...diary }))

export const dayOf = ({ begin }: History, date: number): string => dateOf(begin + date)

export function todayOf(history: History): string {
  return dayOf(history, history.length - 1)
}

export function actDaysOf(history: History): string[] {
  return history.acts.map((date) => dayOf(history, date))
}

export function repairsOf(history: History): Repair[] {
  return history.repairs.map(({ missed, after }) => ({ missed: dayOf(history, missed), pressed: dayOf(history, missed + after) }))
}

export function seasonsOf(history: History): string[] {
  return history.seasons.map((date) => dayOf(history, date))
}

/** The history as the club keeps it. */
export function circumstancesIn(history: History): Circumstances {
  const holidays = history.holidays.map((date) => dayOf(history, date))
  const first: CalendarEntry = entry({ zone: 'America/New_York', weekdays: history.weekdays, holidays })
  const { later } = history
  const calendar: ClubCalendar = later ? [first, { ...first, from: dayOf(history, later.on), weekdays: later.weekdays }] : [first]
  const zones: ZoneChange[] = history.flights.flatMap((date) => [
    { at: Date.parse(`${dayOf(history, date)}T20:00-05:00`), zone: 'Asia/Seoul' },
    { at: Date.parse(`${dayOf(history, date + 14)}T20:00+09:00`), zone: 'America/New_York' },
  ])
  const neutral: Span[] = history.rests.map(({ on, days }) => ({
    from: dayOf(history, on),
    ...(days !== undefined && { until: dayOf(history, on + days - 1) }),
  }))
  return {
    timeline: timeline(calendar, zones),
    neutral,
    excused: new Set(history.excused.map((date) => dayOf(history, date))),
    repairs: repairsOf(history),
    seasons: seasonsOf(history),
  }
}

/** The history as the oracle reads it: a record for each date up to the open one, or up to `length` dates. */
export function recordsOf(history: History, length = history.length): DayRecord[] {
  const forgiven = forgivenOf(history.flights.map((date) => dayOf(history, date)))
  return Array.from({ length }, (_, date) => {
    const weekdays = history.later && date >= history.later.on ? history.later.weekdays : history.weekdays
    return {
      day: dayOf(history, date),
      acted: history.acts.includes(date),
      studyDay: weekdays.includes(weekdayOfNumber(history.begin + date)) && !history.holidays.includes(date),
      resting:
        history.excused.includes(date) ||
        history.rests.some(({ on, days }) => date >= on && (days === undefined || date < on + days)) ||
        forgiven.includes(dayOf(history, date)),
      mended: history.repairs.some(({ missed }) => missed === date),
    }
  })
}
