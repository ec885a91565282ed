// Purpose: one client for all workspaces: the token goes with each call, and a limit that Slack set holds for one method of one workspace.

import type { Logger as SlackLogger } from '@slack/bolt'
import { webApi } from '@slack/bolt'
import type { FailureSort } from '../../chat/network.ts'
import { AccessRefused, NotPosted } from '../../chat/room.ts'
import { retryAfterMs, sortOf } from './errors.ts'
import { callMethod, timeoutMs } from './request.ts'

export interface Api {
  /** Calls one method. Throws what the library throws; NotPosted while Slack asked to wait; AccessRefused without a token. */
  call<T extends webApi.WebAPICallResult>(team: string, method: string, args?: Record<string, unknown>): Promise<T>
  /** Uploads a file that nobody sees until a message shows it, or, with a channel, into it. Returns its id. */
  upload(
    team: string,
    file: { readonly data: Buffer; readonly name: string; readonly alt?: string; readonly channel?: string },
  ): Promise<string>
  /** A call with a token that belongs to no workspace of ours yet. */
  callWith<T extends webApi.WebAPICallResult>(token: string, method: string, args?: Record<string, unknown>): Promise<T>
}

export interface ApiParts {
  /** Where the API is, with the slash at its end. */
  readonly url: string
  readonly tokenOf: (team: string) => Promise<string | undefined>
  /** A request to Slack failed. */
  readonly failed: (sort: FailureSort) => void
  readonly logger: SlackLogger
}

/** The options of every client that is made for us. Retrying is the outbox's: an error is about one try. */
export const clientOptions = (url: string, logger: SlackLogger): webApi.WebClientOptions => ({
  slackApiUrl: url,
  logger,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: timeoutMs,
  // One client serves all workspaces: no call of one waits behind another's that get no answer.
  maxRequestConcurrency: Number.POSITIVE_INFINITY,
})

export function createApi({ url, tokenOf, failed, logger }: ApiParts): Api {
  // For uploads alone, which take several requests.
  const client = new webApi.WebClient(undefined, clientOptions(url, logger))
  /** Until when, on the clock of `performance`, Slack asked us not to call a method for a workspace. */
  const limited = new Map<string, number>()

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      failed(sortOf(error))
      throw error
    }
  }

  async function patiently<T>(team: string, method: string, work: (token: string) => Promise<T>): Promise<T> {
    const key = `${team} ${method}`
    const left = Math.ceil((limited.get(key) ?? 0) - performance.now())
    if (left > 0) throw new NotPosted(`Slack's rate limit for ${method} asks to wait ${left} ms`, left)
    limited.delete(key)
    const token = await tokenOf(team)
    if (token === undefined) throw new AccessRefused(`there is no token for the workspace ${team}`)
    try {
      return await counted(() => work(token))
    } catch (error) {
      const wait = retryAfterMs(error)
      if (wait !== undefined) limited.set(key, performance.now() + wait)
      throw error
    }
  }

  return {
    call: <T extends webApi.WebAPICallResult>(team: string, method: string, args: Record<string, unknown> = {}) =>
      patiently(team, method, (token) => callMethod<T>(url, token, method, args)),
    upload: (team, { data, name, alt, channel }) =>
      patiently(team, 'files.uploadV2', async (token) => {
        const { files } = (await client.filesUploadV2({
          token,
          file: data,
          filename: name,
          title: name,
          ...(alt && { alt_text: alt }),
          ...(channel && { channel_id: channel }),
        })) as { files?: { files?: { id?: string }[] }[] }
        const id = files?.[0]?.files?.[0]?.id
        if (id === undefined) throw new Error('Slack took a file and did not say its id')
        return id
      }),
    callWith: <T extends webApi.WebAPICallResult>(token: string, method: string, args: Record<string, unknown> = {}) =>
      counted(() => callMethod<T>(url, token, method, args)),
  }
}
