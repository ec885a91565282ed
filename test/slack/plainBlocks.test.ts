import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mrkdwn, parsed } from '../../src/rooms/slack/mrkdwn.ts'
import { plainBlocks } from '../../src/rooms/slack/plainBlocks.ts'

/** Without the places in the text, which nobody asks for. */
function meaning(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meaning)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'position')
      .map(([key, value]) => [key, meaning(value)]),
  )
}

/** What Markdown, or its extension for addresses, sees more in than letters, between words in both scripts. */
const pieces = fc.constantFrom(
  ...['가', '나 ', 'a', 'Z', '1', '1.', '2)', '.', '·', '…', '“', '%', '🎉', '\u00a0', '\u200b', '{', ';', '/', ' ', '\t', '\n', '\n\n'],
  ...['**', '*', '~', '_', '`', '|', ':', '=', '==', '#', '# ', '-', '- ', '+', '>', '> ', '<', '!', '[', ']', '(', ')', '&', '&amp;'],
  ...['\\', '\\\\', '\\*', '\\_', '\\>', '\\@', '\\[', '\\n', '@', 'http', '://', 'www.', '\u2028', '`a`', '`/설정`', '`a|b`', '` `', '``'],
)

describe('what is read without the parser', () => {
  test('is what the parser reads', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (some) => {
        const markdown = some.join('')
        const blocks = plainBlocks(markdown)
        if (blocks) expect(meaning(blocks), markdown).toEqual(meaning(parsed(markdown)))
      }),
      { numRuns: 5000 },
    )
  })

  test.each([
    '> 오늘은 cgroup이 재는 것을 읽었다\n\n**오늘 1% 완료** · 연속 2일',
    '> 둘\\_째 줄\n> 1\\. 셋째\n\n남겨 두었어요. 오늘 1%는 이미 채웠어요 · 연속 3일',
    '반가워요! 순위표에는 **미나**로 보여요. `/설정`에서 `<a@b>`도 돼요.',
    'Noted (twice).\n\n**Today’s 1 % is done**, a run of 3 days',
  ])('is a check-in: %j', (markdown) => {
    expect(plainBlocks(markdown)).toBeDefined()
    expect(meaning(plainBlocks(markdown))).toEqual(meaning(parsed(markdown)))
  })

  test.each([
    '- 목록',
    '# 제목',
    '``코드``',
    '` 코드`',
    '[글](https://example.org)',
    'www.example.org',
    'a@example.org',
    '**굵게.**은',
    '> 인용\n이어서',
  ])('is not %j', (markdown) => expect(plainBlocks(markdown)).toBeUndefined())

  test('a bold word keeps its space where a particle follows', () => {
    expect(mrkdwn('**오늘**은 여기까지', (command) => command)).toBe('*오늘*\u200b은 여기까지')
  })
})
