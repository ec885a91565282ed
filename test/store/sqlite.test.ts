// Purpose: what only the store on SQLite promises: durable groups, its lock, its migrations, small rows and statements without a scan.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addDays } from '../../src/club/calendar.ts'
import { type Club, defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { currentStreak, recordAct } from '../../src/record.ts'
import { checkSchema, migrate, SchemaError } from '../../src/store/migrate.ts'
import { openDatabase, openSqliteStore, storeOn } from '../../src/store/sqlite/index.ts'
import { isLocked, LockHeld, takeLock } from '../../src/store/sqlite/lock.ts'
import { packDay, packStamp, unpackDay, unpackStamp } from '../../src/store/sqlite/pack.ts'
import { actKinds, type Store, StoreUnavailable } from '../../src/store/store.ts'
import { storeContract } from '../contracts/store.ts'
import { lockedByShell } from '../support/shell.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

const day = '2026-03-02'
const noon = Date.parse(`${day}T12:00+09:00`)

function openIn(folder: string): Store {
  const store = openSqliteStore(join(folder, 'club.db'), migrations, testSeal)
  onTestFinished(() => store.close())
  return store
}

storeContract('SQLite', async () => openIn(tempFolder()))

/** A store that lists every statement it runs, with its values. */
function listening(file = join(tempFolder(), 'club.db')) {
  const ran: string[] = []
  const db = new Database(file, { verbose: (sql) => ran.push(String(sql)) })
  db.pragma('journal_mode = WAL')
  db.pragma('foreign_keys = ON')
  migrate(db, migrations, testSeal)
  ran.length = 0
  const store = storeOn(db, testSeal)
  onTestFinished(() => store.close())
  return { store, db, ran, file }
}

async function aClub(store: Store, id = 'web:club'): Promise<Club> {
  await store.saveClub(newClub(id, 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'))
  const club = await store.club(id)
  if (!club) throw new Error('the club was not kept')
  return club
}

const checkIn = (store: Store, club: Club, id: string, at = noon, note?: string) =>
  recordAct({ store, club, member: newMember(club, id, id) }, { kind: 'checkin', at, ...(note !== undefined && { note }) })

/** Runs TypeScript in a process of its own; it is killed when the test ends. */
function inAnotherProcess(code: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

const src = new URL('../../src', import.meta.url).pathname
const holdLock = `import { takeLock } from '${src}/store/sqlite/lock.ts'
  takeLock(process.argv[1]); console.log('held'); setInterval(() => {}, 1000)`

describe('group commit', () => {
  test('writes that are asked for in one turn share one transaction', async () => {
    const { store, ran } = listening()
    const club = await aClub(store)
    ran.length = 0
    await Promise.all(Array.from({ length: 64 }, (_, i) => store.setMemo(`m${i}`, 'x')))
    expect(ran.filter((sql) => /^(BEGIN|COMMIT|ROLLBACK$)/.test(sql))).toEqual(['BEGIN IMMEDIATE', 'COMMIT'])
    await Promise.all(Array.from({ length: 64 }, (_, i) => checkIn(store, club, `member ${i}`)))
    expect(ran.filter((sql) => sql === 'COMMIT').length).toBeLessThanOrEqual(3)
    expect(await store.actorsOn(club.id, day)).toBe(64)
  })

  test('a write is answered once it and its group are on disk, not before', async () => {
    const { store, file } = listening()
    const observer = new Database(file, { readonly: true })
    onTestFinished(() => {
      observer.close()
    })
    const memos = observer.prepare<[], number>('SELECT count(*) FROM memo').pluck()
    const writes = ['a', 'b', 'c'].map((name) => store.setMemo(name, 'x').then(() => memos.get()))
    expect(memos.get()).toBe(0)
    expect(await Promise.all(writes)).toEqual([3, 3, 3])
  })

  test('a write that fails, fails alone', async () => {
    const { store } = listening()
    const club = await aClub(store)
    const [before, broken, after, act] = await Promise.allSettled([
      store.setMemo('before', '1'),
      store.countVote(club.id, newMember(club, 'jun', 'jun'), 99, 'true'),
      store.setMemo('after', '2'),
      checkIn(store, club, 'mina'),
    ])
    expect([before?.status, broken?.status, after?.status, act?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(broken).not.toMatchObject({ reason: expect.any(StoreUnavailable) })
    expect([await store.memo('before'), await store.memo('after')]).toEqual(['1', '2'])
    expect(await store.member(club.id, 'jun')).toBeUndefined()
    expect(await store.acts(club.id, 'mina')).toHaveLength(1)
  })

  test('what was rolled back is not remembered by the boards', async () => {
    const { store, db } = listening()
    const club = await aClub(store)
    for (let i = 0; i < 100; i++) await checkIn(store, club, `m${i}`)
    await db.exec(
      `CREATE TRIGGER no_more BEFORE INSERT ON club_day WHEN new.day = ${packDay(addDays(day, 1))} BEGIN SELECT raise(ABORT, 'no'); END`,
    )
    const failed = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => checkIn(store, club, `late${i}`, noon + 86_400_000)))
    expect(failed.filter(({ status }) => status === 'rejected')).toHaveLength(60)
    db.exec('DROP TRIGGER no_more')
    for (let i = 0; i < 20; i++) await checkIn(store, club, `m${99 - i}`, noon + 86_400_000)
    const top = await store.top(club.id, { board: 'total' }, noon + 86_400_000, 30)
    expect(top.map(({ value }) => value)).toEqual([...Array(20).fill(2), ...Array(10).fill(1)])
    expect(top.slice(0, 20).map(({ member }) => member.id)).toEqual(Array.from({ length: 20 }, (_, i) => `m${99 - i}`))
    expect(top.slice(20).map(({ member }) => member.id)).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}`))
    const above = (value: number) => store.above(club.id, { board: 'total' }, value, noon + 86_400_000)
    expect(await Promise.all([0, 1, 2].map(above))).toEqual([100, 20, 0])
  })
})

describe('the file', () => {
  test('is opened so that a commit survives the machine, and knows its types', () => {
    const db = openDatabase(join(tempFolder(), 'deeper', 'club.db'))
    onTestFinished(() => {
      db.close()
    })
    migrate(db, migrations, testSeal)
    const pragma = (name: string) => db.pragma(name, { simple: true })
    expect(['journal_mode', 'synchronous', 'foreign_keys'].map(pragma)).toEqual(['wal', 2, 1])
    const tables = db.pragma('table_list') as { schema: string; name: string; strict: number }[]
    const own = tables.filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'))
    expect(own.length).toBeGreaterThan(10)
    expect(own.filter(({ strict }) => strict === 0)).toEqual([])
  })

  test('keeps everything over a restart, boards included', async () => {
    const folder = tempFolder()
    const first = openSqliteStore(join(folder, 'club.db'), migrations, testSeal)
    const club = await aClub(first)
    for (let i = 0; i < 150; i++) await checkIn(first, club, `m${i}`)
    await first.close()
    const second = openIn(folder)
    for (let i = 149; i >= 147; i--) await checkIn(second, club, `m${i}`, noon + 86_400_000)
    const top = await second.top(club.id, { board: 'total' }, noon, 5)
    expect(top.map(({ member, value }) => `${member.id} ${value}`)).toEqual(['m149 2', 'm148 2', 'm147 2', 'm0 1', 'm1 1'])
  })

  test('of a deleted club holds no row in any table, and every row of another', async () => {
    const { store, db } = listening()
    const rowsOf = async (club: Club) => {
      const poll = await store.openPoll(club.id, { myth: 'M01', day, closesAt: noon + 1000 })
      const answer = { season: day, lesson: 'L01', question: 0, option: 1, right: false }
      for (const id of ['mina', 'jun']) {
        await recordAct({ store, club, member: newMember(club, id, id) }, { kind: 'answer', at: noon, answer })
        await checkIn(store, club, id, noon + 86_400_000, `line of ${id}`)
      }
      const mina = (await store.member(club.id, 'mina')) ?? newMember(club, 'mina', 'mina')
      await recordAct({ store, club, member: mina }, { kind: 'vote', at: noon, vote: { poll: poll.id, answer: 'true' } })
      await store.countVote(club.id, newMember(club, 'shy', 'shy'), poll.id, 'true')
      const base = { club: club.id, day, season: day, subject: '', dueAt: noon, expiresAt: noon + 1000 }
      await store.enqueue([
        { ...base, key: `lesson:${club.id}`, kind: 'lesson' },
        { ...base, key: `share:${club.id}`, kind: 'share', member: 'jun' },
        { ...base, key: `poll:${club.id}`, kind: 'poll' },
      ])
      await store.omit(`poll:${club.id}`)
      await store.addMessage({ key: `lesson:${club.id}`, at: noon, by: 'onepercent', card: '{}', about: ['mina', 'jun'] })
      await store.keepUpload({ club: club.id, picture: 'p', file: 'F1' })
      // More than a board's list holds, so that it gets an edge.
      for (let i = 0; i < 150; i++) await checkIn(store, club, `m${i}`)
    }
    const everybodyOf = async (club: Club) => {
      for (const { id } of await store.members(club.id, undefined, 200)) await store.deleteMember(club.id, id, noon)
    }
    const tables = db
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('migration', 'memo', 'secret', 'seal_key', 'erasure', 'sqlite_sequence')",
      )
      .pluck()
      .all()
    const counts = () => Object.fromEntries(tables.map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]))
    const contents = () => Object.fromEntries(tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()]))
    const nothing = counts()

    const other = await aClub(store, 'discord:2')
    await rowsOf(other)
    const before = contents()
    const club = await aClub(store, 'discord:1')
    await rowsOf(club)
    // Every table has rows of both, or this test would not see what is left.
    expect(tables.filter((table) => Number(counts()[table]) < 2)).toEqual([])
    await everybodyOf(club)
    await store.deleteClub(club.id)
    expect(contents()).toEqual(before)

    await everybodyOf(other)
    await store.deleteClub(other.id)
    expect(counts()).toEqual(nothing)
    expect(db.pragma('foreign_key_check')).toEqual([])
  })

  test('a list whose filling up was cut off is filled again', async () => {
    const { store, db } = listening()
    const club = await aClub(store)
    for (let i = 0; i < 20; i++) await checkIn(store, club, `m${i}`)
    // As a process that was killed in the middle leaves it: board 3 is the total, its list half full, and not marked whole.
    db.exec('DELETE FROM rank_top WHERE board = 3 AND member <= 5')
    db.exec('INSERT INTO rank_edge (club, board, period, value, reached, whole) VALUES (1, 3, 0, 0, 0, 0)')
    const restarted = storeOn(db, testSeal)
    const board = { board: 'total' } as const
    expect((await restarted.top(club.id, board, noon, 3)).map(({ member }) => member.id)).toEqual(['m0', 'm1', 'm2'])
    expect(db.prepare('SELECT whole FROM rank_edge WHERE board = 3').pluck().all()).toEqual([1])
  })

  test('holds an act in at most 18 bytes, and a check-in in a group dirties little more than the member’s own page', async () => {
    const file = join(tempFolder(), 'club.db')
    const db = openDatabase(file)
    migrate(db, migrations, testSeal)
    db.pragma('wal_autocheckpoint = 0')
    const store = storeOn(db, testSeal)
    onTestFinished(() => store.close())
    const club = await aClub(store)
    const members = 20_000
    // The stride takes them from all over the file.
    const groups = async (count: number, at: number, stride: number) => {
      for (let i = 0; i < count; i += 64) {
        await Promise.all(Array.from({ length: 64 }, (_, j) => checkIn(store, club, `member ${((i + j) * stride) % members}`, at)))
      }
    }
    await groups(members, noon, 1)
    db.pragma('wal_checkpoint(TRUNCATE)')
    const observer = new Database(file)
    onTestFinished(() => {
      observer.close()
    })
    const more = 64 * 50
    await groups(more, noon + 86_400_000, 6007)
    const [counted] = observer.pragma('wal_checkpoint(PASSIVE)') as { log: number }[]
    expect((counted?.log ?? Infinity) / more).toBeLessThanOrEqual(1.1)

    const size = db.prepare<[], { bytes: number; acts: number }>(
      "SELECT (SELECT sum(pgsize) FROM dbstat WHERE name = 'act') AS bytes, (SELECT count(*) FROM act) AS acts",
    )
    const { bytes, acts } = size.get() ?? { bytes: Infinity, acts: 1 }
    expect(bytes / acts).toBeLessThanOrEqual(18)
  })
})

describe('migrations', () => {
  function folderOfMigrations(): { folder: string; file: string; first: string } {
    const folder = tempFolder()
    cpSync(migrations, join(folder, 'migrations'), { recursive: true })
    return { folder: join(folder, 'migrations'), file: join(folder, 'club.db'), first: join(folder, 'migrations', '0001_club.sql') }
  }
  function database(file: string): Database.Database {
    const db = openDatabase(file)
    onTestFinished(() => {
      db.close()
    })
    return db
  }

  test('are applied once, in order', () => {
    const { folder, file } = folderOfMigrations()
    const db = database(file)
    expect(migrate(db, folder, testSeal)).toEqual(readdirSync(migrations).sort())
    expect(migrate(db, folder, testSeal)).toEqual([])
    writeFileSync(join(folder, '9003_more.sql'), 'INSERT INTO extra (name) VALUES (1);')
    writeFileSync(join(folder, '9002_extra.sql'), 'CREATE TABLE extra (name TEXT NOT NULL) STRICT;')
    writeFileSync(join(folder, 'notes.txt'), 'no migration')
    expect(migrate(db, folder, testSeal)).toEqual(['9002_extra.sql', '9003_more.sql'])
    expect(db.prepare('SELECT name FROM extra').pluck().all()).toEqual(['1'])
    expect(() => checkSchema(db, folder)).not.toThrow()
  })

  test('a database of the first schema opens with the newest, and keeps its rows', async () => {
    const { folder, file } = folderOfMigrations()
    const newest = readdirSync(folder).filter((name) => name !== '0001_club.sql')
    expect(newest.length).toBeGreaterThan(0)
    for (const name of newest) rmSync(join(folder, name))
    const old = database(file)
    expect(migrate(old, folder, testSeal)).toEqual(['0001_club.sql'])
    old.exec(`INSERT INTO club (id, key, version, due_at, doc) VALUES (7, 'web:club', 3, ${noon}, '{"channel":"club","seasons":[]}');
      INSERT INTO member (club, key, version, doc) VALUES (7, '미나', 2, '{"name":"미나"}');
      INSERT INTO memo VALUES ('beat', '42')`)
    const post = old.prepare(
      `INSERT INTO post (key, club, kind, day, season, subject, due_at, expires_at, state, attempts, try_at, sent_at, message)
       VALUES (?, 7, 'lesson', 0, 0, 'L01', ${noon}, ${noon + 3_600_000}, ?, 1, ?, ?, ?)`,
    )
    post.run('sent', 1, null, noon, '9')
    post.run('due', 0, noon, null, null)
    post.run('expired', 2, null, null, null)
    old.close()

    const store = openSqliteStore(file, migrations, testSeal)
    onTestFinished(() => store.close())
    expect(await store.club('web:club')).toEqual({ id: 'web:club', version: 3, channel: 'club', seasons: [] })
    expect(await store.clubsDue(noon)).toEqual(['web:club'])
    expect(await store.member('web:club', '미나')).toEqual({ id: '미나', version: 2, name: '미나' })
    expect(await store.memo('beat')).toBe('42')
    expect(await store.post('sent')).toMatchObject({ state: 'sent', message: '9', sentAt: noon })
    expect(await store.post('expired')).toMatchObject({ state: 'expired' })
    expect(await store.omitted()).toBe(0)
    // What was due is taken as what was never in doubt.
    const { send } = await store.claimDue(noon, 10, 1000)
    expect(send.map(({ key, unsureAt }) => [key, unsureAt])).toEqual([['due', undefined]])
    const db = database(file)
    expect(db.prepare('SELECT name FROM migration ORDER BY number').pluck().all()).toEqual(['0001_club.sql', ...newest.sort()])
    expect(db.pragma('foreign_key_check')).toEqual([])
  })

  test('one that was edited after it was applied is refused by its name; other line ends are no edit', () => {
    const { folder, file, first } = folderOfMigrations()
    const db = database(file)
    migrate(db, folder, testSeal)
    const sql = readFileSync(first, 'utf8')
    writeFileSync(first, sql.replaceAll('\n', '\r\n'))
    expect(migrate(db, folder, testSeal)).toEqual([])
    appendFileSync(first, '-- a thought\n')
    for (const attempt of [
      () => migrate(db, folder, testSeal),
      () => checkSchema(db, folder),
      () => openSqliteStore(file, folder, testSeal),
    ]) {
      expect(attempt).toThrow(SchemaError)
      expect(attempt).toThrow('migrations/0001_club.sql')
    }
  })

  test('a database of a newer version is refused', () => {
    const { folder, file } = folderOfMigrations()
    const db = database(file)
    writeFileSync(join(folder, '9002_later.sql'), 'CREATE TABLE later (name TEXT) STRICT;')
    migrate(db, folder, testSeal)
    expect(() => openSqliteStore(file, migrations, testSeal)).toThrow(SchemaError)
    expect(() => openSqliteStore(file, migrations, testSeal)).toThrow('9002_later.sql')
  })

  test('one that fails leaves everything as it was, and goes through once it is mended', () => {
    const { folder, file } = folderOfMigrations()
    const db = database(file)
    migrate(db, folder, testSeal)
    const before = db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
    const second = join(folder, '9002_broken.sql')
    writeFileSync(second, "CREATE TABLE fine (name TEXT) STRICT;\nINSERT INTO memo VALUES ('a', 'b');\nINSERT INTO nowhere VALUES (1);")
    expect(() => migrate(db, folder, testSeal)).toThrow('nowhere')
    expect(db.inTransaction).toBe(false)
    expect(db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()).toEqual(before)
    expect(db.prepare('SELECT count(*) FROM memo').pluck().get()).toBe(0)
    writeFileSync(second, 'CREATE TABLE fine (name TEXT) STRICT;')
    expect(migrate(db, folder, testSeal)).toEqual(['9002_broken.sql'])
  })
})

describe('the lock', () => {
  test('keeps a second process out, and is free again when the first is killed', async () => {
    const file = join(tempFolder(), 'club.db')
    const store = openSqliteStore(file, migrations, testSeal)
    onTestFinished(() => store.close())
    await store.setMemo('beat', '1')
    expect(isLocked(file)).toBe(false)
    const holder = inAnotherProcess(holdLock, file)
    if (holder.stdout) await once(holder.stdout, 'data')
    expect(isLocked(file)).toBe(true)
    expect(() => takeLock(file)).toThrow(LockHeld)

    // Reading and copying beside the service go on.
    const reader = new Database(file, { readonly: true })
    const copy = join(tempFolder(), 'copy.db')
    await reader.backup(copy)
    reader.close()
    const copied = openSqliteStore(copy, migrations, testSeal)
    expect(await copied.memo('beat')).toBe('1')
    await copied.close()

    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const unlock = takeLock(file)
    expect(isLocked(file)).toBe(true)
    // Asking in the process that holds it does not let it go.
    expect(
      spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', `${holdLock.replace('setInterval', '//')}`, '--', file])
        .status,
    ).not.toBe(0)
    unlock()
    expect(isLocked(file)).toBe(false)
  })
})

describe('a database that somebody else has locked', () => {
  test('is read all the while, and written as soon as the lock is gone: nobody waits who need not', async () => {
    const folder = tempFolder()
    const store = openIn(folder)
    await store.setMemo('beat', '1')
    const shell = lockedByShell(join(folder, 'club.db'))
    const writes = ['a', 'b', 'c'].map((name) => store.setMemo(name, 'x'))
    // The lock goes by this process's own hand: it could not if the writes held it up.
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect([await store.memo('beat'), await store.memo('a')]).toEqual(['1', undefined])
    }
    shell.letGo()
    await Promise.all(writes)
    expect([await store.memo('a'), await store.memo('c')]).toEqual(['x', 'x'])
  })

  test('longer than a member can wait refuses their writes, each in its own time, keeps nothing of them, and works again afterwards', async () => {
    const folder = tempFolder()
    const store = openIn(folder)
    const club = await aClub(store)
    const shell = lockedByShell(join(folder, 'club.db'))
    const ended: string[] = []
    const early = checkIn(store, club, 'mina').finally(() => ended.push('early'))
    const refused = expect(early).rejects.toBeInstanceOf(StoreUnavailable)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const late = checkIn(store, club, 'leo').finally(() => ended.push('late'))
    await refused
    expect(ended).toEqual(['early'])
    expect(await store.members(club.id, undefined, 9)).toEqual([])
    shell.letGo()
    await late
    await checkIn(store, club, 'mina')
    expect(await store.actorsOn(club.id, day)).toBe(2)
  })
})

describe('packing', () => {
  test('an act’s minute, day and kind come back from one number', () => {
    const act = fc.record({
      at: fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2100-01-01T00:00Z') }),
      // The study day is at most two dates behind the UTC date and one ahead of it.
      offset: fc.integer({ min: -2, max: 1 }),
      kind: fc.constantFrom(...actKinds),
    })
    fc.assert(
      fc.property(act, ({ at, offset, kind }) => {
        const day = addDays(new Date(at).toISOString().slice(0, 10), offset)
        const stamp = packStamp({ at, day, kind })
        expect(unpackStamp(stamp)).toEqual({ at: at - (at % 60_000), day, kind })
        expect(stamp).toBeLessThan(2 ** 47)
      }),
      { numRuns: 2000 },
    )
  })

  test('a day too far from its instant is refused, not bent', () => {
    for (const far of [-3, 2]) expect(() => packStamp({ at: noon, day: addDays(day, far), kind: 'vote' })).toThrow(RangeError)
  })

  test('a day comes back from its number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (days) => {
        expect(packDay(unpackDay(days))).toBe(days)
      }),
    )
    expect(unpackDay(packDay('2028-02-29'))).toBe('2028-02-29')
  })
})

describe('statements', () => {
  test('nothing that members and ticks ask for reads a whole table', async () => {
    const { store, db, ran } = listening()
    const club = await aClub(store)
    const poll = await store.openPoll(club.id, { myth: 'M01', day, closesAt: noon })
    const key = { season: day, lesson: 'L01', question: 0 }
    const post = { key: 'p', club: club.id, kind: 'lesson' as const, day, season: day, subject: 'L01', dueAt: noon, expiresAt: noon + 9 }
    ran.length = 0
    const member = newMember(club, 'mina', 'mina')
    await recordAct({ store, club, member }, { kind: 'answer', at: noon, note: 'x', answer: { ...key, option: 1, right: true } })
    await recordAct({ store, club, member }, { kind: 'vote', at: noon + 86_400_000, vote: { poll: poll.id, answer: 'true' } })
    await currentStreak({ store, club: { ...club, epoch: 1 }, member }, noon)
    for (let i = 0; i < 140; i++) await checkIn(store, club, `m${i}`)
    const keep = await store.member(club.id, 'm1')
    if (keep) await store.saveMember(club.id, { ...keep, appear: 'hidden', pauses: [{ from: day, until: day }] })
    for (const board of ['week', 'season', 'run', 'total'] as const) {
      await store.top(club.id, { board, ...(board === 'week' && { period: day }) }, noon, 10)
      await store.above(club.id, { board }, 1, noon)
    }
    // Nearly all leave, so that the list is filled up again.
    for (let i = 2; i < 130; i++) await store.deleteMember(club.id, `m${i}`, noon)
    await store.top(club.id, { board: 'total' }, noon, 10)
    await store.staleStreaks(club.id, 1, 10)
    await store.activeDays(club.id, day)
    await store.lastActiveDay(club.id)
    await store.actorsOn(club.id, day)
    await store.shareNote(club.id, 'mina', 1, true)
    await store.answer(club.id, 'mina', key)
    await store.answers(club.id, 'mina')
    await store.answered(club.id, 'mina', day)
    await store.lessonsPosted(club.id, day, 48)
    await store.sharesOf(club.id, 'mina')
    await store.missed(club.id, day)
    await store.polls(club.id, 1)
    await store.poll(club.id, poll.id)
    await store.votes(club.id, 'mina')
    await store.changeMind(club.id, 'mina', poll.id, 'false')
    await store.countVote(club.id, newMember(club, 'shy', 'shy'), poll.id, 'true')
    await store.saveClub(club, noon, [post])
    await store.share({ ...post, key: 's', kind: 'share', member: 'mina' }, { member: 1, club: 1 })
    await store.clubsDue(noon)
    await store.nextDueAt()
    await store.claimDue(noon, 10, 1000)
    await store.retry('p', noon)
    await store.markSent('p', { message: '1', at: noon })
    await store.touchPost('p', noon, 1000)
    await store.claimDue(noon, 10, 1000)
    await store.markEdited('p', { at: noon })
    await store.posts(club.id, ['lesson', 'review'], 1)
    const { message } = await store.addMessage({ key: 'k', at: 1, by: 'mina', to: 'mina', card: '{}' })
    await store.replaceMessage(message.id, '{}')
    await store.messages('mina', 10)
    await store.setMemo('beat', (await store.memo('beat')) ?? '1')
    await store.members(club.id, 'a', 10)
    await store.sweep(club.id, day, noon)
    await store.deleteMember(club.id, 'mina', noon)

    const asked = new Set(ran.filter((sql) => /^(SELECT|INSERT|UPDATE|DELETE)/.test(sql)))
    expect(asked.size).toBeGreaterThan(200)
    const tables = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all())
    const scans = [...asked].filter((sql) => {
      const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
      return plan.some(({ detail }) => tables.has(/^SCAN (\w+)/.exec(detail)?.[1] ?? ''))
    })
    expect(scans).toEqual([])
  })
})

describe('a full disk', () => {
  const big = 'x'.repeat(5000)

  test('refuses what does not fit, keeps what was kept, and works again when there is room', async () => {
    const { store, db } = listening()
    const club = await aClub(store)
    await checkIn(store, club, 'mina', noon, 'kept')
    const pages = Number(db.pragma('page_count', { simple: true }))
    db.pragma(`max_page_count = ${pages + 3}`)
    const writes = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => checkIn(store, club, `m${i}`, noon, big)))
    expect(writes.map(({ status }) => status)).toEqual(Array(10).fill('rejected'))
    for (const write of writes) expect(write).toMatchObject({ reason: expect.any(StoreUnavailable) })
    await expect(store.setMemo('big', big.repeat(9))).rejects.toThrow(/full/)
    expect((await store.acts(club.id, 'mina')).map(({ note }) => note)).toEqual(['kept'])
    expect(await store.members(club.id, undefined, 99)).toHaveLength(1)
    expect((await store.top(club.id, { board: 'total' }, noon, 10)).map(({ member }) => member.id)).toEqual(['mina'])
    db.pragma('max_page_count = 1000000')
    await Promise.all(Array.from({ length: 10 }, (_, i) => checkIn(store, club, `m${i}`, noon, big)))
    expect(await store.actorsOn(club.id, day)).toBe(11)
    expect(await store.top(club.id, { board: 'total' }, noon, 20)).toHaveLength(11)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  test('or one that became read-only: what was kept is read, and each write is refused at once', async () => {
    const { store, db } = listening()
    const club = await aClub(store)
    await checkIn(store, club, 'mina', noon, 'kept')
    db.exec('PRAGMA query_only = 1')
    await expect(checkIn(store, club, 'leo')).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(store.setMemo('beat', '1')).rejects.toThrow('SQLITE_READONLY')
    expect((await store.acts(club.id, 'mina')).map(({ note }) => note)).toEqual(['kept'])
    db.exec('PRAGMA query_only = 0')
    await checkIn(store, club, 'leo')
    expect(await store.actorsOn(club.id, day)).toBe(2)
  })

  test('a write that the operating system refuses is answered the same way', async () => {
    const folder = tempFolder()
    const store = openSqliteStore(join(folder, 'club.db'), migrations, testSeal)
    await aClub(store)
    await store.setMemo('earlier', 'kept')
    await store.close()
    // No file of this process may grow beyond a megabyte.
    const fill = `import { createSeal } from '${src}/seal.ts'
      import { openSqliteStore } from '${src}/store/sqlite/index.ts'
      import { StoreUnavailable } from '${src}/store/store.ts'
      const store = openSqliteStore(process.argv[1], process.argv[2], createSeal([Buffer.alloc(32, 7)]))
      let kept = 0
      try { for (;;) { await store.setMemo('m' + kept, 'x'.repeat(5000)); kept += 1 } }
      catch (error) { console.log(JSON.stringify({ kept, known: error instanceof StoreUnavailable, earlier: await store.memo('earlier') })) }
      process.exit(0)`
    const limited = `ulimit -f ${(1024 * 1024) / 512}; exec "$@"`
    const command = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', fill, '--', join(folder, 'club.db'), migrations]
    const { stdout } = spawnSync('sh', ['-c', limited, 'sh', ...command], { encoding: 'utf8' })
    const told = JSON.parse(stdout)
    expect(told).toEqual({ kept: expect.any(Number), known: true, earlier: 'kept' })
    expect(told.kept).toBeGreaterThan(20)
    const again = openIn(folder)
    expect(await again.memo(`m${told.kept - 1}`)).toHaveLength(5000)
    expect(await again.memo(`m${told.kept}`)).toBeUndefined()
    await again.setMemo('later', 'kept')
    expect(await again.memo('later')).toBe('kept')
  })
})
