// Purpose: how things are compared: both sides in turns, the median of the rounds, and a goal that is met or not.

/** How much is done; smaller numbers for a look that takes a moment. */
export interface Sizes {
  /** Measured rounds; one more goes before them and is not counted. */
  readonly rounds: number
  /** Members of the one big club. */
  readonly members: number
  /** Requests or check-ins in a round. */
  readonly acts: number
  readonly guilds: number
  readonly clubs: number
  /** Posts that wait to be sent. */
  readonly posts: number
}

/** What a side came to in one round, by the name of the quantity. */
type Reading = Readonly<Record<string, number>>

/** One line of the table. */
export interface Figure {
  readonly what: string
  readonly unit: string
  readonly ours: number
  readonly baseline?: number
  /** What is asked for: of our figure alone, or of how it relates to the baseline's. A line without is there to be known. */
  readonly goal?: { readonly of: 'ours' | 'ratio'; readonly atLeast?: number; readonly atMost?: number }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  return (low + high) / 2
}

/** Runs the sides in turns, the first and the last changing places each round, and returns the medians of what each came to. */
export async function inTurns<S extends string, R extends Reading>(
  rounds: number,
  sides: Readonly<Record<S, () => Promise<R>>>,
): Promise<Record<S, R>> {
  const names = Object.keys(sides) as S[]
  const readings = Object.fromEntries(names.map((name) => [name, [] as R[]])) as Record<S, R[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const reading = await sides[name]()
      if (round > 0) readings[name].push(reading)
    }
  }
  const mediansOf = (all: readonly R[]) =>
    Object.fromEntries(Object.keys(all[0] ?? {}).map((key) => [key, median(all.map((reading) => reading[key] ?? Number.NaN))])) as R
  return Object.fromEntries(names.map((name) => [name, mediansOf(readings[name])])) as Record<S, R>
}

export const ratioOf = ({ ours, baseline }: Figure): number | undefined => (baseline === undefined ? undefined : ours / baseline)

/** Undefined where nothing is asked for. */
export function isMet(figure: Figure): boolean | undefined {
  const { goal, ours } = figure
  if (!goal) return undefined
  const value = goal.of === 'ours' ? ours : (ratioOf(figure) ?? Number.NaN)
  return value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity)
}

/** Keeps `window` pieces of work under way until `count` are done. */
export async function atOnce(count: number, window: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane))
}
