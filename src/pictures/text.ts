// Purpose: measure, shorten and wrap text without asking the renderer, and turn a line of it into nodes.

import type { Node } from '@takumi-rs/core'
import { emojiImage, isEmoji, splitGraphemes, textRuns } from './emoji.ts'
import { fontFamily } from './theme.ts'

export interface TextStyle {
  readonly size: number
  readonly color: string
  readonly bold?: boolean
}

// Advance widths in 1/1000 em of U+0020 to U+007E, as the renderer measures each sign of Pretendard 1.3.9 alone.
const regularAdvances = advances(
  '251 257 379 600 608 863 610 202 341 341 471 627 258 433 254 334 596 439 587 618 625 597 614 552 607 614 254 254 627 627 627 480 ' +
    '880 646 620 694 686 568 557 709 707 245 516 622 534 853 718 727 605 727 609 608 612 708 646 916 613 634 595 341 334 341 443 425 ' +
    '469 536 591 530 591 553 337 580 563 218 218 517 218 834 557 568 580 580 350 497 340 553 530 778 513 530 513 341 306 341 627',
)
const boldAdvances = advances(
  '231 307 376 625 630 960 649 198 390 390 540 654 288 450 283 372 661 469 611 639 658 627 643 576 644 643 283 283 654 654 654 539 ' +
    '875 718 637 724 702 589 563 733 720 266 547 664 546 883 709 753 624 754 632 630 643 705 718 1000 686 696 641 390 372 390 467 457 ' +
    '478 558 612 564 612 575 368 609 600 257 257 558 257 879 598 590 609 609 390 540 371 597 563 820 551 563 549 390 356 390 654',
)
const hangulAdvance = 865
const emojiAdvance = 1150
const ellipsis = '…'

function advances(list: string): number[] {
  return list.split(' ').map(Number)
}

function graphemeAdvance(grapheme: string, bold: boolean): number {
  if (isEmoji(grapheme)) return emojiAdvance
  const code = grapheme.codePointAt(0) ?? 0
  const ascii = (bold ? boldAdvances : regularAdvances)[code - 0x20]
  if (ascii !== undefined) return ascii
  if (code >= 0xac00 && code <= 0xd7a3) return hangulAdvance
  if (code === 0xb7) return 285
  // Wider than most Latin, Greek and Cyrillic letters are: a line that comes out short is fine, one that overflows is not.
  if (code < 0x1100) return 760
  if (code >= 0x2010 && code <= 0x2022 && code !== 0x2014) return 500
  return 1000
}

/** Width in px, a little more than the renderer needs. */
export function textWidth(text: string, style: Pick<TextStyle, 'size' | 'bold'>): number {
  let sum = 0
  for (const grapheme of splitGraphemes(text)) sum += graphemeAdvance(grapheme, style.bold ?? false)
  return Math.ceil((sum * style.size) / 1000)
}

export function lineHeight(size: number): number {
  return Math.round(size * 1.3)
}

/** One line of text as people see it: composed Hangul, single spaces, and no sign that turns the line around. */
function plainLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
}

/** The text itself, or its longest beginning that fits `maxWidth` px together with `…`. */
export function shorten(text: string, maxWidth: number, style: Pick<TextStyle, 'size' | 'bold'>): string {
  const line = plainLine(text)
  if (textWidth(line, style) <= maxWidth) return line
  const room = maxWidth - textWidth(ellipsis, style)
  let kept = ''
  let width = 0
  for (const grapheme of splitGraphemes(line)) {
    width += (graphemeAdvance(grapheme, style.bold ?? false) * style.size) / 1000
    if (width > room) break
    kept += grapheme
  }
  return kept.trimEnd() + ellipsis
}

/** Lines no wider than `maxWidth` px, broken at spaces and inside a word only if it alone is too wide. At most `maxLines`, the last shortened. */
export function wrap(text: string, maxWidth: number, style: Pick<TextStyle, 'size' | 'bold'>, maxLines = 3): string[] {
  const lines = breakLines(plainLine(text), maxWidth, style)
  if (lines.length <= maxLines) return lines
  const rest = lines.slice(maxLines - 1).join(' ')
  return [...lines.slice(0, maxLines - 1), shorten(rest, maxWidth, style)]
}

/** As `wrap`, with lines of nearly equal length: the narrowest block of as many lines. */
export function wrapEvenly(text: string, maxWidth: number, style: Pick<TextStyle, 'size' | 'bold'>, maxLines = 3): string[] {
  const lines = wrap(text, maxWidth, style, maxLines)
  let best = lines
  for (let width = maxWidth - style.size / 2; lines.length > 1 && width > maxWidth / lines.length; width -= style.size / 2) {
    const narrower = wrap(text, width, style, maxLines)
    if (narrower.length > lines.length || narrower.join(' ') !== lines.join(' ')) break
    best = narrower
  }
  return best
}

function breakLines(text: string, maxWidth: number, style: Pick<TextStyle, 'size' | 'bold'>): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word
    if (textWidth(longer, style) <= maxWidth) {
      line = longer
      continue
    }
    if (line) lines.push(line)
    line = ''
    for (const piece of textWidth(word, style) > maxWidth ? piecesOf(word) : [word]) {
      if (line && textWidth(line + piece, style) > maxWidth) {
        lines.push(line)
        line = ''
      }
      for (const grapheme of splitGraphemes(piece)) {
        if (line && textWidth(line + grapheme, style) > maxWidth) {
          lines.push(line)
          line = ''
        }
        line += grapheme
      }
    }
  }
  if (line) lines.push(line)
  return lines
}

/** Where a name such as `cri-containerd` or a range such as `1.10–1.19` may be cut; a date such as `2021-06` may not. */
function piecesOf(word: string): string[] {
  return word.split(/(?<=[-/·](?=\p{L}))|(?<=–)/u)
}

/** Width in px of the longest part that is never cut while there is room for it. */
export function longestPiece(text: string, style: Pick<TextStyle, 'size' | 'bold'>): number {
  const pieces = plainLine(text).split(' ').flatMap(piecesOf)
  return Math.max(...pieces.map((piece) => textWidth(piece, style)))
}

/** One line as a row of words and emoji. The family is always named: the renderer's own font draws Hangul as boxes, without a word. */
export function textLine(text: string, style: TextStyle): Node {
  const emojiSize = Math.round(style.size * 1.02)
  const gap = Math.round(style.size * 0.06)
  return {
    type: 'container',
    style: {
      display: 'flex',
      flexDirection: 'row',
      alignItems: 'center',
      maxWidth: '100%',
      height: lineHeight(style.size),
      overflow: 'hidden',
    },
    children: textRuns(plainLine(text)).map(
      (run): Node =>
        run.kind === 'emoji'
          ? {
              type: 'image',
              src: emojiImage(run.text),
              style: { width: emojiSize, height: emojiSize, marginLeft: gap, marginRight: gap, flexShrink: 0 },
            }
          : {
              type: 'text',
              text: run.text,
              style: {
                fontFamily,
                fontSize: style.size,
                fontWeight: style.bold ? 700 : 400,
                lineHeight: `${lineHeight(style.size)}px`,
                color: style.color,
                whiteSpace: 'pre',
                flexShrink: 0,
              },
            },
    ),
  }
}
