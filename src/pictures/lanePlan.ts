// Purpose: what stands where in a picture of lanes, before anything is measured: boxes, lines and the words at them, on a grid.

import type { DiagramEdge, LanesItem, Picture } from '../chat/picture.ts'
import { down, findRoutes, type Route, type Run, right, type Spot } from './routes.ts'

type Lanes = Extract<Picture, { kind: 'lanes' }>

export interface Plan {
  readonly spots: ReadonlyMap<string, Spot>
  /** The columns of each lane and the bands of each row. */
  readonly laneColumns: readonly Span[]
  readonly rowBands: readonly Span[]
  /** The gaps above rows that have a label; one without continues the row above it. */
  readonly rowGaps: ReadonlySet<number>
  readonly columns: number
  readonly bands: number
  readonly routes: readonly Route[]
  readonly lines: readonly Line[]
  readonly lineOf: ReadonlyMap<Run, Line>
  readonly traffic: ReadonlyMap<string, Traffic>
  readonly labels: readonly LabelPlace[]
}

/** First and last of the columns or bands that belong together; the gaps between them do, too. */
interface Span {
  readonly first: number
  readonly last: number
}

export type Side = 'before' | 'after'

/** What runs along a column, a band or a gap, and from and to which side of a gap arrows cross it on their first and last step. */
export interface Traffic {
  readonly lines: readonly Line[]
  readonly left: ReadonlySet<Side>
  readonly pointedAt: ReadonlySet<Side>
}

/** What is drawn at one place across a strip: the runs of one arrow or of one bundle, or the words at an arrow. */
export interface Line {
  readonly across: boolean
  readonly strip: number
  readonly from: number
  readonly to: number
  readonly legs: readonly Leg[]
  readonly label?: LabelPlace
}

/** A run of an arrow, and the boxes at its ends, if it has some. */
export interface Leg {
  readonly route: Route
  readonly run: Run
  readonly boxes: readonly string[]
}

/** The words at an arrow stand on one of its runs, in one cell of the grid. */
export interface LabelPlace {
  readonly edge: DiagramEdge
  readonly text: string
  readonly run: Run
  readonly column: number
  readonly band: number
}

export function planOf(picture: Lanes): Plan {
  const standing = stand(picture)
  for (const { from, to } of picture.edges) {
    if (standing.spots.has(from) && standing.spots.has(to)) continue
    throw new Error(`pictures/lanePlan.ts: the arrow ${from} → ${to} of "${picture.title}" joins a box that is not there`)
  }
  const routes = findRoutes(standing.spots, picture.edges, standing)
  const labels = placeLabels(routes, standing.spots)
  const lines = [...linesOf(routes), ...labels.flatMap(ownLine)]
  const lineOf = new Map(lines.flatMap((line) => line.legs.map(({ run }) => [run, line] as const)))
  return { ...standing, routes, labels, lines, lineOf, traffic: trafficOf(lines, routes) }
}

const noTraffic: Traffic = { lines: [], left: new Set(), pointedAt: new Set() }

/** Of a band (`across`) or a column. */
export function trafficAlong({ traffic }: Plan, across: boolean, strip: number): Traffic {
  return traffic.get(`${across} ${strip}`) ?? noTraffic
}

function trafficOf(lines: readonly Line[], routes: readonly Route[]): Map<string, Traffic> {
  const found = new Map<string, { lines: Line[]; left: Set<Side>; pointedAt: Set<Side> }>()
  const along = (across: boolean, strip: number) => {
    const traffic = found.get(`${across} ${strip}`) ?? { lines: [], left: new Set(), pointedAt: new Set() }
    found.set(`${across} ${strip}`, traffic)
    return traffic
  }
  for (const line of lines) along(line.across, line.strip).lines.push(line)
  for (const { runs, leaves, enters } of routes) {
    const [first, last] = [runs[0], runs.at(-1)]
    const [onFirst, onLast] = [leaves === right || leaves === down, enters === right || enters === down]
    if (first) along(!first.across, first.from + (onFirst ? 0.5 : -0.5)).left.add(onFirst ? 'before' : 'after')
    if (last) along(!last.across, last.to + (onLast ? -0.5 : 0.5)).pointedAt.add(onLast ? 'after' : 'before')
  }
  return found
}

/** Where each box stands. Items of one cell get bands of their own in it, one under the other. */
function stand({ title, lanes, rows, items }: Lanes): Pick<Plan, 'spots' | 'laneColumns' | 'rowBands' | 'rowGaps' | 'columns' | 'bands'> {
  for (const { id, lane, row, until = row } of items) {
    if (lanes[lane] && rows[row] !== undefined && rows[until] !== undefined) continue
    throw new Error(`pictures/lanePlan.ts: "${title}" has no lane ${lane}, or no rows ${row} to ${until}, for ${id}`)
  }
  const inLanes = lanes.map((_, lane) => sideBySide(items.filter((item) => item.lane === lane)))
  const laneColumns = spansOf(inLanes.map(({ length }) => length))
  const cell = (slot: readonly LanesItem[], row: number) => slot.filter((item) => item.row === row && lastRow(item) === row)
  const rowBands = spansOf(rows.map((_, row) => Math.max(1, ...inLanes.flat().map((slot) => cell(slot, row).length))))

  const spots = new Map<string, Spot>()
  inLanes.forEach((slots, lane) => {
    slots.forEach((slot, index) => {
      const column = (laneColumns[lane]?.first ?? 1) + 2 * index
      for (const item of slot) {
        const [first, last] = [rowBands[item.row], rowBands[lastRow(item)]]
        if (!first || !last) continue
        const own = first.first + 2 * cell(slot, item.row).indexOf(item)
        spots.set(item.id, first === last ? { column, from: own, to: own } : { column, from: first.first, to: last.last })
      }
    })
  })
  const rowGaps = new Set(rowBands.flatMap(({ first }, row) => (row === 0 || rows[row] ? [first - 1] : [])))
  return { spots, laneColumns, rowBands, rowGaps, columns: (laneColumns.at(-1)?.last ?? 0) + 2, bands: (rowBands.at(-1)?.last ?? 0) + 2 }
}

