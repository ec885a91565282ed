import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choice, type Fields, member, nearestOf, readInput, text } from '../../src/chat/fields.ts'
import { UserError } from '../../src/chat/userError.ts'
import { textOf } from '../../src/text/index.ts'

const fields: Fields = {
  note: text({ max: 10, lines: true, askIfMissing: true }),
  by: choice('week', 'run'),
  who: member(),
  must: { ...choice('yes', 'no') },
}
const words = {
  note: { names: ['한줄'], values: {} },
  by: { names: ['기준'], values: { week: ['이번주'], run: ['연속'] } },
}
const { input: errors } = textOf('ko').errors
const read = (raw: Record<string, unknown>, of: Fields = fields) => readInput(of, raw, words, errors)
const codeOf = (raw: Record<string, unknown>, of: Fields = fields) => {
  try {
    return { input: read(raw, of) }
  } catch (error) {
    return error instanceof UserError ? error.code : error
  }
}

test('whatever comes in: either an input within its limits, or words for the member', () => {
  const key = fc.oneof(
    fc.constantFrom('note', '한줄', 'by', '기준', 'who', 'must', '__proto__', 'constructor', 'toString'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  const value = fc.oneof(
    fc.constantFrom('week', 'WEEK', '이번주', '', ' ', '\u0000', '\ud800', '한 줄', Number.NaN, Infinity, 3, null, undefined, {}, []),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.anything(),
  )
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 5 }), fc.constantFrom('ko', 'en'), (raw, locale) => {
      try {
        const { input, missing } = readInput(fields, raw, words, textOf(locale).errors.input)
        expect([...(input.note ?? '')].length).toBeLessThanOrEqual(10)
        expect(['week', 'run', undefined]).toContain(input.by)
        expect(missing).toEqual(input.note === undefined ? ['note'] : [])
        for (const said of Object.values(input)) expect(said.isWellFormed() && said === said.trim() && said !== '').toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
        expect((error as UserError).message).not.toBe('')
      }
    }),
    { numRuns: 3000 },
  )
})

test('a field and its values go by any of their names; text is trimmed and composed', () => {
  expect(read({ 한줄: '  한 줄\r\n둘 '.normalize('NFD'), 기준: '이번주', who: '미나' })).toEqual({
    input: { note: '한 줄\n둘', by: 'week', who: '미나' },
    missing: [],
  })
  expect(read({ by: 'RUN', note: 7 }).input).toEqual({ by: 'run', note: '7' })
})

test('empty is as good as absent: asked for, or missing', () => {
  for (const note of ['', '  ', '\n', null, undefined]) expect(read({ note })).toEqual({ input: {}, missing: ['note'] })
  expect(codeOf({}, { must: { ...choice('yes'), required: true } })).toBe('bad_input')
})

test('a stable code for each thing that is wrong', () => {
  expect(codeOf({ note: 'a'.repeat(11) })).toBe('too_long')
  expect(codeOf({ who: 'a'.repeat(65) })).toBe('too_long')
  expect(codeOf({ note: '🦜'.repeat(10) })).toEqual({ input: { input: { note: '🦜'.repeat(10) }, missing: [] } })
  for (const raw of [
    { note: 'a\u0000' },
    { note: 'a\u009b' },
    { note: '\ud800' },
    { note: {} },
    { note: true },
    { by: 'luck' },
    { nope: '' },
    { toString: 'x' },
  ]) {
    expect(codeOf(raw as Record<string, unknown>), JSON.stringify(raw)).toBe('bad_input')
  }
})

test('the nearest word is near, or there is none', () => {
  expect(nearestOf('chekin', ['today', 'checkin', '인증'])).toBe('checkin')
  expect(nearestOf('인중', ['오늘', '인증'])).toBe('인증')
  expect(nearestOf('zzzzzz', ['today', 'checkin'])).toBeUndefined()
  expect(nearestOf('', [])).toBeUndefined()
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(fc.string({ minLength: 1, maxLength: 12 })),
      (typed, candidates) => {
        const near = nearestOf(typed, candidates)
        if (near !== undefined) expect(candidates).toContain(near)
        if (typed !== '' && typed.length <= 64 && candidates.includes(typed)) expect(near?.toLowerCase()).toBe(typed.toLowerCase())
      },
    ),
  )
})
