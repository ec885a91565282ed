// Purpose: measure a picture of lanes: how large its text can be, how wide each column and how high each row.

import type { LanesItem, Picture } from '../chat/picture.ts'
import { nameOf, nameText, noteText, smallestText, widest } from './boxes.ts'
import {
  type Grid,
  gapSize,
  inRow,
  linesSize,
  middle,
  type Places,
  placeOf,
  type Strip,
  settle,
  type WordsOn,
  waypoints,
} from './laneGrid.ts'
import { type LabelPlace, type Line, type Plan, trafficAlong } from './lanePlan.ts'
import type { Box } from './page.ts'
import { lineHeight, longestPiece, type TextStyle, textWidth, wrapEvenly } from './text.ts'
import { pictureWidth } from './theme.ts'

type Lanes = Extract<Picture, { kind: 'lanes' }>
type TextSize = Pick<TextStyle, 'size' | 'bold'>

/** Everything in px from the left edge of the picture and from the top of the lanes' headers. */
export interface Layout {
  readonly setting: Setting
  readonly grid: Grid
  readonly places: Places
  readonly height: number
  readonly items: readonly {
    readonly item: LanesItem
    readonly box: Box
    readonly name: readonly string[]
    readonly note: readonly string[]
  }[]
  readonly labels: readonly TextBlock[]
  readonly headers: readonly TextBlock[]
  readonly rows: readonly TextBlock[]
  /** The y of the rules between rows, and from where to where they go. */
  readonly rules: readonly number[]
  readonly left: number
  readonly right: number
}

interface TextBlock {
  readonly box: Box
  readonly lines: readonly string[]
}

/** How one try sets its text: px of the text, the page's margin and the one inside boxes, and the widest line of a row's label. */
interface Setting {
  readonly size: number
  readonly margin: number
  readonly inset: number
  readonly rowLabel: number
}

const settings: readonly [Setting, ...Setting[]] = [
  { size: 32, margin: 36, inset: 14, rowLabel: 170 },
  { size: 28, margin: 36, inset: 14, rowLabel: 150 },
  { size: 26, margin: 36, inset: 10, rowLabel: 150 },
  { size: smallestText, margin: 36, inset: 10, rowLabel: 150 },
]
/** When not even the smallest text fits: everything but the text gives way. */
const tight: Setting = { size: smallestText, margin: 24, inset: 6, rowLabel: 84 }

/** What is taller than this is tried with smaller text. */
const tallest = 2000
const insetY = 9
const rowGap = 18
const stackGap = 10
const columnGap = 18
const headerGap = 16
const gutterGap = 20
const smallestRow = 40
const mostLines = 5
/** Pixels between an arrow's middle and words above it, clear of its point. */
const aboveArrow = 10
/** Pixels of a box's side that each arrow there needs. */
const port = 17

/** The largest text with which every word is whole and the picture not too tall, else the smallest. */
export function fit(picture: Lanes, plan: Plan): Layout {
  // Which of two lines comes first hardly depends on sizes, so it is found once, on a grid of nominal ones.
  const order = settle(plan, nominalGrid(plan), () => noWords)
  for (const setting of settings) {
    const { fits, height, finish } = arrange(picture, plan, order, setting)
    if (fits && (height <= tallest || setting.size === smallestText)) return finish()
  }
  return arrange(picture, plan, order, tight).finish()
}

const noWords = { before: 0, after: 0, halfWidth: 0, reach: 0 }

function nominalGrid({ spots, columns: columnCount, bands: bandCount }: Plan): Grid {
  const alternate = (count: number, gap: number, between: number) =>
    Array.from({ length: count }, (_, index) => (index % 2 === 0 ? gap : between))
  const columns = inRow(alternate(columnCount, 60, 160), 0)
  const bands = inRow(alternate(bandCount, 60, 100), 0)
  const boxes = new Map(Array.from(spots, ([id, spot]) => [id, boxAt(columns, bands, spot)]))
  return { columns, bands, boxes }
}

/** The whole place of a box. */
function boxAt(
  columns: readonly Strip[],
  bands: readonly Strip[],
  { column, from, to }: { column: number; from: number; to: number },
): Box {
  const [across, first, last] = [stripAt(columns, column), stripAt(bands, from), stripAt(bands, to)]
  return { x: across.start, y: first.start, width: across.size, height: last.start + last.size - first.start }
}

function stripAt(strips: readonly Strip[], index: number): Strip {
  return strips[index] ?? { start: 0, size: 0 }
}

