// Purpose: a card, a refusal or a form as Discord's JSON. Pure; pictures and files are named here and filled in when it is sent.
import { createHash } from 'node:crypto'
import type { APIModalInteractionResponseCallbackData, RESTPostAPIChannelMessageJSONBody } from 'discord.js'
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  TextInputStyle,
} from 'discord.js'
import type { Button, Card, CardField } from '../../chat/card.ts'
import { cut, pagesOf } from '../../chat/fit.ts'
import type { Picture } from '../../chat/picture.ts'
import type { Form, FormField } from '../../chat/room.ts'
import { showTimes } from '../../chat/time.ts'
import {
  attachmentDescription,
  buttons as buttonLimits,
  embed as embedLimits,
  message as messageLimits,
  modal,
  threadName,
} from './limits.ts'

type Body = Pick<RESTPostAPIChannelMessageJSONBody, 'content' | 'embeds' | 'components' | 'attachments' | 'allowed_mentions'> & {
  flags?: MessageFlags.Ephemeral
}

/** A file to be sent with a message: a picture that is still to be drawn, or text as it is. */
export type DrawnFile = { readonly name: string; readonly picture: Picture } | { readonly name: string; readonly text: string }

export interface Drawn {
  readonly body: Body
  readonly files: readonly DrawnFile[]
}

/** The colour of the cards' edge: the accent of the pictures. */
const accent = 0x2f8552

/** A post in the channel. The hook is what a lock screen shows; nobody is called but the holders of `mention`. */
export function drawPost(card: Card, { by, mention }: { readonly by?: string; readonly mention?: string } = {}): Drawn {
  const { body, files } = drawCard(card, by)
  const call = mention === undefined ? '' : `<@&${mention}>`
  const hook = cut(showTimes(card.hook ?? card.title ?? ''), messageLimits.content - call.length - 1)
  return {
    body: {
      ...body,
      content: [hook, call].filter((word) => word !== '').join(' '),
      allowed_mentions: { parse: [], ...(mention && { roles: [mention] }) },
    },
    files,
  }
}

/** An answer that only its receiver sees. */
export function drawPrivate(card: Card): Drawn {
  const { body, files } = drawCard(card)
  return { body: { ...body, content: '', flags: MessageFlags.Ephemeral }, files }
}

/** A refusal, or another word to one person. */
export function drawWords(words: string, buttons: readonly Button[] = []): Drawn {
  return {
    body: {
      content: cut(showTimes(words, asTimestamp), messageLimits.content),
      embeds: [],
      components: rowsOf(buttons),
      attachments: [],
      allowed_mentions: { parse: [] },
      flags: MessageFlags.Ephemeral,
    },
    files: [],
  }
}

function drawCard(card: Card, by?: string): Drawn {
  const { title, text, fields = [], image, file, buttons = [], footer } = card
  const files: DrawnFile[] = [
    ...(image ? [{ name: 'picture.png', picture: image.picture }] : []),
    ...(file ? [{ name: file.name, text: file.text }] : []),
  ]
  const frame: APIEmbed = {
    ...(title?.trim() && { title: cut(showTimes(title), embedLimits.title) }),
    ...(by?.trim() && { author: { name: cut(by, embedLimits.author) } }),
    ...(image && { image: { url: 'attachment://picture.png' } }),
    ...(footer?.trim() && { footer: { text: cut(showTimes(footer), embedLimits.footer) } }),
  }
  return {
    body: {
      embeds: fill(frame, fields.map(drawEmbedField), markdown(text)).map((embed) => ({ ...embed, color: accent })),
      components: rowsOf(buttons),
      attachments: files.map(({ name }, id) => ({
        id: String(id),
        filename: name,
        ...(image && id === 0 && { description: cut(image.alt, attachmentDescription) }),
      })),
      allowed_mentions: { parse: [] },
    },
    files,
  }
}

/** Our Markdown as Discord's: it knows three depths of headings, and shows an instant in each reader's own zone. Code stays as it is. */
function markdown(text: string): string {
  return showTimes(text, asTimestamp).replaceAll(/^```[\s\S]*?^```|^#{4,6}[ \t]+(\S.*)$/gm, (all, heading?: string) =>
    heading === undefined ? all : `**${heading}**`,
  )
}

const asTimestamp = (at: number): string => `<t:${Math.floor(at / 1000)}:F> (<t:${Math.floor(at / 1000)}:R>)`

type EmbedField = NonNullable<APIEmbed['fields']>[number]

function drawEmbedField({ name, value }: CardField): EmbedField {
  const orDash = (text: string) => (text.trim() === '' ? '–' : text)
  return {
    name: orDash(cut(showTimes(name), embedLimits.fieldName)),
    value: orDash(cut(showTimes(value, asTimestamp), embedLimits.fieldValue)),
  }
}

