// Purpose: one lesson as people will see it: what Discord and Slack are sent, with its sizes, and the web room's cards as pictures.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import pino from 'pino'
import type { Browser } from 'playwright-core'
import { type App, createApp, infoOf } from './app.ts'
import { openBrowser } from './browser.ts'
import { changeClub } from './change.ts'
import type { Card } from './chat/card.ts'
import { leftOut, type Size } from './chat/fit.ts'
import { formatPressId } from './chat/pressId.ts'
import type { Answer, Room } from './chat/room.ts'
import { addDays, type Day } from './club/calendar.ts'
import { defaultSettings, newClub } from './club/club.ts'
import type { Course, Lesson } from './course/course.ts'
import { commands, drawers, presses } from './features/index.ts'
import { inLocale } from './features/inLocale.ts'
import { labTabs } from './features/lab.ts'
import { lessonText } from './features/lessonCard.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createPictures } from './pictures/index.ts'
import { startSeason } from './planning.ts'
import * as discord from './rooms/discord/draw.ts'
import { sizesOf as discordSizes } from './rooms/discord/sizes.ts'
import { typedAs } from './rooms/slack/commands.ts'
import * as slack from './rooms/slack/draw.ts'
import { sizesOf as slackSizes } from './rooms/slack/sizes.ts'
import { createWebRoom } from './rooms/web/index.ts'
import { createSeal, keyBytes } from './seal.ts'
import { openSqliteStore } from './store/sqlite/index.ts'
import type { Store } from './store/store.ts'
import type { Locale } from './text/locale.ts'

interface Shown {
  readonly course: Course
  readonly lesson: Lesson
}

/** A card as the web room holds it; `as` is who reads it, undefined for everybody. */
interface Part {
  /** What it is, in a word that a file's name can hold: `post`, `question-1-wrong`. */
  readonly name: string
  readonly card: Card
  readonly id: string
  readonly as: string | undefined
}

/** A Tuesday: on Mondays the post has the board of the week before. */
const today: Day = '2026-11-24'
const now = Date.parse(`${today}T08:00+09:00`)
const zone = 'Asia/Seoul'
/** Who taps the right answers, reads and tries the lab; who taps the wrong ones. */
const [reader, other] = ['mina', 'jihun']
const migrations = new URL('../migrations', import.meta.url).pathname

