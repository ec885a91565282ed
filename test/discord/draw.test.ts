import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Button, Card } from '../../src/chat/card.ts'
import type { Picture } from '../../src/chat/picture.ts'
import { formatPressId } from '../../src/chat/pressId.ts'
import { timeToken } from '../../src/chat/time.ts'
import { drawForm, drawPost, drawPrivate, drawThreadName, drawWords, nonceOf } from '../../src/rooms/discord/draw.ts'
import { buttons as buttonLimits, message, threadName } from '../../src/rooms/discord/limits.ts'
import { faultsOf, lettersOf, modalRefusal, shownFields, shownText } from './drawn.ts'

const ephemeral = 64
const family = '👩‍👩‍👧‍👦'
const at = Date.parse('2026-11-24T08:00+09:00')
const picture: Picture = { kind: 'board', title: '이번주', subtitle: '기수 1', rows: [] }
const button = (label: string, i: number): Button => ({ label, press: formatPressId('answer', i) })
const buttonsOf = (count: number) => Array.from({ length: count }, (_, i) => button(`${i}`, i))
const fieldsOf = (count: number, name = '이름', value = '값') => Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, value }))
const code = (lines: number, language = 'ts') => `\`\`\`${language}\n${'const one = 1\n'.repeat(lines)}\`\`\``

/** Both ways in which a card is shown, and whatever is wrong with them. */
function faults(card: Card): string[] {
  return [...faultsOf(card, drawPrivate(card)), ...faultsOf(card, drawPost(card, { by: '미나', mention: '42' }), '미나')]
}

