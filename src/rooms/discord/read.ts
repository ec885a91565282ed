// Purpose: an interaction as a call. Pure. It comes from outside: whatever does not have the documented shape is nobody's.
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionType,
  MessageFlags,
  PermissionFlagsBits,
} from 'discord.js'
import { z } from 'zod'
import { plainName } from '../../chat/name.ts'
import type { Call, Need, Place, Typing } from '../../chat/room.ts'

/** The room's name, and what its clubs' ids begin with. */
export const roomName = 'discord'

/** The club of a guild. */
export const clubOf = (guild: string): string => `${roomName}:${guild}`
/** The guild of a club; undefined for another room's. */
export const guildOf = (club: string): string | undefined => (club.startsWith(`${roomName}:`) ? club.slice(roomName.length + 1) : undefined)

/** What is answered, and how: every interaction that we can answer at all has these. */
export interface Asked {
  readonly id: string
  readonly token: string
  readonly application: string
  /** The language of the person's own client. */
  readonly locale: string | undefined
  /** When it was made, epoch ms, by Discord's clock. */
  readonly at: number
}

export type Incoming =
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'call'
      readonly asked: Asked
      readonly call: Call
      /** It came from a message that only its receiver sees. */
      readonly underPrivate: boolean
      /** It is a form that was sent in; another form cannot follow it at once. */
      readonly isForm: boolean
    }
  | { readonly kind: 'typing'; readonly asked: Asked; readonly typing: Typing }
  /** A direct message, or a kind of interaction that we never offer. */
  | { readonly kind: 'elsewhere'; readonly asked: Asked }

const snowflake = z.string().regex(/^\d{1,20}$/)
const user = z.object({ id: snowflake, username: z.string(), global_name: z.string().nullish() })
type User = z.infer<typeof user>

