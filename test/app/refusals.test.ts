import { describe, expect, test } from 'vitest'
import { at, lessonNow, lives, longClub, streakOf, testClub } from '../features/life.ts'

describe('a command', () => {
  test('is found by either name, with or without its stroke, in any case and composition', async () => {
    const club = await testClub()
    for (const command of ['today', '/today', 'TODAY', ' /Today ', '오늘', '/오늘', '오늘'.normalize('NFD')]) {
      expect(await club.answer('미나', { command }, {}), command).toHaveProperty('card')
    }
  })

  test('that does not exist gets the nearest one', async () => {
    const club = await testClub()
    for (const [command, near] of [
      ['todya', 'today'],
      ['/tody', 'today'],
      ['오눌', '오늘'],
      ['leaderbord', 'leaderboard'],
      ['streaks', 'streak'],
      ['내데이타', '내데이터'],
    ]) {
      expect(await club.refusal('미나', { command: command ?? '' })).toMatchObject({
        code: 'unknown',
        text: expect.stringContaining(`혹시 \`/${near}\``),
      })
    }
    const english = await club.answer('mina', { command: 'chekin' }, {}, 'en')
    expect(english).toMatchObject({
      refusal: { code: 'unknown', text: 'There is no command “chekin”. Did you mean `/checkin`? `/help` lists them.' },
    })
  })

  test('that resembles none is told so without a guess; a member is not led to what only organisers may use', async () => {
    const club = await testClub()
    for (const command of ['', '/', 'xyzzyxyzzy', 'a'.repeat(10_000), '\u0000', '🦜', '__proto__', 'constructor', '/clup', 'form']) {
      const { code, text } = await club.refusal('미나', { command })
      expect(code).toBe('unknown')
      expect(text).not.toContain('혹시 `/club')
      expect(text.length).toBeLessThan(200)
    }
    expect((await club.refusal('host', { command: '/clup' })).text).toContain('혹시 `/club`')
  })
})

describe('an option', () => {
  test('that does not exist gets the nearest one, in either language', async () => {
    const club = await testClub()
    expect(await club.refusal('미나', { command: 'checkin' }, { notes: 'x' })).toEqual({
      code: 'bad_input',
      text: '여기에는 “notes” 옵션이 없어요. 혹시 “note”인가요?',
    })
    expect(await club.refusal('미나', { command: '인증' }, { 한쥴: 'x' })).toMatchObject({
      code: 'bad_input',
      text: expect.stringContaining('혹시 “한줄”'),
    })
    expect(await club.refusal('미나', { command: 'today' }, { ['x'.repeat(5000)]: 'x' })).toMatchObject({ code: 'bad_input' })
  })

  test('that is a choice names the choices', async () => {
    const club = await testClub()
    expect(await club.refusal('미나', { command: 'leaderboard' }, { by: '행운' })).toEqual({
      code: 'bad_input',
      text: '“by”에는 “행운”을 쓸 수 없어요. 이 가운데서 골라 주세요: week, season, run, total',
      field: 'by',
    })
  })

  test('that is no text, too long, or not to be shown is refused, and nothing is kept', async () => {
    const club = await testClub()
    for (const note of [{}, [], true, false, ['한 줄'], { toString: 'x' }]) {
      expect(await club.refusal('미나', { command: 'checkin' }, { note })).toMatchObject({ code: 'bad_input' })
    }
    for (const note of ['\u0000', 'a\u0007b', '\u001b[31mred', '\uffff', '\ud800', 'PNG\u0089\u0000\u001a']) {
      expect(await club.refusal('미나', { command: 'checkin' }, { note })).toMatchObject({ code: 'bad_input' })
    }
    for (const note of ['a'.repeat(301), '🦜'.repeat(301), '🦜'.repeat(50_000), 'ᄀ'.repeat(10_000), 'a'.repeat(1_000_000)]) {
      expect(await club.refusal('미나', { command: 'checkin' }, { note })).toMatchObject({ code: 'too_long' })
    }
    expect(await club.store.acts(club.id, '미나')).toEqual([])
    expect(await club.answer('미나', { command: 'lesson' }, { which: 3 })).toHaveProperty('card')
  })
})

