// Purpose: Socket Mode: what people do goes over a web socket that the app opened, and comes back acknowledged.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { appId, isRecord, type Json, secret, until } from './world.ts'

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api'

export interface Envelope {
  readonly id: string
  readonly type: EnvelopeType
  readonly payload: Json
  /** How often it was sent. */
  sent: number
  readonly reason?: string | undefined
  ack?: Json
}

export class Socket {
  readonly envelopes: Envelope[] = []
  private readonly server = new WebSocketServer({ noServer: true })
  private readonly links = new Set<WebSocket>()
  private readonly tickets = new Set<string>()

  /** What becomes of lines that are opened: `mute` ones hear nothing, `brief` ones end after the hello. */
  mood: 'well' | 'mute' | 'brief' = 'well'

  get connections(): number {
    return this.links.size
  }

  ticket(port: number): string {
    const ticket = secret()
    this.tickets.add(ticket)
    return `ws://127.0.0.1:${port}/link?ticket=${ticket}&app_id=${appId}`
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    // A ticket is for one connection.
    if (url.pathname !== '/link' || !this.tickets.delete(url.searchParams.get('ticket') ?? '')) {
      stream.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    this.server.handleUpgrade(request, stream, head, (link) => this.opened(link))
  }

  private opened(link: WebSocket): void {
    this.links.add(link)
    const pings = setInterval(() => link.ping('Ping from Slack'), 1000)
    link.on('close', () => {
      clearInterval(pings)
      this.links.delete(link)
    })
    link.on('error', () => link.terminate())
    link.on('message', (data) => {
      const message: unknown = JSON.parse(String(data))
      const envelope = isRecord(message) ? this.envelopes.find(({ id }) => id === message.envelope_id) : undefined
      if (envelope && isRecord(message)) envelope.ack ??= isRecord(message.payload) ? message.payload : {}
    })
    if (this.mood === 'mute') return
    const host = { host: 'loopback', build_number: 1, approximate_connection_time: 3600 }
    link.send(JSON.stringify({ type: 'hello', num_connections: this.links.size, debug_info: host, connection_info: { app_id: appId } }))
    if (this.mood === 'brief') {
      link.close()
      return
    }
    // What nobody acknowledged comes again.
    for (const envelope of this.envelopes) if (!envelope.ack) this.transmit(envelope)
  }

  private transmit(envelope: Envelope): void {
    const link = [...this.links].filter(({ readyState }) => readyState === 1).at(-1)
    if (!link) return
    envelope.sent += 1
    const isEvent = envelope.type === 'events_api'
    const reason = envelope.reason ?? (envelope.sent > 1 ? 'timeout' : '')
    const retry = isEvent && { retry_attempt: envelope.sent - 1, retry_reason: reason }
    const { id, type, payload } = envelope
    link.send(JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: !isEvent, ...retry }))
  }

  /** Sends it, or keeps it for the next connection. */
  send(type: EnvelopeType, payload: Json, retry?: { readonly num: number; readonly reason: string }): Envelope {
    const envelope: Envelope = { id: randomUUID(), type, payload, sent: retry?.num ?? 0, reason: retry?.reason }
    this.envelopes.push(envelope)
    this.transmit(envelope)
    return envelope
  }

  resend(envelopeId: string): void {
    const envelope = this.envelopes.find(({ id }) => id === envelopeId)
    if (!envelope) throw new Error(`there is no envelope ${envelopeId}`)
    this.transmit(envelope)
  }

  /** Resolves when the app is connected. */
  async ready(timeoutMs = 10_000): Promise<void> {
    await until(() => this.links.size > 0, timeoutMs, 'a connection')
  }

  disconnect(reason = 'refresh_requested'): void {
    for (const link of this.links) link.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'loopback' } }))
  }

  drop(): void {
    for (const link of this.links) link.terminate()
  }
}
