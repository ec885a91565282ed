// Purpose: due posts become rows (plan), due rows become messages (flush). The store between them is where a crash is safe.
import type { Logger } from 'pino'
import { changeClub } from './change.ts'
import type { Room } from './chat/room.ts'
import { type Club, clubDay, clubTimeline, openBreak, shownName } from './club/club.ts'
import { cameTooLate, currentSeason, isPlanned, lessonDueAt, pollDueAt } from './club/schedule.ts'
import type { Course } from './course/course.ts'
import type { PostDrawer, Scene } from './features/handler.ts'
import { excuseDays, lessonOf, pollOf } from './planning.ts'
import type { NewPost, Post, PostKind, Store } from './store/store.ts'
import { textOf } from './text/index.ts'

export interface OutboxParts {
  readonly store: Store
  readonly courses: () => readonly Course[]
  readonly rooms: ReadonlyMap<string, Room>
  readonly drawers: readonly PostDrawer[]
  readonly log: Logger
}

export interface Outbox {
  /** Turns what the clubs' calendars make due into rows. Planning twice, or after a restart, changes nothing. */
  plan(now: number): Promise<void>
  /** Sends and edits what is due, a window at a time. */
  flush(now: number): Promise<void>
  /** Asks for an edit of every post whose lesson was corrected since. */
  correct(now: number): Promise<void>
}

/** In flight at once; the rest waits in the table (performance.md: 16 in flight reach the platform's rate). */
const window = 16
/** A row is taken for this long; after a crash it is free again. */
const leaseMs = 30_000
/** Waits between two tries of one post, the last one for all further tries. */
const backoffMs = [5_000, 30_000, 120_000, 600_000]
/** Between two tries of one edit, and how long after its post's day it is tried: a message that was deleted cannot be edited ever. */
const editAgainMs = 300_000
const editGivenUpMs = 2 * 86_400_000
/** Corrections reach back this many lesson posts of a club. */
const correctable = 60

