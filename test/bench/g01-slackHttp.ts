// Purpose: G1. A full check-in over Slack's HTTP, from the signed request to the answer in its response, beside Bolt that only says "I have it".
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Pool } from 'undici'
import { clubDay } from '../../src/club/club.ts'
import { startAtOnce } from '../../src/planning.ts'
import { dayMs } from './club.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'
import { channel, signingSecret, startSlackEnd, team, token } from './slackEnd.ts'
import { openSlackRoom } from './slackRoom.ts'

/** Requests that are under way at a time. */
const window = 32

/** The room, the app and the store as the program wires them. */
export async function ours(api: string) {
  const { store, courses, now, moveTo, begun, room } = await openSlackRoom(api)
  const club = begun(`slack:${team}`, channel)
  await store.saveClub({ ...club, calendar: [{ ...club.calendar[0], weekdays: [1, 2, 3, 4, 5, 6, 7] }] })
  await startAtOnce(store, club.id, now(), courses)
  await moveTo(now())
  const server = serve({ fetch: room.http.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextDay: () => moveTo(now() + dayMs),
    acted: async () => store.actorsOn(club.id, clubDay(club, now()).today),
  }
}

/** Bolt as its first page shows it, with one command. */
export async function baseline(api: string) {
  const { App } = await import('@slack/bolt')
  const app = new App({ token, signingSecret, clientOptions: { slackApiUrl: api } })
  app.command('/1p', async ({ ack }) => ack())
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  return { url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function slackHttp({ rounds, acts }: Sizes): Promise<Figure[]> {
  const slack = await startSlackEnd()
  const sides = {
    ours: await startSide(import.meta.filename, ours, slack.apiUrl),
    baseline: await startSide(import.meta.filename, baseline, slack.apiUrl),
  }
  const pools = {
    ours: new Pool(await sides.ours.url(), { connections: window }),
    baseline: new Pool(await sides.baseline.url(), { connections: window }),
  }
  let made = 0

  /** Commands of members who are known, each once. */
  function commands(): { headers: Record<string, string>; body: string }[] {
    const stamp = Math.floor(Date.now() / 1000)
    return Array.from({ length: acts }, (_, member) => {
      const name = String(made++)
      const body = new URLSearchParams({
        token: 'old',
        team_id: team,
        team_domain: 'bench',
        channel_id: channel,
        channel_name: 'study',
        user_id: `U${String(member).padStart(8, '0')}`,
        user_name: 'member',
        command: '/1p',
        text: 'checkin 오늘은 cgroup이 재는 것을 읽었다',
        api_app_id: 'A0BENCH',
        is_enterprise_install: 'false',
        response_url: slack.responseUrl(name),
        trigger_id: `1.${name}`,
      }).toString()
      const hash = createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex')
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(stamp),
        'x-slack-signature': `v0=${hash}`,
      }
      return { headers, body }
    })
  }

  async function send(side: 'ours' | 'baseline') {
    const requests = commands()
    const before = await sides[side].cpu()
    const start = performance.now()
    await atOnce(acts, window, async (index) => {
      const request = requests[index]
      if (!request) return
      const { statusCode, body } = await pools[side].request({ path: '/slack/events', method: 'POST', ...request })
      const said = await body.text()
      if (statusCode !== 200) throw new Error(`${side} answered ${statusCode}`)
      if (side === 'ours' && !said.includes('오늘 1% 완료')) throw new Error(`a check-in was answered with ${said.slice(0, 200)}`)
    })
    return { perSecond: (acts / (performance.now() - start)) * 1000, cpu: ((await sides[side].cpu()) - before) / acts }
  }

  const { ours: own, baseline: bolt } = await inTurns(rounds, {
    ours: async () => {
      await sides.ours.nextDay()
      const reading = await send('ours')
      if ((await sides.ours.acted()) !== acts) throw new Error(`${await sides.ours.acted()} of ${acts} check-ins counted`)
      return reading
    },
    baseline: () => send('baseline'),
  })
  await Promise.all([sides.ours.stop(), sides.baseline.stop(), pools.ours.destroy(), pools.baseline.destroy()])
  slack.stop()
  return [
    {
      what: 'full check-ins over Slack HTTP, beside Bolt’s no-op',
      unit: '/s',
      ours: own.perSecond,
      baseline: bolt.perSecond,
      goal: { of: 'ratio', atLeast: 1 },
    },
    { what: 'processor time of one', unit: 'ms', ours: own.cpu, baseline: bolt.cpu },
  ]
}
