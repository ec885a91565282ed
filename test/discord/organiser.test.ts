import { describe, expect, test } from 'vitest'
import { permission, usualBotPermissions } from '../support/discord/wire.ts'
import { messageOf, startHere, transports } from '../support/discordClub.ts'
import { courseTitle, oneByOne, told } from '../support/ourCourse.ts'
import { again, calls, fieldOf, lessonIn, morningClub, openClub, postIn, typesClub } from './life.ts'

describe.each(transports)('whoever runs the club, by %s', (transport) => {
  test('sets it up: a card for their eyes, a preview, one press, and the first lesson the next morning', async () => {
    const club = await openClub({ transport })
    const { channel, owner, club: id } = await club.server()
    const lessons = () => channel.messages.filter(({ buttons }) => buttons.includes('A'))
    const card = messageOf(await owner.types('/클럽'))
    expect([card.ephemeral, card.buttons]).toEqual([true, ['여기서 시작', '다음 글 미리보기', '바꾸기']])
    expect(card.text).toContain('**아직 시작하지 않았어요.**')
    expect(['언어', '올리는 시각', '레슨이 알리는 역할', '레슨마다 스레드', '운영자 역할'].map((name) => fieldOf(card, name))).toEqual([
      '한국어',
      '08:00',
      '없음',
      '없음',
      '없음',
    ])
    const preview = messageOf(await owner.taps(card, '다음 글 미리보기'))
    expect([preview.ephemeral, preview.embeds[0]?.title]).toEqual([true, `오늘의 1% · 1/24 · ${told(1, 'ko').title}`])
    expect(preview.text).toContain('_11월 25일에 올라갈 글의 미리보기예요. 아직 아무것도 올리지 않았어요._')
    const started = messageOf(await owner.taps(card, '여기서 시작'))
    expect(messageOf(await owner.taps(card, '다음 글 미리보기')).text).toBe(preview.text)
    expect(started.text).toMatch(/^시작했어요\n다음 레슨: <t:\d+:F>/)
    expect(messageOf(await owner.taps(card, '여기서 시작')).text).toBe('클럽은 이미 진행 중이에요.')
    await club.app.idle()
    expect(lessons()).toEqual([])
    await club.morning(id)
    expect(lessons()).toHaveLength(1)
    expect(fieldOf(messageOf(await owner.types('/club')), '채널')).toBe(`<#${channel.id}>`)
  })

  test('is not invited to start where the bot lacks something: it is named, and nothing starts', async () => {
    const club = await openClub({ transport })
    const { channel, guild, owner, club: id } = await club.server()
    channel.permissions = usualBotPermissions & ~permission.embedLinks & ~permission.attachFiles
    const card = messageOf(await owner.types('/클럽'))
    const missing = '⚠ 이 채널에서 제게 없는 것: ‘링크 첨부’ 권한, ‘파일 첨부’ 권한. 허용해 주신 다음 다시 눌러 주세요.'
    expect(card.text).toContain(missing)
    expect(messageOf(await owner.taps(card, '여기서 시작')).text).toBe(missing)
    expect((await club.store.club(id))?.seasons).toEqual([])
    await club.until('2026-11-25T12:00+09:00')
    expect(channel.messages.filter(({ buttons }) => buttons.includes('A'))).toEqual([])
    const eve = club.discord.person({ guild, name: 'Eve', permissions: permission.administrator })
    channel.permissions = usualBotPermissions & ~permission.sendMessages
    expect(messageOf(await eve.types('/club')).text).toContain('⚠ In this channel I lack: “Send Messages”.')
    channel.permissions = usualBotPermissions
    expect(messageOf(await owner.taps(card, '여기서 시작')).text).toMatch(/^시작했어요/)
    await club.morning(id)
    expect(lessonIn(channel).embeds[0]?.title).toContain('1/24')
  })

  test('changes settings: in a form, by options with suggestions, and one sees what cannot be', async () => {
    const { owner, guild, discord } = await morningClub({ transport })
    const card = messageOf(await owner.types('/클럽'))
    const { modal } = await owner.taps(card, '바꾸기')
    expect([modal?.title, modal?.fields.map(({ label, kind }) => [label, kind])]).toEqual([
      '설정 바꾸기',
      [
        ['설정할것', 'select'],
        ['값', 'short'],
      ],
    ])
    if (!modal) throw new Error('a form was asked for')
    expect(modal.fields[0]?.options.map(({ label }) => label)).toContain('올리는시각')
    const changed = await owner.submits(modal, { 설정할것: '올리는시각', 값: '7:30' })
    expect([changed.message?.id, changed.followUps]).toEqual([card.id, []])
    expect(changed.message?.text).toContain('✔ 올리는 시각: 바꿨어요.')
    expect(fieldOf(messageOf(changed), '올리는 시각')).toBe('07:30')
    const wrong = await owner.submits(modal, { 설정할것: '올리는시각', 값: '25:00' })
    expect([wrong.message?.id === card.id, wrong.message?.text]).toEqual([
      false,
      '‘올리는 시각’에는 “25:00”를 쓸 수 없어요. 이렇게 적어요: 08:00',
    ])
    expect(fieldOf(owner.sees(card) ?? messageOf(changed), '올리는 시각')).toBe('07:30')

    expect(await owner.completes('/클럽', '값', 'york', { 설정할것: '시간대' })).toEqual([
      { name: 'America/New_York', value: 'America/New_York' },
    ])
    expect(await owner.completes('/클럽', '값', '', { 설정할것: '언어' })).toEqual([
      { name: '한국어', value: 'ko' },
      { name: 'English', value: 'en' },
    ])
    const eve = discord.person({ guild, name: 'Eve', permissions: permission.administrator })
    const ours = [{ name: courseTitle('en'), value: 'container-flow' }]
    expect(await eve.completes('/club', 'to', courseTitle('en').slice(-4), { set: 'course' })).toEqual(ours)
    expect(await eve.completes('/club', 'to', 'cooking', { set: 'course' })).toEqual([])
    expect(fieldOf(messageOf(await eve.types('/club', { set: 'poll days', to: 'mon, fri' })), 'Poll days')).toBe('Mon, Fri')
    expect(messageOf(await eve.types('/club', { to: '08:00' })).text).toMatch(/^Say which setting in `set`/)
  })

  test('steers it: a lesson before its time, a poll, a rest, a day excused, a new season', async () => {
    const club = await morningClub({ transport, courses: oneByOne })
    const { owner, mina, channel, app } = club
    const act = async (할일: string, more: Record<string, string | { id: string }> = {}) =>
      messageOf(await owner.types('/클럽', { 할일, ...more })).text
    expect(await act('오늘 레슨 바로 올리기')).toBe('오늘 레슨은 이미 올라왔어요.')
    expect(await act('투표 열기')).toContain('투표를 채널에 올릴게요.')
    await app.idle()
    expect(postIn(channel, '맞을까, 아닐까?').buttons).toEqual(['맞다', '아니다', '상황에 따라'])
    expect(await act('투표 열기')).toContain('이미 열린 투표가 있어요.')
    await club.until('2026-11-26T06:00+09:00')
    expect(await act('오늘 레슨 바로 올리기')).toContain('오늘 레슨을 채널에 올릴게요.')
    await app.idle()
    expect(lessonIn(channel).embeds[0]?.title).toContain('2/24')
    expect(await act('하루 봐주기', { 날짜: '2026-11-25', 이유: '정전' })).toContain('11월 25일은 모두에게 없던 날로 쳐요: 정전')
    expect(await act('하루 봐주기', { 날짜: '2026-11-26', 이유: '시험', 누구: mina })).toContain(
      '미나에게 11월 26일은 없던 날로 쳐요: 시험',
    )
    expect(await act('하루 봐주기', { 날짜: '어제', 이유: '정전' })).toContain('어느 날인지 `날짜`에 적어 주세요.')
    const resting = messageOf(await owner.types('/클럽', { 할일: '클럽 쉬기' }))
    expect([resting.text, resting.buttons]).toEqual([
      '클럽\n운영자가 클럽을 쉬게 했어요. 쉬는 날은 아무의 연속도 깨지 않아요.',
      ['다시 시작'],
    ])
    await club.until('2026-11-27T09:00+09:00')
    expect(lessonIn(channel).embeds[0]?.title).toContain('2/24')
    expect(messageOf(await mina.types('/오늘')).text).toContain('운영자가 클럽을 쉬게 했어요.')
    expect(messageOf(await owner.taps(resting, '다시 시작')).text).toContain('클럽이 다시 움직여요')
    expect(await act('다시 시작')).toBe('클럽은 쉬고 있지 않아요.')
    expect(await act('새 기수 시작')).toMatch(/^새 기수\n다음 레슨: <t:\d+:F>/)
    expect(await act('다음 글 미리보기')).toContain('오늘의 1% · 1/24')
  })

  test('is whoever may manage the server; others do not see /club, and are refused kindly', async () => {
    const { owner, mina, leo, discord, lesson, channel } = await morningClub({ transport })
    const commands = discord.commands()
    expect(
      commands.filter((one) => one.default_member_permissions !== null).map((one) => [one.name, one.default_member_permissions]),
    ).toEqual([['club', String(permission.manageGuild)]])
    await expect(mina.types('/클럽')).rejects.toThrow('hidden from 미나')
    expect(messageOf(await typesClub(mina)).text).toBe('운영자만 할 수 있어요.')
    const before = channel.messages.length
    for (const press of [
      '1:start',
      '1:move',
      '1:test',
      '1:change',
      `1:step-down:${leo.id}`,
      '1:next:finish',
      '1:set-up',
      '1:form:club:{"action":"pause"}',
    ]) {
      const refused = messageOf(await leo.forges(3, { custom_id: press, component_type: 2, id: 1 }, { under: lesson }))
      expect([press, refused.ephemeral, refused.text]).toEqual([press, true, 'Only organisers can do this.'])
    }
    expect(channel.messages).toHaveLength(before)
    expect(messageOf(await owner.types('/클럽')).embeds[0]?.title).toBe('클럽')
  })

  test('names another organiser, also one who never spoke here, and hands the club over', async () => {
    const { owner, guild, discord, id, store } = await morningClub({ transport })
    const nova = discord.person({ guild, name: 'Nova' })
    expect(messageOf(await typesClub(nova)).text).toBe('Only organisers can do this.')
    const jin = discord.person({ guild, name: '진', nick: '진이', locale: 'ko' })
    const named = messageOf(await owner.types('/클럽', { 할일: '운영자 정하기', 누구: jin }))
    expect(named.text).toContain('이제 진이도 운영자예요. 클럽을 넘기려면 나는 물러나면 돼요.')
    expect(named.text).toContain('서버 설정 → 연동에서 허용해 주세요.')
    expect(named.buttons).toEqual(['진이 운영자 해제', '나는 물러나기'])
    expect(messageOf(await typesClub(jin)).embeds[0]?.title).toBe('클럽')
    const undone = await owner.taps(named, '진이 운영자 해제')
    expect([undone.message?.id, undone.message?.text]).toEqual([named.id, '여기서 정한 운영자\n여기서 정한 운영자: –'])
    expect(messageOf(await typesClub(jin)).text).toBe('운영자만 할 수 있어요.')
    await owner.types('/클럽', { 할일: '운영자 정하기', 누구: nova })
    expect((await store.club(id))?.organisers).toEqual([nova.id])
    expect(messageOf(await typesClub(nova)).embeds[0]?.title).toBe('The club')
  })

  test('may be the holders of a role', async () => {
    const { owner, guild, discord } = await morningClub({ transport, server: { roles: [{ name: 'crew' }, { name: 'readers' }] } })
    const [crew, readers] = guild.roles
    if (!crew || !readers) throw new Error('the server has two roles')
    const kim = discord.person({ guild, name: 'Kim', roles: [crew.id] })
    const lee = discord.person({ guild, name: 'Lee', roles: [readers.id] })
    expect(messageOf(await typesClub(kim)).text).toBe('Only organisers can do this.')
    const set = messageOf(await owner.types('/클럽', { 설정할것: '운영자역할', 역할: crew }))
    expect([fieldOf(set, '운영자 역할'), set.ephemeral]).toEqual([`<@&${crew.id}>`, true])
    expect(messageOf(await typesClub(kim)).embeds[0]?.title).toBe('The club')
    expect(messageOf(await typesClub(lee)).text).toBe('Only organisers can do this.')
    await owner.types('/클럽', { 설정할것: '운영자역할', 값: '없음' })
    expect(messageOf(await typesClub(kim)).text).toBe('Only organisers can do this.')
  })

  test('picks a role that lessons call: the lesson alone calls it, once, and never by an edit', async () => {
    const server = { roles: [{ name: '공부', mentionable: true }] }
    const club = await morningClub({ transport, server, courses: oneByOne })
    const { owner, mina, guild, channel, id } = club
    const [role] = guild.roles
    if (!role) throw new Error('the server has a role')
    const everyone = await owner.types('/클럽', { 설정할것: '알릴역할', 역할: { id: guild.id } })
    expect(messageOf(everyone).text).toBe('모두를 한꺼번에 부를 수는 없어요. 멤버가 스스로 고르는 역할로 정해 주세요.')
    expect(messageOf(await owner.types('/클럽', { 설정할것: '알릴역할', 값: '@everyone' })).text).toBe(messageOf(everyone).text)
    expect(calls(guild)).toEqual([])
    await owner.types('/클럽', { 설정할것: '알릴역할', 역할: role })
    await club.until('2026-11-25T12:30+09:00')
    await club.morning(id)
    const lesson = lessonIn(channel)
    expect(lesson.content).toMatch(new RegExp(` <@&${role.id}>$`))
    expect(lesson.mentionsPinged).toEqual({ everyone: false, users: [], roles: [role.id] })
    await mina.taps(lesson, 'C')
    await mina.taps(messageOf(await mina.types('/연속')), '공유')
    await mina.taps(messageOf(await mina.types('/인증', { 한줄: `<@&${role.id}>` })), '이 한 줄 공유')
    await club.until(club.now() + 120_000)
    expect(again(channel, lesson).editedTimes).toBeGreaterThan(0)
    expect(again(channel, lesson).content).toBe(lesson.content)
    expect(calls(guild).map((message) => message.id)).toEqual([lesson.id])
    expect(postIn(channel, '맞을까, 아닐까?').content).not.toContain('<@&')
    expect(fieldOf(messageOf(await owner.types('/클럽', { 설정할것: '알릴역할', 값: '없음' })), '레슨이 알리는 역할')).toBe('없음')
    await club.morning(id)
    expect(calls(guild).map((message) => message.id)).toEqual([lesson.id])
  })

  test('is told at once when the picked role cannot be called', async () => {
    const { owner, guild, channel } = await morningClub({
      transport,
      server: {
        roles: [
          { name: '조용', mentionable: false },
          { name: '공부', mentionable: true },
        ],
      },
    })
    const [silent, loud] = guild.roles
    const picked = async (role: { id: string } | undefined) =>
      messageOf(await owner.types('/클럽', { 설정할것: '알릴역할', 역할: role ?? { id: '' } })).text
    expect(await picked(silent)).toContain('⚠ 제가 알릴 수 없는 역할이라 아무도 불리지 않아요.')
    expect(await picked(loud)).not.toContain('⚠')
    channel.permissions |= permission.mentionEveryone
    expect(await picked(silent)).not.toContain('⚠')
  })

  test('has a thread opened under each lesson, and under nothing else', async () => {
    const club = await morningClub({ transport })
    const { owner, mina, channel, id, lesson } = club
    expect(again(channel, lesson).thread).toBeUndefined()
    expect(fieldOf(messageOf(await owner.types('/클럽', { 설정할것: '스레드', 값: '켬' })), '레슨마다 스레드')).toBe('켬')
    await club.until('2026-11-25T12:30+09:00')
    await club.morning(id)
    const next = lessonIn(channel)
    expect(next.thread?.name).toBe(`오늘의 1% · 2/24 · ${told(2, 'ko').title}`)
    await mina.taps(next, 'A')
    await club.until(club.now() + 120_000)
    expect(again(channel, next).text).toContain('_오늘 1명 완료_')
    expect(channel.messages.filter(({ thread }) => thread).map((message) => message.id)).toEqual([next.id])
    channel.permissions = usualBotPermissions & ~permission.createPublicThreads
    expect(messageOf(await owner.types('/클럽')).text).toContain('⚠ 이 채널에서 제게 없는 것: ‘공개 스레드 만들기’ 권한.')
  })

  test('moves the club to another channel, and not into a thread', async () => {
    const club = await morningClub({ transport })
    const { owner, guild, channel, lesson, mina, id } = club
    await owner.types('/클럽', { 설정할것: '스레드', 값: '켬' })
    await club.morning(id)
    const { thread } = lessonIn(channel)
    if (!thread) throw new Error('the lesson has a thread')
    const inThread = messageOf(await owner.types('/클럽', {}, { channel: thread }))
    expect(messageOf(await owner.taps(inThread, '여기로 옮기기')).text).toContain('보통 텍스트 채널')
    const lounge = guild.addChannel({ name: 'lounge' })
    const card = messageOf(await owner.types('/클럽', {}, { channel: lounge }))
    expect(card.buttons).toEqual(['다음 글 미리보기', '바꾸기', '여기로 옮기기'])
    expect(messageOf(await owner.types('/클럽')).buttons).toEqual(['다음 글 미리보기', '바꾸기'])
    expect(messageOf(await owner.taps(card, '여기로 옮기기')).text).toContain('이제부터 글은 여기에 올라와요.')
    const before = channel.messages.length
    await club.morning(id)
    expect([channel.messages.length, lessonIn(lounge).embeds[0]?.title]).toEqual([before, expect.stringContaining('3/24')])
    expect(messageOf(await mina.taps(lesson, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
  })

  test('reads it all in English where they read English', async () => {
    const club = await openClub({ transport, settings: { locale: 'en' } })
    const { guild, channel, club: id } = await club.server()
    const eve = club.discord.person({ guild, name: 'Eve', permissions: permission.administrator })
    expect((await startHere(eve)).text).toMatch(/^Started\nNext lesson: <t:\d+:F>/)
    await club.morning(id)
    expect(lessonIn(channel).content).toBe(told(1, 'en').hook)
    const card = messageOf(await eve.types('/club'))
    expect([card.embeds[0]?.title, card.buttons]).toEqual(['The club', ['Preview the next post', 'Change']])
    const { modal } = await eve.taps(card, 'Change')
    if (!modal) throw new Error('a form was asked for')
    const changed = await eve.submits(modal, { set: 'threads', to: 'on' })
    expect([changed.message?.id, fieldOf(messageOf(changed), 'A thread under each lesson')]).toEqual([card.id, 'on'])
  })
})

test('whoever runs the server finds the set-up card under the first word of the bot; others do not', async () => {
  const club = await openClub({ transport: 'gateway' })
  const { channel, guild, owner } = await club.server()
  const greeting = await club.discord.until(() => channel.messages[0])
  expect([greeting.content, greeting.buttons]).toEqual(['안녕하세요! 한 번 누르면 스터디 클럽이 열려요.', ['클럽 열기']])
  const leo = club.discord.person({ guild, name: 'Leo' })
  expect(messageOf(await leo.taps(greeting, '클럽 열기')).text).toBe('Only organisers can do this.')
  const card = messageOf(await owner.taps(greeting, '클럽 열기'))
  expect([card.ephemeral, card.buttons]).toEqual([true, ['여기서 시작', '다음 글 미리보기', '바꾸기']])
  expect(messageOf(await owner.taps(card, '여기서 시작')).text).toMatch(/^시작했어요/)
  await club.app.idle()
  expect([channel.messages.length, calls(guild)]).toEqual([1, []])
})
