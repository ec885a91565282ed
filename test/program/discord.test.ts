import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isLocalOnly, readConfig } from '../../src/config.ts'
import { writeCourse } from '../support/courseOf.ts'
import { type DiscordServer, startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import { messageOf } from '../support/discordClub.ts'
import { environment, root, type Service, startService } from '../support/service.ts'
import { tempFolder } from '../support/testClub.ts'

/** An address that is nobody's: names in `.invalid` lead nowhere, on any machine. */
const elsewhere = 'https://discord.invalid/api'
const token = 'MTIzNDU2.secret-token.of-the-bot'

async function discordFor(): Promise<{ discord: DiscordServer; settings: Record<string, string> }> {
  const discord = await startDiscord({ token })
  onTestFinished(() => discord.stop())
  return { discord, settings: { DISCORD_TOKEN: token, DISCORD_API_URL: discord.apiUrl, CLUB_LOCALE: 'en' } }
}

/** The program, which is not expected to open. */
async function refusedStart(folder: string, extra: Record<string, string>): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], { cwd: root, env: environment(folder, extra) })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  expect(stdout + stderr).not.toContain(token)
  return { status, stderr }
}

async function stopped(service: Service): Promise<unknown> {
  service.process.kill('SIGTERM')
  const [status] = (await service.exited) as [number | null]
  expect(service.output.join('\n')).not.toContain(token)
  return status
}

/** A server whose organiser starts the club. */
async function startedServer(discord: DiscordServer) {
  const guild = discord.addGuild({ channels: [{ name: 'study' }] })
  const channel = guild.channel('study')
  const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
  const greeting = await discord.until(() => channel.messages[0])
  const setUp = messageOf(await owner.taps(greeting, 'Set up the club'))
  return { guild, channel, owner, started: messageOf(await owner.taps(setUp, 'Start here')) }
}

describe('the program with a Discord beside its web room', () => {
  test('is ready, tells its invite link, and posts in both rooms', async () => {
    const { discord, settings } = await discordFor()
    const folder = tempFolder()
    const service = await startService(folder, { ...settings, CONTENT_DIR: writeCourse(folder, 5) })
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    expect(service.output.join('\n')).toContain(`https://discord.com/oauth2/authorize?client_id=${discord.applicationId}`)
    await discord.gateway.ready()
    const { guild, channel } = await startedServer(discord)

    // Between the day's start and its post time the first lesson is more than a day away.
    expect((await service.post('/api/clock', { forward: 'P2D' })).status).toBe(200)
    const lesson = await discord.until(() => channel.messages.find(({ text }) => text.includes('day 1')))
    const learner = discord.person({ guild, name: 'Mina' })
    expect(messageOf(await learner.taps(lesson, 'A')).ephemeral).toBe(true)
    const web = await service.messages('Mina')
    expect(web.filter(({ onlyYou }) => !onlyYou).map(({ card }) => card.title)).toContainEqual(expect.stringContaining('day 2'))
    // What is said in one room stays there.
    expect(web.filter(({ onlyYou }) => onlyYou)).toEqual([])
    expect(service.output.filter((line) => /"level":[56]0/.test(line))).toEqual([])
    expect(await stopped(service)).toBe(0)
  })

  test('takes signed interactions on its own port, and no others', async () => {
    const { discord, settings } = await discordFor()
    const folder = tempFolder()
    const http = { DISCORD_TRANSPORT: 'http', DISCORD_PUBLIC_KEY: discord.publicKey, WEB_ROOM: 'off' }
    const service = await startService(folder, { ...settings, ...http, CONTENT_DIR: writeCourse(folder, 5) })
    const endpoint = `${service.url}/discord/interactions`
    expect(await discord.httpPing(endpoint)).toEqual({ status: 200, body: '{"type":1}' })
    expect((await discord.httpPing(endpoint, { forged: true })).status).toBe(401)
    discord.overHttp(endpoint)
    const guild = discord.addGuild({ channels: [{ name: 'study' }] })
    const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
    const setUp = messageOf(await owner.types('/club'))
    expect(messageOf(await owner.taps(setUp, 'Start here')).text).toContain('lesson')
    expect(discord.gateway.connections).toBe(0)
    expect(await stopped(service)).toBe(0)
  })

  test('opens while Discord is out of reach, and its web room lives', async () => {
    const { discord, settings } = await discordFor()
    await discord.vanish()
    const service = await startService(tempFolder(), settings)
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    expect((await service.call({ as: 'host', command: 'help' })).card.text).not.toBe('')
    await discord.appear()
    await discord.gateway.ready(20_000)
    expect(await stopped(service)).toBe(0)
  })
})