describe('the longest, the emptiest and the strangest cards', () => {
  const gallery: Record<string, Card> = {
    'no text': { title: 'T', text: '' },
    'one letter': { text: 'x' },
    'a full embed': { title: 'T', text: 'x'.repeat(4096) },
    'one letter more': { title: 'T', text: 'x'.repeat(4097) },
    'a full message': { text: 'word '.repeat(1200) },
    'one letter more than a message': { text: `${'word '.repeat(1200)}!` },
    'a book': { title: 'T', text: 'a line of some words\n'.repeat(953), footer: 'the end' },
    'one long line': { title: 'T', text: 'x'.repeat(20_000), footer: 'F', fields: fieldsOf(3) },
    'only emoji': { text: '😀'.repeat(3000) },
    'emoji from the second unit on': { title: 'T', text: `a${'😀'.repeat(2500)}` },
    'families of emoji': { title: family.repeat(40), text: `a${family.repeat(500)}`, footer: family.repeat(300) },
    'a code block of many pages': { title: 'T', text: `before\n\n${code(300)}\n\nafter` },
    'a code block to the last letter': { text: `x\n${'y'.repeat(2000)}\n${code(280)}` },
    'many code blocks': { title: 'T', text: `${code(20)}\n\n`.repeat(20) },
    'a code block in a field': { text: 't', fields: [{ name: 'n', value: code(100) }] },
    'no field': { text: 't', fields: [] },
    'one field': { text: 't', fields: fieldsOf(1) },
    '25 fields': { text: 't', fields: fieldsOf(25) },
    '26 fields': { text: 't', fields: fieldsOf(26) },
    '100 fields': { text: 't', fields: fieldsOf(100) },
    '100 fields, each as long as can be': {
      title: 'T',
      text: 'words that matter',
      fields: fieldsOf(100, 'n'.repeat(300), 'v'.repeat(2000)),
    },
    '26 long fields and a long text': { title: 'T', text: 'word '.repeat(4000), fields: fieldsOf(26, 'n', 'v'.repeat(400)) },
    '10 full fields': { text: 'words that matter', fields: fieldsOf(10, 'n', 'v'.repeat(1024)) },
    'empty names and values': {
      text: 't',
      fields: [
        { name: '', value: '' },
        { name: ' ', value: '\n' },
      ],
    },
    'a title and a footer without end': { title: '제'.repeat(300), text: 't', footer: '끝'.repeat(3000) },
    'a footer of a full message': { title: 'T'.repeat(256), text: 'word '.repeat(2000), footer: 'f'.repeat(2048), fields: fieldsOf(25) },
    'names of every script': {
      title: '미나 · ⁧مريم⁩ · é́́́',
      text: 'ä̈̈ שָׁלוֹם กิ่ง देवनागरी ㅋㅋㅋ',
      fields: [{ name: 'مريم', value: 'e\u0301'.repeat(600) }],
    },
    'every mark of Markdown': { title: '*_~`|<>[]()#-', text: '*_~`|<>[]()#- ||spoiler|| <@123> <@&456> @everyone\n'.repeat(30) },
    'headings deeper than Discord knows': { text: '# one\n## two\n### three\n#### four\n##### five\n###### six\n####### seven\n####none' },
    'a heading without words': { text: '#### \n\nthe next paragraph' },
    'what looks like a heading in code': { text: '```sh\n#### a comment\n```\n#### a heading' },
    '25 buttons': { text: 't', buttons: buttonsOf(25) },
    'labels without end': { text: 't', buttons: [button('가'.repeat(80), 1), button('나'.repeat(81), 2), button('😀'.repeat(200), 3)] },
    'a link': { text: 't', buttons: [{ label: 'Source', href: 'https://example.org/' }] },
    'two buttons of one press': { text: 't', buttons: [button('A', 1), button('A', 1), button('B', 2)] },
    'a picture and its words': { text: 't', image: { picture, alt: '순위 '.repeat(600) } },
    'a picture, a file, and two embeds': {
      title: 'T',
      text: 'word '.repeat(1000),
      image: { picture, alt: 'a board' },
      file: { name: 'my-data.json', text: '{}', label: 'Save' },
    },
    'times everywhere': {
      title: `T ${timeToken(at, '11월 24일 08:00')}`,
      text: `Until ${timeToken(at, '11월 24일 08:00')}.`,
      fields: [{ name: timeToken(at, '08:00'), value: timeToken(at, '08:00') }],
      footer: `Next: ${timeToken(at, '08:00')}`,
    },
  }

  test.each(Object.entries(gallery))('%s', (_, card) => {
    expect(faults(card)).toEqual([])
  })

  test('a code block is whole in each embed, wherever it is cut', () => {
    const broken = [1, 100, 150, 200, 250, 290, 300, 310, 400, 500].flatMap((before) =>
      [10, 150, 300, 1000].flatMap((lines) => faults({ title: 'T', text: `${'words words\n'.repeat(before)}\n${code(lines)}\nafter` })),
    )
    expect(broken).toEqual([])
  })

  test('a time is never cut in two', () => {
    const token = timeToken(at, '11월 24일 08:00')
    const around = (full: number) => Array.from({ length: 60 }, (_, i) => 'x'.repeat(full - i))
    const broken = [
      ...around(4097).flatMap((before) => faults({ text: `${before}${token}${'y'.repeat(100)}` })),
      ...around(6000).flatMap((before) => faults({ text: `${before}${token}${'y'.repeat(100)}` })),
      ...around(1024).flatMap((before) => faults({ text: 't', fields: [{ name: `${before}${token}`, value: `${before}${token}yy` }] })),
      ...around(256).flatMap((before) => faults({ title: `${before}${token}`, text: 't', footer: `${'f'.repeat(1792)}${before}${token}` })),
    ]
    expect(broken).toEqual([])
  })

  test('whatever is left beside the fields, the text is shown or counted', () => {
    const broken = Array.from({ length: 60 }, (_, left) => {
      const fields = [...fieldsOf(5, 'n', 'v'.repeat(1022)), { name: 'n', value: 'v'.repeat(879 - left) }]
      return faults({ text: 't'.repeat(4000), fields })
    })
    expect(broken.flat()).toEqual([])
  })

  test('what fits is one embed, then two, and what is left out is counted', () => {
    const text = (length: number) => drawPrivate({ text: 'x'.repeat(length) }).body
    expect(text(4096).embeds).toHaveLength(1)
    expect(text(4097).embeds).toHaveLength(2)
    expect(shownText(text(6000)).replace('\n', '')).toBe('x'.repeat(6000))
    const cut = text(20_000)
    expect(shownText(cut)).toMatch(/ … \+\d+$/)
    expect(lettersOf(cut)).toBeGreaterThan(5900)
  })

  test('the picture is told in words, and the file is named', () => {
    const { body, files } = drawPrivate({
      text: 't',
      image: { picture, alt: 'a board' },
      file: { name: 'my-data.json', text: '{"acts":[]}', label: 'Save' },
    })
    expect(body.attachments).toEqual([
      { id: '0', filename: 'picture.png', description: 'a board' },
      { id: '1', filename: 'my-data.json' },
    ])
    expect(body.embeds?.[0]?.image?.url).toBe('attachment://picture.png')
    expect(files).toEqual([
      { name: 'picture.png', picture },
      { name: 'my-data.json', text: '{"acts":[]}' },
    ])
  })

  test('times are in each reader’s own zone where Discord shows them, and in words elsewhere', () => {
    const [shown] = drawPrivate(gallery['times everywhere'] ?? { text: '' }).body.embeds ?? []
    const stamp = '<t:1795474800:F> (<t:1795474800:R>)'
    expect(shown).toMatchObject({
      title: 'T 11월 24일 08:00',
      description: `Until ${stamp}.`,
      fields: [{ name: '08:00', value: stamp }],
      footer: { text: 'Next: 08:00' },
    })
    expect(drawWords(`Open until ${timeToken(at, '08:00')}`).body.content).toBe(`Open until ${stamp}`)
  })

  test('fields beyond the limit are counted', () => {
    expect(shownFields(drawPrivate({ text: 't', fields: fieldsOf(26) }).body).at(-1)).toEqual({ name: '…', value: '+2' })
    expect(shownFields(drawPrivate({ text: 't', fields: fieldsOf(100) }).body).at(-1)).toEqual({ name: '…', value: '+76' })
    expect(shownFields(drawPrivate({ text: 't', fields: fieldsOf(25) }).body)).toHaveLength(25)
  })

  test('more buttons than a message holds are a mistake that names the limit', () => {
    expect(() => drawPrivate({ text: 't', buttons: buttonsOf(26) })).toThrow(/26 buttons.* 25/)
    const rows = drawPrivate({ text: 't', buttons: buttonsOf(11) }).body.components ?? []
    expect(rows.map((row) => ('components' in row ? row.components.length : 0))).toEqual([5, 5, 1])
  })
})

