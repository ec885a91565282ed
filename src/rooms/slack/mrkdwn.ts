// Purpose: our Markdown as Slack's mrkdwn. Pure. Everything that is not our own markup is escaped, so that nothing in it pings or links.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { showTimes } from '../../chat/time.ts'
import { plainBlocks } from './plainBlocks.ts'

export type Block = ReturnType<typeof fromMarkdown>['children'][number]
type ChildOf<T extends Block['type']> = Extract<Block, { type: T; children: unknown[] }>['children'][number]
export type Phrase = ChildOf<'paragraph'>

/** How a command is typed here, for `/name` in code: `/1p today` for `/today`. */
export type TypedAs = (command: string) => string

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Text as it is, with each instant in its reader's own zone. Slack has no mark for how far away it is. */
export function words(text: string): string {
  return showTimes(escaped(text), (at, fallback) => `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${fallback}>`)
}

/** A mark, an entity or a link that a cut went through: here `<` and `&` are never literal. */
export const halfMark = /(?:<[^<>]*|&[a-z]*)$/

const extensions = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }
export const parsed = (markdown: string): Block[] => fromMarkdown(markdown, extensions).children

/** Markdown as mrkdwn, its parts with a line between them. */
export function mrkdwn(markdown: string, typedAs: TypedAs): string {
  return (plainBlocks(markdown) ?? parsed(markdown)).map((node) => block(node, typedAs)).join('\n\n')
}

/** As `mrkdwn`, for what goes to every workspace in the same words: it is parsed for the first. The oldest is forgotten. */
export function mrkdwnOnce(markdown: string, typedAs: TypedAs): string {
  const drawn = once.get(typedAs) ?? new Map<string, string>()
  once.set(typedAs, drawn)
  const text = drawn.get(markdown) ?? mrkdwn(markdown, typedAs)
  drawn.delete(markdown)
  drawn.set(markdown, text)
  const [oldest] = drawn.keys()
  if (drawn.size > drawnMost && oldest !== undefined) drawn.delete(oldest)
  return text
}
const once = new WeakMap<TypedAs, Map<string, string>>()
const drawnMost = 100

function block(node: Block, typedAs: TypedAs): string {
  switch (node.type) {
    case 'paragraph':
      return inline(node.children, typedAs)
    case 'heading':
      return `*${inline(node.children, typedAs, true)}*`
    case 'code':
      return `\`\`\`\n${escaped(node.value)}\n\`\`\``
    case 'blockquote':
      return quoted(node.children.map((child) => block(child, typedAs)).join('\n\n'), '> ', '> ')
    case 'list':
      return node.children.map((item, i) => listItem(item, node.ordered ? `${(node.start ?? 1) + i}. ` : '• ', typedAs)).join('\n')
    case 'table':
      return node.children.map((row, i) => tableRow(row, i === 0, typedAs)).join('\n')
    case 'thematicBreak':
      return '———'
    case 'html':
      return escaped(node.value)
    default:
      return 'children' in node
        ? node.children.map((child) => block(child, typedAs)).join('\n')
        : 'value' in node
          ? escaped(node.value)
          : ''
  }
}

const quoted = (text: string, first: string, others: string): string =>
  text
    .split('\n')
    .map((line, i) => `${i === 0 ? first : others}${line}`)
    .join('\n')

function listItem(item: ChildOf<'list'>, mark: string, typedAs: TypedAs): string {
  const box = item.checked === true ? '☑ ' : item.checked === false ? '☐ ' : ''
  return quoted(item.children.map((child) => block(child, typedAs)).join('\n'), `${mark}${box}`, '    ')
}

function tableRow({ children }: ChildOf<'table'>, isHead: boolean, typedAs: TypedAs): string {
  const cells = children.map((cell) => inline(cell.children, typedAs, isHead))
  return cells.map((cell) => (isHead && cell !== '' ? `*${cell}*` : cell)).join(' | ')
}

const isLetter = /[\p{L}\p{N}]/u

/**
 * Slack reads `*` and its like as markup only beside a space or a sign. Korean puts a particle right behind the word, so a zero-width space
 * goes between.
 */
function inline(nodes: readonly Phrase[], typedAs: TypedAs, isBold = false): string {
  let text = ''
  let wasMarked = false
  for (const node of nodes) {
    const { shown, marked } = phrase(node, typedAs, isBold)
    const touches = (marked && isLetter.test(text.slice(-1))) || (wasMarked && isLetter.test(shown.slice(0, 1)))
    text += `${touches ? '\u200b' : ''}${shown}`
    wasMarked = marked
  }
  return text
}

function phrase(node: Phrase, typedAs: TypedAs, isBold: boolean): { shown: string; marked: boolean } {
  const plain = (shown: string) => ({ shown, marked: false })
  const within = (mark: string, shown: string) => (shown.trim() === '' ? plain(shown) : { shown: `${mark}${shown}${mark}`, marked: true })
  switch (node.type) {
    case 'text':
      // Slack has no way to escape the fence of a block of code; emphasis it cannot either, and that stays in its line.
      return plain(words(node.value).replaceAll('```', 'ˋˋˋ'))
    case 'strong':
      return isBold ? plain(inline(node.children, typedAs, true)) : within('*', inline(node.children, typedAs, true))
    case 'emphasis':
      return within('_', inline(node.children, typedAs, isBold))
    case 'delete':
      return within('~', inline(node.children, typedAs, isBold))
    case 'inlineCode':
      // A code that holds the mark itself would open a block.
      return within('`', escaped(typedAs(node.value)).replaceAll('`', 'ˋ'))
    case 'break':
      return plain('\n')
    case 'link': {
      const url = linkOf(node.url)
      const isLink = /^(?:https?:\/\/|mailto:)/.test(url) && url.length <= longestLink
      return plain(isLink ? `<${url}|${escaped(showTimes(textOf(node)))}>` : inline(node.children, typedAs, isBold))
    }
    case 'image':
      return plain(words(node.alt ?? ''))
    default:
      return plain('children' in node ? inline(node.children, typedAs, isBold) : 'value' in node ? escaped(node.value) : '')
  }
}

/** A longer address is no help to anybody, and a section could not hold it. */
const longestLink = 1000

/** The words alone: inside of a link there are no marks. */
const textOf = (node: Phrase): string => ('children' in node ? node.children.map(textOf).join('') : 'value' in node ? node.value : '')

/** An address inside `<…|…>`: what would end it is percent-encoded. */
const linkOf = (url: string): string => url.replaceAll('&', '&amp;').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C')
