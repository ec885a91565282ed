// Purpose: draw an SVG large, with its title and a caption: beside it, or under it when it is wide.

import type { Node } from '@takumi-rs/core'
import type { Picture } from '../chat/picture.ts'
import { svgUri } from './emoji.ts'
import { type Box, type Page, page, textBox } from './page.ts'
import { lineHeight, type TextStyle, wrapEvenly } from './text.ts'
import { contentWidth, margin, type Palette, pictureWidth, typeScale } from './theme.ts'

const gap = 56
const side = 480
const tallest = 640
/** Width by height from which there is no room for words beside the drawing. */
const wide = 1.3

export function drawing(picture: Extract<Picture, { kind: 'drawing' }>, palette: Palette): Page {
  const ratio = ratioOf(picture.svg)
  const isWide = ratio > wide
  const width = isWide ? Math.min(contentWidth, tallest * ratio) : Math.min(side, tallest * ratio)
  const art = { x: isWide ? (pictureWidth - width) / 2 : margin, y: margin, width, height: width / ratio }

  const room = isWide ? contentWidth : contentWidth - width - gap
  const title: TextStyle = { size: isWide ? typeScale.title : 60, color: palette.ink, bold: true }
  const caption: TextStyle = { size: 34, color: palette.quiet }
  const titles = wrapEvenly(picture.title, room, title, 3).map((text) => ({ text, style: title }))
  const captions = wrapEvenly(picture.caption, room, caption, 8).map((text) => ({ text, style: caption }))
  const heightOf = (lines: typeof titles) => lines.reduce((sum, line) => sum + lineHeight(line.style.size), 0)
  const between = titles.length > 0 && captions.length > 0 ? 20 : 0
  const words = heightOf(titles) + between + heightOf(captions)

  const height = isWide ? art.y + art.height + 32 + words + margin : Math.max(art.height, words) + 2 * margin
  const x = isWide ? margin : margin + width + gap
  const y = isWide ? art.y + art.height + 32 : (height - words) / 2
  return page(
    Math.ceil(height),
    [
      image(picture.svg, isWide ? art : { ...art, y: (height - art.height) / 2 }),
      textBox({ x, y, width: room, height: heightOf(titles) }, titles, isWide ? 'center' : 'start'),
      textBox({ x, y: y + heightOf(titles) + between, width: room, height: heightOf(captions) }, captions, isWide ? 'center' : 'start'),
    ],
    palette,
  )
}

function image(svg: string, { x, y, width, height }: Box): Node {
  return {
    type: 'container',
    style: { position: 'absolute', left: x, top: y, width, height },
    children: [{ type: 'image', src: svgUri(svg), style: { width, height } }],
  }
}

/** Width by height, of the `viewBox`. */
function ratioOf(svg: string): number {
  const [, width, height] = svg.match(/viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"/) ?? []
  const ratio = Number(width) / Number(height)
  if (!Number.isFinite(ratio) || ratio <= 0) throw new Error('pictures/drawing.ts: a drawing needs a viewBox with a width and a height')
  return ratio
}
