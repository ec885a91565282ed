import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { oneByOne } from '../support/ourCourse.ts'
import { again, type MorningClub, morningClub, openClub, postIn } from './life.ts'

const press = (id: string) => ({ custom_id: id, component_type: 2, id: 1 })

/** Everything the club keeps of its people, and what its channel shows. */
const kept = async ({ store, id, channel, mina, leo }: MorningClub) => ({
  club: await store.club(id),
  acts: [await store.acts(id, mina.id), await store.acts(id, leo.id)],
  members: [await store.member(id, mina.id), await store.member(id, leo.id)],
  channel: channel.messages,
})

describe.each(transports)('when something is odd, by %s', (transport) => {
  test('a button that is unknown or out of date gets a kind word, for one’s own eyes', async () => {
    const { mina, leo, lesson, troubles } = await morningClub({ transport })
    const stale = async (id: string) => messageOf(await mina.forges(3, press(id), { under: lesson }))
    for (const id of ['0:answer:2026-11-25:L01:0:2', '2:today', 'vote', '1:', '1:no-such-thing', '1:__proto__', '1:constructor']) {
      const { ephemeral, text } = await stale(id)
      expect([id, ephemeral, text]).toEqual([id, true, '오래되었거나 알 수 없는 버튼이에요. `/오늘`에 새 버튼이 있어요.'])
    }
    // The second is of the days when a press did not carry its season.
    for (const id of [
      '1:more:2026-11-25:L99',
      '1:more:L01',
      '1:full:2026-11-25:L99',
      '1:lab-tab:2026-11-25:L01:kitchen',
      '1:sources:2026-11-25',
    ])
      expect((await stale(id)).text).toBe('그사이 내용이 바뀐 레슨의 버튼이에요. `/오늘`이나 `/레슨`으로 새로 열어 주세요.')
    const english = await leo.forges(3, press('x'.repeat(100)), { under: lesson })
    expect(messageOf(english).text).toBe('This button is out of date or unknown. `/today` has fresh ones.')
    expect(troubles()).toEqual([])
  })

  test('presses that nobody was given do nothing', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, lesson, troubles, store, id } = club
    const line = messageOf(await leo.types('/checkin', { note: 'only mine' }))
    expect(line.buttons).toContain('Share this line')
    const [act] = await store.acts(id, leo.id)
    await mina.types('/오늘')
    await club.app.idle()
    const before = await kept(club)
    for (const forged of [
      '1:answer',
      '1:answer:2026-11-25:L01:0:9',
      '1:answer:2026-11-25:L01:7:0',
      '1:answer:2026-11-25:L01:0:-1',
      '1:answer:2026-11-25:../L01:0:0',
      '1:answer:1999-01-01:L01:0:0',
      '1:review:2026-11-25:L01:0:0',
      '1:ask:2026-11-25:L01:99',
      '1:lab-tab:2026-11-25:L01',
      '1:sources:2026-11-25:L99',
      '1:flow:99',
      '1:flow:-1',
      '1:vote:1:true',
      '1:vote:1:maybe',
      '1:vote:-1:true',
      '1:mind:99999:true',
      '1:appear:king',
      '1:appear:nickname',
      '1:board:luck',
      `1:share:note:${act?.id ?? 0}`,
      '1:share:streak:x',
      '1:erase:please',
      '1:reopen:2020-01-01',
      '1:repair',
      '1:pause:9999',
      '1:form:nothing',
      '1:form:settings:{"language"%3A"fr"}',
      '1:form:settings:{"constructor"%3A"x"}',
    ]) {
      const outcome = await mina.forges(3, press(forged), { under: lesson })
      expect([forged, messageOf(outcome).ephemeral, messageOf(outcome).buttons]).toEqual([forged, true, []])
      expect(messageOf(outcome).text).not.toContain('저희 쪽에서 문제가')
    }
    await club.app.idle()
    expect(await kept(club)).toEqual(before)
    expect(troubles()).toEqual([])
  })

  test('the poll of another server is nobody’s here', async () => {
    const club = await morningClub({ transport, courses: oneByOne })
    await club.until('2026-11-25T12:30+09:00')
    const poll = postIn(club.channel, '맞을까, 아닐까?')
    const elsewhere = await club.server('옆방')
    const spy = club.discord.person({ guild: elsewhere.guild, name: 'spy', locale: 'ko' })
    const own = messageOf(await spy.types('/도움말'))
    const [open] = await club.store.polls(club.id, 1)
    for (const name of ['vote', 'mind']) {
      const refused = await spy.forges(3, press(`1:${name}:${open?.id ?? 0}:false`), { under: own })
      expect(messageOf(refused).text).toBe('이제는 알 수 없는 투표예요. `/투표`를 눌러 보세요.')
    }
    expect((await club.store.polls(club.id, 1))[0]?.tally).toEqual(open?.tally)
    expect(messageOf(await club.mina.taps(poll, '아니다')).embeds[0]?.title).toBe('✔ 아니다, 맞아요')
    expect(elsewhere.channel.messages.filter(({ buttons }) => buttons.includes('맞다'))).toEqual([])
  })

  test('a direct message gets a kind word; commands are not offered there', async () => {
    const { mina, leo, troubles } = await morningClub({ transport })
    await expect(leo.typesInDm('/today')).rejects.toThrow('it is not for direct messages')
    const typed = { id: '1', name: 'today', type: 1 }
    expect(messageOf(await leo.forges(2, typed, { direct: true })).text).toBe('A study club lives in a server channel. Type this there.')
    expect(messageOf(await mina.forges(3, press('1:line'), { direct: true })).text).toBe(
      '스터디 클럽은 서버 채널에 있어요. 그곳에서 써 주세요.',
    )
    expect(troubles()).toEqual([])
  })

  test('what is no interaction is refused and noted, and the club lives on', async () => {
    const { discord, mina, leo, lesson, logged, troubles, guild } = await morningClub({ transport })
    await leo.taps(lesson, 'C')
    const whole = discord.delivered.at(-1) ?? {}
    const bodies = [
      null,
      'a text',
      42,
      [],
      {},
      { type: 2 },
      { ...whole, id: '../..' },
      { ...whole, id: undefined },
      { ...whole, token: '' },
      { ...whole, application_id: 7 },
      { ...whole, guild_id: "1' or 1" },
      { ...whole, member: { permissions: 'all' } },
      { ...whole, app_permissions: '-1' },
      { ...whole, data: 'A' },
      { ...whole, data: { component_type: 2 } },
    ]
    for (const body of bodies) expect(await discord.deliver(body, guild)).toBe(transport === 'http' ? 400 : undefined)
    const noted = () => logged.filter(({ msg }) => msg === 'an interaction came that has not the documented shape')
    expect(messageOf(await mina.taps(lesson, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
    expect(noted().map(({ level }) => level)).toEqual(bodies.map(() => 40))
    expect(troubles()).toEqual([])
    expect(JSON.stringify(logged)).not.toContain(String(whole.token))
  })

  test('kinds of interactions that the bot never offered get a kind word', async () => {
    const { leo } = await morningClub({ transport })
    const userCommand = await leo.forges(2, { id: '1', name: 'today', type: 2, target_id: leo.id })
    expect(messageOf(userCommand).text).toBe('A study club lives in a server channel. Type this there.')
    const unknown = await leo.forges(2, { id: '1', name: 'todya', type: 1 })
    expect(messageOf(unknown).text).toBe('There is no command “todya”. Did you mean `/today`? `/help` lists them.')
    const options = [
      { name: 'note', type: 4, value: 5 },
      { name: 'colour', type: 3, value: 'red' },
    ]
    expect(messageOf(await leo.forges(2, { id: '1', name: 'checkin', type: 1, options })).text).toBe('There is no option “colour” here.')
    const long = [{ name: 'note', type: 3, value: 'x'.repeat(301) }]
    expect(messageOf(await leo.forges(2, { id: '1', name: 'checkin', type: 1, options: long })).text).toBe(
      '“note” has 301 characters; at most 300 fit.',
    )
  })

  test('the buttons of yesterday’s messages work after a restart', async () => {
    const club = await morningClub({ transport })
    const { mina, lesson, channel, discord, file, owner } = club
    const verdict = messageOf(await mina.taps(lesson, 'C'))
    const board = messageOf(await mina.types('/순위'))
    const setUp = messageOf(await owner.types('/클럽'))
    await club.until(club.now() + 120_000)
    const before = channel.messages.map(({ id }) => id)
    await club.stop()
    const back = await openClub({ transport, discord, file, at: new Date(club.now() + 600_000).toISOString() })
    await back.tick()
    expect(messageOf(await club.leo.taps(lesson, 'A')).embeds[0]?.title).toBe('Not A, it is C')
    expect(messageOf(await mina.taps(lesson, 'A')).text).toContain('처음 고른 답은 **C**')
    expect(messageOf(await mina.taps(verdict, '다음 질문')).buttons).toEqual(['A', 'B', 'C'])
    const tab = await mina.taps(board, '누적')
    expect([tab.message?.id, tab.message?.embeds[0]?.title]).toEqual([board.id, '순위 · 누적'])
    expect((await owner.taps(setUp, '바꾸기')).modal?.title).toBe('설정 바꾸기')
    await back.until(back.now() + 120_000)
    expect(channel.messages.map(({ id }) => id)).toEqual(before)
    expect(again(channel, lesson).text).toContain('_오늘 2명 완료_')
  })

  test('two taps at once act once', async () => {
    const club = await morningClub({ transport, courses: oneByOne })
    const { mina, lesson, store, id } = club
    const outcomes = await Promise.all(['A', 'C', 'C'].map((letter) => mina.taps(lesson, letter)))
    expect(outcomes.map((one) => messageOf(one).ephemeral)).toEqual([true, true, true])
    expect(outcomes.filter((one) => messageOf(one).text.includes('그 답이 기록에 남아요'))).toHaveLength(2)
    expect([(await store.acts(id, mina.id)).length, (await store.answers(id, mina.id)).length]).toEqual([1, 1])
    await club.until('2026-11-25T12:30+09:00')
    const poll = postIn(club.channel, '맞을까, 아닐까?')
    await Promise.all(['맞다', '아니다', '아니다'].map((answer) => mina.taps(poll, answer)))
    const [{ tally } = { tally: undefined }] = await store.polls(id, 1)
    expect(Object.values(tally ?? {}).reduce((sum, votes) => sum + votes, 0)).toBe(1)
  })

  test('an interaction that comes twice acts once', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, discord, guild, store, id, channel, app, troubles } = club
    const kept = messageOf(await mina.types('/인증', { 한줄: '한 번만' }))
    const twice = discord.delivered.at(-1)
    await Promise.all([1, 2].map(() => discord.deliver(twice, guild)))
    await mina.taps(kept, '이 한 줄 공유')
    await discord.deliver(discord.delivered.at(-1), guild)
    expect(messageOf(await leo.types('/help')).ephemeral).toBe(true)
    await app.idle()
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['한 번만'])
    expect(channel.messages.filter(({ text }) => text.includes('> 한 번만'))).toHaveLength(1)
    expect(troubles()).toEqual([])
  })
})