describe('a start that cannot go on', () => {
  test('without the key that tells Discord’s requests from others', async () => {
    const extra = { DISCORD_TOKEN: token, DISCORD_TRANSPORT: 'http' }
    expect(await refusedStart(tempFolder(), extra)).toMatchObject({ status: 1, stderr: expect.stringContaining('DISCORD_PUBLIC_KEY: ') })
  })

  test('with a token that Discord does not take', async () => {
    const { settings } = await discordFor()
    const { status, stderr } = await refusedStart(tempFolder(), { ...settings, DISCORD_TOKEN: 'another.token-of.nobody' })
    expect(status).toBe(1)
    expect(stderr).toContain('DISCORD_TOKEN: ')
    expect(stderr).not.toContain('another.token-of.nobody')
    expect(stderr).not.toContain('at ')
  })

  test('with the key of another application', async () => {
    const { settings } = await discordFor()
    const http = { DISCORD_TRANSPORT: 'http', DISCORD_PUBLIC_KEY: '0'.repeat(63).concat('1') }
    expect(await refusedStart(tempFolder(), { ...settings, ...http })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('DISCORD_PUBLIC_KEY: '),
    })
  })

  test('on a database whose clock was moved, for people whose clock was not', async () => {
    const folder = tempFolder()
    const service = await startService(folder)
    expect((await service.post('/api/clock', { forward: 'PT1H' })).status).toBe(200)
    expect(await stopped(service)).toBe(0)
    const { status, stderr } = await refusedStart(folder, { DISCORD_TOKEN: token, DISCORD_API_URL: elsewhere })
    expect(status).toBe(1)
    expect(stderr).toContain(`DATABASE_URL: the clock of ${join(folder, 'club.db')} was moved`)
    // A Discord on this machine misleads nobody.
    const { settings } = await discordFor()
    expect(await stopped(await startService(folder, settings))).toBe(0)
  })
})

test('the clock stands still for the web room as soon as a real platform is served', async () => {
  const service = await startService(tempFolder(), { DISCORD_TOKEN: token, DISCORD_API_URL: elsewhere })
  const refused = await service.post('/api/clock', { forward: 'PT1H' })
  expect(refused.status).toBe(409)
  expect(await stopped(service)).toBe(0)

  const local = (extra: Record<string, string>) => isLocalOnly(readConfig(extra))
  expect(local({})).toBe(true)
  expect(local({ DISCORD_TOKEN: token })).toBe(false)
  for (const host of ['127.0.0.1:9', 'localhost:9', '127.8.9.1']) {
    expect(local({ DISCORD_TOKEN: token, DISCORD_API_URL: `http://${host}/api` })).toBe(true)
  }
  for (const host of ['discord.com', 'localhost.example.com', '192.168.0.7', '127.0.0.1.example.com', '[::2]']) {
    expect(local({ DISCORD_TOKEN: token, DISCORD_API_URL: `https://${host}/api` })).toBe(false)
  }
  expect(local({ DISCORD_TOKEN: token, DISCORD_API_URL: 'http://[::1]:8080/api' })).toBe(true)
})
