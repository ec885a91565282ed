import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { writeCourse } from '../support/courseOf.ts'
import { audit, type Counts } from '../support/crash/audit.ts'
import { holdRecords, passOutage, reading, releaseRecords, unrecorded } from '../support/crash/held.ts'
import { acts, arrives, daysPass, Memory } from '../support/crash/lives.ts'
import { type Chance, chanceOf } from '../support/crash/numbers.ts'
import { kinds, type Place, startWorld } from '../support/crash/places.ts'
import { type Launched, launchService, type Service } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

/** How often the program is killed: every other time between a message and its record. */
const kills = Number(process.env.CRASH_KILLS ?? 8)
const seed = process.env.CRASH_SEED ?? String(Date.now() % 1_000_000)
/** Against what never ends. A life takes a few seconds, and many times that on a machine that has other work. */
const timeout = 600_000 + kills * 60_000
/** What a life that waits for no post may take of the clubs' time. */
const mostHours = 36
/** Enough for all lives: one that waits for a post takes a day, on Slack a weekend. */
const lessons = 20 + 2 * kills
/** What is tried again has come to an end within so many minutes of the clubs' time. */
const settledMinutes = 60

const hasChance = (own: Chance, percent: number) => own.next() * 100 < percent

test('killed with -9 at any moment, it has kept all that it told members, and each post is in its channel once or was told as left out', {
  timeout,
}, async () => {
  const folder = tempFolder()
  const file = join(folder, 'club.db')
  const world = await startWorld()
  onTestFinished(() => world.stop())
  const settings = { ...world.settings, CONTENT_DIR: writeCourse(folder, lessons) }
  const output: string[] = []
  const memory = new Memory()
  const underWay: Promise<unknown>[] = []
  const seen = { kills: 0, inStart: 0, between: 0, caught: 0, outages: 0, audits: 0, streaks: 0, waiting: 0 }
  let places: readonly Place[] = []
  let heldLives = 0
  let until = 0

  async function starts(): Promise<Service> {
    const service = await launched().open
    world.lives(service)
    await world.connected()
    return service
  }
  function launched(): Launched {
    const launched = launchService(folder, settings)
    onTestFinished(() => void launched.process.kill('SIGKILL'))
    return launched
  }

  async function isKilled({ process, exited, output: said }: Launched | Service): Promise<void> {
    process.kill('SIGKILL')
    await exited
    output.push(...said)
    expect(said.filter((line) => line.includes('"level":60'))).toEqual([])
    const caught = await reading(file, (db) => unrecorded(db, places))
    seen.kills += 1
    seen.between += Number(caught.length > 0)
    seen.caught += caught.length
  }

  async function diesInStart(own: Chance): Promise<void> {
    const starting = launched()
    starting.open.catch(() => undefined)
    await sleep(own.between(0, 1500))
    seen.inStart += 1
    await isKilled(starting)
  }

  /** Members of all places act and days pass, and in the middle of it comes the kill. */
  async function live(service: Service, life: number, own: Chance, held: Place | undefined): Promise<void> {
    await Promise.all(places.map((place) => place.members[0] && arrives(memory, place, place.members[0], life)))
    let isOver = false
    const isAlive = () => !isOver
    for (const [p, place] of places.entries())
      for (const [m, member] of place.members.entries())
        underWay.push(acts(memory, place, member, chanceOf(`${seed} ${life} ${p} ${m}`), isAlive))
    underWay.push(daysPass(service, own, isAlive, held ? Number.POSITIVE_INFINITY : mostHours))
    if (held) await untilUnrecorded(file, held)
    else await sleep(own.between(50, 900))
    isOver = true
    await isKilled(service)
  }

  async function minutePasses(service: Service): Promise<void> {
    const { status, body } = await service.post('/api/clock', { forward: 'PT1M' })
    expect(status).toBe(200)
    until = Date.parse(String(body.now)) - 60_000
  }

  /** What was cut short is free again when its lease has ended. */
  async function recovers(service: Service): Promise<Counts> {
    for (let minutes = 0; minutes < 2; minutes++) await minutePasses(service)
    return holds(service)
  }

  async function holds(service: Service): Promise<Counts> {
    const { broken, counts } = await audit(file, { places, memory, output: () => [...output, ...service.output], until })
    for (const [what, found] of Object.entries(broken)) expect({ [what]: found }).toEqual({ [what]: [] })
    seen.audits += 1
    seen.streaks += counts.streaks
    seen.waiting += counts.waiting
    return counts
  }

  // The clubs are founded, and the program ends as it should.
  const first = await starts()
  places = await world.settle()
  await minutePasses(first)
  first.process.kill('SIGTERM')
  await first.exited
  output.push(...first.output)

  for (let life = 0; life < kills; life++) {
    const own = chanceOf(`${seed} ${life}`)
    // Two and two, so that the program itself is the first to open what a kill left, half of the times.
    const kind = life % 4 < 2 ? kinds[heldLives++ % kinds.length] : undefined
    const held = own.pick(places.filter((place) => place.kind === kind))
    if (!held && hasChance(own, 20)) await diesInStart(own)
    else {
      if (held) holdRecords(file, held.club)
      const service = await starts()
      await recovers(service)
      await live(service, life, own, held)
      if (held) releaseRecords(file)
    }
    if (held && hasChance(own, 40)) {
      passOutage(file, Math.ceil(own.between(0, 40)) * 60_000)
      seen.outages += 1
    }
  }

  const service = await starts()
  let counts = await recovers(service)
  for (let minutes = 0; counts.due > 0 && minutes < settledMinutes; minutes++) {
    await minutePasses(service)
    counts = await holds(service)
  }
  service.process.kill('SIGTERM')
  await service.exited
  await Promise.all(underWay)

  const { kills: killed, inStart, between, caught, outages, audits, streaks, waiting } = seen
  const { acknowledged, posts, sent, expired, omitted, absent, due } = counts
  const told = (['note', 'answer', 'vote', 'share'] as const).map((kind) => `${kind}s: ${memory.count(kind)}`).join(', ')
  console.info(
    [
      `crash run (seed ${seed}): ${killed} kills, ${between} of them between a message and its record (${caught} posts), ${inStart} in the start, ${outages} followed by an outage`,
      `${memory.acts} acts of ${places.flatMap(({ members }) => members).length} members in ${places.length} clubs, ${acknowledged} acknowledgements given (${told}), ${acknowledged} found, 0 lost`,
      `${posts} posts due, ${sent} sent, 0 doubled, 0 missing, ${omitted} omitted, counted and logged (of them not in their channel: ${absent}), ${expired} expired`,
      `${audits} looks at everything: ${streaks - waiting} streaks compared, all equal (${waiting} more were to be folded anew), integrity ok each time`,
    ].join('\n  '),
  )
  expect(due).toBe(0)
  expect(counts.toldOmitted).toBe(omitted)
  expect(killed).toBe(kills)
  expect(between).toBeGreaterThanOrEqual(heldLives)
})

function untilUnrecorded(file: string, place: Place): Promise<void> {
  return reading(file, async (db) => {
    while (unrecorded(db, [place]).length === 0) await sleep(10)
  })
}
