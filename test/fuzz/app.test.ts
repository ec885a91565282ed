import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { infoOf } from '../../src/app.ts'
import type { Card } from '../../src/chat/card.ts'
import { commands, presses } from '../../src/features/index.ts'
import { readTyped } from '../../src/rooms/slack/commands.ts'
import { answer, lessonNow, longClub } from '../features/life.ts'
import type { TestClub } from '../support/testClub.ts'
import { changedText, expectClear, expectUnpolluted, oddJson, oddText, runs } from './odd.ts'

afterAll(expectUnpolluted)

const who = fc.constantFrom('미나', '지훈', 'host', '처음')
const locale = fc.constantFrom('ko', 'en')

/** What is said to an act, whatever it is, is no failure of ours. */
async function expectAnswered(
  club: TestClub,
  as: string,
  act: { command: string } | { press: string },
  input: Record<string, unknown>,
  language: 'ko' | 'en',
) {
  const said = await club.answer(as, act, input, language)
  if ('refusal' in said) {
    expect(said.refusal).not.toMatchObject({ code: 'broken' })
    expect(said.refusal).not.toMatchObject({ code: 'busy' })
    const { locale: chosen } = (await club.store.member(club.id, as)) ?? {}
    expectClear(said.refusal.text, chosen ?? language)
  }
}

/** A club in which all kinds of things happened, and every press on the cards that members saw. */
async function livelyClub(): Promise<{ club: TestClub; seen: string[] }> {
  const club = await longClub()
  const cards: Card[] = [...club.channel.map(({ card }) => card), ...(await answer(club, '미나', '지훈'))]
  for (const { name } of commands) {
    const said = await club.answer('host', { command: name }, {})
    if ('card' in said) cards.push(said.card)
  }
  cards.push(await club.says('미나', '/checkin', { note: '한 줄' }), await club.says('미나', '/streak'), lessonNow(club))
  const seen = new Set(cards.flatMap(({ buttons = [] }) => buttons.flatMap((button) => ('press' in button ? [button.press] : []))))
  return { club, seen: [...seen, ...presses.map(({ name }) => `1:${name}`), ...commands.map(({ name }) => `1:form:${name}`)] }
}

describe('whatever is asked of the club, the answer is words, and never that something broke', () => {
  test('a press', { timeout: 600_000 }, async () => {
    const { club, seen } = await livelyClub()
    const names = [...presses.map(({ name }) => name), 'form']
    const arg = fc.oneof(
      fc.constantFrom('2026-11-24', 'L1', '0', '1', 'true', 'streak', 'week', 'note', 'checkin', 'club', 'course', '3'),
      oddText,
    )
    const made = fc.tuple(fc.constantFrom(...names), fc.array(arg, { maxLength: 5 })).map(([name, args]) => ['1', name, ...args].join(':'))
    const press = fc.oneof(fc.constantFrom(...seen), changedText(seen), made, fc.string({ unit: 'binary', maxLength: 120 }))
    const input = fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(oddText, oddJson, { maxKeys: 3 }) },
    )
    await fc.assert(
      fc.asyncProperty(press, input, who, locale, (id, given, as, language) => expectAnswered(club, as, { press: id }, given, language)),
      runs(100),
    )
    expect(club.troubles()).toEqual([])
  })

  test('a command with any input', { timeout: 600_000 }, async () => {
    const { club } = await livelyClub()
    const value = fc.oneof(fc.constantFrom('3', 'off', 'why', 'hidden', 'post', 'excuse', 'season', '-2026-11-25', '~', '1..1'), oddJson)
    const call = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...commands) },
      { weight: 1, arbitrary: oddText.map((name) => ({ name, input: {} })) },
    )
    const asked = call.chain(({ name, input }) =>
      fc.tuple(fc.constant(name), fc.dictionary(fc.oneof(fc.constantFrom('note', ...Object.keys(input)), oddText), value, { maxKeys: 4 })),
    )
    await fc.assert(
      fc.asyncProperty(asked, who, locale, ([command, input], as, language) => expectAnswered(club, as, { command }, input, language)),
      runs(100),
    )
    expect(club.troubles()).toEqual([])
  })

  test('a typed line', { timeout: 600_000 }, async () => {
    const { club } = await livelyClub()
    const infos = commands.map(infoOf)
    const lines = [
      'checkin note: 오늘 읽은 것 member:지훈',
      'settings language en zone Europe/London appear nickname',
      'club set holidays to 2026-12-24',
      'club excuse day 2026-11-25 @미나 reason: 정전',
      'club set day starts at to 05:00',
      '연속 @<@U12345|mina> 왜',
      'leaderboard week',
      'pause 2026-12-01',
      'lesson “세 가지 오해”',
      'data delete',
    ]
    const line = fc.oneof(
      changedText(lines),
      fc.array(oddText, { maxLength: 6 }).map((parts) => parts.join(' ')),
    )
    const slash = fc.oneof({ weight: 5, arbitrary: fc.constant('/1p') }, { weight: 1, arbitrary: oddText })
    await fc.assert(
      fc.asyncProperty(slash, line, who, locale, (typed, text, as, language) => {
        const { command, input } = readTyped(typed, text, infos)
        return expectAnswered(club, as, { command }, input, language)
      }),
      runs(100),
    )
    expect(club.troubles()).toEqual([])
  })

  test('a suggestion', { timeout: 600_000 }, async () => {
    const { club } = await livelyClub()
    const call = { room: 'web', club: club.id, organiser: true }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...commands), oddText, oddJson, who, async ({ name, input }, other, typed, as) => {
        for (const field of [...Object.keys(input), other]) {
          const act = { command: name, input: { [field]: typed, set: typed } }
          const found = await club.app.suggest({ call: { ...call, member: { id: as, name: as }, act }, field }, club.now())
          expect(found.length).toBeLessThanOrEqual(25)
        }
      }),
      runs(20),
    )
    expect(club.troubles()).toEqual([])
  })
})
