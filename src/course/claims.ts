// Purpose: the claims in a text: which sentences name a source, which ought to, what figures they give, and how readers see them. Pure.

const key = /\[\^([A-Za-z0-9][A-Za-z0-9-]{0,29})\]/g
const keys = /(?:\[\^[A-Za-z0-9][A-Za-z0-9-]{0,29}\])+/g

/** The keys named in a text, each once, in order. */
export function keysIn(markdown: string): string[] {
  return [...new Set([...prose(markdown).matchAll(key)].map(([, name = '']) => name))]
}

/** The text without its keys, as readers see it everywhere but in the full lesson. */
export function withoutKeys(markdown: string): string {
  return outsideCode(markdown, (text) => text.replace(keys, ''))
}

/** The text with a small number in place of each key: its place in `order`, from 1. A key that is not there leaves nothing. */
export function withNumbers(markdown: string, order: readonly string[]): string {
  return outsideCode(markdown, (text) =>
    text.replace(keys, (all) => {
      const numbers = [...all.matchAll(key)].map(([, name = '']) => order.indexOf(name) + 1).filter((number) => number > 0)
      return numbers
        .sort((a, b) => a - b)
        .map(superscript)
        .join('·')
    }),
  )
}

const superscript = (number: number): string => [...String(number)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '').join('')

export interface Sentence {
  /** As written, with its keys. */
  readonly text: string
  /** The line it begins on, from 0 for the text's own first. */
  readonly line: number
  readonly keys: readonly string[]
  /** It begins a point that corrects the post, and nothing in that point names a source. */
  readonly bareCorrection: boolean
}

const correcting = /^#+\s+(정확히는|To be precise)\s*$/i

/** Every sentence outside code and headings. A sentence ends with its keys, which stand after its full stop. */
export function sentencesOf(markdown: string): Sentence[] {
  let correction = false
  return blocksOf(markdown).flatMap(({ text, line, item }) => {
    if (/^#+\s/.test(text)) {
      correction = correcting.test(text)
      return []
    }
    const bare = correction && item && keysIn(text).length === 0
    let at = 0
    // Parted after the full stop, what closes it (quotes, emphasis) and its keys.
    return text.split(/(?<=[.!?]["'”’)*_]*(?:\[\^[A-Za-z0-9-]+\])*)\s+/).flatMap((part, i) => {
      at = text.indexOf(part, at)
      const begins = line + (text.slice(0, at).match(/\n/g)?.length ?? 0)
      at += part.length
      if (part.trim() === '') return []
      return [{ text: part.trim(), line: begins, keys: keysIn(part), bareCorrection: bare && i === 0 }]
    })
  })
}

/** Paragraphs, list items and headings, without code; each with the line it begins on. */
function blocksOf(markdown: string): { text: string; line: number; item: boolean }[] {
  const blocks: { text: string; line: number; item: boolean }[] = []
  let open = false
  for (const [line, written] of prose(markdown).split('\n').entries()) {
    const starts = /^\s*(?:[-*+]|\d+\.)\s|^#/.test(written)
    const text = written.replace(/^\s*(?:(?:[-*+]|\d+\.)\s+|>\s?)/, '')
    const last = blocks.at(-1)
    if (written.trim() === '') open = false
    else if (open && !starts && last) last.text += `\n${text}`
    else {
      blocks.push({ text, line, item: starts && !written.startsWith('#') })
      open = !written.startsWith('#')
    }
  }
  return blocks
}

/** A year, a day, a version or a share: what nobody says without having it from somewhere. The club's own "1 %" is none. */
const figure = /\b(?:19|20)\d\d\b|\b\d+\.\d+|\d월\s*\d+일|(?<![\d.])(?!1\s?%)\d+\s?%/

export const givesFigure = (markdown: string): boolean => figure.test(withoutKeys(markdown))

/** True for a sentence that may not stand without a source. */
export function needsSource({ text, keys, bareCorrection }: Sentence): boolean {
  return bareCorrection || (keys.length === 0 && givesFigure(text))
}

const months = 'January February March April May June July August September October November December'.split(' ')
const monthName = new RegExp(`\\b(${months.join('|')})\\b`, 'g')

/** The figures of a text as both languages must have them: `2020년 12월 8일` and `8 December 2020` give the same. */
export function figuresIn(markdown: string): Set<string> {
  const text = withoutKeys(prose(markdown))
    // "May" is a month beside a number only.
    .replace(monthName, (month, _, at: number, all: string) =>
      month !== 'May' || /\d\s*$/.test(all.slice(0, at)) || /^\s*\d/.test(all.slice(at + 3)) ? ` ${months.indexOf(month) + 1} ` : month,
    )
    .replace(/(?<=\d),(?=\d{3}\b)/g, '')
    .replace(/(\d+(?:\.\d+)?)\s*만(?=\s*(?:명|개|건|번|달러|원))/g, (_, count: string) => ` ${Number(count) * 10_000} `)
    .replace(/(\d+(?:\.\d+)?)\s+million/g, (_, count: string) => ` ${Number(count) * 1_000_000} `)
  return new Set(text.match(/\d+(?:\.\d+)*/g) ?? [])
}

/** The text with its code blanked, so that every line keeps its number. */
function prose(markdown: string): string {
  return markdown.replace(code, (all) => all.replace(/[^\n]/g, ' '))
}

const code = /^```[\s\S]*?^```|`[^`\n]*`/gm

function outsideCode(markdown: string, change: (text: string) => string): string {
  let result = ''
  let from = 0
  for (const { 0: all, index } of markdown.matchAll(code)) {
    result += change(markdown.slice(from, index)) + all
    from = index + all.length
  }
  return result + change(markdown.slice(from))
}
