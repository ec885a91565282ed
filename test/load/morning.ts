// Purpose: one morning: the lesson falls due for all clubs at once, and in the minute after it their members answer it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { loadCourses } from '../../src/course/load.ts'
import { readScrape } from '../support/scrape.ts'
import { fill, joinAll, openWorld, type Place, postsAt, startClub } from './clubs.ts'

export interface MorningSizes {
  readonly clubs: number
  readonly members: number
  readonly checkins: number
}

/** In milliseconds. */
export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

const day = 86_400_000
const minute = 60_000
/** The program needs this long to open, and then the clock must not have come to the lesson. */
const startMs = 60_000
/** Most people come soon after the post: an exponential spread with this mean, and nobody after a minute. */
const meanMs = 15_000
const lastMs = 60_000
/** When a lesson has not come by then, something is broken. */
const patienceMs = 5 * minute

export async function morning({ clubs, members, checkins }: MorningSizes, say: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-load-'))
  const world = await openWorld({
    clubs,
    learners: (club) => Math.floor(((club + 1) * checkins) / clubs) - Math.floor((club * checkins) / clubs),
  })
  try {
    const { zone, postAt } = lateMorning()
    const [course] = loadCourses(new URL('../../content', import.meta.url).pathname).courses
    if (!course) throw new Error('there is no course')
    let due = 0
    const began = performance.now()
    await fill(folder, world, async (store) => {
      const yesterday = Date.now() - day
      const from = Temporal.Instant.fromEpochMilliseconds(yesterday).toZonedDateTimeISO(zone).toPlainDate().toString()
      for (const [i, place] of world.places.entries()) {
        const club = await startClub(store, place, zone, course.id, from)
        await joinAll(store, club, place, Math.floor(((i + 1) * members) / clubs) - Math.floor((i * members) / clubs), yesterday)
      }
      due = Math.ceil((Date.now() + startMs) / minute) * minute
      await Promise.all(world.places.map(({ club }) => postsAt(store, club, postAt(due), Date.now())))
    })
    say(`${clubs} clubs and ${members} members were kept in ${Math.round((performance.now() - began) / 1000)} s, by the store's own verbs`)
    const service = await world.serve(folder)
    const scrape = async () => readScrape(await (await fetch(`${service.url}/metrics`)).text())
    if (Date.now() > due) throw new Error(`the program took longer than ${startMs / 1000} s to open`)
    await sleep(due - Date.now())
    const before = await scrape()
    const seen = await answers(world.places, due, say)
    const after = await scrape()
    const troubles = service.output.filter((line) => /"level":[56]0/.test(line))
    const used = (name: string) => (after.value(name) ?? 0) - (before.value(name) ?? 0)
    const kept = ['discord', 'slack'].map((room) => after.value('answers_total', { room, command: 'answer', outcome: 'card' }) ?? 0)
    return {
      ...{ clubs, members, checkins },
      acknowledged: spreadOf(seen.flatMap(({ waits }) => waits)),
      onDiscord: spreadOf(seen.filter(({ room }) => room === 'discord').flatMap(({ waits }) => waits)),
      onSlack: spreadOf(seen.filter(({ room }) => room === 'slack').flatMap(({ waits }) => waits)),
      unanswered: seen.flatMap(({ waits }) => waits).filter((ms) => !Number.isFinite(ms)).length,
      lost: checkins - kept.reduce((sum, one) => sum + one, 0),
      delivered: spreadOf(seen.map(({ postedAfter }) => postedAfter)),
      deliveredOnDiscord: spreadOf(seen.filter(({ room }) => room === 'discord').map(({ postedAfter }) => postedAfter)),
      deliveredOnSlack: spreadOf(seen.filter(({ room }) => room === 'slack').map(({ postedAfter }) => postedAfter)),
      seconds: (Date.now() - due) / 1000,
      cpuSeconds: used('process_cpu_seconds_total'),
      memoryMb: (after.value('process_resident_memory_bytes') ?? 0) / 1024 / 1024,
      databaseMb: ((after.value('database_bytes') ?? 0) + (after.value('database_wal_bytes') ?? 0)) / 1024 / 1024,
      troubles,
    }
  } finally {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits for each club's lesson, and lets its members answer it as people come. */
async function answers(places: readonly Place[], due: number, say: (line: string) => void) {
  const waiting = new Set(places)
  const all = places.reduce((sum, { learners }) => sum + learners.length, 0)
  let count = 0
  const coming: Promise<{ readonly room: Place['room']; readonly postedAfter: number; readonly waits: readonly number[] }>[] = []
  while (waiting.size > 0) {
    for (const place of waiting) {
      const at = place.postedAt('A')
      if (at === undefined) continue
      waiting.delete(place)
      const waits = place.learners.map(async (learner) => {
        // Evenly drawn from the spread, in an order that has nothing to do with the clubs'.
        const share = (((count++ * 7919) % all) + 0.5) / all
        await sleep(at - Date.now() - meanMs * Math.log(1 - share * (1 - Math.exp(-lastMs / meanMs))))
        return learner.taps('A')
      })
      coming.push(Promise.all(waits).then((waits) => ({ room: place.room, postedAfter: at - due, waits })))
    }
    if (Date.now() > due + patienceMs)
      throw new Error(`${waiting.size} clubs have no lesson ${patienceMs / minute} minutes after it was due`)
    await sleep(20)
  }
  say(`the last lesson was there ${((Date.now() - due) / 1000).toFixed(1)} s after it was due`)
  return Promise.all(coming)
}

/** A zone in which it is ten in the morning, far from where days end, and the minute of its day that an instant is. */
function lateMorning() {
  const utc = new Date().getUTCHours()
  const offset = utc > 22 ? 11 : 10 - utc
  return {
    zone: offset === 0 ? 'UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`,
    postAt: (at: number) => (Math.round(at / minute) + offset * 60 + 1440) % 1440,
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }
}
