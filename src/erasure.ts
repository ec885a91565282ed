// Purpose: deletes a member for good, also from what an older backup brings back.
import { changeClub } from './change.ts'
import type { Club } from './club/club.ts'
import { purgeClub } from './life.ts'
import { touchPostedBoards } from './posted.ts'
import type { Seal } from './seal.ts'
import type { Store } from './store/store.ts'

/** Deletes everything of a member, also where they are named as an organiser and what stands in the channel. False when they had nothing. */
export async function eraseMember(store: Store, club: Club, member: string, now: number): Promise<boolean> {
  // First: what was erased last is gone from the files when this is answered.
  await changeClub(store, club.id, now, (fresh) =>
    fresh.organisers.includes(member) ? { ...fresh, organisers: fresh.organisers.filter((id) => id !== member) } : undefined,
  )
  const had = await store.deleteMember(club.id, member, now)
  await touchPostedBoards({ store, club, now })
  return had
}

/** Deletions that cannot be done again, as their marks were made under a key that is not here. */
export class MarksUnreadable extends Error {}

/**
 * Deletes again who was deleted after the backup was made that is this database now. May be cut short anywhere and begun again. Returns how
 * many were found. Throws MarksUnreadable, after all that could be done.
 */
export async function replayErasures(store: Store, seal: Seal, now: number): Promise<{ members: number; clubs: number }> {
  const due = await store.erasuresDue()
  const found = { members: 0, clubs: 0 }
  if (due.length === 0) return found
  const marks = new Set(due.map(({ mark }) => mark))
  const isDue = (...names: string[]) => seal.marks(names).some((mark) => marks.has(mark))
  for (const id of await store.clubs()) {
    const club = await store.club(id)
    if (!club) continue
    if (isDue(id)) {
      await purgeClub(store, club, now)
      found.clubs += 1
      continue
    }
    for await (const member of membersOf(store, club)) {
      if (!isDue(id, member)) continue
      await eraseMember(store, club, member, now)
      found.members += 1
    }
  }
  const ours = new Set(seal.marks([]).map(keyIn))
  const foreign = due.filter(({ mark }) => !ours.has(keyIn(mark))).length
  if (foreign > 0) throw new MarksUnreadable(`${foreign} of ${due.length} deletions were recorded under a key that is not here`)
  await store.erasuresDone()
  return found
}

const keyIn = (mark: string): string => mark.split('.', 1)[0] ?? ''

/** Everybody who stands in the club, page by page; organisers who are named and never acted have no page of their own. */
async function* membersOf(store: Store, { id, organisers }: Club): AsyncGenerator<string> {
  yield* organisers
  for (let after: string | undefined; ; ) {
    const page = await store.members(id, after, 500)
    for (const member of page) yield member.id
    after = page.at(-1)?.id
    if (after === undefined) return
  }
}
