import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { morningClub } from './life.ts'

/** A command as Slack sends it. */
const form = (text = 'help') =>
  new URLSearchParams({
    command: '/1p',
    text,
    team_id: 'T0FORGED',
    channel_id: 'C0FORGED',
    user_id: 'U0FORGED',
    user_name: 'eve',
    response_url: 'http://127.0.0.1:9/response',
    trigger_id: `1.2.${Math.random()}`,
  }).toString()

const typeOfForms = 'application/x-www-form-urlencoded'

describe('requests by HTTP', () => {
  async function endpoint() {
    const club = await morningClub({ transport: 'http' })
    const secret = club.slack.signingSecret
    const sign = (body: string, stamp: number, key = secret) => ({
      'x-slack-request-timestamp': String(stamp),
      'x-slack-signature': `v0=${createHmac('sha256', key).update(`v0:${stamp}:${body}`).digest('hex')}`,
    })
    const now = Math.floor(Date.now() / 1000)
    async function send(body: string, headers: Record<string, string>, type = typeOfForms) {
      const before = club.slack.requests.length
      const response = await fetch(`${club.origin}/slack/events`, { method: 'POST', headers: { 'content-type': type, ...headers }, body })
      return { status: response.status, body: await response.text(), asked: club.slack.requests.length - before }
    }
    return { club, sign, send, now }
  }

  test('are refused unless Slack signed them, just now, as they are', async () => {
    const { club, sign, send, now } = await endpoint()
    const body = form()
    const good = sign(body, now)
    const refused = [
      await send(body, {}),
      await send(body, { 'x-slack-request-timestamp': good['x-slack-request-timestamp'] }),
      await send(body, { 'x-slack-signature': good['x-slack-signature'] }),
      await send(body, sign(body, now, 'another secret')),
      await send(`${body}&user_id=U0ADMIN`, good),
      await send(body, { ...good, 'x-slack-request-timestamp': String(now + 1) }),
      await send(body, sign(body, now - 360)),
      await send(body, sign(body, now + 360)),
      await send(body, { ...good, 'x-slack-signature': 'v0=zz' }),
      await send(body, { ...good, 'x-slack-signature': good['x-slack-signature'].slice(0, -1) }),
    ]
    expect(refused.map(({ status, asked }) => [status, asked])).toEqual(refused.map(() => [401, 0]))
    expect(club.logged.filter(({ msg }) => msg === 'slack: a request without a good signature was refused')).toHaveLength(refused.length)
    expect(JSON.stringify(club.logged)).not.toContain(club.slack.signingSecret)
    expect((await send(body, sign(body, now - 240))).status).toBe(200)
  })

  test('are read whatever their form names as its charset; the check of the address is answered', async () => {
    const { sign, send, now } = await endpoint()
    const body = form()
    expect((await send(body, sign(body, now), `${typeOfForms}; charset=utf-8`)).status).toBe(200)
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'echo-me', token: 'x' })
    expect(await send(challenge, sign(challenge, now), 'application/json')).toMatchObject({ status: 200, body: '{"challenge":"echo-me"}' })
    const check = 'ssl_check=1&token=x'
    expect((await send(check, sign(check, now))).status).toBe(200)
  })

  test('that are no payloads are told so, and nothing falls over', async () => {
    const { club, sign, send, now } = await endpoint()
    const signed = (body: string, type?: string) => send(body, sign(body, now), type)
    expect((await signed('{', 'application/json')).status).toBe(400)
    expect((await signed('[]', 'application/json')).status).toBe(400)
    expect((await signed('payload={', typeOfForms)).status).toBe(400)
    expect((await signed('hello', 'text/plain')).status).toBe(400)
    for (const payload of [
      {},
      { type: 'block_actions' },
      { type: 'view_submission', view: null },
      { type: 'event_callback', event: { type: 'x' } },
      { type: 'nonsense' },
    ])
      expect((await signed(`payload=${encodeURIComponent(JSON.stringify(payload))}`)).status).toBe(200)
    expect((await send('x'.repeat(1_100_000), {})).status).toBe(413)
    expect(club.troubles()).toEqual([])
    expect((await fetch(`${club.origin}/slack/events`)).status).toBe(404)
  })
})
