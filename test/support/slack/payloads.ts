// Purpose: what Slack sends for each thing that people do, in the shape that it documents.
import { messageJson, viewJson } from './posting.ts'
import { type Button, textOf } from './seen.ts'
import { appId, type Channel, type Json, type Message, newId, secret, type Team, type User, type View, type World } from './world.ts'

/** The old way to tell that Slack sent it; signatures replaced it. */
const verificationToken = 'loopback-verification-token'

/** Who acts where; a stranger of a shared channel comes from their own workspace. */
export interface Actor {
  readonly world: World
  readonly user: User
  readonly team: Team
  readonly home: Team
}

export interface Way {
  readonly triggerId: string
  readonly responseUrl?: string
}

const now = (): string => (Date.now() / 1000).toFixed(6)

const about = ({ user, team, home }: Actor): Json => ({
  user: { id: user.id, username: user.handle, name: user.handle, team_id: home.id },
  api_app_id: appId,
  token: verificationToken,
  team: {
    id: home.id,
    domain: home.domain,
    ...(home.enterprise && { enterprise_id: home.enterprise.id, enterprise_name: home.enterprise.name }),
  },
  enterprise: team.enterprise ?? null,
  is_enterprise_install: false,
})

const channelName = ({ dmWith, isPrivate, name }: Channel): string =>
  dmWith !== undefined ? 'directmessage' : isPrivate ? 'privategroup' : name

export function commandPayload({ user, home, team }: Actor, channel: Channel, command: string, text: string, way: Way): Json {
  return {
    token: verificationToken,
    team_id: home.id,
    team_domain: home.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.handle,
    command,
    text,
    api_app_id: appId,
    is_enterprise_install: 'false',
    ...(team.enterprise && { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
    response_url: way.responseUrl,
    trigger_id: way.triggerId,
  }
}

export function tapPayload(actor: Actor, on: { message: Message } | { view: View }, { element, blockId }: Button, way: Way): Json {
  const { action_id, text, value, url, style } = element
  const isIn = (): Json => {
    if ('view' in on) return { container: { type: 'view', view_id: on.view.id }, view: viewJson(on.view) }
    const { message } = on
    const isEphemeral = message.to !== undefined
    return {
      container: { type: 'message', message_ts: message.ts, channel_id: message.channel.id, is_ephemeral: isEphemeral },
      channel: { id: message.channel.id, name: channelName(message.channel) },
      // Slack keeps no ephemeral messages that it could send along.
      ...(!isEphemeral && { message: messageJson(actor.world, message) }),
      response_url: way.responseUrl,
    }
  }
  const rest = { ...(value !== undefined && { value }), ...(url !== undefined && { url }), ...(style !== undefined && { style }) }
  return {
    type: 'block_actions',
    ...about(actor),
    trigger_id: way.triggerId,
    ...isIn(),
    state: { values: {} },
    actions: [{ action_id, block_id: blockId, text, ...rest, type: 'button', action_ts: now() }],
  }
}

export const submitPayload = (actor: Actor, view: View, values: Json, way: Way): Json => ({
  type: 'view_submission',
  ...about(actor),
  trigger_id: way.triggerId,
  view: { ...viewJson(view), state: { values } },
  response_urls: [],
})

export const shortcutPayload = (actor: Actor, message: Message, callbackId: string, way: Way): Json => ({
  type: 'message_action',
  callback_id: callbackId,
  ...about(actor),
  trigger_id: way.triggerId,
  action_ts: now(),
  message_ts: message.ts,
  channel: { id: message.channel.id, name: channelName(message.channel) },
  message: messageJson(actor.world, message),
  response_url: way.responseUrl,
})

export const eventPayload = (team: Team, event: Json): Json => ({
  type: 'event_callback',
  token: verificationToken,
  team_id: team.id,
  ...(team.enterprise && { enterprise_id: team.enterprise.id }),
  api_app_id: appId,
  event_id: newId('Ev'),
  event_time: Math.floor(Date.now() / 1000),
  event_context: secret(),
  is_ext_shared_channel: false,
  authorizations: [
    { enterprise_id: team.enterprise?.id ?? null, team_id: team.id, user_id: team.bot.id, is_bot: true, is_enterprise_install: false },
  ],
  event,
})

/** What an input sends: with nothing in it, null. */
export function inputState(element: Json, given: string | undefined): Json {
  if (element.type === 'static_select') {
    const options = Array.isArray(element.options) ? (element.options as Json[]) : []
    const chosen = options.find((option) => given !== undefined && (option.value === given || textOf(option.text) === given))
    if (given !== undefined && !chosen)
      throw new Error(`there is no option ${given}; there are ${options.map((one) => textOf(one.text)).join(', ')}`)
    return { type: 'static_select', selected_option: chosen ?? element.initial_option ?? null }
  }
  return { type: 'plain_text_input', value: (given ?? element.initial_value) || null }
}
