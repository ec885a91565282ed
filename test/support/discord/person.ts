// Purpose: people who use the bot as members do, and see what members see.
import type { APIApplicationCommand } from 'discord.js'
import { acknowledge, isDeferred } from './interactions.ts'
import { type LoggedRequest, parseBody } from './rest.ts'
import { buttonsOf, partsOf, type SeenMessage, type SeenModal, seeMessage, seeModal } from './seen.ts'
import { everyPermission, flag, type Json, pastSnowflake, permission, Refusal, snowflake, until, uploadLimit } from './wire.ts'
import { type Channel, type Guild, type Interaction, iso, type Message, type Role, type User, type World } from './world.ts'

/** How long a person waits for the first answer before the client says "This interaction failed". */
const firstAnswerMs = 3000

export interface PersonOptions {
  /** Left out for somebody who meets the bot only in direct messages. */
  readonly guild?: { readonly id: string }
  /** The display name. */
  readonly name: string
  readonly nick?: string
  readonly locale?: string
  /** Instead of what @everyone and the roles give. */
  readonly permissions?: bigint
  /** Role ids. */
  readonly roles?: readonly string[]
  readonly id?: string
}

export type OptionValue = string | number | boolean | { readonly id: string }

export interface ActOptions {
  /** The guild's first channel, unless told. */
  readonly channel?: { readonly id: string } | string
  /** How long the act was on its way when the bot hears of it. */
  readonly onTheWayMs?: number
  /** How long to wait after a deferral for what it promised. */
  readonly patienceMs?: number
}

/** What came of an act, as far as the person can see. */
export interface Outcome {
  readonly message?: SeenMessage
  readonly modal?: SeenModal
  /** "This interaction failed": no answer came in time. */
  readonly failed?: true
  /** The first answer was only a promise of another one. */
  readonly deferred: boolean
  /** That promise was still not kept when the patience ended. */
  readonly pending?: true
  readonly firstAnswerMs: number
  /** Looked up anew at each reading. */
  readonly followUps: readonly SeenMessage[]
  /** Of the interaction, for `ages`. */
  readonly token: string
}

/** What people share: the world they act in and the way their acts reach the bot. */
export interface Surroundings {
  readonly world: World
  readonly people: Map<string, Person>
  readonly requests: LoggedRequest[]
  /** Every interaction as it was brought to the bot, the newest last. */
  readonly delivered: Json[]
  /** The endpoint for signed calls; without one, acts go by the gateway. */
  endpoint: string | undefined
  sign(body: string): Record<string, string>
}

type Option = Json & { readonly name: string; readonly type: number; readonly options?: readonly Option[] }

interface Found {
  readonly command: APIApplicationCommand
  /** Subcommand group and subcommand, as far as there are any. */
  readonly path: readonly Option[]
  readonly options: readonly Option[]
}

export class Person {
  readonly id: string
  readonly name: string
  readonly locale: string
  readonly nick: string | null
  readonly roles: readonly string[]
  readonly #around: Surroundings
  readonly #user: User
  readonly #guild: Guild | undefined
  readonly #permissions: bigint | undefined
  readonly #joinedAt: number
  #direct: Channel | undefined

  constructor(around: Surroundings, options: PersonOptions) {
    this.#around = around
    this.id = options.id ?? around.world.id()
    this.name = options.name
    this.nick = options.nick ?? null
    this.locale = options.locale ?? 'en-US'
    this.roles = options.roles ?? []
    this.#guild = options.guild && around.world.guild(options.guild.id)
    this.#permissions = options.permissions
    this.#joinedAt = around.world.now()
    this.#user = { id: this.id, username: `user${this.id.slice(-6)}`, globalName: options.name, bot: false }
  }

  // What the person does

  /** Types a command with its options; names may be those of any language. */
  async types(command: string, options: Readonly<Record<string, OptionValue>> = {}, act: ActOptions = {}): Promise<Outcome> {
    const channel = this.#channel(act)
    return this.#run(2, this.#commandData(command, options, channel), channel, undefined, act)
  }

  /** Types a command in the direct channel with the bot. */
  async typesInDm(command: string, options: Readonly<Record<string, OptionValue>> = {}, act: ActOptions = {}): Promise<Outcome> {
    const channel = this.#directChannel()
    return this.#run(2, this.#commandData(command, options, channel), channel, undefined, act)
  }

