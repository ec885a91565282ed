// Purpose: how much of Slack's limits a drawn message takes. Pure.
import type { Size } from '../../chat/fit.ts'
import { type Drawn, sizeOf } from './draw.ts'
import { blocks as blockLimits, button as buttonLimits, text as longestText, messageTotal } from './limits.ts'

/** What there is of it, in reading order; of several of a kind the longest. */
export function sizesOf({ text, blocks }: Pick<Drawn, 'text' | 'blocks'>): Size[] {
  const fields = blocks.map((block) => (block.type === 'section' ? (block.fields ?? []) : []))
  const rows = blocks.map((block) => (block.type === 'actions' ? block.elements : []))
  const buttons = rows.flat().flatMap((one) => (one.type === 'button' ? [one] : []))
  const longest = (texts: readonly (string | undefined)[]) => Math.max(0, ...texts.map((one) => one?.length ?? 0))
  const most = (lists: readonly (readonly unknown[])[]) => Math.max(0, ...lists.map(({ length }) => length))
  const sizes: Size[] = [
    ['text', text.length, longestText],
    ['blocks', blocks.length, blockLimits.message],
    ['header', longest(blocks.map((block) => (block.type === 'header' ? block.text.text : ''))), blockLimits.header],
    ['longest section', longest(blocks.map((block) => (block.type === 'section' ? block.text?.text : ''))), blockLimits.section],
    ['fields in a section', most(fields), blockLimits.fields],
    ['longest field', longest(fields.flat().map((field) => field.text)), blockLimits.field],
    ['picture’s description', longest(blocks.map((block) => (block.type === 'image' ? block.alt_text : ''))), blockLimits.alt],
    [
      'longest context',
      longest(
        blocks
          .flatMap((block) => (block.type === 'context' ? block.elements : []))
          .map((element) => (element.type === 'mrkdwn' ? element.text : '')),
      ),
      blockLimits.context,
    ],
    ['all blocks', sizeOf(blocks), messageTotal],
    ['buttons in a row', most(rows), blockLimits.actions],
    ['longest label', longest(buttons.map((button) => button.text.text)), buttonLimits.label],
    ['longest press', longest(buttons.map((button) => button.action_id)), buttonLimits.actionId],
  ]
  return sizes.filter(([, is]) => is > 0)
}
