import { describe, expect, test } from 'vitest'
import { nonceOf } from '../../src/rooms/discord/draw.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import { messageOf, startHere } from '../support/discordClub.ts'
import { tempFolder } from '../support/testClub.ts'
import {
  deletes,
  excusedIn,
  lessonOf,
  lessonsIn,
  lives,
  longDiscord,
  passes,
  postOf,
  requestsTo,
  type Started,
  startedClub,
  startedIn,
  streakOf,
  trouble,
} from './clubs.ts'

const notSent = 'a post could not be sent'
const givenUp = 'a post was given up: it may or may not be in its channel'
const waits = ({ bot }: Started): number[] => bot.logged.filter(({ msg }) => msg === notSent).map(({ retryInMs }) => Number(retryInMs))
const noncesIn = (place: Started) => requestsTo(place, place.channel, 'POST').map(({ body }) => (body as { nonce: string }).nonce)
const unreachable = '클럽 채널에 글을 올릴 수 없어요'
/** The first morning of a club that was started on November 24th. */
const morning = '2037-11-25T08:00+09:00'
const second = 1000
const minute = 60 * second

describe('the same post, tried twice, is one message', () => {
  test.each([
    ['the connection broke after it was there', { kind: 'drop', afterwards: true }],
    ['Discord failed after it was there', { kind: 'status', status: 500, afterwards: true }],
    ['Discord failed before', { kind: 'status', status: 502 }],
    ['the connection broke before', { kind: 'drop' }],
  ] as const)('when %s', async (_, fault) => {
    const place = await startedClub()
    const { bot, club, channel } = place
    trouble(place, channel, fault)
    await bot.morning(club)
    const there = 'afterwards' in fault
    expect(lessonsIn(channel)).toEqual(there ? [1] : [])
    expect(await postOf(place)).toMatchObject({ state: 'due', attempts: 1, unsureAt: Date.parse(morning) })

    await bot.until(bot.now() + 10 * second)
    expect(lessonsIn(channel)).toEqual([1])
    const lesson = lessonOf(channel)
    expect(await postOf(place)).toMatchObject({ state: 'sent', attempts: 2, message: `${channel.id}/${lesson.id}` })
    expect(await postOf(place)).not.toHaveProperty('unsureAt')
    expect(new Set(noncesIn(place).slice(-2))).toEqual(new Set([lesson.nonce]))
    expect(await excusedIn(place)).toEqual([])
    expect(await bot.store.omitted()).toBe(0)
  })

  test('while different posts never share their mark, which fits into Discord’s 25 characters', async () => {
    const bot = await longDiscord()
    const places = [await startedIn(bot, '가'), await startedIn(bot, '나')]
    await lives(bot, '2037-12-02T20:00+09:00')
    const nonces = places.flatMap(noncesIn)
    // A greeting, seven or eight lessons and three polls each.
    expect(nonces.length).toBeGreaterThan(20)
    expect(new Set(nonces).size).toBe(nonces.length)
    for (const nonce of nonces) expect(nonce).toMatch(/^.{20,25}$/)
    expect(nonceOf('lesson:discord:1:2037-11-25')).toBe(nonceOf('lesson:discord:1:2037-11-25'))
    expect(nonceOf('lesson:discord:1:2037-11-25')).not.toBe(nonceOf('lesson:discord:1:2037-11-26'))
    expect(bot.troubles()).toEqual([])
  })
})

