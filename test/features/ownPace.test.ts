import { describe, expect, test } from 'vitest'
import { answer, at, courseOf, labels, lessonNow, lives, longClub, streakOf, testClub } from './life.ts'

const ninthDay = async () => {
  const club = await longClub()
  await lives(club, at(28))
  // A club in which nobody acts falls quiet.
  await answer(club, '미나')
  await lives(club, at(32))
  expect(lessonNow(club).title).toBe('오늘의 1% · 9/30 · day 9')
  return club
}

describe('who joins on day 9', () => {
  test('starts at lesson 1 and goes on lesson by lesson, while the club’s post stays in step', async () => {
    const club = await ninthDay()
    const today = await club.says('소라', '/오늘')
    expect(today.title).toBe('오늘의 1% · 9/30 · day 9')
    expect(today.text).toContain('클럽은 9번째 레슨까지 왔어요')
    for (const n of [1, 2, 3]) {
      const card = n === 1 ? await club.presses('소라', club.button(today, '내 다음 1% · 1/30')) : await club.presses('소라', '1:own-next')
      expect(card.title).toBe(`내 다음 1% · ${n}/30 · day ${n}`)
      const verdict = await club.presses('소라', club.button(card, 'A'))
      expect(verdict.text).toContain(n === 1 ? '**오늘 1% 완료** · 연속 1일' : '이미 채웠어요')
      expect(labels(verdict)).toContain(`내 다음 1% · ${n + 1}/30`)
    }
    expect(lessonNow(club).title).toBe('오늘의 1% · 9/30 · day 9')
    expect(await streakOf(club, '소라')).toMatchObject({ run: 1, total: 1 })
    expect((await club.says('소라', '/오늘')).text).not.toContain('1번부터')
    await lives(club, at(33))
    expect(labels(await club.says('소라', '/오늘'))).toContain('내 다음 1% · 4/30')
  })

  test('may answer the club’s post first, and is shown the way to lesson 1 from there', async () => {
    const club = await ninthDay()
    const [verdict] = await answer(club, '소라')
    expect(labels(verdict ?? { text: '' })).toContain('내 다음 1% · 1/30')
    const card = await club.presses('소라', '1:own-next')
    expect(labels(card)).toEqual(['A', 'B', '더 읽기'])
  })

  test('in English', async () => {
    const club = await ninthDay()
    const today = await club.says('leo', '/today', {}, 'en')
    expect(today.text).toContain('The club has come to lesson 9. You can begin with lesson 1')
    expect((await club.presses('leo', club.button(today, 'My next 1% · 1/30'), {}, 'en')).title).toBe('My next 1% · 1/30 · day 1')
  })
})

test('who is in step sees no such button, and the press says when the next lesson comes', async () => {
  const club = await longClub()
  const [verdict] = await answer(club, '미나')
  expect(labels(verdict ?? { text: '' }).filter((label) => label.startsWith('내 다음'))).toEqual([])
  expect(labels(await club.says('미나', '/오늘')).filter((label) => label.startsWith('내 다음'))).toEqual([])
  expect((await club.presses('미나', '1:own-next')).text).toMatch(/^클럽과 나란히 왔어요[\s\S]*다음 레슨: /)
})

test('who keeps no record has no pace of their own, and goes with the club', async () => {
  const club = await ninthDay()
  await club.says('소라', '/연속', { 할일: '기록 끄기' })
  expect(labels(await club.says('소라', '/오늘'))).toEqual(['A', 'B', '더 읽기'])
})

test('before the club starts there is no pace either', async () => {
  const club = await testClub({ courses: courseOf(3), started: false })
  expect(await club.refusal('미나', { press: '1:own-next' })).toMatchObject({ code: 'closed' })
})

test('a new season is a new way: everybody starts at lesson 1 again', async () => {
  const club = await longClub()
  await answer(club, '미나')
  await lives(club, at(26))
  await answer(club, '미나')
  await club.says('host', '/club', { action: 'season' })
  await lives(club, at(28))
  expect(lessonNow(club).title).toContain('2/30')
  expect(labels(await club.says('미나', '/오늘'))).toContain('내 다음 1% · 1/30')
})

test('the list of lessons marks what was answered, and leads on', async () => {
  const club = await ninthDay()
  await club.presses('소라', club.button(await club.presses('소라', '1:own-next'), 'A'))
  const list = await club.says('소라', '/레슨')
  expect(list.text.split('\n').slice(0, 2)).toEqual(['1. day 1 ✔', '2. day 2'])
  expect(labels(list)).toEqual(['내 다음 1% · 2/30'])
})
