// Purpose: the rules of answering an interaction: one first answer within three seconds, then edits and follow-ups for 15 minutes.
import { checkChoices, checkModal, refuseField } from './check.ts'
import { flag, isRecord, type Json, refusals } from './wire.ts'
import type { Interaction, Message, MessageBody, Upload, World } from './world.ts'

const firstAnswerMs = 3000
const lifeMs = 15 * 60_000

const answer = { message: 4, deferredMessage: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const

/** Takes the first answer of the bot, whichever way it came. */
export function acknowledge(world: World, interaction: Interaction, body: unknown, uploads: readonly Upload[]): void {
  if (interaction.first) throw refusals.alreadyAnswered()
  if (world.now() - interaction.createdAt > firstAnswerMs) throw refusals.unknownInteraction()
  const { type, data } = isRecord(body) ? body : {}
  const allowed = allowedAnswers(interaction)
  if (typeof type !== 'number' || !allowed.includes(type)) {
    refuseField('type', 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`)
  }
  const message = (isRecord(data) ? data : {}) as MessageBody
  if (type === answer.message) {
    interaction.original = world.respond(interaction, message, uploads)
  } else if (type === answer.deferredMessage) {
    interaction.original = world.think(interaction, (message.flags ?? 0) & (flag.ephemeral | flag.componentsV2))
  } else if (type === answer.deferredUpdate) {
    interaction.original = interaction.source
  } else if (type === answer.update && interaction.source) {
    if (interaction.source.deleted) throw refusals.unknownMessage()
    world.edit(interaction.source, message, uploads)
    interaction.original = interaction.source
  } else if (type === answer.choices) {
    checkChoices(body)
    interaction.choices = (data as { choices: Json[] }).choices
  } else {
    checkModal(body)
    interaction.modal = data as Json
  }
  interaction.first = { type, at: world.now() }
}

function allowedAnswers({ type, source }: Interaction): readonly number[] {
  if (type === 4) return [answer.choices]
  const posts: readonly number[] = [answer.message, answer.deferredMessage]
  if (type === 2) return [...posts, answer.modal]
  const updates = source ? [answer.deferredUpdate, answer.update] : []
  return type === 3 ? [...posts, ...updates, answer.modal] : [...posts, ...updates]
}

/** Whether this answer only promised another one. */
export function isDeferred(interaction: Interaction): boolean {
  return interaction.first?.type === answer.deferredMessage || interaction.first?.type === answer.deferredUpdate
}

/** The interaction behind a webhook's token, while it lives and once it was answered. */
export function webhook(world: World, token: string): Interaction {
  const interaction = world.interactions.get(token)
  if (!interaction) throw refusals.unknownWebhook()
  if (world.now() - interaction.createdAt > lifeMs) throw refusals.tokenExpired()
  if (!interaction.first || interaction.type === 4) throw refusals.unknownWebhook()
  return interaction
}

/** A message of this interaction: `@original` or a follow-up. */
export function ownMessage(interaction: Interaction, id: string): Message {
  const { original, followUps } = interaction
  const message = id === '@original' || id === original?.id ? original : followUps.find((one) => one.id === id)
  if (!message || message.deleted) throw refusals.unknownMessage()
  return message
}

export function editOwn(world: World, interaction: Interaction, id: string, body: MessageBody, uploads: readonly Upload[]): Message {
  const message = ownMessage(interaction, id)
  world.edit(message, body, uploads)
  interaction.settled = true
  return message
}

export function deleteOwn(world: World, interaction: Interaction, id: string): void {
  world.delete(ownMessage(interaction, id))
  interaction.settled = true
}

export function followUp(world: World, interaction: Interaction, body: MessageBody, uploads: readonly Upload[]): Message {
  const { original } = interaction
  // The first follow-up to "thinking…" takes its place, whatever its own flags say.
  if (interaction.first?.type === answer.deferredMessage && original && !original.deleted && original.flags & flag.loading) {
    return editOwn(world, interaction, original.id, body, uploads)
  }
  const message = world.respond(interaction, body, uploads)
  interaction.followUps.push(message)
  interaction.settled = true
  return message
}
