// Purpose: when the next lesson and poll are due, when a club falls quiet, and which days were lost through us.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type CalendarEntry } from '../../src/club/calendar.ts'
import {
  type Break,
  type Club,
  type ClubSettings,
  changeCalendar,
  clubDay,
  defaultSettings,
  endBreak,
  newClub,
  openBreak,
} from '../../src/club/club.ts'
import {
  cameTooLate,
  daysOfOutage,
  hasGoneQuiet,
  isPlanned,
  lessonDueAt,
  nextDue,
  nextLessonAt,
  pollDueAt,
} from '../../src/club/schedule.ts'
import { aZone, entry, hour, mondayToFriday } from './zones.ts'

const at = (iso: string): number => Date.parse(iso)
const iso = (instant: number | undefined) => instant && new Date(instant).toISOString().replace(':00.000Z', 'Z')

/** A club that began on Monday the 2nd of March: lesson at 08:00, polls on Monday, Wednesday and Friday at 12:30. */
function clubOf(change: Partial<Club> = {}, rules: Partial<CalendarEntry> = {}, settings: Partial<ClubSettings> = {}): Club {
  const club = newClub('web:club', 'club', { ...defaultSettings, course: 'c', ...settings }, 'Asia/Seoul')
  return { ...club, calendar: [entry(rules)], seasons: [{ from: '2026-03-02', course: 'c' }], ...change }
}
const resting = (from: string, until?: string): Break => ({ from, why: 'paused', ...(until && { until }) })

