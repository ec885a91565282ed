// Purpose: how much room the lines of a picture of lanes need between its boxes, and where in that room each of them runs.

import type { Point } from './boxes.ts'
import { type Leg, type Line, type Plan, type Side, trafficAlong } from './lanePlan.ts'
import type { Box } from './page.ts'
import { down, isAcross, type Route, type Run, right } from './routes.ts'
import { inOrder, spread, type Track, thickness } from './tracks.ts'

/** Columns and bands, gaps counted with them, and the boxes. All in px. */
export interface Grid {
  readonly columns: readonly Strip[]
  readonly bands: readonly Strip[]
  readonly boxes: ReadonlyMap<string, Box>
}

export interface Strip {
  readonly start: number
  readonly size: number
}

/** Where across its strip each line runs. */
export type Places = ReadonlyMap<Line, number>

/** The room that words take on a line: px across it to both sides, half their width in px, and how far they reach along it, in columns. */
export interface Words {
  readonly before: number
  readonly after: number
  readonly halfWidth: number
  readonly reach: number
}

export type WordsOn = (line: Line) => Words

/** Between the edge of a gap and a line in it: one that passes, one that comes from a box there, one that points at a box there. */
const clear = { passing: 10, rule: 22, leaving: 14, pointing: 31 }
const arrowGap = 40
/** Lines whose ends are nearer than this would seem to be one. */
const apart = 24

// === Room

/** Pixels that a gap between columns, or between bands (`across`), needs; `empty` when nothing happens in it. */
export function gapSize(plan: Plan, across: boolean, gap: number, places: Places, wordsOn: WordsOn, empty: number): number {
  const { lines, pointedAt } = trafficAlong(plan, across, gap)
  if (lines.length === 0) return pointedAt.size > 0 ? Math.max(empty, arrowGap) : empty
  const { before, after } = marginsOf(plan, across, gap)
  return Math.max(empty, before + after + linesSize(lines, places, wordsOn))
}

/** Pixels that these lines of one strip need. */
export function linesSize(lines: readonly Line[], places: Places, wordsOn: WordsOn): number {
  const sorted = [...lines].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  return thickness(
    sorted.map((line) => {
      const { before, after, reach } = wordsOn(line)
      return { from: line.from - reach, to: line.to + reach, before, after, bundle: bundleOf(line) }
    }),
  )
}

/** What a gap needs between its lines and the boxes before and after it. */
function marginsOf(plan: Plan, across: boolean, gap: number): { before: number; after: number } {
  const { left, pointedAt } = trafficAlong(plan, across, gap)
  const room = (side: Side) => (pointedAt.has(side) ? clear.pointing : left.has(side) ? clear.leaving : clear.passing)
  return { before: room('before'), after: Math.max(room('after'), across && plan.rowGaps.has(gap) ? clear.rule : 0) }
}

// === Places

/** Lets every line find its place. Who crosses whom depends on the places of the others, hence several rounds. */
export function settle(plan: Plan, grid: Grid, wordsOn: WordsOn): Places {
  const places = new Map<Line, number>(plan.lines.map((line) => [line, middle(stripOf(grid, line.across, line.strip))]))
  for (let round = 0; round < 3; round++) {
    for (const { lines } of plan.traffic.values()) {
      const order = inOrder(
        lines.map((line) => ({ line, ...trackOf(plan, grid, places, line, wordsOn(line)) })),
        apart,
      )
      const found = spread(order, apart)
      for (const [index, { line }] of order.entries()) places.set(line, found[index] ?? 0)
    }
  }
  return places
}

function trackOf(plan: Plan, grid: Grid, places: Places, line: Line, { before, after, halfWidth }: Words): Track {
  const { low, high } = rangeOf(plan, grid, line, before, after)
  const across = { low, high, best: (low + high) / 2, before, after, bundle: bundleOf(line) }
  if (line.label) {
    const at = placeOf(plan, places, line.label.run)
    return { from: at - halfWidth, to: at + halfWidth, ...across, turns: [] }
  }
  const ends = line.legs.flatMap((leg) => endsOf(plan, grid, places, leg))
  const turns = ends.flatMap(({ at, side }) => (side === 0 ? [] : [{ at, side }]))
  return { from: Math.min(...ends.map(({ at }) => at)), to: Math.max(...ends.map(({ at }) => at)), ...across, turns }
}

