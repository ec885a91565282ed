// Purpose: a Discord on the loopback: the gateway and the REST API of version 10 for the real client, and people to use the bot.
import { sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { APIApplicationCommand } from 'discord.js'
import { Gateway } from './gateway.ts'
import { Limits } from './limits.ts'
import { Person, type PersonOptions, type Surroundings } from './person.ts'
import { type LoggedRequest, type PlannedFault, Rest } from './rest.ts'
import { type SeenMessage, seeMessage } from './seen.ts'
import { flag, type Json, snowflake, until } from './wire.ts'
import { type Channel, type Guild, type GuildOptions, type Role, World } from './world.ts'

export interface DiscordOptions {
  /** A free one, unless told. */
  readonly port?: number
  readonly token?: string
  /** Also the id of the bot's user, as with every newer application. */
  readonly applicationId?: string
  readonly shards?: number
  /** The time that interactions, nonces and ids go by. */
  readonly now?: () => number
}

/** A channel as everyone in it sees it. */
export interface ChannelView {
  readonly id: string
  readonly name: string
  /** The bot's permissions here. Setting them tells the client. */
  permissions: bigint
  /** In the order they came; nothing that is for one person's eyes alone. */
  readonly messages: readonly SeenMessage[]
  /** The same messages by what tells them apart, for who looks often. */
  readonly nonces: readonly { readonly id: string; readonly nonce: string | undefined }[]
  /** The last ones. */
  latest(count: number): readonly SeenMessage[]
  /** Waits for a message that is not there yet; "thinking…" does not count as one. */
  next(predicate?: (message: SeenMessage) => boolean, timeoutMs?: number): Promise<SeenMessage>
  remove(): void
}

export interface GuildView {
  readonly id: string
  readonly channels: readonly ChannelView[]
  /** All roles but @everyone and the bot's own. */
  readonly roles: readonly Role[]
  /** By name or id. */
  channel(name: string): ChannelView
  addChannel(options: { readonly id?: string; readonly name: string; readonly permissions?: bigint }): ChannelView
  /** Changes the guild and tells the client. */
  update(changes: { readonly name?: string; readonly preferredLocale?: string }): void
}

export interface DiscordServer {
  readonly port: number
  readonly apiUrl: string
  readonly token: string
  readonly applicationId: string
  /** Hex. */
  readonly publicKey: string
  readonly botUserId: string
  readonly gateway: Gateway
  readonly limits: Limits
  /** Consumed in order: the first that matches a request meets it. */
  readonly faults: PlannedFault[]
  /** Every REST request, and what an HTTP endpoint answered inline (method INLINE). */
  readonly requests: LoggedRequest[]
  /** The most requests that were being answered at once, so far. */
  readonly busiest: number
  /** How long a nonce is remembered. */
  nonceMs: number
  addGuild(options?: GuildOptions): GuildView
  guild(id: string): GuildView
  removeGuild(id: string): void
  guildOutage(id: string): void
  /** The end of an outage. */
  guildReturns(id: string): void
  channel(id: string): ChannelView
  /** The registered commands, of all guilds or of one. */
  commands(guild?: string): readonly APIApplicationCommand[]
  person(options: PersonOptions): Person
  /** Of every interaction so far, the newest last. */
  readonly interactionTokens: readonly string[]
  /** Every interaction as it was brought to the bot, the newest last. */
  readonly delivered: readonly Json[]
  /** Brings anything to the bot as an interaction, also one that it had before; the status, where it has an endpoint. */
  deliver(body: unknown, guild?: { readonly id: string }): Promise<number | undefined>
  /** Makes one interaction that much older. */
  ages(interactionToken: string, ms: number): void
  /** From now on people's acts go to this URL as signed calls; without one, by the gateway again. */
  overHttp(url: string | undefined): void
  /** The head of a signed call. */
  sign(body: string, timestamp?: string): Record<string, string>
  /** Asks an endpoint for a PONG; with a forged signature when told. */
  httpPing(url: string, options?: { readonly forged?: boolean }): Promise<{ readonly status: number; readonly body: string }>
  until<T>(look: () => T, timeoutMs?: number): Promise<Exclude<T, false | undefined | null>>
  /** From now on every connection is refused, and those that are open are cut; what Discord remembers stays. */
  vanish(): Promise<void>
  /** The end of that, at the same address. */
  appear(): Promise<void>
  stop(): Promise<void>
}

/** Starts a Discord of its own on 127.0.0.1. */
export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordServer> {
  const now = options.now ?? Date.now
  const world = new World({ token: options.token ?? 'loopback-token', applicationId: options.applicationId, now })
  const http = createServer()
  const gateway = new Gateway(world, http)
  gateway.shards = options.shards ?? 1
  const limits = new Limits()
  const rest = new Rest(world, gateway, limits)
  http.on('request', rest.listener)
  http.listen(options.port ?? 0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  world.origin = `http://127.0.0.1:${port}`

  async function closeHttp(): Promise<void> {
    const closed = new Promise((resolve) => http.close(resolve))
    http.closeAllConnections()
    await closed
  }
  const sign = (body: string, timestamp = String(Math.floor(now() / 1000))) => ({
    'x-signature-ed25519': signBytes(null, Buffer.from(timestamp + body), world.privateKey).toString('hex'),
    'x-signature-timestamp': timestamp,
  })
  const around: Surroundings = { world, people: new Map(), requests: rest.requests, delivered: [], endpoint: undefined, sign }
  const channelView = (channel: Channel) => viewChannel(world, channel)
  const guildView = (guild: Guild) => viewGuild(world, guild)

  return {
    port,
    apiUrl: `${world.origin}/api`,
    token: world.token,
    applicationId: world.applicationId,
    publicKey: world.publicKey,
    botUserId: world.bot.id,
    gateway,
    limits,
    faults: rest.faults,
    requests: rest.requests,
    get nonceMs() {
      return world.nonceMs
    },
    set nonceMs(ms) {
      world.nonceMs = ms
    },
    addGuild: (guild = {}) => guildView(world.addGuild(guild)),
    guild: (id) => guildView(world.guild(id)),
    removeGuild: (id) => world.removeGuild(id),
    guildOutage: (id) => world.setOutage(id, true),
    guildReturns: (id) => world.setOutage(id, false),
    channel: (id) => channelView(world.channel(id)),
    commands: (guild = '') => world.commands.get(guild) ?? [],
    person(who) {
      const person = new Person(around, who)
      around.people.set(person.id, person)
      return person
    },
    get interactionTokens() {
      return [...world.interactions.keys()]
    },
    delivered: around.delivered,
    async deliver(content, guild) {
      if (around.endpoint === undefined) {
        world.dispatch(guild?.id, 'INTERACTION_CREATE', content)
        return undefined
      }
      const body = JSON.stringify(content)
      const headers = { 'content-type': 'application/json', ...sign(body) }
      const response = await fetch(around.endpoint, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    },
    ages(token, ms) {
      const interaction = world.interactions.get(token)
      if (!interaction) throw new Error('There is no such interaction')
      interaction.createdAt -= ms
    },
    overHttp(url) {
      around.endpoint = url
    },
    sign,
    async httpPing(url, { forged = false } = {}) {
      const body = JSON.stringify({
        id: snowflake(now()),
        application_id: world.applicationId,
        type: 1,
        token: 'ping',
        version: 1,
        user: world.userJson(world.bot),
        entitlements: [],
      })
      const signature = forged ? { ...sign(body), 'x-signature-ed25519': '0'.repeat(128) } : sign(body)
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...signature }, body })
      return { status: response.status, body: await response.text() }
    },
    get busiest() {
      return rest.busiest
    },
    until: (look, timeoutMs) => until(look, timeoutMs),
    async vanish() {
      gateway.disconnect()
      await closeHttp()
    },
    async appear() {
      http.listen(port, '127.0.0.1')
      await once(http, 'listening')
    },
    async stop() {
      gateway.stop()
      await closeHttp()
    },
  }
}

