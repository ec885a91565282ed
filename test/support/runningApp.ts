// Purpose: the real app on a real SQLite file, and a clock that stands still until it is moved.
import { join } from 'node:path'
import type { Call } from '../../src/chat/room.ts'
import { type ClubSettings, clubDay } from '../../src/club/club.ts'
import { nextLessonAt } from '../../src/club/schedule.ts'
import type { Course } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import { createLog } from '../../src/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { appOn } from './appOn.ts'
import { contentDir, migrations, tempFolder, testSeal } from './testClub.ts'

export interface RunningOptions {
  /** ISO time with offset. */
  readonly at?: string
  readonly settings?: Partial<ClubSettings>
  readonly courses?: readonly Course[]
  /** A database that is there already. */
  readonly file?: string
  /** Stands between the room and the app's store. */
  readonly wrapStore?: (store: Store) => Store
}

export function runningApp(options: RunningOptions) {
  const { at = '2026-11-24T07:00+09:00', settings, courses = loadCourses(contentDir).courses } = options
  const file = options.file ?? join(tempFolder(), 'club.db')
  const opened = openSqliteStore(file, migrations, testSeal)
  const store = options.wrapStore?.(opened) ?? opened
  const logged: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => void logged.push(JSON.parse(line)) })
  const { app, rooms, metrics } = appOn({ store, courses: () => courses, settings, uptime: () => now, log })
  let now = Date.parse(at)

  async function tick(): Promise<void> {
    await app.tick(now)
    await app.idle()
  }

  /** Moves the clock to an instant, running each due tick on the way. */
  async function until(time: string | number): Promise<void> {
    const target = typeof time === 'number' ? time : Date.parse(time)
    while (now < target) {
      const due = (await app.nextDueAt()) ?? target
      now = Math.min(target, Math.max(due, now + 60_000))
      await tick()
    }
  }

  return {
    app,
    file,
    store,
    rooms,
    metrics,
    log,
    logged,
    now: () => now,
    /** An act is as many seconds old on the club's clock as it is on the platform's, whatever day the machine has. */
    handle: (call: Call) =>
      app.handle(call.at === undefined ? call : { ...call, at: now - 1000 * Math.trunc((Date.now() - call.at) / 1000) }, now),
    tick,
    until,
    /** To this club's next lesson. */
    async morning(club: string): Promise<void> {
      for (let waits = true; waits; ) {
        const found = await store.club(club)
        if (!found) throw new Error(`there is no club ${club}`)
        await until(nextLessonAt(found, now) ?? now + 86_400_000)
        waits = (found.seasons.at(-1)?.from ?? '') > clubDay(found, now).today
      }
    },
    /** What an operator should look at. */
    troubles: () => logged.filter(({ level }) => Number(level) >= 50),
    async close(): Promise<void> {
      await app.idle()
      await opened.close()
    },
  }
}
