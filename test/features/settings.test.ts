import { describe, expect, test } from 'vitest'
import { answer, at, labels, lives, longClub, streakOf, testClub } from './life.ts'

test('shows what is set, and changes nothing', async () => {
  const club = await testClub()
  const card = await club.says('미나', '/설정')
  expect(card.fields?.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    '언어: 한국어',
    '시간대: Asia/Seoul (클럽과 같음)',
    '보이는 방식: 이름으로',
    '순위표 이름: 미나',
  ])
  expect(labels(card)).toEqual(['별명 쓰기', '숨기기', '기록 안 남기기'])
  expect(await club.store.member(club.id, '미나')).toBeUndefined()
})

test('the language holds from that answer on, in both directions', async () => {
  const club = await testClub()
  expect((await club.says('미나', '/설정', { 언어: 'en' })).title).toBe('Your settings')
  expect((await club.says('미나', '/오늘')).title).toMatch(/^Today's 1%/)
  expect((await club.says('미나', '/settings', { language: '한국어' })).title).toBe('내 설정')
  expect(club.posted('오늘의 1%').card.title).toMatch(/^오늘의 1%/)
})

describe('a time zone', () => {
  test('is taken in any case, counts from then on, and is not changed twice within 7 days', async () => {
    const club = await longClub()
    await answer(club, '미나')
    expect((await club.says('미나', '/settings', { zone: 'europe/london' })).fields?.[1]?.value).toBe('Europe/London')
    expect(await club.refusal('미나', { command: 'settings' }, { zone: 'America/New_York' })).toMatchObject({
      code: 'closed',
      text: '시간대는 7일에 한 번 바꿀 수 있어요. 7일 뒤에 다시 바꿀 수 있어요.',
    })
    expect((await club.says('미나', '/streak', { action: 'why' })).footer).toBe('Europe/London 시계로 센 날짜예요')
    await club.away('2026-12-01T07:00+09:00')
    expect((await club.says('미나', '/settings', { zone: 'America/New_York' })).fields?.[1]?.value).toBe('America/New_York')
  })

  test('asked for twice at once is changed once', async () => {
    const club = await testClub()
    const both = await Promise.all(
      ['Europe/London', 'America/New_York'].map((zone) => club.answer('미나', { command: 'settings' }, { zone })),
    )
    expect(both.filter((one) => 'refusal' in one)).toHaveLength(1)
    expect((await club.store.member(club.id, '미나'))?.zones).toHaveLength(1)
  })

  test('that does not exist gets the nearest one', async () => {
    const club = await testClub()
    for (const [zone, near] of [
      ['Asia/Soul', 'Asia/Seoul'],
      ['london', 'Europe/London'],
      ['new york', 'America/New_York'],
    ]) {
      expect(await club.refusal('미나', { command: 'settings' }, { zone })).toMatchObject({
        code: 'bad_input',
        text: expect.stringContaining(`혹시 ${near}`),
      })
    }
    expect(await club.refusal('미나', { command: 'settings' }, { zone: '+09:00' })).toMatchObject({ code: 'bad_input' })
  })

  test('east or west, neither loses a run nor counts a day twice', async () => {
    const club = await longClub()
    for (const [member, zone] of [
      ['동', 'Pacific/Auckland'],
      ['서', 'America/Los_Angeles'],
    ] as const) {
      await answer(club, member)
      await club.says(member, '/settings', { zone })
    }
    for (const day of [25, 26, 27]) {
      await lives(club, at(day))
      await answer(club, '동', '서')
    }
    for (const member of ['동', '서']) expect((await streakOf(club, member)).freezes).toMatch(/^1 /)
    expect(await streakOf(club, '동')).toMatchObject({ run: 4, total: 4 })
    expect(await streakOf(club, '서')).toMatchObject({ run: 3, total: 3 })
  })
})

describe('a nickname', () => {
  test('by press asks for it in a form', async () => {
    const club = await testClub()
    const [first] = await answer(club, '미나')
    const form = await club.form('미나', { press: club.button(first ?? { text: '' }, '별명 쓰기') })
    expect(form).toMatchObject({ title: '순위표에 쓸 별명', fields: [{ name: 'nickname', type: 'text', max: 32 }] })
    expect((await club.presses('미나', form.submit, { nickname: '밤새' })).text).toBe('순위표에 **밤새**로 보이고, 이름은 나오지 않아요.')
    expect((await club.says('미나', '/settings')).fields?.slice(2).map(({ value }) => value)).toEqual(['별명으로', '밤새'])
    expect(labels(await club.says('미나', '/settings'))).toEqual(['이름으로 보이기', '별명 쓰기', '숨기기', '기록 안 남기기'])
  })

  test('is one visible line without markup or mentions', async () => {
    const club = await testClub()
    const refused = ['**x**', '<@123>', '@everyone', '[a](b)', '`x`', 'a|b', '#', '~~', 'https://evil.example', 'evil.example/x']
    for (const nickname of refused)
      expect(await club.refusal('미나', { command: 'settings' }, { nickname })).toMatchObject({ code: 'bad_input' })
    for (const nickname of ['밤새', '👩‍💻', 'José', '가'.repeat(32), 'a_b-c.d']) {
      expect((await club.says('미나', '/settings', { nickname })).fields?.[3]?.value).toBe(nickname)
    }
    expect((await club.says('미나', '/settings', { nickname: 'a\nb' })).fields?.[3]?.value).toBe('a b')
    // What shows nothing is nothing.
    for (const nickname of ['\u200b\u200b', '\u3164', '\u2800', '\u202e\u0301 '])
      expect((await club.says('미나', '/settings', { nickname })).fields?.[3]?.value).toBe('a b')
    expect(await club.form('미나', { press: '1:nickname' }, { nickname: '\u3164' })).toMatchObject({ title: '순위표에 쓸 별명' })
  })

  test('of 33 characters is too long; “nickname” without one asks for it', async () => {
    const club = await testClub()
    expect(await club.refusal('미나', { command: 'settings' }, { nickname: '가'.repeat(33) })).toMatchObject({ code: 'too_long' })
    expect(await club.refusal('미나', { command: 'settings' }, { appear: '별명' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('별명부터'),
    })
  })
})

test('hidden and no record by press say what they mean, and lead back', async () => {
  const club = await testClub()
  const [first] = await answer(club, '미나')
  const hidden = await club.presses('미나', club.button(first ?? { text: '' }, '숨기기'))
  expect(hidden.text).toContain('내 연속 기록은 그대로 이어져요')
  expect((await club.presses('미나', club.button(hidden, '이름으로 보이기'))).text).toBe('순위표에 **미나**로 보여요.')
  const none = await club.presses('미나', club.button(first ?? { text: '' }, '기록 안 남기기'))
  expect(none.text).toContain('지금까지의 기록은 지우기 전까지 남아 있어요')
  expect(labels(none)).toEqual(['이름으로 보이기', '모두 지우기'])
  for (const press of ['1:appear', '1:appear:nickname', '1:appear:king'])
    expect(await club.refusal('미나', { press })).toMatchObject({ code: 'unknown' })
})
