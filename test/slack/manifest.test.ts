import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { infoOf } from '../../src/app.ts'
import { commands } from '../../src/features/index.ts'
import { drawManifest, scopes } from '../../src/rooms/slack/manifest.ts'
import { environment, root } from '../support/service.ts'
import { messageOf, slackClub } from '../support/slackClub.ts'
import { tempFolder } from '../support/testClub.ts'

const infos = commands.map(infoOf)
const namesOf = (options: Parameters<typeof drawManifest>[1]) =>
  drawManifest(infos, options).features.slash_commands.map(({ command }) => command)

function printed(...options: string[]) {
  const args = ['--import', 'tsx', 'src/cli.ts', 'manifest', ...options]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, env: environment(tempFolder()), encoding: 'utf8' })
  return { stdout, stderr, status }
}

describe('the manifest', () => {
  test('has the umbrella in both languages, and five short commands as a choice', () => {
    expect(namesOf({ short: false, history: false })).toEqual(['/1p', '/1퍼센트'])
    expect(namesOf({ short: true, history: false })).toEqual(['/1p', '/1퍼센트', '/today', '/checkin', '/streak', '/leaderboard', '/club'])
  })

  test('asks for the fewest scopes, and for the history only when it is to', () => {
    const scopesOf = (history: boolean) => drawManifest(infos, { short: false, history }).oauth_config.scopes.bot
    expect(scopesOf(false)).toEqual(['commands', 'chat:write', 'files:write', 'users:read', 'channels:read', 'groups:read'])
    expect(scopesOf(true)).toEqual([...scopesOf(false), ...scopes.optional])
  })

  test('is for Socket Mode without an address, and names the address in every place with one', () => {
    const socket = drawManifest(infos, { short: true, history: false })
    expect([socket.settings.socket_mode_enabled, JSON.stringify(socket).includes('http')]).toEqual([true, false])
    const web = drawManifest(infos, { short: true, history: false, url: 'https://club.example.org' })
    expect(web.settings).toMatchObject({
      socket_mode_enabled: false,
      interactivity: { is_enabled: true, request_url: 'https://club.example.org/slack/events' },
      event_subscriptions: { request_url: 'https://club.example.org/slack/events' },
    })
    expect(web.oauth_config.redirect_urls).toEqual(['https://club.example.org/slack/oauth_redirect'])
    expect(web.features.slash_commands.map((command) => 'url' in command && command.url)).toEqual(
      web.features.slash_commands.map(() => 'https://club.example.org/slack/events'),
    )
  })

  test('keeps every limit, and has mentions come as ids', () => {
    const { features, display_information } = drawManifest(infos, { short: true, history: true })
    expect([display_information.name.length <= 35, display_information.description.length <= 140]).toEqual([true, true])
    for (const { command, description, should_escape } of features.slash_commands)
      expect([command.length <= 32, description.length <= 2000, description.length > 0, should_escape]).toEqual([true, true, true, true])
    for (const { name, description } of features.shortcuts) expect([name.length <= 24, description.length <= 150]).toEqual([true, true])
    expect(() => drawManifest(infos.slice(1), { short: true, history: false })).toThrow('there is no command today for the manifest')
  })

  test('is printed by the operator’s command line, which knows its options', () => {
    const { stdout, status } = printed('short', 'https://club.example.org')
    expect([status, JSON.parse(stdout)]).toEqual([0, drawManifest(infos, { short: true, history: false, url: 'https://club.example.org' })])
    for (const wrong of [['http://club.example.org'], ['https://a.org/path'], ['long'], ['https://a.org', 'https://b.org']])
      expect(printed(...wrong)).toMatchObject({ status: 2, stderr: expect.stringContaining('Use it as: npm run club -- manifest') })
  })

  test('what it offers is what the bot answers', async () => {
    const club = await slackClub()
    const { owner } = club.workspace()
    for (const command of namesOf({ short: true, history: false })) {
      const outcome = await owner.types(command)
      expect([command, outcome.message?.words ?? outcome.modal?.title]).toEqual([command, expect.not.stringContaining('명령은 없어요')])
    }
    const written = owner.writes({ id: club.workspace().channel.id }, 'x')
    const { features } = drawManifest(infos, { short: false, history: false })
    expect(messageOf(await owner.shortcut(written, features.shortcuts[0]?.callback_id ?? '')).words).toContain('> x')
  })
})
