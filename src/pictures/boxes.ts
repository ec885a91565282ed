// Purpose: boxes with a name and a note, and the arrows between them, as diagrams and lanes draw them.

import type { DiagramNode } from '../chat/picture.ts'
import type { Box } from './page.ts'
import { type TextStyle, textWidth } from './text.ts'
import { type Palette, typeScale } from './theme.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

type TextSize = Pick<TextStyle, 'size' | 'bold'>

export const smallestText = 24

/** How the name of a box is set where the picture's text has `size` px. */
export function nameText(size: number): TextSize {
  return { size, bold: true }
}

/** How notes in boxes and the words at arrows are set. */
export function noteText(size: number): TextSize {
  return { size: Math.max(smallestText, Math.min(typeScale.body, Math.round(size * 0.8))) }
}

export function nameLines(lines: readonly string[], size: number, palette: Palette) {
  return lines.map((text) => ({ text, style: { ...nameText(size), color: palette.ink } }))
}

export function noteLines(lines: readonly string[], size: number, palette: Palette) {
  return lines.map((text) => ({ text, style: { ...noteText(size), color: palette.quiet } }))
}

/** What is no more carries a dagger. */
export function nameOf({ label, ended }: Pick<DiagramNode, 'label' | 'ended'>): string {
  return ended ? `${label} †` : label
}

export function widest(lines: readonly string[], style: TextSize): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, style)))
}

export function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

// === Shapes

export function boxShape({ tone, ended }: Pick<DiagramNode, 'tone' | 'ended'>, box: Box, palette: Palette): string {
  const { fill, stroke } = palette.tones[tone ?? 'plain']
  const border = ended ? `stroke="${palette.outline}" stroke-dasharray="10 8"` : `stroke="${stroke}"`
  return rectangle(box, 14, `fill="${fill}" ${border} stroke-width="3"`)
}

export function rectangle({ x, y, width, height }: Box, radius: number, style: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" ${style}/>`
}

const arrowLength = 20
const arrowHalf = 10

/** Where the line of an arrow stops, inside its head, so that its blunt end does not show beside the point. `ahead` is a unit vector. */
export function lineEnd(tip: Point, ahead: Point): Point {
  return behind(tip, ahead, arrowLength - 4)
}

export function arrowShape(path: string, tip: Point, ahead: Point, dashed: boolean, palette: Palette): string {
  const base = behind(tip, ahead, arrowLength)
  const wing = (side: number) => `${base.x - ahead.y * arrowHalf * side} ${base.y + ahead.x * arrowHalf * side}`
  const dash = dashed ? ' stroke-dasharray="10 8"' : ''
  return (
    `<path d="${path}" fill="none" stroke="${palette.quiet}" stroke-width="3.5"${dash}/>` +
    `<path d="M${tip.x} ${tip.y}L${wing(1)}L${wing(-1)}Z" fill="${palette.quiet}"/>`
  )
}

function behind(tip: Point, ahead: Point, distance: number): Point {
  return { x: tip.x - ahead.x * distance, y: tip.y - ahead.y * distance }
}
