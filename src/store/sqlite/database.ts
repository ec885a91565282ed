// Purpose: the one place where a database file is opened, and who may read what lies beside it.
import { chmodSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * On Node 24.19 and later the process is aborted when the garbage collector takes one of better-sqlite3's native objects at the wrong moment
 * ("Assertion failed: (env) != nullptr" in RemoveEnvironmentCleanupHook; https://github.com/WiseLibs/better-sqlite3/issues/1515). So none
 * is ever left to it: there are as many as the program has statements, and they hold nothing once their database is closed.
 */
const kept: object[] = []

/** As `new Database`. Statements are prepared once and reused; `pragma()` makes one that cannot be kept, so write `exec('PRAGMA …')`. */
export function openFile(file: string, options?: Database.Options): Database.Database {
  const db = new Database(file, options)
  const prepare = db.prepare.bind(db)
  const keep = <T extends object>(one: T): T => {
    kept.push(one)
    return one
  }
  return Object.assign(keep(db), { prepare: ((sql: string) => keep(prepare(sql))) as typeof db.prepare })
}

/** Makes the database and all that stands beside it under its name (log, lock, key, what a restore kept) readable by its owner alone. */
export function keepPrivate(file: string): void {
  for (const name of readdirSync(dirname(file))) if (name.startsWith(basename(file))) chmodSync(join(dirname(file), name), 0o600)
}
