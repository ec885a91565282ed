// Purpose: what every act tells the member afterwards: what it counted for, what happened since, and what can be tapped next.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { isZone } from '../club/calendar.ts'
import { type Appearance, isShown, newestRules, shownName } from '../club/club.ts'
import { isMilestone, repairable } from '../club/streak.ts'
import type { ActEffect } from '../record.ts'
import type { Context } from './handler.ts'

/** Adds the act's effect to a card. `undefined`: the member keeps no record, and nothing was written. */
export function withEffect({ t, club, member, zone }: Context, card: Card, effect: ActEffect | undefined): Card {
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
  const clubZone = newestRules(club).zone
  if (first && zone !== undefined && zone !== clubZone && isZone(zone) && member.zones.length === 0) {
    lines.push(t.effect.zoneOffer(zone, clubZone))
    buttons.push({ label: t.settings.zoneButton(zone), press: formatPressId('zone', zone) })
  }
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
