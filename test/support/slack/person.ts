// Purpose: people who use the bot as members do, and see what members see.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'
import type { Brought, Delivery, Kind } from './delivery.ts'
import { userJson } from './methods.ts'
import { type Actor, commandPayload, eventPayload, inputState, shortcutPayload, submitPayload, tapPayload, type Way } from './payloads.ts'
import { open, update, viewJson } from './posting.ts'
import { buttonsOf, type SeenMessage, type SeenView, seeMessage, seeView } from './seen.ts'
import { type Channel, isRecord, type Json, type Message, newId, Refusal, type Team, type User, type View } from './world.ts'

export interface PersonOptions {
  readonly team: { readonly id: string }
  readonly name: string
  readonly handle?: string
  readonly realName?: string
  readonly tz?: string
  readonly locale?: string
  readonly admin?: boolean
  readonly owner?: boolean
  readonly guest?: boolean
  /** For somebody from another workspace, in a shared channel. */
  readonly homeTeam?: { readonly id: string }
}

export interface Act {
  /** The team's first channel, unless told. */
  readonly channel?: { readonly id: string }
  /** How long to wait for a first effect. */
  readonly patienceMs?: number
}

/** What came of an act, as far as the person can see. */
export interface Outcome {
  /** No acknowledgement came in time, or not a good one. */
  readonly failed?: true
  readonly ackMs: number
  readonly ack: unknown
  /** The first that is for this person's eyes alone, new or replaced. */
  readonly message?: SeenMessage
  readonly replaced: boolean
  readonly messages: readonly SeenMessage[]
  /** On top of the screen, if it opened or changed. */
  readonly modal?: SeenView
  readonly home?: SeenView
  /** Of a form, by label. */
  readonly errors?: Readonly<Record<string, string>>
  /** The form went away. */
  readonly closed?: boolean
  /** In the direct messages with the bot. */
  readonly dm?: SeenMessage
}

export interface Surroundings {
  readonly api: Api
  readonly delivery: Delivery
}

interface Place {
  readonly channel?: Channel
  readonly original?: Message
  readonly viewId?: string
}

type AfterAck = { errors?: Record<string, string>; closed?: true; failed?: true }

export class Person {
  readonly user: User
  private readonly actor: Actor
  private readonly around: Surroundings

  constructor(around: Surroundings, actor: Actor) {
    this.around = around
    this.actor = actor
    this.user = actor.user
  }

  get id(): string {
    return this.user.id
  }

  get userId(): string {
    return this.user.id
  }

  get team(): Team {
    return this.actor.team
  }

  get name(): string {
    return this.user.name
  }

  get handle(): string {
    return this.user.handle
  }

  get locale(): string {
    return this.user.locale
  }

  get home(): SeenView | undefined {
    const view = this.actor.world.homeOf(this.actor.team, this.id)
    return view && seeView(this.actor.world, view)
  }

  /** The modal on top of the screen. */
  get modal(): SeenView | undefined {
    const view = this.actor.world.stacks.get(this.id)?.at(-1)
    return view && seeView(this.actor.world, view)
  }

  /** What this person alone was shown, in the order it came. */
  get privateMessages(): readonly SeenMessage[] {
    const { world, team } = this.actor
    const all = team.channels.flatMap(({ messages }) => messages).filter(({ to, gone }) => to === this.id && !gone)
    return all.map((message) => seeMessage(world, message))
  }

  /** The direct messages with the bot. */
  get inDm(): readonly SeenMessage[] {
    const { world, team } = this.actor
    const all = world.dm(team, this.id).messages.filter(({ to, gone }) => to === undefined && !gone)
    return all.map((message) => seeMessage(world, message))
  }

  types(line: string, act: Act = {}): Promise<Outcome> {
    return this.command(line, this.channelOf(act.channel?.id), act)
  }

  typesInDm(line: string, act: Act = {}): Promise<Outcome> {
    return this.command(line, this.actor.world.dm(this.actor.team, this.id), act)
  }

  taps(on: SeenMessage | SeenView, label: string, act: Act = {}): Promise<Outcome> {
    const { world } = this.actor
    const shown = 'kind' in on ? { view: this.viewOf(on.id) } : { message: this.messageOf(on) }
    const blocks = 'view' in shown ? (shown.view.body.blocks as Json[]) : shown.message.blocks
    const buttons = buttonsOf(blocks)
    const button = buttons.find((one) => one.label === label)
    if (!button) throw new Error(`there is no button ${label}; there are: ${buttons.map((one) => one.label).join(', ')}`)
    const place = 'view' in shown ? { viewId: shown.view.id } : { channel: shown.message.channel, original: shown.message }
    return this.acts('interaction', (way) => tapPayload({ ...this.actor, world }, shown, button, way), act, place)
  }

  tapsTwice(on: SeenMessage | SeenView, label: string, act: Act = {}): Promise<[Outcome, Outcome]> {
    return Promise.all([this.taps(on, label, act), this.taps(on, label, act)])
  }