/** So much of a text is always shown: enough to say how much of it is not. */
const leastText = 64

/** The frame with its fields and the text, and in a second embed what of the text the first cannot hold. What neither can is counted. */
function fill(frame: APIEmbed, fields: readonly EmbedField[], text: string): APIEmbed[] {
  const shown = fitting(fields, embedLimits.total - lengthOf(frame) - Math.min(text.length, leastText))
  const whole = { ...frame, ...(shown.length > 0 && { fields: shown }) }
  const [first, second] = pagesOf(text, embedLimits.description, embedLimits.total - lengthOf(whole))
  if (second === undefined) return [{ ...whole, ...(first && { description: first }) }]
  const { title, author, ...rest } = whole
  return [
    { ...(title && { title }), ...(author && { author }), description: first ?? '' },
    { ...rest, description: second },
  ]
}

/** The first fields that an embed holds in so many characters, and how many more there are. */
function fitting(fields: readonly EmbedField[], room: number): EmbedField[] {
  if (fields.length <= embedLimits.fields && lengthOf({ fields: [...fields] }) <= room) return [...fields]
  for (let kept = Math.min(fields.length, embedLimits.fields) - 1; kept > 0; kept--) {
    const shown = [...fields.slice(0, kept), { name: '…', value: `+${fields.length - kept}` }]
    if (lengthOf({ fields: shown }) <= room) return shown
  }
  return [{ name: '…', value: `+${fields.length}` }]
}

/** The characters that Discord counts against an embed, but for its description. */
export function lengthOf({ title = '', fields = [], footer, author }: APIEmbed): number {
  const inFields = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  return title.length + inFields + (footer?.text.length ?? 0) + (author?.name.length ?? 0)
}

/** Neutral buttons, five a row. Throws RangeError for more than a message holds: a mistake of the feature, not of a member. */
function rowsOf(buttons: readonly Button[]): APIActionRowComponent<APIButtonComponent>[] {
  const own = [...new Map(buttons.map((button) => ['press' in button ? button.press : button.href, button])).values()]
  const most = buttonLimits.rows * buttonLimits.inRow
  if (own.length > most) throw new RangeError(`${own.length} buttons, a message holds ${most}: ${own.map(({ label }) => label).join(', ')}`)
  const rows: APIActionRowComponent<APIButtonComponent>[] = []
  for (let i = 0; i < own.length; i += buttonLimits.inRow) {
    rows.push({ type: ComponentType.ActionRow, components: own.slice(i, i + buttonLimits.inRow).map(drawButton) })
  }
  return rows
}

function drawButton(button: Button): APIButtonComponent {
  const label = cut(button.label, buttonLimits.label)
  if ('href' in button) return { type: ComponentType.Button, style: ButtonStyle.Link, label, url: button.href }
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id: button.press }
}

/** A form as a modal; what is sent in comes back under the form's `submit`. */
export function drawForm({ title, fields, submit }: Omit<Form, 'button'>): APIModalInteractionResponseCallbackData {
  if (fields.length > modal.components)
    throw new RangeError(`a form of ${fields.length} fields, a modal holds ${modal.components}: ${submit}`)
  return { custom_id: submit, title: cut(title, modal.title), components: fields.map(drawField) }
}

function drawField(field: FormField): APIModalInteractionResponseCallbackData['components'][number] {
  const label = cut(field.label, modal.label)
  const description = field.description && cut(field.description, modal.description)
  if (field.type === 'choice') {
    const options = field.choices ?? []
    if (options.length > modal.options) throw new RangeError(`${options.length} choices for ${field.name}, a modal shows ${modal.options}`)
    return {
      type: ComponentType.Label,
      label,
      ...(description && { description }),
      component: {
        type: ComponentType.StringSelect,
        custom_id: field.name,
        required: field.required,
        options: options.map((option) => ({ label: cut(option.label, modal.optionLabel), value: option.value })),
      },
    }
  }
  return {
    type: ComponentType.Label,
    label,
    ...(description && { description }),
    component: {
      type: ComponentType.TextInput,
      custom_id: field.name,
      style: field.type === 'paragraph' ? TextInputStyle.Paragraph : TextInputStyle.Short,
      required: field.required,
      max_length: Math.min(field.max ?? modal.text, modal.text),
    },
  }
}

/** The name of the thread under a lesson. */
export function drawThreadName(title: string): string {
  return cut(showTimes(title), threadName)
}

/** The same post, the same nonce: that is how Discord knows it again. */
export function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, messageLimits.nonce)
}
