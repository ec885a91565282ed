// Purpose: what might come from outside: junk, and what people and platforms really send with something in it changed. And what any answer owes.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Locale } from '../../src/text/locale.ts'

/** A short run by default; FUZZ_RUNS says how many times as long. */
export const runs = (short: number) => ({ numRuns: short * Number(process.env.FUZZ_RUNS ?? 1) })

const words = [
  ...[
    '',
    ' ',
    '\n',
    '0',
    '-1',
    '1e9',
    '2026-11-24',
    '2026-02-30',
    'true',
    'off',
    'delete',
    'ko',
    'note',
    'L1',
    'Asia/Seoul',
    '미나',
    'host',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...[
    '%',
    '%3A',
    '%25',
    ':',
    '::::',
    '/',
    '..',
    '../../etc/passwd',
    '{{',
    '${',
    "'; DROP TABLE club; --",
    '<!channel>',
    '@everyone',
    '<@1>',
  ],
  ...[
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\ud800',
    '\u0301\u0323'.repeat(100),
    '👨‍👩‍👧‍👦'.repeat(40),
  ],
  ...['```', '---', '> ', '- [x] ', '# ', '[^S1]', '&a', '*a', '!!js', '"', "'", '“'],
]
export const oddText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat(20_000).map((length) => 'ㅋ'.repeat(length)) },
)
const oddKey = fc.constantFrom('__proto__', 'constructor', 'toString', 'type', 'id', '', 'x', '🦜')
export const oddJson = fc.oneof(
  oddText,
  { weight: 2, arbitrary: fc.constantFrom(null, null, true, 0, -1, 1.5, 1e300, [], {}, [[]]) },
  fc.jsonValue({ maxDepth: 2 }),
)

/** One of these texts with some of it cut out, put in twice, or taken by something odd. */
export function changedText(texts: readonly string[]): fc.Arbitrary<string> {
  const cut = fc.record({ from: fc.nat(10_000), length: fc.nat(60), by: fc.option(oddText), isTwice: fc.boolean() })
  return fc.tuple(fc.constantFrom(...texts), fc.array(cut, { minLength: 1, maxLength: 4 })).map(([text, cuts]) =>
    cuts.reduce((before, { from, length, by, isTwice }) => {
      const at = before.length === 0 ? 0 : from % before.length
      const piece = before.slice(at, at + length)
      return before.slice(0, at) + (isTwice ? piece + piece : (by ?? '')) + before.slice(at + length)
    }, text),
  )
}

/** One of these documents with a value in it changed, left out, or put under another key. */
export function changedJson(documents: readonly object[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(10_000),
    to: fc.option(oddJson, { nil: undefined }),
    key: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: oddKey }),
  })
  return fc
    .tuple(fc.constantFrom(...documents), fc.oneof(fc.tuple(change), fc.array(change, { minLength: 2, maxLength: 3 })))
    .map(([document, changes]) => changes.reduce<unknown>(changed, JSON.parse(JSON.stringify(document))))
}

function changed(document: unknown, { at, to, key }: { at: number; to: unknown; key: string | null }): unknown {
  const places: { holder: Record<string, unknown>; key: string }[] = []
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const holder = value as Record<string, unknown>
    for (const name of Object.keys(holder)) {
      places.push({ holder, key: name })
      walk(holder[name])
    }
  }
  walk(document)
  const place = places[at % Math.max(1, places.length)]
  if (!place) return to
  // As JSON.parse makes it: a key of the document's own, whatever it is called.
  const put = (name: string, value: unknown) =>
    Object.defineProperty(place.holder, name, { value: structuredClone(value), enumerable: true, configurable: true, writable: true })
  if (to === undefined) delete place.holder[place.key]
  else put(place.key, to)
  if (key !== null) put(key, to)
  return document
}

/** What anybody is told who is refused: words in their language, and nothing of ours. */
export function expectClear(text: string, locale: Locale): void {
  // What was typed is told back in these marks.
  const own = text.replace(/“.*”/s, '“”')
  expect(own.trim()).not.toBe('')
  expect(text.isWellFormed()).toBe(true)
  expect(text.length).toBeLessThan(1500)
  if (locale === 'ko') expect(own).toMatch(/[가-힣]/)
  else expect(own).not.toMatch(/[가-힣]/)
  expect(own).not.toMatch(/\bundefined\b|\bNaN\b|\[object |Error:|\.ts\b|node_modules|SQLITE|discord:\d|slack:[A-Z]/)
}

/** Nothing that came in is left where every object would have it. */
export function expectUnpolluted(): void {
  expect(Object.keys(Object.prototype)).toEqual([])
  const bare: Record<string, unknown> = {}
  for (const key of ['polluted', 'x', '🦜', 'id', 'type']) expect(bare[key]).toBeUndefined()
}
