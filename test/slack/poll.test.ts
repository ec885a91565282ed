import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/slackClub.ts'
import { again, morningClub, postIn } from './life.ts'

describe.each(transports)('a poll, by %s', (transport) => {
  test('shows the statement and how many voted; each voter learns alone, and the first answer stands', async () => {
    const club = await morningClub({ transport })
    const { channel, mina, leo } = club
    await club.until('2026-11-27T12:31+09:00')
    const poll = postIn(channel, '맞을까, 아닐까?')
    expect(poll.buttons).toHaveLength(3)
    expect(poll.words).toMatch(/<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>]+>/)
    const first = messageOf(await mina.taps(poll, poll.buttons[0] ?? ''))
    expect([first.ephemeral, first.words]).toEqual([true, expect.stringMatching(/<https:\/\/[^|]+\|/)])
    const second = messageOf(await mina.taps(poll, poll.buttons[1] ?? ''))
    expect(second.words).toContain('처음')
    expect(second.buttons).toHaveLength(1)
    await mina.taps(second, second.buttons[0] ?? '')
    await leo.taps(poll, poll.buttons[2] ?? '')
    await club.until(club.now() + 120_000)
    const counted = again(channel, poll)
    expect(counted.words).toContain('2명')
    expect(counted.words).not.toMatch(/\d+%/)
    expect(counted.images).toEqual([])
  })

  test('is resolved in its own message: words, then a picture', async () => {
    const club = await morningClub({ transport })
    const { channel, mina } = club
    await club.until('2026-11-27T12:31+09:00')
    const poll = postIn(channel, '맞을까, 아닐까?')
    await mina.taps(poll, poll.buttons[0] ?? '')
    await club.until('2026-11-28T20:01+09:00')
    const closed = again(channel, poll)
    expect(closed.words).toMatch(/\d+%/)
    expect([closed.buttons, closed.images.length]).toEqual([[], 1])
    expect(closed.images[0]?.alt).toMatch(/\d+%/)
  })
})