interface Try {
  /** Whether every word is whole. */
  readonly fits: boolean
  readonly height: number
  finish(): Layout
}

function arrange(picture: Lanes, plan: Plan, order: Places, setting: Setting): Try {
  const { size, margin } = setting
  const note = noteText(size)
  const rowTexts = picture.rows.map((row) => wrapEvenly(row, setting.rowLabel, note))
  const gutter = Math.max(0, ...rowTexts.map((lines) => widest(lines, note)))
  const { columns, fits } = columnsOf(picture, plan, order, setting, margin + gutter + gutterGap)
  const right = Math.max(...columns.map(({ start, size: width }) => start + width))

  const labels = labelTexts(plan, columns, note)
  const wordsOn: WordsOn = ({ label, legs }) => {
    const here = label ?? plan.labels.find(({ run }) => run.across && legs.some((leg) => leg.run === run))
    const text = here && labels.get(here)
    if (!text) return noWords
    const reach = label && text.width > stripAt(columns, label.column).size + 8 ? 1 : 0
    const [before, after] = isBetween(here) ? [text.height + aboveArrow, aboveArrow] : [text.height / 2 + 2, text.height / 2 + 2]
    return { before, after, halfWidth: text.width / 2, reach }
  }
  const texts = itemTexts(picture, plan, columns, wordsOn, setting)

  const headerStyle = nameText(headerSize(size))
  const headers = picture.lanes.map(({ label }, lane) => {
    const { first, last } = plan.laneColumns[lane] ?? { first: 1, last: 1 }
    const { start: x } = stripAt(columns, first)
    const width = stripAt(columns, last).start + stripAt(columns, last).size - x
    return { x, width, lines: wrapEvenly(label, width - 4, headerStyle, 3) }
  })
  const headerHeight = Math.max(0, ...headers.map(({ lines }) => lines.length)) * lineHeight(headerStyle.size) + 2 * insetY
  const rowHeights = rowTexts.map((lines) => Math.max(smallestRow, lines.length * lineHeight(note.size)))
  const heightOf = (id: string) => texts.get(id)?.height ?? 0
  const bands = inRow(bandSizes(plan, order, wordsOn, heightOf, rowHeights), headerHeight + headerGap - rowGap / 2)

  const end = stripAt(bands, plan.bands - 1)
  return { fits, height: end.start + end.size, finish }

  function finish(): Layout {
    const boxes = new Map<string, Box>()
    for (const [id, spot] of plan.spots) {
      const whole = boxAt(columns, bands, spot)
      // In the middle of its band, so that arrows between boxes of one band are straight.
      const height = spot.from === spot.to ? heightOf(id) : whole.height
      boxes.set(id, { ...whole, y: whole.y + (whole.height - height) / 2, height })
    }
    const grid: Grid = { columns, bands, boxes }
    const places = settle(plan, grid, wordsOn)
    const words = labelBoxes(plan, grid, places, labels)
    return {
      setting,
      grid,
      places,
      height: end.start + end.size,
      items: picture.items.map((item) => {
        const { name, note: remark } = texts.get(item.id) ?? { name: [], note: [] }
        return { item, name, note: remark, box: boxes.get(item.id) ?? nowhere }
      }),
      labels: Array.from(labels.values()).map(({ lines }, index) => ({ lines, box: words[index] ?? nowhere })),
      headers: headers.map(({ lines, x, width }) => ({ lines, box: { x, y: 0, width, height: headerHeight } })),
      rows: rowTexts.map((lines, row) => {
        const { start, size: height } = stripAt(bands, plan.rowBands[row]?.first ?? 1)
        return { lines, box: { x: margin, y: start, width: gutter, height } }
      }),
      rules: Array.from(plan.rowGaps, (gap) => stripAt(bands, gap + 1).start - rowGap / 2),
      left: margin + gutter,
      right,
    }
  }
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 }

export function headerSize(size: number): number {
  return Math.min(size, 28)
}

// === Columns

