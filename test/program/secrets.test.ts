import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { writeCourse } from '../support/courseOf.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import * as onDiscord from '../support/discordClub.ts'
import { program, startService } from '../support/service.ts'
import { startSlack } from '../support/slack/server.ts'
import * as onSlack from '../support/slackClub.ts'
import { tempFolder } from '../support/testClub.ts'

const canary = (what: string) => `canary-${what}-${randomBytes(9).toString('hex')}`

/** A text as it may stand in somebody's output. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text)
  const forms = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), bytes.toString('base64url'), bytes.toString('hex')]
  if (/^[0-9a-f]{64}$/.test(text)) forms.push(Buffer.from(text, 'hex').toString('base64url'))
  // What base64 puts at the end depends on what follows.
  return forms.map((form) => form.replace(/.$/s, ''))
}

/** The names of the canaries that were heard, and where. */
function heardOf(canaries: Readonly<Record<string, readonly string[]>>, heard: readonly string[]): string[] {
  const all = heard.map((line) => line.replaceAll('+', '-').replaceAll('/', '_'))
  return Object.entries(canaries).flatMap(([name, texts]) =>
    texts.flatMap(formsOf).flatMap((form) => {
      const at = [heard, all].flatMap((lines) => lines.find((line) => line.includes(form)) ?? [])
      return at.slice(0, 1).map((line) => `${name} in: ${line.slice(0, 500)}`)
    }),
  )
}

