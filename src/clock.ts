// Purpose: the club's clock: the machine's, plus what was moved forward by hand in the web room.
import { Temporal } from 'temporal-polyfill'
import type { App } from './app.ts'
import { UserError } from './chat/userError.ts'
import type { Store } from './store/store.ts'
import type { Text } from './text/index.ts'

export interface Clock {
  /** Epoch ms. */
  now(): number
  /** True once somebody moved it: the days that were jumped over stay jumped over. */
  isMoved(): boolean
  /** Moves the clock forward to an instant and runs every tick that is due on the way. It stays moved after a restart. */
  moveTo(target: number, app: Pick<App, 'tick' | 'idle' | 'nextDueAt'>): Promise<void>
}

/** What is due already is looked at again at the next tick, as the real clock would. */
const tickMs = 60_000
/** Ticks that may pass with something still due before the move gives up. */
const stuckTicks = 60
/** At most this far a call. */
const furthestMs = 400 * 86_400_000

export async function createClock(store: Store): Promise<Clock> {
  let offset = Number((await store.memo('clock-offset')) ?? 0)
  // Ticks while the clock is being moved see the moment they are due, not the machine's.
  let stopped: number | undefined
  const now = () => stopped ?? Date.now() + offset

  async function stepTo(at: number): Promise<void> {
    stopped = at
    offset = at - Date.now()
    // Both in one transaction: a clock that was moved and not seen by the heartbeat would look like an outage.
    await Promise.all([store.setMemo('clock-offset', String(offset)), store.setMemo('beat', String(at))])
  }

  let moving: Promise<void> = Promise.resolve()
  return {
    now,
    isMoved: () => offset !== 0,
    moveTo(target, app) {
      moving = moving.then(async () => {
        try {
          let stuck = 0
          for (let at = now(); at < target; ) {
            const due = (await app.nextDueAt()) ?? target
            stuck = due <= at ? stuck + 1 : 0
            if (stuck > stuckTicks)
              throw new Error(`something stays due at ${new Date(due).toISOString()} although ${stuckTicks} ticks went by`)
            at = Math.min(target, Math.max(due, at + tickMs))
            await stepTo(at)
            await app.tick(at, { moved: true })
            await app.idle()
          }
        } finally {
          stopped = undefined
        }
      })
      const move = moving
      moving = move.catch(() => {})
      return move
    },
  }
}

/** Where a request wants the clock: `{ now }` an ISO time, or `{ forward }` an ISO duration. Throws UserError. */
export function clockTarget(body: Readonly<Record<string, unknown>>, now: number, t: Text): number {
  const target = readTarget(body, now)
  if (target === undefined) throw new UserError('bad_input', t.errors.clockUnreadable)
  if (target < now) throw new UserError('clock', t.errors.clockBack)
  if (target - now > furthestMs) throw new UserError('clock', t.errors.clockTooFar)
  return target
}

function readTarget(body: Readonly<Record<string, unknown>>, now: number): number | undefined {
  try {
    if (typeof body.now === 'string' && body.forward === undefined) return Temporal.Instant.from(body.now).epochMilliseconds
    if (typeof body.forward !== 'string' || body.now !== undefined) return undefined
    const from = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC')
    return from.add(Temporal.Duration.from(body.forward)).epochMilliseconds
  } catch {
    return undefined
  }
}
