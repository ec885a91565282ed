// Purpose: the REST API, version 10: routes, the bot's token, limits, programmed faults, and a log of what was asked.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { APIApplicationCommand } from 'discord.js'
import { checkCommands, checkThread } from './check.ts'
import type { Gateway } from './gateway.ts'
import { acknowledge, deleteOwn, editOwn, followUp, isDeferred, ownMessage, webhook } from './interactions.ts'
import type { Limits } from './limits.ts'
import { flag, isRecord, type Json, permission, Refusal, refusals } from './wire.ts'
import type { Message, MessageBody, Upload, World } from './world.ts'

/** What goes wrong with a matching request. `afterwards`: only once it has had its effect, so that the caller cannot know. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly afterwards?: boolean }
  | { readonly kind: 'limit'; readonly retryAfterS: number; readonly scope: 'user' | 'global' | 'shared' }
  | { readonly kind: 'drop'; readonly afterwards?: boolean }
  | { readonly kind: 'silence'; readonly afterwards?: boolean }
  /** The answer begins and never ends. */
  | { readonly kind: 'half'; readonly afterwards?: boolean }
  | { readonly kind: 'delay'; readonly ms: number; readonly afterwards?: boolean }

export interface PlannedFault {
  /** The path is without `/api/v10` and without the query. */
  readonly match: (method: string, path: string) => boolean
  /** How many requests it meets; one, unless told. */
  times?: number
  readonly do: Fault
}

export interface LoggedRequest {
  readonly method: string
  /** Without `/api/v10` and without the query. */
  readonly path: string
  readonly query: string
  readonly at: number
  /** 0 while there is no answer, and for good where none was given. */
  status: number
  /** The JSON body, or what stood in `payload_json`. */
  readonly body: unknown
  readonly files: readonly { readonly key: string; readonly name: string; readonly size: number }[]
  /** What was answered, where that was a refusal. */
  refusal?: unknown
}

interface Answer {
  readonly status: number
  readonly body?: unknown
}

interface Call {
  readonly ids: readonly string[]
  readonly query: URLSearchParams
  readonly body: unknown
  readonly uploads: readonly Upload[]
}

interface Route {
  readonly method: string
  readonly path: string
  readonly pattern: RegExp
  readonly run: (call: Call) => Answer
}

const ok = (body: unknown): Answer => ({ status: 200, body })

export class Rest {
  readonly faults: PlannedFault[] = []
  readonly requests: LoggedRequest[] = []
  /** The most requests that were being answered at once. */
  busiest = 0
  #busy = 0
  readonly #world: World
  readonly #gateway: Gateway
  readonly #limits: Limits
  readonly #routes: readonly Route[]

  constructor(world: World, gateway: Gateway, limits: Limits) {
    this.#world = world
    this.#gateway = gateway
    this.#limits = limits
    this.#routes = [...this.#about(), ...this.#commandRoutes(), ...this.#channelRoutes(), ...this.#interactionRoutes()]
  }

