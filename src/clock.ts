// Purpose: the club's clock: the machine's, which may be set at any moment, plus what was moved forward by hand in the web room.
import { uptime } from 'node:os'
import cron from 'node-cron'
import type { Logger } from 'pino'
import { Temporal } from 'temporal-polyfill'
import type { App } from './app.ts'
import { UserError } from './chat/userError.ts'
import type { Store } from './store/store.ts'
import type { Text } from './text/index.ts'

/** The machine's two clocks, ms. */
export interface Machine {
  /** Since the epoch; somebody, or a time server, may set it. */
  wall(): number
  /** Since the machine began. Nobody sets it, and it goes on while the machine sleeps. */
  uptime(): number
}

export const machine: Machine = { wall: Date.now, uptime: () => Math.round(uptime() * 1000) }

export interface Clock {
  /** Epoch ms. */
  now(): number
  /** True once somebody moved it: the days that were jumped over stay jumped over. */
  isMoved(): boolean
  /** Moves the clock forward to an instant and runs every tick that is due on the way. It stays moved after a restart. */
  moveTo(target: number, app: Pick<App, 'tick' | 'idle' | 'nextDueAt'>): Promise<void>
  /** Calls `tick` at each full minute and never two at once; the answer stops that. A clock that is set makes no minute longer. */
  everyMinute(tick: (now: number) => Promise<void>): () => Promise<void>
}

/** What is due already is looked at again at the next tick, as the real clock would. */
const tickMs = 60_000
/** Ticks that may pass with something still due before the move gives up. */
const stuckTicks = 60
/** At most this far a call. */
const furthestMs = 400 * 86_400_000

/** The wall clock was set when it moves against the uptime by more than this at once. */
const jumpMs = 60_000
/** Wrong time servers are mostly put right within minutes: what a clock was set to is believed when it has gone on from there for so long. */
const believedAfterMs = 600_000

/** The time of day, from a wall clock that may be set: forward and back again within minutes, nothing was. */
export function steadyTime({ wall, uptime }: Machine, log: Logger): () => number {
  let began = wall() - uptime()
  let jump: { readonly began: number; readonly since: number } | undefined
  const isNear = (a: number, b: number) => Math.abs(a - b) <= jumpMs

  return () => {
    const up = uptime()
    const seen = wall() - up
    if (isNear(seen, began)) {
      began = seen
      jump = undefined
    } else if (!jump || !isNear(seen, jump.began)) {
      jump = { began: seen, since: up }
      log.warn({ byMs: seen - began, believedInMs: believedAfterMs }, 'the machine’s clock was set')
    } else if (up - jump.since >= believedAfterMs) {
      log.warn({ byMs: seen - began }, 'the machine’s clock is believed')
      began = seen
      jump = undefined
    }
    return began + up
  }
}

export async function createClock(store: Store, machine: Machine, log: Logger): Promise<Clock> {
  const time = steadyTime(machine, log)
  let offset = Number((await store.memo('clock-offset')) ?? 0)
  // Ticks while the clock is being moved see the moment they are due, not the machine's.
  let stopped: number | undefined
  const now = () => stopped ?? time() + offset

  async function stepTo(at: number): Promise<void> {
    stopped = at
    offset = at - time()
    // Both in one transaction: a clock that was moved and not seen by the heartbeat would look like an outage after a restart.
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
            await app.tick(at)
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
    everyMinute(tick) {
      let rangAt = machine.uptime()
      const rings = () => {
        rangAt = machine.uptime()
        return tick(now())
      }
      const schedule = cron.schedule('* * * * *', rings, { noOverlap: true })
      // After a clock fell back node-cron waits for the minute that it had planned, hours on; begun anew, it plans anew.
      const watch = setInterval(async () => {
        if (machine.uptime() - rangAt < 2 * tickMs) return
        rangAt = machine.uptime()
        await schedule.stop()
        await schedule.start()
      }, tickMs)
      return async () => {
        clearInterval(watch)
        await schedule.stop()
      }
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
