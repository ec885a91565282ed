import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { infoOf } from '../../src/app.ts'
import type { Button, Card } from '../../src/chat/card.ts'
import type { Picture } from '../../src/chat/picture.ts'
import { formatPressId } from '../../src/chat/pressId.ts'
import type { Form } from '../../src/chat/room.ts'
import { timeToken } from '../../src/chat/time.ts'
import { commands } from '../../src/features/index.ts'
import { typedAs } from '../../src/rooms/slack/commands.ts'
import {
  type Drawn,
  drawCard,
  drawForm,
  drawHome,
  drawModal,
  drawPost,
  drawWords,
  finished,
  linkAction,
  plainWords,
} from '../../src/rooms/slack/draw.ts'
import { mrkdwn, words } from '../../src/rooms/slack/mrkdwn.ts'
import { brokenMessage, brokenView, halfMarks, limits, pingsOf } from '../support/slack/check.ts'

const typed = typedAs(commands.map(infoOf))
const shown = (markdown: string) => mrkdwn(markdown, typed)
const at = Date.parse('2026-11-24T08:00+09:00')
const time = timeToken(at, '11월 24일 08:00')
const stamp = '<!date^1795474800^{date_short_pretty} {time}|11월 24일 08:00>'
const picture: Picture = { kind: 'board', title: '이번주', subtitle: '기수 1', rows: [] }
const button = (label: string, i: number): Button => ({ label, press: formatPressId('answer', i) })
const buttonsOf = (count: number) => Array.from({ length: count }, (_, i) => button(`${i}`, i))
const fieldsOf = (count: number, name = '이름', value = '값') => Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, value }))
const isFile = (id: string) => id === 'F123'
const nobody = { everyone: false, users: [], groups: [] }
const close = { close: '닫기' }

/** Everything that is wrong with a drawn card as a message, as a modal and as a home. */
function faults(drawn: Drawn): string[] {
  const message = finished(drawn, { team: 'T1', file: 'F123' })
  const bare = finished(drawn, { team: 'T1' })
  return [
    ...brokenMessage(message, isFile),
    ...brokenMessage(bare, () => false),
    ...brokenView(drawModal(drawn, { team: 'T1', file: 'F123' }, close), isFile),
    ...brokenView(drawHome(drawn, { team: 'T1', file: 'F123' }), isFile),
    ...halfMarks(message).map((text) => `half a mark: …${text.slice(-60)}`),
    ...(/[\ufffe\uffff]/.test(JSON.stringify(message)) ? ['a time that nobody wrote out'] : []),
  ]
}

const faultsOf = (card: Card): string[] => [
  ...faults(drawCard(card, typed)),
  ...faults(drawPost(card, typed, { by: '미나', mention: 'S42' })),
]

const sections = ({ blocks }: Pick<Drawn, 'blocks'>): string[] =>
  blocks.flatMap((block) => (block.type === 'section' && block.text ? [block.text.text] : []))
const fieldsIn = ({ blocks }: Pick<Drawn, 'blocks'>): string[] =>
  blocks.flatMap((block) => (block.type === 'section' ? (block.fields ?? []).map(({ text }) => text) : []))

