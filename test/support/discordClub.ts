// Purpose: a club on a loopback Discord: the real app on a real SQLite file, the real libraries on a real line, and a clock that stands
// still until it is moved.
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { appAt } from '../../src/app.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createDiscordRoom } from '../../src/rooms/discord/index.ts'
import type { Outcome, Person } from './discord/person.ts'
import type { SeenMessage } from './discord/seen.ts'
import { type DiscordServer, startDiscord } from './discord/server.ts'
import { permission, usualMemberPermissions } from './discord/wire.ts'
import type { GuildOptions } from './discord/world.ts'
import { type RunningOptions, runningApp } from './runningApp.ts'

export const transports = ['gateway', 'http'] as const
export type Transport = (typeof transports)[number]

interface Options extends RunningOptions {
  readonly transport?: Transport
  /** A Discord that runs already, to come back to. */
  readonly discord?: DiscordServer
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
  const { transport = 'gateway' } = options
  const discord = options.discord ?? (await startDiscord())
  options.before?.(discord)
  const { close, log, handle, ...running } = runningApp(options)
  const { app, store, rooms, metrics, now } = running
  const room = createDiscordRoom({
    token: options.token ?? discord.token,
    api: discord.apiUrl,
    publicKey: transport === 'http' ? discord.publicKey : undefined,
    guild: options.guild,
    ...appAt(app, now),
    handle,
    clubs: () => store.clubs(),
    failed: (sort) => metrics.platformErrors.inc({ room: 'discord', sort }),
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
    for (const closer of closers) closer()
    await close()
  }
  onTestFinished(async () => {
    await stop()
    if (!options.discord) await discord.stop()
  })
  await room.open()
  if (transport === 'gateway' && options.connects !== false) await discord.gateway.ready()

  return {
    ...running,
    discord,
    room,
    /** Where interactions come in by HTTP; empty when they come by the gateway. */
    endpoint,
    stop,
    /** A server with one channel, the person who runs it, and its club. */
    async server(name = '공부방', options: Omit<GuildOptions, 'channels'> = {}) {
      const guild = discord.addGuild({ name, preferredLocale: 'ko', ...options, channels: [{ name: 'study' }] })
      const [channel] = guild.channels
      if (!channel) throw new Error('a server has a channel')
      const owner = discord.person({ guild, name: '운영자', locale: 'ko', permissions: usualMemberPermissions | permission.manageGuild })
      return { guild, channel, owner, club: `discord:${guild.id}` }
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
