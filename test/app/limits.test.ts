import { expect, test } from 'vitest'
import { createLimits, rates } from '../../src/limit.ts'
import { at, lessonNow, testClub } from '../features/life.ts'

/** A club with the limits of the real program, whose clock stands still. */
const limitedClub = () => testClub({ limits: createLimits(rates, () => 0) })

test('a member who is too fast hears a kind word with the time to wait, in their room’s language; nothing is written', async () => {
  const club = await limitedClub()
  for (let i = 0; i < 60; i++) await club.says('미나', '/checkin', { note: `${i}` })
  const rows = await club.store.acts(club.id, '미나')
  expect(await club.answer('미나', { command: 'checkin' }, { note: '하나 더' })).toEqual({
    refusal: {
      code: 'slow_down',
      text: '정말 빠르시네요! 잠깐 숨을 고를게요. 이번 것은 아직 기록되지 않았으니 1초 뒤에 다시 해 주세요.',
      retryInS: 1,
    },
  })
  expect(await club.answer('미나', { press: club.button(lessonNow(club), 'C') }, {}, 'en-GB')).toMatchObject({
    refusal: { code: 'slow_down', text: expect.stringContaining('Please try again in 1 second.') },
  })
  expect(await club.answer('미나', { command: 'data' }, { action: 'export' }, 'en')).toMatchObject({
    refusal: { text: expect.stringContaining('in 5 seconds'), retryInS: 5 },
  })
  expect(await club.store.acts(club.id, '미나')).toEqual(rows)
  expect(await club.says('지훈', '/checkin', { note: '나는 천천히' })).toMatchObject({ title: '인증했어요' })
})

test('it asks the store nothing', async () => {
  const club = await limitedClub()
  for (let i = 0; i < 60; i++) await club.says('미나', '/help')
  const asked: string[] = []
  const { store } = club
  for (const [name, verb] of Object.entries(store)) {
    Object.assign(store, {
      [name](...args: never[]) {
        asked.push(name)
        return (verb as (...args: never[]) => unknown).apply(store, args)
      },
    })
  }
  expect(await club.refusal('미나', { command: 'help' })).toMatchObject({ code: 'slow_down' })
  const typing = { call: { room: 'web', club: club.id, member: { id: '미나', name: '미나' }, organiser: false } }
  const act = { command: 'lesson', input: { which: '' } }
  expect(await club.app.suggest({ call: { ...typing.call, act }, field: 'which' }, at(24))).toEqual([])
  expect(asked).toEqual([])
})

test('a form that is sent in costs what its command does', async () => {
  const club = await limitedClub()
  for (let i = 0; i < 20; i++) await club.says('미나', '/leaderboard')
  expect(await club.refusal('미나', { press: '1:form:checkin' }, { note: '한 줄' })).toMatchObject({ code: 'slow_down' })
  for (let i = 0; i < 12; i++) await club.answer('지훈', { press: '1:form:settings' }, { language: 'ko' })
  expect(await club.refusal('지훈', { command: 'help' })).toMatchObject({ code: 'slow_down' })
})

test('very many names at once are held back together, and make no more members', async () => {
  const club = await testClub({ limits: createLimits({ ...rates, club: { burst: 40, perSecond: 1 } }, () => 0) })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => club.answer(`stranger${i}`, { command: 'checkin' }, { note: 'me' }, 'en')),
  )
  expect(answers.filter((answer) => 'card' in answer)).toHaveLength(40)
  expect(answers.at(-1)).toMatchObject({ refusal: { code: 'slow_down', text: expect.stringMatching(/^So many of you are here at once/) } })
  expect(await club.store.members(club.id, undefined, 200)).toHaveLength(40)
})
