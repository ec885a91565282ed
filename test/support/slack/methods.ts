// Purpose: the methods of the Web API, each from its parameters to its answer.
import { change, messageJson, open, post, publish, update, viewJson } from './posting.ts'
import { appId, type Channel, isRecord, type Json, newId, Refusal, secret, type Team, type User, type World } from './world.ts'

export interface Call {
  readonly world: World
  readonly team: Team
  readonly params: Json
  readonly baseUrl: string
}

function needs(team: Team, ...scopes: string[]): void {
  if (!scopes.every((scope) => team.scopes.includes(scope))) throw new Refusal('missing_scope')
}

function userOf({ world }: Call, id: unknown): User {
  const user = world.users.get(String(id))
  if (!user) throw new Refusal('user_not_found')
  return user
}

/** A conversation that the bot may know of. */
function channelOf({ world, team, params }: Call): Channel {
  const channel = world.channel(team, String(params.channel))
  if (!channel || (channel.isPrivate && !channel.botIn)) throw new Refusal('channel_not_found')
  return channel
}

/** Where the bot may write: a user's id stands for the direct messages with them. */
function writable(call: Call): Channel {
  const { world, team, params } = call
  needs(team, 'chat:write')
  const user = world.users.get(String(params.channel))
  if (user) {
    if (user.deleted || user.isBot) throw new Refusal('channel_not_found')
    return world.dm(team, user.id)
  }
  const channel = channelOf(call)
  if (channel.archived) throw new Refusal('is_archived')
  if (channel.dmWith === undefined && !channel.botIn) throw new Refusal('not_in_channel')
  if (channel.readOnly) throw new Refusal('restricted_action')
  return channel
}

/** A message of the bot's that everybody in the conversation sees. */
function ownMessage(call: Call) {
  needs(call.team, 'chat:write')
  const channel = channelOf(call)
  const message = channel.messages.find(({ ts, to, gone }) => ts === call.params.ts && to === undefined && !gone)
  if (!message) throw new Refusal('message_not_found')
  return { channel, message }
}

function history(call: Call): Json {
  const { world, team, params } = call
  const channel = channelOf(call)
  if (channel.dmWith === undefined) needs(team, channel.isPrivate ? 'groups:history' : 'channels:history')
  else needs(team, 'im:history')
  if (channel.dmWith === undefined && !channel.botIn) throw new Refusal('not_in_channel')
  const limit = Math.min(Number(params.limit ?? 100), 999)
  const from = params.cursor ? Number(Buffer.from(String(params.cursor), 'base64').toString()) : 0
  if (!Number.isInteger(from)) throw new Refusal('invalid_cursor')
  const isBetween = (ts: string): boolean => {
    const [at, oldest, latest] = [Number(ts), Number(params.oldest ?? 0), Number(params.latest ?? Number.POSITIVE_INFINITY)]
    return String(params.inclusive) === 'true' ? at >= oldest && at <= latest : at > oldest && at < latest
  }
  const all = channel.messages.filter(({ to, gone, ts }) => to === undefined && !gone && isBetween(ts)).reverse()
  const hasMore = from + limit < all.length
  const withMetadata = ['true', '1'].includes(String(params.include_all_metadata))
  return {
    messages: all.slice(from, from + limit).map((message) => messageJson(world, message, withMetadata)),
    has_more: hasMore,
    response_metadata: { next_cursor: hasMore ? Buffer.from(String(from + limit)).toString('base64') : '' },
  }
}

export function userJson(user: User): Json {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.handle,
    deleted: user.deleted,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: 0,
    profile: { real_name: user.realName, display_name: user.name, team: user.teamId },
    is_admin: user.admin || user.owner,
    is_owner: user.owner,
    is_primary_owner: false,
    is_restricted: user.guest,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: Math.floor(Date.now() / 1000),
  }
}

const fileJson = ({ world }: Call, id: unknown): Json => {
  const file = world.files.get(String(id))
  if (!file?.complete) throw new Refusal('file_not_found')
  if (file.deleted) throw new Refusal('file_deleted')
  // Slack knows what a file is only when it is through with it.
  const isReady = Date.now() >= file.readyAt
  const type = /\.(\w+)$/.exec(file.name)?.[1] ?? 'txt'
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    size: file.length,
    mimetype: isReady ? `image/${type}` : '',
    filetype: isReady ? type : '',
  }
}

const ownFile = (call: Call, id: unknown) => {
  const file = call.world.files.get(String(id))
  if (!file || file.teamId !== call.team.id) throw new Refusal('file_not_found')
  return file
}

function complete(call: Call): Json {
  const { world, team, params } = call
  needs(team, 'files:write')
  const wanted = Array.isArray(params.files) ? params.files.filter(isRecord) : []
  if (wanted.length === 0) throw new Refusal('invalid_arguments')
  const files = wanted.map(({ id, title }) => {
    const file = ownFile(call, id)
    if (!file.bytes || file.complete) throw new Refusal('file_not_found')
    return { file, title }
  })
  const channel = params.channel_id ? writable({ ...call, params: { channel: params.channel_id } }) : undefined
  for (const { file, title } of files) {
    file.complete = true
    file.title = typeof title === 'string' ? title : file.name
    file.readyAt = Date.now() + world.fileProcessingMs
  }
  const content = { text: params.initial_comment, blocks: params.blocks }
  if (channel) post(world, team, channel, content, { fileIds: files.map(({ file }) => file.id) })
  return { files: files.map(({ file }) => fileJson(call, file.id)) }
}

