// Purpose: ranks, weeks, and by what name a member stands on a board.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boards, ranksOf, weekOf } from '../../src/club/board.ts'
import { type Appearance, appearances, defaultSettings, isShown, newClub, newMember, shownName } from '../../src/club/club.ts'

test('equals share a rank, and the next one keeps their distance', () => {
  expect(ranksOf([9, 7, 7, 3])).toEqual([1, 2, 2, 4])
  expect(ranksOf([5, 5, 5])).toEqual([1, 1, 1])
  expect(ranksOf([4, 0, 0])).toEqual([1, 2, 2])
  expect(ranksOf([])).toEqual([])
})

test('a rank is one more than the number of those who did better', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (days) => {
      const falling = days.sort((a, b) => b - a)
      expect(ranksOf(falling)).toEqual(falling.map((value) => falling.filter((other) => other > value).length + 1))
    }),
  )
})

test('the board of the week comes first, and a week begins on Monday', () => {
  expect(boards[0]).toBe('week')
  expect(['2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09'].map(weekOf)).toEqual([
    '2026-02-23',
    '2026-03-02',
    '2026-03-02',
    '2026-03-09',
  ])
})

test('a nickname stands for the name, and the hidden and those without record are not shown', () => {
  const club = newClub('web:club', 'club', { ...defaultSettings, course: 'c' }, 'Asia/Seoul')
  const as = (appear: Appearance) => ({ ...newMember(club, 'u1', 'Kim Mina'), nickname: 'otter', appear })
  expect(appearances.filter((appear) => isShown(as(appear)))).toEqual(['name', 'nickname'])
  expect(shownName(as('name'))).toBe('Kim Mina')
  expect(shownName(as('nickname'))).toBe('otter')
})

test('a club may make hidden the default', () => {
  const club = newClub('web:club', 'club', { ...defaultSettings, appear: 'hidden', course: 'c' }, 'Asia/Seoul')
  expect(isShown(newMember(club, 'u1', 'Mina'))).toBe(false)
})
