import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { eraseMember } from '../../src/erasure.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { migrations, tempFolder, testSeal } from '../support/testClub.ts'

const name = 'CANARY-somebody'

async function aClub() {
  const file = join(tempFolder(), 'club.db')
  const store = openSqliteStore(file, migrations, testSeal)
  onTestFinished(() => store.close())
  await store.saveClub({ ...newClub('web:club', 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'), organisers: [name] })
  const club = await store.club('web:club')
  if (!club) throw new Error('the club was not kept')
  return { store, club, isThere: () => [file, `${file}-wal`].some((part) => readFileSync(part).includes(name)), file }
}

test('who was named as an organiser and never did anything leaves the files, too', async () => {
  const { store, club, isThere } = await aClub()
  expect(isThere()).toBe(true)
  expect(await eraseMember(store, club, name, 0)).toBe(false)
  expect(isThere()).toBe(false)
})

test('what is erased while somebody else reads the database leaves its files at a later tick', async () => {
  const { store, club, isThere, file } = await aClub()
  await store.saveMember(club.id, newMember(club, 'mina', name))
  await store.saveClub({ ...club, organisers: [] })

  const reader = new Database(file, { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM member').get()
  expect(await eraseMember(store, club, 'mina', 0)).toBe(true)
  await store.tidy()
  expect(isThere()).toBe(true)
  reader.exec('COMMIT')
  await store.tidy()
  expect(isThere()).toBe(false)
  reader.close()
})
