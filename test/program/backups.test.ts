// Purpose: the nights of a club that is left alone for years: its backups, its upgrades, and what a restore may not bring back.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { backupBeforeUpgrade, createBackups, lastBackup } from '../../src/backups.ts'
import { backup } from '../../src/store/sqlite/upkeep.ts'
import { readScrape } from '../support/scrape.ts'
import { pressOf, program, type Service, startService } from '../support/service.ts'
import { migrations, tempFolder } from '../support/testClub.ts'

/** Each of these starts the program several times, on a machine that may be busy with others. */
const patience = 240_000
const keeping = { BACKUP_KEEP: '3' }
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)

const oldest = () => gunzipSync(readFileSync(new URL('../fixtures/databases/0001.db.gz', import.meta.url).pathname))

async function stops(service: Service): Promise<void> {
  service.process.kill('SIGTERM')
  await service.exited
}
const logged = (service: Service, words: string) =>
  vi.waitFor(
    () => {
      const line = service.output.find((one) => one.includes(words))
      if (line === undefined) throw new Error(`not logged: ${words}\n${service.output.join('\n')}`)
      return JSON.parse(line) as Record<string, unknown>
    },
    { timeout: patience, interval: 50 },
  )

test('a backup that was missed is made at the start, checked, and only then the old ones go', { timeout: patience }, async () => {
  const folder = tempFolder()
  const backups = join(folder, 'backups')
  mkdirSync(backups)
  const old = [`club-${day(9)}.db`, `club-${day(5)}-schema-0002.db`]
  const kept = [`club-${day(2)}.db`, 'by-hand.db', `discord-${day(9)}.db`]
  for (const name of [...old, ...kept, `club-${day(1)}.db.unfinished-77`]) writeFileSync(join(backups, name), '')
  for (const ago of [9, 1]) writeFileSync(join(folder, `club.db.before-restore-${Date.now() - ago * 86_400_000}`), '')

  const service = await startService(folder, keeping)
  const { file, bytes } = await logged(service, 'a backup was made and checked')
  const age = readScrape(await (await fetch(`${service.url}/metrics`)).text()).value('backup_age_seconds')
  expect([(age ?? -1) >= 0, (age ?? -1) < 3_600]).toEqual([true, true])
  await stops(service)
  expect(readdirSync(backups).sort()).toEqual([...kept, String(file).slice(backups.length + 1)].sort())
  expect(file).toMatch(/club-\d{4}-\d\d-\d\d\.db$/)
  expect(readdirSync(folder).filter((name) => name.includes('before-restore'))).toHaveLength(1)
  expect([statSync(String(file)).mode & 0o777, statSync(String(file)).size]).toEqual([0o600, bytes])
  const db = new Database(String(file), { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.prepare('SELECT key FROM club').pluck().all()).toEqual(['web:club'])
  db.close()

  const longAgo = Date.now() / 1000 - 3 * 86_400
  utimesSync(String(file), longAgo, longAgo)
  const doctor = await program('cli', folder, ['doctor'], keeping)
  expect(doctor.stdout).toContain(`MEND  backups: the newest is ${file}, 72 hours old; is the service running?`)
})

test('one a night, once the study day has ended; after a failure again in an hour, not before', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'no-folder'), '')
  const lines: { level: number; msg: string }[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const store = { dropErasures: async () => {} }
  const settings = {
    DATABASE_URL: join(folder, 'club.db'),
    BACKUP_DIR: join(folder, 'no-folder'),
    CLUB_ZONE: 'Asia/Seoul',
    BACKUP_KEEP: 14,
  }
  const failing = createBackups(settings, store, log)
  const triesAt = async (backups: typeof failing, time: string) => {
    const before = lines.length
    backups.tick(Date.parse(`2026-11-${time}:00+09:00`))
    await backups.idle()
    return lines.length > before
  }
  expect(await triesAt(failing, '26T04:31')).toBe(true)
  expect(lines[0]).toMatchObject({ level: 50, msg: expect.stringContaining('no backup was made, it is tried again in an hour') })
  expect(await triesAt(failing, '26T05:30')).toBe(false)
  expect(await triesAt(failing, '26T05:31')).toBe(true)

  // The night of the 26th has its backup; the next one is due after half past four.
  const folderOfBackups = join(folder, 'backups')
  mkdirSync(folderOfBackups)
  const done = { ...settings, BACKUP_DIR: folderOfBackups }
  writeFileSync(join(folderOfBackups, 'club-2026-11-26.db'), '')
  expect(lastBackup(done)?.file).toBe(join(folderOfBackups, 'club-2026-11-26.db'))
  const working = createBackups(done, store, log)
  expect(await triesAt(working, '26T23:59')).toBe(false)
  expect(await triesAt(working, '27T04:29')).toBe(false)
  // There is no database, so its try fails.
  expect(await triesAt(working, '27T04:30')).toBe(true)
  const none = createBackups({ ...done, BACKUP_KEEP: 0 }, store, log)
  expect(await triesAt(none, '28T05:00')).toBe(false)
})

