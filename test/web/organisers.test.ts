import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waysIn } from '../roles/table.ts'
import { type Service, startService } from '../support/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'onepercent-organisers-'))
let service: Service
beforeAll(async () => {
  // As it may be typed on a Mac: the Korean name in pieces, the other one whole.
  service = await startService(folder, { CLUB_ORGANISERS: ` host, ${'지훈'.normalize('NFD')} ,Zo\u00eb,` })
})
afterAll(async () => {
  service.process.kill('SIGTERM')
  await service.exited
  rmSync(folder, { recursive: true, force: true })
})

/** What `/club` comes to for this name, and what the page is told of it. */
async function asks(as: string): Promise<string> {
  const { status, body } = await service.post('/api/call', { as, command: 'club' }, { 'accept-language': 'en' })
  const room = await fetch(`${service.url}/api/room?as=${encodeURIComponent(as)}`)
  const told = (await room.json()) as { organiser?: boolean }
  return `${status} ${body.code ?? 'done'}${told.organiser ? ', as an organiser' : ''}`
}
const organises = async (as: string) => (await asks(as)).startsWith('200')

test('an organiser is who stands in CLUB_ORGANISERS, however their name is put together, and nobody who looks like them', async () => {
  for (const name of ['host', '지훈', '지훈'.normalize('NFD'), 'Zo\u00eb', 'Zoe\u0308'])
    expect([name, await asks(name)]).toEqual([name, '200 done, as an organiser'])
  for (const name of [
    'Host',
    'HOST',
    'h\u043est', // a Cyrillic о
    '\uff48\uff4f\uff53\uff54', // full width
    'host_',
    'hosts',
    'Zoe',
    'ZO\u00cb',
    '지훈1',
    '\u3148\u3163\ud6c8', // ㅈㅣ훈: letters beside each other, no syllable
    '훈지',
    'operator',
  ])
    expect([name, await asks(name)]).toEqual([name, '403 not_allowed'])
  // What cannot be seen is in no name at all.
  for (const name of ['host ', ' host', 'host\u200b', 'ho\u00adst', 'host\u202e', 'host,지훈', ''])
    expect([name, await asks(name)]).toEqual([name, '400 bad_input'])
})

test('nobody becomes one by asking first, or by saying that they are', async () => {
  const says = async (more: object) => (await service.post('/api/call', { as: 'mina', command: 'club', ...more })).status === 200
  const setting = await organises('host')
  const founder = await organises('mina')
  await service.call({ as: 'mina', command: 'checkin', input: { note: 'hello' } })
  await service.call({ as: 'host', command: 'club', input: { action: 'organiser', member: 'mina' } })
  const named = await organises('mina')
  await service.call({ as: 'host', press: '1:step-down:mina' })
  expect({
    setting,
    permission: (await says({ organiser: true })) || (await says({ mayFound: true })),
    role: await says({ roles: ['crew'] }),
    named,
    founder,
  }).toEqual(waysIn('web'))
  const stranger = { as: 'mina', command: 'club', input: { action: 'organiser', member: 'mina' } }
  expect((await service.post('/api/call', stranger)).status).toBe(403)
  expect((await service.post('/api/call', { ...stranger, as: 'host', input: { set: 'organiser-role', to: '123' } })).body.code).toBe(
    'closed',
  )
})
