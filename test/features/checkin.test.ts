import { expect, test } from 'vitest'
import { answer, at, labels, lives, longClub, ownPosts, streakOf, testClub } from './life.ts'

test('one line makes the day, stays private, and can be shared', async () => {
  const club = await testClub()
  const before = club.channel.length
  const card = await club.says('미나', '/인증', { 한줄: 'cgroup을 읽었다' })
  expect(card.title).toBe('인증했어요')
  expect(card.text).toContain('> cgroup을 읽었다\n\n**오늘 1% 완료** · 연속 1일')
  expect(labels(card)[0]).toBe('이 한 줄 공유')
  expect(club.channel).toHaveLength(before)
  expect(JSON.stringify(club.channel)).not.toContain('cgroup을 읽었다')
})

test('in English', async () => {
  const club = await testClub()
  const card = await club.says('mina', '/checkin', { note: 'read about cgroups' }, 'en')
  expect(card.title).toBe('Checked in')
  expect(card.text).toContain("**Today's 1% is done** · run: 1 day")
})

test('without a note a form asks for one, and sending it in is the same act', async () => {
  const club = await testClub()
  for (const input of [{}, { note: '   \n ' }, { note: null }, { 한줄: '' }]) {
    const form = await club.form('미나', { command: 'checkin' }, input)
    expect(form).toMatchObject({ title: '오늘의 한 줄', fields: [{ name: 'note', type: 'paragraph', required: true, max: 300 }] })
  }
  const form = await club.form('미나', { command: 'checkin' })
  expect((await club.presses('미나', form.submit, { note: '한 줄' })).title).toBe('인증했어요')
  expect(await club.form('미나', { press: form.submit }, { note: '' })).toMatchObject({ title: '오늘의 한 줄' })
})

test('a second line the same day is kept and counts no more', async () => {
  const club = await testClub()
  await club.says('미나', '/checkin', { note: '하나' })
  expect((await club.says('미나', '/checkin', { note: '둘' })).text).toContain('오늘 1%는 이미 채웠어요 · 연속 1일')
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
  expect((await club.store.acts(club.id, '미나')).map(({ note }) => note)).toEqual(['둘', '하나'])
})

test('two lines at once are one day', async () => {
  const club = await testClub()
  const cards = await Promise.all(['하나', '둘'].map((note) => club.says('미나', '/checkin', { note })))
  expect(cards.filter(({ text }) => text.includes('오늘 1% 완료'))).toHaveLength(1)
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, total: 1 })
})

test('a line is quoted, so that nothing in it is markup, a link or a mention', async () => {
  const club = await testClub()
  const { text } = await club.says('미나', '/checkin', {
    note: '**굵게** @everyone <script>\n# [링크](https://example.org) `코드` ~~끝~~ |표|',
  })
  expect(text).toContain(
    '> \\*\\*굵게\\*\\* \\@everyone \\<script\\>\n> \\# \\[링크\\](https://example.org) \\`코드\\` \\~\\~끝\\~\\~ \\|표\\|',
  )
})

test('300 characters fit, emoji and Hangul as one each; 301 do not', async () => {
  const club = await testClub()
  expect((await club.says('미나', '/checkin', { note: `${'가'.repeat(299)}🦜` })).title).toBe('인증했어요')
  expect(await club.refusal('미나', { command: 'checkin' }, { note: '가'.repeat(301) })).toEqual({
    code: 'too_long',
    text: '“note”가 301자예요. 300자까지 돼요.',
    field: 'note',
  })
})

test('on a day off it adds to the total only, and never shows a zero', async () => {
  const club = await longClub(30, { at: '2026-11-28T07:00+09:00', started: false })
  await club.says('host', '/club', { set: 'study-days', to: '평일' })
  await lives(club, at(29, 6))
  const [start] = labels(await club.says('host', '/club'))
  expect(start).toBe('여기서 시작')
  await club.presses('host', club.button(await club.says('host', '/club'), '여기서 시작'))
  await lives(club, at(29, 9))
  expect(ownPosts(club)).toEqual([])
  const first = await club.says('미나', '/checkin', { note: '일요일' })
  expect(first.text).toContain('**쉬는 날에도 완료** · 누적에 더했어요 (누적 1일)')
  const second = await club.says('미나', '/checkin', { note: '또' })
  expect(second.text + (await club.says('미나', '/today')).text).not.toMatch(/연속 0일/)
  expect(await streakOf(club, '미나')).toMatchObject({ run: 0, total: 1 })
  await lives(club, at(30))
  expect((await answer(club, '미나'))[0]?.text).toContain('연속 1일')
})

test('without record the line is answered and not kept', async () => {
  const club = await testClub()
  await club.says('미나', '/settings', { appear: 'none' })
  expect((await club.says('미나', '/checkin', { note: '남지 않는 말' })).text).toContain('지금은 기록을 남기지 않아요')
  expect(await club.store.acts(club.id, '미나')).toEqual([])
})
