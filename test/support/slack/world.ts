// Purpose: the state of the loopback Slack: workspaces, people, conversations, messages, views, files, and what each person got to see.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

export type Json = Record<string, unknown>

export const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

export const appId = 'A0LOOPBACK1'

/** What the app asks for when it is installed, unless a test says otherwise. */
const usualScopes = [
  'commands',
  'chat:write',
  'users:read',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'files:read',
  'files:write',
]

/** A refusal of the Web API. */
export class Refusal extends Error {
  readonly messages: readonly string[]

  constructor(error: string, messages: readonly string[] = []) {
    super(error)
    this.messages = messages
  }

  get body(): Json {
    return { ok: false, error: this.message, ...(this.messages.length > 0 && { response_metadata: { messages: this.messages } }) }
  }
}

export interface User {
  readonly id: string
  /** The workspace they belong to. */
  readonly teamId: string
  name: string
  readonly handle: string
  realName: string
  tz: string
  readonly locale: string
  readonly admin: boolean
  readonly owner: boolean
  readonly guest: boolean
  readonly isBot: boolean
  deleted: boolean
}

export interface Message {
  readonly ts: string
  readonly channel: Channel
  /** The workspace whose app wrote it. */
  readonly teamId: string
  readonly userId: string
  readonly botId: string | undefined
  /** The only one who sees it. */
  readonly to: string | undefined
  text: string
  blocks: Json[]
  metadata: Json | undefined
  fileIds: string[]
  editedTimes: number
  gone: boolean
}

export interface Channel {
  readonly id: string
  readonly name: string
  readonly team: Team
  readonly isPrivate: boolean
  readonly isGeneral: boolean
  readonly sharedWith: Set<Team>
  /** Whom a direct message is with. */
  readonly dmWith: string | undefined
  readonly messages: Message[]
  botIn: boolean
  archived: boolean
  readOnly: boolean
  gone: boolean
}

export interface View {
  readonly id: string
  readonly kind: 'home' | 'modal'
  readonly team: Team
  readonly userId: string
  readonly rootId: string
  readonly previousId: string | undefined
  hash: string
  body: Json
}

export interface StoredFile {
  readonly id: string
  readonly teamId: string
  readonly name: string
  readonly length: number
  readonly alt: string | undefined
  readonly uploadKey: string
  title: string
  bytes: Buffer | undefined
  complete: boolean
  /** When Slack is through with it; before, blocks that show it are refused. */
  readyAt: number
  deleted: boolean
}

export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly enterprise: { readonly id: string; readonly name: string } | undefined
  readonly scopes: string[]
  readonly bot: User
  readonly botId: string
  readonly channels: Channel[]
  token: string
  /** Why the token is no good any more. */
  tokenError: string | undefined
}

export interface Trigger {
  readonly id: string
  readonly team: Team
  readonly userId: string
  readonly act: string
  readonly at: number
  /** The modal it was made in. */
  readonly viewId: string | undefined
  used: boolean
}

export interface ResponseUrl {
  readonly team: Team
  readonly userId: string
  readonly channel: Channel
  readonly act: string
  readonly original: Message | undefined
}

/** Something a person got to see. */
export type Effect = { readonly userId: string; readonly act?: string | undefined } & (
  | { readonly kind: 'message' | 'replaced' | 'dm'; readonly message: Message }
  | { readonly kind: 'modal' | 'home'; readonly view: View }
)

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
let lastId = 0

/** An id as Slack makes them: a letter for the kind, then capitals and digits. They differ in all servers of a process. */
export function newId(kind: string): string {
  lastId += 1
  const count = lastId.toString(36).toUpperCase().padStart(4, '0')
  return `${kind}0${[...randomBytes(5)].map((byte) => letters[byte % letters.length]).join('')}${count}`
}

export const secret = (bytes = 12): string => randomBytes(bytes).toString('hex')

/** Looks again every few milliseconds until there is something, and throws when the time is over. */
export async function until<T>(
  look: () => T,
  timeoutMs = 5000,
  what = 'what was waited for',
): Promise<Exclude<T, false | undefined | null>> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const found = look()
    if (found !== false && found !== undefined && found !== null) return found as Exclude<T, false | undefined | null>
    if (performance.now() > end) throw new Error(`${what} did not happen within ${timeoutMs} ms`)
    await sleep(4)
  }
}

export class World {
  readonly teams: Team[] = []
  readonly users = new Map<string, User>()
  readonly views = new Map<string, View>()
  /** The modals on each person's screen, the top one last. */
  readonly stacks = new Map<string, View[]>()
  /** By team and user. */
  readonly homes = new Map<string, View>()
  readonly files = new Map<string, StoredFile>()
  readonly triggers = new Map<string, Trigger>()
  readonly responses = new Map<string, ResponseUrl>()
  readonly responseUrls = new Map<string, number>()
  readonly effects: Effect[] = []
  /** Tokens that are good for every workspace of their organisation. */
  readonly orgTokens = new Set<string>()
  readonly codes = new Map<string, { readonly team: Team; readonly userId: string; readonly scope: string; readonly orgWide: boolean }>()
  triggerMs = 3000
  fileProcessingMs = 0
  private lastTs = 0

