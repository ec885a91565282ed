// Purpose: cut text into words and emoji, and find the picture of each emoji, because no colour-emoji font draws in the renderer.

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type TextRun = { readonly kind: 'words'; readonly text: string } | { readonly kind: 'emoji'; readonly text: string }

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

// In printable ASCII and Hangul syllables every character is a grapheme; most text is that, and the segmenter is some 40 times slower.
const onePerCharacter = /^[ -~가-힣·]*$/

export function splitGraphemes(text: string): string[] {
  if (onePerCharacter.test(text)) return text.split('')
  return Array.from(graphemes.segment(text), (piece) => piece.segment)
}

// Signs Unicode counts as pictographs although they are text by default, and Pretendard has a glyph for each.
const textSigns = new Set('©®™‼⁉↔↕↖↗↘↙↩↪⏏Ⓜ▪▶◀☀♥⚠⬆')

export function isEmoji(grapheme: string): boolean {
  if (grapheme.includes('\u{fe0e}') || textSigns.has(grapheme)) return false
  return /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\d#*]\u{fe0f}?\u{20e3})/u.test(grapheme)
}

export function textRuns(text: string): TextRun[] {
  const runs: TextRun[] = []
  let words = ''
  for (const grapheme of splitGraphemes(text)) {
    if (!isEmoji(grapheme)) {
      words += grapheme
      continue
    }
    if (words) runs.push({ kind: 'words', text: words })
    words = ''
    runs.push({ kind: 'emoji', text: grapheme })
  }
  if (words) runs.push({ kind: 'words', text: words })
  return runs
}

// An emoji newer than the Twemoji release: seen as an unknown sign, rather than silently missing.
const placeholder = svgUri(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect x="3" y="3" width="30" height="30" rx="8" fill="#d5ddd7" ' +
    'stroke="#7d8c82" stroke-width="2"/><path d="M11 18h14" stroke="#536158" stroke-width="3.5" stroke-linecap="round"/></svg>',
)

const drawn = new Map<string, string>()
let twemoji: { folder: string; files: Map<string, string> } | undefined

/** The emoji's Twemoji graphic as a data URI. Files are small and read once each, so reading waits for the disk. */
export function emojiImage(grapheme: string): string {
  const known = drawn.get(grapheme)
  if (known) return known
  twemoji ??= openTwemoji()
  const file = twemoji.files.get(codePoints(grapheme))
  if (!file) return placeholder
  const uri = svgUri(readFileSync(join(twemoji.folder, file), 'utf8'))
  drawn.set(grapheme, uri)
  return uri
}

export function svgUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

function openTwemoji() {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@twemoji/svg/package.json'))
  const files = new Map<string, string>()
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.svg')) files.set(file.slice(0, -'.svg'.length).replaceAll('-fe0f', ''), file)
  }
  return { folder, files }
}

/** Twemoji keeps the emoji selector in some file names and people type it or leave it out, so neither side counts it. */
function codePoints(grapheme: string): string {
  return Array.from(grapheme.replaceAll('\u{fe0f}', ''), (sign) => sign.codePointAt(0)?.toString(16)).join('-')
}
