import { describe, expect, onTestFinished, test } from 'vitest'
import { runningApp } from '../support/runningApp.ts'
import type { TestClub } from '../support/testClub.ts'
import { answer, at, courseOf, labels, lessonNow, lives, longClub, ours, ownPosts, streakOf, testClub } from './life.ts'

const set = (club: TestClub, setting: string, to: string) => club.says('host', '/club', { set: setting, to })
const value = (card: Awaited<ReturnType<typeof set>>, name: string) => card.fields?.find((field) => field.name === name)?.value

describe('/club', () => {
  test('shows the defaults, when the next lesson comes, and what can be pressed', async () => {
    const club = await testClub({ at: '2026-11-23T07:00+09:00' })
    await lives(club, at(23, 9))
    const card = await club.says('host', '/클럽')
    expect(card.fields?.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      '코스: 컨테이너, 흐름으로 읽기',
      '언어: 한국어',
      '시간대: Asia/Seoul',
      '올리는 시각: 08:00',
      '공부하는 요일: 매일',
      '공휴일을 따를 나라: 없음',
      '클럽 휴일: 없음',
      '하루가 시작하는 시각: 04:00',
      '투표 요일: 월, 수, 금',
      '투표 시각: 12:30',
      '새 멤버의 표시: 이름으로',
      '여기서 정한 운영자: –',
    ])
    // Monday at 09:00: the poll is next, at 12:30, and it is no lesson.
    expect(card.text).toMatch(/^다음 레슨: 11월 24일 \(화\) 08:00/)
    expect(labels(card)).toEqual(['다음 글 미리보기', '바꾸기'])
  })

  test('is for organisers only, and so are its presses', async () => {
    const club = await longClub()
    const refused = { code: 'not_allowed', text: '운영자만 할 수 있어요.' }
    expect(await club.refusal('미나', { command: 'club' })).toEqual(refused)
    expect(await club.refusal('미나', { command: '클럽' }, { action: 'post' })).toEqual(refused)
    for (const press of [
      'start',
      'test',
      'change',
      'step-down:host',
      'hide-note:1',
      'next:season',
      'next:finish',
      'examples-add',
      'examples-remove',
      'form:club',
    ]) {
      expect(await club.refusal('미나', { press: `1:${press}` })).toEqual(refused)
    }
    expect((await club.says('미나', '/help')).text).not.toContain('/클럽')
    expect((await club.says('host', '/help')).text).toContain('/클럽')
  })

  test('before the start: “start here” posts nothing now, and lesson 1 on the next study day', async () => {
    const club = await testClub({ started: false, at: '2026-11-24T10:00+09:00' })
    const card = await club.says('host', '/club')
    expect(card.text).toContain('아직 시작하지 않았어요')
    const started = await Promise.all([0, 1].map(() => club.answer('host', { press: club.button(card, '여기서 시작') }, {})))
    expect(started.map((one) => ('card' in one ? one.card.text : ''))[0]).toMatch(/^다음 레슨: 11월 25일 \(수\) 08:00/)
    expect(club.channel).toEqual([])
    expect(await club.refusal('host', { press: '1:start' })).toMatchObject({ code: 'closed' })
    await lives(club, at(25, 8))
    expect(ownPosts(club).map(({ card }) => card.title)).toEqual(['오늘의 1% · 1/24 · 매일 1%, 루틴과 네 가지 습관'])
  })

  test('the preview is the next post, for the organiser’s eyes; nothing is posted', async () => {
    const club = await testClub()
    const posts = club.channel.length
    const card = await club.says('host', '/club', { action: 'test' })
    expect(card.title).toBe('오늘의 1% · 2/24 · 컨테이너란 결국 프로세스')
    expect(card.text).toMatch(/^_11월 25일에 올라갈 글의 미리보기예요/)
    expect(await club.presses('host', '1:test')).toEqual(card)
    expect(club.channel).toHaveLength(posts)
    await lives(club, at(25))
    expect(lessonNow(club).title).toBe(card.title)
  })

  test('in English', async () => {
    const club = await testClub()
    const card = await club.says('host', '/club', { set: 'language', to: 'en' }, 'en')
    expect(card.text).toMatch(/^✔ Language is set\.\n\nNext lesson: Wed, Nov 25/)
    await lives(club, at(25))
    expect(lessonNow(club).title).toMatch(/^Today's 1% · 2\/24/)
  })
})

