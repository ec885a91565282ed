// Purpose: the line to Discord's gateway: what comes in by it, and what the operator is told of it.
import { setTimeout as sleep } from 'node:timers/promises'
import { type SessionInfo, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws'
import {
  type APIInteraction,
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  type GatewayGuildCreateDispatchData,
  GatewayIntentBits,
  type REST,
} from 'discord.js'
import type { Logger } from 'pino'
import { wordsOf } from './errors.ts'

export interface GatewayParts {
  readonly token: string
  readonly rest: REST
  readonly log: Logger
  readonly onInteraction: (interaction: APIInteraction) => void
  /** The bot is in this guild: it has just been added, or the line has just been opened. */
  readonly onGuild: (guild: GatewayGuildCreateDispatchData, botUser: string) => void
  readonly onRemoved: (guild: string) => void
  /** All guilds of one shard, when its session begins: whoever is missing was left while we were away. */
  readonly onGuilds: (guilds: readonly string[], shard: number, shards: number) => void
}

export interface Gateway {
  /** Keeps trying until it is connected or closed. */
  open(): Promise<void>
  close(): Promise<void>
}

/** Closings after which there is no point in trying again (https://discord.com/developers/docs/topics/opcodes-and-status-codes). */
const fatal: Readonly<Record<number, string>> = {
  4004: 'DISCORD_TOKEN: Discord refused the token. Reset it in the developer portal (Bot → Reset Token), set the new one and start again',
  4010: 'Discord refused the shard; start again',
  4011: 'Discord wants more shards; start again',
  4012: 'Discord no longer speaks this version of its gateway; update the program',
  4013: 'Discord does not know the intents that were asked for; update the program',
  4014: 'Discord refused the intents: the club asks for Guilds only, which every application may; look at the application in the developer portal',
}

const longestWaitMs = 60_000
const closePatienceMs = 1_000
const warnEveryMs = 60_000

export function createGateway({ token, rest, log, ...on }: GatewayParts): Gateway {
  // A line of its own each: the library's default keeps the sessions of all lines of a process in one place.
  const sessions = new Map<number, SessionInfo>()
  const manager = new WebSocketManager({
    token,
    rest,
    intents: GatewayIntentBits.Guilds,
    retrieveSessionInfo: (shard) => sessions.get(shard) ?? null,
    updateSessionInfo: (shard, session) => {
      if (session) sessions.set(shard, session)
      else sessions.delete(shard)
    },
  })
  let botUser = ''
  let warnedAt = 0
  /** While Discord is out of reach the library tries twice a second. */
  function warnOfClosing(shard: number, code: number): void {
    if (Date.now() - warnedAt < warnEveryMs) return
    warnedAt = Date.now()
    log.warn({ shard, code }, 'discord: the line was closed; it is opened again')
  }
  const closing = new AbortController()

  async function dispatch({ t, d }: GatewayDispatchPayload, shard: number): Promise<void> {
    switch (t) {
      case GatewayDispatchEvents.Ready:
        botUser = d.user.id
        log.info({ shard, guilds: d.guilds.length }, 'discord: connected')
        on.onGuilds(
          d.guilds.map(({ id }) => id),
          shard,
          d.shard?.[1] ?? 1,
        )
        break
      case GatewayDispatchEvents.Resumed:
        log.info({ shard }, 'discord: connected again')
        break
      case GatewayDispatchEvents.GuildCreate:
        if (!d.unavailable) on.onGuild(d, botUser)
        break
      case GatewayDispatchEvents.GuildDelete:
        // Unavailable is an outage of Discord's, no removal.
        if (!d.unavailable) on.onRemoved(d.id)
        break
      case GatewayDispatchEvents.InteractionCreate:
        on.onInteraction(d)
        break
    }
  }
  manager.on(WebSocketShardEvents.Dispatch, ({ data, shardId }) => void dispatch(data, shardId))
  manager.on(WebSocketShardEvents.Closed, ({ code, shardId }) => {
    if (fatal[code]) log.fatal({ shard: shardId, code }, fatal[code])
    else if (!closing.signal.aborted) warnOfClosing(shardId, code)
  })
  manager.on(WebSocketShardEvents.Error, ({ error, shardId }) =>
    log.error({ shard: shardId, reason: error.message }, 'discord: the line failed'),
  )

  let opening: Promise<void> = Promise.resolve()

  async function open(): Promise<void> {
    for (let wait = 1_000; !closing.signal.aborted; wait = Math.min(2 * wait, longestWaitMs)) {
      try {
        await manager.connect()
        return
      } catch (error) {
        log.error({ reason: wordsOf(error), retryInMs: wait }, 'discord: could not connect')
        await sleep(wait, undefined, { signal: closing.signal, ref: false }).catch(() => {})
      }
    }
  }

  return {
    open() {
      opening = open()
      return opening
    },
    async close() {
      closing.abort()
      // The library cannot close a line that is still being opened, and may wait for ever for one that is dead.
      await Promise.race([opening, sleep(closePatienceMs, undefined, { ref: false })])
      await Promise.race([manager.destroy(), sleep(closePatienceMs, undefined, { ref: false })])
    },
  }
}
