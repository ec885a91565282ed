import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSeal, keyBytes, keyIdIn, SealBroken } from '../src/seal.ts'

const key = () => randomBytes(keyBytes)

describe('a seal', () => {
  test('gives back what was closed, whatever it was, and never the same bytes twice', () => {
    const seal = createSeal([key()])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        const closed = seal.close(place, text)
        expect(seal.open(place, closed)).toBe(text)
        expect(seal.close(place, text).equals(closed)).toBe(false)
        expect(closed).toHaveLength(33 + Buffer.byteLength(text))
      }),
    )
    expect(seal.close('note:1', 'xoxb-1-secret').includes('secret')).toBe(false)
  })

  test('does not open with another key, in another place, or when a bit was altered', () => {
    const seal = createSeal([key()])
    const closed = seal.close('note:1', 'one line')
    expect(() => createSeal([key()]).open('note:1', closed)).toThrow(SealBroken)
    expect(() => seal.open('note:2', closed)).toThrow('“note:2” cannot be opened')
    for (let bit = 0; bit < closed.length * 8; bit++) {
      const altered = Buffer.from(closed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => seal.open('note:1', altered)).toThrow(SealBroken)
    }
    for (const length of [0, 1, 5, 32, closed.length - 1]) expect(() => seal.open('note:1', closed.subarray(0, length))).toThrow(SealBroken)
  })

  test('closes with its first key, opens with any, and a text says with which', () => {
    const [before, after] = [key(), key()]
    const [old, both, fresh] = [createSeal([before]), createSeal([after, before]), createSeal([after])]
    const closed = old.close('note:1', 'from before')
    expect(both.open('note:1', closed)).toBe('from before')
    expect(keyIdIn(closed)).toBe(old.keys[0])
    expect(both.keys).toEqual([fresh.keys[0], old.keys[0]])
    expect(fresh.open('note:2', both.close('note:2', 'from now'))).toBe('from now')
    expect(() => fresh.open('note:1', closed)).toThrow(`it names the key ${old.keys[0]}`)
    // An id tells nothing of its key.
    expect(before.toString('hex')).not.toContain(old.keys[0])
  })
})
