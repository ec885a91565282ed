// Purpose: the environment as a checked configuration: every problem at once, by name and with its remedy, and never a secret.
import { isZone } from './club/calendar.ts'

/** What is wrong with the settings, a line each. */
export class ConfigError extends Error {}

/** What to give instead. Never what was given, which may be a secret. */
class Unfit extends Error {}

/** A value from what is given for a setting. Throws Unfit. */
type Read<T> = (given: string) => T

const asGiven: Read<string> = (given) => given

function fitting(fits: (given: string) => boolean, remedy: string): Read<string> {
  return (given) => {
    if (!fits(given)) throw new Unfit(remedy)
    return given
  }
}

const matching = (form: RegExp, remedy: string) => fitting((given) => form.test(given), remedy)

function mapped<A, B>(read: Read<A>, made: (value: A) => B): Read<B> {
  return (given) => made(read(given))
}

const wholeNumber = (most: number, remedy: string): Read<number> =>
  mapped(
    fitting((given) => Number.isInteger(Number(given)) && Number(given) >= 0 && Number(given) <= most, remedy),
    Number,
  )

function oneOf<const T extends string>(words: readonly T[], remedy: string): Read<T> {
  return (given) => {
    const word = words.find((one) => one === given)
    if (word === undefined) throw new Unfit(remedy)
    return word
  }
}

