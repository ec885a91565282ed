// Purpose: wires everything once: config → store → course → app → rooms → clock.
import { statSync } from 'node:fs'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import 'dotenv/config'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { type App, appAt, createApp } from './app.ts'
import { backupBeforeUpgrade, createBackups, lastBackup } from './backups.ts'
import { formatPressId } from './chat/pressId.ts'
import { type Room, SettingRefused } from './chat/room.ts'
import { type Clock, clockTarget, createClock, machine } from './clock.ts'
import { defaultSettings, newClub, newestRules } from './club/club.ts'
import { nextDue, nextLessonAt } from './club/schedule.ts'
import { type Config, ConfigError, isLocalOnly, isLoopback, isOnSlack, readConfig } from './config.ts'
import { keptCourses } from './course/kept.ts'
import { formatProblem } from './course/problem.ts'
import { eachAlone } from './eachAlone.ts'
import { MarksUnreadable, replayErasures } from './erasure.ts'
import { presentExamples } from './features/examples.ts'
import { commands, drawers, presses } from './features/index.ts'
import { inLocale } from './features/inLocale.ts'
import { KeyFileBroken, keysOf } from './keys.ts'
import { createLimits, rates } from './limit.ts'
import { createLog } from './log.ts'
import { createMetrics, type Metrics, metricsEndpoint } from './metrics.ts'
import { createPictures, type Pictures } from './pictures/index.ts'
import { startAtOnce } from './planning.ts'
import { createWebRoom, type RoomFacts } from './rooms/web/index.ts'
import { createSeal, type Seal, SealBroken } from './seal.ts'
import { SchemaError } from './store/migrate.ts'
import { openSqliteStore } from './store/sqlite/index.ts'
import { LockHeld, takeLock } from './store/sqlite/lock.ts'
import { KeyMissing } from './store/sqlite/sealed.ts'
import { UpkeepError } from './store/sqlite/upkeep.ts'
import { type Store, StoreUnavailable } from './store/store.ts'
import { textOf } from './text/index.ts'
import type { Locale } from './text/locale.ts'

const webClub = 'web:club'
/** A stop waits so long for what is on its way; the next start looks what became of the rest. Docker waits 20 s (compose.yaml). */
const stopPatienceMs = 12_000
const migrations = new URL('../migrations', import.meta.url).pathname

/** A start that cannot go on: the sentence says which setting and what to do. */
class StartError extends Error {}

