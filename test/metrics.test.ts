import { afterEach, describe, expect, test, vi } from 'vitest'
import { createMetrics, metricsEndpoint } from '../src/metrics.ts'
import { morningClub as discordMorning, openClub } from './discord/life.ts'
import { morningClub as slackMorning } from './slack/life.ts'
import { startHere } from './support/discordClub.ts'
import { readScrape } from './support/scrape.ts'
import { testClub } from './support/testClub.ts'

const scraped = async ({ registry }: Pick<ReturnType<typeof createMetrics>, 'registry'>) => readScrape(await registry.metrics())

describe('who may read the metrics', () => {
  const token = 'a-token-of-24-characters'
  const ask = async (doors: { host: string; token?: string }, url: string, headers: Record<string, string> = {}) =>
    (await metricsEndpoint(createMetrics(), doors).request(`${url}/metrics`, { headers })).status

  test('without a token only this machine, under a name of its own', async () => {
    for (const url of ['http://127.0.0.1:8787', 'http://localhost:8787', 'http://[::1]:8787'])
      expect(await ask({ host: '127.0.0.1' }, url)).toBe(200)
    expect(await ask({ host: '127.0.0.1' }, 'http://club.example')).toBe(404)
    expect(await ask({ host: '0.0.0.0' }, 'http://127.0.0.1:8787')).toBe(404)
    expect(await ask({ host: '0.0.0.0' }, 'http://club.example')).toBe(404)
  })

  test('with a token whoever has it, wherever they are, and nobody else', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const doors = { host, token }
      expect(await ask(doors, 'http://club.example', { authorization: `Bearer ${token}` })).toBe(200)
      expect(await ask(doors, 'http://127.0.0.1:8787')).toBe(401)
      expect(await ask(doors, 'http://127.0.0.1:8787', { authorization: `Bearer ${token.slice(1)}` })).toBe(401)
      expect(await ask(doors, `http://127.0.0.1:8787/?token=${token}`)).not.toBe(200)
    }
  })
})

describe('what is read at a scrape', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('a figure that cannot be read hides no other', async () => {
    const metrics = createMetrics()
    metrics.read('database_bytes', () => {
      throw new Error('the disk is away')
    })
    metrics.read('outbox_posts', async () => 7)
    const seen = await scraped(metrics)
    expect([seen.value('database_bytes'), seen.value('outbox_posts')]).toEqual([Number.NaN, 7])
  })

  test('the tick’s age grows while planning fails, and ends with a tick that goes well', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const club = await testClub()
    const age = async () => (await scraped(club.metrics)).value('tick_age_seconds')
    const { clubsDue } = club.store
    club.store.clubsDue = async () => {
      throw new Error('the disk is away')
    }
    vi.setSystemTime(Date.now() + 150_000)
    await club.app.tick(club.now())
    expect(await age()).toBe(150)
    club.store.clubsDue = clubsDue
    await club.app.tick(club.now())
    expect(await age()).toBe(0)
  })
})

describe('what becomes of a post', () => {
  test('is counted once: in time, late or expired', async () => {
    const club = await testClub({ settings: { pollDays: [] } })
    const lessons = async (outcome: string) =>
      (await scraped(club.metrics)).value('posts_total', { room: 'web', kind: 'lesson', outcome }) ?? 0
    expect(await lessons('sent')).toBe(1)
    club.trouble.refuse = 4
    await club.morning()
    await club.passes(3_600_000)
    expect([await lessons('sent'), await lessons('late')]).toEqual([1, 1])
    club.trouble.refuse = 1000
    await club.morning()
    await club.passes(26 * 3_600_000)
    expect([await lessons('sent'), await lessons('late'), await lessons('expired')]).toEqual([1, 1, 1])
    const seen = await scraped(club.metrics)
    expect(seen.value('posts_due_total', { room: 'web', kind: 'lesson' })).toBe(4)
    expect((await club.store.overdue(club.now())).posts).toBe(1)
  })

  test('an edit is counted by how it ended', async () => {
    const { metrics, discord, mina, until, now, channel } = await discordMorning({ settings: { pollDays: [] } })
    const edits = async (outcome: string) =>
      (await scraped(metrics)).value('edits_total', { room: 'discord', kind: 'lesson', outcome }) ?? 0
    discord.faults.push({ match: (method) => method === 'PATCH', do: { kind: 'status', status: 500 } })
    const [lesson] = channel.messages.filter(({ buttons }) => buttons.includes('A'))
    if (!lesson) throw new Error('no lesson')
    await mina.taps(lesson, 'A')
    await until(now() + 600_000)
    expect([await edits('failed'), await edits('done'), await edits('omitted')]).toEqual([1, 1, 0])
  })
})

describe('what a platform refuses is counted by its meaning', () => {
  test('on Discord', async () => {
    const club = await openClub({ settings: { pollDays: [] } })
    const { channel, owner, club: id } = await club.server()
    await startHere(owner)
    const errors = async (sort: string) => (await scraped(club.metrics)).value('platform_errors_total', { room: 'discord', sort }) ?? 0
    const posting = { match: (method: string, path: string) => method === 'POST' && path === `/channels/${channel.id}/messages` }
    club.discord.faults.push({ ...posting, do: { kind: 'status', status: 502 } })
    club.discord.faults.push({ ...posting, do: { kind: 'drop' } })
    await club.morning(id)
    await club.until(club.now() + 120_000)
    expect([await errors('server_error'), await errors('unreachable'), await errors('closed')]).toEqual([1, 1, 0])
    channel.permissions = 0n
    await club.morning(id)
    expect(await errors('closed')).toBe(1)
    const seen = await scraped(club.metrics)
    expect(seen.value('posts_total', { room: 'discord', kind: 'lesson', outcome: 'omitted' })).toBe(1)
  })

  test('on Slack', async () => {
    const club = await slackMorning({ settings: { pollDays: [] } })
    const errors = async (sort: string) => (await scraped(club.metrics)).value('platform_errors_total', { room: 'slack', sort }) ?? 0
    const posting = { match: (method: string) => method === 'chat.postMessage', times: 1 }
    club.slack.faults.push({ ...posting, do: { kind: 'status', status: 503, acted: false } })
    await club.morning(club.id)
    expect(await errors('server_error')).toBe(1)
    await club.until(club.now() + 600_000)
    club.slack.faults.push({ ...posting, do: { kind: 'rateLimited', seconds: 2 } })
    await club.morning(club.id)
    expect([await errors('server_error'), await errors('rate_limited')]).toEqual([1, 1])
    club.slack.faults.push({ match: (method) => method === 'response', times: 1, do: { kind: 'status', status: 500, acted: false } })
    await club.mina.types('/1퍼센트 오늘')
    expect(await errors('server_error')).toBe(2)
  })
})
