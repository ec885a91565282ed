// Purpose: Markdown that is only lines of words, some of them bold or quoted, read without the parser. Pure. Most answers are no more than
// that, and the parser took half of the time of a check-in (docs/performance.md).
import type { Block, Phrase } from './mrkdwn.ts'

/** What begins something else than a paragraph at the start of a line, and spaces that the parser would take away. */
const otherLine = /^(?:[-+=#>|:~ ]|\*(?!\*)|\d{1,9}[.)])| $/
/** What the parser, or its extension for addresses, may see more in than letters. */
const otherSign = /[^\P{Cc}\n]|[`_~<>&[\]!|@]|www\.|https?:|:\/\//iu
const bold = /(\*\*)/
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
  const unescaped = text.replaceAll(escaping, '')
  if (text.includes('@') || otherSign.test(unescaped) || unescaped.includes('\\')) return undefined
  const phrases: Phrase[] = []
  const parts = text.split(bold)
  for (let i = 0; i < parts.length; i += 4) {
    const [plain = '', open, held, close] = parts.slice(i, i + 4)
    if (plain.replaceAll(escaping, '').includes('*')) return undefined
    if (plain !== '') phrases.push({ type: 'text', value: plain.replaceAll(escaping, '$1') })
    if (open === undefined) continue
    if (close === undefined || held === undefined || !holdable.test(held) || held.includes('\\')) return undefined
    phrases.push({ type: 'strong', children: [{ type: 'text', value: held }] })
  }
  return phrases
}
