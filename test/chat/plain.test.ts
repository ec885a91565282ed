import fc from 'fast-check'
import { lexer, type Token } from 'marked'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import { asMarkdown, composed, echo, firstOf, lengthOf, plainLine, plainLines } from '../../src/chat/plain.ts'

/** As people write them, on phones and keyboards of many scripts. */
const untouched = [
  '오늘은 네임스페이스를 읽었다 (3장)',
  'ᄒᆞᆫᄀᆞᆯ 옛말 ᅟᅡ ᄀᅠ',
  'naïve Ångström façade, Việt Nam',
  '🇰🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏳️‍🌈 👩🏽‍❤️‍💋‍👨🏿 👨‍👩‍👧‍👦 👩‍💻 🧑🏻‍🦰 ❤️ ☺︎ 1️⃣ #️⃣ *⃣ ☝🏿',
  'می‌خواهم کتاب بخوانم',
  'क्‍ष क्‌ष ශ්‍රී',
  'שָׁלוֹם مَرْحَبًا ภาษาไทยที่นี่',
  '葛󠄀城 ㊙️',
  'a_b #3 `ls` **x** <tag> 1.24 → 1.25',
]

describe('what is written by people', () => {
  test.each(untouched)('stays as it is: %s', (text) => {
    expect(plainLine(text)).toBe(text.normalize('NFC'))
    expect(plainLines(text)).toBe(text.normalize('NFC'))
  })

  test('is composed: Hangul in pieces, as some keyboards and file names have it', () => {
    expect(plainLine('한 줄'.normalize('NFD'))).toBe('한 줄')
  })
})

describe('what is not seen', () => {
  const cases: [string, string, string][] = [
    ['turns a line around', 'a\u202egnp.exe\u202c\u2066b\u2069\u200e\u200f\u061c', 'agnp.exeb'],
    ['has no width', 'L\u200be\u2060o\ufeff\u00ad', 'Leo'],
    ['joins nothing', 'L\u200ce\u200do', 'Leo'],
    ['is a joiner without a second emoji', '👩\u200d', '👩'],
    ['is a selector of nothing', ' \ufe0fa\ufe0f\ufe0f', 'a\ufe0f'],
    ['is written in tags', 'a\u{e0068}\u{e0069}\u{e007f}b', 'ab'],
    ['are tags behind no flag', '🏴\u{e0067}x', '🏴x'],
    ['fills', 'a\u3164\uffa0\u115f\u1160b', 'ab'],
    ['annotates', 'a\ufff9b\ufffac\ufffb', 'abc'],
  ]
  test.each(cases)('and %s is left out', (_, given, left) => expect(plainLine(given)).toBe(left))

  test('alone is nothing', () => {
    for (const blank of ['\u200b', '\u3164', '\u2800', '\u00a0\u3000', '\u115f\u1160', '\u0301', '\ufe0f', '\u200d\u2060', '\n\u2028\t'])
      expect([plainLine(blank), plainLines(blank)]).toEqual(['', ''])
  })
})

test('marks do not grow over the lines around', () => {
  const tower = `z${'\u0335\u0301\u0323'.repeat(20)}algo`
  expect(plainLine(tower).normalize('NFD').match(/\p{M}/gu)?.length).toBeLessThanOrEqual(4)
  expect(plainLine(tower).replaceAll(/\p{M}/gu, '')).toMatch(/^.algo$/u)
  expect(plainLine('\u0301\u0301a')).toBe('a')
})

test('one line is one line; several are few, without holes', () => {
  expect(plainLine(' a\r\n\r\n b\u2028c\td ')).toBe('a b c d')
  expect(plainLines('\n\n  a\r\rb \u2029\n\n\n\n    c\n\n')).toBe('a\n\nb\n\nc')
  const tall = plainLines(Array.from({ length: 300 }, (_, i) => i).join('\n'))
  expect(tall.split('\n')).toHaveLength(12)
  expect(tall.split('\n').slice(0, 2)).toEqual(['0', '1'])
  expect(tall).toContain('298 299')
})

