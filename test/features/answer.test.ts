import { describe, expect, test } from 'vitest'
import { answer, at, labels, lessonNow, lives, longClub, streakOf, testClub } from './life.ts'

test('one tap answers, says why and moves the streak', async () => {
  const club = await testClub()
  const lesson = club.posted('오늘의 1%')
  const verdict = await club.presses('미나', club.button(lesson.card, 'C'))
  expect(verdict.title).toBe('✔ C, 맞아요')
  expect(verdict.text).toContain('**오늘 1% 완료** · 연속 1일')
  expect((await club.says('미나', '/streak')).fields?.map(({ value }) => value)).toEqual(['1일', '1일', '1일', '1개 · 다음 여유권까지 0/7'])
  expect(club.posted('오늘의 1%').card.text).toContain('오늘 1명 완료')
})

test('in English', async () => {
  const club = await testClub({ settings: { locale: 'en' } })
  const verdict = await club.presses('mina', club.button(club.posted("Today's 1%").card, 'A'))
  expect(verdict.title).toBe('Not A, it is C')
  expect(verdict.text).toContain('1% is done** · run: 1 day')
  expect(club.posted("Today's 1%").card.text).toContain('1 done today')
})

test('a wrong answer counts as much, and says what is right and why', async () => {
  const club = await testClub()
  const verdict = await club.presses('미나', club.button(lessonNow(club), 'A'))
  expect(verdict.title).toBe('A 말고 C예요')
  expect(verdict.text).toContain('\n\n**C** · ')
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
})

test('the first answer stands; another tap shows the other remark and counts nothing', async () => {
  const club = await testClub()
  await club.presses('미나', club.button(lessonNow(club), 'A'))
  const again = await club.presses('미나', club.button(lessonNow(club), 'C'))
  expect(again.text).toContain('처음 고른 답은 **A**')
  expect((await club.says('미나', '/data')).fields?.slice(0, 3).map(({ value }) => value)).toEqual(['1', '0', '1'])
})

test('two taps at once act once', async () => {
  const club = await testClub()
  const [a, c] = ['A', 'C'].map((letter) => club.button(lessonNow(club), letter))
  const verdicts = await Promise.all([club.presses('미나', a ?? ''), club.presses('미나', c ?? '')])
  expect(verdicts.filter(({ text }) => text.includes('오늘 1% 완료'))).toHaveLength(1)
  expect(verdicts.filter(({ text }) => text.includes('처음 고른 답은'))).toHaveLength(1)
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
  expect(club.posted('오늘의 1%').card.text).toContain('오늘 1명 완료')
})

test('two members at once are both counted', async () => {
  const club = await testClub()
  await Promise.all(['미나', '지훈'].map((member) => club.presses(member, club.button(lessonNow(club), 'C'))))
  for (const member of ['미나', '지훈']) expect(await streakOf(club, member)).toMatchObject({ run: 1 })
  await club.passes(120_000)
  expect(club.posted('오늘의 1%').card.text).toContain('오늘 2명 완료')
})

test('the first act introduces the boards, with a tap each for a nickname, hidden and no record; the second does not', async () => {
  const club = await longClub()
  const [first] = await answer(club, '미나')
  expect(first?.text).toContain('순위표에는 **미나**로 보여요')
  expect(labels(first ?? { text: '' })).toEqual(['한 줄 남기기', '더 읽기', '별명 쓰기', '숨기기', '기록 안 남기기'])
  await lives(club, at(25))
  const [second] = await answer(club, '미나')
  expect(second?.text).not.toContain('순위표에는')
  expect(labels(second ?? { text: '' })).toEqual(['한 줄 남기기', '더 읽기'])
})

test('the verdict leads to one line, and to the next question where there is one', async () => {
  const club = await testClub()
  const verdict = await club.presses('미나', club.button(lessonNow(club), 'C'))
  const form = await club.form('미나', { press: club.button(verdict, '한 줄 남기기') })
  expect(form.fields).toMatchObject([{ name: 'note', type: 'paragraph', required: true, max: 300 }])
  const kept = await club.presses('미나', form.submit, { note: '지도를 그렸다' })
  expect(kept.text).toContain('> 지도를 그렸다')
  expect(kept.text).toContain('오늘 1%는 이미 채웠어요 · 연속 1일')
})

describe('an answer given ahead by /lesson', () => {
  test('is kept, and a tap on the lesson’s own day still makes the day', async () => {
    const club = await longClub()
    const ahead = await club.says('미나', '/lesson', { which: '2' })
    await club.presses('미나', club.button(ahead, 'B'))
    await lives(club, at(25))
    const [tapped] = await answer(club, '미나')
    expect(tapped?.text).toContain('처음 고른 답은 **B**')
    expect(tapped?.text).toContain('**오늘 1% 완료** · 연속 2일')
    await answer(club, '미나')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 2, total: 2 })
    expect((await club.says('미나', '/data')).fields?.[0]?.value).toBe('2')
  })
})

test('at 00:40 and at 03:59 it is still the day before', async () => {
  const club = await longClub()
  await lives(club, at(25, 3.9))
  await answer(club, '미나')
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1 })
  await lives(club, at(25, 4.1))
  expect((await club.says('미나', '/today')).text).toContain('오늘은 아직 열려 있어요 · 지금까지 연속 1일')
})

test('the platform’s stamp decides the day, unless it lies in the future or a day back', async () => {
  const club = await longClub()
  await lives(club, at(25, 4.01))
  const tap = (as: string, stamp: number) =>
    club.app.handle(
      {
        room: 'web',
        club: club.id,
        member: { id: as, name: as },
        organiser: false,
        at: stamp,
        act: { press: club.button(lessonNow(club), 'A'), input: {} },
      },
      club.now(),
    )
  await tap('미나', at(25, 3.99))
  await tap('지훈', at(25, 5))
  await tap('소라', at(23, 5))
  const days = await Promise.all(['미나', '지훈', '소라'].map(async (as) => (await club.store.acts(club.id, as)).map(({ day }) => day)))
  expect(days).toEqual([['2026-11-24'], ['2026-11-25'], ['2026-11-25']])
})

test('without record the verdict is the same and nothing is kept', async () => {
  const club = await testClub()
  await club.says('미나', '/streak', { action: 'off' })
  const verdict = await club.presses('미나', club.button(lessonNow(club), 'C'))
  expect(verdict.title).toBe('✔ C, 맞아요')
  expect(verdict.text).toContain('지금은 기록을 남기지 않아요')
  expect(await club.store.acts(club.id, '미나')).toEqual([])
  expect(club.posted('오늘의 1%').card.text).not.toContain('완료')
})
