// Purpose: how messages and views come to be in the loopback Slack: checked, kept with ids, and noted as seen by whom they are for.
import { brokenMessage, brokenView } from './check.ts'
import {
  appId,
  type Channel,
  isRecord,
  type Json,
  kept,
  type Message,
  newId,
  Refusal,
  secret,
  type Team,
  type View,
  type World,
} from './world.ts'

export interface Content {
  readonly text?: unknown
  readonly blocks?: unknown
  readonly metadata?: unknown
}

function checked(world: World, team: Team, { text, blocks }: Content): void {
  if ((typeof text !== 'string' || text === '') && (!Array.isArray(blocks) || blocks.length === 0)) throw new Refusal('no_text')
  const broken = brokenMessage({ text, ...(blocks !== undefined && { blocks }) }, world.isFile(team))
  if (broken.length > 0) throw new Refusal('invalid_blocks', broken)
}

/** The app writes a message; with `to` only one person sees it. */
export function post(
  world: World,
  team: Team,
  channel: Channel,
  content: Content,
  { to, act, fileIds = [] }: { readonly to?: string; readonly act?: string; readonly fileIds?: string[] } = {},
): Message {
  // A message that is only files has no words of its own.
  if (fileIds.length === 0 || content.blocks !== undefined) checked(world, team, content)
  const message: Message = {
    ts: world.ts(),
    channel,
    teamId: team.id,
    userId: team.bot.id,
    botId: team.botId,
    to,
    text: typeof content.text === 'string' ? content.text : '',
    blocks: kept(content.blocks),
    metadata: isRecord(content.metadata) ? content.metadata : undefined,
    fileIds,
    editedTimes: 0,
    gone: false,
  }
  channel.messages.push(message)
  if (to !== undefined) world.effects.push({ kind: 'message', userId: to, act, message })
  else if (channel.dmWith !== undefined) world.effects.push({ kind: 'dm', userId: channel.dmWith, act, message })
  return message
}

/** What is not given stays, but text without blocks takes the blocks away. */
export function change(world: World, team: Team, message: Message, content: Content, by: { userId?: string; act?: string } = {}): void {
  checked(world, team, content)
  if (typeof content.text === 'string') message.text = content.text
  message.blocks = kept(content.blocks)
  if (isRecord(content.metadata)) message.metadata = content.metadata
  message.editedTimes += 1
  const userId = by.userId ?? message.to
  if (userId !== undefined) world.effects.push({ kind: 'replaced', userId, act: by.act, message })
  else if (message.channel.dmWith !== undefined) world.effects.push({ kind: 'dm', userId: message.channel.dmWith, message })
}

function checkedView(world: World, team: Team, view: unknown, kind: View['kind']): Json {
  const broken = brokenView(view, world.isFile(team))
  if (!isRecord(view) || view.type !== kind) broken.push(`view.type: must be ${kind} here`)
  if (broken.length > 0 || !isRecord(view)) throw new Refusal('invalid_arguments', broken)
  return { ...structuredClone(view), blocks: kept(view.blocks) }
}

const newHash = (): string => `${Math.floor(Date.now() / 1000)}.${secret(4)}`

interface Opening {
  readonly team: Team
  readonly userId: string
  readonly act?: string | undefined
}

/** Opens a modal, alone or on top of those there are. */
export function open(world: World, { team, userId, act }: Opening, body: unknown, how: 'open' | 'push'): View {
  const stack = how === 'push' ? (world.stacks.get(userId) ?? []) : []
  if (how === 'push' && stack.length === 0) throw new Refusal('not_found')
  if (stack.length === 3) throw new Refusal('push_limit_reached')
  const made = checkedView(world, team, body, 'modal')
  const id = newId('V')
  const previousId = stack.at(-1)?.id
  const view: View = { id, kind: 'modal', team, userId, rootId: stack[0]?.id ?? id, previousId, hash: newHash(), body: made }
  world.stacks.set(userId, [...stack, view])
  world.views.set(id, view)
  world.effects.push({ kind: 'modal', userId, act, view })
  return view
}

/** Changes a view that is still on somebody's screen. */
export function update(world: World, team: Team, id: unknown, body: unknown, hash?: unknown, act?: string): View {
  const view = world.views.get(String(id))
  const isShown = view && (world.homeOf(team, view.userId) === view || world.stacks.get(view.userId)?.includes(view))
  if (!view || view.team !== team || !isShown) throw new Refusal('not_found')
  if (hash !== undefined && hash !== '' && hash !== view.hash) throw new Refusal('hash_conflict')
  view.body = checkedView(world, team, body, view.kind)
  view.hash = newHash()
  world.effects.push({ kind: view.kind, userId: view.userId, act, view })
  return view
}

export function publish(world: World, team: Team, userId: string, body: unknown, hash?: unknown): View {
  const there = world.homeOf(team, userId)
  if (there) return update(world, team, there.id, body, hash)
  // The first one has no forerunner that a hash could be of.
  if (hash !== undefined && hash !== '') throw new Refusal('hash_conflict')
  const id = newId('V')
  const made = checkedView(world, team, body, 'home')
  const view: View = { id, kind: 'home', team, userId, rootId: id, previousId: undefined, hash: newHash(), body: made }
  world.homes.set(`${team.id} ${userId}`, view)
  world.views.set(id, view)
  world.effects.push({ kind: 'home', userId, view })
  return view
}

/** A view as payloads and answers carry it. */
export function viewJson(view: View): Json {
  const { body, team } = view
  return {
    id: view.id,
    team_id: team.id,
    type: view.kind,
    blocks: body.blocks,
    private_metadata: body.private_metadata ?? '',
    callback_id: body.callback_id ?? '',
    state: { values: {} },
    hash: view.hash,
    title: body.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: body.clear_on_close ?? false,
    notify_on_close: body.notify_on_close ?? false,
    close: body.close ?? null,
    submit: body.submit ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: appId,
    external_id: body.external_id ?? '',
    app_installed_team_id: team.id,
    bot_id: team.botId,
  }
}

/** A message as payloads and answers carry it. */
export function messageJson(world: World, message: Message, withMetadata = true): Json {
  const files = message.fileIds.flatMap((id) => world.files.get(id) ?? [])
  return {
    type: 'message',
    user: message.userId,
    ts: message.ts,
    text: message.text,
    ...(message.botId !== undefined && { bot_id: message.botId, app_id: appId, team: message.teamId }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.editedTimes > 0 && { edited: { user: message.userId, ts: message.ts } }),
    ...(files.length > 0 && {
      files: files.map(({ id, name, title, deleted }) => ({ id, name, title, mode: deleted ? 'tombstone' : 'hosted' })),
    }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
  }
}
