// Purpose: a text fitted into so many characters: cut where one sees it, never through a sign, a timestamp or a code block.

/** Longest `… +N`, with the end of a code block before it. */
const countRoom = 16

const timestamp = /<t:\d+:\w>/g
const fences = /^```.*$/gm

/** The language line of the code block that is open at the end of a text, if one is. */
function openFence(text: string): string | undefined {
  const found = text.match(fences) ?? []
  return found.length % 2 === 1 ? found.at(-1) : undefined
}

/** The nearest place at or before `at` that parts no pair of surrogates, no joined emoji and no timestamp. */
function edgeBefore(text: string, at: number): number {
  for (const { index, 0: stamp } of text.matchAll(timestamp)) if (index < at && at < index + stamp.length) return index
  return /^[\udc00-\udfff]/.test(text.slice(at, at + 1)) ? at - 1 : at
}

/** At most `max` characters; how many were left out stands where they were. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const head = text.slice(0, edgeBefore(text, Math.max(0, max - countRoom)))
  const line = head.lastIndexOf('\n')
  const kept = line > head.length / 2 ? head.slice(0, line) : head
  return `${kept}${openFence(kept) === undefined ? '' : '\n```'} … +${text.length - kept.length}`.trimStart()
}

/** A text in one part, or, when it is longer than a part may be, in two of at most `max`; a code block across them is closed and opened anew. */
export function parts(text: string, max: number): string[] {
  if (text.length <= max) return [text]
  const at = breakBefore(text, max - '\n```'.length)
  const first = text.slice(0, at).trimEnd()
  const fence = openFence(first)
  const rest = text.slice(at).replace(/^\n+/, '')
  return fence === undefined ? [first, rest] : [`${first}\n\`\`\``, `${fence}\n${rest}`]
}

/** Where to part a text before `max`: between paragraphs outside of code, else between lines, else anywhere. */
function breakBefore(text: string, max: number): number {
  for (let at = text.lastIndexOf('\n\n', max); at > max / 2; at = text.lastIndexOf('\n\n', at - 1)) {
    if (openFence(text.slice(0, at)) === undefined) return at
  }
  const line = text.lastIndexOf('\n', max)
  return line > max / 2 ? line : edgeBefore(text, max)
}

/** Characters that `parts` may add to a text: the end of a code block, and its opening line again. */
export function partsOverhead(text: string): number {
  return '\n```\n'.length + Math.max(0, ...(text.match(fences) ?? []).map((fence) => fence.length))
}
