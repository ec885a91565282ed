import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { ours } from '../features/life.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualBotPermissions, usualMemberPermissions } from '../support/discord/wire.ts'
import { discordClub, messageOf, startHere, transports } from '../support/discordClub.ts'
import { tempFolder } from '../support/testClub.ts'
import { excusedIn, lessonOf, lessonsIn, lives, longDiscord, requestsTo, type Started, startedClub, startedIn, streakOf } from './clubs.ts'

const hello = '안녕하세요! 함께 공부하는 클럽이에요'
const greetingsIn = ({ messages }: { readonly messages: readonly { readonly text: string }[] }) =>
  messages.filter(({ text }) => text.includes(hello))
const readOnly = usualBotPermissions & ~permission.sendMessages
const removedAt = async ({ bot, club }: Pick<Started, 'bot' | 'club'>) => (await bot.store.club(club))?.removedAt

/** Waits until the bot knows that it was removed from a server, or is back in it. */
async function noticed(place: Pick<Started, 'bot' | 'club'>, removed: boolean): Promise<void> {
  const { bot, club } = place
  for (let i = 0; i < 500; i++) {
    const found = await bot.store.club(club)
    if (found && (found.removedAt !== undefined) === removed) return
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  throw new Error(`${club} is not ${removed ? 'removed' : 'back'}`)
}

/** The bot is added to a server again, which has the channels and people that it had. */
async function comesBack(place: Started) {
  const { bot, guild, channel, owner } = place
  const back = bot.discord.addGuild({ id: guild.id, channels: [{ id: channel.id, name: 'study' }], preferredLocale: 'ko' })
  const [there] = back.channels
  if (!there) throw new Error('a server with a channel')
  await noticed(place, false)
  await bot.app.idle()
  const person = (id: string, name: string, permissions = usualMemberPermissions) =>
    bot.discord.person({ guild: back, id, name, locale: 'ko', permissions })
  return {
    ...place,
    guild: back,
    channel: there,
    person,
    owner: person(owner.id, owner.name, usualMemberPermissions | permission.manageGuild),
  }
}

async function leaves(place: Started): Promise<void> {
  place.bot.discord.removeGuild(place.guild.id)
  await noticed(place, true)
}

describe('the bot joins a server', () => {
  test('and says hello once, in the first channel it may write to, with a button that sets the club up', async () => {
    const bot = await longDiscord()
    const guild = bot.discord.addGuild({
      channels: [{ name: 'rules', permissions: readOnly }, { name: 'secret', permissions: 0n }, { name: 'lobby' }, { name: 'study' }],
      preferredLocale: 'ko',
    })
    const lobby = guild.channel('lobby')
    const greeting = await bot.discord.until(() => greetingsIn(lobby)[0])
    await bot.app.idle()
    await lives(bot, '2037-11-26T12:00+09:00')
    expect(guild.channels.flatMap(({ messages }) => messages)).toHaveLength(1)
    expect(lobby.messages[0]?.buttons).toEqual(['클럽 열기'])
    expect(lobby.messages[0]?.mentionsPinged).toEqual({ everyone: false, users: [], roles: [] })

    const [message] = lobby.messages
    if (!message) throw new Error('a greeting')
    expect(greeting.text).toContain('한 번 누르면')
    const owner = bot.discord.person({ guild, name: '운영자', locale: 'ko', permissions: usualMemberPermissions | permission.manageGuild })
    const setUp = messageOf(await owner.taps(message, '클럽 열기'))
    expect(setUp.ephemeral).toBe(true)
    expect(messageOf(await owner.taps(setUp, '여기서 시작')).text).toContain('시작했어요')
    await bot.morning(`discord:${guild.id}`)
    expect(lessonsIn(lobby)).toEqual([1])
    expect(bot.troubles()).toEqual([])
  })

  test('and whoever does not organise is told kindly that the button is not theirs', async () => {
    const bot = await longDiscord()
    const { guild, channel, club } = await bot.server()
    const greeting = await bot.discord.until(() => channel.messages[0])
    const member = bot.discord.person({ guild, name: '미나', locale: 'ko' })
    const answer = messageOf(await member.taps(greeting, '클럽 열기'))
    expect(answer).toMatchObject({ text: '운영자만 할 수 있어요.', ephemeral: true, buttons: [] })
    expect((await bot.store.club(club))?.seasons).toEqual([])
    expect(channel.messages).toHaveLength(1)
  })

  test('in which it may write nowhere, and says nothing; a command opens the club all the same', async () => {
    const bot = await longDiscord()
    const guild = bot.discord.addGuild({
      channels: [
        { name: 'rules', permissions: readOnly },
        { name: 'news', permissions: 0n },
      ],
    })
    const club = `discord:${guild.id}`
    await noticed({ bot, club }, false)
    await lives(bot, '2037-11-25T12:00+09:00')
    expect(bot.discord.requests.filter(({ path }) => path.startsWith('/channels/'))).toEqual([])
    expect((await bot.store.club(club))?.channel).toBe('')
    const owner = bot.discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
    const study = guild.addChannel({ name: 'study' })
    const setUp = messageOf(await owner.types('/club', {}, { channel: study }))
    await owner.taps(setUp, 'Start here')
    await bot.morning(club)
    expect(lessonsIn(study)).toEqual([1])
    expect(bot.troubles()).toEqual([])
  })

  test('and does not greet it again after a restart, a broken line, or a new session', async () => {
    const discord = await startDiscord()
    const file = `${tempFolder()}/club.db`
    const first = await longDiscord({ discord, file })
    const { channel } = await first.server()
    await discord.until(() => greetingsIn(channel).length > 0)
    for (const breaks of [() => discord.gateway.disconnect(), () => discord.gateway.invalidate(false)]) {
      const { connections } = discord.gateway
      breaks()
      await discord.until(() => discord.gateway.connections > connections && discord.gateway.isReady, 15_000)
    }
    await first.stop()
    const second = await longDiscord({ discord, file, at: '2037-11-25T07:00+09:00' })
    await lives(second, '2037-11-26T07:00+09:00')
    expect(greetingsIn(channel)).toHaveLength(1)
    expect(channel.messages).toHaveLength(1)
    await second.stop()
    await discord.stop()
  })
})

describe('the bot is removed from a server', () => {
  /** A club with a learner who has studied on two days, with settings of its own. */
  async function studied() {
    const place = await startedClub({ settings: { pollDays: [] } })
    const { bot, guild, channel, owner } = place
    const learner = bot.discord.person({ guild, name: '미나', locale: 'ko' })
    await owner.types('/클럽', { set: 'post-at', to: '09:30' })
    for (const day of [25, 26]) {
      await lives(bot, `2037-11-${day}T10:00+09:00`)
      await learner.taps(lessonOf(channel), 'A')
    }
    await bot.app.idle()
    return { ...place, learner }
  }

  test('its posts stop, everything is kept, and after a rejoin the club goes on as if nothing had been between', async () => {
    const place = await studied()
    const { bot, club, channel, learner } = place
    const other = await startedIn(bot, '다른 서버')
    await leaves(place)
    const before = requestsTo(place, channel).length
    await lives(bot, '2037-12-07T08:00+09:00')
    expect(requestsTo(place, channel)).toHaveLength(before)
    // The other club had its lessons, until it fell quiet.
    expect(lessonsIn(other.channel)).toHaveLength(7)
    expect((await bot.store.members(club, undefined, 10)).map(({ name }) => name)).toEqual(['미나'])

    const back = await comesBack(place)
    await lives(bot, '2037-12-07T10:00+09:00')
    // No second greeting; the settings, the course and the run are those of before.
    expect(greetingsIn(back.channel)).toEqual([])
    expect(lessonsIn(back.channel)).toEqual([3])
    const mina = back.person(learner.id, '미나')
    expect(await streakOf(mina)).toEqual({ run: 2, total: 2 })
    await mina.taps(lessonOf(back.channel), 'A')
    expect(await streakOf(mina)).toEqual({ run: 3, total: 3 })
    expect(messageOf(await back.owner.types('/클럽')).text).toContain('09:30')
    expect(messageOf(await mina.types('/streak', { action: 'why' })).text).toContain('쉼')
    expect(await excusedIn(back)).toEqual([])
    await lives(bot, '2037-12-08T10:00+09:00')
    expect(lessonsIn(back.channel)).toEqual([3, 4])
  })

  test('with a post on its way: it is given up, and its lesson comes after the rejoin', async () => {
    const place = await studied()
    const { bot, channel } = place
    bot.discord.faults.push({
      match: (method, path) => method === 'POST' && path === `/channels/${channel.id}/messages`,
      do: { kind: 'limit', retryAfterS: 600, scope: 'shared' },
    })
    await bot.until('2037-11-27T09:31+09:00')
    await leaves(place)
    const before = requestsTo(place, channel).length
    await lives(bot, '2037-11-27T12:00+09:00')
    expect(requestsTo(place, channel)).toHaveLength(before)
    const back = await comesBack(place)
    await lives(bot, '2037-11-28T10:00+09:00')
    expect(lessonsIn(back.channel)).toEqual([3])
  })

  test('for a month: everything of the club is deleted, nothing of another, and a rejoin begins anew', async () => {
    const place = await studied()
    const { bot, club, guild, learner } = place
    const other = await startedIn(bot, '다른 서버')
    const otherLearner = bot.discord.person({ guild: other.guild, name: '지훈', locale: 'ko' })
    await lives(bot, '2037-11-27T10:00+09:00')
    await otherLearner.taps(lessonOf(other.channel), 'A')
    await leaves(place)
    const since = (await removedAt(place)) ?? 0
    await lives(bot, since + 30 * 86_400_000 - 60_000)
    expect(await bot.store.club(club)).toBeDefined()
    expect(await bot.store.members(club, undefined, 10)).toHaveLength(1)
    await lives(bot, since + 30 * 86_400_000)
    expect(await bot.store.club(club)).toBeUndefined()
    expect(await bot.store.clubs()).toEqual([other.club])

    const db = new Database(bot.file, { readonly: true })
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").pluck().all()
    const everything = JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()))
    db.close()
    for (const trace of [guild.id, learner.id, place.owner.id, '미나']) expect(everything).not.toContain(trace)
    for (const kept of [other.guild.id, otherLearner.id, '지훈']) expect(everything).toContain(kept)
    expect(await streakOf(otherLearner)).toMatchObject({ total: 1 })

    const back = await comesBack(place)
    const greeting = await bot.discord.until(() => greetingsIn(back.channel)[0])
    expect(greeting.text).toContain(hello)
    expect((await bot.store.club(club))?.seasons).toEqual([])
    expect(messageOf(await back.owner.types('/클럽')).text).toContain('08:00')
    await startHere(back.owner)
    await bot.morning(club)
    expect(lessonsIn(back.channel)).toEqual([1])
    expect(await streakOf(back.person(learner.id, '미나'))).toEqual({ run: 0, total: 0 })
  })

  test('no: Discord has an outage, and that is no removal', async () => {
    const place = await studied()
    const { bot, guild, channel } = place
    bot.discord.guildOutage(guild.id)
    // A later event of the same line: when it was answered, the outage was heard.
    await place.owner.types('/오늘')
    expect(await removedAt(place)).toBeUndefined()
    bot.discord.guildReturns(guild.id)
    await lives(bot, '2037-11-27T10:00+09:00')
    expect(lessonsIn(channel)).toEqual([1, 2, 3])
    expect(greetingsIn(channel)).toHaveLength(1)
  })

  test('no: an outage that lasts while the bot starts is none either', async () => {
    const discord = await startDiscord()
    const file = `${tempFolder()}/club.db`
    const first = await startedClub({ discord, file })
    await first.bot.stop()
    discord.guildOutage(first.guild.id)
    const bot = await longDiscord({ discord, file, at: '2037-11-24T08:00+09:00' })
    const other = await bot.server()
    await discord.until(() => greetingsIn(other.channel)[0])
    expect(await removedAt({ bot, club: first.club })).toBeUndefined()
    await bot.stop()
    await discord.stop()
  })
})

