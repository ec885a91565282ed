// Purpose: draw a leaderboard: rank, name and its quieter note on the left, the value that ranks on the right.

import type { Node } from '@takumi-rs/core'
import type { BoardRow, Picture } from '../chat/picture.ts'
import { emojiImage } from './emoji.ts'
import { fillBox, heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { shorten, type TextStyle, textWidth } from './text.ts'
import { contentWidth, margin, type Palette, typeScale } from './theme.ts'

const rowHeight = 108
const inset = 24
const rankWidth = 84
const gap = 24
const emptyHeight = 200

export function board(picture: Extract<Picture, { kind: 'board' }>, palette: Palette): Page {
  const head = heading(picture.title, picture.subtitle, palette)
  if (picture.rows.length === 0) {
    return page(head.bottom + emptyHeight + margin, [...head.nodes, ...emptyAt(head.bottom, palette)], palette)
  }
  const rows = picture.rows.flatMap((row, index) => rowAt(head.bottom + index * rowHeight, row, picture.rows[index - 1], palette))
  return page(head.bottom + picture.rows.length * rowHeight + margin - 16, [...head.nodes, ...rows], palette)
}

function rowAt(y: number, row: BoardRow, previous: BoardRow | undefined, palette: Palette): Node[] {
  const nodes: Node[] = []
  if (row.me) {
    nodes.push(fillBox({ x: margin - 8, y: y + 2, width: contentWidth + 16, height: rowHeight - 4 }, palette.accentSoft, 18))
    nodes.push(fillBox({ x: margin + 2, y: y + 26, width: 8, height: rowHeight - 52 }, palette.accent, 4))
  } else if (previous && !previous.me) {
    nodes.push(fillBox({ x: margin + inset, y: y - 1, width: contentWidth - 2 * inset, height: 2 }, palette.rule))
  }

  const rankStyle: TextStyle = { size: typeScale.lead, color: row.me ? palette.accentDeep : palette.quiet, bold: true }
  const valueStyle: TextStyle = { size: 44, color: row.me ? palette.accentDeep : palette.ink, bold: true }
  const nameStyle: TextStyle = { size: typeScale.lead, color: palette.ink, bold: true }
  const noteStyle: TextStyle = { size: typeScale.body - 2, color: palette.quiet }

  const value = shorten(row.value, 400, valueStyle)
  const valueWidth = textWidth(value, valueStyle)
  const right = margin + contentWidth - inset
  const nameX = margin + inset + rankWidth
  const nameWidth = right - valueWidth - gap - nameX
  const lines = [{ text: shorten(row.name, nameWidth, nameStyle), style: nameStyle }]
  if (row.note) lines.push({ text: shorten(row.note, nameWidth, noteStyle), style: noteStyle })

  nodes.push(
    textBox({ x: margin + inset, y, width: rankWidth, height: rowHeight }, [
      { text: shorten(row.rank, rankWidth - 8, rankStyle), style: rankStyle },
    ]),
    textBox({ x: nameX, y, width: nameWidth, height: rowHeight }, lines),
    textBox({ x: right - valueWidth, y, width: valueWidth, height: rowHeight }, [{ text: value, style: valueStyle }], 'end'),
  )
  return nodes
}

/** Nobody yet: an empty place with a seedling, so that the picture does not look broken. The card's words say the rest. */
function emptyAt(y: number, palette: Palette): Node[] {
  const box = { x: margin, y, width: contentWidth, height: emptyHeight }
  const frame = `<rect x="2" y="2" width="${box.width - 4}" height="${box.height - 4}" rx="20" fill="none" stroke="${palette.outline}" stroke-width="3" stroke-dasharray="10 12" stroke-linecap="round"/>`
  const size = 88
  return [
    shapeLayer(box, frame),
    {
      type: 'container',
      style: { position: 'absolute', left: margin + (contentWidth - size) / 2, top: y + (emptyHeight - size) / 2 },
      children: [{ type: 'image', src: emojiImage('🌱'), style: { width: size, height: size } }],
    },
  ]
}
