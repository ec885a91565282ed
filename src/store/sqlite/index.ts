// Purpose: the store on SQLite, one file, for one process.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { migrate } from '../migrate.ts'
import type { Store } from '../store.ts'
import { groupCommit } from './commit.ts'
import { openFile } from './database.ts'
import { ledgerVerbs } from './ledger.ts'
import { createPauses, createRows, memberVerbs } from './members.ts'
import { createPlanner, outboxVerbs, roomVerbs } from './outbox.ts'
import { platformVerbs } from './platforms.ts'
import { createWithdrawal, pollVerbs } from './polls.ts'
import { createRanks, rankVerbs } from './ranks.ts'

/** How long an opening waits for a lock of another process. Nobody is served yet, so this may hold up everything. */
const openingPatienceMs = 1_000

/** Opens the file with the settings that make a commit durable. `FULL` costs nothing in a group (see docs/architecture.md). */
export function openDatabase(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true })
  const db = openFile(file, { timeout: openingPatienceMs })
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = FULL')
  db.exec('PRAGMA foreign_keys = ON')
  db.exec('PRAGMA wal_autocheckpoint = 16384')
  db.exec('PRAGMA cache_size = -65536')
  db.exec('PRAGMA temp_store = MEMORY')
  return db
}

/** Opens and migrates the database. Throws SchemaError when it does not fit this version. */
export function openSqliteStore(file: string, migrations: string): Store {
  const db = openDatabase(file)
  try {
    migrate(db, migrations)
  } catch (error) {
    db.close()
    throw error
  }
  return storeOn(db)
}

/** The store on an open, migrated database. */
export function storeOn(db: Database.Database): Store {
  // From here on a wait for a lock would hold up every member: writes wait without it (commit.ts), and reads need no lock.
  db.exec('PRAGMA busy_timeout = 0')
  const ranks = createRanks(db)
  const write = groupCommit(db, ranks.forget)
  const rows = createRows(db)
  const pauses = createPauses(db)
  const plan = createPlanner(db, rows)
  return {
    ...memberVerbs(db, write, { rows, pauses, ranks, withdraw: createWithdrawal(db), plan }),
    ...ledgerVerbs(db, write, rows, pauses, ranks),
    ...rankVerbs(db, write, rows.club, ranks),
    ...pollVerbs(db, write, rows),
    ...outboxVerbs(db, write, rows, plan),
    ...roomVerbs(db, write, rows),
    ...platformVerbs(db, write, rows),
    async close() {
      // Whoever asked for what could not be written was told so.
      await write(() => {}).catch(() => {})
      db.close()
    },
  }
}
