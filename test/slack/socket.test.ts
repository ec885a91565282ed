import { describe, expect, test, vi } from 'vitest'
import { messageOf, slackClub, transports } from '../support/slackClub.ts'
import { morningClub } from './life.ts'

const again = { retry: { num: 1, reason: 'http_timeout' } }

describe('the line to Slack', () => {
  test('is opened again when Slack renews it, and when it breaks; nothing that was done is lost', async () => {
    const { slack, mina, lesson, troubles } = await morningClub({ transport: 'socket' })
    slack.socket.disconnect('refresh_requested')
    await slack.socket.ready()
    expect(messageOf(await mina.taps(lesson, 'C')).words).toContain('연속 1일')
    slack.socket.drop()
    await slack.socket.ready()
    expect(messageOf(await mina.types('/1퍼센트 연속')).words).toMatch(/^미나/)
    expect(troubles()).toEqual([])
  })

  test.each(['warning', 'refresh_requested', 'link_disabled'])(
    'is opened again after “%s”; the operator hears what is theirs to mend',
    async (reason) => {
      const { slack, mina, lesson, logged } = await morningClub({ transport: 'socket' })
      slack.socket.disconnect(reason)
      expect(messageOf(await mina.taps(lesson, 'C', { patienceMs: 9_000 })).words).toContain('연속 1일')
      const fatal = logged.filter(({ level }) => level === 60).map(({ msg }) => msg)
      const words = 'SLACK_APP_TOKEN: Socket Mode was switched off for this app. Switch it on again: api.slack.com/apps, Socket Mode'
      expect(fatal).toEqual(reason === 'link_disabled' ? [words] : [])
    },
  )

  test('that ends as soon as it is open is not opened again without a pause', async () => {
    const { slack, mina, lesson } = await morningClub({ transport: 'socket' })
    const opened = () => slack.requests.filter(({ method }) => method === 'apps.connections.open').length
    slack.socket.mood = 'brief'
    const before = opened()
    slack.socket.drop()
    await slack.until(() => opened() === before + 1)
    const since = performance.now()
    await slack.until(() => opened() === before + 3, 20_000)
    expect(performance.now() - since).toBeGreaterThan(3_500)
    slack.socket.mood = 'well'
    expect(messageOf(await mina.taps(lesson, 'C', { patienceMs: 9_000 })).words).toContain('연속 1일')
  })

  test('on which Slack never says hello is given up, and opened again', async () => {
    const { slack, mina, lesson, logged } = await morningClub({ transport: 'socket' })
    slack.socket.mood = 'mute'
    slack.socket.drop()
    await slack.until(() => logged.some(({ reason }) => reason === 'Slack could not be reached: Error'), 30_000)
    slack.socket.mood = 'well'
    expect(messageOf(await mina.taps(lesson, 'C', { patienceMs: 20_000 })).words).toContain('연속 1일')
  })

  test('is tried again when Slack answers with an error, and the program goes on', async () => {
    const { slack, mina, lesson } = await morningClub({ transport: 'socket' })
    slack.faults.push({
      match: (method) => method === 'apps.connections.open',
      times: 1,
      do: { kind: 'status', status: 500, acted: false },
    })
    slack.socket.drop()
    const verdict = await mina.taps(lesson, 'C', { patienceMs: 9_000 })
    expect(messageOf(verdict).words).toContain('연속 1일')
  })

  test('is opened again when Slack refuses the token once, by mistake', async () => {
    const { slack, mina, lesson, logged } = await morningClub({ transport: 'socket' })
    slack.faults.push({ match: (method) => method === 'apps.connections.open', times: 1, do: { kind: 'error', error: 'invalid_auth' } })
    slack.socket.drop()
    expect(messageOf(await mina.taps(lesson, 'C', { patienceMs: 9_000 })).words).toContain('연속 1일')
    expect(logged.filter(({ level }) => level === 60)).toEqual([])
  })

  test('ends for good when the token is taken back, with a word for the operator', async () => {
    const { slack, logged } = await morningClub({ transport: 'socket' })
    slack.faults.push({ match: (method) => method === 'apps.connections.open', times: 9, do: { kind: 'error', error: 'invalid_auth' } })
    slack.socket.drop()
    await vi.waitFor(() => expect(logged.some(({ level }) => Number(level) === 60)).toBe(true), { timeout: 20_000 })
    expect(slack.requests.filter(({ method, error }) => method === 'apps.connections.open' && error === 'invalid_auth')).toHaveLength(2)
  })

  test('a wrong token is said at the start', async () => {
    await expect(slackClub({ token: 'xoxb-wrong' })).rejects.toThrow('SLACK_BOT_TOKEN or SLACK_APP_TOKEN: Slack answered invalid_auth.')
  })
})

