import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readPayload } from '../../src/rooms/slack/read.ts'
import { morningClub } from '../slack/life.ts'
import { changedJson, changedText, expectClear, expectUnpolluted, oddJson, oddText, runs } from './odd.ts'

afterAll(expectUnpolluted)

/** What Slack sends when somebody types, presses, sends a form in, picks a message, opens the home, or leaves. */
function samples(team: string, user: string, channel: string, responses: string): Record<string, unknown>[] {
  const base = {
    user: { id: user, username: 'mina', team_id: team },
    team: { id: team, domain: 'club' },
    enterprise: null,
    trigger_id: '',
    response_url: responses,
  }
  const view = {
    id: 'V1',
    type: 'modal',
    callback_id: '1:form:checkin',
    private_metadata: JSON.stringify({ team, channel, url: responses }),
  }
  const pressed = (action: string, more: object = {}) => ({
    ...base,
    type: 'block_actions',
    container: { type: 'message', channel_id: channel, message_ts: '1.2', is_ephemeral: true },
    channel: { id: channel },
    actions: [{ action_id: action, block_id: `club-${team}`, type: 'button', action_ts: '1764000000.000100' }],
    ...more,
  })
  const told = (event: object) => ({ type: 'event_callback', team_id: team, event_id: '', authorizations: [], event })
  return [
    pressed('1:why'),
    pressed('1:share:streak'),
    pressed('1:line'),
    pressed('1:board:week', { container: { type: 'view' }, channel: null, view: { ...view, type: 'home' } }),
    {
      ...base,
      type: 'view_submission',
      view: { ...view, state: { values: { note: { value: { type: 'plain_text_input', value: '한 줄' } } } } },
    },
    {
      ...base,
      type: 'view_submission',
      view: {
        ...view,
        callback_id: '1:change',
        state: { values: { set: { value: { selected_option: { value: 'zone' } } }, to: { value: { value: 'Asia/Seoul' } } } },
      },
    },
    {
      ...base,
      type: 'message_action',
      callback_id: 'note',
      action_ts: '1764000000.000100',
      channel: { id: channel },
      message: { user, text: 'a' },
    },
    told({ type: 'app_home_opened', user, tab: 'home' }),
    told({ type: 'user_change', user: { id: user, deleted: false } }),
  ]
}

// By HTTP Bolt looks into a payload before we do, and stumbles over what Slack never sends; it is taken then, and logged.
test('whatever the shape of a payload, it is read or it is none', { timeout: 600_000 }, () => {
  const payload = fc.oneof(
    changedJson(
      samples('T01', 'U01', 'C01', 'https://hooks.slack.com/x').map((one) => ({
        ...one,
        ...('event_id' in one ? { event_id: 'Ev1' } : { trigger_id: '1.2' }),
      })),
    ),
    oddJson,
  )
  fc.assert(
    fc.property(payload, (sent) => {
      const read = readPayload(sent)
      if (read && 'asked' in read) expect(read.asked.user.id).toMatch(/^[A-Z0-9]{2,24}$/)
    }),
    runs(300),
  )
})

test('whatever Slack’s signature is on is taken, or said to be no payload', { timeout: 600_000 }, async () => {
  const club = await morningClub({ transport: 'http' })
  const { slack, team, channel, mina, origin } = club
  const responses = `${slack.apiUrl.replace(/\/api\/?$/, '')}/nowhere`
  let count = 0
  async function send(body: string, type = 'application/x-www-form-urlencoded') {
    const stamp = String(Math.floor(Date.now() / 1000))
    const signature = `v0=${createHmac('sha256', slack.signingSecret).update(`v0:${stamp}:${body}`).digest('hex')}`
    const headers = { 'content-type': type, 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature }
    const answer = await fetch(`${origin}/slack/events`, { method: 'POST', headers, body })
    const said = await answer.text()
    expect([200, 400]).toContain(answer.status)
    const { errors } = said.startsWith('{') ? (JSON.parse(said) as { errors?: Record<string, string> }) : {}
    for (const error of Object.values(errors ?? {})) expectClear(error, 'ko')
  }

  const whole = changedJson(samples(team.id, mina.id, channel.id, responses))
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: oddJson }), fc.boolean(), async (sent, asForm) => {
      // Each is new, unless what makes it so was changed.
      const fresh = JSON.stringify(sent)?.replace(/("trigger_id"|"event_id"):""/, `$1:"odd.${count++}"`) ?? ''
      if (asForm) await send(new URLSearchParams({ payload: fresh }).toString())
      else await send(fresh, 'application/json; charset=utf-8')
    }),
    runs(60),
  )
  const command = () =>
    `command=%2F1p&text=checkin+%ED%95%9C+%EC%A4%84&team_id=${team.id}&channel_id=${channel.id}&user_id=${mina.id}&user_name=mina&response_url=${encodeURIComponent(responses)}&trigger_id=odd.`
  await fc.assert(
    fc.asyncProperty(fc.oneof(changedText([command()]), oddText), (form) => send(`${form.toWellFormed()}${count++}`)),
    runs(30),
  )
  // Nothing that was sent to Slack was not as Slack wants it.
  expect(JSON.stringify(club.logged)).not.toMatch(/invalid_(?:blocks|arguments|arg_name|form_data)|msg_too_long|view_/)
  expect(club.troubles()).toEqual([])
})
