// Purpose: G5. The top ten and one's own rank among a million, beside the indexed top ten; and that no statement stops the whole bot.
import { openDatabase, storeOn } from '../../src/store/sqlite/index.ts'
import { type BigClub, clubId, openPlain, scattered } from './bigClub.ts'
import { dayMs, firstMorning, openClubs, seal } from './club.ts'
import { type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const looks = 2_000

export async function ours(big: BigClub) {
  const store = storeOn(openDatabase(big.ours), seal)
  return {
    /** One look, µs. */
    async look(): Promise<number> {
      const start = performance.now()
      for (let n = 0; n < looks; n++) {
        const top = await store.top(clubId, { board: 'run' }, firstMorning, 10)
        const above = await store.above(clubId, { board: 'run' }, 1 + (n % 4), firstMorning)
        if (top.length !== 10 || above === 0) throw new Error('the board is not full')
      }
      return ((performance.now() - start) * 1000) / looks
    },
  }
}

export function baseline(big: BigClub) {
  const top = openPlain(big.plain).prepare('SELECT id, name, run FROM member WHERE club_id = ? ORDER BY run DESC LIMIT 10')
  return {
    look(): number {
      const start = performance.now()
      for (let n = 0; n < looks; n++) if (top.all(clubId).length !== 10) throw new Error('the board is not full')
      return ((performance.now() - start) * 1000) / looks
    },
  }
}

/** Every statement that the store has, with the longest that one run of it took. */
export async function statements(big: BigClub) {
  const db = openDatabase(big.ours)
  // As at the program's start: what others left in the log is not of these days.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const longest = new Map<string, number>()
  function timed<T>(sql: string, work: () => T): T {
    const start = performance.now()
    try {
      return work()
    } finally {
      longest.set(sql, Math.max(longest.get(sql) ?? 0, performance.now() - start))
    }
  }
  const prepare = db.prepare.bind(db)
  const watched = (sql: string) => {
    const statement = prepare(sql)
    for (const verb of ['run', 'get', 'all'] as const) {
      const original = statement[verb].bind(statement) as (...args: unknown[]) => unknown
      Object.assign(statement, { [verb]: (...args: unknown[]) => timed(sql, () => original(...args)) })
    }
    return statement
  }
  const { app, store, rooms, moveTo, now } = openClubs(storeOn(Object.assign(db, { prepare: watched as typeof db.prepare }), seal))
  let posted = 0
  rooms.set('discord', { name: 'discord', remembersMs: 0, post: async () => String(++posted), edit: async () => {} })
  const say = async (id: string, act: { command: string } | { press: string }, input: Record<string, unknown> = {}) => {
    const answer = await app.handle(
      { room: 'discord', club: clubId, member: { id, name: '미나' }, organiser: id === 'host', act: { ...act, input } },
      now(),
    )
    if ('refusal' in answer && answer.refusal.code === 'broken') throw new Error(`${JSON.stringify(act)}: ${answer.refusal.text}`)
    return answer
  }
  return {
    /** Two days in the club: posts, everybody's commands, people who hide, pause and leave; the longest statements, ms. */
    async twoDays(): Promise<[string, number][]> {
      for (let day = 0; day < 2; day++) {
        await moveTo(firstMorning + day * dayMs + 2 * 3_600_000)
        await moveTo(firstMorning + day * dayMs + 6 * 3_600_000)
        for (let n = 0; n < 30; n++) {
          const id = scattered(200_000 + day * 100 + n, big)
          await say(id, { command: 'checkin' }, { note: '오늘의 한 줄' })
          await say(id, { command: 'streak' })
          for (const by of ['week', 'season', 'run', 'total']) await say(id, { command: 'leaderboard' }, { by })
          for (const command of ['today', 'lesson', 'poll', 'settings', 'data', 'help', 'flow']) await say(id, { command })
        }
        const quitting = (n: number) => scattered(300_000 + day * 100 + n, big)
        await say(quitting(1), { command: 'pause' }, { until: '3' })
        await say(quitting(2), { press: 'appear:hidden' })
        await say(quitting(3), { press: 'appear:none' })
        await store.deleteMember(clubId, quitting(4), now())
        await say('host', { command: 'club' })
      }
      return [...longest].sort(([, a], [, b]) => b - a).slice(0, 10)
    },
  }
}

export async function ranks({ rounds }: Sizes, big: BigClub): Promise<Figure[]> {
  const sides = { ours: await startSide(import.meta.filename, ours, big), baseline: await startSide(import.meta.filename, baseline, big) }
  const look = (side: 'ours' | 'baseline') => async () => ({ us: await sides[side].look() })
  const { ours: own, baseline: plain } = await inTurns(rounds, { ours: look('ours'), baseline: look('baseline') })
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  const watched = await startSide(import.meta.filename, statements, big)
  const [[sql, ms] = ['', Number.NaN]] = await watched.twoDays()
  await watched.stop()
  return [
    {
      what: 'the top ten and one’s own rank, beside the indexed top ten',
      unit: 'µs',
      ours: own.us,
      baseline: plain.us,
      goal: { of: 'ratio', atMost: 4 },
    },
    {
      what: `the longest statement in two days of the club (${sql.replaceAll(/\s+/g, ' ').slice(0, 60)}…)`,
      unit: 'ms',
      ours: ms,
      goal: { of: 'ours', atMost: 5 },
    },
  ]
}
