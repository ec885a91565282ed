// Purpose: draw boxes and arrows, laid out in ranks, with the text as large as the page's width allows.

import { Graph, layout } from '@dagrejs/dagre'
import type { Node } from '@takumi-rs/core'
import type { DiagramEdge, DiagramNode, Picture } from '../chat/picture.ts'
import {
  arrowShape,
  boxShape,
  centre,
  lineEnd,
  nameLines,
  nameOf,
  nameText,
  noteLines,
  noteText,
  type Point,
  rectangle,
  smallestText,
  widest,
} from './boxes.ts'
import { type Box, heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { lineHeight, type TextStyle, textWidth, wrapEvenly } from './text.ts'
import { contentWidth, margin, type Palette } from './theme.ts'

type Diagram = Extract<Picture, { kind: 'diagram' }>
type Direction = Diagram['direction']

/** How one try at a layout sets its text: `measure` is the widest a line should be, `nodesep` and `ranksep` the gaps, all in em. */
interface Setting {
  readonly direction: Direction
  readonly size: number
  readonly measure: number
  readonly nodesep: number
  readonly ranksep: number
}

interface PlacedNode {
  readonly node: DiagramNode
  readonly box: Box
  readonly label: readonly string[]
  readonly note: readonly string[]
}

interface PlacedEdge {
  readonly edge: DiagramEdge
  readonly points: readonly Point[]
  readonly label?: { readonly box: Box; readonly lines: readonly string[] }
}

interface Layout {
  readonly setting: Setting
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
}

const tallest = 1240
const measures = [13, 9, 6.5]
const gaps = {
  right: [
    { nodesep: 1, ranksep: 3.6 },
    { nodesep: 0.8, ranksep: 1.9 },
  ],
  down: [
    { nodesep: 2.4, ranksep: 2.7 },
    { nodesep: 0.9, ranksep: 1.7 },
  ],
} as const
const largeSizes = [40, 36, 32, 28]
const smallSizes = [26, 24]

export function diagram(picture: Diagram, palette: Palette): Page {
  const head = heading(picture.title, '', palette)
  const { setting, nodes, edges, width, height } = fit(picture)
  const left = margin + (contentWidth - width) / 2
  const place = (box: Box): Box => ({ ...box, x: left + box.x, y: head.bottom + box.y })
  const layer = { x: left - margin, y: head.bottom - margin / 2, width: width + 2 * margin, height: height + margin }
  const shapes = [
    ...edges.map((edge) => arrow(edge, setting.direction, palette)),
    ...edges.map(({ label }) => (label ? rectangle(label.box, 8, `fill="${palette.ground}"`) : '')),
    ...nodes.map(({ node, box }) => boxShape(node, box, palette)),
  ]

  const children: Node[] = [...head.nodes, shapeLayer(layer, `<g transform="translate(${margin} ${margin / 2})">${shapes.join('')}</g>`)]
  for (const { box, label, note } of nodes) {
    const lines = [...nameLines(label, setting.size, palette), ...noteLines(note, setting.size, palette)]
    children.push(textBox(place(box), lines, 'center'))
  }
  for (const { label } of edges) {
    if (!label) continue
    children.push(textBox(place(label.box), noteLines(label.lines, setting.size, palette), 'center'))
  }
  return page(Math.ceil(head.bottom + height + margin), children, palette)
}

// === Layout

/** The first layout that fits the page, from large text to small. Turning the diagram is better than text below 28 px. */
function fit(picture: Diagram): Layout {
  const turned: Direction = picture.direction === 'right' ? 'down' : 'right'
  const steps: { direction: Direction; sizes: readonly number[] }[] = [
    { direction: picture.direction, sizes: largeSizes },
    { direction: turned, sizes: [32, 28] },
    { direction: picture.direction, sizes: smallSizes },
    { direction: turned, sizes: smallSizes },
  ]
  const largest = { right: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }
  let best: Layout | undefined
  for (const { direction, size } of steps.flatMap(({ direction, sizes }) => sizes.map((size) => ({ direction, size })))) {
    // A layout shrinks no faster than its text, so most sizes that cannot fit are not tried; a tenth is left for rounding and wrapping.
    if (size > largest[direction] && size > smallestText) continue
    let excess = Number.POSITIVE_INFINITY
    for (const gap of gaps[direction]) {
      for (const measure of measures) {
        const tried = arrange(picture, { direction, size, measure, ...gap })
        if (tried.width <= contentWidth && tried.height <= tallest) return tried
        excess = Math.min(excess, Math.max(tried.width / contentWidth, tried.height / tallest))
        if (!best || overflow(tried) < overflow(best)) best = tried
      }
    }
    largest[direction] = (size / excess) * 1.1
  }
  if (!best) throw new Error('pictures/diagram.ts: there is no size to lay a diagram out in')
  return best
}

/** A page that is too tall can be scrolled; one that is too wide is cut off. */
function overflow({ width, height }: Layout): number {
  return Math.max(0, width - contentWidth) * 1000 + Math.max(0, height - tallest)
}

function arrange(picture: Diagram, setting: Setting): Layout {
  const { direction, size } = setting
  const graph = new Graph({ multigraph: true })
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: size * setting.nodesep,
    edgesep: size * 0.6,
    ranksep: size * setting.ranksep,
    rankalign: direction === 'right' ? 'top' : 'center',
  })
  const texts = picture.nodes.map((node) => nodeText(node, setting))
  picture.nodes.forEach((node, index) => {
    const { width, height } = texts[index] ?? { width: 0, height: 0 }
    graph.setNode(node.id, { width, height })
  })
  const labels = picture.edges.map((edge) => edgeText(edge, setting))
  picture.edges.forEach((edge, index) => {
    if (!graph.hasNode(edge.from) || !graph.hasNode(edge.to)) {
      throw new Error(`pictures/diagram.ts: the arrow ${edge.from} → ${edge.to} of "${picture.title}" joins a box that is not there`)
    }
    const { lines, width, height } = labels[index] ?? { lines: [], width: 0, height: 0 }
    graph.setEdge(edge.from, edge.to, lines.length > 0 ? { width, height, labelpos: 'c' } : {}, String(index))
  })
  layout(graph)

  const { width = 0, height = 0 } = graph.graph()
  const mirrored = readsBackwards(graph, picture.nodes, direction)
  const place = ({ x, y }: Point): Point => (!mirrored ? { x, y } : direction === 'right' ? { x, y: height - y } : { x: width - x, y })

  const nodes = picture.nodes.map((node, index): PlacedNode => {
    const text = texts[index] ?? { label: [], note: [], width: 0, height: 0 }
    const { x = 0, y = 0 } = graph.node(node.id)
    const box = around(place({ x, y }), text)
    return { node, box, label: text.label, note: text.note }
  })
  const edges = picture.edges.map((edge, index): PlacedEdge => {
    const { points = [], x = 0, y = 0 } = graph.edge({ v: edge.from, w: edge.to, name: String(index) })
    const text = labels[index]
    const placed = { edge, points: points.map(place) }
    return text && text.lines.length > 0 ? { ...placed, label: { lines: text.lines, box: around(place({ x, y }), text) } } : placed
  })
  return { setting, width, height, nodes, edges: attach(nodes, edges, direction) }
}

