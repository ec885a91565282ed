// Purpose: a server on the morning of its club's first lesson, with people who read Korean and people who read English.

import { ours } from '../features/life.ts'
import type { Outcome, Person } from '../support/discord/person.ts'
import type { SeenMessage } from '../support/discord/seen.ts'
import type { ChannelView, GuildView } from '../support/discord/server.ts'
import { type DiscordClub, discordClub, startHere } from '../support/discordClub.ts'

type Options = NonNullable<Parameters<typeof discordClub>[0]>
type ServerOptions = Parameters<DiscordClub['server']>[1]

/** A club on our own course, which is read once for all tests. The channel takes as many posts as come: nobody waits for a limit here. */
export const openClub = (options: Options = {}) =>
  discordClub({
    courses: ours,
    ...options,
    before(discord) {
      discord.limits.perChannel = { limit: 1000, windowMs: 5000 }
      options.before?.(discord)
    },
  })

/** A club that was started the day before; it is Wednesday the 25th of November, 08:00 in Seoul, and the first lesson is there. */
export async function morningClub({ server, ...options }: Options & { readonly server?: ServerOptions } = {}) {
  const club = await openClub(options)
  const { guild, channel, owner, club: id } = await club.server(undefined, server)
  await startHere(owner)
  await club.morning(id)
  const mina = club.discord.person({ guild, name: '미나', locale: 'ko' })
  const leo = club.discord.person({ guild, name: 'Leo', locale: 'en-US' })
  return { ...club, guild, channel, owner, id, mina, leo, lesson: lessonIn(channel) }
}

export type MorningClub = Awaited<ReturnType<typeof morningClub>>

/** The newest lesson in the channel. */
export function lessonIn(channel: ChannelView): SeenMessage {
  const post = channel.messages.findLast(({ buttons }) => buttons.includes('A'))
  if (!post) throw new Error(`no lesson in #${channel.name}`)
  return post
}

/** The newest message in the channel with these words. */
export function postIn(channel: ChannelView, words: string): SeenMessage {
  const post = channel.messages.findLast(({ text }) => text.includes(words))
  if (!post) throw new Error(`nothing with “${words}” in #${channel.name}`)
  return post
}

/** The message as everybody sees it now. */
export function again(channel: ChannelView, { id }: { readonly id: string }): SeenMessage {
  const found = channel.messages.find((message) => message.id === id)
  if (!found) throw new Error('the message is gone')
  return found
}

/** Of all channels, the messages that called somebody. */
export function calls(guild: GuildView): SeenMessage[] {
  const all = guild.channels.flatMap(({ messages }) => messages)
  return all.filter(({ mentionsPinged: { everyone, users, roles } }) => everyone || users.length > 0 || roles.length > 0)
}

/** A field of a card by its name. */
export function fieldOf({ embeds }: SeenMessage, name: string): string | undefined {
  return embeds.flatMap(({ fields = [] }) => fields).find((field) => field.name === name)?.value
}

/** A store that can be made to wait: while it is shut nothing gets through. */
export function gate() {
  let open: (() => void) | undefined
  let shut: Promise<void> | undefined
  return {
    shut() {
      shut = new Promise((resolve) => {
        open = resolve
      })
    },
    open() {
      open?.()
      shut = undefined
    },
    wrapStore: <S extends object>(store: S): S =>
      new Proxy(store, {
        get(target, name) {
          const verb: unknown = Reflect.get(target, name)
          if (typeof verb !== 'function') return verb
          return (...args: unknown[]) => (shut ? shut.then(() => verb.apply(target, args)) : verb.apply(target, args))
        },
      }),
  }
}

/** Does `many` things while the store is shut, and opens it once everybody was told to wait; `then` is before that. */
export async function whileSlow<T>(
  { discord }: Pick<MorningClub, 'discord'>,
  slow: ReturnType<typeof gate>,
  many: number,
  act: () => Promise<T>,
  then: () => void = () => {},
): Promise<T> {
  const before = discord.requests.length
  slow.shut()
  const coming = act()
  const answered = () => discord.requests.slice(before).filter(({ path, status }) => path.endsWith('/callback') && status > 0)
  await discord.until(() => answered().length >= many)
  then()
  slow.open()
  return coming
}

/** `/club` typed by somebody to whom the server's integrations page shows it: their client would hide it otherwise. */
export const typesClub = (person: Person): Promise<Outcome> => person.forges(2, { id: '1', name: 'club', type: 1 })
