import { join } from 'node:path'
import pino from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp, infoOf } from '../../src/app.ts'
import type { Card } from '../../src/chat/card.ts'
import type { Call, Form, NewMessage, Room } from '../../src/chat/room.ts'
import { defaultSettings, newClub } from '../../src/club/club.ts'
import { commands, drawers, presses } from '../../src/features/index.ts'
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
  plainWords,
} from '../../src/rooms/slack/draw.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { textOf } from '../../src/text/index.ts'
import { type Locale, locales } from '../../src/text/locale.ts'
import { courseOf, ours } from '../features/life.ts'
import { brokenMessage, brokenView, halfMarks, limits, pingsOf } from '../support/slack/check.ts'
import { migrations, tempFolder } from '../support/testClub.ts'

const minute = 60_000
const hook = 80
/** In Seoul: a day of March 2025, at an hour. */
const march = (day: number, hour: number) => Date.parse('2025-03-01T00:00+09:00') + (day - 1) * 24 * 60 * minute + hour * 60 * minute
const host = 'U0HOST'
const group = 'S0123ABC'
const typed = typedAs(commands.map(infoOf))
const isFile = (id: string) => id === 'F0123'
const cutMark = / … \+\d/

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []

/** Everything that is wrong with a drawn card, wherever Slack may show it. */
function faultsOf(drawn: Drawn, locale: Locale, calls: readonly string[] = []): string[] {
  const { room } = textOf(locale)
  const message = finished(drawn, { team: 'T1', file: 'F0123' })
  const modal = drawModal(drawn, { team: 'T1', file: 'F0123' }, { close: room.close })
  const pings = pingsOf(message)
  return [
    ...brokenMessage(message, isFile),
    ...brokenMessage(finished(drawn, { team: 'T1' }), () => false),
    ...brokenView(modal, isFile),
    ...brokenView(drawHome(drawn, { team: 'T1', file: 'F0123' }), isFile),
    ...brokenView(drawHome(drawn, { team: 'T1' }), () => false),
    ...halfMarks(message).map((text) => `half a mark in ${JSON.stringify(text.slice(-80))}`),
    ...(pings.everyone || pings.users.length > 0 || pings.groups.some((one) => !calls.includes(one))
      ? [`calls ${JSON.stringify(pings)}`]
      : []),
    ...stringsIn(message).flatMap((text) => (/[\ufffe\uffff]|undefined/.test(text) ? [`not written out: ${text.slice(-80)}`] : [])),
    ...(cutMark.test(modal.title.text + (modal.close?.text ?? '')) ? [`a title that is cut: ${modal.title.text}`] : []),
  ]
}

