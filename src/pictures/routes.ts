// Purpose: find ways for arrows between boxes that stand in columns and rows, around the boxes and rather not across each other.

import type { DiagramEdge } from '../chat/picture.ts'

// Columns and bands of the grid are counted together with the gaps around them: boxes stand in odd ones, gaps are even.

/** Where a box stands: its column, its first band and its last. */
export interface Spot {
  readonly column: number
  readonly from: number
  readonly to: number
}

export const right = 0
export const down = 1
export const left = 2
export const up = 3
export type Heading = typeof right | typeof down | typeof left | typeof up

/** A straight piece of an arrow: along a band (`across`) or along a column, from one column or band to another. Half numbers are sides of boxes. */
export interface Run {
  readonly across: boolean
  readonly strip: number
  readonly from: number
  readonly to: number
}

export interface Route {
  readonly edge: DiagramEdge
  /** Arrows of one bundle may lie on each other: they come from one box or lead to one box, and say the same. */
  readonly bundle: string
  readonly leaves: Heading
  readonly enters: Heading
  readonly runs: readonly Run[]
}

interface Cell {
  readonly column: number
  readonly band: number
}

interface Port extends Cell {
  /** Away from the box. */
  readonly heading: Heading
}

interface Path {
  readonly steps: readonly (Cell & { readonly heading: Heading })[]
  readonly enters: Heading
}

// Whole numbers, found by looking at pictures: a turn is worth a row and a half, a crossing a little less than a turn.
const cost = { gap: 4, lane: 10, row: 8, rim: 6, turn: 14, backTurn: 24, beside: 5, crossing: 12, ownTrunk: 2 }

const sides: readonly Heading[] = [right, down, left, up]

export function findRoutes(
  spots: ReadonlyMap<string, Spot>,
  edges: readonly DiagramEdge[],
  size: { readonly columns: number; readonly bands: number },
): Route[] {
  const taken = new Set<number>()
  const key = ({ column, band }: Cell) => band * size.columns + column
  for (const { column, from, to } of spots.values()) for (let band = from; band <= to; band++) taken.add(key({ column, band }))
  const isFree = (cell: Cell) =>
    cell.column >= 0 && cell.column < size.columns && cell.band >= 0 && cell.band < size.bands && !taken.has(key(cell))

  const bundles = bundlesOf(edges)
  const paths = new Map<DiagramEdge, Path>()
  /** Who runs through each cell. */
  const users = new Map<number, { edge: DiagramEdge; across: boolean }[]>()

  function stepCost(cell: Cell, heading: Heading, edge: DiagramEdge): number {
    const across = isAcross(heading)
    const isGap = across ? cell.column % 2 === 0 : cell.band % 2 === 0
    let sum: number = isGap ? cost.gap : across ? cost.lane : cost.row
    if (cell.column === 0 || cell.column === size.columns - 1) sum += cost.rim
    for (const user of users.get(key(cell)) ?? []) {
      if (bundles.get(user.edge) === bundles.get(edge)) return user.across === across ? cost.ownTrunk : sum
      sum += user.across === across ? cost.beside : cost.crossing
    }
    return sum
  }

  function portsOf({ column, from, to }: Spot): Port[] {
    const ports: Port[] = [
      { column, band: from - 1, heading: up },
      { column, band: to + 1, heading: down },
    ]
    for (let band = from; band <= to; band += 2) {
      ports.push({ column: column + 1, band, heading: right }, { column: column - 1, band, heading: left })
    }
    return ports.filter(isFree)
  }

  /** Dijkstra's search with a bucket for each cost. */
  function search(edge: DiagramEdge, from: Spot, to: Spot): Path {
    const goals = new Map<number, Heading[]>()
    for (const port of portsOf(to)) goals.set(key(port), [...(goals.get(key(port)) ?? []), opposite(port.heading)])
    const buckets: { step: Cell & { heading: Heading }; before: number; isGoal: boolean }[][] = []
    const came = new Map<number, { step: Cell & { heading: Heading }; before: number }>()
    const stateOf = (cell: Cell, heading: Heading) => key(cell) * 4 + heading
    const offer = (at: number, step: Cell & { heading: Heading }, before: number, isGoal = false) => {
      const bucket = buckets[at] ?? []
      buckets[at] = bucket
      bucket.push({ step, before, isGoal })
    }
    for (const port of portsOf(from)) offer(stepCost(port, port.heading, edge), port, -1)

    for (let spent = 0; spent < buckets.length; spent++) {
      for (const { step, before, isGoal } of buckets[spent] ?? []) {
        if (isGoal) return { steps: trace(before), enters: step.heading }
        const state = stateOf(step, step.heading)
        if (came.has(state)) continue
        came.set(state, { step, before })
        for (const enters of goals.get(key(step)) ?? [])
          offer(spent + turnCost(step.heading, enters), { ...step, heading: enters }, state, true)
        for (const heading of sides) {
          const next = ahead(step, heading)
          if (heading === opposite(step.heading) || !isFree(next)) continue
          offer(spent + turnCost(step.heading, heading) + stepCost(next, heading, edge), { ...next, heading }, state)
        }
      }
    }
    throw new Error(`pictures/routes.ts: there is no way from ${edge.from} to ${edge.to}`)

    function trace(state: number): Path['steps'] {
      const found = came.get(state)
      return found ? [...trace(found.before), found.step] : []
    }
  }

  function use(edge: DiagramEdge, path: Path): void {
    for (const { heading, ...cell } of path.steps) {
      const list = users.get(key(cell)) ?? []
      users.set(key(cell), list)
      list.push({ edge, across: isAcross(heading) })
    }
  }

  function forget(edge: DiagramEdge): void {
    for (const step of paths.get(edge)?.steps ?? []) {
      const others = users.get(key(step))?.filter((user) => user.edge !== edge) ?? []
      users.set(key(step), others)
    }
  }

  const spotOf = (id: string): Spot => spots.get(id) ?? { column: 1, from: 1, to: 1 }
  const distance = ({ from, to }: DiagramEdge) => {
    const [a, b] = [spotOf(from), spotOf(to)]
    return Math.abs(a.column - b.column) + Math.max(0, a.from - b.to, b.from - a.to)
  }
  const nearestFirst = [...edges].sort((a, b) => distance(a) - distance(b))
  // Later rounds know where all the others run.
  for (let round = 0; round < 3; round++) {
    for (const edge of nearestFirst) {
      forget(edge)
      const path = search(edge, spotOf(edge.from), spotOf(edge.to))
      paths.set(edge, path)
      use(edge, path)
    }
  }
  return edges.flatMap((edge) => {
    const path = paths.get(edge)
    return path ? [routeOf(edge, bundles.get(edge) ?? '', path)] : []
  })
}

