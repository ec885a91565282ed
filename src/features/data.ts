// Purpose: a member sees, takes or erases everything the club keeps of them.
import type { Card } from '../chat/card.ts'
import { choice } from '../chat/fields.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { roomOf } from '../club/club.ts'
import { eraseMember } from '../erasure.ts'
import { currentStreak } from '../record.ts'

import { type Context, command, press } from './handler.ts'
import { openPolls, touchPoll } from './poll.ts'

export const data = command({
  name: 'data',
  input: { action: choice('show', 'export', 'delete') },
  // All that somebody ever did is read, and perhaps deleted.
  cost: 5,
  async run(context, { action = 'show' }) {
    if (action === 'delete') return erase(context)
    return action === 'export' ? exported(context) : shown(context)
  },
})

async function shown(context: Context): Promise<Card> {
  const { t, store, club, member, now } = context
  const acts = await store.acts(club.id, member.id)
  const { state } = await currentStreak(context, now)
  const answers = await store.answers(club.id, member.id)
  const votes = await store.votes(club.id, member.id)
  return {
    title: t.data.title,
    text: t.data.intro,
    fields: [
      { name: t.data.acts, value: String(acts.length) },
      { name: t.data.notes, value: String(acts.filter(({ note }) => note !== undefined).length) },
      { name: t.data.answers, value: String(answers.length) },
      { name: t.data.votes, value: String(votes.length) },
      { name: t.streak.total, value: t.streak.runValue(state.total) },
      { name: t.settings.appear, value: t.settings.appearances[member.appear] },
    ],
    buttons: [
      { label: t.data.exportButton, press: formatPressId('export') },
      { label: t.data.eraseButton, press: formatPressId('erase', 'ask') },
    ],
  }
}

/** As many of the newest as anybody has. */
const all = 100_000

async function exported({ t, store, club, member }: Context): Promise<Card> {
  const time = (at: number | undefined) => at && new Date(at).toISOString()
  const own = await store.sharesOf(club.id, member.id)
  // The web room keeps what it answered; a file in an answer was an export like this one.
  const messages = roomOf(club.id) === 'web' ? (await store.messages(member.id, all)).filter(({ to }) => to === member.id) : []
  const everything = {
    club: club.id,
    organiser: club.organisers.includes(member.id),
    member: await store.member(club.id, member.id),
    streak: await store.streak(club.id, member.id),
    acts: (await store.acts(club.id, member.id)).map((act) => ({ ...act, at: time(act.at) })),
    answers: await store.answers(club.id, member.id),
    votes: await store.votes(club.id, member.id),
    shares: own.map(({ subject, day, state, dueAt, sentAt, message }) => ({
      subject,
      day,
      state,
      at: time(dueAt),
      sentAt: time(sentAt),
      message,
    })),
    messages: messages.map(({ at, by, card }) => ({ at: time(at), by, card: { ...JSON.parse(card), file: undefined } })),
  }
  return {
    title: t.data.exportTitle,
    text: t.data.exportText,
    file: { name: `onepercent-${member.id}.json`, text: JSON.stringify(everything, null, 2), label: t.data.exportDownload },
  }
}

async function erase(context: Context): Promise<Card> {
  const { t, store, club, member, now } = context
  const had = await eraseMember(store, club, member.id, now)
  for (const open of await openPolls(context)) await touchPoll(context, open)
  return { title: t.data.erasedTitle, text: had ? t.data.erased : t.data.nothing, fleeting: true }
}

export const exportPress = press({ name: 'export', cost: 5, run: (context) => exported(context) })

/** A tapped button asks once more; the typed command does not. */
export const erasePress = press({
  name: 'erase',
  cost: 5,
  replaces: true,
  async run(context, [step]) {
    const { t } = context
    if (step === 'now') return erase(context)
    if (step !== 'ask') throw new UserError('unknown', t.errors.stale)
    return {
      title: t.data.askTitle,
      text: t.data.askText,
      buttons: [{ label: t.data.eraseNowButton, press: formatPressId('erase', 'now') }],
    }
  },
})