describe('a length', () => {
  test('is counted in signs as one sees them', () => {
    expect(lengthOf('👨‍👩‍👧‍👦🇰🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣가é'.normalize('NFD'), 6)).toBe(6)
    expect(lengthOf('🇰🇷'.repeat(11), 10)).toBe(11)
    for (const emoji of ['🦜', '👩🏽‍❤️‍💋‍👨🏿']) expect(lengthOf(emoji.repeat(300), 300)).toBe(300)
  })

  test('of what pretends to be short is that of its code points', () => {
    expect(lengthOf('ᄀ'.repeat(50_000), 300)).toBe(50_000)
    expect(lengthOf('🦜'.repeat(50_000), 300)).toBe(50_000)
    expect(firstOf('ᄀ'.repeat(50_000), 32).length).toBeLessThanOrEqual(640)
    expect(firstOf('🇰🇷'.repeat(40), 32)).toBe('🇰🇷'.repeat(32))
  })
})

test('composing takes no longer for marks in the wrong order', { timeout: 60_000 }, () => {
  // One such text takes two seconds to compose as it is.
  const marks = `a${'\u0301\u0323'.repeat(16_000)}`
  for (let i = 0; i < 200; i++) expect(composed(marks).length).toBeLessThan(10)
})

/** Every kind of node in a document but for text. */
function kindsIn(markdown: string): string[] {
  type Node = { readonly type: string; readonly children?: readonly Node[] }
  const kinds = ({ type, children = [] }: Node): string[] => [type, ...children.flatMap(kinds)]
  return [...new Set(kinds(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })))]
}
const textIn = (node: { readonly value?: string; readonly children?: readonly unknown[] }): string =>
  node.value ?? (node.children ?? []).map((child) => textIn(child as typeof node)).join('')

describe('as Markdown', () => {
  const shapes = [
    '```js',
    '~~~',
    '# a',
    '- a',
    '+ a',
    '* a',
    '1. a',
    '9) a',
    '> a',
    '---',
    '===',
    '- - -',
    '|a|b|',
    '|-|-|',
    '&lt;',
    '<b>',
    '![a](b)',
    '[a](b)',
    '    a',
    '<!-- a',
    '-# a',
    '**a**',
    '`a`',
    '\\',
    '\\*a*',
    '||a||',
    '@everyone',
    '<@1>',
    ':---:',
  ]
  const line = fc.oneof(fc.constantFrom(...shapes), fc.string({ maxLength: 12 }))

  test('whatever is written is words in one quotation, and reads as it was written', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const note = plainLines(
          lines
            .join('\n')
            .replaceAll(/[\p{Cc}]/gu, '\n')
            .replaceAll(/:\/\/|www\.|@\w/g, ''),
        )
        if (note === '') return
        const quoted = asMarkdown(note)
          .split('\n')
          .map((one) => `> ${one}`)
          .join('\n')
        expect(kindsIn(quoted).filter((kind) => !['root', 'blockquote', 'paragraph', 'text', 'break'].includes(kind))).toEqual([])
        const tree = fromMarkdown(quoted, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
        expect(tree.children).toHaveLength(1)
        // The web room's page reads it by another library.
        const tokens = (list: readonly Token[]): string[] =>
          list.flatMap((one) => [one.type, ...tokens(('tokens' in one && one.tokens) || [])])
        const kinds = tokens(lexer(quoted, { gfm: true, breaks: true }))
        expect(kinds.filter((kind) => !['blockquote', 'paragraph', 'space', 'text', 'escape', 'br'].includes(kind))).toEqual([])
        expect(textIn(tree).replaceAll(/\s/g, '')).toBe(note.replaceAll(/\s/g, ''))
      }),
      { numRuns: 400 },
    )
  })
})

test('what is told back is short, whole and visible', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
      const told = echo(typed)
      expect(told.isWellFormed() && lengthOf(told, 40) <= 40 && !/[\p{Cc}\u202a-\u202e]/u.test(told)).toBe(true)
    }),
    { numRuns: 200 },
  )
  expect(echo(`${'a'.repeat(39)}👨‍👩‍👧‍👦b`)).toBe(`${'a'.repeat(39)}👨‍👩‍👧‍👦`)
})
