import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { nonceOf } from '../../src/rooms/discord/draw.ts'
import { writeCourse } from '../support/courseOf.ts'
import { type ChannelView, type DiscordServer, startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import { messageOf } from '../support/discordClub.ts'
import { type Service, startService } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

/** How often the program is killed. */
const kills = Number(process.env.CRASH_KILLS ?? 8)
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
const servers = 5

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

/** The server of a club: its organiser has started it, and its learner keeps it from falling quiet. */
async function openServer(discord: DiscordServer) {
  const guild = discord.addGuild({ channels: [{ name: 'study' }] })
  const channel = guild.channel('study')
  const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
  await discord.until(() => channel.messages[0])
  await owner.taps(messageOf(await owner.types('/club')), 'Start here')
  return { channel, learner: discord.person({ guild, name: 'Mina' }) }
}

/** The next message in this channel is made, and Discord’s word that it was never arrives. */
async function madeButNotTold(discord: DiscordServer, channel: ChannelView): Promise<void> {
  const before = channel.messages.length
  const path = `/channels/${channel.id}/messages`
  discord.faults.push({ match: (method, asked) => method === 'POST' && asked === path, do: { kind: 'silence', afterwards: true } })
  await discord.until(() => channel.messages.length > before, 15_000)
}

interface Row {
  readonly key: string
  readonly kind: string
  readonly day: number
  readonly state: 0 | 1 | 2 | 3
  readonly message: string | null
}

test('killed with -9 again and again, also between Discord’s message and its record, it posts nothing twice and leaves nothing out unsaid', {
  timeout: 600_000,
}, async () => {
  const random = numbersFrom(seed)
  const folder = tempFolder()
  const discord = await startDiscord()
  onTestFinished(() => discord.stop())
  // Weeks pass in a second here.
  discord.limits.perChannel = { limit: 1000, windowMs: 1000 }
  discord.limits.global = { limit: 10_000, windowMs: 1000 }
  const settings = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl, CLUB_LOCALE: 'en' }
  const extra = { ...settings, CONTENT_DIR: writeCourse(folder, 40 + 12 * kills) }
  const output: string[] = []

  async function started(): Promise<Service> {
    const service = await startService(folder, extra)
    await discord.gateway.ready()
    // What was cut short is free again when its lease has ended; only then may days pass.
    for (let i = 0; i < 2; i++) expect((await service.post('/api/clock', { forward: 'PT1M' })).status).toBe(200)
    return service
  }
  async function days(service: Service): Promise<void> {
    for (;;) await service.post('/api/clock', { forward: `PT${4 + Math.floor(random() * 44)}H` })
  }

  let service = await started()
  const places = []
  for (let i = 0; i < servers; i++) places.push(await openServer(discord))
  for (let round = 0; round < kills; round++) {
    if (round > 0) service = await started()
    for (const { learner } of places) await learner.types('/checkin', { note: `round ${round}` })
    const lives = days(service).catch(() => undefined)
    const { channel } = places[Math.floor(random() * servers)] ?? {}
    if (round % 2 === 0 && channel) await madeButNotTold(discord, channel)
    else await sleep(20 + random() * 600)
    service.process.kill('SIGKILL')
    await service.exited
    await lives
    discord.faults.length = 0
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
    .prepare<[], Row & { club: string }>(
      `SELECT post.key, kind, day, state, message, club.key AS club FROM post JOIN club ON club.id = post.club
       WHERE club.key LIKE 'discord:%' ORDER BY post.id`,
    )
    .all()
  db.close()

  // Every study day has its lesson planned, in every server: the day changes at 04:00, the lesson comes at 08:00, in Seoul (UTC+9).
  const last = Math.floor((Date.parse(clock.now) + 3_600_000) / 86_400_000)
  for (const { channel } of places) {
    const club = posts.find(({ key, message }) => key.startsWith('greeting:') && message?.startsWith(channel.id))?.club
    const planned = posts.filter(({ key, club: of }) => of === club && key.startsWith('lesson:')).map(({ day }) => day)
    expect(planned).toEqual(Array.from({ length: last - (planned[0] ?? last) + 1 }, (_, i) => (planned[0] ?? 0) + i))
    expect(planned.length).toBeGreaterThan(kills / 2)
  }

  // What stands in the channels, by the mark that each post carries.
  const found = new Map<string, string[]>()
  for (const { channel } of places) {
    for (const { nonce = '', id } of channel.messages) found.set(nonce, [...(found.get(nonce) ?? []), `${channel.id}/${id}`])
  }
  const known = new Set(posts.map(({ key }) => nonceOf(key)))
  expect([...found.keys()].filter((nonce) => !known.has(nonce))).toEqual([])
  const there = ({ key }: Row) => found.get(nonceOf(key)) ?? []
  const sent = posts.filter(({ state }) => state === 1)
  const doubled = posts.filter((post) => there(post).length > 1)
  const missing = posts.filter((post) => there(post).length === 0)
  const omitted = posts.filter(({ state }) => state === 3)
  const told = new Set(output.flatMap((line) => (line.includes('"a post was given up') ? [String(JSON.parse(line).post)] : [])))
  const cut = Math.ceil(kills / 2)
  console.info(
    `discord crash test (seed ${seed}): ${kills} kills, ${cut} of them between message and record; in ${servers} servers ` +
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