  /** Begins to type into an option and returns what the bot suggests, in the person's language. */
  async completes(
    command: string,
    option: string,
    typed: string,
    others: Readonly<Record<string, OptionValue>> = {},
    act: ActOptions = {},
  ): Promise<{ name: string; value: string | number }[]> {
    const channel = this.#channel(act)
    const found = this.#find(command, channel)
    const focused = found.options.find((one) => goesBy(one, option))
    if (!focused) throw new Error(`${command} has no option "${option}"`)
    if (focused.autocomplete !== true) throw new Error(`The option "${option}" of ${command} suggests nothing`)
    const given = Object.entries(others).map(([name, value]) => this.#option(command, found.options, name, value).sent)
    const data = nest(found, [...given, { name: focused.name, type: focused.type, value: typed, focused: true }], undefined)
    const interaction = this.#begin(4, channel, undefined)
    await this.#deliver(interaction, data)
    await this.#firstAnswer(interaction)
    if (!interaction.choices) throw new Error(`Loading options failed: no suggestions for "${option}" of ${command}`)
    return interaction.choices.map(({ name, name_localizations, value }) => {
      const localised = (name_localizations as Record<string, string> | null | undefined)?.[this.locale]
      return { name: localised ?? String(name), value: value as string | number }
    })
  }

  /** Taps the button with this label, on the message as it is now. */
  async taps(message: { readonly id: string }, label: string, act: ActOptions = {}): Promise<Outcome> {
    const source = this.#look(message.id)
    const buttons = buttonsOf(source.components)
    const button = buttons.find((one) => one.label === label)
    if (!button) throw new Error(`There is no button "${label}", only: ${buttons.map((one) => one.label).join(', ') || 'none'}`)
    if (button.disabled) throw new Error(`The button "${label}" is disabled`)
    if (button.url !== undefined) throw new Error(`The button "${label}" is a link to ${button.url}`)
    return this.#run(3, { custom_id: button.customId, component_type: 2, id: button.id }, source.channel, source, act)
  }

  /** Selects from the menu with this custom id or placeholder, by label or value. */
  async selects(message: { readonly id: string }, menu: string, chosen: readonly string[], act: ActOptions = {}): Promise<Outcome> {
    const source = this.#look(message.id)
    const menus = partsOf(source.components, [3])
    const found = menus.find((one) => one.custom_id === menu || one.placeholder === menu)
    if (!found) throw new Error(`There is no menu "${menu}", only: ${menus.map((one) => String(one.custom_id)).join(', ') || 'none'}`)
    const values = pick((found.options ?? []) as Json[], chosen, menu)
    return this.#run(3, { custom_id: found.custom_id, component_type: 3, id: found.id, values }, source.channel, source, act)
  }

  /** Sends a form in; each value by the label or the custom id of its input. What is not given stays as it was prefilled. */
  async submits(modal: SeenModal, values: Readonly<Record<string, string | readonly string[]>>, act: ActOptions = {}): Promise<Outcome> {
    const opener = this.#around.world.interactions.get(modal.token)
    if (!opener || opener.user.id !== this.id) throw new Error(`${this.name} does not have this form open`)
    for (const key of Object.keys(values)) {
      if (!modal.fields.some(({ customId, label }) => customId === key || label === key)) {
        throw new Error(`The form has no input "${key}", only: ${modal.fields.map(({ label }) => label).join(', ')}`)
      }
    }
    const filled = new Map<string, Json>()
    for (const field of modal.fields) {
      const given = values[field.customId] ?? values[field.label]
      if (field.kind === 'select') {
        const preset = field.options.filter((option) => option.default).map(({ value }) => value)
        const chosen = given === undefined ? preset : pick(field.options, typeof given === 'string' ? [given] : given, field.label)
        if (field.required && chosen.length === 0) throw new Error(`The form needs a choice for "${field.label}"`)
        filled.set(field.customId, { type: 3, custom_id: field.customId, values: chosen })
        continue
      }
      const value = String(given ?? field.value ?? '')
      if (field.required && value === '') throw new Error(`The form needs a text for "${field.label}"`)
      if (value.length > field.maxLength) throw new Error(`"${field.label}" takes at most ${field.maxLength} letters`)
      if (value !== '' && value.length < field.minLength) throw new Error(`"${field.label}" takes at least ${field.minLength} letters`)
      filled.set(field.customId, { type: 4, custom_id: field.customId, value })
    }
    let next = 0
    const components = modal.components.map((part) => {
      const id = ++next
      const inputs = partsOf([part.components, part.component], [3, 4]).map((input) => ({
        id: ++next,
        ...filled.get(String(input.custom_id)),
      }))
      if (part.type === 18) return { type: 18, id, component: inputs[0] }
      return { type: part.type, id, ...(inputs.length > 0 && { components: inputs }) }
    })
    return this.#run(5, { custom_id: modal.customId, components }, opener.channel, opener.source, act)
  }

  /** Sends what no client would, as it is told: a command (2), a press (3) or a form (5), under a message or in the direct channel. */
  async forges(
    type: 2 | 3 | 5,
    data: Json,
    where: { readonly under?: { readonly id: string }; readonly direct?: true } = {},
    act: ActOptions = {},
  ): Promise<Outcome> {
    const source = where.under && this.#look(where.under.id)
    const channel = source?.channel ?? (where.direct ? this.#directChannel() : this.#channel(act))
    return this.#run(type, data, channel, source, act)
  }

  /** Writes a plain message. */
  says(content: string, channel?: ActOptions['channel']): SeenMessage {
    const place = this.#channel(channel === undefined ? {} : { channel })
    return seeMessage(this.#around.world.create(place, this.#user, { content }, [], undefined))
  }

  /** The message as this person sees it now; nothing when it is gone or for somebody else's eyes. */
  sees(message: { readonly id: string }): SeenMessage | undefined {
    const found = this.#around.world.messages.get(message.id)
    return found && this.#maySee(found) ? seeMessage(found) : undefined
  }

  // How it reaches the bot, and what comes back

  async #run(type: 2 | 3 | 5, data: Json, channel: Channel, source: Message | undefined, act: ActOptions): Promise<Outcome> {
    const { world } = this.#around
    const interaction = this.#begin(type, channel, source, act.onTheWayMs)
    await this.#deliver(interaction, data)
    await this.#firstAnswer(interaction)
    const followUps = () => interaction.followUps.filter(({ deleted }) => !deleted).map(seeMessage)
    const base = { token: interaction.token, deferred: isDeferred(interaction) }
    if (!interaction.first) {
      return { ...base, failed: true, firstAnswerMs: world.now() - interaction.createdAt, followUps: [] }
    }
    const { original, modal, first } = interaction
    const editsBefore = original?.editedTimes ?? 0
    // A promised update may also come by the routes of the channel.
    const isKept = () => interaction.settled || (original?.editedTimes ?? 0) > editsBefore
    if (base.deferred) await until(isKept, act.patienceMs ?? 10_000).catch(() => undefined)
    return {
      ...base,
      ...(base.deferred && !isKept() && { pending: true }),
      ...(original && !original.deleted && { message: seeMessage(original) }),
      ...(modal && { modal: seeModal(interaction, modal) }),
      firstAnswerMs: first.at - interaction.createdAt,
      get followUps() {
        return followUps()
      },
    }
  }

  #begin(type: Interaction['type'], channel: Channel, source: Message | undefined, onTheWayMs = 0): Interaction {
    const { world } = this.#around
    const createdAt = world.now() - onTheWayMs
    const id = onTheWayMs > 0 ? pastSnowflake(createdAt) : snowflake(createdAt)
    const interaction: Interaction = {
      id,
      token: Buffer.from(`interaction:${id}:${this.id}`).toString('base64url'),
      type,
      user: this.#user,
      channel,
      source,
      createdAt,
      first: undefined,
      original: undefined,
      settled: false,
      modal: undefined,
      choices: undefined,
      followUps: [],
    }
    world.interactions.set(interaction.token, interaction)
    return interaction
  }

  async #firstAnswer(interaction: Interaction): Promise<void> {
    const { world } = this.#around
    const look = () => interaction.first !== undefined || world.now() - interaction.createdAt > firstAnswerMs
    await until(look, firstAnswerMs + 500).catch(() => undefined)
  }

