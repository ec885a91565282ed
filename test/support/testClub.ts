// Purpose: a club for tests: the real app on a real SQLite file, an in-memory room, and a clock that stands still until it is moved.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Card } from '../../src/chat/card.ts'
import type { Answer, Form, Room } from '../../src/chat/room.ts'
import { showTimes } from '../../src/chat/time.ts'
import type { RefusalCode } from '../../src/chat/userError.ts'
import type { ClubSettings } from '../../src/club/club.ts'
import { nextLessonAt } from '../../src/club/schedule.ts'
import type { Course } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import type { Limits } from '../../src/limit.ts'
import { createLog } from '../../src/log.ts'
import { startAtOnce } from '../../src/planning.ts'
import { createSeal, keyBytes } from '../../src/seal.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { appOn } from './appOn.ts'

export const migrations = new URL('../../migrations', import.meta.url).pathname
/** What the databases of tests are sealed with. */
export const testSeal = createSeal([Buffer.alloc(keyBytes, 7)])
export const contentDir = new URL('../../content', import.meta.url).pathname

export interface Posted {
  readonly id: string
  readonly key: string
  readonly at: number
  readonly by: string | undefined
  card: Card
  edits: number
}

/** The card as it is read, with times in words. */
const read = (card: Card): Card => ({ ...card, text: showTimes(card.text) })

/** A room that remembers what was posted. `refuse` makes the next posts fail. */
function memoryRoom() {
  const channel: Posted[] = []
  const trouble = { refuse: 0 }
  const room: Room = {
    name: 'web',
    remembersMs: Number.POSITIVE_INFINITY,
    async post({ card, key, by, at }) {
      if (trouble.refuse > 0) {
        trouble.refuse -= 1
        throw new Error('the room is out of reach')
      }
      const known = channel.find((posted) => posted.key === key)
      if (known) return known.id
      channel.push({ id: String(channel.length + 1), key, at, by, card: read(card), edits: 0 })
      return String(channel.length)
    },
    async edit(id, card) {
      const posted = channel.find((one) => one.id === id)
      if (!posted) throw new Error(`no message ${id}`)
      posted.card = read(card)
      posted.edits += 1
    },
  }
  return { room, channel, trouble }
}

interface Options {
  /** ISO time with offset. */
  readonly at?: string
  readonly zone?: string
  readonly settings?: Partial<ClubSettings>
  readonly courses?: readonly Course[]
  /** Start at once with lesson 1 and a poll, as the web room does; true unless told. */
  readonly started?: boolean
  readonly organisers?: readonly string[]
  /** None unless told: a test does in a second what takes people a week. */
  readonly limits?: Limits
}

let folders = 0

/** An empty folder that goes when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `onepercent-${folders++}-`))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The file refuses to have any day excused, until what is returned is called. */
export function refuseExcuses(file: string): () => void {
  const run = (sql: string) => {
    const db = new Database(file)
    db.exec(sql)
    db.close()
  }
  run(`CREATE TRIGGER no_excuses BEFORE UPDATE ON club WHEN NEW.doc ->> '$.excuses' <> OLD.doc ->> '$.excuses'
       BEGIN SELECT RAISE(ABORT, 'no excuses'); END`)
  return () => run('DROP TRIGGER no_excuses')
}

