// Purpose: what people write, as others can be shown it: what is not seen, turns a line around or grows out of it is left out.

/** How an emoji is put together: of several by joiners, with a colour of skin or a selector; a flag by tags; a key by its cap. */
const emoji = [
  String.raw`[0-9#*]\ufe0f?\u20e3`,
  String.raw`\u{1f3f4}[\u{e0020}-\u{e007e}]{1,16}\u{e007f}`,
  String.raw`\p{ExtPict}[\ufe0e\ufe0f]?\p{EMod}?(?:\u200d\p{ExtPict}[\ufe0e\ufe0f]?\p{EMod}?)*`,
]

/** What is not seen by itself and yet changes a letter beside it. */
const shaping = [
  // A selector of one form of the sign before it.
  String.raw`(?<=[^\s\p{DI}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{sc=Mong})[\u180b-\u180d\u180f]`,
  // Persian and the scripts of India are not written without these two; between Latin letters they only make one name look like another.
  String.raw`(?<=[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{M}])[\u200c\u200d](?=[\p{L}\p{M}])`,
  // The empty first and middle part of a Hangul syllable that is written in pieces.
  String.raw`\u115f(?=[\u1161-\u11a7\ud7b0-\ud7c6])|(?<=[\u1100-\u115e\ua960-\ua97c])\u1160`,
]

/**
 * Zero-width signs, fillers, marks of direction, tags, annotations: `\p{DI}` is Unicode's Default_Ignorable_Code_Point. What is to stay is
 * matched first.
 */
const unseen = new RegExp(`(${[...emoji, ...shaping].join('|')})|[\\p{DI}\\ufff9-\\ufffb]`, 'gu')
/** Most texts have nothing of it, and looking closely takes longer than everything else. */
const mayBeUnseen = /[\p{DI}\ufff9-\ufffb]/u

/** Marks above and below one letter: no language needs more, and a tower of them grows over the lines around. */
const tower = /(\p{M}{4})\p{M}+/gu

/** Not only takes room, but shows something. */
const visible = /[^\s\p{DI}\p{M}\p{Cf}\p{Z}\u2800]/u

/** Lines of a text at most: a message is not to fill everybody's screen. */
const linesMax = 12

/** Composed (NFC). Towers are cut before: a text of nothing but marks takes the square of its length to compose. */
export const composed = (text: string): string => text.replaceAll(tower, '$1').normalize('NFC')

export const isBlank = (text: string): boolean => !visible.test(text)

/** One line; empty when nothing of it would be seen. */
export function plainLine(text: string): string {
  const line = composed(mayBeUnseen.test(text) ? text.replaceAll(unseen, '$1') : text)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^\p{M}+/u, '')
  return isBlank(line) ? '' : line
}

/** As `plainLine`, with line breaks: an empty line between two at most, and of twelve lines those beyond are one. */
export function plainLines(text: string): string {
  const lines = text.split(/\r\n?|[\n\u2028\u2029]/).map(plainLine)
  const kept = lines.filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== ''))
  while (kept.at(-1) === '') kept.pop()
  if (kept[0] === '') kept.shift()
  if (kept.length <= linesMax) return kept.join('\n')
  const rest = kept.slice(linesMax - 1).filter((line) => line !== '')
  return [...kept.slice(0, linesMax - 1), rest.join(' ')].join('\n')
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The code units of the longest signs: families and kisses of people of several colours. */
export const unitsOfSign = 20

/**
 * Signs as one sees them: a flag or a family counts once. At most `max` for a text within it. Where a text has so many code units that it is
 * not within it, or is made to look shorter than it is, its code points.
 */
export function lengthOf(text: string, max: number): number {
  // Counting signs takes long, and where there is room for all units there is room for all signs.
  if (text.length <= max) return text.length
  if (text.length > max * unitsOfSign) return [...text].length
  return [...graphemes.segment(text)].length
}

/** The first signs of a text. */
export function firstOf(text: string, count: number): string {
  if (text.length <= count) return text
  const bounded = text.slice(0, count * unitsOfSign)
  let left = count
  for (const { index } of graphemes.segment(bounded)) if (left-- === 0) return bounded.slice(0, index)
  return bounded.toWellFormed()
}

/** The beginning of something that was typed, to be told back. */
export function echo(typed: string): string {
  return firstOf(
    plainLine(
      typed
        .slice(0, 1000)
        .toWellFormed()
        .replaceAll(/[\p{Cc}\ufffe\uffff]+/gu, ' '),
    ),
    40,
  )
}

/** Text as Markdown that shows just this: nothing in it is markup, a mention, or the beginning of a list, a heading or a rule. */
export function asMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_~[\]<>#|!@&]/g, '\\$&')
    .replaceAll(/^(?:([-+=]|:(?=-))|(\d{1,9})([.)])(?=\s|$))/gm, (_, sign?: string, number?: string, dot?: string) =>
      sign ? `\\${sign}` : `${number}\\${dot}`,
    )
}
