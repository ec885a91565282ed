// Purpose: a member looks at a streak, theirs or another's, sees why it is what it is, and chooses how to appear.

import { changeMember } from '../change.ts'
import type { Button, Card, CardField } from '../chat/card.ts'
import { choice, member as memberField } from '../chat/fields.ts'
import type { DayMark, Picture } from '../chat/picture.ts'
import { asMarkdown } from '../chat/plain.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { addDays, type Day, mondayOf, weekdayOf } from '../club/calendar.ts'
import { circumstancesOf, isShown, type Member, shownName } from '../club/club.ts'
import { foldStreak, freezeRules, repairable, type StreakState } from '../club/streak.ts'
import { currentStreak } from '../record.ts'
import type { Act } from '../store/store.ts'
import { reviewed } from './answer.ts'
import { type Context, command, press, type Scene } from './handler.ts'
import { chooseAppearance } from './settings.ts'

/** Weeks in the calendar picture. */
const pictureWeeks = 15
/** Days on the receipt. */
const receiptDays = 21

export const streak = command({
  name: 'streak',
  input: { member: memberField(), action: choice('why', 'hide', 'show', 'off', 'on') },
  async run(context, { member: said, action }) {
    const whom = said?.replace(/^@/, '')
    if (whom !== undefined && whom !== context.member.id) return othersCard(context, whom)
    switch (action) {
      case 'why':
        return receipt(context)
      case 'hide':
        return chooseAppearance(context, 'hidden')
      case 'off':
        return chooseAppearance(context, 'none')
      case 'show':
      case 'on':
        return chooseAppearance(context, context.member.nickname ? 'nickname' : 'name')
      case undefined:
        return ownCard(context)
    }
  },
})

async function ownCard(context: Context): Promise<Card> {
  const { t, member, now } = context
  const { state, circumstances } = await currentStreak(context, now)
  const card = await streakCard(context, member, state)
  const buttons: Button[] = [{ label: t.streak.whyButton, press: formatPressId('why') }]
  if (member.appear !== 'none' && state.total > 0) buttons.unshift({ label: t.share.button, press: formatPressId('share', 'streak') })
  if (repairable(state, circumstances)) buttons.push({ label: t.streak.repairButton, press: formatPressId('repair') })
  const state_ = state.acted ? t.today.done(state.run) : t.today.open(state.run)
  const hint = member.appear === 'none' ? t.effect.noRecord : member.appear === 'hidden' ? t.streak.youAreHidden : state_
  return { ...card, text: hint, buttons }
}

/** A hidden and an unknown member get the same words, so that nobody can be found out. */
async function othersCard(context: Context, id: string): Promise<Card> {
  const { store, club, now, t, names } = context
  const other = await store.member(club.id, id)
  if (!other || !isShown(other) || !(await store.streak(club.id, other.id)))
    throw new UserError('bad_input', t.streak.nobody(names[id] ?? id))
  const { state } = await currentStreak({ store, club, member: other }, now)
  return streakCard(context, other, state)
}

/** Run, best, total and freezes. Programs read them in this order. */
export function streakFields(t: Scene['t'], state: StreakState): CardField[] {
  return [
    { name: t.streak.run, value: t.streak.runValue(state.run) },
    { name: t.streak.best, value: t.streak.runValue(state.best) },
    { name: t.streak.total, value: t.streak.runValue(state.total) },
    { name: t.streak.freezes, value: t.streak.freezeValue(state.freezes, state.progress, freezeRules.daysForOne) },
  ]
}

/** The figures and the calendar. */
export async function streakCard(scene: Scene, member: Member, state: StreakState): Promise<Card> {
  const { t } = scene
  const name = shownName(member)
  const fields = streakFields(t, state)
  const { picture, counts } = await calendarPicture(scene, member, state, t.streak.title(name))
  const alt = t.streak.calendarAlt(name, pictureWeeks, counts, state)
  return { title: t.streak.title(name), text: '', fields, image: { picture, alt }, about: [member.id] }
}

async function calendarPicture({ store, club, t }: Scene, member: Member, state: StreakState, title: string) {
  const marks = new Map<Day, DayMark>()
  const acts = await store.acts(club.id, member.id)
  foldStreak(
    acts.map(({ day }) => day),
    state.day,
    circumstancesOf(club, member),
    (day, mark) => marks.set(day, mark),
  )
  marks.set(state.day, state.acted ? 'counted' : 'open')
  const last = addDays(mondayOf(state.day), 6)
  const days = Array.from({ length: pictureWeeks * 7 }, (_, i) => addDays(last, i + 1 - pictureWeeks * 7))
  const counts: Partial<Record<DayMark, number>> = {}
  for (const day of days) {
    const mark = marks.get(day)
    if (mark) counts[mark] = (counts[mark] ?? 0) + 1
  }
  const picture: Picture = {
    kind: 'calendar',
    title,
    subtitle: t.streak.pictureSubtitle(state.run, state.best, state.total),
    weekdays: t.weekdays,
    days: days.map((day) => ({ day, mark: marks.get(day) ?? 'none' })),
    legend: (['counted', 'frozen', 'repaired', 'neutral', 'off', 'missed', 'open'] as const).map((mark) => ({
      mark,
      label: t.streak.marks[mark],
    })),
  }
  return { picture, counts }
}

