// Purpose: one club of a million members, in our layout and in the plain one that anybody would write first.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { addDays, type Day } from '../../src/club/calendar.ts'
import { clubDay, defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { foldOf, recordAct } from '../../src/record.ts'
import { openDatabase, openSqliteStore } from '../../src/store/sqlite/index.ts'
import { never } from '../../src/store/sqlite/pack.ts'
import { dayMs, firstMorning, migrations, scratchFolder, seal } from './club.ts'

export const clubId = 'discord:100000000000000002'
const seed = 1_000
/** Members of the seed acted on the last so many days, in turns. */
const longest = 5

export interface BigClub {
  /** In our layout. */
  readonly ours: string
  readonly plain: string
  readonly members: number
}

/** The id of a member by its number. */
export const memberId = (n: number): string => `m${n % seed}${n < seed ? '' : `-${Math.floor(n / seed)}`}`

/** Members from all over the file: each number once, in an order that has nothing to do with the rows'. */
export const scattered = (n: number, { members }: Pick<BigClub, 'members'>): string => memberId((n * 618_041) % members)

/** The day on which nobody has acted yet. */
export const freshDay: Day = clubDay(newClub(clubId, '', { ...defaultSettings, course: '' }, 'Asia/Seoul'), firstMorning).today

/**
 * The store's own verbs write a thousand members with their acts of some days; each of them then stands for many: the same rows with other
 * numbers. Throws when the copies are not what the verbs would have written.
 */
export async function fillBigClub(wanted: number): Promise<BigClub> {
  const copies = Math.ceil(wanted / seed)
  const members = copies * seed
  const folder = scratchFolder()
  const file = join(folder, 'ours.db')
  const store = openSqliteStore(file, migrations, seal)
  const course = 'container-flow'
  const club = newClub(clubId, 'channel', { ...defaultSettings, course }, 'Asia/Seoul')
  await store.saveClub({ ...club, seasons: [{ from: addDays(freshDay, -longest), course }] })
  const saved = await store.club(clubId)
  if (!saved) throw new Error('the club was not kept')
  for (let back = longest; back > 0; back--) {
    const acting = Array.from({ length: seed }, (_, n) => n).filter((n) => n % longest < back)
    const at = firstMorning - (longest + 1 - back) * dayMs
    await Promise.all(
      acting.map((n) => {
        const member = newMember(saved, memberId(n), `회원 ${n}`)
        return recordAct({ store, club: saved, member }, { kind: 'checkin', at })
      }),
    )
  }
  await store.close()
  multiply(file, copies)
  await verify(file, members)
  const plain = join(folder, 'plain.db')
  fillPlain(plain, file)
  return { ours: file, plain, members }
}

/** Each board: its number, where its period stands, and its value. */
const boards = [
  [0, 'week', 'week_days'],
  [1, 'season', 'season_days'],
  [2, '0', 'run'],
  [3, '0', 'total'],
] as const

function multiply(file: string, copies: number): void {
  const db = openDatabase(file)
  const acts = Number(db.prepare('SELECT max(id) FROM act').pluck().get())
  const others = `(WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ${copies - 1}) SELECT n FROM copy)`
  const columns = db
    .prepare<[], string>("SELECT name FROM pragma_table_info('streak')")
    .pluck()
    .all()
    .map((name) =>
      name === 'member' ? `member + n * ${seed}` : name === 'last_act' || name === 'reached' ? `${name} + n * ${acts}` : name,
    )
  if (copies > 1)
    db.exec(`BEGIN;
      INSERT INTO member SELECT id + n * ${seed}, club, key || '-' || n, version, doc FROM ${others} JOIN member ORDER BY n, id;
      INSERT INTO act SELECT id + n * ${acts}, prev + n * ${acts}, stamp FROM ${others} JOIN act ORDER BY n, id;
      INSERT INTO streak SELECT ${columns.join(', ')} FROM ${others} JOIN streak ORDER BY n, member;
      UPDATE rank_count SET members = members * ${copies};
      UPDATE club_day SET actors = actors * ${copies}, joined = joined * ${copies};
      DELETE FROM rank_top;
      DELETE FROM rank_edge;
      COMMIT`)
  // The lists as they are after a cut: the first of each board, and the last of those as its edge.
  for (const [board, period, value] of copies > 1 ? boards : [])
    db.exec(`INSERT INTO rank_top SELECT club, ${board}, ${period}, member, ${value}, ${board === 2 ? `coalesce(lapses, ${never})` : never}, reached
        FROM streak WHERE ${period} IS NOT NULL AND ${value} > 0 ORDER BY ${value} DESC, reached LIMIT 64;
      INSERT INTO rank_edge SELECT club, board, period, value, reached, 1 FROM rank_top WHERE board = ${board} ORDER BY value, reached DESC LIMIT 1`)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Compares counts with the rows that they count, and some members' streaks with the fold of their acts. */
async function verify(file: string, members: number): Promise<void> {
  const db = new Database(file, { readonly: true })
  for (const [board, period, value] of boards) {
    const kept = `SELECT period, value, sum(members) AS n FROM rank_count WHERE board = ${board} AND members > 0 GROUP BY 1, 2`
    const real = `SELECT ${period} AS period, ${value} AS value, count(*) AS n FROM streak WHERE ${value} > 0 GROUP BY 1, 2`
    const differing = db.prepare(`SELECT count(*) FROM (SELECT * FROM (${kept}) EXCEPT SELECT * FROM (${real}))`).pluck().get()
    if (differing !== 0) throw new Error(`the ranks of board ${board} are not those of its members`)
  }
  db.close()
  const store = openSqliteStore(file, migrations, seal)
  const club = await store.club(clubId)
  for (let n = 0; club && n < 100; n++) {
    const id = scattered(n, { members })
    const member = await store.member(clubId, id)
    const acts = await store.acts(clubId, id)
    const before = await store.streak(clubId, id)
    if (!member || !before) throw new Error(`member ${id} is missing`)
    const { state } = await foldOf({ store, club, member }, freshDay)
    if (JSON.stringify(state) !== JSON.stringify(before.state) || acts.length !== state.total)
      throw new Error(`the streak of ${id} is not the fold of its acts`)
  }
  await store.close()
}

/** Text ids, days and times as text, one index that keeps a member from checking in twice a day, and one to rank by. */
const plainSchema = `
  CREATE TABLE member (id TEXT PRIMARY KEY, club_id TEXT NOT NULL, name TEXT NOT NULL, run INTEGER NOT NULL, best INTEGER NOT NULL,
    total INTEGER NOT NULL, last_day TEXT NOT NULL);
  CREATE INDEX member_run ON member (club_id, run DESC);
  CREATE TABLE checkin (id INTEGER PRIMARY KEY, club_id TEXT NOT NULL, member_id TEXT NOT NULL REFERENCES member, day TEXT NOT NULL,
    at TEXT NOT NULL, note TEXT, UNIQUE (member_id, day))`

/** The plain layout with its usual settings: a write-ahead log, `synchronous=NORMAL`, and what SQLite has by itself. */
export function openPlain(file: string): Database.Database {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  return db
}

function fillPlain(file: string, from: string): void {
  const db = openPlain(file)
  db.exec(plainSchema)
  db.exec(`ATTACH '${from}' AS ours; BEGIN;
    INSERT INTO member SELECT key, '${clubId}', json_extract(doc, '$.name'), run, best, total, date(day * 86400, 'unixepoch')
      FROM ours.member JOIN ours.streak ON streak.member = member.id ORDER BY member.id;
    INSERT INTO checkin (club_id, member_id, day, at)
      WITH RECURSIVE back (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM back WHERE n < ${longest - 1})
      SELECT '${clubId}', id, date(last_day, '-' || n || ' days'), date(last_day, '-' || n || ' days') || 'T07:00:00.000Z'
      FROM back JOIN member ON n < total ORDER BY n DESC;
    COMMIT; DETACH ours; PRAGMA wal_checkpoint(TRUNCATE)`)
  db.close()
}

/** Pages that were written to the log, counted by its size (https://www.sqlite.org/fileformat2.html#walformat). */
export const framesIn = (bytes: number, pageSize: number): number => (bytes - 32) / (pageSize + 24)
