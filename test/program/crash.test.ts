import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { writeCourse } from '../support/courseOf.ts'
import { environment, root, type Service, startService } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

/** How often the service is killed. */
const kills = Number(process.env.CRASH_KILLS ?? 10)
const members = ['가온', '나래', '다솜', '라온', 'mina', 'jun']
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)

/** A small generator of numbers (mulberry32), so that a run can be repeated by its seed. */
function numbersFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

test('killed with -9 again and again, it loses no answer, posts nothing twice and misses nothing due', { timeout: 240_000 }, async () => {
  const random = numbersFrom(seed)
  const folder = tempFolder()
  const extra = { CONTENT_DIR: writeCourse(folder, 90), CLUB_LOCALE: 'en' }
  const file = join(folder, 'club.db')
  const acknowledged = new Set<string>()
  const answered = new Set<string>()
  let sent = 0

  /** One member's life: answers what is in the channel, leaves lines, until the service dies. */
  async function live(service: Service, name: string): Promise<void> {
    for (;;) {
      const messages = await service.messages(name)
      const buttons = messages.filter(({ onlyYou }) => !onlyYou).flatMap(({ card }) => card.buttons ?? [])
      const press = buttons[Math.floor(random() * buttons.length)]?.press
      sent += 1
      if (press && /:(answer|vote):/.test(press) && random() < 0.6) {
        const { status } = await service.post('/api/call', { as: name, press })
        if (status === 200) answered.add(`${name} ${press.split(':').slice(1, -1).join(':')}`)
      } else {
        const note = `${name} ${Math.floor(random() * 1e15)}`
        await service.call({ as: name, command: 'checkin', input: { note } })
        acknowledged.add(note)
      }
    }
  }
  async function days(service: Service): Promise<void> {
    for (;;) {
      await service.post('/api/clock', { forward: `PT${1 + Math.floor(random() * 20)}H` })
      await new Promise((resolve) => setTimeout(resolve, random() * 40))
    }
  }

  for (let round = 0; round < kills; round++) {
    const service = await startService(folder, extra)
    // Each of them ends by the service's death, in the middle of whatever it was doing.
    const lives = [...members.map((name) => live(service, name)), days(service)].map((life) => life.catch(() => undefined))
    await new Promise((resolve) => setTimeout(resolve, 150 + random() * 900))
    service.process.kill('SIGKILL')
    await service.exited
    await Promise.all(lives)
    expect(service.output.filter((line) => /"level":[56]0/.test(line))).toEqual([])
    const db = new Database(file, { readonly: true })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const notes = new Set(db.prepare<[], string>('SELECT text FROM note').pluck().all())
    expect([...acknowledged].filter((note) => !notes.has(note))).toEqual([])
    db.close()
  }

  // A last start, a moment for what was leased, and a look at everything.
  const service = await startService(folder, extra)
  await service.post('/api/clock', { forward: 'PT5M' })
  const clock = (await (await fetch(`${service.url}/api/room`)).json()) as { now: string }
  service.process.kill('SIGTERM')
  await service.exited

  const db = new Database(file, { readonly: true })
  const notes = db.prepare<[], string>('SELECT text FROM note').pluck().all()
  expect(new Set(notes).size).toBe(notes.length)
  const kept = db
    .prepare<[], string>(
      `SELECT member.key || ' ' || what FROM (
         SELECT member, 'answer:' || date(season * 86400, 'unixepoch') || ':' || lesson || ':' || question AS what FROM answer
         UNION ALL SELECT member, 'vote:' || poll FROM vote) JOIN member ON member.id = member`,
    )
    .pluck()
    .all()
  expect([...answered].filter((answer) => !kept.includes(answer))).toEqual([])

  const posts = db
    .prepare<[], { key: string; kind: string; day: number; state: number }>('SELECT key, kind, day, state FROM post ORDER BY day')
    .all()
  expect(posts.filter(({ state }) => state !== 1)).toEqual([])
  const messages = db
    .prepare<[], { key: string; n: number }>('SELECT key, count(*) AS n FROM message WHERE key IS NOT NULL GROUP BY key')
    .all()
  expect(messages.filter(({ n }) => n !== 1)).toEqual([])
  expect(messages.map(({ key }) => key).sort()).toEqual(posts.map(({ key }) => key).sort())
  // Every study day up to the clock has its lesson: the day changes at 04:00, the lesson comes at 08:00, both in Seoul (UTC+9).
  const lessons = posts.filter(({ key }) => key.startsWith('lesson:')).map(({ day }) => day)
  const first = lessons[0] ?? 0
  const last = Math.floor((Date.parse(clock.now) + 3_600_000) / 86_400_000)
  expect(lessons).toEqual(Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => first + i))
  db.close()

  const rebuilt = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'rebuild'], {
    cwd: root,
    env: environment(folder, extra),
    encoding: 'utf8',
  })
  expect(rebuilt.stdout).toContain(', 0 differed')
  process.stdout.write(
    `crash test (seed ${seed}): ${kills} kills, ${sent} acts sent, ${acknowledged.size} lines and ${answered.size} answers acknowledged, ` +
      `${notes.length} lines kept, ${lessons.length} days, ${posts.length} posts, 0 lost, 0 double, 0 missing; ${rebuilt.stdout}`,
  )
})
