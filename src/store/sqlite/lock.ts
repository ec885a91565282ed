// Purpose: one service a database. The lock is a file of its own beside it, held by the operating system, so that kill -9 frees it.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { openFile } from './database.ts'

/** Another process holds the lock. */
export class LockHeld extends Error {}

/** Takes the lock and returns what frees it. Throws LockHeld at once when another process has it. */
export function takeLock(databaseFile: string): () => void {
  const file = `${databaseFile}.lock`
  mkdirSync(dirname(file), { recursive: true })
  const lock = openFile(file, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw new LockHeld(file, { cause: error })
    throw error
  }
  return () => lock.close()
}

/** True while a service runs on this database. */
export function isLocked(databaseFile: string): boolean {
  try {
    takeLock(databaseFile)()
    return false
  } catch (error) {
    if (error instanceof LockHeld) return true
    throw error
  }
}
