// Purpose: changes a stored document safely: read, change, save, and again when somebody else was faster.
import { type Club, type Member, newMember } from './club/club.ts'
import { nextDue } from './club/schedule.ts'
import type { NewPost, Store } from './store/store.ts'

const tries = 10

/**
 * Saves what `change` makes of the club as it is now, with the posts that go with it, and when it is next due. `undefined` from `change`
 * leaves it as it is. Returns the club as it is then.
 */
export async function changeClub(
  store: Store,
  id: string,
  now: number,
  change: (club: Club) => Club | undefined,
  posts: readonly NewPost[] = [],
): Promise<Club> {
  for (let i = 0; i < tries; i++) {
    const club = await store.club(id)
    if (!club) throw new Error(`there is no club ${id}`)
    const changed = change(club)
    if (!changed) return club
    if (await store.saveClub(changed, nextDue(changed, now), posts)) return (await store.club(id)) ?? changed
  }
  throw new Error(`club ${id} was changed ${tries} times while a change waited`)
}

/** As `changeClub`, for a member; one who was unknown is made. */
export async function changeMember(store: Store, club: Club, member: Member, change: (member: Member) => Member): Promise<Member> {
  for (let i = 0; i < tries; i++) {
    const changed = change((await store.member(club.id, member.id)) ?? newMember(club, member.id, member.name))
    if (await store.saveMember(club.id, changed)) return (await store.member(club.id, member.id)) ?? changed
  }
  throw new Error(`member ${member.id} of ${club.id} was changed ${tries} times while a change waited`)
}
