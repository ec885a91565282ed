// Purpose: a myth, three answers: a member votes and learns at once; the club sees only how many voted, until it closes.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { timeToken } from '../chat/time.ts'
import { UserError } from '../chat/userError.ts'
import { clubDay, clubTimeline, newestRules } from '../club/club.ts'
import { answers, percentOf, pollClosesAt, roundSize, type Verdict, votersOf } from '../club/poll.ts'
import { currentSeason, seasonOn } from '../club/schedule.ts'
import type { Myth } from '../course/course.ts'
import { mythsOf, pollOf } from '../planning.ts'
import { recordAct } from '../record.ts'
import type { NewPost, Poll, Post } from '../store/store.ts'
import { withEffect } from './effect.ts'
import { type Context, command, type PostDrawer, press, type Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { sourceLine } from './sources.ts'

/** How often the number of voters on the public card is edited at most. */
const countEveryMs = 60_000

/** The myth of a poll: an id belongs to the course that the club was in on that day. Throws UserError when the course has it no more. */
function findMyth({ club, courses, t }: Scene, { myth: id, day }: Pick<Poll, 'myth' | 'day'>): Myth {
  const then = seasonOn(club, day)?.course
  const inOrder = [...courses.filter((course) => course.id === then), ...courses.filter((course) => course.id !== then)]
  const myth = inOrder.flatMap((course) => course.myths).find((candidate) => candidate.id === id)
  if (!myth) throw new UserError('unknown', t.poll.gone)
  return myth
}

/** The polls that are open now, in the order in which they are asked: one, or those of a round. */
export async function openPolls({ store, club, now }: Scene): Promise<Poll[]> {
  return (await store.polls(club.id, roundSize)).filter(({ closesAt }) => closesAt > now).reverse()
}

export async function openPollOf(scene: Scene): Promise<Poll | undefined> {
  return (await openPolls(scene))[0]
}

/** Where a member stands among the polls that are open: the first they did not vote in. */
async function nextPoll(context: Context): Promise<{ poll: Poll; number: number; of: number } | undefined> {
  const { store, club, member } = context
  const open = await openPolls(context)
  for (const [i, poll] of open.entries()) {
    if (!(await store.vote(club.id, poll.id, member.id))) return { poll, number: i + 1, of: open.length }
  }
  return undefined
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
    footer: myth.sources.map(({ title }) => inLocale(title, locale)).join(' · '),
  }
}

// === Rounds: several myths in one message, asked before a lesson and again after another

/** The statements of a round with one button: each is voted on in private, one after the other. */
function openRound(scene: Scene, polls: readonly (readonly [Poll, Myth])[]): Card {
  const { t, locale, club } = scene
  const statements = polls.map(([, myth], i) => `${i + 1}. “${inLocale(myth.statement, locale)}”`).join('\n')
  const closesAt = polls[0]?.[0].closesAt ?? 0
  const voters = Math.max(...polls.map(([poll]) => votersOf(poll.tally)))
  const until = t.poll.until(timeToken(closesAt, t.when(closesAt, newestRules(club).zone)))
  return {
    title: t.poll.roundTitle(polls.length),
    hook: t.poll.roundHook(polls.length),
    text: [statements, t.poll.roundAsk, [until, ...(voters > 0 ? [t.poll.voters(voters)] : [])].join('\n')].join('\n\n'),
    buttons: [{ label: t.poll.roundButton, press: formatPressId('poll') }],
  }
}

/** Who fell for a myth: the share, in whole percent, of the answers that were not its verdict. */
const fellFor = ({ tally }: Pick<Poll, 'tally'>, myth: Myth): number => 100 - percentOf(tally, myth.verdict)

/** How many fell for each myth of a round, and where it was asked before, how that moved. */
async function closedRound(scene: Scene, polls: readonly (readonly [Poll, Myth])[]): Promise<Card> {
  const { t, locale } = scene
  const title = t.poll.roundResultTitle(polls.length)
  const hook = t.poll.roundHook(polls.length)
  const rows = await Promise.all(
    polls.map(async ([poll, myth]) => {
      const earlier = await earlierPoll(scene, poll)
      const statement = inLocale(myth.statement, locale)
      const [before, after] = [earlier, poll].map((one) => (one && votersOf(one.tally) > 0 ? fellFor(one, myth) : undefined))
      const share = after === undefined ? t.poll.nobody : before === undefined ? t.poll.fell(after) : t.poll.shift(before, after)
      return { poll, earlier, statement, before, after, line: `**“${statement}”**\n${t.poll.answers[myth.verdict]} · ${share}` }
    }),
  )
  const voters = Math.max(...rows.map(({ poll }) => votersOf(poll.tally)))
  const votersBefore = Math.max(...rows.map(({ earlier }) => (earlier ? votersOf(earlier.tally) : 0)))
  const text = [...rows.map(({ line }) => line), t.poll.roundVoters(voters, votersBefore)].join('\n\n')
  const footer = [...new Set(polls.flatMap(([, myth]) => myth.sources.map((source) => inLocale(source.title, locale))))].join(' · ')
  if (voters === 0) return { title, hook, text, footer }
  const labels = votersBefore > 0 ? { before: t.poll.beforeLabel, after: t.poll.afterLabel } : { before: t.poll.fellLabel }
  const bar = (share: number | undefined) => ({ share: (share ?? 0) / 100, value: share === undefined ? '–' : `${share}%` })
  return {
    title,
    hook,
    text,
    image: {
      alt: rows.map(({ line }) => line.replaceAll('**', '').replace('\n', ' ')).join('. '),
      picture: {
        kind: 'shift',
        title,
        // The bars of two times say when, so the line above them says what of.
        subtitle: [...(votersBefore > 0 ? [t.poll.fellLabel] : []), t.poll.roundVoters(voters, votersBefore)].join(' · '),
        ...labels,
        rows: rows.map(({ statement, before, after }) =>
          votersBefore > 0 ? { label: statement, before: bar(before), after: bar(after) } : { label: statement, before: bar(after) },
        ),
      },
    },
    footer,
  }
}

