// Purpose: what a club and a member are: plain documents that the store keeps whole and the rules read.
import { addDays, type CalendarEntry, type ClubCalendar, type Day, rulesOn, type Timeline, timeline, type ZoneChange } from './calendar.ts'
import type { Circumstances, Repair, Span } from './streak.ts'

/**
 * Why a club's days are neutral: an organiser paused it, nobody came, the course ended, it was finished for good, its channel cannot be
 * posted in, the platform takes our key no more, or the bot was removed for a while.
 */
export type BreakReason = 'paused' | 'quiet' | 'ended' | 'finished' | 'unreachable' | 'refused' | 'removed'

export interface Break extends Span {
  readonly why: BreakReason
}

/** A day that costs nobody anything, and why; the reason shows on the receipt. */
export interface Excuse {
  readonly day: Day
  /** Undefined for an outage of ours. */
  readonly reason?: string
}

export interface ClubSettings {
  readonly locale: 'ko' | 'en'
  /** Minutes after midnight, in the club's zone. */
  readonly postAt: number
  readonly pollAt: number
  /** ISO weekdays of the polls; none switches them off. */
  readonly pollDays: readonly number[]
  /** What a new member's appearance is. */
  readonly appear: 'name' | 'hidden'
  readonly course: string
  /** The role that a lesson calls, in the room's own terms; none unless an organiser picked one. */
  readonly mention?: string | undefined
  /** The role whose holders are organisers. */
  readonly organiserRole?: string | undefined
  /** Opens a thread under each lesson. */
  readonly threads?: true | undefined
}

export interface Season {
  readonly from: Day
  readonly course: string
}

export interface Club {
  /** `room:id`, for example `web:club` or `discord:1234`. */
  readonly id: string
  /** Moved by every save; a save on an older one is refused. */
  readonly version: number
  /** Moved when days of the past may have changed for everybody: streaks folded under an older one are folded anew. */
  readonly epoch: number
  /** Where the club's posts go, in the room's own terms; empty until the room or an organiser chose. */
  readonly channel: string
  readonly settings: ClubSettings
  readonly calendar: ClubCalendar
  /** Empty until an organiser pressed "start here". */
  readonly seasons: readonly Season[]
  readonly breaks: readonly Break[]
  readonly excuses: readonly Excuse[]
  /** The last study days whose lesson and poll were planned. */
  readonly planned: { readonly lesson?: Day; readonly poll?: Day }
  /** Posts left of "review two weeks". */
  readonly reviewsLeft: number
  readonly organisers: readonly string[]
  /** Since when the bot is no longer where the club lives, epoch ms. */
  readonly removedAt?: number
}

/** How a member appears to others. `none`: nothing is kept of what they do. */
export const appearances = ['name', 'nickname', 'hidden', 'none'] as const
export type Appearance = (typeof appearances)[number]

export interface Member {
  /** The room's own id of this person, unique in the club. */
  readonly id: string
  readonly version: number
  readonly name: string
  readonly nickname?: string
  readonly appear: Appearance
  readonly locale?: 'ko' | 'en'
  readonly zones: readonly ZoneChange[]
  readonly pauses: readonly Span[]
  readonly repairs: readonly Repair[]
  readonly excuses: readonly Excuse[]
  /** True for one who is no longer where the club lives. */
  readonly left?: true
  /** True for the made-up members of the web room's demonstration. */
  readonly example?: true
}

/** Every day on Discord and the web room, Monday to Friday on Slack. */
export function newClub(id: string, channel: string, settings: ClubSettings, zone: string): Club {
  const rules: CalendarEntry = {
    from: '1970-01-01',
    zone,
    dayStart: 4 * 60,
    weekdays: roomOf(id) === 'slack' ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 7],
    holidays: [],
  }
  return {
    id,
    version: 0,
    epoch: 0,
    channel,
    settings,
    calendar: [rules],
    seasons: [],
    breaks: [],
    excuses: [],
    planned: {},
    reviewsLeft: 0,
    organisers: [],
  }
}

