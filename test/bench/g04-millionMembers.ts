// Purpose: G4. A check-in in a club of a million members, durable and with its ranks, beside the plain layout one by one.
import { statSync } from 'node:fs'
import { addDays } from '../../src/club/calendar.ts'
import { newMember } from '../../src/club/club.ts'
import { recordAct } from '../../src/record.ts'
import { openDatabase, storeOn } from '../../src/store/sqlite/index.ts'
import { type BigClub, clubId, framesIn, freshDay, openPlain, scattered } from './bigClub.ts'
import { firstMorning } from './club.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

/** Check-ins that share a transaction: as many as wait while the one before is written. */
const group = 64
const note = '오늘은 cgroup이 재는 것을 읽었다'

const sizeOf = (file: string): number => statSync(file).size

/** Round by round other members check in on the fresh day. */
export async function ours(big: BigClub) {
  const db = openDatabase(big.ours)
  const store = storeOn(db)
  const club = await store.club(clubId)
  if (!club) throw new Error('there is no club')
  let done = 0
  async function checkIn(count: number): Promise<void> {
    await atOnce(count, group, async () => {
      const id = scattered(done++, big)
      const member = (await store.member(clubId, id)) ?? newMember(club ?? never(), id, id)
      const effect = await recordAct({ store, club: club ?? never(), member }, { kind: 'checkin', at: firstMorning, note })
      if (effect === 'already' || !effect.counted) throw new Error(`${id} had checked in before`)
    })
  }
  return {
    async timed(count: number): Promise<number> {
      const start = performance.now()
      await checkIn(count)
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return performance.now() - start
    },
    async frames(count: number): Promise<number> {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0')
      await checkIn(count)
      return framesIn(sizeOf(`${big.ours}-wal`), 4096) / count
    },
  }
}

function never(): never {
  throw new Error('there is no club')
}

export function baseline(big: BigClub) {
  const db = openPlain(big.plain)
  const read = db.prepare<[string], { run: number; best: number; total: number; last_day: string }>(
    'SELECT run, best, total, last_day FROM member WHERE id = ?',
  )
  const insert = db.prepare('INSERT INTO checkin (club_id, member_id, day, at, note) VALUES (?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE member SET run = ?, best = ?, total = ?, last_day = ? WHERE id = ?')
  const one = db.transaction((id: string) => {
    const before = read.get(id)
    if (!before) throw new Error(`there is no member ${id}`)
    const run = before.last_day === addDays(freshDay, -1) ? before.run + 1 : 1
    insert.run(clubId, id, freshDay, new Date(firstMorning).toISOString(), note)
    update.run(run, Math.max(before.best, run), before.total + 1, freshDay, id)
  })
  let done = 0
  const checkIn = (count: number) => {
    for (let n = 0; n < count; n++) one(scattered(done++, big))
  }
  return {
    timed(count: number): number {
      const start = performance.now()
      checkIn(count)
      db.pragma('wal_checkpoint(TRUNCATE)')
      return performance.now() - start
    },
    frames(count: number): number {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0')
      checkIn(count)
      return framesIn(sizeOf(`${big.plain}-wal`), 4096) / count
    },
  }
}

export async function millionMembers({ rounds, acts }: Sizes, big: BigClub): Promise<Figure[]> {
  const sides = { ours: await startSide(import.meta.filename, ours, big), baseline: await startSide(import.meta.filename, baseline, big) }
  const timed = (side: 'ours' | 'baseline') => async () => ({ perSecond: (acts / (await sides[side].timed(acts))) * 1000 })
  const { ours: own, baseline: plain } = await inTurns(rounds, { ours: timed('ours'), baseline: timed('baseline') })
  const frames = { ours: await sides.ours.frames(acts), baseline: await sides.baseline.frames(acts) }
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  return [
    {
      what: `check-ins among ${big.members.toLocaleString('en')} members, beside the plain layout one by one`,
      unit: '/s',
      ours: own.perSecond,
      baseline: plain.perSecond,
      goal: { of: 'ratio', atLeast: 1.6 },
    },
    { what: 'pages written to the log for one', unit: 'frames', ...frames, goal: { of: 'ours', atMost: 1.5 } },
  ]
}
