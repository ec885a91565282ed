// Purpose: a Slack on the loopback: the Web API and Socket Mode for the real client, and people to use the bot.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Api, type LoggedRequest, type PlannedFault } from './api.ts'
import { type DeliverOptions, Delivery, type Kind } from './delivery.ts'
import { type InstallOptions, install } from './installs.ts'
import { eventPayload } from './payloads.ts'
import { Person, type PersonOptions } from './person.ts'
import { type SeenMessage, seeMessage } from './seen.ts'
import { Socket } from './socket.ts'
import { type Channel, type Json, secret, type Team, until, World } from './world.ts'

/** A channel as everyone in it sees it. */
export interface ChannelView {
  readonly id: string
  readonly name: string
  /** In the order they came; nothing that is for one person's eyes alone. */
  readonly messages: readonly SeenMessage[]
  /** The same messages by what tells them apart, for who looks often. */
  readonly metadata: readonly Pick<SeenMessage, 'id' | 'metadata'>[]
  /** The last ones. */
  latest(count: number): readonly SeenMessage[]
  /** Waits for a message that is not there yet. */
  next(predicate?: (message: SeenMessage) => boolean, timeoutMs?: number): Promise<SeenMessage>
  archive(): void
  unarchive(): void
  kickBot(): void
  inviteBot(): void
  remove(): void
  readOnly(isReadOnly: boolean): void
}

export interface ChannelOptions {
  readonly name: string
  readonly isPrivate?: boolean
  readonly isGeneral?: boolean
  readonly botIn?: boolean
  readonly sharedWith?: { readonly id: string }
}

type Ending = 'tokens_revoked' | 'app_uninstalled'

export interface TeamView {
  readonly id: string
  readonly name: string
  readonly token: string
  readonly botUserId: string
  readonly botId: string
  /** What the app may do here; a test may take some away. */
  readonly scopes: string[]
  readonly channels: readonly ChannelView[]
  /** By name or id. */
  channel(name: string): ChannelView
  addChannel(options: ChannelOptions): ChannelView
  /** Slack tells of both, in no fixed order. */
  uninstall(order?: readonly Ending[]): Promise<void>
  revokeToken(error?: string): void
}

export type TeamOptions = NonNullable<Parameters<World['addTeam']>[0]>

function viewChannel(world: World, channel: Channel): ChannelView {
  const shown = () => channel.messages.filter(({ to, gone }) => to === undefined && !gone)
  const messages = () => shown().map((message) => seeMessage(world, message))
  return {
    id: channel.id,
    name: channel.name,
    get messages() {
      return messages()
    },
    get metadata() {
      return shown().map(({ ts, metadata }) => ({ id: ts, metadata }))
    },
    latest: (count) =>
      shown()
        .slice(-count)
        .map((message) => seeMessage(world, message)),
    next(predicate = () => true, timeoutMs = 5000) {
      const known = new Set(channel.messages.map(({ ts }) => ts))
      return until(() => messages().find((one) => !known.has(one.id) && predicate(one)), timeoutMs, `a message in ${channel.name}`)
    },
    archive: () => {
      channel.archived = true
    },
    unarchive: () => {
      channel.archived = false
    },
    kickBot: () => {
      channel.botIn = false
    },
    inviteBot: () => {
      channel.botIn = true
    },
    remove: () => {
      channel.gone = true
    },
    readOnly: (isReadOnly) => {
      channel.readOnly = isReadOnly
    },
  }
}

function viewTeam(world: World, delivery: Delivery, team: Team): TeamView {
  const channels = () => team.channels.filter(({ dmWith, gone }) => dmWith === undefined && !gone)
  return {
    id: team.id,
    name: team.name,
    get token() {
      return team.token
    },
    botUserId: team.bot.id,
    botId: team.botId,
    scopes: team.scopes,
    get channels() {
      return channels().map((channel) => viewChannel(world, channel))
    },
    channel(name) {
      const found = channels().find((channel) => channel.name === name || channel.id === name)
      if (!found) throw new Error(`there is no channel ${name} in ${team.name}`)
      return viewChannel(world, found)
    },
    addChannel({ sharedWith, ...options }) {
      const shared = new Set(sharedWith ? [world.team(sharedWith.id)] : [])
      return viewChannel(world, world.addChannel(team, { ...options, sharedWith: shared }))
    },
    async uninstall(order = ['tokens_revoked', 'app_uninstalled']) {
      team.tokenError = 'account_inactive'
      for (const type of order) {
        const tokens = type === 'tokens_revoked' && { tokens: { oauth: [], bot: [team.bot.id] } }
        await delivery.bring('event', eventPayload(team, { type, ...tokens, event_ts: world.ts() }))
      }
    },
    revokeToken: (error = 'token_revoked') => {
      team.tokenError = error
    },
  }
}