describe('settings', () => {
  test('each takes what its example says, and shows it', async () => {
    const club = await testClub()
    await club.says('host', '/settings', { language: 'ko' })
    for (const [setting, to, name, shown] of [
      ['language', '영어', '언어', 'English'],
      ['language', 'ko', '언어', '한국어'],
      ['post-at', '7:30', '올리는 시각', '07:30'],
      ['post-at', '9', '올리는 시각', '09:00'],
      ['poll-at', '20:00', '투표 시각', '20:00'],
      ['poll-days', '화,목', '투표 요일', '화, 목'],
      ['poll-days', 'off', '투표 요일', '없음'],
      ['zone', 'america/new_york', '시간대', 'America/New_York'],
      ['day-start', '00:00', '하루가 시작하는 시각', '00:00'],
      ['study-days', 'mon wed fri', '공부하는 요일', '월, 수, 금'],
      ['study-days', '평일', '공부하는 요일', '월, 화, 수, 목, 금'],
      ['study-days', '매일', '공부하는 요일', '매일'],
      ['country', 'kr', '공휴일을 따를 나라', 'KR'],
      ['country', '없음', '공휴일을 따를 나라', '없음'],
      ['holidays', '2026-12-24', '클럽 휴일', '12월 24일'],
      ['holidays', '2026-12-23', '클럽 휴일', '12월 23일, 12월 24일'],
      ['holidays', '-2026-12-24', '클럽 휴일', '12월 23일'],
      ['appear', '숨김', '새 멤버의 표시', '숨김'],
      ['course', 'container-flow', '코스', '컨테이너, 흐름으로 읽기'],
    ]) {
      expect(value(await set(club, setting ?? '', to ?? ''), name ?? ''), `${setting} ${to}`).toBe(shown)
    }
  })

  test('what does not fit is refused with an example, and nothing changes', async () => {
    const club = await testClub()
    const before = await club.club()
    for (const [setting, to] of [
      ['language', 'fr'],
      ['post-at', '24:00'],
      ['post-at', '08:60'],
      ['post-at', 'soon'],
      ['day-start', '06:01'],
      ['day-start', '-1'],
      ['study-days', 'off'],
      ['study-days', '월,달'],
      ['study-days', '8'],
      ['country', 'Korea'],
      ['country', 'constructor'],
      ['holidays', '2026-02-30'],
      ['holidays', '2026-11-24'],
      ['zone', 'Mars/Base'],
      ['appear', 'none'],
      ['course', '../etc'],
    ]) {
      expect(await club.refusal('host', { command: 'club' }, { set: setting, to }), `${setting} ${to}`).toMatchObject({ code: 'bad_input' })
    }
    expect(await club.refusal('host', { command: 'club' }, { set: 'post-at' })).toMatchObject({ text: expect.stringContaining('08:00') })
    expect(await club.refusal('host', { command: 'club' }, { to: '08:00' })).toMatchObject({ text: expect.stringContaining('post-at') })
    expect(await club.refusal('host', { command: 'club' }, { set: 'colour', to: 'red' })).toMatchObject({ code: 'bad_input' })
    expect(await club.club()).toEqual(before)
  })

  test('the “change” button asks in a form', async () => {
    const club = await testClub()
    const form = await club.form('host', { press: club.button(await club.says('host', '/club'), '바꾸기') })
    expect(form.fields.map(({ name, type }) => [name, type])).toEqual([
      ['set', 'choice'],
      ['to', 'text'],
    ])
    expect((await club.presses('host', form.submit, { set: '투표시각', to: '18:00' })).text).toContain('✔ 투표 시각: 바꿨어요.')
  })

  test('post time and poll time hold at once; two organisers at once both get theirs', async () => {
    const club = await longClub()
    await Promise.all([set(club, 'post-at', '10:00'), set(club, 'poll-at', '15:00'), set(club, 'poll-days', '목')])
    await lives(club, at(26, 16))
    expect(
      ownPosts(club)
        .slice(2)
        .map(({ key, at }) => [key.split(':')[0], new Date(at).toISOString()]),
    ).toEqual([
      ['lesson', '2026-11-25T01:00:00.000Z'],
      ['lesson', '2026-11-26T01:00:00.000Z'],
      ['poll', '2026-11-26T06:00:00.000Z'],
    ])
  })

  test('the calendar changes from the next study day on; closed days keep theirs', async () => {
    const club = await longClub(30, { at: '2026-11-27T07:00+09:00' })
    await answer(club, '미나')
    await lives(club, at(28))
    expect((await set(club, 'study-days', '평일')).text).toContain('공부하는 요일: 다음 공부하는 날부터 적용돼요')
    // Saturday is still a study day, on which nobody acts: it takes the freeze. Sunday is off.
    await lives(club, at(30, 7))
    expect((await club.says('미나', '/streak', { action: 'why' })).text).toContain('(일) **쉬는 날**\n- 11월 28일 (토) **여유권**')
    expect(club.channel.filter(({ key }) => key.startsWith('lesson:'))).toHaveLength(2)
    await lives(club, at(30))
    expect(club.channel.filter(({ key }) => key.startsWith('lesson:'))).toHaveLength(3)
  })

  test('an own holiday has no lesson and no poll, and costs nobody anything', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await set(club, 'holidays', '2026-11-27')
    for (const day of [25, 26]) {
      await lives(club, at(day))
      await answer(club, '미나')
    }
    const posts = ownPosts(club).length
    await lives(club, at(28, 7))
    expect(ownPosts(club)).toHaveLength(posts)
    await lives(club, at(28))
    expect(lessonNow(club).title).toContain('4/30')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 4일')
  })

  test('a public holiday of the country has no lesson', async () => {
    const club = await longClub(30, { at: '2026-12-24T07:00+09:00' })
    await set(club, 'country', 'KR')
    await lives(club, at(55, 9))
    expect(lessonNow(club).title).toContain('1/30')
    await lives(club, at(56, 9))
    expect(lessonNow(club).title).toContain('2/30')
  })

  test('a moved clock zone moves the post, and never posts a day twice', async () => {
    const club = await longClub()
    await set(club, 'zone', 'America/New_York')
    await lives(club, Date.parse('2026-11-27T12:00-05:00'))
    const days = ownPosts(club)
      .filter(({ key }) => key.startsWith('lesson:'))
      .map(({ key, at }) => [key.slice(-10), new Date(at).toISOString()])
    expect(days).toEqual([
      ['2026-11-24', '2026-11-23T22:00:00.000Z'],
      ['2026-11-25', '2026-11-25T13:00:00.000Z'],
      ['2026-11-26', '2026-11-26T13:00:00.000Z'],
      ['2026-11-27', '2026-11-27T13:00:00.000Z'],
    ])
  })

  test('another course begins with the next season; until then today’s buttons still work', async () => {
    const [long] = courseOf(30)
    const [own] = ours
    if (!long || !own) throw new Error('no courses')
    const club = await testClub({ courses: [long, own] })
    const button = club.button(lessonNow(club), 'A')
    expect((await set(club, 'course', own.id)).text).toContain('✔ 코스: 다음 기수부터 적용돼요.')
    await club.says('host', '/club', { action: 'season' })
    expect((await club.presses('미나', button)).title).toBe('✔ A, 맞아요')
    expect((await club.says('미나', '/today')).title).toContain('1/30 · day 1')
    await lives(club, at(25))
    expect(lessonNow(club).title).toBe('오늘의 1% · 1/24 · 매일 1%, 루틴과 네 가지 습관')
    expect(club.logged.filter(({ msg }) => msg === 'a post could not be edited')).toEqual([])
  })
})

