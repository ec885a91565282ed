// Purpose: interactions by HTTP: nothing of a request is looked at before Discord's signature on it was.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { platformBodyLimit } from '../bodyLimit.ts'
import type { Answers } from './answers.ts'

/** An interaction carries a message and the people in it at most. */
const bodyMaxBytes = 1024 * 1024
/** A request older or newer than this is a replay, or a clock that is wrong. */
const staleMs = 300_000

/** The endpoint whose address is set as "Interactions Endpoint URL". Throws when the key is none. */
export function interactionsEndpoint({ publicKey, answers, log }: { publicKey: string; answers: Answers; log: Logger }): Hono {
  const key = keyOf(publicKey)
  const http = new Hono()
  http.post('/discord/interactions', platformBodyLimit(bodyMaxBytes), async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer())
    const signature = c.req.header('x-signature-ed25519')
    const timestamp = c.req.header('x-signature-timestamp')
    const refusal = await refusalOf(key, signature, timestamp, body)
    if (refusal) {
      log.warn({ refusal }, 'discord: a request without a good signature was refused')
      return c.json({ error: refusal }, 401)
    }
    const word = await answers.firstWord(parsed(body), 'http')
    if (!word) return c.json({ error: 'this is no interaction' }, 400)
    // What follows goes to Discord on its own, and waits there until this word was read.
    if (word.after) setImmediate(word.after)
    return c.json(word.response)
  })
  return http
}

/** The 32 bytes as a key object: SPKI is a fixed head and the bytes (RFC 8410). */
function keyOf(hex: string): KeyObject {
  return createPublicKey({ key: Buffer.from(`302a300506032b6570032100${hex}`, 'hex'), format: 'der', type: 'spki' })
}

/** Why a request is refused, undefined when it is Discord's own and fresh. */
async function refusalOf(
  key: KeyObject,
  signature: string | undefined,
  timestamp: string | undefined,
  body: Buffer,
): Promise<string | undefined> {
  if (!signature || !timestamp || !/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return 'no signature'
  const good = await new Promise<boolean>((resolve) =>
    // With a callback it runs on the thread pool.
    verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'), (error, valid) =>
      resolve(!error && valid),
    ),
  )
  if (!good) return 'a signature that does not fit'
  return Math.abs(Date.now() - Number(timestamp) * 1000) > staleMs ? 'a signature that is too old' : undefined
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
