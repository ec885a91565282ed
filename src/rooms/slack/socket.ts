// Purpose: the line to Slack in Socket Mode: opened again whenever it ends, until we close it.
import { type Logger as SlackLogger, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { keepTrying } from '../../chat/network.ts'
import { clientOptions } from './api.ts'
import { wordsOf } from './errors.ts'

export interface Socket {
  readonly receiver: SocketModeReceiver
  /** Throws when the first try fails. */
  open(): Promise<void>
  close(): Promise<void>
}

export interface SocketParts {
  readonly appToken: string
  readonly url: string
  readonly logger: SlackLogger
  readonly log: Logger
  /** True for what no trying mends. */
  readonly isHopeless: (error: unknown) => boolean
}

export function createSocket({ appToken, url, logger, log, isHopeless }: SocketParts): Socket {
  const closing = new AbortController()
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    // The client's own reconnecting throws into the void when Slack answers with an error, and that ends the process.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(url, logger) },
  })
  const { client } = receiver as unknown as { client: { on(event: string, listener: () => void): void } }

  async function connect(): Promise<void> {
    await receiver.start()
    log.info('slack: connected')
  }

  let isOpen = false
  client.on('disconnected', () => {
    if (!isOpen || closing.signal.aborted) return
    isOpen = false
    void again()
  })

  /** At once the first time: Slack renews its lines every few hours, and says so before. */
  async function again(): Promise<void> {
    const attempt = async () => {
      await connect()
      isOpen = true
    }
    const failed = (error: unknown, retryInMs: number) => {
      const isEnd = isHopeless(error)
      log[isEnd ? 'fatal' : 'error']({ reason: wordsOf(error), ...(!isEnd && { retryInMs }) }, 'slack: not connected')
      return !isEnd
    }
    try {
      await attempt()
    } catch (error) {
      if (failed(error, 0)) await keepTrying(attempt, failed, closing.signal)
    }
  }

  return {
    receiver,
    async open() {
      await connect()
      isOpen = true
    },
    async close() {
      closing.abort()
      await receiver.stop()
    },
  }
}
