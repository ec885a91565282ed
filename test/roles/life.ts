// Purpose: clubs of any room in one database, with days behind them, to try in them who may do what.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect } from 'vitest'
import { changeClub } from '../../src/change.ts'
import type { Card } from '../../src/chat/card.ts'
import { formatPressId } from '../../src/chat/pressId.ts'
import type { Answer, Call, Room } from '../../src/chat/room.ts'
import { addDays, type Day } from '../../src/club/calendar.ts'
import { type Club, clubDay, defaultSettings, newClub } from '../../src/club/club.ts'
import type { Course } from '../../src/course/course.ts'
import { startSeason } from '../../src/planning.ts'
import { oneByOne } from '../support/ourCourse.ts'
import { runningApp } from '../support/runningApp.ts'
import { type RoomName, rooms, type State, type Traces } from './acts.ts'

export interface House {
  readonly id: string
  readonly room: RoomName
  readonly course: string
  /** The first day of its season. */
  readonly from: Day
  /** Writes lines and shares one. */
  readonly author: string
  /** Another member; a third whom the organiser named; and the organiser, whom the room vouches for. */
  readonly other: string
  readonly named: string
  readonly host: string
  /** Stands in all that is theirs alone: names, lines, reasons, the channel. */
  readonly word: string
}

const seoul = (day: Day, time: string): number => Date.parse(`${day}T${time}+09:00`)

/** Friday. */
const today = '2026-11-20'
/** Missed by all but the named one: the first costs a freeze, the second the run. */
const missed = [addDays(today, -2), addDays(today, -1)]
/** After Friday's poll. */
const afternoon = seoul(today, '13:30')

