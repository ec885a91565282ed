// Purpose: what a leaderboard ranks by, and how ranks are given.
import { type Day, mondayOf } from './calendar.ts'

export const boards = ['week', 'season', 'run', 'total'] as const
export type Board = (typeof boards)[number]

/** How many rows a board shows. */
export const boardSize = 10

/** Ranks 1, 2, 2, 4 for values in falling order. */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => values.indexOf(value) + 1)
}

/** The week a study day counts for: its Monday. */
export const weekOf = (day: Day): Day => mondayOf(day)
