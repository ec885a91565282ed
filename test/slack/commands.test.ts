import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { infoOf } from '../../src/app.ts'
import { commands } from '../../src/features/index.ts'
import { plainText, readTyped, shortNames, typedAs, umbrella } from '../../src/rooms/slack/commands.ts'
import { locales } from '../../src/text/locale.ts'

const infos = commands.map(infoOf)
const read = (line: string) => {
  const [slash = '', text = ''] = /^(\S+)\s?([\s\S]*)$/.exec(line)?.slice(1) ?? []
  return readTyped(slash, text, infos)
}

type Line = [line: string, command: string, input?: Record<string, string>]

describe('which command is meant', () => {
  test.each<Line>([
    ['/1p', 'help'],
    ['/1p    ', 'help'],
    ['/1퍼센트', 'help'],
    ['/1P help', 'help'],
    ['/1p today', 'today'],
    ['/1p /today', 'today'],
    ['/1p   today  ', 'today'],
    ['/1p 오늘', '오늘'],
    ['/1퍼센트 오늘', '오늘'],
    ['/1퍼센트 /오늘', '오늘'],
    ['/1퍼센트 today', 'today'],
    ['/today', 'today'],
    ['/streak', 'streak'],
    ['/leaderboard', 'leaderboard'],
    ['/club', 'club'],
    ['/1p constructor', 'constructor'],
    ['/1p nonsense with:words "and more"', 'nonsense'],
  ])('%j is %s', (line, command) => {
    expect(read(line)).toEqual({ command, input: {} })
  })

  test('the umbrella’s name is the same however a phone composes its letters', () => {
    expect(readTyped('/1퍼센트'.normalize('NFD'), '인증 한 줄', infos)).toEqual({ command: '인증', input: { note: '한 줄' } })
    expect(readTyped('/1p', `${'인증'.normalize('NFD')} 한 줄`, infos).input).toEqual({ note: '한 줄' })
    expect(readTyped('/1p', `인증 ${'한줄'.normalize('NFD')}:셸`, infos).input).toEqual({ note: '셸' })
  })

  test('the short names are commands of ours', () => {
    for (const name of shortNames) {
      expect(infos.map((info) => info.name)).toContain(name)
      expect(readTyped(`/${name}`, '', infos)).toEqual({ command: name, input: {} })
    }
  })
})