// === Any card

const run = (unit: fc.Arbitrary<string>, most: number) => fc.tuple(unit, fc.integer({ min: 1, max: most })).map(([one, n]) => one.repeat(n))
const time = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
  .map((date) => timeToken(date.getTime(), '내일 08:00'))
const words = fc.constantFrom('word ', '가나다 ', 'e\u0301', family, '😀', '\n', '\n\n', '- item\n', '> quote\n', '*_~`|<>[]() ', 'مريم ')
const block = fc.integer({ min: 0, max: 500 }).map((lines) => `\n${code(lines)}\n`)
const textOf = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: words },
    run(words, 1500),
    block,
    time,
    fc.constant('\n#### heading\n'),
    fc.string({ unit: 'grapheme' }),
  ),
  { maxLength: 9 },
)
const anyText = textOf.map((parts) => parts.join(''))
const anyLine = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), run(fc.constantFrom('이', '😀', 'x', family), 400), time), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''))
const anyName = run(fc.constantFrom('미나', '😀', 'x', family), 300)
const anyField = fc.record({ name: anyLine, value: fc.oneof(anyLine, anyText) })
const anyFields = fc.oneof(
  fc.array(anyField, { maxLength: 6 }),
  fc.tuple(anyField, fc.integer({ min: 1, max: 100 })).map(([field, n]) => Array<typeof field>(n).fill(field)),
)
const anyButtons = fc
  .array(fc.tuple(run(fc.constantFrom('A', '아니다 ', '😀'), 60), fc.integer({ min: 0, max: 30 })), { maxLength: 25 })
  .map((given) => given.map(([label, i]) => button(label, i)))
const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    text: anyText,
    title: anyLine.filter((title) => title.trim() !== ''),
    hook: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3000 }).filter((hook) => hook.trim() !== ''),
    fields: anyFields,
    image: fc.record({ picture: fc.constant(picture), alt: fc.string({ unit: 'grapheme', maxLength: 1500 }) }),
    footer: anyLine.filter((footer) => footer.trim() !== ''),
    buttons: anyButtons,
  },
  { requiredKeys: ['text'] },
)

