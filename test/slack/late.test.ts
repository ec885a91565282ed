import { describe, expect, test, vi } from 'vitest'
import { gate } from '../discord/life.ts'
import { messageOf, modalOf, transports } from '../support/slackClub.ts'
import { morningClub } from './life.ts'

describe.each(transports)('when everything takes long, by %s', (transport) => {
  test('an act is acknowledged at once, and answered when it is done', async () => {
    const slow = gate()
    const { mina, lesson, slack } = await morningClub({ transport, wrapStore: slow.wrapStore })
    slow.shut()
    const before = slack.requests.length
    const coming = mina.taps(lesson, 'C')
    await slack.until(() => slack.delivered.at(-1)?.kind === 'interaction')
    slow.open()
    const { ack, failed, ...outcome } = await coming
    expect([ack, failed, messageOf({ ack, ...outcome }).words.split('\n')[0]]).toEqual([undefined, undefined, '✔ C, 맞아요'])
    expect(slack.requests.slice(before).filter(({ method }) => method === 'response')).toHaveLength(1)
  })

  test('the answer to a command is its acknowledgement, and comes later when it takes long; it is shown once', async () => {
    const slow = gate()
    const { mina, store, id, slack } = await morningClub({ transport, wrapStore: slow.wrapStore })
    const before = slack.requests.length
    const sent = () => slack.requests.slice(before).filter(({ method }) => method === 'response').length
    const quick = await mina.types('/1퍼센트 인증 빠른 날')
    expect([messageOf(quick).words.includes('> 빠른 날'), sent()]).toEqual([true, 0])
    slow.shut()
    const coming = mina.types('/1퍼센트 인증 느린 날', { patienceMs: 8_000 })
    setTimeout(slow.open, 2_200)
    const late = await coming
    // Slack's client gives up after three seconds.
    expect([late.failed, late.ack, messageOf(late).words.includes('> 느린 날'), sent()]).toEqual([undefined, undefined, true, 1])
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['느린 날', '빠른 날'])
    expect(mina.privateMessages.filter(({ words }) => words.includes('날'))).toHaveLength(2)
  })

  test('a form goes away in time, and its answer comes later; nothing is lost', async () => {
    const slow = gate()
    const { mina, store, id } = await morningClub({ transport, wrapStore: slow.wrapStore })
    const form = modalOf(await mina.types('/1퍼센트 인증'))
    slow.shut()
    const coming = mina.submits(form, { 한줄: '느린 날' })
    setTimeout(slow.open, 2_200)
    const outcome = await coming
    // Slack's client gives up after three seconds.
    expect(outcome.failed).toBeUndefined()
    expect([outcome.closed, messageOf(outcome).words.includes('> 느린 날')]).toEqual([true, true])
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['느린 날'])
  })

  test('what is tapped in the App Home asks to wait, and then shows the answer', async () => {
    const slow = gate()
    const { mina, slack } = await morningClub({ transport, wrapStore: slow.wrapStore })
    await mina.opensHome()
    const home = mina.home
    if (!home) throw new Error('the page was opened')
    slow.shut()
    const waiting = modalOf(await mina.taps(home, 'C'))
    expect(waiting.words).toBe('잠시만요…')
    slow.open()
    await slack.until(() => mina.modal?.words.startsWith('✔ C, 맞아요'))
  })

  test('nobody waits for a name that Slack does not tell', async () => {
    const { slack, team, lesson, store, id } = await morningClub({ transport })
    slack.faults.push({ match: (method) => method === 'users.info', times: 1, do: { kind: 'hang' } })
    const jun = slack.person({ team, name: '준', handle: 'jun' })
    const { failed, ...outcome } = await jun.taps(lesson, 'C')
    expect([failed, messageOf(outcome).words.includes('*jun*')]).toEqual([undefined, true])
    expect(await store.members(id, undefined, 9)).toHaveLength(2)
  })
})

test('a line that breaks in the middle of an act: it is done once, and answered', async () => {
  const { slack, mina, store, id } = await morningClub({ transport: 'socket' })
  for (let i = 0; i < 6; i++) {
    const coming = mina.types(`/1퍼센트 인증 ${i}번째`, { patienceMs: 8_000 })
    // Before the bot heard of it, before its acknowledgement arrived, and while Slack renews the line.
    if (i % 3 === 0) await slack.until(() => slack.socket.envelopes.length > i)
    if (i % 3 === 2) slack.socket.disconnect('refresh_requested')
    else slack.socket.drop()
    await coming
    await vi.waitFor(async () => expect(await store.acts(id, mina.id)).toHaveLength(i + 1), { timeout: 8_000 })
  }
  expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual([5, 4, 3, 2, 1, 0].map((i) => `${i}번째`))
  expect(mina.privateMessages.filter(({ words }) => words.includes('번째'))).toHaveLength(6)
})