describe('what is typed, and what it means', () => {
  test.each<Line>([
    // A line about the day is kept as it was written.
    ['/1p checkin learned that a:b is not c', 'checkin', { note: 'learned that a:b is not c' }],
    ['/checkin hello: world', 'checkin', { note: 'hello: world' }],
    ['/1p checkin   two  spaces   between ', 'checkin', { note: 'two  spaces   between' }],
    ['/1p checkin one\n\n  two\n\tthree\n', 'checkin', { note: 'one\n\n  two\n\tthree' }],
    ['/1퍼센트 인증 오늘은 커널을 읽었다', '인증', { note: '오늘은 커널을 읽었다' }],
    ['/1퍼센트 인증 한줄:오늘은 커널', '인증', { note: '오늘은 커널' }],
    ['/1퍼센트 인증 한줄： 오늘은 커널', '인증', { note: '오늘은 커널' }],
    ['/1p checkin note: pages\nand frames', 'checkin', { note: 'pages\nand frames' }],
    ['/1p checkin note=pages', 'checkin', { note: 'pages' }],
    ['/1p checkin NOTE:pages', 'checkin', { note: 'pages' }],
    ['/1p checkin note taking is hard', 'checkin', { note: 'note taking is hard' }],
    ['/1p checkin "pages"', 'checkin', { note: 'pages' }],
    ['/1p checkin “pages and frames”', 'checkin', { note: 'pages and frames' }],
    ["/1p checkin 'pages'", 'checkin', { note: 'pages' }],
    ['/1p checkin ‘pages’', 'checkin', { note: 'pages' }],
    ['/1p checkin "pages" and "frames"', 'checkin', { note: '"pages" and "frames"' }],
    ["/1p checkin it’s about fork(), isn't it?", 'checkin', { note: "it’s about fork(), isn't it?" }],
    ['/1p checkin a "half quote', 'checkin', { note: 'a "half quote' }],
    ['/1p checkin a &amp;&amp; b &lt; 3', 'checkin', { note: 'a && b < 3' }],
    ['/1p checkin &amp;lt; is a sign', 'checkin', { note: '&lt; is a sign' }],
    ['/1p checkin &lt;!channel&gt;', 'checkin', { note: '<!channel>' }],
    [
      '/1p checkin with <@U0123ABC|mina> in <#C0123|study>, see <https://x.org/a|x.org/a>',
      'checkin',
      { note: 'with @mina in #study, see https://x.org/a' },
    ],
    ['/1p checkin <@U0123ABC|mina> helped', 'checkin', { note: '@mina helped' }],
    ['/1p checkin thanks <!subteam^S0123|@study> and <!here>', 'checkin', { note: 'thanks @study and @here' }],

    // Numbers, words and dates.
    ['/1p lesson 3', 'lesson', { which: '3' }],
    ['/1p lesson which:3', 'lesson', { which: '3' }],
    ['/1p lesson memory map', 'lesson', { which: 'memory map' }],
    ['/1p lesson “memory map”', 'lesson', { which: 'memory map' }],
    ['/1퍼센트 레슨 번호:3', '레슨', { which: '3' }],
    ['/1p flow 1.24', 'flow', { version: '1.24' }],
    ['/1p flow version:v1.24.3', 'flow', { version: 'v1.24.3' }],
    ['/1퍼센트 흐름 1.24–1.25', '흐름', { version: '1.24–1.25' }],
    ['/1퍼센트 흐름 버전: 1.24', '흐름', { version: '1.24' }],
    ['/1p pause 3', 'pause', { until: '3' }],
    ['/1p pause 2026-12-01', 'pause', { until: '2026-12-01' }],
    ['/1퍼센트 휴식 해제', '휴식', { until: '해제' }],
    ['/1퍼센트 휴식 언제까지: 7', '휴식', { until: '7' }],

    // People.
    ['/1p streak <@U0123ABC|mina>', 'streak', { member: 'U0123ABC' }],
    ['/streak <@W0123ABC>', 'streak', { member: 'W0123ABC' }],
    ['/1p streak @U0123ABC', 'streak', { member: 'U0123ABC' }],
    ['/1p streak @mina', 'streak', { member: '@mina' }],
    ['/1p streak member:<@U0123ABC|mina>', 'streak', { member: 'U0123ABC' }],
    ['/1퍼센트 연속 누구:<@U0123ABC|미나>', '연속', { member: 'U0123ABC' }],
    ['/1퍼센트 연속 누구 <@U0123ABC|미나>', '연속', { member: 'U0123ABC' }],

    // Choices, of one word and of several, in both languages.
    ['/1p streak why', 'streak', { action: 'why' }],
    ['/1p streak hide me', 'streak', { action: 'hide' }],
    ['/1p streak HIDE Me', 'streak', { action: 'hide' }],
    ['/1p streak hide', 'streak', { action: 'hide' }],
    ['/1p streak action:hide me', 'streak', { action: 'hide' }],
    ['/1p streak action "hide me"', 'streak', { action: 'hide' }],
    ['/1p streak no record', 'streak', { action: 'off' }],
    ['/1p streak 이유', 'streak', { action: 'why' }],
    ['/1퍼센트 연속 기록 켜기', '연속', { action: 'on' }],
    ['/1퍼센트 연속 할일:기록 끄기', '연속', { action: 'off' }],
    ['/1p streak why <@U0123ABC|mina>', 'streak', { action: 'why', member: 'U0123ABC' }],
    ['/1p streak <@U0123ABC|mina> why', 'streak', { action: 'why', member: 'U0123ABC' }],
    ['/leaderboard run', 'leaderboard', { by: 'run' }],
    ['/1p leaderboard by:누적', 'leaderboard', { by: 'total' }],
    ['/1퍼센트 순위 이번주', '순위', { by: 'week' }],
    ['/1p leaderboard month', 'leaderboard', { by: 'month' }],
    ['/1p data export', 'data', { action: 'export' }],
    ['/1퍼센트 내데이터 지우기', '내데이터', { action: 'delete' }],

    // Several fields at once.
    ['/1p settings language:ko zone:Asia/Seoul', 'settings', { language: 'ko', zone: 'Asia/Seoul' }],
    ['/1p settings language English zone Europe/London', 'settings', { language: 'en', zone: 'Europe/London' }],
    ['/1p settings 한국어 숨김', 'settings', { language: 'ko', appear: 'hidden' }],
    ['/1p settings Europe/London', 'settings', { zone: 'Europe/London' }],
    ['/1p settings nickname Mina the Great', 'settings', { nickname: 'Mina the Great' }],
    ['/1p settings nickname: Mina the Great language: ko', 'settings', { nickname: 'Mina the Great', language: 'ko' }],
    ['/1p settings nickname "Mina" language ko', 'settings', { nickname: 'Mina', language: 'ko' }],
    ['/1p settings appear nickname nickname Mina', 'settings', { appear: 'nickname', nickname: 'Mina' }],
    ['/1퍼센트 설정 별명 “미 나” 언어:한국어', '설정', { nickname: '미 나', language: 'ko' }],
    ['/1퍼센트 설정 표시 기록 없음', '설정', { appear: 'none' }],

    // What organisers do.
    ['/1p club set:zone to:Asia/Seoul', 'club', { set: 'zone', to: 'Asia/Seoul' }],
    ['/1p club set time zone to Asia/Seoul', 'club', { set: 'zone', to: 'Asia/Seoul' }],
    ['/1p club set "post at" to 08:00', 'club', { set: 'post-at', to: '08:00' }],
    ['/1p club post at 08:00', 'club', { set: 'post-at', to: '08:00' }],
    ['/1p club study days 1,2,3', 'club', { set: 'study-days', to: '1,2,3' }],
    ['/1p club set holidays to 2026-12-25', 'club', { set: 'holidays', to: '2026-12-25' }],
    ['/1퍼센트 클럽 올리는시각 08:00', '클럽', { set: 'post-at', to: '08:00' }],
    ['/1퍼센트 클럽 설정할것:스레드 값:켬', '클럽', { set: 'threads', to: '켬' }],
    ['/1p club set:mention role:<!subteam^S0123ABC>', 'club', { set: 'mention', role: 'S0123ABC' }],
    ['/1퍼센트 클럽 알릴역할 S0123ABC', '클럽', { set: 'mention', role: 'S0123ABC' }],
    ['/1p club preview the next post', 'club', { action: 'test' }],
    ["/1p club post today's lesson now", 'club', { action: 'post' }],
    ['/1p club post today’s lesson now', 'club', { action: 'post' }],
    ['/1p club name an organiser <@U0123ABC|mina>', 'club', { action: 'organiser', member: 'U0123ABC' }],
    ['/1p club action excuse day 2026-11-24 reason a fire', 'club', { action: 'excuse', day: '2026-11-24', reason: 'a fire' }],
    [
      '/1p club excuse a day 2026-11-24 <@U0123ABC|mina> was ill',
      'club',
      { action: 'excuse', day: '2026-11-24', member: 'U0123ABC', reason: 'was ill' },
    ],
    [
      '/1p club excuse 2026-11-24 reason:a fire: in the house',
      'club',
      { action: 'excuse', day: '2026-11-24', reason: 'a fire: in the house' },
    ],
    ['/1퍼센트 클럽 하루 봐주기 2026-11-24 이유:서버 불', '클럽', { action: 'excuse', day: '2026-11-24', reason: '서버 불' }],

    // What has no place is not lost: the check of the input says that nobody knows it.
    ['/1p today soon', 'today', { soon: 'soon' }],
    ['/1p streak nobody', 'streak', { member: 'nobody' }],
    ['/1p checkin note:', 'checkin', { note: '' }],
  ])('%j', (line, command, input = {}) => {
    expect(read(line)).toEqual({ command, input })
  })

  test('whatever the texts tell people to type, one can type', () => {
    const slackOwn = ['/invite']
    const hints = locales.flatMap((locale) => {
      const source = readFileSync(new URL(`../../src/text/${locale}.ts`, import.meta.url), 'utf8')
      return [...source.matchAll(/\\?`(\/[^\s`\\$]+(?: [^`\\$]+)?)\\?`/g)].flatMap(([, hint = '']) =>
        slackOwn.includes(hint) || hint.includes('켜기') ? [] : [hint],
      )
    })
    expect(hints.length).toBeGreaterThan(20)
    const typed = typedAs(infos)
    const lost = [...new Set(hints)].filter((hint) => {
      const { command, input } = read(typed(hint))
      const info = infos.find(({ name, label }) => [name, label.ko, label.en].includes(command))
      const isChoice = ([field, value]: [string, string]) => {
        const spec = info?.fields[field]
        return spec?.type === 'choice' ? spec.values.includes(value) : spec?.type === 'text'
      }
      return !info || !Object.entries(input).every(isChoice)
    })
    expect(lost).toEqual([])
  })

  test('how a command is typed: under the umbrella of its language', () => {
    const typed = typedAs(infos)
    for (const { name, label } of infos) {
      expect(typed(`/${label.ko}`)).toBe(`/${umbrella.ko} ${label.ko}`)
      expect(typed(`/${name} x`)).toBe(`/${umbrella.en} ${name} x`)
    }
    expect(typed('/nonsense')).toBe('/nonsense')
    expect(typed('ls /today')).toBe('ls /today')
  })
})

describe('any line', () => {
  const names = infos.flatMap(({ name, label, fieldLabels, choiceLabels }) => [
    name,
    label.ko,
    ...Object.keys(fieldLabels),
    ...Object.values(fieldLabels).map(({ ko }) => ko),
    ...Object.values(choiceLabels).flatMap((of) => Object.values(of).flatMap(({ ko, en }) => [ko, en])),
  ])
  const piece = fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom(...names).map((name) => `${name}:`),
    fc.constantFrom(
      '"',
      '“',
      '”',
      "'",
      '‘',
      '’',
      ':',
      '：',
      '=',
      '<',
      '>',
      '&amp;',
      '&lt;',
      '\n',
      '\t',
      '__proto__',
      'constructor',
      'toString:',
    ),
    fc.constantFrom(
      '<@U0123ABC|mina>',
      '<@W1>',
      '<!subteam^S0123|@g>',
      '<#C1|x>',
      '<https://x.org|x>',
      '<!channel>',
      '2026-11-24',
      '@mina',
    ),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  )
  const anyLine = fc.array(fc.tuple(piece, fc.constantFrom('', ' ', '  ')), { maxLength: 12 }).map((pieces) => pieces.flat().join(''))
  const anySlash = fc.oneof(
    fc.constantFrom('/1p', '/1퍼센트', ...infos.map(({ name }) => `/${name}`)),
    fc.string({ unit: 'grapheme', maxLength: 10 }),
  )

  test('is read, and each value is a text under the name of a field, or under itself where there is no place for it', () => {
    fc.assert(
      fc.property(anySlash, anyLine, (slash, text) => {
        const { command, input } = readTyped(slash, text, infos)
        const word = command.normalize('NFC').toLowerCase()
        const info = infos.find(({ name, label }) => [name, label.ko, label.en].includes(word))
        for (const [name, value] of Object.entries(input)) {
          expect(typeof value).toBe('string')
          if (!info || !Object.hasOwn(info.fields, name)) expect(name).toBe(value)
        }
        if (!info) expect(input).toEqual({})
      }),
      { numRuns: 2000 },
    )
  })

  test('a note is kept to the letter, as long as it names no field', () => {
    const note = fc
      .string({ unit: 'grapheme', maxLength: 120 })
      .map((text) => text.trim())
      .filter((text) => text !== '' && !/["“”'‘’]/.test(text) && !/(?:^|\s)(?:note|한줄)[:=：]/iu.test(text))
    fc.assert(
      fc.property(note, (text) => {
        const sent = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
        expect(readTyped('/1p', `checkin ${sent}`, infos).input.note?.normalize('NFC')).toBe(text.normalize('NFC'))
        expect(plainText(sent)).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })
})

test('a line of thousands of words is read at once, and its first stray word is what is wrong with it', () => {
  const lines = ['leaderboard', 'help', 'data show', 'settings ko', 'club pause', 'checkin'].flatMap((command) =>
    ['a', 'by', '"a"', '“', '<a', 'zone:', "'a", '<@U12345>', '__proto__'].map((word) => `${command} ${`${word} `.repeat(1500)}`),
  )
  for (const line of lines) {
    const { input } = readTyped('/1p', line, infos)
    expect(Object.keys(input).length).toBeLessThan(10)
  }
  expect(readTyped('/1p', 'leaderboard week a b c', infos).input).toEqual({ by: 'week', a: 'a' })
  expect(Object.keys(readTyped('/1p', 'help __proto__ x', infos).input)).toEqual(['__proto__'])
})

describe('what is easily misread', () => {
  test.each<Line>([
    ['/1퍼센트 연속 기록 켜기', '연속', { action: 'on' }],
    ['/1p club day starts at 04:00', 'club', { set: 'day-start', to: '04:00' }],
    ['/1p club role to mention <!subteam^S0123ABC|@study>', 'club', { set: 'mention', role: 'S0123ABC' }],
    ['/1p club own holiday 2026-12-25', 'club', { set: 'holidays', to: '2026-12-25' }],
    ['/1퍼센트 클럽 클럽휴일 2026-12-25', '클럽', { set: 'holidays', to: '2026-12-25' }],
    ['/1p leaderboard by week', 'leaderboard', { by: 'week' }],
    ['/1p pause until 2026-12-01', 'pause', { until: '2026-12-01' }],
    ['/1p streak “hide me”', 'streak', { action: 'hide' }],
    [`/1퍼센트 연속 ${'이유'.normalize('NFD')}`, '연속', { action: 'why' }],
  ])('%j', (line, command, input = {}) => {
    expect(read(line)).toEqual({ command, input })
  })
})