export async function testClub(options: Options = {}) {
  const { at = '2026-11-24T07:00+09:00', zone = 'Asia/Seoul', settings, started = true, organisers = ['host'], limits } = options
  let courses = options.courses ?? loadCourses(contentDir).courses
  const id = 'web:club'
  const file = join(tempFolder(), 'club.db')
  const store = openSqliteStore(file, migrations, testSeal)
  const { room, channel, trouble } = memoryRoom()
  const logged: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => void logged.push(JSON.parse(line)) })
  const { app, rooms, metrics, begun } = appOn({ store, courses: () => courses, settings, zone, uptime: () => now - set, log, limits })
  rooms.set(room.name, room)
  let now = Date.parse(at)
  let set = 0
  await store.saveClub(begun(id, 'club'))
  if (started) await startAtOnce(store, id, now, courses)
  await app.tick(now)
  await app.idle()
  onTestFinished(async () => {
    await app.idle()
    await store.close()
  })

  async function call(
    as: string,
    act: { command: string } | { press: string },
    input: Record<string, unknown>,
    locale?: string,
  ): Promise<Answer> {
    const answer = await app.handle(
      {
        room: 'web',
        club: id,
        member: { id: as, name: as },
        organiser: organisers.includes(as),
        ...(locale && { locale }),
        act: { ...act, input },
      },
      now,
    )
    await app.idle()
    return 'card' in answer ? { card: read(answer.card) } : answer
  }
  const cardOf = (answer: Answer): Card => {
    if ('card' in answer) return answer.card
    throw new Error(`expected a card, got ${JSON.stringify(answer)}`)
  }

  return {
    id,
    file,
    store,
    metrics,
    app,
    channel,
    trouble,
    logged,
    now: () => now,
    /** Everything the club logged that an operator should look at. */
    troubles: () => logged.filter(({ level }) => Number(level) >= 50),
    answer: call,
    /** `/command` with its input; the card it is answered with. */
    says: async (as: string, command: string, input: Record<string, unknown> = {}, locale?: string) =>
      cardOf(await call(as, { command: command.replace(/^\//, '') }, input, locale)),
    /** A press by its id. */
    presses: async (as: string, press: string, input: Record<string, unknown> = {}, locale?: string) =>
      cardOf(await call(as, { press }, input, locale)),
    /** The button with this label on a card. */
    button(card: Card, label: string): string {
      const found = card.buttons?.find((button) => button.label === label)
      if (!found || !('press' in found))
        throw new Error(`no button ${label} among ${card.buttons?.map((button) => button.label).join(', ')}`)
      return found.press
    },
    refusal: async (
      as: string,
      act: { command: string } | { press: string },
      input: Record<string, unknown> = {},
    ): Promise<{ code: RefusalCode; text: string }> => {
      const answer = await call(as, act, input)
      if ('refusal' in answer) return answer.refusal
      throw new Error(`expected a refusal, got ${JSON.stringify(answer)}`)
    },
    form: async (as: string, act: { command: string } | { press: string }, input: Record<string, unknown> = {}): Promise<Form> => {
      const answer = await call(as, act, input)
      if ('form' in answer) return answer.form
      throw new Error(`expected a form, got ${JSON.stringify(answer)}`)
    },
    /** The newest post whose title or text contains this. */
    posted(words: string): Posted {
      const found = channel.findLast(({ card }) => `${card.title ?? ''} ${card.text}`.includes(words))
      if (!found) throw new Error(`nothing posted with “${words}”: ${channel.map(({ card }) => card.title).join(' | ')}`)
      return found
    },
    /** Moves the clock to an instant, running each due tick on the way, as the real clock would. */
    async until(time: string | number) {
      const target = typeof time === 'number' ? time : Date.parse(time)
      while (now < target) {
        const due = (await app.nextDueAt()) ?? target
        now = Math.min(target, Math.max(due, now + 60_000))
        await app.tick(now)
        await app.idle()
      }
    },
    async passes(ms: number) {
      await this.until(now + ms)
    },
    /** To the club's next post time. */
    async morning() {
      const club = await store.club(id)
      await this.until((club && nextLessonAt(club, now)) ?? now + 86_400_000)
    },
    /** The machine was off until then: no ticks, and one at the end. */
    async away(time: string) {
      now = Date.parse(time)
      await app.tick(now)
      await app.idle()
    },
    /** Somebody sets the machine's clock, forward or back: no time goes by. */
    async clockIsSet(time: string) {
      set += Date.parse(time) - now
      now = Date.parse(time)
      await app.tick(now)
      await app.idle()
    },
    /** The author saved other files. */
    async rewrites(next: readonly Course[]) {
      courses = next
      await app.correct(now)
      await app.tick(now)
      await app.idle()
    },
    club: async () => {
      const club = await store.club(id)
      if (!club) throw new Error('the club is gone')
      return club
    },
  }
}

export type TestClub = Awaited<ReturnType<typeof testClub>>
