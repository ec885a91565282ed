import { expect, test } from 'vitest'
import { answer, labels, testClub } from './life.ts'

const shared = (club: Awaited<ReturnType<typeof testClub>>) => club.channel.filter(({ key }) => key.startsWith('share:'))

test('a line, a streak and a board: one message each a day, by whom', async () => {
  const club = await testClub()
  await answer(club, '미나')
  const line = await club.says('미나', '/checkin', { note: '한 줄' })
  for (const press of [club.button(line, '이 한 줄 공유'), '1:share:streak', '1:share:board:week']) {
    expect((await club.presses('미나', press)).text).toBe('채널에 올릴게요. 이번 글 하나만 보여요.')
    await Promise.all([0, 1].map(() => club.presses('미나', press)))
  }
  expect(shared(club).map(({ by, card }) => [by, card.title])).toEqual([
    ['미나', '미나의 한 줄'],
    ['미나', '미나의 연속 기록'],
    ['미나', '순위 · 이번 주'],
  ])
  expect(shared(club)[0]?.card.text).toBe('> 한 줄')
})

test('in English, in the club’s language', async () => {
  const club = await testClub({ settings: { locale: 'en' } })
  await answer(club, 'mina')
  await club.presses('mina', '1:share:streak', {}, 'ko')
  expect(shared(club)[0]?.card).toMatchObject({ title: "mina's streak", text: '**mina**: 1 day in a row.', hook: 'mina shares' })
})

test('a press that names nothing of theirs shares nothing', async () => {
  const club = await testClub()
  await answer(club, '미나')
  const forged = ['', ':streak:x', ':board:luck', ':note', ':note:0', ':note:01', ':note:NaN', ':note:-1', ':everything']
  for (const rest of forged) expect(await club.refusal('미나', { press: `1:share${rest}` })).toMatchObject({ code: 'unknown' })
  expect(shared(club)).toEqual([])
})

test('nobody shares the line of another, or a line that is not there', async () => {
  const club = await testClub()
  const line = await club.says('미나', '/checkin', { note: '미나만 아는 줄' })
  await answer(club, '지훈')
  expect(await club.refusal('지훈', { press: club.button(line, '이 한 줄 공유') })).toMatchObject({ code: 'closed' })
  expect(await club.refusal('지훈', { press: '1:share:note:999' })).toMatchObject({ code: 'closed' })
  expect(await club.refusal('처음', { press: '1:share:streak' })).toMatchObject({ code: 'closed' })
  expect(JSON.stringify(club.channel)).not.toContain('미나만 아는 줄')
})

test('an organiser hides a shared line, by its button or by name; a member does not', async () => {
  const club = await testClub()
  const share = async (note: string) => club.presses('미나', club.button(await club.says('미나', '/checkin', { note }), '이 한 줄 공유'))
  await share('나쁜 말')
  await share('더 나쁜 말')
  await share('고운 말')
  const [first, second] = shared(club)
  const hide = club.button(first?.card ?? { text: '' }, '숨기기 (운영자)')
  expect(hide).not.toContain('미나')
  expect(await club.refusal('지훈', { press: hide })).toMatchObject({ code: 'not_allowed' })
  expect((await club.presses('host', hide)).text).toBe('공유된 한 줄 1개를 숨겼어요.')
  expect(first?.card.text).toBe('_이제 보이지 않는 한 줄이에요._')
  expect(second?.card.text).toBe('> 더 나쁜 말')
  expect((await club.says('host', '/club', { action: 'hide-note', member: '미나' })).text).toBe('공유된 한 줄 2개를 숨겼어요.')
  expect(JSON.stringify(club.channel)).not.toMatch(/나쁜 말|고운 말/)
  for (const press of ['1:hide-note', '1:hide-note:x', '1:hide-note:999', '1:hide-note:미나:1']) {
    expect(await club.refusal('host', { press })).toMatchObject({ code: 'unknown' })
  }
})