const clockTime = mapped(
  matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00'),
  (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
)

const names = (given: string): string[] =>
  given
    .split(',')
    .map((name) => name.trim().normalize('NFC'))
    .filter((name) => name !== '')

const snowflake = matching(
  /^\d{15,20}$/,
  'expected an id of 15 to 20 digits; in Discord, Settings → Advanced → Developer Mode, then Copy ID',
)

const sealKey = matching(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits; `openssl rand -hex 32` makes them')

const optional =
  <T>(read: Read<T>) =>
  (given: string | undefined): T | undefined =>
    given === undefined ? undefined : read(given)

const or =
  <T>(otherwise: T, read: Read<T>) =>
  (given: string | undefined): T =>
    given === undefined ? otherwise : read(given)

/** One entry a variable; `.env.example` lists the same names (a test holds them equal). */
export const settings = {
  PORT: or(8787, wholeNumber(65535, 'expected a port number, 0 to 65535')),
  HOST: or('127.0.0.1', asGiven),
  DATABASE_URL: or(
    'data/club.db',
    mapped(matching(/^file:.+/, 'expected file: and a path, for example file:data/club.db'), (url) => url.slice('file:'.length)),
  ),
  BACKUP_DIR: optional(asGiven),
  BACKUP_KEEP: or(14, wholeNumber(3650, 'expected a number of days, at most 3650, or 0 for no backups')),
  CONTENT_DIR: or('content', asGiven),
  LOG_LEVEL: or(
    'info',
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'expected fatal, error, warn, info, debug, trace or silent'),
  ),
  CLUB_LOCALE: or('ko', oneOf(['ko', 'en'], 'expected ko or en')),
  CLUB_ZONE: or('Asia/Seoul', fitting(isZone, 'is not a time zone; expected a name such as Asia/Seoul')),
  CLUB_POST_AT: or(8 * 60, clockTime),
  CLUB_ORGANISERS: or(['host'], names),
  WEB_ROOM: or('on', oneOf(['on', 'off'], 'expected on or off')),
  WEB_TOKEN: optional(matching(/^.{16,}$/s, 'is too short to be safe; use at least 16 characters')),
  METRICS_TOKEN: optional(matching(/^[\w.~+/-]{16,}=*$/, 'expected at least 16 letters, digits or -._~+/ (what a Bearer token may hold)')),
  DISCORD_TOKEN: optional(matching(/^[\w.-]+$/, 'is no bot token; copy it from the developer portal, Bot, Reset Token')),
  DISCORD_GUILD_ID: optional(snowflake),
  DISCORD_TRANSPORT: or('gateway', oneOf(['gateway', 'http'], 'expected gateway or http')),
  DISCORD_PUBLIC_KEY: optional(
    matching(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits; copy it from the developer portal, General Information'),
  ),
  DISCORD_API_URL: or(
    'https://discord.com/api',
    matching(/^https?:\/\/\S+\/api$/, 'expected an address that ends in /api, without a version'),
  ),
  SLACK_BOT_TOKEN: optional(matching(/^xoxb-[\w-]+$/, 'expected xoxb-…, the Bot User OAuth Token; copy it from OAuth & Permissions')),
  SLACK_APP_TOKEN: optional(
    matching(
      /^xapp-[\w-]+$/,
      'expected xapp-…, an app-level token with connections:write; make one at Basic Information, App-Level Tokens',
    ),
  ),
  SLACK_SIGNING_SECRET: optional(asGiven),
  SLACK_CLIENT_ID: optional(asGiven),
  SLACK_CLIENT_SECRET: optional(asGiven),
  SLACK_STATE_SECRET: optional(matching(/^.{16,}$/s, 'is too short to be safe; use at least 16 random characters')),
  SLACK_API_URL: or('https://slack.com/api/', matching(/^https?:\/\/\S+\/api\/$/, 'expected an address that ends in /api/')),
  CLUB_KEY: optional(sealKey),
  CLUB_KEY_OLD: optional(sealKey),
}

type Settings = typeof settings
export type Config = { readonly [Name in keyof Settings]: ReturnType<Settings[Name]> }

/** Reads the environment; empty values count as not set. Throws ConfigError with every problem in it. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const values = Object.entries(settings).map(([name, read]) => {
    try {
      return [name, read(env[name] || undefined)]
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${name}: ${error.message}`)
      return [name, undefined]
    }
  })
  const config = Object.fromEntries(values) as Config
  if (problems.length === 0) problems.push(...togetherUnfit(config))
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return config
}

/** Settings that are good each by itself and not together. */
function togetherUnfit(config: Config): string[] {
  const { HOST, WEB_ROOM, WEB_TOKEN, DISCORD_TOKEN, DISCORD_TRANSPORT, DISCORD_PUBLIC_KEY } = config
  const problems: string[] = []
  if (WEB_ROOM === 'on' && !isLoopback(HOST) && !WEB_TOKEN) {
    problems.push(
      `WEB_TOKEN: HOST=${HOST} can be reached from other machines, so the web room needs a token. Set WEB_TOKEN to 16 or more random characters, or leave HOST at 127.0.0.1`,
    )
  }
  if (DISCORD_TOKEN && DISCORD_TRANSPORT === 'http' && !DISCORD_PUBLIC_KEY) {
    problems.push(
      'DISCORD_PUBLIC_KEY: DISCORD_TRANSPORT=http takes requests from outside, and only this key tells which are from Discord. Copy it from the developer portal, General Information',
    )
  }
  return [...problems, ...slackProblems(config)]
}

/** What is missing for Slack, or too much of it. */
function slackProblems(config: Config): string[] {
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_STATE_SECRET } = config
  const problems: string[] = []
  const forMany = { SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_STATE_SECRET }
  const missing = Object.entries(forMany).flatMap(([name, value]) => (value === undefined ? [name] : []))
  if (missing.length > 0 && missing.length < 3)
    problems.push(
      `${missing[0]}: is missing; installing for many workspaces takes SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET`,
    )
  if (SLACK_BOT_TOKEN !== undefined && SLACK_CLIENT_ID !== undefined)
    problems.push('SLACK_BOT_TOKEN: is for one workspace and SLACK_CLIENT_ID for many. Remove one of them')
  if (isOnSlack(config) && SLACK_APP_TOKEN === undefined && SLACK_SIGNING_SECRET === undefined)
    problems.push(
      'SLACK_APP_TOKEN: Slack needs a way to reach the club: an app-level token (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for requests to POST /slack/events. See README, On Slack',
    )
  if (!isOnSlack(config) && (SLACK_APP_TOKEN !== undefined || SLACK_SIGNING_SECRET !== undefined))
    problems.push('SLACK_BOT_TOKEN: is missing; copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions')
  return problems
}

type SlackSettings = Pick<Config, 'SLACK_BOT_TOKEN' | 'SLACK_CLIENT_ID'>

/** True when the club is on Slack. */
export const isOnSlack = ({ SLACK_BOT_TOKEN, SLACK_CLIENT_ID }: SlackSettings): boolean =>
  SLACK_BOT_TOKEN !== undefined || SLACK_CLIENT_ID !== undefined

/** True while no real platform is reached: then moving the club's clock can mislead nobody. */
export function isLocalOnly(config: SlackSettings & Pick<Config, 'DISCORD_TOKEN' | 'DISCORD_API_URL' | 'SLACK_API_URL'>): boolean {
  const reached = [
    ...(config.DISCORD_TOKEN === undefined ? [] : [config.DISCORD_API_URL]),
    ...(isOnSlack(config) ? [config.SLACK_API_URL] : []),
  ]
  return reached.every((url) => isLoopback(new URL(url).hostname))
}

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
