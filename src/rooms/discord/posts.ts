// Purpose: what the whole club sees: a post is sent once, edited, and a thread opened under it.
import { type RawFile, type REST, type RESTPostAPIChannelMessageResult, Routes } from 'discord.js'
import type { Logger } from 'pino'
import { ChannelClosed, NotPosted, type Room } from '../../chat/room.ts'
import type { Answers } from './answers.ts'
import { type Drawn, drawPost, drawThreadName, nonceOf } from './draw.ts'
import { code, isCode, isRefusedToken, meaningOf, wordsOf } from './errors.ts'

/** A day without a word, and a thread is folded away. */
const threadArchiveMinutes = 1440
/** A try is over after this, with its wait behind others in its channel: earlier than the outbox takes the row to be free again. */
export const tryMs = 22_000
/** Without a token nothing gets through until a restart. */
const tokenRefusedRetryMs = 600_000

const inTime = (): AbortSignal => AbortSignal.timeout(tryMs)

/** `rest` must not retry: an error is about one try, so that it is known what may have arrived. */
export function createPosts({ rest, filesOf, log }: { rest: REST; filesOf: Answers['filesOf']; log: Logger }): Pick<Room, 'post' | 'edit'> {
  async function send(drawn: Drawn, request: (body: object, files: RawFile[]) => Promise<unknown>): Promise<unknown> {
    const { drawn: ready, files } = await filesOf(drawn)
    try {
      return await request(ready.body, files)
    } catch (error) {
      if (!isRefusedToken(error) || (await isTokenTaken())) throw meaningOf(error)
      log.fatal('DISCORD_TOKEN: Discord no longer takes the token. Set a new one and start again')
      throw new NotPosted(wordsOf(error), tokenRefusedRetryMs)
    }
  }

  /** A second look, so that one mistaken answer silences no club. */
  async function isTokenTaken(): Promise<boolean> {
    try {
      await rest.get(Routes.user())
      return true
    } catch (error) {
      return !isRefusedToken(error)
    }
  }

  /** A lesson without its thread is still a lesson. */
  async function openThread(channel: string, message: string, title: string): Promise<void> {
    try {
      const body = { name: drawThreadName(title), auto_archive_duration: threadArchiveMinutes }
      await rest.post(Routes.threads(channel, message), { body, signal: inTime() })
    } catch (error) {
      if (!isCode(error, code.threadExists)) log.warn({ channel, reason: wordsOf(error) }, 'no thread could be opened under a lesson')
    }
  }

  return {
    async post({ channel, card, key, thread, ...about }) {
      if (channel === '') throw new ChannelClosed('no channel was chosen yet')
      const { id } = (await send(drawPost(card, about), (body, files) =>
        rest.post(Routes.channelMessages(channel), {
          body: { ...body, nonce: nonceOf(key), enforce_nonce: true },
          files,
          signal: inTime(),
        }),
      )) as RESTPostAPIChannelMessageResult
      if (thread !== undefined) await openThread(channel, id, thread)
      return `${channel}/${id}`
    },
    async edit(message, card, about) {
      const [channel = '', id = ''] = message.split('/')
      await send(drawPost(card, about), (body, files) => rest.patch(Routes.channelMessage(channel, id), { body, files, signal: inTime() }))
    },
  }
}
