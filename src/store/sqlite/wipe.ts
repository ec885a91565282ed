// Purpose: takes from the files what was erased. Its pages are overwritten at once, but until the log is emptied both files hold older images of them.
import Database from 'better-sqlite3'

export interface Wipe {
  /** Something was erased. Done again at the next `tidy`, for what follows from an erasure a little later. */
  erased(): void
  tidy(): void
}

export function createWipe(db: Database.Database): Wipe {
  const empty = db.prepare<[], { busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')
  let due = false

  /** False while somebody else reads the database, such as a backup, or while the disk is in trouble: the next tick tries again. */
  function emptied(): boolean {
    try {
      return empty.get()?.busy === 0
    } catch (error) {
      if (error instanceof Database.SqliteError) return false
      throw error
    }
  }

  return {
    erased() {
      due = true
      emptied()
    },
    tidy() {
      if (due) due = !emptied()
    },
  }
}
