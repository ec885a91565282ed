// Purpose: clubs by the thousand, half of them on a loopback Discord and half on a loopback Slack, with the people who will act in them.
import { join } from 'node:path'
import { changeClub } from '../../src/change.ts'
import type { Day } from '../../src/club/calendar.ts'
import { type Club, defaultSettings, newClub, newMember } from '../../src/club/club.ts'
import { nextDue } from '../../src/club/schedule.ts'
import { keysOf } from '../../src/keys.ts'
import { startSeason } from '../../src/planning.ts'
import { recordAct } from '../../src/record.ts'
import { createSeal } from '../../src/seal.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { type DiscordServer, startDiscord } from '../support/discord/server.ts'
import { type Service, startService } from '../support/service.ts'
import { type SlackServer, startSlack } from '../support/slack/server.ts'

export interface Learner {
  readonly id: string
  readonly name: string
  /**
   * Taps a button of the newest post that has it, or types a command. Returns how long it took until the platform had the first word of the
   * program, ms; for ever when it came too late or not at all.
   */
  taps(label: string): Promise<number>
  types(command: string): Promise<number>
}

export interface Place {
  readonly room: 'discord' | 'slack'
  readonly club: string
  readonly channel: string
  readonly learners: readonly Learner[]
  /** When the newest post with this button was put into the channel, epoch ms; undefined when there is none. */
  postedAt(label: string): number | undefined
}

/** Where Discord's ids begin to count (https://discord.com/developers/docs/reference#snowflakes). */
const discordEpoch = 1_420_070_400_000
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

function newest<T extends { readonly buttons: readonly string[] }>(messages: readonly T[], label: string): T {
  const found = messages.findLast(({ buttons }) => buttons.includes(label))
  if (!found) throw new Error(`there is no button ${label}`)
  return found
}

function guild(discord: DiscordServer, name: string, learners: number): Place {
  const guild = discord.addGuild({ name, channels: [{ name: 'study' }] })
  const channel = guild.channel('study')
  const wait = ({ failed, firstAnswerMs }: { failed?: true; firstAnswerMs: number }) => (failed ? Number.POSITIVE_INFINITY : firstAnswerMs)
  return {
    room: 'discord',
    club: `discord:${guild.id}`,
    channel: channel.id,
    learners: range(learners).map((i) => {
      const person = discord.person({ guild, name: `learner ${i + 1}` })
      return {
        id: person.id,
        name: person.name,
        taps: async (label) => wait(await person.taps(newest(channel.messages, label), label)),
        types: async (command) => wait(await person.types(`/${command}`)),
      }
    }),
    postedAt(label) {
      const post = channel.messages.findLast(({ buttons }) => buttons.includes(label))
      return post && Number(BigInt(post.id) >> 22n) + discordEpoch
    },
  }
}

function workspace(slack: SlackServer, name: string, learners: number): Place & { readonly token: string } {
  const team = slack.team({ name })
  const channel = team.addChannel({ name: 'study' })
  const wait = ({ failed, ackMs }: { failed?: true; ackMs: number }) => (failed ? Number.POSITIVE_INFINITY : ackMs)
  return {
    room: 'slack',
    club: `slack:${team.id}`,
    channel: channel.id,
    token: team.token,
    learners: range(learners).map((i) => {
      const person = slack.person({ team, name: `learner ${i + 1}`, locale: 'en-GB' })
      return {
        id: person.id,
        name: person.name,
        taps: async (label) => wait(await person.taps(newest(channel.messages, label), label)),
        types: async (command) => wait(await person.types(`/1p ${command}`)),
      }
    }),
    postedAt(label) {
      const post = channel.messages.findLast(({ buttons }) => buttons.includes(label))
      return post && Number(post.id) * 1000
    },
  }
}

