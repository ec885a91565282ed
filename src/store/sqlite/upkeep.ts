// Purpose: what an operator does to the database file: back it up while the service runs, put a backup in its place, look after it.
import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { checkSchema } from '../migrate.ts'
import { openFile } from './database.ts'
import { LockHeld, takeLock } from './lock.ts'

/** What cannot be done, and what to do instead. */
export class UpkeepError extends Error {}

/** Runs `work` while nobody else can start a service on the database. Throws UpkeepError when one is running. */
export async function whileStopped<T>(database: string, verb: string, work: () => T | Promise<T>): Promise<T> {
  let unlock: () => void
  try {
    unlock = takeLock(database)
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error
    throw new UpkeepError(`The service is running on ${database}. Stop it first, then run \`${verb}\` again.`, { cause: error })
  }
  try {
    return await work()
  } finally {
    unlock()
  }
}

/** A whole and compact copy as of one moment; the service goes on meanwhile. Returns its size in bytes. */
export function backup(database: string, to: string): number {
  if (!existsSync(database)) throw new UpkeepError(`There is no database at ${database}.`)
  if (existsSync(to)) throw new UpkeepError(`${to} exists already. Choose another name; a backup never overwrites.`)
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  const db = openFile(database, { readonly: true, timeout: 10_000 })
  try {
    db.prepare('VACUUM INTO ?').run(unfinished)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw new UpkeepError(`The backup could not be written to ${to}: ${error instanceof Error ? error.message : error}`, { cause: error })
  } finally {
    db.close()
  }
  verify(unfinished)
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, to)
  return statSync(to).size
}

/** Throws UpkeepError when the file is no sound database. */
function verify(file: string): void {
  try {
    const db = openFile(file, { readonly: true, fileMustExist: true })
    try {
      const found = db.prepare('PRAGMA integrity_check').pluck().get()
      if (found !== 'ok') throw new UpkeepError(`${file} is damaged: ${found}`)
    } finally {
      db.close()
    }
  } catch (error) {
    if (error instanceof UpkeepError) throw error
    throw new UpkeepError(`${file} is no readable database: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

/**
 * Puts a backup in the database's place, after it was found sound and not newer than this version. The database that was there
 * is kept beside it; its name is returned. Only while no service runs.
 */
export function restore(database: string, from: string, migrations: string): string | undefined {
  if (!existsSync(from)) throw new UpkeepError(`There is no file ${from}.`)
  verify(from)
  const fresh = `${database}.restoring`
  rmSync(fresh, { force: true })
  const source = openFile(from, { readonly: true })
  try {
    const known = source.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migration'").get()
    if (!known) throw new UpkeepError(`${from} is a database, but not one of a club.`)
    checkSchema(source, migrations)
    source.prepare('VACUUM INTO ?').run(fresh)
  } finally {
    source.close()
  }
  const kept = existsSync(database) ? `${database}.before-restore-${Date.now()}` : undefined
  if (kept) {
    // Everything of the old database must be in its one file before it is set aside.
    const old = openFile(database)
    old.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    old.close()
    renameSync(database, kept)
  }
  for (const part of ['-wal', '-shm']) rmSync(`${database}${part}`, { force: true })
  renameSync(fresh, database)
  return kept
}

/** Facts of the file for `club doctor`. Changes nothing. */
export function inspect(
  database: string,
  migrations: string,
): { integrity: string; bytes: number; clubs: number; members: number; acts: number; overdue: number; omitted: number } {
  const db = openFile(database, { readonly: true, fileMustExist: true })
  try {
    checkSchema(db, migrations)
    const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0
    return {
      integrity: String(db.prepare('PRAGMA integrity_check').pluck().get()),
      bytes: statSync(database).size,
      clubs: count('club'),
      members: count('member'),
      acts: count('act'),
      omitted: count('post WHERE state = 3'),
      overdue:
        db
          .prepare<[number], number>('SELECT count(*) FROM post WHERE state = 0 AND try_at < ?')
          .pluck()
          .get(Date.now() - 3_600_000) ?? 0,
    }
  } finally {
    db.close()
  }
}
