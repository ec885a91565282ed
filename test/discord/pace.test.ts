import { expect, onTestFinished, test, vi } from 'vitest'
import { createPace } from '../../src/rooms/discord/pace.ts'
import { Limits } from '../support/discord/limits.ts'

/**
 * Sends `count` requests to a Discord that counts each when it arrives; `wayMs` says how long the nth is on its way there, and back. The time is
 * the test's own, so that no machine is too slow for it.
 */
async function sends(count: number, wayMs: (n: number) => number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const discord = new Limits()
  const inPace = createPace(discord.global)
  const arrived: number[] = []
  const start = performance.now()
  const request = (n: number) =>
    inPace(async () => {
      await sleep(wayMs(n))
      arrived.push(performance.now() - start)
      discord.take('POST', undefined)
      await sleep(wayMs(n))
    })
  const all = Promise.all(Array.from({ length: count }, (_, n) => request(n)))
  await vi.runAllTimersAsync()
  await all
  return { refused: discord.refused, last: Math.max(...arrived) }
}

test('fifty go at once, and the next fifty a second after those were counted', async () => {
  const { refused, last } = await sends(200, () => 20)
  expect(refused).toBe(0)
  expect(last).toBeGreaterThan(3_000)
  expect(last).toBeLessThan(3_200)
})

test('those that had to wait for a connection make the next ones wait, and nobody is refused', async () => {
  const { refused } = await sends(150, (n) => (n < 50 ? 150 : 10))
  expect(refused).toBe(0)
})

test('a request that fails gives its place to the next, and one that is never answered holds up nobody but itself', async () => {
  const inPace = createPace({ limit: 2, windowMs: 30 })
  void inPace(() => new Promise(() => {}))
  await expect(inPace(() => Promise.reject(new Error('no line')))).rejects.toThrow('no line')
  expect(await inPace(async () => 'through')).toBe('through')
  expect(await inPace(async () => 'and through')).toBe('and through')
})
