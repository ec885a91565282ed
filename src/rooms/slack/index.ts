// Purpose: clubs on Slack, one a workspace: answers to people, posts in channels, pages in the App Home, and the bot's coming and going.
import { setTimeout as sleep } from 'node:timers/promises'
import { App, type LogLevel, type Receiver, type Logger as SlackLogger, webApi } from '@slack/bolt'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { type FailureSort, keepTrying } from '../../chat/network.ts'
import type { Picture, Theme } from '../../chat/picture.ts'
import { type Room, SettingRefused } from '../../chat/room.ts'
import { type AnswerParts, createAnswers } from './answers.ts'
import { clientOptions, createApi } from './api.ts'
import { typedAs } from './commands.ts'
import { isRefusedAccess, reasonOf, refusalOf, wordsOf } from './errors.ts'
import { createFiles, type Uploads } from './files.ts'
import { createHome } from './home.ts'
import { createHttpReceiver } from './http.ts'
import { createInstaller, type OAuthSettings } from './oauth.ts'
import { createPeople } from './people.ts'
import { createPosts } from './posts.ts'
import { clubOf, roomName } from './read.ts'
import { createReplies } from './replies.ts'
import { createSocket } from './socket.ts'
import { manyWorkspaces, oneWorkspace, type Secrets } from './workspaces.ts'

export interface SlackRoomParts extends AnswerParts {
  /** The token of the one workspace that is served; without it, workspaces install the app by `oauth`, and `secrets` keeps their tokens. */
  readonly token?: string | undefined
  readonly oauth?: OAuthSettings | undefined
  readonly secrets: Secrets
  /** Set when Slack is listened to by Socket Mode, and not by HTTP. */
  readonly appToken?: string | undefined
  readonly signingSecret?: string | undefined
  /** Where the API is, with the slash at its end. */
  readonly api: string
  readonly uploads: Uploads
  readonly drawPicture: (picture: Picture, theme: Theme) => Promise<Uint8Array>
  readonly arrive: (club: string, channel: string) => Promise<void>
  readonly leave: (club: string) => Promise<void>
  /** A request to Slack failed. */
  readonly failed: (sort: FailureSort) => void
  readonly log: Logger
}

export interface SlackRoom extends Room {
  /** The endpoints for Slack's requests and for installing, as far as there are any. */
  readonly http: Hono
  /** Makes itself known to Slack and listens. Trouble on the way is tried again; throws SettingRefused for what no trying mends. */
  open(): Promise<void>
  close(): Promise<void>
}

const goodbyeMs = 3_000
/** How often pictures are looked for that nobody needs any more. */
const sweepEveryMs = 3_600_000

