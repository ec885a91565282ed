import { expect, test } from 'vitest'
import { leftOut, pagesOf } from '../../src/chat/fit.ts'

test('the count of what was left out stands whole on one page, wherever the pages end', () => {
  const text = '단어 '.repeat(400)
  for (let room = 400; room < 600; room++) {
    const pages = pagesOf(text, 200, room)
    expect(leftOut(pages.at(-1) ?? ''), `a room of ${room}`).toBeGreaterThan(0)
    expect(pages.every((page) => page.length <= 200 && page !== '')).toBe(true)
  }
})
