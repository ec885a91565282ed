// Purpose: messages and views as a person sees them, for assertions.
import { pingsOf } from './check.ts'
import { isRecord, type Json, type Message, type View, type World } from './world.ts'

export interface SeenImage {
  readonly alt: string
  readonly fileId: string
  readonly bytes: Buffer
}

/** A message at the moment of looking. */
export interface SeenMessage {
  /** Its ts. */
  readonly id: string
  readonly channelId: string
  readonly teamId: string
  readonly userId: string
  readonly text: string
  readonly blocks: readonly Json[]
  readonly ephemeral: boolean
  /** The labels of its buttons, in order. */
  readonly buttons: readonly string[]
  /** All texts in its blocks, a line each; without blocks its own text. */
  readonly words: string
  readonly pinged: ReturnType<typeof pingsOf>
  readonly images: readonly SeenImage[]
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[]
  readonly metadata: Json | undefined
  readonly editedTimes: number
  readonly gone?: true
}

/** An input of a form. */
export interface SeenField {
  readonly blockId: string
  readonly label: string
  readonly hint: string | undefined
  readonly kind: 'text' | 'paragraph' | 'select'
  readonly required: boolean
  readonly maxLength: number | undefined
  readonly options: readonly { readonly label: string; readonly value: string }[]
}

export interface SeenView {
  readonly id: string
  readonly kind: 'home' | 'modal'
  readonly title: string
  readonly blocks: readonly Json[]
  readonly buttons: readonly string[]
  readonly words: string
  readonly images: readonly SeenImage[]
  readonly fields: readonly SeenField[]
  readonly privateMetadata: string
  readonly callbackId: string
  readonly hash: string
}

export const textOf = (value: unknown): string => (isRecord(value) && typeof value.text === 'string' ? value.text : '')

/** Every part of blocks, however deep, in the order of reading. */
function partsOf(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(partsOf)
  return isRecord(value) ? [value, ...Object.values(value).flatMap(partsOf)] : []
}

export interface Button {
  readonly label: string
  readonly blockId: string
  readonly element: Json
}

export const buttonsOf = (blocks: readonly Json[]): Button[] =>
  blocks.flatMap((block) =>
    partsOf(block)
      .filter(({ type }) => type === 'button')
      .map((element) => ({ label: textOf(element.text), blockId: String(block.block_id), element })),
  )

const wordsOf = (blocks: readonly Json[]): string =>
  partsOf(blocks)
    .flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
    .join('\n')

const imagesOf = (world: World, blocks: readonly Json[]): SeenImage[] =>
  partsOf(blocks).flatMap(({ type, slack_file: file, alt_text: alt }) => {
    if (type !== 'image' || !isRecord(file)) return []
    const fileId = String(file.id)
    return [{ alt: String(alt), fileId, bytes: world.files.get(fileId)?.bytes ?? Buffer.alloc(0) }]
  })

export function seeMessage(world: World, message: Message): SeenMessage {
  const { ts, channel, teamId, userId, text, blocks, to, fileIds, metadata, editedTimes, gone } = message
  return {
    id: ts,
    channelId: channel.id,
    teamId,
    userId,
    text,
    blocks: structuredClone(blocks),
    ephemeral: to !== undefined,
    buttons: buttonsOf(blocks).map(({ label }) => label),
    words: blocks.length > 0 ? wordsOf(blocks) : text,
    pinged: pingsOf({ text, blocks }),
    images: imagesOf(world, blocks),
    files: fileIds.flatMap((id) => {
      const file = world.files.get(id)
      return file && !file.deleted ? [{ name: file.name, bytes: file.bytes ?? Buffer.alloc(0) }] : []
    }),
    metadata,
    editedTimes,
    ...(gone && { gone }),
  }
}

function seeField(block: Json): SeenField[] {
  const { element } = block
  if (block.type !== 'input' || !isRecord(element)) return []
  const options = Array.isArray(element.options) ? element.options.filter(isRecord) : []
  return [
    {
      blockId: String(block.block_id),
      label: textOf(block.label),
      hint: isRecord(block.hint) ? textOf(block.hint) : undefined,
      kind: element.type === 'static_select' ? 'select' : element.multiline === true ? 'paragraph' : 'text',
      required: block.optional !== true,
      maxLength: typeof element.max_length === 'number' ? element.max_length : undefined,
      options: options.map((option) => ({ label: textOf(option.text), value: String(option.value) })),
    },
  ]
}

export function seeView(world: World, { id, kind, body, hash }: View): SeenView {
  const blocks = Array.isArray(body.blocks) ? body.blocks.filter(isRecord) : []
  return {
    id,
    kind,
    title: textOf(body.title),
    blocks: structuredClone(blocks),
    buttons: buttonsOf(blocks).map(({ label }) => label),
    words: wordsOf(blocks),
    images: imagesOf(world, blocks),
    fields: blocks.flatMap(seeField),
    privateMetadata: typeof body.private_metadata === 'string' ? body.private_metadata : '',
    callbackId: typeof body.callback_id === 'string' ? body.callback_id : '',
    hash,
  }
}
