// Purpose: keep lines that run along the same strip apart, in the order in which they cross each other least.

/** Something that runs along a strip: from where to where along it, and between which places across it. */
export interface Track {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
  readonly best: number
  /** How much room it needs across the strip, to both sides of its middle. */
  readonly before: number
  readonly after: number
  /** Lines of one bundle need no room between them. */
  readonly bundle?: string | undefined
  /** Where along the strip it turns away, and to which side of the strip. */
  readonly turns: readonly { readonly at: number; readonly side: -1 | 1 }[]
}

/** Pixels between the middles of two lines. */
const pitch = 17
const epsilon = 0.01

/** The order across the strip. Lines meet when there is less than `apart` between their ends. */
export function inOrder<T extends Track>(tracks: readonly T[], apart: number): T[] {
  const order = [...tracks].sort((a, b) => a.best - b.best)
  // Few lines share a strip, so that exchanging neighbours until nothing gets better is enough.
  for (let round = 0; round < order.length; round++) {
    let better = false
    for (let index = 0; index + 1 < order.length; index++) {
      const [first, second] = [order[index], order[index + 1]]
      if (!first || !second || crossings(second, first, apart) >= crossings(first, second, apart)) continue
      order[index] = second
      order[index + 1] = first
      better = true
    }
    if (!better) break
  }
  return order
}

/** How often two lines cross if `first` lies before `second`. */
function crossings(first: Track, second: Track, apart: number): number {
  if (!meet(first, second, apart)) return 0
  const count = (turning: Track, side: -1 | 1, other: Track) =>
    turning.turns.reduce((sum, turn) => sum + (turn.side === side ? within(turn.at, other) : 0), 0)
  return count(first, 1, second) + count(second, -1, first)
}

/** A turn where the other line begins or ends may or may not cross it. */
function within(at: number, { from, to }: Track): number {
  if (at < from - epsilon || at > to + epsilon) return 0
  return at < from + epsilon || at > to - epsilon ? 0.5 : 1
}

type Extent = Pick<Track, 'from' | 'to' | 'before' | 'after' | 'bundle'>

function meet(a: Extent, b: Extent, apart: number): boolean {
  if (a.bundle !== undefined && a.bundle === b.bundle) return false
  return a.from <= b.to + apart && b.from <= a.to + apart
}

function distance(a: Extent, b: Extent): number {
  return Math.max(pitch, a.after + b.before + 6)
}

/** Pixels from the middle of the first line to the middle of the last, side by side where they meet. */
export function thickness(order: readonly Extent[]): number {
  const places: number[] = []
  order.forEach((track, index) => {
    const beside = order.slice(0, index).map((other, at) => (meet(other, track, 0) ? (places[at] ?? 0) + distance(other, track) : 0))
    places.push(Math.max(track.before, ...beside))
  })
  return Math.max(0, ...places.map((place, index) => place + (order[index]?.after ?? 0)))
}

/** Where each line lies: as near as it may be to where it would best be. */
export function spread(order: readonly Track[], apart: number): number[] {
  const clamp = (at: number, { low, high }: Track) => (low > high ? (low + high) / 2 : Math.min(high, Math.max(low, at)))
  const places = order.map((track) => clamp(track.best, track))
  for (let round = 0; round < 80; round++) {
    let moved = 0
    for (let second = 1; second < order.length; second++) {
      for (let first = 0; first < second; first++) {
        const [a, b] = [order[first], order[second]]
        if (!a || !b || !meet(a, b, apart)) continue
        const [at, next] = [places[first] ?? 0, places[second] ?? 0]
        const lacking = at + distance(a, b) - next
        if (lacking < epsilon) continue
        places[first] = clamp(at - lacking / 2, a)
        places[second] = clamp((places[first] ?? 0) + distance(a, b), b)
        moved += lacking
      }
    }
    if (moved < epsilon) break
  }
  return places
}