/** Whether more boxes of a rank stand in the reverse of the order they are written in than in that order; dagre prefers neither. */
function readsBackwards(graph: Graph, nodes: readonly DiagramNode[], direction: Direction): boolean {
  const placed = nodes.map(({ id }) => {
    const { rank = 0, x = 0, y = 0 } = graph.node(id)
    return { rank, across: flow({ x, y }, direction).across }
  })
  let backwards = 0
  placed.forEach((first, index) => {
    for (const second of placed.slice(index + 1)) {
      if (first.rank === second.rank) backwards += Math.sign(first.across - second.across)
    }
  })
  return backwards > 0
}

/** Puts the ends of every arrow on the sides that face the flow, spread so that no two share a spot. */
function attach(nodes: readonly PlacedNode[], edges: readonly PlacedEdge[], direction: Direction): PlacedEdge[] {
  const boxes = new Map(nodes.map(({ node, box }) => [node.id, box]))
  const sides = new Map<string, { index: number; across: number; start: boolean }[]>()
  const routes = edges.map((placed, index) => {
    const { edge, label } = placed
    const from = boxes.get(edge.from)
    const to = boxes.get(edge.to)
    if (!from || !to || edge.from === edge.to) return { placed, start: undefined, end: undefined, inner: [] }
    const forward = flow(centre(from), direction).along <= flow(centre(to), direction).along
    let inner = placed.points.slice(1, -1)
    if (label) inner = inner.flatMap((point) => (near(point, centre(label.box)) ? throughLabel(label.box, direction, forward) : [point]))
    // Between neighbouring ranks dagre's only bend is half-way; without it the curve has the whole gap to turn in.
    else if (inner.length === 1) inner = []
    const ends = [
      { id: edge.from, side: forward ? 'after' : 'before', towards: inner[0] ?? centre(to), start: true },
      { id: edge.to, side: forward ? 'before' : 'after', towards: inner.at(-1) ?? centre(from), start: false },
    ]
    for (const { id, side, towards, start } of ends) {
      const key = `${side} ${id}`
      const list = sides.get(key) ?? []
      list.push({ index, across: flow(towards, direction).across, start })
      sides.set(key, list)
    }
    return { placed, start: `${ends[0]?.side} ${edge.from}`, end: `${ends[1]?.side} ${edge.to}`, inner }
  })
  for (const list of sides.values()) list.sort((a, b) => a.across - b.across || a.index - b.index)

  const port = (key: string, id: string, index: number, start: boolean): Point => {
    const box = boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 }
    const list = sides.get(key) ?? []
    const position = list.findIndex((end) => end.index === index && end.start === start)
    const length = direction === 'right' ? box.height : box.width
    const step = Math.min(52, (length - 40) / Math.max(1, list.length - 1))
    const shift = (position - (list.length - 1) / 2) * step
    const after = key.startsWith('after')
    return direction === 'right'
      ? { x: after ? box.x + box.width : box.x, y: box.y + box.height / 2 + shift }
      : { x: box.x + box.width / 2 + shift, y: after ? box.y + box.height : box.y }
  }
  return routes.map(({ placed, start, end, inner }, index) => {
    if (!start || !end) return placed
    return { ...placed, points: [port(start, placed.edge.from, index, true), ...inner, port(end, placed.edge.to, index, false)] }
  })
}