/** Each recent day with what it was and why. */
async function receipt(context: Context): Promise<Card> {
  const { t, club, member, store, now } = context
  const { state, circumstances, today } = await currentStreak(context, now)
  const acts = await store.acts(club.id, member.id)
  const marks = new Map<Day, DayMark>()
  foldStreak(
    acts.map(({ day }) => day),
    today,
    circumstances,
    (day, mark) => marks.set(day, mark),
  )
  marks.set(today, state.acted ? 'counted' : 'open')
  const lines: string[] = []
  for (let day = today; day > addDays(today, -receiptDays) && (marks.has(day) || day === today); day = addDays(day, -1)) {
    const mark = marks.get(day) ?? 'open'
    const why = mark === 'neutral' ? neutralReason(context, day) : whatCounted(context, acts, day)
    lines.push(
      `- ${t.day(day)} (${t.weekdays[weekdayOf(day) - 1]}) **${t.streak.marks[mark as Exclude<DayMark, 'none'>]}**${why && ` · ${why}`}`,
    )
  }
  return { title: t.streak.whyTitle, text: lines.join('\n'), footer: t.streak.zone(zoneOf(context, member)) }
}

const zoneOf = ({ club }: Scene, member: Member): string => member.zones.at(-1)?.zone ?? (club.calendar.at(-1) ?? club.calendar[0]).zone

function whatCounted({ t }: Scene, acts: readonly Act[], day: Day): string {
  const kinds = acts.filter((act) => act.day === day).map(({ kind }) => t.streak.kinds[kind])
  return [...new Set(kinds.reverse())].join(', ')
}

function neutralReason({ club, member, t }: Context, day: Day): string {
  const excuse = [...member.excuses, ...club.excuses].find((known) => known.day === day)
  if (excuse) return excuse.reason === undefined ? t.streak.outage : asMarkdown(excuse.reason)
  if (member.pauses.some(({ from, until }) => from <= day && (until === undefined || day <= until))) return t.streak.paused
  const rest = club.breaks.find(({ from, until }) => from <= day && (until === undefined || day <= until))
  return rest ? t.rest[rest.why] : t.streak.cutShort
}

export const why = press({ name: 'why', run: (context) => receipt(context) })

/** Mends the one missed day, when its question (or a note) and today's act are done. */
export const repair = press({
  name: 'repair',
  async run(context) {
    const { t, store, club, member, now } = context
    const { state, circumstances, today } = await currentStreak(context, now)
    const missed = repairable(state, circumstances)
    if (missed === undefined) throw new UserError('closed', t.streak.nothingToRepair)
    const day = t.day(missed)
    const [post] = (await store.posts(club.id, ['lesson', 'review'], 30)).filter((sent) => sent.day === missed && sent.state === 'sent')
    if (post) {
      const key =
        post.kind === 'review'
          ? { season: post.day, lesson: reviewed(post.subject), question: 0 }
          : { season: post.season, lesson: post.subject, question: 0 }
      if (!(await store.answer(club.id, member.id, key))) {
        const open = { label: t.streak.openQuestion, press: formatPressId('reopen', post.day) }
        return { title: t.streak.repairTitle, text: t.streak.repairNeedsAnswer(day), buttons: [open] }
      }
    } else if (!(await store.acts(club.id, member.id)).some((act) => act.day === today && act.note !== undefined)) {
      const line = { label: t.checkin.line, press: formatPressId('line') }
      return { title: t.streak.repairTitle, text: t.streak.repairNeedsNote(day), buttons: [line] }
    }
    if (!state.acted) return { title: t.streak.repairTitle, text: t.streak.repairNeedsToday }
    await changeMember(store, club, member, (fresh) => ({
      ...fresh,
      repairs: [...fresh.repairs.filter((known) => known.missed !== missed), { missed, pressed: today }],
    }))
    const mended = (await store.member(club.id, member.id)) ?? member
    const after = await currentStreak({ store, club, member: mended }, now)
    return { title: t.streak.repairTitle, text: t.streak.repaired(day, after.state.run) }
  },
})
