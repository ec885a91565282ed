// Purpose: where an answer goes: a message that only its receiver sees, or a view. What arrived too late is logged; what it did is kept.
import { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { request } from 'undici'
import type { FailureSort } from '../../chat/network.ts'
import type { Text } from '../../text/index.ts'
import type { Api } from './api.ts'
import { type Drawn, drawModal, finished } from './draw.ts'
import { reasonOf, refusalOf } from './errors.ts'
import type { Files } from './files.ts'
import { responseUrl as responseUrlLimits, triggerMs } from './limits.ts'
import type { Asked } from './read.ts'

/** An act with everything that its answer needs. */
export interface Act {
  readonly asked: Asked
  readonly team: string
  /** The words of its author's language. */
  readonly t: Text
  /** When we heard of it, epoch ms. */
  readonly heardAt: number
}

export interface ReplyParts {
  readonly api: Api
  readonly files: Files
  /** True for addresses that an answer may be sent to. */
  readonly isAnswerable: (url: string) => boolean
  /** A request to Slack failed. */
  readonly failed: (sort: FailureSort) => void
  readonly log: Logger
}

export interface Replies {
  /** A message for the author alone: by the address that came with the act, as long as that is good, else in the channel. */
  privately(act: Act, drawn: Drawn, replacing?: boolean): Promise<void>
  /** Opens a view, or lays it upon the one that is open. Its id; undefined when the trigger is void already. */
  open(act: Act, view: webApi.ViewsOpenArguments['view'], method: 'views.open' | 'views.push'): Promise<string | undefined>
  /** A card in a view of its own. */
  inModal(act: Act, drawn: Drawn): Promise<string | undefined>
  /** A card in the place of what a view shows. */
  update(act: Act, view: string, drawn: Drawn): Promise<void>
}

/** A trigger older than this may be void by the time that our request arrives. */
const triggerFreshMs = triggerMs - 500
const timeoutMs = 10_000
/** Addresses whose uses are counted; more than are good at a time. */
const countedMost = 5_000

export function createReplies({ api, files, isAnswerable, failed, log }: ReplyParts): Replies {
  const uses = new Map<string, { count: number; readonly until: number }>()

  async function open({ asked, team, heardAt }: Act, view: webApi.ViewsOpenArguments['view'], method: string): Promise<string | undefined> {
    if (asked.trigger === undefined || Date.now() - heardAt > triggerFreshMs) return undefined
    try {
      const { view: opened } = await api.call<webApi.ViewsOpenResponse>(team, method, { trigger_id: asked.trigger, view })
      return opened?.id
    } catch (error) {
      if (refusalOf(error) === 'invalid_blocks') throw error
      log.warn({ team, ...reasonOf(error) }, 'slack: a view could not be opened')
      return undefined
    }
  }

  /** False when the address is used up, too old or not Slack's. Throws what Slack says of the message. */
  async function respond(url: string, message: object): Promise<boolean> {
    const now = Date.now()
    const used = uses.get(url) ?? { count: 0, until: now + responseUrlLimits.ms }
    if (used.count >= responseUrlLimits.uses || used.until <= now || !isAnswerable(url)) return false
    used.count += 1
    uses.set(url, used)
    const [oldest] = uses.keys()
    if (uses.size > countedMost && oldest !== undefined) uses.delete(oldest)
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const said = await body.text()
      if (statusCode === 200 && !said.includes('"ok":false')) return true
      if (said.includes('invalid_blocks')) throw new webApi.WebAPIPlatformError({ ok: false, error: 'invalid_blocks' })
      failed(statusCode === 429 ? 'rate_limited' : statusCode >= 500 ? 'server_error' : 'gone')
      log.warn({ status: statusCode }, 'slack: an answer’s own address was not taken')
      return false
    } catch (error) {
      if (error instanceof webApi.WebAPIPlatformError) throw error
      failed('unreachable')
      log.warn(reasonOf(error), 'slack: an answer’s own address could not be reached')
      return false
    }
  }

  const late = (team: string, error: unknown) =>
    log.warn({ team, ...reasonOf(error) }, 'slack: an answer could not be shown; what it did is kept')

  return {
    open,
    async privately({ asked: { responseUrl, channel, user }, team }, drawn, replacing = false) {
      try {
        await files.showing(team, drawn, 'one', async (file) => {
          const message = finished(drawn, { team, file })
          const isShown =
            responseUrl !== undefined &&
            (await respond(responseUrl, { ...message, response_type: 'ephemeral', replace_original: replacing }))
          if (isShown) return
          if (channel === undefined) throw new Error('there is nowhere to answer')
          await api.call(team, 'chat.postEphemeral', { ...message, channel, user: user.id })
        })
      } catch (error) {
        late(team, error)
      }
    },
    inModal: (act, drawn) =>
      files.showing(act.team, drawn, 'one', (file) => open(act, drawModal(drawn, { team: act.team, file }, act.t.room), 'views.open')),
    async update({ team, t }, view, drawn) {
      try {
        await files.showing(team, drawn, 'one', (file) =>
          api.call(team, 'views.update', { view_id: view, view: drawModal(drawn, { team, file }, t.room) }),
        )
      } catch (error) {
        late(team, error)
      }
    },
  }
}
