// Purpose: what Discord remembers: guilds, channels, messages, commands and interactions, and the rules by which they change.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type {
  APIAllowedMentions,
  APIApplicationCommand,
  APIAttachment,
  APIChannel,
  APIEmbed,
  APIMessage,
  APIMessageTopLevelComponent,
  APIOverwrite,
  APIRole,
  APIUser,
  GatewayGuildCreateDispatchData,
} from 'discord.js'
import { checkMessage, refuseField } from './check.ts'
import {
  everyPermission,
  flag,
  isRecord,
  type Json,
  noFlags,
  permission,
  refusals,
  snowflake,
  uploadLimit,
  usualBotPermissions,
  usualMemberPermissions,
} from './wire.ts'

/** A file as it came in a request; `key` is the form field, for example `files[0]`. */
export interface Upload {
  readonly key: string
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
}

export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly description: string | undefined
  readonly contentType: string
  readonly bytes: Buffer
}

/** Whom a message really pinged: what its content names, as far as allowed_mentions and the bot's permissions let it. */
export interface Pings {
  readonly everyone: boolean
  readonly users: readonly string[]
  readonly roles: readonly string[]
}

export interface Role {
  readonly id: string
  readonly name: string
  permissions: bigint
  mentionable: boolean
  readonly managed: boolean
}

export interface Channel {
  readonly id: string
  readonly type: 0 | 1 | 11
  name: string
  readonly guild: Guild | undefined
  readonly parent: Channel | undefined
  /** The bot's own permissions here; undefined where they are those of its roles. */
  permissions: bigint | undefined
  readonly messages: Message[]
  /** The member a direct channel leads to. */
  readonly recipient: User | undefined
}

export interface User {
  readonly id: string
  readonly username: string
  readonly globalName: string | null
  readonly bot: boolean
}

export interface Guild {
  readonly id: string
  name: string
  preferredLocale: string
  readonly roles: Map<string, Role>
  readonly channels: Map<string, Channel>
  readonly botRole: Role
  readonly joinedAt: number
  outage: boolean
}

export interface Message {
  readonly id: string
  readonly channel: Channel
  readonly author: User
  readonly createdAt: number
  content: string
  embeds: APIEmbed[]
  components: APIMessageTopLevelComponent[]
  flags: number
  files: StoredFile[]
  nonce: string | undefined
  allowedMentions: APIAllowedMentions | undefined
  pings: Pings
  editedTimes: number
  editedAt: number | undefined
  thread: Channel | undefined
  deleted: boolean
  /** The interaction that this message answers. */
  readonly interaction: Interaction | undefined
}

export interface Interaction {
  readonly id: string
  readonly token: string
  readonly type: 2 | 3 | 4 | 5
  readonly user: User
  readonly channel: Channel
  /** The message whose component began this. */
  readonly source: Message | undefined
  createdAt: number
  first: { readonly type: number; readonly at: number } | undefined
  original: Message | undefined
  /** Whether a deferral has become something: an edit, a follow-up, or its removal. */
  settled: boolean
  modal: Json | undefined
  choices: Json[] | undefined
  readonly followUps: Message[]
}

/** The parts of a message body that the rules look at; the checks have already refused what does not fit. */
export interface MessageBody {
  readonly content?: string | null
  readonly embeds?: APIEmbed[] | null
  readonly components?: APIMessageTopLevelComponent[] | null
  readonly flags?: number
  readonly nonce?: string | number | null
  readonly enforce_nonce?: boolean
  readonly allowed_mentions?: APIAllowedMentions | null
  readonly attachments?:
    | readonly { readonly id?: string | number; readonly filename?: string; readonly description?: string | null }[]
    | null
}

export interface GuildOptions {
  readonly id?: string
  readonly name?: string
  readonly preferredLocale?: string
  readonly channels?: readonly { readonly id?: string; readonly name: string; readonly permissions?: bigint }[]
  readonly roles?: readonly { readonly id?: string; readonly name: string; readonly permissions?: bigint; readonly mentionable?: boolean }[]
  /** What @everyone may do. */
  readonly memberPermissions?: bigint
  /** What the bot's own role may do. */
  readonly botPermissions?: bigint
  /** Since when the bot is in it, epoch ms; now, unless told. */
  readonly joinedAt?: number
}

const nobody: Pings = { everyone: false, users: [], roles: [] }

