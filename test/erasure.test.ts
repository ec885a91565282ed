// Purpose: who deleted their data stays deleted, whatever backup is put back.
import { randomBytes } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type Club, defaultSettings, newClub, newMember } from '../src/club/club.ts'
import { eraseMember, replayErasures } from '../src/erasure.ts'
import { purgeClub } from '../src/life.ts'
import { recordAct } from '../src/record.ts'
import { createSeal } from '../src/seal.ts'
import { openSqliteStore } from '../src/store/sqlite/index.ts'
import { backup, restore } from '../src/store/sqlite/upkeep.ts'
import type { Store } from '../src/store/store.ts'
import { migrations, tempFolder } from './support/testClub.ts'

const noon = Date.parse('2026-03-02T12:00+09:00')
const dayMs = 86_400_000
const newSeal = () => createSeal([randomBytes(32)])

/** A machine with a database, a folder for backups and a key. */
function machine({ seal = newSeal(), folder = tempFolder() } = {}) {
  const file = join(folder, 'club.db')
  const backups = join(folder, 'backups')
  mkdirSync(backups, { recursive: true })
  return {
    file,
    backups,
    seal,
    /** The service runs for a while. */
    async runs<T>(work: (store: Store, club: (id?: string) => Promise<Club>) => Promise<T>): Promise<T> {
      const store = openSqliteStore(file, migrations, seal)
      try {
        return await work(store, (id = 'web:club') => clubIn(store, id))
      } finally {
        await store.close()
      }
    },
    backsUp(name: string): string {
      backup(file, join(backups, name))
      return join(backups, name)
    },
    /** The backup is put back, and the service starts. */
    async restores(from: string, key = seal) {
      const told = restore(file, from, migrations, [backups])
      const store = openSqliteStore(file, migrations, key)
      try {
        return { ...told, ...(await replayErasures(store, key, noon)) }
      } finally {
        await store.close()
      }
    },
  }
}
type Machine = ReturnType<typeof machine>

