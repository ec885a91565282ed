import { describe, expect, test } from 'vitest'
import type { TestClub } from '../support/testClub.ts'
import { answer, at, courseOf, labels, lessonNow, lives, longClub, streakOf, testClub } from './life.ts'

/** Answers on each of these days at 09:00. */
async function answersOn(club: TestClub, member: string, ...days: number[]) {
  let last = { text: '' }
  for (const day of days) {
    await lives(club, at(day))
    last = (await answer(club, member))[0] ?? last
  }
  return last
}
const week = [24, 25, 26, 27, 28, 29, 30]

describe('/streak', () => {
  test('is the numbers and the calendar picture, with its facts in words', async () => {
    const club = await testClub()
    const empty = await club.says('미나', '/연속')
    expect(empty.fields?.map(({ name, value }) => `${name} ${value}`)).toEqual([
      '연속 0일',
      '최고 0일',
      '누적 0일',
      '여유권 0개 · 다음 여유권까지 0/7',
    ])
    expect(labels(empty)).toEqual(['왜 이럴까?'])
    await answer(club, '미나')
    const card = await club.says('미나', '/streak')
    expect(card.title).toBe('미나의 연속 기록')
    expect(card.image?.alt).toContain('완료 1일')
    expect(card.image?.picture).toMatchObject({ kind: 'calendar', weekdays: ['월', '화', '수', '목', '금', '토', '일'] })
    const { picture } = card.image ?? {}
    if (picture?.kind !== 'calendar') throw new Error('no calendar')
    expect(picture.days).toHaveLength(15 * 7)
    expect(picture.days.find(({ day }) => day === '2026-11-24')?.mark).toBe('counted')
    expect(labels(card)).toEqual(['공유', '왜 이럴까?'])
  })

  test('in English', async () => {
    const club = await testClub()
    await answer(club, 'mina')
    const card = await club.says('mina', '/streak', {}, 'en')
    expect(card.fields?.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'Run: 1 day',
      'Best: 1 day',
      'Total: 1 day',
      'Freezes: 1 · next one 0/7',
    ])
    expect((await club.says('mina', '/streak', { action: 'why' }, 'en')).text).toBe('- Nov 24 (Tue) **done** · answered')
  })

  test('of another member; a hidden, an unknown and an idle one get the same words', async () => {
    const club = await testClub()
    await answer(club, '미나', '숨은이')
    await club.says('숨은이', '/streak', { action: '숨기기' })
    await club.says('설정만', '/settings', { language: 'ko' })
    const card = await club.says('지훈', '/streak', { 누구: '@미나' })
    expect(card.title).toBe('미나의 연속 기록')
    expect(labels(card)).toEqual([])
    for (const member of ['숨은이', '없는이', '설정만']) {
      expect(await club.refusal('지훈', { command: 'streak' }, { member })).toEqual({
        code: 'bad_input',
        text: `“${member}”의 기록은 보여 드릴 것이 없어요.`,
      })
    }
    expect((await club.says('숨은이', '/streak', { member: '@숨은이' })).text).toContain('숨김 상태라 나만 볼 수 있어요')
  })

  test('hide, show, off and on', async () => {
    const club = await testClub()
    await answer(club, '미나')
    expect((await club.says('미나', '/streak', { action: 'hide' })).text).toContain('다른 사람의 화면에 나오지 않아요')
    expect((await club.says('미나', '/연속', { 할일: '보이기' })).text).toBe('순위표에 **미나**로 보여요.')
    const off = await club.says('미나', '/streak', { action: 'off' })
    expect(labels(off)).toEqual(['이름으로 보이기', '모두 지우기'])
    expect((await club.says('미나', '/streak')).text).toContain('지금은 기록을 남기지 않아요')
    expect((await club.presses('미나', club.button(off, '이름으로 보이기'))).title).toBe('이름으로')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
  })
})

