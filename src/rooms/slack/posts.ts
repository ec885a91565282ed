// Purpose: what the whole club sees: a post is sent once, looked for when nobody knows whether it was, and edited.
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { ChannelClosed, NotPosted, type Room } from '../../chat/room.ts'
import type { Api } from './api.ts'
import { drawPost, finished } from './draw.ts'
import { isRefusedToken, meaningOf, refusalOf, wordsOf } from './errors.ts'
import type { Files } from './files.ts'
import type { TypedAs } from './mrkdwn.ts'
import { teamOf } from './read.ts'

export interface PostParts {
  readonly api: Api
  readonly files: Files
  readonly typedAs: TypedAs
  readonly log: Logger
}

/** What a post's key is kept in: `chat.postMessage` has no key of its own, so we look for ours. */
const metadataType = 'onepercent_post'

/** How much of a channel is looked through for a post. */
const history = { page: 200, pages: 5 }

/** A message older than the try by more than this cannot be it, whatever the two clocks say. */
const clocksApartMs = 120_000

export function createPosts({ api, files, typedAs, log }: PostParts): Pick<Room, 'post' | 'edit' | 'find'> {
  async function meant<T>(team: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!isRefusedToken(error)) throw meaningOf(error)
      if (await isTokenTaken(team)) throw new NotPosted(wordsOf(error))
      log.fatal({ team, reason: wordsOf(error) }, 'slack: the token is no longer taken')
      throw meaningOf(error)
    }
  }

  /** A second look, so that one mistaken answer silences no club. */
  async function isTokenTaken(team: string): Promise<boolean> {
    try {
      await api.call(team, 'auth.test')
      return true
    } catch (error) {
      return !isRefusedToken(error)
    }
  }

  return {
    post({ club, channel, card, key, ...about }) {
      const team = teamOf(club) ?? ''
      if (channel === '') throw new ChannelClosed('no channel was chosen yet')
      const drawn = drawPost(card, typedAs, about)
      const metadata = { event_type: metadataType, event_payload: { key } }
      const send = (file: string | undefined) => {
        const message = { channel, ...finished(drawn, { team, file }), metadata, unfurl_links: false, unfurl_media: false }
        return api.call<webApi.ChatPostMessageResponse>(team, 'chat.postMessage', message)
      }
      return meant(team, async () => {
        const { ts } = await files.showing(team, drawn, 'club', send)
        if (ts === undefined) throw new Error('Slack took a message and did not say its ts')
        return `${team}/${channel}/${ts}`
      })
    },
    edit(message, card, about) {
      const [team = '', channel = '', ts = ''] = message.split('/')
      const drawn = drawPost(card, typedAs, about)
      const send = (file: string | undefined) => api.call(team, 'chat.update', { channel, ts, ...finished(drawn, { team, file }) })
      return meant(team, async () => void (await files.showing(team, drawn, 'club', send)))
    },
    find({ club, channel, key, since }) {
      const team = teamOf(club) ?? ''
      const read = (cursor: string | undefined) =>
        api.call<webApi.ConversationsHistoryResponse>(team, 'conversations.history', {
          channel,
          limit: history.page,
          include_all_metadata: true,
          ...(cursor && { cursor }),
        })
      return meant(team, async () => {
        try {
          let cursor: string | undefined
          for (let page = 0; page < history.pages; page++) {
            const { messages = [], has_more, response_metadata } = await read(cursor)
            const found = messages.find(({ metadata }) => metadata?.event_type === metadataType && keyOf(metadata) === key)
            if (found?.ts !== undefined) return `${team}/${channel}/${found.ts}`
            const oldest = Number(messages.at(-1)?.ts ?? 0) * 1000
            if (!has_more || oldest < since - clocksApartMs) return 'none'
            cursor = response_metadata?.next_cursor
          }
          return undefined
        } catch (error) {
          if (refusalOf(error) !== 'missing_scope') throw error
          log.warn(
            { team },
            'slack: the app may not read the channel’s history, so nobody can say whether a post is there; it is not sent again',
          )
          return undefined
        }
      })
    },
  }
}

const keyOf = (metadata: { readonly event_payload?: unknown }): unknown =>
  typeof metadata.event_payload === 'object' && metadata.event_payload !== null && 'key' in metadata.event_payload
    ? metadata.event_payload.key
    : undefined
