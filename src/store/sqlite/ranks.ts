// Purpose: ranks without a scan: how many members stand at each value, and who stands nearest to the top.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type { Board } from '../../club/board.ts'
import type { Member } from '../../club/club.ts'
import type { BoardKey, BoardRow, Store } from '../store.ts'
import type { Write } from './commit.ts'
import { never, packDay, packMinute } from './pack.ts'

type Verbs = Pick<Store, 'top' | 'above'>

/** The columns of `streak` that decide where its member stands. */
export interface Standing {
  member: number
  club: number
  shown: number
  last_act: number | null
  lapses: number | null
  run: number
  total: number
  week: number | null
  week_days: number | null
  season: number | null
  season_days: number | null
}

export interface Ranks {
  /** Takes the member from where `before` stood to where `after` stands. */
  move(before: Standing | undefined, after: Standing): void
  /** Puts a member on the boards or takes them off. */
  show(member: number, shown: boolean): void
}

const boardNumber: Record<Board, number> = { week: 0, season: 1, run: 2, total: 3 }

/** Kept at the top of each board: enough that the ten shown survive a few who lapse or hide. */
const kept = 64

interface Place {
  board: number
  period: number
  value: number
  lapses: number
}

function placesOf(row: Standing | undefined): Place[] {
  if (!row?.shown) return []
  const places: Place[] = [{ board: boardNumber.total, period: 0, value: row.total, lapses: never }]
  if (row.run > 0) places.push({ board: boardNumber.run, period: 0, value: row.run, lapses: row.lapses ?? never })
  if (row.week !== null && row.week_days) places.push({ board: boardNumber.week, period: row.week, value: row.week_days, lapses: never })
  if (row.season !== null && row.season_days) {
    places.push({ board: boardNumber.season, period: row.season, value: row.season_days, lapses: never })
  }
  return places
}

const same = (a: Place, b: Place): boolean => a.board === b.board && a.period === b.period && a.value === b.value && a.lapses === b.lapses

