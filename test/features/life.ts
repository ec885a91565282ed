// Purpose: time as a club lives it: the program runs all the while, so no day is an outage; and courses long enough for weeks.
import { existsSync } from 'node:fs'
import type { Card } from '../../src/chat/card.ts'
import type { Course } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import { writeCourse } from '../support/courseOf.ts'
import { oneByOne, ours } from '../support/ourCourse.ts'
import { testClub as openClub, type TestClub, tempFolder } from '../support/testClub.ts'

export { ours }

/** Below the hour without a tick that counts as an outage (rule 11). */
const step = 50 * 60_000

/** The program runs until then, a tick at least every 50 minutes. */
export async function lives(club: TestClub, until: string | number): Promise<void> {
  const target = typeof until === 'number' ? until : Date.parse(until)
  while (club.now() < target) await club.until(Math.min(target, club.now() + step))
}

/** In Seoul: `day` of November 2026 (31 is December 1st), at an hour. */
export const at = (day: number, hour = 9): number => Date.parse('2026-11-01T00:00+09:00') + (day - 1) * 86_400_000 + hour * 3_600_000

// These tests are about conversations, and write thousands of small transactions: a disk in memory spares them the wait for a real one.
if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm'

type Options = Parameters<typeof openClub>[0]
const long = new Map<number, Course[]>()

/** A club on our own course. */
export const testClub = (options: Options = {}) => openClub({ courses: oneByOne, ...options })

/** A course of so many lessons; the right answer is always A. */
export function courseOf(lessons: number): Course[] {
  const courses = long.get(lessons) ?? loadCourses(writeCourse(tempFolder(), lessons)).courses
  long.set(lessons, courses)
  return courses
}

/** A club on a course of so many lessons. */
export const longClub = (lessons = 30, options: Options = {}) => openClub({ courses: courseOf(lessons), ...options })

/** The newest lesson in the channel. */
export function lessonNow(club: TestClub): Card {
  const post = club.channel.findLast(({ key, card }) => key.startsWith('lesson:') && card.buttons?.some(({ label }) => label === 'A'))
  if (!post) throw new Error('no lesson was posted')
  return post.card
}

/** Each of them taps an answer of the newest lesson. */
export async function answer(club: TestClub, ...members: string[]): Promise<Card[]> {
  const press = club.button(lessonNow(club), 'A')
  const verdicts: Card[] = []
  for (const member of members) verdicts.push(await club.presses(member, press))
  return verdicts
}

export const labels = (card: Card): string[] => (card.buttons ?? []).map(({ label }) => label)

/** Run, best, total, and what is said of freezes. */
export async function streakOf(club: TestClub, member: string) {
  const [run, best, total, freezes] = (await club.says(member, '/streak', {}, 'en')).fields?.map(({ value }) => value) ?? []
  return {
    run: Number.parseInt(run ?? '', 10),
    best: Number.parseInt(best ?? '', 10),
    total: Number.parseInt(total ?? '', 10),
    freezes: freezes ?? '',
  }
}

/** What the club itself said in the channel, without what members shared. */
export const ownPosts = (club: TestClub) => club.channel.filter(({ key }) => !key.startsWith('share:'))
