// Purpose: G4. A check-in in a club of a million members, durable and with its ranks, beside the plain layout one by one.
import { statSync } from 'node:fs'
import { addDays } from '../../src/club/calendar.ts'
import type { Club } from '../../src/club/club.ts'
import { recordAct } from '../../src/record.ts'
import { openDatabase, storeOn } from '../../src/store/sqlite/index.ts'
import type { ActRecord, Store } from '../../src/store/store.ts'
import { type BigClub, clubId, framesIn, freshDay, openPlain, scattered } from './bigClub.ts'
import { firstMorning, seal } from './club.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

/** Check-ins that share a transaction: as many as wait while the one before is written. */
const group = 64
const note = '오늘은 cgroup이 재는 것을 읽었다'

const sizeOf = (file: string): number => statSync(file).size

/** Round by round other members check in on the fresh day. */
export async function ours(big: BigClub) {
  const db = openDatabase(big.ours)
  const store = storeOn(db, seal)
  const club = (await store.club(clubId)) as Club
  let done = 0
  async function checkIn(id: string, into: Store): Promise<void> {
    const member = await store.member(clubId, id)
    if (!member) throw new Error(`there is no member ${id}`)
    const effect = await recordAct({ store: into, club, member }, { kind: 'checkin', at: firstMorning, note })
    if (effect === 'already' || !effect.counted) throw new Error(`${id} had checked in before`)
  }
  const ids = (count: number) => Array.from({ length: count }, () => scattered(done++, big))

  /** What the rules make of each check-in, ready to be written. */
  async function entriesOf(count: number): Promise<ActRecord[]> {
    const entries: ActRecord[] = []
    const record = async (entry: ActRecord) => ({ done: entries.push(entry) })
    for (const id of ids(count)) await checkIn(id, { ...store, record })
    return entries
  }
  async function write(entries: readonly ActRecord[]): Promise<void> {
    await atOnce(entries.length, group, async (n) => {
      const entry = entries[n]
      const outcome = entry && (await store.record(entry))
      if (typeof outcome !== 'object') throw new Error(`a check-in was not written: ${outcome}`)
    })
  }
  const timed = async (work: () => Promise<void>) => {
    const start = performance.now()
    await work()
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return performance.now() - start
  }
  return {
    async written(count: number): Promise<number> {
      const entries = await entriesOf(count)
      return timed(() => write(entries))
    },
    whole(count: number): Promise<number> {
      const members = ids(count)
      return timed(() => atOnce(count, group, (n) => checkIn(members[n] ?? '', store)))
    },
    async frames(count: number): Promise<number> {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0')
      await write(await entriesOf(count))
      return framesIn(sizeOf(`${big.ours}-wal`), 4096) / count
    },
  }
}

export function baseline(big: BigClub) {
  const db = openPlain(big.plain)
  const read = db.prepare<[string], { run: number; best: number; total: number; last_day: string }>(
    'SELECT run, best, total, last_day FROM member WHERE id = ?',
  )
  const insert = db.prepare('INSERT INTO checkin (club_id, member_id, day, at, note) VALUES (?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE member SET run = ?, best = ?, total = ?, last_day = ? WHERE id = ?')
  let done = 0
  const ids = (count: number) => Array.from({ length: count }, () => scattered(done++, big))
  function entryOf(id: string) {
    const before = read.get(id)
    if (!before) throw new Error(`there is no member ${id}`)
    const run = before.last_day === addDays(freshDay, -1) ? before.run + 1 : 1
    return { id, run, best: Math.max(before.best, run), total: before.total + 1 }
  }
  const write = db.transaction(({ id, run, best, total }: ReturnType<typeof entryOf>) => {
    insert.run(clubId, id, freshDay, new Date(firstMorning).toISOString(), note)
    update.run(run, best, total, freshDay, id)
  })
  const timed = (work: () => void) => {
    const start = performance.now()
    work()
    db.pragma('wal_checkpoint(TRUNCATE)')
    return performance.now() - start
  }
  return {
    written(count: number): number {
      const entries = ids(count).map(entryOf)
      return timed(() => entries.forEach((entry) => void write(entry)))
    },
    whole(count: number): number {
      const members = ids(count)
      return timed(() => members.forEach((id) => void write(entryOf(id))))
    },
    frames(count: number): number {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0')
      ids(count).forEach((id) => void write(entryOf(id)))
      return framesIn(sizeOf(`${big.plain}-wal`), 4096) / count
    },
  }
}

export async function millionMembers({ rounds, acts }: Sizes, big: BigClub): Promise<Figure[]> {
  const sides = { ours: await startSide(import.meta.filename, ours, big), baseline: await startSide(import.meta.filename, baseline, big) }
  const round = (side: 'ours' | 'baseline') => async () => ({
    written: (acts / (await sides[side].written(acts))) * 1000,
    whole: (acts / (await sides[side].whole(acts))) * 1000,
  })
  const { ours: own, baseline: plain } = await inTurns(rounds, { ours: round('ours'), baseline: round('baseline') })
  const frames = { ours: await sides.ours.frames(acts), baseline: await sides.baseline.frames(acts) }
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  return [
    {
      what: `check-ins written among ${big.members.toLocaleString('en')} members, beside the plain layout one by one`,
      unit: '/s',
      ours: own.written,
      baseline: plain.written,
      goal: { of: 'ratio', atLeast: 1.6 },
    },
    { what: 'pages written to the log for one', unit: 'frames', ...frames, goal: { of: 'ours', atMost: 1.5 } },
    { what: 'the same with what is read and reckoned before', unit: '/s', ours: own.whole, baseline: plain.whole },
  ]
}
