import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { told } from '../support/ourCourse.ts'
import { messageOf, slackClub, startHere, transports } from '../support/slackClub.ts'
import { lessonIn, wordsOf } from './life.ts'

describe.each(transports)('installing in many workspaces, by %s', (transport) => {
  test('gives each workspace a club and a token of its own, sealed; one never touches the other', async () => {
    const bot = await slackClub({ transport, oauth: true, settings: { pollDays: [] } })
    const places = [bot.workspace(bot.slack.team()), bot.workspace(bot.slack.team())]
    for (const { owner } of places) {
      const { status } = await bot.slack.installs(owner, `${bot.origin}/slack/install`)
      expect(status).toBeLessThan(400)
      await startHere(owner)
    }
    const [one, two] = places
    if (!one || !two) throw new Error('there are two')
    await bot.morning(one.club)
    for (const { channel } of places) expect(lessonIn(channel).words).toContain('1/24')
    const mina = bot.slack.person({ team: one.team, name: '미나' })
    expect(messageOf(await mina.taps(lessonIn(one.channel), 'C')).words).toContain('연속 1일')
    expect(await bot.store.members(two.club, undefined, 9)).toHaveLength(1)
    for (const { team } of places) {
      expect(readFileSync(bot.file).includes(team.token)).toBe(false)
      expect(readFileSync(`${bot.file}-wal`).includes(team.token)).toBe(false)
      expect(JSON.stringify(bot.logged)).not.toContain(team.token)
    }
  })

  test('comes through a restart', async () => {
    const bot = await slackClub({ transport, oauth: true, settings: { pollDays: [] } })
    const { owner, channel, club } = bot.workspace()
    await bot.slack.installs(owner, `${bot.origin}/slack/install`)
    await startHere(owner)
    await bot.stop()
    const back = await slackClub({ transport, oauth: true, slack: bot.slack, file: bot.file, settings: { pollDays: [] } })
    await back.morning(club)
    expect(lessonIn(channel).buttons).toContain('A')
  })

  test.each([
    ['tokens_revoked', 'app_uninstalled'],
    ['app_uninstalled', 'tokens_revoked'],
  ] as const)('ends with %s and then %s: the token goes, posts stop, others go on, and the club after 30 days', async (...order) => {
    const bot = await slackClub({ transport, oauth: true, settings: { pollDays: [] } })
    const [gone, stays] = [bot.workspace(bot.slack.team()), bot.workspace(bot.slack.team())]
    for (const { owner } of [gone, stays]) {
      await bot.slack.installs(owner, `${bot.origin}/slack/install`)
      await startHere(owner)
    }
    await bot.morning(gone.club)
    await gone.team.uninstall([...order])
    await bot.slack.until(() => bot.logged.some(({ msg }) => msg === 'the bot was removed; the club is kept for a while'))
    await bot.app.idle()
    expect([(await bot.store.club(gone.club))?.removedAt, await bot.store.secrets()]).toEqual([bot.now(), [`slack:${stays.team.id}`]])
    await bot.morning(stays.club)
    expect([gone.channel.messages.length, stays.channel.messages.length]).toEqual([1, 2])
    await bot.until(bot.now() + 31 * 86_400_000)
    expect([await bot.store.club(gone.club), (await bot.store.club(stays.club))?.id]).toEqual([undefined, stays.club])
  })

  test('comes back as it was when it is installed again in time', async () => {
    const bot = await slackClub({ transport, oauth: true, settings: { pollDays: [] } })
    const { owner, team, channel, club } = bot.workspace()
    await bot.slack.installs(owner, `${bot.origin}/slack/install`)
    await startHere(owner)
    await bot.morning(club)
    await owner.taps(lessonIn(channel), 'C')
    await team.uninstall()
    await bot.slack.until(() => bot.logged.some(({ msg }) => msg === 'the bot was removed; the club is kept for a while'))
    await bot.until('2026-11-27T12:00+09:00')
    expect(channel.messages).toHaveLength(1)
    await bot.slack.installs(owner, `${bot.origin}/slack/install`)
    await bot.tick()
    expect(lessonIn(channel).words).toContain('2/24')
    expect(messageOf(await owner.taps(lessonIn(channel), 'C')).words).toContain('연속 2일')
  })
})

test('in a channel that two workspaces share, both with the app, a press belongs to the club whose lesson it is', async () => {
  const bot = await slackClub({ oauth: true, settings: { pollDays: [] } })
  const [one, two] = [bot.workspace(bot.slack.team()), bot.workspace(bot.slack.team())]
  for (const { owner } of [one, two]) await bot.slack.installs(owner, `${bot.origin}/slack/install`)
  const shared = one.team.addChannel({ name: 'shared', sharedWith: two.team })
  await one.owner.taps(messageOf(await one.owner.types('/club', { channel: shared })), '여기서 시작')
  await bot.morning(one.club)
  const neighbour = bot.slack.person({ team: one.team, name: '이웃', homeTeam: two.team })
  const verdict = messageOf(await neighbour.taps(lessonIn(shared), 'C'))
  expect(verdict.words).toContain('연속 1일')
  expect(messageOf(await neighbour.taps(verdict, '다음 질문')).words).toContain(wordsOf(told(1, 'ko').questions[1]?.text))
  const members = async (club: string) => (await bot.store.members(club, undefined, 9)).map(({ name }) => name)
  expect([await members(one.club), await members(two.club)]).toEqual([expect.arrayContaining(['이웃']), []])
})

describe('an installation', () => {
  const refused = { altered: { otherState: true }, 'without its cookie': { dropCookie: true }, denied: { deny: true } } as const
  test.each(Object.entries(refused))('that is %s is refused in words, and keeps nothing', async (_, options) => {
    const bot = await slackClub({ oauth: true })
    const { owner } = bot.workspace()
    const { status, body } = await bot.slack.installs(owner, `${bot.origin}/slack/install`, options)
    expect([status, body]).toEqual([400, expect.stringContaining('설치하지 못했어요')])
    expect(await bot.store.secrets()).toEqual([])
    expect(bot.troubles()).toEqual([])
  })

  test('for a whole organisation serves each of its workspaces with a club of its own', async () => {
    const bot = await slackClub({ oauth: true, settings: { pollDays: [] } })
    const [one, two] = ['E0GRID', 'E0GRID'].map((enterprise) => bot.workspace(bot.slack.team({ enterprise })))
    if (!one || !two) throw new Error('there are two')
    await bot.slack.installs(one.owner, `${bot.origin}/slack/install`, { orgWide: true })
    for (const { owner } of [one, two]) await startHere(owner)
    await bot.morning(one.club)
    for (const { channel } of [one, two]) expect(lessonIn(channel).buttons).toContain('A')
    expect(await bot.store.secrets()).toEqual(['slack:E0GRID', ...[one, two].map(({ club }) => club).sort()])
  })

  test('is needed: an act from elsewhere is nobody’s, and says so in the log', async () => {
    const bot = await slackClub({ oauth: true })
    const { owner, club } = bot.workspace()
    const outcome = await owner.types('/1p help', { patienceMs: 300 })
    expect(outcome.message).toBeUndefined()
    expect(bot.logged.map(({ msg }) => msg)).toContain('slack: an act from a workspace that did not install the app')
    expect(await bot.store.club(club)).toBeUndefined()
  })
})