export function createSlackRoom(parts: SlackRoomParts): SlackRoom {
  const { token, oauth, appToken, signingSecret, secrets, log } = parts
  const logger = quietly(log)
  let own: { readonly team: string; readonly isOrganisation: boolean } | undefined
  const installed = manyWorkspaces(secrets)
  const workspaces = token === undefined ? installed : oneWorkspace(token, () => own)
  const api = createApi({ url: parts.api, tokenOf: workspaces.tokenOf, failed: parts.failed, logger })
  const files = createFiles({ api, uploads: parts.uploads, drawPicture: parts.drawPicture, log })
  const typed = typedAs(parts.commands())
  const answers = createAnswers({
    ...parts,
    api,
    replies: createReplies({ api, files, isAnswerable: answerable(parts.api), failed: parts.failed, log }),
    people: createPeople(api, log),
    home: createHome({ api, files, log }),
    workspaces,
    typedAs: typed,
    async removed(from) {
      for (const team of await workspaces.remove(from)) await parts.leave(clubOf(team))
    },
  })

  const web = signingSecret !== undefined && appToken === undefined ? createHttpReceiver({ signingSecret, log }) : undefined
  const socket =
    appToken === undefined
      ? undefined
      : createSocket({ appToken, url: parts.api, logger, log, isHopeless: (error) => hopeless(error) !== undefined })
  const receiver: Receiver | undefined = web ?? socket?.receiver
  if (!receiver) throw new Error('Slack is listened to by Socket Mode or by HTTP; neither is set')
  const bolt = new App({
    receiver,
    // One client of our own serves all workspaces: without a token here, none is made for each of them.
    authorize: async () => ({}),
    ignoreSelf: false,
    convoStore: false,
    logger,
    clientOptions: clientOptions(parts.api, logger),
  })
  // One middleware takes everything: Bolt would look through all listeners at each request.
  bolt.use(async ({ body, context, ...rest }) => {
    const ack = 'ack' in rest && typeof rest.ack === 'function' ? (rest.ack as (response?: unknown) => Promise<void>) : undefined
    const sentAt = typeof context.sentAt === 'number' ? context.sentAt : undefined
    await answers.take(body, async (response) => ack?.(response), sentAt)
  })
  bolt.error(async (error) => log.error(reasonOf(error.original ?? error), 'slack: a payload could not be taken'))

  const installer =
    oauth && createInstaller({ ...oauth, url: parts.api, logger, log, installed, arrived: (team) => parts.arrive(clubOf(team), '') })
  const http = new Hono()
  if (web) http.route('/', web.http)
  if (installer) http.route('/', installer)

  const closing = new AbortController()

  async function introduce(): Promise<void> {
    if (token !== undefined) {
      const { team_id, team, is_enterprise_install } = await api.callWith<webApi.AuthTestResponse>(token, 'auth.test')
      own = { team: team_id ?? '', isOrganisation: is_enterprise_install ?? false }
      log.info({ workspace: team }, 'slack: the token is good')
    }
    await socket?.open()
  }

  function isHopeless(error: unknown, retryInMs: number): boolean {
    const end = hopeless(error)
    log[end ? 'fatal' : 'error']({ reason: end?.message ?? wordsOf(error), ...(!end && { retryInMs }) }, 'slack: not connected')
    return end !== undefined
  }

  return {
    name: roomName,
    // A message has no key that Slack knows again: what is in doubt is looked for.
    remembersMs: 0,
    http,
    async open() {
      try {
        await introduce()
      } catch (error) {
        const end = hopeless(error)
        if (end) throw end
        log.error({ reason: wordsOf(error) }, 'slack: not connected; it is tried again')
        void keepTrying(introduce, (failure, wait) => !isHopeless(failure, wait), closing.signal)
      }
      const sweep = () => void files.sweep().catch((error) => log.error({ err: error }, 'slack: old pictures could not be deleted'))
      sweep()
      const timer = setInterval(sweep, sweepEveryMs)
      timer.unref()
      closing.signal.addEventListener('abort', () => clearInterval(timer))
    },
    async close() {
      closing.abort()
      await socket?.close()
      // What was acknowledged is answered before we go, if that does not take long.
      await Promise.race([answers.idle(), sleep(goodbyeMs)])
    },
    ...createPosts({ api, files, typedAs: typed, log }),
  }
}

/** The failure that no trying mends, as a sentence for the operator; undefined when it may work later. */
function hopeless(error: unknown): SettingRefused | undefined {
  if (error instanceof SettingRefused) return error
  const refusal = refusalOf(error)
  if (refusal === 'not_allowed_token_type' || refusal === 'missing_scope')
    return new SettingRefused(
      `SLACK_APP_TOKEN: Slack answered ${refusal}. It takes an app-level token (xapp-…) with the scope connections:write: Basic Information, App-Level Tokens`,
    )
  if (!isRefusedAccess(error)) return undefined
  return new SettingRefused(
    `SLACK_BOT_TOKEN or SLACK_APP_TOKEN: Slack answered ${refusal}. Copy both anew: OAuth & Permissions, Bot User OAuth Token; Basic Information, App-Level Tokens`,
  )
}

/** The name of the workspace that a token belongs to. Throws with a sentence that says what to do. */
export async function workspaceName(api: string, token: string): Promise<string> {
  const client = new webApi.WebClient(token, clientOptions(api, quietly()))
  try {
    return (await client.auth.test()).team ?? ''
  } catch (error) {
    throw hopeless(error) ?? new Error(wordsOf(error), { cause: error })
  }
}

/** Answers go to Slack itself, or to where the tests' Slack is. */
function answerable(api: string): (url: string) => boolean {
  const { hostname } = new URL(api)
  return (url) => {
    const to = new URL(url)
    return to.hostname === hostname || (to.protocol === 'https:' && to.hostname.endsWith('.slack.com'))
  }
}

/** Bolt's own log in ours. What it says at lower levels holds payloads and tokens; what is left may hold an address with a ticket. */
function quietly(log?: Logger): SlackLogger {
  const clean = (said: readonly unknown[]) =>
    said
      .map(String)
      .join(' ')
      .replaceAll(/\bx(?:ox|app)[a-z]*-[\w-]+/g, '…')
      .replaceAll(/\b(?:wss?|https?):\/\/\S+/g, '…')
      .slice(0, 300)
  return {
    debug() {},
    info() {},
    warn: (...said) => log?.debug({ said: clean(said) }, 'slack: bolt'),
    error: (...said) => log?.warn({ said: clean(said) }, 'slack: bolt'),
    setLevel() {},
    getLevel: () => 'error' as LogLevel,
    setName() {},
  }
}
