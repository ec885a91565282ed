import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/chat/card.ts'
import { parsePressId } from '../../src/chat/pressId.ts'
import type { Answer } from '../../src/chat/room.ts'
import { presses } from '../../src/features/index.ts'
import type { Locale } from '../../src/text/locale.ts'
import { at, courseOf, lives, ours, testClub } from '../features/life.ts'
import type { TestClub } from '../support/testClub.ts'

// The limits are Discord's (docs: Embed, Component, Message) and Slack's (docs: Block Kit), whichever is the tighter one after a room has
// split what it may split; a card within them fits every room.
const limits = {
  title: 150,
  text: 4000,
  fields: 25,
  name: 256,
  value: 1024,
  buttons: 25,
  label: 75,
  press: 100,
  footer: 2000,
  hook: 80,
  alt: 1000,
}

const known = new Set([...presses.map(({ name }) => name), 'form'])

/** What of a card does not fit, in words. */
function faults(card: Card, posted: boolean): string[] {
  const found: string[] = []
  const within = (what: string, text: string | undefined, max: number, min = 1) => {
    if (text === undefined) return
    if (text.length > max) found.push(`${what}: ${text.length} of ${max}: ${text.slice(0, 60)}…`)
    if (text.trim().length < min) found.push(`${what} is empty`)
    if (!text.isWellFormed() || /undefined|NaN|\[object|Invalid Date/.test(text)) found.push(`${what} is broken: ${text.slice(0, 200)}`)
  }
  within('title', card.title, limits.title)
  within('text', card.text, limits.text, card.title === undefined ? 1 : 0)
  within('footer', card.footer, limits.footer)
  within('hook', card.hook, limits.hook)
  if (posted && !card.hook && card.text !== '_이제 보이지 않는 한 줄이에요._' && card.text !== '_This line is no longer shown._')
    found.push('no hook')
  if ((card.fields ?? []).length > limits.fields) found.push(`${card.fields?.length} fields`)
  for (const { name, value } of card.fields ?? []) {
    within('field name', name, limits.name)
    within(`field ${name}`, value, limits.value)
  }
  if (card.image) within('alt', card.image.alt, limits.alt)
  if ((card.buttons ?? []).length > limits.buttons) found.push(`${card.buttons?.length} buttons`)
  const ids = new Set<string>()
  for (const button of card.buttons ?? []) {
    within('label', button.label, limits.label)
    if (!('press' in button)) continue
    const { press } = button
    within('press', press, limits.press)
    if (!known.has(parsePressId(press)?.name ?? '')) found.push(`nobody knows the press ${press}`)
    // Discord refuses a message in which two buttons have the same id.
    if (ids.has(press)) found.push(`${press} is there twice`)
    ids.add(press)
  }
  return found.map((fault) => `${card.title ?? card.text.slice(0, 30)} · ${fault}`)
}

/** Tells of every card that was posted or answered from here on. */
function watch(club: TestClub, locale: Locale) {
  const found = new Set<string>()
  const titles = new Set<string>()
  const seen = new WeakSet<Card>()
  const channel = () => {
    for (const { card } of club.channel) {
      if (seen.has(card)) continue
      seen.add(card)
      for (const fault of faults(card, true)) found.add(`post: ${fault}`)
    }
  }
  const see = (answer: Answer) => {
    if ('card' in answer) {
      titles.add(answer.card.title ?? '')
      for (const fault of faults(answer.card, false)) found.add(fault)
    }
    if ('form' in answer && !known.has(parsePressId(answer.form.submit)?.name ?? '')) found.add(`form: ${answer.form.submit}`)
    if ('refusal' in answer && (answer.refusal.text.trim() === '' || answer.refusal.text.length > 2000))
      found.add(`refusal: ${answer.refusal.text}`)
    channel()
    return answer
  }
  return {
    found: () => [...found],
    titles,
    channel,
    ask: async (as: string, command: string, input: Record<string, unknown> = {}) => see(await club.answer(as, { command }, input, locale)),
    /** Presses it, and every button of what comes, so deep. */
    async follow(as: string, press: string, depth = 2, input: Record<string, unknown> = {}): Promise<void> {
      const answer = see(await club.answer(as, { press }, input, locale))
      if (!('card' in answer) || depth === 0) return
      for (const button of answer.card.buttons ?? []) {
        if ('press' in button && !/^1:(erase|appear|next|step-down|start|examples)/.test(button.press))
          await this.follow(as, button.press, depth - 1)
      }
    },
  }
}

describe.each(['ko', 'en'] as const)('every card fits every room, in %s', (locale) => {
  test('over the life of a course, with all that can be asked and pressed', async () => {
    const club = await testClub({ settings: { locale } })
    const cards = watch(club, locale)
    const everyCommand = async (as: string) => {
      for (const command of ['today', 'lesson', 'poll', 'streak', 'leaderboard', 'pause', 'settings', 'data', 'help', 'checkin'])
        await cards.ask(as, command)
      for (const which of ['1', '2', '3', '4', '5', '리눅스', '없는낱말']) await cards.ask(as, 'lesson', { which })
      for (const by of ['season', 'run', 'total']) await cards.ask(as, 'leaderboard', { by })
      await cards.ask(as, 'streak', { action: 'why' })
      await cards.ask(as, 'streak', { member: 'mina' })
      await cards.ask(as, 'data', { action: 'export' })
    }
    await everyCommand('newcomer')
    await cards.ask('host', 'checkin', { note: 'one line' })
    for (let day = 24; day < 31; day++) {
      await lives(club, at(day, 13))
      for (const { card } of club.channel) {
        for (const button of card.buttons ?? []) {
          if ('press' in button && !/^1:(next|hide-note)/.test(button.press)) await cards.follow('mina', button.press)
          if ('press' in button && day % 2 === 0) await cards.follow('jihun', button.press, 0)
        }
      }
      await cards.ask('mina', 'checkin', { note: `day ${day}` })
      await everyCommand(day % 2 === 0 ? 'mina' : 'host')
      for (const action of [undefined, 'test', 'poll', 'hide-note', 'organiser', 'excuse']) {
        for (const member of ['mina', 'host'])
          await cards.ask('host', 'club', { ...(action && { action }), member, day: '2026-11-25', reason: 'a fire' })
      }
    }
    await cards.follow('host', '1:examples-add')
    await everyCommand('mina')
    await cards.follow('host', '1:resume')
    await cards.follow('host', '1:next:course')
    for (const [step, days] of [
      ['review', 15],
      ['season', 6],
      ['finish', 1],
    ] as const) {
      await cards.follow('host', `1:next:${step}`)
      await lives(club, club.now() + days * 86_400_000)
      cards.channel()
    }
    await cards.ask('host', 'club', { action: 'season' })
    await lives(club, club.now() + 14 * 86_400_000)
    await cards.follow('mina', '1:resume')
    await cards.follow('host', '1:examples-remove')
    await cards.follow('mina', '1:erase:ask')
    await cards.ask('mina', 'data', { action: 'delete' })
    expect(cards.found()).toEqual([])
    expect(cards.titles.size).toBeGreaterThan(35)
  })

  test('with the longest names, lines, reasons and lists that can come in', async () => {
    const club = await testClub({ courses: courseOf(60), settings: { locale } })
    const cards = watch(club, locale)
    const long = (i: number) => `${'꽥'.repeat(30)}${String(i).padStart(2, '0')}`
    const members = Array.from({ length: 12 }, (_, i) => long(i))
    for (const [i, member] of members.entries()) {
      if (i % 2 === 0) await cards.ask(member, 'settings', { nickname: `${'뷁'.repeat(30)}${String(i).padStart(2, '0')}` })
      await cards.ask(member, 'checkin', { note: '*_|<>[]`#'.repeat(33) })
      await cards.ask(member, 'checkin', { note: 'ㅋ\n'.repeat(149) })
      await cards.follow(member, club.button(club.posted('60').card, 'B'), 2)
      await cards.follow(member, '1:share:streak')
      await cards.ask('host', 'club', { action: 'organiser', member })
    }
    await cards.follow(members[0] ?? '', '1:share:note:1')
    for (let n = 1; n < 30; n++) await cards.follow(members[n % 12] ?? '', `1:share:note:${n}`)
    const days = Array.from({ length: 300 }, (_, i) => new Date(Date.parse('2026-12-20') + i * 86_400_000).toISOString().slice(0, 10))
    const before = await club.club()
    const [rules] = before.calendar
    await club.store.saveClub({ ...before, calendar: [{ ...rules, holidays: days }], organisers: days.map((_, i) => long(i)) })
    await cards.follow('host', '1:step-down:nobody')
    for (let i = 0; i < 21; i++) {
      const day = new Date(Date.parse('2026-11-25') + i * 86_400_000).toISOString().slice(0, 10)
      await cards.ask('host', 'club', { action: 'excuse', day, reason: '이'.repeat(100) })
    }
    for (const by of ['week', 'season', 'run', 'total']) {
      await cards.follow(members[11] ?? '', `1:share:board:${by}`)
      for (const member of members) await cards.ask(member, 'leaderboard', { by })
    }
    await lives(club, at(45))
    cards.channel()
    await cards.ask(members[0] ?? '', 'streak', { action: 'why' })
    await cards.ask(members[0] ?? '', 'lesson')
    await cards.ask(members[0] ?? '', 'lesson', { which: 'day' })
    await cards.ask(members[0] ?? '', 'lesson', { which: '글'.repeat(100) })
    await cards.ask(members[0] ?? '', 'y'.repeat(5000))
    await cards.ask('host', 'club')
    await cards.ask('host', 'club', { set: 'appear', to: 'x'.repeat(100) })
    expect(cards.found()).toEqual([])
  })
})

test('every lesson, question and myth of our own course fits in both languages', async () => {
  for (const locale of ['ko', 'en'] as const) {
    const club = await testClub({ settings: { locale } })
    const cards = watch(club, locale)
    for (const { lessons } of ours) {
      for (const [i, { id }] of lessons.entries()) {
        await cards.ask('mina', 'lesson', { which: String(i + 1) })
        for (const part of ['more', 'full']) await cards.follow('mina', `1:${part}:${id}`, 3)
      }
    }
    expect(cards.found()).toEqual([])
  }
})
