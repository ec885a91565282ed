// Purpose: the streak rules a second time, day by day and from their prose alone, so that the fold can be held to them.
// Slow on purpose: every question walks the whole diary again. It shares no code with src/club and knows only plain records.

/** What is known of one date. */
export interface DayRecord {
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly acted: boolean
  /** A weekday that the club studies on, and no holiday (rule 6). */
  readonly studyDay: boolean
  /** Paused, excused, the club's break, or cut short by a flight and forgiven (rules 4, 10, 11, 12). */
  readonly resting: boolean
  /** A repair was pressed for it (rule 9). */
  readonly mended: boolean
}

export type Mark = 'counted' | 'frozen' | 'repaired' | 'neutral' | 'off' | 'missed'

export interface Verdict {
  readonly run: number
  readonly best: number
  readonly total: number
  readonly freezes: number
  readonly progress: number
  readonly week: { readonly from: string; readonly days: number } | undefined
  readonly season: { readonly from: string; readonly days: number } | undefined
  /** How each date before the last ended; nothing before the first act. */
  readonly marks: readonly { readonly day: string; readonly mark: Mark }[]
  /** The day that a press could mend today, before asking when the last press was. */
  readonly mendable: string | undefined
}

/** Days since 1 January 1970, a Thursday. */
export function numberOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return Date.UTC(year, month - 1, date) / 86_400_000
}

/** The date with this number. */
export function dateOf(number: number): string {
  return new Date(number * 86_400_000).toISOString().slice(0, 10)
}

/** 1 = Monday. */
export function weekdayOfNumber(number: number): number {
  return ((number + 3) % 7) + 1
}

/** The streak as of the last record, which is the open day. One record a date, none left out; `seasons` are first days, in order. */
export function judge(records: readonly DayRecord[], seasons: readonly string[] = []): Verdict {
  const first = records.findIndex((record) => record.acted)
  const diary = first < 0 ? [] : records.slice(first)
  const marks: Mark[] = []
  for (let i = 0; i < diary.length - 1; i++) marks.push(endOfDay(diary, marks, i))
  const runs = diary.map((_, i) => runThrough(diary, marks, i))
  return {
    run: runs.at(-1) ?? 0,
    best: Math.max(0, ...runs),
    total: diary.filter((record) => record.acted).length,
    ...purse(diary, marks, diary.length - 1),
    week: weekOfLast(diary),
    season: seasonOfLast(diary, seasons),
    marks: marks.map((mark, i) => ({ day: diary[i]?.day ?? '', mark })),
    mendable: mendable(diary, marks, runs),
  }
}

const counts = (record: DayRecord | undefined): boolean => Boolean(record?.acted && record.studyDay)

/** Rules 7 to 12: how date `i` ended, given how those before it did. */
function endOfDay(diary: readonly DayRecord[], marks: readonly Mark[], i: number): Mark {
  const record = diary[i]
  if (!record) throw new Error(`no date ${i}`)
  if (record.acted) return 'counted'
  if (!record.studyDay) return 'off'
  if (record.resting) return 'neutral'
  if (record.mended) return 'repaired'
  const alive = i > 0 && runThrough(diary, marks, i - 1) > 0
  return alive && purse(diary, marks, i).freezes > 0 ? 'frozen' : 'missed'
}

/** Rule 7: counted study days since the last missed one, at the end of date `i` (or so far, when it is open). */
function runThrough(diary: readonly DayRecord[], marks: readonly Mark[], i: number): number {
  const sinceMiss = marks.slice(0, i + 1).lastIndexOf('missed') + 1
  return diary.slice(sinceMiss, i + 1).filter(counts).length
}

/** Rule 8: what is in hand on date `i`, its own act included, before it closes. */
function purse(diary: readonly DayRecord[], marks: readonly Mark[], i: number): { freezes: number; progress: number } {
  let freezes = 0
  let progress = 0
  for (let k = 0; k <= i; k++) {
    if (k === 0) freezes = 1
    else if (freezes < 2 && counts(diary[k])) progress += 1
    if (progress === 7) {
      freezes += 1
      progress = 0
    }
    if (k < i && marks[k] === 'frozen') freezes -= 1
  }
  return { freezes, progress }
}

/**
 * Rule 9: one missed study day, a run alive before it, none missed since, and not yet the end of the second study day after it.
 * Days of rest do not eat into that time.
 */
function mendable(diary: readonly DayRecord[], marks: readonly Mark[], runs: readonly number[]): string | undefined {
  const missed = marks.lastIndexOf('missed')
  if (missed < 1 || runs[missed - 1] === 0) return undefined
  const closedSince = diary.slice(missed + 1, -1).filter((record) => record.studyDay && !record.resting)
  return closedSince.length < 2 ? diary[missed]?.day : undefined
}

/** Rule 13: study days counted in the last week in which one was. */
function weekOfLast(records: readonly DayRecord[]): { from: string; days: number } | undefined {
  const mondayOf = (record: DayRecord): string => {
    const number = numberOf(record.day)
    return dateOf(number - weekdayOfNumber(number) + 1)
  }
  const last = records.findLast(counts)
  if (!last) return undefined
  return { from: mondayOf(last), days: records.filter((record) => counts(record) && mondayOf(record) === mondayOf(last)).length }
}

/** Rule 13: study days counted in the last season in which one was; `seasons` are first days, in order. */
function seasonOfLast(records: readonly DayRecord[], seasons: readonly string[]): { from: string; days: number } | undefined {
  const seasonOf = (record: DayRecord): string | undefined => seasons.filter((from) => from <= record.day).at(-1)
  const last = records.findLast((record) => counts(record) && seasonOf(record) !== undefined)
  const from = last && seasonOf(last)
  if (from === undefined) return undefined
  return { from, days: records.filter((record) => counts(record) && seasonOf(record) === from).length }
}

/** Rule 4: of the dates that flights skipped, those of one flight in any 30 dates. */
export function forgivenOf(cutShort: readonly string[]): string[] {
  const flights: number[][] = []
  for (const number of cutShort.map(numberOf).sort((a, b) => a - b)) {
    const flight = flights.at(-1)
    if (flight?.at(-1) === number - 1) flight.push(number)
    else flights.push([number])
  }
  const kept: number[][] = []
  for (const flight of flights) {
    const [from = 0] = flight
    const last = kept.at(-1)?.at(-1)
    if (last === undefined || from - last >= 30) kept.push(flight)
  }
  return kept.flat().map(dateOf)
}