function columnsOf(picture: Lanes, plan: Plan, order: Places, setting: Setting, left: number): { columns: Strip[]; fits: boolean } {
  const note = noteText(setting.size)
  const gaps = Array.from({ length: plan.columns }, (_, column) => (column % 2 === 0 ? gapWidth(plan, order, column, note) : 0))
  const room = pictureWidth - setting.margin - left - gaps.reduce((sum, width) => sum + width, 0)
  const needs = columnNeeds(picture, plan, setting)
  const least = needs.reduce((sum, each) => sum + each.least, 0)
  const best = needs.reduce((sum, each) => sum + each.best, 0)
  // First what the longest word needs, then what whole names would like to have, then what is left.
  const widthOf = (each: { least: number; best: number }) => {
    if (room <= least) return (each.least * room) / least
    if (room <= best) return each.least + ((each.best - each.least) * (room - least)) / (best - least)
    return each.best + (room - best) / needs.length
  }
  const sizes = gaps.map((gap, column) => (column % 2 === 0 ? gap : widthOf(needs[(column - 1) / 2] ?? { least: 0, best: 0 })))
  return { columns: inRow(sizes, left), fits: room >= least }
}

/** Pixels between two columns. Words at an arrow that goes straight from one to the other widen it. */
function gapWidth(plan: Plan, order: Places, column: number, note: TextSize): number {
  const isRim = column === 0 || column === plan.columns - 1
  const own = gapSize(plan, false, column, order, () => noWords, isRim ? 0 : columnGap)
  const words = plan.labels.filter((label) => label.column === column && isBetween(label))
  return Math.max(own, ...words.map(({ text }) => longestPiece(text, note) + 14))
}

/** What the longest word of each column needs, and what its whole names would like to have. */
function columnNeeds(picture: Lanes, plan: Plan, { size, inset }: Setting): { least: number; best: number }[] {
  const note = noteText(size)
  const needs = Array.from({ length: (plan.columns - 1) / 2 }, () => ({ least: 3 * size, best: 3 * size }))
  const need = (column: number, text: string, style: TextSize, extra: number) => {
    const entry = needs[(column - 1) / 2]
    if (!entry) return
    entry.least = Math.max(entry.least, longestPiece(text, style) + extra)
    entry.best = Math.max(entry.best, Math.min(textWidth(text, style), 10 * size) + extra)
  }
  for (const item of picture.items) {
    const column = plan.spots.get(item.id)?.column ?? 1
    // The dagger stays with the last word.
    need(column, item.label, nameText(size), 2 * inset + (item.ended ? textWidth(' †', nameText(size)) : 0))
    if (item.note) need(column, item.note, note, 2 * inset)
  }
  picture.lanes.forEach(({ label }, lane) => {
    const { first, last } = plan.laneColumns[lane] ?? { first: 1, last: 1 }
    if (first === last) need(first, label, nameText(headerSize(size)), 2 * inset)
  })
  for (const { column, text } of plan.labels) if (column % 2 === 1) need(column, text, note, 20)
  return needs
}

// === Texts

function itemTexts(picture: Lanes, plan: Plan, columns: readonly Strip[], wordsOn: WordsOn, { size, inset }: Setting) {
  const small = noteText(size)
  return new Map(
    picture.items.map((item) => {
      const width = stripAt(columns, plan.spots.get(item.id)?.column ?? 1).size - 2 * inset
      const name = wrapEvenly(nameOf(item), width, nameText(size), mostLines)
      const note = item.note ? wrapEvenly(item.note, width, small, mostLines) : []
      const text = name.length * lineHeight(size) + note.length * lineHeight(small.size)
      return [item.id, { name, note, height: Math.max(text + 2 * insetY, portsOf(plan, wordsOn, item.id) + 2 * port) }] as const
    }),
  )
}

/** Pixels that the lines at one side of a box need, at most. */
function portsOf({ lines, spots }: Plan, wordsOn: WordsOn, id: string): number {
  const column = spots.get(id)?.column ?? 0
  const meeting = lines.filter(({ across, legs }) => across && legs.some(({ boxes }) => boxes.includes(id)))
  const need = (some: readonly Line[]) => {
    const each = some.map((line) => Math.max(port, wordsOn(line).before + wordsOn(line).after + 6))
    // What stands above the first of them may stand above the box.
    return each.length > 0 ? each.reduce((sum, one) => sum + one, 0) - Math.min(...each) : 0
  }
  return Math.max(need(meeting.filter(({ to }) => to > column)), need(meeting.filter(({ from }) => from < column)))
}

interface Text {
  readonly lines: readonly string[]
  readonly width: number
  readonly height: number
}

function labelTexts(plan: Plan, columns: readonly Strip[], note: TextSize): Map<LabelPlace, Text> {
  return new Map(
    plan.labels.map((label) => {
      const lines = wrapEvenly(label.text, labelRoom(label, columns), note, mostLines)
      return [label, { lines, width: widest(lines, note) + 12, height: lines.length * lineHeight(note.size) + 4 }] as const
    }),
  )
}

