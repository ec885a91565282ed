// Purpose: requests as fast as Discord takes them and never faster, although nobody here knows at which moment it counts one.

/** For so many windows it is remembered how long answers took. */
const rememberedWindows = 4
/** A timer may end a moment early. */
const spareMs = 3

/**
 * Runs what sends a request in its turn, so that at most `limit` are counted over there in any `windowMs`. Each takes a place and gives it
 * back a window after its answer, sooner by what the quickest answer took: the request that takes the place next is on its way for a while as
 * well. So one that was counted late, because its connection had to be made first or a machine was busy, keeps its place for longer.
 */
export function createPace({ limit, windowMs }: { limit: number; windowMs: number }): <T>(send: () => Promise<T>) => Promise<T> {
  let free = limit
  const waiting: (() => void)[] = []
  const took: number[] = []

  const giveBack = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }

  /** Nothing while so few are known that all may have been slow. */
  const quickest = () => (took.length > limit ? Math.min(...took) : 0)

  return async (send) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    const sent = performance.now()
    try {
      const answer = await send()
      took.push(performance.now() - sent)
      if (took.length > rememberedWindows * limit) took.shift()
      return answer
    } finally {
      setTimeout(giveBack, windowMs - quickest() + spareMs)
    }
  }
}