test('a line that an organiser hid stays hidden, however often its author shares it; another line of theirs is shown', async () => {
  const club = await testClub()
  const line = await club.says('미나', '/checkin', { note: '나쁜 말' })
  const tap = { press: club.button(line, '이 한 줄 공유') }
  await club.presses('미나', tap.press)
  await club.says('host', '/club', { action: 'hide-note', member: '미나' })
  for (const _ of [1, 2])
    expect(await club.refusal('미나', tap)).toEqual({
      code: 'closed',
      text: '운영자가 숨긴 한 줄이라 다시 공유할 수 없어요. 새 한 줄은 `/인증`으로 남길 수 있어요.',
    })
  // Whatever draws the message anew finds the line hidden.
  await club.says('미나', '/settings', { nickname: '앵무새' })
  await club.passes(120_000)
  expect(shared(club).map(({ card }) => card.text)).toEqual(['_이제 보이지 않는 한 줄이에요._'])
  await club.presses('미나', club.button(await club.says('미나', '/checkin', { note: '고운 말' }), '이 한 줄 공유'))
  expect(shared(club).map(({ card }) => card.text)).toEqual(['_이제 보이지 않는 한 줄이에요._', '> 고운 말'])
})

test('a member shares five things a day, whatever they are and however fast; what was refused stays private', async () => {
  const club = await testClub()
  await answer(club, '미나')
  const lines = await Promise.all(['하나', '둘', '셋', '넷', '다섯'].map((note) => club.says('미나', '/checkin', { note })))
  const presses = [...lines.map((line) => club.button(line, '이 한 줄 공유')), '1:share:streak', '1:share:board:week', '1:share:board:run']
  const answers = await Promise.all(presses.map((press) => club.answer('미나', { press }, {})))
  expect(answers.filter((said) => 'card' in said)).toHaveLength(5)
  for (const said of answers.filter((said) => 'refusal' in said)) {
    expect(said.refusal).toEqual({
      code: 'closed',
      text: '오늘은 벌써 5번 공유했어요. 모두의 채널이니 다음 공유는 내일 해 주세요. 기록은 그대로 남아 있어요.',
    })
  }
  expect(shared(club)).toHaveLength(5)
  const sharedNotes = (await club.store.acts(club.id, '미나')).filter((act) => act.shared)
  expect(sharedNotes).toHaveLength(shared(club).filter(({ key }) => key.includes(':note:')).length)
  // What is there already is no new message.
  for (const press of presses.slice(0, 2)) await club.presses('미나', press)
  await club.says('지훈', '/checkin', { note: '나도' })
  expect(await club.presses('지훈', '1:share:streak')).toMatchObject({ title: '공유했어요' })
  await club.morning()
  expect(await club.presses('미나', '1:share:streak')).toMatchObject({ title: '공유했어요' })
})

test('whoever erases everything and begins anew does not get the channel to themselves', async () => {
  const club = await testClub()
  let refused = 0
  for (let life = 0; life < 21; life++) {
    for (const note of ['하나', '둘', '셋', '넷', '다섯']) {
      const press = club.button(await club.says('미나', '/checkin', { note }), '이 한 줄 공유')
      const said = await club.answer('미나', { press }, {}, 'en')
      if ('refusal' in said) expect(said.refusal.text).toMatch(/^100 things were shared in the channel today/)
      refused += Number('refusal' in said)
    }
    await club.says('미나', '/data', { action: 'delete' })
  }
  expect(await club.store.posts(club.id, ['share'], 200)).toHaveLength(100)
  expect(refused).toBe(5)
})

test('a nickname shares by its nickname', async () => {
  const club = await testClub()
  await answer(club, '미나')
  await club.says('미나', '/settings', { nickname: '밤새' })
  const line = await club.says('미나', '/checkin', { note: '한 줄' })
  await club.presses('미나', club.button(line, '이 한 줄 공유'))
  await club.presses('미나', '1:share:streak')
  // Whom it is about is not shown: it says what an erasure has to draw anew.
  expect(JSON.stringify(shared(club).map(({ card: { about: _, ...shown } }) => shown))).not.toContain('미나')
  expect(labels(shared(club)[0]?.card ?? { text: '' })).toEqual(['숨기기 (운영자)'])
})

test('one who goes by a nickname shares under it, and the name is nowhere in the message', async () => {
  const club = await testClub()
  await club.says('미나', '/checkin', { note: '첫 줄' })
  await club.says('미나', '/settings', { nickname: '앵무새' })
  await club.presses('미나', '1:share:streak')
  const shared = club.posted('앵무새')
  expect(shared.by).toBe('앵무새')
  const { about: _, ...shown } = shared.card
  expect(JSON.stringify(shown)).not.toContain('미나')
})
