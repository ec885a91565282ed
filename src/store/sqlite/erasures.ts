// Purpose: the marks of who was deleted: in the database and so in each backup of it, and in a file beside it that outlives it.
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { Seal } from '../../seal.ts'
import { type Erasure, type Store, StoreUnavailable } from '../store.ts'
import type { Write } from './commit.ts'
import { openFile } from './database.ts'
import { replaceFile } from './files.ts'

/** One line an erasure: its instant and its mark. */
export const erasedFile = (database: string): string => `${database}.erased`

const lineOf = ({ at, mark }: Erasure): string => `${at} ${mark}\n`
const linesOf = (erasures: readonly Erasure[]): string => [...new Set(erasures.map(lineOf))].sort().join('')

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** What the file beside a database tells; nothing where there is none. A line that was cut short is left out. */
export function readErased(file: string): Erasure[] {
  return [...textOf(file).matchAll(/^(\d+) (\S+)\n/gm)].map(([, at, mark = '']) => ({ at: Number(at), mark }))
}

/** Writes the file anew, whole or not at all, unless it says just that. */
export function writeErased(file: string, erasures: readonly Erasure[]): void {
  const lines = linesOf(erasures)
  if (lines !== textOf(file)) replaceFile(file, lines)
}

export interface Memory {
  /** When its first migration was applied: the same in a database and in all backups of it, and in no other. */
  readonly began: number
  /** Until when it tells (epoch ms): a file's own time is lost when it is copied, and the program's last sign of life is at most five minutes older. */
  readonly until: number
  readonly erasures: readonly Erasure[]
}

/** The deletions that a club's database file knows of; undefined when it cannot be read. One from before there were marks knows of none. */
export function memoryOf(database: string): Memory | undefined {
  try {
    const db = openFile(database, { readonly: true, fileMustExist: true })
    try {
      const began = Number(db.prepare('SELECT at FROM migration ORDER BY number LIMIT 1').pluck().get())
      const hasMarks = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'erasure'").get() !== undefined
      const beat = Number(db.prepare("SELECT value FROM memo WHERE name = 'beat'").pluck().get()) || Number.POSITIVE_INFINITY
      const until = Math.min(beat, statSync(database).mtimeMs)
      return { began, until, erasures: hasMarks ? db.prepare<[], Erasure>('SELECT at, mark FROM erasure ORDER BY at').all() : [] }
    } finally {
      db.close()
    }
  } catch {
    return undefined
  }
}

export interface Erasures {
  /** Inside the transaction that deletes: who it is. */
  record(club: string, member?: string): void
  /** Once it is committed: tells the file beside the database. Throws StoreUnavailable. */
  carry(): void
}

type Verbs = Pick<Store, 'erasuresDue' | 'erasuresDone' | 'dropErasures'>

export function createErasures(db: Database.Database, write: Write, seal: Seal): Erasures & { readonly verbs: Verbs } {
  const file = erasedFile(db.name)
  const insert = db.prepare('INSERT INTO erasure (at, mark) VALUES (max(?, (SELECT coalesce(max(at), 0) + 1 FROM erasure)), ?)')
  const keep = db.prepare('INSERT OR IGNORE INTO erasure (at, mark) VALUES (@at, @mark)')
  const after = db.prepare<[number], Erasure>('SELECT at, mark FROM erasure WHERE at > ? ORDER BY at')
  const drop = db.prepare('DELETE FROM erasure WHERE at < ? AND at < (SELECT max(at) FROM erasure)')

  const known = after.all(-1)
  const told = readErased(file)
  // A crash leaves the file behind by what was committed last, or with half a line.
  writeErased(file, [...told, ...known])
  /** The newest that the file was told of. */
  let carried = known.at(-1)?.at ?? 0
  // The database is behind the file only where an older one was put in its place.
  let due = told.filter(({ at }) => at > carried)

  return {
    record(club, member) {
      if (due.length > 0) return
      insert.run(Date.now(), seal.marks(member === undefined ? [club] : [club, member])[0])
    },
    carry() {
      const fresh = after.all(carried)
      if (fresh.length === 0 || due.length > 0) return
      try {
        appendFileSync(file, fresh.map(lineOf).join(''), { mode: 0o600, flush: true })
      } catch (error) {
        throw new StoreUnavailable(`${file} cannot be written: ${error instanceof Error ? error.message : error}`, { cause: error })
      }
      carried = fresh.at(-1)?.at ?? carried
    },
    verbs: {
      erasuresDue: async () => due,
      erasuresDone: () =>
        write(() => {
          for (const erasure of due) keep.run(erasure)
        }).then(() => {
          carried = due.at(-1)?.at ?? carried
          due = []
        }),
      dropErasures: (before) =>
        write(() => drop.run(before).changes > 0).then((dropped) => {
          if (dropped) writeErased(file, after.all(-1))
        }),
    },
  }
}
