// Purpose: measures each goal beside its baseline in the same run, and says which are met. Run by `npm run bench`; docs/performance.md tells more.
import { parseArgs } from 'node:util'
import { type BigClub, fillBigClub } from './bigClub.ts'
import { slackHttp } from './g01-slackHttp.ts'
import { discordGateway } from './g02-discordGateway.ts'
import { signedHttp } from './g03-signedHttp.ts'
import { millionMembers } from './g04-millionMembers.ts'
import { ranks } from './g05-ranks.ts'
import { bytes } from './g06-bytes.ts'
import { discordFanOut } from './g07-discordFanOut.ts'
import { slackFanOut } from './g08-slackFanOut.ts'
import { guildMemory } from './g09-guildMemory.ts'
import { pictures } from './g10-pictures.ts'
import { start } from './g11-start.ts'
import { schedule } from './g12-schedule.ts'
import { type Figure, isMet, ratioOf, type Sizes } from './measure.ts'

let big: Promise<BigClub> | undefined
/** Filled once, for all goals that need it. */
const inBigClub = (measure: (sizes: Sizes, big: BigClub) => Promise<Figure[]>) => async (sizes: Sizes) => {
  big ??= fillBigClub(sizes.members)
  return measure(sizes, await big)
}

const goals: Readonly<Record<string, (sizes: Sizes) => Promise<Figure[]>>> = {
  G1: slackHttp,
  G2: discordGateway,
  G3: signedHttp,
  G4: inBigClub(millionMembers),
  G5: inBigClub(ranks),
  G6: inBigClub(bytes),
  G7: discordFanOut,
  G8: slackFanOut,
  G9: guildMemory,
  G10: pictures,
  G11: start,
  G12: schedule,
}

const full: Sizes = { rounds: 5, members: 1_000_000, acts: 4_000, guilds: 10_000, clubs: 100_000, posts: 100_000 }
const quick: Sizes = { rounds: 3, members: 20_000, acts: 500, guilds: 500, clubs: 2_000, posts: 2_000 }

const size = { type: 'string' } as const
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: size,
    members: size,
    acts: size,
    guilds: size,
    clubs: size,
    posts: size,
  },
})

function sizeOf(name: keyof Sizes): number {
  const usual = (flags.quick ? quick : full)[name]
  const wanted = Number(flags[name] ?? usual)
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error(`--${name} takes a whole number, for example --${name} ${usual}`)
  return wanted
}
const sizes: Sizes = {
  rounds: sizeOf('rounds'),
  members: sizeOf('members'),
  acts: sizeOf('acts'),
  guilds: sizeOf('guilds'),
  clubs: sizeOf('clubs'),
  posts: sizeOf('posts'),
}
const only = flags.only?.toUpperCase().split(',') ?? Object.keys(goals)

const shown = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumSignificantDigits: 3, maximumFractionDigits: 3 })
function wishOf({ goal, unit }: Figure): string {
  if (!goal) return ''
  const sign = goal.of === 'ratio' ? ' ×' : ` ${unit}`
  return goal.atLeast === undefined ? `≤ ${shown(goal.atMost)}${sign}` : `≥ ${shown(goal.atLeast)}${sign}`
}
const verdict = (figure: Figure): string => ({ true: 'yes', false: 'NO', undefined: '' })[String(isMet(figure))] ?? ''

const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
if (!flags.json) {
  print(['goal', 'what', 'ours', 'baseline', 'ratio', 'goal is', 'met'])
  print(Array.from({ length: 7 }, () => '---'))
}
const found: (Figure & { readonly name: string })[] = []
for (const name of only) {
  const measure = goals[name]
  if (!measure) throw new Error(`there is no goal ${name}; there are ${Object.keys(goals).join(', ')}`)
  for (const figure of await measure(sizes)) {
    found.push({ name, ...figure })
    const { what, unit, ours, baseline } = figure
    const inUnit = (value: number | undefined) => (value === undefined ? '' : `${shown(value)} ${unit}`)
    if (!flags.json) print([name, what, inUnit(ours), inUnit(baseline), shown(ratioOf(figure)), wishOf(figure), verdict(figure)])
  }
}
if (flags.json) {
  const figures = found.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) }))
  process.stdout.write(`${JSON.stringify({ node: process.version, sizes, figures }, undefined, 2)}\n`)
}
process.exitCode = found.some((figure) => isMet(figure) === false) ? 1 : 0
