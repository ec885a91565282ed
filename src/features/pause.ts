// Purpose: a member takes a rest: the days are neutral, no reason is asked, and the run waits.

import { changeMember } from '../change.ts'
import type { Card } from '../chat/card.ts'
import { text } from '../chat/fields.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { addDays, type Day, daysBetween, isDay } from '../club/calendar.ts'
import { circumstancesOf, type Member } from '../club/club.ts'
import { type Context, command, press } from './handler.ts'

/** Rule 10: at most 30 days at a time and 60 in any 365 dates. */
const limits = { atOnce: 30, inAYear: 60, year: 365 }
const choices = [1, 3, 7]

export const pause = command({
  name: 'pause',
  input: { until: text({ max: 40 }) },
  run: async (context, { until }) => (until === undefined ? choose(context) : take(context, until)),
})

export const pausePress = press({
  name: 'pause',
  replaces: true,
  run: (context, [until = '']) => take(context, until),
})

const todayOf = ({ club, member, now }: Context): Day => circumstancesOf(club, member).timeline.dayAt(now)

const currentPause = (member: Member, today: Day) =>
  member.pauses.find(({ from, until }) => from <= today && until !== undefined && today <= until)

function choose(context: Context): Card {
  const { t, member } = context
  const running = currentPause(member, todayOf(context))
  const lengths = choices.map((days) => ({ label: t.pause.days(days), press: formatPressId('pause', days) }))
  return {
    title: t.pause.title,
    text: running?.until ? t.pause.until(t.day(running.until)) : t.pause.intro,
    buttons: running ? [{ label: t.pause.offButton, press: formatPressId('pause', 'off') }] : lengths,
  }
}

async function take(context: Context, until: string): Promise<Card> {
  const { t, store, club, member } = context
  const today = todayOf(context)
  if (t.pause.offWords.includes(until.toLowerCase())) {
    const running = currentPause(member, today)
    if (!running) throw new UserError('closed', t.pause.none)
    await changeMember(store, club, member, (fresh) => ({ ...fresh, pauses: endedBefore(fresh, today) }))
    return { title: t.pause.title, text: t.pause.ended }
  }
  const { from, until: end } = span(context, until, today)
  const added = await changeMember(store, club, member, (fresh) => {
    const pauses = [...endedBefore(fresh, from), { from, until: end }]
    if (mostInAYear(pauses, end) > limits.inAYear) throw new UserError('bad_input', t.pause.tooManyInAYear(limits.inAYear))
    return { ...fresh, pauses }
  })
  return {
    title: t.pause.title,
    text: t.pause.taken(t.day(added.pauses.at(-1)?.from ?? from), t.day(end)),
    buttons: [{ label: t.pause.offButton, press: formatPressId('pause', 'off') }],
  }
}

/** `3`: today and the two days after. A date: through that date. `FROM..DATE`: beginning up to two days back. */
function span({ t }: Context, said: string, today: Day): { from: Day; until: Day } {
  const [, start, end = ''] = /^(?:(\S+?)\s*(?:\.\.|~)\s*)?(\S.*)$/.exec(said) ?? []
  const from = start ?? today
  // `3`, or as the buttons say it: `3일`, `3 days`.
  const [, length] = /^(\d{1,3})\s*(?:일|days?|d)?$/i.exec(end) ?? []
  const until = length !== undefined && isDay(from) ? addDays(from, Number(length) - 1) : end
  if (!isDay(from) || !isDay(until)) throw new UserError('bad_input', t.pause.unreadable(said))
  if (from < addDays(today, -2) || from > today) throw new UserError('bad_input', t.pause.tooFarBack)
  const days = daysBetween(from, until) + 1
  if (until < today || days < 1) throw new UserError('bad_input', t.pause.past)
  if (days > limits.atOnce) throw new UserError('bad_input', t.pause.tooLong(days, limits.atOnce))
  return { from, until }
}

/** Pauses cut so that none reaches `day`. */
function endedBefore(member: Member, day: Day): Member['pauses'] {
  return member.pauses.flatMap((known) => {
    if (known.until === undefined || known.until < day) return [known]
    return known.from < day ? [{ ...known, until: addDays(day, -1) }] : []
  })
}

/** Paused dates in the 365 that end with `last`. */
function mostInAYear(pauses: Member['pauses'], last: Day): number {
  const first = addDays(last, 1 - limits.year)
  return pauses.reduce((sum, { from, until = from }) => {
    const start = from > first ? from : first
    return sum + Math.max(0, daysBetween(start, until) + 1)
  }, 0)
}
