// Purpose: how much of Discord's limits a drawn message takes. Pure.
import { ComponentType } from 'discord.js'
import type { Size } from '../../chat/fit.ts'
import { type Drawn, lengthOf } from './draw.ts'
import { attachmentDescription, buttons as buttonLimits, embed as embedLimits, message as messageLimits } from './limits.ts'

/** What there is of it, in reading order; of several of a kind the longest. */
export function sizesOf({ content = '', embeds = [], components = [], attachments = [] }: Drawn['body']): Size[] {
  const fields = embeds.flatMap((embed) => embed.fields ?? [])
  const buttons = components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap((one) => (one.type === ComponentType.Button ? [one] : []))
  const longest = (texts: readonly (string | null | undefined)[]) => Math.max(0, ...texts.map((text) => text?.length ?? 0))
  const sizes: Size[] = [
    ['content', content.length, messageLimits.content],
    ['author', longest(embeds.map(({ author }) => author?.name)), embedLimits.author],
    ['title', longest(embeds.map(({ title }) => title)), embedLimits.title],
    ...embeds.map(
      ({ description = '' }, i): Size => [
        i === 0 ? 'description' : `description of embed ${i + 1}`,
        description.length,
        embedLimits.description,
      ],
    ),
    ['fields', fields.length, embedLimits.fields],
    ['longest field name', longest(fields.map(({ name }) => name)), embedLimits.fieldName],
    ['longest field', longest(fields.map(({ value }) => value)), embedLimits.fieldValue],
    ['footer', longest(embeds.map(({ footer }) => footer?.text)), embedLimits.footer],
    ['embeds', embeds.reduce((sum, embed) => sum + lengthOf(embed) + (embed.description?.length ?? 0), 0), embedLimits.total],
    ['picture’s description', longest(attachments.map(({ description }) => description)), attachmentDescription],
    ['buttons', buttons.length, buttonLimits.rows * buttonLimits.inRow],
    ['longest label', longest(buttons.map((button) => ('label' in button ? button.label : ''))), buttonLimits.label],
    ['longest press', longest(buttons.map((button) => ('custom_id' in button ? button.custom_id : ''))), buttonLimits.customId],
  ]
  return sizes.filter(([, is]) => is > 0)
}
