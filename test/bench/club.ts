// Purpose: the real app on a real SQLite file in a folder of its own, with a clock that stands still until it is moved.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { keptCourses } from '../../src/course/kept.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createSeal, keyBytes } from '../../src/seal.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { appOn } from '../support/appOn.ts'

export const migrations = new URL('../../migrations', import.meta.url).pathname
const contentDir = new URL('../../content', import.meta.url).pathname

/** As the program reads them at every start but the first: the process that asks a side to begin has read them before it. */
const { courses } = await keptCourses(contentDir, join(tmpdir(), 'onepercent-bench.courses'))

/** As the program has one; what it is does not matter here. */
export const seal = createSeal([Buffer.alloc(keyBytes, 1)])

/** What the bench leaves on the disk while it runs. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const dayMs = 86_400_000
/** Seven in the morning in Seoul, a month ahead of the machine: what a platform stamps is then too old to count as the time of an act. */
export const firstMorning = (Math.floor(Date.now() / dayMs) + 30) * dayMs - 2 * 3_600_000

export function openClubs(store: Store = openSqliteStore(join(scratchFolder(), 'club.db'), migrations, seal)) {
  const log = pino({ base: null, level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  // The uptime stands still: a day that is jumped over is no outage.
  const { app, rooms, metrics, begun } = appOn({ store, courses: () => courses, uptime: () => 0, log })
  let now = firstMorning
  return {
    app,
    store,
    courses,
    rooms,
    log,
    metrics,
    begun,
    pictures: createPictures(),
    now: () => now,
    async moveTo(at: number): Promise<void> {
      now = at
      await app.tick(now)
      await app.idle()
    },
  }
}
