// Purpose: what every act tells the member afterwards: what it counted for, what happened since, and what can be tapped next.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { shownName } from '../club/club.ts'
import { isMilestone, repairable } from '../club/streak.ts'
import type { ActEffect } from '../record.ts'
import type { Context } from './handler.ts'

/** How often the count on today's lesson post is edited at most. */
const countEveryMs = 60_000

/** Adds the act's effect to a card. `undefined`: the member keeps no record, and nothing was written. */
export function withEffect({ t, member }: Context, card: Card, effect: ActEffect | undefined): Card {
  if (!effect) return { ...card, text: `${card.text}\n\n${t.effect.noRecord}` }
  const { state, counted, first, frozen, broken, circumstances, before } = effect
  const lines: string[] = []
  // After a gap the first thing said is what held, or that it starts anew: never a zero (rule 14).
  if (counted && broken > 0) lines.push(t.effect.newRun(state.run, state.best, state.total))
  else if (counted && frozen > 0) lines.push(t.effect.frozeHeld(frozen, before.freezes))
  lines.push(counted ? (state.run > 0 ? t.effect.done(state.run) : t.effect.doneOffDay(state.total)) : t.effect.already(state.run))
  const milestone = counted && state.run > before.run && isMilestone(state.run)
  if (milestone) lines.push(t.effect.milestone(state.run))
  if (first) lines.push(t.effect.first(shownName(member)))
  const buttons: Button[] = [...(card.buttons ?? [])]
  if (repairable(state, circumstances)) buttons.push({ label: t.streak.repairButton, press: formatPressId('repair') })
  if (milestone) buttons.push({ label: t.share.button, press: formatPressId('share', 'streak') })
  if (first) buttons.push(...appearanceButtons(t))
  return {
    ...card,
    text: [...(broken > 0 || frozen > 0 ? [lines[0]] : []), card.text, ...lines.slice(broken > 0 || frozen > 0 ? 1 : 0)].join('\n\n'),
    buttons,
  }
}

/** Nickname, hidden, no record: one tap each. */
export function appearanceButtons(t: Context['t']): Button[] {
  return [
    { label: t.settings.nicknameButton, press: formatPressId('nickname') },
    { label: t.settings.hideButton, press: formatPressId('appear', 'hidden') },
    { label: t.settings.noRecordButton, press: formatPressId('appear', 'none') },
  ]
}

/** The count on today's lesson post has changed. */
export async function touchTodaysPost({ store, club, now }: Context): Promise<void> {
  const [post] = await store.posts(club.id, ['lesson', 'review'], 1)
  if (post && post.expiresAt > now) await store.touchPost(post.key, now, countEveryMs)
}
