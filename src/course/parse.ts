// Purpose: the Markdown of one lesson in one language -> what it says, or the problems that make it unusable. Pure; never throws.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { z } from 'zod'
import type { Locale } from '../text/locale.ts'
import { type LessonText, type Option, pictureParts, type Question } from './course.ts'
import { error, suggest } from './problem.ts'
import { id, keys, type LineOf, type Parsed, readYaml, text, whole } from './yaml.ts'

const frontShape = keys({
  id,
  title: text,
  hook: text,
  sections: z.array(text).prefault([]),
  requires: z.array(id).prefault([]),
  pictures: keys(Object.fromEntries(pictureParts.map((part) => [part, text.exactOptional()]))).prefault({}),
  map: z.array(keys({ from: text, link: text, to: text })).prefault([]),
})
type FrontMatter = z.infer<typeof frontShape>

/** A lesson as its file has it: with the keys of its sources in the text, and the keys of its sections. */
export interface WrittenLesson {
  readonly front: FrontMatter
  readonly text: Omit<LessonText, 'section'>
}

const headings = {
  ko: { more: '더 읽기', full: '본문', question: '질문' },
  en: { more: 'Read more', full: 'Full lesson', question: 'Question' },
} as const satisfies Record<Locale, Record<'more' | 'full' | 'question', string>>

type Block = ReturnType<typeof fromMarkdown>['children'][number]
type Item = Extract<Block, { type: 'list' }>['children'][number]

/** A part of the body: the nodes under one `##` heading, and their Markdown as it was written. */
interface Part {
  readonly heading: string | undefined
  readonly line: number
  readonly markdown: string
  readonly blocks: readonly Block[]
}

/** One lesson in one language: front matter, the channel part, then a `##` heading for each other part. */
export function parseLesson(source: string, file: string, locale: Locale): Parsed<WrittenLesson> {
  const lines = source.split('\n')
  if (lines[0]?.trimEnd() !== '---') {
    return unusable(file, 1, 'the lesson has no front matter; start the file with a line ---, the keys id, title, hook … and a line ---')
  }
  const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === '---')
  if (end < 0) return unusable(file, 1, 'the front matter is not closed; add a line --- after its last key')

  // The lines before each part are blanked, not cut, so that every line keeps its number.
  const yaml = readYaml(`\n${lines.slice(1, end).join('\n')}`, file)
  const front = whole(yaml, frontShape)
  const body = '\n'.repeat(end + 1) + lines.slice(end + 1).join('\n')
  const bodyLines = new Map<string, number>()
  const report = (line: number, message: string) => {
    yaml.problems.push(error(file, line, message))
  }

  const text = readBody(body, locale, bodyLines, report)
  const lineOf: LineOf = (...path) => bodyLines.get(path.join('.')) ?? yaml.lineOf(...path)
  const { problems } = yaml
  if (!front || !text || problems.length > 0) return { file, value: undefined, lineOf, problems }
  const { title, hook, map } = front
  return { file, value: { front, text: { title, hook, map, ...text } }, lineOf, problems }
}

function unusable(file: string, line: number, message: string): Parsed<never> {
  return { file, value: undefined, lineOf: () => line, problems: [error(file, line, message)] }
}

type Report = (line: number, message: string) => void

function readBody(body: string, locale: Locale, bodyLines: Map<string, number>, report: Report) {
  const names = headings[locale]
  const known: readonly string[] = Object.values(names)
  const [channel, ...parts] = partsOf(body, report)
  if (!channel) return undefined
  bodyLines.set('channel', channel.line)
  if (!channel.markdown) report(channel.line, `the part for the channel is empty; write it before "## ${names.more}"`)

  const bodyOf = (key: 'more' | 'full') => {
    const [part, again] = parts.filter(({ heading }) => heading === names[key])
    if (again) report(again.line, `"## ${names[key]}" is here twice; keep one`)
    if (!part) report(channel.line, `there is no "## ${names[key]}"; add that heading and its text`)
    else if (!part.markdown) report(part.line, `"## ${names[key]}" is empty; write its text`)
    bodyLines.set(key, part?.line ?? channel.line)
    return part?.markdown ?? ''
  }
  const more = bodyOf('more')
  const full = bodyOf('full')

  for (const { heading = '', line } of parts) {
    if (!known.includes(heading)) report(line, `no part of a lesson is called "## ${heading}"; ${suggest(heading, known)}`)
  }
  const asked = parts.filter(({ heading }) => heading === names.question)
  if (asked.length === 0) report(channel.line, `there is no question; add "## ${names.question}", a line of question and its options`)
  const questions = asked.map((part, i) => readQuestion(part, body, report, i, bodyLines))
  return { channel: channel.markdown, more, full, questions }
}

