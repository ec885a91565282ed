// Purpose: what stands in the channel already and has to be drawn anew, because somebody acted, hid, took another name or left.
import { addDays, type Day, weekdayOf } from './club/calendar.ts'
import { type Club, clubDay } from './club/club.ts'
import { currentSeason, postKey } from './club/schedule.ts'
import type { Store, Touch } from './store/store.ts'

interface Parts {
  readonly store: Store
  readonly club: Club
  readonly now: number
}

/** How often the count on a lesson's post is edited at most. */
const countEveryMs = 60_000

/** The post that shows how many acted on a study day, if there is one, and when it may be edited. */
export const countShownOn = (club: string, day: Day, now: number): Touch => ({
  post: postKey('lesson', club, day),
  now,
  everyMs: countEveryMs,
})

/** Boards that members shared, back from today, from which somebody can be taken out. */
const sharedBoards = 200

/** Who hides, takes a nickname or goes is taken out of the boards that stand in the channel: Monday's post, the look-back, shared ones. */
export async function touchPostedBoards({ store, club, now }: Parts): Promise<void> {
  for (const post of await store.posts(club.id, ['share'], sharedBoards)) {
    if (post.subject.startsWith('board:')) await store.touchPost(post.key, now, 0)
  }
  const weekAgo = addDays(clubDay(club, now).today, -7)
  for (const post of await store.posts(club.id, ['lesson', 'review', 'lookback'], 8)) {
    const current = post.kind === 'lookback' ? post.season === currentSeason(club)?.from : weekdayOf(post.day) === 1 && post.day >= weekAgo
    if (current) await store.touchPost(post.key, now, 0)
  }
}
