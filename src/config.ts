// Purpose: the environment as a checked configuration: every problem at once, by name and with its remedy, and never a secret.

import { z } from 'zod'
import { isZone } from './club/calendar.ts'

/** What is wrong with the settings, a line each. */
export class ConfigError extends Error {}

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00')
  .transform((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))

const snowflake = z
  .string()
  .regex(/^\d{15,20}$/, 'expected an id of 15 to 20 digits; in Discord, Settings → Advanced → Developer Mode, then Copy ID')

const nonEmpty = z.string().min(1, 'is empty; remove the line or give it a value')

const sealKey = z.string().regex(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits; `openssl rand -hex 32` makes them')

/** One entry a variable; `.env.example` lists the same names (a test holds them equal). */
export const schema = z.object({
  PORT: z.coerce
    .number('expected a port number')
    .int('expected a whole number')
    .min(0, 'expected 0 to 65535')
    .max(65535, 'expected 0 to 65535')
    .default(8787),
  HOST: nonEmpty.default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, 'expected file: and a path, for example file:data/club.db')
    .transform((url) => url.slice('file:'.length))
    .default('data/club.db'),
  BACKUP_DIR: nonEmpty.optional(),
  BACKUP_KEEP: z.coerce
    .number('expected a number of days, or 0 for no backups')
    .int('expected a whole number of days')
    .min(0, 'expected a number of days, or 0 for no backups')
    .max(3650, 'expected at most 3650 days')
    .default(14),
  CONTENT_DIR: nonEmpty.default('content'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'expected fatal, error, warn, info, debug, trace or silent')
    .default('info'),
  CLUB_LOCALE: z.enum(['ko', 'en'], 'expected ko or en').default('ko'),
  CLUB_ZONE: z.string().refine(isZone, 'is not a time zone; expected a name such as Asia/Seoul').default('Asia/Seoul'),
  CLUB_POST_AT: clockTime.default(8 * 60),
  CLUB_ORGANISERS: z
    .string()
    .transform((names) =>
      names
        .split(',')
        .map((name) => name.trim().normalize('NFC'))
        .filter((name) => name !== ''),
    )
    .default(['host']),
  WEB_ROOM: z.enum(['on', 'off'], 'expected on or off').default('on'),
  WEB_TOKEN: z.string().min(16, 'is too short to be safe; use at least 16 characters').optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]{16,}=*$/, 'expected at least 16 letters, digits or -._~+/ (what a Bearer token may hold)')
    .optional(),
  DISCORD_TOKEN: z
    .string()
    .regex(/^[\w.-]+$/, 'is no bot token; copy it from the developer portal, Bot, Reset Token')
    .optional(),
  DISCORD_GUILD_ID: snowflake.optional(),
  DISCORD_TRANSPORT: z.enum(['gateway', 'http'], 'expected gateway or http').default('gateway'),
  DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits; copy it from the developer portal, General Information')
    .optional(),
  DISCORD_API_URL: z
    .string()
    .regex(/^https?:\/\/\S+\/api$/, 'expected an address that ends in /api, without a version')
    .default('https://discord.com/api'),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-[\w-]+$/, 'expected xoxb-…, the Bot User OAuth Token; copy it from OAuth & Permissions')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-[\w-]+$/, 'expected xapp-…, an app-level token with connections:write; make one at Basic Information, App-Level Tokens')
    .optional(),
  SLACK_SIGNING_SECRET: nonEmpty.optional(),
  SLACK_CLIENT_ID: nonEmpty.optional(),
  SLACK_CLIENT_SECRET: nonEmpty.optional(),
  SLACK_STATE_SECRET: z.string().min(16, 'is too short to be safe; use at least 16 random characters').optional(),
  SLACK_API_URL: z
    .string()
    .regex(/^https?:\/\/\S+\/api\/$/, 'expected an address that ends in /api/')
    .default('https://slack.com/api/'),
  CLUB_KEY: sealKey.optional(),
  CLUB_KEY_OLD: sealKey.optional(),
})

export type Config = Readonly<z.infer<typeof schema>>

/** Reads the environment; empty values count as not set. Throws ConfigError with every problem in it. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const { data, error } = schema.safeParse(given)
  const problems = (error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`)
  if (data && data.WEB_ROOM === 'on' && !isLoopback(data.HOST) && !data.WEB_TOKEN) {
    problems.push(
      `WEB_TOKEN: HOST=${data.HOST} can be reached from other machines, so the web room needs a token. Set WEB_TOKEN to 16 or more random characters, or leave HOST at 127.0.0.1`,
    )
  }
  if (data?.DISCORD_TOKEN && data.DISCORD_TRANSPORT === 'http' && !data.DISCORD_PUBLIC_KEY) {
    problems.push(
      'DISCORD_PUBLIC_KEY: DISCORD_TRANSPORT=http takes requests from outside, and only this key tells which are from Discord. Copy it from the developer portal, General Information',
    )
  }
  if (data) problems.push(...slackProblems(data))
  if (problems.length > 0 || !data) throw new ConfigError(problems.join('\n'))
  return data
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
