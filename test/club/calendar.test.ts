// Purpose: which study day it is, in every zone, over every clock change, and when a member flies or the club changes its calendar.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  type CalendarEntry,
  type ClubCalendar,
  type Day,
  daysBetween,
  instantInDay,
  instantOf,
  isDay,
  isZone,
  mondayOf,
  rulesOn,
  timeline,
  wallClock,
  weekdayOf,
  type ZoneChange,
} from '../../src/club/calendar.ts'
import { changeCalendar, defaultSettings, newClub } from '../../src/club/club.ts'
import { isCountry, isPublicHoliday } from '../../src/club/holidays.ts'
import { aDayStart, aZone, entry, everyDay, hour, instantIn, mondayToFriday } from './zones.ts'

const at = (iso: string): number => Date.parse(iso)
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')
const days = (change: Partial<CalendarEntry> = {}, zones: readonly ZoneChange[] = []) => timeline([entry(change)], zones)
/** The hours from one close to the next. */
const hoursOf = (day: Day, zone: string): number => (days({ zone }).endOf(day) - days({ zone }).endOf(addDays(day, -1))) / hour

/** What a wall clock in this zone shows, asked of Intl: `YYYY-MM-DDTHH:MM`. */
function wall(instant: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(instant).replace(' ', 'T')
}

/** The date on that clock, or until the day starts the one before: what a member would say, asked at any other time than a change. */
function dateOnTheWall(instant: number, zone: string, dayStart: number): Day {
  const [date = '', time = ''] = wall(instant, zone).split('T')
  return minutesOf(time) < dayStart ? addDays(date, -1) : date
}