/** How wide the words at an arrow may be: a column, or most of the two beside a gap. */
function labelRoom(label: LabelPlace, columns: readonly Strip[]): number {
  const width = (column: number) => stripAt(columns, column).size
  const { column } = label
  if (column % 2 === 1) return width(column) - 16
  if (isBetween(label)) return width(column) - 8
  return Math.min(width(column - 1) || width(column + 1), width(column + 1) || width(column - 1)) * 0.9 + width(column)
}

// === Bands

function bandSizes(plan: Plan, order: Places, wordsOn: WordsOn, heightOf: (id: string) => number, rowHeights: readonly number[]): number[] {
  const sizes = Array.from({ length: plan.bands }, (_, band) => {
    if (band % 2 === 0) {
      const empty = band === plan.bands - 1 ? 0 : plan.rowGaps.has(band) ? rowGap : stackGap
      return gapSize(plan, true, band, order, wordsOn, empty)
    }
    const boxes = Array.from(plan.spots).flatMap(([id, { from, to }]) => (from === band && to === band ? [heightOf(id)] : []))
    const row = rowHeights[plan.rowBands.findIndex(({ first }) => first === band)] ?? 0
    const { lines } = trafficAlong(plan, true, band)
    const above = lines.map((line) => 2 * (wordsOn(line).before - (plan.rowGaps.has(band - 1) ? rowGap : stackGap)))
    return Math.max(row, linesSize(lines, order, wordsOn), ...boxes, ...above)
  })
  for (const [id, { from, to }] of plan.spots) {
    const has = sizes.slice(from, to + 1).reduce((sum, each) => sum + each, 0)
    sizes[to] = (sizes[to] ?? 0) + Math.max(0, heightOf(id) - has)
  }
  return sizes
}

// === Words at arrows

/** Where the words stand: on their line, and beside it where other lines are near and there is room. */
function labelBoxes(plan: Plan, grid: Grid, places: Places, texts: ReadonlyMap<LabelPlace, Text>): Box[] {
  const onLine = Array.from(texts, ([label, text]) => ({ label, box: labelBox(plan, grid, places, label, text) }))
  const boxes = onLine.map(({ box }) => box)
  onLine.forEach(({ label, box }, index) => {
    const moved = label.run.across ? box : { ...box, x: clearOfOthers(plan, grid, places, label, box) }
    const others = [...boxes.filter((_, at) => at !== index), ...grid.boxes.values()]
    if (!others.some((other) => overlap(moved, other))) boxes[index] = moved
  })
  return boxes
}

function labelBox(plan: Plan, grid: Grid, places: Places, label: LabelPlace, { width, height }: Text): Box {
  const at = placeOf(plan, places, label.run)
  const column = middle(stripAt(grid.columns, label.column))
  // Between two boxes there is no line to spare: the words stand above it and its point.
  if (isBetween(label)) return { x: column - width / 2, y: at - height - aboveArrow, width, height }
  if (label.run.across) return { x: column - width / 2, y: at - height / 2, width, height }
  const own = plan.lines.find((line) => line.label === label)
  return { x: at - width / 2, y: ((own && places.get(own)) ?? 0) - height / 2, width, height }
}

/** Words at an arrow that goes straight from one column to the next. */
function isBetween({ run, column, band }: LabelPlace): boolean {
  return run.across && column % 2 === 0 && band % 2 === 1
}

/** The x at which words on a line down cover no other line beside it, or as few as can be without leaving their own. */
function clearOfOthers(plan: Plan, grid: Grid, places: Places, { run, column }: LabelPlace, { x, y, width, height }: Box): number {
  const at = placeOf(plan, places, run)
  let [low, high] = [0, pictureWidth]
  for (const route of plan.routes) {
    waypoints(plan, grid, places, route).forEach((point, index, points) => {
      const before = points[index - 1]
      const other = route.runs[index - 1]
      if (!before || !other || other.across || Math.abs(point.x - at) < 2) return
      if (y + height < Math.min(before.y, point.y) || y > Math.max(before.y, point.y)) return
      if (point.x < at) low = Math.max(low, point.x + 4)
      else high = Math.min(high, point.x - 4)
    })
  }
  const reach = column % 2 === 0 ? width / 2 + 4 : width / 2 - 10
  return Math.min(Math.max(x, Math.min(low, x + reach)), Math.max(high - width, x - reach))
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
