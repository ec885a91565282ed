// Purpose: due posts become rows (plan), due rows become messages (flush). The store between them is where a crash is safe.
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { changeClub } from './change.ts'
import { AccessRefused, ChannelClosed, MessageGone, NotPosted, type Room } from './chat/room.ts'
import { type Club, clubDay, clubTimeline, openBreak, restClub, roomOf, shownName } from './club/club.ts'
import { cameTooLate, currentSeason, isPlanned, isPollDay, lessonDueAt, pollDueAt, purgeAt } from './club/schedule.ts'
import type { Course } from './course/course.ts'
import { eachAlone } from './eachAlone.ts'
import type { PostDrawer, Scene } from './features/handler.ts'
import { purgeClub } from './life.ts'
import type { Metrics } from './metrics.ts'
import { excuseDays, lessonOf, pollOf } from './planning.ts'
import { type NewPost, type Post, type PostKind, type Store, StoreUnavailable } from './store/store.ts'
import { textOf } from './text/index.ts'

export interface OutboxParts {
  readonly store: Store
  readonly courses: () => readonly Course[]
  readonly rooms: ReadonlyMap<string, Room>
  readonly drawers: readonly PostDrawer[]
  readonly metrics: Metrics
  readonly log: Logger
}

export interface Outbox {
  /** Turns what the clubs' calendars make due into rows. Planning twice, or after a restart, changes nothing. */
  plan(now: number): Promise<void>
  /** Begins to send and edit what is due, as much at once as the window allows, and goes on by itself until nothing is due. */
  flush(now: number): Promise<void>
  /** Resolves when nothing is being sent or edited. */
  idle(): Promise<void>
  /** Asks for an edit of every post whose lesson was corrected since. */
  correct(now: number): Promise<void>
}

/**
 * In flight at once in each room; the rest waits in the table. Discord takes 50 in the first moment of a second: so many stand ready, and a batch more comes
 * while they leave.
 */
const window = 64
/**
 * So many are begun in one turn of the event loop: together they write in fewer transactions, and more would hold up everybody else for as long
 * as it takes to draw them. And a window that is nearly full is filled up by so many at a time.
 */
const batch = 12
/** A row is taken for this long; after a crash it is free again. Each request of a room ends earlier than this. */
const leaseMs = 30_000
/** Waits between two tries of one post, the last one for all further tries; up to a fifth longer, so that clubs do not come all at once. */
const backoffMs = [5_000, 30_000, 120_000, 600_000]
const jitter = 0.2
/** Between two tries of one edit, and how long after its post's day it is tried: a message that was deleted cannot be edited ever. */
const editAgainMs = 300_000
const editGivenUpMs = 2 * 86_400_000
/** The waits between two attempts to write down what became of a try, and when that is given up: the next try finds it in doubt then. */
const writing = { firstWaitMs: 500, longestWaitMs: 60_000, forMs: 3_600_000 }
/** A post that comes longer than this after it was due is counted as late. */
const lateMs = 5 * 60_000
/** Corrections reach back this many lesson posts of a club. */
const correctable = 60

