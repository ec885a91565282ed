// Purpose: an organiser sets the club up, sees tomorrow's post, and steers it: post, poll, pause, excuse, season, organisers.

import { changeClub, changeMember } from '../change.ts'
import type { Button, Card, CardField } from '../chat/card.ts'
import { choice, member as memberField, role as roleField, text } from '../chat/fields.ts'
import { formatPressId } from '../chat/pressId.ts'
import type { Place, Suggestion } from '../chat/room.ts'
import { UserError } from '../chat/userError.ts'
import { addDays, type CalendarEntry, type Day, daysBetween, isDay, isZone } from '../club/calendar.ts'
import {
  type Club,
  type ClubSettings,
  changeCalendar,
  clubDay,
  type Member,
  newestRules,
  newMember,
  openBreak,
  restClub,
  roomOf,
  shownName,
} from '../club/club.ts'
import { isCountry } from '../club/holidays.ts'
import { currentSeason, isPlanned } from '../club/schedule.ts'
import { excuseDays, lessonOf, nextStudyDay, startSeason } from '../planning.ts'
import { type Context, command, type PostDrawer, press, type Scene } from './handler.ts'
import { lessonPost, reviewPost } from './lesson.ts'
import { inLocale } from './lessonCard.ts'
import { startPoll } from './poll.ts'
import { lookbackPost, newSeason, nextLine, quietPost, resumeClub, wake } from './rest.ts'
import { suggestZones } from './settings.ts'

const settingNames = [
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

const actions = ['post', 'poll', 'pause', 'resume', 'excuse', 'season', 'organiser', 'hide-note', 'test'] as const

export const club = command({
  name: 'club',
  organiserOnly: true,
  input: {
    set: choice(...settingNames),
    to: text({ max: 100 }),
    action: choice(...actions),
    day: text({ max: 10 }),
    member: memberField(),
    // Three weeks of excused days fit on one receipt.
    reason: text({ max: 100 }),
    role: roleField(),
  },
  suggest: { to: suggestValues },
  async run(context, { set, to, action, day, member, reason, role }) {
    if (set !== undefined) return setTo(context, set, role ?? to)
    if (to !== undefined || role !== undefined) throw new UserError('bad_input', context.t.club.setWhat(settingNames))
    switch (action) {
      case undefined:
        return setUpCard(context)
      case 'post':
        return postNow(context)
      case 'poll':
        return startPoll(context)
      case 'pause':
        return pauseClub(context)
      case 'resume':
        return resumeClub(context)
      case 'excuse':
        return excuse(context, day, member, reason)
      case 'season':
        return season(context)
      case 'organiser':
        return organiser(context, member)
      case 'hide-note':
        return hideNotes(context, member, day)
      case 'test':
        return preview(context)
    }
  },
})

// === The set-up card

async function setUpCard(context: Context): Promise<Card> {
  const { t, club, place } = context
  const rest = openBreak(club)
  const started = currentSeason(club) !== undefined
  const isHere = !started || place?.channel === club.channel
  const lacks = isHere ? lacking(club, place).map((need) => t.club.needs[need]) : []
  const elsewhere = started && place && (place.channel !== club.channel || rest?.why === 'unreachable')
  const buttons: Button[] = [
    ...(started ? [] : [{ label: t.club.startButton, press: formatPressId('start') }]),
    { label: t.club.testButton, press: formatPressId('test') },
    { label: t.club.changeButton, press: formatPressId('change') },
    ...(rest && rest.why !== 'unreachable' ? [{ label: t.quiet.resume, press: formatPressId('resume') }] : []),
    ...(elsewhere ? [{ label: place.channel === club.channel ? t.quiet.resume : t.club.moveButton, press: formatPressId('move') }] : []),
  ]
  const status = !started ? t.club.notStarted : rest ? t.rest[rest.why] : nextLine(club, context)
  const text = [status, ...(lacks.length > 0 ? [t.club.lacks(lacks)] : []), t.club.intro].join('\n\n')
  return { title: t.club.title, text, fields: await settingFields(context), buttons }
}

async function settingFields(context: Context): Promise<CardField[]> {
  const { t, club, courses, locale, now } = context
  const { settings } = club
  const rules = newestRules(club)
  const course = courses.find(({ id }) => id === settings.course)
  const names = t.club.settings
  const role = (id: string | undefined) => (id === undefined ? t.off : `<@&${id}>`)
  return [
    ...(hasChannels(club) && club.channel !== '' ? [{ name: t.club.channel, value: `<#${club.channel}>` }] : []),
    { name: names.course, value: course ? inLocale(course.title, locale) : settings.course },
    { name: names.language, value: t.settings.languages[settings.locale] },
    { name: names.zone, value: rules.zone },
    { name: names['post-at'], value: clock(settings.postAt) },
    { name: names['study-days'], value: t.weekdayList(rules.weekdays) },
    { name: names.country, value: rules.country || t.off },
    { name: names.holidays, value: listed(rules.holidays.filter((holiday) => holiday >= clubDay(club, now).today).map(t.day)) || t.off },
    { name: names['day-start'], value: clock(rules.dayStart) },
    { name: names['poll-days'], value: settings.pollDays.length > 0 ? t.weekdayList(settings.pollDays) : t.off },
    { name: names['poll-at'], value: clock(settings.pollAt) },
    { name: names.appear, value: t.settings.appearances[settings.appear] },
    ...(hasChannels(club)
      ? [
          { name: names.mention, value: role(settings.mention) },
          { name: names.threads, value: settings.threads ? t.on : t.off },
          { name: names['organiser-role'], value: role(settings.organiserRole) },
        ]
      : []),
    { name: t.club.organisers, value: listed(await namesOf(context, club.organisers)) || '–' },
  ]
}

/** The web room is one channel without roles. */
const hasChannels = (club: Club): boolean => roomOf(club.id) !== 'web'

async function namesOf({ store, club, names }: Context, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await store.member(club.id, id))?.name ?? names[id] ?? id))
}

