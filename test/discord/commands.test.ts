import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { ownWord, told } from '../support/ourCourse.ts'
import { again, fieldOf, lessonIn, morningClub } from './life.ts'

describe.each(transports)('what members type, by %s', (transport) => {
  test('/today brings the lesson in the language of whoever asks, for their eyes', async () => {
    const { mina, leo, channel } = await morningClub({ transport })
    const before = channel.messages.length
    const asked = await mina.types('/오늘')
    const korean = messageOf(asked)
    expect(korean.embeds[0]?.title).toBe(`오늘의 1% · 1/24 · ${told(1, 'ko').title}`)
    expect(korean.text).toContain('오늘은 아직 열려 있어요. 답을 한 번 누르면 채워져요')
    expect(korean.buttons).toEqual(['A', 'B', 'C', '더 읽기'])
    const english = messageOf(await leo.types('/today'))
    expect(english.embeds[0]?.title).toBe(`Today's 1% · 1/24 · ${told(1, 'en').title}`)
    expect(english.text).toContain('Today is open: one tap on an answer does it')
    expect(english.buttons).toEqual(['A', 'B', 'C', 'Read more'])
    for (const { ephemeral, content, attachments } of [korean, english]) {
      expect([ephemeral, content, attachments.length]).toEqual([true, '', 1])
    }
    expect(mina.sees(english)).toBeUndefined()
    expect(channel.messages).toHaveLength(before)
  })

  test('/lesson finds a lesson by number, by a word, and by what is suggested while one types', async () => {
    const { mina, leo } = await morningClub({ transport })
    const offered = await mina.completes('/레슨', '번호', '')
    expect(offered.map(({ name }) => name)).toEqual(Array.from({ length: 24 }, (_, i) => `${i + 1}. ${told(i + 1, 'ko').title}`))
    const suggested = await leo.completes('/lesson', 'which', ownWord(5, 'en').toLowerCase())
    expect(suggested).toEqual([{ name: `5. ${told(5, 'en').title}`, value: '5' }])
    expect(messageOf(await leo.types('/lesson', { which: suggested[0]?.value ?? '' })).embeds[0]?.title).toMatch(/^Lesson · 5\/24 · /)
    expect(messageOf(await mina.types('/레슨', { 번호: '2' })).embeds[0]?.title).toBe(`레슨 · 2/24 · ${told(2, 'ko').title}`)
    expect(messageOf(await mina.types('/레슨', { 번호: ownWord(1, 'ko') })).embeds[0]?.title).toMatch(/^레슨 · 1\/24/)
    expect(messageOf(await leo.types('/lesson')).text).toContain('Open one with its number, for example `/lesson 3`.')
    const none = messageOf(await leo.types('/lesson', { which: '77' }))
    expect([none.text, none.ephemeral]).toEqual(['No lesson fits “77”. Try a number from 1 to 24, or a word from its title.', true])
    expect(await leo.completes('/lesson', 'which', 'nosuchword')).toEqual([])
  })

  test('/checkin keeps a line with the streak', async () => {
    const { mina, leo, channel } = await morningClub({ transport })
    const before = channel.messages.length
    const kept = messageOf(await mina.types('/인증', { 한줄: '포트를 열었다' }))
    expect(kept.embeds[0]?.title).toBe('인증했어요')
    expect(kept.text).toContain('> 포트를 열었다\n\n**오늘 1% 완료** · 연속 1일')
    expect(kept.buttons).toContain('이 한 줄 공유')
    const second = messageOf(await mina.types('/checkin', { note: '한 줄 더' }))
    expect(second.text).toContain('오늘 1%는 이미 채웠어요 · 연속 1일')
    expect(mina.sees(kept)).toBeDefined()
    expect(leo.sees(kept)).toBeUndefined()
    expect(channel.messages).toHaveLength(before)
  })

  test('/checkin without a line asks for it in a form, which says that the line is the member’s alone', async () => {
    const { mina, leo, channel } = await morningClub({ transport })
    const before = channel.messages.length
    const { modal } = await mina.types('/인증')
    expect(modal?.title).toBe('오늘의 한 줄')
    expect(
      modal?.fields.map(({ label, description, kind, required, maxLength }) => [label, description, kind, required, maxLength]),
    ).toEqual([['한줄', '오늘 공부한 것 한 줄. 공유하기 전에는 나만 봐요', 'paragraph', true, 300]])
    const { modal: english } = await leo.types('/checkin')
    expect([english?.title, english?.fields[0]?.description]).toEqual([
      'One line about today',
      'one line about what you studied; only you see it until you share it',
    ])
    if (!modal || !english) throw new Error('a form was asked for')
    const kept = messageOf(await mina.submits(modal, { 한줄: '첫 줄\n둘째 줄' }))
    expect(kept.text).toContain('> 첫 줄\n> 둘째 줄')
    expect(kept.ephemeral).toBe(true)
    expect(messageOf(await leo.submits(english, { note: 'ports' })).text).toContain("**Today's 1% is done** · run: 1 day")
    expect(channel.messages).toHaveLength(before)
  })

  test('/streak shows one’s own with its calendar, and why it is what it is', async () => {
    const { mina, lesson } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    const streak = messageOf(await mina.types('/연속'))
    expect(['연속', '최고', '누적'].map((name) => fieldOf(streak, name))).toEqual(['1일', '1일', '1일'])
    expect(streak.attachments.map(({ contentType }) => contentType)).toEqual(['image/png'])
    expect(streak.attachments[0]?.description).toMatch(/^미나의 최근 15주: 완료 1일/)
    const why = messageOf(await mina.types('/streak', { action: '이유' }))
    expect(why.text).toContain('- 11월 25일 (수) **완료** · 질문에 답함')
    expect(messageOf(await mina.taps(streak, '왜 이럴까?')).text).toBe(why.text)
  })

  test('/streak shows another’s; one who hides and one who never came look the same', async () => {
    const { mina, leo, lesson, discord, guild } = await morningClub({ transport })
    const nova = discord.person({ guild, name: 'Nova', nick: '노바' })
    await mina.taps(lesson, 'C')
    const seen = messageOf(await leo.types('/streak', { member: mina }))
    expect(seen.embeds[0]?.title).toBe("미나's streak")
    expect([fieldOf(seen, 'Run'), seen.ephemeral, seen.buttons]).toEqual(['1 day', true, []])
    await mina.types('/연속', { 할일: '숨기기' })
    const words = async (person: { id: string }) => messageOf(await leo.types('/streak', { member: person })).text
    expect(await words(mina)).toBe('There is no streak to show for “미나”.')
    expect(await words(nova)).toBe('There is no streak to show for “노바”.')
    expect(messageOf(await mina.types('/연속')).text).toContain('숨김 상태라 나만 볼 수 있어요.')
  })

  test('/leaderboard: its tabs change the one message, and a share goes to all', async () => {
    const { mina, leo, lesson, channel, app } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    await leo.taps(lesson, 'C')
    const board = messageOf(await leo.types('/leaderboard'))
    expect(board.embeds[0]?.title).toBe('Leaderboard · this week')
    expect(board.embeds[0]?.fields?.map(({ name }) => name)).toEqual(['미나', 'Leo'])
    expect(board.buttons).toEqual(['Share', 'this season', 'run', 'total'])
    const tab = await leo.taps(board, 'run')
    expect([tab.message?.id, tab.message?.embeds[0]?.title, tab.followUps]).toEqual([board.id, 'Leaderboard · run', []])
    expect(tab.message?.attachments).toHaveLength(1)
    const back = await leo.taps(board, 'this week')
    expect([back.message?.id, back.message?.embeds[0]?.title]).toEqual([board.id, 'Leaderboard · this week'])
    expect(messageOf(await mina.types('/순위', { 기준: '누적' })).embeds[0]?.title).toBe('순위 · 누적')
    await app.idle()
    expect(again(channel, lesson).id).toBe(lessonIn(channel).id)
  })

  test('/pause: a length by its button, a date by its option, and an end', async () => {
    const { mina, leo } = await morningClub({ transport })
    const ask = messageOf(await mina.types('/휴식'))
    expect(ask.buttons).toEqual(['1일', '3일', '7일'])
    const taken = await mina.taps(ask, '3일')
    expect([taken.message?.id, taken.message?.text]).toEqual([
      ask.id,
      '휴식\n11월 25일부터 11월 27일까지 쉬어요. 푹 쉬세요. 연속 기록은 기다릴게요.',
    ])
    expect(messageOf(await mina.taps(ask, '휴식 끝내기')).text).toContain('휴식을 끝냈어요')
    expect(messageOf(await leo.types('/pause', { until: '2026-12-01' })).text).toContain('Paused from Nov 25 through Dec 1.')
    expect(messageOf(await leo.types('/pause')).buttons).toEqual(['End the pause'])
    expect(messageOf(await leo.types('/pause', { until: 'soon' })).text).toBe(
      '“soon” is no length and no date. Try `3`, `2026-12-01` or `off`.',
    )
  })

  test('/settings: language, zone with suggestions, a nickname, and how one appears', async () => {
    const { mina, leo, lesson } = await morningClub({ transport })
    const english = messageOf(await mina.types('/설정', { 언어: 'en' }))
    expect([english.embeds[0]?.title, fieldOf(english, 'Language')]).toEqual(['Your settings', 'English'])
    expect(messageOf(await mina.taps(lesson, 'C')).embeds[0]?.title).toBe('✔ C is right')
    expect(await leo.completes('/settings', 'zone', 'lond')).toEqual([{ name: 'Europe/London', value: 'Europe/London' }])
    expect((await leo.completes('/settings', 'zone', ''))[0]?.name).toBe('Asia/Seoul')
    expect(fieldOf(messageOf(await leo.types('/settings', { zone: 'Europe/London' })), 'Time zone')).toBe('Europe/London')
    expect(messageOf(await leo.types('/settings', { zone: 'Europe/Lodnon' })).text).toContain('Did you mean Europe/London?')
    expect(fieldOf(messageOf(await leo.types('/settings', { nickname: 'night owl' })), 'On boards as')).toBe('night owl')
    await leo.taps(lesson, 'C')
    const board = messageOf(await mina.types('/leaderboard'))
    expect(board.embeds[0]?.fields?.map(({ name }) => name).sort()).toEqual(['night owl', '미나'])
    const own = messageOf(await leo.types('/settings'))
    expect(own.buttons).toEqual(['Use my name', 'Use a nickname', 'Hide me', 'No record'])
    expect(messageOf(await leo.taps(own, 'Hide me')).text).toContain('You are on no board')
    const { modal } = await leo.taps(own, 'Use a nickname')
    expect([modal?.title, modal?.fields.map(({ label, maxLength }) => [label, maxLength])]).toEqual([
      'A nickname for boards',
      [['nickname', 32]],
    ])
    if (!modal) throw new Error('a form was asked for')
    expect(messageOf(await leo.submits(modal, { nickname: '@everyone' })).text).toMatch(/^A nickname is one line without markup/)
    expect(messageOf(await leo.submits(modal, { nickname: 'early bird' })).text).toContain('Boards show you as **early bird**')
    expect(fieldOf(messageOf(await leo.types('/settings', { appear: 'hidden' })), 'How you appear')).toBe('Hidden')
  })

  test('/data: what is kept, as a file to take away, and gone after a question', async () => {
    const { mina, leo, lesson, channel, store, id } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    await mina.types('/인증', { 한줄: '나만 아는 줄' })
    const shown = messageOf(await mina.types('/내데이터'))
    expect(['활동', '한 줄', '질문에 답한 수'].map((name) => fieldOf(shown, name))).toEqual(['2', '1', '1'])
    const file = messageOf(await mina.taps(shown, '받기'))
    expect([file.ephemeral, file.attachments.map(({ name }) => name)]).toEqual([true, [`onepercent-${mina.id}.json`]])
    expect(JSON.parse(String(file.attachments[0]?.bytes))).toMatchObject({ member: { name: '미나' }, acts: [{ note: '나만 아는 줄' }, {}] })
    expect(leo.sees(file)).toBeUndefined()
    const asked = await mina.taps(shown, '모두 지우기')
    expect([asked.message?.id, asked.message?.embeds[0]?.title, asked.message?.buttons]).toEqual([
      shown.id,
      '모두 지울까요?',
      ['네, 지금 지워요'],
    ])
    expect(await store.member(id, mina.id)).toBeDefined()
    const gone = await mina.taps(shown, '네, 지금 지워요')
    expect([gone.message?.id, gone.message?.buttons]).toEqual([shown.id, []])
    expect(gone.message?.text).toContain('모두 지웠어요')
    expect([await store.member(id, mina.id), await store.acts(id, mina.id)]).toEqual([undefined, []])
    expect(messageOf(await mina.types('/내데이터', { 할일: '지우기' })).text).toContain('남아 있는 기록이 없어요.')
    expect(messageOf(await leo.types('/data', { action: 'export' })).attachments).toHaveLength(1)
    expect(JSON.stringify(channel.messages)).not.toContain('나만 아는 줄')
  })

  test('/help names what can be typed, in the reader’s language', async () => {
    const { mina, leo, owner } = await morningClub({ transport })
    const korean = messageOf(await mina.types('/도움말')).text
    expect(korean).toContain('- `/오늘` 오늘의 1%: 레슨과 질문')
    expect(korean).toContain('- `/흐름` 쿠버네티스가 컨테이너를 만드는 길, 버전별로')
    expect(korean).not.toContain('/클럽')
    expect(messageOf(await leo.types('/help')).text).toContain("- `/today` today's 1%: the lesson and its question")
    expect(messageOf(await owner.types('/도움말')).text).toContain('- `/클럽` ')
  })
})