  readonly listener: RequestListener = (request, response) => {
    this.#busy += 1
    this.busiest = Math.max(this.busiest, this.#busy)
    response.once('close', () => {
      this.#busy -= 1
    })
    this.#handle(request, response).catch(() => response.destroy())
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#world.origin)
    if (url.pathname.startsWith('/attachments/')) return this.#file(url.pathname, response)
    const path = url.pathname.replace(/^\/api\/v10(?=\/)/, '')
    const method = request.method ?? 'GET'
    const raw = await bytesOf(request)
    const parsed = await parseBody(raw, request.headers['content-type']).catch(() => undefined)
    const entry: LoggedRequest = {
      method,
      path,
      query: url.search,
      at: this.#world.now(),
      status: 0,
      body: parsed?.body,
      files: (parsed?.uploads ?? []).map(({ key, name, bytes }) => ({ key, name, size: bytes.length })),
    }
    this.requests.push(entry)
    const send = ({ status, body }: Answer, headers: Record<string, string> = {}) => {
      entry.status = status
      if (status >= 400) entry.refusal = body
      const text = body === undefined ? '' : JSON.stringify(body)
      response.writeHead(status, { ...headers, ...(text && { 'content-type': 'application/json' }) }).end(text)
    }
    const planned = this.faults.find(({ match }) => match(method, path))
    const late = planned !== undefined && 'afterwards' in planned.do && planned.do.afterwards === true
    if (planned && !late && (await this.#fail(planned, send, response))) return
    const limit = { headers: {} as Record<string, string> }
    const answer = url.pathname.startsWith('/api/v10/')
      ? this.#answer(method, path, url.searchParams, parsed, request.headers.authorization, limit)
      : refused(refusals.route())
    // A request that was refused had no effect for the fault to follow.
    if (planned && late && answer.status < 400 && (await this.#fail(planned, send, response))) return
    send(answer, limit.headers)
  }

  #answer(
    method: string,
    path: string,
    query: URLSearchParams,
    parsed: ParsedBody | undefined,
    authorization: string | undefined,
    limit: { headers: Record<string, string> },
  ): Answer {
    try {
      const route = this.#routes.find((one) => one.method === method && one.pattern.test(path))
      const ids = route?.pattern.exec(path)?.slice(1).map(decodeURIComponent) ?? []
      const free = path.startsWith('/interactions/') || path.startsWith('/webhooks/')
      if (!free) {
        if (authorization !== `Bot ${this.#world.token}`) throw refusals.unauthorized()
        const place = path.startsWith('/channels/') ? ids[0] : undefined
        const ruling = this.#limits.take(`${method} ${route?.path ?? path}`, place)
        limit.headers = ruling.headers
        if (ruling.refused) return limited(ruling.refused)
      }
      if (!route) throw refusals.route()
      if (!parsed) throw refusals.notJson()
      return route.run({ ids, query, ...parsed })
    } catch (error) {
      if (error instanceof Refusal) return refused(error)
      return { status: 500, body: { message: `500: Internal Server Error: ${String(error)}`, code: 0 } }
    }
  }

  /** Lets the fault happen, and tells whether that was all. */
  async #fail(
    planned: PlannedFault,
    send: (answer: Answer, headers?: Record<string, string>) => void,
    response: ServerResponse,
  ): Promise<boolean> {
    planned.times = (planned.times ?? 1) - 1
    if (planned.times <= 0) this.faults.splice(this.faults.indexOf(planned), 1)
    const fault = planned.do
    if (fault.kind === 'delay') {
      await sleep(fault.ms)
      return false
    }
    if (fault.kind === 'drop') response.destroy()
    if (fault.kind === 'half') response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":')
    if (fault.kind === 'status') send({ status: fault.status, body: fault.body ?? { message: `${fault.status}: Server Error`, code: 0 } })
    if (fault.kind === 'limit') {
      const { headers, refused } = this.#limits.refusal(fault.retryAfterS, fault.scope)
      send(limited(refused), headers)
    }
    return true
  }

  #file(path: string, response: ServerResponse): void {
    const [, , , id] = path.split('/')
    const found = [...this.#world.messages.values()].flatMap(({ files }) => files).find((file) => file.id === id)
    if (found) response.writeHead(200, { 'content-type': found.contentType }).end(found.bytes)
    else response.writeHead(404).end()
  }

  #about(): Route[] {
    const world = this.#world
    return [
      route('GET', '/applications/@me', () =>
        ok({
          id: world.applicationId,
          name: world.bot.username,
          icon: null,
          description: '',
          summary: '',
          verify_key: world.publicKey,
          flags: 0,
          bot_public: true,
          bot_require_code_grant: false,
          approximate_guild_count: world.guilds.size,
          bot: world.userJson(world.bot),
        }),
      ),
      route('GET', '/users/@me', () => ok({ ...world.userJson(world.bot), verified: true, mfa_enabled: false, flags: 0 })),
      route('GET', '/users/@me/guilds', ({ query }) => {
        const after = BigInt(query.get('after') ?? 0)
        const guilds = [...world.guilds.values()].filter(({ id }) => BigInt(id) > after)
        guilds.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
        const page = guilds.slice(0, Math.min(200, Number(query.get('limit') ?? 200)))
        return ok(
          page.map(({ id, name, botRole }) => ({
            id,
            name,
            icon: null,
            banner: null,
            owner: false,
            permissions: String(botRole.permissions),
            features: [],
          })),
        )
      }),
      route('GET', '/gateway/bot', () =>
        ok({
          url: this.#gateway.url,
          shards: this.#gateway.shards,
          session_start_limit: { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: this.#gateway.maxConcurrency },
        }),
      ),
      route('GET', '/gateway', () => ok({ url: this.#gateway.url })),
    ]
  }

  #commandRoutes(): Route[] {
    const get = ({ ids: [application = '', guild = ''], query }: Call): Answer => {
      this.#checkApplication(application, guild)
      const full = query.get('with_localizations') === 'true'
      return ok((this.#world.commands.get(guild) ?? []).map((command) => (full ? command : withoutLocales(command))))
    }
    const put = ({ ids: [application = '', guild = ''], body }: Call): Answer => {
      this.#checkApplication(application, guild)
      checkCommands(body)
      const old = this.#world.commands.get(guild) ?? []
      const commands = (Array.isArray(body) ? (body as Json[]) : []).map((command) => this.#keepCommand(command, guild, old))
      this.#world.commands.set(guild, commands)
      return ok(commands)
    }
    return ['/applications/:id/commands', '/applications/:id/guilds/:id/commands'].flatMap((path) => [
      route('GET', path, get),
      route('PUT', path, put),
    ])
  }

  #checkApplication(application: string, guild: string): void {
    if (application !== this.#world.applicationId) throw new Refusal(404, 10002, 'Unknown Application')
    if (guild !== '' && !this.#world.guilds.has(guild)) throw refusals.missingAccess()
  }

  /** A command as Discord keeps it: with defaults written out, and the id and version of its namesake. */
  #keepCommand(sent: Json, guild: string, old: readonly APIApplicationCommand[]): APIApplicationCommand {
    const { options, ...rest } = sent
    const kept: Json = {
      application_id: this.#world.applicationId,
      default_member_permissions: null,
      type: 1,
      name_localizations: null,
      description: '',
      description_localizations: null,
      contexts: null,
      integration_types: [0],
      nsfw: false,
      ...rest,
      // Contexts are of commands for all servers only.
      ...(guild === '' ? { dm_permission: true } : { guild_id: guild, contexts: null }),
      ...(Array.isArray(options) && options.length > 0 && { options: options.map(keepOption) }),
    }
    const namesake = old.find(({ name, type }) => name === kept.name && type === kept.type)
    const { id: _id, version: _version, ...before } = namesake ?? {}
    const same = JSON.stringify(before) === JSON.stringify(kept)
    const id = namesake?.id ?? this.#world.id()
    return { ...kept, id, version: same && namesake ? namesake.version : this.#world.id() } as unknown as APIApplicationCommand
  }

  #channelRoutes(): Route[] {
    const world = this.#world
    const seen = (id = '') => {
      const channel = world.channel(id)
      if (!(world.botPermissions(channel) & permission.viewChannel)) throw refusals.missingAccess()
      return channel
    }
    const find = ([channelId, id]: readonly string[]): Message => {
      const channel = seen(channelId)
      const message = channel.messages.find((one) => one.id === id)
      if (!message) throw refusals.unknownMessage()
      return message
    }
    const messages = '/channels/:id/messages'
    return [
      route('GET', '/channels/:id', ({ ids: [id] }) => ok(world.channelJson(seen(id)))),
      route('GET', messages, ({ ids: [id], query }) => {
        const channel = seen(id)
        if (!(world.botPermissions(channel) & permission.readMessageHistory)) return ok([])
        const [before, after] = [query.get('before'), query.get('after')]
        const fitting = channel.messages.filter(
          (one) => (before === null || BigInt(one.id) < BigInt(before)) && (after === null || BigInt(one.id) > BigInt(after)),
        )
        const limit = Math.min(100, Number(query.get('limit') ?? 50))
        const page = after === null ? fitting.slice(-limit) : fitting.slice(0, limit)
        return ok(page.toReversed().map((message) => world.messageJson(message)))
      }),
      route('POST', messages, ({ ids: [id = ''], body, uploads }) => {
        return ok(world.messageJson(world.post(world.channel(id), body as MessageBody, uploads)))
      }),
      route('GET', `${messages}/:id`, ({ ids }) => ok(world.messageJson(find(ids)))),
      route('PATCH', `${messages}/:id`, ({ ids, body, uploads }) => {
        const message = find(ids)
        if (uploads.length > 0 && !(world.botPermissions(message.channel) & permission.attachFiles)) throw refusals.missingPermissions()
        world.edit(message, body as MessageBody, uploads)
        return ok(world.messageJson(message))
      }),
      route('DELETE', `${messages}/:id`, ({ ids }) => {
        const message = find(ids)
        if (message.author !== world.bot) throw refusals.missingPermissions()
        world.delete(message)
        return { status: 204 }
      }),
      route('POST', `${messages}/:id/threads`, ({ ids, body }) => {
        const message = find(ids)
        checkThread(body)
        return { status: 201, body: world.channelJson(world.startThread(message, String((body as Json).name))) }
      }),
    ]
  }

  #interactionRoutes(): Route[] {
    const world = this.#world
    const own = '/webhooks/:id/:token/messages/:id'
    const open = ([application, token = '']: readonly string[]) => {
      if (application !== world.applicationId) throw refusals.unknownWebhook()
      return webhook(world, token)
    }
    return [
      route('POST', '/interactions/:id/:token/callback', ({ ids: [id, token = ''], query, body, uploads }) => {
        const interaction = world.interactions.get(token)
        if (interaction?.id !== id || !interaction) throw refusals.unknownInteraction()
        acknowledge(world, interaction, body, uploads)
        if (query.get('with_response') !== 'true') return { status: 204 }
        const { original, first } = interaction
        return ok({
          interaction: {
            id,
            type: interaction.type,
            ...(original && {
              response_message_id: original.id,
              response_message_loading: isDeferred(interaction),
              response_message_ephemeral: (original.flags & flag.ephemeral) !== 0,
            }),
          },
          resource: { type: first?.type, ...(original && { message: world.messageJson(original) }) },
        })
      }),
      route('GET', own, ({ ids }) => ok(world.messageJson(ownMessage(open(ids), ids[2] ?? '')))),
      route('PATCH', own, ({ ids, body, uploads }) => {
        return ok(world.messageJson(editOwn(world, open(ids), ids[2] ?? '', body as MessageBody, uploads)))
      }),
      route('DELETE', own, ({ ids }) => {
        deleteOwn(world, open(ids), ids[2] ?? '')
        return { status: 204 }
      }),
      route('POST', '/webhooks/:id/:token', ({ ids, body, uploads }) => {
        return ok(world.messageJson(followUp(world, open(ids), body as MessageBody, uploads)))
      }),
    ]
  }
}

function route(method: string, path: string, run: Route['run']): Route {
  return { method, path, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`), run }
}

function refused(refusal: Refusal): Answer {
  return { status: refusal.status, body: refusal.body }
}

function limited({ retryAfterS, global }: { retryAfterS: number; global: boolean }): Answer {
  return { status: 429, body: { message: 'You are being rate limited.', retry_after: retryAfterS, global } }
}

// Discord leaves what is false and empty lists out of what it gives back.
function keepOption(option: unknown): Json {
  const { required, options, choices, autocomplete, ...rest } = option as Json
  return {
    name_localizations: null,
    description_localizations: null,
    ...rest,
    ...(required === true && { required }),
    ...(autocomplete === true && { autocomplete }),
    ...(Array.isArray(choices) && choices.length > 0 && { choices: choices.map((one: Json) => ({ name_localizations: null, ...one })) }),
    ...(Array.isArray(options) && options.length > 0 && { options: options.map(keepOption) }),
  }
}

function withoutLocales(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLocales)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'name_localizations' && key !== 'description_localizations')
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutLocales(inner)]))
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export interface ParsedBody {
  readonly body: unknown
  readonly uploads: readonly Upload[]
}

/** Reads a body that is JSON, or a form with `payload_json` and files. Throws when it is neither. */
export async function parseBody(raw: Buffer, contentType = ''): Promise<ParsedBody> {
  if (raw.length === 0) return { body: undefined, uploads: [] }
  if (!contentType.startsWith('multipart/form-data')) return { body: JSON.parse(raw.toString('utf8')), uploads: [] }
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData()
  const uploads: Upload[] = []
  let body: unknown
  for (const [key, value] of form.entries()) {
    if (typeof value === 'string') {
      if (key === 'payload_json') body = JSON.parse(value)
    } else uploads.push({ key, name: value.name, contentType: value.type, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  return { body: body ?? {}, uploads }
}