/** What the club would lack at this place; nothing in a room that has one place only. */
function lacking(club: Club, place: Place | undefined): Place['lacks'] {
  return (place?.lacks ?? []).filter((need) => need !== 'thread' || club.settings.threads)
}

/** The place where the organiser is, fit for posting. Throws UserError that names what is missing there. */
function fitPlace({ club, place, t }: Context): Place | undefined {
  const lacks = lacking(club, place)
  if (lacks.length > 0) throw new UserError('closed', t.club.lacks(lacks.map((need) => t.club.needs[need])))
  return place
}

/** The set-up card, from the button under the greeting. */
export const setUp = press({ name: 'set-up', organiserOnly: true, run: setUpCard })

/** What the bot says when it arrives somewhere: one message, and then nothing until an organiser starts the club. */
export const greetingPost: PostDrawer = {
  kind: 'greeting',
  async draw({ t }: Scene) {
    const { title, hook, text, button } = t.greeting
    return { title, hook, text, buttons: [{ label: button, press: formatPressId('set-up') }] }
  },
}

/** The first of a list, and how many more there are: a field of a card holds so much. */
function listed(all: readonly string[]): string {
  const most = 12
  return [...all.slice(0, most), ...(all.length > most ? [`… +${all.length - most}`] : [])].join(', ')
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** The next post as it will look, for the organiser's eyes; nothing is posted. */
async function preview(context: Context): Promise<Card> {
  const { t, club, courses, store, now } = context
  const { today } = clubDay(club, now)
  const season = currentSeason(club)
  const open = !season || isPlanned(club.planned.lesson, today) ? addDays(today, 1) : today
  const day = nextStudyDay(club, season && season.from > open ? season.from : open)
  const running = season ? club : startSeason(club, club.settings.course, day)
  const { posts } = await lessonOf(running, day, now, courses, store)
  const [planned] = posts
  if (!planned) throw new UserError('broken', t.lesson.noCourse)
  const drawer = [lessonPost, reviewPost, quietPost, lookbackPost].find(({ kind }) => kind === planned.kind)
  const card = await drawer?.draw({ ...context, club: running }, { ...planned, state: 'due', attempts: 0 })
  return { ...card, text: `${t.club.previewOf(t.day(day))}\n\n${card?.text ?? ''}` }
}

export const test = press({ name: 'test', organiserOnly: true, run: (context) => preview(context) })

export const start = press({
  name: 'start',
  organiserOnly: true,
  async run(context) {
    const { t, store, club, now } = context
    if (currentSeason(club)) throw new UserError('closed', t.club.startedAlready)
    const place = fitPlace(context)
    const from = nextStudyDay(club, addDays(clubDay(club, now).today, 1))
    const started = await changeClub(store, club.id, now, (fresh) =>
      currentSeason(fresh) ? undefined : { ...startSeason(fresh, fresh.settings.course, from), ...(place && { channel: place.channel }) },
    )
    return { title: t.club.startedTitle, text: nextLine(started, context) }
  },
})

/** The club's posts go to where the organiser is from now on; one that could not post any more goes on. */
export const move = press({
  name: 'move',
  organiserOnly: true,
  async run(context) {
    const { t, store, club, now } = context
    const place = fitPlace(context)
    if (!place) throw new UserError('unknown', t.errors.stale)
    const moved = await changeClub(store, club.id, now, (fresh) => {
      const there = { ...fresh, channel: place.channel }
      return openBreak(fresh)?.why === 'unreachable' ? wake(there, now) : there
    })
    const rest = openBreak(moved)
    return { title: t.club.movedTitle, text: t.club.moved(rest ? t.rest[rest.why] : nextLine(moved, context)) }
  },
})

export const change = press({
  name: 'change',
  organiserOnly: true,
  replaces: true,
  input: { set: { ...choice(...settingNames), askIfMissing: true }, to: text({ max: 100, askIfMissing: true }) },
  run: (context, _, { set, to }) => setTo(context, set, to),
})

// === Settings

async function setTo(context: Context, set: Setting, to: string | undefined): Promise<Card> {
  const { t, store, club, now } = context
  if (to === undefined) throw new UserError('bad_input', t.club.setToWhat(t.club.settings[set], t.club.examples[set]))
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
  return {
    ...card,
    text: `${said(t.club.settings[set])}\n\n${card.text}`,
  }
}

interface Change {
  readonly settings?: Partial<ClubSettings>
  readonly calendar?: Partial<CalendarEntry>
}

function changeOf(context: Context, set: Setting, to: string): Change {
  const { t, club, courses } = context
  const refuse = (): never => {
    throw new UserError('bad_input', t.club.unreadable(t.club.settings[set], to, t.club.examples[set]))
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
      if (!remove && day <= clubDay(club, context.now).today) throw new UserError('bad_input', t.club.holidayInThePast)
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
      if (!hasChannels(club)) throw new UserError('closed', t.club.noRoles)
      if (isOff(context, lower)) return { settings: { threads: undefined } }
      return { settings: { threads: t.onWords.includes(lower) || refuse() } }
  }
}

/** A role by its id or as it is mentioned; undefined switches it off. Everybody's own role is none that can be picked. */
function roleOf(context: Context, to: string, refuse: () => never): string | undefined {
  const { club, t } = context
  if (!hasChannels(club)) throw new UserError('closed', t.club.noRoles)
  if (isOff(context, to.toLowerCase())) return undefined
  const [, id] = /^(?:<@&)?(\w{1,32})>?$/.exec(to) ?? []
  if (id === club.id.slice(roomOf(club.id).length + 1) || to.toLowerCase() === '@everyone')
    throw new UserError('bad_input', t.club.everyone)
  return id !== undefined && /\d/.test(id) ? id : refuse()
}

/** Values for the setting that is chosen already. */
function suggestValues(
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

// === Actions

async function postNow(context: Context): Promise<Card> {
  const { t, store, club, courses, now } = context
  const { today } = clubDay(club, now)
  if (!currentSeason(club)) throw new UserError('closed', t.lesson.notStarted)
  const rest = openBreak(club)
  if (rest) throw new UserError('closed', t.rest[rest.why])
  const { club: next, posts } = await lessonOf(club, today, now, courses, store)
  const [post] = posts
  if (!post) throw new UserError('broken', t.lesson.noCourse)
  // A day that was woken late is planned without a post, and one whose post was given up may have another.
  const known = await store.post(post.key)
  if (known && known.state !== 'omitted') throw new UserError('closed', t.club.postedAlready)
  await changeClub(
    store,
    club.id,
    now,
    (fresh) => (fresh.version === club.version ? { ...next, planned: { ...next.planned, lesson: today } } : undefined),
    [known ? { ...post, key: `${post.key}:by-hand` } : post],
  )
  return { title: t.club.title, text: t.club.posting }
}

async function pauseClub({ t, store, club, now }: Context): Promise<Card> {
  const rest = openBreak(club)
  if (rest) throw new UserError('closed', t.rest[rest.why])
  await changeClub(store, club.id, now, (fresh) => restClub(fresh, now, 'paused'))
  return { title: t.club.title, text: t.rest.paused, buttons: [{ label: t.quiet.resume, press: formatPressId('resume') }] }
}

/** How far ahead a day can be excused, in dates. */
const excuseAhead = 60

async function excuse(context: Context, day: string | undefined, whom: string | undefined, reason: string | undefined): Promise<Card> {
  const { t, store, club, now } = context
  if (day === undefined || !isDay(day) || daysBetween(clubDay(club, now).today, day) > excuseAhead)
    throw new UserError('bad_input', t.club.excuseWhichDay)
  if (reason === undefined) throw new UserError('bad_input', t.club.excuseWhy)
  if (whom === undefined) {
    await excuseDays(store, club.id, now, [day], reason)
    return { title: t.club.title, text: t.club.excusedAll(t.day(day), reason) }
  }
  const member = await known(context, whom)
  await changeMember(store, club, member, (fresh) => ({
    ...fresh,
    excuses: [...fresh.excuses.filter((old) => old.day !== day), { day, reason }],
  }))
  return { title: t.club.title, text: t.club.excusedOne(shownName(member), t.day(day), reason) }
}

async function known({ t, store, club, names }: Context, said: string | undefined): Promise<Member> {
  if (said === undefined) throw new UserError('bad_input', t.club.whichMember)
  const id = said.replace(/^@/, '')
  const name = names[id]
  // Whom the room knows need not have spoken here before.
  const member = (await store.member(club.id, id)) ?? (name === undefined ? undefined : newMember(club, id, name))
  if (!member) throw new UserError('bad_input', t.club.nobodyHere(said))
  return member
}

async function season(context: Context): Promise<Card> {
  const { t, store, club, now } = context
  const begun = await changeClub(store, club.id, now, (fresh) => newSeason(fresh, now, fresh.settings.course))
  return { title: t.club.seasonTitle, text: nextLine(begun, context) }
}

async function organiser(context: Context, id: string | undefined): Promise<Card> {
  const { t, store, club, now } = context
  const member = await known(context, id)
  await changeClub(store, club.id, now, (fresh) =>
    fresh.organisers.includes(member.id) ? undefined : { ...fresh, organisers: [...fresh.organisers, member.id] },
  )
  return {
    title: t.club.organisers,
    text: [t.club.organiserNamed(member.name), ...(hasChannels(club) ? [t.club.seeCommand] : [])].join('\n\n'),
    buttons: [
      ...(member.id === context.member.id
        ? []
        : [{ label: t.club.organiserBack(member.name), press: formatPressId('step-down', member.id) }]),
      { label: t.club.handOver, press: formatPressId('step-down', context.member.id) },
    ],
  }
}

/** Takes a named organiser back, oneself included: that is how a club is handed over. */
export const stepDown = press({
  name: 'step-down',
  organiserOnly: true,
  replaces: true,
  async run(context, [id]) {
    const { t, store, club, now } = context
    const fresh = await changeClub(store, club.id, now, (before) => ({
      ...before,
      organisers: before.organisers.filter((known) => known !== id),
    }))
    return { title: t.club.organisers, text: t.club.organisersNow(listed(await namesOf(context, fresh.organisers)) || '–') }
  },
})

/** Shares back from today whose buttons still work. */
const sharesOpen = 1000

async function hideNotes(context: Context, id: string | undefined, day: Day | string | undefined): Promise<Card> {
  const { t, store, club } = context
  const member = await known(context, id)
  const notes = (await store.acts(club.id, member.id)).filter((act) => act.shared && (day === undefined || act.day === day))
  for (const note of notes) await hide(context, member.id, note.id)
  return { title: t.club.title, text: t.club.notesHidden(notes.length) }
}

async function hide({ store, club, now }: Context, member: string, act: number): Promise<boolean> {
  const hidden = await store.shareNote(club.id, member, act, false)
  await store.touchPost(`share:${club.id}:note:${act}:${member}:`, now, 0)
  return hidden
}

export const hideNote = press({
  name: 'hide-note',
  organiserOnly: true,
  async run(context, [act = '']) {
    const { t, store, club } = context
    // The button is under a message that everybody sees: it names the line, and not whose it is.
    const post = (await store.posts(club.id, ['share'], sharesOpen)).find(({ subject }) => subject === `note:${act}`)
    if (!post?.member || !(await hide(context, post.member, Number(act)))) throw new UserError('unknown', t.errors.stale)
    return { title: t.club.title, text: t.club.notesHidden(1) }
  },
})
