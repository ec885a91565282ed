// Purpose: clubs on Discord, one a server: answers to people, posts in channels, and the bot's coming and going. The second room.
import {
  type APIInteraction,
  PermissionFlagsBits,
  type REST,
  type RESTGetAPICurrentUserGuildsResult,
  type RESTGetCurrentApplicationResult,
  Routes,
} from 'discord.js'
import type { Hono } from 'hono'
import type { Logger } from 'pino'
import { type FailureSort, keepTrying } from '../../chat/network.ts'
import { type CommandInfo, type Room, SettingRefused } from '../../chat/room.ts'
import { type AnswerParts, createAnswers } from './answers.ts'
import { sendFirstAnswer } from './callback.ts'
import { registerCommands } from './commands.ts'
import { code, isCode, isPlatformError, isRefusedToken, wordsOf } from './errors.ts'
import { createGateway } from './gateway.ts'
import { greetingChannel } from './greeting.ts'
import { interactionsEndpoint } from './http.ts'
import { nonceMs, requests } from './limits.ts'
import { createPace } from './pace.ts'
import { createPosts, tryMs } from './posts.ts'
import { clubOf, guildOf, roomName } from './read.ts'
import { DiscordRest, whole } from './rest.ts'

export interface DiscordRoomParts extends Omit<AnswerParts, 'rest' | 'log'> {
  readonly token: string
  /** Where the API is, without its version. */
  readonly api: string
  /** The one server whose commands are registered, for development; all servers otherwise. */
  readonly guild?: string | undefined
  /** Set when interactions come by HTTP, and not by the gateway. */
  readonly publicKey?: string | undefined
  readonly commands: () => readonly CommandInfo[]
  /** The ids of all clubs, of whatever room. */
  readonly clubs: () => Promise<readonly string[]>
  /** The bot is in a club's server; `channel` is where it may greet, empty when nobody knows one. */
  readonly arrive: (club: string, channel: string) => Promise<void>
  readonly leave: (club: string) => Promise<void>
  /** A request to Discord failed. */
  readonly failed: (sort: FailureSort) => void
  readonly log: Logger
}

export interface DiscordRoom extends Room {
  /** The endpoint for interactions, when they come by HTTP. */
  readonly http: Hono | undefined
  /** Makes itself known to Discord and listens. Trouble on the way is tried again; throws SettingRefused for what no trying mends. */
  open(): Promise<void>
  close(): Promise<void>
}

const timeoutMs = 20_000
/** A longer wait for a rate limit is spent in the outbox's table and not in its window. */
const rateLimitPatienceMs = 2_000
const answerTimeoutMs = 5_000
/** How often the list of servers is looked at where no event tells of a removal. */
const guildsEveryMs = 6 * 3_600_000
const guildsPage = 200
/** Who invited the bot so long ago knows it: whatever became of our memory, it does not say hello again. */
const newForMs = 86_400_000

/** What the bot asks for when it is invited; README says why each. */
const invitePermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.CreatePublicThreads

