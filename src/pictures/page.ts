// Purpose: the page every picture is drawn on: its ground, its heading, and boxes put at exact places.

import type { Node } from '@takumi-rs/core'
import { svgUri } from './emoji.ts'
import { lineHeight, type TextStyle, textLine, wrapEvenly } from './text.ts'
import { contentWidth, margin, type Palette, pictureWidth, typeScale } from './theme.ts'

/** A node tree and the size, in px, it is drawn at. */
export interface Page {
  readonly node: Node
  readonly width: number
  readonly height: number
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

type Align = 'start' | 'center' | 'end'

const justify = { start: 'flex-start', center: 'center', end: 'flex-end' } as const

/** Lines of text, one under the other, in the vertical middle of a box. */
export function textBox(box: Box, lines: readonly { readonly text: string; readonly style: TextStyle }[], align: Align = 'start'): Node {
  return {
    type: 'container',
    style: { ...placed(box), display: 'flex', flexDirection: 'column', justifyContent: 'center', alignItems: justify[align] },
    children: lines.map((line) => textLine(line.text, line.style)),
  }
}

/** Shapes only: an SVG has no access to the registered fonts, so text in it would not be drawn. */
export function shapeLayer(box: Box, shapes: string): Node {
  const { width, height } = box
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${shapes}</svg>`
  return { type: 'container', style: placed(box), children: [{ type: 'image', src: svgUri(svg), style: { width, height } }] }
}

export function fillBox(box: Box, color: string, radius = 0): Node {
  return { type: 'container', style: { ...placed(box), backgroundColor: color, borderRadius: radius }, children: [] }
}

function placed(box: Box) {
  return { position: 'absolute', left: box.x, top: box.y, width: box.width, height: box.height } as const
}

/** The title and subtitle, and the y where the picture's body may begin. */
export function heading(title: string, subtitle: string, palette: Palette): { nodes: Node[]; bottom: number } {
  const titleStyle: TextStyle = { size: typeScale.title, color: palette.ink, bold: true }
  const subtitleStyle: TextStyle = { size: typeScale.subtitle, color: palette.quiet }
  const lines = [
    ...wrapEvenly(title, contentWidth, titleStyle, 2).map((text) => ({ text, style: titleStyle })),
    ...wrapEvenly(subtitle, contentWidth, subtitleStyle, 2).map((text) => ({ text, style: subtitleStyle })),
  ]
  if (lines.length === 0) return { nodes: [], bottom: margin }
  const height = lines.reduce((sum, line) => sum + lineHeight(line.style.size), 0)
  const box = { x: margin, y: margin - 8, width: contentWidth, height }
  return { nodes: [textBox(box, lines)], bottom: box.y + height + 28 }
}

export function page(height: number, children: Node[], palette: Palette): Page {
  return {
    node: {
      type: 'container',
      style: { position: 'relative', width: pictureWidth, height, backgroundColor: palette.ground, overflow: 'hidden' },
      children,
    },
    width: pictureWidth,
    height,
  }
}