  async #deliver(interaction: Interaction, data: Json): Promise<void> {
    const { world, endpoint } = this.#around
    const payload = this.#payload(interaction, data)
    this.#around.delivered.push(payload)
    if (endpoint === undefined) world.dispatch(interaction.channel.guild?.id, 'INTERACTION_CREATE', payload)
    else await this.#call(endpoint, interaction, JSON.stringify(payload))
  }

  /** Brings the act to an HTTP endpoint; the answer may come inline or, after an empty one, by the callback route. */
  async #call(endpoint: string, interaction: Interaction, body: string): Promise<void> {
    const { world, requests, sign } = this.#around
    const headers = { 'content-type': 'application/json', 'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)', ...sign(body) }
    const signal = AbortSignal.timeout(firstAnswerMs)
    let response: Response
    let raw: Buffer
    try {
      response = await fetch(endpoint, { method: 'POST', headers, body, signal })
      raw = Buffer.from(await response.arrayBuffer())
    } catch {
      // Nobody there or too late: the person sees the same.
      return
    }
    if (!response.ok) throw new Error(`The endpoint answered ${response.status}: ${raw.toString('utf8').slice(0, 300)}`)
    if (raw.length === 0) return
    const parsed = await parseBody(raw, response.headers.get('content-type') ?? '').catch(() => {
      throw new Error(`The endpoint answered neither JSON nor a form: ${raw.toString('utf8').slice(0, 300)}`)
    })
    const path = `/interactions/${interaction.id}/${interaction.token}/callback`
    const files = parsed.uploads.map(({ key, name, bytes }) => ({ key, name, size: bytes.length }))
    const entry: LoggedRequest = { method: 'INLINE', path, query: '', at: world.now(), status: response.status, body: parsed.body, files }
    requests.push(entry)
    try {
      acknowledge(world, interaction, parsed.body, parsed.uploads)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      entry.status = error.status
      entry.refusal = error.body
    }
  }

  #payload(interaction: Interaction, data: Json): Json {
    const { world } = this.#around
    const { channel, source } = interaction
    const guild = channel.guild
    const user = world.userJson(this.#user)
    return {
      id: interaction.id,
      application_id: world.applicationId,
      type: interaction.type,
      token: interaction.token,
      version: 1,
      data,
      channel_id: channel.id,
      channel: { ...world.channelJson(channel), ...(guild && { permissions: String(this.permissions) }) },
      locale: this.locale,
      app_permissions: String(world.botPermissions(channel)),
      entitlements: [],
      entitlement_sku_ids: [],
      attachment_size_limit: uploadLimit,
      authorizing_integration_owners: { '0': guild?.id ?? '0' },
      context: guild ? 0 : 1,
      ...(source && { message: world.messageJson(source) }),
      ...(guild
        ? {
            guild_id: guild.id,
            guild: { id: guild.id, locale: guild.preferredLocale, features: [] },
            guild_locale: guild.preferredLocale,
            member: { ...this.#member(), user },
          }
        : { user }),
    }
  }

  /** What this person may do in the guild. */
  get permissions(): bigint {
    if (this.#permissions !== undefined) return this.#permissions & permission.administrator ? everyPermission : this.#permissions
    if (!this.#guild) return 0n
    const { roles } = this.#guild
    const sum = [this.#guild.id, ...this.roles].reduce((all, id) => all | (roles.get(id)?.permissions ?? 0n), 0n)
    return sum & permission.administrator ? everyPermission : sum
  }

  #member(): Json {
    return {
      nick: this.nick,
      avatar: null,
      banner: null,
      roles: [...this.roles],
      joined_at: iso(this.#joinedAt),
      premium_since: null,
      communication_disabled_until: null,
      pending: false,
      flags: 0,
      unusual_dm_activity_until: null,
      permissions: String(this.permissions),
      deaf: false,
      mute: false,
    }
  }

  /** This person as an option resolves to them. */
  resolved(): { readonly user: Json; readonly member: Json | undefined } {
    const { deaf: _deaf, mute: _mute, ...member } = this.#member()
    return { user: { ...this.#around.world.userJson(this.#user) }, member: this.#guild && member }
  }

  // Where the person is, and what is in front of them

  #channel({ channel }: ActOptions): Channel {
    if (channel !== undefined) return this.#around.world.channel(typeof channel === 'string' ? channel : channel.id)
    const [first] = this.#guild?.channels.values() ?? []
    if (!first) throw new Error(`${this.name} is in no channel`)
    return first
  }

  #directChannel(): Channel {
    this.#direct ??= this.#around.world.addDirectChannel(this.#user)
    return this.#direct
  }

  #maySee({ flags, interaction }: Message): boolean {
    return !(flags & flag.ephemeral) || interaction?.user.id === this.id
  }

  #look(id: string): Message {
    const message = this.#around.world.messages.get(id)
    if (!message) throw new Error(`The message ${id} is gone`)
    if (!this.#maySee(message)) throw new Error(`${this.name} does not see the message ${id}: it is for somebody else`)
    return message
  }

  // Commands

  #find(typed: string, channel: Channel): Found {
    const words = typed.trim().replace(/^\//, '').split(/\s+/)
    const { commands } = this.#around.world
    const all = [...(channel.guild ? (commands.get(channel.guild.id) ?? []) : []), ...(commands.get('') ?? [])]
    const inputs = all.filter(({ type }) => type === 1)
    const command = inputs.find((one) => goesBy(one, words[0] ?? ''))
    if (!command) throw new Error(`There is no command ${typed}, only: ${inputs.map(({ name }) => `/${name}`).join(', ') || 'none'}`)
    const hidden = this.#hides(command, channel)
    if (hidden) throw new Error(`${typed} is hidden from ${this.name}: ${hidden}`)
    const path: Option[] = []
    let options = (command.options ?? []) as unknown as readonly Option[]
    for (const word of words.slice(1)) {
      const sub = options.find((one) => (one.type === 1 || one.type === 2) && goesBy(one, word))
      if (!sub) throw new Error(`${typed} is not complete or has no part "${word}"`)
      path.push(sub)
      options = sub.options ?? []
    }
    if (options.some(({ type }) => type === 1 || type === 2)) {
      throw new Error(`${typed} needs one of: ${options.map(({ name }) => name).join(', ')}`)
    }
    return { command, path, options }
  }

  #hides(command: APIApplicationCommand, channel: Channel): string | undefined {
    const context = channel.guild ? 0 : 1
    const contexts: readonly number[] | null = command.contexts ?? (command.dm_permission === false ? [0] : null)
    if (contexts && !contexts.includes(context)) return channel.guild ? 'it is not for servers' : 'it is not for direct messages'
    if (!channel.guild) return undefined
    if (!(this.permissions & permission.useApplicationCommands)) return 'they may not use commands'
    const needed = command.default_member_permissions
    if (needed === null || this.permissions & permission.administrator) return undefined
    const bits = BigInt(needed)
    return bits === 0n || (this.permissions & bits) !== bits ? 'they lack the permissions it asks for' : undefined
  }

  #commandData(typed: string, given: Readonly<Record<string, OptionValue>>, channel: Channel): Json {
    const found = this.#find(typed, channel)
    const read = Object.entries(given).map(([name, value]) => this.#option(typed, found.options, name, value))
    for (const { name, required } of found.options) {
      if (required === true && !read.some(({ sent }) => sent.name === name)) throw new Error(`${typed} requires the option "${name}"`)
    }
    const resolved: Record<string, Json> = {}
    for (const { people = {}, members = {}, roles = {}, channels = {} } of read) {
      for (const [kind, found] of Object.entries({ users: people, members, roles, channels })) {
        if (Object.keys(found).length > 0) resolved[kind] = { ...resolved[kind], ...found }
      }
    }
    return nest(
      found,
      read.map(({ sent }) => sent),
      Object.keys(resolved).length > 0 ? resolved : undefined,
    )
  }

  /** Reads a value into an option as the client would, or says why the client would not send it. */
  #option(command: string, options: readonly Option[], name: string, value: OptionValue): ReadOption {
    const option = options.find((one) => goesBy(one, name))
    if (!option) throw new Error(`${command} has no option "${name}", only: ${options.map((one) => one.name).join(', ') || 'none'}`)
    const wrong = (reason: string) => new Error(`The option "${name}" of ${command} ${reason}`)
    const { type } = option
    const sent = (read: unknown): ReadOption => ({ sent: { name: option.name, type, value: read } })
    if (typeof value === 'object' || [6, 7, 8, 9].includes(type))
      return this.#resolve(option, String(typeof value === 'object' ? value.id : value), wrong)
    const choices = (option.choices ?? []) as Json[]
    if (choices.length > 0) {
      const choice = choices.find((one) => one.value === value || goesBy(one, String(value)))
      if (!choice) throw wrong(`offers no "${String(value)}", only: ${choices.map((one) => String(one.name)).join(', ')}`)
      return sent(choice.value)
    }
    if (type === 5) {
      if (typeof value !== 'boolean') throw wrong('takes true or false')
      return sent(value)
    }
    if (type === 4 || type === 10) {
      const number = typeof value === 'number' ? value : Number.NaN
      if (!Number.isFinite(number) || (type === 4 && !Number.isInteger(number))) throw wrong(`takes ${type === 4 ? 'whole ' : ''}numbers`)
      if (typeof option.min_value === 'number' && number < option.min_value) throw wrong(`takes at least ${option.min_value}`)
      if (typeof option.max_value === 'number' && number > option.max_value) throw wrong(`takes at most ${option.max_value}`)
      return sent(number)
    }
    if (type !== 3) throw wrong(`has a type that nobody can type: ${type}`)
    const text = String(value)
    if (text.length > Number(option.max_length ?? 6000)) throw wrong(`takes at most ${Number(option.max_length ?? 6000)} letters`)
    if (text.length < Number(option.min_length ?? 0)) throw wrong(`takes at least ${Number(option.min_length)} letters`)
    return sent(text)
  }

  #resolve(option: Option, id: string, wrong: (reason: string) => Error): ReadOption {
    const { world, people } = this.#around
    const sent = { name: option.name, type: option.type, value: id }
    const person = people.get(id)
    const role: Role | undefined = this.#guild?.roles.get(id)
    const channel = this.#guild?.channels.get(id)
    if ((option.type === 6 || option.type === 9) && person) {
      const { user, member } = person.resolved()
      return { sent, people: { [id]: user }, ...(member && { members: { [id]: member } }) }
    }
    if ((option.type === 8 || option.type === 9) && role) return { sent, roles: { [id]: { ...world.roleJson(role) } } }
    if (option.type === 7 && channel) {
      const allowed = option.channel_types as readonly number[] | undefined
      if (allowed && allowed.length > 0 && !allowed.includes(channel.type)) throw wrong('does not take this kind of channel')
      return { sent, channels: { [id]: { ...world.channelJson(channel), permissions: String(this.permissions) } } }
    }
    throw wrong(`does not take ${id}`)
  }
}

