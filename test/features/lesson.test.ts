import { describe, expect, test } from 'vitest'
import type { Course } from '../../src/course/course.ts'
import { answer, at, courseOf, labels, lessonNow, lives, longClub, testClub } from './life.ts'

describe('the post', () => {
  test('is short, with one picture, one question whose options are the buttons, and a hook for the lock screen', async () => {
    const club = await testClub()
    const { card } = club.posted('오늘의 1%')
    expect(card.title).toBe('오늘의 1% · 1/24 · 매일 1%, 루틴과 네 가지 습관')
    expect(labels(card)).toEqual(['A', 'B', 'C', '더 읽기'])
    expect([...(card.hook ?? '')].length).toBeLessThanOrEqual(80)
    expect(card.image?.alt).not.toBe('')
    expect(card.footer).toContain('컨테이너, 흐름으로 읽기 · ')
  })

  test('comes at 08:00 by the club’s own clock, once, in the course’s order', async () => {
    const club = await longClub(30, { at: '2026-11-24T07:00-05:00', zone: 'America/New_York', settings: { locale: 'en' } })
    await lives(club, Date.parse('2026-11-26T07:59-05:00'))
    const lessons = () =>
      club.channel.filter(({ key }) => key.startsWith('lesson:')).map(({ card, at }) => [card.title, new Date(at).toISOString()])
    expect(lessons()).toEqual([
      ["Today's 1% · 1/30 · day 1", '2026-11-24T12:00:00.000Z'],
      ["Today's 1% · 2/30 · day 2", '2026-11-25T13:00:00.000Z'],
    ])
    await lives(club, Date.parse('2026-11-26T08:00-05:00'))
    expect(lessons()).toHaveLength(3)
  })

  test('on Monday carries last week’s top ten, ranks 1 2 2 4, without who is hidden', async () => {
    const club = await longClub()
    await answer(club, '미나', '지훈', '소라', '하람', '숨은이')
    await club.says('숨은이', '/settings', { appear: 'hidden' })
    for (const day of [25, 26]) {
      await lives(club, at(day))
      await answer(club, '미나', '숨은이', ...(day === 25 ? ['지훈', '소라'] : []))
    }
    await lives(club, at(30))
    const board = lessonNow(club).fields?.[0]
    expect(board?.name).toBe('지난주 순위')
    expect(board?.value.split('\n')).toEqual(['1. 미나 · 3일', '2. 지훈 · 2일', '2. 소라 · 2일', '4. 하람 · 1일'])
    await lives(club, at(31))
    expect(lessonNow(club).fields).toBeUndefined()
  })

  test('loses the name of who hides afterwards', async () => {
    const club = await longClub()
    await answer(club, '미나', '지훈')
    await lives(club, at(30))
    expect(lessonNow(club).fields?.[0]?.value).toContain('지훈')
    await club.says('지훈', '/streak', { action: 'hide' })
    await lives(club, at(30, 9.5))
    expect(lessonNow(club).fields?.[0]?.value).toBe('1. 미나 · 1일')
  })

  test('counts who is done, edited at most once a minute, without names', async () => {
    const club = await longClub()
    const post = club.posted('오늘의 1%')
    await answer(club, '미나')
    const { edits } = post
    await answer(club, '지훈')
    await answer(club, '소라')
    expect(post.edits).toBe(edits)
    await club.passes(60_000)
    expect(post.edits).toBe(edits + 1)
    expect(post.card.text).toContain('_오늘 3명 완료_')
    expect(JSON.stringify(post.card)).not.toMatch(/미나|지훈|소라/)
  })
})

