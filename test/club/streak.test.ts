// Purpose: the streak rules: a page from a member's diary for each, and their laws held against a slow oracle.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type Day, daysBetween, timeline, type ZoneChange } from '../../src/club/calendar.ts'
import { circumstancesOf, defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import {
  act,
  advance,
  type Circumstances,
  type DayEnd,
  emptyStreak,
  foldStreak,
  isMilestone,
  isNeutral,
  lapseDay,
  repairable,
  type StreakState,
} from '../../src/club/streak.ts'
import { actDaysOf, aHistory, circumstancesIn, dayOf, type History, recordsOf, repairsOf, seasonsOf, todayOf } from './history.ts'
import { judge } from './streak.oracle.ts'
import { aDayStart, aZone, entry, everyDay, hour, instantIn, mondayToFriday } from './zones.ts'

/** A Monday. Dates of a diary are counted from it: 0 is the 2nd of March. */
const monday = '2026-03-02'
const date = (count: number): Day => addDays(monday, count)

interface Setting {
  readonly weekdays?: readonly number[]
  readonly holidays?: readonly number[]
  readonly seasons?: readonly number[]
  /** Pairs of the missed date and the date of the press. */
  readonly mended?: readonly (readonly [number, number])[]
  readonly zones?: readonly ZoneChange[]
}

const letters: Record<DayEnd, string> = { counted: 'x', frozen: 'f', repaired: 'r', neutral: 'n', off: '-', missed: 'm' }

/**
 * A diary from a Monday on, a letter a day, the last day still open: `x` an act, `.` nothing, `p` paused, `e` excused,
 * `P` and `E` the same with an act. Spaces are for the eye. `days` says how each closed day since the first act ended.
 */
function diary(written: string, { weekdays = everyDay, holidays = [], seasons = [], mended = [], zones = [] }: Setting = {}) {
  const page = [...written.replaceAll(' ', '')]
  const datesOf = (marks: string) => page.flatMap((letter, i) => (marks.includes(letter) ? [date(i)] : []))
  const today = date(page.length - 1)
  const circumstances: Circumstances = {
    timeline: timeline([entry({ weekdays, holidays: holidays.map(date) })], zones),
    neutral: datesOf('pP').map((day) => ({ from: day, until: day })),
    excused: new Set(datesOf('eE')),
    repairs: mended.map(([missed, pressed]) => ({ missed: date(missed), pressed: date(pressed) })),
    seasons: seasons.map(date),
  }
  let days = ''
  const state = foldStreak(datesOf('xPE'), today, circumstances, (_, mark) => (days += letters[mark]))
  const counted = (day: Day | undefined) => day && daysBetween(monday, day)
  return {
    ...state,
    days,
    circumstances,
    mendable: counted(repairable(state, circumstances)),
    lapses: counted(lapseDay(state, circumstances)),
  }
}

describe('what counts', () => {
  test('a member who never came has nothing', () => {
    expect(diary('...')).toMatchObject({ run: 0, best: 0, total: 0, freezes: 0, days: '', mendable: undefined, lapses: undefined })
    expect(emptyStreak(monday)).toEqual({ day: monday, acted: false, run: 0, best: 0, total: 0, freezes: 0, progress: 0 })
  })

  test('a day with an act counts, once', () => {
    expect(diary('xxx')).toMatchObject({ run: 3, best: 3, total: 3, acted: true })
    const { circumstances } = diary('x')
    const once = act(emptyStreak(monday), circumstances)
    expect(act(once, circumstances)).toEqual(once)
    expect(foldStreak([monday, monday], monday, circumstances)).toMatchObject({ run: 1, total: 1 })
  })

  test('today is open: without an act nothing is lost, with one it counts', () => {
    expect(diary('xx.')).toMatchObject({ run: 2, acted: false, days: 'xx', freezes: 1 })
    expect(diary('xxx')).toMatchObject({ run: 3, acted: true, days: 'xx' })
  })

  test('an act of a day to come is not counted yet', () => {
    const { circumstances } = diary('x')
    expect(foldStreak([monday, date(5)], date(1), circumstances)).toMatchObject({ day: date(1), run: 1, total: 1 })
  })

  test('weekends off count to the total only, and break nothing', () => {
    expect(diary('xxxxx.. x', { weekdays: mondayToFriday })).toMatchObject({ run: 6, total: 6, days: 'xxxxx--', freezes: 1 })
    expect(diary('xxxxxxx x', { weekdays: mondayToFriday })).toMatchObject({ run: 6, best: 6, total: 8, days: 'xxxxxxx' })
  })

  test('a holiday is a day off', () => {
    expect(diary('x.x', { holidays: [1] })).toMatchObject({ run: 2, freezes: 1, days: 'x-' })
  })

  test('a first act on a day off brings the freeze and no run', () => {
    expect(diary('.....x. ..', { weekdays: mondayToFriday })).toMatchObject({ run: 0, total: 1, freezes: 1, progress: 0, days: 'x-m' })
  })

  test('after a missed day the run is 0 until the next act; best and total stay', () => {
    expect(diary('xxx..')).toMatchObject({ run: 3, days: 'xxxf' })
    expect(diary('xxx...')).toMatchObject({ run: 0, best: 3, total: 3, days: 'xxxfm' })
    expect(diary('xxx...x')).toMatchObject({ run: 1, best: 3, total: 4, days: 'xxxfmm' })
  })

  test('the week and the season count study days', () => {
    expect(diary('xxxxxxx xx.', { seasons: [5] })).toMatchObject({ week: { from: date(7), days: 2 }, season: { from: date(5), days: 4 } })
    expect(diary('xxxxxxx x', { weekdays: mondayToFriday, seasons: [-30, 0] })).toMatchObject({
      week: { from: date(7), days: 1 },
      season: { from: date(0), days: 6 },
    })
    expect(diary('xx', { seasons: [2] })).not.toHaveProperty('season')
    // A break of the run leaves both as they are.
    expect(diary('x..xx', { seasons: [0] })).toMatchObject({ run: 2, week: { days: 3 }, season: { days: 3 } })
  })

  test('milestones', () => {
    const reached = Array.from({ length: 260 }, (_, run) => run).filter(isMilestone)
    expect(reached).toEqual([3, 7, 14, 30, 50, 100, 150, 200, 250])
  })
})

describe('freezes', () => {
  test('the first comes with the first act, and may be used from the next day', () => {
    expect(diary('x')).toMatchObject({ freezes: 1, progress: 0 })
    expect(diary('x.x')).toMatchObject({ run: 2, freezes: 0, days: 'xf' })
  })

  test('seven further days add one, and progress starts again', () => {
    expect(diary('xxxxxxx')).toMatchObject({ freezes: 1, progress: 6 })
    expect(diary('xxxxxxx x')).toMatchObject({ freezes: 2, progress: 0 })
  })

  test('two at most; while two are held, progress stays 0', () => {
    expect(diary('xxxxxxx xxxxxxx xxxxxxx')).toMatchObject({ freezes: 2, progress: 0 })
    expect(diary('xxxxxxx xxxxxxx .xxx')).toMatchObject({ freezes: 1, progress: 3 })
    expect(diary('xxxxxxx xxxxxxx .xxxxxxx')).toMatchObject({ freezes: 2, progress: 0 })
  })

  test('acts on days off are no progress, acts on days of rest are', () => {
    expect(diary('xxxxxxx', { weekdays: mondayToFriday })).toMatchObject({ freezes: 1, progress: 4 })
    expect(diary('xxPEx')).toMatchObject({ freezes: 1, progress: 4, run: 5 })
  })

  test('the frozen day bridges and does not count', () => {
    expect(diary('xxx.xx')).toMatchObject({ run: 5, best: 5, total: 5, days: 'xxxfx' })
  })

  test('a longer gap spends them on its first days and then breaks', () => {
    expect(diary('xxxxxxxx ...x')).toMatchObject({ run: 1, best: 8, total: 9, freezes: 0, days: 'xxxxxxxxffm' })
    expect(diary('xxxxxxxx ..x')).toMatchObject({ run: 9, freezes: 0, days: 'xxxxxxxxff' })
  })

  test('nothing is spent when there is no run to hold', () => {
    expect(diary('xxxxxxxx ... xxxxxxx .. x')).toMatchObject({ days: 'xxxxxxxxffmxxxxxxxfm', run: 1 })
    expect(diary('.....x. ....', { weekdays: mondayToFriday })).toMatchObject({ freezes: 1, days: 'x-mmm' })
  })

  test('progress is kept when the run breaks, and the first freeze comes only once', () => {
    expect(diary('xxx...')).toMatchObject({ run: 0, freezes: 0, progress: 2 })
    expect(diary('xxx...x')).toMatchObject({ run: 1, freezes: 0, progress: 3 })
    expect(diary('xxx...xxxxx')).toMatchObject({ run: 5, freezes: 1, progress: 0 })
  })
})

describe('days that cost nothing', () => {
  test('paused days are neutral', () => {
    expect(diary('xxpppppx')).toMatchObject({ run: 3, freezes: 1, days: 'xxnnnnn' })
  })

  test('an act on a paused day counts, and the pause goes on', () => {
    expect(diary('xxpPppx')).toMatchObject({ run: 4, total: 4, freezes: 1, days: 'xxnxnn' })
  })

  test('an excused day is neutral, and an act on it counts', () => {
    expect(diary('xexEx')).toMatchObject({ run: 4, freezes: 1, days: 'xnxx' })
  })

  test('an excuse gives back the freeze that the day had cost, and mends a break', () => {
    expect(diary('xx.x')).toMatchObject({ freezes: 0, days: 'xxf' })
    expect(diary('xxex')).toMatchObject({ freezes: 1, days: 'xxn' })
    expect(diary('xx..x')).toMatchObject({ run: 1 })
    expect(diary('xxe.x')).toMatchObject({ run: 3, freezes: 0, days: 'xxnf' })
  })

  test('a day off within a pause is a day off', () => {
    expect(diary('xxxxppp px', { weekdays: mondayToFriday })).toMatchObject({ run: 5, days: 'xxxxn--n' })
  })

  test('pauses do not use up a freeze that a later day needs', () => {
    expect(diary('xp.px')).toMatchObject({ run: 2, freezes: 0, days: 'xnfn' })
    expect(diary('xp.p.x')).toMatchObject({ run: 1, days: 'xnfnm' })
  })

  test('a club break is neutral for everybody, with and without an end', () => {
    const club = newClub('web:club', 'club', { ...defaultSettings, course: 'c' }, 'Asia/Seoul')
    const member = { ...newMember(club, 'mina', 'Mina'), pauses: [{ from: date(5), until: date(5) }], excuses: [{ day: date(6) }] }
    const resting = {
      ...club,
      breaks: [
        { from: date(1), until: date(2), why: 'paused' as const },
        { from: date(8), why: 'quiet' as const },
      ],
      excuses: [{ day: date(3), reason: 'snow' }],
    }
    const circumstances = circumstancesOf(resting, member)
    const neutral = Array.from({ length: 11 }, (_, i) => i).filter((i) => isNeutral(date(i), circumstances))
    expect(neutral).toEqual([1, 2, 3, 5, 6, 8, 9, 10])
    expect(foldStreak([date(0), date(4), date(7)], date(300), circumstances)).toMatchObject({ run: 3, freezes: 1 })
  })

  const eastOn = (count: number): ZoneChange[] => [
    { at: Date.parse(`${date(count - 10)}T12:00Z`), zone: 'America/New_York' },
    { at: Date.parse(`${date(count)}T20:00-05:00`), zone: 'Asia/Seoul' },
  ]

  test('a flight east skips the open day, which is neutral unless an act counts on it', () => {
    expect(diary('xx.x', { zones: eastOn(2) })).toMatchObject({ run: 3, freezes: 1, days: 'xxn' })
    expect(diary('xxxx', { zones: eastOn(2) })).toMatchObject({ run: 4, days: 'xxx' })
  })

  test('but only once in 30 dates', () => {
    const days = (second: number) => diary(`${'x'.repeat(40)}.x`, { zones: [...eastOn(second), ...eastOn(40)] })
    expect(days(10).days.at(-1)).toBe('n')
    expect(days(11).days.at(-1)).toBe('f')
  })
})

describe('repair', () => {
  test('one missed day after the freezes can be mended', () => {
    expect(diary('xxx..x')).toMatchObject({ run: 1, mendable: 4, miss: { day: date(4), run: 3 } })
    expect(diary('xxx..x', { mended: [[4, 5]] })).toMatchObject({ run: 4, best: 4, total: 4, days: 'xxxfr', mendable: undefined })
  })

  test('it is offered before today’s act too', () => {
    expect(diary('xxx...')).toMatchObject({ run: 0, mendable: 4 })
  })

  test('not the day itself, and not when two were missed', () => {
    expect(diary('xxx..')).toMatchObject({ run: 3, mendable: undefined })
    expect(diary('xxx....')).toMatchObject({ run: 0, mendable: undefined })
    expect(diary('xxx....x')).toMatchObject({ run: 1, mendable: undefined })
  })

  test('not when no run was alive before it', () => {
    expect(diary('.....x. .x', { weekdays: mondayToFriday })).toMatchObject({ days: 'x-m', mendable: undefined })
  })

  test('until the end of the second study day after it', () => {
    expect(diary('xxx..xx')).toMatchObject({ mendable: 4 })
    expect(diary('xxx..xxx')).toMatchObject({ mendable: undefined })
  })

  test('days off and days of rest do not use up that time', () => {
    expect(diary('x..ppxx')).toMatchObject({ days: 'xfmnnx', mendable: 2 })
    // Missed on a Friday: Saturday and Sunday are off, Monday and Tuesday are the two days.
    expect(diary('..x.... xx', { weekdays: mondayToFriday })).toMatchObject({ days: 'xfm--x', mendable: 4 })
    expect(diary('..x.... xxx', { weekdays: mondayToFriday })).toMatchObject({ mendable: undefined })
  })

  test('when the second study day has closed it is over, even on a day off', () => {
    // Missed on Wednesday; Thursday and Friday were the two days.
    expect(diary('x..xx', { weekdays: mondayToFriday })).toMatchObject({ mendable: 2 })
    expect(diary('x..xx.', { weekdays: mondayToFriday })).toMatchObject({ days: 'xfmxx', mendable: undefined })
    expect(diary('x..xxp')).toMatchObject({ days: 'xfmxx', mendable: undefined })
  })

  /** Missed on date 2 and mended, then `kept` good days, three empty ones, of which two are frozen, and today's act. */
  const missedAgain = (kept: number, first = 'x..', pressed = 3) => {
    const { days, mendable } = diary(`${first}${'x'.repeat(kept)}...x`, { mended: [[2, pressed]] })
    expect(days.slice(3)).toBe(`${'x'.repeat(kept)}ffm`)
    return mendable
  }

  test('once per 30 dates, dated by the press', () => {
    expect(missedAgain(26)).toBe(undefined)
    expect(missedAgain(27)).toBe(32)
    expect(missedAgain(27, 'x..', 4)).toBe(undefined)
    expect(missedAgain(28, 'x..', 4)).toBe(33)
  })

  test('given back when its day is later excused or paused', () => {
    expect(missedAgain(26, 'x.e')).toBe(31)
    expect(missedAgain(26, 'x.p')).toBe(31)
  })

  test('a mended day adds to neither run nor total, and a press for a day with an act changes nothing', () => {
    expect(diary('xx..xx', { mended: [[3, 4]] })).toMatchObject({ run: 4, total: 4, days: 'xxfrx' })
    expect(diary('xxxx', { mended: [[2, 3]] })).toMatchObject({ run: 4, total: 4, days: 'xxx' })
  })
})

describe('when a run would end', () => {
  test('the day after the freezes are spent', () => {
    expect(diary('x').lapses).toBe(2)
    expect(diary('x.').lapses).toBe(2)
    expect(diary('x..').lapses).toBe(2)
    expect(diary('xxxxxxx x').lapses).toBe(10)
    expect(diary('x...').lapses).toBe(undefined)
  })

  test('days off and pauses put it off', () => {
    expect(diary('xxxxx', { weekdays: mondayToFriday }).lapses).toBe(8)
    expect(diary('xxxx', { holidays: [4, 5] }).lapses).toBe(7)
  })

  test('a club that rests until further notice ends no run', () => {
    const { circumstances, ...state } = diary('xxx')
    const resting = { ...circumstances, neutral: [{ from: date(3) }] }
    expect(lapseDay(state, resting)).toBe(undefined)
    expect(advance(state, date(2000), resting).run).toBe(3)
  })
})

/** The fold of a history as it stood on one of its dates. */
function foldOn(history: History, on = history.length - 1, circumstances = circumstancesIn(history)): StreakState {
  return foldStreak(actDaysOf(history), dayOf(history, on), circumstances)
}

/** Without the keys that hold nothing, as a store gives it back. */
const kept = (state: StreakState): StreakState => JSON.parse(JSON.stringify(state))

describe('laws', () => {
  const runs = { numRuns: 300 }

  test('the fold agrees with the oracle', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        const circumstances = circumstancesIn(history)
        const marks: { day: Day; mark: DayEnd }[] = []
        const state = foldStreak(actDaysOf(history), todayOf(history), circumstances, (day, mark) => marks.push({ day, mark }))
        const { marks: judged, mendable, ...verdict } = judge(recordsOf(history), seasonsOf(history))
        expect(marks).toEqual(judged)
        const { run, best, total, freezes, progress, week, season } = state
        expect({ run, best, total, freezes, progress, week, season }).toEqual(verdict)
      }),
      { numRuns: 1000 },
    )
  })

  test('the order in which rows arrive, and rows that arrive twice, change nothing', () => {
    const shuffled = aHistory.chain((history) => {
      const mix = <T>(rows: readonly T[]) =>
        fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2, maxLength: rows.length * 2 })
      const { excused, neutral, repairs } = circumstancesIn(history)
      return fc.tuple(fc.constant(history), mix(actDaysOf(history)), mix([...excused]), mix(neutral), mix(repairs))
    })
    fc.assert(
      fc.property(shuffled, ([history, acts, excused, neutral, repairs]) => {
        const circumstances = { ...circumstancesIn(history), excused: new Set(excused), neutral, repairs }
        expect(foldStreak(acts, todayOf(history), circumstances)).toEqual(foldOn(history))
      }),
      runs,
    )
  })

  test('a cached state moved on, from any day and with any number of stops, is the state from scratch', () => {
    fc.assert(
      fc.property(aHistory, fc.array(fc.nat(99), { maxLength: 5 }), fc.boolean(), (history, stops, replayed) => {
        const circumstances = circumstancesIn(history)
        const days = Array.from({ length: history.length }, (_, i) => i)
        const cachedOn = Math.min(...stops, history.length - 1)
        const cached = foldOn({ ...history, acts: history.acts.filter((on) => on <= cachedOn) }, cachedOn)
        const state = days.slice(cachedOn).reduce((before, on) => {
          const acted = history.acts.includes(on)
          if (!acted && !stops.includes(on)) return before
          const open = kept(advance(before, dayOf(history, on), circumstances))
          const after = acted ? act(open, circumstances) : open
          // A crash between the act and its answer: the platform sends it again.
          return replayed && acted ? act(after, circumstances) : after
        }, cached)
        expect(advance(state, todayOf(history), circumstances)).toEqual(foldOn(history))
      }),
      runs,
    )
  })

  test('an act never lowers run, best, total or freezes', () => {
    fc.assert(
      fc.property(aHistory, fc.nat(99), (history, on) => {
        const today = Math.min(on, history.length - 1)
        const before = foldOn({ ...history, acts: history.acts.filter((earlier) => earlier < today) }, today)
        const after = act(before, circumstancesIn(history))
        expect(after.run - before.run).toBe(Number(recordsOf(history)[today]?.studyDay))
        expect(after.best).toBe(Math.max(before.best, after.run))
        expect(after.total).toBe(before.total + 1)
        expect(after.freezes).toBeGreaterThanOrEqual(before.freezes)
        expect(after).toEqual(foldOn({ ...history, acts: [...history.acts, today] }, today))
      }),
      runs,
    )
  })

  test('on every day: run ≤ best ≤ total, neither best nor total falls, 0 to 2 freezes, no progress beside two', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        const circumstances = circumstancesIn(history)
        let before = foldOn(history, 0, circumstances)
        for (let on = 0; on < history.length; on++) {
          const { run, best, total, freezes, progress } = foldOn(history, on, circumstances)
          expect(best).toBeGreaterThanOrEqual(run)
          expect(total).toBeGreaterThanOrEqual(best)
          expect(best).toBeGreaterThanOrEqual(before.best)
          expect(total).toBeGreaterThanOrEqual(before.total)
          expect([0, 1, 2]).toContain(freezes)
          expect(progress).toBeGreaterThanOrEqual(0)
          expect(progress).toBeLessThan(freezes === 2 ? 1 : 7)
          before = { ...before, best, total }
        }
      }),
      { numRuns: 100 },
    )
  })

  test('an excused, paused or off day spends no freeze and breaks no run', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        const circumstances = circumstancesIn(history)
        recordsOf(history).forEach(({ acted, resting, studyDay }, on) => {
          if (acted || (studyDay && !resting)) return
          const [open, closed] = [foldOn(history, on, circumstances), foldOn(history, on + 1, circumstances)]
          const next = Number(history.acts.includes(on + 1))
          expect(closed.run).toBeGreaterThanOrEqual(open.run)
          expect(closed.total).toBe(open.total + next)
          // The very first act brings one.
          expect(closed.freezes).toBeGreaterThanOrEqual(open.freezes)
        })
      }),
      { numRuns: 200 },
    )
  })

  test('an excuse, a pause or a repair takes nothing from anybody when its day closes, nor later while no other day is missed', () => {
    fc.assert(
      fc.property(aHistory, fc.nat(99), fc.constantFrom('excused', 'neutral', 'repairs'), (history, some, kind) => {
        const on = Math.min(some, history.length - 1)
        const day = dayOf(history, on)
        const circumstances = circumstancesIn(history)
        const kinder: Circumstances = {
          ...circumstances,
          ...(kind === 'excused' && { excused: new Set([...circumstances.excused, day]) }),
          ...(kind === 'neutral' && { neutral: [...circumstances.neutral, { from: day, until: day }] }),
          ...(kind === 'repairs' && { repairs: [...circumstances.repairs, { missed: day, pressed: day }] }),
        }
        const [before, after] = [foldOn(history, on + 1, circumstances), foldOn(history, on + 1, kinder)]
        expect(after.run).toBeGreaterThanOrEqual(before.run)
        expect(after.best).toBeGreaterThanOrEqual(before.best)
        expect(after.total).toBe(before.total)
        expect(after.freezes).toBeGreaterThanOrEqual(before.freezes)
        const missed: Day[] = []
        const later = foldStreak(actDaysOf(history), todayOf(history), kinder, (closed, mark) => {
          if (mark === 'missed' && closed > day) missed.push(closed)
        })
        if (missed.length === 0) expect(later.run).toBeGreaterThanOrEqual(foldOn(history, undefined, circumstances).run)
      }),
      runs,
    )
  })

  test('consecutive study days acted on never break a run, in any zone, over any clock change', () => {
    const life = aZone.chain((zone) => fc.tuple(fc.constant(zone), instantIn(zone)))
    const moments = fc.array(fc.nat(999), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(life, aDayStart, fc.constantFrom(everyDay, mondayToFriday), moments, ([zone, begin], dayStart, weekdays, parts) => {
        const member = timeline([entry({ zone, dayStart, weekdays })])
        const acts: number[] = []
        let opened = member.endOf(member.dayAt(begin))
        for (const part of parts) {
          const closes = member.endOf(member.dayAt(opened))
          if (member.isStudyDay(member.dayAt(opened))) acts.push(opened + Math.floor((part * (closes - opened)) / 1000))
          opened = closes
        }
        const marks: DayEnd[] = []
        const circumstances: Circumstances = { timeline: member, neutral: [], excused: new Set(), repairs: [], seasons: [] }
        const state = foldStreak(
          acts.map((instant) => member.dayAt(instant)),
          member.dayAt(opened),
          circumstances,
          (_, mark) => marks.push(mark),
        )
        expect(state).toMatchObject({ run: acts.length, best: acts.length, total: acts.length })
        expect(marks.filter((mark) => mark !== 'counted' && mark !== 'off')).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('nor do they while the member flies from zone to zone', () => {
    const flights = fc.array(fc.record({ zone: aZone, hours: fc.integer({ min: 7 * 24, max: 12 * 24 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    // From one side of the date line to the other a second date is skipped, which only the first flight in 30 dates has for nothing.
    const near = fc.tuple(aZone, flights).filter(([home, legs]) => ![home, ...legs.map(({ zone }) => zone)].includes('Pacific/Pago_Pago'))
    fc.assert(
      fc.property(near, fc.integer({ min: 0, max: 400 }), ([home, legs], later) => {
        const begin = Date.parse('2026-01-01T12:00Z') + later * 24 * hour
        const zones: ZoneChange[] = []
        const acted = new Set<Day>()
        let now = begin
        for (const { zone, hours } of legs) {
          const until = now + hours * hour
          const member = timeline([entry({ zone: home })], zones)
          // They look in every hour and act on each day that they see.
          for (; now < until; now += hour) acted.add(member.dayAt(now))
          zones.push({ at: now, zone })
        }
        const member = timeline([entry({ zone: home })], zones)
        const circumstances: Circumstances = { timeline: member, neutral: [], excused: new Set(), repairs: [], seasons: [] }
        expect(foldStreak(acted, member.dayAt(now), circumstances)).toMatchObject({ run: acted.size, total: acted.size })
      }),
      { numRuns: 100 },
    )
  })

  test('a run is alive through its last day, and closing that empty breaks it', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        const circumstances = circumstancesIn(history)
        const state = foldOn(history, undefined, circumstances)
        const lapse = lapseDay(state, circumstances)
        if (state.run === 0) expect(lapse).toBe(undefined)
        else if (lapse === undefined) expect(advance(state, addDays(state.day, 1000), circumstances).run).toBe(state.run)
        else {
          expect(lapse >= state.day).toBe(true)
          expect(advance(state, lapse, circumstances).run).toBe(state.run)
          expect(advance(state, addDays(lapse, 1), circumstances).run).toBe(0)
          // Asked again on any day until then, it is the same.
          expect(lapseDay(advance(state, lapse, circumstances), circumstances)).toBe(lapse)
        }
      }),
      runs,
    )
  })

  test('a repair is offered when the oracle offers it and none was used in 30 dates, and it gives the run back', () => {
    fc.assert(
      fc.property(aHistory, fc.nat(99), (history, on) => {
        const today = Math.min(on, history.length - 1)
        const past: History = { ...history, acts: history.acts.filter((day) => day <= today), length: today + 1 }
        const circumstances = circumstancesIn(past)
        const state = foldOn(past)
        const offered = repairable(state, circumstances)
        const { mendable } = judge(recordsOf(past))
        // A day of rest needs no repair, so a press for it was given back.
        const given = recordsOf(past, 200)
        const used = repairsOf(past).filter(({ missed }) =>
          given.some(({ day, studyDay, resting }) => day === missed && studyDay && !resting),
        )
        const resting = used.some(({ pressed }) => Math.abs(daysBetween(pressed, state.day)) < 30)
        expect(offered).toBe(resting ? undefined : mendable)
        if (offered === undefined) return
        const mended = foldStreak(actDaysOf(past), state.day, {
          ...circumstances,
          repairs: [...circumstances.repairs, { missed: offered, pressed: state.day }],
        })
        expect(mended.run).toBe((state.miss?.run ?? 0) + state.run)
        expect(mended.run).toBeGreaterThan(state.run)
        expect(mended.total).toBe(state.total)
        const missedOn = daysBetween(dayOf(past, 0), offered)
        expect(mended.run).toBe(judge(recordsOf({ ...past, repairs: [...past.repairs, { missed: missedOn, after: 1 }] })).run)
      }),
      { numRuns: 800 },
    )
  })

  test('a member who presses whenever they may has 30 dates between two presses', () => {
    fc.assert(
      fc.property(aHistory, (history) => {
        const circumstances = circumstancesIn({ ...history, repairs: [] })
        const presses: { missed: Day; pressed: Day }[] = []
        for (let on = 0; on < history.length; on++) {
          const known = { ...circumstances, repairs: presses }
          const missed = repairable(foldStreak(actDaysOf(history), dayOf(history, on), known), known)
          if (missed !== undefined && history.acts.includes(on)) presses.push({ missed, pressed: dayOf(history, on) })
        }
        presses.slice(1).forEach(({ pressed }, i) => {
          expect(daysBetween(presses[i]?.pressed ?? '', pressed)).toBeGreaterThanOrEqual(30)
        })
        const repairs = presses.map(({ missed, pressed }) => ({
          missed: daysBetween(dayOf(history, 0), missed),
          after: daysBetween(missed, pressed),
        }))
        const { run, best, total } = foldStreak(actDaysOf(history), todayOf(history), { ...circumstances, repairs: presses })
        expect({ run, best, total }).toEqual((({ run, best, total }) => ({ run, best, total }))(judge(recordsOf({ ...history, repairs }))))
      }),
      { numRuns: 100 },
    )
  })
})
