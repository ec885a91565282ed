import { expect, test } from 'vitest'
import { messageOf, transports } from '../support/slackClub.ts'
import { lessonIn, morningClub } from './life.ts'

/** What a lock screen shows of a message: its first line. */
const hook = 80

test.each(transports)('two weeks by %s: one new message a study day, two with a poll; the rest is edits and private', async (transport) => {
  const club = await morningClub({ transport })
  const { channel, mina, leo, slack } = club
  const added: number[] = []
  let before = 0
  for (let day = 25; day < 39; day++) {
    const date = new Date(Date.parse('2026-11-25T00:00+09:00') + (day - 25) * 86_400_000)
    await club.until(date.getTime() + 13 * 3_600_000)
    await mina.taps(lessonIn(channel), 'C')
    await leo.taps(lessonIn(channel), 'A')
    const poll = channel.messages.findLast(({ buttons }) => buttons.length === 3 && !buttons.includes('A'))
    if (poll) await mina.taps(poll, poll.buttons[1] ?? '')
    await mina.types('/1퍼센트 순위')
    await leo.types('/1p checkin a line a day')
    await club.until(date.getTime() + 23 * 3_600_000)
    added.push(channel.messages.length - before)
    before = channel.messages.length
  }
  // Wednesday to Tuesday, twice: a lesson a day and polls on Monday, Wednesday and Friday, nothing at the weekend.
  expect(added).toEqual([2, 1, 2, 0, 0, 2, 1, 2, 1, 2, 0, 0, 2, 1])
  for (const message of channel.messages) {
    const [line = ''] = message.text.split('\n')
    expect([line.length > 0, line.length <= hook, message.pinged]).toEqual([true, true, { everyone: false, users: [], groups: [] }])
  }
  // Nobody was written to unasked: every private message is an answer to what its receiver did.
  expect(slack.requests.filter(({ method, params }) => method === 'chat.postMessage' && params.channel !== channel.id)).toEqual([])
  expect(messageOf(await mina.types('/1퍼센트 오늘')).ephemeral).toBe(true)
  expect([mina.inDm, leo.inDm]).toEqual([[], []])
  expect(club.troubles()).toEqual([])
})
