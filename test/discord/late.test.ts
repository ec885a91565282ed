import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { lockedByShell } from '../support/shell.ts'
import { gate, lessonIn, morningClub, whileSlow } from './life.ts'

describe.each(transports)('when the store is slow, by %s', (transport) => {
  test('the first word is in time, and the answer follows where it belongs', async () => {
    const slow = gate()
    const club = await morningClub({ transport, wrapStore: slow.wrapStore })
    const { mina, leo, lesson, discord, guild, store, id } = club
    const jin = discord.person({ guild, name: '진', locale: 'ko' })
    const kim = discord.person({ guild, name: 'Kim' })
    await kim.taps(lesson, 'C')
    const board = messageOf(await kim.types('/leaderboard'))
    const first = messageOf(await jin.types('/휴식'))
    await jin.taps(first, '3일')
    const resting = first.id
    await jin.types('/휴식', { 언제까지: '해제' })

    const [verdict, form, refused, tab] = await whileSlow(club, slow, 4, () =>
      Promise.all([mina.taps(lesson, 'A'), leo.types('/checkin'), jin.taps({ id: resting }, '휴식 끝내기'), kim.taps(board, 'run')]),
    )
    expect([verdict, form, refused, tab].map(({ failed, deferred, pending }) => [failed, deferred, pending])).toEqual(
      Array(4).fill([undefined, true, undefined]),
    )
    // A verdict takes the place of "thinking…", for one's own eyes.
    expect([verdict.message?.ephemeral, verdict.message?.loading, verdict.message?.embeds[0]?.title]).toEqual([true, false, 'A 말고 C예요'])
    expect(verdict.message?.text).toContain('**오늘 1% 완료** · 연속 1일')
    expect(leo.sees(messageOf(verdict))).toBeUndefined()
    // A tab takes the place of the board.
    expect([tab.message?.id, tab.message?.embeds[0]?.title, tab.message?.attachments.length]).toEqual([board.id, 'Leaderboard · run', 1])
    // A refusal is a message of its own, and what it is under stays.
    expect(refused.followUps.map(({ ephemeral, text }) => [ephemeral, text])).toEqual([[true, '지금은 쉬는 중이 아니에요.']])
    expect(refused.message?.id).toBe(resting)
    expect(refused.message?.text).toContain('11월 25일부터 11월 27일까지 쉬어요.')
    // A form cannot come late: a button opens it.
    expect([form.modal, form.message?.text, form.message?.buttons]).toEqual([
      undefined,
      'Press once more and the form opens.',
      ['Open the form'],
    ])
    const { modal } = await leo.taps(messageOf(form), 'Open the form')
    expect(modal?.title).toBe('One line about today')
    if (!modal) throw new Error('a form was asked for')
    expect(messageOf(await leo.submits(modal, { note: 'late but mine' })).text).toContain('> late but mine')
    expect((await store.acts(id, leo.id)).map(({ note }) => note)).toEqual(['late but mine'])
    expect(club.troubles()).toEqual([])
  })

  test('an answer that is later than Discord waits is not shown; what it did is kept', async () => {
    const slow = gate()
    const club = await morningClub({ transport, wrapStore: slow.wrapStore })
    const { mina, lesson, discord, store, id, logged } = club
    const outcome = await whileSlow(
      club,
      slow,
      1,
      () => mina.taps(lesson, 'C', { patienceMs: 100 }),
      () => discord.ages(discord.interactionTokens.at(-1) ?? '', 16 * 60_000),
    )
    expect([outcome.deferred, outcome.failed]).toEqual([true, undefined])
    const late = 'an answer came too late to be shown; what it did is kept'
    const line = await discord.until(() => logged.find(({ msg }) => msg === late))
    expect(line.level).toBe(40)
    expect(JSON.stringify(logged)).not.toContain(outcome.token)
    expect(await store.acts(id, mina.id)).toHaveLength(1)
    expect(messageOf(await mina.types('/오늘')).text).toContain('오늘은 채웠어요 · 연속 1일')
    expect(club.troubles()).toEqual([])
  })
})

