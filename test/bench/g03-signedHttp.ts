// Purpose: G3. An interaction by HTTP whose signature is verified, beside the same server with discord-interactions' `verifyKey`.
import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Pool } from 'undici'
import { application, idNow, startDiscordEnd, token } from './discordEnd.ts'
import { openDiscordRoom } from './discordRoom.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const window = 32

async function serving(http: Hono) {
  const server = serve({ fetch: http.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return { url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function ours(api: string, publicKey: string) {
  const { room } = await openDiscordRoom({ token, api, publicKey })
  if (!room.http) throw new Error('the room has no endpoint')
  return serving(room.http)
}

/** The same server and the same first word; the signature is looked at as discord-interactions does. */
export async function baseline(_api: string, publicKey: string) {
  const [{ verifyKey }, { readInteraction }] = await Promise.all([
    import('discord-interactions'),
    import('../../src/rooms/discord/read.ts'),
  ])
  const http = new Hono()
  http.post('/discord/interactions', async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer())
    const isGood = await verifyKey(body, c.req.header('x-signature-ed25519') ?? '', c.req.header('x-signature-timestamp') ?? '', publicKey)
    if (!isGood) return c.json({ error: 'a signature that does not fit' }, 401)
    const incoming = readInteraction(JSON.parse(body.toString('utf8')))
    return incoming?.kind === 'ping' ? c.json({ type: 1 }) : c.json({ error: 'this is no interaction' }, 400)
  })
  return serving(http)
}

export async function signedHttp({ rounds, acts }: Sizes): Promise<Figure[]> {
  const keys = generateKeyPairSync('ed25519')
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
  const discord = await startDiscordEnd(publicKey)
  const sides = {
    ours: await startSide(import.meta.filename, ours, discord.apiUrl, publicKey),
    baseline: await startSide(import.meta.filename, baseline, discord.apiUrl, publicKey),
  }
  const pools = {
    ours: new Pool(await sides.ours.url(), { connections: window }),
    baseline: new Pool(await sides.baseline.url(), { connections: window }),
  }

  async function send(side: 'ours' | 'baseline') {
    const stamp = String(Math.floor(Date.now() / 1000))
    const requests = Array.from({ length: acts }, (_, n) => {
      const body = JSON.stringify({ id: idNow(n), application_id: application, type: 1, token: 'ping', version: 1 })
      const signature = sign(null, Buffer.from(stamp + body), keys.privateKey).toString('hex')
      return { body, headers: { 'content-type': 'application/json', 'x-signature-ed25519': signature, 'x-signature-timestamp': stamp } }
    })
    const before = await sides[side].cpu()
    const start = performance.now()
    await atOnce(acts, window, async (index) => {
      const { statusCode, body } = await pools[side].request({ path: '/discord/interactions', method: 'POST', ...requests[index] })
      await body.dump()
      if (statusCode !== 200) throw new Error(`${side} answered ${statusCode}`)
    })
    return { perSecond: (acts / (performance.now() - start)) * 1000, cpu: ((await sides[side].cpu()) - before) / acts }
  }

  const { ours: own, baseline: verified } = await inTurns(rounds, { ours: () => send('ours'), baseline: () => send('baseline') })
  await Promise.all([sides.ours.stop(), sides.baseline.stop(), pools.ours.destroy(), pools.baseline.destroy()])
  discord.stop()
  return [
    {
      what: 'verified interactions by HTTP, beside discord-interactions’ verifyKey',
      unit: '/s',
      ours: own.perSecond,
      baseline: verified.perSecond,
      goal: { of: 'ratio', atLeast: 1.2 },
    },
    { what: 'processor time of one', unit: 'ms', ours: own.cpu, baseline: verified.cpu },
  ]
}
