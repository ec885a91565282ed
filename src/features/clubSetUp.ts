// Purpose: a club begins: the greeting, the set-up card with everything as it stands, "start here", and the way to another channel.
import { changeClub } from '../change.ts'
import type { Button, Card, CardField } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import type { Place } from '../chat/room.ts'
import { UserError } from '../chat/userError.ts'
import { addDays } from '../club/calendar.ts'
import { type Club, clubDay, cutOff, newestRules, openBreak, roomOf } from '../club/club.ts'
import { currentSeason, isPlanned } from '../club/schedule.ts'
import { lessonOf, nextStudyDay, startSeason } from '../planning.ts'
import { type Context, type PostDrawer, press, type Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { lessonPost, reviewPost } from './lesson.ts'
import { nextLine } from './nextLine.ts'
import { lookbackPost, quietPost, wake } from './rest.ts'

export async function setUpCard(context: Context): Promise<Card> {
  const { t, club, place } = context
  const rest = openBreak(club)
  const started = currentSeason(club) !== undefined
  const isHere = !started || place?.channel === club.channel
  const lacks = isHere ? lacking(club, place).map((need) => t.club.needs[need]) : []
  const elsewhere = started && place && (place.channel !== club.channel || cutOff(club))
  const buttons: Button[] = [
    ...(started ? [] : [{ label: t.club.startButton, press: formatPressId('start') }]),
    { label: t.club.testButton, press: formatPressId('test') },
    { label: t.club.changeButton, press: formatPressId('change') },
    ...(rest && !cutOff(club) ? [{ label: t.quiet.resume, press: formatPressId('resume') }] : []),
    ...(elsewhere ? [{ label: place.channel === club.channel ? t.quiet.resume : t.club.moveButton, press: formatPressId('move') }] : []),
  ]
  const status = !started ? t.club.notStarted : rest ? stateOf(context) : nextLine(club, context)
  const text = [status, ...(lacks.length > 0 ? [t.club.lacks(lacks)] : []), t.club.intro].join('\n\n')
  return { title: t.club.title, text, fields: await settingFields(context), buttons, about: club.organisers }
}

/** What an organiser is told of a rest; of a channel that nothing gets into they are told what to do. */
function stateOf({ club, t }: Context): string {
  const cut = cutOff(club)
  return cut ? t.club[cut] : t.rest[openBreak(club)?.why ?? 'paused']
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
    ...(hasChannels(club) ? [{ name: names.mention, value: role(settings.mention) }] : []),
    ...(hasRoles(club)
      ? [
          { name: names.threads, value: settings.threads ? t.on : t.off },
          { name: names['organiser-role'], value: role(settings.organiserRole) },
        ]
      : []),
    { name: t.club.organisers, value: listed(await namesOf(context, club.organisers)) || '–' },
  ]
}

/** The web room is one channel, in which nobody can be called. */
export const hasChannels = (club: Club): boolean => roomOf(club.id) !== 'web'
/** Only on Discord do people have roles that a bot is told of, and only there are threads something that is opened. */
export const hasRoles = (club: Club): boolean => roomOf(club.id) === 'discord'

export async function namesOf({ store, club, names }: Context, ids: readonly string[]): Promise<string[]> {
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
export function listed(all: readonly string[]): string {
  const most = 12
  return [...all.slice(0, most), ...(all.length > most ? [`… +${all.length - most}`] : [])].join(', ')
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** The next post as it will look, for the organiser's eyes; nothing is posted. */
export async function preview(context: Context): Promise<Card> {
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
      return cutOff(fresh) ? wake(there, now) : there
    })
    const rest = openBreak(moved)
    return { title: t.club.movedTitle, text: t.club.moved(rest ? t.rest[rest.why] : nextLine(moved, context)) }
  },
})
