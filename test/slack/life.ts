// Purpose: a workspace on the morning of its club's first lesson, with people who read Korean and people who read English.
import { infoOf } from '../../src/app.ts'
import { commands } from '../../src/features/index.ts'
import { typedAs } from '../../src/rooms/slack/commands.ts'
import { mrkdwn } from '../../src/rooms/slack/mrkdwn.ts'
import type { SeenMessage } from '../support/slack/seen.ts'
import type { ChannelView } from '../support/slack/server.ts'
import { slackClub, startHere } from '../support/slackClub.ts'

type Options = NonNullable<Parameters<typeof slackClub>[0]>

/** A club that was started the day before; it is Wednesday the 25th of November, 08:00 in Seoul, and the first lesson is there. */
export async function morningClub(options: Options = {}) {
  const club = await slackClub(options)
  const place = club.workspace()
  await startHere(place.owner)
  await club.morning(place.club)
  const mina = club.slack.person({ team: place.team, name: '미나' })
  const leo = club.slack.person({ team: place.team, name: 'Leo', locale: 'en-GB', tz: 'Europe/London' })
  return { ...club, ...place, id: place.club, mina, leo, lesson: lessonIn(place.channel) }
}

/** Words of a course as Slack is told them. */
export function wordsOf(markdown: string | undefined): string {
  if (!markdown) throw new Error('the course says nothing here')
  return mrkdwn(markdown, typed)
}
const typed = typedAs(commands.map(infoOf))

/** The newest lesson in the channel. */
export function lessonIn(channel: ChannelView): SeenMessage {
  const post = channel.messages.findLast(({ buttons }) => buttons.includes('A'))
  if (!post) throw new Error(`no lesson in #${channel.name}`)
  return post
}

/** The newest message in the channel with these words. */
export function postIn(channel: ChannelView, words: string): SeenMessage {
  const post = channel.messages.findLast((message) => message.words.includes(words))
  if (!post) throw new Error(`nothing with “${words}” in #${channel.name}`)
  return post
}

/** The message as everybody sees it now. */
export function again(channel: ChannelView, { id }: { readonly id: string }): SeenMessage {
  const found = channel.messages.find((message) => message.id === id)
  if (!found) throw new Error('the message is gone')
  return found
}
