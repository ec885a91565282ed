import { afterAll, describe, expect, test } from 'vitest'
import { startDiscord } from '../support/discord/server.ts'
import { discordClub, messageOf } from '../support/discordClub.ts'
import { openClub } from './life.ts'

/** All that was logged in this file, and all that must never be in it. */
const logged: string[] = []
const secrets: string[] = []
type Club = Awaited<ReturnType<typeof openClub>>

function listened(club: Club): Club {
  secrets.push(club.discord.token)
  return club
}
const heard = ({ logged: lines, discord }: Club) => {
  logged.push(JSON.stringify(lines))
  secrets.push(...discord.interactionTokens)
}
const fatal = ({ logged: lines }: Club) => lines.filter(({ level }) => level === 60).map(({ msg }) => msg)

describe('the line to Discord', () => {
  test('is opened with the Guilds intent only, beats, and is opened again where it broke: what came meanwhile is answered', async () => {
    const club = listened(
      await openClub({
        before(discord) {
          discord.gateway.heartbeatInterval = 100
        },
      }),
    )
    const { discord } = club
    // The loopback Discord lets in the Guilds intent alone, and closes with 4014 for any other.
    const { guild } = await club.server()
    const mina = discord.person({ guild, name: '미나', locale: 'ko' })
    await discord.until(() => discord.gateway.heartbeats >= 3)
    for (const breakLine of [
      () => discord.gateway.disconnect(),
      () => discord.gateway.reconnect(),
      () => discord.gateway.invalidate(true),
    ]) {
      const before = discord.gateway.resumes
      breakLine()
      await discord.until(() => discord.gateway.resumes > before)
      expect(messageOf(await mina.types('/도움말')).text).toContain('/오늘')
    }
    expect(discord.gateway.identifies).toBe(1)
    heard(club)
  })

  test('begins anew when Discord has forgotten the session', async () => {
    const club = listened(await openClub())
    const { discord } = club
    const { guild } = await club.server()
    discord.gateway.invalidate(false)
    await discord.until(() => discord.gateway.identifies === 2, 20_000)
    await discord.gateway.ready()
    const mina = discord.person({ guild, name: '미나', locale: 'ko' })
    expect(messageOf(await mina.types('/도움말')).text).toContain('/오늘')
    heard(club)
  })

  test('is given up when a beat stays without an answer, and opened again', async () => {
    const club = listened(
      await openClub({
        before(discord) {
          discord.gateway.heartbeatInterval = 50
        },
      }),
    )
    club.discord.gateway.ackHeartbeats = false
    await club.discord.until(() => club.discord.gateway.resumes > 0)
    heard(club)
  })

  test('has as many parts as Discord asks for, and one scheduler: each club has its lesson once', async () => {
    const discord = await startDiscord({ shards: 2 })
    discord.gateway.maxConcurrency = 2
    const club = listened(await openClub({ discord }))
    expect(discord.gateway.identifies).toBe(2)
    const servers = [await club.server('하나'), await club.server('둘'), await club.server('셋')]
    for (const { owner } of servers) await owner.taps(messageOf(await owner.types('/클럽')), '여기서 시작')
    await club.morning(servers[0]?.club ?? '')
    for (const { channel } of servers) expect(channel.messages.filter(({ buttons }) => buttons.includes('A'))).toHaveLength(1)
    heard(club)
    await club.stop()
    await discord.stop()
  })

  test.each([
    [4004, /^DISCORD_TOKEN: Discord refused the token\. Reset it/],
    [4014, /^Discord refused the intents/],
  ])('closed with %i, it is not tried again, and the operator reads what to do', async (code, words) => {
    const club = listened(await openClub())
    const { discord } = club
    discord.gateway.disconnect(code)
    await discord.until(() => fatal(club).length > 0)
    expect(fatal(club)).toEqual([expect.stringMatching(words)])
    await discord.until(() => !discord.gateway.isReady)
    // The rest of the program lives: a post still goes out.
    await club.tick()
    expect(discord.gateway.identifies).toBe(1)
    heard(club)
  })

  test('a token that Discord does not take stops the opening by the name of the setting', async () => {
    const discord = await startDiscord()
    await expect(discordClub({ discord, token: 'another-token', connects: false })).rejects.toThrow(/^DISCORD_TOKEN: Discord refused it/)
    await discord.stop()
  })

  test('is tried again until Discord is there', async () => {
    const first = await startDiscord()
    const { port } = first
    await first.stop()
    const club = listened(await openClub({ discord: { ...first, stop: async () => {} }, connects: false }))
    expect(club.logged.map(({ msg }) => msg)).toContain('discord: not connected; it is tried again')
    const discord = await startDiscord({ port, token: first.token, applicationId: first.applicationId })
    await discord.gateway.ready(20_000)
    expect(discord.commands().length).toBeGreaterThan(5)
    heard(club)
    await club.stop()
    await discord.stop()
  })

  test('can be closed while it is being opened', async () => {
    const club = listened(await openClub())
    const { guild } = await club.server()
    club.discord.gateway.disconnect()
    await club.stop()
    expect(guild.channels).toHaveLength(1)
    heard(club)
  })
})

afterAll(() => {
  const all = logged.join('\n')
  expect(all.length).toBeGreaterThan(500)
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
})
