// Purpose: what comes next in a club: its start, the day's lesson or what stands in its place, the day's poll, an excused day.
import { changeClub } from './change.ts'
import { addDays, type Day } from './club/calendar.ts'
import { type Club, clubDay, clubTimeline } from './club/club.ts'
import { percentOf, votersOf } from './club/poll.ts'
import { currentSeason, hasGoneQuiet, reviewPosts } from './club/schedule.ts'
import type { Course } from './course/course.ts'
import type { NewPost, PostKind, Store } from './store/store.ts'

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
  const polls = await pollOf(started, today, now, now, courses, store)
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

const postKey = (kind: string, club: string, day: Day): string => `${kind}:${club}:${day}`

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
  const posted = (await store.posts(club.id, ['lesson'], course.lessons.length * 2)).filter(
    (sent) => sent.season === season.from && (sent.state === 'due' || sent.state === 'sent'),
  )
  const furthest = Math.max(-1, ...posted.map(({ subject }) => course.lessons.findIndex(({ id }) => id === subject)))
  const lesson = course.lessons[furthest + 1]
  if (lesson) return { club, posts: post('lesson', lesson.id) }
  return { club: { ...club, breaks: [...club.breaks, { from: today, why: 'ended' }] }, posts: post('lookback', '') }
}

/** The day's poll: the next myth whose lesson was seen; when all were asked, the one that most got wrong, after a rest. */
export async function pollOf(
  club: Club,
  today: Day,
  dueAt: number,
  now: number,
  courses: readonly Course[],
  store: Store,
): Promise<NewPost[]> {
  const season = currentSeason(club)
  const course = courses.find(({ id }) => id === season?.course)
  if (!season || !course) return []
  const asked = await store.polls(club.id, 1000)
  if (asked.some(({ closesAt }) => closesAt > now)) return []
  const seen = new Set((await store.posts(club.id, ['lesson'], 1000)).filter(({ state }) => state === 'sent').map(({ subject }) => subject))
  const fresh = course.myths.find(({ id, opening, lesson }) => (opening || seen.has(lesson)) && !asked.some(({ myth }) => myth === id))
  const rested = asked
    .filter(
      ({ myth, closesAt }) =>
        closesAt <= now - mythRestDays * 86_400_000 && !asked.some((later) => later.myth === myth && later.closesAt > closesAt),
    )
    .flatMap((poll) => course.myths.filter(({ id }) => id === poll.myth).map((myth) => ({ myth, poll })))
    .filter(({ poll }) => votersOf(poll.tally) > 0)
    .sort((a, b) => percentOf(a.poll.tally, a.myth.verdict) - percentOf(b.poll.tally, b.myth.verdict))
  const myth = fresh ?? rested[0]?.myth
  if (!myth) return []
  const expiresAt = clubTimeline(club).endOf(today)
  return [
    {
      key: postKey('poll', club.id, today),
      club: club.id,
      kind: 'poll',
      day: today,
      season: season.from,
      subject: myth.id,
      dueAt,
      expiresAt,
    },
  ]
}
