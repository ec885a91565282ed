import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Answer, Call } from '../../src/chat/room.ts'
import { loadCourses } from '../../src/course/load.ts'
import '../features/life.ts'
import { writeCourse } from '../support/courseOf.ts'
import { oneByOne } from '../support/ourCourse.ts'
import { type Act, allActs } from './acts.ts'
import { everythingIn, type House, livedBefore } from './life.ts'

/** Every text that is a member's or the club's own in `kestrel` has this word in it. */
const canary = 'kestrel'
const common = { room: 'discord', course: 'container-flow' } as const
const kestrel: House = {
  ...{ ...common, id: 'discord:1', from: '2026-11-09', word: canary },
  ...{ author: 'mina', other: 'leo', named: 'nia', host: 'host' },
}
/** On the same platform with the same course. Mina is a member of all three clubs; the others are of one. */
const sparrow: House = {
  ...{ ...common, id: 'discord:2', from: '2026-11-16', word: 'sparrow' },
  ...{ author: 'mina', other: 'ben', named: 'kim', host: 'ida' },
}
/** Elsewhere, with another course. */
const magpie: House = {
  ...{ room: 'slack', course: 'many-days', id: 'slack:3', from: '2026-11-16', word: 'magpie' },
  ...{ author: 'mina', other: 'ana', named: 'tom', host: 'eva' },
}
const folder = mkdtempSync(join(tmpdir(), 'onepercent-course-'))
const courses = [...oneByOne, ...loadCourses(writeCourse(folder, 6)).courses]
rmSync(folder, { recursive: true })
const inCopy = livedBefore([kestrel, sparrow, magpie], courses)

const { commands, club, presses } = allActs()
const acts = [...commands, ...club, ...presses]
const named = acts.map((act) => [act.name, act] as const)

const isOther = (one: Call['act'], other: Call['act']) => JSON.stringify(one) !== JSON.stringify(other)

const saidOf = (answer: Answer): string =>
  'refusal' in answer ? `: ${answer.refusal.code}, ${answer.refusal.text}` : 'card' in answer ? `: done, ${answer.card.text}` : ': a form'

/** With words about it. */
const refused = /: (unknown|closed|bad_input|not_allowed), \S/
/** Whom nobody named here, nobody can take back: the answer is who organises here. */
const asOrganiser = ({ name }: Act): RegExp => (name === '`step-down`' ? /^(\w+): done, .*\1/ : /: (unknown|closed|bad_input), \S/)

const secretOf = (who: string): string => `${canary}-secret of ${who}`

describe('from another club', () => {
  test.each(named)('%s changes nothing here and shows nothing', async (_, act) => {
    await inCopy(async (all) => {
      const press = act.done(await all.tracesOf(kestrel, kestrel.author))
      const carriesIds = isOther(press, act.done(await all.tracesOf(sparrow, sparrow.author)))
      const kept = async () => (carriesIds ? everythingIn(all.file) : all.keptOf(kestrel))
      for (const house of [sparrow, magpie]) {
        for (const who of [house.author, house.host]) {
          const now = await all.bring(house, act.state)
          const before = await kept()
          const answer = await all.does(house, who, press, now)
          expect(await kept()).toEqual(before)
          expect(JSON.stringify(answer)).not.toContain(canary)
          if (carriesIds) expect(house.word + saidOf(answer)).toMatch(who === house.host ? asOrganiser(act) : refused)
        }
      }
      expect(JSON.stringify(all.shown.filter(({ club }) => club !== kestrel.id))).not.toContain(canary)
      if (!carriesIds) return
      // It was a real one: where it belongs it does what it is for.
      const now = await all.bring(kestrel, act.state)
      expect(await all.does(kestrel, act.organiserOnly ? kestrel.host : kestrel.author, press, now)).toHaveProperty('card')
    })
  })

  test('whoever asks for one of its members by their id is told what is said of nobody', async () => {
    await inCopy(async (all) => {
      const asked = async (member: string) => {
        const before = everythingIn(all.file)
        const given = { press: `1:form:streak:{"member"%3A"${member}"}`, input: {} }
        const answers = [
          await all.does(sparrow, sparrow.host, { command: 'streak', input: { member } }),
          await all.does(sparrow, sparrow.host, given),
        ]
        expect(everythingIn(all.file)).toEqual(before)
        return JSON.stringify(answers).replaceAll(member, 'somebody')
      }
      expect(await asked(kestrel.named)).toBe(await asked('nobody'))
      expect(await asked(sparrow.named)).toContain('sparrow')
    })
  })
})

describe('of what is another member’s', () => {
  test.each(named.filter(([, { organiserOnly }]) => !organiserOnly))(
    '%s changes nothing and shows nothing that was not shared',
    async (_, act) => {
      await inCopy(async (all) => {
        const { author, other, host } = kestrel
        const press = act.done(await all.tracesOf(kestrel, author))
        const isTheirs = isOther(press, act.done(await all.tracesOf(kestrel, other)))
        const authors = async () => (await all.keptOf(kestrel)).people.find(({ member }) => member.id === author)
        const kept = async () => (isTheirs ? everythingIn(all.file) : authors())
        for (const who of [other, host]) {
          const now = await all.bring(kestrel, act.state)
          const before = await kept()
          const answer = await all.does(kestrel, who, press, now)
          expect(await kept()).toEqual(before)
          expect(JSON.stringify(answer)).not.toContain(secretOf(author))
          if (isTheirs) expect(saidOf(answer)).toMatch(refused)
        }
        expect(JSON.stringify(all.shown)).not.toContain(secretOf(author))
      })
    },
  )

  test('an organiser sees no line that its author did not share', async () => {
    await inCopy(async (all) => {
      for (const [, act] of named.filter(([, { organiserOnly }]) => organiserOnly)) {
        const now = await all.bring(kestrel, act.state)
        const answer = await all.does(kestrel, kestrel.host, act.done(await all.tracesOf(kestrel, kestrel.author)), now)
        expect(JSON.stringify(answer)).not.toContain(secretOf(kestrel.author))
      }
      expect(JSON.stringify(all.shown)).not.toContain(secretOf(kestrel.author))
    })
  })
})
