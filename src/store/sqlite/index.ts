// Purpose: the store on SQLite, one file, for one process.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import type { Seal } from '../../seal.ts'
import { migrate } from '../migrate.ts'
import type { Store } from '../store.ts'
import { groupCommit, isBusy } from './commit.ts'
import { keepPrivate, openFile } from './database.ts'
import { createErasures } from './erasures.ts'
import { ledgerVerbs } from './ledger.ts'
import { createPauses, createRows, memberVerbs } from './members.ts'
import { createPlanner, createTouch, outboxVerbs, roomVerbs } from './outbox.ts'
import { platformVerbs } from './platforms.ts'
import { createWithdrawal, pollVerbs } from './polls.ts'
import { createRanks, rankVerbs } from './ranks.ts'
import { checkKeys, keepKey } from './sealed.ts'
import { createWipe } from './wipe.ts'

/** How long an opening waits for a lock of another process. Nobody is served yet, so this may hold up everything. */
const openingPatienceMs = 1_000

/** Opens the file with the settings that make a commit durable. `FULL` costs nothing in a group (see docs/architecture.md). */
export function openDatabase(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true })
  const db = openFile(file, { timeout: openingPatienceMs })
  // Before there is a log: it is made with the rights of the file.
  keepPrivate(file)
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = FULL')
  db.exec('PRAGMA foreign_keys = ON')
  db.exec('PRAGMA secure_delete = ON')
  db.exec('PRAGMA wal_autocheckpoint = 16384')
  db.exec('PRAGMA cache_size = -65536')
  db.exec('PRAGMA temp_store = MEMORY')
  return db
}

/** Opens the database, brings it up to date and sees to its keys. Throws SchemaError and KeyMissing when it does not fit, and SealBroken. */
export function openSqliteStore(file: string, migrations: string, seal: Seal): Store {
  const db = openDatabase(file)
  try {
    checkKeys(db, seal)
    migrate(db, migrations, seal)
    keepKey(db, seal)
    assertWritable(db)
    compact(db)
  } catch (error) {
    db.close()
    throw error
  }
  return storeOn(db, seal)
}

/** Throws when the file can only be read: it opens all the same, and would refuse every member. A lock of somebody's will go. */
function assertWritable(db: Database.Database): void {
  try {
    db.exec('DELETE FROM migration WHERE false')
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}

/** Leaves nothing in the files of what was deleted or overwritten before: a crash may have come between, and once the file is written anew. */
function compact(db: Database.Database): void {
  if (db.prepare("SELECT 1 FROM memo WHERE name = 'compact'").get() !== undefined) {
    db.exec('VACUUM')
    db.exec("DELETE FROM memo WHERE name = 'compact'")
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** The store on an open database that is up to date. */
export function storeOn(db: Database.Database, seal: Seal): Store {
  // From here on a wait for a lock would hold up every member: writes wait without it (commit.ts), and reads need no lock.
  db.exec('PRAGMA busy_timeout = 0')
  const ranks = createRanks(db)
  const rows = createRows(db)
  const forget = () => {
    ranks.forget()
    rows.forget()
  }
  const write = groupCommit(db, { mark: ranks.mark, settle: ranks.settle, forget })
  const pauses = createPauses(db)
  const wipe = createWipe(db)
  const plan = createPlanner(db, rows)
  const touch = createTouch(db)
  // What stands in the place of a day's lesson (a quiet line, a look-back) shows no count.
  const touchCount = createTouch(db, "kind IN ('lesson', 'review')")
  const erasures = createErasures(db, write, seal)
  return {
    ...memberVerbs(db, write, { rows, pauses, ranks, wipe, withdraw: createWithdrawal(db), plan, erasures }),
    ...ledgerVerbs(db, write, { rows, pauses, ranks, touchCount, seal }),
    ...rankVerbs(db, write, rows.club, ranks),
    ...pollVerbs(db, write, rows),
    ...outboxVerbs(db, write, { rows, plan, touch }),
    ...roomVerbs(db, write, { rows, ranks, seal }),
    ...platformVerbs(db, write, rows, seal),
    ...erasures.verbs,
    tidy: async () => wipe.tidy(),
    async close() {
      // Whoever asked for what could not be written was told so.
      await write(() => {}).catch(() => {})
      db.close()
    },
  }
}
