import { describe, expect, test, vi } from 'vitest'
import { messageOf, transports } from '../support/slackClub.ts'
import { again, lessonIn, morningClub, postIn } from './life.ts'

describe.each(transports)('people, by %s', (transport) => {
  test('the profile’s time zone is offered at the first act, and taken only by a tap', async () => {
    const { mina, leo, lesson, store, id } = await morningClub({ transport })
    expect(messageOf(await mina.taps(lesson, 'C')).words).not.toContain('시간대')
    const first = messageOf(await leo.taps(lesson, 'C'))
    expect(first.words).toContain("Your profile says Europe/London; here days go by the club's clock, Asia/Seoul.")
    expect((await store.member(id, leo.id))?.zones).toEqual([])
    expect(messageOf(await leo.taps(first, 'Use Europe/London')).words).toContain('by the clock of Europe/London')
    expect((await store.member(id, leo.id))?.zones.map(({ zone }) => zone)).toEqual(['Europe/London'])
    expect(messageOf(await leo.types('/1p checkin more')).words).not.toContain('Your profile says')
  })

  test('boards show the display name, and follow it', async () => {
    const { mina, lesson } = await morningClub({ transport })
    expect(messageOf(await mina.taps(lesson, 'C')).words).toContain('*미나*')
    await mina.changes({ name: '미나_새이름' })
    await vi.waitFor(async () => expect(messageOf(await mina.types('/1퍼센트 연속')).words).toMatch(/^미나_새이름/))
  })

  test('who is deactivated leaves the boards, also those in the channel, and who comes back is there again', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, lesson, channel, store, id } = club
    await mina.taps(lesson, 'C')
    await leo.taps(lesson, 'C')
    await leo.taps(messageOf(await leo.types('/1p leaderboard')), 'Share')
    await club.tick()
    const shared = postIn(channel, 'Leo')
    expect(shared.words).toContain('미나')
    await mina.deactivates()
    await vi.waitFor(async () => expect((await store.member(id, mina.id))?.left).toBe(true))
    await club.tick()
    expect(messageOf(await leo.types('/1p leaderboard total')).words).not.toContain('미나')
    expect(again(channel, shared).words).not.toContain('미나')
    await mina.reactivates()
    await mina.types('/1퍼센트 인증 다시 왔어요')
    expect(messageOf(await leo.types('/1p leaderboard total')).words).toContain('미나')
  })

  test('a stranger in a shared channel learns in the club whose channel it is, under their own name', async () => {
    const club = await morningClub({ transport })
    const { team, slack, store } = club
    const elsewhere = slack.team()
    const shared = team.addChannel({ name: 'shared', sharedWith: elsewhere })
    const admin = messageOf(await club.owner.types('/club', { channel: shared }))
    await club.owner.taps(admin, '여기로 옮기기')
    await club.morning(club.id)
    const neighbour = slack.person({ team, name: '이웃', homeTeam: elsewhere, admin: true })
    const verdict = messageOf(await neighbour.taps(lessonIn(shared), 'A'))
    expect(verdict.words).toContain('순위표에는 *이웃*\u200b으로 보여요')
    expect((await store.members(club.id, undefined, 10)).map(({ name }) => name)).toContain('이웃')
    expect(await store.club(`slack:${elsewhere.id}`)).toBeUndefined()
    expect(messageOf(await neighbour.types('/club', { channel: shared })).words).toBe('운영자만 할 수 있어요.')
  })
})

test('when Slack tells no profile, the handle does, and nobody is an organiser by it', async () => {
  const club = await morningClub()
  const { slack, team, lesson } = club
  slack.faults.push({ match: (method) => method === 'users.info', times: 9, do: { kind: 'error', error: 'user_not_found' } })
  const boss = slack.person({ team, name: '대장', handle: 'boss', admin: true })
  expect(messageOf(await boss.taps(lesson, 'C')).words).toContain('*boss*')
  expect(messageOf(await boss.types('/club')).words).toBe('운영자만 할 수 있어요.')
})
