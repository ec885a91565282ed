// Purpose: the gateway: sessions, heartbeats, and events that wait for a client which is away.
import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { isRecord, type Json, until } from './wire.ts'
import type { World } from './world.ts'

interface Session {
  readonly id: string
  readonly shard: number
  readonly count: number
  socket: WebSocket | undefined
  seq: number
  readonly sent: { readonly s: number; readonly payload: string }[]
}

const op = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 } as const
const onlyGuilds = 1

export class Gateway {
  heartbeatInterval = 41_250
  /** Whether heartbeats are answered; a client that hears nothing has to connect again. */
  ackHeartbeats = true
  /** The intents that a client may ask for. */
  allowedIntents = onlyGuilds
  shards = 1
  maxConcurrency = 16
  identifies = 0
  resumes = 0
  heartbeats = 0
  /** How many sockets were opened, identified or not. */
  connections = 0
  #mute = false
  readonly #world: World
  readonly #wss: WebSocketServer
  readonly #sessions = new Map<string, Session>()

  constructor(world: World, http: Server) {
    this.#world = world
    this.#wss = new WebSocketServer({ server: http, path: '/gateway' })
    this.#wss.on('connection', (socket) => this.#welcome(socket))
    world.dispatch = (guild, event, data) => this.#dispatch(guild, event, data)
  }

  get url(): string {
    return `${this.#world.origin.replace('http', 'ws')}/gateway`
  }

