import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowSteps, lessonAt, roundOf, told } from '../support/ourCourse.ts'
import { pressOf, type Service, startService, type WebMessage } from '../support/service.ts'

// One club lives through this file from top to bottom, as a program that drives the room would see it.
let service: Service
const folder = mkdtempSync(join(tmpdir(), 'onepercent-api-'))
beforeAll(async () => {
  service = await startService(folder)
})
afterAll(async () => {
  service.process.kill('SIGTERM')
  await service.exited
  rmSync(folder, { recursive: true, force: true })
})

const titles = (messages: readonly WebMessage[]) => messages.filter(({ onlyYou }) => !onlyYou).map(({ card }) => card.title ?? '')
const field = (message: WebMessage, index: number) => Number.parseInt(message.card.fields?.[index]?.value ?? '', 10)

describe('the first start', () => {
  test('today’s lesson is in the channel with a picture and its question as buttons, and a round of rumours waits', async () => {
    const [lesson, poll, ...others] = await service.messages('newcomer')
    expect(others).toEqual([])
    expect(lesson?.card.title).toMatch(/^오늘의 1% · 1\/24 · /)
    expect(lesson?.card.buttons?.map(({ label }) => label)).toEqual(['A', 'B', 'C', '더 읽기'])
    expect(lesson?.card.image?.alt).not.toBe('')
    expect(poll?.card.buttons?.map(({ label }) => label)).toEqual(['골라 보기'])
    expect(poll?.card.text).toContain(
      roundOf('ko')
        .map((statement, i) => `${i + 1}. “${statement}”`)
        .join('\n'),
    )
    const png = await fetch(service.url + lesson?.card.image?.url)
    expect(png.headers.get('content-type')).toBe('image/png')
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  test('it is healthy and ready', async () => {
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
  })
})

describe('a member', () => {
  test('answers with one tap; the answer is private and moves the streak', async () => {
    const [lesson] = await service.messages('미나')
    const verdict = await service.call({ as: '미나', press: pressOf(lesson, 'C') })
    expect(verdict.onlyYou).toBe(true)
    const streak = await service.call({ as: '미나', command: 'streak' })
    expect([0, 1, 2, 3].map((index) => field(streak, index))).toEqual([1, 1, 1, 1])
    expect((await service.messages('지훈')).some(({ onlyYou }) => onlyYou)).toBe(false)
    expect((await service.messages('미나')).filter(({ onlyYou }) => onlyYou)).toHaveLength(2)
  })

  test('is one member however the name is composed', async () => {
    const streak = await service.call({ as: '미나'.normalize('NFD'), command: 'streak' })
    expect(field(streak, 0)).toBe(1)
  })

  test('is answered in the language that the page asks for', async () => {
    const english = await service.call({ as: '미나', command: 'help' }, { 'accept-language': 'en-GB,ko;q=0.5' })
    expect(english.card.title).toBe('What can be typed here')
    const korean = await service.call({ as: '미나', command: '도움말' }, { 'accept-language': '*' })
    expect(korean.card.title).toBe('여기서 할 수 있는 것')
  })

  test('checks in by a form, and shares the line once', async () => {
    const { body } = await service.post('/api/call', { as: '미나', command: 'checkin', input: {} })
    const { form } = body as { form: { title: string; fields: { name: string; required: boolean; max: number }[]; submit: string } }
    expect(form.fields).toMatchObject([{ name: 'note', required: true, max: 300 }])
    const done = await service.call({ as: '미나', press: form.submit, input: { note: 'namespace <b>정리</b>' } })
    await Promise.all([1, 2].map(() => service.call({ as: '미나', press: pressOf(done, '이 한 줄 공유') })))
    await expect.poll(async () => titles(await service.messages('지훈')).filter((title) => title === '미나의 한 줄')).toHaveLength(1)
    const shared = (await service.messages('지훈')).find(({ card }) => card.title === '미나의 한 줄')
    expect(shared).toMatchObject({ by: '미나', onlyYou: false })
  })

  test('takes a stand on every rumour of the round, one after the other', async () => {
    const [, round] = await service.messages('지훈')
    let card = await service.call({ as: '지훈', press: pressOf(round, '골라 보기') })
    const statements = roundOf('ko')
    expect(statements).toHaveLength(3)
    for (const [i, statement] of statements.entries()) {
      expect(card.onlyYou).toBe(true)
      expect(card.card.title).toBe(`맞을까, 아닐까? ${i + 1}/3`)
      expect(card.card.text).toContain(`**“${statement}”**`)
      card = await service.call({ as: '지훈', press: pressOf(card, '아니다') })
      if (i < 2) card = await service.call({ as: '지훈', press: pressOf(card, `다음 소문 ${i + 2}/3`) })
    }
    expect(card.card.buttons?.map(({ label }) => label)).toEqual(['한 줄 남기기'])
  })

  test('reads on: more, the whole lesson, its lab and sources, and the flow of a version', async () => {
    const [lesson] = await service.messages('소라')
    const tap = async (message: WebMessage | undefined, label: string) => service.call({ as: '소라', press: pressOf(message, label) })
    const full = await tap(await tap(lesson, '더 읽기'), '본문 전체')
    const { lab, sources } = lessonAt(1)
    expect(full.card.buttons?.map(({ label }) => label)).toEqual(['질문으로', `실습 · ${lab?.minutes}분`, '출처'])
    expect(full.card.text).toContain(told(1, 'ko').full)
    const steps = await tap(full, `실습 · ${lab?.minutes}분`)
    for (const { run } of lab?.steps ?? []) if (run) expect(steps.card.text).toContain(`\`\`\`bash\n${run}\n\`\`\``)
    expect((await tap(steps, '리눅스가 없다면')).card.text).toContain(lab?.without.ko)
    expect((await tap(full, '출처')).card.text.match(/^\d+\. /gm)).toHaveLength(sources.length)
    const step = flowSteps.findIndex(({ versions }) => versions.startsWith('1.24'))
    const flow = await service.call({ as: '소라', command: '흐름', input: { 버전: '1.24' } })
    expect(flow.card.title).toBe(`Kubernetes ${flowSteps[step]?.versions} · ${step + 1}/${flowSteps.length}`)
    expect(flow.card.image?.alt).toBe(flowSteps[step]?.picture.alt.ko)
    expect((await tap(flow, `◀ ${flowSteps[step - 1]?.versions}`)).card.title).toContain(`· ${step}/${flowSteps.length}`)
  })

  test('sees the board as text and as a picture, name then number', async () => {
    const board = await service.call({ as: '미나', command: 'leaderboard', input: { by: 'run' } })
    expect(board.card.fields?.[0]).toEqual({ name: '미나', value: '1일 · 1위 · 연속 1 · 최고 1' })
    const png = await fetch(service.url + board.card.image?.url)
    expect(png.status).toBe(200)
    const stranger = await fetch(service.url + board.card.image?.url.replace(/as=[^&]*/, 'as=stranger'))
    expect(stranger.status).toBe(404)
  })

  test('downloads what is kept of them, and erases it for good', async () => {
    const { card } = await service.call({ as: '미나', command: 'data', input: { action: 'export' } })
    const file = await fetch(service.url + card.buttons?.[0]?.href)
    expect(await file.json()).toMatchObject({ member: { name: '미나' }, acts: [{ kind: 'checkin' }, { kind: 'answer' }] })
    await service.call({ as: '미나', command: 'data', input: { action: 'delete' } })
    expect((await service.messages('미나')).filter(({ onlyYou }) => onlyYou)).toEqual([])
    expect(field(await service.call({ as: '미나', command: 'streak' }), 2)).toBe(0)
    await service.call({ as: '미나', command: 'data', input: { action: 'delete' } })
  })
})

describe('the clock', () => {
  test('“next morning” brings the next lesson by itself, to open pages too', async () => {
    const events = await fetch(`${service.url}/api/events?as=${encodeURIComponent('지훈')}`)
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
    const { nextMorning } = (await (await fetch(`${service.url}/api/room`)).json()) as { nextMorning: string }
    const { status, body } = await service.post('/api/clock', { now: nextMorning })
    expect(status).toBe(200)
    expect(Date.parse(String(body.now))).toBeGreaterThanOrEqual(Date.parse(nextMorning))
    let heard = ''
    while (!heard.includes('event: clock')) heard += (await reader?.read())?.value ?? ''
    expect(heard).toContain('event: message')
    expect(heard).toContain('오늘의 1% · 2/24')
    await reader?.cancel()
  })

  test('has the round tell how many took a stand, and nothing more before it closes', async () => {
    const round = (await service.messages('미나')).find(({ card }) => card.title?.startsWith('소문 3가지'))
    expect(round?.card.text).toContain('_지금까지 1명이 답했어요_')
    expect(JSON.stringify(round?.card)).not.toMatch(/지훈|%|정답/)
    expect(round?.card.image).toBeUndefined()
  })

  test('goes forward only, 400 days at most, and says so', async () => {
    expect(await service.post('/api/clock', { now: '2020-01-01T00:00:00Z' })).toMatchObject({ status: 409, body: { code: 'clock' } })
    expect(await service.post('/api/clock', { forward: 'P401D' })).toMatchObject({ status: 409, body: { code: 'clock' } })
    expect(await service.post('/api/clock', { forward: '-PT1H' })).toMatchObject({ status: 409, body: { code: 'clock' } })
    for (const body of [{}, { forward: 'soon' }, { now: 5 }, { now: 'x' }, [], 'null']) {
      expect(await service.post('/api/clock', body)).toMatchObject({ status: 400, body: { code: 'bad_input' } })
    }
  })

  test('posts each lesson once on the way through a month, then looks back and rests', async () => {
    // A club in which nobody does anything falls quiet after a week.
    for (let day = 0; day < 30; day += 5) {
      await service.post('/api/clock', { forward: 'P5D' })
      await service.call({ as: '지훈', command: 'checkin', input: { note: `${day}일째` } })
    }
    const posted = titles(await service.messages('지훈'))
    const lessons = posted.filter((title) => title.startsWith('오늘의 1%')).map((title) => /(\d+)\/24/.exec(title)?.[1])
    expect(lessons).toEqual(Array.from({ length: 24 }, (_, i) => String(i + 1)))
    expect(posted.filter((title) => title.startsWith('걸어온 길'))).toHaveLength(1)
    // Asked on the first day, and again after L22.
    expect(posted.filter((title) => title.startsWith('소문 3가지'))).toHaveLength(2)
    expect(posted.findLastIndex((title) => title.startsWith('소문 3가지'))).toBeGreaterThan(
      posted.findIndex((title) => title.includes('22/24')),
    )
  })

  test('is still where it was after a restart, and the time in between was no outage', async () => {
    const before = Date.parse(String((await service.post('/api/clock', { forward: 'PT1H' })).body.now))
    service.process.kill('SIGTERM')
    await service.exited
    service = await startService(folder)
    const { now } = (await (await fetch(`${service.url}/api/room`)).json()) as { now: string }
    expect(Date.parse(now)).toBeGreaterThanOrEqual(before)
    expect(service.output.join('\n')).not.toContain('excused')
  })
})

describe('bad input gets a clear refusal with a stable code', () => {
  const cases: [string, unknown, number, string][] = [
    ['no JSON', '{"as":', 400, 'bad_input'],
    ['no object', [], 400, 'bad_input'],
    ['nobody', { command: 'today' }, 400, 'bad_input'],
    ['a name that is none', { as: 'mina <3', command: 'today' }, 400, 'bad_input'],
    ['a name of 33', { as: 'a'.repeat(33), command: 'today' }, 400, 'bad_input'],
    ['both a command and a press', { as: 'mina', command: 'today', press: '1:why' }, 400, 'bad_input'],
    ['an unknown member', { as: 'mina', command: 'streak', input: { member: 'nobody' } }, 400, 'bad_input'],
    ['an unknown key', { as: 'mina', command: 'today', inputs: {} }, 400, 'bad_input'],
    ['an unknown option', { as: 'mina', command: 'today', input: { loud: 'yes' } }, 400, 'bad_input'],
    ['an option that is no text', { as: 'mina', command: 'checkin', input: { note: { a: 1 } } }, 400, 'bad_input'],
    ['a choice that is none', { as: 'mina', command: 'leaderboard', input: { by: 'luck' } }, 400, 'bad_input'],
    ['binary text', { as: 'mina', command: 'checkin', input: { note: 'a\u0000b' } }, 400, 'bad_input'],
    ['half a character', { as: 'mina', command: 'checkin', input: { note: '\ud83d' } }, 400, 'bad_input'],
    ['an organiser’s command', { as: 'mina', command: 'club' }, 403, 'not_allowed'],
    ['an organiser’s press', { as: 'mina', press: '1:examples-add' }, 403, 'not_allowed'],
    ['an unknown command', { as: 'mina', command: 'todey' }, 404, 'unknown'],
    ['an unknown press', { as: 'mina', press: '1:nothing' }, 404, 'unknown'],
    ['a forged press', { as: 'mina', press: 'answer' }, 404, 'unknown'],
    ['a press of a lesson that is none', { as: 'mina', press: '1:answer:2026-01-01:L99:0:0' }, 404, 'unknown'],
    ['a version that is on no map', { as: 'mina', command: 'flow', input: { version: '1.99' } }, 404, 'unknown'],
    ['a lab of a lesson that is none', { as: 'mina', press: '1:lab:2026-01-01:L99' }, 404, 'unknown'],
    ['a poll of another club', { as: 'mina', press: '1:vote:99999:true' }, 404, 'unknown'],
    ['a poll that is closed', { as: 'mina', press: '1:vote:1:true' }, 409, 'closed'],
    ['a note of 301', { as: 'mina', command: 'checkin', input: { note: '가'.repeat(301) } }, 413, 'too_long'],
    ['a body of 70 kB', { as: 'mina', command: 'checkin', input: { note: 'a'.repeat(70_000) } }, 413, 'too_long'],
  ]
  test.each(cases)('%s', async (_, body, status, code) => {
    const answer = await service.post('/api/call', body)
    expect(answer).toMatchObject({ status, body: { code, error: expect.stringMatching(/[가-힣]/) } })
    expect((await service.post('/api/call', body, { 'accept-language': 'en' })).body.error).not.toMatch(/[가-힣]/)
  })

  test('and nobody else notices', async () => {
    expect(titles(await service.messages('지훈')).filter((title) => title === '')).toEqual([])
    expect(service.output.filter((line) => /"level":(50|60)/.test(line))).toEqual([])
  })
})

describe('what comes too fast', () => {
  test('is refused with the time to wait, and nobody else waits', async () => {
    const taps = Array.from({ length: 100 }, () =>
      service.request('/api/call', { as: '성급', command: 'help' }, { 'accept-language': 'en' }),
    )
    const answers = await Promise.all(taps)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) {
      expect(answer.status).toBe(429)
      const seconds = answer.headers.get('retry-after')
      expect(seconds).toMatch(/^[1-9]\d*$/)
      expect(await answer.json()).toEqual({ code: 'slow_down', error: expect.stringContaining(`Please try again in ${seconds} second`) })
    }
    expect((await service.call({ as: '차분', command: 'help' })).card.title).toBe('여기서 할 수 있는 것')
  })
})

describe('the doors', () => {
  const asked = (headers: Record<string, string>, path = '/api/room') => fetch(service.url + path, { headers })

  test('another site can neither read nor act', async () => {
    expect((await asked({ origin: 'https://evil.example' })).status).toBe(403)
    const posted = await service.post('/api/call', { as: 'mina', command: 'today' }, { origin: 'https://evil.example' })
    expect(posted.status).toBe(403)
    const form = await fetch(`${service.url}/api/call`, {
      method: 'POST',
      body: '{"as":"mina","command":"today"}',
      headers: { 'content-type': 'text/plain' },
    })
    expect(form.status).toBe(400)
  })

  test('the page may load nothing from elsewhere and run nothing inline', async () => {
    const policy = (await asked({}, '/')).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
  })

  test('only the page’s own files are served', async () => {
    for (const path of ['/page/..%2f..%2fmain.ts', '/page/tsconfig.json', '/page/fonts/..%2f..%2findex.ts', '/package.json']) {
      expect((await asked({}, path)).status).toBe(404)
    }
  })
})
