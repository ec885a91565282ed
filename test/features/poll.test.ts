import { describe, expect, test } from 'vitest'
import { at, courseOf, labels, lives, longClub, ownPosts, streakOf, testClub } from './life.ts'

const vote = async (club: Awaited<ReturnType<typeof testClub>>, member: string, label = '아니다') =>
  club.presses(member, club.button(club.posted('맞을까, 아닐까?').card, label))

describe('a vote', () => {
  test('gets its verdict, why and sources privately and at once; the club sees only how many', async () => {
    const club = await testClub()
    const post = club.posted('맞을까, 아닐까?')
    expect(labels(post.card)).toEqual(['맞다', '아니다', '상황에 따라'])
    const verdict = await vote(club, '미나', '맞다')
    expect(verdict.title).toBe('‘맞다’ 말고 ‘아니다’예요')
    expect(verdict.text).toMatch(/출처[\s\S]*\]\(https:/)
    expect(verdict.text).toContain('**오늘 1% 완료** · 연속 1일')
    expect(post.card.text).toContain('_지금까지 1명이 답했어요_')
    expect(JSON.stringify(post.card)).not.toMatch(/미나|1표/)
  })

  test('in English', async () => {
    const club = await testClub({ settings: { locale: 'en' } })
    const right = await club.presses('mina', club.button(club.posted('True or not?').card, 'False'))
    expect(right.title).toBe('✔ False, just so')
    expect((await club.presses('mina', club.button(club.posted('True or not?').card, 'True'))).text).toContain(
      'Your first answer, **False**, stands',
    )
  })

  test('stands; “I changed my mind” is kept apart and never moves the tally', async () => {
    const club = await testClub()
    await vote(club, '미나', '맞다')
    const second = await vote(club, '미나', '아니다')
    expect(second.text).toContain('처음 고른 **맞다**')
    expect(labels(second)).toEqual(['생각이 바뀌었어요'])
    expect((await club.presses('미나', club.button(second, '생각이 바뀌었어요'))).text).toContain('집계는 처음 답 그대로')
    const [poll] = await club.store.polls(club.id, 1)
    expect(poll?.tally).toEqual({ true: 1, false: 0, depends: 0 })
    expect(await club.store.vote(club.id, poll?.id ?? 0, '미나')).toEqual({ answer: 'true', mind: 'false' })
    expect((await vote(club, '미나', '맞다')).text).toContain('이미 답했어요')
  })

  test('two at once count once, and two members at once count twice', async () => {
    const club = await testClub()
    await Promise.all([vote(club, '미나', '맞다'), vote(club, '미나', '아니다'), vote(club, '지훈'), vote(club, '소라')])
    const [poll] = await club.store.polls(club.id, 1)
    const { true: yes = 0, false: no = 0, depends = 0 } = poll?.tally ?? {}
    expect(yes + no + depends).toBe(3)
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
    await club.passes(120_000)
    expect(club.posted('맞을까, 아닐까?').card.text).toContain('3명이 답했어요')
  })

  test('is an act of the day besides the lesson’s answer, which counts once', async () => {
    const club = await testClub()
    await vote(club, '미나')
    expect((await club.presses('미나', club.button(club.posted('오늘의 1%').card, 'C'))).text).toContain('이미 채웠어요 · 연속 1일')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
  })

  test('without record: the total knows it, and nobody else does once the poll is closed', async () => {
    const club = await testClub()
    await club.says('미나', '/streak', { action: 'off' })
    await Promise.all([vote(club, '미나', '맞다'), vote(club, '미나', '맞다')])
    expect((await vote(club, '미나', '아니다')).text).toContain('이미 답했어요')
    const [poll] = await club.store.polls(club.id, 1)
    expect(poll?.tally).toEqual({ true: 1, false: 0, depends: 0 })
    expect(await club.store.votes(club.id, '미나')).toEqual([{ poll: poll?.id, counted: 'true' }])
    await lives(club, at(26))
    expect(await club.store.votes(club.id, '미나')).toEqual([])
    expect(await club.store.acts(club.id, '미나')).toEqual([])
  })
})

