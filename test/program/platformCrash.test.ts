import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nonceOf } from '../../src/rooms/discord/draw.ts'
import { writeCourse } from '../support/courseOf.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import * as onDiscord from '../support/discordClub.ts'
import { type Service, startService } from '../support/service.ts'
import { startSlack } from '../support/slack/server.ts'
import * as onSlack from '../support/slackClub.ts'
import { tempFolder } from '../support/testClub.ts'

/** How often the program is killed. */
const kills = Number(process.env.CRASH_KILLS ?? 8)
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
const clubs = 5

/** A small generator of numbers (mulberry32), so that a run can be repeated by its seed. */
function numbersFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A club on a platform: its organiser has started it, and its learner keeps it from falling quiet. */
interface Place {
  readonly club: string
  /** What stands in its channel: the mark that each of our posts carries, and the room's reference to it. */
  posts(): { mark: string; ref: string }[]
  learns(note: string): Promise<unknown>
  /** The next message in this channel is made, and the platform's word that it was never arrives. */
  madeButNotTold(): Promise<unknown>
}

interface Platform {
  readonly settings: Record<string, string>
  ready(service: Service): Promise<unknown>
  open(service: Service): Promise<Place>
  markOf(key: string): string
  /** ISO weekdays on which its clubs study. */
  readonly weekdays: readonly number[]
  clear(): void
}

async function onLoopbackDiscord(): Promise<Platform> {
  const discord = await startDiscord()
  onTestFinished(() => discord.stop())
  // Weeks pass in a second here.
  discord.limits.perChannel = { limit: 1000, windowMs: 1000 }
  discord.limits.global = { limit: 10_000, windowMs: 1000 }
  return {
    settings: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    ready: () => discord.gateway.ready(),
    markOf: nonceOf,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    clear: () => {
      discord.faults.length = 0
    },
    async open() {
      const guild = discord.addGuild({ channels: [{ name: 'study' }] })
      const channel = guild.channel('study')
      const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
      await discord.until(() => channel.messages[0])
      await owner.taps(onDiscord.messageOf(await owner.types('/club')), 'Start here')
      const learner = discord.person({ guild, name: 'Mina' })
      const path = `/channels/${channel.id}/messages`
      return {
        club: `discord:${guild.id}`,
        posts: () => channel.messages.map(({ nonce = '', id }) => ({ mark: nonce, ref: `${channel.id}/${id}` })),
        learns: (note) => learner.types('/checkin', { note }),
        async madeButNotTold() {
          const before = channel.messages.length
          discord.faults.push({ match: (method, asked) => method === 'POST' && asked === path, do: { kind: 'silence', afterwards: true } })
          await discord.until(() => channel.messages.length > before, 15_000)
        },
      }
    },
  }
}

async function onLoopbackSlack(): Promise<Platform> {
  const slack = await startSlack()
  onTestFinished(() => slack.stop())
  const { clientId: SLACK_CLIENT_ID, clientSecret: SLACK_CLIENT_SECRET, apiUrl: SLACK_API_URL, appToken: SLACK_APP_TOKEN } = slack
  return {
    settings: { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_API_URL, SLACK_APP_TOKEN, SLACK_STATE_SECRET: 'a state secret of tests' },
    ready: () => slack.socket.ready(),
    markOf: (key) => key,
    weekdays: [1, 2, 3, 4, 5],
    clear: () => {
      slack.faults.length = 0
    },
    async open(service) {
      const team = slack.team()
      const channel = team.addChannel({ name: 'study' })
      const owner = slack.person({ team, name: 'Host', locale: 'en-GB' })
      await slack.installs(owner, `${service.url}/slack/install`)
      await onSlack.startHere(owner)
      const learner = slack.person({ team, name: 'Mina', locale: 'en-GB' })
      return {
        club: `slack:${team.id}`,
        posts: () =>
          channel.messages.map(({ metadata, id }) => {
            const { key = '' } = (metadata?.event_payload ?? {}) as { key?: string }
            return { mark: key, ref: `${team.id}/${channel.id}/${id}` }
          }),
        learns: (note) => learner.types(`/1p checkin ${note}`),
        async madeButNotTold() {
          const before = channel.messages.length
          const match = (method: string, params: Record<string, unknown>) => method === 'chat.postMessage' && params.channel === channel.id
          slack.faults.push({ match, times: 1, do: { kind: 'hang', acted: true } })
          await slack.until(() => channel.messages.length > before, 15_000)
        },
      }
    },
  }
}

interface Row {
  readonly key: string
  readonly club: string
  readonly day: number
  readonly state: 0 | 1 | 2 | 3
  readonly message: string | null
}

