// Purpose: how much may be asked for in a while, by one member and by one club: what comes too fast is refused before anything is read.

/** Acts that may come at once, and how fast as many more may follow. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export interface Rates {
  readonly member: Rate
  readonly club: Rate
}

/**
 * A member: ten questions with their verdicts and remarks are some thirty taps, so sixty come at once, and then one a second for as long
 * as somebody likes. A club: a thousand people who answer, read on and leave a line in the minute after a post are 3,000 acts, some
 * hundreds of them in one second; fifty a second is more than they do all day, and a twentieth of what the program can serve, so that a
 * club with very many accounts (or a web room with very many names) is in nobody else's way.
 */
export const rates: Rates = { member: { burst: 60, perSecond: 1 }, club: { burst: 3000, perSecond: 50 } }

/** Buckets of each kind that are known at a time are at most twice as many; beyond that those used longest ago are forgotten. */
const most = 25_000

/** Whose the limit was, and in how many ms there is room again. */
export interface TooFast {
  readonly whose: keyof Rates
  readonly waitMs: number
}

export interface Limits {
  /** Undefined when there is room: then it is taken. What is refused costs nothing. */
  take(club: string, member: string, cost: number): TooFast | undefined
  /** How many buckets are remembered. */
  size(): number
}

/** `now`, whole ms, is the machine’s time that only goes on, never the club’s: that can be moved. */
export function createLimits({ member, club }: Rates, now: () => number = () => Math.floor(performance.now())): Limits {
  const members = createBuckets(member)
  const clubs = createBuckets(club)
  return {
    take(id, who, cost) {
      const at = now()
      const own = `${id} ${who}`
      // One's own first: whoever is too fast takes nothing from the club.
      const ownWait = members.waitMs(own, cost, at)
      if (ownWait > 0) return { whose: 'member', waitMs: ownWait }
      const clubWait = clubs.waitMs(id, cost, at)
      if (clubWait > 0) return { whose: 'club', waitMs: clubWait }
      members.take(own, cost, at)
      clubs.take(id, cost, at)
      return undefined
    },
    size: () => members.size() + clubs.size(),
  }
}

/**
 * Token buckets. Of each only the instant is kept at which it is full again; one that is full need not be remembered. `recent` are those used
 * since the last turn, `before` those of the turn before: whoever is left there at the next turn was idle for as long as a bucket takes to fill.
 */
function createBuckets({ burst, perSecond }: Rate) {
  const msPerAct = 1000 / perSecond
  const fullInMs = burst * msPerAct
  let recent = new Map<string, number>()
  let before = new Map<string, number>()
  let turnedAt = Number.NEGATIVE_INFINITY
  const after = (key: string, cost: number, now: number) => Math.max(recent.get(key) ?? before.get(key) ?? 0, now) + cost * msPerAct
  return {
    waitMs: (key: string, cost: number, now: number) => after(key, cost, now) - now - fullInMs,
    take(key: string, cost: number, now: number): void {
      const full = after(key, cost, now)
      if (now - turnedAt >= fullInMs || recent.size >= most) {
        before = recent
        recent = new Map()
        turnedAt = now
      }
      recent.set(key, full)
    },
    size: () => recent.size + before.size,
  }
}
