// Purpose: which study day an instant belongs to, and when a study day begins, in any zone and across every clock change.
// Dates are wall-clock dates throughout: hours are never subtracted from instants, because a day can have 23 or 25 of them.
import { Temporal } from 'temporal-polyfill'
import { isPublicHoliday } from './holidays.ts'

/** A wall-clock date, `YYYY-MM-DD`. Two of them compare as strings. */
export type Day = string

/** The club's calendar, and the first study day that it holds for. */
export interface CalendarEntry {
  readonly from: Day
  /** IANA name. */
  readonly zone: string
  /** Minutes after midnight at which a study day starts, 0 to 360. */
  readonly dayStart: number
  /** ISO weekdays, 1 = Monday. */
  readonly weekdays: readonly number[]
  /** ISO 3166 country whose public holidays are off days; empty or absent for none. */
  readonly country?: string
  /** Off days of the club's own. */
  readonly holidays: readonly Day[]
}

/** Ascending by `from`; the first entry also holds for every day before it. A change is a new entry, so that closed days keep theirs. */
export type ClubCalendar = readonly [CalendarEntry, ...CalendarEntry[]]

/** A member's own zone from this instant (epoch ms) on; undefined means the club's. */
export interface ZoneChange {
  readonly at: number
  readonly zone?: string
}

/** The study days of one member, or of the club itself when there are no zone changes. */
export interface Timeline {
  /** The study day that is open at this instant. Never goes back, whatever the zones do. */
  dayAt(at: number): Day
  /** The instant (epoch ms) at which this day closes under the newest rules. */
  endOf(day: Day): number
  /** False on the weekdays and holidays that the club takes off, and on a date that the zone never had. */
  isStudyDay(day: Day): boolean
  /** Days that a change of zone or of day start cut short: neutral when nobody acted on them. */
  readonly cutShort: ReadonlySet<Day>
}

const msPerDay = 86_400_000

/** An act asks about a dozen days, and a club knows few: each is read and written out once. */
function remembering<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= rememberedMost) known.clear()
    const value = work(key)
    known.set(key, value)
    return value
  }
}
const rememberedMost = 5_000

/** Days since 1970-01-01; NaN for what is no date. */
export const numberOf = remembering((day: Day): number => Date.parse(`${day}T00:00Z`) / msPerDay)
/** The date of a number. Throws RangeError when there is none. */
export const dayOf = remembering((number: number): Day => new Date(number * msPerDay).toISOString().slice(0, 10))

/** The date `days` later (or earlier). */
export function addDays(day: Day, days: number): Day {
  return dayOf(numberOf(day) + days)
}

/** Dates from `a` to `b`; negative when `b` is earlier. */
export function daysBetween(a: Day, b: Day): number {
  return numberOf(b) - numberOf(a)
}

/** ISO weekday, 1 = Monday to 7 = Sunday. */
export function weekdayOf(day: Day): number {
  // 1970 began on a Thursday, and days before it have negative numbers.
  return ((((numberOf(day) + 3) % 7) + 7) % 7) + 1
}

/** The Monday of the day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - weekdayOf(day))
}

/** True for a real calendar date written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`)) && addDays(text, 0) === text
}

/** True for an IANA zone that this machine knows. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return /^[A-Za-z]/.test(zone)
  } catch {
    return false
  }
}

/**
 * The instant (epoch ms) of a local wall-clock time. In a spring gap it is the first valid minute after the gap,
 * in an autumn overlap the first of the two.
 */
export function instantOf(day: Day, minutes: number, zone: string): number {
  const key = `${day} ${minutes} ${zone}`
  const known = instants.get(key)
  if (known !== undefined) return known
  const at = instantOfWall(day, minutes, zone)
  if (instants.size >= instantsMost) instants.clear()
  instants.set(key, at)
  return at
}

/** Every act asks for the end of some day, and nearly all of them for the same few. */
const instants = new Map<string, number>()
const instantsMost = 1_000

function instantOfWall(day: Day, minutes: number, zone: string): number {
  const wall = Temporal.PlainDate.from(day).toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
}

/** The instant of a time of day within a study day: a time before the day's start falls on the next date. */
export function instantInDay(day: Day, minutes: number, rules: Pick<CalendarEntry, 'zone' | 'dayStart'>): number {
  return instantOf(minutes < rules.dayStart ? addDays(day, 1) : day, minutes, rules.zone)
}

/** The wall clock of an instant: its date and the minutes after midnight. */
export function wallClock(at: number, zone: string): { day: Day; minutes: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return { day: local.toPlainDate().toString(), minutes: local.hour * 60 + local.minute }
}

const missingDates = new Map<string, readonly Day[]>()

/** False for the few dates that a zone skipped whole, such as 2011-12-30 in Apia. */
function dateExists(day: Day, zone: string): boolean {
  const year = day.slice(0, 4)
  const key = `${zone} ${year}`
  let missing = missingDates.get(key)
  if (!missing) {
    missing = datesSkippedIn(Number(year), zone)
    missingDates.set(key, missing)
  }
  return !missing.includes(day)
}

