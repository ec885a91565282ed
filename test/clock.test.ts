import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createClock, type Machine, steadyTime } from '../src/clock.ts'
import { openSqliteStore } from '../src/store/sqlite/index.ts'
import { migrations, tempFolder, testSeal } from './support/testClub.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const evening = Date.parse('2026-11-24T23:00+09:00')
const log = pino({ level: 'silent' })

/** A machine on which time goes by, and whose clock somebody sets. */
function aMachine(at = evening) {
  let up = 5 * day
  let wall = at
  const machine: Machine = { wall: () => wall, uptime: () => up }
  return {
    machine,
    passes(ms: number) {
      up += ms
      wall += ms
    },
    /** The machine is frozen from outside, and knows nothing of it. */
    sets(by: number) {
      wall += by
    },
  }
}

test.each([
  ['back by hours', -4 * hour],
  ['forward by days', 3 * day],
])('a clock that is set %s and put right within minutes was never set', (_, by) => {
  const { machine, passes, sets } = aMachine()
  const time = steadyTime(machine, log)
  passes(hour)
  sets(by)
  for (let i = 0; i < 9; i++) {
    expect(time()).toBe(evening + hour + i * minute)
    passes(minute)
  }
  sets(-by)
  passes(2 * hour)
  expect(time()).toBe(machine.wall())
  expect(time()).toBe(evening + 3 * hour + 9 * minute)
})

test('a clock that goes on from where it was set is believed after ten minutes, whichever way it was set', () => {
  const { machine, passes, sets } = aMachine()
  const time = steadyTime(machine, log)
  for (const by of [-4 * hour, 3 * day, -3 * day]) {
    sets(by)
    expect(time()).toBe(machine.wall() - by)
    passes(10 * minute)
    expect(time()).toBe(machine.wall())
  }
})

test('a clock that jumps about is believed when it has settled', () => {
  const { machine, passes, sets } = aMachine()
  const time = steadyTime(machine, log)
  for (const by of [day, day, -3 * day]) {
    sets(by)
    time()
    passes(9 * minute)
  }
  expect(time()).toBe(evening + 27 * minute)
  passes(minute)
  expect(time()).toBe(machine.wall())
})

test('small corrections are followed, however many', () => {
  const { machine, passes, sets } = aMachine()
  const time = steadyTime(machine, log)
  for (let i = 0; i < 100; i++) {
    passes(minute)
    sets(-30_000)
    expect(time()).toBe(machine.wall())
  }
})

test('ticks go on when the clock falls back: within three minutes, whatever the hour is then', async () => {
  const store = openSqliteStore(`${tempFolder()}/club.db`, migrations, testSeal)
  // node-cron reads the real Date and the real timers; the minutes go by at once.
  vi.useFakeTimers({ now: evening })
  onTestFinished(() => void vi.useRealTimers())
  const up = performance.now()
  const clock = await createClock(store, { wall: Date.now, uptime: () => performance.now() - up }, log)
  let ticks = 0
  const stop = clock.everyMinute(async () => {
    ticks += 1
  })
  await vi.advanceTimersByTimeAsync(5 * minute)
  expect(ticks).toBe(5)
  vi.setSystemTime(evening - 4 * hour)
  await vi.advanceTimersByTimeAsync(3 * minute)
  expect(ticks).toBeGreaterThan(5)
  const before = ticks
  await vi.advanceTimersByTimeAsync(10 * minute)
  expect(ticks).toBe(before + 10)
  await stop()
  await vi.advanceTimersByTimeAsync(5 * minute)
  expect(ticks).toBe(before + 10)
  vi.useRealTimers()
  await store.close()
})