function bundleOf({ legs }: Line): string | undefined {
  return legs[0]?.route.bundle
}

/** Between which places across its strip a line may run: along the sides of its boxes, or clear of those that it passes. */
function rangeOf(plan: Plan, grid: Grid, { across, strip, legs }: Line, before: number, after: number): { low: number; high: number } {
  const { start, size } = stripOf(grid, across, strip)
  const boxes = legs.flatMap((leg) => leg.boxes.flatMap((id) => grid.boxes.get(id) ?? []))
  if (boxes.length > 0) {
    const inset = Math.min(...boxes.map((box) => (across ? box.height : box.width) / 4), 16)
    return {
      low: Math.max(...boxes.map(({ x, y }) => (across ? Math.max(y, start) : x))) + inset,
      high: Math.min(...boxes.map(({ x, y, width, height }) => (across ? Math.min(y + height, start + size) : x + width))) - inset,
    }
  }
  const margins = strip % 2 === 0 ? marginsOf(plan, across, strip) : { before: 4, after: 4 }
  return { low: start + margins.before + before, high: start + size - margins.after - after }
}

/** Where along its strip a run begins and ends, and to which side of the strip the arrow goes on there; 0 at a box. */
function endsOf(plan: Plan, grid: Grid, places: Places, { route, run }: Leg): { at: number; side: -1 | 0 | 1 }[] {
  const index = route.runs.indexOf(run)
  return [-1, 1].map((step) => {
    const next = route.runs[index + step]
    if (!next) return { at: boxEnd(grid, route, step === 1), side: 0 }
    const [near, far] = step === 1 ? [next.from, next.to] : [next.to, next.from]
    const beyond = route.runs[index + 2 * step]
    const way = far - near || (beyond ? placeOf(plan, places, beyond) - placeOf(plan, places, run) : 0)
    return { at: placeOf(plan, places, next), side: way < 0 ? -1 : 1 }
  })
}

/** The side of the box where an arrow begins or ends, along its run there. */
function boxEnd(grid: Grid, { edge, leaves, enters }: Route, isEnd: boolean): number {
  const { x, y, width, height } = grid.boxes.get(isEnd ? edge.to : edge.from) ?? { x: 0, y: 0, width: 0, height: 0 }
  const heading = isEnd ? enters : leaves
  const atFarSide = (heading === right || heading === down) !== isEnd
  return isAcross(heading) ? x + (atFarSide ? width : 0) : y + (atFarSide ? height : 0)
}

export function placeOf(plan: Plan, places: Places, run: Run): number {
  const line = plan.lineOf.get(run)
  return (line && places.get(line)) ?? 0
}

/** The corners of an arrow, with its ends at the sides of its boxes. */
export function waypoints(plan: Plan, grid: Grid, places: Places, route: Route): Point[] {
  const points: Point[] = []
  const add = (run: Run, along: number) => {
    const at = placeOf(plan, places, run)
    points.push(run.across ? { x: along, y: at } : { x: at, y: along })
  }
  route.runs.forEach((run, index) => {
    const before = route.runs[index - 1]
    add(run, before ? placeOf(plan, places, before) : boxEnd(grid, route, false))
    if (index === route.runs.length - 1) add(run, boxEnd(grid, route, true))
  })
  return points
}

// === Strips

/** Strips one after the other, from `start` on. */
export function inRow(sizes: readonly number[], start: number): Strip[] {
  let next = start
  return sizes.map((size) => {
    const strip = { start: next, size }
    next += size
    return strip
  })
}

export function middle({ start, size }: Strip): number {
  return start + size / 2
}

function stripOf(grid: Grid, across: boolean, strip: number): Strip {
  return (across ? grid.bands : grid.columns)[strip] ?? { start: 0, size: 0 }
}
