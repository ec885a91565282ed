// Purpose: the Web API, uploads and response URLs over HTTP, with the faults that a test plans.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { access, methods } from './methods.ts'
import { change, post } from './posting.ts'
import { isRecord, type Json, Refusal, type ResponseUrl, secret, type Team, type World } from './world.ts'

export type Fault =
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number; readonly acted: boolean }
  | { readonly kind: 'drop'; readonly acted: boolean }
  /** No answer ever comes. */
  | { readonly kind: 'hang'; readonly acted?: true }
  /** The answer begins and never ends. */
  | { readonly kind: 'half' }
  | { readonly kind: 'rateLimited'; readonly seconds: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Nothing happens until then. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }

export interface PlannedFault {
  /** Methods beside those of the Web API: `upload` and `response`. */
  readonly match: (method: string, params: Json, team: string | undefined) => boolean
  times: number
  readonly do: Fault
}

export interface LoggedRequest {
  readonly method: string
  readonly team: string | undefined
  readonly params: Json
  readonly ok: boolean
  readonly error: string | undefined
  readonly status: number
}

interface Answer {
  readonly status: number
  readonly body: Json | string
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The client sends a file as the one part of a form. */
async function fileOf(body: Buffer, type: string): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const file = [...form.values()].find((part) => typeof part !== 'string')
  return file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0)
}

/** Form bodies carry lists and objects as JSON. */
const inJson = ['blocks', 'view', 'metadata', 'files', 'attachments']

function paramsOf(text: string, type: string, query: URLSearchParams): Json {
  if (type.includes('json')) {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    return isRecord(body) ? body : {}
  }
  const params: Json = Object.fromEntries([...query, ...new URLSearchParams(text)])
  for (const key of inJson) if (typeof params[key] === 'string') params[key] = JSON.parse(params[key])
  return params
}

export class Api {
  readonly faults: PlannedFault[] = []
  readonly requests: LoggedRequest[] = []
  readonly world: World
  readonly app: { readonly appToken: string; readonly clientId: string; readonly clientSecret: string; baseUrl: string }
  /** Makes an address for a Socket Mode connection. */
  readonly ticket: () => string

  constructor(world: World, app: Api['app'], ticket: () => string) {
    this.world = world
    this.app = app
    this.ticket = ticket
  }

