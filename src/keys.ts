// Purpose: where the keys are that seal the database: in the settings, or in a file beside it that is in no backup.
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from './config.ts'
import { keyBytes } from './seal.ts'

/** The key file holds something else than keys. */
export class KeyFileBroken extends Error {}

type Settings = Pick<Config, 'CLUB_KEY' | 'CLUB_KEY_OLD' | 'DATABASE_URL'>

const keyFileOf = (database: string): string => `${database}.key`

/**
 * The keys that there are, the one to seal with first: CLUB_KEY, else the newest of the key file. The others open what was sealed before.
 * Throws KeyFileBroken.
 */
export function readKeys({ CLUB_KEY, CLUB_KEY_OLD, DATABASE_URL }: Settings): Buffer[] {
  const given = (key: string | undefined) => (key === undefined ? [] : [Buffer.from(key, 'hex')])
  return [...given(CLUB_KEY), ...keysIn(keyFileOf(DATABASE_URL)), ...given(CLUB_KEY_OLD)]
}

/** As `readKeys`; without CLUB_KEY and without a key file one is made now. */
export function keysOf(settings: Settings): [Buffer, ...Buffer[]] {
  if (settings.CLUB_KEY === undefined && !existsSync(keyFileOf(settings.DATABASE_URL))) addKey(settings.DATABASE_URL)
  const [newest, ...older] = readKeys(settings)
  if (!newest) throw new KeyFileBroken(`${keyFileOf(settings.DATABASE_URL)} holds no key.`)
  return [newest, ...older]
}

/** Puts a new key on top of the key file. Those below stay: texts that are not sealed anew yet need them, and older backups. */
export function addKey(database: string): void {
  const file = keyFileOf(database)
  const keys = [randomBytes(keyBytes), ...keysIn(file)]
  // Whole or not at all: a key file that was cut short would be as bad as none.
  const fresh = `${file}.new`
  writeFileSync(fresh, keys.map((key) => `${key.toString('hex')}\n`).join(''), { mode: 0o600, flush: true })
  renameSync(fresh, file)
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function keysIn(file: string): Buffer[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0 || lines.some((line) => !/^[0-9a-f]{64}$/i.test(line)))
    throw new KeyFileBroken(`${file} is to hold keys of 64 hexadecimal digits, one a line, the newest first. Put back a copy of it`)
  return lines.map((line) => Buffer.from(line, 'hex'))
}
