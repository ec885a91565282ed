import { describe, expect, onTestFinished, test } from 'vitest'
import { infoOf } from '../../src/app.ts'
import type { Card } from '../../src/chat/card.ts'
import type { Call, Form, NewMessage } from '../../src/chat/room.ts'
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
  plainWords,
} from '../../src/rooms/slack/draw.ts'
import { textOf } from '../../src/text/index.ts'
import { type Locale, locales } from '../../src/text/locale.ts'
import { courseOf, ours } from '../features/life.ts'
import { actsIn, askingActs, begins, livesACourse, livesWithTheLongest, readingActs } from '../support/gallery.ts'
import { runningApp } from '../support/runningApp.ts'
import { brokenMessage, brokenView, halfMarks, limits, pingsOf } from '../support/slack/check.ts'

const hook = 80
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
  const running = runningApp({ courses, settings: { locale }, at: begins })
  const { app, rooms, now } = running
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

  rooms.set('slack', {
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
  })
  const club = 'slack:T0123'
  await app.arrive(club, 'C0123ABC', now())
  onTestFinished(running.close)

  /** The id in Slack of somebody by their name. */
  const idOf = (as: string) =>
    as === 'host' ? host : `U${[...as].reduce((sum, letter) => (31 * sum + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7)}0`

  async function handle(as: string, act: Call['act'], names: Record<string, string> = {}) {
    const place = { channel: 'C0123ABC', lacks: [] }
    const base = { room: 'slack', club, roles: [], names, locale, place, zone: 'Europe/London' }
    const answer = await app.handle({ ...base, member: { id: idOf(as), name: as }, organiser: as === 'host', act }, now())
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
    ...running,
    club,
    posts,
    seen,
    idOf,
    faults: () => [...found, ...running.troubles().map((line) => JSON.stringify(line))],
    handle,
    /** The buttons of the newest post that has one of this label. */
    pressesOf(label: string): string[] {
      const newest = posts.findLast(({ card }) => card.buttons?.some((button) => button.label === label))
      return (newest?.card.buttons ?? []).flatMap((button) => ('press' in button ? [button.press] : []))
    },
  }
}

function faultsOfForm(form: Form, locale: Locale): string[] {
  const view = drawForm(form, { close: textOf(locale).room.close }, '{"channel":"C0123ABC"}')
  const told = JSON.stringify(view)
  return [
    ...brokenView(view),
    ...(cutMark.test(told) ? [`cut: ${told}`] : []),
    ...(view.blocks.length === form.fields.length ? [] : ['a field is missing']),
  ]
}

describe.each(['ko', 'en'] as const)('all that the club says fits Slack, in %s', (locale) => {
  test('with every command, every button, and the life of a course', async () => {
    const club = await drawnClub(locale, ours)
    await club.until(club.now() + 60_000)
    expect(club.posts.map(({ key }) => key)).toEqual([expect.stringContaining('greeting')])
    await livesACourse(club, locale, group)
    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(250)
    expect(club.seen.posts).toBeGreaterThan(8)
    expect(club.seen.edits).toBeGreaterThan(3)
    expect(club.seen.calls).toBeGreaterThan(3)
    expect(club.seen.refusals).toBeGreaterThan(3)
  })

  test('with the longest names, lines, reasons and lists that can come in', async () => {
    const club = await drawnClub(locale, courseOf(60))
    await livesWithTheLongest(club)
    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(100)
    expect(club.seen.posts).toBeGreaterThan(15)
  })

  test('our own course is shown whole: every lesson, lab and source, and every step of the flow', async () => {
    const club = await drawnClub(locale, ours)
    await actsIn(club).follow('host', '1:start', 0)
    const season = (await club.store.club(club.club))?.seasons.at(-1)?.from ?? ''
    const cut: string[] = []
    for (const act of readingActs(season)) {
      const answer = await club.handle('mina', act)
      if (!('card' in answer)) throw new Error(`no card for ${JSON.stringify(act)}`)
      if (cutMark.test(JSON.stringify(drawCard(answer.card, typed).blocks)))
        cut.push(`${JSON.stringify(act)} of ${answer.card.text.length}`)
    }
    expect(cut).toEqual([])
    // Four kinds of card a lesson and two ways to a step at the very least, each of them looked at.
    expect(club.seen.cards).toBeGreaterThan(24 * 7 + 2 * 8)
    expect(club.faults()).toEqual([])
  })

  test('every form fits a modal, and no word of it is cut', async () => {
    const club = await drawnClub(locale, ours)
    for (const { name, act } of askingActs()) if (!('form' in (await club.handle('host', act)))) throw new Error(`no form for ${name}`)
    expect(club.faults()).toEqual([])
    expect(club.seen.forms.size).toBe(4)
  })
})

test('the title of every form fits a modal', () => {
  const titles = locales.flatMap((locale) => Object.values(textOf(locale).forms).flatMap((form) => form?.title ?? []))
  expect(titles.filter((title) => title.length > limits.view.title)).toEqual([])
})
