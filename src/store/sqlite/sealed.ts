// Purpose: what is sealed in the file, where it lies, and with which keys.
import type Database from 'better-sqlite3'
import type { Seal } from '../../seal.ts'

/** The database was sealed with a key that is not here. */
export class KeyMissing extends Error {}

/** Every table with a column `sealed`, what its rows are known by, and a value before the first. */
export const sealedTables = [
  { table: 'note', row: 'act', before: 0 },
  { table: 'message', row: 'id', before: 0 },
  { table: 'secret', row: 'name', before: '' },
] as const

type SealedTable = (typeof sealedTables)[number]['table']

/** Where a sealed text lies. Bound to its row, it cannot be put into somebody else's. */
export const placeOf = (table: SealedTable, row: number | string): string => `${table}:${row}`

/** Throws KeyMissing unless everything that is sealed here can be opened. */
export function checkKeys(db: Database.Database, seal: Seal): void {
  const missing = keysIn(db).filter((id) => !seal.keys.includes(id))
  if (missing.length === 0) return
  throw new KeyMissing(
    `CLUB_KEY: ${db.name} was sealed with the key ${missing.join(' and ')}, and what is here is ${seal.keys.join(', ')}. Put it back: CLUB_KEY, ` +
      `CLUB_KEY_OLD, or the key file ${db.name}.key. Nothing was changed. If it is lost for good, \`npm run club -- rekey lost\` ` +
      'deletes what only it could open (lines, the web room’s messages, the tokens of workspaces) and keeps all else.',
  )
}

/** Writes down that from now on this key seals here too. */
export function keepKey(db: Database.Database, { keys: [newest] }: Seal): void {
  if (!keysIn(db).includes(newest)) db.prepare('INSERT INTO seal_key (id) VALUES (?)').run(newest)
}

/** The ids of the keys that texts here are sealed with; none while nothing is sealed yet. */
export function keysIn(db: Database.Database): string[] {
  if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'seal_key'").get()) return []
  return db.prepare<[], string>('SELECT id FROM seal_key ORDER BY id').pluck().all()
}
