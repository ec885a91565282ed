// Purpose: a member taps an option of a lesson's question and reads the verdict and why; the first answer stands.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import type { Day } from '../club/calendar.ts'
import { recordAct } from '../record.ts'
import type { Answer, QuestionKey } from '../store/store.ts'
import { withEffect } from './effect.ts'
import { type Context, press } from './handler.ts'
import { latestLesson } from './lesson.ts'
import { answerPress, findLesson, findQuestion, indexOf, lessonText, letters, optionButtons, questionText } from './lessonCard.ts'
import { ownPace, ownPaceButton } from './ownPace.ts'

/** Reviews back from today whose buttons still count. */
const reviewsOpen = 60

/** A review's answers are kept apart from the season's: by the day of the review. */
export const reviewed = (lesson: string): string => `review/${lesson}`

async function answerTo(context: Context, kind: 'answer' | 'review', args: readonly string[]): Promise<Card> {
  const { t, store, club, member } = context
  const [day = '', id = '', question = '', option = ''] = args
  const season = kind === 'answer' ? day : await seasonOfReview(context, day, id)
  if (!club.seasons.some(({ from }) => from === season)) throw new UserError('unknown', t.lesson.gone)
  const found = findLesson(context, id, season)
  const [index, choice] = [indexOf(question), indexOf(option)]
  const asked = findQuestion(context, found.lesson, index)
  const chosen = asked.options[choice ?? -1]
  if (!chosen || index === undefined || choice === undefined) throw new UserError('unknown', t.lesson.gone)
  const key: QuestionKey = { season: day, lesson: kind === 'review' ? reviewed(id) : id, question: index }
  const answer: Answer = { ...key, option: choice, right: chosen.right }
  const letter = (index: number) => letters[index] ?? ''
  const right = asked.options.findIndex((candidate) => candidate.right)
  const verdict = chosen.right ? t.answer.right(letter(right)) : t.answer.wrong(letter(answer.option), letter(right))
  const text = lessonText(found.lesson, context.locale)
  const buttons: Button[] = [{ label: t.checkin.line, press: formatPressId('line') }]
  if (kind === 'answer' && text.questions[key.question + 1]) {
    buttons.push({ label: t.answer.next, press: formatPressId('ask', day, id, key.question + 1) })
  }
  buttons.push({ label: t.lesson.more, press: formatPressId('more', season ?? day, id) })
  const rightRemark = chosen.right ? '' : `\n\n**${letter(right)}** · ${asked.options[right]?.remark ?? ''}`
  const card: Card = { title: verdict, text: `${chosen.remark}${rightRemark}`, buttons }
  if (member.appear === 'none') return withEffect(context, card, undefined)

  const before = await store.answer(club.id, member.id, key)
  const effect = before ? 'already' : await recordAct(context, { kind, at: context.at, answer })
  if (effect === 'already') {
    const first = before ?? (await store.answer(club.id, member.id, key))
    const stands = { ...card, text: `${t.answer.stands(letter(first?.option ?? answer.option))}\n\n${card.text}` }
    const now = (await wasReadAhead(context, key)) ? await recordAct(context, { kind, at: context.at }) : effect
    if (now === 'already') return onward(context, stands, id)
    return withEffect(context, await onward(context, stands, id), now)
  }
  return withEffect(context, await onward(context, card, id), effect)
}

/** With the way to the member's own next lesson, where they are behind the club. */
async function onward(context: Context, card: Card, lesson: string): Promise<Card> {
  return { ...card, buttons: [...(card.buttons ?? []), ...ownPaceButton(context, await ownPace(context), lesson)] }
}

/** The season of a review that was posted; a press for one that was not is nobody's. */
async function seasonOfReview({ store, club }: Context, day: string, lesson: string): Promise<Day | undefined> {
  const posts = await store.posts(club.id, ['review'], reviewsOpen)
  return posts.find((post) => post.day === day && post.subject === lesson)?.season
}

/** True for today's question when it was answered before it was posted, by `/lesson`: tapped today, it is today's act all the same. */
async function wasReadAhead(context: Context, { season, lesson }: QuestionKey): Promise<boolean> {
  const latest = await latestLesson(context)
  if (!latest?.today || latest.post.season !== season || latest.post.subject !== lesson) return false
  const [last] = await context.store.acts(context.club.id, context.member.id)
  // Acts are kept to the minute.
  return last !== undefined && last.at + 60_000 <= (latest.post.sentAt ?? 0)
}

export const answer = press({
  name: 'answer',
  run: (context, args) => answerTo(context, 'answer', args),
})

export const review = press({
  name: 'review',
  run: (context, args) => answerTo(context, 'review', args),
})

export const ask = press({
  name: 'ask',
  async run(context, [season = '', id, question = '']) {
    const { club, t, locale } = context
    const index = indexOf(question)
    if (index === undefined || !club.seasons.some(({ from }) => from === season)) throw new UserError('unknown', t.lesson.gone)
    const { lesson } = findLesson(context, id, season)
    const asked = findQuestion(context, lesson, index)
    return {
      title: lessonText(lesson, locale).title,
      text: questionText(asked),
      buttons: optionButtons(asked, answerPress(season, lesson.id, index)),
    }
  },
})