describe('a freeze', () => {
  test('holds the run over a missed day, and the next act says so first', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25)
    const back = await answersOn(club, '미나', 27)
    expect(back.text.split('\n\n')[0]).toBe('여유권이 연속을 지켜 줬어요 (0개 남음)')
    expect(back.text).toContain('**오늘 1% 완료** · 연속 3일')
    expect((await club.says('미나', '/streak', { action: 'why' })).text.split('\n')).toEqual([
      '- 11월 27일 (금) **완료** · 질문에 답함',
      '- 11월 26일 (목) **여유권**',
      '- 11월 25일 (수) **완료** · 질문에 답함',
      '- 11월 24일 (화) **완료** · 질문에 답함',
    ])
    expect((await answersOn(club, '미나', 28)).text).not.toContain('여유권')
  })

  test('comes anew after seven more days, two at most', async () => {
    const club = await longClub()
    await answersOn(club, '미나', ...week)
    expect((await streakOf(club, '미나')).freezes).toBe('1 · next one 6/7')
    await answersOn(club, '미나', 31)
    expect((await streakOf(club, '미나')).freezes).toBe('2 (full)')
  })
})

describe('after a longer gap', () => {
  test('the first act says: new run, best, total; no zero, no blame', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25, 26)
    const back = await answersOn(club, '미나', 31)
    expect(back.text.split('\n\n')[0]).toBe('새로운 연속 1일째 · 최고 3일 · 누적 4일')
    expect(back.text).not.toContain('0일')
    expect(labels(back)).not.toContain('빈 날 복구하기')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, best: 3, total: 4 })
  })

  test('the numbers are right before any act, however long nobody looked', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25, 26)
    await lives(club, at(29, 3))
    expect(await streakOf(club, '미나')).toMatchObject({ run: 3, best: 3 })
    await lives(club, at(29, 5))
    expect(await streakOf(club, '미나')).toMatchObject({ run: 0, best: 3, total: 3 })
    expect((await club.says('지훈', '/leaderboard', { by: 'run' })).fields).toBeUndefined()
  })
})

describe('a repair', () => {
  test('from the missed day’s question to the mended run', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25)
    await lives(club, at(28, 9))
    // The 26th took the freeze, the 27th is missed.
    const card = await club.says('미나', '/streak')
    const press = club.button(card, '빈 날 복구하기')
    const asked = await club.presses('미나', press)
    expect(asked.text).toBe('11월 27일을 되살리려면 먼저 그날의 질문에 답하고, 복구를 한 번 더 눌러 주세요.')
    const question = await club.presses('미나', club.button(asked, '그날의 질문 열기'))
    expect(question.title).toBe('지난 레슨 · 4/30 · day 4')
    const verdict = await club.presses('미나', club.button(question, 'A'))
    expect(verdict.text.split('\n\n')[0]).toBe('새로운 연속 1일째 · 최고 2일 · 누적 3일')
    const mended = await club.presses('미나', club.button(verdict, '빈 날 복구하기'))
    expect(mended.text).toBe('11월 27일을 되살렸어요. 연속 3일, 그대로 이어져요.')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 3, best: 3, total: 3 })
    expect((await club.says('미나', '/streak', { action: 'why' })).text).toContain('11월 27일 (금) **복구**')
    expect(await club.refusal('미나', { press })).toMatchObject({ code: 'closed' })
  })

  test('asks for today’s act too, and two presses at once mend once', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25)
    await lives(club, at(28, 9))
    const question = await club.presses('미나', '1:reopen:2026-11-27')
    await lives(club, at(29, 3))
    await club.presses('미나', club.button(question, 'A'))
    await lives(club, at(29, 9))
    expect((await club.presses('미나', '1:repair')).text).toContain('먼저 오늘의 1%를 채우고')
    await answer(club, '미나')
    const both = await Promise.all([0, 1].map(() => club.answer('미나', { press: '1:repair' }, {})))
    expect(both.some((one) => 'card' in one && one.card.text.includes('그대로 이어져요'))).toBe(true)
    expect((await club.store.member(club.id, '미나'))?.repairs).toEqual([{ missed: '2026-11-27', pressed: '2026-11-29' }])
    expect(await streakOf(club, '미나')).toMatchObject({ run: 4, total: 4 })
  })

  test('is not to be had after the second study day, or for two missed days', async () => {
    const club = await longClub()
    await answersOn(club, '늦은이', 24, 25)
    await answersOn(club, '둘', 24, 25)
    await lives(club, at(28, 9))
    expect(labels(await club.says('둘', '/streak'))).toContain('빈 날 복구하기')
    await lives(club, at(30, 9))
    for (const member of ['늦은이', '둘']) {
      expect(labels(await club.says(member, '/streak'))).not.toContain('빈 날 복구하기')
      expect(await club.refusal(member, { press: '1:repair' })).toMatchObject({
        code: 'closed',
        text: expect.stringContaining('30일에 한 번'),
      })
    }
  })

  test('is to be had once in 30 days', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25)
    await lives(club, at(28))
    await club.presses('미나', club.button(await club.presses('미나', '1:reopen:2026-11-27'), 'A'))
    expect((await club.presses('미나', '1:repair')).text).toContain('그대로 이어져요')
    // The 29th is missed, with no freeze left.
    const back = await answersOn(club, '미나', 30)
    expect(back.text).toContain('새로운 연속 1일째')
    expect(labels(back)).not.toContain('빈 날 복구하기')
    expect(await club.refusal('미나', { press: '1:repair' })).toMatchObject({ code: 'closed' })
    // Excused afterwards, the day of the repair needed none, and the press is given back.
    await club.says('host', '/club', { action: 'excuse', day: '2026-11-27', member: '미나', reason: '병원' })
    expect(labels(await club.says('미나', '/streak'))).toContain('빈 날 복구하기')
  })

  test('where no lesson was posted a note does it', async () => {
    const courses = courseOf(30)
    const club = await testClub({ courses })
    await answersOn(club, '미나', 24, 25)
    await lives(club, at(27, 7))
    await club.rewrites([])
    await lives(club, at(27, 9))
    await club.rewrites(courses)
    await lives(club, at(28))
    const asked = await club.presses('미나', club.button(await club.says('미나', '/streak'), '빈 날 복구하기'))
    expect(asked.text).toContain('11월 27일에는 올라온 레슨이 없었어요')
    const form = await club.form('미나', { press: club.button(asked, '한 줄 남기기') })
    const line = await club.presses('미나', form.submit, { note: '오늘의 한 줄' })
    expect((await club.presses('미나', club.button(line, '빈 날 복구하기'))).text).toContain('연속 3일, 그대로 이어져요')
  })

  test('is not needed where the lesson never came: its day is excused', async () => {
    const club = await longClub()
    await answersOn(club, '미나', 24, 25)
    await lives(club, at(27, 7))
    club.trouble.refuse = Number.MAX_SAFE_INTEGER
    await lives(club, at(28, 4.1))
    club.trouble.refuse = 0
    await lives(club, at(28, 9))
    expect(labels(await club.says('미나', '/streak'))).not.toContain('빈 날 복구하기')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 3일')
    expect((await club.says('미나', '/streak', { action: 'why' })).text).toContain('11월 27일 (금) **쉼** · 서비스가 멈췄던 날')
  })
})