export class World {
  readonly token: string
  readonly applicationId: string
  readonly publicKey: string
  readonly privateKey: KeyObject
  readonly bot: User
  readonly now: () => number
  readonly guilds = new Map<string, Guild>()
  readonly channels = new Map<string, Channel>()
  readonly messages = new Map<string, Message>()
  readonly interactions = new Map<string, Interaction>()
  /** By guild; the empty key holds the commands of all guilds. */
  readonly commands = new Map<string, APIApplicationCommand[]>()
  readonly #nonces = new Map<string, { readonly message: Message; readonly at: number }>()
  origin = ''
  nonceMs = 180_000
  /** Tells the gateway of an event of a guild; set by the gateway. */
  dispatch: (guild: string | undefined, event: string, data: unknown) => void = () => {}

  constructor(options: { readonly token: string; readonly applicationId: string | undefined; readonly now: () => number }) {
    this.token = options.token
    this.now = options.now
    this.applicationId = options.applicationId ?? this.id()
    this.bot = { id: this.applicationId, username: 'club-bot', globalName: null, bot: true }
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.privateKey = privateKey
    this.publicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')
  }

  id(): string {
    return snowflake(this.now())
  }

  // Guilds and channels

  addGuild(options: GuildOptions): Guild {
    const id = options.id ?? this.id()
    const botRole: Role = {
      id: this.id(),
      name: this.bot.username,
      permissions: options.botPermissions ?? usualBotPermissions,
      mentionable: false,
      managed: true,
    }
    const everyone: Role = {
      id,
      name: '@everyone',
      permissions: options.memberPermissions ?? usualMemberPermissions,
      mentionable: false,
      managed: false,
    }
    const roles = (options.roles ?? []).map((role) => ({
      id: role.id ?? this.id(),
      name: role.name,
      permissions: role.permissions ?? 0n,
      mentionable: role.mentionable ?? false,
      managed: false,
    }))
    const guild: Guild = {
      id,
      name: options.name ?? 'Study club',
      preferredLocale: options.preferredLocale ?? 'en-US',
      roles: new Map([everyone, botRole, ...roles].map((role) => [role.id, role])),
      channels: new Map(),
      botRole,
      joinedAt: options.joinedAt ?? this.now(),
      outage: false,
    }
    this.guilds.set(id, guild)
    for (const channel of options.channels ?? [{ name: 'general' }]) this.addChannel(guild, channel, false)
    this.dispatch(id, 'GUILD_CREATE', this.guildCreate(guild))
    return guild
  }

  addChannel(
    guild: Guild,
    options: { readonly id?: string; readonly name: string; readonly permissions?: bigint },
    announce = true,
  ): Channel {
    const channel: Channel = {
      id: options.id ?? this.id(),
      type: 0,
      name: options.name,
      guild,
      parent: undefined,
      permissions: options.permissions,
      messages: [],
      recipient: undefined,
    }
    guild.channels.set(channel.id, channel)
    this.channels.set(channel.id, channel)
    if (announce) this.dispatch(guild.id, 'CHANNEL_CREATE', this.channelJson(channel))
    return channel
  }

  addDirectChannel(recipient: User): Channel {
    const channel: Channel = {
      id: this.id(),
      type: 1,
      name: '',
      guild: undefined,
      parent: undefined,
      permissions: usualBotPermissions,
      messages: [],
      recipient,
    }
    this.channels.set(channel.id, channel)
    return channel
  }

  removeChannel(channel: Channel): void {
    this.channels.delete(channel.id)
    channel.guild?.channels.delete(channel.id)
    for (const inner of [...this.channels.values()]) if (inner.parent === channel) this.removeChannel(inner)
    this.dispatch(channel.guild?.id, channel.type === 11 ? 'THREAD_DELETE' : 'CHANNEL_DELETE', this.channelJson(channel))
  }

  removeGuild(id: string): void {
    const guild = this.guild(id)
    for (const channel of guild.channels.values()) this.channels.delete(channel.id)
    this.guilds.delete(id)
    this.commands.delete(id)
    this.dispatch(id, 'GUILD_DELETE', { id })
  }

  setOutage(id: string, outage: boolean): void {
    const guild = this.guild(id)
    guild.outage = outage
    if (outage) this.dispatch(id, 'GUILD_DELETE', { id, unavailable: true })
    else this.dispatch(id, 'GUILD_CREATE', this.guildCreate(guild))
  }

  setPermissions(channel: Channel, permissions: bigint): void {
    channel.permissions = permissions
    if (channel.guild) this.dispatch(channel.guild.id, 'CHANNEL_UPDATE', this.channelJson(channel))
  }

