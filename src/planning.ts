// Purpose: what comes next in a club: its start, the day's lesson or what stands in its place, the day's poll, an excused day.
import { changeClub } from './change.ts'
import { addDays, type Day } from './club/calendar.ts'
import { type Club, clubDay, clubTimeline, type Season } from './club/club.ts'
import { percentOf, roundSize, votersOf } from './club/poll.ts'
import { currentSeason, hasGoneQuiet, postKey, reviewPosts, seasonOn } from './club/schedule.ts'
import type { Course, Myth } from './course/course.ts'
import type { NewPost, Poll, PostKind, Store } from './store/store.ts'

/** Myths that were asked come back after this long. */
const mythRestDays = 60

/** The first study day from `day` on. */
export function nextStudyDay(club: Club, day: Day): Day {
  const days = clubTimeline(club)
  for (let i = 0, next = day; i < 400; i++, next = addDays(next, 1)) if (days.isStudyDay(next)) return next
  return day
}

/** A season of this course that begins on a day. */
export function startSeason(club: Club, course: string, from: Day): Club {
  const seasons = [...club.seasons.filter((season) => season.from < from), { from, course }]
  return { ...club, seasons, reviewsLeft: 0, epoch: club.epoch + 1, settings: { ...club.settings, course } }
}

/** Starts a club with its first lesson and one poll at once: that is that day's post. */
export async function startAtOnce(store: Store, id: string, now: number, courses: readonly Course[]): Promise<void> {
  const club = await store.club(id)
  if (!club || currentSeason(club)) return
  const { today } = clubDay(club, now)
  const started = startSeason(club, club.settings.course, today)
  const { posts } = await lessonOf(started, today, now, courses, store)
  const polls = await pollOf(started, { today, dueAt: now, now, with: posts }, courses, store)
  const next: Club = { ...started, planned: { lesson: today, poll: today } }
  await changeClub(store, id, now, (fresh) => (currentSeason(fresh) ? undefined : next), [...posts, ...polls])
}

/** Excuses days for every member of a club: an outage of ours, or an organiser's kindness with a reason. */
export function excuseDays(store: Store, club: string, now: number, days: readonly Day[], reason?: string): Promise<Club> {
  return changeClub(store, club, now, (before) => {
    const fresh = days.filter((day) => !before.excuses.some((known) => known.day === day))
    if (fresh.length === 0) return undefined
    const excuses = [...before.excuses, ...fresh.map((day) => ({ day, ...(reason && { reason }) }))]
    return { ...before, epoch: before.epoch + 1, excuses }
  })
}

/** The day's lesson post, or what stands in its place: the quiet line, a review, the look-back. */
export async function lessonOf(
  club: Club,
  today: Day,
  dueAt: number,
  courses: readonly Course[],
  store: Store,
): Promise<{ club: Club; posts: NewPost[] }> {
  const season = currentSeason(club)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season || !course) return { club, posts: [] }
  const expiresAt = clubTimeline(club).endOf(today)
  const post = (kind: PostKind, subject: string): NewPost[] => [
    { key: postKey('lesson', club.id, today), club: club.id, kind, day: today, season: season.from, subject, dueAt, expiresAt },
  ]
  if (hasGoneQuiet(club, today, await store.lastActiveDay(club.id))) {
    return { club: { ...club, breaks: [...club.breaks, { from: today, why: 'quiet' }] }, posts: post('quiet', '') }
  }
  if (club.reviewsLeft > 0) {
    const missed = (await store.missed(club.id, season.from)).map(({ lesson }) => lesson)
    const ids = [...new Set([...missed, ...course.lessons.map(({ id }) => id)])].filter((id) =>
      course.lessons.some((lesson) => lesson.id === id),
    )
    const subject = ids[(reviewPosts - club.reviewsLeft) % ids.length] ?? ''
    return { club: { ...club, reviewsLeft: club.reviewsLeft - 1 }, posts: post('review', subject) }
  }
  // A lesson that nobody was sure to see is told on the next day: none is skipped.
  const lesson = course.lessons[(await placeOf(club, season, course, store)) + 1]
  if (lesson) return { club, posts: post('lesson', lesson.id) }
  return { club: { ...club, breaks: [...club.breaks, { from: today, why: 'ended' }] }, posts: post('lookback', '') }
}