describe('actions', () => {
  test('post: today’s lesson before its time, once', async () => {
    const club = await longClub()
    await lives(club, at(25, 6))
    const both = await Promise.all([0, 1].map(() => club.answer('host', { command: 'club' }, { action: 'post' })))
    expect(both.some((one) => 'card' in one && one.card.text === '오늘 레슨을 채널에 올릴게요.')).toBe(true)
    expect(lessonNow(club).title).toContain('2/30')
    expect(await club.refusal('host', { command: 'club' }, { action: 'post' })).toMatchObject({
      code: 'closed',
      text: '오늘 레슨은 이미 올라왔어요.',
    })
    await lives(club, at(25))
    expect(ownPosts(club).filter(({ key }) => key.startsWith('lesson:'))).toHaveLength(2)
  })

  test('pause and resume: no posts, neutral days, the counter waits', async () => {
    const club = await longClub()
    await answer(club, '미나')
    const card = await club.says('host', '/club', { action: 'pause' })
    expect(labels(card)).toEqual(['다시 시작'])
    const posts = ownPosts(club).length
    await lives(club, at(29))
    expect(ownPosts(club)).toHaveLength(posts)
    expect(await club.refusal('미나', { press: club.button(card, '다시 시작') })).toMatchObject({ code: 'not_allowed' })
    expect(await club.refusal('host', { command: 'club' }, { action: 'pause' })).toMatchObject({ code: 'closed' })
    expect((await club.says('미나', '/today')).text).toContain('운영자가 클럽을 쉬게 했어요')
    expect((await club.says('host', '/club', { action: 'resume' })).text).toMatch(/^다음 레슨: 11월 30일 \(월\) 08:00/)
    expect(await club.refusal('host', { press: '1:resume' })).toMatchObject({ code: 'closed' })
    await lives(club, at(30))
    expect(lessonNow(club).title).toContain('2/30')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 2일')
    expect(await streakOf(club, '미나')).toMatchObject({ freezes: '1 · next one 1/7' })
  })

  test('resume at night posts nothing at night, and “post” still brings the lesson at once', async () => {
    const club = await longClub()
    await club.says('host', '/club', { action: 'pause' })
    await lives(club, at(27, 1))
    const posts = ownPosts(club).length
    await club.says('host', '/club', { action: 'resume' })
    await lives(club, at(27, 7))
    expect(ownPosts(club)).toHaveLength(posts)
    await club.says('host', '/club', { action: 'post' })
    expect(lessonNow(club).title).toContain('2/30')
    await lives(club, at(27, 9))
    expect(ownPosts(club)).toHaveLength(posts + 1)
  })

  test('excuse: a day for all or for one, with a reason that shows; not without one', async () => {
    const club = await longClub()
    await answer(club, '미나', '지훈')
    await lives(club, at(26))
    expect(await club.refusal('host', { command: 'club' }, { action: 'excuse', day: '2026-11-25' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('이유'),
    })
    expect(await club.refusal('host', { command: 'club' }, { action: 'excuse', reason: '정전' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('어느 날'),
    })
    for (const day of ['25', '2027-06-01', '2026-02-30']) {
      expect(await club.refusal('host', { command: 'club' }, { action: 'excuse', day, reason: '정전' })).toMatchObject({
        code: 'bad_input',
      })
    }
    expect(
      await club.refusal('host', { command: 'club' }, { action: 'excuse', day: '2026-11-25', member: '없는이', reason: '정전' }),
    ).toMatchObject({ code: 'bad_input' })
    await club.says('host', '/club', { action: 'excuse', day: '2026-11-25', member: '@미나', reason: '병원' })
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '1 · next one 0/7' })
    expect(await streakOf(club, '지훈')).toMatchObject({ run: 1, freezes: '0 · next one 0/7' })
    await club.says('host', '/club', { action: '하루 봐주기', day: '2026-11-25', reason: '정전' })
    expect(await streakOf(club, '지훈')).toMatchObject({ run: 1, freezes: '1 · next one 0/7' })
    expect((await club.says('지훈', '/streak', { action: 'why' })).text).toContain('**쉼** · 정전')
    expect((await club.says('미나', '/streak', { action: 'why' })).text).toContain('**쉼** · 병원')
  })

  test('organisers name others, take them back, and hand over', async () => {
    const club = await longClub()
    expect(await club.refusal('host', { command: 'club' }, { action: 'organiser' })).toMatchObject({ code: 'bad_input' })
    expect(await club.refusal('host', { command: 'club' }, { action: 'organiser', member: '지훈' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('아직 아무것도 하지 않았어요'),
    })
    await answer(club, '지훈', '소라')
    const named = await club.says('host', '/club', { action: 'organiser', member: '지훈' })
    expect(labels(named)).toEqual(['지훈 운영자 해제', '나는 물러나기'])
    const sora = await club.says('지훈', '/club', { action: 'organiser', member: '소라' })
    expect((await club.presses('지훈', club.button(sora, '나는 물러나기'))).text).toBe('여기서 정한 운영자: 소라')
    expect(await club.refusal('지훈', { command: 'club' })).toMatchObject({ code: 'not_allowed' })
    await club.presses('host', club.button(sora, '소라 운영자 해제'))
    expect(await club.refusal('소라', { command: 'club' })).toMatchObject({ code: 'not_allowed' })
    expect((await club.says('host', '/club')).title).toBe('클럽')
  })

  test('taking back whom nobody named changes nothing, and says who organises', async () => {
    const club = await longClub()
    await answer(club, '지훈')
    await club.says('host', '/club', { action: 'organiser', member: '지훈' })
    const before = await club.club()
    for (const nobody of [':host', ':소라', ':', '']) {
      expect((await club.presses('host', `1:step-down${nobody}`)).text).toBe('여기서 정한 운영자: 지훈')
      expect(await club.club()).toEqual(before)
    }
  })

  test('season: lessons and the season’s board begin anew from the next study day; run and total go on', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25))
    await answer(club, '미나')
    expect((await club.says('host', '/club', { action: 'season' })).text).toMatch(/^다음 레슨: 11월 26일 \(목\) 08:00/)
    expect(await streakOf(club, '미나')).toMatchObject({ run: 2, total: 2 })
    await lives(club, at(26))
    expect(lessonNow(club).title).toContain('1/30')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 3일')
    expect((await club.says('미나', '/leaderboard', { by: 'season' })).fields?.[0]?.value).toContain('1일 · 1위')
    expect((await club.says('미나', '/leaderboard', { by: 'total' })).fields?.[0]?.value).toContain('3일 · 1위')
    await lives(club, at(27))
    expect(lessonNow(club).title).toContain('2/30')
  })
})