describe('a card in Slack', () => {
  test('who shared it, the title, the text, the fields, the picture, the buttons, the small print, in this order', () => {
    const drawn = drawPost(
      {
        title: '이번주 순위',
        text: '**셋**이 공부했어요.',
        fields: [{ name: '1. 미나', value: '5일' }],
        image: { picture, alt: '이번주: 1. 미나 5일' },
        buttons: [button('기수', 7), { label: '출처', href: 'https://example.org/?a=1&b=2' }],
        footer: '클럽 연속 3일',
      },
      typed,
      { by: '미나' },
    )
    expect(finished(drawn, { team: 'T1', file: 'F123' }).blocks).toEqual([
      { type: 'context', elements: [{ type: 'mrkdwn', text: '*미나*', verbatim: true }] },
      { type: 'header', text: { type: 'plain_text', text: '이번주 순위', emoji: true } },
      { type: 'section', text: { type: 'mrkdwn', text: '*셋*\u200b이 공부했어요.', verbatim: true } },
      { type: 'section', fields: [{ type: 'mrkdwn', text: '*1. 미나*\n5일', verbatim: true }] },
      { type: 'image', alt_text: '이번주: 1. 미나 5일', slack_file: { id: 'F123' } },
      {
        type: 'actions',
        block_id: 'club-T1',
        elements: [
          { type: 'button', text: { type: 'plain_text', text: '기수', emoji: true }, action_id: '1:answer:7' },
          {
            type: 'button',
            text: { type: 'plain_text', text: '출처', emoji: true },
            action_id: `${linkAction}1`,
            url: 'https://example.org/?a=1&b=2',
          },
        ],
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: '클럽 연속 3일', verbatim: true }] },
    ])
    expect(drawn.text).toBe(
      ['미나', '이번주 순위', '*셋*\u200b이 공부했어요.', '1. 미나: 5일', '이번주: 1. 미나 5일', '클럽 연속 3일'].join('\n'),
    )
    expect(drawn.picture).toEqual({ picture, alt: '이번주: 1. 미나 5일' })
    expect(faults(drawn)).toEqual([])
  })

  test('without its picture it says the same in words', () => {
    const drawn = drawCard({ text: '순위', image: { picture, alt: '1. 미나 5일' } }, typed)
    const { text, blocks } = finished(drawn, { team: 'T1' })
    expect(blocks.map(({ type }) => type)).toEqual(['section'])
    expect(text).toContain('1. 미나 5일')
  })

  test('a file goes with the message, not into a block', () => {
    const file = { name: 'my-data.json', text: '{}', label: '받기' }
    expect(drawCard({ text: '여기 있어요', file }, typed)).toMatchObject({ file, blocks: [{ type: 'section' }] })
  })

  test('an empty card has a text all the same, and no empty block', () => {
    expect(drawCard({ title: 'T', text: '' }, typed)).toEqual({
      text: 'T',
      blocks: [{ type: 'header', text: { type: 'plain_text', text: 'T', emoji: true } }],
    })
    expect(drawPost({ title: ' ', text: 'x', footer: ' ', fields: [] }, typed, { by: ' ' }).blocks).toHaveLength(1)
    expect(fieldsIn(drawCard({ text: 't', fields: [{ name: '', value: ' ' }] }, typed))).toEqual(['*–*\n–'])
  })

  test('a post has its hook first, which a lock screen shows, and calls the club’s group and nobody else', () => {
    const card: Card = { hook: '오늘의 1%: 커널 & <셸>', title: '오늘의 1%', text: '@channel <!channel> <@U123> <!subteam^S9>' }
    const calling = drawPost(card, typed, { mention: 'S42' })
    expect(calling.text).toMatch(/^오늘의 1%: 커널 &amp; &lt;셸&gt;\n<!subteam\^S42>\n오늘의 1%\n/)
    expect(calling.blocks.at(-1)).toEqual({ type: 'context', elements: [{ type: 'mrkdwn', text: '<!subteam^S42>', verbatim: true }] })
    expect(pingsOf(calling)).toEqual({ everyone: false, users: [], groups: ['S42'] })
    const quiet = drawPost(card, typed, { by: '미나' })
    expect(quiet.text).toMatch(/^오늘의 1%: [^\n]*\n미나\n/)
    expect(pingsOf(quiet)).toEqual(nobody)
  })

  test('times are in each reader’s own zone where Slack shows them, and in words elsewhere', () => {
    const drawn = drawCard(
      {
        title: `T ${time}`,
        text: `**${time}**까지, \`/오늘\``,
        fields: [{ name: time, value: time }],
        image: { picture, alt: `a ${time}` },
        footer: `다음: ${time}`,
        buttons: [button(time, 1)],
      },
      typed,
    )
    expect(sections(drawn)).toEqual([`*${stamp}*\u200b까지, \`/1퍼센트 오늘\``])
    expect(fieldsIn(drawn)).toEqual([`*${stamp}*\n${stamp}`])
    expect(drawn.blocks).toMatchObject([
      { text: { type: 'plain_text', text: 'T 11월 24일 08:00' } },
      {},
      {},
      { alt_text: 'a 11월 24일 08:00' },
      { elements: [{ text: { text: '11월 24일 08:00' } }] },
      { elements: [{ text: `다음: ${stamp}` }] },
    ])
    expect(faults(drawn)).toEqual([])
    expect(words(`${time} & <b>`)).toBe(`${stamp} &amp; &lt;b&gt;`)
  })

  test('a word to one person, with a button where there is one', () => {
    const drawn = drawWords('이제 알 수 없는 버튼이에요. `/오늘`을 써 보세요.', typed, [button('오늘', 1)])
    expect(sections(drawn)).toEqual(['이제 알 수 없는 버튼이에요. `/1퍼센트 오늘`\u200b을 써 보세요.'])
    expect(drawn.blocks.map(({ type }) => type)).toEqual(['section', 'actions'])
    expect(plainWords(`\`/오늘\`은 **${time}**부터예요 & <여기>`, typed)).toBe('/1퍼센트 오늘은 11월 24일 08:00부터예요 & <여기>')
  })

  test('the channel and the group of a setting are shown as Slack shows them', () => {
    const fields = [
      { name: '채널', value: '<#C0123ABC>' },
      { name: '알릴역할', value: '<@&S0456DEF>' },
      { name: '비공개', value: '<#G1>' },
    ]
    expect(fieldsIn(drawCard({ text: 't', fields }, typed))).toEqual([
      '*채널*\n<#C0123ABC>',
      '*알릴역할*\n<!subteam^S0456DEF>',
      '*비공개*\n<#G1>',
    ])
  })
})