describe.each(transports)('what comes twice, by %s', (transport) => {
  test('acts once: the same payload again, and two taps at once', async () => {
    const { slack, mina, lesson, store, id } = await morningClub({ transport })
    await mina.types('/1퍼센트 인증 한 번만')
    const command = slack.delivered.findLast(({ kind }) => kind === 'command')
    await slack.deliver('command', command?.payload ?? {}, again)
    await mina.tapsTwice(lesson, 'C')
    const tap = slack.delivered.findLast(({ kind }) => kind === 'interaction')
    await slack.deliver('interaction', tap?.payload ?? {}, again)
    expect((await store.acts(id, mina.id)).map(({ kind }) => kind)).toEqual(['answer', 'checkin'])
    expect(mina.privateMessages.filter(({ words }) => words.includes('✔ C'))).toHaveLength(1)
    expect(mina.privateMessages.filter(({ words }) => words.includes('한 번만'))).toHaveLength(1)
  })

  test('an address that is used up, or gone, gives way to an ephemeral message', async () => {
    const { slack, mina, lesson } = await morningClub({ transport })
    slack.faults.push({ match: (method) => method === 'response', times: 1, do: { kind: 'error', error: 'used_url' } })
    expect(messageOf(await mina.taps(lesson, 'C')).words).toContain('연속 1일')
    expect(slack.requests.filter(({ method }) => method === 'chat.postEphemeral')).toHaveLength(1)
  })

  test('a form that can no longer be opened becomes a button that opens it', async () => {
    const { slack, mina } = await morningClub({ transport })
    slack.faults.push({ match: (method) => method === 'views.open', times: 1, do: { kind: 'error', error: 'expired_trigger_id' } })
    const instead = messageOf(await mina.types('/1퍼센트 인증'))
    expect([instead.words, instead.buttons]).toEqual([expect.stringContaining('한 번 더 누르면 입력 창이 열려요.'), ['입력 창 열기']])
    expect((await mina.taps(instead, '입력 창 열기')).modal?.title).toBe('오늘의 한 줄')
  })

  test('presses that nobody offers, and forms without their fields, are refused in words', async () => {
    const { slack, mina, lesson, troubles } = await morningClub({ transport })
    await mina.taps(lesson, '더 읽기')
    const tap = slack.delivered.findLast(({ kind }) => kind === 'interaction')?.payload as Record<string, unknown>
    const [action] = tap.actions as Record<string, unknown>[]
    for (const [i, action_id] of ['1:nonsense', '1:start', '1:hide-note:1', 'x'.repeat(255), '1:vote:1:true', '9:answer'].entries()) {
      const forged = { ...tap, trigger_id: `forged-${i}`, actions: [{ ...action, action_id }] }
      await slack.deliver('interaction', forged)
      await vi.waitFor(() => expect(mina.privateMessages).toHaveLength(i + 2))
      expect(mina.privateMessages.at(-1)?.words).toMatch(/오래되었거나|운영자만|버튼|투표/)
    }
    expect(troubles()).toEqual([])
  })
})