export function createRanks(
  db: Database.Database,
): Ranks & { forget(): void; fill(club: number, key: Place, now: number): AsyncGenerator<() => void> } {
  const more = db.prepare(
    `INSERT INTO rank_count (club, board, period, value, lapses, members) VALUES (?, ?, ?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET members = members + 1`,
  )
  const fewer = db.prepare(
    'UPDATE rank_count SET members = members - 1 WHERE club = ? AND board = ? AND period = ? AND value = ? AND lapses = ?',
  )
  const setTop = db.prepare(
    'UPDATE rank_top SET value = ?, lapses = ?, reached = ? WHERE club = ? AND board = ? AND period = ? AND member = ?',
  )
  const addTop = db.prepare('INSERT INTO rank_top (value, lapses, reached, club, board, period, member) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const leaveTop = db.prepare('DELETE FROM rank_top WHERE club = ? AND board = ? AND period = ? AND member = ?')
  const leaveAll = db.prepare('DELETE FROM rank_top WHERE member = ?')
  const sizeOf = db.prepare<[number, number, number], { size: number; floor: number | null }>(
    'SELECT count(*) AS size, min(value) AS floor FROM rank_top WHERE club = ? AND board = ? AND period = ?',
  )
  const cut = db.prepare(
    `DELETE FROM rank_top WHERE club = @club AND board = @board AND period = @period AND member IN (
       SELECT member FROM rank_top WHERE club = @club AND board = @board AND period = @period ORDER BY value DESC, reached LIMIT -1 OFFSET ${kept})`,
  )
  const dropLapsed = db.prepare('DELETE FROM rank_top WHERE club = ? AND board = ? AND period = ? AND lapses <= ?')
  const standing = db.prepare<[number], Standing>('SELECT * FROM streak WHERE member = ?')
  const setShown = db.prepare('UPDATE streak SET shown = ? WHERE member = ?')
  const someOf = db.prepare<[number, number], Standing>('SELECT * FROM streak WHERE club = ? AND member > ? ORDER BY member LIMIT 500')

  // The size and the lowest value of each top list, so that most acts know at once that they do not reach it.
  const edges = new Map<string, { size: number; floor: number }>()

  function toTop(row: Standing, { board, period, value, lapses }: Place): void {
    const key = `${row.club} ${board} ${period}`
    let edge = edges.get(key)
    if (!edge) {
      const { size, floor } = sizeOf.get(row.club, board, period) ?? { size: 0, floor: null }
      edge = { size, floor: floor ?? 0 }
      edges.set(key, edge)
    }
    const args = [value, lapses, row.last_act ?? 0, row.club, board, period, row.member]
    if (edge.size >= kept && value <= edge.floor) {
      leaveTop.run(row.club, board, period, row.member)
      return
    }
    if (setTop.run(...args).changes > 0) return
    addTop.run(...args)
    edge.size += 1
    edge.floor = edge.size === 1 ? value : Math.min(edge.floor, value)
    if (edge.size > 2 * kept) {
      cut.run({ club: row.club, board, period })
      edges.delete(key)
    }
  }

  const ranks: Ranks = {
    move(before, after) {
      const left = placesOf(before)
      const taken = placesOf(after)
      for (const place of left) {
        if (taken.some((other) => same(place, other))) continue
        fewer.run(after.club, place.board, place.period, place.value, place.lapses)
        // A place that is taken anew in the same list is updated there; the week that has passed keeps its list.
        if (!taken.some((other) => other.board === place.board) || !after.shown) {
          leaveTop.run(after.club, place.board, place.period, after.member)
          edges.delete(`${after.club} ${place.board} ${place.period}`)
        }
      }
      for (const place of taken) {
        if (left.some((other) => same(place, other))) continue
        more.run(after.club, place.board, place.period, place.value, place.lapses)
        toTop(after, place)
      }
    },
    show(member, shown) {
      const row = standing.get(member)
      if (!row || Boolean(row.shown) === shown) return
      const next = { ...row, shown: Number(shown) }
      ranks.move(row, next)
      setShown.run(next.shown, member)
      if (!shown) {
        leaveAll.run(member)
        edges.clear()
      }
    },
  }

  return {
    ...ranks,
    forget: () => edges.clear(),
    /** Fills a list up again, a few hundred members at a time, each portion to be written by the caller. */
    async *fill(club, key, now) {
      yield () => {
        dropLapsed.run(club, key.board, key.period, now)
        edges.clear()
      }
      for (let after = 0; ; ) {
        const members = someOf.all(club, after)
        const last = members.at(-1)
        if (!last) return
        after = last.member
        yield () => {
          for (const { member } of members) {
            const row = standing.get(member)
            const place = placesOf(row).find(({ board, period }) => board === key.board && period === key.period)
            if (row && place && place.lapses > now) toTop(row, place)
          }
        }
        await nextTurn()
      }
    },
  }
}

interface TopRow {
  key: string
  doc: string
  value: number
  run: number
  best: number
  lapses: number | null
}

export function rankVerbs(
  db: Database.Database,
  write: Write,
  clubRow: (club: string) => number,
  ranks: ReturnType<typeof createRanks>,
): Verbs {
  const best = db.prepare<[number, number, number, number, number], TopRow>(
    `SELECT member.key, member.doc, rank_top.value, streak.run, streak.best, streak.lapses
     FROM rank_top JOIN member ON member.id = rank_top.member JOIN streak ON streak.member = rank_top.member
     WHERE rank_top.club = ? AND rank_top.board = ? AND rank_top.period = ? AND rank_top.lapses > ?
     ORDER BY rank_top.value DESC, rank_top.reached LIMIT ?`,
  )
  const counted = db
    .prepare<[number, number, number, number], number>(
      'SELECT coalesce(sum(members), 0) FROM rank_count WHERE club = ? AND board = ? AND period = ? AND lapses > ?',
    )
    .pluck()
  const higher = db
    .prepare<[number, number, number, number, number], number>(
      'SELECT coalesce(sum(members), 0) FROM rank_count WHERE club = ? AND board = ? AND period = ? AND value > ? AND lapses > ?',
    )
    .pluck()
  const numbers = ({ board, period }: BoardKey): [number, number] => [boardNumber[board], period ? packDay(period) : 0]
  const rowOf = (row: TopRow, minute: number): BoardRow => {
    const { name, nickname, appear } = JSON.parse(row.doc) as Member
    const run = row.lapses !== null && row.lapses <= minute ? 0 : row.run
    return { member: { id: row.key, name, appear, ...(nickname && { nickname }) }, value: row.value, run, best: row.best }
  }

  return {
    async top(club, key, now, limit) {
      const [board, period] = numbers(key)
      const minute = packMinute(now) ?? 0
      const row = clubRow(club)
      let rows = best.all(row, board, period, minute, limit)
      if (rows.length < limit && (counted.get(row, board, period, minute) ?? 0) > rows.length) {
        for await (const portion of ranks.fill(row, { board, period, value: 0, lapses: never }, minute)) await write(portion)
        rows = best.all(row, board, period, minute, limit)
      }
      return rows.map((found) => rowOf(found, minute))
    },
    async above(club, key, value, now) {
      const [board, period] = numbers(key)
      return higher.get(clubRow(club), board, period, value, packMinute(now) ?? 0) ?? 0
    },
  }
}
