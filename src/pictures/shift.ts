// Purpose: draw what a club thought before and after, statement by statement, so that one sees its mind move.

import type { Node } from '@takumi-rs/core'
import type { Picture, Share } from '../chat/picture.ts'
import { rectangle } from './boxes.ts'
import { type Box, fillBox, heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { lineHeight, shorten, type TextStyle, textWidth, wrap } from './text.ts'
import { contentWidth, margin, type Palette, typeScale } from './theme.ts'

const barHeight = 48
const barGap = 12
const rowGap = 52
const gap = 24
/** So much of the width the two times may take, and the values. */
const widestSide = contentWidth / 4

// The later one is bold; both have the room that this takes.
const sideText = { size: typeScale.body, bold: true }
const valueText = { size: typeScale.body + 2, bold: true }
const labelText = { size: 34, bold: true }

export function shift(picture: Extract<Picture, { kind: 'shift' }>, palette: Palette): Page {
  const head = heading(picture.title, picture.subtitle, palette)
  const sides = [picture.before, picture.after ?? ''].map((side) => shorten(side, widestSide, sideText))
  const rows = picture.rows.map(({ label, before, after }) => ({
    label,
    shares: [before, ...(after ? [after] : [])].map((share) => ({ ...share, value: shorten(share.value, widestSide, valueText) })),
  }))
  const values = rows.flatMap(({ shares }) => shares.map(({ value }) => value))
  const sideWidth = Math.max(...sides.map((side) => textWidth(side, sideText)))
  const valueWidth = Math.max(0, ...values.map((value) => textWidth(value, valueText)))
  const track = { x: margin + sideWidth + gap, width: contentWidth - sideWidth - valueWidth - 2 * gap }

  const nodes: Node[] = [...head.nodes]
  let y = head.bottom + 8
  for (const row of rows) {
    const style: TextStyle = { ...labelText, color: palette.ink }
    const lines = wrap(row.label, contentWidth, style, 3).map((text) => ({ text, style }))
    const height = lines.length * lineHeight(style.size)
    nodes.push(textBox({ x: margin, y, width: contentWidth, height }, lines))
    y += height + 14
    for (const [side, share] of row.shares.entries()) {
      const isAfter = side === 1
      const ink: TextStyle = { ...sideText, color: isAfter ? palette.accentDeep : palette.quiet, bold: isAfter }
      const value: TextStyle = { ...valueText, color: isAfter ? palette.accentDeep : palette.quiet }
      const box = { ...track, y, height: barHeight }
      nodes.push(textBox({ x: margin, y, width: sideWidth, height: barHeight }, [{ text: sides[side] ?? '', style: ink }]))
      nodes.push(fillBox(box, palette.track, 10), bar(box, share, isAfter, palette))
      const right = { x: margin + contentWidth - valueWidth, y, width: valueWidth, height: barHeight }
      nodes.push(textBox(right, [{ text: share.value, style: value }], 'end'))
      y += barHeight + barGap
    }
    y += rowGap - barGap
  }
  return page(y - (rows.length > 0 ? rowGap : 0) + margin, nodes, palette)
}

/** What was is striped, what is now is full: the two differ without their colours. */
function bar(track: Box, { share }: Share, isAfter: boolean, palette: Palette): Node {
  // One answer among hundreds still shows.
  const width = share > 0 ? Math.max(14, Math.round(track.width * Math.min(1, share))) : 0
  const box = { x: track.x, y: track.y, width, height: track.height }
  if (isAfter || width === 0) return fillBox(box, palette.accent, 10)
  const inner = { x: 2, y: 2, width: width - 4, height: track.height - 4 }
  const stripes: string[] = []
  for (let x = -track.height; x < width; x += 18) stripes.push(`M${x} ${track.height}L${x + track.height} 0`)
  return shapeLayer(
    box,
    `<clipPath id="bar">${rectangle(inner, 8, '')}</clipPath>${rectangle(inner, 8, `fill="${palette.ground}"`)}` +
      `<path d="${stripes.join('')}" stroke="${palette.bar}" stroke-width="6" clip-path="url(#bar)"/>` +
      rectangle(inner, 8, `fill="none" stroke="${palette.bar}" stroke-width="4"`),
  )
}
