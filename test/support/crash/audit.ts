// Purpose: what is held against the run after each life: what members were told, what stands in the channels, what the log says, and the store.
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type Database from 'better-sqlite3'
import { keysOf } from '../../../src/keys.ts'
import { foldOf } from '../../../src/record.ts'
import { createSeal } from '../../../src/seal.ts'
import { openFile } from '../../../src/store/sqlite/database.ts'
import { storeOn } from '../../../src/store/sqlite/index.ts'
import type { Post, PostKind, Store } from '../../../src/store/store.ts'
import { lineOf, type Memory } from './lives.ts'
import type { Place } from './places.ts'

/** Each as a sorted list of who or what it is about: empty lists are what is promised. */
export interface Broken {
  /** Answers that reached a member, and what they say is not in the store. */
  readonly lost: readonly string[]
  /** Lessons of study days that came, in a club that had started, and no post was made of them. */
  readonly unplanned: readonly string[]
  /** Posts that are in their channel twice. */
  readonly doubled: readonly string[]
  /** Posts of which the store says that they were sent, and that are not in their channel. */
  readonly missing: readonly string[]
  /** Messages of ours in a channel that are no post. */
  readonly unknown: readonly string[]
  /** Posts that were given up or that expired, and the log does not say so. */
  readonly unlogged: readonly string[]
  /** The store's count of those given up, where it is not what its rows say. */
  readonly miscounted: readonly string[]
  /** Lessons that nobody may have seen, and whose day costs members their run. */
  readonly unexcused: readonly string[]
  /** Streaks that are not what the ledger says. */
  readonly misfolded: readonly string[]
  /** What SQLite finds wrong with the file. */
  readonly damaged: readonly string[]
}

export interface Counts {
  readonly acknowledged: number
  readonly posts: number
  readonly sent: number
  readonly due: number
  readonly expired: number
  readonly omitted: number
  /** Posts of which the log says that they were given up; without those that had expired by the next life, as the program died over it. */
  readonly toldOmitted: number
  /** Of those that were omitted: how many are not in their channel. That the others are is what nobody could know. */
  readonly absent: number
  readonly streaks: number
  /** Of those: how many are marked to be folded anew at their next reading. */
  readonly waiting: number
}

const everyKind: readonly PostKind[] = ['lesson', 'review', 'poll', 'quiet', 'lookback', 'share', 'greeting']
const everyPost = 1_000_000
const pipeMs = 50

interface Evidence {
  readonly places: readonly Place[]
  readonly memory: Memory
  /** All that the program said so far. */
  readonly output: () => readonly string[]
  /** The clubs' time up to which everything that was due was planned, epoch ms. */
  readonly until: number
}

/** Looks at everything as of one moment; the program may run meanwhile. */
export async function audit(file: string, { places, memory, output, until }: Evidence): Promise<{ broken: Broken; counts: Counts }> {
  const db = openFile(file, { readonly: true, timeout: 10_000 })
  try {
    // All that is read comes from this one moment. Nothing else of this process runs before the channels were looked at.
    db.exec('BEGIN')
    const store = storeOn(db, createSeal(keysOf({ DATABASE_URL: file, CLUB_KEY: undefined, CLUB_KEY_OLD: undefined })))
    const channels = new Map(places.map((place) => [place.club, place.posts(db)]))
    const posts = (await Promise.all(places.map(({ club }) => store.posts(club, everyKind, everyPost)))).flat()
    // What was written down by then was said before; it may still be in the pipe.
    await sleep(pipeMs)
    return await compare({ db, store, places, channels, posts, memory, until, log: logOf(output()) })
  } finally {
    db.close()
  }
}

interface Scene extends Omit<Evidence, 'output'> {
  readonly db: Database.Database
  readonly store: Store
  readonly channels: ReadonlyMap<string, ReturnType<Place['posts']>>
  readonly posts: readonly Post[]
  readonly log: ReturnType<typeof logOf>
}

/** The keys of posts that the log says were given up, and that expired. */
function logOf(output: readonly string[]) {
  const told = (message: string) => new Set(output.flatMap((line) => (line.includes(message) ? [String(JSON.parse(line).post)] : [])))
  return { omitted: told('"a post was given up: '), expired: told('"a post expired before ') }
}

