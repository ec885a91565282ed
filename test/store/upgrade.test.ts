// Purpose: a database of each earlier schema, written by the program of its time, opens with this one and holds what it held.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Club, Member } from '../../src/club/club.ts'
import type { StreakState } from '../../src/club/streak.ts'
import { currentStreak, foldOf } from '../../src/record.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Act, Answer, Poll, Post, PostKind, StoredStreak, Vote } from '../../src/store/store.ts'
import { program } from '../support/service.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

/** What the program that wrote the database said was in it. */
interface Told {
  readonly now: number
  readonly club: Club
  readonly members: readonly {
    readonly member: Member
    readonly stored: StoredStreak
    readonly now: StreakState
    readonly acts: readonly Act[]
    readonly answers: readonly Answer[]
    readonly votes: readonly (Vote & { readonly poll: number })[]
  }[]
  readonly polls: readonly Poll[]
  readonly posts: readonly Post[]
}

const fixtures = new URL('../fixtures/databases/', import.meta.url).pathname
const unpacked = (name: string) => gunzipSync(readFileSync(join(fixtures, `${name}.gz`)))
const told = (schema: string) => JSON.parse(unpacked(`${schema}.json`).toString()) as Told

/** A copy of the database of this schema, in a folder of its own. */
function databaseOf(schema: string): { folder: string; file: string } {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  writeFileSync(file, unpacked(`${schema}.db`))
  return { folder, file }
}

const schemas = readdirSync(fixtures)
  .filter((name) => name.endsWith('.db.gz'))
  .map((name) => name.slice(0, 4))
const numbers = readdirSync(migrations).map((name) => name.slice(0, 4))

test('every schema before the newest has a database here', () => {
  const missing = numbers
    .sort()
    .slice(0, -1)
    .filter((number) => !schemas.includes(number))
  expect(missing, 'test/fixtures/databases/README.md says how one is made').toEqual([])
})

describe.each(schemas)('a database of schema %s', (schema) => {
  test('opens, is brought up to date, and holds the same members, acts, polls, posts and streaks', async () => {
    const { file } = databaseOf(schema)
    const { now, club, members, polls, posts } = told(schema)
    expect(members.map(({ now: { total } }) => total).sort()).toEqual([12, 28, 28, 31, 32, 33])
    const store = openSqliteStore(file, migrations, testSeal)
    onTestFinished(() => store.close())

    expect(await store.clubs()).toEqual([club.id])
    expect(await store.club(club.id)).toEqual(club)
    expect(await store.members(club.id, undefined, 100)).toEqual(members.map(({ member }) => member))
    expect(await store.polls(club.id, 100)).toEqual(polls)
    const kinds = [...new Set(posts.map(({ kind }) => kind))] as PostKind[]
    expect(await store.posts(club.id, kinds, 500)).toEqual(posts)
    for (const { member, stored, now: state, acts, answers, votes } of members) {
      expect(await store.acts(club.id, member.id)).toEqual(acts)
      expect(await store.answers(club.id, member.id)).toEqual(answers)
      expect(await store.votes(club.id, member.id)).toEqual(votes)
      expect(await store.streak(club.id, member.id)).toEqual(stored)
      // The cache says what it said, and so does the ledger, folded from nothing.
      const { revision: _, ...cached } = stored
      if (stored.epoch === club.epoch) expect(await foldOf({ store, club, member }, stored.state.day)).toEqual(cached)
      expect((await currentStreak({ store, club, member }, now)).state).toEqual(state)
    }
    const db = new Database(file, { readonly: true })
    onTestFinished(() => {
      db.close()
    })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
    expect(db.prepare("SELECT printf('%04d', number) FROM migration ORDER BY number").pluck().all()).toEqual(numbers)
  })
})

test('a database of the first schema needs no streak mended by rebuild', async () => {
  const { folder } = databaseOf('0001')
  const { stdout } = await program('cli', folder, ['rebuild'])
  expect(stdout).toBe(`${told('0001').members.length} streaks folded anew, 0 differed from what was stored\n`)
})

test('an upgrade that is killed in the middle of a migration leaves the old schema whole, and the next start goes on', async () => {
  const { folder, file } = databaseOf('0001')
  const before = readFileSync(file)
  const steps = join(folder, 'migrations')
  cpSync(migrations, steps, { recursive: true })
  const [second = ''] = readdirSync(steps).filter((name) => name.startsWith('0002'))
  const whole = readFileSync(join(steps, second), 'utf8')
  writeFileSync(join(steps, second), `${whole}\nDELETE FROM act;\nSELECT halt();\nDELETE FROM member;`)
  const src = new URL('../../src', import.meta.url).pathname
  const code = `import { writeSync } from 'node:fs'
    import { createSeal } from '${src}/seal.ts'
    import { migrate } from '${src}/store/migrate.ts'
    import { openDatabase } from '${src}/store/sqlite/index.ts'
    const db = openDatabase(process.argv[1])
    db.function('halt', () => { writeSync(1, 'halted'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) })
    migrate(db, process.argv[2], createSeal([Buffer.alloc(32)]))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, '--', file, steps], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  expect(String((await once(child.stdout, 'data'))[0])).toBe('halted')
  child.kill('SIGKILL')
  await exited

  const db = new Database(file)
  expect(db.prepare('SELECT name FROM migration').pluck().all()).toEqual(['0001_club.sql'])
  expect(db.prepare("SELECT name FROM pragma_table_info('post')").pluck().all()).not.toContain('unsure_at')
  db.close()
  expect(existsSync(`${file}-wal`)).toBe(false)
  expect(readFileSync(file).equals(before)).toBe(true)

  const store = openSqliteStore(file, migrations, testSeal)
  onTestFinished(() => store.close())
  for (const { member, acts, stored } of told('0001').members) {
    expect(await store.acts('web:club', member.id)).toEqual(acts)
    expect(await store.streak('web:club', member.id)).toEqual(stored)
  }
})
