// Purpose: an organiser changes one setting of the club, typed, chosen or in a form.
import { changeClub } from '../change.ts'
import type { Card } from '../chat/card.ts'
import { choice, text } from '../chat/fields.ts'
import type { Suggestion } from '../chat/room.ts'
import { UserError } from '../chat/userError.ts'
import { type CalendarEntry, isDay, isZone } from '../club/calendar.ts'
import { type Club, type ClubSettings, changeCalendar, clubDay, newestRules, roomOf } from '../club/club.ts'
import { isCountry } from '../club/holidays.ts'
import { currentSeason } from '../club/schedule.ts'
import { hasChannels, hasRoles, setUpCard } from './clubSetUp.ts'
import { type Context, press } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { suggestZones } from './settings.ts'

export const settingNames = [
  'language',
  'zone',
  'post-at',
  'day-start',
  'study-days',
  'country',
  'holidays',
  'poll-at',
  'poll-days',
  'appear',
  'course',
  'mention',
  'organiser-role',
  'threads',
] as const
type Setting = (typeof settingNames)[number]

export const change = press({
  name: 'change',
  organiserOnly: true,
  replaces: true,
  input: { set: { ...choice(...settingNames), askIfMissing: true }, to: text({ max: 100, askIfMissing: true }) },
  run: (context, _, { set, to }) => setTo(context, set, to),
})

export async function setTo(context: Context, set: Setting, to: string | undefined): Promise<Card> {
  const { t, store, club, now } = context
  if (!isOffered(club, set)) throw new UserError('closed', t.club.notHere, 'set')
  if (to === undefined) throw new UserError('bad_input', t.club.setToWhat(t.club.settings[set], t.club.examples[set]), 'to')
  const changed = changeOf(context, set, to)
  await changeClub(store, club.id, now, (fresh) => ({
    ...fresh,
    settings: { ...fresh.settings, ...changed.settings },
    ...(changed.calendar && { epoch: fresh.epoch + 1, calendar: changeCalendar(fresh.calendar, now, changed.calendar) }),
  }))
  const fresh = (await store.club(club.id)) ?? club
  const card = await setUpCard({ ...context, club: fresh })
  const runs = currentSeason(fresh) !== undefined
  const said = changed.calendar ? t.club.setFromTomorrow : set === 'course' && runs ? t.club.setFromNextSeason : t.club.setNow
  const isSilent = set === 'mention' && context.silentRoles.includes(fresh.settings.mention ?? '')
  return { ...card, text: [said(t.club.settings[set]), ...(isSilent ? [t.club.silentRole] : []), card.text].join('\n\n') }
}

/** False for what has no meaning where the club lives. */
export function isOffered(club: Club, set: Setting): boolean {
  if (set === 'threads' || set === 'organiser-role') return hasRoles(club)
  return set !== 'mention' || hasChannels(club)
}

interface Change {
  readonly settings?: Partial<ClubSettings>
  readonly calendar?: Partial<CalendarEntry>
}

function changeOf(context: Context, set: Setting, to: string): Change {
  const { t, club, courses } = context
  const refuse = (): never => {
    throw new UserError('bad_input', t.club.unreadable(t.club.settings[set], to, t.club.examples[set]), 'to')
  }
  const lower = to.toLowerCase()
  switch (set) {
    case 'language':
      return {
        settings: {
          locale: lower === 'ko' || lower === '한국어' ? 'ko' : lower === 'en' || lower === 'english' || lower === '영어' ? 'en' : refuse(),
        },
      }
    case 'zone': {
      const zone = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === lower) ?? to
      return { calendar: { zone: isZone(zone) ? zone : refuse() } }
    }
    case 'post-at':
      return { settings: { postAt: minutesOf(to) ?? refuse() } }
    case 'poll-at':
      return { settings: { pollAt: minutesOf(to) ?? refuse() } }
    case 'day-start': {
      const minutes = minutesOf(to) ?? refuse()
      return { calendar: { dayStart: minutes <= 360 ? minutes : refuse() } }
    }
    case 'study-days': {
      const weekdays = weekdaysOf(context, to) ?? refuse()
      return { calendar: { weekdays: weekdays.length > 0 ? weekdays : refuse() } }
    }
    case 'poll-days':
      return { settings: { pollDays: weekdaysOf(context, to) ?? refuse() } }
    case 'country': {
      if (isOff(context, lower)) return { calendar: { country: '' } }
      const country = to.toUpperCase()
      return { calendar: { country: isCountry(country) ? country : refuse() } }
    }
    case 'holidays': {
      const remove = to.startsWith('-')
      const day = remove ? to.slice(1).trim() : to
      if (!isDay(day)) refuse()
      if (!remove && day <= clubDay(club, context.now).today) throw new UserError('bad_input', t.club.holidayInThePast, 'to')
      const others = newestRules(club).holidays.filter((known) => known !== day)
      return { calendar: { holidays: remove ? others : [...others, day].sort() } }
    }
    case 'appear':
      return { settings: { appear: ['name', '이름'].includes(lower) ? 'name' : ['hidden', '숨김'].includes(lower) ? 'hidden' : refuse() } }
    case 'course':
      return { settings: { course: courses.find(({ id }) => id === to)?.id ?? refuse() } }
    case 'mention':
      return { settings: { mention: roleOf(context, to, refuse) } }
    case 'organiser-role':
      return { settings: { organiserRole: roleOf(context, to, refuse) } }
    case 'threads':
      if (isOff(context, lower)) return { settings: { threads: undefined } }
      return { settings: { threads: t.onWords.includes(lower) || refuse() } }
  }
}