/** Both platforms with clubs that nobody serves yet, each with the people who will act in it. Their limits are the real ones. */
export async function openWorld({ clubs, learners }: { readonly clubs: number; readonly learners: (club: number) => number }) {
  const [discord, slack] = await Promise.all([startDiscord(), startSlack()])
  const guilds = range(Math.ceil(clubs / 2)).map((i) => guild(discord, `guild ${i + 1}`, learners(2 * i)))
  const workspaces = range(Math.floor(clubs / 2)).map((i) => workspace(slack, `workspace ${i + 1}`, learners(2 * i + 1)))
  let service: Service | undefined

  return {
    discord,
    places: [...guilds, ...workspaces] as readonly Place[],
    workspaces,
    /** The program as a process, on both platforms: interactions of Discord come by the gateway, those of Slack by HTTP. */
    async serve(folder: string, extra: Record<string, string> = {}): Promise<Service> {
      service = await startService(folder, {
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        SLACK_CLIENT_ID: slack.clientId,
        SLACK_CLIENT_SECRET: slack.clientSecret,
        SLACK_STATE_SECRET: 'a secret of thirty-two characters',
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
        CLUB_LOCALE: 'en',
        ...extra,
      })
      slack.overHttp(`${service.url}/slack/events`)
      slack.formType = 'application/x-www-form-urlencoded; charset=utf-8'
      await discord.gateway.ready()
      return service
    },
    /** Ends the program, whatever became of it, and both platforms. */
    async stop(): Promise<void> {
      service?.process.kill('SIGKILL')
      await service?.exited
      await Promise.all([discord.stop(), slack.stop()])
    },
  }
}

export type LoadWorld = Awaited<ReturnType<typeof openWorld>>

/** The database in a folder, filled by the store's own verbs: the clubs, their tokens, and whatever `more` adds. */
export async function fill(folder: string, { workspaces }: LoadWorld, more: (store: Store) => Promise<void>): Promise<void> {
  const file = join(folder, 'club.db')
  const seal = createSeal(keysOf({ DATABASE_URL: file, CLUB_KEY: undefined, CLUB_KEY_OLD: undefined }))
  const store = openSqliteStore(file, new URL('../../migrations', import.meta.url).pathname, seal)
  // A workspace's token is kept under the name of its club.
  await Promise.all(workspaces.map(({ club, token }) => store.keepSecret(club, JSON.stringify({ token }))))
  await more(store)
  await store.close()
}

/** A club whose season began on `from`; every day is a study day. */
export async function startClub(store: Store, { club: id, channel }: Place, zone: string, course: string, from: Day): Promise<Club> {
  const blank = newClub(id, channel, { ...defaultSettings, locale: 'en', course }, zone)
  const calendar = [{ ...blank.calendar[0], weekdays: [1, 2, 3, 4, 5, 6, 7] as const }] as const
  const started = { ...startSeason({ ...blank, calendar }, course, from), planned: { lesson: from, poll: from } }
  await store.saveClub(started, nextDue(started, Date.now()))
  const club = await store.club(id)
  if (!club) throw new Error(`the club ${id} was not kept`)
  return club
}

/** Members at a time whose acts share a transaction. */
const atOnce = 500

/** Members who acted once, at `at`: first those who will act again. */
export async function joinAll(store: Store, club: Club, { learners }: Place, members: number, at: number): Promise<void> {
  const people = range(members).map((i) => learners[i] ?? { id: `${club.id}/${i}`, name: `member ${i + 1}` })
  for (let i = 0; i < people.length; i += atOnce) {
    const some = people.slice(i, i + atOnce)
    await Promise.all(some.map(({ id, name }) => recordAct({ store, club, member: newMember(club, id, name) }, { kind: 'checkin', at })))
  }
}

/** The club's lesson of the day is posted at this minute of its day. */
export async function postsAt(store: Store, club: string, postAt: number, now: number): Promise<void> {
  await changeClub(store, club, now, (fresh) => ({ ...fresh, settings: { ...fresh.settings, postAt } }))
}
