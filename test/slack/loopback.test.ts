// Purpose: the loopback Slack with the real client: what people do reaches the app, and what the app answers reaches people.
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SlackServer, startSlack } from '../support/slack/server.ts'

let slack: SlackServer
let stops: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  slack = await startSlack()
  stops = []
})

afterEach(async () => {
  for (const stop of stops) await stop()
  await slack.stop()
})

const button = (label: string, action_id: string) => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text: label },
  action_id,
})
const png = Buffer.from('89504e470d0a1a0a', 'hex')

const form = {
  type: 'modal' as const,
  callback_id: 'form',
  title: { type: 'plain_text' as const, text: 'Form' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'proof',
      label: { type: 'plain_text' as const, text: 'Proof' },
      element: { type: 'plain_text_input' as const, action_id: 'value' },
    },
  ],
}

/** An app that answers a bit of everything. */
function listen(app: App): void {
  app.command('/1p', async ({ ack, respond, command }) => {
    await ack()
    const actions = { type: 'actions' as const, elements: [button('Again', 'again'), button('Write', 'write')] }
    const said = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: command.text } }
    await respond({ response_type: 'ephemeral', text: 'hello', blocks: [said, actions] })
  })
  app.action('again', async ({ ack, respond }) => {
    await ack()
    await respond({ response_type: 'ephemeral', replace_original: true, text: 'replaced' })
  })
  app.action('write', async ({ ack, client, body }) => {
    await ack()
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: form })
  })
  app.view('form', async ({ ack, view, client, body }) => {
    const proof = view.state.values.proof?.value?.value
    if (proof === 'bad') return ack({ response_action: 'errors', errors: { proof: 'no proof' } })
    await ack()
    await client.chat.postMessage({ channel: body.user.id, text: `thanks for ${proof}` })
  })
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } })
  })
}

function world() {
  const team = slack.team({ name: 'Study' })
  const channel = team.addChannel({ name: 'study' })
  const mina = slack.person({ team, name: 'Mina', handle: 'mina' })
  const common = {
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
    authorize: async () => ({ botToken: team.token, botId: team.botId, botUserId: team.botUserId }),
  }
  return { team, channel, mina, common }
}

async function overSocket() {
  const made = world()
  // The client waits this long before it connects again; 5 s, unless told.
  const options = { appToken: slack.appToken, clientPingTimeout: 300, logLevel: LogLevel.ERROR }
  const receiver = new SocketModeReceiver({ ...options, installerOptions: { clientOptions: made.common.clientOptions } })
  const app = new App({ ...made.common, receiver })
  listen(app)
  await app.start()
  stops.push(() => app.stop())
  await slack.socket.ready()
  return { ...made, app, client: app.client }
}

async function overHttp() {
  const made = world()
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logLevel: LogLevel.ERROR })
  const app = new App({ ...made.common, receiver })
  listen(app)
  const server = await receiver.start(0)
  stops.push(() => receiver.stop())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  slack.overHttp(`http://127.0.0.1:${port}/slack/events`)
  return { ...made, app, client: app.client }
}

describe.each([
  ['Socket Mode', overSocket],
  ['HTTP', overHttp],
])('%s', (_name, start) => {
  test('a command, buttons, a form', async () => {
    const { mina } = await start()
    const first = await mina.types('/1p  today <b> @mina')
    expect(first).not.toHaveProperty('failed')
    expect(first.message).toMatchObject({ ephemeral: true, text: 'hello', buttons: ['Again', 'Write'] })
    expect(first.message?.words).toContain(`today &lt;b&gt; <@${mina.id}|mina>`)
    if (!first.message) return
    const opened = await mina.taps(first.message, 'Write')
    expect(opened.modal).toMatchObject({ title: 'Form', fields: [{ label: 'Proof', kind: 'text', required: true }] })
    if (!opened.modal) return
    expect(await mina.submits(opened.modal, { Proof: 'bad' })).toMatchObject({ errors: { Proof: 'no proof' } })
    const sent = await mina.submits(opened.modal, { proof: 'good' })
    expect(sent).toMatchObject({ closed: true, dm: { text: 'thanks for good' } })
    expect(await mina.taps(first.message, 'Again')).toMatchObject({ replaced: true, message: { text: 'replaced', id: first.message.id } })
    expect((await mina.opensHome()).home).toMatchObject({ kind: 'home' })
  })
})

test('files, pictures and history by metadata', async () => {
  const { client, channel, team } = await overSocket()
  const token = team.token
  const uploaded = await client.files.uploadV2({ token, file: png, filename: 'card.png' })
  const [{ files: [file] = [] } = {}] = (uploaded as unknown as { files: unknown }).files as { files?: { id?: string }[] }[]
  const image = { type: 'image' as const, alt_text: 'a card', slack_file: { id: String(file?.id) } }
  const metadata = { event_type: 'post', event_payload: { id: '1' } }
  await client.chat.postMessage({ token, channel: channel.id, text: 'a card', blocks: [image], metadata })
  expect(channel.messages.at(-1)?.images).toEqual([{ alt: 'a card', fileId: file?.id, bytes: png }])
  const bad = client.chat.postMessage({ token, channel: channel.id, text: 'x', blocks: [{ ...image, slack_file: { id: 'F0' } }] })
  await expect(bad).rejects.toThrow('invalid_blocks')
  const history = await client.conversations.history({ token, channel: channel.id, include_all_metadata: true })
  expect(history.messages?.[0]?.metadata).toEqual(metadata)
})

