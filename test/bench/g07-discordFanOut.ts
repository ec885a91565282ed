// Purpose: G7. Posts to many servers at once, at 80 ms to Discord and its 50 requests a second; and what a hundred thousand waiting posts cost.
import { setTimeout as sleep } from 'node:timers/promises'
import { clubDay } from '../../src/club/club.ts'
import { startAtOnce } from '../../src/planning.ts'
import type { NewPost } from '../../src/store/store.ts'
import { startDiscord } from '../support/discord/server.ts'
import { dayMs } from './club.ts'
import { openDiscordRoom } from './discordRoom.ts'
import { type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const latencyMs = 80
/** https://discord.com/developers/docs/topics/rate-limits#global-rate-limit */
const limit = 50
const fanOut = { ours: 300, baseline: 60 }
const servers = 300

type Channels = readonly { readonly guild: string; readonly channel: string }[]

export async function ours(api: string, token: string, channels: Channels) {
  const { app, store, begun, courses, now, moveTo } = await openDiscordRoom({ token, api })
  let clubs: string[] = []
  for (const { guild, channel } of channels) {
    const club = begun(`discord:${guild}`, channel)
    const known = await store.club(club.id)
    await store.saveClub({ ...(known ?? club), channel })
    clubs = [...clubs, club.id]
  }
  const [first = ''] = clubs
  await startAtOnce(store, first, now(), courses)
  const subject = courses[0]?.lessons[0]?.id ?? ''
  let made = 0
  /** Lessons of today, in turns for each club. */
  async function enqueue(count: number): Promise<void> {
    const posts = Array.from({ length: count }, (): NewPost => {
      const club = clubs[made % clubs.length] ?? ''
      const day = clubDay(begun(club, ''), now()).today
      const key = `lesson:${club}:bench-${made++}`
      return { key, club, kind: 'lesson', day, season: day, subject, dueAt: now(), expiresAt: now() + dayMs }
    })
    for (let from = 0; from < count; from += 1000) await store.enqueue(posts.slice(from, from + 1000))
  }
  for (const id of clubs.slice(1)) await startAtOnce(store, id, now(), [])
  return {
    async send(count: number): Promise<void> {
      await enqueue(count)
      await app.tick(now())
      await app.idle()
    },
    enqueue,
    /** Begins to send what waits, and goes on until the process ends. */
    begin: () => void moveTo(now()),
  }
}

/** One after the other, as a loop over the servers does. */
export async function baseline(api: string, token: string, channels: Channels) {
  const { REST, Routes } = await import('discord.js')
  const rest = new REST({ api }).setToken(token)
  return {
    async send(count: number): Promise<void> {
      for (let n = 0; n < count; n++)
        await rest.post(Routes.channelMessages(channels[n % channels.length]?.channel ?? ''), { body: { content: 'a lesson' } })
    },
  }
}

export async function discordFanOut({ rounds, posts }: Sizes): Promise<Figure[]> {
  const discord = await startDiscord()
  // Each channel may take more than its usual share: it is the limit of the whole bot that is looked at.
  discord.limits.perChannel = { limit: 1000, windowMs: 5000 }
  const channels = Array.from({ length: servers }, (_, n) => {
    const guild = discord.addGuild({ name: `server ${n}`, channels: [{ name: 'study' }], joinedAt: 0 })
    return { guild: guild.id, channel: guild.channels[0]?.id ?? '' }
  })
  const slow = {
    match: (method: string, path: string) => method === 'POST' && path.endsWith('/messages'),
    times: Infinity,
    do: { kind: 'delay', ms: latencyMs },
  } as const
  const sides = {
    ours: await startSide(import.meta.filename, ours, discord.apiUrl, discord.token, channels),
    baseline: await startSide(import.meta.filename, baseline, discord.apiUrl, discord.token, channels),
  }
  discord.faults.push(slow)

  /** The share of the 50 a second that was used, the first second's burst left out of it; and how often Discord said "too many". */
  async function send(side: 'ours' | 'baseline') {
    await sleep(1000)
    const [from, refused] = [discord.requests.length, discord.limits.refused]
    await sides[side].send(fanOut[side])
    const at = discord.requests
      .slice(from)
      .filter(({ path, status }) => path.endsWith('/messages') && status === 200)
      .map((request) => request.at)
    const [start = 0, end = 0] = [at[0], at.at(-1)]
    const counted = side === 'ours' ? at.length - limit : at.length
    const share = counted / limit / ((end - start + (side === 'baseline' ? latencyMs : 0)) / 1000)
    return { share, refused: discord.limits.refused - refused, sent: at.length }
  }
  const { ours: own, baseline: loop } = await inTurns(rounds, { ours: () => send('ours'), baseline: () => send('baseline') })
  await sides.baseline.stop()

  const before = await sides.ours.memory()
  await sides.ours.enqueue(posts)
  await sides.ours.watchStalls()
  await sides.ours.begin()
  await sleep(5_000)
  const stall = await sides.ours.longestStall()
  const cost = ((await sides.ours.memory()) - before) / 2 ** 20
  await sides.ours.stop()
  await discord.stop()
  const many = posts.toLocaleString('en')
  return [
    {
      what: 'share of Discord’s 50 posts a second, beside one after the other',
      unit: 'of it',
      ours: own.share,
      baseline: loop.share,
      goal: { of: 'ours', atLeast: 0.97 },
    },
    { what: 'times that Discord said “too many”', unit: '', ours: own.refused, goal: { of: 'ours', atMost: 0 } },
    { what: `memory for ${many} waiting posts`, unit: 'MiB', ours: cost, goal: { of: 'ours', atMost: 40 } },
    { what: `the longest stall while ${many} posts wait and are sent`, unit: 'ms', ours: stall, goal: { of: 'ours', atMost: 20 } },
  ]
}
