// Purpose: a club on a loopback Discord: the real app on a real SQLite file, the real libraries on a real line, and a clock that stands
// still until it is moved.
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Room } from '../../src/chat/room.ts'
import { type ClubSettings, clubDay, defaultSettings, newClub } from '../../src/club/club.ts'
import { nextLessonAt } from '../../src/club/schedule.ts'
import type { Course } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import { commands, drawers, presses } from '../../src/features/index.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createDiscordRoom } from '../../src/rooms/discord/index.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import type { Outcome, Person } from './discord/person.ts'
import type { SeenMessage } from './discord/seen.ts'
import { type DiscordServer, startDiscord } from './discord/server.ts'
import { permission, usualMemberPermissions } from './discord/wire.ts'
import type { GuildOptions } from './discord/world.ts'
import { contentDir, migrations, tempFolder } from './testClub.ts'

export const transports = ['gateway', 'http'] as const
export type Transport = (typeof transports)[number]

interface Options {
  readonly transport?: Transport
  /** ISO time with offset. */
  readonly at?: string
  readonly settings?: Partial<ClubSettings>
  readonly courses?: readonly Course[]
  /** A Discord that runs already, to come back to. */
  readonly discord?: DiscordServer
  /** A database that is there already. */
  readonly file?: string
  /** Stands between the room and the app's store. */
  readonly wrapStore?: (store: Store) => Store
  /** What the test wants to have happened before the bot connects. */
  readonly before?: (discord: DiscordServer) => void
  readonly token?: string
  /** The one server whose commands are registered; all servers otherwise. */
  readonly guild?: string
  /** False where the bot will not be connected at once. */
  readonly connects?: boolean
}

const pictures = createPictures()

export async function discordClub(options: Options = {}) {
  const { transport = 'gateway', at = '2026-11-24T07:00+09:00', settings, courses = loadCourses(contentDir).courses } = options
  const discord = options.discord ?? (await startDiscord())
  options.before?.(discord)
  const file = options.file ?? join(tempFolder(), 'club.db')
  const opened = openSqliteStore(file, migrations)
  const store = options.wrapStore?.(opened) ?? opened
  const logged: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line: string) => logged.push(JSON.parse(line)) })
  const begun = (id: string, channel: string) =>
    newClub(id, channel, { ...defaultSettings, course: courses[0]?.id ?? '', ...settings }, 'Asia/Seoul')
  const rooms = new Map<string, Room>()
  const app = createApp({ store, courses: () => courses, rooms, commands, presses, drawers, newClub: begun, log })
  let now = Date.parse(at)
  const room = createDiscordRoom({
    token: options.token ?? discord.token,
    api: discord.apiUrl,
    publicKey: transport === 'http' ? discord.publicKey : undefined,
    guild: options.guild,
    // An act is as many seconds old on the club's clock as it is on Discord's, whatever day the machine has.
    handle: (call) =>
      app.handle(call.at === undefined ? call : { ...call, at: now - 1000 * Math.trunc((Date.now() - call.at) / 1000) }, now),
    suggest: (typing) => app.suggest(typing, now),
    replaces: app.replaces,
    commands: () => app.commandInfos,
    clubs: () => store.clubs(),
    arrive: (club, channel) => app.arrive(club, channel, now),
    leave: (club) => app.leave(club, now),
    drawPicture: pictures.draw,
    log,
  })
  rooms.set(room.name, room)

  const closers: (() => unknown)[] = []
  let endpoint = ''
  if (room.http) {
    const server = serve({ fetch: room.http.fetch, hostname: '127.0.0.1', port: 0 })
    await new Promise((resolve) => server.once('listening', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/discord/interactions`
    discord.overHttp(endpoint)
    closers.push(() => server.close())
  } else {
    discord.overHttp(undefined)
  }
  let open = true
  /** Stops the bot, and leaves Discord and the database as they are. */
  async function stop(): Promise<void> {
    if (!open) return
    open = false
    await room.close()
    for (const close of closers) close()
    await app.idle()
    await opened.close()
  }
  onTestFinished(async () => {
    await stop()
    if (!options.discord) await discord.stop()
  })
  await room.open()
  if (transport === 'gateway' && options.connects !== false) await discord.gateway.ready()

  async function tick(): Promise<void> {
    await app.tick(now)
    await app.idle()
  }

  return {
    discord,
    file,
    store,
    app,
    rooms,
    room,
    logged,
    /** Where interactions come in by HTTP; empty when they come by the gateway. */
    endpoint,
    stop,
    tick,
    now: () => now,
    /** What an operator should look at. */
    troubles: () => logged.filter(({ level }) => Number(level) >= 50),
    /** A server with one channel, the person who runs it, and its club. */
    async server(name = '공부방', options: Omit<GuildOptions, 'channels'> = {}) {
      const guild = discord.addGuild({ name, preferredLocale: 'ko', ...options, channels: [{ name: 'study' }] })
      const [channel] = guild.channels
      if (!channel) throw new Error('a server has a channel')
      const owner = discord.person({ guild, name: '운영자', locale: 'ko', permissions: usualMemberPermissions | permission.manageGuild })
      return { guild, channel, owner, club: `discord:${guild.id}` }
    },
    /** Moves the clock to an instant, running each due tick on the way. */
    async until(time: string | number) {
      const target = typeof time === 'number' ? time : Date.parse(time)
      while (now < target) {
        const due = (await app.nextDueAt()) ?? target
        now = Math.min(target, Math.max(due, now + 60_000))
        await tick()
      }
    },
    /** To this club's next lesson. */
    async morning(club: string) {
      for (let waits = true; waits; ) {
        const found = await store.club(club)
        if (!found) throw new Error(`there is no club ${club}`)
        await this.until(nextLessonAt(found, now) ?? now + 86_400_000)
        waits = (found.seasons.at(-1)?.from ?? '') > clubDay(found, now).today
      }
    },
  }
}

export type DiscordClub = Awaited<ReturnType<typeof discordClub>>

/** What a person was answered. Throws when it was no message. */
export function messageOf(outcome: Outcome): SeenMessage {
  const message = outcome.message ?? outcome.followUps.at(-1)
  if (!message) throw new Error(`no message, but ${JSON.stringify({ ...outcome, modal: outcome.modal?.title })}`)
  return message
}

/** Sets the club up as an organiser does: `/클럽`, "start here". */
export async function startHere(owner: Person): Promise<SeenMessage> {
  const setUp = messageOf(await owner.types(owner.locale === 'ko' ? '/클럽' : '/club'))
  return messageOf(await owner.taps(setUp, owner.locale === 'ko' ? '여기서 시작' : 'Start here'))
}