export type SlackServer = Awaited<ReturnType<typeof startSlack>>

export async function startSlack({ port: wanted = 0 }: { readonly port?: number } = {}) {
  const world = new World()
  const socket = new Socket()
  const app = { appToken: `xapp-1-${secret()}`, clientId: `${Date.now()}.1`, clientSecret: secret(), baseUrl: '' }
  const signingSecret = secret(16)
  const delivery = new Delivery(socket, signingSecret)
  let port = wanted
  const api = new Api(world, app, () => socket.ticket(port))
  const server = createServer((request, response) => {
    api.handle(request, response).catch((error: unknown) => {
      // A bug of this server, or a request that was cut off: the client must see that something is wrong.
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  })
  server.on('upgrade', (request, stream, head) => socket.upgrade(request, stream, head))

  const appear = async (): Promise<void> => {
    if (server.listening) return
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    app.baseUrl = `http://127.0.0.1:${port}`
  }
  /** Nothing answers on the port any more. */
  const vanish = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    socket.drop()
    server.closeAllConnections()
    await closed
  }
  await appear()

  return {
    port,
    apiUrl: `${app.baseUrl}/api/`,
    /** For `authorizationUrl` of the installer. */
    authorizationUrl: `${app.baseUrl}/oauth/v2/authorize`,
    signingSecret,
    appToken: app.appToken,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    /** Of the Web API, response URLs (`response`) and uploads (`upload`). */
    requests: api.requests as readonly LoggedRequest[],
    /** Consumed in order: the first that matches a request meets it. */
    faults: api.faults as PlannedFault[],
    socket,
    /** Url → uses left. */
    responseUrls: world.responseUrls,
    get triggerMs() {
      return world.triggerMs
    },
    set triggerMs(ms: number) {
      world.triggerMs = ms
    },
    get fileProcessingMs() {
      return world.fileProcessingMs
    },
    set fileProcessingMs(ms: number) {
      world.fileProcessingMs = ms
    },
    /** The content type of commands and interactions over HTTP. */
    get formType() {
      return delivery.formType
    },
    set formType(type: string) {
      delivery.formType = type
    },
    delivered: delivery.delivered,
    team: (options?: TeamOptions): TeamView => viewTeam(world, delivery, world.addTeam(options)),
    person({ team: { id }, homeTeam, ...options }: PersonOptions): Person {
      const team = world.team(id)
      const home = homeTeam ? world.team(homeTeam.id) : team
      const user = world.addUser({ ...options, teamId: home.id })
      return new Person({ api, delivery }, { world, user, team, home })
    },
    /** Commands, interactions and events go there; to nowhere is Socket Mode again. */
    overHttp: (url: string | undefined) => {
      delivery.url = url
    },
    sign: (body: string, timestamp?: number): Record<string, string> => delivery.sign(body, timestamp),
    /** Over HTTP the answer, over Socket Mode what the acknowledgement carried. */
    async deliver(kind: Kind, payload: Json, options?: DeliverOptions): Promise<unknown> {
      const { status, body, ack } = await delivery.bring(kind, payload, options)
      return status === undefined ? ack : { status, body }
    },
    installs: (person: Person, installUrl: string, options?: InstallOptions) => install(world, app.clientId, person, installUrl, options),
    until,
    vanish,
    appear,
    async stop(): Promise<void> {
      // An app that was stopped just now is still saying goodbye.
      await until(() => socket.connections === 0, 300).catch(() => undefined)
      await vanish()
    },
  }
}
