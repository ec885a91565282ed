// Purpose: a member shows something of theirs to the club: a streak, a board, a line. Sharing is consent for that one message.
import type { Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { type Board, boards } from '../club/board.ts'
import { clubDay, clubTimeline, newMember, shownName } from '../club/club.ts'
import { currentSeason } from '../club/schedule.ts'
import { currentStreak } from '../record.ts'
import type { Post } from '../store/store.ts'
import { quote } from './checkin.ts'
import { type Context, type PostDrawer, press, type Scene } from './handler.ts'
import { boardCard } from './leaderboard.ts'
import { streakCard } from './streak.ts'

const isBoard = (name: string | undefined): name is Board => boards.some((known) => known === name)

/** The channel is everybody's: so much of one member is shown in a day, and so much in all. */
const perDay = { member: 5, club: 100 }

export const share = press({
  name: 'share',
  cost: 5,
  async run(context, [what, which = '']) {
    const { t, store, club, member, now } = context
    const known =
      (what === 'streak' && which === '') || (what === 'board' && isBoard(which)) || (what === 'note' && /^[1-9]\d{0,11}$/.test(which))
    if (!known) throw new UserError('unknown', t.errors.stale)
    if (!(await store.member(club.id, member.id))) throw new UserError('closed', t.share.nothing)
    const { today } = clubDay(club, now)
    // One message for one thing a day, however often it is tapped; for a line one ever.
    const key = `share:${club.id}:${what}:${which}:${member.id}:${what === 'note' ? '' : today}`
    if (what === 'note') await showNote(context, Number(which), key)
    const post = {
      key,
      club: club.id,
      kind: 'share' as const,
      day: today,
      season: currentSeason(club)?.from ?? today,
      subject: `${what}:${which}`,
      member: member.id,
      dueAt: now,
      expiresAt: clubTimeline(club).endOf(today),
    }
    const enough = await store.share(post, perDay)
    if (enough) {
      if (what === 'note') await store.shareNote(club.id, member.id, Number(which), false)
      throw new UserError('closed', t.share.enough[enough](perDay[enough]))
    }
    return { title: t.share.title, text: t.share.done }
  },
})

/** Opens a line of the member's own to the club. Throws UserError for one that an organiser hid: it stays hidden, also from its author's tap. */
async function showNote({ t, store, club, member }: Context, act: number, key: string): Promise<void> {
  const note = (await store.acts(club.id, member.id)).find(({ id }) => id === act)
  // A line has its message from the first tap on; only an organiser takes the line out of it.
  if (note && !note.shared && (await store.post(key))) throw new UserError('closed', t.share.staysHidden)
  if (!(await store.shareNote(club.id, member.id, act, true))) throw new UserError('closed', t.share.nothing)
}

export const sharePost: PostDrawer = {
  kind: 'share',
  async draw(scene, post) {
    const { t, store, club, now } = scene
    const id = post.member
    if (id === undefined) return { hook: t.share.gone, text: `_${t.share.gone}_` }
    const member = (await store.member(club.id, id)) ?? newMember(club, id, id)
    const [what, which = ''] = post.subject.split(':')
    if (what === 'note') return noteCard(scene, post, Number(which), shownName(member))
    if (what === 'board' && isBoard(which)) return { ...(await boardCard(scene, which)), hook: t.share.hook(shownName(member)) }
    const { state } = await currentStreak({ store, club, member }, now)
    const card = await streakCard(scene, member, state)
    return { ...card, text: t.share.streak(shownName(member), state.run), hook: t.share.hook(shownName(member)) }
  },
}

async function noteCard({ t, store, club }: Scene, post: Post, act: number, name: string): Promise<Card> {
  const found = (await store.acts(club.id, post.member ?? '')).find(({ id }) => id === act)
  if (!found?.shared || found.note === undefined) return { hook: t.share.hidden, text: `_${t.share.hidden}_` }
  return {
    title: t.share.noteTitle(name),
    hook: t.share.hook(name),
    text: quote(found.note),
    buttons: [{ label: t.share.hideButton, press: formatPressId('hide-note', act) }],
  }
}