describe('a post that was cut short', () => {
  /** The line breaks while the first lesson is being posted, and the bot is away for so long. */
  async function cutShort(awayMs: number) {
    const discord = await startDiscord()
    const file = `${tempFolder()}/club.db`
    const first = await startedClub({ discord, file })
    const learner = discord.person({ guild: first.guild, name: '미나', locale: 'ko' })
    trouble(first, first.channel, { kind: 'drop', afterwards: true })
    await first.bot.morning(first.club)
    await first.bot.stop()
    const bot = await longDiscord({ discord, file, at: new Date(first.bot.now() + awayMs).toISOString() })
    await bot.tick()
    return { ...first, bot, learner, discord }
  }

  test('a minute ago is tried again, and known again', async () => {
    const place = await cutShort(minute)
    expect(await postOf(place)).toMatchObject({ state: 'sent' })
    expect(lessonsIn(place.channel)).toEqual([1])
    expect(await place.bot.store.omitted()).toBe(0)
    await place.discord.stop()
  })

  test('longer ago than Discord remembers is given up: rather none than two, and its day costs nobody anything', async () => {
    const place = await cutShort(10 * minute)
    const { bot, channel, learner } = place
    expect(await postOf(place)).toMatchObject({ state: 'omitted' })
    expect(await bot.store.omitted()).toBe(1)
    expect(bot.logged.find(({ msg }) => msg === givenUp)).toMatchObject({ post: expect.stringContaining(place.club) })
    expect(requestsTo(place, channel, 'POST')).toHaveLength(2)
    expect(await excusedIn(place)).toEqual(['2037-11-25'])
    await lives(bot, '2037-11-25T23:00+09:00')
    expect(requestsTo(place, channel, 'POST').filter(({ body }) => JSON.stringify(body).includes('day'))).toHaveLength(1)

    // The lesson comes the next day instead, and the one after it a day later.
    await lives(bot, '2037-11-26T09:00+09:00')
    expect(lessonsIn(channel)).toEqual([1, 1])
    await learner.taps(lessonOf(channel), 'A')
    await lives(bot, '2037-11-27T09:00+09:00')
    expect(lessonsIn(channel)).toEqual([1, 1, 2])
    await learner.taps(lessonOf(channel), 'A')
    expect(await streakOf(learner)).toEqual({ run: 2, total: 2 })
    expect(await bot.store.omitted()).toBe(1)
    await place.discord.stop()
  })
})

describe('a post that certainly is not there', () => {
  test('is tried on while Discord cannot be reached, with growing waits, and comes when it can', async () => {
    const place = await startedClub()
    const { bot, channel } = place
    await lives(bot, '2037-11-25T07:59+09:00')
    await bot.discord.vanish()
    await bot.until('2037-11-25T09:00+09:00')
    const found = waits(place)
    expect(found.length).toBeGreaterThanOrEqual(8)
    for (const [i, base] of [5, 30, 120, 600, 600, 600].entries()) {
      expect(found[i]).toBeGreaterThanOrEqual(base * second)
      expect(found[i]).toBeLessThanOrEqual(base * second * 1.2)
    }
    expect(await postOf(place)).toMatchObject({ state: 'due' })
    expect(await postOf(place)).not.toHaveProperty('unsureAt')
    expect(JSON.stringify(bot.logged)).toContain('ECONNREFUSED')

    await bot.discord.appear()
    await bot.until('2037-11-25T09:20+09:00')
    expect(lessonsIn(channel)).toEqual([1])
    expect(await bot.store.omitted()).toBe(0)
    expect(await excusedIn(place)).toEqual([])
  })

  test('is tried until its day ends, and then comes the next day', async () => {
    const place = await startedClub({ settings: { postAt: 23 * 60 } })
    const { bot, channel } = place
    await lives(bot, '2037-11-25T22:59+09:00')
    await bot.discord.vanish()
    await lives(bot, '2037-11-26T04:30+09:00')
    expect(await postOf(place)).toMatchObject({ state: 'expired' })
    expect(await excusedIn(place)).toEqual(['2037-11-25'])
    await bot.discord.appear()
    await lives(bot, '2037-11-26T23:10+09:00')
    expect(lessonsIn(channel)).toEqual([1])
    expect(await bot.store.omitted()).toBe(0)
  })

  test('is tried on as often as Discord says “later”', async () => {
    const place = await startedClub()
    const { bot, club, channel } = place
    trouble(place, channel, { kind: 'limit', retryAfterS: 400, scope: 'shared' }, 4)
    await bot.morning(club)
    expect(await postOf(place)).toMatchObject({ state: 'due', attempts: 1 })
    await bot.until(bot.now() + 30 * minute)
    expect(waits(place)).toEqual([400_050, 400_050, 400_050, 400_050])
    expect(lessonsIn(channel)).toEqual([1])
    expect(bot.discord.limits.refused).toBe(4)
    expect(await bot.store.omitted()).toBe(0)
  })

  test('waits a little differently in each club, so that they do not all come at once', async () => {
    const bot = await longDiscord()
    const places = [await startedIn(bot), await startedIn(bot), await startedIn(bot), await startedIn(bot), await startedIn(bot)]
    await lives(bot, '2037-11-25T07:59+09:00')
    await bot.discord.vanish()
    await bot.until('2037-11-25T08:00+09:00')
    const [first] = places
    const found = first ? waits(first) : []
    expect(found).toHaveLength(5)
    expect(new Set(found).size).toBeGreaterThan(1)
    for (const wait of found) expect(wait >= 5000 && wait <= 6000).toBe(true)
    await bot.discord.appear()
    await bot.until('2037-11-25T08:01+09:00')
    for (const { channel } of places) expect(lessonsIn(channel)).toEqual([1])
  })
})