  /** A new address to answer an act by. */
  responseUrl(response: ResponseUrl): string {
    const url = `${this.app.baseUrl}/response/${secret()}`
    this.world.responses.set(url, response)
    this.world.responseUrls.set(url, 5)
    return url
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.app.baseUrl)
    let bytes = await bytesOf(request)
    const [, kind = '', name = ''] = url.pathname.split('/')
    if (kind === 'upload') {
      const type = request.headers['content-type'] ?? ''
      if (type.startsWith('multipart/')) bytes = await fileOf(bytes, type)
      const file = [...this.world.files.values()].find(({ uploadKey }) => uploadKey === name)
      const act = (): Answer => {
        if (!file || file.complete) return { status: 404, body: 'no such upload' }
        if (bytes.length !== file.length) return { status: 400, body: `${bytes.length} bytes, ${file.length} were told` }
        file.bytes = bytes
        return { status: 200, body: `OK - ${bytes.length}` }
      }
      return this.answer(response, 'upload', { file: file?.id, length: bytes.length }, file?.teamId, act)
    }
    let params: Json
    try {
      params = paramsOf(bytes.toString(), request.headers['content-type'] ?? '', url.searchParams)
    } catch {
      return this.answer(response, name, {}, undefined, () => ({ status: 200, body: { ok: false, error: 'invalid_json' } }))
    }
    if (kind === 'response') {
      const address = `${this.app.baseUrl}/response/${name}`
      const team = this.world.responses.get(address)?.team.id
      return this.answer(response, 'response', params, team, () => this.respond(address, params))
    }
    if (kind !== 'api') return this.answer(response, url.pathname, params, undefined, () => ({ status: 404, body: 'not found' }))
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? String(params.token ?? '')
    const team = this.world.teams.find((one) => one.token === token)
    return this.answer(response, name, params, team?.id, () => ({ status: 200, body: this.call(name, params, token, team) }))
  }

  private call(name: string, params: Json, token: string, team: Team | undefined): Json {
    try {
      if (name === 'oauth.v2.access') return { ok: true, ...access(this.world, params, this.app.clientId, this.app.clientSecret) }
      if (name === 'apps.connections.open') {
        if (token !== this.app.appToken) throw new Refusal('invalid_auth')
        return { ok: true, url: this.ticket() }
      }
      const method = methods[name]
      if (!method) throw new Refusal('unknown_method')
      if (token === '') throw new Refusal('not_authed')
      if (!team) throw new Refusal('invalid_auth')
      if (team.tokenError !== undefined) throw new Refusal(team.tokenError)
      const about = this.world.orgTokens.has(token) ? this.world.within(team, params) : team
      return { ok: true, ...method({ world: this.world, team: about, params, baseUrl: this.app.baseUrl }) }
    } catch (error) {
      if (error instanceof Refusal) return error.body
      throw error
    }
  }

  private respond(address: string, params: Json): Answer {
    const given = this.world.responses.get(address)
    const left = this.world.responseUrls.get(address) ?? 0
    if (!given || left === 0) return { status: 404, body: { ok: false, error: 'used_url' } }
    try {
      this.show(given, params)
    } catch (error) {
      if (error instanceof Refusal) return { status: 400, body: error.body }
      throw error
    }
    this.world.responseUrls.set(address, left - 1)
    return { status: 200, body: 'ok' }
  }

  /** What an acknowledgement or a response URL tells to show. */
  show({ team, userId, channel, act, original }: ResponseUrl, params: Json): void {
    const isOwn = original?.botId === team.botId
    if (params.delete_original === true && original && isOwn) {
      original.gone = true
      this.world.effects.push({ kind: 'replaced', userId, act, message: original })
    } else if (params.replace_original === true && original && isOwn) change(this.world, team, original, params, { userId, act })
    else post(this.world, team, channel, params, { act, ...(params.response_type !== 'in_channel' && { to: userId }) })
  }

  private async answer(response: ServerResponse, method: string, params: Json, team: string | undefined, act: () => Answer) {
    const planned = this.faults.find((one) => one.times > 0 && one.match(method, params, team))
    if (planned) planned.times -= 1
    const fault = planned?.do
    const log = (status: number, error?: string) =>
      void this.requests.push({ method, team, params, ok: status === 200 && error === undefined, error, status })
    const send = (status: number, body: Json | string, headers: Record<string, string> = {}) => {
      const isText = typeof body === 'string'
      if (response.destroyed) return
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json; charset=utf-8', ...headers })
      response.end(isText ? body : JSON.stringify(body))
    }
    if (fault?.kind === 'error') {
      log(200, fault.error)
      return send(200, { ok: false, error: fault.error })
    }
    if (fault?.kind === 'rateLimited') {
      log(429, 'ratelimited')
      return send(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(fault.seconds) })
    }
    if (fault?.kind === 'hang') {
      if (fault.acted) act()
      return log(0, 'hang')
    }
    if (fault?.kind === 'half') {
      act()
      log(200, 'half')
      return void response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).write('{"ok":')
    }
    if (fault?.kind === 'status' || fault?.kind === 'drop') {
      if (fault.acted) act()
      log(fault.kind === 'status' ? fault.status : 0, fault.kind)
      return fault.kind === 'status' ? send(fault.status, 'planned fault') : void response.destroy()
    }
    if (fault?.kind === 'delay') await sleep(fault.ms)
    if (fault?.kind === 'held') await fault.until
    const { status, body } = act()
    log(status, isRecord(body) && body.ok === false ? String(body.error) : undefined)
    send(status, body)
  }
}
