// Purpose: the operator's command line: `npm run club -- VERB`.
import { accessSync, constants, existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import 'dotenv/config'
import { infoOf } from './app.ts'
import { backupBeforeUpgrade, backupFolder, lastBackup } from './backups.ts'
import type { Club } from './club/club.ts'
import { type Config, readConfig } from './config.ts'
import { checkCourses } from './course/check.ts'
import { createCourse } from './course/create.ts'
import { findLesson } from './course/find.ts'
import { loadCourses } from './course/load.ts'
import { formatProblem } from './course/problem.ts'
import { MarksUnreadable, replayErasures } from './erasure.ts'
import { commands } from './features/index.ts'
import { addKey, keysOf, readKeys } from './keys.ts'
import { foldOf } from './record.ts'
import { createSeal } from './seal.ts'
import { openSqliteStore } from './store/sqlite/index.ts'
import { isLocked } from './store/sqlite/lock.ts'
import { keysOfFile, lookAtSeals, rekey } from './store/sqlite/rekey.ts'
import { KeyMissing } from './store/sqlite/sealed.ts'
import { backup, inspect, restore, UpkeepError, whileStopped } from './store/sqlite/upkeep.ts'
import { type Store, StoreUnavailable } from './store/store.ts'
import { locales } from './text/locale.ts'

const migrations = new URL('../migrations', import.meta.url).pathname

const usage = `npm run club -- VERB

  backup FILE           a copy of the database; the service may run, and makes one each night by itself (BACKUP_DIR)
  restore FILE          puts a backup in the database's place and deletes again who was deleted since; stop the service first
  rebuild               folds every streak anew from the ledger; stop the service first
  rekey                 seals everything with CLUB_KEY (the one before in CLUB_KEY_OLD or the key file), or without it with a new
                        key in the key file; stop the service first
  rekey lost            as rekey, when a key is lost for good: deletes what only it could open
  doctor                looks at settings, database, key, content and pictures, and says what to do
  commands              registers the slash commands on Discord, if they changed
  manifest [short] [history] [URL]
                        prints the app's manifest for Slack. short: five short commands besides /1p. history: lets a post
                        in doubt be looked for. URL: where the club is reached from outside; without it, by Socket Mode
  course check          everything wrong with the content, with file, line and remedy
  course preview LESSON [ko|en] [--out DIR]
                        one lesson as people will see it: what Discord and Slack are sent, with its sizes, and pictures of the
                        web room's cards. LESSON: L07, 7, or container-flow/L07. DIR: where the pictures go, else the temp folder
  course new "TITLE"    begins a course

The settings are those of the service: see .env.example.
`

class UsageError extends Error {}

const say = (line: string) => process.stdout.write(`${line}\n`)

// Whoever reads only the first lines (`| head`) closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

async function run(args: readonly string[], config: Config): Promise<number> {
  const [verb, ...rest] = args
  // What is made of the database is its owner's alone; the files of a course are for others, too.
  if (verb !== 'course') process.umask(0o077)
  switch (verb) {
    case 'backup': {
      const bytes = backup(config.DATABASE_URL, only(rest, 'backup FILE'))
      say(`${rest[0]}: ${bytes} bytes, checked`)
      return 0
    }
    case 'restore': {
      const file = only(rest, 'restore FILE')
      return whileStopped(config.DATABASE_URL, 'restore', () => restoreFrom(file, config))
    }
    case 'rebuild':
      return whileStopped(config.DATABASE_URL, 'rebuild', () => rebuild(config))
    case 'rekey':
      return whileStopped(config.DATABASE_URL, 'rekey', () => changeKey(rest, config))
    case 'doctor':
      return doctor(config)
    case 'commands':
      return registerOnDiscord(config)
    case 'manifest':
      return manifest(rest)
    case 'course':
      return course(rest, config)
    case undefined:
    case 'help':
    case '--help':
      say(usage)
      return 0
    default:
      throw new UsageError(`There is no verb “${verb}”.\n\n${usage}`)
  }
}

function only([value, ...more]: readonly string[], form: string): string {
  if (value === undefined || more.length > 0) throw new UsageError(`Use it as: npm run club -- ${form}`)
  return value
}

/** Puts the backup in place, repeats the deletions from after it, and tells what of them cannot be known. */
async function restoreFrom(file: string, config: Config): Promise<number> {
  const { DATABASE_URL: database, BACKUP_KEEP: keepDays } = config
  const { kept, madeAt, erasuresUntil } = restore(database, file, migrations, [backupFolder(config)])
  say(`${database} is now ${file}${kept ? `; what was there is kept as ${kept}${keepDays > 0 ? ` for ${keepDays} days` : ''}` : ''}`)
  if (erasuresUntil !== undefined)
    say(
      `Deletions are known until ${minuteOf(erasuresUntil)}, from the newest backup found. Who deleted their data later is back and has to do it again.`,
    )
  if (keepDays > 0 && Date.now() - madeAt > keepDays * 86_400_000)
    say(
      `This backup is of ${minuteOf(madeAt)}, and deletions are remembered for ${keepDays} days (BACKUP_KEEP). Who deleted their data before that is back and has to do it again.`,
    )
  try {
    const { members, clubs } = await deleteAgain(config)
    say(`Deleted again, as they had been since: ${members} members, ${clubs} clubs`)
    return 0
  } catch (error) {
    if (!(error instanceof MarksUnreadable || error instanceof KeyMissing)) throw error
    say(
      `NOT DONE: ${error.message}\nPut back the key of that time (CLUB_KEY, CLUB_KEY_OLD, or ${database}.key): the service deletes them when it starts, and does not start without it.`,
    )
    return 1
  }
}

async function deleteAgain(config: Config): Promise<{ members: number; clubs: number }> {
  const database = config.DATABASE_URL
  const needed = keysOfFile(database)
  // On another machine the key may not be here yet: a new one, made now, would only be in its way.
  if (needed.length > 0 && readKeys(config).length === 0)
    throw new KeyMissing(`${database} was sealed with the key ${needed.join(' and ')}.`)
  const seal = createSeal(keysOf(config))
  const store = openSqliteStore(database, migrations, seal)
  try {
    return await replayErasures(store, seal, Date.now())
  } finally {
    await store.close()
  }
}

const minuteOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Folds each member's acts from scratch, tells where the cache differed, and keeps the fold. */
async function rebuild(config: Config): Promise<number> {
  if (!existsSync(config.DATABASE_URL)) throw new UpkeepError(`There is no database at ${config.DATABASE_URL}.`)
  backupBeforeUpgrade(config, migrations, Date.now())
  const store = openSqliteStore(config.DATABASE_URL, migrations, createSeal(keysOf(config)))
  try {
    let members = 0
    let different = 0
    let unreadable = 0
    for (const id of await store.clubs()) {
      try {
        const club = await store.club(id)
        if (!club) continue
        for await (const changed of rebuildClub(store, club)) {
          members += 1
          different += Number(changed)
        }
      } catch (error) {
        // As in the service, one club's trouble is its own.
        if (error instanceof StoreUnavailable) throw error
        unreadable += 1
        say(`${id} could not be folded anew, and is as it was: ${error instanceof Error ? error.message : error}`)
      }
    }
    say(`${members} streaks folded anew, ${different} differed from what was stored`)
    return unreadable === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

async function* rebuildClub(store: Store, club: Club): AsyncGenerator<boolean> {
  for (let after: string | undefined; ; ) {
    const page = await store.members(club.id, after, 500)
    for (const member of page) {
      const stored = await store.streak(club.id, member.id)
      if (!stored) continue
      const { revision, ...cached } = stored
      const fresh = await foldOf({ store, club, member }, stored.state.day)
      // A streak that was marked for folding anew is not wrong, only waiting.
      const differs = stored.epoch === club.epoch && JSON.stringify(sorted(fresh)) !== JSON.stringify(sorted(cached))
      await store.saveStreak(club.id, member.id, revision, fresh)
      yield differs
    }
    const last = page.at(-1)
    if (!last) return
    after = last.id
  }
}

/** The same value with its keys in order, so that two can be compared as text. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** Seals everything anew, and says which keys are still needed. */
function changeKey([option, ...more]: readonly string[], config: Config): number {
  if (more.length > 0 || (option !== undefined && option !== 'lost'))
    throw new UsageError('Use it as: npm run club -- rekey, or rekey lost')
  const database = config.DATABASE_URL
  if (!existsSync(database)) throw new UpkeepError(`There is no database at ${database}.`)
  const before = keysOfFile(database)
  const [newest] = createSeal(keysOf(config)).keys
  // One that nothing was sealed with yet is new enough: it came into the settings, or an earlier run was cut short.
  if (option === undefined && config.CLUB_KEY === undefined && before.every((id) => id === newest)) addKey(database)
  const seal = createSeal(keysOf(config))
  const { sealed, lost } = rekey(database, migrations, seal, { dropLost: option === 'lost' })
  say(`${sealed} texts were sealed anew; everything is sealed with the key ${seal.keys[0]}`)
  if (lost > 0) say(`${lost} could not be opened and ${option === 'lost' ? 'are deleted' : 'stay as they are; rekey lost deletes them'}`)
  const older = before.filter((id) => id !== seal.keys[0] && seal.keys.includes(id))
  if (older.length > 0) say(`Backups made before this need the key ${older.join(' and ')}: keep it as long as you keep them`)
  return 0
}

async function doctor(config: Config): Promise<number> {
  let problems = 0
  const check = (name: string, ok: boolean, words: string) => {
    problems += Number(!ok)
    say(`${ok ? 'ok  ' : 'MEND'}  ${name}: ${words}`)
  }
  const [major = 0] = process.versions.node.split('.').map(Number)
  check('Node', major >= 20, `${process.version}${major >= 20 ? '' : ', needs 20.19 or later'}`)
  const database = config.DATABASE_URL
  if (existsSync(database)) {
    try {
      const { integrity, bytes, clubs, members, acts, overdue, omitted } = inspect(database, migrations)
      check(
        'database',
        integrity === 'ok',
        `${database}, ${bytes} bytes, ${clubs} clubs, ${members} members, ${acts} acts, integrity ${integrity}`,
      )
      check(
        'outbox',
        overdue === 0,
        overdue === 0
          ? `nothing is overdue, ${omitted} posts were given up so far (the log says which and why)`
          : `${overdue} posts are overdue by an hour or more; is the service running?`,
      )
      const { all, words } = sealsOf(config)
      check('key', all, words)
    } catch (error) {
      check('database', false, error instanceof Error ? error.message : String(error))
    }
  } else {
    check('database', canWrite(dirname(database)), `${database} is not there yet; the service makes it at its first start`)
  }
  if (existsSync(database)) checkBackups(config, check)
  const running = existsSync(database) && isLocked(database)
  say(`ok    service: ${running ? 'is running on this database' : 'is not running'}`)
  if (!running) check('PORT', await isFree(config.HOST, config.PORT), `${config.HOST}:${config.PORT}`)
  const { courses } = loadCourses(config.CONTENT_DIR)
  const errors = checkCourses(config.CONTENT_DIR).problems.filter(({ severity }) => severity === 'error')
  const lessons = courses.reduce((sum, { lessons }) => sum + lessons.length, 0)
  check(
    'content',
    courses.length > 0 && errors.length === 0,
    `${config.CONTENT_DIR}, ${courses.length} courses, ${lessons} lessons, ${errors.length} errors${errors.length > 0 ? '; run course check' : ''}`,
  )
  const discord = discordOf(config)
  if (discord) {
    const { applicationName } = await import('./rooms/discord/index.ts')
    await applicationName(discord).then(
      (name) => check('Discord', true, `takes the token; the application is ${name}`),
      (error) => check('Discord', false, error instanceof Error ? error.message : String(error)),
    )
  }
  if (config.SLACK_BOT_TOKEN !== undefined) {
    const { workspaceName } = await import('./rooms/slack/index.ts')
    await workspaceName(config.SLACK_API_URL, config.SLACK_BOT_TOKEN).then(
      (name) => check('Slack', true, `takes the token; the workspace is ${name}`),
      (error) => check('Slack', false, error instanceof Error ? error.message : String(error)),
    )
  }
  check('pictures', await canDraw(), 'a picture with Hangul can be drawn')
  return problems === 0 ? 0 : 1
}

/** Which key seals the database, by its id, and whether everything in it opens. */
function sealsOf(config: Config): { all: boolean; words: string } {
  const [newest, ...others] = readKeys(config)
  const inUse = keysOfFile(config.DATABASE_URL)
  if (inUse.length === 0) return { all: true, words: 'nothing is sealed yet; the next start does it' }
  if (!newest) return { all: false, words: `the database is sealed with the key ${inUse.join(' and ')}, which is not here. Put it back` }
  const seal = createSeal([newest, ...others])
  const { all, older, broken } = lookAtSeals(config.DATABASE_URL, seal)
  const from = config.CLUB_KEY === undefined ? 'the key file' : 'CLUB_KEY'
  const which = `${seal.keys[0]} from ${from}; ${all} sealed texts, ${older} of them with an older key${older > 0 ? ' (rekey seals them anew)' : ''}`
  return { all: broken === 0, words: `${which}, ${broken} cannot be opened` }
}

function checkBackups(config: Config, check: (name: string, ok: boolean, words: string) => void): void {
  const last = lastBackup(config)
  const hours = last && Math.floor((Date.now() - last.at) / 3_600_000)
  const newest = last ? `the newest is ${last.file}, ${hours} hours old` : `there is none in ${backupFolder(config)}`
  if (config.BACKUP_KEEP === 0) check('backups', true, `none are made by themselves (BACKUP_KEEP=0); ${newest}`)
  else
    check(
      'backups',
      hours !== undefined && hours < 48,
      hours !== undefined && hours < 48 ? newest : `${newest}; is the service running? Its log says why`,
    )
}

/** What Discord needs to know of the settings; undefined without a token. */
function discordOf({ DISCORD_TOKEN: token, DISCORD_API_URL: api, DISCORD_GUILD_ID: guild }: Config) {
  return token === undefined ? undefined : { token, api, guild }
}

async function registerOnDiscord(config: Config): Promise<number> {
  const discord = discordOf(config)
  if (!discord) throw new UsageError('DISCORD_TOKEN: is not set, so there is no Discord application to register commands for.')
  const { updateCommands } = await import('./rooms/discord/index.ts')
  const { name, changed, invite } = await updateCommands(discord, commands.map(infoOf))
  const where = discord.guild === undefined ? 'for all servers' : `for the server ${discord.guild}`
  say(`${name}: ${commands.length} commands ${where}, ${changed ? 'registered' : 'registered already as they are'}`)
  say(`invite: ${invite}`)
  return 0
}

async function manifest(options: readonly string[]): Promise<number> {
  const { drawManifest } = await import('./rooms/slack/manifest.ts')
  const urls = options.filter((one) => one !== 'short' && one !== 'history')
  const [url] = urls
  if (urls.length > 1 || (url !== undefined && !/^https:\/\/[^\s/]+$/.test(url)))
    throw new UsageError('Use it as: npm run club -- manifest [short] [history] [https://club.example.org]')
  const drawn = drawManifest(commands.map(infoOf), {
    short: options.includes('short'),
    history: options.includes('history'),
    ...(url !== undefined && { url }),
  })
  say(JSON.stringify(drawn, undefined, 2))
  return 0
}

function canWrite(folder: string): boolean {
  for (let place = folder; ; place = dirname(place)) {
    try {
      accessSync(place, constants.W_OK)
      return true
    } catch {
      if (existsSync(place) || place === dirname(place)) return false
    }
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    const answer = (free: boolean) => {
      socket.destroy()
      resolve(free)
    }
    socket.once('connect', () => answer(false)).once('error', () => answer(true))
  })
}

async function canDraw(): Promise<boolean> {
  const { createPictures } = await import('./pictures/index.ts')
  try {
    const png = await createPictures().draw({ kind: 'board', title: '순위', subtitle: '', rows: [] })
    return png.length > 0
  } catch {
    return false
  }
}

function course([verb, ...rest]: readonly string[], config: Config): number | Promise<number> {
  if (verb === 'check' && rest.length === 0) return checkContent(config)
  if (verb === 'preview') return previewLesson(rest, config)
  if (verb === 'new') {
    for (const file of createCourse(config.CONTENT_DIR, only(rest, 'course new "TITLE"'))) say(file)
    return 0
  }
  throw new UsageError('Use it as: npm run club -- course check, course preview LESSON, or course new "TITLE"')
}

async function previewLesson(args: readonly string[], { CONTENT_DIR }: Config): Promise<number> {
  const { which, language, out } = readPreview(args)
  const found = findLesson(CONTENT_DIR, which)
  if ('unknown' in found) throw new UsageError(found.unknown)
  const { name, files, shown } = found
  for (const problem of checkCourses(CONTENT_DIR).problems) if (files.includes(problem.file)) say(formatProblem(problem, CONTENT_DIR))
  if (!shown) {
    say(`${name} is left out of its course until the errors above are mended`)
    return 1
  }
  const shownIn = shown.course.locales.filter((locale) => language === undefined || locale === language)
  if (shownIn.length === 0) throw new UsageError(`${shown.course.id} is not in ${language}, but in ${shown.course.locales.join(' and ')}`)
  const { preview } = await import('./preview.ts')
  await preview(shown, shownIn, resolve(out), say)
  return 0
}

function readPreview(args: readonly string[]) {
  const form = new UsageError('Use it as: npm run club -- course preview LESSON [ko|en] [--out DIR]')
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: { out: { type: 'string' } }, allowPositionals: true })
    const [which, language, ...more] = positionals
    if (which === undefined || more.length > 0 || (language !== undefined && !locales.some((locale) => locale === language))) throw form
    return { which, language, out: values.out ?? tmpdir() }
  } catch (error) {
    throw error instanceof TypeError ? form : error
  }
}

function checkContent(config: Config): number {
  const { problems, counts } = checkCourses(config.CONTENT_DIR)
  for (const problem of problems) say(formatProblem(problem, config.CONTENT_DIR))
  for (const { course, locales, claims, sources, sections, ...count } of counts) {
    const kinds = Object.entries(sources).map(([kind, n]) => `${n} ${kind}`)
    const all = Object.values(sources).reduce((sum, n) => sum + n, 0)
    say(
      `${course} (${locales.join(', ')}): ${count.lessons} lessons, ${count.questions} questions, ${count.diagrams} diagrams, ${count.myths} myths`,
    )
    say(`  ${count.labs} labs, ${count.labsRun} of them run by npm run test:labs`)
    say(`  claims: ${locales.map((locale) => `${claims[locale] ?? 0} in ${locale}`).join(', ')}; ${all} sources (${kinds.join(', ')})`)
    say(`  sections covered: ${sections.covered} of ${sections.all}; facts left out as unverified: ${count.unverified}`)
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length
  say(`${errors} errors, ${problems.length - errors} warnings`)
  return errors === 0 ? 0 : 1
}

try {
  process.exitCode = await run(process.argv.slice(2), readConfig(process.env))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
