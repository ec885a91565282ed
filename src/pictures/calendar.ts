// Purpose: draw a member's days as a calendar heatmap: a column for each week, Monday first, a shape for how each day ended.

import type { Node } from '@takumi-rs/core'
import type { DayMark, Picture } from '../chat/picture.ts'
import { heading, type Page, page, shapeLayer, textBox } from './page.ts'
import { shorten, type TextStyle, textWidth } from './text.ts'
import { contentWidth, margin, type Palette, typeScale } from './theme.ts'

type Calendar = Extract<Picture, { kind: 'calendar' }>

const daysInWeek = 7
const monthHeight = 44
const largestCell = 92
const legendSize = 40
const legendRow = 56
const legendGap = 36

const weekdayText = { size: typeScale.label }
const monthText = { size: typeScale.label, bold: true }
const legendText = { size: typeScale.body - 2 }

export function calendar(picture: Calendar, palette: Palette): Page {
  const head = heading(picture.title, picture.subtitle, palette)
  const weeks = Math.max(1, Math.ceil(picture.days.length / daysInWeek))
  const weekdayWidth = Math.max(0, ...picture.weekdays.map((name) => textWidth(name, weekdayText))) + 18
  const pitch = Math.min(largestCell, Math.floor((contentWidth - weekdayWidth) / weeks))
  const gridX = margin + weekdayWidth
  const gridY = head.bottom + monthHeight
  const gridHeight = pitch * daysInWeek

  const nodes: Node[] = [...head.nodes, ...monthLabels(picture, gridX, head.bottom, pitch, weeks, palette)]
  const weekdayStyle: TextStyle = { ...weekdayText, color: palette.quiet }
  picture.weekdays.slice(0, daysInWeek).forEach((name, index) => {
    nodes.push(textBox({ x: margin, y: gridY + index * pitch, width: weekdayWidth, height: pitch }, [{ text: name, style: weekdayStyle }]))
  })
  const marks = picture.days.map(({ mark }, index) =>
    dayShape(mark, Math.floor(index / daysInWeek) * pitch, (index % daysInWeek) * pitch, pitch, palette),
  )
  nodes.push(shapeLayer({ x: gridX, y: gridY, width: pitch * weeks, height: gridHeight }, marks.join('')))

  const legendX = gridX + pitch * weeks + 64
  const widest = Math.max(0, ...picture.legend.map((entry) => legendWidth(entry.label)))
  if (legendX + widest <= margin + contentWidth) {
    const legend = legendAt(picture.legend, { x: legendX, y: gridY, width: widest }, palette)
    return page(Math.max(gridY + gridHeight, legend.bottom) + margin, [...nodes, ...legend.nodes], palette)
  }
  const legend = legendAt(picture.legend, { x: margin, y: gridY + gridHeight + 32, width: contentWidth }, palette)
  return page(legend.bottom + margin - 12, [...nodes, ...legend.nodes], palette)
}

/** A month's number over the week its first day is in, with the year where the picture or the year begins: digits need no language. */
function monthLabels(picture: Calendar, x: number, y: number, pitch: number, weeks: number, palette: Palette): Node[] {
  const style: TextStyle = { ...monthText, color: palette.quiet }
  const starts: { x: number; month: string }[] = []
  for (let week = 0; week < weeks; week++) {
    const month = picture.days
      .slice(week * daysInWeek, (week + 1) * daysInWeek)
      .at(-1)
      ?.day.slice(0, 7)
    if (month && month !== starts.at(-1)?.month) starts.push({ x: x + week * pitch, month })
  }
  const [first, second] = starts
  if (first && second && first.x + textWidth(first.month, style) + 12 > second.x) starts.shift()
  return starts.map(({ x: start, month }, index) => {
    const sameYear = starts[index - 1]?.month.slice(0, 4) === month.slice(0, 4)
    const text = sameYear ? month.slice(5) : month
    const width = textWidth(text, style)
    return textBox({ x: Math.min(start, margin + contentWidth - width), y, width, height: monthHeight }, [{ text, style }])
  })
}

function legendWidth(label: string): number {
  return legendSize + 14 + textWidth(label, legendText)
}

