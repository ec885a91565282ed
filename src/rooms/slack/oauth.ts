// Purpose: installing for many workspaces: the way to Slack and back, with the state checked, and the token kept.
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Logger as SlackLogger } from '@slack/bolt'
import { InstallProvider } from '@slack/oauth'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { clientOptions } from './api.ts'
import { wordsOf } from './errors.ts'
import { scopes } from './manifest.ts'

export interface OAuthSettings {
  readonly clientId: string
  readonly clientSecret: string
  readonly stateSecret: string
}

interface InstallerParts extends OAuthSettings {
  readonly url: string
  readonly logger: SlackLogger
  readonly log: Logger
  readonly installed: { install(id: string, token: string): Promise<void> }
  readonly arrived: (team: string) => Promise<void>
}

/** `/slack/install` leads to Slack, `/slack/oauth_redirect` back. */
export function createInstaller({ url, logger, log, installed, arrived, ...settings }: InstallerParts): Hono {
  const never = async (): Promise<never> => {
    throw new Error('tokens are read where they are used')
  }
  const provider = new InstallProvider({
    ...settings,
    logger,
    clientOptions: clientOptions(url, logger),
    authorizationUrl: new URL('/oauth/v2/authorize', url).href,
    directInstall: true,
    installationStore: {
      async storeInstallation({ team, enterprise, bot, isEnterpriseInstall }) {
        const id = isEnterpriseInstall ? enterprise?.id : team?.id
        if (id === undefined || bot === undefined) throw new Error('Slack said neither whose token it is nor which')
        await installed.install(id, bot.token)
        log.info({ [isEnterpriseInstall ? 'organisation' : 'team']: id }, 'slack: installed')
        if (!isEnterpriseInstall) await arrived(id)
      },
      fetchInstallation: never,
    },
  })
  const http = new Hono<{ Bindings: HttpBindings }>()
  http.get('/slack/install', async (c) => {
    await provider.handleInstallPath(c.env.incoming, c.env.outgoing, undefined, { scopes: [...scopes.needed, ...scopes.optional] })
    return RESPONSE_ALREADY_SENT
  })
  http.get('/slack/oauth_redirect', async (c) => {
    await provider.handleCallback(c.env.incoming, c.env.outgoing, {
      failure(error, _options, _request, response) {
        log.warn({ reason: wordsOf(error) }, 'slack: an installation failed')
        response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' })
        response.end(
          '설치하지 못했어요. /slack/install에서 다시 시작해 주세요.\nIt could not be installed. Please begin again at /slack/install.\n',
        )
      },
    })
    return RESPONSE_ALREADY_SENT
  })
  return http as unknown as Hono
}
