// Purpose: when a poll closes, and what the club thought.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, timeline, wallClock } from '../../src/club/calendar.ts'
import { answers, percentOf, pollClosesAt, type Tally, votersOf } from '../../src/club/poll.ts'
import { aZone, entry, hour, instantIn } from './zones.ts'

const closes = (day: string, zone: string): string => new Date(pollClosesAt(day, { zone })).toISOString()

describe('a poll closes at 20:00 the day after', () => {
  test('in the club’s zone', () => {
    expect(closes('2026-03-02', 'Asia/Seoul')).toBe('2026-03-03T11:00:00.000Z')
    expect(closes('2026-12-31', 'America/New_York')).toBe('2027-01-02T01:00:00.000Z')
  })

  test('whether the clock moves in between or not', () => {
    const posted = Date.parse('2026-03-07T12:30-05:00')
    expect(closes('2026-03-07', 'America/New_York')).toBe('2026-03-09T00:00:00.000Z')
    expect((pollClosesAt('2026-03-07', { zone: 'America/New_York' }) - posted) / hour).toBe(30.5)
    expect(closes('2026-10-31', 'America/New_York')).toBe('2026-11-02T01:00:00.000Z')
    expect(closes('2026-03-28', 'Europe/London')).toBe('2026-03-29T19:00:00.000Z')
    expect(closes('2026-10-24', 'Europe/London')).toBe('2026-10-25T20:00:00.000Z')
    expect(closes('2026-04-04', 'Australia/Lord_Howe')).toBe('2026-04-05T09:30:00.000Z')
  })

  test('at 20:00 on the wall in every zone, and never before its own day has ended', () => {
    fc.assert(
      fc.property(
        aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone))),
        ([zone, instant]) => {
          const club = timeline([entry({ zone })])
          const day = club.dayAt(instant)
          if (zone === 'Pacific/Apia' && day === '2011-12-29') return // The day after never was.
          const at = pollClosesAt(day, { zone })
          expect(wallClock(at, zone)).toEqual({ day: addDays(day, 1), minutes: 20 * 60 })
          expect(at).toBeGreaterThan(club.endOf(day))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('what the club thought', () => {
  test('whole percent of those who voted', () => {
    const tally: Tally = { true: 1, false: 2, depends: 0 }
    expect(votersOf(tally)).toBe(3)
    expect(answers.map((answer) => percentOf(tally, answer))).toEqual([33, 67, 0])
    expect(percentOf({ true: 7, false: 0, depends: 0 }, 'true')).toBe(100)
    expect(percentOf({ true: 1, false: 0, depends: 7 }, 'true')).toBe(13)
  })

  test('nobody voted', () => {
    expect(answers.map((answer) => percentOf({ true: 0, false: 0, depends: 0 }, answer))).toEqual([0, 0, 0])
  })

  test('percents are whole, from 0 to 100, and no further from 100 together than rounding takes them', () => {
    fc.assert(
      fc.property(fc.record({ true: fc.nat(500), false: fc.nat(500), depends: fc.nat(500) }), (tally) => {
        const percents = answers.map((answer) => percentOf(tally, answer))
        expect(percents.every((percent) => Number.isInteger(percent) && percent >= 0 && percent <= 100)).toBe(true)
        const sum = percents.reduce((total, percent) => total + percent, 0)
        if (votersOf(tally) > 0) expect([99, 100, 101]).toContain(sum)
        else expect(sum).toBe(0)
      }),
    )
  })
})
