// Purpose: a club on a loopback Slack: the real app on a real SQLite file, the real Bolt on a real line, and a clock that stands still until
// it is moved.
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { appAt } from '../../src/app.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createSlackRoom } from '../../src/rooms/slack/index.ts'
import { ours } from '../features/life.ts'
import { type RunningOptions, runningApp } from './runningApp.ts'
import type { Outcome, Person } from './slack/person.ts'
import type { SeenMessage, SeenView } from './slack/seen.ts'
import { type SlackServer, startSlack, type TeamView } from './slack/server.ts'

export const transports = ['socket', 'http'] as const
export type Transport = (typeof transports)[number]

interface Options extends RunningOptions {
  readonly transport?: Transport
  /** A Slack that runs already, to come back to. */
  readonly slack?: SlackServer
  /** The workspace whose token it has; a new one unless told. */
  readonly team?: TeamView
  /** Workspaces install the app themselves. */
  readonly oauth?: true
  /** The scopes of the workspace's token; all of the manifest's unless told. */
  readonly scopes?: readonly string[]
  readonly token?: string
}

const pictures = createPictures()

export async function slackClub(options: Options = {}) {
  const { transport = 'socket', oauth } = options
  const slack = options.slack ?? (await startSlack())
  const team = oauth ? undefined : (options.team ?? slack.team(options.scopes && { scopes: [...options.scopes] }))
  const { close, log, handle, ...running } = runningApp({ courses: ours, ...options })
  const { app, store, rooms, metrics, now } = running
  const room = createSlackRoom({
    token: team && (options.token ?? team.token),
    ...(transport === 'socket' ? { appToken: slack.appToken } : { signingSecret: slack.signingSecret }),
    ...(oauth && {
      oauth: { clientId: slack.clientId, clientSecret: slack.clientSecret, stateSecret: 'a secret for states of tests' },
    }),
    secrets: store,
    api: slack.apiUrl,
    uploads: store,
    ...appAt(app, now),
    handle,
    failed: (sort) => metrics.platformErrors.inc({ room: 'slack', sort }),
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
    await close()
  }
  onTestFinished(async () => {
    await stop()
    if (!options.slack) await slack.stop()
  })
  await room.open()
  if (transport === 'socket') await slack.socket.ready()

  return {
    ...running,
    slack,
    room,
    /** Where the bot's own endpoints are. */
    origin,
    stop,
    /** A workspace with one channel, somebody who will organise, and its club. */
    workspace(of = team ?? slack.team()) {
      const channel = of.addChannel({ name: 'study' })
      const owner = slack.person({ team: of, name: '운영자' })
      return { team: of, channel, owner, club: `slack:${of.id}` }
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
