// Purpose: a member taps an option of a lesson's question and reads the verdict and why; the first answer stands.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { isDay } from '../club/calendar.ts'
import { recordAct } from '../record.ts'
import type { Answer, QuestionKey } from '../store/store.ts'
import { touchTodaysPost, withEffect } from './effect.ts'
import { type Context, press } from './handler.ts'
import { answerPress, findLesson, findQuestion, lessonText, letters, optionButtons, questionText } from './lessonCard.ts'

/** A review's answers are kept apart from the season's: by the day of the review. */
export const reviewed = (lesson: string): string => `review/${lesson}`

async function answerTo(context: Context, kind: 'answer' | 'review', args: readonly string[]): Promise<Card> {
  const { t, store, club, member } = context
  const [day = '', id = '', question = '', option = ''] = args
  const found = findLesson(context, id)
  const asked = findQuestion(context, found.lesson, Number(question))
  const chosen = asked.options[Number(option)]
  const known = kind === 'review' || club.seasons.some(({ from }) => from === day)
  if (!chosen || !isDay(day) || !known) throw new UserError('unknown', t.lesson.gone)
  const key: QuestionKey = { season: day, lesson: kind === 'review' ? reviewed(id) : id, question: Number(question) }
  const answer: Answer = { ...key, option: Number(option), right: chosen.right }
  const letter = (index: number) => letters[index] ?? ''
  const right = asked.options.findIndex((candidate) => candidate.right)
  const verdict = chosen.right ? t.answer.right(letter(right)) : t.answer.wrong(letter(answer.option), letter(right))
  const text = lessonText(found.lesson, context.locale)
  const buttons: Button[] = [{ label: t.checkin.line, press: formatPressId('line') }]
  if (kind === 'answer' && text.questions[key.question + 1]) {
    buttons.push({ label: t.answer.next, press: formatPressId('ask', day, id, key.question + 1) })
  }
  buttons.push({ label: t.lesson.more, press: formatPressId('more', id) })
  const rightRemark = chosen.right ? '' : `\n\n**${letter(right)}** · ${asked.options[right]?.remark ?? ''}`
  const card: Card = { title: verdict, text: `${chosen.remark}${rightRemark}`, buttons }
  if (member.appear === 'none') return withEffect(context, card, undefined)

  const before = await store.answer(club.id, member.id, key)
  const effect = before ? 'already' : await recordAct(context, { kind, at: context.at, answer })
  if (effect === 'already') {
    const first = before ?? (await store.answer(club.id, member.id, key))
    return { ...card, text: `${t.answer.stands(letter(first?.option ?? answer.option))}\n\n${card.text}` }
  }
  if (effect.counted) await touchTodaysPost(context)
  return withEffect(context, card, effect)
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
    const { lesson } = findLesson(context, id)
    const asked = findQuestion(context, lesson, Number(question))
    return {
      title: lessonText(lesson, context.locale).title,
      text: questionText(asked),
      buttons: optionButtons(asked, answerPress(season, lesson.id, Number(question))),
    }
  },
})