export function createDiscordRoom(parts: DiscordRoomParts): DiscordRoom {
  const { token, api, guild, publicKey, failed, log } = parts
  const inPace = createPace(requests)
  // The outbox does the retrying: an error here is about one try, so that it is known what may have arrived.
  const rest = new DiscordRest(
    {
      api,
      retries: 0,
      timeout: timeoutMs,
      // The library's own count knows nothing of how long a request is on its way.
      globalRequestsPerSecond: Number.POSITIVE_INFINITY,
      makeRequest: (url, init) => inPace(() => whole(url, init)),
      rejectOnRateLimit: ({ route, retryAfter }) => route.startsWith('/channels') && retryAfter > rateLimitPatienceMs,
    },
    failed,
  ).setToken(token)
  const answerRest = new DiscordRest(
    { api, retries: 2, timeout: answerTimeoutMs, globalRequestsPerSecond: Number.POSITIVE_INFINITY },
    failed,
  )
  const answers = createAnswers({ ...parts, rest: answerRest })
  const closing = new AbortController()
  const clubsHere = async () => (await parts.clubs()).flatMap((club) => guildOf(club) ?? [])

  // === Interactions by the gateway

  async function onInteraction(interaction: APIInteraction): Promise<void> {
    const word = await answers.firstWord(interaction, 'gateway')
    if (!word) return
    try {
      const { response: body, files } = word
      await sendFirstAnswer(answerRest, api, { ...interaction, body, files }, answerTimeoutMs)
    } catch (error) {
      if (!isCode(error, code.alreadyAnswered)) {
        log.warn({ interaction: interaction.id, reason: wordsOf(error) }, 'an interaction could not be answered')
        return
      }
    }
    await word.after?.()
  }

  // === Servers that come and go

  /** Whoever has a club and is not in the list was left while we were away. */
  async function compare(guilds: readonly string[], isOurs: (guild: string) => boolean): Promise<void> {
    const here = new Set(guilds)
    const left = (await clubsHere()).filter((known) => isOurs(known) && !here.has(known))
    for (const known of left) await watch(parts.leave(clubOf(known)), 'a removal could not be noted')
  }

  async function listGuilds(): Promise<void> {
    const guilds: string[] = []
    for (let after = '0'; ; after = guilds.at(-1) ?? '0') {
      const query = new URLSearchParams({ limit: String(guildsPage), after })
      const page = (await rest.get(Routes.userGuilds(), { query })) as RESTGetAPICurrentUserGuildsResult
      guilds.push(...page.map(({ id }) => id))
      if (page.length < guildsPage) break
    }
    for (const id of guilds) await watch(parts.arrive(clubOf(id), ''), 'a server could not be taken in')
    await compare(guilds, () => true)
  }

  const watch = (work: Promise<void>, what: string) =>
    work.catch((error) => log.error(isPlatformError(error) ? { reason: wordsOf(error) } : { err: error }, what))

  const gateway =
    publicKey === undefined
      ? createGateway({
          token,
          rest,
          log,
          onInteraction: (interaction) => watch(onInteraction(interaction), 'an interaction failed'),
          onGuild(joined, botUser) {
            const isNew = Date.now() - Date.parse(joined.joined_at) < newForMs
            const channel = isNew ? greetingChannel(joined, botUser) : undefined
            watch(parts.arrive(clubOf(joined.id), channel ?? ''), 'a server could not be taken in')
            if (commandsWait && joined.id === guild) watch(putCommands(application), 'the commands could not be registered')
          },
          onRemoved: (left) => watch(parts.leave(clubOf(left)), 'a removal could not be noted'),
          onGuilds: (guilds, shard, shards) =>
            watch(
              // https://discord.com/developers/docs/topics/gateway#sharding
              compare(guilds, (known) => Number((BigInt(known) >> 22n) % BigInt(shards)) === shard),
              'the list of servers could not be compared',
            ),
        })
      : undefined

  // === Opening

  let application = ''
  /** The one server for the commands has not been joined yet. */
  let commandsWait = false

  async function putCommands(id: string): Promise<void> {
    const changed = await registerCommands(rest, id, guild, parts.commands())
    commandsWait = false
    log.info({ commands: changed ? 'registered' : 'as they were', ...(guild && { guild }) }, 'discord: commands')
  }

  async function introduce(): Promise<void> {
    const { id, verify_key } = await applicationOf(rest)
    application = id
    if (publicKey !== undefined && verify_key !== publicKey.toLowerCase())
      throw new SettingRefused(
        'DISCORD_PUBLIC_KEY: it is not the key of this application. Copy it from the developer portal, General Information',
      )
    log.info({ invite: inviteLink(id) }, 'discord: invite the bot to a server with this link')
    try {
      await putCommands(id)
    } catch (error) {
      if (guild === undefined || !isCode(error, code.missingAccess)) throw error
      commandsWait = true
      log.warn({ guild }, `DISCORD_GUILD_ID: ${notInServer}`)
    }
    if (gateway) void gateway.open()
    else await listGuilds()
  }

  function isHopeless(error: unknown, retryInMs: number): boolean {
    const end = hopeless(error, guild)
    log[end ? 'fatal' : 'error']({ reason: end?.message ?? wordsOf(error), ...(!end && { retryInMs }) }, 'discord: not connected')
    return end !== undefined
  }

  return {
    name: roomName,
    // A try that begins at the last moment must still find its nonce known.
    remembersMs: nonceMs - tryMs,
    http: publicKey === undefined ? undefined : interactionsEndpoint({ publicKey, answers, log }),
    async open() {
      try {
        await introduce()
      } catch (error) {
        const end = hopeless(error, guild)
        if (end) throw end
        log.error({ reason: wordsOf(error) }, 'discord: not connected; it is tried again')
        void keepTrying(introduce, (failure, wait) => !isHopeless(failure, wait), closing.signal)
      }
      if (gateway) return
      const timer = setInterval(() => watch(listGuilds(), 'the list of servers could not be read'), guildsEveryMs)
      timer.unref()
      closing.signal.addEventListener('abort', () => clearInterval(timer))
    },
    async close() {
      closing.abort()
      await gateway?.close()
    },
    ...createPosts({ rest, filesOf: answers.filesOf, log }),
  }
}

const applicationOf = async (rest: REST) => (await rest.get(Routes.currentApplication())) as RESTGetCurrentApplicationResult

const notInServer = 'the bot is not in this server, so it has no commands there. Invite the bot, or remove the setting'

/** The failure that no trying mends, as a sentence for the operator; undefined when it may work later. */
function hopeless(error: unknown, guild: string | undefined): Error | undefined {
  if (error instanceof SettingRefused || error instanceof RangeError) return error
  if (isRefusedToken(error))
    return new SettingRefused('DISCORD_TOKEN: Discord refused it. Copy the token anew: developer portal, Bot, Reset Token')
  if (guild !== undefined && isCode(error, code.missingAccess)) return new SettingRefused(`DISCORD_GUILD_ID: ${notInServer}`)
  return undefined
}

type Access = Pick<DiscordRoomParts, 'token' | 'api' | 'guild'>

/** Asks Discord something without opening a line: for the operator's command line. Throws with a sentence that says what to do. */
async function ask<T>({ token, api, guild }: Access, question: (rest: REST) => Promise<T>): Promise<T> {
  try {
    return await question(new DiscordRest({ api, retries: 2 }, () => {}).setToken(token))
  } catch (error) {
    throw hopeless(error, guild) ?? new Error(wordsOf(error), { cause: error })
  }
}

/** The name of the application that the token belongs to. */
export function applicationName(access: Access): Promise<string> {
  return ask(access, async (rest) => (await applicationOf(rest)).name)
}

/** Registers the commands, if they changed. */
export function updateCommands(access: Access, commands: readonly CommandInfo[]) {
  return ask(access, async (rest) => {
    const { id, name } = await applicationOf(rest)
    return { name, changed: await registerCommands(rest, id, access.guild, commands), invite: inviteLink(id) }
  })
}

/** Where an organiser adds the bot to a server. */
function inviteLink(application: string): string {
  const query = new URLSearchParams({ client_id: application, scope: 'bot applications.commands', permissions: String(invitePermissions) })
  return `https://discord.com/oauth2/authorize?${query}`
}
