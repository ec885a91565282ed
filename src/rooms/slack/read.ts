// Purpose: a payload of Slack's as what somebody did. Pure. It comes from outside: whatever does not have the documented shape is nobody's.
import { z } from 'zod'
import { plainText } from './commands.ts'
import { inputAction, linkAction } from './draw.ts'

/** The room's name, and what its clubs' ids begin with. */
export const roomName = 'slack'

/** The club of a workspace. */
export const clubOf = (team: string): string => `${roomName}:${team}`
/** The workspace of a club; undefined for another room's. */
export const teamOf = (club: string): string | undefined => (club.startsWith(`${roomName}:`) ? club.slice(roomName.length + 1) : undefined)

/** What a message shortcut is called in the manifest. */
export const noteShortcut = 'note'

/** Who did it, where, and what can be answered to. */
export interface Asked {
  /** The same when the same act comes again. */
  readonly key: string
  /** The workspaces that it may belong to, the likeliest first: in a shared channel there are two. */
  readonly teams: readonly string[]
  readonly user: { readonly id: string; readonly handle?: string; readonly team?: string }
  /** Where a private answer can be shown. */
  readonly channel?: string
  readonly responseUrl?: string
  /** Opens one view, for three seconds. */
  readonly trigger?: string
  /** The view that it was done in. */
  readonly view?: { readonly id: string; readonly kind: 'home' | 'modal' }
  /** When it was done by Slack's clock, epoch ms. */
  readonly at?: number
}

export type Incoming =
  | { readonly kind: 'typed'; readonly asked: Asked; readonly slash: string; readonly text: string }
  | { readonly kind: 'pressed'; readonly asked: Asked; readonly press: string; readonly underPrivate: boolean }
  | { readonly kind: 'sent'; readonly asked: Asked; readonly press: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly kind: 'noted'; readonly asked: Asked; readonly note: string; readonly isOwn: boolean }
  | { readonly kind: 'home'; readonly asked: Asked }
  | { readonly kind: 'changed'; readonly team: string; readonly user: string; readonly left: boolean }
  /** From a workspace, or from a whole organisation. */
  | { readonly kind: 'removed'; readonly from: string }
  /** To be acknowledged, and nothing more. */
  | { readonly kind: 'nothing' }

const id = z.string().regex(/^[A-Z0-9]{2,24}$/)
const stamp = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/)
const team = z.object({ id }).nullish()

const command = z.object({
  command: z.string().min(2),
  text: z.string().default(''),
  team_id: id.optional(),
  enterprise_id: id.optional(),
  channel_id: id,
  user_id: id,
  user_name: z.string().optional(),
  response_url: z.url(),
  trigger_id: z.string().min(1),
})

const user = z.object({ id, username: z.string().optional(), name: z.string().optional(), team_id: id.optional() })
const base = { user, team, enterprise: team, trigger_id: z.string().min(1), response_url: z.url().optional() }
const view = z.object({
  id: z.string().min(1),
  type: z.enum(['home', 'modal']),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  app_installed_team_id: id.optional(),
})

const blockActions = z.object({
  ...base,
  type: z.literal('block_actions'),
  container: z.object({
    type: z.string(),
    channel_id: id.optional(),
    message_ts: stamp.optional(),
    is_ephemeral: z.boolean().default(false),
  }),
  channel: z.object({ id }).nullish(),
  view: view.optional(),
  actions: z.array(z.object({ action_id: z.string().min(1), block_id: z.string().optional(), action_ts: stamp })).min(1),
})

const input = z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() })
const submission = z.object({
  ...base,
  type: z.literal('view_submission'),
  view: view.extend({ state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }) }),
})

const shortcut = z.object({
  ...base,
  type: z.literal('message_action'),
  callback_id: z.string(),
  action_ts: stamp,
  channel: z.object({ id }),
  message: z.object({ user: id.optional(), text: z.string().default('') }),
})

const event = z.object({
  type: z.literal('event_callback'),
  team_id: id.nullish(),
  enterprise_id: id.nullish(),
  event_id: z.string().min(1),
  authorizations: z.array(z.object({ is_enterprise_install: z.boolean().default(false) })).default([]),
  event: z.discriminatedUnion('type', [
    z.object({ type: z.literal('app_home_opened'), user: id, tab: z.string().optional() }),
    z.object({ type: z.literal('user_change'), user: z.object({ id, deleted: z.boolean().default(false) }) }),
    z.object({ type: z.literal('app_uninstalled') }),
    z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).default([]) }).default({ bot: [] }) }),
  ]),
})

/** Where the answer to a form goes: forms come back without any address of their own. */
const origin = z.object({ team: id, channel: id.optional(), url: z.url().optional() })
export type Origin = z.infer<typeof origin>

/** Undefined for what has not the documented shape. */
export function readPayload(raw: unknown): Incoming | undefined {
  const { data: typed } = command.safeParse(raw)
  if (typed) return readCommand(typed)
  const type = typeof raw === 'object' && raw !== null && 'type' in raw ? raw.type : undefined
  switch (type) {
    case 'block_actions':
      return readPress(blockActions.safeParse(raw).data)
    case 'view_submission':
      return readForm(submission.safeParse(raw).data)
    case 'message_action':
      return readNote(shortcut.safeParse(raw).data)
    case 'event_callback':
      return readEvent(event.safeParse(raw).data)
    case 'view_closed':
    case 'shortcut':
    case 'block_suggestion':
      return { kind: 'nothing' }
    default:
      return undefined
  }
}

