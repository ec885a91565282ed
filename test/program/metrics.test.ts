import { expect, onTestFinished, test } from 'vitest'
import { commands, presses } from '../../src/features/index.ts'
import { writeCourse } from '../support/courseOf.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import { messageOf } from '../support/discordClub.ts'
import { readScrape } from '../support/scrape.ts'
import { startService } from '../support/service.ts'
import { startSlack } from '../support/slack/server.ts'
import { tempFolder } from '../support/testClub.ts'

test('what the program did is told by figures that name no club, no member and nothing that was typed', async () => {
  const metricsToken = 'the.metrics-token-of-this-test'
  const [discord, slack] = await Promise.all([startDiscord({ token: 'MTIz.discord-token.of-this-test' }), startSlack()])
  onTestFinished(async () => void (await Promise.all([discord.stop(), slack.stop()])))
  const team = slack.team()
  const folder = tempFolder()
  const secrets = {
    DISCORD_TOKEN: discord.token,
    SLACK_BOT_TOKEN: team.token,
    SLACK_APP_TOKEN: slack.appToken,
    WEB_TOKEN: 'the-web-token-of-this-test',
    METRICS_TOKEN: metricsToken,
    CLUB_KEY: 'c0ffee'.repeat(11).slice(0, 64),
  }
  const addresses = { DISCORD_API_URL: discord.apiUrl, SLACK_API_URL: slack.apiUrl }
  const service = await startService(folder, { ...secrets, ...addresses, CLUB_LOCALE: 'en', CONTENT_DIR: writeCourse(folder, 5) })
  onTestFinished(() => void service.process.kill('SIGKILL'))
  const web = { authorization: `Bearer ${secrets.WEB_TOKEN}` }
  const read = (token: string) => fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  const scrape = async () => readScrape(await (await read(metricsToken)).text())
  expect([(await read('')).status, (await read(secrets.WEB_TOKEN)).status, (await read(metricsToken)).status]).toEqual([400, 401, 200])

  // A club on Discord and its first lesson.
  await discord.gateway.ready()
  const guild = discord.addGuild({ channels: [{ name: 'study' }] })
  const hall = guild.channel('study')
  const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
  const greeting = await discord.until(() => hall.messages[0])
  await owner.taps(messageOf(await owner.taps(greeting, 'Set up the club')), 'Start here')
  await service.post('/api/clock', { forward: 'P2D' }, web)
  const posted = () => hall.messages.filter(({ buttons }) => buttons.includes('A'))
  const lesson = await discord.until(() => posted()[0])
  const mina = discord.person({ guild, name: 'Mina Canary' })
  await mina.taps(lesson, 'A')
  await mina.types('/checkin', { note: 'a note canary' })
  // What nobody gave them: a command and a press of their own making.
  await service.post('/api/call', { as: 'LeoCanary', command: 'command-canary' }, web)
  await service.post('/api/call', { as: 'LeoCanary', press: '1:press-canary:x' }, web)

  const count = (name: string, labels: Record<string, string>) =>
    expect.poll(async () => (await scrape()).value(name, labels), { timeout: 20_000 })
  const lessons = { room: 'discord', kind: 'lesson' }
  const answer = { room: 'discord', command: 'answer' }
  // One or two mornings lie in two days.
  await count('outbox_posts', {}).toBe(0)
  const seen = await scrape()
  expect([seen.value('posts_due_total', lessons), seen.value('posts_total', { ...lessons, outcome: 'sent' })]).toEqual([
    posted().length,
    posted().length,
  ])
  expect(seen.value('answers_total', { ...answer, outcome: 'card' })).toBe(1)
  expect(seen.value('answer_seconds_count', answer)).toBe(1)
  expect(seen.value('answer_seconds_bucket', { ...answer, le: '+Inf' })).toBe(1)
  expect(seen.value('answers_total', { room: 'discord', command: 'checkin', outcome: 'card' })).toBe(1)
  expect(seen.value('answers_total', { room: 'web', command: 'other', outcome: 'unknown' })).toBe(2)
  expect(seen.value('outbox_oldest_seconds')).toBe(0)
  expect(seen.value('database_bytes')).toBeGreaterThan(0)
  expect(seen.value('database_wal_bytes')).toBeGreaterThan(0)
  expect(seen.value('tick_age_seconds')).toBeLessThan(120)
  expect(seen.text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)

  const known = new Set([...commands, ...presses].map(({ name }) => name)).add('other')
  expect(seen.values('command').filter((name) => !known.has(name))).toEqual([])
  expect(seen.values('room').filter((name) => !['web', 'discord', 'slack'].includes(name))).toEqual([])
  for (const canary of [...Object.values(secrets), guild.id, hall.id, mina.id, team.id, 'anary']) expect(seen.text).not.toContain(canary)
})
