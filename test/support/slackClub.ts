// Purpose: a club on a loopback Slack: the real app on a real SQLite file, the real Bolt on a real line, and a clock that stands still until
// it is moved.
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Room } from '../../src/chat/room.ts'
import { type ClubSettings, clubDay, defaultSettings, newClub } from '../../src/club/club.ts'
import { nextLessonAt } from '../../src/club/schedule.ts'
import type { Course } from '../../src/course/course.ts'
import { commands, drawers, presses } from '../../src/features/index.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createSlackRoom } from '../../src/rooms/slack/index.ts'
import { createSeal, sealedSecrets } from '../../src/seal.ts'
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import type { Store } from '../../src/store/store.ts'
import { ours } from '../features/life.ts'
import type { Outcome, Person } from './slack/person.ts'
import type { SeenMessage, SeenView } from './slack/seen.ts'
import { type SlackServer, startSlack } from './slack/server.ts'
import { migrations, tempFolder } from './testClub.ts'

export const transports = ['socket', 'http'] as const
export type Transport = (typeof transports)[number]

interface Options {
  readonly transport?: Transport
  /** ISO time with offset. */
  readonly at?: string
  readonly settings?: Partial<ClubSettings>
  readonly courses?: readonly Course[]
  /** A Slack that runs already, to come back to. */
  readonly slack?: SlackServer
  /** A database that is there already. */
  readonly file?: string
  /** Stands between the room and the app's store. */
  readonly wrapStore?: (store: Store) => Store
  /** Workspaces install the app themselves. */
  readonly oauth?: true
  /** The scopes of the workspace's token; all of the manifest's unless told. */
  readonly scopes?: readonly string[]
  readonly token?: string
}

const pictures = createPictures()
const key = Buffer.alloc(32, 7)

export async function slackClub(options: Options = {}) {
  const { transport = 'socket', at = '2026-11-24T07:00+09:00', settings, courses = ours, oauth } = options
  const slack = options.slack ?? (await startSlack())
  const team = oauth ? undefined : slack.team(options.scopes && { scopes: [...options.scopes] })
  const file = options.file ?? join(tempFolder(), 'club.db')
  const opened = openSqliteStore(file, migrations)
  const store = options.wrapStore?.(opened) ?? opened
  const logged: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line: string) => logged.push(JSON.parse(line)) })
  const begun = (id: string, channel: string) =>
    newClub(id, channel, { ...defaultSettings, course: courses[0]?.id ?? '', ...settings }, 'Asia/Seoul')
  const rooms = new Map<string, Room>()
  const app = createApp({ store, courses: () => courses, rooms, commands, presses, drawers, newClub: begun, log })
  let now = Date.parse(at)
  const room = createSlackRoom({
    token: team && (options.token ?? team.token),
    ...(transport === 'socket' ? { appToken: slack.appToken } : { signingSecret: slack.signingSecret }),
    ...(oauth && {
      oauth: { clientId: slack.clientId, clientSecret: slack.clientSecret, stateSecret: 'a secret for states of tests' },
      secrets: sealedSecrets(store, createSeal(key), 'slack:'),
    }),
    api: slack.apiUrl,
    uploads: store,
    // An act is as many seconds old on the club's clock as it is on Slack's, whatever day the machine has.
    handle: (call) =>
      app.handle(call.at === undefined ? call : { ...call, at: now - 1000 * Math.trunc((Date.now() - call.at) / 1000) }, now),
    replaces: app.replaces,
    forOrganisers: app.forOrganisers,
    commands: () => app.commandInfos,
    arrive: (club, channel) => app.arrive(club, channel, now),
    leave: (club) => app.leave(club, now),
    memberLeft: (club, member, left) => app.memberLeft(club, member, left, now),
    drawPicture: pictures.draw,
    log,
  })
  rooms.set(room.name, room)

  const server = serve({ fetch: room.http.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  slack.overHttp(transport === 'http' ? `${origin}/slack/events` : undefined)
  slack.formType = 'application/x-www-form-urlencoded; charset=utf-8'
  let open = true
  /** Stops the bot, and leaves Slack and the database as they are. */
  async function stop(): Promise<void> {
    if (!open) return
    open = false
    await room.close()
    server.close()
    await app.idle()
    await opened.close()
  }
  onTestFinished(async () => {
    await stop()
    if (!options.slack) await slack.stop()
  })
  await room.open()
  if (transport === 'socket') await slack.socket.ready()

  async function tick(): Promise<void> {
    await app.tick(now)
    await app.idle()
  }

  return {
    slack,
    file,
    store,
    app,
    room,
    rooms,
    logged,
    /** Where the bot's own endpoints are. */
    origin,
    stop,
    tick,
    now: () => now,
    /** What an operator should look at. */
    troubles: () => logged.filter(({ level }) => Number(level) >= 50),
    /** A workspace with one channel, somebody who will organise, and its club. */
    workspace(of = team ?? slack.team()) {
      const channel = of.addChannel({ name: 'study' })
      const owner = slack.person({ team: of, name: '운영자' })
      return { team: of, channel, owner, club: `slack:${of.id}` }
    },
    /** Moves the clock to an instant, running each due tick on the way. */
    async until(time: string | number) {
      const target = typeof time === 'number' ? time : Date.parse(time)
      while (now < target) {
        const due = (await app.nextDueAt()) ?? target
        now = Math.min(target, Math.max(due, now + 60_000))
        await tick()
      }
    },
    /** To this club's next lesson. */
    async morning(club: string) {
      for (let waits = true; waits; ) {
        const found = await store.club(club)
        if (!found) throw new Error(`there is no club ${club}`)
        await this.until(nextLessonAt(found, now) ?? now + 86_400_000)
        waits = (found.seasons.at(-1)?.from ?? '') > clubDay(found, now).today
      }
    },
  }
}

export type SlackClub = Awaited<ReturnType<typeof slackClub>>

/** What a person was answered. Throws when it was no message. */
export function messageOf({ message, ...rest }: Outcome): SeenMessage {
  if (!message) throw new Error(`no message, but ${JSON.stringify({ ...rest, modal: rest.modal?.title })}`)
  return message
}

/** The modal that opened. Throws when none did. */
export function modalOf({ modal, ...rest }: Outcome): SeenView {
  if (!modal) throw new Error(`no modal, but ${JSON.stringify({ ...rest, message: rest.message?.text })}`)
  return modal
}

/** Sets the club up as an organiser does: `/1p club`, "start here". */
export async function startHere(owner: Person): Promise<SeenMessage> {
  const setUp = messageOf(await owner.types(owner.locale === 'ko-KR' ? '/1퍼센트 클럽' : '/1p club'))
  return messageOf(await owner.taps(setUp, owner.locale === 'ko-KR' ? '여기서 시작' : 'Start here'))
}