test('after failures of Discord’s the waits grow', async () => {
  const place = await startedClub()
  const { bot, club, channel } = place
  trouble(place, channel, { kind: 'status', status: 503 })
  trouble(place, channel, { kind: 'drop' })
  await bot.morning(club)
  await bot.until(bot.now() + 2 * minute)
  const [first = 0, second = 0, ...rest] = waits(place)
  expect(first >= 5000 && first <= 6000).toBe(true)
  expect(second >= 30_000 && second <= 36_000).toBe(true)
  expect(rest).toEqual([])
  expect(lessonsIn(channel)).toEqual([1])
})

describe('Discord’s rate limits', () => {
  test.each(['user', 'shared', 'global'] as const)(
    'one of the scope “%s” is obeyed, and the post is there once it is over',
    async (scope) => {
      const place = await startedClub()
      const { bot, club, channel } = place
      trouble(place, channel, { kind: 'limit', retryAfterS: 0.3, scope })
      await bot.morning(club)
      expect(lessonsIn(channel)).toEqual([1])
      expect(bot.discord.limits.refused).toBe(1)
      const [refused, taken] = requestsTo(place, channel, 'POST').slice(-2)
      expect([refused?.status, taken?.status]).toEqual([429, 200])
      expect((taken?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(300)
      expect(bot.troubles()).toEqual([])
    },
  )

  test('a channel that takes two messages a second gets them all, without one refusal', async () => {
    const place = await startedClub()
    const { bot, club, guild, channel } = place
    await bot.morning(club)
    bot.discord.limits.perChannel = { limit: 2, windowMs: second }
    const people = ['미나', '지훈', '가온', '나래', '다솜'].map((name) => bot.discord.person({ guild, name, locale: 'ko' }))
    for (const person of people) {
      await person.taps(lessonOf(channel), 'A')
      await person.taps(messageOf(await person.types('/연속')), '공유')
    }
    await bot.app.idle()
    await bot.until(bot.now() + 5 * minute)
    const shares = (await bot.store.posts(club, ['share'], 10)).map(({ state }) => state)
    expect(shares).toEqual(Array(people.length).fill('sent'))
    expect(channel.messages).toHaveLength(2 + people.length)
    expect(bot.discord.limits.refused).toBeLessThanOrEqual(1)
  })

  test('a long wait is spent in the table and not in flight: meanwhile the other clubs have their posts', async () => {
    const bot = await longDiscord()
    const slow = await startedIn(bot, '느린')
    const others = [await startedIn(bot), await startedIn(bot), await startedIn(bot)]
    trouble(slow, slow.channel, { kind: 'limit', retryAfterS: 3, scope: 'user' })
    await bot.morning(slow.club)
    // Nothing is in flight any more, or this would not have come back.
    expect(lessonsIn(slow.channel)).toEqual([])
    expect(await postOf(slow)).toMatchObject({ state: 'due', attempts: 1 })
    for (const other of others) expect(lessonsIn(other.channel)).toEqual([1])
    expect(waits(slow)).toEqual([3050])
    await passes(3100)
    await bot.until(bot.now() + 3100)
    expect(lessonsIn(slow.channel)).toEqual([1])
    expect(bot.discord.limits.refused).toBe(1)
  })
})

test('a long global limit is spent in the table by all clubs, and nobody’s answer waits for it', async () => {
  const bot = await longDiscord()
  const places = [await startedIn(bot), await startedIn(bot), await startedIn(bot)]
  const [first] = places
  if (!first) throw new Error('there are clubs')
  trouble(first, first.channel, { kind: 'limit', retryAfterS: 4, scope: 'global' })
  await bot.morning(first.club)
  // Nothing is in flight any more, or this would not have come back.
  expect(lessonsIn(first.channel)).toEqual([])
  expect(await postOf(first)).toMatchObject({ state: 'due', attempts: 1 })
  expect(bot.discord.limits.refused).toBe(1)
  expect(messageOf(await first.owner.types('/도움말')).text).toContain('/오늘')
  await passes(4100)
  await bot.until(bot.now() + minute)
  expect(places.map(({ channel }) => lessonsIn(channel))).toEqual([[1], [1], [1]])
  expect(bot.discord.limits.refused).toBe(1)
})

test('channels that never answer, or never to the end, hold up no other club and nobody’s answer, and their posts are there once', async () => {
  const bot = await longDiscord()
  const places: Started[] = []
  for (let i = 0; i < 40; i++) places.push(await startedIn(bot, `서버 ${i}`))
  const [silent, halting, ...others] = places
  if (!silent || !halting) throw new Error('there are forty')
  const learner = bot.discord.person({ guild: silent.guild, name: '미나', locale: 'ko' })
  await lives(bot, '2037-11-25T07:59+09:00')
  // It takes the message, and never says so; everybody else takes a moment.
  trouble(silent, silent.channel, { kind: 'silence', afterwards: true })
  trouble(halting, halting.channel, { kind: 'half', afterwards: true })
  bot.discord.faults.push({
    match: (method, path) => method === 'POST' && path.endsWith('/messages'),
    times: 60,
    do: { kind: 'delay', ms: 300 },
  })
  const before = bot.discord.requests.length
  const round = bot.until(morning)
  await bot.discord.until(() => others.every(({ channel }) => lessonsIn(channel).length === 1), 10_000)
  // Still unanswered, and nobody waits for them.
  expect(requestsTo(silent, silent.channel, 'POST').at(-1)?.status).toBe(0)
  expect(messageOf(await learner.types('/오늘')).text).not.toBe('')
  expect(messageOf(await silent.owner.types('/클럽')).text).not.toBe('')

  await round
  for (const place of [silent, halting]) expect(await postOf(place)).toMatchObject({ state: 'due', attempts: 1 })
  await bot.until(bot.now() + 10 * second)
  for (const place of [silent, halting]) expect(await postOf(place)).toMatchObject({ state: 'sent', attempts: 2 })
  for (const { channel } of places) expect(lessonsIn(channel)).toEqual([1])
  const posts = bot.discord.requests.slice(before).filter(({ method, path }) => method === 'POST' && path.startsWith('/channels/'))
  expect(posts).toHaveLength(42)
  expect(bot.discord.busiest).toBeGreaterThan(8)
  expect(bot.discord.busiest).toBeLessThanOrEqual(64)
  expect(bot.discord.limits.refused).toBe(0)
})

describe('a token that Discord says it does not take', () => {
  const refusal = { kind: 'status', status: 401, body: { message: '401: Unauthorized', code: 0 } } as const
  const fatal = ({ bot }: Started) => bot.logged.filter(({ level }) => level === 60)

  test('once, by mistake: it is asked again, nobody else notices, and the post comes a little later', async () => {
    const bot = await longDiscord()
    const place = await startedIn(bot, '가')
    const others = [await startedIn(bot, '나'), await startedIn(bot, '다')]
    trouble(place, place.channel, refusal)
    await bot.morning(place.club)
    for (const { channel } of others) expect(lessonsIn(channel)).toEqual([1])
    expect(await postOf(place)).not.toHaveProperty('unsureAt')
    await bot.until(bot.now() + 10 * second)
    expect(lessonsIn(place.channel)).toEqual([1])
    await lives(bot, '2037-11-26T09:00+09:00')
    for (const { channel } of [place, ...others]) expect(lessonsIn(channel)).toEqual([1, 2])
    expect(fatal(place)).toEqual([])
  })

  test('and takes no more: the operator is told, members are answered, and the posts wait for a good one', async () => {
    const place = await startedClub()
    const { bot, club, channel, owner } = place
    const isOurs = (_: string, path: string) => !path.startsWith('/interactions/') && !path.startsWith('/webhooks/')
    const faults = bot.discord.faults.push({ match: isOurs, times: 1000, do: refusal })
    await bot.morning(club)
    expect(fatal(place).map(({ msg }) => msg)).toEqual(['DISCORD_TOKEN: Discord no longer takes the token. Set a new one and start again'])
    expect(messageOf(await owner.types('/오늘')).text).not.toBe('')
    expect(await postOf(place)).toMatchObject({ state: 'due' })
    bot.discord.faults.splice(faults - 1, 1)
    await bot.until(bot.now() + 11 * minute)
    expect(lessonsIn(channel)).toEqual([1])
    expect(JSON.stringify(bot.logged)).not.toContain(bot.discord.token)
  })
})

describe('a channel that is closed to the bot', () => {
  const allow = ({ channel }: Started, permissions: bigint) => {
    channel.permissions = permissions
  }
  const ways = [
    ['hidden', (place: Started) => allow(place, 0n)],
    ['read-only', (place: Started) => allow(place, usualMemberPermissions & ~permission.sendMessages)],
    ['gone', (place: Started) => place.channel.remove()],
  ] as const

  /** A club with one learner that has one lesson, and then its channel is closed for a week. */
  async function closed(close: (place: Started) => void) {
    const place = await startedClub({ settings: { pollDays: [] } })
    const { bot, club, guild, channel } = place
    const learner = bot.discord.person({ guild, name: '미나', locale: 'ko' })
    const other = await startedIn(bot, '다른 서버')
    await lives(bot, '2037-11-25T09:00+09:00')
    await learner.taps(lessonOf(channel), 'A')
    await bot.app.idle()
    const elsewhere = guild.addChannel({ name: 'elsewhere' })
    close(place)
    const before = requestsTo(place, channel).length
    await lives(bot, '2037-12-02T07:00+09:00')
    return { ...place, club, learner, other, elsewhere, asked: requestsTo(place, channel).slice(before) }
  }

  test.each(ways)('%s: one request, a line in the log, a word to the organiser, and nobody loses anything', async (_, close) => {
    const place = await closed(close)
    const { bot, club, owner, learner, other, elsewhere, asked } = place
    const here = { channel: elsewhere }
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ method: 'POST', status: expect.any(Number) })
    expect([403, 404]).toContain(asked[0]?.status)
    const told = bot.logged.filter(({ msg }) => String(msg).includes('cannot be reached'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ club, level: 50, reason: expect.stringContaining(String(asked[0]?.status)) })
    expect(lessonsIn(other.channel)).toEqual([1, 2, 3, 4, 5, 6, 7])

    // The organiser reads it on top of any command, and /club says it itself, once.
    for (const command of ['/연속', '/순위', '/도움말'])
      expect(messageOf(await owner.types(command, {}, here)).embeds[0]?.description).toMatch(new RegExp(`^⚠ ${unreachable}`))
    expect(messageOf(await owner.types('/오늘', {}, here)).text).toContain(unreachable)
    expect(messageOf(await owner.types('/클럽', {}, here)).text.split(unreachable)).toHaveLength(2)
    // Members are not troubled with what they cannot mend.
    for (const command of ['/오늘', '/순위', '/도움말'])
      expect(messageOf(await learner.types(command, {}, here)).text).not.toContain(unreachable)
    const { embeds } = messageOf(await learner.types('/연속', {}, here))
    expect(embeds[0]?.fields?.[0]?.value).toMatch(/^1일/)
  })

  test.each(ways)('%s: moved to another channel, the club goes on with the lesson that nobody saw', async (_, close) => {
    const place = await closed(close)
    const { bot, club, owner, learner, channel, elsewhere } = place
    const here = { channel: elsewhere }
    const setUp = messageOf(await owner.types('/클럽', {}, here))
    const moved = messageOf(await owner.taps(setUp, '여기로 옮기기', here))
    expect(moved.text).toContain('여기에 올라와요')
    expect(messageOf(await owner.types('/오늘', {}, here)).text).not.toContain(unreachable)
    const before = requestsTo(place, channel).length
    await bot.morning(club)
    expect(lessonsIn(elsewhere)).toEqual([2])
    await learner.taps(lessonOf(elsewhere), 'A')
    expect(await streakOf(learner)).toEqual({ run: 2, total: 2 })
    await lives(bot, '2037-12-03T09:00+09:00')
    expect(lessonsIn(elsewhere)).toEqual([2, 3])
    expect(requestsTo(place, channel)).toHaveLength(before)
  })

  test.each(ways.slice(0, 2))('%s: resumed in its place once the rights are back, and not before', async (_, close) => {
    const place = await closed(close)
    const { bot, club, owner, channel } = place
    const card = messageOf(await owner.types('/클럽'))
    expect(messageOf(await owner.taps(card, '다시 시작')).text).toContain('이 채널에서 제게 없는 것')
    await bot.morning(club)
    expect(requestsTo(place, channel, 'POST').filter(({ status }) => status >= 400)).toHaveLength(1)

    channel.permissions = usualMemberPermissions
    await owner.taps(messageOf(await owner.types('/클럽')), '다시 시작')
    await bot.morning(club)
    expect(lessonsIn(channel)).toEqual([1, 2])
    expect(messageOf(await owner.types('/오늘')).text).not.toContain(unreachable)
  })

  test('a move to a channel that is closed as well is refused by what is missing', async () => {
    const place = await startedClub()
    const { bot, owner, guild, channel, club } = place
    const shut = guild.addChannel({ name: 'shut', permissions: permission.viewChannel })
    const setUp = messageOf(await owner.types('/클럽', {}, { channel: shut }))
    expect(messageOf(await owner.taps(setUp, '여기로 옮기기')).text).toContain('이 채널에서 제게 없는 것')
    await bot.morning(club)
    expect(lessonsIn(channel)).toEqual([1])
    expect(shut.messages).toEqual([])
  })
})

