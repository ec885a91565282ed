import { describe, expect, test } from 'vitest'
import type { Course } from '../../src/course/course.ts'
import { at, courseOf, labels, lives, ownPosts, testClub } from './life.ts'

/** A course of eight lessons whose first three myths are asked before L3 and again after L6; the other five one at a time. */
function roundCourse(): Course[] {
  return courseOf(8).map((course) => ({
    ...course,
    myths: course.myths.map((myth, i) => (i < 3 ? { ...myth, lesson: 'L8', before: 'L3', again: 'L6' } : { ...myth, lesson: 'L1' })),
  }))
}

type Club = Awaited<ReturnType<typeof testClub>>
const polls = (club: Club) => ownPosts(club).filter(({ key }) => key.startsWith('poll:'))

/** Takes a stand on every statement of the round, by the buttons, in the words given. */
async function takesAStand(club: Club, member: string, ...answers: string[]): Promise<void> {
  let card = await club.presses(member, club.button(polls(club).at(-1)?.card ?? { text: '' }, '골라 보기'))
  for (const [i, answer] of answers.entries()) {
    expect(card.title).toBe(`맞을까, 아닐까? ${i + 1}/${answers.length}`)
    const verdict = await club.presses(member, club.button(card, answer))
    const next = verdict.buttons?.find(({ label }) => label.startsWith('다음 소문'))
    expect(next?.label).toBe(i + 1 < answers.length ? `다음 소문 ${i + 2}/${answers.length}` : undefined)
    if (next && 'press' in next) card = await club.presses(member, next.press)
  }
}

