import { describe, expect, test } from 'vitest'
import type { TestClub } from '../support/testClub.ts'
import { answer, at, courseOf, labels, lessonNow, lives, longClub, ours, ownPosts, streakOf, testClub } from './life.ts'

const quietLine = '공부하는 날로 일주일 동안 다녀간 사람이 없어서 클럽이 잠시 쉬어요. 잃는 것은 없어요.'

describe('a club where nobody acted for 7 study days', () => {
  /** Started on the 24th; 미나 answers that day, and then nobody. The line is due on December 2nd. */
  async function quietClub() {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(31, 9))
    expect(lessonNow(club).title).toContain('8/30')
    await lives(club, at(32, 9))
    return club
  }
  const line = (club: TestClub) => club.channel.filter(({ card }) => card.text === quietLine)

  test('gets one line instead of a lesson, and is then quiet', async () => {
    const club = await quietClub()
    expect(line(club)).toHaveLength(1)
    expect(labels(line(club)[0]?.card ?? { text: '' })).toEqual(['다시 시작'])
    const posts = club.channel.length
    await lives(club, at(50))
    expect(club.channel).toHaveLength(posts)
    expect(await club.app.nextDueAt()).toBeUndefined()
    expect((await club.says('미나', '/today')).text).toContain('클럽이 조용히 쉬고 있어요')
    expect((await club.says('host', '/club')).text).toContain('클럽이 조용히 쉬고 있어요')
  })

  test('anybody resumes it: the lesson that waited comes on the next study day, and the days between were neutral', async () => {
    const club = await quietClub()
    await lives(club, at(40, 10))
    await club.says('지훈', '/checkin', { note: '쉬는 동안에도' })
    await lives(club, at(45, 10))
    const posts = club.channel.length
    const button = club.button(line(club)[0]?.card ?? { text: '' }, '다시 시작')
    const both = await Promise.all([0, 1].map(() => club.answer('지훈', { press: button }, {})))
    expect(both.map((one) => ('card' in one ? one.card.text : one))[0]).toMatch(/^다음 레슨: 12월 16일 \(수\) 08:00/)
    await lives(club, at(46, 7.9))
    expect(club.channel).toHaveLength(posts)
    await lives(club, at(46, 9))
    expect(lessonNow(club).title).toContain('9/30')
    expect((await answer(club, '지훈'))[0]?.text).toContain('연속 2일')
    expect(await club.refusal('지훈', { press: button })).toMatchObject({ code: 'closed' })
    await lives(club, at(47))
    expect(lessonNow(club).title).toContain('10/30')
  })

  test('resumed on the day of the line it goes on the next day, and does not fall quiet again at once', async () => {
    const club = await quietClub()
    await club.presses('미나', '1:resume')
    await lives(club, at(33))
    expect(lessonNow(club).title).toContain('9/30')
    expect(line(club)).toHaveLength(1)
    await lives(club, at(39, 9))
    expect(lessonNow(club).title).toContain('15/30')
    await lives(club, at(45, 9))
    expect(line(club)).toHaveLength(2)
  })

  test('in English', async () => {
    const club = await longClub(30, { settings: { locale: 'en' } })
    await lives(club, at(33))
    expect(club.channel.at(-1)?.card).toMatchObject({
      text: 'Nobody was here for a week of study days, so the club rests. Nothing is lost.',
      buttons: [{ label: 'Resume' }],
    })
    expect((await club.presses('mina', '1:resume')).text).toMatch(/^Next lesson: Fri, Dec 4/)
  })
})

