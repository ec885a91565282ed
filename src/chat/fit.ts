// Purpose: a text fitted into so many characters: cut where one sees it, never through a character, a mark or a code block.

/** The beginning of a mark such as `<t:1700000000:F>` that a cut went through; rooms whose marks look otherwise say how. */
const halfMark = /<[^<>\s]{0,24}$/

/** The text on pages of at most `page` characters, `room` in all, made of at most `most` of its own. */
export function pagesOf(text: string, page: number, room: number, half = halfMark, most = room): string[] {
  const pages = split(cut(text, most, half), page, half)
  const over = pages.reduce((sum, one) => sum + one.length, 0) - room
  // A code block that goes on overleaf takes more room than it had.
  return over > 0 && most > over ? pagesOf(text, page, room, half, most - over) : pages
}

function split(text: string, page: number, half: RegExp): string[] {
  if (text.length <= page) return [text]
  // The count of what was left out is not parted.
  const count = text.search(countAtEnd)
  const at = Math.min(breakBefore(text, page - fenceEnd.length, half), count < 0 ? text.length : count)
  const head = text.slice(0, at)
  const opening = openFence(head)
  if (opening === undefined) return [head.trimEnd(), ...split(text.slice(at).trimStart(), page, half)]
  // The code block ends on this page and begins anew on the next.
  return [`${head}${fenceEnd}`, ...split(`${opening}\n${text.slice(at).replace(/^\n/, '')}`, page, half)]
}

const fenceEnd = '\n```'

/** How the code block began that is still open at the end of a text. */
function openFence(text: string): string | undefined {
  const fences = text.match(/^```[\w+-]{0,20}/gm) ?? []
  return fences.length % 2 === 1 ? fences.at(-1) : undefined
}

/** Where a text can be parted before `max`: between two paragraphs, else two lines, outside of code if that can be, else anywhere. */
function breakBefore(text: string, max: number, half: RegExp): number {
  for (const [mark, inCode] of [
    ['\n\n', false],
    ['\n', false],
    ['\n', true],
  ] as const) {
    for (let at = text.lastIndexOf(mark, max); at > max / 2; at = text.lastIndexOf(mark, at - 1))
      if (inCode || openFence(text.slice(0, at)) === undefined) return at
  }
  return intact(text.slice(0, max), half).length || max
}

const countAtEnd = /(?:^| )… \+(\d+)$/

/** How many characters `cut` left out of a text; 0 for a whole one. */
export const leftOut = (text: string): number => Number(countAtEnd.exec(text)?.[1] ?? 0)

/** How much of its room something takes, for an author to see: `['title', 31, 256]`. */
export type Size = readonly [what: string, is: number, max: number]

/** A beginning of a text without the half of a character, or of a mark, that it was cut in. */
const intact = (head: string, half: RegExp): string => head.replace(/[\ud800-\udbff]$/, '').replace(half, '')

/** At most `max` characters; what is left out is counted where it was. */
export function cut(text: string, max: number, half = halfMark): string {
  if (text.length <= max) return text
  // Room for the count, and for the end of a code block that was open.
  const head = intact(text.slice(0, Math.max(0, max - 16)), half)
  const line = head.lastIndexOf('\n')
  const kept = line > head.length / 2 ? head.slice(0, line) : head
  return `${kept}${openFence(kept) === undefined ? '' : fenceEnd} … +${text.length - kept.length}`
}