/** Items of a lane share its column unless one reaches into the rows of another: then the lane has a second column. */
function sideBySide(items: readonly LanesItem[]): LanesItem[][] {
  const slots: LanesItem[][] = [[]]
  for (const item of items) {
    const slot = slots.find((others) => others.every((other) => mayShareColumn(item, other)))
    if (slot) slot.push(item)
    else slots.push([item])
  }
  return slots
}

function mayShareColumn(a: LanesItem, b: LanesItem): boolean {
  return a.row > lastRow(b) || b.row > lastRow(a) || (a.row === lastRow(a) && b.row === lastRow(b))
}

function lastRow({ row, until = row }: LanesItem): number {
  return Math.max(row, until)
}

/** Numbers the columns or bands of each lane or row, which are odd. */
function spansOf(counts: readonly number[]): Span[] {
  let next = 1
  return counts.map((count) => {
    const first = next
    next += 2 * count
    return { first, last: next - 2 }
  })
}

function linesOf(routes: readonly Route[]): Line[] {
  const legs = routes.flatMap((route) =>
    route.runs.map((run, index): Leg => {
      const boxes = [...(index === 0 ? [route.edge.from] : []), ...(index === route.runs.length - 1 ? [route.edge.to] : [])]
      return { route, run, boxes }
    }),
  )
  const lines: { across: boolean; strip: number; from: number; to: number; legs: Leg[] }[] = []
  for (const leg of legs) {
    const { across, strip } = leg.run
    const [from, to] = extent(leg.run)
    const trunk = lines.find(
      (line) =>
        line.across === across &&
        line.strip === strip &&
        line.from <= to &&
        from <= line.to &&
        line.legs.every((other) => mayShare(leg, other)),
    )
    if (!trunk) {
      lines.push({ across, strip, from, to, legs: [leg] })
      continue
    }
    trunk.legs.push(leg)
    trunk.from = Math.min(trunk.from, from)
    trunk.to = Math.max(trunk.to, to)
  }
  return lines
}

/** Arrows of a bundle lie on each other where they leave the same box, lead to the same box, or are between two boxes. */
function mayShare(a: Leg, b: Leg): boolean {
  if (a.route.bundle !== b.route.bundle) return false
  return (a.boxes.length === 0 && b.boxes.length === 0) || a.boxes.some((id) => b.boxes.includes(id))
}

function extent(run: Run): [number, number] {
  return run.from <= run.to ? [run.from, run.to] : [run.to, run.from]
}

// === The words at arrows

/** Finds for each label the cell where it takes the least room and covers the fewest other arrows. One is enough for a bundle. */
function placeLabels(routes: readonly Route[], spots: ReadonlyMap<string, Spot>): LabelPlace[] {
  const crowd = new Map<string, number>()
  const fill = (cell: Cell, by: number) => crowd.set(`${cell.column} ${cell.band}`, crowdIn(cell) + by)
  const crowdIn = ({ column, band }: Cell) => crowd.get(`${column} ${band}`) ?? 0
  for (const { runs } of routes) for (const run of runs) for (const cell of cellsOf(run)) fill(cell, 1)
  const isBox = ({ column, band }: Cell) =>
    Array.from(spots.values()).some((spot) => spot.column === column && spot.from <= band && band <= spot.to)

  function costOf(run: Run, { column, band }: Cell): number {
    const turns = [run.from, run.to].includes(run.across ? column : band) ? 6 : 0
    const sum = turns + 3 * (crowdIn({ column, band }) - 1)
    if (column % 2 === 1) return sum + (band % 2 === 1 ? 0 : 2)
    if (run.across) return sum + (band % 2 === 1 ? 9 : 6)
    // Words on a line between two columns reach into both.
    const beside = [column - 1, column + 1].filter((each) => isBox({ column: each, band })).length
    return sum + 4 + 30 * beside
  }

  const labels = new Map<string, LabelPlace>()
  for (const { edge, bundle, runs } of routes) {
    if (!edge.label || labels.has(bundle)) continue
    const places = runs.flatMap((run) => cellsOf(run).map((cell) => ({ run, cell, cost: costOf(run, cell) })))
    const [best] = places.sort((a, b) => a.cost - b.cost)
    if (!best) continue
    const { run, cell } = best
    labels.set(bundle, { edge, text: edge.label, run, ...cell })
    // The next label looks for another cell.
    const isBetween = cell.column % 2 === 0
    for (const column of isBetween ? [cell.column - 1, cell.column, cell.column + 1] : [cell.column]) fill({ ...cell, column }, 3)
    // Words above an arrow reach into the gap over it.
    if (run.across && isBetween) fill({ ...cell, band: cell.band - 1 }, 3)
  }
  return Array.from(labels.values())
}

interface Cell {
  readonly column: number
  readonly band: number
}

/** The cells a run passes, without those of the boxes at its ends. */
function cellsOf(run: Run): Cell[] {
  const [from, to] = extent(run)
  return bandsBetween(Math.ceil(from), Math.floor(to)).map((at) =>
    run.across ? { column: at, band: run.strip } : { column: run.strip, band: at },
  )
}

function bandsBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** Words on a run down a column take a place of their own across the band that they stand in. */
function ownLine(label: LabelPlace): Line[] {
  return label.run.across ? [] : [{ across: true, strip: label.band, from: label.column, to: label.column, legs: [], label }]
}
