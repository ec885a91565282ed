// Purpose: five plainly marked example members with three weeks' history, so that a newcomer sees a living board; one press removes them.

import { changeMember } from '../change.ts'
import type { Card } from '../chat/card.ts'
import { UserError } from '../chat/userError.ts'
import { addDays, instantOf } from '../club/calendar.ts'
import { clubDay, newMember, roomOf } from '../club/club.ts'
import { recordAct } from '../record.ts'
import { type Context, press, type Scene } from './handler.ts'

/** Days ago on which each of them acted; the sixth and later are drawn from a pattern, so that no two calendars are alike. */
const histories: readonly { readonly ko: string; readonly en: string; readonly acted: (daysAgo: number) => boolean }[] = [
  { ko: '예시-가온', en: 'example-gaon', acted: () => true },
  { ko: '예시-나래', en: 'example-narae', acted: (ago) => ago !== 9 && ago !== 3 },
  { ko: '예시-다솜', en: 'example-dasom', acted: (ago) => ago % 7 !== 2 && ago % 7 !== 3 },
  { ko: '예시-라온', en: 'example-raon', acted: (ago) => ago <= 5 || ago > 14 },
  { ko: '예시-마루', en: 'example-maru', acted: (ago) => ago % 3 === 0 },
]
const days = 21

/** The names of those who are in the club now. */
export async function presentExamples({ store, club }: Pick<Scene, 'store' | 'club'>): Promise<string[]> {
  const names = histories.map((history) => history[club.settings.locale])
  const found = await Promise.all(names.map((name) => store.member(club.id, name)))
  return found.flatMap((member) => (member?.example ? [member.id] : []))
}

async function add({ store, club, now, t }: Context): Promise<Card> {
  const { today, rules } = clubDay(club, now)
  for (const history of histories) {
    const name = history[club.settings.locale]
    if (await store.member(club.id, name)) continue
    const member = await changeMember(store, club, newMember(club, name, name), (fresh) => ({ ...fresh, example: true, appear: 'name' }))
    for (let ago = days; ago >= 1; ago--) {
      const day = addDays(today, -ago)
      if (history.acted(ago)) await recordAct({ store, club, member }, { kind: 'checkin', at: instantOf(day, 9 * 60, rules.zone) })
    }
  }
  return { title: t.examples.title, text: t.examples.added }
}

/** Elsewhere made-up members would mislead real people, and nobody is given these presses. Throws UserError. */
function inWebRoomOnly({ club, t }: Context): void {
  if (roomOf(club.id) !== 'web') throw new UserError('unknown', t.errors.stale)
}

export const addExamples = press({
  name: 'examples-add',
  organiserOnly: true,
  cost: 20,
  async run(context) {
    inWebRoomOnly(context)
    return add(context)
  },
})

export const removeExamples = press({
  name: 'examples-remove',
  organiserOnly: true,
  cost: 20,
  async run(context) {
    inWebRoomOnly(context)
    const { store, club, t, now } = context
    for (const name of await presentExamples(context)) await store.deleteMember(club.id, name, now)
    return { title: t.examples.title, text: t.examples.removed }
  },
})
