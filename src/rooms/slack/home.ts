// Purpose: a member's page in the App Home: drawn when they open it and after what they do, and never by the clock.
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Api } from './api.ts'
import { type Drawn, drawHome } from './draw.ts'
import { refusalOf, wordsOf } from './errors.ts'
import type { Files } from './files.ts'

export interface HomeParts {
  readonly api: Api
  readonly files: Files
  readonly log: Logger
}

/** Draws the page anew. */
export type DrawPage = () => Promise<Drawn>

export interface Home {
  opened(team: string, user: string, draw: DrawPage): void
  /** Somebody did something that their page may show; nothing happens unless they opened it since we started. */
  acted(team: string, user: string, draw: DrawPage): void
}

/** Pages that are known at a time; the oldest are forgotten until they are opened again. */
const most = 10_000

export function createHome({ api, files, log }: HomeParts): Home {
  /** The hash of each page as we last published it: Slack refuses ours when it does not show that any more. */
  const shown = new Map<string, string>()
  const underWay = new Map<string, Promise<void>>()

  async function publish(team: string, user: string, draw: DrawPage): Promise<void> {
    const key = `${team} ${user}`
    const drawn = await draw()
    const send = (hash: string | undefined) =>
      files.showing(team, drawn, 'one', (file) => {
        const view = drawHome(drawn, { team, file })
        return api.call<webApi.ViewsPublishResponse>(team, 'views.publish', { user_id: user, view, ...(hash && { hash }) })
      })
    const { view } = await send(shown.get(key)).catch((error: unknown) => {
      if (refusalOf(error) !== 'hash_conflict') throw error
      return send(undefined)
    })
    shown.delete(key)
    shown.set(key, view?.hash ?? '')
    const [oldest] = shown.keys()
    if (shown.size > most && oldest !== undefined) shown.delete(oldest)
  }

  /** One after the other for one person: the newest page is the last. */
  function soon(team: string, user: string, draw: DrawPage): void {
    const key = `${team} ${user}`
    const work = (underWay.get(key) ?? Promise.resolve())
      .then(() => publish(team, user, draw))
      .catch((error: unknown) => log.warn({ team, user, reason: wordsOf(error) }, 'slack: a page could not be published'))
      .finally(() => {
        if (underWay.get(key) === work) underWay.delete(key)
      })
    underWay.set(key, work)
  }

  return {
    opened: soon,
    acted(team, user, draw) {
      if (shown.has(`${team} ${user}`)) soon(team, user, draw)
    },
  }
}
