import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSeal } from '../../src/seal.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { writeCourse } from '../support/courseOf.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import * as onDiscord from '../support/discordClub.ts'
import { pressOf, startService } from '../support/service.ts'
import { startSlack } from '../support/slack/server.ts'
import * as onSlack from '../support/slackClub.ts'
import { migrations, tempFolder } from '../support/testClub.ts'

async function platforms() {
  const [discord, slack] = await Promise.all([startDiscord(), startSlack()])
  onTestFinished(async () => {
    await Promise.all([discord.stop(), slack.stop()])
  })
  const team = slack.team()
  const settings = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    SLACK_BOT_TOKEN: team.token,
    SLACK_API_URL: slack.apiUrl,
    CLUB_LOCALE: 'en',
  }
  return { discord, slack, team, settings }
}

describe('one process', () => {
  test.each(['socket', 'http'] as const)(
    'serves a web room, a club on Discord and one on Slack (by %s), each for itself',
    async (transport) => {
      const { discord, slack, team, settings } = await platforms()
      const folder = tempFolder()
      const reached = transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }
      const service = await startService(folder, { ...settings, ...reached, CONTENT_DIR: writeCourse(folder, 9) })
      if (transport === 'http') slack.overHttp(`${service.url}/slack/events`)
      else await slack.socket.ready()
      await discord.gateway.ready()

      // Discord
      const guild = discord.addGuild({ channels: [{ name: 'study' }] })
      const hall = guild.channel('study')
      const host = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
      const greeting = await discord.until(() => hall.messages[0])
      await host.taps(onDiscord.messageOf(await host.taps(greeting, 'Set up the club')), 'Start here')
      // Slack
      const channel = team.addChannel({ name: 'study' })
      const owner = slack.person({ team, name: 'Owner', locale: 'en-GB' })
      await onSlack.startHere(owner)

      // Slack's study days are Monday to Friday: in four days there is one.
      expect((await service.post('/api/clock', { forward: 'P4D' })).status).toBe(200)
      const there = await discord.until(() => hall.messages.find(({ buttons }) => buttons.includes('A')))
      const here = await slack.until(() => channel.messages.find(({ buttons }) => buttons.includes('A')))
      const web = (await service.messages('Mina')).findLast(({ card }) => card.buttons?.some(({ label }) => label === 'A'))

      const said = [
        onDiscord.messageOf(await discord.person({ guild, name: 'Mina' }).taps(there, 'A')).text,
        onSlack.messageOf(await slack.person({ team, name: 'Mina', locale: 'en-GB' }).taps(here, 'A')).words,
        (await service.call({ as: 'Mina', press: pressOf(web, 'A') })).card.text,
      ]
      for (const words of said) expect(words).toMatch(/Today's 1% is done\*+ · run: 1 day|Done on a day off/)
      // What is said in one room stays there.
      expect((await service.messages('Leo')).filter(({ onlyYou }) => onlyYou)).toEqual([])
      expect(service.output.filter((line) => /"level":[56]0/.test(line))).toEqual([])

      service.process.kill('SIGTERM')
      expect(await service.exited).toEqual([0, null])
      for (const secret of [discord.token, team.token, slack.appToken, slack.signingSecret])
        expect(service.output.join('\n')).not.toContain(secret)
    },
  )

  test('goes on while one platform is away, and comes to it when it is back', async () => {
    const { discord, slack, team, settings } = await platforms()
    const folder = tempFolder()
    await slack.vanish()
    const service = await startService(folder, { ...settings, SLACK_APP_TOKEN: slack.appToken, CONTENT_DIR: writeCourse(folder, 5) })
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    expect(service.output.some((line) => line.includes('slack: not connected; it is tried again'))).toBe(true)
    const guild = discord.addGuild({ channels: [{ name: 'study' }] })
    await discord.until(() => guild.channel('study').messages[0])
    await slack.appear()
    await slack.socket.ready()
    const owner = slack.person({ team, name: 'Owner', locale: 'en-GB' })
    team.addChannel({ name: 'study' })
    expect(onSlack.messageOf(await owner.types('/1p help')).words).toContain('`/1p today`')
    service.process.kill('SIGKILL')
  })

  test('refuses a database that was sealed with another key, and says which to put back', async () => {
    const { slack, settings } = await platforms()
    const folder = tempFolder()
    const seal = createSeal([Buffer.alloc(32, 1)])
    const store = openSqliteStore(join(folder, 'club.db'), migrations, seal)
    await store.keepSecret('slack:T1', '{"token":"xoxb-1"}')
    await store.close()
    const { SLACK_BOT_TOKEN: _, DISCORD_TOKEN: __, ...rest } = settings
    const extra = { ...rest, SLACK_CLIENT_ID: slack.clientId, SLACK_CLIENT_SECRET: slack.clientSecret, SLACK_STATE_SECRET: 'a'.repeat(32) }
    const start = (CLUB_KEY: string) =>
      startService(folder, { ...extra, SLACK_SIGNING_SECRET: slack.signingSecret, CLUB_KEY, CONTENT_DIR: writeCourse(folder, 3) })
    await expect(start('02'.repeat(32))).rejects.toThrow(`was sealed with the key ${seal.keys[0]}, and what is here is`)
    const service = await start('01'.repeat(32))
    const { status, headers } = await fetch(`${service.url}/slack/install`, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([302, expect.stringContaining('/oauth/v2/authorize?')])
    service.process.kill('SIGKILL')
  })

  test('refuses a wrong Slack token in words that hold no secret, and ends', async () => {
    const { slack, settings } = await platforms()
    const wrong = 'xoxb-1-wrong-secret'
    const folder = tempFolder()
    const extra = { ...settings, DISCORD_TOKEN: '', SLACK_BOT_TOKEN: wrong, SLACK_APP_TOKEN: slack.appToken }
    const failure = await startService(folder, { ...extra, CONTENT_DIR: writeCourse(folder, 5) }).catch((error: Error) => error.message)
    expect(failure).toContain('onepercent cannot start:\nSLACK_BOT_TOKEN or SLACK_APP_TOKEN: Slack answered invalid_auth. Copy both anew')
    expect(failure).not.toContain(wrong)
  })
})