describe('the study day', () => {
  test('an act at 01:30 belongs to the day before', () => {
    const club = days()
    expect(club.dayAt(at('2026-03-02T01:30+09:00'))).toBe('2026-03-01')
    expect(club.dayAt(at('2026-03-02T00:00+09:00'))).toBe('2026-03-01')
    expect(club.dayAt(at('2026-03-02T03:59:59.999+09:00'))).toBe('2026-03-01')
    expect(club.dayAt(at('2026-03-02T04:00+09:00'))).toBe('2026-03-02')
    expect(club.dayAt(at('2026-03-02T23:59+09:00'))).toBe('2026-03-02')
  })

  test.each([
    [0, '2026-02-28T23:59+09:00', '2026-03-01T00:00+09:00'],
    [90, '2026-03-01T01:29+09:00', '2026-03-01T01:30+09:00'],
    [360, '2026-03-01T05:59+09:00', '2026-03-01T06:00+09:00'],
  ])('a club may begin its day %i minutes after midnight', (dayStart, before, begin) => {
    expect([before, begin].map((time) => days({ dayStart }).dayAt(at(time)))).toEqual(['2026-02-28', '2026-03-01'])
  })

  test('it is the club’s own date, not the one in Greenwich', () => {
    const morning = at('2026-03-01T20:00Z')
    expect(days({ zone: 'Asia/Seoul' }).dayAt(morning)).toBe('2026-03-02')
    expect(days({ zone: 'Europe/London' }).dayAt(morning)).toBe('2026-03-01')
    expect(days({ zone: 'America/New_York' }).dayAt(at('2026-03-02T08:00Z'))).toBe('2026-03-01')
  })

  test('a clock that is asked again and again, back and forth, answers the same', () => {
    const club = days()
    const times = ['2026-03-01T12:00+09:00', '2026-03-02T03:00+09:00', '2026-03-02T12:00+09:00', '2026-03-01T12:00+09:00']
    expect(times.map((time) => club.dayAt(at(time)))).toEqual(['2026-03-01', '2026-03-01', '2026-03-02', '2026-03-01'])
  })

  test('it is the date on the wall, or the one before until the day starts', () => {
    fc.assert(
      fc.property(
        aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone))),
        aDayStart,
        ([zone, instant], dayStart) => {
          const day = days({ zone, dayStart }).dayAt(instant)
          if (day === dateOnTheWall(instant, zone, dayStart)) return
          // Only where the clock ran back over the day's start, which comes once, or where the date before never was.
          const lately = Array.from({ length: 120 }, (_, i) => dateOnTheWall(instant - i * 60_000, zone, dayStart))
          const neverWas = zone === 'Pacific/Apia' && dateOnTheWall(instant, zone, dayStart) === '2011-12-30'
          expect(day, `${wall(instant, zone)} in ${zone}`).toBe(neverWas ? '2011-12-29' : lately.sort().at(-1))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('clock changes', () => {
  test.each([
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00Z', '03:00'],
    ['Europe/London', '2026-03-29', '01:00', '2026-03-29T01:00Z', '02:00'],
    ['Europe/London', '2026-03-29', '01:59', '2026-03-29T01:00Z', '02:00'],
    ['America/Havana', '2026-03-08', '00:00', '2026-03-08T05:00Z', '01:00'],
    ['America/Havana', '2026-03-08', '00:30', '2026-03-08T05:00Z', '01:00'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30Z', '02:30'],
    ['Pacific/Chatham', '2026-09-27', '03:00', '2026-09-26T14:00Z', '03:45'],
    ['Pacific/Apia', '2011-12-30', '08:00', '2011-12-30T10:00Z', '00:00'],
  ])('in %s on %s a post at %s comes at the first minute after the gap', (zone, day, time, instant, shown) => {
    const found = instantOf(day, minutesOf(time), zone)
    expect(iso(found)).toBe(instant)
    expect(wall(found, zone).slice(11)).toBe(shown)
    expect(wallClock(found, zone).minutes).toBe(minutesOf(shown))
  })

  test.each([
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30Z'],
    ['Europe/London', '2026-10-25', '01:30', '2026-10-25T00:30Z'],
    ['America/Havana', '2026-11-01', '00:30', '2026-11-01T04:30Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45Z'],
    ['Pacific/Chatham', '2026-04-05', '03:00', '2026-04-04T13:15Z'],
  ])('in %s on %s a post at %s comes at the first of the two', (zone, day, time, instant) => {
    expect(iso(instantOf(day, minutesOf(time), zone))).toBe(instant)
  })

  test.each([
    ['America/New_York', '2026-03-07', 23],
    ['America/New_York', '2026-03-08', 24],
    ['America/New_York', '2026-10-31', 25],
    ['Europe/London', '2026-03-28', 23],
    ['Europe/London', '2026-10-24', 25],
    ['America/Havana', '2026-03-07', 23],
    ['America/Havana', '2026-10-31', 25],
    ['Australia/Lord_Howe', '2026-10-03', 23.5],
    ['Australia/Lord_Howe', '2026-04-04', 24.5],
    ['Pacific/Chatham', '2026-09-26', 23],
    ['Pacific/Chatham', '2026-04-04', 25],
    ['Asia/Seoul', '2026-03-07', 24],
  ])('in %s the study day of %s lasts %f hours and is one day', (zone, day, hours) => {
    expect(hoursOf(day, zone)).toBe(hours)
    const club = days({ zone })
    const begin = club.endOf(addDays(day, -1))
    const seen = new Set(Array.from({ length: hours * 4 }, (_, i) => club.dayAt(begin + (i * hour) / 4)))
    expect([...seen]).toEqual([day])
  })

  test('a day that starts inside the gap starts after it', () => {
    const havana = days({ zone: 'America/Havana', dayStart: 0 })
    expect(havana.dayAt(at('2026-03-08T04:59:59.999Z'))).toBe('2026-03-07')
    expect(havana.dayAt(at('2026-03-08T05:00Z'))).toBe('2026-03-08')
    const newYork = days({ zone: 'America/New_York', dayStart: 150 })
    expect(newYork.dayAt(at('2026-03-08T06:59:59.999Z'))).toBe('2026-03-07')
    expect(newYork.dayAt(at('2026-03-08T07:00Z'))).toBe('2026-03-08')
  })

  test('a day that starts inside the overlap starts once', () => {
    const newYork = days({ zone: 'America/New_York', dayStart: 90 })
    const first = at('2026-11-01T05:30Z')
    expect([first - 1, first, first + 40 * 60_000, first + hour].map((instant) => newYork.dayAt(instant))).toEqual([
      '2026-10-31',
      '2026-11-01',
      '2026-11-01',
      '2026-11-01',
    ])
  })

  test('in Apia the 30th of December 2011 never was', () => {
    const apia = days({ zone: 'Pacific/Apia' })
    expect(apia.dayAt(at('2011-12-30T09:59Z'))).toBe('2011-12-29')
    // 00:00 to 04:00 on the 31st belong to the study day before, which is the 29th.
    expect(apia.dayAt(at('2011-12-30T13:59Z'))).toBe('2011-12-29')
    expect(apia.dayAt(at('2011-12-30T14:00Z'))).toBe('2011-12-31')
    expect(iso(apia.endOf('2011-12-29'))).toBe('2011-12-30T14:00Z')
    expect(['2011-12-29', '2011-12-30', '2011-12-31'].map((day) => apia.isStudyDay(day))).toEqual([true, false, true])
    expect(days({ zone: 'Asia/Seoul' }).isStudyDay('2011-12-30')).toBe(true)
    expect(days({ zone: 'Asia/Seoul' }, [{ at: 0, zone: 'Pacific/Apia' }]).isStudyDay('2011-12-30')).toBe(false)
  })

  test('a time of day before the day’s start falls on the next date', () => {
    expect(iso(instantInDay('2026-03-02', 30, entry()))).toBe('2026-03-02T15:30Z')
    expect(iso(instantInDay('2026-03-02', 240, entry()))).toBe('2026-03-01T19:00Z')
    expect(days().dayAt(instantInDay('2026-03-02', 30, entry()))).toBe('2026-03-02')
  })

  test('every time of day lies within its study day', () => {
    fc.assert(
      fc.property(
        aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone))),
        aDayStart,
        fc.integer({ min: 0, max: 1439 }),
        ([zone, instant], dayStart, minutes) => {
          const club = days({ zone, dayStart })
          const day = club.dayAt(instant)
          const due = instantInDay(day, minutes, { zone, dayStart })
          // A time just before the day's start that the clocks skip is the first minute after them, and so the next day's.
          if (due === club.endOf(day)) expect(wallClock(due, zone).minutes).not.toBe(minutes)
          else expect(club.dayAt(due)).toBe(day)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('a day ends at the instant at which the next begins, in every zone', () => {
    fc.assert(
      fc.property(
        aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone))),
        aDayStart,
        ([zone, instant], dayStart) => {
          closesOnce(days({ zone, dayStart }), instant)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('a member who changes zone', () => {
  const seoul = entry()
  const newYork = (when: string): ZoneChange => ({ at: at(when), zone: 'America/New_York' })

  test('west: the same date twice is one day', () => {
    // 09:00 on the 2nd in Seoul is 19:00 on the 1st in New York, whose 2nd begins nine hours later.
    const member = timeline([seoul], [newYork('2026-03-02T09:00+09:00')])
    expect(member.dayAt(at('2026-03-02T08:59+09:00'))).toBe('2026-03-02')
    expect(member.dayAt(at('2026-03-01T19:00-05:00'))).toBe('2026-03-02')
    expect(member.dayAt(at('2026-03-02T23:00-05:00'))).toBe('2026-03-02')
    expect(member.dayAt(at('2026-03-03T04:00-05:00'))).toBe('2026-03-03')
    expect([...member.cutShort]).toEqual([])
  })

  test('east: the open date is skipped and costs nothing', () => {
    const home = entry({ zone: 'America/New_York' })
    const member = timeline([home], [{ at: at('2026-03-01T20:00-05:00'), zone: 'Asia/Seoul' }])
    expect(member.dayAt(at('2026-03-01T19:59-05:00'))).toBe('2026-03-01')
    expect(member.dayAt(at('2026-03-01T20:00-05:00'))).toBe('2026-03-02')
    expect([...member.cutShort]).toEqual(['2026-03-01'])
  })

  test('east within the same date: nothing is skipped', () => {
    const member = timeline([seoul], [{ at: at('2026-03-02T12:00+09:00'), zone: 'Pacific/Chatham' }])
    expect(member.dayAt(at('2026-03-02T12:00+09:00'))).toBe('2026-03-02')
    expect([...member.cutShort]).toEqual([])
  })

  test('from one side of the date line to the other, two dates are skipped', () => {
    // 05:30 on the 2nd in Kiritimati is 04:30 on the 1st in Pago Pago; at 05:30 the one is a day ahead, at 04:30 it is two.
    const home = entry({ zone: 'Pacific/Pago_Pago' })
    const fly = (when: string) => timeline([home], [{ at: at(when), zone: 'Pacific/Kiritimati' }])
    expect([...fly('2026-03-01T04:30-11:00').cutShort]).toEqual(['2026-03-01'])
    expect([...fly('2026-03-02T03:30-11:00').cutShort]).toEqual(['2026-03-01', '2026-03-02'])
  })

  test('back to the club’s zone', () => {
    const member = timeline([seoul], [newYork('2026-03-02T09:00+09:00'), { at: at('2026-03-10T12:00-04:00') }])
    expect(member.dayAt(at('2026-03-10T11:59-04:00'))).toBe('2026-03-10')
    expect(member.dayAt(at('2026-03-10T12:00-04:00'))).toBe('2026-03-10')
    expect(member.dayAt(at('2026-03-11T03:59+09:00'))).toBe('2026-03-10')
    expect(member.dayAt(at('2026-03-11T04:00+09:00'))).toBe('2026-03-11')
    expect(iso(member.endOf('2026-03-11'))).toBe('2026-03-11T19:00Z')
  })

  test('days before the change keep their dates and their zone', () => {
    const before = timeline([seoul])
    const after = timeline([seoul], [newYork('2026-03-02T09:00+09:00')])
    for (const time of ['2026-02-20T01:30+09:00', '2026-03-02T03:59+09:00', '2026-03-02T04:00+09:00']) {
      expect(after.dayAt(at(time))).toBe(before.dayAt(at(time)))
    }
    const toApia = timeline([entry({ zone: 'Asia/Seoul' })], [{ at: at('2012-02-01T12:00+09:00'), zone: 'Pacific/Apia' }])
    expect(toApia.isStudyDay('2011-12-30')).toBe(true)
  })
})

describe('a club that changes its calendar', () => {
  const noon = at('2026-03-02T12:00+09:00')

  test('takes the new weekdays from the next study day on', () => {
    const calendar = changeCalendar([entry()], noon, { weekdays: [2] })
    expect(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map((day) => timeline(calendar).isStudyDay(day))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(rulesOn(calendar, '2026-03-02').weekdays).toEqual(everyDay)
    expect(rulesOn(calendar, '2026-03-03')).toEqual(entry({ from: '2026-03-03', weekdays: [2] }))
  })

  test('at 01:30 the next study day is the one that begins at 04:00', () => {
    expect(changeCalendar([entry()], at('2026-03-02T01:30+09:00'), { weekdays: [2] }).at(-1)?.from).toBe('2026-03-02')
  })

  test('a second change on one day takes the place of the first', () => {
    const once = changeCalendar([entry()], noon, { weekdays: [2], zone: 'America/New_York' })
    const twice = changeCalendar(once, noon + hour, { weekdays: [3], zone: 'Asia/Seoul' })
    expect(twice).toEqual([entry(), entry({ from: '2026-03-03', weekdays: [3] })])
  })

  test('keeps what was set before', () => {
    const first = changeCalendar([entry()], noon, { country: 'KR' })
    const second = changeCalendar(first, noon + 48 * hour, { holidays: ['2026-03-20'] })
    expect(second.map(({ from, country, holidays }) => [from, country, holidays])).toEqual([
      ['1970-01-01', undefined, []],
      ['2026-03-03', 'KR', []],
      ['2026-03-05', 'KR', ['2026-03-20']],
    ])
  })

  test('a later day start lets today run on, an earlier one cuts it short', () => {
    const later = timeline(changeCalendar([entry()], noon, { dayStart: 360 }))
    expect(later.dayAt(at('2026-03-03T05:59+09:00'))).toBe('2026-03-02')
    expect(later.dayAt(at('2026-03-03T06:00+09:00'))).toBe('2026-03-03')
    expect([...later.cutShort]).toEqual([])
    const earlier = timeline(changeCalendar([entry()], noon, { dayStart: 0 }))
    expect(earlier.dayAt(at('2026-03-02T23:59+09:00'))).toBe('2026-03-02')
    expect(earlier.dayAt(at('2026-03-03T00:00+09:00'))).toBe('2026-03-03')
    expect([...earlier.cutShort]).toEqual(['2026-03-02'])
  })

  test('a club that moves west has one long day', () => {
    const moved = timeline(changeCalendar([entry()], noon, { zone: 'America/New_York' }))
    expect(moved.dayAt(at('2026-03-03T12:00+09:00'))).toBe('2026-03-02')
    expect(moved.dayAt(at('2026-03-03T03:59-05:00'))).toBe('2026-03-02')
    expect(moved.dayAt(at('2026-03-03T04:00-05:00'))).toBe('2026-03-03')
    expect(iso(moved.endOf('2026-03-02'))).toBe('2026-03-03T09:00Z')
    expect([...moved.cutShort]).toEqual([])
  })

  test('a club that moves east has one short day, which costs nothing', () => {
    const home = entry({ zone: 'America/New_York' })
    const morning = timeline(changeCalendar([home], at('2026-03-02T08:00-05:00'), { zone: 'Asia/Seoul' }))
    expect(morning.dayAt(at('2026-03-02T13:59-05:00'))).toBe('2026-03-02')
    expect(morning.dayAt(at('2026-03-02T14:00-05:00'))).toBe('2026-03-03')
    expect([...morning.cutShort]).toEqual(['2026-03-02'])
    // In the evening it is tomorrow in Seoul already, so the change waits until the day after.
    const evening = timeline(changeCalendar([home], at('2026-03-02T20:00-05:00'), { zone: 'Asia/Seoul' }))
    expect(evening.dayAt(at('2026-03-03T03:59-05:00'))).toBe('2026-03-02')
    expect(evening.dayAt(at('2026-03-03T13:59-05:00'))).toBe('2026-03-03')
    expect(evening.dayAt(at('2026-03-03T14:00-05:00'))).toBe('2026-03-04')
    expect([...evening.cutShort]).toEqual(['2026-03-03'])
  })

  test('a member with a zone of their own keeps their day when the club moves', () => {
    const calendar = changeCalendar([entry()], noon, { zone: 'America/New_York' })
    const member = timeline(calendar, [{ at: at('2026-01-01T12:00+09:00'), zone: 'Asia/Seoul' }])
    expect(member.dayAt(at('2026-03-03T04:00+09:00'))).toBe('2026-03-03')
    expect([...member.cutShort]).toEqual([])
  })
})

describe('days off', () => {
  test('weekdays', () => {
    const club = days({ weekdays: mondayToFriday })
    const week = Array.from({ length: 7 }, (_, i) => club.isStudyDay(addDays('2026-03-02', i)))
    expect(week).toEqual([true, true, true, true, true, false, false])
    expect(newClub('slack:T1', 'C1', { ...defaultSettings, course: '' }, 'Asia/Seoul').calendar[0].weekdays).toEqual(mondayToFriday)
    expect(newClub('discord:1', '2', { ...defaultSettings, course: '' }, 'Asia/Seoul').calendar[0].weekdays).toEqual(everyDay)
  })

  test('holidays of the club’s own', () => {
    const club = days({ holidays: ['2026-03-04', '2026-03-06'] })
    const off = Array.from({ length: 7 }, (_, i) => addDays('2026-03-02', i)).filter((day) => !club.isStudyDay(day))
    expect(off).toEqual(['2026-03-04', '2026-03-06'])
  })

  test('in Korea: Lunar New Year and Chuseok last three days, and a lost holiday is made up for', () => {
    const club = days({ country: 'KR' })
    const offIn = (month: string) => Array.from({ length: 28 }, (_, i) => addDays(`${month}-01`, i)).filter((day) => !club.isStudyDay(day))
    // As date-holidays 3.37 has it, which begins the three days on Lunar New Year itself (really they are the 16th to the 18th).
    expect(offIn('2026-02')).toEqual(['2026-02-17', '2026-02-18', '2026-02-19'])
    expect(offIn('2026-03')).toEqual(['2026-03-01', '2026-03-02'])
    expect(offIn('2026-09')).toEqual(['2026-09-24', '2026-09-25', '2026-09-26'])
    expect(offIn('2026-10')).toEqual(['2026-10-03', '2026-10-05', '2026-10-09'])
    expect(days().isStudyDay('2026-02-17')).toBe(true)
  })

  test('in the United States: public holidays only, on the day that they are kept', () => {
    const club = days({ zone: 'America/New_York', country: 'US' })
    const kept = ['2026-01-01', '2026-05-25', '2026-07-03', '2026-07-04', '2026-11-26', '2026-12-25']
    const worked = ['2026-02-14', '2026-04-15', '2026-05-26', '2026-10-31', '2026-11-27', '2026-12-24']
    expect(kept.filter((day) => club.isStudyDay(day))).toEqual([])
    expect(worked.filter((day) => !club.isStudyDay(day))).toEqual([])
    expect(isPublicHoliday('2026-02-17', 'US')).toBe(false)
  })

  test('a country is one that the library knows', () => {
    expect(['KR', 'US', 'GB', 'XX', ''].map(isCountry)).toEqual([true, true, true, false, false])
  })
})

describe('dates', () => {
  test('count forward and back over months, leap years and clock changes', () => {
    expect([addDays('2026-02-28', 1), addDays('2028-02-28', 1), addDays('2026-01-01', -1), addDays('2026-03-07', 2)]).toEqual([
      '2026-03-01',
      '2028-02-29',
      '2025-12-31',
      '2026-03-09',
    ])
    expect([daysBetween('2026-02-27', '2026-03-02'), daysBetween('2026-03-02', '2026-02-27')]).toEqual([3, -3])
    expect(['2026-03-02', '2026-03-07', '2026-03-08'].map(weekdayOf)).toEqual([1, 6, 7])
    expect(['2026-03-02', '2026-03-08', '2026-03-09'].map(mondayOf)).toEqual(['2026-03-02', '2026-03-02', '2026-03-09'])
  })

  test('what is a date, and what is a zone', () => {
    expect(['2026-03-02', '2028-02-29', '2026-02-29', '2026-02-30', '2026-13-01', '2026-3-2', 'today', ''].filter(isDay)).toEqual([
      '2026-03-02',
      '2028-02-29',
    ])
    expect(['Asia/Seoul', 'UTC', 'Asia/Atlantis', '+09:00', ''].filter(isZone)).toEqual(['Asia/Seoul', 'UTC'])
  })
})

/** What may happen while a club lives: a member flies, or an organiser changes the calendar. */
interface Happening {
  readonly after: number
  readonly looks: readonly number[]
  /** Null is the way back to the club's zone. */
  readonly fly?: string | null
  readonly change?: Partial<CalendarEntry>
}

const aChange = fc.oneof(
  fc.record({ zone: aZone }),
  fc.record({ weekdays: fc.constantFrom(everyDay, mondayToFriday, [6]) }),
  fc.record({ dayStart: aDayStart }),
  fc.record({ zone: aZone, dayStart: aDayStart }),
)
const looks = fc.array(fc.integer({ min: 0, max: 16 * 24 * hour }), { minLength: 4, maxLength: 16 })
const aFlight: fc.Arbitrary<Happening> = fc.record({
  after: fc.integer({ min: 7 * 24 * hour, max: 16 * 24 * hour }),
  looks,
  fly: fc.oneof({ weight: 6, arbitrary: aZone }, { weight: 1, arbitrary: fc.constant(null) }),
})
const aRuling: fc.Arbitrary<Happening> = fc.record({
  after: fc.oneof(fc.integer({ min: 0, max: 30 * hour }), fc.integer({ min: 0, max: 16 * 24 * hour })),
  looks,
  change: aChange,
})

/** Lives through it with what was known at each moment. */
function live(first: CalendarEntry, begin: number, story: readonly Happening[]) {
  let calendar: ClubCalendar = [first]
  const zones: ZoneChange[] = []
  const seen: { at: number; day: Day }[] = []
  let now = begin
  for (const { after, looks, fly, change } of [...story, { after: 16 * 24 * hour, looks: [0, 16 * 24 * hour - 1] }]) {
    const known = timeline(calendar, zones)
    const moments = [0, after, ...looks.filter((look) => look < after)].sort((a, b) => a - b)
    for (const moment of moments) seen.push({ at: now + moment, day: known.dayAt(now + moment) })
    now += after
    if (fly !== undefined) zones.push({ at: now, ...(fly !== null && { zone: fly }) })
    if (change) calendar = changeCalendar(calendar, now, change)
  }
  return { calendar, zones, seen, now }
}

/** The open day ends when dayAt says so, and not before. */
function closesOnce(member: ReturnType<typeof timeline>, instant: number): void {
  const day = member.dayAt(instant)
  const end = member.endOf(day)
  expect(end).toBeGreaterThan(instant)
  expect(member.dayAt(end - 1)).toBe(day)
  expect(member.dayAt(end) > day, `${day} ends at ${iso(end)}`).toBe(true)
}

function neverBack(seen: readonly { at: number; day: Day }[]): void {
  const back = seen.find(({ day }, i) => day < (seen[i - 1]?.day ?? ''))
  expect(back).toBe(undefined)
}

describe('whatever happens', () => {
  const begin = aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone)))

  test('the study day never goes back while a member flies about, and no past day is dated anew', () => {
    fc.assert(
      fc.property(begin, aDayStart, fc.array(aFlight, { maxLength: 6 }), ([zone, from], dayStart, story) => {
        const { calendar, zones, seen, now } = live(entry({ zone, dayStart }), from, story)
        neverBack(seen)
        const hindsight = timeline(calendar, zones)
        const flights = new Set(zones.map((change) => change.at))
        for (const look of seen.filter((one) => !flights.has(one.at))) expect(hindsight.dayAt(look.at)).toBe(look.day)
        closesOnce(hindsight, now)
      }),
      { numRuns: 250 },
    )
  })

  test('the study day never goes back while the club changes its calendar, and no past day is dated anew', () => {
    fc.assert(
      fc.property(begin, aDayStart, fc.array(aRuling, { maxLength: 6 }), ([zone, from], dayStart, story) => {
        const { calendar, seen, now } = live(entry({ zone, dayStart }), from, story)
        neverBack(seen)
        const hindsight = timeline(calendar)
        for (const look of seen) expect(hindsight.dayAt(look.at)).toBe(look.day)
        for (const look of seen) closesOnce(hindsight, look.at)
        closesOnce(hindsight, now)
      }),
      { numRuns: 250 },
    )
  })

  test('a day of the past keeps its rules when the club changes its calendar', () => {
    fc.assert(
      fc.property(begin, aChange, fc.nat(40), ([zone, now], change, back) => {
        const before: ClubCalendar = [entry({ zone, weekdays: mondayToFriday })]
        const day = addDays(timeline(before).dayAt(now), -back)
        const after = timeline(changeCalendar(before, now, change))
        expect(after.isStudyDay(day)).toBe(timeline(before).isStudyDay(day))
        expect(after.dayAt(now)).toBe(timeline(before).dayAt(now))
      }),
      { numRuns: 250 },
    )
  })

  test('the study day of a member abroad never goes back when the club moves or takes other days off', () => {
    // The day's start stays: a later one takes back the first hours of a tomorrow that has begun further east.
    const ruling = aRuling.filter(({ change }) => change?.dayStart === undefined)
    fc.assert(
      fc.property(begin, aDayStart, fc.array(fc.oneof(aFlight, ruling), { maxLength: 8 }), ([zone, from], dayStart, story) => {
        const { calendar, zones, seen, now } = live(entry({ zone, dayStart }), from, story)
        neverBack(seen)
        closesOnce(timeline(calendar, zones), now)
      }),
      { numRuns: 250 },
    )
  })

  test('a day that a flight skipped is neutral, and only such a day', () => {
    fc.assert(
      fc.property(begin, fc.array(aFlight, { maxLength: 5 }), ([zone, from], story) => {
        const { calendar, zones } = live(entry({ zone }), from, story)
        const member = timeline(calendar, zones)
        const skipped = zones.flatMap((change, i) => {
          const left = timeline(calendar, zones.slice(0, i)).dayAt(change.at)
          const reached = timeline(calendar, zones.slice(0, i + 1)).dayAt(change.at)
          return Array.from({ length: daysBetween(left, reached) }, (_, k) => addDays(left, k))
        })
        expect([...member.cutShort].sort()).toEqual(skipped)
      }),
      { numRuns: 200 },
    )
  })
})

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
