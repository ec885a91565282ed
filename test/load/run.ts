// Purpose: how the program bears many clubs, and a long life. `npm run load`; sizes by flag, see below. With `-- --json` for programs.
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type MonthsSizes, months } from './months.ts'
import { type MorningSizes, morning, type Spread } from './morning.ts'

/** The acknowledgement of a hundredth of all acts may take longer than this, of no more. */
const goalMs = 1000

const { values } = parseArgs({
  options: {
    // The morning; without clubs it is left out.
    clubs: { type: 'string', default: '1000' },
    members: { type: 'string', default: '100000' },
    checkins: { type: 'string', default: '2000' },
    // The months; without days they are left out.
    days: { type: 'string', default: '90' },
    'small-clubs': { type: 'string', default: '20' },
    learners: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
})

function size(name: Exclude<keyof typeof values, 'json'>): number {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name}: expected a whole number`)
  return number
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
const say = values.json ? () => {} : print
const machine = () => `${cpus().length} × ${cpus()[0]?.model ?? 'a processor'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`

const row = (what: string, { p50, p95, p99, most }: Spread, unit: (ms: number) => string) =>
  print(`${what.padEnd(34)}${[p50, p95, p99, most].map((ms) => unit(ms).padStart(10)).join('')}`)
const ms = (value: number) => (Number.isFinite(value) ? `${Math.round(value)} ms` : 'too late')
const s = (value: number) => `${(value / 1000).toFixed(1)} s`

async function runMorning(sizes: MorningSizes) {
  say(`A morning: ${sizes.clubs} clubs, ${sizes.members} members, ${sizes.checkins} check-ins in the minute after the post (${machine()})`)
  const seen = await morning(sizes, say)
  const met = seen.acknowledged.p99 < goalMs && seen.unanswered === 0 && seen.lost === 0
  if (values.json) return { ...seen, goalMs, met }
  print(`${''.padEnd(34)}${['p50', 'p95', 'p99', 'most'].map((name) => name.padStart(10)).join('')}`)
  row('acknowledgement of a check-in', seen.acknowledged, ms)
  row('  on Discord: the answer itself', seen.onDiscord, ms)
  row('  on Slack', seen.onSlack, ms)
  row('a lesson, after it was due', seen.delivered, s)
  row('  on Discord', seen.deliveredOnDiscord, s)
  row('  on Slack', seen.deliveredOnSlack, s)
  print(`not acknowledged in time ${seen.unanswered}, lost ${seen.lost}, troubles in the log ${seen.troubles.length}`)
  print(
    `the program used ${seen.cpuSeconds.toFixed(1)} s of CPU in ${seen.seconds.toFixed(0)} s, ${Math.round(seen.memoryMb)} MB of memory; its database has ${Math.round(seen.databaseMb)} MB`,
  )
  print(`goal: p99 of the acknowledgement under ${goalMs} ms, nothing lost: ${met ? 'met' : 'MISSED'}\n`)
  return { met }
}

async function runMonths(sizes: MonthsSizes) {
  say(`Months: ${sizes.days} days of ${sizes.clubs} clubs, ${sizes.learners} people in each who act every day (${machine()})`)
  const seen = await months(sizes, say)
  if (values.json) return { ...seen, met: seen.flat }
  print(`heap, median: ${seen.middleMb} MB in the middle third, ${seen.endMb} MB in the last (${(100 * seen.growth).toFixed(1)} %)`)
  print(`goal: no growth over the last two thirds: ${seen.flat ? 'met' : 'MISSED'}`)
  return { met: seen.flat }
}

const sizes = { clubs: size('clubs'), members: size('members'), checkins: size('checkins') }
const life = { days: size('days'), clubs: size('small-clubs'), learners: size('learners') }
const load = sizes.clubs > 0 ? await runMorning(sizes) : undefined
const memory = life.days > 0 ? await runMonths(life) : undefined
if (values.json) print(JSON.stringify({ machine: machine(), load, memory }))
process.exit((load?.met ?? true) && (memory?.met ?? true) ? 0 : 1)