export function createOutbox({ store, courses, rooms, drawers, metrics, log }: OutboxParts): Outbox {
  const drawerOf = new Map<PostKind, PostDrawer>(drawers.map((drawer) => [drawer.kind, drawer]))

  const labels = ({ club, kind }: Post) => ({ room: roomOf(club), kind })

  const sceneOf = (club: Club, now: number): Scene => {
    const { locale } = club.settings
    return { club, courses: courses(), store, t: textOf(locale), locale, now }
  }

  async function planClub(id: string, now: number): Promise<void> {
    const club = await store.club(id)
    if (!club) return
    const purge = purgeAt(club)
    if (purge !== undefined) {
      if (purge > now) return
      await purgeClub(store, club, now)
      log.warn({ club: id }, 'a club was deleted, as it was removed long enough ago')
      return
    }
    const season = currentSeason(club)
    if (!season || openBreak(club)) return
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
      posts.push(...(await pollOf(club, { today, dueAt: pollAt, now, openingOnly: !isPollDay(club, today) }, courses(), store)))
    }
    // Somebody may have changed the club since it was read: then nothing is kept, and the next round plans anew.
    await changeClub(store, id, now, (fresh) => (fresh.version === club.version ? next : undefined), posts)
  }

  async function correctClub(id: string, now: number): Promise<void> {
    const club = await store.club(id)
    if (!club) return
    for (const post of await store.posts(id, ['lesson', 'review'], correctable)) {
      const revision = drawerOf.get(post.kind)?.revision?.(sceneOf(club, now), post)
      if (post.state === 'sent' && revision !== undefined && revision !== post.revision) await store.touchPost(post.key, now, 0)
    }
  }

  // What a post's end means for its club is written before the post is closed: if we die in between, the post comes up again.

  async function send(post: Post, now: number): Promise<void> {
    const { club, room, drawer } = await partsOf(post)
    if (club.removedAt !== undefined) throw new ChannelClosed('the bot was removed')
    if (post.unsureAt !== undefined && now - post.unsureAt > room.remembersMs) {
      const found = await room.find?.({ club: club.id, channel: club.channel, key: post.key, since: post.unsureAt })
      if (found === undefined) return omit(post, now)
      if (found !== 'none') {
        await sent(post, now, found)
        return written(() => store.touchPost(post.key, now, 0))
      }
    }
    const scene = sceneOf(club, now)
    const drawing = Promise.all([drawer.draw(scene, post), aboutOf(club, post)])
    const [card, about] = await drawing.catch(notPosted('the post could not be drawn'))
    const thread = post.kind === 'lesson' && club.settings.threads ? card.title : undefined
    const message = await room.post({
      club: club.id,
      channel: club.channel,
      card,
      key: post.key,
      at: now,
      ...about,
      ...(thread && { thread }),
    })
    await sent(post, now, message)
    // What changed while the post was on its way could not ask for an edit of a message that was not there yet.
    if (JSON.stringify(await drawer.draw(scene, post)) !== JSON.stringify(card)) await written(() => store.touchPost(post.key, now, 0))
  }

  async function sent(post: Post, now: number, message: string): Promise<void> {
    const { club, drawer } = await partsOf(post)
    const scene = sceneOf(club, now)
    const revision = drawer.revision?.(scene, post)
    const editAt = drawer.editAt?.(scene, { ...post, sentAt: now })
    if (post.kind === 'lesson' && cameTooLate(club, post.day, now)) await excuse(post, now)
    const facts = { message, at: now, ...(revision && { revision }), ...(editAt !== undefined && { editAt }) }
    await written(() => store.markSent(post.key, facts))
    metrics.posts.inc({ ...labels(post), outcome: now - post.dueAt > lateMs ? 'late' : 'sent' })
  }

  /** A try was cut short too long ago for the room to know the post again: rather none than two (the day costs nobody anything). */
  async function omit(post: Post, now: number): Promise<void> {
    log.error({ post: post.key, since: post.unsureAt }, 'a post was given up: it may or may not be in its channel')
    if (post.kind === 'lesson') await excuse(post, now)
    await written(() => store.omit(post.key))
    metrics.posts.inc({ ...labels(post), outcome: 'omitted' })
  }

  /** Its time is over. */
  async function expire(post: Post, now: number): Promise<void> {
    log.warn({ post: post.key, dueAt: post.dueAt }, 'a post expired before it could be sent')
    if (post.kind === 'lesson') await excuse(post, now)
    await written(() => store.expire(post.key))
    if (post.attempts === 0) metrics.postsDue.inc(labels(post))
    metrics.posts.inc({ ...labels(post), outcome: 'expired' })
  }

  /** Nothing gets into the club's channel any more: it rests until an organiser mends that, and costs nobody anything. */
  async function closeChannel(post: Post, now: number, error: ChannelClosed | AccessRefused): Promise<void> {
    const why = error instanceof AccessRefused ? 'refused' : 'unreachable'
    log.error({ post: post.key, club: post.club, reason: error.message }, 'the channel of a club cannot be reached; its posts stop')
    await written(() =>
      changeClub(store, post.club, now, (club) =>
        club.removedAt !== undefined || !currentSeason(club) || openBreak(club)?.why === why ? undefined : restClub(club, now, why),
      ),
    )
    const edited = { at: post.editedAt ?? now, ...(post.revision && { revision: post.revision }) }
    await written(() => (post.state === 'due' ? store.omit(post.key) : store.markEdited(post.key, edited)))
    metrics[post.state === 'due' ? 'posts' : 'edits'].inc({ ...labels(post), outcome: 'omitted' })
  }

  async function edit(post: Post, now: number): Promise<void> {
    const { club, room, drawer } = await partsOf(post)
    if (club.removedAt !== undefined) throw new ChannelClosed('the bot was removed')
    const scene = sceneOf(club, now)
    if (post.message !== undefined) await room.edit(post.message, await drawer.draw(scene, post), await aboutOf(club, post))
    const revision = drawer.revision?.(scene, post)
    const editAt = drawer.editAt?.(scene, post)
    const facts = { at: now, ...(revision && { revision }), ...(editAt !== undefined && { editAt }) }
    await written(() => store.markEdited(post.key, facts))
    metrics.edits.inc({ ...labels(post), outcome: 'done' })
  }

  /** Whose post it is, and whom it calls: a lesson, and nothing else, calls the one role that an organiser picked. */
  async function aboutOf({ id, settings }: Club, { kind, member }: Post): Promise<{ by?: string; mention?: string }> {
    const sharer = member === undefined ? undefined : await store.member(id, member)
    return {
      ...(sharer && { by: shownName(sharer) }),
      ...(kind === 'lesson' && settings.mention !== undefined && { mention: settings.mention }),
    }
  }

  async function partsOf(post: Post) {
    const club = await store.club(post.club).catch(notPosted('the club could not be read'))
    const room = rooms.get(roomOf(post.club))
    const drawer = drawerOf.get(post.kind)
    // Days whose lesson is never sent are excused: a platform that is switched off for a while costs its members nothing.
    if (!room) throw new NotPosted(`the club lives on ${roomOf(post.club)}, which is not switched on`)
    if (!club || !drawer) throw new NotPosted(`there is no ${club ? `drawer for ${post.kind}` : 'club'} for ${post.key}`)
    return { club, room, drawer }
  }

  async function excuse(post: Post, now: number): Promise<void> {
    log.warn({ post: post.key }, 'a lesson came late or not at all; its day is excused')
    await written(() => excuseDays(store, post.club, now, [post.day]))
  }

  /** What is known of a message shall not be lost because the store is locked or its disk is full: the next try would not know it. */
  async function written(write: () => Promise<unknown>): Promise<void> {
    const until = performance.now() + writing.forMs
    for (let wait = writing.firstWaitMs; ; wait = Math.min(2 * wait, writing.longestWaitMs)) {
      try {
        await write()
        return
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || performance.now() + wait > until) throw error
        log.error({ err: error, retryInMs: wait }, 'what became of a post could not be written down yet')
        await sleep(wait)
      }
    }
  }

  async function attempt(post: Post, now: number, work: typeof send): Promise<void> {
    try {
      await work(post, now)
    } catch (error) {
      if (error instanceof ChannelClosed || error instanceof AccessRefused) return closeChannel(post, now, error)
      if (post.state !== 'due') return retryEdit(post, now, error)
      const unsureAt = error instanceof NotPosted ? post.unsureAt : (post.unsureAt ?? now)
      const at = now + waitFor(post, now, error, unsureAt)
      const level = error instanceof NotPosted && error.retryInMs !== undefined ? 'warn' : 'error'
      log[level]({ err: error, post: post.key, attempt: post.attempts + 1, retryInMs: at - now }, 'a post could not be sent')
      await written(() => store.retry(post.key, at, unsureAt))
    }
  }

  /** How long until the next try: what the platform said, else longer each time, and while in doubt not longer than the room remembers. */
  function waitFor({ attempts, club }: Post, now: number, error: unknown, unsureAt: number | undefined): number {
    if (error instanceof NotPosted && error.retryInMs) return error.retryInMs
    const wait = Math.round((backoffMs[Math.min(attempts, backoffMs.length - 1)] ?? 0) * (1 + Math.random() * jitter))
    const left = (unsureAt ?? now) + (rooms.get(roomOf(club))?.remembersMs ?? 0) - now
    return unsureAt === undefined || left <= 0 ? wait : Math.min(wait, left)
  }

  async function retryEdit(post: Post, now: number, error: unknown): Promise<void> {
    const { key, expiresAt, editedAt, sentAt, revision } = post
    const again = !(error instanceof MessageGone) && now < expiresAt + editGivenUpMs
    const wait = (error instanceof NotPosted && error.retryInMs) || editAgainMs
    log[error instanceof MessageGone || error instanceof NotPosted ? 'warn' : 'error'](
      { err: error, post: key, ...(again && { retryInMs: wait }) },
      'a post could not be edited',
    )
    const at = editedAt ?? sentAt ?? now
    const facts = { at, ...(revision && { revision }), ...(again && { editAt: now + wait }) }
    await written(() => store.markEdited(key, facts))
    metrics.edits.inc({ ...labels(post), outcome: again ? 'failed' : 'omitted' })
  }

  /** By room, and by the post's key. What is on its way is never taken again, however long it takes and whatever the clock does. */
  const inFlight = new Map<string, Map<string, Promise<void>>>()
  const flights = () => [...inFlight.values()].flatMap((ofRoom) => [...ofRoom.values()])

  // One claim at a time: what is claimed is counted before the next one looks how much room is left.
  let claiming: Promise<void> = Promise.resolve()

  function flush(now: number): Promise<void> {
    claiming = claiming.then(() => claim(now)).catch((error) => log.error({ err: error }, 'what is due could not be read'))
    return claiming
  }

  async function claim(now: number): Promise<void> {
    for (;;) {
      const { send: due, edit: changed, expired } = await store.claimDue(now, window, leaseMs, inFlight)
      if (due.length + changed.length + expired.length === 0) return
      for (const post of due) if (post.attempts === 0) metrics.postsDue.inc(labels(post))
      await beginAll(due, now, send)
      await beginAll(changed, now, edit)
      for (const post of expired) {
        const failed = (error: unknown) =>
          log.error({ err: error, club: post.club, post: post.key }, 'a post that expired could not be closed; it is tried again')
        await expire(post, now).catch(failed)
      }
    }
  }

  async function beginAll(posts: readonly Post[], now: number, work: typeof send): Promise<void> {
    for (const [n, post] of posts.entries()) {
      begin(post, now, work)
      if ((n + 1) % batch === 0) await nextTurn()
    }
  }

  /** What is in flight makes place for the next by itself: a slow channel holds up one place in the window and nobody else. */
  function begin(post: Post, now: number, work: typeof send): void {
    const room = roomOf(post.club)
    const ofRoom = inFlight.get(room) ?? new Map<string, Promise<void>>()
    const flight = attempt(post, now, work)
      .catch((error) => log.error({ err: error, post: post.key }, 'a post was tried and that could not be written down'))
      .finally(() => {
        ofRoom.delete(post.key)
        if (window - ofRoom.size >= batch) void flush(now)
      })
    inFlight.set(room, ofRoom.set(post.key, flight))
  }

  return {
    async plan(now) {
      await eachAlone(await store.clubsDue(now), (id) => planClub(id, now), log, 'a club could not be planned; it is tried again')
    },
    flush,
    async idle() {
      for (let before: Promise<void> | undefined; before !== claiming || flights().length > 0; ) {
        before = claiming
        await before
        await Promise.all(flights())
      }
    },
    async correct(now) {
      // All clubs are looked through only when the lessons are others than at the last time.
      const lessons = createHash('sha256')
        .update(JSON.stringify(courses().map((course) => [course.id, course.lessons])))
        .digest('base64')
      if ((await store.memo('lessons')) === lessons) return
      await eachAlone(await store.clubs(), (id) => correctClub(id, now), log, 'a club’s posts could not be compared with the course')
      await store.setMemo('lessons', lessons)
    },
  }
}

/** For what fails before anything is sent: the post is as much there as it was. */
const notPosted =
  (message: string) =>
  (cause: unknown): never => {
    throw new NotPosted(message, undefined, { cause })
  }