/** Post at 08:00, polls on Monday, Wednesday and Friday at 12:30. */
export const defaultSettings: Omit<ClubSettings, 'course'> = {
  locale: 'ko',
  postAt: 8 * 60,
  pollAt: 12 * 60 + 30,
  pollDays: [1, 3, 5],
  appear: 'name',
}

export function newMember(club: Club, id: string, name: string): Member {
  return { id, version: 0, name, appear: club.settings.appear, zones: [], pauses: [], repairs: [], excuses: [] }
}

/** The break that holds the club back now, if any. */
export function openBreak(club: Club): Break | undefined {
  return club.breaks.find((pause) => pause.until === undefined)
}

/** Why nothing gets into the club's channel, when that is so: it rests until an organiser says that it does again. */
export function cutOff(club: Club): 'unreachable' | 'refused' | undefined {
  const why = openBreak(club)?.why
  return why === 'unreachable' || why === 'refused' ? why : undefined
}

/** Ends the open break the day before `today`; one that began today leaves no trace. */
export function endBreak(breaks: readonly Break[], today: Day): Break[] {
  return breaks.flatMap((pause) => {
    if (pause.until !== undefined) return [pause]
    return pause.from < today ? [{ ...pause, until: addDays(today, -1) }] : []
  })
}

/** Rests the club from today on. */
export function restClub(club: Club, now: number, why: BreakReason): Club {
  const { today } = clubDay(club, now)
  return { ...club, epoch: club.epoch + 1, breaks: [...endBreak(club.breaks, today), { from: today, why }] }
}

/** A change of the club's calendar holds from the next study day on; a second change on one day replaces the first. */
export function changeCalendar(calendar: ClubCalendar, now: number, change: Partial<CalendarEntry>): ClubCalendar {
  const latest = calendar.at(-1) ?? calendar[0]
  const rules = { ...latest, ...change }
  const today = timeline(calendar).dayAt(now)
  const underNewRules = timeline([rules]).dayAt(now)
  const from = addDays(today > underNewRules ? today : underNewRules, 1)
  const [first, ...rest] = calendar
  return [first, ...rest.filter((entry) => entry.from < from), { ...rules, from }]
}

/** The rules in force from the newest entry on: what `/club` shows as set. */
export function newestRules(club: Club): CalendarEntry {
  return club.calendar.at(-1) ?? club.calendar[0]
}

/** The name of the room that a club lives in: clubs are called `room:id`. */
export function roomOf(club: string): string {
  return club.slice(0, club.indexOf(':'))
}

const timelines = new WeakMap<ClubCalendar, Timeline>()

/** The club's own study days, in its own zone. */
export function clubTimeline({ calendar }: Club): Timeline {
  const known = timelines.get(calendar) ?? timeline(calendar)
  timelines.set(calendar, known)
  return known
}

/** The club's study day at this instant, and the rules on it. */
export function clubDay(club: Club, now: number): { today: Day; rules: CalendarEntry } {
  const today = clubTimeline(club).dayAt(now)
  return { today, rules: rulesOn(club.calendar, today) }
}

/** Everything but their acts that decides this member's streak. */
export function circumstancesOf(club: Club, member: Member): Circumstances {
  return {
    timeline: member.zones.length === 0 ? clubTimeline(club) : timeline(club.calendar, member.zones),
    neutral: [...member.pauses, ...club.breaks],
    excused: new Set([...club.excuses, ...member.excuses].map((excuse) => excuse.day)),
    repairs: member.repairs,
    seasons: club.seasons.map((season) => season.from),
  }
}

/** True for those who are on boards and in pictures. */
export function isShown(member: Member): boolean {
  return !member.left && (member.appear === 'name' || member.appear === 'nickname')
}

/** What others call a member. Never the name of one who chose a nickname, unless they went back to it. */
export function shownName(member: Pick<Member, 'appear' | 'name' | 'nickname'>): string {
  return member.appear !== 'name' && member.nickname ? member.nickname : member.name
}
