// Purpose: the web room: one page, a channel that is kept, private answers, and a clock. The first of three rooms.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import type { Card } from '../../chat/card.ts'
import type { Picture, Theme } from '../../chat/picture.ts'
import type { Answer, Call, CommandInfo, Room } from '../../chat/room.ts'
import { type RefusalCode, UserError } from '../../chat/userError.ts'
import { type Text, textOf } from '../../text/index.ts'
import type { Locale } from '../../text/locale.ts'
import { type DrawnMessage, drawCard } from './draw.ts'
import { guard } from './guard.ts'
import { isObject, readCall, readLocale, readMember } from './read.ts'

/** What the room keeps of its messages; the store does the keeping. */
interface Kept {
  readonly id: number
  readonly at: number
  readonly by: string
  readonly to?: string
  readonly card: string
}
export interface MessageLog {
  addMessage(
    message: Omit<Kept, 'id'> & { readonly key?: string; readonly about?: readonly string[] },
  ): Promise<{ message: Kept; added: boolean }>
  replaceMessage(id: number, card: string, about?: readonly string[]): Promise<Kept | undefined>
  messages(to: string, last: number): Promise<Kept[]>
  message(id: number): Promise<Kept | undefined>
}

/** What the page shows around the channel. */
export interface RoomFacts {
  readonly title: string
  readonly zone: string
  readonly locale: string
  readonly nextMorning: number
  readonly examples: { readonly names: readonly string[]; readonly press: string; readonly label: string }
}

export interface WebRoomParts {
  readonly club: string
  readonly organisers: readonly string[]
  readonly log: MessageLog
  readonly now: () => number
  readonly handle: (call: Call) => Promise<Answer>
  readonly commands: () => readonly CommandInfo[]
  readonly drawPicture: (picture: Picture, theme: Theme) => Promise<Uint8Array>
  readonly facts: (locale: Locale) => Promise<RoomFacts>
  /** False where people on real platforms would be misled by a clock that is moved. */
  readonly hasClock: boolean
  /** Moves the club's clock as the request asks. Throws UserError. */
  readonly moveClock: (body: Record<string, unknown>, t: Text) => Promise<void>
  /** The address that the server is bound to, and the token that another address than this machine's own needs. */
  readonly host: string
  readonly token?: string
}

export interface WebRoom extends Room {
  readonly http: Hono
}

const botName = 'onepercent'
/** A request is a line of text and a few words around it. */
const bodyMaxBytes = 64 * 1024
/** Messages that `GET /api/messages` returns at most, and when `last` is not given. */
const messagesMax = 2000
const keepAliveMs = 15_000

const statusOf: Record<RefusalCode, 400 | 403 | 404 | 409 | 413 | 429 | 500 | 503> = {
  bad_input: 400,
  not_allowed: 403,
  unknown: 404,
  clock: 409,
  closed: 409,
  too_long: 413,
  slow_down: 429,
  busy: 503,
  broken: 500,
}

type Event = { readonly event: 'message' | 'edit' | 'clock'; readonly to?: string; readonly data: object }