function throughLabel(box: Box, direction: Direction, forward: boolean): Point[] {
  const { x, y } = centre(box)
  const sides =
    direction === 'right'
      ? [
          { x: box.x, y },
          { x: box.x + box.width, y },
        ]
      : [
          { x, y: box.y },
          { x, y: box.y + box.height },
        ]
  return forward ? sides : sides.reverse()
}

/** A point as seen by the flow: how far along it, and how far to its side. */
function flow({ x, y }: Point, direction: Direction): { along: number; across: number } {
  return direction === 'right' ? { along: x, across: y } : { along: y, across: x }
}

function around({ x, y }: Point, { width, height }: { width: number; height: number }): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

function near(a: Point, b: Point): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < 2
}

// === Text

function nodeText(node: DiagramNode, { size, measure }: Setting) {
  const style = nameText(size)
  const small = noteText(size)
  const label = wrapWords(nameOf(node), size * measure, style)
  const note = node.note ? wrapWords(node.note, size * measure, small) : []
  const textWide = Math.max(widest(label, style), widest(note, small))
  const textHigh = label.length * lineHeight(style.size) + note.length * lineHeight(small.size)
  return { label, note, width: Math.max(size * 3, textWide + size * 1.4), height: textHigh + size * 0.8 }
}

function edgeText(edge: DiagramEdge, { size, measure }: Setting) {
  const style = noteText(size)
  const lines = edge.label ? wrapWords(edge.label, size * measure * 0.8, style) : []
  return { lines, width: widest(lines, style) + 20, height: lines.length * lineHeight(style.size) + 8 }
}

/** Wraps between words only: a name cut in two reads worse than a wide box, up to half the page. */
function wrapWords(text: string, measure: number, style: Pick<TextStyle, 'size' | 'bold'>): string[] {
  const longest = Math.max(...text.split(/\s+/).map((word) => textWidth(word, style)))
  return wrapEvenly(text, Math.max(measure, Math.min(longest, contentWidth / 2)), style)
}

// === Shapes

function arrow({ edge, points }: PlacedEdge, direction: Direction, palette: Palette): string {
  const tip = points.at(-1)
  const before = points.at(-2)
  if (!tip || !before) return ''
  const looped = edge.from === edge.to
  const ahead = looped ? unit(before, tip) : alongFlow(before, tip, direction)
  const line = [...points.slice(0, -1), lineEnd(tip, ahead)]
  const path = looped ? `M${line.map(({ x, y }) => `${x} ${y}`).join('L')}` : curve(line, direction)
  return arrowShape(path, tip, ahead, edge.dashed ?? false, palette)
}

function unit(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
}

function alongFlow(from: Point, to: Point, direction: Direction): Point {
  return direction === 'right' ? { x: to.x < from.x ? -1 : 1, y: 0 } : { x: 0, y: to.y < from.y ? -1 : 1 }
}

/** A smooth path that passes every point along the flow, so that it leaves and enters boxes square to their sides. */
function curve(points: readonly Point[], direction: Direction): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${first.x} ${first.y}`
  let from = first
  for (const to of rest) {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
    path += direction === 'right' ? `C${middle.x} ${from.y} ${middle.x} ${to.y} ` : `C${from.x} ${middle.y} ${to.x} ${middle.y} `
    path += `${to.x} ${to.y}`
    from = to
  }
  return path
}