interface ReadOption {
  readonly sent: Json & { readonly name: string }
  readonly people?: Json
  readonly members?: Json
  readonly roles?: Json
  readonly channels?: Json
}

/** Whether something goes by this name, in any language. */
function goesBy(thing: { readonly name?: unknown; readonly name_localizations?: unknown }, name: string): boolean {
  return thing.name === name || Object.values(thing.name_localizations ?? {}).includes(name)
}

function nest({ command, path }: Found, options: readonly Json[], resolved: Json | undefined): Json {
  const inner = path.toReversed().reduce<readonly Json[]>((held, { name, type }) => [{ name, type, options: held }], options)
  return {
    id: command.id,
    name: command.name,
    type: 1,
    ...(command.guild_id !== undefined && { guild_id: command.guild_id }),
    ...(inner.length > 0 && { options: inner }),
    ...(resolved && { resolved }),
  }
}

function pick(
  options: readonly { readonly label?: unknown; readonly value?: unknown }[],
  chosen: readonly string[],
  menu: string,
): string[] {
  return chosen.map((one) => {
    const option = options.find(({ label, value }) => label === one || value === one)
    if (!option) throw new Error(`"${menu}" offers no "${one}", only: ${options.map(({ label }) => String(label)).join(', ')}`)
    return String(option.value)
  })
}