describe('a removal while the bot was down', () => {
  test.each([
    ['by the gateway’s list', 'gateway', 1],
    ['by the lists of two shards', 'gateway', 2],
    ['by the list of servers, over HTTP', 'http', 1],
  ] as const)('is noticed %s', async (_, transport, shards) => {
    const discord = await startDiscord({ shards })
    const file = `${tempFolder()}/club.db`
    const first = await longDiscord({ discord, file })
    const places: Started[] = []
    for (const name of ['가', '나', '다', '라', '마']) places.push(await startedIn(first, name))
    await first.stop()
    const [left, left2, ...stay] = places
    if (!left || !left2) throw new Error('five clubs')
    // One on each shard, where there are two.
    for (const { guild } of [left, left2]) discord.removeGuild(guild.id)
    const bot = await longDiscord({ discord, file, transport, at: '2037-11-24T08:00+09:00' })
    for (const { club } of [left, left2]) await noticed({ bot, club }, true)
    for (const { club } of stay) expect(await removedAt({ bot, club })).toBeUndefined()
    await lives(bot, '2037-11-25T09:00+09:00')
    for (const { channel } of stay) expect(lessonsIn(channel)).toEqual([1])
    expect(bot.discord.requests.filter(({ status, method }) => method === 'POST' && status === 404)).toEqual([])
    await bot.stop()
    await discord.stop()
  })

  test('and a return, over HTTP: nobody is greeted, and the club goes on', async () => {
    const discord = await startDiscord()
    const file = `${tempFolder()}/club.db`
    const first = await startedClub({ discord, file, transport: 'gateway' })
    await leaves(first)
    await first.bot.stop()
    discord.addGuild({ id: first.guild.id, channels: [{ id: first.channel.id, name: 'study' }] })
    const bot = await longDiscord({ discord, file, transport: 'http', at: '2037-11-27T07:00+09:00' })
    expect(await removedAt({ bot, club: first.club })).toBeUndefined()
    await lives(bot, '2037-11-27T09:00+09:00')
    expect(lessonsIn(discord.channel(first.channel.id))).toEqual([1])
    expect(greetingsIn(discord.channel(first.channel.id))).toEqual([])
    await bot.stop()
    await discord.stop()
  })
})

