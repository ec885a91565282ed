import { describe, expect, test } from 'vitest'
import { courseOf } from '../features/life.ts'
import type { LoggedRequest } from '../support/discord/rest.ts'
import { isRecord } from '../support/discord/wire.ts'
import { type DiscordClub, discordClub, messageOf, startHere, transports } from '../support/discordClub.ts'

/** In Seoul: a day of March 2025, which began on a Saturday; long past, so that no stamp of the machine’s clock falls into it. */
const march = (day: number, time = '07:00:00') => Date.parse(`2025-03-${String(day).padStart(2, '0')}T${time}+09:00`)
const minute = 60_000
const ephemeral = 64

/** What the bot sent, and when it was by the club’s clock. */
interface Sent {
  readonly at: number
  readonly request: LoggedRequest
}

function watch(club: DiscordClub) {
  const sent: Sent[] = []
  let seen = 0
  const look = async () => {
    await club.app.idle()
    for (const request of club.discord.requests.slice(seen)) sent.push({ at: club.now(), request })
    seen = club.discord.requests.length
  }
  return {
    sent,
    look,
    /** The program runs until then; each thing that it does on the way is seen at its time. */
    async lives(until: number) {
      while (club.now() < until) {
        const due = (await club.app.nextDueAt()) ?? until
        await club.until(Math.min(until, club.now() + 50 * minute, Math.max(due, club.now() + 1000)))
        await look()
      }
    },
  }
}

/** A server with a role and four who study, and what the bot sends there. */
async function studyClub(transport: (typeof transports)[number]) {
  const club = await discordClub({ transport, courses: courseOf(30), at: '2025-03-01T21:00+09:00' })
  const { discord } = club
  // Weeks pass in seconds here, and so do the windows in which Discord counts.
  discord.limits.perChannel = { limit: 5, windowMs: 5 }
  const guild = discord.addGuild({ channels: [{ name: 'study' }, { name: 'other' }], roles: [{ name: '스터디', mentionable: true }] })
  const [channel, other] = guild.channels
  const [role] = guild.roles
  if (!channel || !other || !role) throw new Error('the server has two channels and a role')
  const owner = discord.person({ guild, name: '운영자', locale: 'ko', permissions: (1n << 53n) - 1n })
  const members = ['미나', '지훈', 'Alex', 'Sam'].map((name) =>
    discord.person({ guild, name, locale: /[A-Z]/.test(name) ? 'en-US' : 'ko' }),
  )
  const { sent, look, lives } = watch(club)
  return { club, guild, channel, other, role, owner, members, sent, look, lives }
}

type StudyClub = Awaited<ReturnType<typeof studyClub>>

/** Everybody studies: answers, votes, lines, boards, and one share a week each. */
async function studies({ channel, members, lives, look, owner }: StudyClub, from: number, to: number) {
  const newest = (label: string) => channel.messages.findLast(({ buttons }) => buttons.includes(label))
  for (let day = from; day <= to; day++) {
    await lives(march(day, '08:10:00'))
    const lesson = newest('A')
    if (!lesson) throw new Error('no lesson was posted')
    for (const [i, member] of members.entries()) {
      await member.taps(lesson, (day + i) % 3 === 0 ? 'B' : 'A')
      await look()
      await lives(march(day, `08:10:${10 + 7 * i}`))
    }
    await members[day % 4]?.taps(lesson, '더 읽기')
    await lives(march(day, '13:00:00'))
    const poll = newest('아니다')
    for (const [i, member] of members.entries()) {
      if (poll) await member.taps(poll, (day + i) % 2 === 0 ? '아니다' : '맞다')
      await look()
      await lives(march(day, `13:00:${10 + 11 * i}`))
    }
    const writer = members[day % 4]
    const korean = writer?.locale === 'ko'
    await writer?.types('/checkin', { note: `line of day ${day}` })
    await writer?.types('/today')
    await writer?.types('/poll')
    if (day % 3 === 0 && writer) {
      const board = messageOf(await writer.types('/leaderboard'))
      await writer.taps(board, korean ? '공유' : 'Share')
      await writer.taps(board, korean ? '공유' : 'Share')
    }
    if (day % 5 === 0) {
      await writer?.types('/streak')
      await owner.types('/클럽', { 할일: 'test' })
    }
    await look()
    await lives(march(day, '23:00:00'))
  }
}

const posts = (sent: readonly Sent[]) =>
  sent.filter(({ request: { method, path } }) => method === 'POST' && /^\/channels\/\d+\/messages$/.test(path))
const edits = (sent: readonly Sent[]) => sent.filter(({ request: { method, path } }) => method === 'PATCH' && path.startsWith('/channels/'))
const embedOf = ({ request: { body } }: Sent) => {
  const [embed] = isRecord(body) && Array.isArray(body.embeds) ? body.embeds : []
  return (isRecord(embed) ? embed : {}) as { title?: string; author?: { name: string }; description?: string }
}
const isShare = (post: Sent) => embedOf(post).author !== undefined
/** The study day, which begins at 04:00 in Seoul. */
const dayOf = ({ at }: Sent) => new Date(at + 5 * 3_600_000).toISOString().slice(5, 10)

function perDay(sent: readonly Sent[]): Record<string, number> {
  const days: Record<string, number> = {}
  for (const one of sent) days[dayOf(one)] = (days[dayOf(one)] ?? 0) + 1
  return days
}