describe('any card', () => {
  test('holds every limit, and hides nothing in silence', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        expect(faultsOf(card, drawPrivate(card))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('is for one person’s eyes as an answer, and has its line for the lock screen as a post', () => {
    fc.assert(
      fc.property(anyCard, anyName, fc.boolean(), (card, by, calls) => {
        const whole = { title: 'T', ...card }
        const answer = drawPrivate(whole).body
        expect(answer.flags).toBe(ephemeral)
        const post = drawPost(whole, { by, ...(calls && { mention: '42' }) })
        expect(faultsOf(whole, post, by)).toEqual([])
        expect(post.body.flags).toBeUndefined()
        expect(post.body.content?.trim()).not.toBe('')
        expect(post.body.allowed_mentions).toEqual({ parse: [], ...(calls && { roles: ['42'] }) })
        if (calls) expect(post.body.content).toMatch(/<@&42>$/)
      }),
      { numRuns: 200 },
    )
  })

  test('a word to one person is cut at what a message holds, and calls nobody', () => {
    fc.assert(
      fc.property(anyText, (words) => {
        const { body } = drawWords(words)
        expect(body.content?.length).toBeLessThanOrEqual(message.content)
        expect(body.content?.isWellFormed()).toBe(true)
        expect(body).toMatchObject({ flags: ephemeral, allowed_mentions: { parse: [] }, embeds: [], attachments: [] })
      }),
    )
  })

  test('a thread’s name and a nonce are as short as they must be', () => {
    fc.assert(
      fc.property(anyLine, fc.string(), (title, other) => {
        expect(drawThreadName(title).length).toBeLessThanOrEqual(threadName)
        expect(drawThreadName(title).isWellFormed()).toBe(true)
        expect(nonceOf(title)).toHaveLength(message.nonce)
        expect(nonceOf(title)).toBe(nonceOf(title))
        expect(nonceOf(title) === nonceOf(other)).toBe(title === other)
      }),
    )
    expect(buttonLimits.rows * buttonLimits.inRow).toBe(25)
  })
})

describe('forms', () => {
  const field = { name: 'note', label: '한 줄', type: 'paragraph', required: true, max: 300 } as const

  test('a line, a paragraph and a choice', () => {
    const drawn = drawForm({
      title: '바꾸기',
      submit: '1:change',
      fields: [
        {
          name: 'set',
          label: '설정',
          description: '무엇을',
          type: 'choice',
          required: true,
          choices: [{ value: 'zone', label: '시간대' }],
        },
        { name: 'to', label: '값', type: 'text', required: true, max: 100 },
        field,
      ],
    })
    expect(modalRefusal(drawn)).toBeUndefined()
    expect(drawn).toMatchObject({
      custom_id: '1:change',
      title: '바꾸기',
      components: [
        {
          type: 18,
          label: '설정',
          description: '무엇을',
          component: { type: 3, custom_id: 'set', options: [{ label: '시간대', value: 'zone' }] },
        },
        { type: 18, label: '값', component: { type: 4, custom_id: 'to', style: 1, max_length: 100, required: true } },
        { type: 18, label: '한 줄', component: { type: 4, custom_id: 'note', style: 2, max_length: 300 } },
      ],
    })
  })

  test('words without end are cut and counted; a field too many is a mistake that names the limit', () => {
    const choices = Array.from({ length: 25 }, (_, i) => ({ value: `${i}`, label: '가'.repeat(200) }))
    const drawn = drawForm({
      title: '제'.repeat(100),
      submit: '1:change',
      fields: [
        { ...field, label: '😀'.repeat(40), description: '설'.repeat(300), max: 9000 },
        { ...field, name: 'set', type: 'choice', choices },
      ],
    })
    expect(modalRefusal(drawn)).toBeUndefined()
    expect(drawn.title).toBe(`${'제'.repeat(29)} … +71`)
    const six = Array.from({ length: 6 }, (_, i) => ({ ...field, name: `f${i}` }))
    expect(() => drawForm({ title: 'T', submit: '1:change', fields: six })).toThrow(/6 fields.* 5/)
  })
})
