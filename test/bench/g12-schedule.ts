// Purpose: G12. What a hundred thousand clubs cost at the start, and at a tick at which nothing is due, beside a cron task for each.
import { join } from 'node:path'
import { addDays } from '../../src/club/calendar.ts'
import { clubDay } from '../../src/club/club.ts'
import { nextDue } from '../../src/club/schedule.ts'
import { lessonRevision } from '../../src/course/revision.ts'
import { openDatabase, openSqliteStore } from '../../src/store/sqlite/index.ts'
import { dayMs, firstMorning, migrations, openClubs, scratchFolder, seal } from './club.ts'
import { type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const ticks = 200

/** One club as the store's verbs write it, and its copies; each had its lesson today. */
async function fill(count: number): Promise<string> {
  const file = join(scratchFolder(), 'clubs.db')
  const { store, begun, courses } = openClubs(openSqliteStore(file, migrations, seal))
  const club = begun('discord:0', 'channel')
  const { today } = clubDay(club, firstMorning)
  const course = courses[0]
  const lesson = course?.lessons[0]
  const seasoned = { ...club, seasons: [{ from: addDays(today, -3), course: course?.id ?? '' }], planned: { lesson: today, poll: today } }
  const post = {
    club: club.id,
    kind: 'lesson' as const,
    day: today,
    season: today,
    subject: lesson?.id ?? '',
    dueAt: firstMorning,
    expiresAt: firstMorning + dayMs,
  }
  await store.saveClub(seasoned, nextDue(seasoned, firstMorning), [{ key: 'lesson:discord:0', ...post }])
  await store.markSent('lesson:discord:0', { message: '1', at: firstMorning, revision: lesson ? lessonRevision(lesson) : '' })
  await store.setMemo('beat', String(firstMorning))
  await store.close()
  const db = openDatabase(file)
  const columns = (
    db.prepare("SELECT name FROM pragma_table_info('post') WHERE name NOT IN ('id', 'key', 'club')").pluck().all() as string[]
  ).join(', ')
  const copies = `(WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ${count - 1}) SELECT n FROM copy)`
  db.exec(`INSERT INTO club SELECT id + n, 'discord:' || n, version, due_at, doc FROM ${copies} JOIN club;
    INSERT INTO post (key, club, ${columns}) SELECT key || n, club + n, ${columns} FROM ${copies} JOIN post; PRAGMA wal_checkpoint(TRUNCATE)`)
  db.close()
  return file
}

export async function ours(file: string) {
  return {
    /** What the program does with the clubs before it is open, ms; and an idle tick, µs. */
    async run(): Promise<{ start: number; tick: number }> {
      const { app, store, rooms } = openClubs(openSqliteStore(file, migrations, seal))
      rooms.set('discord', { name: 'discord', remembersMs: 0, post: async () => '1', edit: async () => {} })
      const now = firstMorning + 60_000
      const begun = performance.now()
      await app.correct(now)
      await app.tick(now)
      const start = performance.now() - begun
      await app.idle()
      const idle = performance.now()
      for (let n = 0; n < ticks; n++) await app.tick(now + n)
      const tick = ((performance.now() - idle) * 1000) / ticks
      await store.close()
      return { start, tick }
    },
  }
}

/** One task of node-cron for each club. */
export async function baseline() {
  const { default: cron } = await import('node-cron')
  return {
    /** Milliseconds to schedule them all. */
    async run(count: number): Promise<number> {
      const begun = performance.now()
      const tasks = Array.from({ length: count }, (_, n) => cron.schedule(`${n % 60} 8 * * *`, () => {}, { timezone: 'Asia/Seoul' }))
      const start = performance.now() - begun
      for (const task of tasks) await task.destroy()
      return start
    },
  }
}

export async function schedule({ rounds, clubs }: Sizes): Promise<Figure[]> {
  const file = await fill(clubs)
  const sides = { ours: await startSide(import.meta.filename, ours, file), baseline: await startSide(import.meta.filename, baseline) }
  const { ours: own } = await inTurns(rounds, { ours: () => sides.ours.run() })
  // Once: it takes longer than all the rounds.
  const tasks = await sides.baseline.run(clubs)
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  const many = clubs.toLocaleString('en')
  return [
    {
      what: `${many} clubs at the start, beside a cron task for each`,
      unit: 'ms',
      ours: own.start,
      baseline: tasks,
      goal: { of: 'ours', atMost: 100 },
    },
    { what: `a tick with ${many} clubs and nothing due`, unit: 'µs', ours: own.tick, goal: { of: 'ours', atMost: 50 } },
  ]
}
