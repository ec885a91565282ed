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

/** What we use of Slack's client: https://docs.slack.dev/tools/node-slack-sdk/socket-mode */
interface Client {
  on(event: 'disconnected' | 'ws_message', listener: (message?: unknown) => void): void
  /** `authenticated`: Slack gave the address of a line, which is opened now. */
  once(event: 'authenticated', listener: () => void): void
  disconnect(): Promise<void>
}

/** Slack says hello at once when a line is open. */
const helloMs = 10_000
/** A line that ended sooner than this is not opened again at once. */
const briefMs = 1_000

/** https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect */
function isLinkDisabled(message: unknown): boolean {
  // What people wrote has its quotes escaped.
  return typeof message === 'string' && /"type": ?"disconnect"/.test(message) && /"reason": ?"link_disabled"/.test(message)
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
  const { client } = receiver as unknown as { client: Client }

  /** The client waits for ever for a line that is never opened, or on which Slack never says hello. */
  async function connect(): Promise<void> {
    const late = new Promise<true>((resolve) => client.once('authenticated', () => setTimeout(resolve, helloMs, true).unref()))
    const started = receiver.start()
    if (await Promise.race([started.then(() => false), late])) {
      started.catch(() => {})
      await client.disconnect()
      throw new Error('Slack did not say hello')
    }
    openedAt = performance.now()
    log.info('slack: connected')
  }

  let openedAt: number | undefined
  client.on('disconnected', () => {
    if (openedAt === undefined || closing.signal.aborted) return
    const lastedMs = performance.now() - openedAt
    openedAt = undefined
    void again(lastedMs > briefMs)
  })
  client.on('ws_message', (message) => {
    if (isLinkDisabled(message))
      log.fatal('SLACK_APP_TOKEN: Socket Mode was switched off for this app. Switch it on again: api.slack.com/apps, Socket Mode')
  })

  /** At once the first time: Slack renews its lines every few hours, and says so before. */
  async function again(atOnce: boolean): Promise<void> {
    let wasHopeless = false
    const failed = (error: unknown, retryInMs: number) => {
      // A second answer of the kind makes it certain: the first may be a mistake of Slack's.
      const isEnd = isHopeless(error) && wasHopeless
      wasHopeless = isHopeless(error)
      log[isEnd ? 'fatal' : 'error']({ reason: wordsOf(error), ...(!isEnd && { retryInMs }) }, 'slack: not connected')
      return !isEnd
    }
    try {
      if (atOnce) return await connect()
    } catch (error) {
      failed(error, 0)
    }
    await keepTrying(connect, failed, closing.signal)
  }

  return {
    receiver,
    open: connect,
    async close() {
      closing.abort()
      await receiver.stop()
    },
  }
}
