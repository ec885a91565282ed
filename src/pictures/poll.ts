// Purpose: draw a poll's answers as bars, with a check at the right one.

import type { Node } from '@takumi-rs/core'
import type { Picture } from '../chat/picture.ts'
import { fillBox, heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { lineHeight, shorten, type TextStyle, textWidth, wrap } from './text.ts'
import { contentWidth, margin, type Palette, typeScale } from './theme.ts'

type Bar = Extract<Picture, { kind: 'poll' }>['bars'][number]

const markSize = 44
const markGap = 20
const barHeight = 44
const barGap = 44

export function poll(picture: Extract<Picture, { kind: 'poll' }>, palette: Palette): Page {
  const head = heading(picture.title, picture.subtitle, palette)
  const votes = picture.bars.reduce((sum, bar) => sum + bar.votes, 0)
  const values = picture.bars.map((bar) => shorten(bar.value, 360, valueStyle(bar, palette)))
  const valueWidth = Math.max(0, ...picture.bars.map((bar, index) => textWidth(values[index] ?? '', valueStyle(bar, palette))))
  const anyRight = picture.bars.some((bar) => bar.right)
  const x = margin + (anyRight ? markSize + markGap : 0)
  const trackWidth = margin + contentWidth - x - valueWidth - 28

  const nodes: Node[] = [...head.nodes]
  let y = head.bottom + 8
  picture.bars.forEach((bar, index) => {
    const style = labelStyle(bar, palette)
    const lines = wrap(bar.label, margin + contentWidth - x, style, 3)
    const labelHeight = lines.length * lineHeight(style.size)
    if (anyRight) {
      const markY = y + (lineHeight(style.size) - markSize) / 2
      nodes.push(shapeLayer({ x: margin, y: markY, width: markSize, height: markSize }, bar.right ? check(palette) : ring(palette)))
    }
    nodes.push(
      textBox(
        { x, y, width: margin + contentWidth - x, height: labelHeight },
        lines.map((text) => ({ text, style })),
      ),
    )
    y += labelHeight + 12
    nodes.push(fillBox({ x, y, width: trackWidth, height: barHeight }, palette.track, 10))
    const share = votes > 0 ? bar.votes / votes : 0
    if (share > 0) {
      // A single vote among hundreds still shows.
      const width = Math.max(12, Math.round(trackWidth * Math.min(1, share)))
      nodes.push(fillBox({ x, y, width, height: barHeight }, bar.right ? palette.accent : palette.bar, 10))
    }
    nodes.push(
      textBox(
        { x: margin + contentWidth - valueWidth, y, width: valueWidth, height: barHeight },
        [{ text: values[index] ?? '', style: valueStyle(bar, palette) }],
        'end',
      ),
    )
    y += barHeight + barGap
  })
  return page(y - barGap + margin, nodes, palette)
}

function labelStyle(bar: Bar, palette: Palette): TextStyle {
  return { size: 34, color: bar.right ? palette.accentDeep : palette.ink, bold: bar.right }
}

function valueStyle(bar: Bar, palette: Palette): TextStyle {
  return { size: typeScale.body + 2, color: bar.right ? palette.accentDeep : palette.quiet, bold: true }
}

function check(palette: Palette): string {
  return (
    `<circle cx="22" cy="22" r="21" fill="${palette.accent}"/>` +
    `<path d="M12.5 22.5L19.5 29.5L32 15.5" fill="none" stroke="${palette.onAccent}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>`
  )
}

function ring(palette: Palette): string {
  return `<circle cx="22" cy="22" r="17" fill="none" stroke="${palette.outline}" stroke-width="3"/>`
}