test('429, and a message that was posted though the answer was lost', async () => {
  const { client, channel, team } = await overHttp()
  slack.faults.push({ match: (method) => method === 'chat.postMessage', times: 1, do: { kind: 'rateLimited', seconds: 1 } })
  await client.chat.postMessage({ token: team.token, channel: channel.id, text: 'one' })
  slack.faults.push({ match: (method) => method === 'chat.postMessage', times: 1, do: { kind: 'drop', acted: true } })
  await client.chat.postMessage({ token: team.token, channel: channel.id, text: 'two' })
  expect(channel.messages.map(({ text }) => text)).toEqual(['one', 'two', 'two'])
})

test('a refresh and a drop: the app connects again', async () => {
  const { mina } = await overSocket()
  slack.socket.disconnect()
  await slack.until(() => slack.socket.connections === 0)
  expect((await mina.types('/1p a')).message?.text).toBe('hello')
  slack.socket.drop()
  await slack.until(() => slack.socket.connections === 0)
  expect((await mina.types('/1p b')).message?.text).toBe('hello')
})

test('a message of files, response URLs, triggers, and the end', async () => {
  const { client, channel, team, mina, app } = await overSocket()
  const { token } = team
  await client.files.uploadV2({ token, file: png, filename: 'card.png', channel_id: channel.id, initial_comment: 'look' })
  expect(channel.messages.at(-1)).toMatchObject({ text: 'look', files: [{ name: 'card.png', bytes: png }] })
  const first = await mina.types('/1p b')
  const [url = ''] = slack.responseUrls.keys()
  expect(slack.responseUrls.get(url)).toBe(4)
  const answer = () => fetch(url, { method: 'POST', body: JSON.stringify({ text: 'x' }), headers: { 'content-type': 'application/json' } })
  for (let i = 0; i < 4; i += 1) expect((await answer()).status).toBe(200)
  const used = await answer()
  expect([used.status, await used.json()]).toEqual([404, { ok: false, error: 'used_url' }])
  const trigger_id = String(slack.delivered.at(-1)?.payload.trigger_id)
  await client.views.open({ token, trigger_id, view: form })
  await expect(client.views.open({ token, trigger_id, view: form })).rejects.toThrow('exchanged_trigger_id')
  await expect(client.views.publish({ token, user_id: mina.id, view: form as never })).rejects.toThrow('invalid_arguments')
  channel.archive()
  await expect(client.chat.postMessage({ token, channel: channel.id, text: 'x' })).rejects.toThrow('is_archived')
  let revoked = 0
  app.event('tokens_revoked', async () => {
    revoked += 1
  })
  await team.uninstall()
  await slack.until(() => revoked === 1)
  await expect(client.auth.test({ token })).rejects.toThrow('account_inactive')
  expect(first.message?.channelId).toBe(channel.id)
})

test('a tap twice, people who change, and Slack gone for a while', async () => {
  const { client, mina, team, channel } = await overHttp()
  const { message } = await mina.types('/1p a')
  if (!message) throw new Error('no answer')
  const [one, two] = await mina.tapsTwice(message, 'Again')
  expect([one.replaced, two.replaced]).toEqual([true, true])
  expect(await mina.deactivates()).toMatchObject({ ackMs: expect.any(Number) })
  expect((await client.users.info({ token: team.token, user: mina.id })).user).toMatchObject({ deleted: true, name: 'mina' })
  expect(mina.writes(channel, 'hi @mina & co').text).toBe(`hi <@${mina.id}|mina> &amp; co`)
  await slack.vanish()
  await expect(fetch(`${slack.apiUrl}auth.test`)).rejects.toThrow()
  await slack.appear()
  expect((await client.auth.test({ token: team.token })).user_id).toBe(team.botUserId)
})

test('installing, and a state of another browser', async () => {
  const team = slack.team()
  const mina = slack.person({ team, name: 'Mina' })
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    logLevel: LogLevel.ERROR,
    clientId: slack.clientId,
    clientSecret: slack.clientSecret,
    stateSecret: 'state',
    scopes: ['commands'],
    installerOptions: { directInstall: true, authorizationUrl: slack.authorizationUrl, clientOptions: { slackApiUrl: slack.apiUrl } },
  })
  new App({ receiver, clientOptions: { slackApiUrl: slack.apiUrl }, logLevel: LogLevel.ERROR })
  const server = await receiver.start(0)
  stops.push(() => receiver.stop())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/slack/install`
  expect((await slack.installs(mina, url)).status).toBe(200)
  expect(slack.requests.find(({ method }) => method === 'oauth.v2.access')?.ok).toBe(true)
  expect((await slack.installs(mina, url, { otherState: true })).status).not.toBe(200)
  expect((await slack.installs(mina, url, { deny: true })).status).not.toBe(200)
})