  /** Whether a client is READY on every shard it has. */
  get isReady(): boolean {
    const live = [...this.#sessions.values()].filter(({ socket }) => socket)
    const [{ count = 0 } = {}] = live
    return count > 0 && new Set(live.map(({ shard }) => shard)).size === count
  }

  /** Whether there is a session that would hear of an event, now or after its RESUME. */
  get hasSession(): boolean {
    return this.#sessions.size > 0
  }

  /** Waits until a client is READY on every shard. */
  async ready(timeoutMs = 10_000): Promise<void> {
    await until(() => this.isReady, timeoutMs, 'READY')
  }

  /** Ends every connection: without a code as a broken line does, with one as Discord does. Most codes leave the session to resume. */
  disconnect(code?: number): void {
    for (const session of [...this.#sessions.values()]) {
      const { socket } = session
      session.socket = undefined
      if (code === undefined) socket?.terminate()
      else socket?.close(code)
      if (code === 4007 || code === 4009) this.#sessions.delete(session.id)
    }
  }

  /** Asks every client to come back and resume. */
  reconnect(): void {
    for (const session of this.#sessions.values()) {
      send(session.socket, { op: op.reconnect, d: null })
      session.socket = undefined
    }
  }

  /** Tells every client that its session is invalid; one that is not resumable is forgotten. */
  invalidate(resumable: boolean): void {
    for (const session of [...this.#sessions.values()]) {
      send(session.socket, { op: op.invalid, d: resumable })
      session.socket = undefined
      if (!resumable) this.#sessions.delete(session.id)
    }
  }

  /** From now on events are lost on their way, until they are let through again. */
  silence(): { speak(): void } {
    this.#mute = true
    return {
      speak: () => {
        this.#mute = false
      },
    }
  }

  /** Asks every client for a heartbeat at once. */
  askHeartbeat(): void {
    for (const { socket } of this.#sessions.values()) send(socket, { op: op.heartbeat, d: null })
  }

  stop(): void {
    for (const socket of this.#wss.clients) socket.terminate()
    this.#wss.close()
  }

  #dispatch(guild: string | undefined, event: string, data: unknown): void {
    if (this.#mute) return
    for (const session of this.#sessions.values()) {
      if (session.shard === placeOf(guild, session.count)) this.#push(session, event, data)
    }
  }

  #push(session: Session, event: string, data: unknown): void {
    session.seq += 1
    const payload = JSON.stringify({ op: op.dispatch, t: event, s: session.seq, d: data })
    session.sent.push({ s: session.seq, payload })
    session.socket?.send(payload)
  }

  #welcome(socket: WebSocket): void {
    this.connections += 1
    send(socket, { op: op.hello, d: { heartbeat_interval: this.heartbeatInterval, _trace: [] } })
    socket.on('message', (raw) => {
      const payload: unknown = JSON.parse(String(raw))
      if (!isRecord(payload)) socket.close(4002)
      else if (payload.op === op.heartbeat) {
        this.heartbeats += 1
        if (this.ackHeartbeats) send(socket, { op: op.ack })
      } else if (payload.op === op.identify && isRecord(payload.d)) this.#identify(socket, payload.d)
      else if (payload.op === op.resume && isRecord(payload.d)) this.#resume(socket, payload.d)
      else if (!this.#sessionOf(socket)) socket.close(4003)
    })
    socket.on('error', () => {})
    socket.on('close', (code) => {
      const session = this.#sessionOf(socket)
      if (!session) return
      session.socket = undefined
      // A client that says goodbye with one of these ends its session.
      if (code === 1000 || code === 1001) this.#sessions.delete(session.id)
    })
  }

  #sessionOf(socket: WebSocket): Session | undefined {
    return [...this.#sessions.values()].find((session) => session.socket === socket)
  }

  /** Why a client may not come in, as a close code. */
  #refusal(socket: WebSocket, { token, intents, shard }: Json): number | undefined {
    if (this.#sessionOf(socket)) return 4005
    if (token !== this.#world.token) return 4004
    if (typeof intents !== 'number') return 4013
    if (intents & ~this.allowedIntents) return 4014
    const [id, count] = shardOf(shard)
    if (!(id >= 0 && id < count)) return 4010
    return count < this.shards ? 4011 : undefined
  }

  #identify(socket: WebSocket, d: Json): void {
    this.identifies += 1
    const refusal = this.#refusal(socket, d)
    if (refusal !== undefined) {
      socket.close(refusal)
      return
    }
    const [id, count] = shardOf(d.shard)
    for (const old of [...this.#sessions.values()]) if (old.shard === id && !old.socket) this.#sessions.delete(old.id)
    const session: Session = { id: this.#world.id(), shard: id, count, socket, seq: 0, sent: [] }
    this.#sessions.set(session.id, session)
    const guilds = [...this.#world.guilds.values()].filter((guild) => placeOf(guild.id, count) === id)
    this.#push(session, 'READY', {
      v: 10,
      user: { ...this.#world.userJson(this.#world.bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      user_settings: {},
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      private_channels: [],
      presences: [],
      relationships: [],
      guild_join_requests: [],
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: this.url,
      application: { id: this.#world.applicationId, flags: 0 },
      shard: [id, count],
      _trace: [],
    })
    for (const guild of guilds) if (!guild.outage) this.#push(session, 'GUILD_CREATE', this.#world.guildCreate(guild))
  }

  #resume(socket: WebSocket, { token, session_id, seq }: Json): void {
    this.resumes += 1
    const session = this.#sessions.get(String(session_id))
    if (token !== this.#world.token) socket.close(4004)
    else if (!session) send(socket, { op: op.invalid, d: false })
    else if (typeof seq !== 'number' || seq > session.seq) {
      this.#sessions.delete(session.id)
      socket.close(4007)
    } else this.#replay(session, socket, seq)
  }

  #replay(session: Session, socket: WebSocket, seq: number): void {
    session.socket = socket
    for (const { s, payload } of session.sent) if (s > seq) socket.send(payload)
    this.#push(session, 'RESUMED', { _trace: [] })
  }
}

function shardOf(shard: unknown): readonly [number, number] {
  const [id, count] = Array.isArray(shard) ? shard : [0, 1]
  return [Number(id), Number(count)]
}

/** The shard that hears of a guild; direct channels belong to the first. */
function placeOf(guild: string | undefined, count: number): number {
  return guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(count))
}

function send(socket: WebSocket | undefined, payload: unknown): void {
  socket?.send(JSON.stringify(payload))
}
