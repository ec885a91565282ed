// Purpose: the moment between a message and our record of it, held still so that the program can be killed in it; all is done to the file of
// a program that is dead, so that the one that runs is the one that everybody runs.
import Database from 'better-sqlite3'
import type { Place } from './places.ts'

/** What never comes to an end, for SQLite. */
const endless = 'CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i FROM n) SELECT count(*) AS n FROM n'
/** What is due so soon after a start is none of what is held: the program has to open first. */
const startMs = 30 * 60_000

/** In the next life the record of a post of this club is begun and never written: the program stands still there until it is killed. */
export function holdRecords(file: string, club: string): void {
  const db = new Database(file)
  const id = db.prepare<[string], number>('SELECT id FROM club WHERE key = ?').pluck().get(club)
  const from = Date.now() + offsetOf(db) + startMs
  db.exec(endless)
  db.exec(
    `CREATE TRIGGER held BEFORE UPDATE OF state ON post WHEN NEW.state = 1 AND NEW.club = ${id} AND NEW.due_at > ${from}
     BEGIN SELECT n FROM endless; END`,
  )
  db.close()
}

/** The end of that. */
export function releaseRecords(file: string): void {
  const db = new Database(file)
  db.exec('DROP TRIGGER held')
  db.exec('DROP VIEW endless')
  db.close()
}

/** The clubs' clock goes on while nothing runs. */
export function passOutage(file: string, ms: number): void {
  const db = new Database(file)
  db.prepare("UPDATE memo SET value = ? WHERE name = 'clock-offset'").run(String(offsetOf(db) + ms))
  db.close()
}

const offsetOf = (db: Database.Database): number =>
  Number(db.prepare<[], string>("SELECT value FROM memo WHERE name = 'clock-offset'").pluck().get())

/** Keys of posts that are in their channel already while their row still says that they are due. */
export function unrecorded(db: Database.Database, places: readonly Place[]): string[] {
  const due = db
    .prepare<[string], string>(
      'SELECT post.key FROM post JOIN club ON club.id = post.club WHERE state = 0 AND attempts > 0 AND club.key = ?',
    )
    .pluck()
  return places.flatMap((place) => {
    const keys = due.all(place.club)
    const marks = new Set(keys.length === 0 ? [] : place.posts(db).map(({ mark }) => mark))
    return keys.filter((key) => marks.has(place.markOf(key)))
  })
}

/** Looks at the file without changing anything. */
export async function reading<T>(file: string, look: (db: Database.Database) => T | Promise<T>): Promise<T> {
  const db = new Database(file, { readonly: true })
  try {
    return await look(db)
  } finally {
    db.close()
  }
}
