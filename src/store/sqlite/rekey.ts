// Purpose: what an operator does to what is sealed: gives it another key, looks whether it opens, gives up what is lost.
import type Database from 'better-sqlite3'
import { keyIdIn, type Seal, tryOpen } from '../../seal.ts'
import { migrate } from '../migrate.ts'
import { openFile } from './database.ts'
import { openDatabase } from './index.ts'
import { checkKeys, keepKey, keysIn, placeOf, sealedTables } from './sealed.ts'

/** The ids of the keys that a database is sealed with; none while it was sealed with none. Changes nothing. */
export function keysOfFile(file: string): string[] {
  return reading(file, keysIn)
}

/** Opens every sealed text: how many there are, how many of them under an older key, and how many cannot be opened. Changes nothing. */
export function lookAtSeals(file: string, seal: Seal): { all: number; older: number; broken: number } {
  return reading(file, (db) => {
    const found = { all: 0, older: 0, broken: 0 }
    for (const place of sealedTables) {
      for (const rows of portions(db, place)) {
        for (const { row, sealed } of rows) {
          found.all += 1
          found.older += Number(keyIdIn(sealed) !== seal.keys[0])
          found.broken += Number(tryOpen(seal, placeOf(place.table, row), sealed) === undefined)
        }
      }
    }
    return found
  })
}

function reading<T>(file: string, look: (db: Database.Database) => T): T {
  const db = openFile(file, { readonly: true, fileMustExist: true })
  try {
    return look(db)
  } finally {
    db.close()
  }
}

/**
 * Seals everything with the newest key. What cannot be opened stays as it is, or is deleted with `dropLost`; returns how many of each. May be
 * cut short anywhere and begun again: each text names its key. Only while no service runs. Throws KeyMissing, unless what is lost is dropped.
 */
export function rekey(file: string, migrations: string, seal: Seal, { dropLost }: { dropLost: boolean }): { sealed: number; lost: number } {
  const db = openDatabase(file)
  try {
    if (!dropLost) checkKeys(db, seal)
    migrate(db, migrations, seal)
    keepKey(db, seal)
    const done = { sealed: 0, lost: 0 }
    for (const place of sealedTables) sealAnew(db, seal, place, dropLost, done)
    db.prepare('DELETE FROM seal_key WHERE id <> ?').run(seal.keys[0])
    // What was sealed with the key before is gone from the files, too.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return done
  } finally {
    db.close()
  }
}

type Place = (typeof sealedTables)[number]

function sealAnew(db: Database.Database, seal: Seal, place: Place, dropLost: boolean, done: { sealed: number; lost: number }): void {
  const { table, row: column } = place
  const change = db.prepare(`UPDATE ${table} SET sealed = ? WHERE ${column} = ?`)
  const drop = db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`)
  const renew = db.transaction((rows: Sealed[]) => {
    for (const { row, sealed } of rows) {
      const text = tryOpen(seal, placeOf(table, row), sealed)
      if (text === undefined) {
        done.lost += 1
        if (dropLost) drop.run(row)
      } else if (keyIdIn(sealed) !== seal.keys[0]) {
        done.sealed += 1
        change.run(seal.close(placeOf(table, row), text), row)
      }
    }
  })
  for (const rows of portions(db, place)) renew.immediate(rows)
}

interface Sealed {
  row: number | string
  sealed: Buffer
}

/** Texts that one transaction seals anew. */
const portion = 500

function* portions(db: Database.Database, { table, row, before }: Place): Generator<Sealed[]> {
  const next = db.prepare<[number | string, number], Sealed>(
    `SELECT ${row} AS row, sealed FROM ${table} WHERE ${row} > ? ORDER BY ${row} LIMIT ?`,
  )
  for (let last: number | string | undefined = before; last !== undefined; ) {
    const rows: Sealed[] = next.all(last, portion)
    if (rows.length > 0) yield rows
    last = rows.at(-1)?.row
  }
}
