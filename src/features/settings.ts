// Purpose: a member's own settings: language, time zone, and how they appear to others.

import { changeMember } from '../change.ts'
import type { Card } from '../chat/card.ts'
import { choice, nearestOf, text } from '../chat/fields.ts'
import { isPlainName, nameMax } from '../chat/name.ts'
import { formatPressId } from '../chat/pressId.ts'
import type { Suggestion } from '../chat/room.ts'
import { UserError } from '../chat/userError.ts'
import { isZone } from '../club/calendar.ts'
import { type Appearance, appearances, type Member, newestRules, shownName } from '../club/club.ts'
import { touchPostedBoards } from '../posted.ts'
import { textOf } from '../text/index.ts'
import { appearanceButtons } from './effect.ts'
import { type Context, command, press } from './handler.ts'

const msPerDay = 86_400_000
/** Between two changes of zone (rule 4). */
const zoneRestDays = 7

const nicknameInput = { nickname: text({ max: nameMax, askIfMissing: true }) }

/** Every board that stands in the channel is drawn anew when somebody is to appear on it otherwise. */
const appearanceCost = 5

export const settings = command({
  name: 'settings',
  input: { language: choice('ko', 'en'), zone: text({ max: 40 }), appear: choice(...appearances), nickname: text({ max: nameMax }) },
  suggest: { zone: ({ club }, typed) => suggestZones(newestRules(club).zone, typed) },
  cost: appearanceCost,
  async run(context, { language, zone, appear, nickname }) {
    const { store, club, t, now } = context
    const clean = nickname === undefined ? undefined : checkedNickname(context, nickname)
    const named = zone === undefined ? undefined : checkedZone(context, zone)
    const shows = clean !== undefined || appear !== undefined
    if (appear === 'nickname' && clean === undefined && !context.member.nickname) throw new UserError('bad_input', t.settings.nicknameFirst)
    let { member } = context
    if ([language, named, clean, appear].some((value) => value !== undefined)) {
      member = await changeMember(store, club, member, (fresh) => {
        if (named) refuseSoon(context, fresh)
        const changed: Member = {
          ...fresh,
          ...(language && { locale: language }),
          ...(named && { zones: [...fresh.zones, { at: now, zone: named }] }),
          ...(clean && { nickname: clean, appear: 'nickname' }),
          ...(appear && { appear }),
        }
        return changed
      })
    }
    if (shows) await touchPostedBoards(context)
    return settingsCard({ ...context, member, t: language ? textOf(language) : t })
  },
})

function settingsCard({ t, club, member, locale }: Context): Card {
  const zone = member.zones.at(-1)?.zone
  return {
    title: t.settings.title,
    text: t.settings.intro,
    fields: [
      { name: t.settings.language, value: t.settings.languages[member.locale ?? locale] },
      { name: t.settings.zone, value: zone ?? t.settings.clubZone(newestRules(club).zone) },
      { name: t.settings.appear, value: t.settings.appearances[member.appear] },
      { name: t.settings.shownAs, value: member.appear === 'hidden' || member.appear === 'none' ? '–' : shownName(member) },
    ],
    buttons: appearanceButtons(t, member.appear),
  }
}

function checkedNickname({ t }: Context, nickname: string): string {
  if (!isPlainName(nickname)) throw new UserError('bad_input', t.settings.nicknameOneLine, 'nickname')
  return nickname
}

/** Zones that many members live in, after the club's own. */
const nearZones = [
  'Asia/Seoul',
  'Asia/Tokyo',
  'Asia/Singapore',
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
]
/** As many as fit on a screen and on every platform. */
const zonesSuggested = 25

export function suggestZones(own: string, typed: string): Suggestion[] {
  const words = typed.trim().toLowerCase().replaceAll(' ', '_')
  const all = words === '' ? [...new Set([own, ...nearZones])] : Intl.supportedValuesOf('timeZone')
  const found = all.filter((zone) => zone.toLowerCase().includes(words))
  return found.slice(0, zonesSuggested).map((zone) => ({ label: zone, value: zone }))
}

/** A zone by its IANA name. Throws UserError for an unknown one. */
function checkedZone({ t }: Context, zone: string): string {
  const known = Intl.supportedValuesOf('timeZone')
  const named = known.find((name) => name.toLowerCase() === zone.toLowerCase()) ?? (isZone(zone) ? zone : undefined)
  if (named === undefined) {
    const cities = new Map(known.map((name) => [name.split('/').at(-1) ?? name, name]))
    const near = nearestOf(zone.replaceAll(' ', '_'), [...known, ...cities.keys()])
    throw new UserError('bad_input', t.settings.unknownZone(zone, near && (cities.get(near) ?? near)), 'zone')
  }
  return named
}

/** Throws UserError for a second change of zone within the week. */
function refuseSoon({ t, now }: Context, { zones }: Member): void {
  const last = zones.at(-1)
  if (last && now - last.at < zoneRestDays * msPerDay) {
    throw new UserError('closed', t.settings.zoneRests(Math.ceil((last.at + zoneRestDays * msPerDay - now) / msPerDay)))
  }
}

/** The zone that was offered at the first act, or any other. */
export const zone = press({
  name: 'zone',
  async run(context, [wanted = '']) {
    const { store, club, member, t, now } = context
    const named = checkedZone(context, wanted)
    await changeMember(store, club, member, (fresh) => {
      refuseSoon(context, fresh)
      return { ...fresh, zones: [...fresh.zones, { at: now, zone: named }] }
    })
    return { title: t.settings.zone, text: t.settings.zoneTaken(named) }
  },
})

/** Sets how the member appears, and says what that means. */
export async function chooseAppearance(context: Context, appear: Appearance): Promise<Card> {
  const { store, club, member, t } = context
  const changed = await changeMember(store, club, member, (fresh) => ({ ...fresh, appear }))
  await touchPostedBoards(context)
  const erase = { label: t.data.eraseButton, press: formatPressId('erase', 'ask') }
  const back = { label: t.settings.nameButton, press: formatPressId('appear', 'name') }
  return {
    title: t.settings.appearances[appear],
    text: t.settings.explained(appear, shownName(changed)),
    buttons: appear === 'none' ? [back, erase] : appear === 'hidden' ? [back] : [],
  }
}

export const appear = press({
  name: 'appear',
  cost: appearanceCost,
  async run(context, [wanted]) {
    const appear = appearances.find((known) => known === wanted)
    if (!appear || appear === 'nickname') throw new UserError('unknown', context.t.errors.stale)
    return chooseAppearance(context, appear)
  },
})

export const nickname = press({
  name: 'nickname',
  cost: appearanceCost,
  input: nicknameInput,
  async run(context, _, { nickname }) {
    const { store, club, member, t } = context
    const clean = checkedNickname(context, nickname)
    await changeMember(store, club, member, (fresh) => ({ ...fresh, nickname: clean, appear: 'nickname' }))
    await touchPostedBoards(context)
    return { title: t.settings.appearances.nickname, text: t.settings.explained('nickname', clean) }
  },
})
