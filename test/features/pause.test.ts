import { describe, expect, test } from 'vitest'
import { answer, at, labels, lives, longClub, streakOf, testClub } from './life.ts'

test('/pause offers 1, 3 and 7 days; a tap takes them, and the run waits', async () => {
  const club = await longClub()
  await answer(club, '미나')
  const offer = await club.says('미나', '/휴식')
  expect(labels(offer)).toEqual(['1일', '3일', '7일'])
  await lives(club, at(25))
  expect((await club.presses('미나', club.button(offer, '3일'))).text).toBe(
    '11월 25일부터 11월 27일까지 쉬어요. 푹 쉬세요. 연속 기록은 기다릴게요.',
  )
  await lives(club, at(28))
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '1 · next one 0/7' })
  expect((await answer(club, '미나'))[0]?.text).toContain('연속 2일')
})

test('in English', async () => {
  const club = await testClub()
  expect((await club.says('mina', '/pause', { until: '2026-12-01' }, 'en')).text).toBe(
    'Paused from Nov 24 through Dec 1. Rest well; your run waits.',
  )
  expect((await club.says('mina', '/pause', { until: 'off' }, 'en')).text).toBe('The pause is over. Today is open again.')
})

test('an act on a paused day counts and does not end the pause', async () => {
  const club = await longClub()
  await answer(club, '미나')
  await club.says('미나', '/pause', { until: '7' })
  await lives(club, at(25))
  expect((await answer(club, '미나'))[0]?.text).toContain('연속 2일')
  const card = await club.says('미나', '/pause')
  expect(card.text).toContain('11월 30일까지 쉬는 중이에요')
  expect(labels(card)).toEqual(['휴식 끝내기'])
  await lives(club, at(30))
  expect(await streakOf(club, '미나')).toMatchObject({ run: 2 })
})

test('off ends it from today on, by word in either language or by press', async () => {
  const club = await longClub()
  await answer(club, '미나')
  for (const off of ['off', '해제', '끝']) {
    const taken = await club.says('미나', '/pause', { until: '3' })
    expect((await club.says('미나', '/pause', { until: off })).text).toContain('휴식을 끝냈어요')
    expect((await club.store.member(club.id, '미나'))?.pauses).toEqual([])
    expect(await club.refusal('미나', { press: club.button(taken, '휴식 끝내기') })).toMatchObject({ code: 'closed' })
  }
})

describe('how long', () => {
  test('in days, as the buttons say it, or through a date', async () => {
    const club = await testClub()
    const ways = ['3', '3일', '3 일', '3 days', '3d', '2026-11-26', '2026-11-24..2026-11-26', '2026-11-24~3', '2026-11-24 ~ 2026-11-26']
    for (const until of ways) {
      await club.says(until, '/pause', { until })
      expect((await club.store.member(club.id, until))?.pauses).toEqual([{ from: '2026-11-24', until: '2026-11-26' }])
    }
    for (const until of ['30', '2026-12-23', '2026-11-22..2026-11-24'])
      expect((await club.says(until, '/pause', { until })).text).toContain('쉬어요')
  })

  test('too long, past, or unreadable is refused with the reason', async () => {
    const club = await testClub()
    for (const [until, said] of [
      ['31', '31일은 너무 길어요. 한 번에 30일까지 쉴 수 있어요.'],
      ['2026-12-24', '31일은 너무 길어요'],
      ['9999-12-31', '너무 길어요'],
      ['0', '이미 지난 날짜예요'],
      ['2026-11-23', '이미 지난 날짜예요'],
      ['2026-11-21..2026-11-24', '이틀 전부터'],
      ['2026-11-25..2026-11-26', '이틀 전부터'],
      ['-3', '기간도 날짜도 아니에요'],
      ['내일', '기간도 날짜도 아니에요'],
      ['abc..3', '기간도 날짜도 아니에요'],
      ['..', '기간도 날짜도 아니에요'],
      ['2026-02-30', '기간도 날짜도 아니에요'],
      ['1.5', '기간도 날짜도 아니에요'],
      ['9'.repeat(40), '기간도 날짜도 아니에요'],
    ]) {
      expect(await club.refusal('미나', { command: 'pause' }, { until })).toMatchObject({
        code: 'bad_input',
        text: expect.stringContaining(said ?? ''),
      })
      expect(await club.refusal('미나', { press: `1:pause:${until}` })).toMatchObject({ code: 'bad_input' })
    }
    expect(await club.refusal('미나', { press: '1:pause' })).toMatchObject({ code: 'bad_input' })
    expect(await club.store.member(club.id, '미나')).toBeUndefined()
    expect(club.troubles()).toEqual([])
  })

  test('60 days in any 365, and what is left of them still fits', async () => {
    const club = await longClub(90)
    await club.says('미나', '/pause', { until: '30' })
    await club.away('2026-12-24T09:00+09:00')
    await club.says('미나', '/pause', { until: '29' })
    await club.away('2027-01-22T09:00+09:00')
    expect(await club.refusal('미나', { command: 'pause' }, { until: '3' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('60일을 넘어요'),
    })
    expect((await club.says('미나', '/pause', { until: '1' })).text).toContain('쉬어요')
    expect(await club.refusal('미나', { press: '1:pause:3' })).toMatchObject({ code: 'bad_input' })
  })
})

test('begun two days back, it gives the freeze of those days back', async () => {
  const club = await longClub()
  await answer(club, '미나')
  await lives(club, at(26))
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '0 · next one 0/7' })
  await club.says('미나', '/pause', { until: '2026-11-25..2026-11-26' })
  expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '1 · next one 0/7' })
})