test('no secret and no line of a member is in the log, an error, an answer to others or what the operator is told, whatever goes wrong', {
  timeout: 300_000,
}, async () => {
  const [discord, slack] = await Promise.all([startDiscord({ token: canary('discord') }), startSlack()])
  onTestFinished(async () => {
    await Promise.all([discord.stop(), slack.stop()])
  })
  const folder = tempFolder()
  const WEB_TOKEN = canary('web')
  const SLACK_STATE_SECRET = canary('state')
  const CLUB_KEY = randomBytes(32).toString('hex')
  const settings = {
    LOG_LEVEL: 'trace',
    CLUB_LOCALE: 'en',
    CONTENT_DIR: writeCourse(folder, 9),
    WEB_TOKEN,
    CLUB_KEY,
    CLUB_KEY_OLD: randomBytes(32).toString('hex'),
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SLACK_STATE_SECRET,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  }
  const notes = ['web', 'discord', 'slack', 'locked', 'late'].map((where) => canary(`note-${where}`))
  const [webNote, discordNote, slackNote, lockedNote, lateNote] = notes as [string, string, string, string, string]
  /** What others than the member and the platform came to read. */
  const heard: string[] = []

  const service = await startService(folder, settings)
  await discord.gateway.ready()
  slack.overHttp(`${service.url}/slack/events`)
  const asHost = { authorization: `Bearer ${WEB_TOKEN}` }
  async function hears(path: string, init: RequestInit = {}): Promise<string> {
    const answer = await fetch(service.url + path, { redirect: 'manual', ...init })
    const text = `${path.split('?')[0]} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`
    heard.push(text)
    return text
  }
  const says = (body: unknown, headers: Record<string, string> = asHost) =>
    hears('/api/call', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

  // The web room: the token right, wrong and missing; a line; bodies that are none.
  await says({ as: 'Mina', command: 'checkin', input: { note: webNote } }, {})
  const wrote = await service.call({ as: 'Mina', command: 'checkin', input: { note: webNote } }, asHost)
  expect(JSON.stringify(wrote)).toContain(webNote)
  for (const path of [`/?token=${WEB_TOKEN}`, '/?token=wrong', '/metrics', '/healthz', '/nowhere']) await hears(path, { headers: asHost })
  for (const path of ['/api/messages?as=Leo', '/api/room?as=Leo', `/messages/${wrote.id}/file?as=Leo`])
    await hears(path, { headers: asHost })
  for (const body of ['{', `"${webNote}"`, `{"as":"Mina","press":"1:share:${webNote}"}`, 'x'.repeat(99_999)])
    await hears('/api/call', { method: 'POST', headers: { 'content-type': 'application/json', ...asHost }, body })

  // Discord: a line; platform answers that say back what was sent; payloads that are none.
  const guild = discord.addGuild({ channels: [{ name: 'study' }] })
  const hall = guild.channel('study')
  const host = discord.person({ guild, name: 'Host', permissions: usualMemberPermissions | permission.manageGuild })
  const mina = discord.person({ guild, name: 'Mina' })
  await host.taps(onDiscord.messageOf(await host.taps(await discord.until(() => hall.messages[0]), 'Set up the club')), 'Start here')
  const line = onDiscord.messageOf(await mina.types('/checkin', { note: discordNote }))
  const echo = { message: 'Unauthorized', code: 0, token: discord.token, content: discordNote }
  for (const status of [401, 500, 503]) {
    discord.faults.push({
      match: (method, path) => method === 'POST' && /^\/channels\//.test(path),
      do: { kind: 'status', status, body: echo },
    })
    discord.faults.push({ match: (_, path) => /^\/(interactions|webhooks)\//.test(path), do: { kind: 'status', status, body: echo } })
    await mina.types('/checkin', { note: discordNote })
  }
  discord.faults.push({ match: (_, path) => /^\/(interactions|webhooks)\//.test(path), do: { kind: 'drop' } })
  await mina.taps(line, 'Share this line')
  await discord.deliver(
    { id: '1', token: canary('interaction'), type: 2, data: { name: discordNote, options: [{ value: discordNote }] } },
    guild,
  )

  // Slack: an installation, one that is forged and one that Slack refuses; a line; faults; requests that are none.
  const team = slack.team()
  const channel = team.addChannel({ name: 'study' })
  const owner = slack.person({ team, name: 'Host', locale: 'en-GB' })
  const install = async (options = {}) => heard.push((await slack.installs(owner, `${service.url}/slack/install`, options)).body)
  await install({ otherState: true })
  slack.faults.push({ match: (method) => method === 'oauth.v2.access', times: 1, do: { kind: 'error', error: 'bad_client_secret' } })
  await install()
  slack.faults.push({ match: (method) => method === 'oauth.v2.access', times: 1, do: { kind: 'status', status: 500, acted: false } })
  await install()
  await install()
  await onSlack.startHere(owner)
  const learner = slack.person({ team, name: 'Mina', locale: 'en-GB' })
  const noted = onSlack.messageOf(await learner.types(`/1p checkin ${slackNote}`))
  for (const fault of [
    { kind: 'status', status: 500, acted: false },
    { kind: 'error', error: 'invalid_auth' },
    { kind: 'drop', acted: false },
  ] as const) {
    slack.faults.push({ match: (method) => method === 'response', times: 1, do: fault })
    slack.faults.push({ match: (method) => method.startsWith('chat.'), times: 1, do: fault })
    await learner.taps(noted, 'Share this line').catch(() => undefined)
  }
  const form = `token=${canary('form')}&command=/1p&text=${slackNote}&response_url=https://hooks.slack.com/${canary('hook')}`
  for (const [body, headers] of [
    [form, {}],
    [form, slack.sign(`${form}&`)],
    [form, slack.sign(form)],
    [`payload=${slackNote}`, slack.sign(`payload=${slackNote}`)],
  ] as const)
    await hears('/slack/events', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body })

  // The store: locked by another program for longer than it waits, and with a line that was altered.
  const other = new Database(join(folder, 'club.db'))
  other.exec('BEGIN IMMEDIATE')
  await says({ as: 'Mina', command: 'checkin', input: { note: lockedNote } })
  other.exec('UPDATE note SET sealed = substr(sealed, 1, 40)')
  other.exec('COMMIT')
  other.close()
  await says({ as: 'Mina', command: 'data', input: { action: 'export' } })
  await mina.types('/data', { action: 'export' })

  // The token is revoked while the club runs.
  team.revokeToken()
  await learner.types(`/1p checkin ${lateNote}`)
  expect((await service.post('/api/clock', { forward: 'P4D' }, asHost)).status).toBe(200)
  expect(channel.messages.length).toBeGreaterThanOrEqual(0)
  service.process.kill('SIGTERM')
  await service.exited
  heard.push(...service.output)

  // Who operates it is told what is wrong, in words.
  const told = await Promise.all([
    program('cli', folder, ['doctor'], settings),
    program('cli', folder, ['commands'], { ...settings, DISCORD_TOKEN: canary('wrong-discord') }),
    program('main', folder, [], { ...settings, CLUB_KEY: 'ab'.repeat(32), CLUB_KEY_OLD: '' }),
  ])
  heard.push(...told.flatMap(({ stdout, stderr }) => `${stdout}${stderr}`.split('\n')))

  const words = heard.join('\n')
  for (const proof of [
    '"a call failed"',
    'cannot be opened: it was altered',
    'a post could not be sent',
    'a request without a good signature was refused',
    'an installation failed',
    'MEND  key',
    'DISCORD_TOKEN: Discord refused it',
    'was sealed with the key',
  ])
    expect(words).toContain(proof)
  const payloads = JSON.stringify([discord.delivered, slack.delivered])
  const ofRequests = (key: string) => [
    ...new Set([...payloads.matchAll(new RegExp(`"${key}":"([^"]{8,})"`, 'g'))].map(([, value = '']) => value)),
  ]
  const secrets = {
    'the token of Discord': [discord.token],
    'tokens of interactions': [...discord.interactionTokens, ...ofRequests('token')],
    'tokens of Slack': [team.token],
    'addresses of answers': [...slack.responseUrls.keys()].flatMap((url) => [url, url.split('/').at(-1) ?? url]),
    'the signing secret': [slack.signingSecret],
    'the client secret': [slack.clientSecret],
    'the state secret': [SLACK_STATE_SECRET],
    'codes of OAuth': slack.requests.filter(({ method }) => method === 'oauth.v2.access').map(({ params }) => String(params.code)),
    'the web room’s token': [WEB_TOKEN],
    'the key': [CLUB_KEY, settings.CLUB_KEY_OLD],
    'lines of members': notes,
  }
  for (const [name, texts] of Object.entries(secrets)) expect([name, texts.length > 0]).toEqual([name, true])
  expect(heardOf(secrets, heard)).toEqual([])
  // The search finds what is there.
  expect(heardOf({ all: ['the program'] }, [Buffer.from('x the program').toString('base64'), 'the%20program'])).not.toEqual([])
})
