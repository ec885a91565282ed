// Purpose: what Discord's refusals mean for the club, in words that hold no token and nothing that a member wrote.
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { type FailureSort, networkCode, wasNeverSent } from '../../chat/network.ts'
import { ChannelClosed, MessageGone, NotPosted } from '../../chat/room.ts'

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export const code = {
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  alreadyAnswered: 40_060,
  invalidWebhookToken: 50_027,
  threadExists: 160_004,
  missingAccess: 50_001,
} as const

/** True for an answer of Discord's with this code. */
export function isCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.includes(Number(error.code))
}

/** True when Discord says that it does not take our token. One such answer may be a mistake of Discord's. */
export const isRefusedToken = (error: unknown): boolean => error instanceof DiscordAPIError && error.status === 401

/** True for failures between Discord and us, and not of our own making. */
export function isPlatformError(error: unknown): boolean {
  return error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError || networkCode(error) !== ''
}

/** The failure of a post or an edit as the outbox understands it. Anything but the four kinds means that it may have arrived. */
export function meaningOf(error: unknown): Error {
  const words = wordsOf(error)
  if (error instanceof RateLimitError) return new NotPosted(words, error.retryAfter)
  if (error instanceof DiscordAPIError) {
    if (isCode(error, code.unknownMessage)) return new MessageGone(words)
    if (error.status === 403 || error.status === 404) return new ChannelClosed(words)
    if (error.status < 500) return new NotPosted(words)
  }
  if (wasNeverSent(error)) return new NotPosted(words)
  return new Error(words)
}

/** The failure as an operator counts it. */
export function sortOf(error: unknown): FailureSort {
  if (error instanceof RateLimitError) return 'rate_limited'
  if (isRefusedToken(error)) return 'access_refused'
  if (isCode(error, code.unknownMessage, code.unknownInteraction, code.unknownWebhook, code.invalidWebhookToken)) return 'gone'
  if (!(error instanceof DiscordAPIError || error instanceof HTTPError)) return 'unreachable'
  if (error.status >= 500) return 'server_error'
  return error.status === 403 || error.status === 404 ? 'closed' : 'rejected'
}

/** What to write into the log: the platform's errors carry addresses with tokens, and the texts that were sent. */
export function wordsOf(error: unknown): string {
  if (error instanceof DiscordAPIError)
    return `Discord answered ${error.status}, ${error.code} ${error.rawError && 'message' in error.rawError ? error.rawError.message : ''}`
  if (error instanceof HTTPError) return `Discord answered ${error.status}`
  if (error instanceof RateLimitError) return `Discord's rate limit asks to wait ${error.retryAfter} ms${error.global ? ' everywhere' : ''}`
  const code = networkCode(error)
  return `Discord could not be reached${code ? `: ${code}` : error instanceof Error ? `: ${error.name}` : ''}`
}