describe.each(transports)('a fortnight with four who study, by %s', (transport) => {
  test('is one new message a day, two with a poll; the rest is edits and private', async () => {
    const study = await studyClub(transport)
    const { club, channel, other, owner, sent, lives } = study
    await startHere(owner)
    await study.look()
    const beforeStart = posts(sent).length
    // By the gateway Discord tells where the bot may greet.
    expect(beforeStart).toBe(transport === 'gateway' ? 1 : 0)
    await studies(study, 2, 15)
    await lives(march(16, '03:59:00'))

    const own = posts(sent)
      .slice(beforeStart)
      .filter((post) => !isShare(post))
    const mondayWednesdayFriday = ['03-03', '03-05', '03-07', '03-10', '03-12', '03-14']
    const expected = Array.from({ length: 14 }, (_, i) => `03-${String(i + 2).padStart(2, '0')}`)
    expect(perDay(own)).toEqual(Object.fromEntries(expected.map((day) => [day, mondayWednesdayFriday.includes(day) ? 2 : 1])))
    // What members share is theirs: each a message, however often it was pressed.
    expect(perDay(posts(sent).filter(isShare))).toEqual({ '03-03': 1, '03-06': 1, '03-09': 1, '03-12': 1, '03-15': 1 })

    // Counts and results come by edits; a poll’s result is in its own message.
    const polls = channel.messages.filter(({ text }) => text.includes('myth ') && !text.includes('공유'))
    expect(polls).toHaveLength(mondayWednesdayFriday.length)
    for (const poll of polls.slice(0, -1)) {
      expect(poll.editedTimes).toBeGreaterThanOrEqual(2)
      expect(poll.buttons).toEqual([])
      expect(poll.attachments.map(({ name }) => name)).toEqual(['picture.png'])
    }
    const lessons = channel.messages.filter(({ buttons }) => buttons.includes('A'))
    expect(lessons).toHaveLength(14)
    for (const lesson of lessons) expect(lesson.text).toContain('오늘 4명')

    const times = new Map<string, number[]>()
    for (const { at, request } of edits(sent)) times.set(request.path, [...(times.get(request.path) ?? []), at])
    expect(times.size).toBeGreaterThanOrEqual(20)
    const hasty = [...times.values()].filter((times) => times.some((at, i) => at - (times[i - 1] ?? 0) < minute))
    expect(hasty).toEqual([])

    // An answer is for one pair of eyes: said at once, promised, or in the place of another such answer.
    const answers = sent.filter(({ request: { path } }) => path.endsWith('/callback'))
    expect(answers.length).toBeGreaterThan(150)
    for (const { request } of answers) {
      const { type, data } = request.body as { type: number; data?: { flags?: number } }
      if (type === 4 || type === 5) expect(data?.flags).toBe(ephemeral)
      else expect([6, 7]).toContain(type)
    }
    expect(channel.messages).toHaveLength(posts(sent).length)
    expect(channel.messages.filter(({ ephemeral }) => ephemeral)).toEqual([])
    expect(other.messages).toEqual([])

    // Nobody is written to, and nobody is called.
    expect(sent.filter(({ request: { path } }) => path.startsWith('/users/@me/channels'))).toEqual([])
    expect(new Set([...posts(sent), ...edits(sent)].map(({ request: { path } }) => path.split('/')[2]))).toEqual(new Set([channel.id]))
    expect(
      channel.messages.filter(({ mentionsPinged: { everyone, users, roles } }) => everyone || users.length + roles.length > 0),
    ).toEqual([])
    for (const { request } of [...posts(sent), ...edits(sent)]) expect(request.body).toMatchObject({ allowed_mentions: { parse: [] } })

    expect(sent.filter(({ request: { status } }) => status >= 400)).toEqual([])
    expect(club.troubles()).toEqual([])
  })
})

test('a role that an organiser picked is called by lessons, once each, and by nothing else', async () => {
  const study = await studyClub('gateway')
  const { channel, owner, role, sent, lives } = study
  await owner.types('/클럽', { 설정할것: 'mention', 역할: role })
  await startHere(owner)
  await studies(study, 2, 5)
  await lives(march(6, '03:59:00'))

  const calling = channel.messages.filter(({ mentionsPinged }) => mentionsPinged.roles.length > 0)
  expect(calling.map(({ mentionsPinged }) => mentionsPinged)).toEqual(Array(4).fill({ everyone: false, users: [], roles: [role.id] }))
  for (const { buttons, content } of calling) {
    expect(buttons).toContain('A')
    expect(content).toMatch(new RegExp(`^hook \\d <@&${role.id}>$`))
  }
  const quiet = channel.messages.filter(({ mentionsPinged }) => mentionsPinged.roles.length === 0)
  expect(quiet.length).toBeGreaterThanOrEqual(4)
  for (const { allowedMentions, content } of quiet) {
    expect(allowedMentions).toEqual({ parse: [] })
    expect(content).not.toContain('<@')
  }
  // Posts of the channel alone: an answer never carries the call.
  const others = sent.filter(({ request: { path } }) => !path.startsWith('/channels/') && !path.startsWith('/applications/'))
  expect(JSON.stringify(others.map(({ request: { body } }) => body))).not.toContain(`"roles":["${role.id}"]`)
})
