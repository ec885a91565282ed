// Purpose: a member's own page, for rooms that have one: today's lesson, my streak, and what is next.
import type { CardField } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { timeToken } from '../chat/time.ts'
import { newestRules, openBreak } from '../club/club.ts'
import { currentStreak } from '../record.ts'
import { press } from './handler.ts'
import { nextLine } from './nextLine.ts'
import { openPollOf } from './poll.ts'
import { streakFields } from './streak.ts'
import { today } from './today.ts'

export const home = press({
  name: 'home',
  // Rooms ask for it by themselves after what a member did.
  cost: 0,
  async run(context) {
    const { t, club, member, now } = context
    const card = await today.run(context, {})
    const rest = openBreak(club)
    const poll = await openPollOf(context)
    const closes = poll && t.poll.until(timeToken(poll.closesAt, t.when(poll.closesAt, newestRules(club).zone)))
    const fields: CardField[] = [
      ...(member.appear === 'none' ? [] : streakFields(t, (await currentStreak(context, now)).state)),
      { name: t.room.next, value: rest ? t.rest[rest.why] : nextLine(club, context) },
      ...(closes ? [{ name: t.poll.openButton, value: closes }] : []),
    ]
    return { ...card, fields, buttons: [...(card.buttons ?? []), { label: t.streak.whyButton, press: formatPressId('why') }] }
  },
})
