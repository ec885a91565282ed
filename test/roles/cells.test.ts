import { describe, expect, test } from 'vitest'
import '../features/life.ts'
import { type Act, allActs, rooms } from './acts.ts'
import { everythingIn, type House, type Houses, livedBefore } from './life.ts'
import { drawWhoMay, operatorVerbs } from './table.ts'

// Three clubs, one in each room, that lived the same days.
const houses = rooms.map((room): House => {
  const people = { author: 'mina', other: 'leo', named: 'nia', host: 'host' }
  return { ...people, id: `${room}:1`, room, course: 'container-flow', from: '2026-11-16', word: room }
})
const inCopy = livedBefore(houses)

/** One cell, ready to be tried: what becomes of the act. */
async function cell(all: Houses, house: House, who: string, act: Act): Promise<() => Promise<string>> {
  const now = await all.bring(house, act.state)
  const done = act.done(await all.tracesOf(house, who))
  return async () => {
    const answer = await all.does(house, who, done, now)
    return 'card' in answer ? 'done' : 'form' in answer ? 'a form' : answer.refusal.code
  }
}

async function writesNothing(file: string, tried: () => Promise<string>): Promise<string> {
  const before = everythingIn(file)
  const came = await tried()
  expect(everythingIn(file)).toEqual(before)
  return came
}

const { commands, club, presses } = allActs()

describe.each(Object.entries({ commands, '/club': club, presses }))('%s', (_, acts) => {
  test.each(acts.map((act) => [act.name, act] as const))('%s', async (_, act) => {
    await inCopy(async (all) => {
      for (const house of houses) {
        const { room, author, host } = house
        const isHere = act.rooms.includes(room)
        const asMember = await cell(all, house, author, act)
        if (act.organiserOnly) expect([room, await writesNothing(all.file, asMember)]).toEqual([room, 'not_allowed'])
        else expect([room, await asMember()]).toEqual([room, 'done'])
        const asOrganiser = await cell(all, house, host, act)
        if (isHere) expect([room, await asOrganiser()]).toEqual([room, 'done'])
        else expect([room, await writesNothing(all.file, asOrganiser)]).toEqual([room, expect.stringMatching(/^(closed|unknown)$/)])
      }
    })
  })
})

test('a club that an organiser paused is not a member’s to wake', async () => {
  await inCopy(async (all) => {
    for (const house of houses) {
      for (const state of ['paused', 'ended'] as const) {
        await all.bring(house, state)
        const tried = () => all.does(house, house.author, { press: '1:resume', input: {} })
        const came = await writesNothing(all.file, async () => JSON.stringify(await tried()))
        expect(came).toContain('not_allowed')
      }
    }
  })
})

test('nothing is suggested to a member for what only organisers type', async () => {
  await inCopy(async (all) => {
    const [house] = houses
    if (!house) throw new Error('there is a club')
    const typing = (organiser: boolean) =>
      all.app.suggest(
        {
          field: 'to',
          call: {
            ...{ room: house.room, club: house.id, organiser, member: { id: 'leo', name: `${house.word}-leo` } },
            act: { command: 'club', input: { set: 'language', to: '' } },
          },
        },
        all.now(),
      )
    expect([await typing(false), (await typing(true)).length]).toEqual([[], 2])
  })
})

describe('the operator', () => {
  const verbs = operatorVerbs()

  test('does at the machine what nobody can ask for in a room', async () => {
    expect(verbs.map(({ form }) => form.split(' ')[0])).toEqual(expect.arrayContaining(['backup', 'restore', 'rebuild', 'doctor']))
    await inCopy(async (all) => {
      const before = everythingIn(all.file)
      for (const house of houses) {
        for (const { form } of verbs) {
          const [verb = ''] = form.split(' ')
          for (const act of [{ command: verb }, { command: form }, { press: `1:${verb}` }, { press: `1:form:${verb}` }]) {
            const answer = await all.does(house, house.host, { ...act, input: {} })
            expect([form, answer]).toEqual([form, { refusal: expect.objectContaining({ code: 'unknown' }) }])
          }
        }
      }
      expect(everythingIn(all.file)).toEqual(before)
    })
  })

  test('finds all of it in docs/who-may.md, as the code has it', async () => {
    await expect(
      drawWhoMay(verbs),
      'docs/who-may.md tells of other rights than the code gives. Look whether that is meant; if so, `npm run docs:roles` writes it anew',
    ).toMatchFileSnapshot('../../docs/who-may.md')
  })
})
