// Purpose: Markdown that is only lines of words, some of them bold or quoted, read without the parser. Pure. Most answers are no more than
// that, and the parser took half of the time of a check-in (docs/performance.md).
import type { Block, Phrase } from './mrkdwn.ts'

/** What begins something else than a paragraph at the start of a line, and spaces that the parser would take away. */
const otherLine = /^(?:[-+=#>|:~ ]|\*(?!\*)|\d{1,9}[.)])| $/
/** What the parser, or its extension for addresses, may see more in than letters. */
const otherSign = /[^\P{Cc}\n]|[`_~<>&[\]|@]|www\.|https?:|:\/\//iu
/** Code of one pair of marks; the parser takes spaces at its ends away, and what lies in it is never markup. */
const mark = /(\*\*|`[^`\n]+`)/
const code = /^`([^\s`](?:[^`\n]*[^\s`])?)`$/
/** Marks count on both sides, whatever stands beside them, when what they hold begins and ends with a letter or a digit. */
const holdable = /^[\p{L}\p{N}](?:[^*]*[\p{L}\p{N}])?$/u
const escaping = /\\([!-/:-@[-`{-~])/g

/** The same blocks as the parser's, without their places in the text; undefined for all that needs the parser. */
export function plainBlocks(markdown: string): Block[] | undefined {
  const blocks: Block[] = []
  for (const part of markdown.split('\n\n')) {
    const lines = part.split('\n')
    const isQuote = lines.every((line) => line.startsWith('> '))
    const children = phrasesOf(isQuote ? lines.map((line) => line.slice(2)) : lines)
    if (!children) return undefined
    const paragraph = { type: 'paragraph', children } as const
    blocks.push(isQuote ? { type: 'blockquote', children: [paragraph] } : paragraph)
  }
  return blocks
}

function phrasesOf(lines: readonly string[]): Phrase[] | undefined {
  if (lines.some((line) => line === '' || otherLine.test(line))) return undefined
  const text = lines.join('\n')
  if (text.includes('``')) return undefined
  const phrases: Phrase[] = []
  // Words and marks take turns.
  const parts = text.split(mark)
  for (let i = 0; i < parts.length; i += 2) {
    const value = wordsOf(parts[i] ?? '')
    if (value === undefined) return undefined
    if (value !== '') phrases.push({ type: 'text', value })
    const opened = parts[i + 1]
    if (opened === undefined) break
    if (opened === '**') {
      const held = parts[i + 2] ?? ''
      if (parts[i + 3] !== '**' || !holdable.test(held) || held.includes('\\') || wordsOf(held) === undefined) return undefined
      phrases.push({ type: 'strong', children: [{ type: 'text', value: held }] })
      i += 2
    } else {
      const [, value] = code.exec(opened) ?? []
      if (value === undefined) return undefined
      phrases.push({ type: 'inlineCode', value })
    }
  }
  return phrases
}

/** Undefined where there may be more in it than words. */
function wordsOf(text: string): string | undefined {
  if (text.includes('@')) return undefined
  const unescaped = text.replaceAll(escaping, '')
  return otherSign.test(unescaped) || /[\\*]/.test(unescaped) ? undefined : text.replaceAll(escaping, '$1')
}