export function createWebRoom(parts: WebRoomParts): WebRoom {
  const { log, now } = parts
  const listeners = new Set<(event: Event) => void>()
  const tell = (event: Event) => {
    for (const listener of listeners) listener(event)
  }

  function drawn(message: Omit<Kept, 'id' | 'card'> & { readonly id: string }, card: Card): DrawnMessage {
    const { id, at, by, to } = message
    return { id, at: new Date(at).toISOString(), by, card: drawCard(card, id, to), onlyYou: to !== undefined }
  }
  const drawnKept = (message: Kept): DrawnMessage => drawn({ ...message, id: String(message.id) }, JSON.parse(message.card) as Card)
  let fleeting = 0

  /** A private answer: kept in the member's stream, and told to their open pages. */
  async function privately(to: string, card: Card): Promise<DrawnMessage> {
    const message = { at: now(), by: botName, to }
    // What cannot be kept just now is shown all the same: what it tells of was done, and the store's trouble is logged by who writes there.
    const keeps = card.fleeting ? undefined : await log.addMessage({ ...message, ...kept(card) }).catch(() => undefined)
    const shown = keeps ? drawnKept(keeps.message) : drawn({ ...message, id: `fleeting-${++fleeting}` }, card)
    tell({ event: 'message', to, data: shown })
    return shown
  }

  const localeFor = (c: Context): Locale => readLocale(c.req.header('accept-language')) ?? 'ko'
  const textFor = (c: Context): Text => textOf(localeFor(c))

  const http = new Hono()
  http.use(guard(parts))
  http.use(
    '/api/*',
    bodyLimit({ maxSize: bodyMaxBytes, onError: (c) => c.json({ error: textFor(c).errors.tooMuch, code: 'too_long' }, 413) }),
  )
  http.onError((error, c) => {
    if (!(error instanceof UserError)) throw error
    return c.json({ error: error.message, code: error.code }, statusOf[error.code])
  })
  http.notFound((c) => c.json({ error: textFor(c).errors.stale, code: 'unknown' }, 404))

  http.post('/api/call', async (c) => {
    const locale = readLocale(c.req.header('accept-language'))
    const t = textFor(c)
    const call = readCall(await jsonOf(c, t), t, { club: parts.club, organisers: parts.organisers, locale })
    const answer = await parts.handle(call)
    if ('refusal' in answer) {
      const { text, code, retryInS } = answer.refusal
      if (retryInS !== undefined) c.header('retry-after', String(retryInS))
      return c.json({ error: text, code }, statusOf[code])
    }
    if ('form' in answer) return c.json({ form: answer.form })
    const { id, card, onlyYou } = await privately(call.member.id, answer.card)
    return c.json({ id, card, onlyYou })
  })

  http.get('/api/commands', (c) =>
    c.json(
      parts.commands().map(({ name, label, description, organiserOnly, fields, fieldLabels, fieldDescriptions, choiceLabels }) => ({
        name,
        label,
        description,
        organiserOnly,
        // There are no roles here.
        options: Object.entries(fields)
          .filter(([, { type }]) => type !== 'role')
          .map(([field, spec]) => ({
            name: field,
            label: fieldLabels[field],
            description: fieldDescriptions[field],
            type: spec.type,
            required: spec.required ?? false,
            ...(spec.type === 'choice' && { choices: spec.values, choiceLabels: choiceLabels[field] }),
          })),
      })),
    ),
  )

  http.get('/api/messages', async (c) => {
    const as = readMember(c.req.query('as'), textFor(c))
    const last = Math.min(messagesMax, Math.max(1, Number(c.req.query('last')) || messagesMax))
    return c.json((await log.messages(as, last)).map(drawnKept))
  })

  http.get('/api/events', (c) => {
    const as = readMember(c.req.query('as'), textFor(c))
    return streamSSE(c, async (stream) => {
      const queue: Event[] = []
      let wake: () => void = () => {}
      const listener = (event: Event) => {
        if (event.to !== undefined && event.to !== as) return
        queue.push(event)
        wake()
      }
      listeners.add(listener)
      stream.onAbort(() => {
        listeners.delete(listener)
        wake()
      })
      await stream.write(': hello\n\n')
      while (!stream.aborted && !stream.closed) {
        const next = queue.shift()
        if (next) {
          await stream.writeSSE({ event: next.event, data: JSON.stringify(next.data) })
          continue
        }
        const timer = await new Promise<boolean>((resolve) => {
          const timeout = setTimeout(() => resolve(true), keepAliveMs)
          timeout.unref()
          wake = () => {
            clearTimeout(timeout)
            resolve(false)
          }
          if (queue.length > 0) wake()
        })
        if (timer) await stream.write(': still here\n\n')
      }
      listeners.delete(listener)
    })
  })

  const clockState = async (locale: Locale) => ({
    now: new Date(now()).toISOString(),
    nextMorning: new Date((await parts.facts(locale)).nextMorning).toISOString(),
  })

  http.post('/api/clock', async (c) => {
    const t = textFor(c)
    const body = await jsonOf(c, t)
    if (!parts.hasClock) throw new UserError('clock', t.errors.clockIsReal)
    if (!isObject(body)) throw new UserError('bad_input', t.errors.clockUnreadable)
    await parts.moveClock(body, t)
    const state = await clockState(localeFor(c))
    tell({ event: 'clock', data: state })
    return c.json(state)
  })

  http.get('/api/room', async (c) => {
    const t = textFor(c)
    const as = readMember(c.req.query('as') ?? parts.organisers[0] ?? 'host', t)
    const { title, zone, locale, examples } = await parts.facts(localeFor(c))
    return c.json({
      ...(await clockState(localeFor(c))),
      title,
      zone,
      locale,
      clock: parts.hasClock,
      host: parts.organisers[0] ?? 'host',
      organiser: parts.organisers.includes(as),
      examples,
    })
  })

  http.get('/messages/:id/picture.png', async (c) => {
    const { image } = await ownCard(c)
    if (!image) return c.notFound()
    const png = await parts.drawPicture(image.picture, c.req.query('theme') === 'dark' ? 'dark' : 'light')
    return c.body(new Uint8Array(png), 200, { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' })
  })

  http.get('/messages/:id/file', async (c) => {
    const { file } = await ownCard(c)
    if (!file) return c.notFound()
    const name = encodeURIComponent(file.name)
    return c.body(file.text, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'cache-control': 'no-store',
    })
  })

  /** The card of a message that this reader may see. */
  async function ownCard(c: Context): Promise<Card> {
    const id = c.req.param('id') ?? ''
    const message = /^\d{1,15}$/.test(id) ? await log.message(Number(id)) : undefined
    const as = c.req.query('as')?.normalize('NFC')
    if (!message || (message.to !== undefined && message.to !== as)) throw new UserError('unknown', textFor(c).errors.stale)
    return JSON.parse(message.card) as Card
  }

  servePage(http, parts.token !== undefined)

  return {
    name: 'web',
    remembersMs: Number.POSITIVE_INFINITY,
    http,
    async post({ card, key, by, at }) {
      const { message, added } = await log.addMessage({ key, at, by: by ?? botName, ...kept(card) })
      if (added) tell({ event: 'message', data: drawnKept(message) })
      return String(message.id)
    },
    async edit(id, card) {
      const { card: text, about } = kept(card)
      const message = await log.replaceMessage(Number(id), text, about)
      if (message) tell({ event: 'edit', data: drawnKept(message) })
    },
  }
}

/** A card as it is kept: whom it names is beside it, not in it. */
function kept({ about = [], ...card }: Card): { card: string; about: readonly string[] } {
  return { card: JSON.stringify(card), about }
}

async function jsonOf(c: Context, t: Text): Promise<unknown> {
  if (!c.req.header('content-type')?.toLowerCase().startsWith('application/json')) throw new UserError('bad_input', t.errors.badRequest)
  try {
    return await c.req.json()
  } catch (error) {
    // The body limit ends a stream that is too long by an error of its own, which is to be answered by it.
    if (error instanceof SyntaxError) throw new UserError('bad_input', t.errors.badRequest)
    throw error
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The page and what it loads: a fixed list of files, read anew each time so that a change shows on reload. */
function servePage(http: Hono, hasToken: boolean): void {
  const page = fileURLToPath(new URL('page/', import.meta.url))
  const fonts = fileURLToPath(new URL('../../pictures/fonts/', import.meta.url))
  const marked = join(dirname(createRequire(import.meta.url).resolve('marked')), 'marked.esm.js')
  const send = (c: Context, file: string) => {
    try {
      return c.body(new Uint8Array(readFileSync(file)), 200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'cache-control': extname(file) === '.woff2' ? 'public, max-age=31536000, immutable' : 'no-cache',
      })
    } catch {
      return c.notFound()
    }
  }
  http.get('/', (c) => {
    // `/?token=` was checked by the guard; the address is cleared of it at once.
    if (hasToken && c.req.query('token') !== undefined) return c.redirect('/')
    return send(c, join(page, 'index.html'))
  })
  http.get('/page/marked.js', (c) => send(c, marked))
  http.get('/page/fonts/:file{[A-Za-z-]+\\.woff2}', (c) => send(c, join(fonts, c.req.param('file'))))
  http.get('/page/:file{[a-z-]+\\.(?:js|css|svg)}', (c) => send(c, join(page, c.req.param('file'))))
}
