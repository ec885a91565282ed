import { appendFileSync, chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Club, defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { recordAct } from '../../src/record.ts'
import { createSeal, keyBytes, type Seal } from '../../src/seal.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { lookAtSeals, rekey } from '../../src/store/sqlite/rekey.ts'
import { KeyMissing } from '../../src/store/sqlite/sealed.ts'
import type { Store } from '../../src/store/store.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

const noon = Date.parse('2026-03-02T12:00+09:00')
const canary = 'CANARY 카나리아 🐤'
const keyOf = (byte: number) => Buffer.alloc(keyBytes, byte)

/** The canary stands readable in one of the files of a folder. */
const isReadable = (folder: string, text = canary): boolean =>
  readdirSync(folder).some((name) => {
    const bytes = readFileSync(join(folder, name))
    return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))
  })

async function aClub(store: Store): Promise<Club> {
  await store.saveClub(newClub('web:club', 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'))
  const club = await store.club('web:club')
  if (!club) throw new Error('the club was not kept')
  return club
}

const writes = (store: Store, club: Club, id: string, note: string) =>
  recordAct({ store, club, member: newMember(club, id, id) }, { kind: 'checkin', at: noon, note })

const linesOf = async (store: Store, id: string) => (await store.acts('web:club', id)).map(({ note }) => note)

/** A closed database with a line of each of so many members, a card and a token. */
async function database(seal: Seal, lines = 1) {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  const store = openSqliteStore(file, migrations, seal)
  const club = await aClub(store)
  await Promise.all(Array.from({ length: lines }, (_, i) => writes(store, club, `m${i}`, `${canary} ${i}`)))
  await store.addMessage({ at: noon, by: 'onepercent', to: 'm0', card: JSON.stringify({ text: canary }) })
  await store.keepSecret('slack:T1', canary)
  await store.close()
  return { folder, file }
}

/** What a database tells of its sealed texts. */
async function told(file: string, seal: Seal) {
  const store = openSqliteStore(file, migrations, seal)
  try {
    const acts = (await store.members('web:club', undefined, 10_000)).map(({ id }) => linesOf(store, id))
    return {
      lines: (await Promise.all(acts)).flat().filter((line) => line !== undefined).length,
      cards: (await store.messages('m0', 10)).map(({ card }) => card),
      token: await store.secret('slack:T1'),
    }
  } finally {
    await store.close()
  }
}

describe('what members write', () => {
  test('lies in the files sealed: line, card and token, while the store is open and after', async () => {
    const folder = tempFolder()
    const file = join(folder, 'club.db')
    const store = openSqliteStore(file, migrations, testSeal)
    const club = await aClub(store)
    await writes(store, club, 'mina', canary)
    const { message } = await store.addMessage({ at: noon, by: 'bot', to: 'mina', card: `{"text":"${canary}"}` })
    await store.replaceMessage(message.id, `{"text":"${canary} again"}`)
    await store.keepSecret('slack:T1', canary)
    expect(isReadable(folder)).toBe(false)
    expect(await linesOf(store, 'mina')).toEqual([canary])
    expect((await store.message(message.id))?.card).toBe(`{"text":"${canary} again"}`)
    expect([await store.secret('slack:T1'), await store.secret('slack:T2'), await store.secrets()]).toEqual([
      canary,
      undefined,
      ['slack:T1'],
    ])
    await store.close()
    expect(isReadable(folder)).toBe(false)
    // The search finds what is there.
    appendFileSync(file, canary)
    expect(isReadable(folder)).toBe(true)
  })

  test('cannot be put into another member’s row', async () => {
    const { file } = await database(testSeal, 2)
    const db = new Database(file)
    db.exec('UPDATE note SET sealed = (SELECT sealed FROM note AS other WHERE other.act <> note.act)')
    db.close()
    const store = openSqliteStore(file, migrations, testSeal)
    onTestFinished(() => store.close())
    await expect(linesOf(store, 'm0')).rejects.toThrow('cannot be opened: it was altered, moved or cut short')
  })

  test('a message that is gone takes its number with it, sealed or not', async () => {
    const store = openSqliteStore(join(tempFolder(), 'club.db'), migrations, testSeal)
    onTestFinished(() => store.close())
    await aClub(store)
    const add = async (key?: string) =>
      (await store.addMessage({ at: noon, by: 'bot', to: 'mina', card: 'x', ...(key && { key }) })).message.id
    const first = await add('once')
    expect(await add('once')).toBe(first)
    await store.deleteMember('web:club', 'mina', 0)
    expect(await add()).toBeGreaterThan(first)
  })
})

/** A database as the version before left it: readable texts, also in rows that were deleted, and a token sealed with `keyOf(7)`. */
function readableDatabase() {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  const before = join(tempFolder(), 'migrations')
  mkdirSync(before)
  for (const name of readdirSync(migrations)) if (name < '0004') cpSync(join(migrations, name), join(before, name))
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  migrate(db, before, testSeal)
  const doc = JSON.stringify(newClub('web:club', 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'))
  db.prepare('INSERT INTO club (key, version, doc) VALUES (?, 1, ?)').run('web:club', doc)
  db.prepare("INSERT INTO member (club, key, version, doc) VALUES (1, '지훈', 1, ?)").run(JSON.stringify({ name: '지훈' }))
  for (let i = 1; i <= 300; i++) {
    db.prepare('INSERT INTO act (stamp) VALUES (?)').run(i * 16 + 2)
    db.prepare('INSERT INTO note (act, text, shared) VALUES (?, ?, ?)').run(i, `${canary} ${i}`, i % 2)
    db.prepare('INSERT INTO message (at, author, recipient, card) VALUES (?, ?, ?, ?)').run(
      i,
      'bot',
      'mina',
      `{"text":"${canary}"${i % 100 === 7 ? ',"title":"지훈"' : ''}}`,
    )
  }
  db.exec('DELETE FROM note WHERE act > 200; DELETE FROM message WHERE id > 200')
  db.exec("INSERT INTO secret VALUES ('slack:T1', '1.l1-j1qmbHLWUWZCW8icwkQz9rquG_5zwXXaDc3RpPlNUIBP3xDL0Bp1uD3bGvQ')")
  db.close()
  return { folder, file }
}

describe('a database from before anything was sealed', () => {
  test('is sealed at the first start, and nothing readable is left in its files, not even of what was deleted', async () => {
    const { folder, file } = readableDatabase()
    expect(isReadable(folder)).toBe(true)
    const store = openSqliteStore(file, migrations, testSeal)
    expect(isReadable(folder)).toBe(false)
    expect((await store.messages('mina', 1000)).map(({ id, card }) => [id, card]).at(-1)).toEqual([200, `{"text":"${canary}"}`])
    expect((await store.addMessage({ at: 1, by: 'bot', card: '{}' })).message.id).toBe(301)
    expect(await store.secret('slack:T1')).toBe('{"token":"xoxb-1"}')
    expect(await store.memo('compact')).toBeUndefined()
    // Whom a message names was found while it could be read.
    await store.deleteMember('web:club', '지훈', noon)
    expect(await store.messages('mina', 1000)).toHaveLength(199)
    await store.close()
    const db = new Database(file)
    onTestFinished(() => {
      db.close()
    })
    const notes = db.prepare<[], { act: number; sealed: Buffer; shared: number }>('SELECT act, sealed, shared FROM note').all()
    expect(notes).toHaveLength(200)
    for (const { act, sealed, shared } of notes)
      expect([testSeal.open(`note:${act}`, sealed), shared]).toEqual([`${canary} ${act}`, act % 2])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  test('is compacted at the next start when the first was cut short in between', () => {
    const { folder, file } = readableDatabase()
    const db = new Database(file)
    migrate(db, migrations, testSeal)
    db.close()
    // The rows are sealed, but the free space of the file is not.
    expect(isReadable(folder)).toBe(true)
    void openSqliteStore(file, migrations, testSeal).close()
    expect(isReadable(folder)).toBe(false)
  })

  test('is left whole when the sealing fails half way, and goes through afterwards', async () => {
    const { file } = readableDatabase()
    let left = 150
    const failing: Seal = {
      ...testSeal,
      close(place, text) {
        if (left-- === 0) throw new Error('the power went')
        return testSeal.close(place, text)
      },
    }
    expect(() => openSqliteStore(file, migrations, failing)).toThrow('the power went')
    const db = new Database(file, { readonly: true })
    expect(db.prepare('SELECT count(*) AS n FROM note WHERE text LIKE ?').get(`${canary}%`)).toEqual({ n: 200 })
    db.close()
    const store = openSqliteStore(file, migrations, testSeal)
    expect(await store.messages('mina', 1000)).toHaveLength(200)
    await store.close()
  })

  test('with a token of another key is refused and left as it is', () => {
    const { file } = readableDatabase()
    expect(() => openSqliteStore(file, migrations, createSeal([keyOf(1)]))).toThrow('“slack:T1” cannot be opened with the key that is here')
    const store = openSqliteStore(file, migrations, testSeal)
    void store.close()
  })
})

describe('a key', () => {
  test('that is missing keeps the database shut, by name, and nothing changes', async () => {
    const { file } = await database(createSeal([keyOf(1)]))
    const before = readFileSync(file)
    const wrong = () => openSqliteStore(file, migrations, createSeal([keyOf(2)]))
    expect(wrong).toThrow(KeyMissing)
    expect(wrong).toThrow(
      `was sealed with the key ${createSeal([keyOf(1)]).keys[0]}, and what is here is ${createSeal([keyOf(2)]).keys[0]}`,
    )
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(await told(file, createSeal([keyOf(1)]))).toMatchObject({ lines: 1, token: canary })
  })

  test('that is missing is told before anything of the file is changed for a newer version', async () => {
    const { file } = await database(createSeal([keyOf(1)]))
    const later = join(tempFolder(), 'migrations')
    cpSync(migrations, later, { recursive: true })
    writeFileSync(join(later, '9001_later.sql'), "INSERT INTO memo SELECT 'later', opened('message:' || id, sealed) || '' FROM message")
    const before = readFileSync(file)
    expect(() => openSqliteStore(file, later, createSeal([keyOf(2)]))).toThrow(KeyMissing)
    expect(readFileSync(file).equals(before)).toBe(true)
    // And when it is lost for good, a step that reads what it sealed is no obstacle.
    writeFileSync(
      join(later, '9001_later.sql'),
      "INSERT INTO memo SELECT 'later', coalesce(opened('message:' || id, sealed), 'nothing') FROM message",
    )
    expect(rekey(file, later, createSeal([keyOf(2)]), { dropLost: true })).toEqual({ sealed: 0, lost: 3 })
    const store = openSqliteStore(file, later, createSeal([keyOf(2)]))
    onTestFinished(() => store.close())
    expect(await store.memo('later')).toBe('nothing')
  })

  test('is changed: with both in hand the club goes on, after rekey the old one is needed no more', async () => {
    const [old, both, fresh] = [createSeal([keyOf(1)]), createSeal([keyOf(2), keyOf(1)]), createSeal([keyOf(2)])]
    const { file } = await database(old)
    const store = openSqliteStore(file, migrations, both)
    const club = await store.club('web:club')
    if (club) await writes(store, club, 'later', canary)
    expect(await linesOf(store, 'm0')).toEqual([`${canary} 0`])
    await store.close()
    expect(() => openSqliteStore(file, migrations, fresh)).toThrow(KeyMissing)
    expect(lookAtSeals(file, both)).toEqual({ all: 4, older: 3, broken: 0 })

    expect(rekey(file, migrations, both, { dropLost: false })).toEqual({ sealed: 3, lost: 0 })
    expect(await told(file, fresh)).toEqual({ lines: 2, cards: [JSON.stringify({ text: canary })], token: canary })
    expect(lookAtSeals(file, fresh)).toEqual({ all: 4, older: 0, broken: 0 })
    expect(() => openSqliteStore(file, migrations, old)).toThrow(KeyMissing)
    expect(rekey(file, migrations, both, { dropLost: false })).toEqual({ sealed: 0, lost: 0 })
  })

  test('is changed although the first run was cut short: both are needed until it was run again', async () => {
    const both = createSeal([keyOf(2), keyOf(1)])
    const { file } = await database(createSeal([keyOf(1)]), 600)
    for (const cutAfter of [0, 550, 50]) {
      let left = cutAfter
      const failing: Seal = {
        ...both,
        close(place, text) {
          if (left-- === 0) throw new Error('the power went')
          return both.close(place, text)
        },
      }
      expect(() => rekey(file, migrations, failing, { dropLost: false })).toThrow('the power went')
      for (const half of [keyOf(1), keyOf(2)]) expect(() => openSqliteStore(file, migrations, createSeal([half]))).toThrow(KeyMissing)
      expect(await told(file, both)).toMatchObject({ lines: 600, token: canary })
    }
    // What one whole portion had already sealed anew is not done twice.
    expect(rekey(file, migrations, both, { dropLost: false })).toEqual({ sealed: 102, lost: 0 })
    expect(await told(file, createSeal([keyOf(2)]))).toMatchObject({ lines: 600, token: canary })
  })

  test('that is lost for good costs what it sealed, and only when that is said', async () => {
    const fresh = createSeal([keyOf(2)])
    const { file } = await database(createSeal([keyOf(1)]), 3)
    expect(() => rekey(file, migrations, fresh, { dropLost: false })).toThrow(KeyMissing)
    expect(rekey(file, migrations, fresh, { dropLost: true })).toEqual({ sealed: 0, lost: 5 })
    expect(await told(file, fresh)).toEqual({ lines: 0, cards: [], token: undefined })
    const store = openSqliteStore(file, migrations, fresh)
    onTestFinished(() => store.close())
    expect((await store.streak('web:club', 'm0'))?.state.total).toBe(1)
  })
})

test('database, log, index and lock are their owner’s alone, also those that were not', async () => {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  const modes = () => readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)])
  await openSqliteStore(file, migrations, testSeal).close()
  chmodSync(file, 0o644)
  for (const beside of ['club.db.key', 'club.db.lock', 'club.db.before-restore-1']) {
    appendFileSync(join(folder, beside), '')
    chmodSync(join(folder, beside), 0o644)
  }
  appendFileSync(join(folder, 'other.txt'), '')
  chmodSync(join(folder, 'other.txt'), 0o644)
  const store = openSqliteStore(file, migrations, testSeal)
  onTestFinished(() => store.close())
  await aClub(store)
  expect(Object.fromEntries(modes())).toEqual({
    'club.db': '600',
    'club.db-shm': '600',
    'club.db-wal': '600',
    'club.db.before-restore-1': '600',
    'club.db.key': '600',
    'club.db.lock': '600',
    'other.txt': '644',
  })
})