function datesSkippedIn(year: number, zone: string): Day[] {
  const skipped: Day[] = []
  let moment: Temporal.ZonedDateTime | null = Temporal.PlainDate.from({ year, month: 1, day: 1 })
    .subtract({ days: 1 })
    .toZonedDateTime(zone)
  for (;;) {
    moment = moment.getTimeZoneTransition('next')
    if (!moment || moment.year > year) return skipped
    const lastBefore = moment.subtract({ nanoseconds: 1 }).toPlainDate().toString()
    for (let day = addDays(lastBefore, 1); day < moment.toPlainDate().toString(); day = addDays(day, 1)) skipped.push(day)
  }
}

// Every act asks for the open day, and nearly all of them ask about the same one, so the last interval of each zone is kept.
const openDays = new Map<string, { from: number; until: number; day: Day }>()

/** The study day of an instant in one zone: before the day's start it still belongs to the date before. */
function studyDayOf(at: number, zone: string, dayStart: number): Day {
  const key = `${zone} ${dayStart}`
  const known = openDays.get(key)
  if (known && at >= known.from && at < known.until) return known.day
  const wall = wallClock(at, zone)
  let day = wall.minutes < dayStart ? addDays(wall.day, -1) : wall.day
  while (!dateExists(day, zone)) day = addDays(day, -1)
  const from = instantOf(day, dayStart, zone)
  let next = addDays(day, 1)
  while (!dateExists(next, zone)) next = addDays(next, 1)
  const until = instantOf(next, dayStart, zone)
  // In an overlap of the clock around the day's start the wall clock runs back; such an instant is answered but not remembered.
  if (at >= from && at < until) openDays.set(key, { from, until, day })
  else if (at >= until) return next
  return day
}

/** The club's rules on a study day. */
export function rulesOn(calendar: ClubCalendar, day: Day): CalendarEntry {
  return calendar.findLast((entry) => entry.from <= day) ?? calendar[0]
}

/** The study days as lived by a member with these zone changes (ascending); with none, by the club. */
export function timeline(calendar: ClubCalendar, zones: readonly ZoneChange[] = []): Timeline {
  const zoneOn = (day: Day): string => {
    const rules = rulesOn(calendar, day)
    return starts.findLast((start) => start.fresh <= day)?.zone ?? rules.zone
  }

  /** The day under one zone, by the calendar entry in force: an entry begins with its own day and ends the one before it. */
  function rawDay(at: number, zone: string | undefined): Day {
    for (let i = calendar.length - 1; i > 0; i--) {
      const entry = calendar[i]
      if (!entry) continue
      const day = studyDayOf(at, zone ?? entry.zone, entry.dayStart)
      if (day >= entry.from) return capped(day, i)
    }
    return capped(studyDayOf(at, zone ?? calendar[0].zone, calendar[0].dayStart), 0)
  }
  function capped(day: Day, index: number): Day {
    const next = calendar[index + 1]
    return next && day >= next.from ? addDays(next.from, -1) : day
  }

  /** `fresh`: the first date under the new zone, which may be one that was already lived under the old: the `floor`. */
  const starts: { at: number; zone: string | undefined; floor: Day; fresh: Day }[] = []
  const cutShort = new Set<Day>()
  for (const { at, zone } of zones) {
    const open = dayAt(at)
    const fresh = rawDay(at, zone)
    for (let day = open; day < fresh; day = addDays(day, 1)) cutShort.add(day)
    starts.push({ at, zone, floor: open, fresh })
  }
  calendar.forEach((entry, i) => {
    const before = calendar[i - 1]
    if (!before) return
    const zone = starts.findLast((start) => start.fresh < entry.from)?.zone
    const begins = instantOf(entry.from, entry.dayStart, zone ?? entry.zone)
    if (begins < instantOf(entry.from, before.dayStart, zone ?? before.zone)) cutShort.add(addDays(entry.from, -1))
  })

  function dayAt(at: number): Day {
    const segment = starts.findLast((start) => start.at <= at)
    if (!segment) return rawDay(at, undefined)
    const day = rawDay(at, segment.zone)
    return day < segment.floor ? segment.floor : day
  }

  return {
    dayAt,
    cutShort,
    endOf(day) {
      const own = starts.at(-1)?.zone
      const begins = (next: Day, rules: CalendarEntry): number => instantOf(next, rules.dayStart, own ?? rules.zone)
      let next = addDays(day, 1)
      while (!dateExists(next, own ?? rulesOn(calendar, next).zone)) next = addDays(next, 1)
      // A calendar of a zone further east can begin before the days that it overtakes.
      const overtaking = calendar.filter((entry) => entry.from > next).map((entry) => begins(entry.from, entry))
      return Math.min(begins(next, rulesOn(calendar, next)), ...overtaking)
    },
    isStudyDay(day) {
      const rules = rulesOn(calendar, day)
      if (!rules.weekdays.includes(weekdayOf(day)) || rules.holidays.includes(day)) return false
      if (rules.country && isPublicHoliday(day, rules.country)) return false
      return dateExists(day, zoneOn(day))
    },
  }
}