function partsOf(body: string, report: Report): Part[] {
  let blocks: Block[]
  try {
    blocks = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children
  } catch (cause) {
    report(1, `the Markdown cannot be read (${cause instanceof Error ? cause.message : cause}); write it more simply`)
    return []
  }
  const starts = blocks.flatMap((block, i) => (block.type === 'heading' && block.depth === 2 ? [i] : []))
  return [-1, ...starts].map((start, n) => {
    const heading = blocks[start]
    const next = starts[n]
    const inside = blocks.slice(start + 1, next)
    const markdown = body.slice(heading ? endOf(heading) : 0, next === undefined ? undefined : startOf(blocks[next]))
    return {
      heading:
        heading &&
        sliceOf(body, heading)
          .replace(/^#+|\s#+$|\n.*$/g, '')
          .trim(),
      line: lineOfNode(heading ?? inside[0] ?? blocks[next ?? -1]) ?? body.split('\n').length,
      markdown: markdown.replace(/^\s*\n/, '').trimEnd(),
      blocks: inside,
    }
  })
}

function readQuestion(part: Part, body: string, report: Report, index: number, bodyLines: Map<string, number>): Question {
  bodyLines.set(`questions.${index}`, part.line)
  const [asked, options, stray] = part.blocks
  const text = asked?.type === 'paragraph' ? oneLine(sliceOf(body, asked)) : ''
  const nothing = { text, options: [] }
  if (!text) {
    report(part.line, 'there is no line of question under this heading; write it before the options')
    return nothing
  }
  if (options?.type !== 'list') {
    report(
      lineOfNode(options) ?? part.line,
      'the question has no options; write 2 to 4 of them as "- [ ] …", and the right one as "- [x] …"',
    )
    return nothing
  }
  if (stray) {
    const remedy =
      stray.type === 'blockquote'
        ? 'this remark stands outside its option; put two spaces before the >'
        : 'a question is one line and one list of options; move the rest to another part, and begin every option with the same sign'
    report(lineOfNode(stray) ?? part.line, remedy)
    return nothing
  }
  const read = options.children.map((item, i) => {
    bodyLines.set(`questions.${index}.options.${i}`, lineOfNode(item) ?? part.line)
    return readOption(item, body, report)
  })
  if (read.length < 2 || read.length > 4)
    report(part.line, `the question has ${read.length} option${read.length === 1 ? '' : 's'}; write 2 to 4`)
  const right = options.children.filter((item) => item.checked)
  if (right.length === 0) report(part.line, 'no answer is marked [x]; mark the right one')
  if (right.length > 1) {
    report(
      lineOfNode(right[1]) ?? part.line,
      `${['two', 'three', 'four'][right.length - 2] ?? right.length} answers are marked [x]; leave exactly one`,
    )
  }
  return { text, options: read }
}

function readOption(item: Item, body: string, report: Report): Option {
  const line = lineOfNode(item) ?? 1
  const [first, quote, ...rest] = item.children
  const text = first?.type === 'paragraph' ? oneLine(sliceOf(body, first).replace(/^\[[ \t\nxX]\]/, '')) : ''
  const remark = quote?.type === 'blockquote' ? innerOf(body, quote.children) : ''
  if (typeof item.checked !== 'boolean') report(line, 'this line is not an option; begin it with "- [ ] " or "- [x] " and its text')
  else if (!text) report(line, 'this option has no text; write one line of it')
  else if (!remark) report(line, 'this option has no remark; write under it "  > " and why it is right or wrong')
  else if (rest.length > 0) report(lineOfNode(rest[0]) ?? line, 'an option is one line and one remark; join the rest to the remark with >')
  return { text, right: item.checked === true, remark }
}

/** The Markdown inside a quotation, without its `>` signs. */
function innerOf(body: string, blocks: readonly Block[]): string {
  const inner = body.slice(startOf(blocks[0]), endOf(blocks.at(-1)))
  return inner.replace(/\n[ \t]*>?[ \t]?/g, '\n').trim()
}

function oneLine(markdown: string): string {
  return markdown.replace(/\s+/g, ' ').trim()
}

function sliceOf(body: string, block: Block): string {
  return body.slice(startOf(block), endOf(block))
}

// Nodes that come from a parse always have positions; the types leave room for those that do not.
function startOf(block: Block | undefined): number {
  return block?.position?.start.offset ?? 0
}

function endOf(block: Block | undefined): number {
  return block?.position?.end.offset ?? 0
}

function lineOfNode(block: Block | Item | undefined): number | undefined {
  return block?.position?.start.line
}