export function createOutbox({ store, courses, rooms, drawers, log }: OutboxParts): Outbox {
  const drawerOf = new Map<PostKind, PostDrawer>(drawers.map((drawer) => [drawer.kind, drawer]))

  const sceneOf = (club: Club, now: number): Scene => {
    const { locale } = club.settings
    return { club, courses: courses(), store, t: textOf(locale), locale, now }
  }

  async function planClub(id: string, now: number): Promise<void> {
    const club = await store.club(id)
    const season = club && currentSeason(club)
    if (!club || !season || openBreak(club)) return
    const { today } = clubDay(club, now)
    const posts: NewPost[] = []
    let next = club
    const isStudyDay = clubTimeline(club).isStudyDay(today) && today >= season.from
    if (isStudyDay && !isPlanned(club.planned.lesson, today) && lessonDueAt(club, today) <= now) {
      const planned = await lessonOf(club, today, lessonDueAt(club, today), courses(), store)
      next = { ...planned.club, planned: { ...next.planned, lesson: today } }
      posts.push(...planned.posts)
      if (planned.posts.length === 0) log.error({ club: id, course: season.course }, 'the course of this club is not in the content folder')
      await store.sweep(id, today, now)
    }
    const pollAt = pollDueAt(club, today)
    if (isStudyDay && !openBreak(next) && !isPlanned(club.planned.poll, today) && pollAt !== undefined && pollAt <= now) {
      next = { ...next, planned: { ...next.planned, poll: today } }
      posts.push(...(await pollOf(club, today, pollAt, now, courses(), store)))
    }
    // Somebody may have changed the club since it was read: then nothing is kept, and the next round plans anew.
    await changeClub(store, id, now, (fresh) => (fresh.version === club.version ? next : undefined), posts)
  }

  async function send(post: Post, now: number): Promise<void> {
    const { club, room, drawer } = await partsOf(post)
    const scene = sceneOf(club, now)
    const card = await drawer.draw(scene, post)
    const sharer = post.member === undefined ? undefined : await store.member(club.id, post.member)
    const message = await room.post({ channel: club.channel, card, key: post.key, at: now, ...(sharer && { by: shownName(sharer) }) })
    const revision = drawer.revision?.(scene, post)
    const editAt = drawer.editAt?.(scene, { ...post, sentAt: now })
    await store.markSent(post.key, { message, at: now, ...(revision && { revision }), ...(editAt !== undefined && { editAt }) })
    // What changed while the post was on its way could not ask for an edit of a message that was not there yet.
    if (JSON.stringify(await drawer.draw(scene, post)) !== JSON.stringify(card)) await store.touchPost(post.key, now, 0)
    if (post.kind === 'lesson' && cameTooLate(club, post.day, now)) await excuse(post, now)
  }

  async function edit(post: Post, now: number): Promise<void> {
    const { club, room, drawer } = await partsOf(post)
    const scene = sceneOf(club, now)
    if (post.message !== undefined) await room.edit(post.message, await drawer.draw(scene, post))
    const revision = drawer.revision?.(scene, post)
    const editAt = drawer.editAt?.(scene, post)
    await store.markEdited(post.key, { at: now, ...(revision && { revision }), ...(editAt !== undefined && { editAt }) })
  }

  async function partsOf(post: Post) {
    const club = await store.club(post.club)
    const room = rooms.get(post.club.split(':')[0] ?? '')
    const drawer = drawerOf.get(post.kind)
    if (!club || !room || !drawer) throw new Error(`no ${club ? (room ? `drawer for ${post.kind}` : 'room') : 'club'} for ${post.key}`)
    return { club, room, drawer }
  }

  async function excuse(post: Post, now: number): Promise<void> {
    log.warn({ post: post.key }, 'a lesson came late or not at all; its day is excused')
    await excuseDays(store, post.club, now, [post.day])
  }

  async function attempt(post: Post, now: number, work: (post: Post, now: number) => Promise<void>): Promise<void> {
    try {
      await work(post, now)
    } catch (error) {
      if (post.state !== 'due') return retryEdit(post, now, error)
      const wait = backoffMs[Math.min(post.attempts, backoffMs.length - 1)] ?? 0
      log.error({ err: error, post: post.key, attempt: post.attempts + 1, retryInMs: wait }, 'a post could not be sent')
      await store.retry(post.key, now + wait)
    }
  }

  async function retryEdit({ key, expiresAt, editedAt, sentAt, revision }: Post, now: number, error: unknown): Promise<void> {
    const again = now < expiresAt + editGivenUpMs
    log.error({ err: error, post: key, ...(again && { retryInMs: editAgainMs }) }, 'a post could not be edited')
    const at = editedAt ?? sentAt ?? now
    await store.markEdited(key, { at, ...(revision && { revision }), ...(again && { editAt: now + editAgainMs }) })
  }

  return {
    async plan(now) {
      for (const id of await store.clubsDue(now)) await planClub(id, now)
    },
    async flush(now) {
      for (;;) {
        const { send: due, edit: changed, expired } = await store.claimDue(now, window, leaseMs)
        if (due.length + changed.length + expired.length === 0) return
        for (const post of expired) {
          log.warn({ post: post.key, dueAt: post.dueAt }, 'a post expired before it could be sent')
          if (post.kind === 'lesson') await excuse(post, now)
        }
        await Promise.all([...due.map((post) => attempt(post, now, send)), ...changed.map((post) => attempt(post, now, edit))])
      }
    },
    async correct(now) {
      for (const id of await store.clubs()) {
        const club = await store.club(id)
        if (!club) continue
        for (const post of await store.posts(id, ['lesson', 'review'], correctable)) {
          const revision = drawerOf.get(post.kind)?.revision?.(sceneOf(club, now), post)
          if (post.state === 'sent' && revision !== undefined && revision !== post.revision) await store.touchPost(post.key, now, 0)
        }
      }
    },
  }
}