describe('what is due next', () => {
  test('nothing before a season began, and nothing while the club rests', () => {
    expect(nextDue(clubOf({ seasons: [] }), at('2026-03-02T07:00+09:00'))).toBe(undefined)
    expect(nextDue(clubOf({ breaks: [resting('2026-03-01')] }), at('2026-03-02T07:00+09:00'))).toBe(undefined)
    expect(iso(nextDue(clubOf({ breaks: [resting('2026-02-01', '2026-02-03')] }), at('2026-03-02T07:00+09:00')))).toBe('2026-03-01T23:00Z')
  })

  test('today’s lesson, then today’s poll, then tomorrow’s lesson', () => {
    const now = at('2026-03-02T07:00+09:00')
    expect(iso(nextDue(clubOf(), now))).toBe('2026-03-01T23:00Z')
    expect(iso(nextDue(clubOf({ planned: { lesson: '2026-03-02' } }), now))).toBe('2026-03-02T03:30Z')
    expect(iso(nextDue(clubOf({ planned: { lesson: '2026-03-02', poll: '2026-03-02' } }), now))).toBe('2026-03-02T23:00Z')
  })

  test('what was not planned in time is due at its own time still', () => {
    expect(iso(nextDue(clubOf(), at('2026-03-02T22:00+09:00')))).toBe('2026-03-01T23:00Z')
    // But what a day long closed did not get, it does not get any more.
    expect(iso(nextDue(clubOf(), at('2026-03-05T07:00+09:00')))).toBe('2026-03-04T23:00Z')
  })

  test('a poll that comes before the lesson is due first', () => {
    expect(iso(nextDue(clubOf({}, {}, { pollAt: 7 * 60 }), at('2026-03-02T06:00+09:00')))).toBe('2026-03-01T22:00Z')
  })

  test('on the first day of a season that is still to come', () => {
    const club = clubOf({ seasons: [{ from: '2026-04-06', course: 'c' }] })
    expect(iso(nextDue(club, at('2026-03-02T07:00+09:00')))).toBe('2026-04-05T23:00Z')
  })

  test('days off are passed over', () => {
    const planned = { lesson: '2026-03-06', poll: '2026-03-06' }
    const friday = at('2026-03-06T13:00+09:00')
    expect(iso(nextDue(clubOf({ planned }, { weekdays: mondayToFriday }), friday))).toBe('2026-03-08T23:00Z')
    expect(iso(nextDue(clubOf({ planned }, { weekdays: mondayToFriday, holidays: ['2026-03-09'] }), friday))).toBe('2026-03-09T23:00Z')
    expect(nextDue(clubOf({}, { weekdays: [] }), friday)).toBe(undefined)
  })

  test('a post time before the day’s start is still within the study day, in its night', () => {
    const club = clubOf({}, {}, { postAt: 60 })
    expect(iso(lessonDueAt(club, '2026-03-02'))).toBe('2026-03-02T16:00Z')
    expect(clubDay(club, lessonDueAt(club, '2026-03-02')).today).toBe('2026-03-02')
  })

  test('a post time in the spring gap comes at the first minute after it', () => {
    const club = clubOf({}, { zone: 'America/New_York', dayStart: 0 }, { postAt: 150, pollDays: [7], pollAt: 150 })
    expect(iso(lessonDueAt(club, '2026-03-08'))).toBe('2026-03-08T07:00Z')
    expect(iso(pollDueAt(club, '2026-03-08'))).toBe('2026-03-08T07:00Z')
    expect(iso(lessonDueAt(club, '2026-11-01'))).toBe('2026-11-01T07:30Z')
  })

  test('polls come on poll days only', () => {
    const week = Array.from({ length: 7 }, (_, i) => iso(pollDueAt(clubOf(), addDays('2026-03-02', i))))
    expect(week).toEqual(['2026-03-02T03:30Z', undefined, '2026-03-04T03:30Z', undefined, '2026-03-06T03:30Z', undefined, undefined])
    expect(pollDueAt(clubOf({}, {}, { pollDays: [] }), '2026-03-02')).toBe(undefined)
  })

  test('a new calendar moves the lesson from the next study day on', () => {
    const now = at('2026-03-02T12:00+09:00')
    const club = clubOf({ calendar: changeCalendar([entry()], now, { zone: 'Europe/London' }) })
    expect(iso(lessonDueAt(club, '2026-03-02'))).toBe('2026-03-01T23:00Z')
    expect(iso(lessonDueAt(club, '2026-03-03'))).toBe('2026-03-03T08:00Z')
  })

  test('planned means that day or a later one', () => {
    expect([undefined, '2026-03-01', '2026-03-02', '2026-03-03'].map((planned) => isPlanned(planned, '2026-03-02'))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('planning what is due, over and over, gives each study day one lesson at its time, and each poll day one poll', () => {
    const settings = fc.record({ postAt: fc.nat(1439), pollAt: fc.nat(1439), pollDays: fc.subarray([1, 2, 3, 4, 5, 6, 7]) })
    fc.assert(
      fc.property(aZone, settings, fc.integer({ min: 0, max: 360 }), (zone, set, dayStart) => {
        let club = clubOf({}, { zone, dayStart, weekdays: mondayToFriday }, set)
        const lessons: string[] = []
        const polls: string[] = []
        let now = at('2026-03-02T00:00Z')
        while (lessons.length < 15) {
          const due = nextDue(club, now)
          if (due === undefined) break
          now = Math.max(now, due)
          const { today } = clubDay(club, now)
          if (due === lessonDueAt(club, today) && !isPlanned(club.planned.lesson, today)) {
            lessons.push(today)
            club = { ...club, planned: { ...club.planned, lesson: today } }
          } else {
            expect(due).toBe(pollDueAt(club, today))
            polls.push(today)
            club = { ...club, planned: { ...club.planned, poll: today } }
          }
        }
        const days = Array.from({ length: 40 }, (_, i) => addDays('2026-03-02', i)).filter((_, i) => i % 7 < 5)
        const begun = days.filter((day) => day >= (lessons[0] ?? ''))
        expect(lessons).toEqual(begun.slice(0, 15))
        const asked = begun.filter((day) => pollDueAt(club, day) !== undefined && day < (lessons.at(-1) ?? ''))
        expect(polls.filter((day) => day >= (lessons[0] ?? '') && day < (lessons.at(-1) ?? ''))).toEqual(asked)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the next morning', () => {
  test('is today’s lesson until it is out, then tomorrow’s', () => {
    expect(iso(nextLessonAt(clubOf(), at('2026-03-02T07:59+09:00')))).toBe('2026-03-01T23:00Z')
    expect(iso(nextLessonAt(clubOf(), at('2026-03-02T08:00+09:00')))).toBe('2026-03-02T23:00Z')
    expect(iso(nextLessonAt(clubOf(), at('2026-03-02T01:30+09:00')))).toBe('2026-03-01T23:00Z')
  })

  test('is not one that came out early', () => {
    expect(iso(nextLessonAt(clubOf({ planned: { lesson: '2026-03-02' } }), at('2026-03-02T07:00+09:00')))).toBe('2026-03-02T23:00Z')
  })

  test('is a study day', () => {
    expect(iso(nextLessonAt(clubOf({}, { weekdays: mondayToFriday }), at('2026-03-06T09:00+09:00')))).toBe('2026-03-08T23:00Z')
    expect(nextLessonAt(clubOf({}, { weekdays: [] }), at('2026-03-06T09:00+09:00'))).toBe(undefined)
  })
})

describe('a club that has gone quiet', () => {
  test('after seven study days without anybody, not six', () => {
    expect(hasGoneQuiet(clubOf(), '2026-03-12', '2026-03-05')).toBe(false)
    expect(hasGoneQuiet(clubOf(), '2026-03-13', '2026-03-05')).toBe(true)
    expect(hasGoneQuiet(clubOf(), '2026-03-08', undefined)).toBe(false)
    expect(hasGoneQuiet(clubOf(), '2026-03-09', undefined)).toBe(true)
  })

  test('days off do not make it quiet', () => {
    const slack = clubOf({}, { weekdays: mondayToFriday, holidays: ['2026-03-10'] })
    expect(hasGoneQuiet(slack, '2026-03-17', '2026-03-05')).toBe(false)
    expect(hasGoneQuiet(slack, '2026-03-18', '2026-03-05')).toBe(true)
  })

  test('it is counted from the end of its last rest, and from the start of its season', () => {
    expect(hasGoneQuiet(clubOf({ breaks: [resting('2026-03-03', '2026-03-20')] }), '2026-03-27', '2026-03-02')).toBe(false)
    expect(hasGoneQuiet(clubOf({ breaks: [resting('2026-03-03', '2026-03-20')] }), '2026-03-28', '2026-03-02')).toBe(true)
    expect(hasGoneQuiet(clubOf({ seasons: [{ from: '2026-03-20', course: 'c' }] }), '2026-03-26', '2026-03-02')).toBe(false)
    expect(hasGoneQuiet(clubOf({ seasons: [] }), '2026-05-01', undefined)).toBe(false)
  })
})

describe('a rest of the club', () => {
  test('is open until somebody ends it, and then ended yesterday', () => {
    const breaks = [resting('2026-02-01', '2026-02-03'), resting('2026-03-05')]
    expect(openBreak(clubOf({ breaks }))).toEqual(resting('2026-03-05'))
    const ended = endBreak(breaks, '2026-03-09')
    expect(ended).toEqual([resting('2026-02-01', '2026-02-03'), resting('2026-03-05', '2026-03-08')])
    expect(openBreak(clubOf({ breaks: ended }))).toBe(undefined)
  })

  test('that began today leaves no trace', () => {
    expect(endBreak([resting('2026-03-05')], '2026-03-05')).toEqual([])
  })
})

describe('our outages', () => {
  /** The study day of the 2nd of March ends at 04:00 on the 3rd; its last six hours begin at 22:00. */
  const lost = (from: string, to: string, club = clubOf()) => daysOfOutage(club, at(`${from}+09:00`), at(`${to}+09:00`))

  test('an hour in the last six hours of a day excuses it', () => {
    expect(lost('2026-03-02T22:00', '2026-03-02T23:00')).toEqual(['2026-03-02'])
    expect(lost('2026-03-02T22:00', '2026-03-02T22:59')).toEqual([])
    expect(lost('2026-03-03T02:59', '2026-03-03T03:59')).toEqual(['2026-03-02'])
  })

  test('earlier in the day it does not', () => {
    expect(lost('2026-03-02T08:00', '2026-03-02T22:59')).toEqual([])
    expect(lost('2026-03-02T08:00', '2026-03-02T23:00')).toEqual(['2026-03-02'])
    expect(lost('2026-03-03T03:01', '2026-03-03T12:00')).toEqual([])
    expect(lost('2026-03-03T03:00', '2026-03-03T12:00')).toEqual(['2026-03-02'])
  })

  test('a long one excuses each day that it covered, but for days off', () => {
    expect(lost('2026-03-05T12:00', '2026-03-10T12:00')).toEqual(['2026-03-05', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'])
    expect(lost('2026-03-05T12:00', '2026-03-10T12:00', clubOf({}, { weekdays: mondayToFriday }))).toEqual([
      '2026-03-05',
      '2026-03-06',
      '2026-03-09',
    ])
  })

  test('a day of 23 hours has its last six as well', () => {
    const club = clubOf({}, { zone: 'America/New_York' })
    // The day of the 7th ends at 04:00 daylight time, which is 08:00 in Greenwich, so its last six hours begin at 02:00.
    expect(daysOfOutage(club, at('2026-03-08T01:00Z'), at('2026-03-08T02:59Z'))).toEqual([])
    expect(daysOfOutage(club, at('2026-03-08T01:00Z'), at('2026-03-08T03:00Z'))).toEqual(['2026-03-07'])
  })

  test('a lesson that came in the last six hours came too late', () => {
    expect(cameTooLate(clubOf(), '2026-03-02', at('2026-03-02T22:00+09:00'))).toBe(false)
    expect(cameTooLate(clubOf(), '2026-03-02', at('2026-03-02T22:01+09:00'))).toBe(true)
    expect(cameTooLate(clubOf(), '2026-03-02', lessonDueAt(clubOf(), '2026-03-02'))).toBe(false)
    const newYork = clubOf({}, { zone: 'America/New_York' })
    expect(cameTooLate(newYork, '2026-03-07', at('2026-03-08T02:00Z'))).toBe(false)
    expect(cameTooLate(newYork, '2026-03-07', at('2026-03-08T02:00Z') + hour)).toBe(true)
  })
})
