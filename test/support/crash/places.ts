// Purpose: the clubs of the crash run, some in each kind of room, and what their members can do and see there.
import type Database from 'better-sqlite3'
import { nonceOf } from '../../../src/rooms/discord/draw.ts'
import type { Outcome as DiscordOutcome, Person as DiscordPerson } from '../discord/person.ts'
import * as discordSeen from '../discord/seen.ts'
import { type DiscordServer, startDiscord } from '../discord/server.ts'
import { permission, usualMemberPermissions } from '../discord/wire.ts'
import * as onDiscord from '../discordClub.ts'
import type { Service, WebMessage } from '../service.ts'
import type { Outcome as SlackOutcome, Person as SlackPerson } from '../slack/person.ts'
import * as slackSeen from '../slack/seen.ts'
import { type SlackServer, startSlack } from '../slack/server.ts'
import * as onSlack from '../slackClub.ts'

/** What somebody reads, and what they can tap under it. */
export interface Shown {
  readonly words: string
  readonly buttons: readonly Button[]
}

export interface Button {
  readonly press: string
  /** Undefined when no answer reached who tapped, or none to read. */
  tap(): Promise<Shown | undefined>
}

export interface Member {
  /** As the store knows them. */
  readonly id: string
  types(command: 'checkin' | 'streak' | 'pause', text?: string): Promise<Shown | undefined>
  /** The last messages that everybody sees. */
  reads(): Promise<readonly Shown[]>
}

export const kinds = ['web', 'Discord', 'Slack'] as const

export interface Place {
  readonly kind: (typeof kinds)[number]
  readonly club: string
  readonly members: readonly Member[]
  /** What stands in the channel: the mark that each of our posts carries, and the room's reference to it. */
  posts(db: Database.Database): { readonly mark: string; readonly ref: string }[]
  /** The mark of the post with this key. */
  markOf(key: string): string
  /** ISO weekdays on which the club studies. */
  readonly weekdays: readonly number[]
}

export interface World {
  /** For the program: where its platforms are. */
  readonly settings: Record<string, string>
  /** Which of its lives the program is in. */
  lives(service: Service): void
  /** Waits until every platform is connected. */
  connected(): Promise<void>
  /** Founds the clubs. */
  settle(): Promise<readonly Place[]>
  stop(): Promise<void>
}

/** Messages of a channel that a member looks at: what is older has scrolled away. */
const inSight = 6
const names = ['Mina', 'Juno'] as const
/** A start may take long beside other work. */
const startMs = 120_000

export async function startWorld(): Promise<World> {
  const [discord, slack] = await Promise.all([startDiscord(), startSlack()])
  // Weeks pass in a second here.
  discord.limits.perChannel = { limit: 1000, windowMs: 1000 }
  discord.limits.global = { limit: 10_000, windowMs: 1000 }
  let current: Service | undefined
  const service = (): Service => {
    if (!current) throw new Error('the program was not started yet')
    return current
  }
  return {
    settings: {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      SLACK_CLIENT_ID: slack.clientId,
      SLACK_CLIENT_SECRET: slack.clientSecret,
      SLACK_STATE_SECRET: 'a state secret of tests',
      SLACK_API_URL: slack.apiUrl,
      SLACK_APP_TOKEN: slack.appToken,
      CLUB_LOCALE: 'en',
    },
    lives(started) {
      current = started
    },
    async connected() {
      await Promise.all([discord.gateway.ready(startMs), slack.socket.ready(startMs)])
    },
    settle: () =>
      Promise.all([
        webRoom(service),
        guild(discord),
        guild(discord),
        guild(discord),
        // With and without the right to look whether a post is there.
        workspace(slack, service(), true),
        workspace(slack, service(), false),
      ]),
    async stop() {
      await Promise.all([discord.stop(), slack.stop()])
    },
  }
}

// === The web room