/** Prints all parts of a lesson in each language and writes their pictures to the folder `out`. No other file is touched. */
export async function preview(shown: Shown, locales: readonly Locale[], out: string, say: (line: string) => void): Promise<void> {
  const browser = await openBrowser().catch((error) => {
    say(`no pictures, as there is no browser here: ${firstLine(error)}`)
    return undefined
  })
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-preview-'))
  try {
    for (const locale of locales) {
      const club = await openClub(shown, locale, join(folder, `${locale}.db`), say)
      try {
        const parts = await partsOf(club, shown.lesson, locale)
        for (const part of parts) tell(part, `${shown.lesson.id} · ${locale} · ${part.name}`, say)
        if (browser) for await (const file of photograph(browser, club.url, parts, shown.lesson, locale, out)) say(`picture: ${file}`)
      } finally {
        await club.close()
      }
    }
  } finally {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

// === A club in which it happens

/** The real app and the real web room, on a database of their own in `file`, in a season of this course whose newest post is this lesson. */
async function openClub({ course, lesson }: Shown, locale: Locale, file: string, say: (line: string) => void) {
  const id = 'web:preview'
  const store = openSqliteStore(file, migrations, createSeal([randomBytes(keyBytes)]))
  const log = createLog('warn', pino.destination({ dest: 2, sync: true }))
  const begun = (club: string, channel: string) => newClub(club, channel, { ...defaultSettings, locale, course: course.id }, zone)
  const rooms = new Map<string, Room>()
  const app = createApp({
    store,
    courses: () => [course],
    rooms,
    commands,
    presses,
    drawers,
    newClub: begun,
    metrics: createMetrics(),
    uptime: () => 0,
    log,
  })
  const pictures = createPictures()
  let posted: Omit<Part, 'name'> | undefined
  let answer: Answer | undefined
  const web = createWebRoom({
    club: id,
    organisers: [],
    log: store,
    now: () => now,
    handle: async (call) => {
      answer = await app.handle(call, now)
      return answer
    },
    commands: () => app.commandInfos,
    drawPicture: (picture) =>
      pictures.draw(picture).catch((error) => {
        say(`the picture “${picture.title}” cannot be drawn: ${firstLine(error)}`)
        throw error
      }),
    facts: async () => ({
      title: inLocale(course.title, locale),
      zone,
      locale,
      nextMorning: now,
      examples: { names: [], press: '', label: '' },
    }),
    hasClock: false,
    moveClock: async () => {},
    host: '127.0.0.1',
  })
  rooms.set(web.name, {
    ...web,
    post: async (message) => {
      const id = await web.post(message)
      posted = { id, card: message.card, as: undefined }
      return id
    },
    // The post stays as it came, without how many are done since.
    edit: async () => {},
  })

  await store.saveClub(begun(id, 'club'))
  const season = await comeTo(lesson, course, id, { app, store })
  if (!posted) throw new Error(`${lesson.id} was not posted; the log above says why`)

  const server = serve({ fetch: web.http.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    season,
    posted,
    /** What a member gets who presses this. */
    async press(as: string, press: string): Promise<Omit<Part, 'name'>> {
      const headers = { 'content-type': 'application/json', 'accept-language': locale }
      const response = await fetch(`${url}/api/call`, { method: 'POST', headers, body: JSON.stringify({ as, press }) })
      const { id, error } = (await response.json()) as { id?: string; error?: string }
      if (!id || !answer || !('card' in answer)) throw new Error(`${press} was answered with ${error}`)
      return { id, card: answer.card, as }
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await app.idle()
      await store.close()
    },
  }
}

/** The lesson is posted, in a season that began a day before. Returns the season. */
async function comeTo(lesson: Lesson, course: Course, id: string, { app, store }: { app: App; store: Store }): Promise<Day> {
  const dayMs = 86_400_000
  const season = addDays(today, -1)
  await changeClub(store, id, now, (club) => ({ ...startSeason(club, course.id, season), planned: { lesson: today, poll: today } }))
  // They are in step with the club: on that day they answered all that comes before. At the first lesson they are new here.
  for (const earlier of course.lessons.slice(0, course.lessons.indexOf(lesson)))
    for (const as of [reader, other]) {
      const act = { press: formatPressId('answer', season, earlier.id, 0, 0), input: {} }
      await app.handle({ room: 'web', club: id, member: { id: as, name: as }, organiser: false, act }, now - dayMs)
    }
  const post = { key: id, club: id, kind: 'lesson', day: today, season, subject: lesson.id } as const
  await changeClub(store, id, now, (club) => club, [{ ...post, dueAt: now, expiresAt: now + dayMs }])
  await app.tick(now)
  await app.idle()
  return season
}

/** All there is of a lesson, in the order in which one comes by it. */
async function partsOf(club: Awaited<ReturnType<typeof openClub>>, lesson: Lesson, locale: Locale): Promise<Part[]> {
  const parts: Part[] = [{ name: 'post', ...club.posted }]
  const press = async (name: string, as: string, kind: string, ...args: (string | number)[]) => {
    parts.push({ name, ...(await club.press(as, formatPressId(kind, club.season, lesson.id, ...args))) })
  }
  await press('more', reader, 'more')
  await press('full', reader, 'full')
  for (const [i, { options }] of lessonText(lesson, locale).questions.entries()) {
    const right = options.findIndex((option) => option.right)
    await press(`question-${i + 1}`, reader, 'ask', i)
    await press(`question-${i + 1}-right`, reader, 'answer', i, right)
    await press(`question-${i + 1}-wrong`, other, 'answer', i, right === 0 ? 1 : 0)
  }
  for (const tab of lesson.lab ? labTabs : []) await press(`lab-${tab}`, reader, 'lab-tab', tab)
  if (lesson.sources.length > 0) await press('sources', reader, 'sources')
  return parts
}

// === What the platforms are sent

const typed = typedAs(commands.map(infoOf))

function tell({ card, as }: Part, heading: string, say: (line: string) => void): void {
  const onDiscord = as === undefined ? discord.drawPost(card) : discord.drawPrivate(card)
  const drawn = as === undefined ? slack.drawPost(card, typed) : slack.drawCard(card, typed)
  // The ids of a workspace and of an uploaded picture, as long as real ones are.
  const onSlack = slack.finished(drawn, { team: 'T0PREVIEW00', file: 'F0PREVIEW00' })
  say(`\n=== ${heading}`)
  payload('Discord', onDiscord.body, discordSizes(onDiscord.body))
  payload('Slack', onSlack, slackSizes(onSlack))

  function payload(room: string, body: object, sizes: readonly Size[]) {
    say(`\n${room}:\n${JSON.stringify(body, undefined, 2)}`)
    say(`${room}: ${sizes.map(([what, is, max]) => `${what} ${is}/${max}${is > max ? ' TOO LONG' : ''}`).join(', ')}`)
    for (const [path, text] of stringsIn(body))
      if (leftOut(text) > 0)
        say(`✂ ${room}: ${path} was cut, ${leftOut(text)} characters are left out: …${JSON.stringify(text.slice(-60))}`)
  }
}

/** Every string in a payload, with the way to it. */
function stringsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, path === '' ? key : `${path}.${key}`))
}

// === What the page shows

/** As wide as a phone. */
const phone = { width: 390, height: 844 }

/** The cards as the page shows them on a phone, each in a file of its own; that of the post has the plain name. */
async function* photograph(
  browser: Browser,
  url: string,
  parts: readonly Part[],
  { id }: Lesson,
  locale: Locale,
  out: string,
): AsyncGenerator<string> {
  mkdirSync(out, { recursive: true })
  const context = await browser.newContext({ viewport: phone, deviceScaleFactor: 2, locale, colorScheme: 'light', reducedMotion: 'reduce' })
  for (const as of [reader, other]) {
    const page = await context.newPage()
    await page.addInitScript({ content: `sessionStorage.setItem('onepercent.member', '${as}')` })
    await page.goto(url)
    for (const part of parts.filter((one) => (one.as ?? reader) === as)) {
      const message = page.locator(`[data-message-id="${part.id}"]`)
      await message.waitFor()
      await page.evaluate('Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))])')
      // The channel scrolls inside of the page: the page has to be as high as the message.
      const { height } = (await message.boundingBox()) ?? phone
      await page.setViewportSize({ width: phone.width, height: Math.ceil(height) + phone.height })
      const file = join(out, `preview-${id}.${locale}${part.name === 'post' ? '' : `.${part.name}`}.png`)
      await message.screenshot({ path: file })
      yield file
    }
    await page.close()
  }
  await context.close()
}
