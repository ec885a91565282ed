// Purpose: brings a database to the newest schema: numbered SQL files, forward only, one transaction each, never edited once applied.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { type Seal, tryOpen } from '../seal.ts'

/** Says what is wrong with the database and what to do; the program cannot go on with it. */
export class SchemaError extends Error {}

interface Migration {
  number: number
  name: string
  sql: string
  hash: string
}

function migrationsIn(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8')
      return { number: Number(name.slice(0, 4)), name, sql, hash: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') }
    })
}

/**
 * Applies what is missing and returns the names applied. Throws SchemaError for a database from a newer version of the program
 * and for an applied file that was edited since. `seal` is what a migration seals with that finds readable texts.
 */
export function migrate(db: Database.Database, folder: string, seal: Seal): string[] {
  const migrations = migrationsIn(folder)
  db.function('seal', (place, text) => seal.close(String(place), String(text)))
  // Nothing for what cannot be opened: that is no reason to leave a database as it is.
  db.function('opened', (place, sealed) => tryOpen(seal, String(place), sealed as Buffer) ?? null)
  db.function('open_first', (place, sealed) => seal.openFirst(String(place), String(sealed)))
  db.exec(
    'CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT',
  )
  checkSchema(db, folder)
  const applied = new Set(db.prepare<[], number>('SELECT number FROM migration').pluck().all())
  const missing = migrations.filter(({ number }) => !applied.has(number))
  for (const { number, name, sql, hash } of missing) {
    db.transaction(() => {
      db.prepare('INSERT INTO migration (number, name, hash, at) VALUES (?, ?, ?, ?)').run(number, name, hash, Date.now())
      db.exec(sql)
    }).immediate()
  }
  return missing.map(({ name }) => name)
}

/** The newest migration that the database has, when there are newer ones to come. Undefined for a new database, which has none. */
export function outdated(db: Database.Database, folder: string): number | undefined {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migration'").get()) return undefined
  const applied = db.prepare<[], number>('SELECT number FROM migration ORDER BY number').pluck().all()
  return migrationsIn(folder).some(({ number }) => !applied.includes(number)) ? applied.at(-1) : undefined
}

/** Throws SchemaError when the database does not fit the migrations of this version; changes nothing. */
export function checkSchema(db: Database.Database, folder: string): void {
  const known = new Map(migrationsIn(folder).map((migration) => [migration.number, migration]))
  for (const row of db.prepare<[], { number: number; name: string; hash: string }>('SELECT number, name, hash FROM migration').all()) {
    const migration = known.get(row.number)
    if (!migration) {
      throw new SchemaError(
        `The database has migration ${row.name}, which this version does not know: it was last used by a newer version. ` +
          'Start that version or a later one, or restore an older backup with `npm run club -- restore FILE`.',
      )
    }
    if (migration.hash !== row.hash) {
      throw new SchemaError(
        `migrations/${migration.name} was edited after it was applied to this database. Put the file back as it was and write the change as a new migration.`,
      )
    }
  }
}