async function compare({ db, store, places, channels, posts, memory, until, log }: Scene): Promise<{ broken: Broken; counts: Counts }> {
  const placeOf = new Map(places.map((place) => [place.club, place]))
  const stands = new Map<string, string[]>()
  for (const [club, messages] of channels)
    for (const { mark, ref } of messages) stands.set(`${club} ${mark}`, [...(stands.get(`${club} ${mark}`) ?? []), ref])
  const markOf = ({ club, key }: Post) => `${club} ${placeOf.get(club)?.markOf(key)}`
  const refsOf = (post: Post) => stands.get(markOf(post)) ?? []
  const known = new Set(posts.map(markOf))
  const inState = (state: Post['state']) => posts.filter((post) => post.state === state)
  const [sent, omitted, expired] = [inState('sent'), inState('omitted'), inState('expired')]
  const kept = await keptIn(store, places)
  const folds = await foldsIn(store, places)
  const clubs = new Map(await Promise.all(places.map(async ({ club }) => [club, await store.club(club)] as const)))
  const isExcused = ({ club, day }: Post) => clubs.get(club)?.excuses.some((excuse) => excuse.day === day)
  const keysKnown = new Set(posts.map(({ key }) => key))
  const lessons = places.flatMap((place) =>
    lessonDays(place, clubs.get(place.club)?.seasons[0]?.from, until).map((day) => `lesson:${place.club}:${day}`),
  )
  const keys = (list: readonly Post[]) => list.map(({ key }) => key).sort()
  const integrity = db.prepare<[], string>('PRAGMA integrity_check').pluck().all()
  return {
    broken: {
      lost: [...memory.acknowledged].filter((line) => !kept.has(line)).sort(),
      unplanned: lessons.filter((key) => !keysKnown.has(key)),
      doubled: keys(posts.filter((post) => refsOf(post).length > 1)),
      missing: keys(sent.filter((post) => !refsOf(post).includes(post.message ?? ''))),
      unknown: [...stands.keys()].filter((mark) => !known.has(mark)).sort(),
      unlogged: keys([...omitted.filter(({ key }) => !log.omitted.has(key)), ...expired.filter(({ key }) => !log.expired.has(key))]),
      miscounted: (await store.omitted()) === omitted.length ? [] : [`${await store.omitted()} counted, ${omitted.length} omitted`],
      unexcused: keys([...omitted, ...expired].filter((post) => post.kind === 'lesson' && !isExcused(post))),
      misfolded: folds.filter(({ fold }) => fold === 'differs').map(({ whose }) => whose),
      damaged: integrity.filter((line) => line !== 'ok'),
    },
    counts: {
      acknowledged: memory.acknowledged.size,
      posts: posts.length,
      sent: sent.length,
      due: inState('due').length,
      expired: expired.length,
      omitted: omitted.length,
      toldOmitted: [...log.omitted].filter((key) => !keys(expired).includes(key)).length,
      absent: omitted.filter((post) => refsOf(post).length === 0).length,
      streaks: folds.length,
      waiting: folds.filter(({ fold }) => fold === 'waits').length,
    },
  }
}

/** The study days of a club on which it was time for the lesson: at eight in Seoul (UTC+9), where a clock is never changed. */
function lessonDays({ weekdays }: Place, first: string | undefined, until: number): string[] {
  const days: string[] = []
  if (first === undefined) return days
  for (let at = Date.parse(`${first}T08:00+09:00`); at <= until; at += 86_400_000) {
    const day = new Date(at + 9 * 3_600_000)
    if (weekdays.includes(day.getUTCDay() || 7)) days.push(day.toISOString().slice(0, 10))
  }
  return days
}

/** All that members were ever told is kept, as lines of `Memory`. */
async function keptIn(store: Store, places: readonly Place[]): Promise<ReadonlySet<string>> {
  const lines = new Set<string>()
  for (const { club, members } of places) {
    for (const { id } of members) {
      for (const { note } of await store.acts(club, id)) if (note !== undefined) lines.add(lineOf(club, id, 'note', note))
      for (const { season, lesson, question } of await store.answers(club, id))
        lines.add(lineOf(club, id, 'answer', `${season} ${lesson} ${question}`))
      for (const { poll } of await store.votes(club, id)) lines.add(lineOf(club, id, 'vote', String(poll)))
    }
    for (const { subject, member = '' } of await store.posts(club, ['share'], everyPost)) {
      const [what, act = ''] = subject.split(':')
      if (what === 'note') lines.add(lineOf(club, member, 'share', act))
    }
  }
  return lines
}

/** Each cached streak beside what the ledger says, as `club rebuild` compares them. */
async function foldsIn(store: Store, places: readonly Place[]): Promise<{ whose: string; fold: 'equal' | 'differs' | 'waits' }[]> {
  const folds: { whose: string; fold: 'equal' | 'differs' | 'waits' }[] = []
  for (const { club: id } of places) {
    const club = await store.club(id)
    for (const member of club ? await store.members(id, undefined, everyPost) : []) {
      const stored = await store.streak(id, member.id)
      if (!club || !stored) continue
      const { revision: _, ...cached } = stored
      const isEqual = isDeepStrictEqual(await foldOf({ store, club, member }, stored.state.day), cached)
      folds.push({ whose: `${id} ${member.id}`, fold: stored.epoch !== club.epoch ? 'waits' : isEqual ? 'equal' : 'differs' })
    }
  }
  return folds
}
