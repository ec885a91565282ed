// Purpose: Slack's requests by HTTP: nothing of a request is looked at before Slack's signature on it was.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { App, Receiver } from '@slack/bolt'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { platformBodyLimit } from '../bodyLimit.ts'
import { reasonOf } from './errors.ts'
import { signatureMs } from './limits.ts'

/** A payload carries one message or view at most. */
const bodyMaxBytes = 1024 * 1024

export interface HttpReceiver extends Receiver {
  /** The endpoint whose address is set for commands, interactivity and events. */
  readonly http: Hono
}

/** Brings requests into Bolt. Its own receiver takes stamps of the future, and no form whose type names a charset. */
export function createHttpReceiver({ signingSecret, log }: { signingSecret: string; log: Logger }): HttpReceiver {
  let app: App | undefined
  const http = new Hono()
  http.post('/slack/events', platformBodyLimit(bodyMaxBytes), async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer())
    const stamp = c.req.header('x-slack-request-timestamp')
    const refusal = refusalOf(signingSecret, c.req.header('x-slack-signature'), stamp, body)
    if (refusal) {
      log.warn({ refusal }, 'slack: a request without a good signature was refused')
      return c.json({ error: refusal }, 401)
    }
    const payload = parsed(body.toString('utf8'), c.req.header('content-type') ?? '')
    if (payload === undefined) return c.json({ error: 'this is no payload' }, 400)
    if (payload.type === 'url_verification') return c.json({ challenge: String(payload.challenge) })
    if (payload.ssl_check !== undefined) return c.body(null, 200)
    const said = await new Promise<unknown>((resolve) => {
      const ack = async (response?: unknown) => resolve(response)
      const retries = Number(c.req.header('x-slack-retry-num'))
      void app
        ?.processEvent({
          body: payload,
          ack,
          ...(retries > 0 && { retryNum: retries }),
          customProperties: { sentAt: Number(stamp) * 1000 },
        })
        .catch((error: unknown) => log.warn(reasonOf(error), 'slack: a payload could not be taken'))
        // Whatever went wrong, Slack only needs to know that we have it.
        .finally(() => resolve(undefined))
    })
    return typeof said === 'object' && said !== null ? c.json(said) : c.body(null, 200)
  })
  return {
    http,
    init(bolt) {
      app = bolt
    },
    // It listens on the program's own server.
    start: async () => undefined,
    stop: async () => undefined,
  }
}

/** Why a request is refused; undefined when it is Slack's own and fresh (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
function refusalOf(secret: string, signature: string | undefined, stamp: string | undefined, body: Buffer): string | undefined {
  if (!signature || !stamp || !/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(stamp)) return 'no signature'
  const expected = createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest()
  if (!timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'))) return 'a signature that does not fit'
  return Math.abs(Date.now() - Number(stamp) * 1000) > signatureMs ? 'a signature that is too old, or a clock that is wrong' : undefined
}

/** JSON, a form, or a form with JSON in its `payload`. */
function parsed(body: string, contentType: string): Record<string, unknown> | undefined {
  if (contentType.startsWith('application/json')) return objectOf(body)
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return undefined
  const form = Object.fromEntries(new URLSearchParams(body))
  return form.payload === undefined ? form : objectOf(form.payload)
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
