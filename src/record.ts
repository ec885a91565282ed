// Purpose: a member's streak between the rules (pure) and the store (kept): read it right, move it with an act, fold it anew.

import type { Day } from './club/calendar.ts'
import { type Club, circumstancesOf, type Member } from './club/club.ts'
import { act, advance, type Circumstances, emptyStreak, foldStreak, lapseDay, type StreakState } from './club/streak.ts'
import { countShownOn } from './posted.ts'
import type { ActRecord, Store, StoredStreak } from './store/store.ts'

type Parts = { readonly store: Store; readonly club: Club; readonly member: Member }
/** `now`: where it is known, the post that shows how many acted is edited. */
type ActParts = Parts & { readonly now?: number }

/** A streak as stored, and as it stands on the open day. */
export interface CurrentStreak {
  readonly stored: StoredStreak | undefined
  readonly state: StreakState
  readonly today: Day
  readonly circumstances: Circumstances
}

/** The streak as of an instant: right even when nobody moved the stored one since. */
export async function currentStreak({ store, club, member }: Parts, at: number): Promise<CurrentStreak> {
  const circumstances = circumstancesOf(club, member)
  const today = circumstances.timeline.dayAt(at)
  let stored = await store.streak(club.id, member.id)
  if (stored && stored.epoch !== club.epoch) stored = await refold({ store, club, member }, stored, today)
  const state = stored ? advance(stored.state, today, circumstances) : emptyStreak(today)
  return { stored, state, today, circumstances }
}

/** Folds the ledger from scratch and keeps the result, unless somebody was faster. */
async function refold(parts: Parts, stored: StoredStreak, today: Day): Promise<StoredStreak> {
  const { store, club, member } = parts
  const fresh = await foldOf(parts, today)
  await store.saveStreak(club.id, member.id, stored.revision, fresh)
  return (await store.streak(club.id, member.id)) ?? stored
}

/** What the ledger says now, as it would be stored. */
export async function foldOf({ store, club, member }: Parts, today: Day): Promise<Omit<StoredStreak, 'revision'>> {
  const circumstances = circumstancesOf(club, member)
  const acts = await store.acts(club.id, member.id)
  const days = acts.map(({ day }) => day)
  // Settled only up to the last act: the days after it are closed again at each reading, under the rules of that moment.
  const until = days.reduce((last, day) => (day > last ? day : last), days[0] ?? today)
  return toStore(foldStreak(days, until, circumstances), circumstances, club)
}

function toStore(state: StreakState, circumstances: Circumstances, club: Club): Omit<StoredStreak, 'revision'> {
  const lapse = lapseDay(state, circumstances)
  return { state, epoch: club.epoch, ...(lapse && { lapsesAt: circumstances.timeline.endOf(lapse) }) }
}

/** What an act did to the streak. */
export interface ActEffect {
  readonly act: number
  readonly state: StreakState
  /** The streak as it stood before the act, on the same day. */
  readonly before: StreakState
  /** It was the first of its study day. */
  readonly counted: boolean
  /** It was the member's first ever. */
  readonly first: boolean
  /** Freezes spent on the days since the last act. */
  readonly frozen: number
  /** The run that ended since the last act, 0 when none did. */
  readonly broken: number
  readonly circumstances: Circumstances
}

type NewAct = Pick<ActRecord, 'answer' | 'vote'> & { readonly kind: ActRecord['act']['kind']; readonly at: number; readonly note?: string }

/** How often an act is tried again when somebody else, such as an organiser, changed its member meanwhile. */
const tries = 10

/** The last act of each member who has one under way: two taps at once would have to try again for each other. */
const underWay = new WeakMap<Store, Map<string, Promise<unknown>>>()

/**
 * Writes one act and moves the streak with it. `already`: the question or poll was answered before, nothing was written.
 * Must not be called for a member without record.
 */
export function recordAct(parts: ActParts, act: NewAct): Promise<ActEffect | 'already'> {
  const { store, club, member } = parts
  const last = underWay.get(store) ?? new Map<string, Promise<unknown>>()
  underWay.set(store, last)
  const key = `${club.id} ${member.id}`
  const before = last.get(key)
  const own = before === undefined ? tryAct(parts, act) : before.then(() => tryAct(parts, act))
  const ended = own.then(
    () => {},
    () => {},
  )
  last.set(key, ended)
  void ended.then(() => last.get(key) === ended && last.delete(key))
  return own
}

async function tryAct(parts: ActParts, { kind, at, note, answer, vote }: NewAct): Promise<ActEffect | 'already'> {
  const { store, club, now } = parts
  let { member } = parts
  for (let i = 0; i < tries; i++) {
    // The store refuses it when the member is another by now.
    if (i > 0) member = (await store.member(club.id, member.id)) ?? member
    const { stored, state: before, today: day, circumstances } = await currentStreak({ store, club, member }, at)
    let frozen = 0
    if (stored) advance(stored.state, day, circumstances, (_, mark) => (frozen += Number(mark === 'frozen')))
    const late = before.day > day ? await lateAct({ store, club, member }, day, before.day, circumstances) : undefined
    const state = late?.state ?? act(before, circumstances)
    const firstOfDay = late?.firstOfDay ?? !before.acted
    const outcome = await store.record({
      club: club.id,
      member,
      ...(stored && { revision: stored.revision }),
      streak: toStore(state, circumstances, club),
      act: { kind, at, day, ...(note !== undefined && { note }) },
      firstOfDay,
      ...(now !== undefined && { countShownOn: countShownOn(club.id, day, now) }),
      ...(answer && { answer }),
      ...(vote && { vote }),
    })
    if (outcome === 'already') return outcome
    if (outcome === 'again') continue
    const broken = stored && stored.state.run > 0 && before.run === 0 ? stored.state.run : 0
    return { act: outcome.done, state, before, counted: firstOfDay, first: !stored, frozen, broken, circumstances }
  }
  throw new Error(`the streak of ${parts.member.id} in ${club.id} was moved ${tries} times while an act waited`)
}

/** An act that arrives after its day was closed: the days since are folded again with it. */
async function lateAct(parts: Parts, day: Day, today: Day, circumstances: Circumstances) {
  const days = (await parts.store.acts(parts.club.id, parts.member.id)).map((known) => known.day)
  return { state: foldStreak([...days, day], today, circumstances), firstOfDay: !days.includes(day) }
}
