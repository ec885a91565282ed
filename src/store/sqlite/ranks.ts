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
  /** The act that counted last. */
  reached: number
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
  /** Drops what is remembered of rows: they were rolled back, or went with their club. */
  forget(): void
  /** Returns what takes back the moves from here on. */
  mark(): () => void
  /** Writes how the moves since the last time changed the counts; nobody may read or delete counts in a transaction before that. */
  settle(): void
}

const boardNumber: Record<Board, number> = { week: 0, season: 1, run: 2, total: 3 }

/** A list is cut to this many when it has twice as many: enough that the ten shown survive many who lapse or hide. */
const kept = 64

interface List {
  club: number
  board: number
  period: number
}

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

/** Whoever stands before it is in the list. */
interface Edge {
  value: number
  reached: number
  whole: number
  size: number
}

const behind = (edge: Edge, value: number, reached: number): boolean =>
  value < edge.value || (value === edge.value && reached > edge.reached)

const nameOf = ({ club, board, period }: List): string => `${club} ${board} ${period}`

type FillableRanks = Ranks & {
  isWhole(list: List): boolean
  fill(list: List, now: number): AsyncGenerator<() => void>
}

export function createRanks(db: Database.Database): FillableRanks {
  const more = db.prepare(
    `INSERT INTO rank_count (club, board, period, value, lapses, members) VALUES (@club, @board, @period, @value, @lapses, @by)
     ON CONFLICT DO UPDATE SET members = members + @by`,
  )
  const fewer = db.prepare(
    `UPDATE rank_count SET members = members + @by
     WHERE club = @club AND board = @board AND period = @period AND value = @value AND lapses = @lapses`,
  )
  const setTop = db.prepare(
    'UPDATE rank_top SET value = ?, lapses = ?, reached = ? WHERE club = ? AND board = ? AND period = ? AND member = ?',
  )
  const addTop = db.prepare('INSERT INTO rank_top (value, lapses, reached, club, board, period, member) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const leaveTop = db.prepare('DELETE FROM rank_top WHERE club = ? AND board = ? AND period = ? AND member = ?')
  const leaveAll = db.prepare('DELETE FROM rank_top WHERE member = ?')
  const edgeRow = db.prepare<List, Edge>(
    `SELECT coalesce(max(value), 0) AS value, coalesce(max(reached), 0) AS reached, coalesce(max(whole), 1) AS whole,
       (SELECT count(*) FROM rank_top WHERE club = @club AND board = @board AND period = @period) AS size
     FROM rank_edge WHERE club = @club AND board = @board AND period = @period`,
  )
  const saveEdge = db.prepare(
    `INSERT INTO rank_edge (club, board, period, value, reached, whole) VALUES (@club, @board, @period, @value, @reached, @whole)
     ON CONFLICT DO UPDATE SET value = excluded.value, reached = excluded.reached, whole = excluded.whole`,
  )
  const lastKept = db.prepare<List, { value: number; reached: number }>(
    `SELECT value, reached FROM rank_top WHERE club = @club AND board = @board AND period = @period
     ORDER BY value DESC, reached LIMIT 1 OFFSET ${kept - 1}`,
  )
  const dropBehind = db.prepare(
    `DELETE FROM rank_top WHERE club = @club AND board = @board AND period = @period
     AND (value < @value OR (value = @value AND reached > @reached))`,
  )
  const dropLapsed = db.prepare('DELETE FROM rank_top WHERE club = @club AND board = @board AND period = @period AND lapses <= @now')
  const standing = db.prepare<[number], Standing>('SELECT * FROM streak WHERE member = ?')
  const setShown = db.prepare('UPDATE streak SET shown = ? WHERE member = ?')
  const someOf = db.prepare<[number, string], Standing & { key: string }>(
    `SELECT streak.*, member.key FROM member JOIN streak ON streak.member = member.id
     WHERE member.club = ? AND member.key > ? ORDER BY member.key LIMIT 250`,
  )

  // Remembered, so that most acts know at once that they do not reach the list.
  const edges = new Map<string, Edge>()

  function edgeOf({ club, board, period }: List): Edge {
    const list = { club, board, period }
    const known = edges.get(nameOf(list)) ?? edgeRow.get(list) ?? { value: 0, reached: 0, whole: 1, size: 0 }
    edges.set(nameOf(list), known)
    return known
  }

  function leave(list: List, member: number): void {
    const { changes } = leaveTop.run(list.club, list.board, list.period, member)
    const edge = edges.get(nameOf(list))
    if (edge) edge.size -= changes
  }

  // Where many move at once, most come and go at the same few places: each is written once, at the end of the group.
  let moves: (Place & { club: number; by: number })[] = []

  const isListed = (row: Standing | undefined, place: Place | undefined): boolean =>
    row !== undefined && place !== undefined && !behind(edgeOf({ ...place, club: row.club }), place.value, row.reached)

  function toTop({ club, member, reached }: Standing, { board, period, value, lapses }: Place, wasListed = true): void {
    const list = { club, board, period }
    const edge = edgeOf(list)
    if (behind(edge, value, reached)) {
      if (wasListed) leave(list, member)
      return
    }
    const args = [value, lapses, reached, club, board, period, member]
    if (setTop.run(...args).changes > 0) return
    addTop.run(...args)
    edge.size += 1
    if (edge.size > 2 * kept) cut(list, edge.whole)
  }

  function cut(list: List, whole: number): void {
    const last = lastKept.get(list)
    edges.delete(nameOf(list))
    if (!last) return
    dropBehind.run({ ...list, ...last })
    saveEdge.run({ ...list, ...last, whole })
  }

  const ranks: Ranks = {
    move(before, after) {
      const left = placesOf(before)
      const taken = placesOf(after)
      for (const place of left) {
        if (taken.some((other) => same(place, other))) continue
        moves.push({ ...place, club: after.club, by: -1 })
        // A place that is taken anew in the same list is updated there; the week that has passed keeps its list.
        if (!taken.some((other) => other.board === place.board)) leave({ ...place, club: after.club }, after.member)
      }
      for (const place of taken) {
        if (left.some((other) => same(place, other))) continue
        moves.push({ ...place, club: after.club, by: 1 })
        const was = left.find(({ board, period }) => board === place.board && period === place.period)
        toTop(after, place, isListed(before, was))
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
        ranks.forget()
      }
    },
    forget: () => edges.clear(),
    mark() {
      // `settle` leaves the list as it was and begins another: what it wrote inside a write that is undone is put off again.
      const before = moves
      const { length } = before
      return () => {
        before.length = length
        moves = before
      }
    },
    settle() {
      const sums = new Map<string, (typeof moves)[number]>()
      for (const move of moves) {
        const key = `${move.club} ${move.board} ${move.period} ${move.value} ${move.lapses}`
        const sum = sums.get(key)
        if (sum) sum.by += move.by
        else sums.set(key, { ...move })
      }
      moves = []
      for (const sum of sums.values()) {
        if (sum.by > 0) more.run(sum)
        else if (sum.by < 0) fewer.run(sum)
      }
    },
  }

  return {
    ...ranks,
    isWhole: (list) => edgeOf(list).whole === 1,
    /**
     * Fills a list up again, a few hundred members at a time; the caller makes each portion a write. Whoever moves meanwhile finds
     * the edge open, and until the end the list is marked, so that a fill that was cut off is done again.
     */
    async *fill(list, now) {
      const open = { ...list, value: 0, reached: 0 }
      yield () => {
        dropLapsed.run({ ...list, now })
        saveEdge.run({ ...open, whole: 0 })
        edges.clear()
      }
      const placeOf = (row: Standing | undefined) => {
        const place = placesOf(row).find(({ board, period }) => board === list.board && period === list.period)
        return place && place.lapses > now ? place : undefined
      }
      for (let after = ''; ; ) {
        const rows = someOf.all(list.club, after)
        const last = rows.at(-1)
        if (!last) break
        after = last.key
        const edge = edgeOf(list)
        const near = rows.filter((row) => {
          const place = placeOf(row)
          return place && !behind(edge, place.value, row.reached)
        })
        if (near.length > 0) {
          yield () => {
            for (const { member } of near) {
              const row = standing.get(member)
              const place = placeOf(row)
              if (row && place) toTop(row, place)
            }
          }
        }
        await nextTurn()
      }
      yield () => {
        saveEdge.run({ ...list, ...edgeOf(list), whole: 1 })
        edges.clear()
      }
    },
  }
}

/** Members whose names are remembered, of all boards. */
const namesMost = 1_000

interface TopRow {
  key: string
  doc: string
  value: number
  run: number
  best: number
  lapses: number | null
}

export function rankVerbs(db: Database.Database, write: Write, clubRow: (club: string) => number, ranks: FillableRanks): Verbs {
  const best = db.prepare<[number, number, number, number, number], TopRow>(
    `SELECT member.key, member.doc, leading.value, streak.run, streak.best, streak.lapses
     FROM (
       SELECT member, value, reached FROM rank_top WHERE club = ? AND board = ? AND period = ? AND lapses > ? ORDER BY value DESC, reached LIMIT ?
     ) AS leading JOIN member ON member.id = leading.member JOIN streak ON streak.member = leading.member
     ORDER BY leading.value DESC, leading.reached`,
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
  const listOf = (club: string, { board, period }: BoardKey): List => ({
    club: clubRow(club),
    board: boardNumber[board],
    period: period ? packDay(period) : 0,
  })
  // The same ten stand at the top for days.
  const names = new Map<string, Pick<Member, 'name' | 'nickname' | 'appear'>>()
  const namesIn = (doc: string) => {
    const known = names.get(doc)
    if (known) return known
    if (names.size >= namesMost) names.clear()
    const { name, nickname, appear } = JSON.parse(doc) as Member
    const read = { name, appear, ...(nickname && { nickname }) }
    names.set(doc, read)
    return read
  }
  const rowOf = (row: TopRow, minute: number): BoardRow => {
    const run = row.lapses !== null && row.lapses <= minute ? 0 : row.run
    return { member: { id: row.key, ...namesIn(row.doc) }, value: row.value, run, best: row.best }
  }

  // Two who look at once wait for the same filling.
  const filling = new Map<string, Promise<void>>()
  function filled(list: List, minute: number): Promise<void> {
    const running = filling.get(nameOf(list)) ?? fill(list, minute).finally(() => filling.delete(nameOf(list)))
    filling.set(nameOf(list), running)
    return running
  }
  async function fill(list: List, minute: number): Promise<void> {
    for await (const portion of ranks.fill(list, minute)) await write(portion)
  }

  return {
    async top(club, key, now, limit) {
      const minute = packMinute(now) ?? 0
      const list = listOf(club, key)
      const { club: row, board, period } = list
      const rows = best.all(row, board, period, minute, limit)
      const tooFew = rows.length < Math.min(limit, kept) && (counted.get(row, board, period, minute) ?? 0) > rows.length
      if (!tooFew && ranks.isWhole(list)) return rows.map((found) => rowOf(found, minute))
      await filled(list, minute)
      return best.all(row, board, period, minute, limit).map((found) => rowOf(found, minute))
    },
    async above(club, key, value, now) {
      const { club: row, board, period } = listOf(club, key)
      return higher.get(row, board, period, value, packMinute(now) ?? 0) ?? 0
    },
  }
}
