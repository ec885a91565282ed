import { expect, onTestFinished, test } from 'vitest'
import type { Room } from '../../src/chat/room.ts'
import { defaultSettings, newClub } from '../../src/club/club.ts'
import { startAtOnce } from '../../src/planning.ts'
import { courseOf } from '../features/life.ts'
import { runningApp } from '../support/runningApp.ts'

/** A platform whose answers can be held back. */
function platform(name: string) {
  const posted: string[] = []
  const held: (() => void)[] = []
  let holds = false
  const room: Room = {
    name,
    remembersMs: Number.POSITIVE_INFINITY,
    async post({ key }) {
      if (holds) await new Promise<void>((resolve) => held.push(resolve))
      posted.push(key)
      return key
    },
    edit: async () => {},
  }
  return {
    room,
    posted,
    /** Requests that are under way. */
    held,
    holdsBack: () => {
      holds = true
    },
    answers: () => {
      holds = false
      for (const answer of held.splice(0)) answer()
    },
  }
}

test('two hundred lessons wait for Discord, which is slow today: the one on Slack is there at once, and they all come in the end', async () => {
  const courses = courseOf(5)
  const { app, store, rooms, tick, now, close } = runningApp({ courses, at: '2026-11-24T09:00+09:00' })
  onTestFinished(close)
  const [discord, slack] = [platform('discord'), platform('slack')]
  for (const { room } of [discord, slack]) rooms.set(room.name, room)
  /** Its first lesson is due now. */
  async function starts(id: string): Promise<void> {
    await store.saveClub(newClub(id, 'study', { ...defaultSettings, course: courses[0]?.id ?? '' }, 'Asia/Seoul'))
    await startAtOnce(store, id, now(), courses)
  }
  for (let n = 0; n < 200; n++) await starts(`discord:${n}`)
  discord.holdsBack()
  await app.tick(now())
  await expect.poll(() => discord.held.length).toBe(64)

  await starts('slack:1')
  await app.tick(now())
  await expect.poll(() => slack.posted).toContainEqual(expect.stringContaining('lesson:slack:1:'))
  expect(discord.posted).toEqual([])
  expect(discord.held).toHaveLength(64)

  discord.answers()
  await tick()
  const lessons = discord.posted.filter((key) => key.startsWith('lesson:'))
  expect(new Set(lessons).size).toBe(200)
  expect(lessons).toHaveLength(200)
})