/** A club in a room like Slack’s in which everything that is answered, asked for or posted is drawn for it, and looked at. */
async function drawnClub(locale: Locale, courses: typeof ours) {
  const store = openSqliteStore(join(tempFolder(), 'club.db'), migrations)
  const logged: string[] = []
  const log = pino({ base: null, level: 'error' }, { write: (line: string) => logged.push(line) })
  const found = new Set<string>()
  const seen = { cards: 0, forms: new Set<string>(), refusals: 0, posts: 0, edits: 0, calls: 0 }
  const posts: { key: string; card: Card; about: Pick<NewMessage, 'by' | 'mention'> }[] = []
  const say = (what: string, faults: readonly string[]) => {
    for (const fault of faults) found.add(`${what}: ${fault}`)
  }

  function post(key: string, card: Card, about: Pick<NewMessage, 'by' | 'mention'>) {
    const { by, mention } = about
    const drawn = drawPost(card, typed, { ...(by !== undefined && { by }), ...(mention !== undefined && { mention }) })
    say(key, faultsOf(drawn, locale, mention === undefined ? [] : [mention]))
    if (mention !== undefined) {
      seen.calls += 1
      if (pingsOf(drawn).groups[0] !== mention) say(key, ['does not call its group'])
    }
    const [line = ''] = drawn.text.split('\n')
    const isHidden = /이제 보이지 않는|no longer shown/.test(card.text)
    if (card.hook !== undefined && (line.trim() === '' || card.hook.length > hook)) say(key, [`a line for the lock screen: ${line}`])
    if (card.hook === undefined && !isHidden) say(key, ['no line for the lock screen'])
  }

  const room: Room = {
    name: 'slack',
    remembersMs: Number.POSITIVE_INFINITY,
    async post({ key, card, by, mention }) {
      const known = posts.findIndex((one) => one.key === key)
      if (known >= 0) return String(known)
      const about = { ...(by !== undefined && { by }), ...(mention !== undefined && { mention }) }
      post(key, card, about)
      seen.posts += 1
      return String(posts.push({ key, card, about }) - 1)
    },
    async edit(message, card) {
      const old = posts[Number(message)]
      if (!old) throw new Error(`no message ${message}`)
      old.card = card
      seen.edits += 1
      post(`edit of ${old.key}`, card, old.about)
    },
  }
  const begun = (id: string, channel: string) =>
    newClub(id, channel, { ...defaultSettings, course: courses[0]?.id ?? '', locale }, 'Asia/Seoul')
  const app = createApp({
    store,
    courses: () => courses,
    rooms: new Map([['slack', room]]),
    commands,
    presses,
    drawers,
    newClub: begun,
    log,
  })
  let now = Date.parse('2025-03-02T07:00+09:00')
  const club = 'slack:T0123'
  await app.arrive(club, 'C0123ABC', now)
  onTestFinished(async () => {
    await app.idle()
    await store.close()
  })

  /** The id in Slack of somebody by their name. */
  const idOf = (as: string) =>
    as === 'host' ? host : `U${[...as].reduce((sum, letter) => (31 * sum + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7)}0`

  async function handle(as: string, act: Call['act'], names: Record<string, string> = {}) {
    const place = { channel: 'C0123ABC', lacks: [] }
    const base = { room: 'slack', club, roles: [], names, locale, place, zone: 'Europe/London' }
    const answer = await app.handle({ ...base, member: { id: idOf(as), name: as }, organiser: as === 'host', act }, now)
    await app.idle()
    const what = JSON.stringify(act).slice(0, 60)
    if ('card' in answer) {
      seen.cards += 1
      const drawn = drawCard(answer.card, typed)
      // A group that a setting names is shown to one person: that calls nobody.
      say(what, faultsOf(drawn, locale, [group]))
      const own = new Set((answer.card.buttons ?? []).map((button) => ('press' in button ? button.press : button.href)))
      const shown = drawn.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
      if (shown.length !== own.size) say(what, [`${shown.length} of ${own.size} buttons`])
      if (cutMark.test(JSON.stringify(shown))) say(what, [`a button that is cut: ${JSON.stringify(shown)}`])
      if (drawn.picture && !drawn.text.includes(drawn.picture.alt.slice(0, 20))) say(what, ['a picture that is not told in words'])
    } else if ('form' in answer) {
      seen.forms.add(answer.form.submit)
      say(what, faultsOfForm(answer.form, locale))
    } else {
      seen.refusals += 1
      say(what, faultsOf(drawWords(answer.refusal.text, typed), locale))
      const plain = plainWords(answer.refusal.text, typed)
      if (plain.trim() === '' || /\*\*|\ufffe/.test(plain)) say(what, [`under a field: ${plain}`])
    }
    return answer
  }

  return {
    app,
    store,
    club,
    posts,
    seen,
    idOf,
    now: () => now,
    faults: () => [...found, ...logged],
    handle,
    ask: (as: string, command: string, input: Record<string, unknown> = {}, names = {}) => handle(as, { command, input }, names),
    /** Presses it, and every button of what comes, so deep. */
    async follow(as: string, press: string, depth = 1): Promise<void> {
      const answer = await handle(as, { press, input: {} })
      if (!('card' in answer) || depth === 0) return
      for (const button of answer.card.buttons ?? [])
        if ('press' in button && !/^1:(erase|appear|next|step-down|start|examples|zone)/.test(button.press))
          await this.follow(as, button.press, depth - 1)
    },
    /** The program runs until then, never an hour without a tick. */
    async lives(until: number) {
      while (now < until) {
        now = Math.min(until, Math.max((await app.nextDueAt()) ?? until, now + minute), now + 50 * minute)
        await app.tick(now)
        await app.idle()
      }
    },
    /** The buttons of the newest post that has one of this label. */
    pressesOf(label: string): string[] {
      const newest = posts.findLast(({ card }) => card.buttons?.some((button) => button.label === label))
      return (newest?.card.buttons ?? []).flatMap((button) => ('press' in button ? [button.press] : []))
    },
  }
}