/** A role by its id or as it is mentioned; undefined switches it off. Everybody's own role is none that can be picked. */
function roleOf(context: Context, to: string, refuse: () => never): string | undefined {
  const { club, t } = context
  if (isOff(context, to.toLowerCase())) return undefined
  const [, id] = (roomOf(club.id) === 'slack' ? /^(S\w{1,31})$/ : /^(?:<@&)?(\w{1,32})>?$/).exec(to) ?? []
  if (id === club.id.slice(roomOf(club.id).length + 1) || to.toLowerCase() === '@everyone')
    throw new UserError('bad_input', t.club.everyone, 'to')
  return id !== undefined && /\d/.test(id) ? id : refuse()
}

/** Values for the setting that is chosen already. */
export function suggestValues(
  { courses, locale, t, club }: Context,
  typed: string,
  { set }: Readonly<Record<string, unknown>>,
): readonly Suggestion[] {
  const own = (values: readonly (readonly [label: string, value: string])[]) =>
    values.map(([label, value]) => ({ label, value })).filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
  switch (set) {
    case 'zone':
      return suggestZones(newestRules(club).zone, typed)
    case 'course':
      return own(courses.map(({ id, title }) => [inLocale(title, locale), id]))
    case 'language':
      return own([
        [t.settings.languages.ko, 'ko'],
        [t.settings.languages.en, 'en'],
      ])
    case 'threads':
      return own([
        [t.on, 'on'],
        [t.off, 'off'],
      ])
    case 'appear':
      return own([
        [t.settings.appearances.name, 'name'],
        [t.settings.appearances.hidden, 'hidden'],
      ])
    default:
      return []
  }
}

const isOff = ({ t }: Context, word: string): boolean => t.offWords.includes(word)

/** `08:00`, `8:00` or `8`, as minutes after midnight. */
function minutesOf(to: string): number | undefined {
  const [, hours = '', minutes = '0'] = /^(\d{1,2})(?::(\d{2}))?$/.exec(to) ?? []
  const at = Number(hours) * 60 + Number(minutes)
  return hours !== '' && Number(hours) < 24 && Number(minutes) < 60 ? at : undefined
}

/** `every day`, `weekdays`, `mon,wed,fri`, `1,3,5`, in either language; empty for `off`. */
function weekdaysOf(context: Context, to: string): number[] | undefined {
  const lower = to.toLowerCase()
  if (isOff(context, lower)) return []
  if (['every day', 'everyday', 'daily', 'all', '매일'].includes(lower)) return [1, 2, 3, 4, 5, 6, 7]
  if (['weekdays', 'mon-fri', '평일', '월-금'].includes(lower)) return [1, 2, 3, 4, 5]
  const names = [
    ['1', 'mon', 'monday', '월', '월요일'],
    ['2', 'tue', 'tuesday', '화', '화요일'],
    ['3', 'wed', 'wednesday', '수', '수요일'],
    ['4', 'thu', 'thursday', '목', '목요일'],
    ['5', 'fri', 'friday', '금', '금요일'],
    ['6', 'sat', 'saturday', '토', '토요일'],
    ['7', 'sun', 'sunday', '일', '일요일'],
  ]
  const days = lower.split(/[\s,]+/).map((word) => names.findIndex((known) => known.includes(word)) + 1)
  return days.includes(0) ? undefined : [...new Set(days)].sort()
}