test('example members come with three weeks of history and go without a trace', async () => {
  const club = await longClub()
  await answer(club, '미나')
  const before = await club.says('미나', '/leaderboard', { by: 'total' })
  await Promise.all([0, 1].map(() => club.presses('host', '1:examples-add')))
  const board = await club.says('미나', '/leaderboard', { by: 'total' })
  expect(board.fields?.map(({ name, value }) => `${name} ${value.split(' · ')[0]}`).slice(0, 2)).toEqual([
    '예시-가온 21일',
    '예시-나래 19일',
  ])
  expect(board.fields).toHaveLength(6)
  await club.presses('host', '1:examples-remove')
  expect(await club.says('미나', '/leaderboard', { by: 'total' })).toEqual(before)
})

test.each(['discord', 'slack'])('a club on %s takes no example members, whoever forges the press', async (room) => {
  const { app, store, now, close } = runningApp({ courses: courseOf(3) })
  onTestFinished(close)
  const [club, member] = [`${room}:1`, { id: '7', name: 'host' }]
  for (const press of ['1:examples-add', '1:examples-remove']) {
    const answer = await app.handle({ room, club, member, organiser: true, act: { press, input: {} } }, now())
    expect(answer).toMatchObject({ refusal: { code: 'unknown' } })
  }
  expect(await store.members(club, undefined, 10)).toEqual([])
})
