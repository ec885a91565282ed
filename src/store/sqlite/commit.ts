// Purpose: group commit. Writes that arrive together share one durable transaction; a failing one fails alone.
import Database from 'better-sqlite3'
import { StoreUnavailable } from '../store.ts'

/** Runs `work` inside the next shared transaction and answers once it is on disk. `work` must not await. */
export type Write = <T>(work: () => T) => Promise<T>

interface Job {
  run(): () => void
  fail(error: unknown): void
  /** How long it waits for a lock of another process, on the clock of `performance`. */
  readonly until: number
}

/** What the store knows besides the file: it goes the way of the transaction. */
export interface Remembered {
  /** Returns what takes back everything that is put off from here on. */
  mark(): () => void
  /** Writes what was put off to the end of the group. */
  settle(): void
  /** Something was rolled back: what is remembered of rows is dropped. */
  forget(): void
}

/**
 * How long a write waits while another process (a shell, a copy being made) has the database locked: so short that a member hears of it
 * within the three seconds that Discord and Slack give a form. Nobody else waits meanwhile, and reading goes on.
 */
const lockPatienceMs = 2_000
/** A transaction of so many is not waited for any longer: the next ones would gain nothing by it. */
const groupMost = 64
/** Between two tries to get past such a lock. */
const lockAgainMs = 20

/**
 * `db` must not wait for locks by itself (`busy_timeout` 0): that would hold up the whole process. What is remembered goes
 * the way of the transaction.
 */
export function groupCommit(db: Database.Database, remembered: Remembered): Write {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT one')
  const release = db.prepare('RELEASE one')
  const undo = db.prepare('ROLLBACK TO one')
  let queue: Job[] = []

  /** As long as each turn of the event loop brings more, they are waited for: one act alone loses nothing by it. */
  function gather(before: number): void {
    if (queue.length > before && queue.length < groupMost) setImmediate(gather, queue.length)
    else flush()
  }

  function flush(): void {
    try {
      begin.run()
    } catch (error) {
      notBegun(error)
      return
    }
    const jobs = queue
    queue = []
    const takeBack = remembered.mark()
    const undoAll = () => {
      if (db.inTransaction) rollback.run()
      takeBack()
      remembered.forget()
    }
    let answers: (() => void)[] | undefined
    try {
      answers = together(jobs, undoAll) ?? jobs.map(alone)
      remembered.settle()
      commit.run()
    } catch (error) {
      undoAll()
      const reason = unavailable(error)
      for (const job of jobs) job.fail(reason)
      return
    }
    for (const answer of answers) answer()
  }

  /** All in one go, which nearly always goes well; else undefined, and it is as if nothing had been done. */
  function together(jobs: readonly Job[], undoAll: () => void): (() => void)[] | undefined {
    try {
      return jobs.map((job) => job.run())
    } catch (error) {
      if (!isOwn(error)) throw error
      undoAll()
      begin.run()
      return undefined
    }
  }

  /** Behind another process's lock everybody waits their time, first come, first told; any other failure is told at once. */
  function notBegun(error: unknown): void {
    const now = performance.now()
    const waiting = isBusy(error) ? queue.filter(({ until }) => until > now) : []
    const told = queue.slice(0, queue.length - waiting.length)
    queue = waiting
    if (queue.length > 0) setTimeout(flush, lockAgainMs)
    const reason = unavailable(error)
    for (const job of told) job.fail(reason)
  }

  /** A failure inside one job is undone to its savepoint. With one SQLite keeps each page that the job changes twice: so only when one fails. */
  function alone(job: Job): () => void {
    savepoint.run()
    const takeBack = remembered.mark()
    try {
      const answer = job.run()
      release.run()
      return answer
    } catch (error) {
      if (!isOwn(error)) throw error
      undo.run()
      release.run()
      takeBack()
      remembered.forget()
      return () => job.fail(error)
    }
  }

  /** It is about one job. Otherwise SQLite has given up the whole transaction (a full disk does that), or cannot write at all. */
  const isOwn = (error: unknown): boolean => db.inTransaction && unavailable(error) === error

  return (work) =>
    new Promise((resolve, reject) => {
      queue.push({
        run() {
          const value = work()
          return () => resolve(value)
        },
        fail: reject,
        until: performance.now() + lockPatienceMs,
      })
      if (queue.length === 1) setImmediate(gather, 0)
    })
}

/** True while another connection has the lock that is needed. */
export const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')

/** Source: https://www.sqlite.org/rescode.html */
const unavailableCodes = /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|PROTOCOL|NOMEM|CORRUPT|NOTADB)/

function unavailable(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError) || !unavailableCodes.test(error.code)) return error
  return new StoreUnavailable(`The database cannot be written: ${error.message} (${error.code})`, { cause: error })
}