describe('nobody stuffs a poll', () => {
  const tallyOf = async (club: Awaited<ReturnType<typeof testClub>>) => (await club.store.polls(club.id, 1))[0]?.tally

  test('by erasing everything and voting again: an open poll forgets the vote, in its count and in its message', async () => {
    const club = await testClub()
    await vote(club, '지훈', '아니다')
    for (const record of ['on', 'off', 'on', 'off', 'off']) {
      await club.says('미나', '/streak', { action: record })
      await vote(club, '미나', '맞다')
      expect(await tallyOf(club)).toEqual({ true: 1, false: 1, depends: 0 })
      await club.says('미나', '/data', { action: 'delete' })
      expect(await tallyOf(club)).toEqual({ true: 0, false: 1, depends: 0 })
    }
    await club.passes(120_000)
    expect(club.posted('맞을까, 아닐까?').card.text).toContain('1명이 답했어요')
  })

  test('by switching the record off and on between two votes', async () => {
    const club = await testClub()
    await vote(club, '미나', '맞다')
    await club.says('미나', '/streak', { action: 'off' })
    await vote(club, '미나', '아니다')
    await club.says('지훈', '/streak', { action: 'off' })
    await vote(club, '지훈', '맞다')
    await club.says('지훈', '/streak', { action: 'on' })
    await vote(club, '지훈', '아니다')
    expect(await tallyOf(club)).toEqual({ true: 2, false: 0, depends: 0 })
  })

  test('by a change of mind without a vote: there is nothing to change', async () => {
    const club = await testClub()
    const [poll] = await club.store.polls(club.id, 1)
    expect(await club.refusal('미나', { press: `1:mind:${poll?.id}:false` })).toMatchObject({ code: 'unknown' })
    await club.says('지훈', '/streak', { action: 'off' })
    await vote(club, '지훈', '맞다')
    expect(await club.refusal('지훈', { press: `1:mind:${poll?.id}:false` })).toMatchObject({ code: 'unknown' })
    expect(await tallyOf(club)).toEqual({ true: 1, false: 0, depends: 0 })
  })

  test('by erasing after the closing: the total stays as it was told', async () => {
    const club = await testClub()
    await vote(club, '미나', '맞다')
    await lives(club, at(25, 20))
    await club.says('미나', '/data', { action: 'delete' })
    expect(await tallyOf(club)).toEqual({ true: 1, false: 0, depends: 0 })
    await club.passes(120_000)
    expect(club.posted('투표 결과').card.text).toContain('맞다 100% (1표)')
  })
})

describe('the closing', () => {
  test('at 20:00 the next day edits the post: words first, then the picture; late votes hear the answer', async () => {
    const club = await testClub()
    const post = club.posted('맞을까, 아닐까?')
    const button = club.button(post.card, '아니다')
    await vote(club, '미나', '맞다')
    await vote(club, '지훈', '아니다')
    const posts = club.channel.length
    await lives(club, at(25, 19.9))
    expect(post.card.title).toBe('맞을까, 아닐까?')
    await lives(club, at(25, 20))
    expect(post.card.title).toBe('투표 결과')
    expect(post.card.text).toContain('정답: **아니다**')
    expect(post.card.text).toContain('2명 가운데 1명이 맞혔어요.\n맞다 50% (1표)\n✔ 아니다 50% (1표)\n상황에 따라 0% (0표)')
    expect(post.card.image?.picture.kind).toBe('poll')
    expect(post.card.image?.alt).toContain('✔ 아니다 50% (1표)')
    expect(post.card.buttons ?? []).toEqual([])
    expect(club.channel).toHaveLength(posts + 1)
    expect(await club.refusal('소라', { press: button })).toMatchObject({
      code: 'closed',
      text: expect.stringContaining('답은 ‘아니다’였고'),
    })
    expect((await club.presses('미나', button)).text).toContain('처음 고른 **맞다**')
  })

  test('with no vote says so in words, without a picture', async () => {
    const club = await testClub()
    await lives(club, at(25, 20))
    expect(club.posted('투표 결과').card).toMatchObject({ text: expect.stringContaining('아무도 답하지 않았어요') })
    expect(club.posted('투표 결과').card.image).toBeUndefined()
  })
})

describe('/poll', () => {
  test('shows the open poll, then the verdict again, then that none is open', async () => {
    const club = await testClub()
    const open = await club.says('미나', '/투표')
    expect(labels(open)).toEqual(['맞다', '아니다', '상황에 따라'])
    await club.presses('미나', club.button(open, '아니다'))
    expect((await club.says('미나', '/poll')).text).toContain('이미 답했어요. 풀이를 다시 보여 드릴게요.')
    await lives(club, at(25, 21))
    expect((await club.says('미나', '/poll')).text).toBe('지금은 열린 투표가 없어요. 다음 투표는 때가 되면 올라와요.')
  })

  test('starts the next one for an organiser, one at a time, each myth once', async () => {
    const club = await testClub()
    await lives(club, at(26))
    const polls = () => club.channel.filter(({ key }) => key.startsWith('poll:'))
    const cards = await Promise.all([club.says('host', '/poll'), club.says('host', '/poll')])
    expect(cards[0]?.text).toBe('투표를 채널에 올릴게요.')
    expect(polls()).toHaveLength(2)
    expect(polls()[1]?.card.text).not.toBe(polls()[0]?.card.text)
    expect(await club.refusal('host', { command: 'club' }, { action: 'poll' })).toMatchObject({ code: 'closed' })
    await lives(club, at(27, 13))
    expect(polls()).toHaveLength(2)
  })
})

test('on Monday, Wednesday and Friday at 12:30, from what was seen; when all were asked, none', async () => {
  const club = await testClub({ courses: courseOf(30).map((course) => ({ ...course, myths: course.myths.slice(0, 2) })) })
  await lives(club, at(31))
  const polls = ownPosts(club).filter(({ key }) => key.startsWith('poll:'))
  expect(polls.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-11-23T22:00:00.000Z', '2026-11-27T03:30:00.000Z'])
  expect(await club.refusal('host', { command: 'club' }, { action: 'poll' })).toMatchObject({ code: 'closed' })
})

test('polls can be switched off', async () => {
  const club = await longClub()
  await club.says('host', '/club', { set: 'poll-days', to: '없음' })
  await lives(club, at(31))
  expect(ownPosts(club).filter(({ key }) => key.startsWith('poll:'))).toHaveLength(1)
})