  submits(seen: SeenView, given: Readonly<Record<string, string>>, act: Act = {}): Promise<Outcome> {
    const view = this.viewOf(seen.id)
    const { fields } = seeView(this.actor.world, view)
    const unknown = Object.keys(given).filter((key) => !fields.some(({ label, blockId }) => key === label || key === blockId))
    if (unknown.length > 0)
      throw new Error(`there is no field ${unknown.join(', ')}; there are: ${fields.map(({ label }) => label).join(', ')}`)
    const values: Json = {}
    const local: Record<string, string> = {}
    for (const { blockId, label, required, maxLength } of fields) {
      const block = (view.body.blocks as Json[]).find(({ block_id }) => block_id === blockId)
      const element = isRecord(block?.element) ? block.element : {}
      const state = inputState(element, given[label] ?? given[blockId])
      values[blockId] = { [String(element.action_id)]: state }
      // Slack's own client sends no form that lacks something or has too much.
      if (required && !state.value && !state.selected_option) local[label] = 'Please complete this required field.'
      if (maxLength !== undefined && String(state.value ?? '').length > maxLength) local[label] = `At most ${maxLength} characters.`
    }
    if (Object.keys(local).length > 0)
      return Promise.resolve({ ackMs: 0, ack: undefined, replaced: false, messages: [], errors: local, modal: seen })
    const after = (ack: unknown, actId: string) => this.afterSubmission(view, ack, actId)
    return this.acts('interaction', (way) => submitPayload(this.actor, view, values, way), act, { viewId: view.id }, after)
  }

  shortcut(on: SeenMessage, callbackId: string, act: Act = {}): Promise<Outcome> {
    const message = this.messageOf(on)
    const place = { channel: message.channel, original: message }
    return this.acts('interaction', (way) => shortcutPayload(this.actor, message, callbackId, way), act, place)
  }

  opensHome(act: Act = {}): Promise<Outcome> {
    const { world, team } = this.actor
    const view = world.homeOf(team, this.id)
    const event = { type: 'app_home_opened', user: this.id, channel: world.dm(team, this.id).id, tab: 'home', event_ts: world.ts() }
    return this.acts('event', () => eventPayload(team, { ...event, ...(view && { view: viewJson(view) }) }), act)
  }

  writes(channel: { readonly id: string }, text: string): SeenMessage {
    const { world, team } = this.actor
    const message: Message = {
      ...{ ts: world.ts(), channel: this.channelOf(channel.id), teamId: team.id, userId: this.id, botId: undefined, to: undefined },
      ...{ text: this.sent(text), blocks: [], metadata: undefined, fileIds: [], editedTimes: 0, gone: false },
    }
    message.channel.messages.push(message)
    return seeMessage(world, message)
  }

  deactivates(): Promise<Brought> {
    this.user.deleted = true
    return this.tellsOfChange()
  }

  reactivates(): Promise<Brought> {
    this.user.deleted = false
    return this.tellsOfChange()
  }

  changes({ name = this.user.name, tz = this.user.tz }: { name?: string; tz?: string }): Promise<Brought> {
    Object.assign(this.user, { name, tz })
    return this.tellsOfChange()
  }

  /** Whatever the payload says, as if Slack had made it. */
  forges(kind: Kind, payload: Json, act: Act = {}): Promise<Outcome> {
    return this.acts(kind, () => payload, act)
  }

  private tellsOfChange(): Promise<Brought> {
    const { world, team, user } = this.actor
    const event = { type: 'user_change', user: { ...userJson(user), locale: user.locale }, cache_ts: Math.floor(Date.now() / 1000) }
    return this.around.delivery.bring('event', eventPayload(team, { ...event, event_ts: world.ts() }))
  }

