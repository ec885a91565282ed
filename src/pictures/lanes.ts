// Purpose: draw boxes in columns and rows, what happens where and when, with arrows that go around the boxes.

import type { Node } from '@takumi-rs/core'
import type { Picture } from '../chat/picture.ts'
import { arrowShape, boxShape, lineEnd, nameLines, noteLines, type Point, rectangle } from './boxes.ts'
import { waypoints } from './laneGrid.ts'
import { fit, headerSize } from './laneLayout.ts'
import { planOf } from './lanePlan.ts'
import { type Box, heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { type Palette, pictureWidth } from './theme.ts'

export function lanes(picture: Extract<Picture, { kind: 'lanes' }>, palette: Palette): Page {
  const head = heading(picture.title, '', palette)
  const plan = planOf(picture)
  const { setting, grid, places, height, left, right, items, labels, headers, rows, rules } = fit(picture, plan)
  const { size } = setting
  const place = (box: Box): Box => ({ ...box, y: head.bottom + box.y })

  const shapes = [
    ...headers.map(({ box }) => rectangle(box, 14, `fill="${palette.track}"`)),
    ...rules.map((y) => `<path d="M${left} ${y}H${right}" stroke="${palette.rule}" stroke-width="2"/>`),
    ...plan.routes.map((route) => arrow(waypoints(plan, grid, places, route), route.edge.dashed ?? false, palette)),
    ...labels.map(({ box }) => rectangle(box, 8, `fill="${palette.ground}"`)),
    ...items.map(({ item, box }) => boxShape(item, box, palette)),
  ]
  const layer = { x: 0, y: head.bottom, width: pictureWidth, height: height + bottom }
  const children: Node[] = [...head.nodes, shapeLayer(layer, shapes.join(''))]
  for (const { box, lines } of headers) children.push(textBox(place(box), nameLines(lines, headerSize(size), palette), 'center'))
  for (const { box, lines } of rows) children.push(textBox(place(box), noteLines(lines, size, palette), 'end'))
  for (const { box, name, note } of items) {
    children.push(textBox(place(box), [...nameLines(name, size, palette), ...noteLines(note, size, palette)], 'center'))
  }
  for (const { box, lines } of labels) children.push(textBox(place(box), noteLines(lines, size, palette), 'center'))
  return page(Math.ceil(head.bottom + height + bottom), children, palette)
}

/** Below the last row. */
const bottom = 40

const bend = 12

/** A line with round corners. */
function arrow(points: readonly Point[], dashed: boolean, palette: Palette): string {
  const tip = points.at(-1)
  const before = points.at(-2)
  const [start] = points
  if (!tip || !before || !start) return ''
  const ahead = towards(before, tip)
  const line = [...points.slice(0, -1), lineEnd(tip, ahead)]
  let path = `M${start.x} ${start.y}`
  line.slice(1, -1).forEach((corner, index) => {
    const [from, to] = [line[index] ?? corner, line[index + 2] ?? corner]
    const radius = Math.min(bend, length(from, corner) / 2, length(corner, to) / 2)
    const [away, on] = [towards(corner, from), towards(corner, to)]
    path += `L${corner.x + away.x * radius} ${corner.y + away.y * radius}Q${corner.x} ${corner.y} ${corner.x + on.x * radius} ${corner.y + on.y * radius}`
  })
  const end = line.at(-1) ?? tip
  return arrowShape(`${path}L${end.x} ${end.y}`, tip, ahead, dashed, palette)
}

function towards(from: Point, to: Point): Point {
  const distance = length(from, to) || 1
  return { x: (to.x - from.x) / distance, y: (to.y - from.y) / distance }
}

function length(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
