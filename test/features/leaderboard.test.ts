import { describe, expect, test } from 'vitest'
import { answer, at, labels, lives, longClub, testClub } from './life.ts'

test('each board by its name in either language: rows, the picture, and its facts in words', async () => {
  const club = await longClub()
  await answer(club, '미나', '지훈')
  await lives(club, at(25))
  await answer(club, '미나')
  for (const [by, said, title] of [
    ['week', '이번주', '순위 · 이번 주'],
    ['season', '기수', '순위 · 이번 기수'],
    ['run', '연속', '순위 · 연속'],
    ['total', '누적', '순위 · 누적'],
  ]) {
    const card = await club.says('미나', '/순위', { 기준: said })
    expect(card).toEqual(await club.says('미나', '/leaderboard', { by }))
    expect(card.title).toBe(title)
    expect(card.fields?.[0]).toEqual({ name: '미나', value: '2일 · 1위 · 연속 2 · 최고 2' })
    expect(card.image?.alt).toContain('1위 미나 2일')
    expect(card.image?.picture).toMatchObject({
      kind: 'board',
      rows: [
        { rank: '1', name: '미나', value: '2일' },
        { rank: '2', name: '지훈' },
      ],
    })
  }
})

test('in English, and the week is what is asked for by default', async () => {
  const club = await testClub()
  await answer(club, 'mina')
  const card = await club.says('mina', '/leaderboard', {}, 'en')
  expect(card).toMatchObject({ title: 'Leaderboard · this week', fields: [{ name: 'mina', value: '1 day · #1 · run 1 · best 1' }] })
  expect(labels(card)).toEqual(['Share', 'this season', 'run', 'total'])
})

test('an empty board says what to do, and has nothing to share', async () => {
  const club = await testClub()
  const card = await club.says('미나', '/leaderboard')
  expect(card.text).toContain('첫 답 하나면 이름이 올라가요')
  expect(labels(card)).not.toContain('공유')
})

test('the other boards are a press away; a board that does not exist is refused', async () => {
  const club = await testClub()
  await answer(club, '미나')
  const card = await club.says('미나', '/leaderboard')
  expect((await club.presses('미나', club.button(card, '누적'))).title).toBe('순위 · 누적')
  for (const press of ['1:board', '1:board:luck', '1:board:Week'])
    expect(await club.refusal('미나', { press })).toMatchObject({ code: 'unknown' })
})

test('ranks are 1 2 2 4, and whoever is below the ten sees their own row and rank', async () => {
  const club = await longClub()
  const eleven = Array.from({ length: 11 }, (_, i) => `회원${i + 1}`)
  await answer(club, ...eleven, '늦둥이')
  await lives(club, at(25))
  await answer(club, ...eleven.slice(0, 3))
  await lives(club, at(26))
  await answer(club, '회원1')
  const mine = await club.says('늦둥이', '/leaderboard', { by: 'total' })
  expect(mine.fields).toHaveLength(11)
  expect(mine.fields?.slice(0, 4).map(({ value }) => value.split(' · ')[1])).toEqual(['1위', '2위', '2위', '4위'])
  expect(mine.fields?.at(-1)).toEqual({ name: '늦둥이', value: '1일 · 4위 · 연속 1 · 최고 1' })
  expect((await club.says('회원1', '/leaderboard', { by: 'total' })).fields).toHaveLength(10)
})

describe('a hidden member', () => {
  test('holds no rank, is in nobody else’s board, and sees a row of their own marked so', async () => {
    const club = await longClub()
    await answer(club, '숨은이', '미나')
    await club.says('숨은이', '/settings', { appear: 'hidden' })
    await lives(club, at(25))
    await answer(club, '숨은이')
    const others = await club.says('미나', '/leaderboard', { by: 'total' })
    expect(others.fields).toEqual([{ name: '미나', value: '1일 · 1위 · 연속 1 · 최고 1' }])
    const own = await club.says('숨은이', '/leaderboard', { by: 'total' })
    expect(own.fields).toEqual([...(others.fields ?? []), { name: '숨은이', value: '2일 · 나에게만 보여요 · 연속 2 · 최고 2' }])
    expect(JSON.stringify(own.image)).not.toContain('숨은이')
    await club.says('숨은이', '/settings', { appear: 'name' })
    expect((await club.says('미나', '/leaderboard', { by: 'total' })).fields?.map(({ name }) => name)).toEqual(['숨은이', '미나'])
  })

  test('is what a new member is when the club says so', async () => {
    const club = await testClub({ settings: { appear: 'hidden' } })
    const [first] = await answer(club, '미나')
    expect(first?.text).toContain('순위표에는 나오지 않고 나만 봐요')
    expect(labels(first ?? { text: '' })).toEqual([
      '한 줄 남기기',
      '다음 질문',
      '더 읽기',
      '이름으로 보이기',
      '별명 쓰기',
      '기록 안 남기기',
    ])
    expect((await club.says('지훈', '/leaderboard')).fields).toBeUndefined()
    expect((await club.says('미나', '/settings')).fields?.[2]?.value).toBe('숨김')
  })
})

test('a nickname stands for the name everywhere', async () => {
  const club = await testClub()
  await answer(club, '미나')
  await club.says('미나', '/settings', { nickname: '밤새' })
  const board = await club.says('지훈', '/leaderboard')
  expect(board.fields?.[0]?.name).toBe('밤새')
  expect((await club.says('지훈', '/streak', { member: '미나' })).title).toBe('밤새의 연속 기록')
  const { about: _, ...shown } = board
  expect(JSON.stringify(shown)).not.toContain('미나')
})

test('the week begins on Monday; who stopped long ago is off the board of runs and stays on the total', async () => {
  const club = await longClub()
  await answer(club, '미나')
  await lives(club, at(30))
  await answer(club, '지훈')
  expect((await club.says('지훈', '/leaderboard')).fields?.map(({ name }) => name)).toEqual(['지훈'])
  expect((await club.says('지훈', '/leaderboard', { by: 'run' })).fields?.map(({ name }) => name)).toEqual(['지훈'])
  expect((await club.says('지훈', '/leaderboard', { by: 'total' })).fields?.map(({ name }) => name)).toEqual(['미나', '지훈'])
})

test('the club’s own streak counts days on which at least 60 % acted', async () => {
  const club = await longClub()
  await answer(club, '미나', '지훈', '소라')
  await lives(club, at(25))
  await answer(club, '미나', '지훈')
  expect((await club.says('미나', '/leaderboard')).footer).toBe('우리 클럽이 함께 이어 온 날: 2일')
  await lives(club, at(26))
  await answer(club, '미나')
  await lives(club, at(27))
  await answer(club, '미나', '지훈', '소라')
  expect((await club.says('미나', '/leaderboard')).footer).toBe('우리 클럽이 함께 이어 온 날: 1일')
})
