// Purpose: a member shows something of theirs to the club: a streak, a board, a line. Sharing is consent for that one message.
import type { Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { type Board, boards } from '../club/board.ts'
import { clubDay, clubTimeline, newMember, shownName } from '../club/club.ts'
import { currentSeason } from '../club/schedule.ts'
import { currentStreak } from '../record.ts'
import type { NewPost, Post } from '../store/store.ts'
import { quote } from './checkin.ts'
import { type PostDrawer, press, type Scene } from './handler.ts'
import { boardCard } from './leaderboard.ts'
import { streakCard } from './streak.ts'

const isBoard = (name: string | undefined): name is Board => boards.some((known) => known === name)

export const share = press({
  name: 'share',
  async run(context, [what, which = '']) {
    const { t, store, club, member, now } = context
    const known =
      (what === 'streak' && which === '') || (what === 'board' && isBoard(which)) || (what === 'note' && /^[1-9]\d{0,11}$/.test(which))
    if (!known) throw new UserError('unknown', t.errors.stale)
    if (!(await store.member(club.id, member.id))) throw new UserError('closed', t.share.nothing)
    if (what === 'note' && !(await store.shareNote(club.id, member.id, Number(which), true))) throw new UserError('closed', t.share.nothing)
    const { today } = clubDay(club, now)
    const post: NewPost = {
      // One message for one thing a day, however often it is tapped.
      key: `share:${club.id}:${what}:${which}:${member.id}:${what === 'note' ? '' : today}`,
      club: club.id,
      kind: 'share',
      day: today,
      season: currentSeason(club)?.from ?? today,
      subject: `${what}:${which}`,
      member: member.id,
      dueAt: now,
      expiresAt: clubTimeline(club).endOf(today),
    }
    await store.enqueue([post])
    return { title: t.share.title, text: t.share.done }
  },
})

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