export const methods: Record<string, (call: Call) => Json> = {
  'auth.test': ({ team, baseUrl }) => ({
    url: `${baseUrl}/`,
    team: team.name,
    user: team.bot.handle,
    team_id: team.id,
    user_id: team.bot.id,
    bot_id: team.botId,
    ...(team.enterprise && { enterprise_id: team.enterprise.id }),
    is_enterprise_install: false,
  }),
  'users.info'(call) {
    needs(call.team, 'users:read')
    const user = userOf(call, call.params.user)
    const withLocale = String(call.params.include_locale) === 'true'
    const isStranger = user.teamId !== call.team.id
    return { user: { ...userJson(user), ...(withLocale && { locale: user.locale }), ...(isStranger && { is_stranger: true }) } }
  },
  'conversations.info'(call) {
    const channel = channelOf(call)
    if (channel.dmWith === undefined) needs(call.team, channel.isPrivate ? 'groups:read' : 'channels:read')
    const isIm = channel.dmWith !== undefined
    return {
      channel: {
        id: channel.id,
        ...(isIm ? { user: channel.dmWith } : { name: channel.name, name_normalized: channel.name, is_member: channel.botIn }),
        is_channel: !isIm && !channel.isPrivate,
        is_group: false,
        is_im: isIm,
        is_mpim: false,
        is_archived: channel.archived,
        is_general: channel.isGeneral,
        is_private: channel.isPrivate || isIm,
        is_shared: channel.sharedWith.size > 0,
        is_ext_shared: channel.sharedWith.size > 0,
        is_read_only: channel.readOnly,
        context_team_id: call.team.id,
      },
    }
  },
  'conversations.history': history,
  'chat.postMessage'(call) {
    const channel = writable(call)
    const message = post(call.world, call.team, channel, call.params)
    return { channel: channel.id, ts: message.ts, message: messageJson(call.world, message) }
  },
  'chat.update'(call) {
    const { channel, message } = ownMessage(call)
    if (message.botId !== call.team.botId) throw new Refusal('cant_update_message')
    if (channel.archived) throw new Refusal('is_inactive')
    change(call.world, call.team, message, call.params)
    return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(call.world, message) }
  },
  'chat.delete'(call) {
    const { channel, message } = ownMessage(call)
    if (message.botId !== call.team.botId) throw new Refusal('cant_delete_message')
    message.gone = true
    return { channel: channel.id, ts: message.ts }
  },
  'chat.postEphemeral'(call) {
    const channel = writable(call)
    const user = userOf(call, call.params.user)
    if (user.deleted) throw new Refusal('user_not_in_channel')
    return { message_ts: post(call.world, call.team, channel, call.params, { to: user.id }).ts }
  },
  'views.open': (call) => opened(call, 'open'),
  'views.push': (call) => opened(call, 'push'),
  'views.update': ({ world, team, params }) => ({ view: viewJson(update(world, team, params.view_id, params.view, params.hash)) }),
  'views.publish'(call) {
    const user = userOf(call, call.params.user_id)
    return { view: viewJson(publish(call.world, call.team, user.id, call.params.view, call.params.hash)) }
  },
  'files.getUploadURLExternal'({ world, team, params, baseUrl }) {
    needs(team, 'files:write')
    const length = Number(params.length)
    if (typeof params.filename !== 'string' || !(length > 0)) throw new Refusal('invalid_arguments')
    const [id, uploadKey] = [newId('F'), secret()]
    const [name, alt] = [params.filename, typeof params.alt_text === 'string' ? params.alt_text : undefined]
    world.files.set(id, {
      ...{ id, teamId: team.id, name, title: name, alt, length, uploadKey },
      ...{ bytes: undefined, complete: false, readyAt: 0, deleted: false },
    })
    return { upload_url: `${baseUrl}/upload/${uploadKey}`, file_id: id }
  },
  'files.completeUploadExternal': complete,
  'files.info'(call) {
    needs(call.team, 'files:read')
    ownFile(call, call.params.file)
    return { file: fileJson(call, call.params.file) }
  },
  'files.delete'(call) {
    needs(call.team, 'files:write')
    const file = ownFile(call, call.params.file)
    if (file.deleted) throw new Refusal('file_deleted')
    file.deleted = true
    return {}
  },
}

function opened({ world, team, params }: Call, how: 'open' | 'push'): Json {
  const { userId, act } = world.take(team, String(params.trigger_id))
  return { view: viewJson(open(world, { team, userId, act }, params.view, how)) }
}

/** The one method without a token: a code for one. */
export function access(world: World, params: Json, clientId: string, clientSecret: string): Json {
  if (params.client_id !== clientId) throw new Refusal('invalid_client_id')
  if (params.client_secret !== clientSecret) throw new Refusal('bad_client_secret')
  const given = world.codes.get(String(params.code))
  if (!given) throw new Refusal('invalid_code')
  world.codes.delete(String(params.code))
  const { team, userId, scope, orgWide } = given
  if (team.tokenError !== undefined) team.token = `xoxb-${secret()}`
  team.tokenError = undefined
  if (orgWide) world.orgTokens.add(team.token)
  return {
    ...{ app_id: appId, authed_user: { id: userId }, scope, token_type: 'bot', access_token: team.token, bot_user_id: team.bot.id },
    team: orgWide ? null : { id: team.id, name: team.name },
    enterprise: team.enterprise ?? null,
    is_enterprise_install: orgWide,
  }
}
