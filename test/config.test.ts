import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ConfigError, isLocalOnly, readConfig, settings } from '../src/config.ts'

test('.env.example names every setting with its default, and no other', () => {
  const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n')
  const example = Object.fromEntries(lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2)))
  expect(Object.keys(example).sort()).toEqual(Object.keys(settings).sort())
  expect(readConfig(example)).toEqual(readConfig({}))
})

test('with nothing set the club opens on this machine alone', () => {
  expect(readConfig({})).toMatchObject({
    PORT: 8787,
    HOST: '127.0.0.1',
    DATABASE_URL: 'data/club.db',
    CLUB_ZONE: 'Asia/Seoul',
    CLUB_POST_AT: 480,
  })
})

test('every problem is told at once, by the setting’s name and with a remedy', () => {
  const read = () =>
    readConfig({
      PORT: 'http',
      CLUB_ZONE: 'Seoul/Mars',
      CLUB_POST_AT: '25:00',
      DATABASE_URL: 'mysql://x',
      BACKUP_KEEP: 'ever',
      LOG_LEVEL: 'loud',
    })
  expect(read).toThrow(ConfigError)
  for (const words of [
    'PORT: expected a port number',
    'CLUB_ZONE: is not a time zone',
    'CLUB_POST_AT: expected a time',
    'DATABASE_URL: expected file:',
    'BACKUP_KEEP: expected a number of days',
    'LOG_LEVEL: expected fatal',
  ]) {
    expect(read).toThrow(words)
  }
})

test('a room that others can reach needs a token, and the token is never printed', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow('WEB_TOKEN: HOST=0.0.0.0 can be reached from other machines')
  expect(readConfig({ HOST: '0.0.0.0', WEB_TOKEN: 'a'.repeat(16) }).WEB_TOKEN).toHaveLength(16)
  expect(() => readConfig({ WEB_TOKEN: 'hush-hush' })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hush') }))
})

test('organisers are names, separated by commas', () => {
  expect(readConfig({ CLUB_ORGANISERS: ' 미나, host ,' }).CLUB_ORGANISERS).toEqual(['미나', 'host'])
})

test('what Discord needs is told by name, and its token is never printed', () => {
  const token = 'MTE.secret-part'
  const key = 'a1'.repeat(32)
  expect(readConfig({ DISCORD_TOKEN: token })).toMatchObject({ DISCORD_TRANSPORT: 'gateway', DISCORD_API_URL: 'https://discord.com/api' })
  expect(() => readConfig({ DISCORD_TOKEN: token, DISCORD_TRANSPORT: 'http' })).toThrow('DISCORD_PUBLIC_KEY: DISCORD_TRANSPORT=http')
  expect(readConfig({ DISCORD_TOKEN: token, DISCORD_TRANSPORT: 'http', DISCORD_PUBLIC_KEY: key }).DISCORD_PUBLIC_KEY).toBe(key)
  const wrong = {
    DISCORD_TOKEN: 'two words',
    DISCORD_GUILD_ID: 'my server',
    DISCORD_PUBLIC_KEY: 'short',
    DISCORD_API_URL: 'https://discord.com/api/v10',
  }
  for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(`${name}: `)
  expect(() => readConfig(wrong)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('two words') }))
})

test('the clock may be moved by hand only while no real platform is reached', () => {
  expect(isLocalOnly(readConfig({}))).toBe(true)
  expect(isLocalOnly(readConfig({ DISCORD_TOKEN: 'a', DISCORD_API_URL: 'http://127.0.0.1:1/api' }))).toBe(true)
  expect(isLocalOnly(readConfig({ DISCORD_TOKEN: 'a' }))).toBe(false)
})

test('what Slack needs is told by name: a way to be reached, one workspace or many, and no secret is printed', () => {
  const bot = 'xoxb-1-2-hush'
  const app = 'xapp-1-A-hush'
  expect(readConfig({ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app }).SLACK_API_URL).toBe('https://slack.com/api/')
  expect(readConfig({ SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: 'signing' }).SLACK_SIGNING_SECRET).toBe('signing')
  expect(() => readConfig({ SLACK_BOT_TOKEN: bot })).toThrow('SLACK_APP_TOKEN: Slack needs a way to reach the club')
  expect(() => readConfig({ SLACK_APP_TOKEN: app })).toThrow('SLACK_BOT_TOKEN: is missing')
  expect(() => readConfig({ SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot })).toThrow(
    /SLACK_BOT_TOKEN: expected xoxb-.*\n.*SLACK_APP_TOKEN: expected xapp-/,
  )
  const many = { SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'hush', SLACK_STATE_SECRET: 'a'.repeat(16), SLACK_SIGNING_SECRET: 'signing' }
  expect(readConfig(many).SLACK_CLIENT_ID).toBe('1.2')
  expect(() => readConfig({ ...many, SLACK_STATE_SECRET: '' })).toThrow('SLACK_STATE_SECRET: is missing')
  expect(() => readConfig({ ...many, SLACK_BOT_TOKEN: bot })).toThrow('SLACK_BOT_TOKEN: is for one workspace and SLACK_CLIENT_ID for many')
  for (const wrong of [{ SLACK_BOT_TOKEN: app }, { CLUB_KEY: 'hush' }, { ...many, SLACK_STATE_SECRET: 'hush' }])
    expect(() => readConfig(wrong)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hush') }))
})

test('the clock may be moved only while no platform outside of this machine is reached', () => {
  const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }
  const here = { SLACK_API_URL: 'http://127.0.0.1:9/api/', DISCORD_API_URL: 'http://127.0.0.1:8/api' }
  expect(isLocalOnly(readConfig(slack))).toBe(false)
  expect(isLocalOnly(readConfig({ ...slack, ...here }))).toBe(true)
  expect(isLocalOnly(readConfig({ ...slack, SLACK_API_URL: here.SLACK_API_URL, DISCORD_TOKEN: 'x' }))).toBe(false)
})