function viewChannel(world: World, channel: Channel): ChannelView {
  return {
    id: channel.id,
    get name() {
      return channel.name
    },
    get permissions() {
      return world.botPermissions(channel)
    },
    set permissions(bits) {
      world.setPermissions(channel, bits)
    },
    get messages() {
      return channel.messages.map(seeMessage)
    },
    get nonces() {
      return channel.messages.map(({ id, nonce }) => ({ id, nonce }))
    },
    latest: (count) => channel.messages.slice(-count).map(seeMessage),
    async next(predicate = () => true, timeoutMs = 5000) {
      const known = new Set(channel.messages.filter(({ flags }) => !(flags & flag.loading)))
      const look = () =>
        channel.messages
          .filter((message) => !known.has(message) && !(message.flags & flag.loading))
          .map(seeMessage)
          .find(predicate)
      return until(look, timeoutMs, `A new message in #${channel.name}`)
    },
    remove: () => world.removeChannel(channel),
  }
}

function viewGuild(world: World, guild: Guild): GuildView {
  return {
    id: guild.id,
    get channels() {
      return [...guild.channels.values()].map((channel) => viewChannel(world, channel))
    },
    get roles() {
      return [...guild.roles.values()].filter((role) => role.id !== guild.id && role !== guild.botRole)
    },
    channel(name) {
      const found = [...guild.channels.values()].find((channel) => channel.name === name || channel.id === name)
      if (!found) throw new Error(`There is no channel #${name} in ${guild.name}`)
      return viewChannel(world, found)
    },
    addChannel: (channel) => viewChannel(world, world.addChannel(guild, channel)),
    update({ name, preferredLocale }) {
      guild.name = name ?? guild.name
      guild.preferredLocale = preferredLocale ?? guild.preferredLocale
      world.dispatch(guild.id, 'GUILD_UPDATE', world.guildCreate(guild))
    },
  }
}