describe('the end of a course', () => {
  /** Three lessons, on the 24th to the 26th; the look-back comes on the 27th. */
  async function endedClub(courses = courseOf(3)) {
    const club = await testClub({ courses })
    await answer(club, '미나', '지훈')
    for (const day of [25, 26]) {
      await lives(club, at(day))
      await answer(club, '미나')
    }
    await lives(club, at(27))
    return club
  }
  const choices = ['2주 복습', '새 기수', '다른 코스', '마치기']

  test('is one look-back card with the season’s board, and then nothing', async () => {
    const club = await endedClub()
    const post = club.posted('걸어온 길')
    expect(post.card.text).toMatch(/레슨 3개를 지나왔어요[\s\S]*1\. day 1\n2\. day 2\n3\. day 3/)
    expect(post.card.fields?.map(({ name, value }) => `${name} ${value.slice(0, 2)}`)).toEqual(['미나 3일', '지훈 1일'])
    expect(post.card.image?.picture.kind).toBe('board')
    expect(labels(post.card)).toEqual(['내 요약', ...choices])
    const posts = club.channel.length
    await lives(club, at(45))
    expect(club.channel).toHaveLength(posts)
    expect(await streakOf(club, '미나')).toMatchObject({ run: 3, freezes: '1 · next one 2/7' })
    expect((await club.says('미나', '/today')).text).toContain('코스가 끝났어요')
  })

  test('each member’s own summary is private', async () => {
    const club = await endedClub()
    const posts = club.channel.length
    const card = await club.presses('미나', club.button(club.posted('걸어온 길').card, '내 요약'))
    expect(card).toMatchObject({ title: '나의 이번 기수', text: '공부한 날 3일 · 답한 질문 3개, 그 가운데 3개는 한 번에 맞혔어요.' })
    expect((await club.presses('소라', '1:summary')).text).toContain('공부한 날 0일')
    expect((await club.presses('mina', '1:summary', {}, 'en')).title).toBe('Your season')
    expect(club.channel).toHaveLength(posts)
  })

  test('only an organiser chooses what comes next, once', async () => {
    const club = await endedClub()
    const { card } = club.posted('걸어온 길')
    for (const label of choices)
      expect(await club.refusal('미나', { press: club.button(card, label) })).toMatchObject({ code: 'not_allowed' })
    expect(await club.refusal('미나', { press: '1:resume' })).toMatchObject({ code: 'not_allowed' })
    expect(labels(await club.presses('host', '1:resume'))).toEqual(choices)
    await club.presses('host', club.button(card, '새 기수'))
    await lives(club, at(28))
    for (const label of choices) expect(await club.refusal('host', { press: club.button(card, label) })).toMatchObject({ code: 'closed' })
    expect((await club.club()).seasons).toHaveLength(2)
  })

  test('a new season restarts lessons and the season’s board from the next study day', async () => {
    const club = await endedClub()
    await club.presses('host', '1:next:season')
    await lives(club, at(28))
    expect(lessonNow(club).title).toContain('1/3')
    const [verdict] = await answer(club, '미나')
    expect(verdict?.title).toBe('✔ A, 맞아요')
    expect(verdict?.text).toContain('연속 4일')
    expect((await club.says('미나', '/leaderboard', { by: 'season' })).fields?.map(({ value }) => value.split(' ')[0])).toEqual(['1일'])
    expect((await club.presses('지훈', '1:summary')).text).toContain('공부한 날 0일 · 답한 질문 0개')
  })

  test('review: two weeks of posts, the most missed first, whose answers are acts of their own', async () => {
    const club = await endedClub()
    await club.presses('지훈', '1:answer:2026-11-24:L2:0:1')
    await club.presses('host', '1:next:review')
    expect(await club.refusal('host', { press: '1:next:review' })).toMatchObject({ code: 'closed' })
    for (let day = 28; day < 42; day++) {
      await lives(club, at(day))
      expect(lessonNow(club).title, String(day)).toMatch(/^다시 보기 · /)
      if (day === 28) expect(lessonNow(club).title).toContain('day 2')
      const [verdict] = await answer(club, '미나')
      expect(verdict?.text).toContain(`연속 ${day - 24}일`)
    }
    const reviews = ownPosts(club).filter(({ card }) => card.title?.startsWith('다시 보기'))
    expect(reviews).toHaveLength(14)
    await lives(club, at(42))
    expect(club.channel.at(-1)?.card.title).toMatch(/^걸어온 길/)
    // A review that was never posted is nobody's.
    for (const press of ['1:review:2026-11-30:L9:0:0', '1:review:2020-01-01:L1:0:0', '1:review:2026-11-28:L1:0:0']) {
      expect(await club.refusal('미나', { press })).toMatchObject({ code: 'unknown' })
    }
  })

  test('another course: from those there are', async () => {
    const alone = await endedClub()
    expect((await alone.presses('host', '1:next:course')).text).toContain('아직 다른 코스가 없어요')
    const club = await endedClub([...courseOf(3), ...ours])
    const asked = await club.presses('host', club.button(club.posted('걸어온 길').card, '다른 코스'))
    expect(labels(asked)).toEqual(['컨테이너, 흐름으로 읽기'])
    for (const press of ['1:next:course:nothing', '1:next', '1:next:everything'])
      expect(await club.refusal('host', { press })).toMatchObject({ code: 'unknown' })
    await club.presses('host', club.button(asked, '컨테이너, 흐름으로 읽기'))
    await lives(club, at(28))
    expect(lessonNow(club).title).toBe('오늘의 1% · 1/24 · 매일 1%, 루틴과 네 가지 습관')
    expect((await club.says('host', '/club')).fields?.[0]?.value).toBe('컨테이너, 흐름으로 읽기')
  })

  test('finish: silence, and a way back', async () => {
    const club = await endedClub()
    expect((await club.presses('host', '1:next:finish')).text).toContain('클럽을 마쳤어요')
    const posts = club.channel.length
    await lives(club, at(45))
    expect(club.channel).toHaveLength(posts)
    expect((await club.says('미나', '/today')).text).toContain('클럽을 마쳤어요')
    expect(labels(await club.says('host', '/club', { action: 'resume' }))).toEqual(choices)
    await club.presses('host', '1:next:season')
    await lives(club, at(46))
    expect(lessonNow(club).title).toContain('1/3')
  })
})