/** Each arrow belongs to the larger of two bundles: those that come from its start, and those that lead to its end. */
function bundlesOf(edges: readonly DiagramEdge[]): Map<DiagramEdge, string> {
  const start = ({ from, label, dashed }: DiagramEdge) => JSON.stringify(['from', from, label, dashed === true])
  const end = ({ to, label, dashed }: DiagramEdge) => JSON.stringify(['to', to, label, dashed === true])
  const counts = new Map<string, number>()
  for (const edge of edges) for (const each of [start(edge), end(edge)]) counts.set(each, (counts.get(each) ?? 0) + 1)
  return new Map(edges.map((edge) => [edge, (counts.get(start(edge)) ?? 0) >= (counts.get(end(edge)) ?? 0) ? start(edge) : end(edge)]))
}

function routeOf(edge: DiagramEdge, bundle: string, path: Path): Route {
  const [first] = path.steps
  const last = path.steps.at(-1)
  if (!first || !last) throw new Error(`pictures/routes.ts: the way from ${edge.from} to ${edge.to} is empty`)
  const runs: Run[] = []
  let heading = first.heading
  let begun = sideOf(first, opposite(first.heading))
  const turnAt = (cell: Cell, next: Heading) => {
    if (next === heading) return
    runs.push(runOf(cell, heading, begun, indexOf(cell, heading)))
    // Straight back: a short piece to the side lies between.
    if (next === opposite(heading)) runs.push(runOf(cell, turned(next), indexOf(cell, turned(next)), indexOf(cell, turned(next))))
    begun = indexOf(cell, next)
    heading = next
  }
  path.steps.forEach((step, index) => {
    const before = path.steps[index - 1]
    if (before) turnAt(before, step.heading)
  })
  turnAt(last, path.enters)
  runs.push(runOf(last, heading, begun, sideOf(last, path.enters)))
  return { edge, bundle, leaves: first.heading, enters: path.enters, runs }
}

function runOf(cell: Cell, heading: Heading, from: number, to: number): Run {
  const across = isAcross(heading)
  return { across, strip: across ? cell.band : cell.column, from, to }
}

function indexOf(cell: Cell, heading: Heading): number {
  return isAcross(heading) ? cell.column : cell.band
}

/** The side of the box that one comes to from `cell` with this heading. */
function sideOf(cell: Cell, heading: Heading): number {
  return indexOf(cell, heading) + (heading === right || heading === down ? 0.5 : -0.5)
}

function ahead({ column, band }: Cell, heading: Heading): Cell {
  const across = heading === right ? 1 : heading === left ? -1 : 0
  const along = heading === down ? 1 : heading === up ? -1 : 0
  return { column: column + across, band: band + along }
}

export function isAcross(heading: Heading): boolean {
  return heading === right || heading === left
}

function opposite(heading: Heading): Heading {
  return heading === right ? left : heading === left ? right : heading === down ? up : down
}

function turned(heading: Heading): Heading {
  return isAcross(heading) ? down : right
}

function turnCost(from: Heading, to: Heading): number {
  return from === to ? 0 : from === opposite(to) ? cost.backTurn : cost.turn
}
