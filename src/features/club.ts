// Purpose: what organisers do with a running club: see it, change it, post, poll, pause, excuse a day, begin a season, name others.

import { changeClub, changeMember } from '../change.ts'
import type { Card } from '../chat/card.ts'
import { choice, member as memberField, role as roleField, text } from '../chat/fields.ts'
import { asMarkdown } from '../chat/plain.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { type Day, daysBetween, isDay } from '../club/calendar.ts'
import { clubDay, type Member, newMember, openBreak, restClub, shownName } from '../club/club.ts'
import { currentSeason } from '../club/schedule.ts'
import { excuseDays, lessonOf } from '../planning.ts'
import { setTo, settingNames, suggestValues } from './clubSettings.ts'
import { hasRoles, listed, namesOf, preview, setUpCard } from './clubSetUp.ts'
import { type Context, command, press } from './handler.ts'
import { nextLine } from './nextLine.ts'
import { startPoll } from './poll.ts'
import { newSeason, resumeClub } from './rest.ts'

const actions = ['post', 'poll', 'pause', 'resume', 'excuse', 'season', 'organiser', 'hide-note', 'test'] as const

export const club = command({
  name: 'club',
  organiserOnly: true,
  // It posts, and it may have everybody's streak folded anew.
  cost: 3,
  input: {
    set: choice(...settingNames),
    to: text({ max: 100 }),
    action: choice(...actions),
    day: text({ max: 10, date: true }),
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
    return { title: t.club.title, text: t.club.excusedAll(t.day(day), asMarkdown(reason)) }
  }
  const member = await known(context, whom)
  await changeMember(store, club, member, (fresh) => ({
    ...fresh,
    excuses: [...fresh.excuses.filter((old) => old.day !== day), { day, reason }],
  }))
  return { title: t.club.title, text: t.club.excusedOne(shownName(member), t.day(day), asMarkdown(reason)), about: [member.id] }
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
    about: [member.id],
    text: [t.club.organiserNamed(member.name), ...(hasRoles(club) ? [t.club.seeCommand] : [])].join('\n\n'),
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
    const fresh = await changeClub(store, club.id, now, (before) =>
      before.organisers.some((known) => known === id)
        ? { ...before, organisers: before.organisers.filter((known) => known !== id) }
        : undefined,
    )
    return {
      title: t.club.organisers,
      text: t.club.organisersNow(listed(await namesOf(context, fresh.organisers)) || '–'),
      about: fresh.organisers,
    }
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