async function clubIn(store: Store, id: string): Promise<Club> {
  if (!(await store.club(id))) await store.saveClub(newClub(id, 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'))
  const club = await store.club(id)
  if (!club) throw new Error(`there is no club ${id}`)
  return club
}

async function studies(store: Store, club: Club, ...names: string[]): Promise<void> {
  for (const name of names)
    await recordAct({ store, club, member: newMember(club, name, name) }, { kind: 'checkin', at: noon, note: `${name}의 한 줄` })
}
const namesIn = (host: Machine, id?: string) =>
  host.runs(async (store, club) => (await store.members((await club(id)).id, undefined, 99)).map((member) => member.id))

/** 미나 and 지훈 study; a backup is made; 미나 deletes everything. */
async function minaDeletes(host: Machine): Promise<string> {
  await host.runs(async (store, club) => {
    await studies(store, await club(), '미나', '지훈')
    await store.setMemo('beat', String(noon - dayMs))
  })
  const before = host.backsUp('before.db')
  await host.runs(async (store, club) => expect(await eraseMember(store, await club(), '미나', noon)).toBe(true))
  return before
}

describe('a member who deleted after the backup was made', () => {
  test('is gone once it is restored: from the club, its boards, its counts and its notes', async () => {
    const host = machine()
    const before = await minaDeletes(host)
    expect(await host.restores(before)).toMatchObject({ members: 1, clubs: 0 })
    await host.runs(async (store) => {
      expect((await store.members('web:club', undefined, 9)).map(({ id }) => id)).toEqual(['지훈'])
      expect((await store.top('web:club', { board: 'total' }, noon, 9)).map(({ member }) => member.id)).toEqual(['지훈'])
      expect(await store.actorsOn('web:club', '2026-03-02')).toBe(1)
      expect(await store.erasuresDue()).toEqual([])
    })
    // Once more, and nobody is left to delete.
    expect(await host.restores(before)).toMatchObject({ members: 1 })
    expect(await namesIn(host)).toEqual(['지훈'])
  })

  test('is gone too when the database itself was lost or damaged', async () => {
    for (const harm of [(file: string) => rmSync(file), (file: string) => writeFileSync(file, 'noise'.repeat(5000))]) {
      const host = machine()
      const before = await minaDeletes(host)
      harm(host.file)
      const restored = await host.restores(before)
      expect(restored).toMatchObject({ members: 1 })
      expect(restored).not.toHaveProperty('erasuresUntil')
      expect(await namesIn(host)).toEqual(['지훈'])
    }
  })

  test('is gone too when the file is put back by hand instead', async () => {
    const host = machine()
    copyFileSync(await minaDeletes(host), host.file)
    expect(await namesIn(host)).toEqual(['미나', '지훈'])
    await host.runs(async (store) => expect(await replayErasures(store, host.seal, noon)).toEqual({ members: 1, clubs: 0 }))
    expect(await namesIn(host)).toEqual(['지훈'])
  })

  test('is gone on a new machine that has the backups alone, as far as the newest of them knows, and it says how far that is', async () => {
    const seal = newSeal()
    const lost = machine({ seal })
    const before = await minaDeletes(lost)
    await lost.runs((store) => store.setMemo('beat', String(noon)))
    const newest = lost.backsUp('after.db')
    await lost.runs(async (store, club) => eraseMember(store, await club(), '지훈', noon))
    const fresh = machine({ seal })
    for (const [from, name] of [
      [before, 'before.db'],
      [newest, 'after.db'],
    ] as const)
      copyFileSync(from, join(fresh.backups, name))
    // Somebody started the service once before they restored.
    await fresh.runs(async (_, club) => club())

    const restored = await fresh.restores(join(fresh.backups, 'before.db'))
    expect(restored).toMatchObject({ members: 1, erasuresUntil: noon })
    expect(await namesIn(fresh)).toEqual(['지훈'])
  })

  test('and came back before it keeps what is new, and loses it if they delete again', async () => {
    const host = machine()
    const first = await minaDeletes(host)
    await host.runs(async (store, club) => studies(store, await club(), '미나'))
    const back = host.backsUp('back.db')
    await host.runs(async (store, club) => studies(store, await club(), '서연'))

    expect(await host.restores(back)).toMatchObject({ members: 0 })
    expect(await namesIn(host)).toEqual(['미나', '지훈'])
    await host.runs(async (store, club) => eraseMember(store, await club(), '미나', noon))
    expect(await host.restores(back)).toMatchObject({ members: 1 })
    expect(await namesIn(host)).toEqual(['지훈'])
    expect(await host.restores(first)).toMatchObject({ members: 1 })
  })

  test('is no organiser any more either', async () => {
    const host = machine()
    await host.runs(async (store, club) => {
      await studies(store, await club(), '미나')
      await store.saveClub({ ...(await club()), organisers: ['미나', '지훈'] })
    })
    const before = host.backsUp('before.db')
    await host.runs(async (store, club) => eraseMember(store, await club(), '미나', noon))
    await host.restores(before)
    await host.runs(async (_, club) => expect((await club()).organisers).toEqual(['지훈']))
  })

  test('a club that was deleted since goes with everybody in it, and another one stays', async () => {
    const host = machine()
    await host.runs(async (store, club) => {
      await studies(store, await club('discord:1'), '미나', '지훈')
      await studies(store, await club('discord:2'), '미나')
    })
    const before = host.backsUp('before.db')
    await host.runs(async (store, club) => purgeClub(store, await club('discord:1'), noon))
    expect(await host.restores(before)).toMatchObject({ clubs: 1 })
    await host.runs(async (store) => expect(await store.clubs()).toEqual(['discord:2']))
    expect(await namesIn(host, 'discord:2')).toEqual(['미나'])
  })

  test('is not mistaken for somebody of another database whose backups lie in the same folder', async () => {
    const host = machine()
    const other = machine()
    await minaDeletes(other)
    copyFileSync(other.backsUp('after.db'), join(host.backups, 'other.db'))
    await host.runs(async (store, club) => studies(store, await club(), '미나'))
    expect(await host.restores(host.backsUp('mine.db'))).toMatchObject({ members: 0 })
    expect(await namesIn(host)).toEqual(['미나'])
  })
})

describe('deleting again', () => {
  test('begins anew where it was cut short', async () => {
    const host = machine()
    await host.runs(async (store, club) => studies(store, await club(), '미나', '서연', '지훈'))
    const before = host.backsUp('before.db')
    await host.runs(async (store, club) => {
      for (const name of ['미나', '서연']) await eraseMember(store, await club(), name, noon)
    })
    restore(host.file, before, migrations, [])
    await host.runs(async (store) => {
      let deleted = 0
      const stopping: Store = {
        ...store,
        deleteMember: (club, member, now) =>
          deleted++ === 0 ? store.deleteMember(club, member, now) : Promise.reject(new Error('cut short')),
      }
      await expect(replayErasures(stopping, host.seal, noon)).rejects.toThrow('cut short')
    })
    await host.runs(async (store) => {
      expect(await replayErasures(store, host.seal, noon)).toEqual({ members: 1, clubs: 0 })
      expect(await store.erasuresDue()).toEqual([])
    })
    expect(await namesIn(host)).toEqual(['지훈'])
  })

  test('without the key of that time nobody is taken for another, it says so, and it is done once the key is back', async () => {
    const host = machine()
    const before = await minaDeletes(host)
    // As in a backup from before anything was sealed: it opens with any key.
    const db = new Database(before)
    db.exec('DELETE FROM seal_key')
    db.close()
    await expect(host.restores(before, newSeal())).rejects.toThrow('1 of 1 deletions were recorded under a key that is not here')
    const now = new Database(host.file)
    expect(now.prepare('SELECT key FROM member ORDER BY key').pluck().all()).toEqual(['미나', '지훈'])
    now.close()
    expect(await host.restores(before)).toMatchObject({ members: 1 })
    expect(await namesIn(host)).toEqual(['지훈'])
  })
})

describe('the marks', () => {
  const marksOf = (file: string) => readFileSync(`${file}.erased`, 'utf8').trimEnd().split('\n')

  test('tell nobody who it was, and are readable for their owner alone', async () => {
    const host = machine()
    await minaDeletes(host)
    expect(marksOf(host.file)).toEqual([expect.stringMatching(/^\d{13} [0-9a-f]{8}\.[\w-]{43}$/)])
    expect(statSync(`${host.file}.erased`).mode & 0o777).toBe(0o600)
  })

  test('are told one after the other, whatever the clock does', async () => {
    const host = machine()
    await host.runs(async (store, club) => {
      await studies(store, await club(), '미나', '지훈', '서연')
      const all = await Promise.all(['미나', '지훈', '서연'].map((name) => store.deleteMember('web:club', name, noon)))
      expect(all).toEqual([true, true, true])
    })
    const times = marksOf(host.file).map((line) => Number(line.split(' ')[0]))
    expect(new Set(times).size).toBe(3)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('that the machine did not finish writing are written again at the next start', async () => {
    const host = machine()
    await minaDeletes(host)
    const whole = readFileSync(`${host.file}.erased`, 'utf8')
    for (const torn of ['', whole.slice(0, 20)]) {
      writeFileSync(`${host.file}.erased`, torn)
      await namesIn(host)
      expect(readFileSync(`${host.file}.erased`, 'utf8')).toBe(whole)
    }
    // Half a line behind a whole one is no erasure, and the next one stands on a line of its own.
    appendFileSync(`${host.file}.erased`, '17')
    await host.runs(async (store, club) => eraseMember(store, await club(), '지훈', noon))
    expect(marksOf(host.file)).toHaveLength(2)
    for (const line of marksOf(host.file)) expect(line).toMatch(/^\d{13} /)
  })

  test('are forgotten when no backup from before them is kept, but for the newest, by which a backup is told', async () => {
    const host = machine()
    const before = await minaDeletes(host)
    await host.runs(async (store, club) => {
      await eraseMember(store, await club(), '지훈', noon)
      await store.dropErasures(Date.now() + dayMs)
    })
    expect(marksOf(host.file)).toHaveLength(1)
    expect(await host.restores(before)).toMatchObject({ members: 1 })
  })
})