  private command(line: string, channel: Channel, act: Act): Promise<Outcome> {
    const [, command = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(line) ?? []
    if (command === '') throw new Error(`${line} is no command`)
    return this.acts('command', (way) => commandPayload(this.actor, channel, command, this.sent(text).trimEnd(), way), act, { channel })
  }

  /** Text as Slack hands it on: escaped, with people, groups (`@handle|S0ID`) and everybody by their ids, and addresses as links. */
  private sent(text: string): string {
    const users = [...this.actor.world.users.values()].filter(({ isBot }) => !isBot)
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const linked = escaped.replaceAll(/https?:\/\/\S+/g, '<$&>')
    return linked.replaceAll(/@([\p{L}\p{N}._-]+)(?:\|(S[A-Z0-9]+))?/gu, (typed, handle: string, group?: string) => {
      if (group !== undefined) return `<!subteam^${group}|@${handle}>`
      if (['channel', 'here', 'everyone'].includes(handle)) return `<!${handle}>`
      const user = users.find((one) => one.handle === handle)
      return user ? `<@${user.id}|${user.handle}>` : typed
    })
  }

  private channelOf(id: string | undefined): Channel {
    const { world, team } = this.actor
    const first = team.channels.find(({ dmWith, gone }) => dmWith === undefined && !gone)
    const channel = id === undefined ? first : world.channel(team, id)
    if (!channel) throw new Error(`there is no channel ${id ?? ''} in ${team.name}`)
    return channel
  }

  private messageOf({ channelId, id }: SeenMessage): Message {
    const message = this.actor.world.message(channelId, id)
    if (!message || message.gone) throw new Error(`the message ${id} is gone`)
    if (message.to !== undefined && message.to !== this.id) throw new Error(`${this.name} does not see the message ${id}`)
    return message
  }

  private viewOf(id: string): View {
    const { world, team } = this.actor
    const view = world.views.get(id)
    if (!view || (world.stacks.get(this.id)?.at(-1) !== view && world.homeOf(team, this.id) !== view))
      throw new Error(`${this.name} does not have the view ${id} on the screen`)
    return view
  }

  private afterSubmission(view: View, ack: unknown, act: string): AfterAck {
    const { world, team } = this.actor
    const stack = world.stacks.get(this.id) ?? []
    const answer = isRecord(ack) ? ack : {}
    if (answer.response_action === 'errors') {
      const inputs = new Map(seeView(world, view).fields.map(({ blockId, label }) => [blockId, label]))
      const errors = Object.entries(isRecord(answer.errors) ? answer.errors : {})
      // Slack's client then says that there was trouble connecting.
      if (errors.length === 0 || errors.some(([key]) => !inputs.has(key))) return { failed: true }
      return { errors: Object.fromEntries(errors.map(([key, text]) => [inputs.get(key) ?? key, String(text)])) }
    }
    try {
      if (answer.response_action === 'update') update(world, team, view.id, answer.view, undefined, act)
      else if (answer.response_action === 'push') open(world, { team, userId: this.id, act }, answer.view, 'push')
      else {
        const isCleared = answer.response_action === 'clear'
        world.stacks.set(this.id, isCleared ? [] : stack.filter((one) => one !== view))
        return { closed: true }
      }
    } catch (error) {
      if (error instanceof Refusal) return { failed: true }
      throw error
    }
    return {}
  }

  /** Does it, and looks until there is something to see. */
  private async acts(
    kind: Kind,
    payload: (way: Way) => Json,
    { patienceMs = 5000 }: Act,
    place: Place = {},
    after?: (ack: unknown, act: string) => AfterAck,
  ): Promise<Outcome> {
    const { world, team } = this.actor
    const { api, delivery } = this.around
    const act = newId('act')
    const before = world.effects.length
    const { channel, original } = place
    const response = channel && { team, userId: this.id, channel, act, original }
    const responseUrl = response && api.responseUrl(response)
    const way = { triggerId: world.trigger(team, this.id, act, place.viewId), ...(responseUrl !== undefined && { responseUrl }) }
    const brought = await delivery.bring(kind, payload(way), { patienceMs })
    // The wait for a connection is not taken from the wait for an effect.
    const end = performance.now() + patienceMs
    const then: AfterAck = brought.failed ? {} : (after?.(brought.ack, act) ?? {})
    let isBroken = false
    if (kind === 'command' && !brought.failed && response && brought.ack) {
      const shown = isRecord(brought.ack) ? brought.ack : { text: String(brought.ack) }
      try {
        api.show(response, shown)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        isBroken = true
      }
    }
    const failed = brought.failed ?? then.failed ?? isBroken
    // What is known to come of another act is not this one's; but a form is answered by the address of the act that opened it.
    const own = () =>
      world.effects.slice(before).filter((one) => one.userId === this.id && (after !== undefined || (one.act ?? act) === act))
    while (!failed && !then.errors && own().length === 0 && performance.now() < end) await sleep(4)
    await sleep(50)
    const effects = own()
    const messages = effects.flatMap((one) => (one.kind === 'message' || one.kind === 'replaced' ? [one] : []))
    const [first] = messages
    const dm = effects.flatMap((one) => (one.kind === 'dm' ? [one.message] : [])).at(0)
    const isOpen = effects.some((one) => one.kind === 'modal')
    const { modal, home } = this
    return {
      ...{ ackMs: brought.ackMs, ack: brought.ack, replaced: first?.kind === 'replaced' },
      ...(failed && { failed: true }),
      ...(first && { message: seeMessage(world, first.message) }),
      messages: [...new Set(messages.map(({ message }) => message))].map((message) => seeMessage(world, message)),
      ...(isOpen && modal && { modal }),
      ...(effects.some((one) => one.kind === 'home') && home && { home }),
      ...(then.errors && { errors: then.errors }),
      ...(then.closed && { closed: true }),
      ...(dm && { dm: seeMessage(world, dm) }),
    }
  }
}