describe('a press that was not ours', () => {
  test('is refused as unknown, and changes nothing', async () => {
    const club = await testClub()
    const press = club.button(lessonNow(club), 'C')
    const [, , season, lesson] = press.split(':')
    const { id = 0 } = (await club.store.polls(club.id, 1))[0] ?? {}
    const forged = [
      ...[
        '',
        ' ',
        'garbage',
        ':',
        '::::',
        '1',
        '1:',
        '1::',
        '1:nothing',
        '1:Answer',
        '1:answer ',
        '1:__proto__',
        '1:constructor',
        '1:zone:\ud800',
        'x'.repeat(200),
      ],
      ...[
        press.replace('1:', '2:'),
        press.replace('1:', ''),
        press.replace('1:', '01:'),
        `${press.slice(0, -1)}`,
        press.slice(0, -2),
        `${press} `,
      ],
      ...['-1', '3', '99', '1.5', 'NaN', 'Infinity', '0x1', '1e0', ' 1', '', 'A', '%3A', '１'].map(
        (option) => `1:answer:${season}:${lesson}:0:${option}`,
      ),
      ...['99', '-1', 'NaN', '', '0.5', '00x'].map((question) => `1:answer:${season}:${lesson}:${question}:0`),
      ...['L99', '', '__proto__', 'review/L01', '../L01'].map((one) => `1:answer:${season}:${one}:0:0`),
      ...['2026-11-23', '2026-11-25', '0000-00-00', 'today', '', '2026-13-45'].map((day) => `1:answer:${day}:${lesson}:0:0`),
      ...['1:answer', '1:review', '1:ask', '1:more', '1:more:L99', '1:full', '1:full:', '1:reopen', '1:reopen:2026-11-23', '1:reopen:NaN'],
      ...[
        `1:ask:${season}:${lesson}:99`,
        `1:ask:${season}:${lesson}`,
        `1:ask:${'x'.repeat(80)}:${lesson}:0`,
        `1:ask:2020-01-01:${lesson}:0`,
      ],
      ...[
        '1:vote',
        '1:vote:',
        '1:vote:999:true',
        '1:vote:0:true',
        '1:vote:-1:true',
        '1:vote:NaN:true',
        '1:vote:1e9:true',
        '1:vote:1.5:true',
      ],
      ...['maybe', '', 'TRUE', '0', '__proto__'].map((vote) => `1:vote:${id}:${vote}`),
      ...[
        '1:mind',
        '1:mind:999:true',
        `1:mind:${id}:maybe`,
        '1:board:luck',
        '1:erase:all',
        '1:appear:none:x:y'.slice(0, 8),
        '1:form',
        '1:form:nothing',
      ],
    ]
    for (const one of forged) expect(await club.refusal('미나', { press: one }), one).toMatchObject({ code: 'unknown' })
    expect(await club.store.acts(club.id, '미나')).toEqual([])
    expect((await club.store.polls(club.id, 1))[0]?.tally).toEqual({ true: 0, false: 0, depends: 0 })
    expect(club.troubles()).toEqual([])
  })

  test('of a poll that is another one’s does not move this one', async () => {
    const club = await longClub()
    const old = club.button(club.posted('맞을까').card, '맞다')
    await lives(club, at(27, 13))
    expect(await club.refusal('미나', { press: old })).toMatchObject({ code: 'closed', text: expect.stringContaining('답은 ‘아니다’였고') })
    expect((await club.store.polls(club.id, 5)).map(({ tally }) => tally.true)).toEqual([0, 0])
  })

  test('with input that it does not take is refused', async () => {
    const club = await testClub()
    expect(await club.refusal('미나', { press: club.button(lessonNow(club), 'C') }, { option: '1' })).toMatchObject({ code: 'bad_input' })
    for (const given of ['{"note":["x"]}', '{"notes":"x"}', '{"__proto__":"x"}']) {
      expect(await club.refusal('미나', { press: `1:form:checkin:${given.replaceAll(':', '%3A')}` })).toMatchObject({ code: 'bad_input' })
    }
    for (const given of ['[1]', 'null', '5', '"x"', '{', '{}']) {
      expect(await club.form('미나', { press: `1:form:checkin:${given}` })).toMatchObject({ title: '오늘의 한 줄' })
    }
  })
})

describe('a name that every object has', () => {
  test('is no field to suggest for', async () => {
    const club = await testClub()
    for (const field of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const call = { room: 'web', club: club.id, member: { id: '미나', name: '미나' }, organiser: false }
      const typing = { call: { ...call, act: { command: 'lesson', input: { which: '1' } } }, field }
      expect(await club.app.suggest(typing, club.now())).toEqual([])
    }
    expect(club.troubles()).toEqual([])
  })

  test('is nobody', async () => {
    const club = await testClub()
    for (const member of ['constructor', '__proto__', 'toString', '@constructor']) {
      for (const action of ['organiser', 'hide-note', 'excuse']) {
        const asked = { action, member, ...(action === 'excuse' && { day: '2026-11-25', reason: '정전' }) }
        expect(await club.refusal('host', { command: 'club' }, asked)).toMatchObject({ code: 'bad_input' })
      }
      expect(await club.refusal('미나', { command: 'streak' }, { member })).toMatchObject({ code: 'bad_input' })
    }
    expect((await club.club()).organisers).toEqual([])
    expect(club.troubles()).toEqual([])
  })
})

test('after an unexpected failure the member gets words and a number, the log the cause, and nothing was changed', async () => {
  const club = await testClub()
  const { acts } = club.store
  club.store.acts = () => Promise.reject(new Error('a disk on fire'))
  const { code, text } = await club.refusal('미나', { command: 'streak' })
  club.store.acts = acts
  expect(code).toBe('broken')
  const number = /[0-9a-f]{8}/.exec(text)?.[0]
  expect(club.logged.find(({ id }) => id === number)).toMatchObject({ act: 'streak', err: { message: 'a disk on fire' } })
  expect(text).not.toContain('fire')
  expect(await streakOf(club, '미나')).toMatchObject({ total: 0 })
})