  /** Strictly increasing, as the ts of a message is its id. */
  ts(): string {
    this.lastTs = Math.max(this.lastTs + 1, Date.now() * 1000)
    return `${Math.floor(this.lastTs / 1_000_000)}.${String(this.lastTs % 1_000_000).padStart(6, '0')}`
  }

  addTeam(options: { id?: string; name?: string; enterprise?: string | { id: string; name: string }; scopes?: string[] } = {}): Team {
    const id = options.id ?? newId('T')
    const name = options.name ?? `team ${this.teams.length + 1}`
    const { enterprise } = options
    const bot = this.addUser({ teamId: id, name: '1%', handle: 'onepercent', isBot: true })
    const team: Team = {
      id,
      name,
      domain: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      enterprise: typeof enterprise === 'string' ? { id: enterprise, name: 'the enterprise' } : enterprise,
      scopes: options.scopes ?? [...usualScopes],
      bot,
      botId: newId('B'),
      channels: [],
      token: `xoxb-${secret()}`,
      tokenError: undefined,
    }
    this.teams.push(team)
    return team
  }

  addUser(options: Partial<User> & { readonly teamId: string; readonly name: string }): User {
    const user: User = {
      id: newId('U'),
      handle: options.name.toLowerCase().replaceAll(/\s+/g, '.'),
      realName: options.name,
      tz: 'Asia/Seoul',
      locale: 'ko-KR',
      admin: false,
      owner: false,
      guest: false,
      isBot: false,
      deleted: false,
      ...options,
    }
    this.users.set(user.id, user)
    return user
  }

  addChannel(team: Team, options: Partial<Omit<Channel, 'team' | 'messages'>> & { readonly name: string }): Channel {
    const channel: Channel = {
      id: newId(options.dmWith === undefined ? 'C' : 'D'),
      isPrivate: false,
      isGeneral: false,
      sharedWith: new Set(),
      dmWith: undefined,
      botIn: true,
      archived: false,
      readOnly: false,
      gone: false,
      ...options,
      team,
      messages: [],
    }
    team.channels.push(channel)
    return channel
  }

  team(id: string): Team {
    const found = this.teams.find((team) => team.id === id)
    if (!found) throw new Error(`there is no team ${id}`)
    return found
  }

  /** The workspace of an organisation that a call with its one token is about. */
  within(team: Team, { channel, user, user_id, trigger_id, view_id }: Json): Team {
    const own = this.teams.filter((one) => one === team || (one.enterprise !== undefined && one.enterprise.id === team.enterprise?.id))
    const person = this.users.get(String(user ?? user_id ?? channel))
    return (
      this.triggers.get(String(trigger_id))?.team ??
      this.views.get(String(view_id))?.team ??
      own.find(({ channels }) => channels.some(({ id }) => id === channel)) ??
      own.find(({ id }) => id === person?.teamId) ??
      team
    )
  }

  /** A conversation that people of the team can be in. */
  channel(team: Team, id: string): Channel | undefined {
    return this.teams
      .flatMap((one) => one.channels)
      .find((channel) => channel.id === id && !channel.gone && (channel.team === team || channel.sharedWith.has(team)))
  }

  dm(team: Team, userId: string): Channel {
    return team.channels.find(({ dmWith }) => dmWith === userId) ?? this.addChannel(team, { name: 'directmessage', dmWith: userId })
  }

  message(channelId: string, ts: string): Message | undefined {
    return this.teams
      .flatMap((team) => team.channels)
      .find(({ id }) => id === channelId)
      ?.messages.find((message) => message.ts === ts)
  }

  isFile(team: Team): (id: string) => boolean {
    return (id) => {
      const file = this.files.get(id)
      const owner = this.teams.find((one) => one.id === file?.teamId)
      const isOurs = owner === team || (owner?.enterprise !== undefined && owner.enterprise.id === team.enterprise?.id)
      return file !== undefined && isOurs && file.complete && !file.deleted && Date.now() >= file.readyAt
    }
  }

  homeOf(team: Team, userId: string): View | undefined {
    return this.homes.get(`${team.id} ${userId}`)
  }

  trigger(team: Team, userId: string, act: string, viewId?: string): string {
    const id = `${Date.now()}.${newId('')}.${secret(8)}`
    this.triggers.set(id, { id, team, userId, act, at: performance.now(), viewId, used: false })
    return id
  }

  /** Takes a trigger for the once that it is good for. */
  take(team: Team, id: string): Trigger {
    const trigger = this.triggers.get(id)
    if (!trigger || trigger.team !== team) throw new Refusal('invalid_trigger_id')
    if (trigger.used) throw new Refusal('exchanged_trigger_id')
    if (performance.now() - trigger.at > this.triggerMs) throw new Refusal('expired_trigger_id')
    trigger.used = true
    return trigger
  }
}

/** Blocks as Slack keeps them: each with an id. */
export function kept(blocks: unknown): Json[] {
  const list = Array.isArray(blocks) ? blocks.filter(isRecord) : []
  return list.map((block) => ({ ...structuredClone(block), block_id: block.block_id ?? secret(3) }))
}
