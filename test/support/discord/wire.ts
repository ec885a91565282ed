// Purpose: small facts of Discord's protocol that several files share: permissions, flags, ids, refusals.
import { setTimeout as sleep } from 'node:timers/promises'

export type Json = Record<string, unknown>

/** The permission bits that matter to a bot which posts, answers and opens threads. */
export const permission = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useApplicationCommands: 1n << 31n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
} as const

export const everyPermission = (1n << 53n) - 1n

/** What a bot is usually invited with: it sees, posts, embeds, attaches, reads and opens threads. */
export const usualBotPermissions =
  permission.viewChannel |
  permission.sendMessages |
  permission.embedLinks |
  permission.attachFiles |
  permission.readMessageHistory |
  permission.createPublicThreads |
  permission.sendMessagesInThreads

/** What @everyone may do. */
export const usualMemberPermissions = usualBotPermissions | permission.useApplicationCommands

export const flag = { hasThread: 1 << 5, ephemeral: 1 << 6, loading: 1 << 7, componentsV2: 1 << 15 } as const

// A plain number: the enums of flags in the types have no member for none.
export const noFlags: number = 0

export const uploadLimit = 25 * 1024 * 1024

/** An error answer of the REST API. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly errors: Json | undefined

  constructor(status: number, code: number, message: string, errors?: Json) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }

  get body(): Json {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) }
  }
}

export const refusals = {
  route: () => new Refusal(404, 0, '404: Not Found'),
  unauthorized: () => new Refusal(401, 0, '401: Unauthorized'),
  unknownChannel: () => new Refusal(404, 10003, 'Unknown Channel'),
  unknownGuild: () => new Refusal(404, 10004, 'Unknown Guild'),
  unknownMessage: () => new Refusal(404, 10008, 'Unknown Message'),
  unknownWebhook: () => new Refusal(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refusal(404, 10062, 'Unknown interaction'),
  alreadyAnswered: () => new Refusal(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refusal(403, 50001, 'Missing Access'),
  foreignMessage: () => new Refusal(403, 50005, 'Cannot edit a message authored by another user'),
  emptyMessage: () => new Refusal(400, 50006, 'Cannot send an empty message'),
  missingPermissions: () => new Refusal(403, 50013, 'Missing Permissions'),
  tokenExpired: () => new Refusal(401, 50027, 'Invalid Webhook Token'),
  threadExists: () => new Refusal(400, 160004, 'A thread has already been created for this message'),
  tooLarge: () => new Refusal(413, 40005, 'Request entity too large'),
  notJson: () => new Refusal(400, 50109, 'The request body contains invalid JSON.'),
}

const epoch = 1_420_070_400_000n
let lastId = 0n

/** A new id that tells its time of birth. Ids only ever grow, as clients page by them. */
export function snowflake(at: number): string {
  const id = (BigInt(Math.floor(at)) - epoch) << 22n
  lastId = id > lastId ? id : lastId + 1n
  return String(lastId)
}

/** The id of something that was made a while ago. */
export function pastSnowflake(at: number): string {
  const own = BigInt(snowflake(at)) & 0x3fffffn
  return String(((BigInt(Math.floor(at)) - epoch) << 22n) | own)
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

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
