// Purpose: a club's life on a platform: the bot arrives, is removed, comes back, and after a month without it the club is deleted.
import type { Logger } from 'pino'
import { changeClub, changeMember } from './change.ts'
import { addDays } from './club/calendar.ts'
import { type Club, clubDay, cutOff, endBreak } from './club/club.ts'
import { keptAfterRemovalDays } from './club/schedule.ts'
import { touchPostedBoards } from './posted.ts'
import type { NewPost, Store } from './store/store.ts'

/** A greeting that could not be sent for so long is no greeting any more. */
const greetingHours = 12

/**
 * The bot is where this club lives. A new club is greeted once, in the channel given; one that comes back goes on as it was, and the days
 * between cost nobody anything. False when it was there already.
 */
export async function arrive(store: Store, fresh: Club, now: number): Promise<boolean> {
  const known = await store.club(fresh.id)
  if (!known) {
    await store.saveClub(fresh, undefined, fresh.channel === '' ? [] : [greeting(fresh, now)])
    return true
  }
  if (known.removedAt === undefined) return false
  await changeClub(store, fresh.id, now, (club) => (club.removedAt === undefined ? undefined : comeBack(club, now)))
  return true
}

function comeBack({ removedAt, ...club }: Club, now: number): Club {
  const { today } = clubDay(club, now)
  const from = clubDay(club, removedAt ?? now).today
  const away = { from, until: addDays(today, -1), why: 'removed' as const }
  // It was cut off because the bot was gone; if it still is, the next post will tell.
  const breaks = cutOff(club) ? endBreak(club.breaks, today) : club.breaks
  return { ...club, epoch: club.epoch + 1, breaks: away.from <= away.until ? [away, ...breaks] : breaks }
}

function greeting(club: Club, now: number): NewPost {
  const { today } = clubDay(club, now)
  return {
    key: `greeting:${club.id}:${today}`,
    club: club.id,
    kind: 'greeting',
    day: today,
    season: today,
    subject: '',
    dueAt: now,
    expiresAt: now + greetingHours * 3_600_000,
  }
}

/** The bot was removed: posts stop, and everything is kept for a while. */
export async function leave(store: Store, id: string, now: number, log: Logger): Promise<void> {
  const known = await store.club(id)
  if (!known || known.removedAt !== undefined) return
  await changeClub(store, id, now, (club) => (club.removedAt === undefined ? { ...club, removedAt: now } : undefined))
  log.warn({ club: id, keptDays: keptAfterRemovalDays }, 'the bot was removed; the club is kept for a while')
}

/** Who is no longer where the club lives is on no board; who comes back is again. */
export async function memberLeft(store: Store, id: string, member: string, left: boolean, now: number): Promise<void> {
  const club = await store.club(id)
  const known = club && (await store.member(id, member))
  if (!known || (known.left ?? false) === left) return
  await changeMember(store, club, known, ({ left: _, ...fresh }) => (left ? { ...fresh, left } : fresh))
  await touchPostedBoards({ store, club, now })
}

/** Deletes a club and everybody in it. May be cut short anywhere and begun again. */
export async function purgeClub(store: Store, { id }: Club, now: number): Promise<void> {
  for (;;) {
    const members = await store.members(id, undefined, 200)
    if (members.length === 0) break
    await Promise.all(members.map((member) => store.deleteMember(id, member.id, now)))
  }
  await store.deleteClub(id)
}