  guild(id: string): Guild {
    const guild = this.guilds.get(id)
    if (!guild) throw refusals.unknownGuild()
    return guild
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id)
    if (!channel) throw refusals.unknownChannel()
    return channel
  }

  /** What the bot's roles alone allow, before a channel says otherwise. */
  #rolePermissions(guild: Guild): bigint {
    const sum = (guild.roles.get(guild.id)?.permissions ?? 0n) | guild.botRole.permissions
    return sum & permission.administrator ? everyPermission : sum
  }

  botPermissions(channel: Channel): bigint {
    if (channel.parent) return this.botPermissions(channel.parent)
    const ofRoles = channel.guild ? this.#rolePermissions(channel.guild) : usualBotPermissions
    // No channel takes anything from an administrator.
    return ofRoles === everyPermission ? ofRoles : (channel.permissions ?? ofRoles)
  }

  // An overwrite for the bot's own member is the last word in Discord's computation, so one is enough to say any bitfield.
  #overwrites(channel: Channel): APIOverwrite[] {
    if (channel.permissions === undefined) return []
    const denied = everyPermission & ~channel.permissions
    return [{ id: this.bot.id, type: 1, allow: String(channel.permissions), deny: String(denied) }]
  }

  channelJson(channel: Channel): APIChannel {
    const { guild, parent } = channel
    const last = channel.messages.at(-1)?.id ?? null
    if (channel.recipient) {
      return { id: channel.id, type: 1, name: null, last_message_id: last, recipients: [this.userJson(channel.recipient)] } as APIChannel
    }
    const common = {
      id: channel.id,
      guild_id: guild?.id ?? '',
      name: channel.name,
      last_message_id: last,
      flags: 0,
      rate_limit_per_user: 0,
    }
    if (channel.type === 11) {
      return {
        ...common,
        type: 11,
        parent_id: parent?.id ?? '',
        owner_id: this.bot.id,
        message_count: channel.messages.length,
        total_message_sent: channel.messages.length,
        member_count: 1,
        thread_metadata: { archived: false, archive_timestamp: iso(this.now()), auto_archive_duration: 1440, locked: false },
      } as APIChannel
    }
    const position = [...(guild?.channels.values() ?? [])].indexOf(channel)
    return {
      ...common,
      type: 0,
      position,
      topic: null,
      nsfw: false,
      parent_id: null,
      permission_overwrites: this.#overwrites(channel),
    } as APIChannel
  }

  roleJson(role: Role): APIRole {
    return {
      id: role.id,
      name: role.name,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      position: role.name === '@everyone' ? 0 : 1,
      permissions: String(role.permissions),
      managed: role.managed,
      mentionable: role.mentionable,
      flags: noFlags,
      icon: null,
      unicode_emoji: null,
      ...(role.managed && { tags: { bot_id: this.bot.id } }),
    }
  }

  userJson(user: User): APIUser {
    return {
      id: user.id,
      username: user.username,
      discriminator: user.bot ? '0001' : '0',
      global_name: user.globalName,
      avatar: null,
      public_flags: noFlags,
      ...(user.bot && { bot: true }),
    }
  }

  guildCreate(guild: Guild): GatewayGuildCreateDispatchData {
    const channels = [...guild.channels.values()].map((channel) => this.channelJson(channel))
    const threads = [...this.channels.values()].filter(({ guild: own, parent }) => own === guild && parent)
    return {
      id: guild.id,
      name: guild.name,
      icon: null,
      splash: null,
      discovery_splash: null,
      owner_id: guild.id,
      afk_channel_id: null,
      afk_timeout: 300,
      verification_level: 1,
      default_message_notifications: 1,
      explicit_content_filter: 0,
      roles: [...guild.roles.values()].map((role) => this.roleJson(role)),
      emojis: [],
      features: [],
      mfa_level: 0,
      application_id: null,
      system_channel_id: null,
      system_channel_flags: 0,
      rules_channel_id: null,
      vanity_url_code: null,
      description: null,
      banner: null,
      premium_tier: 0,
      premium_progress_bar_enabled: false,
      preferred_locale: guild.preferredLocale,
      public_updates_channel_id: null,
      nsfw_level: 0,
      stickers: [],
      hub_type: null,
      safety_alerts_channel_id: null,
      incidents_data: null,
      region: 'deprecated',
      joined_at: iso(guild.joinedAt),
      large: false,
      unavailable: false,
      member_count: 2,
      voice_states: [],
      members: [
        {
          user: this.userJson(this.bot),
          roles: [guild.botRole.id],
          joined_at: iso(guild.joinedAt),
          deaf: false,
          mute: false,
          flags: 0,
          nick: null,
          avatar: null,
          banner: null,
          premium_since: null,
          communication_disabled_until: null,
        },
      ],
      channels,
      threads: threads.map((thread) => this.channelJson(thread)),
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    } as unknown as GatewayGuildCreateDispatchData
  }

  // Messages

  /** A message as the API tells it. */
  messageJson(message: Message): APIMessage {
    const used = embeddedIn(message)
    return {
      id: message.id,
      type: message.interaction?.type === 2 ? 20 : 0,
      channel_id: message.channel.id,
      author: this.userJson(message.author),
      content: message.content,
      timestamp: iso(message.createdAt),
      edited_timestamp: message.editedAt === undefined ? null : iso(message.editedAt),
      tts: false,
      pinned: false,
      mention_everyone: message.pings.everyone,
      mentions: message.pings.users.map((id) => ({ id, username: id, discriminator: '0', global_name: null, avatar: null })),
      mention_roles: [...message.pings.roles],
      // An upload that an embed shows is not listed as an attachment too.
      attachments: message.files.filter((file) => !used(file)).map((file) => this.attachmentJson(message, file)),
      embeds: message.embeds,
      components: message.components,
      flags: message.flags,
      ...(message.nonce !== undefined && { nonce: message.nonce }),
      ...(message.thread && { thread: this.channelJson(message.thread) as NonNullable<APIMessage['thread']> }),
      ...(message.interaction && {
        webhook_id: this.applicationId,
        application_id: this.applicationId,
        interaction_metadata: {
          id: message.interaction.id,
          type: message.interaction.type,
          user: this.userJson(message.interaction.user),
          authorizing_integration_owners: {},
        },
      }),
    } as APIMessage
  }

  attachmentJson(message: Message, file: StoredFile): APIAttachment {
    const url = this.#fileUrl(message.channel, file)
    return {
      id: file.id,
      filename: file.name,
      size: file.bytes.length,
      url,
      proxy_url: url,
      content_type: file.contentType,
      ...(file.description !== undefined && { description: file.description }),
      ...(message.flags & flag.ephemeral && { ephemeral: true }),
    }
  }

  #fileUrl(channel: Channel, file: StoredFile): string {
    return `${this.origin}/attachments/${channel.id}/${file.id}/${encodeURIComponent(file.name)}`
  }

  /** The message that was already made with this nonce, where the sender asks not to make it twice. */
  sameNonce(channel: Channel, body: MessageBody): Message | undefined {
    if (body.enforce_nonce !== true || body.nonce === undefined || body.nonce === null) return undefined
    const found = this.#nonces.get(`${channel.id} ${body.nonce}`)
    return found && this.now() - found.at < this.nonceMs && !found.message.deleted ? found.message : undefined
  }

  /** Posts by the routes of a channel: there the bot's permissions count. */
  post(channel: Channel, body: MessageBody, uploads: readonly Upload[]): Message {
    const allowed = this.#mayWrite(channel)
    if (uploads.length > 0 && !(allowed & permission.attachFiles)) throw refusals.missingPermissions()
    const files = this.#files(body, uploads, [])
    checkMessage(
      body,
      files.map(({ name }) => name),
    )
    const repeated = this.sameNonce(channel, body)
    if (repeated) return repeated
    const seen = allowed & permission.embedLinks ? body : { ...body, embeds: [] }
    return this.create(channel, this.bot, seen, files, undefined)
  }

  #mayWrite(channel: Channel): bigint {
    const allowed = this.botPermissions(channel)
    if (!(allowed & permission.viewChannel)) throw refusals.missingAccess()
    const write = channel.type === 11 ? permission.sendMessagesInThreads : permission.sendMessages
    if (!(allowed & write)) throw refusals.missingPermissions()
    return allowed
  }

  /** Answers an interaction: there the permissions in the channel do not count. */
  respond(interaction: Interaction, body: MessageBody, uploads: readonly Upload[]): Message {
    const files = this.#files(body, uploads, [])
    checkMessage(
      body,
      files.map(({ name }) => name),
    )
    return this.create(interaction.channel, this.bot, body, files, interaction)
  }

  /** The message of a deferral: nothing but "thinking…". */
  think(interaction: Interaction, flags: number): Message {
    return this.#add(interaction.channel, this.bot, flags | flag.loading, interaction)
  }

  create(channel: Channel, author: User, body: MessageBody, files: StoredFile[], interaction: Interaction | undefined): Message {
    const keep = flag.componentsV2 | (1 << 2) | (1 << 12) | (interaction ? flag.ephemeral : 0)
    if (isEmpty(body, files)) throw refusals.emptyMessage()
    const message = this.#add(channel, author, (body.flags ?? 0) & keep, interaction)
    this.#fill(message, body, files)
    if (body.nonce !== undefined && body.nonce !== null) {
      message.nonce = String(body.nonce)
      this.#nonces.set(`${channel.id} ${body.nonce}`, { message, at: this.now() })
    }
    return message
  }

  #add(channel: Channel, author: User, flags: number, interaction: Interaction | undefined): Message {
    const message: Message = {
      id: this.id(),
      channel,
      author,
      createdAt: this.now(),
      content: '',
      embeds: [],
      components: [],
      flags,
      files: [],
      nonce: undefined,
      allowedMentions: undefined,
      pings: nobody,
      editedTimes: 0,
      editedAt: undefined,
      thread: undefined,
      deleted: false,
      interaction,
    }
    this.messages.set(message.id, message)
    if (!(flags & flag.ephemeral)) channel.messages.push(message)
    return message
  }

  #fill(message: Message, body: MessageBody, files: StoredFile[]): void {
    const link = (name: string) => {
      const file = files.find((one) => one.name === name)
      return file && this.#fileUrl(message.channel, file)
    }
    message.files = files
    if (body.content !== undefined) message.content = body.content ?? ''
    if (body.embeds !== undefined) {
      message.embeds = (linked(body.embeds ?? [], link) as APIEmbed[]).map((embed) => ({
        type: 'rich' as APIEmbed['type'] & string,
        ...embed,
      }))
    }
    if (body.components !== undefined) {
      message.components = numbered(linked(body.components ?? [], link)) as APIMessageTopLevelComponent[]
    }
    if (message.editedTimes > 0) return
    message.allowedMentions = body.allowed_mentions ?? undefined
    message.pings = this.#pings(message)
  }

  edit(message: Message, body: MessageBody, uploads: readonly Upload[]): void {
    if (message.author !== this.bot) throw refusals.foreignMessage()
    const files = this.#files(body, uploads, message.files)
    checkMessage(
      { ...body, flags: (body.flags ?? 0) | (message.flags & flag.componentsV2) },
      files.map(({ name }) => name),
    )
    const after = {
      content: body.content === undefined ? message.content : body.content,
      embeds: body.embeds === undefined ? message.embeds : body.embeds,
      components: body.components === undefined ? message.components : body.components,
      flags: (body.flags ?? 0) | message.flags,
    }
    if (isEmpty(after, files)) throw refusals.emptyMessage()
    const wasThinking = (message.flags & flag.loading) !== 0
    message.flags = (message.flags & ~flag.loading) | ((body.flags ?? 0) & (flag.componentsV2 | (1 << 2)))
    // Only the first content of a message pings; what replaces "thinking…" counts as the first.
    if (!wasThinking) {
      message.editedTimes += 1
      message.editedAt = this.now()
    }
    this.#fill(message, body, files)
  }

  delete(message: Message): void {
    message.deleted = true
    this.messages.delete(message.id)
    const place = message.channel.messages.indexOf(message)
    if (place >= 0) message.channel.messages.splice(place, 1)
  }

  startThread(message: Message, name: string): Channel {
    const parent = message.channel
    if (!(this.botPermissions(parent) & permission.createPublicThreads)) throw refusals.missingPermissions()
    if (message.thread) throw refusals.threadExists()
    const thread: Channel = {
      id: message.id,
      type: 11,
      name,
      guild: parent.guild,
      parent,
      permissions: undefined,
      messages: [],
      recipient: undefined,
    }
    this.channels.set(thread.id, thread)
    message.thread = thread
    message.flags |= flag.hasThread
    this.dispatch(parent.guild?.id, 'THREAD_CREATE', { ...this.channelJson(thread), newly_created: true })
    return thread
  }

  // Without `attachments` every file stays and every upload is added; with it, only what it lists. An upload that the list forgets is
  // refused, as the documentation demands it there.
  #files(body: MessageBody, uploads: readonly Upload[], old: readonly StoredFile[]): StoredFile[] {
    if (uploads.length > 10) refuseField('files', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
    if (uploads.reduce((sum, { bytes }) => sum + bytes.length, 0) > uploadLimit) throw refusals.tooLarge()
    const store = (upload: Upload, name?: string, description?: string | null): StoredFile => ({
      id: this.id(),
      name: name ?? upload.name,
      description: description ?? undefined,
      contentType: upload.contentType,
      bytes: upload.bytes,
    })
    const listed = body.attachments
    const files: StoredFile[] = []
    if (!Array.isArray(listed)) {
      files.push(...(listed === null ? [] : old), ...uploads.map((upload) => store(upload)))
    } else {
      const left = new Map(uploads.map((upload) => [/^files\[(\d+)\]$/.exec(upload.key)?.[1] ?? upload.key, upload]))
      for (const { id, filename, description } of listed as NonNullable<MessageBody['attachments']>) {
        const upload = left.get(String(id))
        const kept = old.find((file) => file.id === String(id))
        if (upload) files.push(store(upload, filename, description))
        else if (kept) files.push({ ...kept, description: description ?? kept.description })
        else refuseField('attachments', 'ATTACHMENT_NOT_FOUND', `There is no file "${String(id)}"`)
        left.delete(String(id))
      }
      if (left.size > 0) refuseField('attachments', 'BASE_TYPE_REQUIRED', `Uploads are not listed: ${[...left.keys()].join(', ')}`)
    }
    if (files.length > 10) refuseField('attachments', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
    return files
  }

  #pings(message: Message): Pings {
    const { content, channel, allowedMentions } = message
    const text = [content, ...displayedTexts(message.components)].join('\n')
    const may = this.botPermissions(channel)
    const parse: readonly string[] = allowedMentions ? (allowedMentions.parse ?? []) : ['everyone', 'users', 'roles']
    const everyone = /@(?:everyone|here)\b/.test(text) && parse.includes('everyone') && (may & permission.mentionEveryone) !== 0n
    const users = [...text.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => (id ? [id] : []))
    const roles = [...text.matchAll(/<@&(\d+)>/g)].flatMap(([, id]) => (id ? [id] : []))
    const named = (ids: readonly string[] | undefined, all: boolean) => (id: string) => all || (ids?.includes(id) ?? false)
    return {
      everyone,
      users: [...new Set(users)].filter(named(allowedMentions?.users, parse.includes('users'))),
      roles: [...new Set(roles)].filter(named(allowedMentions?.roles, parse.includes('roles'))).filter((id) => {
        const role = channel.guild?.roles.get(id)
        return role !== undefined && (role.mentionable || (may & permission.mentionEveryone) !== 0n)
      }),
    }
  }
}