describe('edits', () => {
  test('a message that was deleted by hand is left alone after one try', async () => {
    const place = await startedClub()
    const { bot, club, guild, channel } = place
    await bot.morning(club)
    const lesson = lessonOf(channel)
    const people = ['미나', '지훈'].map((name) => bot.discord.person({ guild, name, locale: 'ko' }))
    await people[0]?.taps(lesson, 'A')
    await bot.app.idle()
    expect(requestsTo(place, channel, 'PATCH')).toHaveLength(1)
    await deletes(place, lesson)
    await people[1]?.types('/checkin', { note: '오늘 배운 것' })
    await lives(bot, '2037-11-26T07:00+09:00')
    expect(requestsTo(place, channel, 'PATCH').map(({ status }) => status)).toEqual([200, 404])
    expect(bot.logged.filter(({ msg }) => msg === 'a post could not be edited')).toHaveLength(1)
    // It is not the channel that is gone.
    await lives(bot, '2037-11-26T09:00+09:00')
    expect(lessonsIn(channel)).toEqual([2])
  })

  test('the count line moves at most once a minute, however many answer', async () => {
    const place = await startedClub()
    const { bot, club, guild, channel } = place
    await bot.morning(club)
    const edits = () => requestsTo(place, channel, 'PATCH').length
    for (const [i, name] of ['가온', '나래', '다솜', '라온', '마루'].entries()) {
      await bot.discord.person({ guild, name, locale: 'ko' }).taps(lessonOf(channel), 'A')
      await bot.app.idle()
      expect(edits()).toBe(1)
      if (i > 0) await bot.until(bot.now() + 10 * second)
    }
    expect(lessonOf(channel).text).toContain('오늘 1명 완료')
    await bot.until(bot.now() + 19 * second)
    expect(edits()).toBe(1)
    await bot.until(bot.now() + 2 * second)
    expect(edits()).toBe(2)
    expect(lessonOf(channel).text).toContain('오늘 5명 완료')
    await lives(bot, '2037-11-25T12:00+09:00')
    expect(edits()).toBe(2)
  })

  test('an edit that failed is tried again later, and the message is never posted anew', async () => {
    const place = await startedClub()
    const { bot, club, guild, channel } = place
    await bot.morning(club)
    bot.discord.faults.push({ match: (method) => method === 'PATCH', do: { kind: 'status', status: 500 } })
    await bot.discord.person({ guild, name: '가온', locale: 'ko' }).taps(lessonOf(channel), 'A')
    await bot.app.idle()
    expect(lessonOf(channel).text).not.toContain('1명 완료')
    await bot.until(bot.now() + 6 * minute)
    expect(lessonOf(channel).text).toContain('오늘 1명 완료')
    expect(lessonsIn(channel)).toEqual([1])
  })

  test('the role that a lesson calls is called once, and stays readable in its edits', async () => {
    const bot = await longDiscord()
    const guild = bot.discord.addGuild({ channels: [{ name: 'study' }], roles: [{ name: '스터디', mentionable: true }] })
    const [[channel], [role]] = [guild.channels, guild.roles]
    if (!channel || !role) throw new Error('a server with a channel and a role')
    const owner = bot.discord.person({ guild, name: '운영자', locale: 'ko', permissions: usualMemberPermissions | permission.manageGuild })
    const place: Started = { bot, guild, channel, owner, club: `discord:${guild.id}` }
    await startHere(owner)
    await owner.types('/클럽', { set: 'mention', role: { id: role.id } })
    await bot.morning(place.club)
    const posted = lessonOf(channel)
    expect(posted.mentionsPinged).toEqual({ everyone: false, users: [], roles: [role.id] })
    await bot.discord.person({ guild, name: '미나', locale: 'ko' }).taps(posted, 'A')
    await bot.app.idle()
    const edited = lessonOf(channel)
    expect(edited.text).toContain('오늘 1명 완료')
    expect(edited.editedTimes).toBe(1)
    expect(edited.content).toBe(posted.content)
    expect(edited.content).toContain(`<@&${role.id}>`)
    const [request] = requestsTo(place, channel, 'PATCH')
    expect(request?.body).toMatchObject({ allowed_mentions: { parse: [] } })

    // Polls and shares call nobody.
    await lives(bot, '2037-11-25T13:00+09:00')
    const poll = channel.messages.at(-1)
    expect(poll?.text).toContain('아닐까')
    expect(poll?.mentionsPinged).toEqual({ everyone: false, users: [], roles: [] })
  })
})
