// Purpose: what Slack's refusals mean for the club, in words that hold no token and nothing that a member wrote.
import { webApi } from '@slack/bolt'
import { type FailureSort, networkCode, wasNeverSent } from '../../chat/network.ts'
import { AccessRefused, ChannelClosed, MessageGone, NotPosted } from '../../chat/room.ts'

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors: the channel is gone, or not for us. */
const channelClosed = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
])

/** The same list: the token is no token any more, or its owner is gone. */
const tokenRefused = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'])

/** The same list: there the token is good for nothing, whether it is one or not. */
const accessRefused = new Set([...tokenRefused, 'access_denied', 'org_login_required', 'team_access_not_granted', 'team_not_found'])

const messageGone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

/** “Some aspect of the operation may have succeeded”, says Slack of these. */
const inDoubt = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout'])

/** Slack's own word for a refusal, for example `channel_not_found`; undefined when it refused nothing. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined
}

/** How a failure stands in the log: Slack's and the network's in words, our own with where it came from. */
export const reasonOf = (error: unknown): { reason: string } | { err: unknown } =>
  error instanceof webApi.SlackError || error instanceof NotPosted || error instanceof AccessRefused || networkCode(error) !== ''
    ? { reason: wordsOf(error) }
    : { err: error }

/** True when Slack says that it takes this token for nothing. One such answer may be a mistake of Slack's. */
export const isRefusedToken = (error: unknown): boolean => tokenRefused.has(refusalOf(error) ?? '')

/** True when Slack lets us do nothing there, with this token or any. */
export const isRefusedAccess = (error: unknown): boolean => accessRefused.has(refusalOf(error) ?? '')

/** How long Slack asks to wait, ms; undefined when it does not. */
export function retryAfterMs(error: unknown): number | undefined {
  if (error instanceof webApi.WebAPIRateLimitedError) return error.retryAfter * 1000
  return refusalOf(error) === 'ratelimited' ? 1000 : undefined
}

/** The failure of a post or an edit as the outbox understands it. Anything but the known kinds means that it may have arrived. */
export function meaningOf(error: unknown): Error {
  const words = wordsOf(error)
  if (error instanceof NotPosted || error instanceof AccessRefused) return error
  const wait = retryAfterMs(error)
  if (wait !== undefined) return new NotPosted(words, wait)
  const refusal = refusalOf(error)
  if (refusal !== undefined) {
    if (channelClosed.has(refusal)) return new ChannelClosed(words)
    if (isRefusedAccess(error)) return new AccessRefused(words)
    if (messageGone.has(refusal)) return new MessageGone(words)
    return inDoubt.has(refusal) ? new Error(words) : new NotPosted(words)
  }
  return wasNeverSent(error) ? new NotPosted(words) : new Error(words)
}

/** The failure as an operator counts it. */
export function sortOf(error: unknown): FailureSort {
  if (retryAfterMs(error) !== undefined) return 'rate_limited'
  if (error instanceof webApi.WebAPIHTTPError) return error.statusCode >= 500 ? 'server_error' : 'rejected'
  const refusal = refusalOf(error)
  if (refusal === undefined) return 'unreachable'
  if (accessRefused.has(refusal)) return 'access_refused'
  if (channelClosed.has(refusal)) return 'closed'
  if (messageGone.has(refusal)) return 'gone'
  return inDoubt.has(refusal) ? 'server_error' : 'rejected'
}

/** What to write into the log: the library's errors carry addresses, heads and what was sent. */
export function wordsOf(error: unknown): string {
  if (error instanceof webApi.WebAPIPlatformError) {
    const { messages = [] } = error.data.response_metadata ?? {}
    return ['Slack answered', error.data.error, ...messages].join(' ')
  }
  if (error instanceof webApi.WebAPIRateLimitedError) return `Slack's rate limit asks to wait ${error.retryAfter} s`
  if (error instanceof webApi.WebAPIHTTPError) return `Slack answered ${error.statusCode}`
  if (error instanceof NotPosted || error instanceof AccessRefused) return error.message
  const code = networkCode(error)
  return `Slack could not be reached${code ? `: ${code}` : error instanceof Error ? `: ${error.name}` : ''}`
}