async function start(config: Config): Promise<void> {
  const log = createLog(config.LOG_LEVEL)
  // What nobody caught ends the program, as it would by itself, but in words that the log may hold.
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the program ended by an error that nobody expected')
    process.exit(1)
  })
  if (config.WEB_ROOM === 'off' && config.DISCORD_TOKEN === undefined && !isOnSlack(config))
    throw new StartError(
      'WEB_ROOM: the web room is off and no chat platform is configured, so nobody could reach the club. Remove WEB_ROOM=off',
    )

  const { courses, problems } = await keptCourses(config.CONTENT_DIR, `${config.DATABASE_URL}.courses`)
  for (const problem of problems) log.warn({ problem: formatProblem(problem) }, 'course content')
  const [course] = courses
  if (!course)
    throw new StartError(`CONTENT_DIR: no course could be read from ${config.CONTENT_DIR}. Run \`npm run club -- course check\` to see why`)

  const { store, seal, unlock } = opened(config, log)
  const clock = await createClock(store, machine, log)
  if (clock.isMoved() && !isLocalOnly(config))
    throw new StartError(
      `DATABASE_URL: the clock of ${config.DATABASE_URL} was moved forward in the web room, so it cannot serve a real platform. Give the real club a database of its own, for example DATABASE_URL=file:data/discord.db`,
    )
  await repeatErasures(config, store, seal, clock.now(), log)
  const backups = createBackups(config, store, log)
  const metrics = createMetrics()
  watch(metrics, config, store, clock)
  const pictures = createPictures()
  const rooms = new Map<string, Room>()
  const settings = { ...defaultSettings, locale: config.CLUB_LOCALE, postAt: config.CLUB_POST_AT, course: course.id }
  const begun = (id: string, channel: string) => newClub(id, channel, settings, config.CLUB_ZONE)
  const app = createApp({
    store,
    courses: () => courses,
    rooms,
    commands,
    presses,
    drawers,
    newClub: begun,
    metrics,
    uptime: machine.uptime,
    log,
    limits: createLimits(rates),
  })
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
  const http = new Hono()
  http.get('/healthz', (c) => c.text('ok'))
  http.get('/readyz', (c) => (ready ? c.text('ready') : c.text('starting', 503)))
  http.route('/', metricsEndpoint(metrics, { host: config.HOST, ...(config.METRICS_TOKEN && { token: config.METRICS_TOKEN }) }))

  const discord = await discordRoom(config, log, app, store, clock, pictures, metrics)
  if (discord) {
    rooms.set(discord.name, discord)
    if (discord.http) http.route('/', discord.http)
  }
  const slack = await slackRoom(config, log, app, store, clock, pictures, metrics)
  if (slack) {
    rooms.set(slack.name, slack)
    http.route('/', slack.http)
  }
  if (config.WEB_ROOM === 'on') {
    if (!(await store.clubs()).includes(webClub)) await store.saveClub(begun(webClub, 'club'))
    const web = createWebRoom({
      club: webClub,
      organisers: config.CLUB_ORGANISERS,
      log: store,
      now: clock.now,
      ...appAt(app, clock.now),
      drawPicture: pictures.draw,
      facts,
      hasClock: isLocalOnly(config),
      moveClock: async (body, t) => clock.moveTo(clockTarget(body, clock.now(), t), app),
      host: config.HOST,
      ...(config.WEB_TOKEN && { token: config.WEB_TOKEN }),
    })
    rooms.set(web.name, web)
    http.route('/', web.http)
  }

  const server = await listen(http.fetch, config)
  if (config.WEB_ROOM === 'on') {
    const begin = (id: string) => startAtOnce(store, id, clock.now(), courses)
    await eachAlone([webClub], begin, log, 'the club of the web room could not be started')
  }
  await app.correct(clock.now())
  const tick = (now: number) => {
    // The night is the machine's, wherever the club's clock was moved.
    backups.tick(Date.now())
    return app.tick(now)
  }
  await tick(clock.now())
  const stopTicks = clock.everyMinute(tick)
  await Promise.all([discord?.open(), slack?.open()])
  ready = true
  const { port } = server.address() as { port: number }
  const address = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`
  const where =
    config.WEB_ROOM === 'on' ? `the club is open at ${address}${isLoopback(config.HOST) ? '' : ' (with its token)'}` : 'the club is open'
  log.info({ address, token: config.WEB_TOKEN !== undefined }, where)

  let stopping = false
  async function stop(signal: string): Promise<void> {
    if (stopping) return
    stopping = true
    ready = false
    log.info({ signal }, 'stopping')
    await stopTicks()
    await backups.close()
    await Promise.all([discord?.close(), slack?.close()])
    server.close()
    server.closeAllConnections()
    await Promise.race([app.idle(), sleep(stopPatienceMs)])
    await store.close()
    unlock()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal).then(() => process.exit(0)))
}

/** What is read of the program at each scrape. */
function watch(metrics: Metrics, config: Config, store: Store, clock: Clock): void {
  const { DATABASE_URL } = config
  const bytes = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const overdue = () => store.overdue(clock.now())
  metrics.read('outbox_posts', async () => (await overdue()).posts)
  metrics.read('outbox_edits', async () => (await overdue()).edits)
  metrics.read('outbox_oldest_seconds', async () => (await overdue()).oldestMs / 1000)
  metrics.read('database_bytes', () => bytes(DATABASE_URL))
  metrics.read('database_wal_bytes', () => bytes(`${DATABASE_URL}-wal`))
  metrics.read('backup_age_seconds', () => (Date.now() - (lastBackup(config)?.at ?? Number.NaN)) / 1000)
  metrics.watchProcess()
}

/** The club on Discord, when a token is set. Its libraries are loaded only then. */
async function discordRoom(config: Config, log: Logger, app: App, store: Store, clock: Clock, pictures: Pictures, metrics: Metrics) {
  if (config.DISCORD_TOKEN === undefined) return undefined
  const { createDiscordRoom } = await import('./rooms/discord/index.ts')
  return createDiscordRoom({
    token: config.DISCORD_TOKEN,
    api: config.DISCORD_API_URL,
    guild: config.DISCORD_GUILD_ID,
    publicKey: config.DISCORD_TRANSPORT === 'http' ? config.DISCORD_PUBLIC_KEY : undefined,
    ...appAt(app, clock.now),
    clubs: () => store.clubs(),
    failed: (sort) => metrics.platformErrors.inc({ room: 'discord', sort }),
    drawPicture: pictures.draw,
    log,
  })
}

/** The club on Slack, when a token or the way to get some is set. Its libraries are loaded only then. */
async function slackRoom(config: Config, log: Logger, app: App, store: Store, clock: Clock, pictures: Pictures, metrics: Metrics) {
  if (!isOnSlack(config)) return undefined
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_STATE_SECRET: stateSecret } = config
  const oauth = clientId && clientSecret && stateSecret ? { clientId, clientSecret, stateSecret } : undefined
  const { createSlackRoom } = await import('./rooms/slack/index.ts')
  return createSlackRoom({
    token: config.SLACK_BOT_TOKEN,
    appToken: config.SLACK_APP_TOKEN,
    signingSecret: config.SLACK_SIGNING_SECRET,
    oauth,
    api: config.SLACK_API_URL,
    secrets: store,
    uploads: store,
    ...appAt(app, clock.now),
    failed: (sort) => metrics.platformErrors.inc({ room: 'slack', sort }),
    drawPicture: pictures.draw,
    log,
  })
}

/** Who was deleted after the backup was made that was put back. Throws StartError when their marks cannot be read. */
async function repeatErasures({ DATABASE_URL }: Config, store: Store, seal: Seal, now: number, log: Logger): Promise<void> {
  try {
    const { members, clubs } = await replayErasures(store, seal, now)
    if (members + clubs > 0) log.warn({ members, clubs }, 'an older database was put back; who had been deleted since is deleted again')
  } catch (error) {
    if (!(error instanceof MarksUnreadable)) throw error
    throw new StartError(
      `CLUB_KEY: ${error.message}, so those members cannot be deleted again from the backup that was put back. Put back the key of that time (CLUB_KEY, or ${DATABASE_URL}.key). If it is lost, remove ${DATABASE_URL}.erased: then they stay until they delete themselves again`,
      { cause: error },
    )
  }
}

/** What may be wrong with a database before it is open, by the code of SQLite or of the operating system, and what to do. */
const databaseTroubles: readonly (readonly [RegExp, string])[] = [
  [
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/,
    'cannot be written by this user. Give the user of this program the file and its folder, on a disk that may be written',
  ],
  [/^(ENOTDIR|ENOENT|EEXIST)/, 'is no place for a file. Name a file in a folder'],
  [/^SQLITE_BUSY/, 'is locked by another program. End its transaction, or wait for its copy to be made'],
  [/^(SQLITE_FULL|SQLITE_IOERR|ENOSPC)/, 'cannot be written: the disk is full or fails. Make room, or look at the disk'],
  [/^(SQLITE_NOTADB|SQLITE_CORRUPT)/, 'is no database, or a damaged one. Restore a backup: npm run club -- restore FILE'],
]

/** The store, with the lock that keeps others out. Throws StartError, which says what to do, for what is wrong with the file. */
function opened(config: Config, log: Logger): { readonly store: Store; readonly seal: Seal; readonly unlock: () => void } {
  const database = config.DATABASE_URL
  let unlock = () => {}
  try {
    unlock = takeLock(database)
    const saved = backupBeforeUpgrade(config, migrations, Date.now())
    if (saved !== undefined) log.info({ file: saved }, 'the database is upgraded; this is how it was')
    const seal = createSeal(keysOf(config))
    return { store: openSqliteStore(database, migrations, seal), seal, unlock }
  } catch (error) {
    unlock()
    if (error instanceof LockHeld)
      throw new StartError(
        `DATABASE_URL: another service is running on ${database}. Stop it first, or give this one a database of its own`,
        {
          cause: error,
        },
      )
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const trouble = databaseTroubles.find(([codes]) => codes.test(code))
    if (!trouble) throw error
    throw new StartError(`DATABASE_URL: ${database} ${trouble[1]} (${code})`, { cause: error })
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

// What this program writes is its owner's alone: the database, its log, its lock and its key.
process.umask(0o077)

try {
  await start(readConfig(process.env))
} catch (error) {
  const known = [
    ConfigError,
    StartError,
    SchemaError,
    SettingRefused,
    KeyMissing,
    KeyFileBroken,
    SealBroken,
    UpkeepError,
    StoreUnavailable,
  ].some((kind) => error instanceof kind)
  process.stderr.write(
    known && error instanceof Error
      ? `onepercent cannot start:\n${error.message}\n`
      : `onepercent cannot start: ${error instanceof Error ? error.stack : error}\n`,
  )
  process.exit(1)
}