describe('Markdown in Slack', () => {
  test.each([
    ['**굵게** 그리고 *기울여* 그리고 ~~지우고~~', '*굵게* 그리고 _기울여_ 그리고 ~지우고~'],
    ['## 제목 **안에**', '*제목 안에*'],
    ['- 하나\n- 둘\n  - 셋', '• 하나\n• 둘\n    • 셋'],
    ['3. 셋\n4. 넷', '3. 셋\n4. 넷'],
    ['- [x] 했다\n- [ ] 아직', '• ☑ 했다\n• ☐ 아직'],
    ['> 한 줄\n> 또 한 줄', '> 한 줄\n> 또 한 줄'],
    ['```sh\nls <dir> && cd\n```', '```\nls &lt;dir&gt; &amp;&amp; cd\n```'],
    ['| a | b |\n|---|---|\n| 1 | **2** |', '*a* | *b*\n1 | *2*'],
    ['[출처](https://example.org/?a=1&b=2)', '<https://example.org/?a=1&amp;b=2|출처>'],
    ['[출처](https://example.org/a|b)', '<https://example.org/a%7Cb|출처>'],
    ['[여기](javascript:alert) [또](/local)', '여기 또'],
    ['![고양이 <3](https://example.org/cat.png)', '고양이 &lt;3'],
    ['<b>bold</b> & &amp;', '&lt;b&gt;bold&lt;/b&gt; &amp; &amp;'],
    ['하나\n\n---\n\n둘', '하나\n\n———\n\n둘'],
    ['', ''],
  ])('%j is %j', (markdown, expected) => {
    expect(shown(markdown)).toBe(expected)
  })

  test.each([
    ['**리눅스**는 커널이다', '*리눅스*\u200b는 커널이다'],
    ['이것은**커널**', '이것은\u200b*커널*'],
    ['`ls`로 본다', '`ls`\u200b로 본다'],
    ['*아주*좋다', '_아주_\u200b좋다'],
    ['**커널**, 그리고 (**셸**)', '*커널*, 그리고 (*셸*)'],
    ['**하나**`둘`', '*하나*`둘`'],
  ])('a mark beside a letter is kept apart from it: %s', (markdown, expected) => {
    expect(shown(markdown)).toBe(expected)
  })

  test.each([
    ['`/today`', '`/1p today`'],
    ['`/오늘`', '`/1퍼센트 오늘`'],
    ['`/연속 기록 켜기`', '`/1퍼센트 연속 기록 켜기`'],
    ['`/streak show`', '`/1p streak show`'],
    ['`/레슨 3`', '`/1퍼센트 레슨 3`'],
    ['`/etc/passwd`', '`/etc/passwd`'],
    ['`today`', '`today`'],
    ['/today 그냥', '/today 그냥'],
  ])('a command is written as it is typed here: %s', (markdown, expected) => {
    expect(shown(markdown)).toBe(expected)
  })

  test.each([
    '<!channel>',
    '<!here|@here>',
    '<@U123>',
    '<!subteam^S1|@g>',
    '`<!channel>`',
    '```\n<!channel>\n```',
    '> <!everyone>',
    '[<!here>](https://x.org)',
    '[x](<https://x.org/><!channel>)',
    '&lt;!channel&gt;',
    '\\<!channel>',
    '<div>\n<!channel>\n</div>',
    '| <!channel> |\n|---|\n| <@U1> |',
    '- <@W123>',
    '# <!channel>',
    '![<!channel>](https://x.org)',
    'https://x.org/<!channel>',
    '<https://x.org/|<!channel>>',
    '**<!channel>**',
    '[^1]\n\n[^1]: <!channel>',
  ])('nobody is called by %j', (markdown) => {
    const drawn = drawPost({ title: markdown, text: markdown, footer: markdown, hook: markdown }, typed, { by: markdown })
    expect(pingsOf(drawn)).toEqual(nobody)
    expect(faults(drawn)).toEqual([])
  })
})

