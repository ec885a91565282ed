import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { TestClub } from '../support/testClub.ts'
import { answer, at, labels, lessonNow, lives, longClub, testClub } from './life.ts'

/** Every value of every table, as one text. */
function everything(club: TestClub): string {
  const db = new Database(club.file, { readonly: true })
  try {
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()
    return tables.map((table) => JSON.stringify(db.prepare(`SELECT * FROM "${table}"`).all())).join('\n')
  } finally {
    db.close()
  }
}

test('shows what is kept in numbers', async () => {
  const club = await testClub()
  await answer(club, '미나')
  await club.says('미나', '/checkin', { note: '한 줄' })
  await club.presses('미나', club.button(club.posted('맞을까').card, '아니다'))
  const card = await club.says('미나', '/내데이터')
  expect(card.fields?.map(({ name, value }) => `${name} ${value}`)).toEqual([
    '활동 3',
    '한 줄 1',
    '질문에 답한 수 1',
    '투표 1',
    '누적 1일',
    '보이는 방식 이름으로',
  ])
  expect(labels(card)).toEqual(['받기', '모두 지우기'])
  expect((await club.says('미나', '/data', {}, 'en')).title).toBe('What is kept of you')
})

test('exports it as one JSON file, for the member alone', async () => {
  const club = await testClub()
  await answer(club, '미나')
  await club.says('미나', '/checkin', { note: '내보낼 한 줄' })
  const { file } = await club.says('미나', '/내데이터', { 할일: '받기' })
  expect(file?.name).toBe('onepercent-미나.json')
  expect(JSON.parse(file?.text ?? '')).toMatchObject({
    member: { id: '미나', name: '미나' },
    acts: [{ kind: 'checkin', day: '2026-11-24', note: '내보낼 한 줄' }, { kind: 'answer' }],
    answers: [{ lesson: 'L01' }],
    votes: [],
  })
  expect(JSON.stringify(club.channel)).not.toContain('내보낼 한 줄')
})

test('delete: nothing of them is left in the file; the poll’s total stays', async () => {
  const club = await longClub()
  await answer(club, '지워질이', '미나')
  const line = await club.says('지워질이', '/checkin', { note: '지워질 한 줄' })
  await club.presses('지워질이', club.button(line, '이 한 줄 공유'))
  await club.presses('지워질이', club.button(club.posted('맞을까').card, '아니다'))
  await club.presses('지워질이', '1:share:streak')
  await club.says('지워질이', '/settings', { nickname: '지워질별명' })
  await club.says('지워질이', '/pause', { until: '3' })
  await club.says('host', '/club', { action: 'organiser', member: '지워질이' })
  await club.says('host', '/club', { action: 'excuse', member: '지워질이', day: '2026-11-25', reason: '지워질 이유' })
  await lives(club, at(30))
  expect(lessonNow(club).fields?.[0]?.value).toContain('지워질별명')
  expect(everything(club)).toContain('지워질')

  const card = await club.says('지워질이', '/data', { action: 'delete' })
  expect(card).toMatchObject({ title: '지웠어요', fleeting: true })
  expect(everything(club)).not.toContain('지워질')
  expect(lessonNow(club).fields?.[0]?.value).toBe('1. 미나 · 1일')
  expect((await club.store.polls(club.id, 5)).at(-1)?.tally.false).toBe(1)
  expect(await club.refusal('지워질이', { command: 'club' })).toMatchObject({ code: 'not_allowed' })
  expect((await club.says('지워질이', '/streak')).fields?.[2]?.value).toBe('0일')
  expect((await club.says('지워질이', '/data', { action: '지우기' })).text).toBe('남아 있는 기록이 없어요.')
  expect(everything(club)).not.toContain('지워질')
  expect((await answer(club, '지워질이'))[0]?.text).toContain('반가워요!')
})

test('by press it asks once more', async () => {
  const club = await testClub()
  await answer(club, '미나')
  const asked = await club.presses('미나', club.button(await club.says('미나', '/data'), '모두 지우기'))
  expect(asked.title).toBe('모두 지울까요?')
  expect(await club.store.acts(club.id, '미나')).toHaveLength(1)
  expect((await club.presses('미나', club.button(asked, '네, 지금 지워요'))).title).toBe('지웠어요')
  expect(await club.store.acts(club.id, '미나')).toHaveLength(0)
  expect(await club.refusal('미나', { press: '1:erase' })).toMatchObject({ code: 'unknown' })
})

test('deleting twice at once is no trouble, and nobody else loses anything', async () => {
  const club = await testClub()
  await answer(club, '미나', '지훈')
  await Promise.all([0, 1].map(() => club.says('미나', '/data', { action: 'delete' })))
  expect((await club.says('지훈', '/leaderboard')).fields).toEqual([{ name: '지훈', value: '1일 · 1위 · 연속 1 · 최고 1' }])
  expect(club.troubles()).toEqual([])
})
