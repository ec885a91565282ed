// Purpose: months of a few clubs' life, the clock moved day by day: does the program hold more memory the longer it lives?
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCourse } from '../support/courseOf.ts'
import { fill, openWorld, startClub } from './clubs.ts'
import { inspect, type Memory } from './heap.ts'

export interface MonthsSizes {
  readonly days: number
  readonly clubs: number
  readonly learners: number
}

/** Compared at so many points, or each day when there are fewer. */
const points = 30
/** What the median may differ by between the middle and the last third without being called growth: garbage collection is no scale. */
const noise = 0.02
const zone = 'UTC'

/** A poll's buttons. */
const votes = ['True', 'False', 'It depends']
const commands = ['streak', 'today', 'leaderboard', 'help']

export async function months({ days, clubs, learners }: MonthsSizes, say: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-load-'))
  const world = await openWorld({ clubs, learners: () => learners })
  // Days pass faster here than channels take messages.
  world.discord.limits.perChannel = { limit: 1000, windowMs: 1000 }
  try {
    const content = writeCourse(folder, days + 10)
    await fill(folder, world, async (store) => {
      const today = new Date().toISOString().slice(0, 10)
      for (const place of world.places) await startClub(store, place, zone, 'many-days', today)
    })
    const service = await world.serve(folder, {
      CONTENT_DIR: content,
      CLUB_ZONE: zone,
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
    })
    const inspector = await inspect(service.output)
    const measured: Memory[] = []
    let acts = 0
    for (let day = 1; day <= days; day++) {
      const { status } = await service.post('/api/clock', { forward: 'P1D' })
      if (status !== 200) throw new Error(`the clock could not be moved: ${status}`)
      // One learner after the other in each club, all clubs at once: as many acts in flight as there are clubs.
      await Promise.all(
        world.places.map(async (place) => {
          for (const [i, { taps, types }] of place.learners.entries()) {
            const buttons = ['A', votes[(day + i) % votes.length] ?? ''].filter((label) => place.postedAt(label) !== undefined)
            const did = [...buttons.map((label) => () => taps(label)), () => types(commands[(day + i) % commands.length] ?? '')]
            for (const act of did)
              if (!Number.isFinite(await act())) throw new Error(`an act in ${place.club} was not acknowledged on day ${day}`)
            acts += did.length
          }
        }),
      )
      if (day % Math.ceil(days / points) > 0) continue
      const memory = await inspector.memory()
      measured.push(memory)
      say(
        `day ${day}: heap ${mb(memory.heap)} MB, outside of it ${mb(memory.external)} MB, process ${mb(memory.resident)} MB, ${acts} acts`,
      )
    }
    if (world.places.some(({ postedAt }) => postedAt('A') === undefined)) throw new Error('there are clubs without a lesson')
    inspector.close()
    const third = Math.floor(measured.length / 3)
    const middle = median(measured.slice(-2 * third, -third).map(({ heap }) => heap))
    const end = median(measured.slice(-third).map(({ heap }) => heap))
    const growth = end / middle - 1
    return { ...{ days, clubs, learners, acts }, middleMb: mb(middle), endMb: mb(end), growth, flat: growth < noise, measured }
  } finally {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const mb = (bytes: number): number => Number((bytes / 1024 / 1024).toFixed(1))

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
