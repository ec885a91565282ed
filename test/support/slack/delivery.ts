// Purpose: how commands, interactions and events reach the app: signed over HTTP, or in envelopes over Socket Mode.
import { createHmac } from 'node:crypto'
import type { EnvelopeType, Socket } from './socket.ts'
import { isRecord, type Json, until } from './world.ts'

export type Kind = 'command' | 'interaction' | 'event'

export interface DeliverOptions {
  /** It came before, and nobody acknowledged it. */
  readonly retry?: { readonly num: number; readonly reason: string }
  /** How long to wait for a connection. */
  readonly patienceMs?: number
}

/** What came back, as Slack sees it. */
export interface Brought {
  readonly failed?: true
  readonly ackMs: number
  /** An empty one is undefined. */
  readonly ack: unknown
  /** Over HTTP. */
  readonly status?: number
  readonly body?: string
}

const ackMs = 3000
const envelopeTypes: Record<Kind, EnvelopeType> = { command: 'slash_commands', interaction: 'interactive', event: 'events_api' }

function readAck(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

export class Delivery {
  readonly delivered: { readonly kind: Kind; readonly payload: Json }[] = []
  readonly socket: Socket
  readonly signingSecret: string
  /** Where the app listens; without it, Socket Mode. */
  url: string | undefined
  /** Bolt's HTTPReceiver compares it as a whole: with a charset behind it, every form is a 400. */
  formType = 'application/x-www-form-urlencoded'

  constructor(socket: Socket, signingSecret: string) {
    this.socket = socket
    this.signingSecret = signingSecret
  }

  sign(body: string, timestamp = Math.floor(Date.now() / 1000)): Record<string, string> {
    const hash = createHmac('sha256', this.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
    return { 'x-slack-signature': `v0=${hash}`, 'x-slack-request-timestamp': String(timestamp) }
  }

  bring(kind: Kind, payload: Json, options: DeliverOptions = {}): Promise<Brought> {
    this.delivered.push({ kind, payload })
    return this.url === undefined ? this.overSocket(kind, payload, options) : this.overHttp(this.url, kind, payload, options)
  }

  private async overHttp(url: string, kind: Kind, payload: Json, { retry }: DeliverOptions): Promise<Brought> {
    const flat = Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]))
    const forms = { command: () => new URLSearchParams(flat), interaction: () => new URLSearchParams({ payload: JSON.stringify(payload) }) }
    const body = kind === 'event' ? JSON.stringify(payload) : forms[kind]().toString()
    const headers = {
      'content-type': kind === 'event' ? 'application/json' : this.formType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...(retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
      ...this.sign(body),
    }
    const start = performance.now()
    try {
      const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(ackMs) })
      const text = await response.text()
      const { status } = response
      return { ackMs: performance.now() - start, ack: readAck(text), status, body: text, ...(status !== 200 && { failed: true }) }
    } catch {
      return { ackMs: performance.now() - start, ack: undefined, status: 0, body: '', failed: true }
    }
  }

  private async overSocket(kind: Kind, payload: Json, { retry, patienceMs = 5000 }: DeliverOptions): Promise<Brought> {
    const envelope = this.socket.send(envelopeTypes[kind], payload, retry)
    const first = performance.now()
    try {
      await until(() => envelope.sent > (retry?.num ?? 0), patienceMs, 'a connection')
      const start = performance.now()
      const ack = await until(() => envelope.ack, ackMs, 'an acknowledgement')
      // A string comes as its text.
      const isEmpty = isRecord(ack) && Object.keys(ack).length === 0
      return { ackMs: performance.now() - start, ack: isEmpty ? undefined : ack }
    } catch {
      return { ackMs: performance.now() - first, ack: undefined, failed: true }
    }
  }
}
