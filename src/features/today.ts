// Purpose: a member asks for today's 1 %: the lesson in their own language, and whether today is done.
import { formatPressId } from '../chat/pressId.ts'
import { openBreak } from '../club/club.ts'
import { currentStreak } from '../record.ts'
import { command } from './handler.ts'
import { latestLesson, questionPress } from './lesson.ts'
import { findLesson, lessonCard } from './lessonCard.ts'
import { nextLine } from './nextLine.ts'
import { ownPace, ownPaceButton } from './ownPace.ts'
import { openPollOf } from './poll.ts'

export const today = command({
  name: 'today',
  input: {},
  async run(context) {
    const { t, club, now } = context
    const { state } = await currentStreak(context, now)
    const status = state.acted ? t.today.done(state.run) : t.today.open(state.run)
    const poll = await openPollOf(context)
    const latest = await latestLesson(context)
    const resting = openBreak(club)
    const when = resting ? t.rest[resting.why] : nextLine(club, context)
    if (!latest) return { title: t.today.title, text: `${when}\n\n${status}` }
    const { post } = latest
    const heading = latest.today ? t.lesson.headings.today : t.lesson.headings.latest
    const pace = await ownPace(context)
    const begin = pace?.next && pace.done.size === 0 && pace.club > 1 ? [t.lesson.ownStart(pace.club)] : []
    const card = lessonCard(context, findLesson(context, post.subject, post.season), heading, questionPress(post))
    return {
      ...card,
      text: [card.text, status, ...begin, ...(latest.today ? [] : [when])].join('\n\n'),
      buttons: [
        ...(card.buttons ?? []),
        ...ownPaceButton(context, pace, post.subject),
        ...(poll ? [{ label: t.poll.openButton, press: formatPressId('poll') }] : []),
      ],
    }
  },
})
