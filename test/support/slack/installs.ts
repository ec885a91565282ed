// Purpose: how a person adds the app to their workspace: the browser's way through OAuth, with its cookie.
import { secret, type Team, type World } from './world.ts'

export interface InstallOptions {
  readonly deny?: boolean
  /** Comes back with a state that was not made for this browser. */
  readonly otherState?: boolean
  /** Another browser, or one that keeps no cookies. */
  readonly dropCookie?: boolean
  readonly orgWide?: boolean
  /** Where the app listens for the return, if the page does not say. */
  readonly redirect?: string
}

/** The page that asks whether to install: at once, or behind a button. */
async function pageOf(answer: Response): Promise<string> {
  const location = answer.headers.get('location')
  if (location !== null) return location
  const html = await answer.text()
  const href = /href="([^"]*\/oauth\/v2\/authorize[^"]*)"/.exec(html)?.[1]
  if (href === undefined) throw new Error(`no way to install: HTTP ${answer.status} ${html.slice(0, 200)}`)
  return href.replaceAll('&amp;', '&')
}

export async function install(
  world: World,
  clientId: string,
  who: { readonly team: Team; readonly userId: string },
  installUrl: string,
  options: InstallOptions = {},
): Promise<{ status: number; body: string; headers: Headers }> {
  const answer = await fetch(installUrl, { redirect: 'manual' })
  const page = new URL(await pageOf(answer))
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  if (page.pathname !== '/oauth/v2/authorize') throw new Error(`${page.href} is not Slack's page`)
  if (page.searchParams.get('client_id') !== clientId) throw new Error(`invalid client_id in ${page.href}`)
  const scope = page.searchParams.get('scope') ?? ''
  if (scope === '') throw new Error(`no scope in ${page.href}`)
  const state = page.searchParams.get('state') ?? ''
  if (state === '') throw new Error(`no state in ${page.href}`)
  const back = new URL(page.searchParams.get('redirect_uri') ?? options.redirect ?? new URL('/slack/oauth_redirect', installUrl))
  if (options.deny) back.searchParams.set('error', 'access_denied')
  else {
    const code = secret()
    world.codes.set(code, { team: who.team, userId: who.userId, scope, orgWide: options.orgWide ?? false })
    back.searchParams.set('code', code)
  }
  back.searchParams.set('state', options.otherState ? secret() : state)
  const headers = options.dropCookie ? {} : { cookie: cookies.join('; ') }
  const returned = await fetch(back, { redirect: 'manual', headers })
  return { status: returned.status, body: await returned.text(), headers: returned.headers }
}