/** The same myth's poll earlier in the same season. */
async function earlierPoll({ store, club }: Scene, { id, myth, day }: Poll): Promise<Poll | undefined> {
  const from = seasonOn(club, day)?.from ?? day
  return (await store.polls(club.id, 1000)).findLast((poll) => poll.myth === myth && poll.id !== id && poll.day >= from && poll.day < day)
}

// === Voting

/** What a voter learns: whether their answer was it, why, where that is from. */
function verdictCard({ t, locale }: Scene, myth: Myth, said: Verdict): Card {
  const sources = myth.sources.map((source) => `- ${sourceLine(source, locale)}`).join('\n')
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
    const myth = findMyth(context, poll)
    const before = await store.vote(club.id, poll.id, member.id)
    if (before) return votedBefore(context, poll, myth, before.answer, answer)
    if (poll.closesAt <= now) throw new UserError('closed', t.poll.closed(t.poll.answers[myth.verdict]))
    const card = verdictCard(context, myth, answer)
    if (member.appear === 'none') {
      await store.countVote(club.id, member, poll.id, answer)
      await touchPoll(context, poll)
      return withEffect(context, await withNext(context, card), undefined)
    }
    const effect = await recordAct(context, { kind: 'vote', at: context.at, vote: { poll: poll.id, answer } })
    if (effect === 'already') return votedBefore(context, poll, myth, (await store.vote(club.id, poll.id, member.id))?.answer, answer)
    await touchPoll(context, poll)
    return withEffect(context, await withNext(context, card), effect)
  },
})

/** The way to the next statement of a round. */
async function withNext(context: Context, card: Card): Promise<Card> {
  const next = await nextPoll(context)
  if (!next) return card
  const button = { label: context.t.poll.nextButton(next.number, next.of), press: formatPressId('poll') }
  return { ...card, buttons: [button, ...(card.buttons ?? [])] }
}

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
    const first = await store.vote(club.id, poll.id, member.id)
    if (!isAnswer(answer) || !first?.answer) throw new UserError('unknown', t.poll.gone)
    await store.changeMind(club.id, member.id, poll.id, answer)
    return { title: t.poll.mindTitle, text: t.poll.mindKept(t.poll.answers[answer]) }
  },
})

/** The number of voters on the public card has changed. */
export async function touchPoll({ store, club, now }: Context, poll: Poll): Promise<void> {
  const post = (await store.posts(club.id, ['poll'], 5)).find((sent) => sent.day === poll.day && mythsOf(sent).includes(poll.myth))
  if (post) await store.touchPost(post.key, now, countEveryMs)
}

/** The poll as a member sees it: open to vote, or, having voted, the verdict again. */
async function showPoll(context: Context): Promise<Card | undefined> {
  const { store, club, member } = context
  const next = await nextPoll(context)
  if (next) {
    const card = openCard(context, next.poll, findMyth(context, next.poll))
    return next.of > 1 ? { ...card, title: `${card.title} ${next.number}/${next.of}` } : card
  }
  const last = (await openPolls(context)).at(-1)
  if (!last) return undefined
  const said = (await store.vote(club.id, last.id, member.id))?.answer
  const myth = findMyth(context, last)
  return said ? votedBefore(context, last, myth, said, said) : openCard(context, last, myth)
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
  const [post] = await pollOf(club, { today, dueAt: now, now }, courses, store)
  if (!post) throw new UserError('closed', t.poll.noneLeft)
  const started: NewPost = { ...post, key: `poll:${club.id}:${post.subject}:${today}`, expiresAt: clubTimeline(club).endOf(today) }
  await store.enqueue([started])
  return { title: t.poll.title, text: t.poll.started }
}

export const pollPost: PostDrawer = {
  kind: 'poll',
  async draw(scene, post) {
    const { store, club, now } = scene
    const closesAt = closingOf(scene, post)
    const polls: (readonly [Poll, Myth])[] = []
    for (const id of mythsOf(post)) {
      const myth = findMyth(scene, { myth: id, day: post.day })
      polls.push([await store.openPoll(club.id, { myth: id, day: post.day, closesAt }), myth])
    }
    const [first] = polls
    if (!first) throw new Error(`the poll ${post.key} asks nothing`)
    const closed = first[0].closesAt <= now
    if (polls.length > 1) return closed ? closedRound(scene, polls) : openRound(scene, polls)
    return closed ? closedCard(scene, ...first) : openCard(scene, ...first)
  },
  editAt(scene, post) {
    const closes = closingOf(scene, post)
    return closes > scene.now ? closes : undefined
  },
}

const closingOf = ({ club }: Scene, post: Post): number => pollClosesAt(post.day, newestRules(club))
