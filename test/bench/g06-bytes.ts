// Purpose: G6. What a check-in leaves in the file besides its note, and that the hundred-thousandth vote costs what the hundredth did.
import { statSync } from 'node:fs'
import { addDays } from '../../src/club/calendar.ts'
import { type Club, newMember } from '../../src/club/club.ts'
import { recordAct } from '../../src/record.ts'
import { openDatabase, storeOn } from '../../src/store/sqlite/index.ts'
import { type BigClub, clubId, freshDay, memberId, openPlain, scattered } from './bigClub.ts'
import { dayMs, firstMorning, seal } from './club.ts'
import { atOnce, type Figure, inTurns, median, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const group = 64
/** Votes that are timed together. */
const votes = 50
const few = 100

export async function ours(big: BigClub) {
  const db = openDatabase(big.ours)
  const store = storeOn(db, seal)
  const club = (await store.club(clubId)) as Club
  /** Nobody checked in on the days from here on. */
  const later = firstMorning + 3 * dayMs
  /** Until no page is split any more. */
  const days = 5
  const memberOf = async (id: string) => (await store.member(clubId, id)) ?? newMember(club, id, id)
  let polls = 0
  let voted = 0

  /** A poll in which so many have voted; they are others than those who will. */
  async function pollWith(count: number): Promise<number> {
    const { id } = await store.openPoll(clubId, { myth: `M${polls++}`, day: freshDay, closesAt: later + 9 * dayMs })
    db.exec(`INSERT INTO vote (poll, member, answer) SELECT ${id}, id, id % 3 FROM member ORDER BY id LIMIT ${count};
      UPDATE poll SET n_true = (SELECT count(*) FROM vote WHERE poll = ${id} AND answer = 0), n_false = (SELECT count(*) FROM vote WHERE poll = ${id} AND answer = 1),
        n_depends = (SELECT count(*) FROM vote WHERE poll = ${id} AND answer = 2) WHERE id = ${id}`)
    return id
  }

  async function vote(poll: number): Promise<number> {
    const start = performance.now()
    await Promise.all(
      Array.from({ length: votes }, async () => {
        // From the end of the file, where nobody has voted yet.
        const id = memberId(big.members - 1 - voted++)
        const effect = await recordAct(
          { store, club, member: await memberOf(id) },
          { kind: 'vote', at: later + days * dayMs, vote: { poll, answer: 'false' } },
        )
        if (effect === 'already') throw new Error(`${id} had voted before`)
      }),
    )
    return ((performance.now() - start) * 1000) / votes
  }

  /** The poll in which many have voted. */
  let crowded: number | undefined
  return {
    /**
     * Bytes that the file grows by for one check-in without a note, on the first and the last of some days. The copies fill their pages to the
     * last byte, and SQLite splits a full page when a row on it takes one more: that is once.
     */
    async grow(count: number): Promise<{ first: number; last: number }> {
      const day = async (at: number) => {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        const before = statSync(big.ours).size
        let done = 0
        await atOnce(count, group, async () => {
          const id = scattered(done++, big)
          await recordAct({ store, club, member: await memberOf(id) }, { kind: 'checkin', at })
        })
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        return (statSync(big.ours).size - before) / count
      }
      const grown: number[] = []
      for (let n = 0; n < days; n++) grown.push(await day(later + n * dayMs))
      return { first: grown[0] ?? Number.NaN, last: grown.at(-1) ?? Number.NaN }
    },
    /** One vote in polls with few and with many votes, µs. */
    async voteAmong(there: number): Promise<number> {
      const times: number[] = []
      for (let n = 0; n < 10; n++) {
        const poll: number = (there === few ? undefined : crowded) ?? (await pollWith(there))
        if (there !== few) crowded = poll
        times.push(await vote(poll))
      }
      return median(times)
    },
  }
}

/** Bytes that the plain layout takes for one. */
export function baseline(big: BigClub) {
  const db = openPlain(big.plain)
  return {
    grow(count: number): number {
      db.pragma('wal_checkpoint(TRUNCATE)')
      const before = statSync(big.plain).size
      const insert = db.prepare('INSERT INTO checkin (club_id, member_id, day, at) VALUES (?, ?, ?, ?)')
      const day = addDays(freshDay, 3)
      db.transaction(() => {
        for (let n = 0; n < count; n++) insert.run(clubId, scattered(n, big), day, `${day}T07:00:00.000Z`)
      })()
      db.pragma('wal_checkpoint(TRUNCATE)')
      return (statSync(big.plain).size - before) / count
    },
  }
}

export async function bytes({ rounds, acts, members }: Sizes, big: BigClub): Promise<Figure[]> {
  const sides = { ours: await startSide(import.meta.filename, ours, big), baseline: await startSide(import.meta.filename, baseline, big) }
  const count = Math.min(20 * acts, Math.floor(members / 4))
  const own = await sides.ours.grow(count)
  const plain = await sides.baseline.grow(count)
  const many = Math.min(100_000, Math.floor(big.members / 2))
  const { hundred, lots } = await inTurns(rounds, {
    hundred: async () => ({ us: await sides.ours.voteAmong(few) }),
    lots: async () => ({ us: await sides.ours.voteAmong(many) }),
  })
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  return [
    {
      what: 'the file grows by a check-in without its note, beside the plain layout',
      unit: 'bytes',
      ours: own.last,
      baseline: plain,
      goal: { of: 'ours', atMost: 18 },
    },
    { what: 'the same on the first day, when full pages are split', unit: 'bytes', ours: own.first },
    {
      what: `a vote at ${many.toLocaleString('en')} votes, beside one at 100`,
      unit: 'µs',
      ours: lots.us,
      baseline: hundred.us,
      goal: { of: 'ratio', atMost: 1.5 },
    },
  ]
}
