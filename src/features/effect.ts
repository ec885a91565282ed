// Purpose: what every act tells the member afterwards: what it counted for, what happened since, and what can be tapped next.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { addDays, weekdayOf } from '../club/calendar.ts'
import { type Appearance, clubDay, isShown, shownName } from '../club/club.ts'
import { currentSeason } from '../club/schedule.ts'
import { isMilestone, repairable } from '../club/streak.ts'
import type { ActEffect } from '../record.ts'
import type { Context } from './handler.ts'

/** How often the count on today's lesson post is edited at most. */
const countEveryMs = 60_000

/** Adds the act's effect to a card. `undefined`: the member keeps no record, and nothing was written. */
export function withEffect({ t, member }: Context, card: Card, effect: ActEffect | undefined): Card {
  if (!effect) return { ...card, text: `${card.text}\n\n${t.effect.noRecord}` }
  const { state, counted, first, frozen, broken, circumstances, before } = effect
  const lines: string[] = [card.text]
  // After a gap the first thing said is what held, or that it starts anew: never a zero (rule 14), as it would be on a day off.
  if (counted && broken > 0 && state.run > 0) lines.unshift(t.effect.newRun(state.run, state.best, state.total))
  else if (counted && broken === 0 && frozen > 0) lines.unshift(t.effect.frozeHeld(frozen, before.freezes))
  lines.push(counted ? (state.run > 0 ? t.effect.done(state.run) : t.effect.doneOffDay(state.total)) : t.effect.already(state.run))
  const milestone = counted && state.run > before.run && isMilestone(state.run)
  if (milestone) lines.push(t.effect.milestone(state.run))
  if (first) lines.push(isShown(member) ? t.effect.first(shownName(member)) : t.effect.firstHidden)
  const buttons: Button[] = [...(card.buttons ?? [])]
  if (repairable(state, circumstances)) buttons.push({ label: t.streak.repairButton, press: formatPressId('repair') })
  if (milestone) buttons.push({ label: t.share.button, press: formatPressId('share', 'streak') })
  if (first) buttons.push(...appearanceButtons(t, member.appear))
  return { ...card, text: lines.join('\n\n'), buttons }
}

/** Name, nickname, hidden, no record: one tap each for what is not so already. */
export function appearanceButtons(t: Context['t'], now: Appearance): Button[] {
  const { nameButton: name, nicknameButton, hideButton: hidden, noRecordButton: none } = t.settings
  const others = Object.entries({ name, nickname: nicknameButton, hidden, none }).filter(
    ([appear]) => appear !== now || appear === 'nickname',
  )
  return others.map(([appear, label]) => ({
    label,
    press: appear === 'nickname' ? formatPressId('nickname') : formatPressId('appear', appear),
  }))
}

/** The count on today's lesson post has changed. */
export async function touchTodaysPost({ store, club, now }: Context): Promise<void> {
  const [post] = await store.posts(club.id, ['lesson', 'review'], 1)
  if (post && post.expiresAt > now) await store.touchPost(post.key, now, countEveryMs)
}

/** Boards that members shared, back from today, from which somebody can be taken out. */
const sharedBoards = 200

/** Who hides, takes a nickname or goes is taken out of the boards that stand in the channel: Monday's post, the look-back, shared ones. */
export async function touchPostedBoards({ store, club, now }: Context): Promise<void> {
  for (const post of await store.posts(club.id, ['share'], sharedBoards)) {
    if (post.subject.startsWith('board:')) await store.touchPost(post.key, now, 0)
  }
  const weekAgo = addDays(clubDay(club, now).today, -7)
  for (const post of await store.posts(club.id, ['lesson', 'review', 'lookback'], 8)) {
    const current = post.kind === 'lookback' ? post.season === currentSeason(club)?.from : weekdayOf(post.day) === 1 && post.day >= weekAgo
    if (current) await store.touchPost(post.key, now, 0)
  }
}