/** One app with all three rooms on the database of this file. */
export function openHouses(file: string, courses: readonly Course[] = oneByOne) {
  const running = runningApp({ file, courses })
  const { app, store } = running
  const shown: { readonly club: string; readonly card: Card }[] = []
  for (const name of rooms) {
    const room: Room = {
      name,
      remembersMs: Number.POSITIVE_INFINITY,
      async post({ club, card, key }) {
        shown.push({ club, card })
        return `${club} ${key}`
      },
      edit: async (message, card) => void shown.push({ club: message.split(' ')[0] ?? '', card }),
    }
    running.rooms.set(name, room)
  }

  async function does(house: House, who: string, act: Call['act'], now = afternoon): Promise<Answer> {
    const { id, room, host, word } = house
    const place = room === 'web' ? {} : { place: { channel: `${word}-hall`, lacks: [] } }
    const member = { id: who, name: `${word}-${who}` }
    const answer = await app.handle({ room, club: id, member, organiser: who === host, ...place, act }, now)
    await app.idle()
    return answer
  }

  async function mustDo(house: House, who: string, act: Call['act'], now: number): Promise<void> {
    const answer = await does(house, who, act, now)
    if (!('card' in answer)) throw new Error(`${who} in ${house.id}: ${JSON.stringify(act)} came to ${JSON.stringify(answer)}`)
  }

  const lessonOn = async (house: House, day: Day) =>
    (await store.posts(house.id, ['lesson'], 30)).find((post) => post.day === day && post.subject !== '')

  async function answers(house: House, who: string, day: Day, now: number): Promise<void> {
    const post = await lessonOn(house, day)
    if (post) await mustDo(house, who, { press: formatPressId('answer', post.season, post.subject, 0, 0), input: {} }, now)
  }

  async function begins({ id, course, from, word }: House): Promise<void> {
    const settings = { ...defaultSettings, locale: 'en' as const, course }
    const club = newClub(id, `${word}-channel`, settings, 'Asia/Seoul')
    await store.saveClub(club)
    await changeClub(store, id, seoul(from, '07:00'), (fresh) => startSeason(fresh, course, from))
  }

  async function livesDay(house: House, day: Day): Promise<void> {
    const { author, host, other, named, word } = house
    const now = seoul(day, '13:00')
    const present = missed.includes(day) ? [named] : [author, host, other, named]
    for (const who of present) {
      if (day === today) await answers(house, who, addDays(day, -1), now)
      await answers(house, who, day, now)
      const open = (await store.polls(house.id, 1)).find(({ closesAt }) => closesAt > now)
      if (open && day !== today) await does(house, who, { press: formatPressId('vote', open.id, 'true'), input: {} }, now)
    }
    if (day !== today) return
    for (const who of [author, host, other, named]) {
      for (const line of ['shown', 'secret']) {
        await mustDo(house, who, { command: 'checkin', input: { note: `${word}-${line} of ${who}` } }, now)
        const [act] = await store.acts(house.id, who)
        if (line === 'shown') await mustDo(house, who, { press: formatPressId('share', 'note', act?.id ?? 0), input: {} }, now)
      }
    }
    await mustDo(house, host, { command: 'club', input: { action: 'organiser', member: named } }, now)
    for (const member of [author, ''])
      await mustDo(house, host, { command: 'club', input: { action: 'excuse', member, day: '2026-12-24', reason: `${word}-reason` } }, now)
    const post = await lessonOn(house, house.from)
    const review = {
      club: house.id,
      kind: 'review',
      day: addDays(house.from, 1),
      season: house.from,
      subject: post?.subject ?? '',
    } as const
    await store.enqueue([{ ...review, key: `review:${house.id}`, dueAt: now, expiresAt: now + 3_600_000 }])
  }

  return {
    ...running,
    /** Everything that came into any channel. */
    shown,
    does,
    /** Begins the clubs, each on its day, and lives them all until today's afternoon. */
    async live(houses: readonly House[]): Promise<void> {
      const [first = today] = houses.map(({ from }) => from).sort()
      for (let day = first; day <= today; day = addDays(day, 1)) {
        for (const house of houses) if (house.from === day) await begins(house)
        for (const time of ['08:00', '12:30']) {
          await app.tick(seoul(day, time))
          await app.idle()
        }
        for (const house of houses) if (house.from <= day) await livesDay(house, day)
      }
      // Looking at the board folds every streak that waits for it.
      for (const house of houses) await mustDo(house, house.host, { command: 'leaderboard', input: {} }, afternoon)
      await app.tick(afternoon)
      await app.idle()
    },
    /** What somebody's presses in their club name. */
    async tracesOf(house: House, who: string): Promise<Traces> {
      const { id, room, course, from, named } = house
      const [own, shared] = await store.acts(id, who)
      const polls = await store.polls(id, 10)
      const [review] = await store.posts(id, ['review'], 1)
      const lesson = oneByOne[0]?.lessons.find(({ lab, sources }, i) => i > 4 && lab && sources.length > 0)
      const open = polls.find(({ closesAt }) => closesAt > afternoon)
      const closed = polls.findLast(({ closesAt }) => closesAt <= afternoon)
      if (!own || !shared || !review || !lesson || !open || !closed) throw new Error(`${id} has not lived long enough`)
      return {
        ...{ room, course, named, season: from, lesson: lesson.id, lessonDay: from, review: { day: review.day, lesson: review.subject } },
        ...{ polls: { open: open.id, closed: closed.id }, lines: { own: own.id, shared: shared.id } },
      }
    },
    /** All that is kept of a club and its people. */
    async keptOf({ id, from }: House) {
      const people = (await store.members(id, undefined, 100)).map(async (member) => ({
        member,
        streak: await store.streak(id, member.id),
        acts: await store.acts(id, member.id),
        answers: await store.answers(id, member.id),
        votes: await store.votes(id, member.id),
      }))
      return {
        club: await store.club(id),
        people: await Promise.all(people),
        polls: await store.polls(id, 100),
        posts: await store.posts(id, ['lesson', 'review', 'poll', 'quiet', 'lookback', 'share', 'greeting'], 100),
        days: await store.activeDays(id, from),
        missed: await store.missed(id, from),
      }
    },
    /** Makes the club what an act needs it to be; returns the instant of the act. */
    async bring({ id }: House, state: State | undefined): Promise<number> {
      const change = (how: (club: Club) => Club) => changeClub(store, id, afternoon, how)
      if (state === 'Sunday') {
        const sunday = seoul(addDays(today, 2), '07:00')
        await app.tick(sunday)
        await app.idle()
        return sunday
      }
      if (state === 'not started') await change((club) => ({ ...club, seasons: [] }))
      else if (state !== undefined) await change((club) => ({ ...club, breaks: [{ from: clubDay(club, afternoon).today, why: state }] }))
      return afternoon
    },
  }
}

export type Houses = ReturnType<typeof openHouses>

/** Lives the clubs once, before all tests of a file. What it returns works on a copy of its own each time, so that no test sees another's acts. */
export function livedBefore(houses: readonly House[], courses?: readonly Course[]) {
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-roles-'))
  const lived = join(folder, 'club.db')
  let copies = 0
  beforeAll(async () => {
    const { live, close } = openHouses(lived, courses)
    await live(houses)
    await close()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  return async (work: (all: Houses) => Promise<void>): Promise<void> => {
    const copy = join(folder, `${copies++}.db`)
    copyFileSync(lived, copy)
    const all = openHouses(copy, courses)
    try {
      await work(all)
      expect(all.troubles()).toEqual([])
    } finally {
      await all.close()
    }
  }
}

/** Every row of the database but the program's heartbeat, by table. */
export function everythingIn(file: string): Record<string, readonly unknown[]> {
  const db = new Database(file, { readonly: true })
  try {
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
    return Object.fromEntries(
      tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}${table === 'memo' ? " WHERE name <> 'beat'" : ''}`).all()]),
    )
  } finally {
    db.close()
  }
}
