// Purpose: a member says in one line what they studied today; the club keeps the streak, the member keeps the line.
import type { Card } from '../chat/card.ts'
import { text } from '../chat/fields.ts'
import { asMarkdown } from '../chat/plain.ts'
import { formatPressId } from '../chat/pressId.ts'
import { recordAct } from '../record.ts'
import { withEffect } from './effect.ts'
import { type Context, command, press } from './handler.ts'

const input = { note: text({ max: 300, askIfMissing: true, lines: true }) }

async function checkIn(context: Context, { note }: { note: string }): Promise<Card> {
  const { t, member } = context
  const card: Card = { title: t.checkin.title, text: quote(note) }
  if (member.appear === 'none') return withEffect(context, card, undefined)
  const effect = await recordAct(context, { kind: 'checkin', at: context.at, note })
  if (effect === 'already') throw new Error('a check-in has no question that could be answered already')
  return withEffect(
    context,
    { ...card, buttons: [{ label: t.share.noteButton, press: formatPressId('share', 'note', effect.act) }] },
    effect,
  )
}

/** A member's words as a Markdown quotation: nothing in them is markup. */
export function quote(note: string): string {
  return asMarkdown(note)
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}

export const checkin = command({ name: 'checkin', input, run: checkIn })

/** "One line", under a verdict. */
export const line = press({ name: 'line', input, run: (context, _, given) => checkIn(context, given) })
