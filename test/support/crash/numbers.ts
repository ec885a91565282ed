// Purpose: chance that can be had again: the same seed, the same choices.

export interface Chance {
  /** From 0 to below 1. */
  next(): number
  between(from: number, to: number): number
  pick<T>(list: readonly T[]): T | undefined
}

/** A small generator of numbers (mulberry32), begun from a text: so each member and each life has one of its own. */
export function chanceOf(seed: string): Chance {
  let state = 0
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193)
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    pick: (list) => list[Math.floor(next() * list.length)],
  }
}
