// Purpose: somebody with a shell on the club's database, in the middle of a transaction.
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** Locks the database for every other writer, until it is let go. */
export function lockedByShell(file: string): { letGo(): void } {
  const shell = new Database(file)
  shell.exec('BEGIN IMMEDIATE')
  onTestFinished(() => {
    shell.close()
  })
  return { letGo: () => shell.exec('ROLLBACK') }
}