const option = z.object({
  name: z.string(),
  type: z.number(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  focused: z.boolean().optional(),
})
const input = z.object({ type: z.number(), custom_id: z.string(), value: z.string().optional(), values: z.array(z.string()).optional() })
const row = z.object({ component: input.optional(), components: z.array(input).optional() })

const interaction = z.object({
  id: snowflake,
  application_id: snowflake,
  type: z.number(),
  token: z.string().min(1),
  locale: z.string().optional(),
  guild_id: snowflake.optional(),
  channel: z.object({ id: snowflake, type: z.number() }).optional(),
  app_permissions: z.string().regex(/^\d+$/).default('0'),
  member: z.object({ user, nick: z.string().nullish(), roles: z.array(snowflake), permissions: z.string().regex(/^\d+$/) }).optional(),
  message: z.object({ flags: z.number().default(0) }).optional(),
  data: z
    .object({
      type: z.number().optional(),
      name: z.string().optional(),
      options: z.array(option).optional(),
      custom_id: z.string().optional(),
      components: z.array(row).optional(),
      resolved: z
        .object({
          users: z.record(snowflake, user).optional(),
          members: z.record(snowflake, z.object({ nick: z.string().nullish() })).optional(),
          roles: z.record(snowflake, z.object({ mentionable: z.boolean() })).optional(),
        })
        .optional(),
    })
    .optional(),
})
type Interaction = z.infer<typeof interaction>
const ping = z.object({ type: z.literal(InteractionType.Ping) })

/** Undefined for what is no interaction, or lacks what it must have. */
export function readInteraction(raw: unknown): Incoming | undefined {
  if (ping.safeParse(raw).success) return { kind: 'ping' }
  const { data: found } = interaction.safeParse(raw)
  if (!found) return undefined
  const asked = { id: found.id, token: found.token, application: found.application_id, locale: found.locale, at: madeAt(found.id) }
  if (found.guild_id === undefined || !found.member) return { kind: 'elsewhere', asked }
  const { data = {} } = found
  const call = (act: Call['act']): Call => callOf(found, asked.at, act)
  switch (found.type) {
    case InteractionType.ApplicationCommand:
      if (data.type !== ApplicationCommandType.ChatInput || data.name === undefined) return { kind: 'elsewhere', asked }
      return { kind: 'call', asked, call: call({ command: data.name, input: optionsOf(found) }), underPrivate: false, isForm: false }
    case InteractionType.ApplicationCommandAutocomplete: {
      const field = data.options?.find(({ focused }) => focused)?.name
      if (data.name === undefined || field === undefined) return { kind: 'elsewhere', asked }
      return { kind: 'typing', asked, typing: { call: call({ command: data.name, input: optionsOf(found) }), field } }
    }
    case InteractionType.MessageComponent:
    case InteractionType.ModalSubmit: {
      if (data.custom_id === undefined) return undefined
      const underPrivate = ((found.message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0
      return {
        kind: 'call',
        asked,
        call: call({ press: data.custom_id, input: fieldsOf(found) }),
        underPrivate,
        isForm: found.type === InteractionType.ModalSubmit,
      }
    }
    default:
      return { kind: 'elsewhere', asked }
  }
}

/** The instant in an id (https://discord.com/developers/docs/reference#snowflakes). */
function madeAt(id: string): number {
  return Number((BigInt(id) >> 22n) + 1_420_070_400_000n)
}

function callOf(found: Interaction, at: number, act: Call['act']): Call {
  const { guild_id: guild = '', member, data } = found
  if (!member) throw new Error('an interaction of a guild has a member')
  const permissions = BigInt(member.permissions)
  const names = Object.entries(data?.resolved?.users ?? {}).map(([id, one]) => [id, nameOf(one, data?.resolved?.members?.[id]?.nick)])
  const silent = Object.entries(data?.resolved?.roles ?? {}).flatMap(([id, { mentionable }]) => (mentionable ? [] : [id]))
  const callsAll = (BigInt(found.app_permissions) & (PermissionFlagsBits.Administrator | PermissionFlagsBits.MentionEveryone)) !== 0n
  const place = placeOf(found)
  return {
    room: roomName,
    club: clubOf(guild),
    member: { id: member.user.id, name: nameOf(member.user, member.nick) },
    organiser: (permissions & (PermissionFlagsBits.Administrator | PermissionFlagsBits.ManageGuild)) !== 0n,
    roles: member.roles,
    ...(found.locale !== undefined && { locale: found.locale }),
    ...(names.length > 0 && { names: Object.fromEntries(names) }),
    ...(silent.length > 0 && !callsAll && { silentRoles: silent }),
    ...(place && { place }),
    at,
    act,
  }
}

/** The name that others see there: of the server, else of the account, else the handle; the first of them that can be shown. */
function nameOf({ username, global_name }: User, nick: string | null | undefined): string {
  return plainName([nick, global_name, username], 'member')
}

const needed: Readonly<Record<Exclude<Need, 'text' | 'member'>, bigint>> = {
  view: PermissionFlagsBits.ViewChannel,
  send: PermissionFlagsBits.SendMessages,
  embed: PermissionFlagsBits.EmbedLinks,
  attach: PermissionFlagsBits.AttachFiles,
  thread: PermissionFlagsBits.CreatePublicThreads,
}

/** Which of the club's needs these permissions do not meet. */
export function lacksOf(permissions: bigint, channelType: number): Need[] {
  const isText = channelType === ChannelType.GuildText || channelType === ChannelType.GuildAnnouncement
  const isAll = (permissions & PermissionFlagsBits.Administrator) !== 0n
  const lacking = isAll ? [] : Object.entries(needed).flatMap(([need, bit]) => ((permissions & bit) === 0n ? [need as Need] : []))
  return [...(isText ? [] : (['text'] as const)), ...lacking]
}

function placeOf({ channel, app_permissions }: Interaction): Place | undefined {
  return channel && { channel: channel.id, lacks: lacksOf(BigInt(app_permissions), channel.type) }
}

/** A command's options by name; people and roles are their ids. */
function optionsOf({ data }: Interaction): Record<string, unknown> {
  const plain: readonly number[] = [
    ApplicationCommandOptionType.String,
    ApplicationCommandOptionType.User,
    ApplicationCommandOptionType.Role,
  ]
  return Object.fromEntries((data?.options ?? []).filter(({ type }) => plain.includes(type)).map(({ name, value }) => [name, value]))
}

/** What was written into a modal, by field. */
function fieldsOf({ data }: Interaction): Record<string, unknown> {
  const inputs = (data?.components ?? []).flatMap(({ component, components = [] }) => (component ? [component] : components))
  const given = inputs.filter(({ type }) => type === ComponentType.TextInput || type === ComponentType.StringSelect)
  return Object.fromEntries(given.map(({ custom_id, value, values }) => [custom_id, value ?? values?.[0]]))
}
