import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { clockTarget } from '../../src/clock.ts'
import { createWebRoom } from '../../src/rooms/web/index.ts'
import { longClub } from '../features/life.ts'
import { changedJson, changedText, expectClear, expectUnpolluted, oddJson, oddText, runs } from './odd.ts'

afterAll(expectUnpolluted)

test('whatever is asked over HTTP gets an answer or a clear refusal, and no request is a failure of ours', {
  timeout: 600_000,
}, async () => {
  const club = await longClub()
  const room = createWebRoom({
    club: club.id,
    organisers: ['host'],
    log: club.store,
    now: club.now,
    handle: (call) => club.app.handle(call, club.now()),
    commands: () => club.app.commandInfos,
    drawPicture: async () => new Uint8Array([137]),
    facts: async (locale) => ({
      title: '',
      zone: 'Asia/Seoul',
      locale,
      nextMorning: club.now(),
      examples: { names: [], press: '', label: '' },
    }),
    hasClock: true,
    // What the clock would do then is told elsewhere.
    moveClock: async (body, t) => void clockTarget(body, club.now(), t),
    host: '127.0.0.1',
  })
  const as = fc.constantFrom('미나', 'host')
  const calls = [
    { as: '미나', command: 'checkin', input: { note: '한 줄' } },
    { as: 'host', command: 'club', input: { action: 'excuse', member: '미나', day: '2026-11-25', reason: '정전' } },
    { as: '미나', press: '1:line', input: { note: '한 줄' } },
    { as: '미나', press: '1:why' },
  ]
  const moves = [{ now: '2026-12-01T00:00:00Z' }, { forward: 'P1DT2H' }]
  const paths = [
    '/api/messages?as=미나&last=5',
    '/api/room?as=host',
    '/messages/1/picture.png',
    '/messages/1/file?as=미나',
    '/page/main.js',
    '/',
  ]
  const posted = (path: string, body: fc.Arbitrary<unknown>, texts: readonly object[]) =>
    fc.record({
      path: fc.constant(path),
      body: fc.oneof(
        { weight: 6, arbitrary: body.map((value) => JSON.stringify(value) ?? '') },
        { weight: 1, arbitrary: oddJson.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: changedText(texts.map((one) => JSON.stringify(one))) },
      ),
    })
  const asked = fc.oneof(
    posted(
      '/api/call',
      fc.oneof(changedJson(calls), fc.record({ as, command: fc.constantFrom('today', 'club', 'data'), input: oddJson })),
      calls,
    ),
    posted('/api/clock', changedJson(moves), moves),
    fc.record({ path: fc.oneof(fc.constantFrom(...paths), changedText(paths)), body: fc.constant(undefined) }),
  )
  const header = oddText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 2000))
  const seldom = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: header })
  await fc.assert(
    fc.asyncProperty(asked, seldom, seldom, fc.constantFrom('ko', 'en'), async ({ path, body }, type, origin, locale) => {
      const url = new URL('http://127.0.0.1')
      const [pathname = '', search = ''] = path.toWellFormed().split('?', 2)
      Object.assign(url, { pathname, search })
      if (url.pathname === '/api/events') return
      const headers = {
        host: '127.0.0.1',
        'content-type': type ?? 'application/json',
        'accept-language': locale,
        ...(origin && { origin, cookie: origin }),
      }
      const answer = await room.http.request(url, body === undefined ? { headers } : { method: 'POST', headers, body })
      expect(answer.status, `${url} ${body}`).toBeLessThan(500)
      if (answer.status < 400) return
      const { error, code } = (await answer.json()) as { error: string; code: string }
      expect(code).toMatch(/^[a-z_]+$/)
      const members = await Promise.all(['미나', 'host'].map((id) => club.store.member(club.id, id)))
      if (answer.status !== 403 && !members.some((member) => member?.locale)) expectClear(error, locale as 'ko' | 'en')
    }),
    runs(200),
  )
  expect(club.troubles()).toEqual([])
})
