// Purpose: a text fitted into so many characters: cut where one sees it, never through a character, a time or a code block.

/** The text on one page or two of at most `page` characters, `room` in all, made of at most `most` of its own. */
export function pagesOf(text: string, page: number, room: number, most = room): string[] {
  const whole = cut(text, most)
  if (whole.length <= page) return [whole]
  const at = breakBefore(whole, page - fenceEnd.length)
  const head = whole.slice(0, at)
  const opening = openFence(head)
  if (opening === undefined) return [head.trimEnd(), whole.slice(at).trimStart()]
  // A code block that goes on overleaf ends on the first page and begins anew on the second.
  const added = fenceEnd.length + opening.length + 1
  if (whole.length + added > room) return pagesOf(text, page, room, room - added)
  return [`${head}${fenceEnd}`, `${opening}\n${whole.slice(at).replace(/^\n/, '')}`]
}

const fenceEnd = '\n```'

/** How the code block began that is still open at the end of a text. */
function openFence(text: string): string | undefined {
  const fences = text.match(/^```[\w+-]{0,20}/gm) ?? []
  return fences.length % 2 === 1 ? fences.at(-1) : undefined
}

/** Where a text can be parted before `max`: between two paragraphs, else two lines, outside of code if that can be, else anywhere. */
function breakBefore(text: string, max: number): number {
  for (const [mark, inCode] of [
    ['\n\n', false],
    ['\n', false],
    ['\n', true],
  ] as const) {
    for (let at = text.lastIndexOf(mark, max); at > max / 2; at = text.lastIndexOf(mark, at - 1))
      if (inCode || openFence(text.slice(0, at)) === undefined) return at
  }
  return intact(text.slice(0, max)).length
}

/** A beginning of a text without the half of a character, or of a time, that it was cut in. */
const intact = (head: string): string => head.replace(/[\ud800-\udbff]$/, '').replace(/<[^<>\s]{0,24}$/, '')

/** At most `max` characters; what is left out is counted where it was. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  // Room for the count, and for the end of a code block that was open.
  const head = intact(text.slice(0, Math.max(0, max - 16)))
  const line = head.lastIndexOf('\n')
  const kept = line > head.length / 2 ? head.slice(0, line) : head
  return `${kept}${openFence(kept) === undefined ? '' : fenceEnd} … +${text.length - kept.length}`
}