/** Titles that are too long for Slack, and are to be shorter: see the last test. */
const known = ['A nickname for the boards']

function faultsOfForm(form: Form, locale: Locale): string[] {
  const view = drawForm(form, { close: textOf(locale).room.close }, '{"channel":"C0123ABC"}')
  const told = JSON.stringify(known.includes(form.title) ? { ...view, title: form.title } : view)
  return [
    ...brokenView(view),
    ...(cutMark.test(told) ? [`cut: ${told}`] : []),
    ...(view.blocks.length === form.fields.length ? [] : ['a field is missing']),
  ]
}

describe.each(['ko', 'en'] as const)('all that the club says fits Slack, in %s', (locale) => {
  const answers = locale === 'ko' ? ['맞다', '아니다'] : ['True', 'False']
  const every = ['today', 'lesson', 'poll', 'streak', 'leaderboard', 'pause', 'settings', 'data', 'help', 'checkin', 'club']

  test('with every command, every button, and the life of a course', async () => {
    const club = await drawnClub(locale, ours)
    await club.lives(club.now() + minute)
    expect(club.posts.map(({ key }) => key)).toEqual([expect.stringContaining('greeting')])
    for (const as of ['newcomer', 'host']) {
      for (const command of every) await club.ask(as, command)
      await club.follow(as, '1:home')
    }
    for (const [set, to] of [
      ['study-days', '1,2,3,4,5,6,7'],
      ['holidays', '2025-12-25'],
      ['zone', 'nowhere'],
    ])
      await club.ask('host', 'club', { set, to })
    await club.ask('host', 'club', { set: 'mention', role: group })
    await club.ask('host', 'club', { set: 'organiser-role', role: group })
    await club.follow('host', '1:start', 0)
    for (let day = 3; day < 12; day++) {
      await club.lives(march(day, 13))
      for (const press of club.pressesOf('A')) await club.follow('mina', press, 2)
      for (const press of club.pressesOf('A')) await club.follow('jihun', press, 0)
      for (const press of club.pressesOf(answers[1] ?? '')) await club.follow(day % 2 === 0 ? 'mina' : 'jihun', press)
      const as = day % 2 === 0 ? 'mina' : 'host'
      for (const command of every) await club.ask(as, command)
      await club.follow(as, '1:home')
      for (const which of ['1', '3', '리눅스', '없는낱말']) await club.ask(as, 'lesson', { which })
      for (const by of ['season', 'run', 'total']) await club.ask(as, 'leaderboard', { by })
      await club.ask(as, 'streak', { action: 'why' })
      await club.ask(as, 'data', { action: 'export' })
      for (const action of ['test', 'poll', 'post', 'hide-note', 'organiser', 'excuse'])
        await club.ask('host', 'club', { action, member: 'U4242', day: '2025-03-06', reason: 'a fire' }, { U4242: '지훈' })
    }
    await club.follow('mina', '1:share:streak')
    await club.follow('mina', '1:share:board:week')
    for (const action of ['pause', 'resume', 'season']) await club.ask('host', 'club', { action })
    for (const step of ['course', 'review', 'season', 'finish']) await club.follow('host', `1:next:${step}`)
    await club.lives(march(26, 13))
    await club.follow('mina', '1:erase:ask')
    await club.ask('mina', 'data', { action: 'delete' })

    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(250)
    expect(club.seen.posts).toBeGreaterThan(8)
    expect(club.seen.edits).toBeGreaterThan(3)
    expect(club.seen.calls).toBeGreaterThan(3)
    expect(club.seen.refusals).toBeGreaterThan(3)
  })

  test('with the longest names, lines, reasons and lists that can come in', async () => {
    const club = await drawnClub(locale, courseOf(60))
    await club.follow('host', '1:start', 0)
    await club.lives(march(3, 13))
    const long = (i: number) => `${'꽥'.repeat(30)}${String(i).padStart(2, '0')}`
    const members = Array.from({ length: 12 }, (_, i) => long(i))
    const [first = ''] = members
    for (const [i, member] of members.entries()) {
      if (i % 2 === 0) await club.ask(member, 'settings', { nickname: `${'😀'.repeat(30)}${String(i).padStart(2, '0')}` })
      for (const note of ['*_|~>[]`#'.repeat(33), '&<>'.repeat(100), '```\n'.repeat(74), '<!channel> <@U0123ABC> <!subteam^S9>'.repeat(8)])
        await club.ask(member, 'checkin', { note })
      await club.follow(member, club.pressesOf('A')[1] ?? '', 1)
      await club.ask('host', 'club', { action: 'organiser', member: club.idOf(member) }, { [club.idOf(member)]: member })
    }
    for (const member of members) {
      const answer = await club.ask(member, 'checkin', { note: '> <!here> & **굵게** https://x.org/?a=1&b=<@U1>' })
      const share =
        'card' in answer ? answer.card.buttons?.find((button) => 'press' in button && button.press.startsWith('1:share:note')) : undefined
      if (!share || !('press' in share)) throw new Error('a line can be shared')
      await club.follow(member, share.press, 0)
    }
    await club.follow(first, '1:share:streak', 0)
    const known = await club.store.club(club.club)
    if (!known) throw new Error('there is a club')
    const [rules] = known.calendar
    const days = Array.from({ length: 300 }, (_, i) => new Date(Date.parse('2025-04-20') + i * 86_400_000).toISOString().slice(0, 10))
    await club.store.saveClub({ ...known, calendar: [{ ...rules, holidays: days }], organisers: days.map((_, i) => long(i)) })
    for (let i = 0; i < 21; i++)
      await club.ask('host', 'club', {
        action: 'excuse',
        day: new Date(march(4 + i, 12)).toISOString().slice(0, 10),
        reason: '<&>이'.repeat(25),
      })
    for (const by of ['week', 'season', 'run', 'total']) {
      await club.follow(members[11] ?? '', `1:share:board:${by}`, 0)
      for (const member of members.slice(0, 3)) await club.ask(member, 'leaderboard', { by })
    }
    await club.lives(march(11, 13))
    await club.ask(first, 'streak', { action: 'why' })
    await club.ask(first, 'lesson')
    await club.follow(first, '1:home')
    await club.ask('host', 'club')
    for (const which of ['day', '글'.repeat(100), '글'.repeat(5000), '<!channel>']) await club.ask(first, 'lesson', { which })
    for (const command of ['y'.repeat(5000), '<!channel>', '`*_~']) await club.ask(first, command)
    for (const input of [{}, { set: 'appear', to: 'x'.repeat(100) }, { set: 'zone', to: '<'.repeat(100) }, { set: 'zone', to: '<!here>' }])
      await club.ask('host', 'club', input)

    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(100)
    expect(club.seen.posts).toBeGreaterThan(15)
  })

  test('every lesson of our own course is shown whole', async () => {
    const club = await drawnClub(locale, ours)
    await club.follow('host', '1:start', 0)
    const cut: string[] = []
    for (const { lessons } of ours) {
      for (const [i, { id }] of lessons.entries()) {
        const acts: Call['act'][] = [
          { command: 'lesson', input: { which: String(i + 1) } },
          { press: `1:more:${id}`, input: {} },
          { press: `1:full:${id}`, input: {} },
        ]
        for (const act of acts) {
          const answer = await club.handle('mina', act)
          if (!('card' in answer)) throw new Error(`no card for ${JSON.stringify(act)}`)
          const { blocks } = drawCard(answer.card, typed)
          if (cutMark.test(JSON.stringify(blocks))) cut.push(`${JSON.stringify(act)} of ${answer.card.text.length}`)
        }
      }
    }
    expect(cut).toEqual([])
    expect(club.faults()).toEqual([])
  })

  test('every form is a modal, and no word of it is cut', async () => {
    const club = await drawnClub(locale, ours)
    const asking = [...commands, ...presses].filter(({ input }) => Object.values(input).some((field) => field.askIfMissing))
    expect(asking.map(({ name }) => name).sort()).toEqual(['change', 'checkin', 'line', 'nickname'])
    for (const one of asking) {
      const isCommand = commands.some((command) => command === one)
      const answer = isCommand ? await club.ask('host', one.name) : await club.handle('host', { press: `1:${one.name}`, input: {} })
      if (!('form' in answer)) throw new Error(`no form for ${one.name}`)
    }
    expect(club.faults()).toEqual([])
    expect(club.seen.forms.size).toBe(4)
  })
})

test('the title of every form fits a modal', () => {
  const titles = locales.flatMap((locale) => Object.values(textOf(locale).forms).flatMap((form) => form?.title ?? []))
  expect(titles.filter((title) => title.length > limits.view.title)).toEqual([])
})
