// Purpose: messages and forms as a person sees them, for assertions.
import type { APIAllowedMentions, APIEmbed, APIMessageTopLevelComponent } from 'discord.js'
import { flag, isRecord, type Json } from './wire.ts'
import { displayedTexts, type Interaction, type Message, type Pings } from './world.ts'

export interface SeenFile {
  readonly name: string
  readonly description: string | undefined
  readonly size: number
  readonly contentType: string
  readonly bytes: Buffer
}

/** A message at the moment of looking. */
export interface SeenMessage {
  readonly id: string
  readonly channelId: string
  readonly authorId: string
  readonly content: string
  readonly embeds: readonly APIEmbed[]
  readonly components: readonly APIMessageTopLevelComponent[]
  readonly flags: number
  readonly ephemeral: boolean
  /** It says no more than "thinking…". */
  readonly loading: boolean
  /** Every file of the message, also one that an embed shows. */
  readonly attachments: readonly SeenFile[]
  /** The labels of its buttons, in order. */
  readonly buttons: readonly string[]
  /** Content, titles, descriptions, fields, footers and displayed texts, a line each. */
  readonly text: string
  readonly edited: boolean
  readonly editedTimes: number
  readonly nonce: string | undefined
  readonly thread: { readonly id: string; readonly name: string } | undefined
  readonly allowedMentions: APIAllowedMentions | undefined
  readonly mentionsPinged: Pings
}

/** An input of a form. */
export interface SeenField {
  readonly customId: string
  readonly label: string
  readonly description: string | undefined
  readonly kind: 'short' | 'paragraph' | 'select'
  readonly required: boolean
  readonly value: string | undefined
  readonly placeholder: string | undefined
  readonly minLength: number
  readonly maxLength: number
  readonly options: readonly {
    readonly label: string
    readonly value: string
    readonly description: string | undefined
    readonly default: boolean
  }[]
}

/** A form on a person's screen. */
export interface SeenModal {
  readonly customId: string
  readonly title: string
  readonly fields: readonly SeenField[]
  /** The interaction that opened it. */
  readonly token: string
  readonly components: readonly Json[]
}

/** A pressable thing in a message. */
export interface FoundButton {
  readonly label: string
  readonly customId: string | undefined
  readonly url: string | undefined
  readonly disabled: boolean
  readonly id: number
}

export function seeMessage(message: Message): SeenMessage {
  return {
    id: message.id,
    channelId: message.channel.id,
    authorId: message.author.id,
    content: message.content,
    embeds: structuredClone(message.embeds),
    components: structuredClone(message.components),
    flags: message.flags,
    ephemeral: (message.flags & flag.ephemeral) !== 0,
    loading: (message.flags & flag.loading) !== 0,
    attachments: message.files.map(({ name, description, contentType, bytes }) => ({
      name,
      description,
      contentType,
      bytes,
      size: bytes.length,
    })),
    buttons: buttonsOf(message.components).map(({ label }) => label),
    text: [message.content, ...message.embeds.flatMap(embedTexts), ...displayedTexts(message.components)].filter(Boolean).join('\n'),
    edited: message.editedTimes > 0,
    editedTimes: message.editedTimes,
    nonce: message.nonce,
    thread: message.thread && { id: message.thread.id, name: message.thread.name },
    allowedMentions: message.allowedMentions,
    mentionsPinged: message.pings,
  }
}

function embedTexts({ author, title, description, fields, footer }: APIEmbed): string[] {
  const texts = [author?.name, title, description, ...(fields ?? []).flatMap(({ name, value }) => [name, value]), footer?.text]
  return texts.filter((text) => text !== undefined)
}

/** Every component of one of the types, wherever it is nested. */
export function partsOf(value: unknown, types: readonly number[]): Json[] {
  if (Array.isArray(value)) return value.flatMap((one) => partsOf(one, types))
  if (!isRecord(value)) return []
  const own = types.includes(value.type as number) ? [value] : []
  return [...own, ...[value.components, value.component, value.accessory].flatMap((inner) => partsOf(inner, types))]
}

export function buttonsOf(components: unknown): FoundButton[] {
  return partsOf(components, [2]).map((button) => {
    const emoji = isRecord(button.emoji) ? String(button.emoji.name ?? '') : ''
    return {
      label: typeof button.label === 'string' ? button.label : emoji,
      customId: optionalText(button.custom_id),
      url: optionalText(button.url),
      disabled: button.disabled === true,
      id: Number(button.id),
    }
  })
}

export function seeModal(interaction: Interaction, data: Json): SeenModal {
  const components = (data.components ?? []) as Json[]
  const fields = components.flatMap((part) => partsOf(part, [3, 4]).map((input) => seeField(part, input)))
  return { customId: String(data.custom_id), title: String(data.title), fields, token: interaction.token, components }
}

function seeField(frame: Json, input: Json): SeenField {
  const options = (Array.isArray(input.options) ? (input.options as Json[]) : []).map((option) => ({
    label: String(option.label),
    value: String(option.value),
    description: optionalText(option.description),
    default: option.default === true,
  }))
  return {
    customId: String(input.custom_id),
    label: String(input.label ?? frame.label),
    description: optionalText(frame.description),
    kind: input.type === 3 ? 'select' : input.style === 2 ? 'paragraph' : 'short',
    required: input.required !== false,
    value: optionalText(input.value),
    placeholder: optionalText(input.placeholder),
    minLength: Number(input.min_length ?? 0),
    maxLength: Number(input.max_length ?? 4000),
    options,
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
