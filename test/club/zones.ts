// Purpose: the zones that the club's rules name, a few that are worse, and instants around their clock changes, for the property tests.
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { CalendarEntry } from '../../src/club/calendar.ts'

export const hour = 3_600_000
export const everyDay = [1, 2, 3, 4, 5, 6, 7]
export const mondayToFriday = [1, 2, 3, 4, 5]

/** Rule 3, and zones that change at midnight, twice in spring, or lie furthest east and west. */
const zones = [
  'Asia/Seoul',
  'America/New_York',
  'Europe/London',
  'America/Havana',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
] as const

const since = Date.UTC(2005, 0, 1)
const until = Date.UTC(2031, 0, 1)

const changes = new Map<string, readonly number[]>()

/** The instants at which this zone moved its clocks. */
function clockChanges(zone: string): readonly number[] {
  const known = changes.get(zone)
  if (known) return known
  const found: number[] = []
  let moment = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
  for (; moment && moment.epochMilliseconds < until; moment = moment.getTimeZoneTransition('next')) found.push(moment.epochMilliseconds)
  changes.set(zone, found)
  return found
}

export const aZone = fc.constantFrom(...zones)

/** Any instant, but half of the time one within a day of a clock change. */
export function instantIn(zone: string): fc.Arbitrary<number> {
  const any = fc.integer({ min: since, max: until })
  const moved = clockChanges(zone)
  if (moved.length === 0) return any
  const near = fc.tuple(fc.constantFrom(...moved), fc.integer({ min: -26 * hour, max: 26 * hour })).map(([at, off]) => at + off)
  return fc.oneof(any, near)
}

/** 00:00 to 06:00; the whole hours more often, because clocks change at those. */
export const aDayStart = fc.oneof(fc.constantFrom(0, 60, 120, 180, 240), fc.integer({ min: 0, max: 360 }))

export function entry(change: Partial<CalendarEntry> = {}): CalendarEntry {
  return { from: '1970-01-01', zone: 'Asia/Seoul', dayStart: 240, weekdays: everyDay, holidays: [], ...change }
}
