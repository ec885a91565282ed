// Purpose: one myth, three answers: a member votes and learns at once; the club sees only how many voted, until it closes.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { timeToken } from '../chat/time.ts'
import { UserError } from '../chat/userError.ts'
import { clubDay, clubTimeline, newestRules } from '../club/club.ts'
import { answers, percentOf, pollClosesAt, type Verdict, votersOf } from '../club/poll.ts'
import { currentSeason } from '../club/schedule.ts'
import type { Myth } from '../course/course.ts'
import { pollOf } from '../planning.ts'
import { touchTodaysPost } from '../posted.ts'
import { recordAct } from '../record.ts'
import type { NewPost, Poll, Post } from '../store/store.ts'
import { withEffect } from './effect.ts'
import { type Context, command, type PostDrawer, press, type Scene } from './handler.ts'
import { inLocale } from './lessonCard.ts'

/** How often the number of voters on the public card is edited at most. */
const countEveryMs = 60_000

function findMyth({ courses, t }: Scene, id: string): Myth {
  const myth = courses.flatMap((course) => course.myths).find((candidate) => candidate.id === id)
  if (!myth) throw new UserError('unknown', t.poll.gone)
  return myth
}

export async function openPollOf({ store, club, now }: Scene): Promise<Poll | undefined> {
  const [latest] = await store.polls(club.id, 1)
  return latest && latest.closesAt > now ? latest : undefined
}

function voteButtons({ t }: Scene, poll: Poll): Button[] {
  return answers.map((answer) => ({ label: t.poll.answers[answer], press: formatPressId('vote', poll.id, answer) }))
}

/** The statement and its buttons; before the closing nothing of the result. */
function openCard(scene: Scene, poll: Poll, myth: Myth): Card {
  const { t, locale, club } = scene
  const voters = votersOf(poll.tally)
  const statement = inLocale(myth.statement, locale)
  const until = t.poll.until(timeToken(poll.closesAt, t.when(poll.closesAt, newestRules(club).zone)))
  return {
    title: t.poll.title,
    hook: t.poll.hook(statement),
    text: [`**“${statement}”**`, t.poll.ask, [until, ...(voters > 0 ? [t.poll.voters(voters)] : [])].join('\n')].join('\n\n'),
    buttons: voteButtons(scene, poll),
  }
}

/** The result: words first, then the picture. */
function closedCard(scene: Scene, poll: Poll, myth: Myth): Card {
  const { t, locale } = scene
  const voters = votersOf(poll.tally)
  const statement = inLocale(myth.statement, locale)
  const verdict = t.poll.answers[myth.verdict]
  const share = (answer: Verdict) => `${percentOf(poll.tally, answer)}%`
  const lines = answers.map(
    (answer) => `${answer === myth.verdict ? '✔ ' : ''}${t.poll.answers[answer]} ${share(answer)} (${t.poll.votes(poll.tally[answer])})`,
  )
  const words = voters === 0 ? t.poll.nobody : `${t.poll.gotIt(poll.tally[myth.verdict], voters)}\n${lines.join('\n')}`
  return {
    title: t.poll.resultTitle,
    hook: t.poll.hook(statement),
    text: [`**“${statement}”**`, t.poll.verdictIs(verdict), inLocale(myth.remarks[myth.verdict], locale), words].join('\n\n'),
    ...(voters > 0 && {
      image: {
        alt: `${statement} ${t.poll.verdictIs(verdict)} ${lines.join(', ')}`,
        picture: {
          kind: 'poll',
          title: statement,
          subtitle: t.poll.pictureSubtitle(voters),
          bars: answers.map((answer) => ({
            label: t.poll.answers[answer],
            votes: poll.tally[answer],
            value: share(answer),
            right: answer === myth.verdict,
          })),
        },
      },
    }),
    footer: sourcesOf(myth),
  }
}

const sourcesOf = (myth: Myth): string => myth.sources.map(({ title }) => title).join(' · ')

/** What a voter learns: whether their answer was it, why, where that is from. */
function verdictCard({ t, locale }: Scene, myth: Myth, said: Verdict): Card {
  const sources = myth.sources.map(({ title, url, checked }) => `- [${title}](${url}) (${checked})`).join('\n')
  const verdict = t.poll.answers[myth.verdict]
  return {
    title: said === myth.verdict ? t.poll.rightTitle(verdict) : t.poll.wrongTitle(t.poll.answers[said], verdict),
    text: `**“${inLocale(myth.statement, locale)}”**\n\n${inLocale(myth.remarks[said], locale)}${
      said === myth.verdict ? '' : `\n\n${inLocale(myth.remarks[myth.verdict], locale)}`
    }\n\n${t.poll.sources}\n${sources}`,
    footer: t.poll.resultAt,
    buttons: [{ label: t.checkin.line, press: formatPressId('line') }],
  }
}

async function findPoll(context: Context, id: string | undefined): Promise<Poll> {
  const poll = /^\d{1,9}$/.test(id ?? '') ? await context.store.poll(context.club.id, Number(id)) : undefined
  if (!poll) throw new UserError('unknown', context.t.poll.gone)
  return poll
}