/** A time as Discord writes it. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace('Z', '000+00:00')
}

function isEmpty(body: Pick<MessageBody, 'content' | 'embeds' | 'components' | 'flags'>, files: readonly unknown[]): boolean {
  const text = (body.content ?? '').trim() !== ''
  const parts = ((body.flags ?? 0) & flag.componentsV2) !== 0 && (body.components ?? []).length > 0
  return !text && !parts && (body.embeds ?? []).length === 0 && files.length === 0
}

function linked(value: unknown, link: (name: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => linked(item, link))
  if (!isRecord(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = typeof inner === 'string' && inner.startsWith('attachment://') ? inner.slice('attachment://'.length) : undefined
    const url = name !== undefined && (key === 'url' || key === 'icon_url') ? link(name) : undefined
    return [key, url ?? linked(inner, link)]
  })
  return Object.fromEntries(entries)
}

/** Discord numbers every component of a message that the sender did not number. */
function numbered(components: unknown): unknown {
  let next = 0
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (!isRecord(value)) return value
    const own = 'type' in value ? { id: ++next } : {}
    return { ...own, ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nests.has(key) ? visit(inner) : inner])) }
  }
  return visit(components)
}

const nests = new Set(['components', 'component', 'accessory'])

/** The texts that components show, in order. */
export function displayedTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(displayedTexts)
  if (!isRecord(value)) return []
  const own = value.type === 10 && typeof value.content === 'string' ? [value.content] : []
  return [...own, ...[...nests].flatMap((key) => displayedTexts(value[key]))]
}

function embeddedIn(message: Message): (file: StoredFile) => boolean {
  const text = JSON.stringify([message.embeds, message.components])
  return (file) => text.includes(`/attachments/${message.channel.id}/${file.id}/`)
}
