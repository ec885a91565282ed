import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPressId, parsePressId, pressIdMax } from '../../src/chat/pressId.ts'

const name = fc.stringMatching(/^[a-z][a-z.-]{0,15}$/)
const arg = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.stringMatching(/^[%:3A25가-힣]{0,12}$/),
  fc.constantFrom('', ':', '%', '%3A', '%25', '%253A', '오늘'),
)

test('what was formatted is parsed to the same, whatever the arguments', () => {
  fc.assert(
    fc.property(name, fc.array(arg, { maxLength: 6 }), (name, args) => {
      let id: string
      try {
        id = formatPressId(name, ...args)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
        return
      }
      expect(id.length).toBeLessThanOrEqual(pressIdMax)
      expect(parsePressId(id)).toEqual({ name, args })
    }),
    { numRuns: 2000 },
  )
})

test('numbers come back as their text', () => {
  expect(parsePressId(formatPressId('vote', 12, 'true'))).toEqual({ name: 'vote', args: ['12', 'true'] })
})

test('no string makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ maxLength: 98 }).map((rest) => `1:${rest}`),
      ),
      (id) => {
        const parsed = parsePressId(id)
        if (parsed) expect(parsed.name).toMatch(/^[a-z][a-z.-]*$/)
      },
    ),
    { numRuns: 2000 },
  )
})

test('an id of 100 characters fits; of 101 it is a mistake of ours', () => {
  const rest = '가'.repeat(pressIdMax - '1:share:'.length)
  expect(formatPressId('share', rest)).toHaveLength(pressIdMax)
  expect(() => formatPressId('share', `${rest}가`)).toThrow(RangeError)
  expect(() => formatPressId('share', '%'.repeat(40))).toThrow(RangeError)
  expect(parsePressId(`${formatPressId('share', rest)}x`)).toBeUndefined()
})

test('what is of no version of ours is nothing', () => {
  for (const id of ['', '1', '1:', '2:why', '01:why', ':why', '1:Why', '1:why!', '1: why', 'why', '1::x'])
    expect(parsePressId(id), id).toBeUndefined()
})