function webRoom(service: () => Service): Place {
  const shown = (as: string, { card }: Pick<WebMessage, 'card'>): Shown => ({
    words: [card.title, card.text].join('\n'),
    buttons: (card.buttons ?? []).flatMap(({ press }) => (press ? [{ press, tap: () => said(as, { press }) }] : [])),
  })
  async function said(as: string, act: object): Promise<Shown | undefined> {
    const { status, body } = await service().post('/api/call', { as, ...act })
    return status === 200 && 'card' in body ? shown(as, body as unknown as WebMessage) : undefined
  }
  return {
    kind: 'web',
    club: 'web:club',
    members: [...names, '가온', '나래'].map((name) => ({
      id: name,
      types: (command, text) =>
        said(name, { command, input: text === undefined ? {} : { [command === 'pause' ? 'until' : 'note']: text } }),
      async reads() {
        const messages = await service().messages(name, 4 * inSight)
        return messages.filter(({ onlyYou }) => !onlyYou).map((message) => shown(name, message))
      },
    })),
    posts: (db) =>
      db
        .prepare<[], { mark: string; ref: string }>(
          "SELECT coalesce(key, '') AS mark, CAST(id AS TEXT) AS ref FROM message WHERE recipient IS NULL",
        )
        .all(),
    markOf: (key) => key,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
  }
}

// === Discord

async function guild(discord: DiscordServer): Promise<Place> {
  const guild = discord.addGuild({ channels: [{ name: 'study' }] })
  const channel = guild.channel('study')
  const owner = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
  await discord.until(() => channel.messages[0], startMs)
  await untilDone(async () => onDiscord.messageOf(await owner.taps(onDiscord.messageOf(await owner.types('/club')), 'Start here')))
  return {
    kind: 'Discord',
    club: `discord:${guild.id}`,
    members: names.map((name) => {
      const person = discord.person({ guild, name })
      return {
        id: person.id,
        types: async (command, text) =>
          discordAnswer(
            person,
            await person.types(`/${command}`, text === undefined ? {} : { [command === 'pause' ? 'until' : 'note']: text }),
          ),
        reads: async () => channel.latest(inSight).map((message) => onDiscordShown(person, message)),
      }
    }),
    posts: () => channel.nonces.map(({ id, nonce = '' }) => ({ mark: nonce, ref: `${channel.id}/${id}` })),
    markOf: nonceOf,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
  }
}

const onDiscordShown = (person: DiscordPerson, message: discordSeen.SeenMessage): Shown => ({
  words: message.text,
  buttons: discordSeen
    .buttonsOf(message.components)
    .flatMap(({ label, customId: press }) =>
      press === undefined ? [] : [{ press, tap: async () => discordAnswer(person, await person.taps(message, label)) }],
    ),
})

function discordAnswer(person: DiscordPerson, { message, followUps }: DiscordOutcome): Shown | undefined {
  const said = followUps.at(-1) ?? message
  return said && !said.loading ? onDiscordShown(person, said) : undefined
}

// === Slack

async function workspace(slack: SlackServer, { url }: Service, mayLook: boolean): Promise<Place> {
  const team = slack.team()
  if (!mayLook) team.scopes.splice(0, team.scopes.length, ...team.scopes.filter((scope) => !scope.endsWith(':history')))
  const channel = team.addChannel({ name: 'study' })
  const owner = slack.person({ team, name: 'Host', locale: 'en-GB' })
  await slack.installs(owner, `${url}/slack/install`)
  await untilDone(() => onSlack.startHere(owner))
  return {
    kind: 'Slack',
    club: `slack:${team.id}`,
    members: names.map((name) => {
      const person = slack.person({ team, name, locale: 'en-GB' })
      return {
        id: person.id,
        types: async (command, text = '') => slackAnswer(person, await person.types(`/1p ${command} ${text}`)),
        reads: async () => channel.latest(inSight).map((message) => onSlackShown(person, message)),
      }
    }),
    posts: () =>
      channel.metadata.map(({ id, metadata }) => {
        const { key = '' } = (metadata?.event_payload ?? {}) as { key?: string }
        return { mark: key, ref: `${team.id}/${channel.id}/${id}` }
      }),
    markOf: (key) => key,
    weekdays: [1, 2, 3, 4, 5],
  }
}

const onSlackShown = (person: SlackPerson, message: slackSeen.SeenMessage): Shown => ({
  words: message.words,
  buttons: slackSeen.buttonsOf(message.blocks).map(({ label, element }) => ({
    press: String(element.action_id),
    tap: async () => slackAnswer(person, await person.taps(message, label)),
  })),
})

const slackAnswer = (person: SlackPerson, { message }: SlackOutcome): Shown | undefined => message && onSlackShown(person, message)

/** Beside other work an answer may come too late to be shown: then people try again. */
async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work()
      return
    } catch (error) {
      if (tries === 20) throw error
    }
  }
}
