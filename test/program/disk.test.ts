import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { type Service, startService } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

/** A disk of its own for this test. */
function smallDisk(size: string): string {
  const folder = tempFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder])
  })
  return folder
}

/** Takes all the room that is left. */
function fill(file: string): void {
  const to = openSync(file, 'w')
  try {
    for (;;) writeSync(to, Buffer.alloc(4096))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(to)
  }
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0

async function stopped(service: Service): Promise<void> {
  service.process.kill('SIGTERM')
  await service.exited
}

test.skipIf(!mayMount)(
  'while the disk is full members are told so and read on; nothing that they were told is lost, and it goes on when there is room',
  async () => {
    const disk = smallDisk('16m')
    const service = await startService(disk)
    const checkIn = (i: number) => service.post('/api/call', { as: '미나', command: 'checkin', input: { note: `${i} ${'x'.repeat(250)}` } })
    expect((await checkIn(0)).status).toBe(200)
    fill(join(disk, 'photos'))
    let kept = 1
    let refused = await checkIn(kept)
    // The log of the database has some room of its own.
    for (; refused.status === 200; refused = await checkIn(kept)) kept += 1
    expect(refused).toMatchObject({ status: 503, body: { code: 'busy', error: expect.stringContaining('지금은 저장할 수 없어서') } })
    expect((await service.call({ as: '미나', command: 'streak' })).card.text).not.toBe('')
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)

    rmSync(join(disk, 'photos'))
    expect((await checkIn(kept)).status).toBe(200)
    await stopped(service)
    const db = new Database(join(disk, 'club.db'), { readonly: true })
    expect(db.prepare('SELECT count(*) FROM act').pluck().get()).toBe(kept + 1)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
  },
)

test.skipIf(!mayMount)('a database on a disk that may not be written stops the start, and says whose it has to be', async () => {
  const disk = smallDisk('16m')
  await stopped(await startService(disk))
  execFileSync('mount', ['-o', 'remount,ro', disk])
  await expect(startService(disk)).rejects.toThrow(
    /DATABASE_URL: .*club\.db cannot be written by this user\. Give the user of this program/,
  )
})