/** The place in the course of the lesson that the club has come to in this season; -1 before the first. */
export async function placeOf(club: Club, { from }: Season, course: Course, store: Store): Promise<number> {
  const posted = await store.lessonsPosted(club.id, from, course.lessons.length * 2)
  return Math.max(-1, ...posted.map((lesson) => course.lessons.findIndex(({ id }) => id === lesson)))
}

/** The myths of a poll's post: one, or those of a round. */
export const mythsOf = ({ subject }: Pick<NewPost, 'subject'>): string[] => subject.split(',')

/**
 * The day's poll: the round that opens a course, the same round again, the next myth whose lesson was seen, or when all were asked, the
 * one that most got wrong, after a rest.
 */
export async function pollOf(
  club: Club,
  {
    today,
    dueAt,
    now,
    openingOnly = false,
    with: posting = [],
  }: {
    readonly today: Day
    readonly dueAt: number
    readonly now: number
    /** The day is none for other polls. */
    readonly openingOnly?: boolean
    /** The lesson that is posted together with it. */
    readonly with?: readonly NewPost[]
  },
  courses: readonly Course[],
  store: Store,
): Promise<NewPost[]> {
  const season = currentSeason(club)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season || !course) return []
  const all = await store.polls(club.id, 1000)
  if (all.some(({ closesAt }) => closesAt > now)) return []
  // Ids are a course's own: a poll of another course is of another myth.
  const asked = all.filter(({ day }) => seasonOn(club, day)?.course === course.id)
  const sent = (await store.posts(club.id, ['lesson'], 1000)).filter(({ state }) => state === 'sent')
  const posts = [...sent, ...posting].filter(({ season }) => isSame(club, season, course))
  const seenEver = new Set(posts.map(({ subject }) => subject))
  const seen = new Set(posts.filter((post) => post.season === season.from).map(({ subject }) => subject))
  const timesAsked = ({ id }: Myth) => asked.filter(({ myth, day }) => myth === id && day >= season.from).length
  const opening = course.myths.filter((myth) => myth.before !== undefined && !seen.has(myth.before) && timesAsked(myth) === 0)
  const again = course.myths.filter((myth) => myth.again !== undefined && seen.has(myth.again) && timesAsked(myth) === 1)
  const fresh = course.myths.find(({ id, lesson }) => seenEver.has(lesson) && !asked.some(({ myth }) => myth === id))
  const chosen = roundOf(opening, 'before') ?? (openingOnly ? [] : (roundOf(again, 'again') ?? [fresh ?? mostMissed(course, asked, now)]))
  const subject = chosen.flatMap((myth) => myth?.id ?? []).join(',')
  const expiresAt = clubTimeline(club).endOf(today)
  const key = postKey('poll', club.id, today)
  return subject ? [{ key, club: club.id, kind: 'poll', day: today, season: season.from, subject, dueAt, expiresAt }] : []
}

const isSame = (club: Club, season: Day, course: Course): boolean =>
  club.seasons.some(({ from, course: id }) => from === season && id === course.id)

/** The first of these myths with those that are asked at the same lesson, as many as a round holds; undefined when there is none. */
function roundOf(myths: readonly Myth[], when: 'before' | 'again'): Myth[] | undefined {
  return myths[0] && myths.filter((myth) => myth[when] === myths[0]?.[when]).slice(0, roundSize)
}

function mostMissed(course: Course, asked: readonly Poll[], now: number): Myth | undefined {
  const rested = asked
    .filter(
      ({ myth, closesAt }) =>
        closesAt <= now - mythRestDays * 86_400_000 && !asked.some((later) => later.myth === myth && later.closesAt > closesAt),
    )
    .flatMap((poll) => course.myths.filter(({ id }) => id === poll.myth).map((myth) => ({ myth, poll })))
    .filter(({ poll }) => votersOf(poll.tally) > 0)
    .sort((a, b) => percentOf(a.poll.tally, a.myth.verdict) - percentOf(b.poll.tally, b.myth.verdict))
  return rested[0]?.myth
}