test.each(transports)('a server whose join nobody told us of is answered by %s, and can start its club', async (transport) => {
  const discord = await startDiscord()
  const bot = await longDiscord({ discord, transport })
  // The event is lost on the way.
  const sessions = discord.gateway.silence()
  const { guild, channel, owner, club } = await bot.server()
  sessions.speak()
  expect(await bot.store.club(club)).toBeUndefined()
  const member = discord.person({ guild, name: '미나', locale: 'ko' })
  expect(messageOf(await member.types('/오늘')).text).toContain('아직 시작하지 않았어요')
  expect(await bot.store.club(club)).toMatchObject({ channel: '', seasons: [] })
  await startHere(owner)
  await bot.morning(club)
  expect(lessonsIn(channel)).toEqual([1])
  expect(greetingsIn(channel)).toEqual([])
  expect(bot.troubles()).toEqual([])
  await bot.stop()
  await discord.stop()
})

describe('a club whose platform is switched off for a while', () => {
  test('loses nothing: its days are excused, and the lesson waits', async () => {
    const club = await discordClub({ courses: ours })
    const { owner, channel, club: id, guild } = await club.server()
    await owner.taps(messageOf(await owner.types('/클럽')), '여기서 시작')
    await club.morning(id)
    const mina = club.discord.person({ guild, name: '미나', locale: 'ko' })
    const [lesson] = channel.messages.filter(({ buttons }) => buttons.includes('A'))
    await mina.taps(lesson ?? { id: '' }, 'C')
    const room = club.rooms.get('discord')
    club.rooms.delete('discord')
    while (club.now() < Date.parse('2026-11-27T05:00+09:00')) await club.until(club.now() + 50 * 60_000)
    expect(channel.messages.filter(({ buttons }) => buttons.includes('A'))).toHaveLength(1)
    if (room) club.rooms.set('discord', room)
    while (club.now() < Date.parse('2026-11-27T09:00+09:00')) await club.until(club.now() + 50 * 60_000)
    const found = await club.store.club(id)
    expect(found?.excuses.map(({ day }) => day)).toEqual(['2026-11-26'])
    expect(channel.messages.findLast(({ buttons }) => buttons.includes('A'))?.embeds[0]?.title).toContain('2/24')
    expect(messageOf(await mina.types('/연속')).text).toContain('1일')
  })

  test('who has the bot for long is not greeted again when its memory was lost', async () => {
    const discord = await startDiscord()
    const old = discord.addGuild({ joinedAt: Date.now() - 3 * 86_400_000 })
    const fresh = discord.addGuild({ joinedAt: Date.now() - 3_600_000 })
    const club = await discordClub({ discord, courses: ours })
    expect((await discord.until(() => fresh.channels[0]?.messages[0])).buttons).toEqual(['클럽 열기'])
    await club.app.idle()
    expect(old.channels[0]?.messages).toEqual([])
    expect(await club.store.club(`discord:${old.id}`)).toBeDefined()
    await club.stop()
    await discord.stop()
  })

  test('a greeting that could not be sent does not keep a club from starting', async () => {
    const club = await discordClub({
      courses: ours,
      before: (discord) => {
        discord.faults.push({
          match: (method, path) => method === 'POST' && path.endsWith('/messages'),
          do: { kind: 'status', status: 403, body: { code: 50013, message: 'Missing Permissions' } },
        })
      },
    })
    const { owner, channel, club: id } = await club.server()
    await club.discord.until(() => club.logged.some(({ msg }) => String(msg).startsWith('the channel of a club cannot be reached')))
    await owner.taps(messageOf(await owner.types('/클럽')), '여기서 시작')
    await club.morning(id)
    expect(channel.messages.filter(({ buttons }) => buttons.includes('A'))).toHaveLength(1)
  })
})