describe('the longest, the emptiest and the strangest cards', () => {
  const family = '👩‍👩‍👧‍👦'
  const code = (lines: number) => `\`\`\`ts\n${'const one = 1 && <two>\n'.repeat(lines)}\`\`\``
  const gallery: Record<string, Card> = {
    'one letter': { text: 'x' },
    'a full section': { text: 'x'.repeat(3000) },
    'one letter more': { text: 'x'.repeat(3001) },
    'a full message': { title: 'T', text: 'word '.repeat(2390) },
    'a book': { title: 'T', text: 'a line of some words\n\n'.repeat(2000), footer: 'the end' },
    'one long line': { title: 'T', text: 'x'.repeat(40_000), footer: 'F', fields: fieldsOf(3) },
    'signs that are escaped': { title: '<&>'.repeat(100), text: '<&> '.repeat(4000), footer: '<&>'.repeat(700) },
    'only emoji': { title: '😀'.repeat(200), text: `a${'😀'.repeat(8000)}`, footer: '😀'.repeat(2000) },
    'families of emoji': { title: family.repeat(40), text: `a${family.repeat(1500)}` },
    'a code block of many pages': { title: 'T', text: `before\n\n${code(600)}\n\nafter` },
    'many code blocks': { title: 'T', text: `${code(20)}\n\n`.repeat(40) },
    '26 fields': { text: 't', fields: fieldsOf(26) },
    'a title and small print without end': { title: '제'.repeat(300), text: 't', footer: '끝'.repeat(3000) },
    'every mark of Markdown': { title: '*_~`|<>[]()#-', text: '*_~`|<>[]()#- ||spoiler|| <@123> <@&456> @everyone\n'.repeat(90) },
    'lists in lists': { text: Array.from({ length: 40 }, (_, i) => `${'  '.repeat(i)}- x`).join('\n') },
    '25 buttons': { text: 't', buttons: buttonsOf(25) },
    'labels without end': { text: 't', buttons: [button('가'.repeat(75), 1), button('나'.repeat(76), 2), button('😀'.repeat(200), 3)] },
    'two buttons of one press': { text: 't', buttons: [button('A', 1), button('A', 1), button('B', 2)] },
    'a picture and its words': { text: 't', image: { picture, alt: '순위 '.repeat(900) } },
    'a picture without words': { text: 't', image: { picture, alt: '' } },
    'times everywhere': {
      title: time.repeat(30),
      text: time.repeat(1000),
      fields: [{ name: time, value: time }],
      footer: time.repeat(100),
    },
  }

  test.each(Object.entries(gallery))('%s', (_, card) => {
    expect(faultsOf(card)).toEqual([])
  })

  test('a time or an escaped sign is never cut in two', () => {
    const around = (full: number) => Array.from({ length: 90 }, (_, i) => 'x'.repeat(full - i))
    const broken = [time, '<&>'].flatMap((mark) => [
      ...around(3001).flatMap((before) => faultsOf({ text: `${before}${mark}${'y'.repeat(100)}` })),
      ...around(12_000).flatMap((before) => faultsOf({ text: `${before}${mark}${'y'.repeat(100)}` })),
      ...around(2000).flatMap((before) =>
        faultsOf({ text: 't', fields: [{ name: 'n', value: `${before}${mark}yy` }], footer: `${before}${mark}` }),
      ),
      ...around(150).flatMap((before) => faultsOf({ title: `${before}${mark}`, text: 't' })),
    ])
    expect(broken).toEqual([])
  })

  test('what does not fit is counted where it was', () => {
    const cut = drawCard({ title: 'T', text: 'word '.repeat(5000) }, typed)
    const all = sections(cut).join('')
    expect(all).toMatch(/ … \+\d+$/)
    expect(all.length).toBeGreaterThan(11_500)
    expect(cut.text).toMatch(/ … \+\d+$/)
    expect(cut.text.length).toBeLessThanOrEqual(limits.message.text)
    const [header, , small] = drawCard({ title: '제'.repeat(300), text: 't', footer: '끝'.repeat(3000) }, typed).blocks
    expect(JSON.stringify(header)).toMatch(/제 … \+\d+"/)
    expect(JSON.stringify(small)).toMatch(/끝 … \+\d+"/)
    expect(fieldsIn(drawCard({ text: 't', fields: [{ name: 'n', value: 'v'.repeat(3000) }] }, typed))[0]).toMatch(/v … \+\d+$/)
  })

  test('what fits is whole, on as many pages as it needs', () => {
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n\n')
    const pages = sections(drawCard({ text }, typed))
    expect(pages.join('\n\n')).toBe(text)
    expect(pages.length).toBeGreaterThan(1)
  })

  test('a code block is closed on its page and goes on overleaf', () => {
    for (const page of sections(drawCard({ text: `before\n\n${code(200)}\n\nafter` }, typed)))
      expect((page.match(/^```/gm) ?? []).length % 2).toBe(0)
  })

  test('more buttons than a row holds are a mistake that names the limit', () => {
    expect(() => drawCard({ text: 't', buttons: buttonsOf(26) }, typed)).toThrow(/26 buttons.* 25/)
  })
})

// === Any card

const hostile = fc.constantFrom(
  '<!channel>',
  '<!here>',
  '<!everyone|x>',
  '<@U012AB>',
  '<@W9|미나>',
  '<!subteam^S1>',
  '&lt;!channel&gt;',
  '<',
  '>',
  '&',
  '|',
  '`',
  '```\n',
  '**',
  '\\',
  '[x](https://e.org/<!here>)',
  'https://e.org/?a=1&b=<c>',
  'a@b.org',
  '\n',
  '\n\n',
  '> ',
  '- ',
  '😀',
  '가',
  time,
)
const run = fc.tuple(hostile, fc.integer({ min: 1, max: 700 })).map(([one, n]) => one.repeat(n))
const anyText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: hostile },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
      fc.string(),
      run,
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
const someText = anyText.filter((text) => text.trim() !== '')
/** As long as a line of ours may be, so that all of a card’s parts fit beside each other. */
const anyLine = anyText.map((text) => text.slice(0, 300).replace(/[\ud800-\udbff]$|\ufffe[^\uffff]*$/, ''))
const anyLabel = anyLine.filter((label) => label.trim() !== '')

describe('any card', () => {
  const anyCard: fc.Arbitrary<Card> = fc.record(
    {
      text: anyText,
      title: someText,
      hook: anyLabel,
      fields: fc.array(fc.record({ name: anyLine, value: anyLine }), { maxLength: 4 }),
      image: fc.record({ picture: fc.constant(picture), alt: someText }),
      footer: anyText,
      buttons: fc
        .uniqueArray(fc.tuple(anyLabel, fc.integer({ min: 0, max: 30 })), { maxLength: 25, selector: ([, i]) => i })
        .map((given) => given.map(([label, i]) => button(label, i))),
    },
    { requiredKeys: ['text', 'title'] },
  )

  test('holds every limit and calls nobody, whatever members write', () => {
    fc.assert(
      fc.property(anyCard, anyLabel, (card, by) => {
        for (const drawn of [drawCard(card, typed), drawPost(card, typed, { by })]) {
          const message = finished(drawn, { team: 'T1', file: 'F123' })
          expect(brokenMessage(message, isFile)).toEqual([])
          expect(pingsOf(message)).toEqual(nobody)
          expect(halfMarks(message)).toEqual([])
          expect(brokenView(drawModal(drawn, { team: 'T1', file: 'F123' }, close), isFile)).toEqual([])
          expect(brokenView(drawHome(drawn, { team: 'T1' }), isFile)).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a word to one person, too', () => {
    fc.assert(
      fc.property(someText, (text) => {
        const drawn = drawWords(text, typed)
        if (drawn.text === '') return
        expect(brokenMessage(drawn)).toEqual([])
        expect(pingsOf(drawn)).toEqual(nobody)
      }),
      { numRuns: 300 },
    )
  })
})

describe('forms', () => {
  const field = { name: 'note', label: '한줄', type: 'paragraph', required: true, max: 300 } as const

  test('a line, a paragraph and a choice are a modal', () => {
    const form: Form = {
      title: '바꾸기',
      submit: '1:change',
      button: '저장',
      fields: [
        {
          name: 'set',
          label: '설정',
          description: '무엇을',
          type: 'choice',
          required: true,
          choices: [{ value: 'zone', label: '시간대' }],
        },
        { name: 'to', label: '값', type: 'text', required: false },
        field,
      ],
    }
    const view = drawForm(form, close, '{"channel":"C1"}')
    expect(brokenView(view)).toEqual([])
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: true })
    expect(view).toEqual({
      type: 'modal',
      callback_id: '1:change',
      private_metadata: '{"channel":"C1"}',
      title: plain('바꾸기'),
      submit: plain('저장'),
      close: plain('닫기'),
      blocks: [
        {
          type: 'input',
          block_id: 'set',
          optional: false,
          label: plain('설정'),
          hint: plain('무엇을'),
          element: { type: 'static_select', action_id: 'value', options: [{ text: plain('시간대'), value: 'zone' }] },
        },
        {
          type: 'input',
          block_id: 'to',
          optional: true,
          label: plain('값'),
          element: { type: 'plain_text_input', action_id: 'value', multiline: false, max_length: 3000 },
        },
        {
          type: 'input',
          block_id: 'note',
          optional: false,
          label: plain('한줄'),
          element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 300 },
        },
      ],
    })
  })

  test('words without end are cut and counted; a choice too many is a mistake that names the limit', () => {
    const choices = Array.from({ length: 100 }, (_, i) => ({ value: `${i}`, label: '가'.repeat(200) }))
    const form: Form = {
      title: '제'.repeat(100),
      submit: '1:change',
      button: '저'.repeat(50),
      fields: [
        { ...field, label: '😀'.repeat(2000), description: '설'.repeat(3000), max: 9000 },
        { ...field, name: 'set', type: 'choice', choices },
      ],
    }
    const view = drawForm(form, { close: '닫'.repeat(30) })
    expect(brokenView(view)).toEqual([])
    expect(view.title.text).toMatch(/^제+ … \+\d+$/)
    const more: Form = { ...form, fields: [{ ...field, type: 'choice', choices: [...choices, { value: 'x', label: 'x' }] }] }
    expect(() => drawForm(more, close)).toThrow(/101 choices.* 100/)
  })
})

describe('the rules that these tests go by', () => {
  const plain = (text: string) => ({ type: 'plain_text', text })
  const press = (id: string, more: object = {}) => ({ type: 'button', text: plain('A'), action_id: id, ...more })
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
  const input = (element: object) => ({ type: 'input', label: plain('한줄'), element })

  test.each<[object, RegExp]>([
    [{ text: 't', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, /51 in the list/],
    [{ text: 't', blocks: Array.from({ length: 5 }, () => section('x'.repeat(2900))) }, /14500 characters in all/],
    [{ blocks: [section('x')] }, /message\.text: must be text/],
    [{ text: 'x'.repeat(4001) }, /4001 characters/],
    [{ text: 't', blocks: [section('')] }, /must not be empty/],
    [{ text: 't', blocks: [{ type: 'section' }] }, /needs text or fields/],
    [{ text: 't', blocks: [section('x'.repeat(3001))] }, /3001 characters/],
    [{ text: 't', blocks: [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }] }, /11 in the list/],
    [{ text: 't', blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] }, /must be plain_text/],
    [{ text: 't', blocks: [{ type: 'context', elements: [] }] }, /0 in the list/],
    [{ text: 't', blocks: [{ type: 'actions', elements: [press('a'), press('a')] }] }, /"a" is there already/],
    [{ text: 't', blocks: [1, 2].map(() => ({ type: 'actions', elements: [press('a')] })) }, /"a" is there already/],
    [{ text: 't', blocks: [{ type: 'actions', elements: [press('a', { text: plain('x'.repeat(76)) })] }] }, /76 characters/],
    [{ text: 't', blocks: [{ type: 'actions', elements: [press('a', { url: 'nowhere' })] }] }, /no address/],
    [{ text: 't', blocks: [1, 2].map(() => ({ type: 'divider', block_id: 'b' })) }, /"b" is there already/],
    [{ text: 't', blocks: [{ type: 'image', alt_text: 'x', slack_file: { id: 'F9' } }] }, /no file "F9"/],
    [{ text: 't', blocks: [{ type: 'image', alt_text: 'x' }] }, /one of them/],
    [{ text: 't', blocks: [input({ type: 'plain_text_input', action_id: 'v' })] }, /only in a view/],
    [{ text: 't', blocks: [{ type: 'marquee' }] }, /unknown type "marquee"/],
    [{ text: 't', blocks: [section('😀'.slice(0, 1))] }, /half a character/],
  ])('a message may not be %j', (message, why) => {
    expect(brokenMessage(message, isFile).join('\n')).toMatch(why)
  })

  test.each<[object, RegExp]>([
    [{ type: 'modal', title: plain('x'.repeat(25)), blocks: [] }, /25 characters/],
    [{ type: 'modal', title: plain('x'), blocks: [input({ type: 'plain_text_input', action_id: 'v' })] }, /needs submit/],
    [{ type: 'home', blocks: [input({ type: 'plain_text_input', action_id: 'v', max_length: 3001 })] }, /3001, allowed/],
    [{ type: 'home', blocks: [input({ type: 'static_select', action_id: 'v', options: [] })] }, /0 in the list/],
    [{ type: 'home', blocks: [], private_metadata: 'x'.repeat(3001) }, /3001 characters/],
    [{ type: 'workflow', blocks: [] }, /unknown type "workflow"/],
  ])('a view may not be %j', (view, why) => {
    expect(brokenView(view).join('\n')).toMatch(why)
  })

  test('who is called is seen, in the text and in the blocks', () => {
    const body = { text: 'a <!here> <@U1|mina>', blocks: [section('<!subteam^S1> <@W2>'), { type: 'header', text: plain('<@U9>') }] }
    expect(pingsOf(body)).toEqual({ everyone: true, users: ['U1', 'W2'], groups: ['S1'] })
    expect(halfMarks({ text: 'a & b' })).toEqual(['a & b'])
    expect(halfMarks({ text: 'a &amp; <!date^1^{time}|b>' })).toEqual([])
  })
})

describe('what is easily broken', () => {
  test.each<[string, Drawn]>([
    ['a post that is as long as can be, and calls its group', drawPost({ text: 'x'.repeat(20_000) }, typed, { mention: 'S0123456789' })],
    ['fields that are too much together', drawCard({ text: 'words', fields: fieldsOf(7, 'n', 'v'.repeat(2000)) }, typed)],
    ['a link that is longer than a section', drawCard({ text: `[x](https://example.org/${'a'.repeat(4000)})` }, typed)],
    ['a time in the words of a link', drawCard({ text: `[um ${time}](https://example.org/)` }, typed)],
    ['a picture with blank words', drawCard({ text: 'x', image: { picture, alt: ' ' } }, typed)],
    ['a button with blank words', drawCard({ text: 'x', buttons: [button(' ', 1)] }, typed)],
    ['buttons and nothing else', drawCard({ text: '', buttons: buttonsOf(2) }, typed)],
  ])('%s', (_, drawn) => {
    expect(faults(drawn)).toEqual([])
  })

  test('a field calls a group only where a setting names it, not where somebody writes it', () => {
    const drawn = drawPost({ text: 't', fields: [{ name: '지난주', value: '1. <@&S0123ABC> · 5일' }] }, typed)
    expect(pingsOf(drawn)).toEqual(nobody)
  })

  test('a backtick in code does not open a code block', () => {
    expect(shown('`` ` ``')).not.toContain('```')
  })
})