const idsOf = (...ids: readonly (string | null | undefined)[]): string[] => [...new Set(ids.filter((one) => typeof one === 'string'))]
const msOf = (seconds: string): number => Math.floor(Number(seconds) * 1000)

function readCommand(found: z.infer<typeof command>): Incoming {
  const { team_id, enterprise_id, user_id, user_name, channel_id, response_url, trigger_id } = found
  const asked: Asked = {
    key: `command ${trigger_id}`,
    teams: idsOf(team_id, enterprise_id),
    user: { id: user_id, ...(user_name && { handle: user_name }) },
    channel: channel_id,
    responseUrl: response_url,
    trigger: trigger_id,
  }
  return { kind: 'typed', asked, slash: found.command, text: found.text }
}

type Base = Pick<z.infer<typeof blockActions>, 'user' | 'team' | 'enterprise'>

function personOf({ user: { id, username, name, team_id } }: Base): Asked['user'] {
  const handle = username ?? name
  return { id, ...(handle && { handle }), ...(team_id && { team: team_id }) }
}

const teamsOf = (found: Base, ...first: readonly (string | undefined)[]): string[] =>
  idsOf(...first, found.team?.id, found.user.team_id, found.enterprise?.id)

/** The workspace that a row of buttons was made for, from its block's id (draw.ts). */
const teamOfBlock = (block: string | undefined): string | undefined => /^club-([A-Z0-9]{2,24})$/.exec(block ?? '')?.[1]

function readPress(found: z.infer<typeof blockActions> | undefined): Incoming | undefined {
  const [action] = found?.actions ?? []
  if (!found || !action) return undefined
  if (action.action_id.startsWith(linkAction)) return { kind: 'nothing' }
  const { container, view: within } = found
  const channel = found.channel?.id ?? container.channel_id
  const asked: Asked = {
    key: `action ${found.trigger_id}`,
    teams: teamsOf(found, teamOfBlock(action.block_id), within?.app_installed_team_id),
    user: personOf(found),
    ...(channel && { channel }),
    ...(found.response_url && { responseUrl: found.response_url }),
    trigger: found.trigger_id,
    ...(within && { view: { id: within.id, kind: within.type } }),
    at: msOf(action.action_ts),
  }
  return { kind: 'pressed', asked, press: action.action_id, underPrivate: container.is_ephemeral }
}

function readForm(found: z.infer<typeof submission> | undefined): Incoming | undefined {
  if (!found) return undefined
  const { view: sent } = found
  const { data: from } = origin.safeParse(parsed(sent.private_metadata))
  const asked: Asked = {
    // The same view comes again after an error at a field: only its trigger is new.
    key: `form ${found.trigger_id}`,
    teams: teamsOf(found, from?.team, sent.app_installed_team_id),
    user: personOf(found),
    ...(from?.channel && { channel: from.channel }),
    ...(from?.url && { responseUrl: from.url }),
    trigger: found.trigger_id,
    view: { id: sent.id, kind: sent.type },
  }
  const given = Object.entries(sent.state.values).map(([field, values]) => {
    const one = values[inputAction]
    return [field, one?.selected_option?.value ?? one?.value ?? undefined]
  })
  return { kind: 'sent', asked, press: sent.callback_id, input: Object.fromEntries(given) }
}

function readNote(found: z.infer<typeof shortcut> | undefined): Incoming | undefined {
  if (!found) return undefined
  if (found.callback_id !== noteShortcut) return { kind: 'nothing' }
  const asked: Asked = {
    key: `shortcut ${found.trigger_id}`,
    teams: teamsOf(found),
    user: personOf(found),
    channel: found.channel.id,
    ...(found.response_url && { responseUrl: found.response_url }),
    trigger: found.trigger_id,
    at: msOf(found.action_ts),
  }
  return { kind: 'noted', asked, note: plainText(found.message.text), isOwn: found.message.user === found.user.id }
}

function readEvent(found: z.infer<typeof event> | undefined): Incoming {
  const teams = idsOf(found?.team_id, found?.enterprise_id)
  const [first] = teams
  if (!found || first === undefined) return { kind: 'nothing' }
  const { event: told } = found
  const from = found.authorizations.some((one) => one.is_enterprise_install) ? (found.enterprise_id ?? first) : first
  switch (told.type) {
    case 'app_home_opened':
      return told.tab === 'home' || told.tab === undefined
        ? { kind: 'home', asked: { key: `event ${found.event_id}`, teams, user: { id: told.user } } }
        : { kind: 'nothing' }
    case 'user_change':
      return { kind: 'changed', team: first, user: told.user.id, left: told.user.deleted }
    case 'tokens_revoked':
      // Tokens of people are none of ours.
      return told.tokens.bot.length > 0 ? { kind: 'removed', from } : { kind: 'nothing' }
    case 'app_uninstalled':
      return { kind: 'removed', from }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