describe.each([
  ['Discord', onLoopbackDiscord],
  ['Slack', onLoopbackSlack],
] as const)('on %s', (name, start) => {
  test('killed with -9 again and again, also between the platform’s message and its record, it posts nothing twice and leaves nothing out unsaid', {
    timeout: 600_000,
  }, async () => {
    const random = numbersFrom(seed)
    const folder = tempFolder()
    const platform = await start()
    const extra = { ...platform.settings, CLUB_LOCALE: 'en', CONTENT_DIR: writeCourse(folder, 40 + 12 * kills) }
    const output: string[] = []

    async function started(): Promise<Service> {
      const service = await startService(folder, extra)
      await platform.ready(service)
      // What was cut short is free again when its lease has ended; only then may days pass.
      for (let i = 0; i < 2; i++) expect((await service.post('/api/clock', { forward: 'PT1M' })).status).toBe(200)
      return service
    }
    /** A few days: after a week of study days without anybody a club falls quiet. */
    async function days(service: Service): Promise<void> {
      for (let passed = 0, hours = 0; passed < 6 * 24; passed += hours) {
        hours = 4 + Math.floor(random() * 20)
        await service.post('/api/clock', { forward: `PT${hours}H` })
      }
    }

    let service = await started()
    const places: Place[] = []
    for (let i = 0; i < clubs; i++) places.push(await platform.open(service))
    for (let round = 0; round < kills; round++) {
      if (round > 0) service = await started()
      for (const { learns } of places) await learns(`round ${round}`)
      const lives = days(service).catch(() => undefined)
      const place = places[Math.floor(random() * clubs)]
      if (round % 2 === 0 && place) await place.madeButNotTold()
      else await sleep(20 + random() * 400)
      service.process.kill('SIGKILL')
      await service.exited
      await lives
      platform.clear()
      output.push(...service.output)
      expect(service.output.filter((line) => /"level":60/.test(line))).toEqual([])
    }

    service = await started()
    const clock = (await (await fetch(`${service.url}/api/room`)).json()) as { now: string }
    service.process.kill('SIGTERM')
    await service.exited
    output.push(...service.output)

    const db = new Database(join(folder, 'club.db'), { readonly: true })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const posts = db
      .prepare<[], Row>(
        "SELECT post.key, day, state, message, club.key AS club FROM post JOIN club ON club.id = post.club WHERE club.key <> 'web:club' ORDER BY post.id",
      )
      .all()
    db.close()

    // Every study day has its lesson planned, in every club: the day changes at 04:00, the lesson comes at 08:00, in Seoul (UTC+9).
    const last = Math.floor((Date.parse(clock.now) + 3_600_000) / 86_400_000)
    // The first day of 1970 was a Thursday.
    const isStudyDay = (day: number) => platform.weekdays.includes(((day + 3) % 7) + 1)
    for (const { club } of places) {
      const planned = posts.filter((post) => post.club === club && post.key.startsWith('lesson:')).map(({ day }) => day)
      const first = planned[0] ?? last
      expect(planned).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(isStudyDay))
      expect(planned.length).toBeGreaterThan(kills / 2)
    }

    // What stands in the channels, by the mark that each post carries.
    const found = new Map<string, string[]>()
    for (const { mark, ref } of places.flatMap((place) => place.posts())) found.set(mark, [...(found.get(mark) ?? []), ref])
    const known = new Set(posts.map(({ key }) => platform.markOf(key)))
    expect([...found.keys()].filter((mark) => !known.has(mark))).toEqual([])
    const there = ({ key }: Row) => found.get(platform.markOf(key)) ?? []
    const sent = posts.filter(({ state }) => state === 1)
    const doubled = posts.filter((post) => there(post).length > 1)
    const missing = posts.filter((post) => there(post).length === 0)
    const omitted = posts.filter(({ state }) => state === 3)
    const told = new Set(output.flatMap((line) => (line.includes('"a post was given up') ? [String(JSON.parse(line).post)] : [])))
    console.info(
      `crash test on ${name} (seed ${seed}): ${kills} kills, ${Math.ceil(kills / 2)} of them between message and record; in ${clubs} clubs ` +
        `${posts.length} posts due, ${sent.length} sent, ${doubled.length} doubled, ${missing.length} missing, ${omitted.length} omitted and logged`,
    )
    expect(doubled).toEqual([])
    expect(posts.filter(({ state }) => state === 0 || state === 2)).toEqual([])
    expect(sent.filter((post) => there(post)[0] !== post.message)).toEqual([])
    expect(missing.filter(({ state }) => state !== 3)).toEqual([])
    expect(omitted.filter(({ key }) => !told.has(key))).toEqual([])
    // Whatever was cut short was settled in time to be known again.
    expect(omitted.length).toBeLessThanOrEqual(kills)
  })
})