describe.each(transports)('while somebody else has the database locked, by %s', (transport) => {
  test('everybody is told so in time and reads on; what was refused is not kept, and what came due is posted afterwards', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, lesson, channel, store, id, file } = club
    await mina.taps(lesson, 'C')
    await club.app.idle()
    for (const day = Date.parse('2026-11-26T07:59+09:00'); club.now() < day; ) await club.until(Math.min(day, club.now() + 50 * 60_000))
    const form = (await leo.types('/checkin')).modal
    if (!form) throw new Error('a form was asked for')
    const posted = channel.messages.length
    const shell = lockedByShell(file)
    // The next lesson is due, and cannot be taken.
    const tick = club.app.tick(club.now() + 60_000)
    const [tapped, sent, read] = await Promise.all([leo.taps(lesson, 'C'), leo.submits(form, { note: 'too early' }), mina.types('/연속')])
    for (const refused of [tapped, sent]) {
      expect([refused.failed, messageOf(refused).ephemeral, messageOf(refused).text]).toEqual([
        undefined,
        true,
        'This cannot be saved just now, so it does not count yet. Please try again in a minute.',
      ])
    }
    expect(messageOf(read).embeds[0]?.title).toContain('미나')
    await club.discord.until(
      () => club.logged.some(({ msg }) => msg === 'planning or sending failed; it is tried again at the next tick'),
      20_000,
    )
    shell.letGo()
    await tick
    await club.until(club.now() + 120_000)
    expect(channel.messages).toHaveLength(posted + 1)
    expect(await store.acts(id, leo.id)).toEqual([])
    expect(messageOf(await leo.taps(lessonIn(channel), 'B')).embeds[0]?.title).toBe('✔ B is right')
    expect((await store.acts(id, mina.id)).map(({ kind }) => kind)).toEqual(['answer'])
  })
})

describe.each(transports)('when an act is long on its way, by %s', (transport) => {
  test('it is told at once to wait, and answered in the time that is left', async () => {
    const { mina, leo, lesson, logged, store, id } = await morningClub({ transport })
    const verdict = await mina.taps(lesson, 'C', { onTheWayMs: 2300 })
    expect([verdict.deferred, verdict.message?.loading, verdict.message?.embeds[0]?.title]).toEqual([true, false, '✔ C, 맞아요'])
    const form = await leo.types('/checkin', {}, { onTheWayMs: 2300 })
    expect([form.deferred, form.message?.buttons]).toEqual([true, ['Open the form']])
    expect((await leo.taps(messageOf(form), 'Open the form')).modal?.title).toBe('One line about today')
    expect(logged.filter(({ msg, level }) => level === 40 && String(msg).startsWith('an interaction was long on the way'))).toHaveLength(2)
    expect(await store.acts(id, mina.id)).toHaveLength(1)
  })

  test('a blank line in a form is asked for again', async () => {
    const { leo, store, id } = await morningClub({ transport })
    const { modal } = await leo.types('/checkin')
    if (!modal) throw new Error('a form was asked for')
    const blank = messageOf(await leo.submits(modal, { note: ' \n ' }))
    expect([blank.ephemeral, blank.buttons]).toEqual([true, ['Open the form']])
    const { modal: again } = await leo.taps(blank, 'Open the form')
    if (!again) throw new Error('a form was asked for')
    expect(messageOf(await leo.submits(again, { note: 'ports' })).text).toContain('> ports')
    expect((await store.acts(id, leo.id)).map(({ note }) => note)).toEqual(['ports'])
  })
})

test('an act that comes when Discord waits no longer does nothing', async () => {
  const { mina, lesson, discord, logged, store, id, troubles } = await morningClub({ transport: 'gateway' })
  expect((await mina.taps(lesson, 'C', { onTheWayMs: 3500 })).failed).toBe(true)
  await discord.until(() => logged.some(({ msg }) => msg === 'an interaction could not be answered'))
  expect(await store.acts(id, mina.id)).toEqual([])
  expect(messageOf(await mina.taps(lesson, 'C')).text).toContain('**오늘 1% 완료** · 연속 1일')
  expect(troubles()).toEqual([])
})

test('what was done while the line was down is answered once it is back', async () => {
  const { mina, leo, lesson, discord, store, id, channel } = await morningClub({ transport: 'gateway' })
  await leo.taps(lesson, 'C')
  discord.gateway.disconnect()
  const verdict = messageOf(await mina.taps(lesson, 'C'))
  expect(verdict.embeds[0]?.title).toBe('✔ C, 맞아요')
  expect([discord.gateway.resumes, discord.gateway.identifies]).toEqual([1, 1])
  expect([await store.acts(id, mina.id), await store.acts(id, leo.id)].map(({ length }) => length)).toEqual([1, 1])
  expect(lessonIn(channel).id).toBe(lesson.id)
})