describe('/today', () => {
  test('shows the lesson, whether today is done, and the open poll', async () => {
    const club = await testClub()
    const before = await club.says('미나', '/오늘')
    expect(before.title).toMatch(/^오늘의 1% · 1\/24/)
    expect(before.text).toContain('답을 한 번 누르면 채워져요')
    expect(labels(before)).toEqual(['A', 'B', 'C', '더 읽기', '열린 투표 보기'])
    await club.presses('미나', club.button(before, 'C'))
    expect((await club.says('미나', '/today')).text).toContain('오늘은 채웠어요 · 연속 1일')
  })

  test('speaks the member’s language', async () => {
    const club = await testClub()
    expect((await club.says('mina', '/today', {}, 'en-GB')).title).toMatch(/^Today's 1% · 1\/24/)
    await club.says('mina', '/settings', { language: 'ko' })
    expect((await club.says('mina', '/today', {}, 'en-GB')).title).toMatch(/^오늘의 1%/)
  })

  test('before the day’s post shows the latest lesson and when the next one comes', async () => {
    const club = await longClub()
    await lives(club, at(25, 6))
    const card = await club.says('미나', '/today')
    expect(card.title).toMatch(/^지난 레슨 · 1\/30/)
    expect(card.text).toMatch(/다음 레슨: 11월 25일 \(?수\)? 08:00/)
  })

  test('in a club that was not started says so', async () => {
    const club = await testClub({ started: false })
    expect((await club.says('미나', '/today')).text).toContain('클럽이 아직 시작하지 않았어요')
    expect(await club.refusal('미나', { command: 'lesson' })).toMatchObject({ code: 'closed' })
  })

  test('still answers when the author has taken the latest lesson away', async () => {
    const club = await longClub(5)
    await lives(club, at(25))
    const [course] = courseOf(5)
    await club.rewrites(course ? [{ ...course, lessons: course.lessons.filter(({ id }) => id !== 'L2') }] : [])
    expect((await club.says('미나', '/today')).title).toMatch(/^지난 레슨 · 1\/4/)
    expect(await club.refusal('미나', { press: '1:more:L2' })).toMatchObject({ code: 'unknown' })
    // The post of the lesson that is gone can no longer be drawn: that is said in the log, and not for ever.
    await club.says('미나', '/checkin', { note: '한 줄' })
    const failures = () => club.logged.filter(({ msg }) => msg === 'a post could not be edited').length
    expect(failures()).toBe(1)
    await club.passes(300_000)
    expect(failures()).toBe(2)
    await club.away('2026-11-28T05:00+09:00')
    expect(failures()).toBe(3)
    await lives(club, at(29))
    expect(failures()).toBe(3)
  })
})

describe('/lesson', () => {
  test('lists all lessons, and opens one by number, id or words of either language', async () => {
    const club = await testClub()
    expect((await club.says('미나', '/lesson')).text).toMatch(/^1\. 매일 1%.*\n2\. /)
    for (const which of ['3', 'l03', '세 가지 오해', '오해 뿌리', 'Three myths']) {
      expect((await club.says('미나', '/레슨', { 번호: which })).title).toBe('레슨 · 3/24 · 세 가지 오해와 그 뿌리')
    }
    const several = await club.says('미나', '/lesson', { which: '리눅스' })
    expect(several.title).toMatch(/여럿이에요$|^레슨 · /)
  })

  test('refuses what fits no lesson, and says what would', async () => {
    const club = await testClub()
    for (const which of ['0', '25', '99', '000', '없는낱말', '99999999999999999999']) {
      expect(await club.refusal('미나', { command: 'lesson' }, { which })).toMatchObject({
        code: 'bad_input',
        text: expect.stringContaining('1부터 24 사이의 번호'),
      })
    }
  })

  test('read more, then the whole, then back to the question: each for the reader alone', async () => {
    const club = await testClub()
    const before = club.channel.length
    const more = await club.presses('미나', club.button(lessonNow(club), '더 읽기'))
    expect(more.text.length).toBeGreaterThan(100)
    const full = await club.presses('미나', club.button(more, '본문 전체'))
    expect(full.text.length).toBeGreaterThan(more.text.length)
    const question = await club.presses('미나', club.button(full, '질문으로'))
    expect(labels(question)).toEqual(['A', 'B', 'C'])
    expect((await club.presses('미나', club.button(question, 'C'))).title).toBe('✔ C, 맞아요')
    expect(club.channel).toHaveLength(before)
  })

  test('a button of a season that this club never had opens nothing', async () => {
    const club = await testClub()
    const season = (await club.club()).seasons.at(-1)?.from
    for (const name of ['more', 'full', 'lab', 'sources']) {
      expect((await club.presses('미나', `1:${name}:${season}:L06`)).title).not.toBe('')
      for (const other of ['2026-11-23', '2027-01-04', ''])
        expect(await club.refusal('미나', { press: `1:${name}:${other}:L06` })).toMatchObject({ code: 'unknown' })
    }
  })
})

describe('a correction', () => {
  const corrected = (courses: readonly Course[], title: string): Course[] =>
    courses.map((course) => ({
      ...course,
      lessons: course.lessons.map((lesson) =>
        lesson.id === 'L1' ? { ...lesson, text: { ...lesson.text, ko: { ...(lesson.text.ko ?? fail()), title } } } : lesson,
      ),
    }))
  const fail = (): never => {
    throw new Error('no Korean text')
  }

  test('edits the post, keeps its buttons, and posts nothing', async () => {
    const courses = courseOf(5)
    const club = await testClub({ courses })
    await lives(club, at(25))
    const posts = club.channel.length
    const [first] = club.channel
    await club.rewrites(corrected(courses, '고쳐 쓴 제목'))
    expect(first?.card.title).toBe('오늘의 1% · 1/5 · 고쳐 쓴 제목')
    expect(club.channel).toHaveLength(posts)
    const { edits } = first ?? { edits: 0 }
    await club.rewrites(corrected(courses, '고쳐 쓴 제목'))
    expect(first?.edits).toBe(edits)
    await club.rewrites(courses)
    expect(first?.card.title).toBe('오늘의 1% · 1/5 · day 1')
    expect((await club.presses('미나', club.button(first?.card ?? { text: '' }, 'A'))).title).toBe('✔ A, 맞아요')
  })
})