const isAnswer = (answer: string | undefined): answer is Verdict => answers.some((known) => known === answer)

export const vote = press({
  name: 'vote',
  async run(context, [id, answer]) {
    const { t, store, club, member, now } = context
    const poll = await findPoll(context, id)
    if (!isAnswer(answer)) throw new UserError('unknown', t.poll.gone)
    const myth = findMyth(context, poll.myth)
    const before = await store.vote(club.id, poll.id, member.id)
    if (before) return votedBefore(context, poll, myth, before.answer, answer)
    if (poll.closesAt <= now) throw new UserError('closed', t.poll.closed(t.poll.answers[myth.verdict]))
    const card = verdictCard(context, myth, answer)
    if (member.appear === 'none') {
      await store.countVote(club.id, member, poll.id, answer)
      await touchPoll(context, poll)
      return withEffect(context, card, undefined)
    }
    const effect = await recordAct(context, { kind: 'vote', at: context.at, vote: { poll: poll.id, answer } })
    if (effect === 'already') return votedBefore(context, poll, myth, (await store.vote(club.id, poll.id, member.id))?.answer, answer)
    await touchPoll(context, poll)
    if (effect.counted) await touchTodaysPost(context)
    return withEffect(context, card, effect)
  },
})

/** The first answer stands; a change of mind is told apart from it. */
function votedBefore(context: Context, poll: Poll, myth: Myth, first: Verdict | undefined, now: Verdict): Card {
  const { t } = context
  const card = verdictCard(context, myth, first ?? now)
  if (first === undefined || first === now) return { ...card, text: `${t.poll.votedAlready}\n\n${card.text}` }
  return {
    ...card,
    text: `${t.poll.stands(t.poll.answers[first])}\n\n${card.text}`,
    buttons: [{ label: t.poll.mindButton, press: formatPressId('mind', poll.id, now) }],
  }
}

export const mind = press({
  name: 'mind',
  async run(context, [id, answer]) {
    const { t, store, club, member } = context
    const poll = await findPoll(context, id)
    if (!isAnswer(answer)) throw new UserError('unknown', t.poll.gone)
    await store.changeMind(club.id, member.id, poll.id, answer)
    return { title: t.poll.mindTitle, text: t.poll.mindKept(t.poll.answers[answer]) }
  },
})

async function touchPoll({ store, club, now }: Context, poll: Poll): Promise<void> {
  const [post] = (await store.posts(club.id, ['poll'], 5)).filter(({ day, subject }) => day === poll.day && subject === poll.myth)
  if (post) await store.touchPost(post.key, now, countEveryMs)
}

/** The poll as a member sees it: open to vote, or, having voted, the verdict again. */
async function showPoll(context: Context): Promise<Card | undefined> {
  const { store, club, member } = context
  const poll = await openPollOf(context)
  if (!poll) return undefined
  const myth = findMyth(context, poll.myth)
  const before = await store.vote(club.id, poll.id, member.id)
  if (before?.answer) return votedBefore(context, poll, myth, before.answer, before.answer)
  return openCard(context, poll, myth)
}

export const poll = command({
  name: 'poll',
  input: {},
  async run(context) {
    const { t, organiser } = context
    return (await showPoll(context)) ?? (organiser ? startPoll(context) : { title: t.poll.title, text: t.poll.none })
  },
})

export const pollPress = press({
  name: 'poll',
  async run(context) {
    return (await showPoll(context)) ?? { title: context.t.poll.title, text: context.t.poll.none }
  },
})

/** Puts the next poll into the channel now. Throws UserError when one is open or none is left to ask. */
export async function startPoll(context: Context): Promise<Card> {
  const { t, club, courses, store, now } = context
  if (!currentSeason(club)) throw new UserError('closed', t.lesson.notStarted)
  if (await openPollOf(context)) throw new UserError('closed', t.poll.oneIsOpen)
  const { today } = clubDay(club, now)
  const [post] = await pollOf(club, today, now, now, courses, store)
  if (!post) throw new UserError('closed', t.poll.noneLeft)
  const started: NewPost = { ...post, key: `poll:${club.id}:${post.subject}:${today}`, expiresAt: clubTimeline(club).endOf(today) }
  await store.enqueue([started])
  return { title: t.poll.title, text: t.poll.started }
}

export const pollPost: PostDrawer = {
  kind: 'poll',
  async draw(scene, post) {
    const { store, club, now } = scene
    const myth = findMyth(scene, post.subject)
    const poll = await store.openPoll(club.id, { myth: myth.id, day: post.day, closesAt: closingOf(scene, post) })
    return poll.closesAt <= now ? closedCard(scene, poll, myth) : openCard(scene, poll, myth)
  },
  editAt(scene, post) {
    const closes = closingOf(scene, post)
    return closes > scene.now ? closes : undefined
  },
}

const closingOf = ({ club }: Scene, post: Post): number => pollClosesAt(post.day, newestRules(club))
