// Purpose: wires everything once: config → store → course → app → rooms → clock.
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import 'dotenv/config'
import cron from 'node-cron'
import pino from 'pino'
import { createApp } from './app.ts'
import { formatPressId } from './chat/pressId.ts'
import type { Room } from './chat/room.ts'
import { clockTarget, createClock } from './clock.ts'
import { defaultSettings, newClub, newestRules } from './club/club.ts'
import { nextDue, nextLessonAt } from './club/schedule.ts'
import { type Config, ConfigError, isLoopback, readConfig } from './config.ts'
import { loadCourses } from './course/load.ts'
import { formatProblem } from './course/problem.ts'
import { presentExamples } from './features/examples.ts'
import { commands, drawers, presses } from './features/index.ts'
import { inLocale } from './features/lessonCard.ts'
import { createPictures } from './pictures/index.ts'
import { startAtOnce } from './planning.ts'
import { createWebRoom, type RoomFacts } from './rooms/web/index.ts'
import { SchemaError } from './store/migrate.ts'
import { openSqliteStore } from './store/sqlite/index.ts'
import { LockHeld, takeLock } from './store/sqlite/lock.ts'
import { textOf } from './text/index.ts'
import type { Locale } from './text/locale.ts'

const webClub = 'web:club'
const migrations = new URL('../migrations', import.meta.url).pathname

/** A start that cannot go on: the sentence says which setting and what to do. */
class StartError extends Error {}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  if (config.WEB_ROOM === 'off')
    throw new StartError(
      'WEB_ROOM: the web room is off and no chat platform is configured, so nobody could reach the club. Remove WEB_ROOM=off',
    )

  const { courses, problems } = loadCourses(config.CONTENT_DIR)
  for (const problem of problems) log.warn({ problem: formatProblem(problem) }, 'course content')
  const [course] = courses
  if (!course)
    throw new StartError(`CONTENT_DIR: no course could be read from ${config.CONTENT_DIR}. Run \`npm run club -- course check\` to see why`)

  const unlock = lockOf(config.DATABASE_URL)
  const store = openSqliteStore(config.DATABASE_URL, migrations)
  const clock = await createClock(store)
  const pictures = createPictures()
  const rooms = new Map<string, Room>()
  const settings = { ...defaultSettings, locale: config.CLUB_LOCALE, postAt: config.CLUB_POST_AT, course: course.id }
  const begun = (id: string, channel: string) => newClub(id, channel, settings, config.CLUB_ZONE)
  const app = createApp({ store, courses: () => courses, rooms, commands, presses, drawers, newClub: begun, log })
  if (!(await store.club(webClub))) await store.saveClub(begun(webClub, 'club'))

  async function facts(locale: Locale): Promise<RoomFacts> {
    const t = textOf(locale)
    const club = await store.club(webClub)
    if (!club) throw new Error('the web room has no club')
    const names = await presentExamples({ store, club })
    const now = clock.now()
    return {
      title: inLocale(courses.find(({ id }) => id === club.settings.course)?.title ?? {}, locale),
      zone: newestRules(club).zone,
      locale: club.settings.locale,
      nextMorning: nextLessonAt(club, now) ?? nextDue(club, now) ?? now + 86_400_000,
      examples: {
        names,
        press: formatPressId(names.length > 0 ? 'examples-remove' : 'examples-add'),
        label: names.length > 0 ? t.examples.remove : t.examples.add,
      },
    }
  }

  let ready = false
  const web = createWebRoom({
    club: webClub,
    organisers: config.CLUB_ORGANISERS,
    log: store,
    now: clock.now,
    handle: (call) => app.handle(call, clock.now()),
    commands: () => app.commandInfos,
    drawPicture: pictures.draw,
    facts,
    moveClock: async (body, t) => clock.moveTo(clockTarget(body, clock.now(), t), app),
    isReady: () => ready,
    host: config.HOST,
    ...(config.WEB_TOKEN && { token: config.WEB_TOKEN }),
  })
  rooms.set(web.name, web)

  const server = await listen(web.http.fetch, config)
  await startAtOnce(store, webClub, clock.now(), courses)
  await app.correct(clock.now())
  await app.tick(clock.now())
  const schedule = cron.schedule('* * * * *', () => app.tick(clock.now()), { noOverlap: true })
  ready = true
  const { port } = server.address() as { port: number }
  const address = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`
  log.info(
    { address, token: config.WEB_TOKEN !== undefined },
    `the club is open at ${address}${isLoopback(config.HOST) ? '' : ' (with its token)'}`,
  )

  let stopping = false
  async function stop(signal: string): Promise<void> {
    if (stopping) return
    stopping = true
    ready = false
    log.info({ signal }, 'stopping')
    await schedule.stop()
    server.close()
    server.closeAllConnections()
    await app.idle()
    await store.close()
    unlock()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal).then(() => process.exit(0)))
}

function lockOf(database: string): () => void {
  try {
    return takeLock(database)
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error
    throw new StartError(`DATABASE_URL: another service is running on ${database}. Stop it first, or give this one a database of its own`, {
      cause: error,
    })
  }
}

function listen(fetch: (request: Request) => Response | Promise<Response>, { HOST, PORT }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: HOST, port: PORT }, () => resolve(server as Server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedies: Record<string, string> = {
        EADDRINUSE: `PORT: ${PORT} is in use on ${HOST}. Stop the other program, or start with another port: PORT=${PORT + 1} npm start`,
        EACCES: `PORT: ${PORT} needs more rights than this program has. Use a port above 1023, for example PORT=8787`,
        EADDRNOTAVAIL: `HOST: ${HOST} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 with WEB_TOKEN`,
      }
      reject(
        new StartError(remedies[error.code ?? ''] ?? `HOST or PORT: cannot listen on ${HOST}:${PORT} (${error.code})`, { cause: error }),
      )
    })
  })
}

try {
  await start(readConfig(process.env))
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError || error instanceof SchemaError
  process.stderr.write(
    known ? `onepercent cannot start:\n${error.message}\n` : `onepercent cannot start: ${error instanceof Error ? error.stack : error}\n`,
  )
  process.exit(1)
}