describe('a milestone', () => {
  test('is told privately with a share button; sharing is one message a day', async () => {
    const club = await longClub()
    const third = await answersOn(club, '미나', 24, 25, 26)
    expect(third.text).toContain('🎉 연속 3일! 공유하기 전에는 나만 보는 소식이에요.')
    const posts = club.channel.length
    await Promise.all([0, 1].map(() => club.presses('미나', club.button(third, '공유'))))
    await club.presses('미나', club.button(await club.says('미나', '/streak'), '공유'))
    expect(club.channel).toHaveLength(posts + 1)
    expect(club.channel.at(-1)).toMatchObject({ by: '미나', card: { text: '**미나** · 연속 3일', hook: '미나의 공유' } })
    const fourth = await answersOn(club, '미나', 27)
    expect(fourth.text).not.toContain('🎉')
    expect(labels(fourth)).not.toContain('공유')
  })
})

test('the receipt names pauses, excuses and days off', async () => {
  const club = await longClub()
  await answersOn(club, '미나', 24)
  await club.says('host', '/club', { set: 'holidays', to: '2026-11-27' })
  await lives(club, at(25))
  await club.says('미나', '/pause', { until: '1' })
  await club.says('host', '/club', { action: 'excuse', day: '2026-11-26', reason: '송년회' })
  await lives(club, at(28))
  const card = await club.says('미나', '/streak', { action: 'why' })
  expect(card.text.split('\n')).toEqual([
    '- 11월 28일 (토) **오늘**',
    '- 11월 27일 (금) **쉬는 날**',
    '- 11월 26일 (목) **쉼** · 송년회',
    '- 11월 25일 (수) **쉼** · 휴식',
    '- 11월 24일 (화) **완료** · 질문에 답함',
  ])
  expect(card.footer).toBe('Asia/Seoul 시계로 센 날짜예요')
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '1 · next one 0/7' })
  expect(lessonNow(club).title).toContain('4/30')
})
