// Purpose: clubs on a loopback Discord that are under way: set up by their organiser, on a course of many days.
import { setTimeout as sleep } from 'node:timers/promises'
import { courseOf } from '../features/life.ts'
import type { Person } from '../support/discord/person.ts'
import type { Fault } from '../support/discord/rest.ts'
import type { SeenMessage } from '../support/discord/seen.ts'
import type { ChannelView } from '../support/discord/server.ts'
import { type DiscordClub, discordClub, messageOf, startHere } from '../support/discordClub.ts'

type Options = NonNullable<Parameters<typeof discordClub>[0]>

const lessons = 40

/**
 * A bot whose clubs have a course of many days. They live in a year of their own: the stamps of what people do are the machine's, and those
 * of another year do not count. Days pass in a moment here, so a channel takes more messages a second than Discord lets it.
 */
export async function longDiscord(options: Options = {}) {
  const bot = await discordClub({ courses: courseOf(lessons), at: '2037-11-24T07:00+09:00', ...options })
  bot.discord.limits.perChannel = { limit: 100, windowMs: 1000 }
  return bot
}

export interface Started extends Awaited<ReturnType<DiscordClub['server']>> {
  readonly bot: DiscordClub
}

/** A server whose organiser has started the club; its first lesson comes the next morning. */
export async function startedIn(bot: DiscordClub, name?: string): Promise<Started> {
  const place = await bot.server(name)
  await bot.discord.until(() => place.channel.messages.length > 0)
  await startHere(place.owner)
  await bot.app.idle()
  return { bot, ...place }
}

/** A bot with one club that has started. */
export async function startedClub(options: Options = {}): Promise<Started> {
  return startedIn(await longDiscord(options))
}

/** The numbers of the lessons in a channel, in the order in which they came. */
export function lessonsIn(channel: ChannelView): number[] {
  return channel.messages.flatMap(({ text }) => {
    const [, number] = new RegExp(`(\\d+)/${lessons} · day`).exec(text) ?? []
    return number === undefined ? [] : [Number(number)]
  })
}

/** The newest lesson of a channel. */
export function lessonOf(channel: ChannelView): SeenMessage {
  const found = channel.messages.findLast(({ buttons }) => buttons.includes('A'))
  if (!found) throw new Error(`no lesson in #${channel.name}`)
  return found
}

/** The program runs until then: no hour without a tick, which would count as an outage. */
export async function lives(bot: DiscordClub, until: string | number): Promise<void> {
  const target = typeof until === 'number' ? until : Date.parse(until)
  while (bot.now() < target) await bot.until(Math.min(target, bot.now() + 50 * 60_000))
}

const posting = (channel: { readonly id: string }) => (method: string, path: string) =>
  method === 'POST' && path === `/channels/${channel.id}/messages`

/** The next posts in this channel meet a fault. */
export function trouble({ bot }: Started, channel: { readonly id: string }, what: Fault, times = 1): void {
  bot.discord.faults.push({ match: posting(channel), times, do: what })
}

/** What was asked of a channel: `POST` are posts, `PATCH` are edits. */
export function requestsTo({ bot }: Started, channel: { readonly id: string }, method?: string) {
  return bot.discord.requests.filter((one) => one.path.startsWith(`/channels/${channel.id}`) && (!method || one.method === method))
}

/** The newest post of a kind, as the store has it. */
export async function postOf({ bot, club }: Started, kind: 'lesson' | 'poll' | 'share' | 'greeting' = 'lesson') {
  const [post] = await bot.store.posts(club, [kind], 1)
  if (!post) throw new Error(`${club} has no post of the kind ${kind}`)
  return post
}

/** Days that were excused for everybody in the club. */
export async function excusedIn({ bot, club }: Pick<Started, 'bot' | 'club'>): Promise<string[]> {
  return ((await bot.store.club(club))?.excuses ?? []).map(({ day }) => day)
}

/** Run and total of a person, as `/연속` tells them. */
export async function streakOf(person: Person): Promise<{ run: number; total: number }> {
  const { embeds } = messageOf(await person.types('/streak'))
  const [run, , total] = embeds.flatMap(({ fields = [] }) => fields.map(({ value }) => Number.parseInt(value, 10)))
  return { run: run ?? Number.NaN, total: total ?? Number.NaN }
}

/** Real time that somebody else's clock asks for: a rate limit's. */
export const passes = (ms: number) => sleep(ms)

/** A message is taken away by somebody who may. */
export async function deletes({ bot }: Started, message: SeenMessage): Promise<void> {
  const { status } = await fetch(`${bot.discord.apiUrl}/v10/channels/${message.channelId}/messages/${message.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bot ${bot.discord.token}` },
  })
  if (status !== 204) throw new Error(`the message could not be deleted: ${status}`)
}
