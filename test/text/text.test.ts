import { describe, expect, test } from 'vitest'
import { commands, presses } from '../../src/features/index.ts'
import { localeOf, texts } from '../../src/text/index.ts'
import { locales } from '../../src/text/locale.ts'

type Leaf = readonly [path: string, value: unknown]

/** Every sentence with its path; the parts of objects and lists one by one. */
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, part]) => leaves(part, `${path}.${key}`))
}

/** What stands in for the arguments of a sentence: numbers, names, lists, and the few records. */
const samples = [3, '2026-11-24', 'name', 'Asia/Seoul', [1, 2], { run: 1, best: 2, total: 3, counted: 4 }]
const unfinished = /undefined|\[object|NaN|Invalid/

/** Every way to fill so many places. */
const fillings = (places: number): unknown[][] =>
  places === 0 ? [[]] : fillings(places - 1).flatMap((rest) => samples.map((sample) => [sample, ...rest]))

/** A sentence, from the arguments that it takes. */
function sentence(value: unknown): string {
  if (typeof value !== 'function') return String(value)
  for (const filling of fillings(value.length)) {
    try {
      const said: unknown = value(...filling)
      if (typeof said === 'string' && said !== '' && !unfinished.test(said)) return said
    } catch {
      // Not arguments of this one.
    }
  }
  return ''
}

test('both languages have the same keys, down to every option and choice', () => {
  const keys = (locale: 'ko' | 'en') =>
    leaves(texts[locale])
      .map(([path, value]) => `${path} ${typeof value}`)
      .sort()
  const lists = /^\.(offWords|pause\.offWords)\./
  expect(keys('ko').filter((key) => !lists.test(key))).toEqual(keys('en').filter((key) => !lists.test(key)))
})

test.each(locales)('no sentence of %s is empty, and none is left unfinished', (locale) => {
  for (const [path, value] of leaves(texts[locale])) {
    const said = sentence(value)
    expect(said.trim(), path).not.toBe('')
    expect(said, path).not.toMatch(/TODO|FIXME|[ㄱ-ㅎㅏ-ㅣ]{2}| {2}|\(이\)|을\(를\)|은\(는\)|이\(가\)/)
  }
})

test('Korean says nothing in English that English says the same way, but for names and signs', () => {
  const english = new Map(leaves(texts.en))
  const same = leaves(texts.ko)
    .filter(([path, value]) => typeof value === 'string' && value === english.get(path))
    .map(([path]) => path)
  for (const path of same)
    expect(path).toMatch(/languages|offWords|onWords|choices\.(ko|en)$|examples\.|\.commands\.settings\.fields\.language/)
})

describe('names', () => {
  // shared/words.md
  const words: Record<string, { ko: string; fields: Record<string, string> }> = {
    today: { ko: '오늘', fields: {} },
    lesson: { ko: '레슨', fields: { which: '번호' } },
    checkin: { ko: '인증', fields: { note: '한줄' } },
    poll: { ko: '투표', fields: {} },
    streak: { ko: '연속', fields: { member: '누구', action: '할일' } },
    leaderboard: { ko: '순위', fields: { by: '기준' } },
    pause: { ko: '휴식', fields: { until: '언제까지' } },
    settings: { ko: '설정', fields: { language: '언어', zone: '시간대', appear: '표시', nickname: '별명' } },
    data: { ko: '내데이터', fields: { action: '할일' } },
    club: { ko: '클럽', fields: { member: '누구', action: '할일' } },
    flow: { ko: '흐름', fields: { version: '버전' } },
    help: { ko: '도움말', fields: {} },
  }

  test('are those of the vocabulary', () => {
    expect(commands.map(({ name }) => name)).toEqual(Object.keys(words))
    for (const [name, { ko, fields }] of Object.entries(words)) {
      expect(texts.ko.commands[name]?.label).toBe(ko)
      expect(texts.en.commands[name]?.label).toBe(name)
      for (const [field, label] of Object.entries(fields)) {
        expect(texts.ko.commands[name]?.fields[field]?.label, `${name} ${field}`).toBe(label)
        expect(texts.en.commands[name]?.fields[field]?.label, `${name} ${field}`).toBe(field)
      }
    }
    expect(texts.ko.commands.leaderboard?.fields.by?.choices).toEqual({ week: '이번주', season: '기수', run: '연속', total: '누적' })
    expect(texts.ko.commands.settings?.fields.appear?.choices).toEqual({
      name: '이름',
      nickname: '별명',
      hidden: '숨김',
      none: '기록 없음',
    })
    const { run, best, total, freezes, repairTitle } = texts.ko.streak
    expect([run, best, total, freezes, repairTitle]).toEqual(['연속', '최고', '누적', '여유권', '복구'])
  })

  test('of commands, options and choices are those that the features declare', () => {
    for (const { name, input } of commands) {
      for (const locale of locales) {
        const words = texts[locale].commands[name]
        expect(Object.keys(words?.fields ?? {}), name).toEqual(Object.keys(input))
        for (const [field, spec] of Object.entries(input)) {
          expect(Object.keys(words?.fields[field]?.choices ?? {}), `${name} ${field}`).toEqual(spec.type === 'choice' ? spec.values : [])
        }
      }
    }
  })

  // Discord's docs: Application Command Naming, Localization, Option Choice.
  test('fit the pattern of command and option names, in lower case, and no two are the same', () => {
    for (const locale of locales) {
      const labels = Object.values(texts[locale].commands).map(({ label }) => label)
      expect(new Set(labels).size).toBe(labels.length)
      for (const { label, description, fields } of Object.values(texts[locale].commands)) {
        const options = Object.values(fields)
        expect(new Set(options.map((option) => option.label)).size).toBe(options.length)
        for (const name of [label, ...options.map((option) => option.label)]) {
          expect(name).toMatch(/^[-_'\p{L}\p{N}]{1,32}$/u)
          expect(name).toBe(name.toLowerCase())
          expect(name).toBe(name.normalize('NFC'))
        }
        for (const text of [description, ...options.map((option) => option.description)]) {
          expect([...text].length, text).toBeGreaterThanOrEqual(1)
          expect([...text].length, text).toBeLessThanOrEqual(100)
        }
        for (const { choices } of options) {
          expect(Object.keys(choices).length).toBeLessThanOrEqual(25)
          expect(new Set(Object.values(choices)).size).toBe(Object.keys(choices).length)
          for (const choice of Object.values(choices)) expect([...choice].length).toBeLessThanOrEqual(100)
        }
      }
    }
  })

  test('of presses are unique, and can be written in an id', () => {
    const names = presses.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z.-]*$/)
    expect(names).not.toContain('form')
  })

  test('every form has its words', () => {
    const asking = [...commands, ...presses].filter(({ input }) => Object.values(input).some(({ askIfMissing }) => askIfMissing))
    for (const locale of locales) expect(Object.keys(texts[locale].forms).sort()).toEqual(asking.map(({ name }) => name).sort())
  })
})

test('a language is told by its tag', () => {
  expect(['ko', 'ko-KR', 'KO_kr', 'en', 'en-GB', 'EN'].map(localeOf)).toEqual(['ko', 'ko', 'ko', 'en', 'en', 'en'])
  for (const tag of [undefined, '', 'fr', 'kok', '*', '-', 'english']) expect(localeOf(tag)).toBeUndefined()
})
