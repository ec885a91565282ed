// Purpose: what a failed request to a platform says by itself: whether it can have arrived, and how to go on trying.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What a failed request to a platform means, as an operator counts it: it asks to wait, failed on its side, could not be reached or did not
 * answer, takes our key no more, lets us not into a channel, has nothing left to change, or takes our request for wrong.
 */
export type FailureSort = 'rate_limited' | 'server_error' | 'unreachable' | 'access_refused' | 'closed' | 'gone' | 'rejected'

/** Failures before anything was sent: whatever it was, it did not arrive. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** The network's own code for a failure, wherever the library put it; empty when there is none. */
export function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = 'original' in at ? at.original : at.cause) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('slack_')) return at.code
  }
  return ''
}

export const wasNeverSent = (error: unknown): boolean => neverSent.has(networkCode(error))

const waits = { firstMs: 2_000, longestMs: 60_000 }

/**
 * Tries until it is done, waiting twice as long each time, at most a minute. `failed` hears of each failure and of the wait until the next
 * try, and says whether there shall be one.
 */
export async function keepTrying(
  attempt: () => Promise<void>,
  failed: (error: unknown, retryInMs: number) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let wait = waits.firstMs; !signal.aborted; wait = Math.min(2 * wait, waits.longestMs)) {
    await sleep(wait, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    try {
      return await attempt()
    } catch (error) {
      if (!failed(error, wait)) return
    }
  }
}
