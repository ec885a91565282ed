// Purpose: how often a bot may call: a limit per route and channel, and one for everything.
import { createHash } from 'node:crypto'

export interface Limit {
  limit: number
  windowMs: number
}

/** What `take` says of one call. */
export interface Ruling {
  readonly headers: Record<string, string>
  readonly refused?: { readonly retryAfterS: number; readonly global: boolean }
}

interface Window {
  start: number
  used: number
}

/** Counts calls in windows that begin with their first call. */
export class Limits {
  perChannel: Limit = { limit: 5, windowMs: 5000 }
  global: Limit = { limit: 50, windowMs: 1000 }
  /** How many calls were refused with 429, by a limit or by a programmed fault. */
  refused = 0
  readonly #windows = new Map<string, Window>()

  #use(key: string, { limit, windowMs }: Limit): { remaining: number; resetMs: number } {
    const now = performance.now()
    const old = this.#windows.get(key)
    const window = old && now - old.start < windowMs ? old : { start: now, used: 0 }
    this.#windows.set(key, window)
    window.used += 1
    return { remaining: limit - window.used, resetMs: window.start + windowMs - now }
  }

  /** Counts a call of a route; `place` is the channel it goes to, if any. */
  take(route: string, place: string | undefined): Ruling {
    const all = this.#use('global', this.global)
    if (all.remaining < 0) return this.refusal(all.resetMs / 1000, 'global')
    if (place === undefined) return { headers: {} }
    const { remaining, resetMs } = this.#use(`${route} ${place}`, this.perChannel)
    const headers = {
      'x-ratelimit-limit': String(this.perChannel.limit),
      'x-ratelimit-remaining': String(Math.max(0, remaining)),
      'x-ratelimit-reset': ((Date.now() + resetMs) / 1000).toFixed(3),
      'x-ratelimit-reset-after': (resetMs / 1000).toFixed(3),
      'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
    }
    if (remaining >= 0) return { headers }
    const ruling = this.refusal(resetMs / 1000, 'user')
    return { ...ruling, headers: { ...headers, ...ruling.headers } }
  }

  /** A 429 and what stands in its head. */
  refusal(seconds: number, scope: 'user' | 'global' | 'shared'): Ruling & { refused: { retryAfterS: number; global: boolean } } {
    const retryAfterS = Math.ceil(seconds * 1000) / 1000
    this.refused += 1
    return {
      headers: {
        'retry-after': String(Math.ceil(seconds)),
        'x-ratelimit-scope': scope,
        ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
      },
      refused: { retryAfterS, global: scope === 'global' },
    }
  }
}
