import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program, type Service, startService } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

const line = '오늘은 cgroup을 읽었어요'
const [first, second] = ['1a'.repeat(32), '2b'.repeat(32)]
/** Each of these starts the program several times, one after the other. */
const timeout = 300_000

const club = (folder: string, extra: Record<string, string>, ...args: string[]) => program('cli', folder, args, extra)
const keysIn = (folder: string) => readFileSync(join(folder, 'club.db.key'), 'utf8').trim().split('\n')

async function stopped(service: Service): Promise<void> {
  service.process.kill('SIGTERM')
  await service.exited
}

async function writesALine(folder: string, extra: Record<string, string> = {}): Promise<void> {
  const service = await startService(folder, extra)
  await service.call({ as: '미나', command: 'checkin', input: { note: line } })
  await stopped(service)
}

test('the key file gets another key by `rekey`, once the club is stopped, and what it makes is its owner’s alone', {
  timeout,
}, async () => {
  const folder = join(tempFolder(), 'data')
  const service = await startService(folder)
  await service.call({ as: '미나', command: 'checkin', input: { note: line } })
  expect(await club(folder, {}, 'rekey')).toMatchObject({ status: 1, stderr: expect.stringContaining('Stop it first') })
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  expect(mode(folder)).toBe('700')
  const made = ['club.db', 'club.db-shm', 'club.db-wal', 'club.db.courses', 'club.db.key', 'club.db.lock']
  expect(readdirSync(folder).map((name) => [name, mode(join(folder, name))])).toEqual(made.map((name) => [name, '600']))
  await stopped(service)

  const [before] = keysIn(folder)
  const changed = await club(folder, {}, 'rekey')
  expect(changed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[1-9]\d* texts were sealed anew; everything is sealed with/) })
  expect(changed.stdout).toContain('Backups made before this need the key')
  expect(keysIn(folder)).toEqual([expect.not.stringContaining(before ?? ''), before])
  expect(mode(join(folder, 'club.db.key'))).toBe('600')
  const again = await startService(folder)
  const { id } = await again.call({ as: '미나', command: 'data', input: { action: 'export' } })
  expect(await (await fetch(`${again.url}/messages/${id}/file?as=${encodeURIComponent('미나')}`)).text()).toContain(line)
  await stopped(again)
})

test('a key of the settings takes the place of the file’s, and then another one its place', { timeout }, async () => {
  const folder = tempFolder()
  await writesALine(folder)
  expect((await club(folder, { CLUB_KEY: first }, 'rekey')).status).toBe(0)
  rmSync(join(folder, 'club.db.key'))
  // While both are set the club goes on before everything is sealed anew.
  await writesALine(folder, { CLUB_KEY: second, CLUB_KEY_OLD: first })
  expect((await club(folder, { CLUB_KEY: second, CLUB_KEY_OLD: first }, 'rekey')).status).toBe(0)
  const { stdout } = await club(folder, { CLUB_KEY: second }, 'doctor')
  expect(stdout).toMatch(/^ok {4}key: [0-9a-f]{8} from CLUB_KEY; [1-9]\d* sealed texts, 0 of them with an older key, 0 cannot be opened$/m)
  expect(stdout).not.toContain(second)
})

test('a missing key stops the start in words and loses nothing, until its loss is said', { timeout }, async () => {
  const folder = tempFolder()
  await writesALine(folder)
  renameSync(join(folder, 'club.db.key'), join(folder, 'kept'))
  const extra = { CLUB_KEY: first }
  const { status, stderr } = await program('main', folder, [], extra)
  expect(status).toBe(1)
  expect(stderr).toMatch(
    /^onepercent cannot start:\nCLUB_KEY: .*club\.db was sealed with the key [0-9a-f]{8}, and what is here is [0-9a-f]{8}\. Put it back/,
  )
  expect(await club(folder, extra, 'rekey', 'lost')).toMatchObject({ status: 0, stdout: expect.stringContaining('are deleted') })
  const service = await startService(folder, extra)
  expect((await service.call({ as: '미나', command: 'streak' })).card.fields?.[2]?.value).toBe('1일')
  await stopped(service)
})
