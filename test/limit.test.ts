import { expect, test } from 'vitest'
import { createLimits, rates } from '../src/limit.ts'

/** Limits with a clock that stands still until it is moved. */
function limitsAt(of = rates) {
  let now = 1_000_000
  const limits = createLimits(of, () => now)
  return {
    ...limits,
    passes: (seconds: number) => {
      now += seconds * 1000
    },
    /** How many of so many acts at once are let through. */
    acts: (count: number, member = 'mina', club = 'web:club', cost = 1) =>
      Array.from({ length: count }, () => limits.take(club, member, cost)).filter((refused) => refused === undefined).length,
  }
}

test('a member may do sixty things at once, and then one a second', () => {
  const { acts, passes, take } = limitsAt()
  expect(acts(100)).toBe(60)
  expect(take('web:club', 'mina', 1)).toEqual({ whose: 'member', waitMs: 1000 })
  passes(1)
  expect(acts(100)).toBe(1)
  passes(20)
  expect(acts(100)).toBe(20)
  passes(86_400)
  expect(acts(100)).toBe(60)
})

test('what is refused costs nothing, however often it is tried', () => {
  const { acts, passes } = limitsAt()
  acts(60)
  for (let second = 0; second < 30; second++) {
    expect(acts(1000)).toBe(second === 0 ? 0 : 1)
    passes(1)
  }
})

test('what is heavy costs more, and a page that a room draws by itself nothing', () => {
  const { acts, take } = limitsAt()
  expect(acts(100, 'mina', 'web:club', 5)).toBe(12)
  expect(take('web:club', 'mina', 0)).toBeUndefined()
})

test('a thousand members who answer, read on and leave a line within a minute meet no limit', () => {
  const { acts, passes } = limitsAt()
  for (let second = 0; second < 60; second++) {
    const members = Array.from({ length: 1000 }, (_, i) => i).filter((i) => (second < 2 ? i % 4 === second : i % 60 === second))
    for (const i of members) expect(acts(3, `m${i}`)).toBe(3)
    passes(1)
  }
})

test('a club of very many accounts is held back as a whole, and no other club with it', () => {
  const { acts, passes, take } = limitsAt()
  let through = 0
  for (let i = 0; i < 10_000; i++) through += acts(1, `stranger${i}`)
  expect(through).toBe(3000)
  expect(take('web:club', 'mina', 1)).toEqual({ whose: 'club', waitMs: 20 })
  expect(acts(1, 'mina', 'discord:1')).toBe(1)
  passes(1)
  expect(acts(60, 'mina')).toBe(50)
})

test('one member who is too fast takes nothing from the others', () => {
  const { acts } = limitsAt({ member: { burst: 5, perSecond: 1 }, club: { burst: 10, perSecond: 1 } })
  expect(acts(1000, 'mina')).toBe(5)
  expect(acts(5, 'jun')).toBe(5)
})

test('of 100,000 members of as many clubs at one instant no more are remembered than memory is set aside for', () => {
  const { acts, size } = limitsAt()
  for (let i = 0; i < 100_000; i++) acts(1, `m${i}`, `discord:${i}`, 60)
  expect(size()).toBeLessThanOrEqual(100_000)
  // Those of a moment ago are.
  expect(acts(1, 'm99999', 'discord:99999')).toBe(0)
})

test('who was idle for two minutes is forgotten', () => {
  const { acts, passes, size } = limitsAt()
  for (let i = 0; i < 1000; i++) acts(1, `m${i}`)
  expect(size()).toBe(1001)
  for (let turn = 0; turn < 2; turn++) {
    passes(60)
    expect(acts(60)).toBe(60)
  }
  expect(size()).toBeLessThan(10)
})
