// Purpose: what an operator does to the database file: back it up while the service runs, put a backup in its place, look after it.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { checkSchema, outdated, SchemaError } from '../migrate.ts'
import { openFile } from './database.ts'
import { erasedFile, memoryOf, readErased, writeErased } from './erasures.ts'
import { moveInPlace, syncToDisk } from './files.ts'
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

interface BackupOptions {
  /** Takes the place of a backup of that name, once this one is good. */
  readonly replace?: boolean
}

/** A whole and compact copy as of one moment; the service goes on meanwhile. Returns its size in bytes. */
export function backup(database: string, to: string, { replace = false }: BackupOptions = {}): number {
  if (!existsSync(database)) throw new UpkeepError(`There is no database at ${database}.`)
  if (existsSync(to) && !replace) throw new UpkeepError(`${to} exists already. Choose another name; a backup never overwrites.`)
  const unfinished = `${to}.unfinished-${process.pid}`
  const db = openFile(database, { readonly: true, timeout: 10_000 })
  try {
    copyInto(db, unfinished)
    moveInPlace(unfinished, to)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw new UpkeepError(`The backup could not be written to ${to}: ${reasonOf(error)}`, { cause: error })
  } finally {
    db.close()
  }
  return statSync(to).size
}

/** A sound and compact copy, readable for its owner alone from its first byte on. */
function copyInto(db: Database.Database, to: string): void {
  rmSync(to, { force: true })
  // SQLite writes into an empty file as into none.
  writeFileSync(to, '', { mode: 0o600, flag: 'wx' })
  db.prepare('VACUUM INTO ?').run(to)
  verify(to)
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  const isDisk = /^(SQLITE_FULL|SQLITE_IOERR|ENOSPC|EDQUOT|EFBIG)/.test(code)
  return isDisk ? `${message}. It takes as much room again as the database has, on a sound disk: make room, then try again` : message
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

export interface Restored {
  /** Where the database that was there is kept now. */
  readonly kept?: string
  /** When the backup was made (epoch ms). */
  readonly madeAt: number
  /** Until when deletions are known here (epoch ms); undefined: until now, as the list of the database that was there was found. */
  readonly erasuresUntil?: number
}

/**
 * Puts a backup in the database's place, after it was found sound and not newer than this version. The database that was there is kept
 * beside it, also a damaged one. Killed at any moment, it leaves the old database or the new one, whole. Deletions from after the backup,
 * as told by the database that was there, by the file beside it and by the backups in `folders`, are due in the new one (store.erasuresDue).
 * Only while no service runs.
 */
export function restore(database: string, from: string, migrations: string, folders: readonly string[]): Restored {
  if (!existsSync(from)) throw new UpkeepError(`There is no file ${from}.`)
  verify(from)
  mkdirSync(dirname(database), { recursive: true })
  const fresh = `${database}.restoring`
  const source = openFile(from, { readonly: true })
  try {
    const known = source.prepare("SELECT count(*) FROM sqlite_master WHERE name IN ('migration', 'club', 'member', 'memo')").pluck().get()
    if (known !== 4) throw new UpkeepError(`${from} is a database, but not one of a club.`)
    checkSchema(source, migrations)
    copyInto(source, fresh)
  } catch (error) {
    rmSync(fresh, { force: true })
    if (error instanceof UpkeepError || error instanceof SchemaError) throw error
    throw new UpkeepError(`The backup could not be copied to ${fresh}: ${reasonOf(error)}`, { cause: error })
  } finally {
    source.close()
  }
  const kept = existsSync(database) ? `${database}${asideMark}${Date.now()}` : undefined
  try {
    // Before anybody opens a damaged one, because SQLite may throw away what stands beside it.
    if (kept) for (const part of parts) if (existsSync(database + part)) linkOrCopy(database + part, kept + part)
    const { madeAt, erasuresUntil } = gatherErasures(database, from, folders)
    if (kept) clearBeside(database)
    moveInPlace(fresh, database)
    return { ...(kept && { kept }), madeAt, ...(erasuresUntil && { erasuresUntil }) }
  } catch (error) {
    rmSync(fresh, { force: true })
    throw new UpkeepError(`The backup could not be put in place: ${reasonOf(error)}`, { cause: error })
  }
}

/**
 * Writes all that is known of this club's deletions to the file beside the database. Tells until when that is, if neither that file was there
 * nor the database of which this is a backup.
 */
function gatherErasures(database: string, from: string, folders: readonly string[]): Pick<Restored, 'madeAt' | 'erasuresUntil'> {
  const file = erasedFile(database)
  const own = memoryOf(from)
  if (!own) throw new UpkeepError(`${from} cannot be read any more`)
  const memories = [...new Set([...folders, dirname(from)])]
    .flatMap(databasesIn)
    .concat(database, from)
    .flatMap((path) => {
      const memory = memoryOf(path)
      return memory && memory.began === own.began ? { path, ...memory } : []
    })
  const isWhole = existsSync(file) || memories.some(({ path }) => path === database)
  writeErased(file, [...readErased(file), ...memories.flatMap(({ erasures }) => erasures)])
  return { madeAt: own.until, ...(!isWhole && { erasuresUntil: Math.max(...memories.map(({ until }) => until)) }) }
}

function databasesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => (name.endsWith('.db') ? [join(folder, name)] : []))
}

/** A database and what holds its last changes. */
const parts = ['', '-wal', '-journal']

/** Brings all of a database into its one file, so that nothing beside it is taken for the next one's. A damaged one stays as it is. */
function clearBeside(database: string): void {
  const old = openFile(database)
  try {
    old.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // It has its second name, with all that belongs to it.
  } finally {
    old.close()
  }
  for (const part of ['-wal', '-shm', '-journal']) rmSync(database + part, { force: true })
}

/** A second name takes no room. Where a disk knows no second names it is a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
    syncToDisk(to)
  }
}

/** In the names of databases that a restore replaced; the instant follows. */
export const asideMark = '.before-restore-'

/** The newest schema that the database has had, when this version brings newer ones: then it is about to be upgraded. */
export function schemaBeforeUpgrade(database: string, migrations: string): number | undefined {
  if (!existsSync(database)) return undefined
  const db = openFile(database, { readonly: true })
  try {
    return outdated(db, migrations)
  } finally {
    db.close()
  }
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
