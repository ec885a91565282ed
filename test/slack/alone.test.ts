import type { LogLevel } from '@slack/bolt'
import { expect, onTestFinished, test } from 'vitest'
import { createApi } from '../../src/rooms/slack/api.ts'
import type { Fault } from '../support/slack/api.ts'
import { startSlack } from '../support/slack/server.ts'
import { messageOf, type SlackClub, slackClub, startHere } from '../support/slackClub.ts'
import { lessonIn } from './life.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => 'error' as LogLevel, setName() {} }

type Place = ReturnType<SlackClub['workspace']>

const lessons = ({ channel }: Place) => channel.messages.filter(({ buttons }) => buttons.includes('A')).length

test('no call waits behind those of another workspace that get no answer, however many they are', async () => {
  const slack = await startSlack()
  onTestFinished(() => slack.stop())
  const [silent, well] = [slack.team(), slack.team()]
  const api = createApi({
    url: slack.apiUrl,
    tokenOf: async (id) => (id === silent.id ? silent : well).token,
    failed: () => {},
    logger: quiet,
  })
  const many = 150
  const fault = { match: (_: string, __: unknown, of?: string) => of === silent.id, times: many, do: { kind: 'hang' } as const }
  slack.faults.push(fault)
  const waiting = Array.from({ length: many }, () => api.call(silent.id, 'auth.test').catch(() => {}))
  await slack.until(() => fault.times <= many - 100, 15_000)
  const answered = api.call(well.id, 'auth.test').then(() => 'answered')
  expect(await Promise.race([answered, ...waiting.map((call) => call.then(() => 'the others gave up first'))])).toBe('answered')
  await slack.vanish()
  await Promise.all(waiting)
  expect(fault.times).toBe(0)
})

test('workspaces with troubles of their own have them alone: the others get their lesson, and everybody there an answer', async () => {
  const bot = await slackClub({ oauth: true, settings: { pollDays: [] } })
  const started = async (): Promise<Place> => {
    const place = bot.workspace(bot.slack.team())
    await bot.slack.installs(place.owner, `${bot.origin}/slack/install`)
    await startHere(place.owner)
    return place
  }
  const [silent, halting, limited, revoked, well] = [await started(), await started(), await started(), await started(), await started()]
  const troubles = ({ team }: Place, method: string, times: number, what: Fault) =>
    bot.slack.faults.push({ match: (asked, _, of) => asked === method && of === team.id, times, do: what })
  troubles(silent, 'chat.postMessage', 1, { kind: 'hang', acted: true })
  troubles(halting, 'chat.postMessage', 1, { kind: 'half' })
  troubles(limited, 'chat.postMessage', 1, { kind: 'rateLimited', seconds: 300 })
  revoked.team.revokeToken()

  const round = bot.morning(well.club)
  await bot.slack.until(() => lessons(well) === 1)
  const mina = bot.slack.person({ team: well.team, name: '미나' })
  expect(messageOf(await mina.taps(lessonIn(well.channel), 'C')).words).toContain('연속 1일')
  expect(messageOf(await well.owner.types('/1퍼센트 클럽')).words).not.toContain('운영자만')
  // The address that came with the command needs no token.
  expect(messageOf(await revoked.owner.types('/1퍼센트 도움말')).words).toContain('/1퍼센트')

  await round
  await bot.until(bot.now() + 60_000)
  expect([silent, halting, limited, revoked, well].map(lessons)).toEqual([1, 1, 0, 0, 1])
  const state = async ({ club }: Place) => (await bot.store.posts(club, ['lesson'], 1))[0]?.state
  expect(await Promise.all([silent, halting, limited, revoked, well].map(state))).toEqual(['sent', 'sent', 'due', 'omitted', 'sent'])
  expect((await bot.store.club(revoked.club))?.breaks[0]?.why).toBe('refused')
  // What Slack said of one workspace keeps nothing from another.
  await bot.until(bot.now() + 86_400_000)
  expect([silent, halting, well].map(lessons)).toEqual([2, 2, 2])
})
