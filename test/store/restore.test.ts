// Purpose: a backup is put in the database's place whole or not at all, whatever is wrong with it, with the database, or with the machine.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { backup, restore } from '../../src/store/sqlite/upkeep.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

const src = new URL('../../src', import.meta.url).pathname

/** A database of two hundred pages and more that says whose it is. */
async function write(file: string, name: string): Promise<void> {
  const store = openSqliteStore(file, migrations, testSeal)
  await store.setMemo('name', name)
  await Promise.all(Array.from({ length: 200 }, (_, i) => store.setMemo(`filling ${i}`, `${i}`.repeat(1500))))
  await store.close()
}
function nameIn(file: string): string {
  const db = new Database(file)
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    return String(db.prepare("SELECT value FROM memo WHERE name = 'name'").pluck().get())
  } finally {
    db.close()
  }
}

/** A database, and a backup of an earlier one. */
async function both() {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  const from = join(folder, 'from', 'earlier.db')
  await write(file, 'earlier')
  mkdirSync(join(folder, 'from'))
  backup(file, from)
  const store = openSqliteStore(file, migrations, testSeal)
  await store.setMemo('name', 'later')
  await store.close()
  return { folder, file, from }
}
/** One page of noise. */
const harm = (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(4096, 0xa5), bytes.subarray(at + 4096)])

/** What is in the folder but the database's and the backup's own files. */
const besides = (folder: string) => readdirSync(folder).filter((name) => !['club.db', 'from'].includes(name))

describe('a backup that is no good is refused before anything is replaced', () => {
  const harmed: [string, (from: string) => void, string | RegExp][] = [
    ['a damaged page', (from) => writeFileSync(from, harm(readFileSync(from), 40 * 4096)), 'is damaged'],
    [
      'cut to its half',
      (from) => writeFileSync(from, readFileSync(from).subarray(0, statSync(from).size / 2)),
      /damaged|no readable database/,
    ],
    ['cut in a page', (from) => writeFileSync(from, readFileSync(from).subarray(0, 10_000)), /damaged|no readable database/],
    ['cut by one page', (from) => writeFileSync(from, readFileSync(from).subarray(0, -4096)), /damaged|no readable database/],
    ['nothing in it', (from) => writeFileSync(from, ''), 'not one of a club'],
    ['no database', (from) => writeFileSync(from, 'noise'.repeat(5000)), 'no readable database'],
    ['of something else', (from) => change(from, 'DROP TABLE member'), 'not one of a club'],
    ['of a newer version', (from) => change(from, "INSERT INTO migration VALUES (9999, '9999_future.sql', 'x', 0)"), '9999_future.sql'],
    ['of other migrations', (from) => change(from, "UPDATE migration SET hash = 'x' WHERE number = 2"), 'was edited after it was applied'],
  ]
  function change(file: string, sql: string): void {
    const db = new Database(file)
    db.pragma('foreign_keys = OFF')
    db.exec(sql)
    db.close()
  }

  test.each(harmed)('%s', async (_, spoil, words) => {
    const { folder, file, from } = await both()
    spoil(from)
    const before = readFileSync(file)
    expect(() => restore(file, from, migrations, [])).toThrow(words)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(besides(folder)).toEqual([])
  })
})

test('what was there is kept beside it, and both are readable for their owner alone', async () => {
  const { file, from } = await both()
  const { kept = '' } = restore(file, from, migrations, [])
  expect([nameIn(file), nameIn(kept)]).toEqual(['earlier', 'later'])
  for (const path of [file, from]) expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a database that is damaged is replaced too, and kept with all that belongs to it', async () => {
  const { file, from } = await both()
  writeFileSync(file, 'noise'.repeat(5000))
  writeFileSync(`${file}-wal`, 'more noise')
  const { kept = '' } = restore(file, from, migrations, [])
  expect(nameIn(file)).toBe('earlier')
  expect(readFileSync(kept, 'utf8')).toMatch(/^noise/)
  expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('more noise')
})

test('killed at any step, it leaves the old database or the new one, whole, and can be done again', { timeout: 240_000 }, async () => {
  const { file, from } = await both()
  // As after a crash: what was written last is in the log beside the file alone.
  const db = new Database(file)
  db.exec("PRAGMA wal_autocheckpoint = 0; UPDATE memo SET value = 'last' WHERE name = 'name'")
  const crashed = tempFolder()
  for (const name of ['club.db', 'club.db-wal']) copyFileSync(join(file, '..', name), join(crashed, name))
  db.close()
  const dying = `import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    import { restore } from '${src}/store/sqlite/upkeep.ts'
    const [file, from, migrations, step] = process.argv.slice(1)
    let left = Number(step)
    for (const name of ['linkSync', 'renameSync', 'rmSync', 'writeFileSync', 'fsyncSync']) {
      const real = fs[name]
      fs[name] = (...args) => (left-- === 0 ? process.kill(process.pid, 'SIGKILL') : real(...args))
    }
    syncBuiltinESMExports()
    restore(file, from, migrations, [])`
  const names: string[] = []
  for (let step = 0; ; step++) {
    const folder = tempFolder()
    cpSync(crashed, folder, { recursive: true })
    const there = join(folder, 'club.db')
    const command = ['--import', 'tsx', '--input-type=module', '-e', dying, '--', there, from, migrations, String(step)]
    const { signal, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
    expect(stderr).toBe('')
    names.push(nameIn(there))
    if (signal === null) break
    restore(there, from, migrations, [])
    expect(nameIn(there)).toBe('earlier')
  }
  // First the old one, then the new one, and nothing between.
  expect(names.length).toBeGreaterThan(6)
  expect([...names].sort().reverse()).toEqual(names)
  expect([...new Set(names)]).toEqual(['last', 'earlier'])
})

test('without room for it nothing is replaced or left, and it says what to do', async () => {
  const { folder, file, from } = await both()
  // No file of that process may grow beyond a quarter of a megabyte.
  const code = `import { restore } from '${src}/store/sqlite/upkeep.ts'
    try { restore(...process.argv.slice(1, 4), []) } catch (error) { console.log(error.message) }`
  const command = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', code, '--', file, from, migrations]
  const { stdout } = spawnSync('sh', ['-c', `ulimit -f ${(256 * 1024) / 512}; exec "$@"`, 'sh', ...command], { encoding: 'utf8' })
  expect(stdout).toMatch(/could not be copied to .*club\.db\.restoring: .*make room, then try again/)
  expect(nameIn(file)).toBe('later')
  expect(besides(folder)).toEqual([])
})

test('a backup that cannot be finished leaves nothing behind, and one that can replaces an older one only when it is good', async () => {
  const { folder, file, from } = await both()
  expect(() => backup(file, join(folder, 'nowhere', 'copy.db'))).toThrow('could not be written')
  expect(() => backup(file, from)).toThrow('exists already')
  backup(file, from, { replace: true })
  expect(nameIn(from)).toBe('later')
  writeFileSync(file, readFileSync(file).fill(0xa5, 10 * 4096))
  expect(() => backup(file, from, { replace: true })).toThrow()
  expect(nameIn(from)).toBe('later')
  expect(readdirSync(join(folder, 'from'))).toEqual(['earlier.db'])
})
