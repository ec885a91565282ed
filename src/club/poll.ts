// Purpose: a poll's life: one statement, three answers, a closing time, and what the club thought.
import { addDays, type CalendarEntry, type Day, instantOf } from './calendar.ts'

/** What a myth turns out to be, and what a voter can say of it. */
export type Verdict = 'true' | 'false' | 'depends'

/** Fixed order, so that a thumb finds them. */
export const answers = ['true', 'false', 'depends'] as const satisfies readonly Verdict[]

export type Tally = Readonly<Record<Verdict, number>>

/** Statements of one round at most: more would be a sitting, and not a tap. */
export const roundSize = 5

/** Polls close at 20:00 the day after they were posted. */
const closingMinutes = 20 * 60

/** The instant (epoch ms) at which a poll posted on this study day closes, in the club's zone. */
export function pollClosesAt(day: Day, { zone }: Pick<CalendarEntry, 'zone'>): number {
  return instantOf(addDays(day, 1), closingMinutes, zone)
}

export function votersOf(tally: Tally): number {
  return answers.reduce((sum, answer) => sum + tally[answer], 0)
}

/** Whole percent of the votes for one answer; 0 when nobody voted. */
export function percentOf(tally: Tally, answer: Verdict): number {
  const voters = votersOf(tally)
  return voters === 0 ? 0 : Math.round((tally[answer] * 100) / voters)
}