test('before an upgrade the database is put aside as it was', { timeout: patience }, async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'club.db'), oldest())
  const service = await startService(folder, keeping)
  const { file } = await logged(service, 'the database is upgraded; this is how it was')
  await stops(service)
  expect(file).toMatch(/club-\d{4}-\d\d-\d\d-schema-0001\.db$/)
  const before = new Database(String(file), { readonly: true })
  expect(before.prepare('SELECT name FROM migration').pluck().all()).toEqual(['0001_club.sql'])
  expect(before.prepare('SELECT count(*) FROM member').pluck().get()).toBe(6)
  before.close()
})

test('an upgrade does not begin when its backup cannot be made', () => {
  const folder = tempFolder()
  const DATABASE_URL = join(folder, 'club.db')
  writeFileSync(DATABASE_URL, oldest())
  writeFileSync(join(folder, 'backups'), 'no folder')
  const settings = { DATABASE_URL, BACKUP_DIR: undefined, BACKUP_KEEP: 3, CLUB_ZONE: 'Asia/Seoul' }
  expect(() => backupBeforeUpgrade(settings, migrations, Date.now())).toThrow('BACKUP_DIR: the database is about to be upgraded')
  expect(backupBeforeUpgrade({ ...settings, BACKUP_KEEP: 0 }, migrations, Date.now())).toBeUndefined()
  expect(readFileSync(DATABASE_URL).equals(oldest())).toBe(true)
})

test('who deleted their data after a backup stays deleted when it is restored, or nothing is served', { timeout: patience }, async () => {
  const folder = tempFolder()
  const key = { CLUB_KEY: 'a1'.repeat(32) }
  const service = await startService(folder, key)
  const [lesson] = await service.messages('미나')
  for (const as of ['미나', '지훈']) await service.call({ as, press: pressOf(lesson, 'A') })
  const file = join(folder, 'copy.db')
  backup(join(folder, 'club.db'), file)
  await service.call({ as: '미나', command: 'data', input: { action: 'delete' } })
  await stops(service)

  // With another key nobody is deleted by mistake, and nobody is served: that is said at once.
  const wrong = { CLUB_KEY: 'b2'.repeat(32) }
  expect(await program('cli', folder, ['restore', file], wrong)).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/NOT DONE: CLUB_KEY: .* was sealed with the key/),
  })
  expect(await program('main', folder, [], wrong)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/CLUB_KEY: .* was sealed with the key/),
  })

  const again = await startService(folder, key)
  expect(await logged(again, 'who had been deleted since is deleted again')).toMatchObject({ level: 40, members: 1, clubs: 0 })
  const totalOf = async (as: string) => (await again.call({ as, command: 'streak' })).card.fields?.[2]?.value
  expect(await totalOf('미나')).toBe('0일')
  expect(await totalOf('지훈')).toBe('1일')
  await stops(again)
})
