import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

const name = 'CANARY-somebody'

test('what is erased while somebody else reads the database leaves its files at a later tick', async () => {
  const file = join(tempFolder(), 'club.db')
  const store = openSqliteStore(file, migrations, testSeal)
  onTestFinished(() => store.close())
  await store.saveClub(newClub('web:club', 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'))
  const club = await store.club('web:club')
  if (!club) throw new Error('the club was not kept')
  await store.saveMember(club.id, newMember(club, 'mina', name))
  const isThere = () => [file, `${file}-wal`].some((part) => readFileSync(part).includes(name))

  const reader = new Database(file, { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM member').get()
  expect(await store.deleteMember(club.id, 'mina', 0)).toBe(true)
  await store.tidy()
  expect(isThere()).toBe(true)
  reader.exec('COMMIT')
  await store.tidy()
  expect(isThere()).toBe(false)
  reader.close()
})