/** The legend in one row if it fits, else in as few rows of equal columns as it takes. */
function legendAt(
  legend: Calendar['legend'],
  area: { x: number; y: number; width: number },
  palette: Palette,
): { nodes: Node[]; bottom: number } {
  const entries = legend.map(({ mark, label }) => {
    const text = shorten(label, area.width - legendSize - 14, legendText)
    return { mark, text, width: legendWidth(text) }
  })
  const total = entries.reduce((sum, entry) => sum + entry.width + legendGap, -legendGap)
  const column = Math.max(0, ...entries.map((entry) => entry.width)) + legendGap
  const inRow = Math.max(1, Math.floor((area.width + legendGap) / column))
  const rows = total <= area.width ? 1 : Math.ceil(entries.length / inRow)
  const perRow = Math.ceil(entries.length / Math.max(1, rows))
  const step = rows === 1 ? 0 : (area.width + legendGap) / perRow

  const style: TextStyle = { ...legendText, color: palette.ink }
  const nodes: Node[] = []
  let flowing = area.x
  entries.forEach(({ mark, text, width }, index) => {
    const x = rows === 1 ? flowing : area.x + (index % perRow) * step
    const y = area.y + Math.floor(index / perRow) * legendRow
    nodes.push(
      shapeLayer(
        { x, y: y + (legendRow - legendSize) / 2, width: legendSize, height: legendSize },
        dayShape(mark, 0, 0, legendSize, palette),
      ),
      textBox({ x: x + legendSize + 14, y, width, height: legendRow }, [{ text, style }]),
    )
    flowing += width + legendGap
  })
  return { nodes, bottom: area.y + (entries.length > 0 ? rows * legendRow : 0) }
}

/** The mark's shape in the cell at (x, y). Every mark has its own outline, so the calendar can be read without its colours. */
function dayShape(mark: DayMark, x: number, y: number, cell: number, palette: Palette): string {
  const side = cell * 0.86
  const corner = cell * 0.18
  const middleX = x + cell / 2
  const middleY = y + cell / 2
  const left = middleX - side / 2
  const top = middleY - side / 2
  const at = (fractionX: number, fractionY: number) => `${round(middleX + fractionX * side)} ${round(middleY + fractionY * side)}`
  const square = (inset: number, style: string) =>
    `<rect x="${round(left + inset)}" y="${round(top + inset)}" width="${round(side - 2 * inset)}" height="${round(side - 2 * inset)}" rx="${round(corner)}" ${style}/>`
  const line = (path: string, color: string, width: number) =>
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round"/>`

  switch (mark) {
    case 'counted':
      return (
        square(0, `fill="${palette.accent}"`) +
        line(`M${at(-0.22, 0.02)}L${at(-0.06, 0.18)}L${at(0.23, -0.17)}`, palette.onAccent, side * 0.11)
      )
    case 'frozen': {
      const arms = `M${at(0, -0.24)}L${at(0, 0.24)}M${at(-0.21, -0.12)}L${at(0.21, 0.12)}M${at(-0.21, 0.12)}L${at(0.21, -0.12)}`
      const diamond = `M${at(0, -0.55)}L${at(0.55, 0)}L${at(0, 0.55)}L${at(-0.55, 0)}Z`
      return `<path d="${diamond}" fill="${palette.frost}"/>${line(arms, palette.onAccent, side * 0.075)}`
    }
    case 'repaired':
      return (
        `<circle cx="${round(middleX)}" cy="${round(middleY)}" r="${round(side * 0.43)}" fill="none" stroke="${palette.patch}" stroke-width="${round(side * 0.12)}"/>` +
        line(`M${at(-0.19, 0)}L${at(0.19, 0)}M${at(0, -0.19)}L${at(0, 0.19)}`, palette.patch, side * 0.12)
      )
    case 'neutral':
      return line(`M${at(-0.28, 0)}L${at(0.28, 0)}`, palette.outline, side * 0.13)
    case 'off':
      return `<circle cx="${round(middleX)}" cy="${round(middleY)}" r="${round(side * 0.12)}" fill="${palette.outline}"/>`
    case 'missed':
      return square(side * 0.04, `fill="none" stroke="${palette.outline}" stroke-width="${round(Math.max(2, side * 0.06))}"`)
    case 'open': {
      const width = Math.max(4, side * 0.11)
      const dash = round(side * 0.2)
      return square(
        width / 2,
        `fill="none" stroke="${palette.accentDeep}" stroke-width="${round(width)}" stroke-dasharray="${dash} ${dash}"`,
      )
    }
    case 'none':
      return ''
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
