// Purpose: who may speak to the web room at all: this machine's own pages, or whoever has the token.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

interface Doors {
  readonly host: string
  readonly token?: string
}

const cookieName = 'onepercent'
const cookieMaxAgeS = 180 * 86_400

/** No inline script or style, nothing from elsewhere, in no frame. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const

/**
 * Sets the page's headers and checks each request: its Host, so that no other site's name leads here (DNS rebinding); its Origin,
 * so that no other page acts in a member's name; and the token, where one is set.
 */
export function guard({ host, token }: Doors): MiddlewareHandler {
  return async (c, next) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    const asked = c.req.header('host') ?? ''
    if (token === undefined && !isOwnName(asked, host))
      return refuse(c, `unknown host ${asked.slice(0, 80)}: open http://127.0.0.1 or http://localhost`)
    const origin = c.req.header('origin')
    if (origin !== undefined && hostOf(origin) !== asked) return refuse(c, 'this room is not for other sites')
    if (token !== undefined) {
      const given = c.req.query('token')
      if (given !== undefined && same(given, token)) {
        setCookie(c, cookieName, fingerprint(token), { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: cookieMaxAgeS })
      } else if (!same(bearerOf(c), token) && getCookie(c, cookieName) !== fingerprint(token)) {
        return c.json({ error: 'This room needs its token: open /?token=… once, or send it as a Bearer token.', code: 'not_allowed' }, 401)
      }
    }
    return next()
  }
}

function refuse(c: Context, error: string): Response {
  return c.json({ error, code: 'not_allowed' }, 403)
}

function isOwnName(asked: string, host: string): boolean {
  const name = asked.replace(/:\d+$/, '')
  return ['localhost', '127.0.0.1', '[::1]', host].includes(name)
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

const bearerOf = (c: Context): string => c.req.header('authorization')?.replace(/^Bearer\s+/i, '') ?? ''

const fingerprint = (token: string): string => createHash('sha256').update(`web room ${token}`).digest('hex')

/** Compares in a time that tells nothing. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(fingerprint(a)), Buffer.from(fingerprint(b)))
}