describe('a round of rumours', () => {
  test('is one message on the first day, and each statement is voted on in private', async () => {
    const club = await testClub({ courses: roundCourse() })
    const [round] = polls(club)
    expect(round?.card.title).toBe('소문 3가지, 맞을까 아닐까?')
    expect(round?.card.text).toContain('1. “myth 1”\n2. “myth 2”\n3. “myth 3”')
    expect(labels(round?.card ?? { text: '' })).toEqual(['골라 보기'])
    await takesAStand(club, '미나', '맞다', '아니다', '상황에 따라')
    expect(round?.card.text).toContain('_지금까지 1명이 답했어요_')
    expect(JSON.stringify(round?.card)).not.toMatch(/미나|1표|%/)
    const tallies = (await club.store.polls(club.id, 9)).reverse().map(({ myth, tally }) => [myth, tally])
    expect(tallies).toEqual([
      ['M1', { true: 1, false: 0, depends: 0 }],
      ['M2', { true: 0, false: 1, depends: 0 }],
      ['M3', { true: 0, false: 0, depends: 1 }],
    ])
    expect((await club.says('미나', '/투표')).text).toContain('이미 답했어요')
  })

  test('closes before its lesson; after the later one it is asked again, and the club sees the shift', async () => {
    const club = await testClub({ courses: roundCourse() })
    await takesAStand(club, '미나', '맞다', '맞다', '아니다')
    await takesAStand(club, '지훈', '맞다', '아니다', '아니다')
    const [round] = polls(club)
    await lives(club, at(25, 20))
    expect(round?.card.title).toBe('소문 3가지의 결과')
    expect(round?.card.text).toContain('**“myth 1”**\n아니다 · 오해한 사람 100%')
    expect(round?.card.text).toContain('**“myth 2”**\n아니다 · 오해한 사람 50%')
    expect(round?.card.image?.picture).toMatchObject({
      kind: 'shift',
      before: '오해한 사람',
      rows: [{ before: { value: '100%' } }, {}, {}],
    })
    expect(round?.card.buttons ?? []).toEqual([])
    expect(club.channel.filter(({ key }) => key.startsWith('lesson:'))).toHaveLength(2)

    // L6 comes on Sunday the 29th; the next poll day is Monday.
    await lives(club, at(30, 13))
    const again = polls(club).at(-1)
    expect([again?.card.title, polls(club).length]).toEqual(['소문 3가지, 맞을까 아닐까?', 3])
    await takesAStand(club, '미나', '아니다', '아니다', '아니다')
    await takesAStand(club, '지훈', '아니다', '맞다', '아니다')
    await lives(club, at(31, 20))
    expect(again?.card.text).toContain('**“myth 1”**\n아니다 · 오해한 사람 100% → 0%')
    expect(again?.card.text).toContain('**“myth 2”**\n아니다 · 오해한 사람 50% → 50%')
    expect(again?.card.text).toContain('그때 2명, 지금 2명이 답했어요')
    expect(again?.card.image?.alt).toContain('오해한 사람 100% → 0%')
    expect(again?.card.image?.picture).toMatchObject({
      kind: 'shift',
      subtitle: '오해한 사람 · 그때 2명, 지금 2명이 답했어요',
      before: '그때',
      after: '지금',
      rows: [{ before: { share: 1, value: '100%' }, after: { share: 0, value: '0%' } }, {}, {}],
    })
    await lives(club, at(45))
    expect(polls(club).filter(({ card }) => card.title === '소문 3가지의 결과')).toHaveLength(2)
  })

  test('in English', async () => {
    const club = await testClub({ courses: roundCourse(), settings: { locale: 'en' } })
    const [round] = polls(club)
    expect([round?.card.title, labels(round?.card ?? { text: '' })]).toEqual(['3 rumours: true or not?', ['Take a stand']])
    const first = await club.presses('mina', club.button(round?.card ?? { text: '' }, 'Take a stand'))
    expect(first.title).toBe('True or not? 1/3')
    expect(labels(await club.presses('mina', club.button(first, 'True')))).toContain('Next rumour 2/3')
    await lives(club, at(25, 20))
    expect(round?.card.text).toContain('**“myth 1”**\nFalse · mistaken: 100%')
  })

  test('comes on the first day even when that is no poll day, and does not count as anybody’s other poll', async () => {
    // 24 November 2026 is a Tuesday.
    const club = await testClub({ courses: roundCourse(), started: false })
    await club.presses('host', club.button(await club.says('host', '/club'), '여기서 시작'))
    await lives(club, at(25, 12.4))
    expect(polls(club)).toHaveLength(0)
    await lives(club, at(25, 12.6))
    expect(polls(club).map(({ card }) => card.title)).toEqual(['소문 3가지, 맞을까 아닐까?'])
    await lives(club, at(27, 13))
    expect(polls(club).map(({ card }) => card.title)).toEqual(['소문 3가지의 결과', '맞을까, 아닐까?'])
  })

  test('not at all while polls are off; and once in each season', async () => {
    const off = await testClub({ courses: roundCourse(), started: false, settings: { pollDays: [] } })
    await off.presses('host', off.button(await off.says('host', '/club'), '여기서 시작'))
    await lives(off, at(28))
    expect(polls(off)).toHaveLength(0)
    const club = await testClub({ courses: roundCourse() })
    await lives(club, at(27))
    await club.says('host', '/club', { action: 'season' })
    await lives(club, at(28, 13))
    expect(polls(club).map(({ card }) => card.title)).toEqual(['소문 3가지의 결과', '소문 3가지, 맞을까 아닐까?'])
  })
})

test('two courses may call their myths the same: each poll is of its own course', async () => {
  const [first] = courseOf(2)
  if (!first) throw new Error('no course')
  const second: Course = {
    ...first,
    id: 'another',
    title: { ko: '다른 코스', en: 'Another' },
    myths: first.myths.map((myth) => ({ ...myth, statement: { ko: `다른 ${myth.id}`, en: `other ${myth.id}` } })),
  }
  const club = await testClub({ courses: [first, second] })
  expect(polls(club).at(-1)?.card.text).toContain('myth 1')
  await lives(club, at(26, 9))
  await club.presses('host', club.button(club.posted('걸어온 길').card, '다른 코스'))
  await club.presses('host', '1:next:course:another')
  await lives(club, at(27, 13))
  expect(polls(club).at(-1)?.card.text).toContain('다른 M1')
  expect(polls(club)[0]?.card.text).toContain('“myth 1”')
})
