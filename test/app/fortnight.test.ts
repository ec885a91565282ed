import { expect, test } from 'vitest'
import { at, lessonNow, lives, longClub, ownPosts, streakOf } from '../features/life.ts'
import type { TestClub } from '../support/testClub.ts'

const hidden = '숨은이'
const others = ['미나', '지훈', '별명이', '기록없음']

/** Two weeks in which everybody does everything; `saw` is told what each of them, and the channel, was shown. */
async function fortnight(club: TestClub, saw: (who: string, what: unknown) => void) {
  const ask = async (as: string, act: { command: string } | { press: string }, input: Record<string, unknown> = {}) => {
    const answer = await club.answer(as, act, input)
    saw(as, answer)
    saw('the channel', club.channel)
    return answer
  }
  await ask(hidden, { command: 'settings' }, { appear: 'hidden' })
  await ask('별명이', { command: 'settings' }, { nickname: '밤새' })
  await ask('기록없음', { command: 'streak' }, { action: 'off' })
  for (let day = 24; day < 38; day++) {
    await lives(club, at(day, 13))
    const lesson = lessonNow(club)
    const poll = club.channel.findLast(({ card }) => card.title === '맞을까, 아닐까?')?.card
    for (const [i, member] of [...others, hidden].entries()) {
      if ((day + i) % 5 !== 0) await ask(member, { press: club.button(lesson, i % 2 === 0 ? 'A' : 'B') })
      if (poll) await ask(member, { press: club.button(poll, '아니다') })
      if (day % 3 === 0) await ask(member, { command: 'checkin' }, { note: `${day}일의 한 줄` })
      for (const by of ['week', 'season', 'run', 'total']) await ask(member, { command: 'leaderboard' }, { by })
      await ask(member, { command: 'today' })
      await ask(member, { command: 'streak' }, day % 2 === 0 ? { action: 'why' } : {})
      for (const whom of ['미나', '밤새', '별명이']) await ask(member, { command: 'streak' }, { member: whom })
      if (day % 7 === 0 && member === '미나')
        for (const what of ['streak', 'board:week', 'board:total'])
          await Promise.all([0, 1].map(() => ask(member, { press: `1:share:${what}` })))
    }
    for (const input of [{}, { action: 'test' }]) await ask('host', { command: 'club' }, input)
    await lives(club, at(day, 21))
    saw('the channel', club.channel)
  }
}

test('a fortnight with acting members: few messages, and nobody sees who is hidden', async () => {
  const club = await longClub()
  let shown = 0
  await fortnight(club, (who, what) => {
    shown += 1
    // Whom a card is about is for the store alone: no room draws it.
    const text = JSON.stringify(what, (key, value) => (key === 'about' ? undefined : value))
    if (who !== hidden) expect(text).not.toContain(hidden)
    // Nor the name behind a nickname, but for the words in which somebody asked for it.
    if (who !== '별명이') expect(text.replaceAll('“별명이”', '')).not.toContain('별명이')
  })
  expect(shown).toBeGreaterThan(1000)

  // One new message a study day, two on a poll day. The first day has both; the poll of that day is open on the next.
  const perDay = new Map<string, number>()
  for (const { at } of ownPosts(club)) {
    const day = new Date(at + 5 * 3_600_000).toISOString().slice(0, 10)
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
  }
  expect([...perDay.values()]).toEqual([2, 1, 1, 2, 1, 1, 2, 1, 2, 1, 2, 1, 1, 2])
  // Shares are the members' own: one for each thing and day, although more were pressed.
  expect(club.channel.length - ownPosts(club).length).toBe(2 * 3)

  expect((await streakOf(club, hidden)).total).toBeGreaterThan(10)
  // Without record nothing is kept but that a vote was given, until its poll closes.
  expect(await club.store.acts(club.id, '기록없음')).toEqual([])
  expect(await club.store.answers(club.id, '기록없음')).toEqual([])
  expect((await club.store.votes(club.id, '기록없음')).filter(({ answer }) => answer !== undefined)).toEqual([])
  expect(club.troubles()).toEqual([])
})
