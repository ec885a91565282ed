import type { GatewayGuildCreateDispatchData } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { greetingChannel } from '../../src/rooms/discord/greeting.ts'
import { everyPermission, permission, usualBotPermissions } from '../support/discord/wire.ts'

const [guild, bot, member, botRole, otherRole] = ['100', '200', '300', '400', '500']
const [text, voice, category, news, forum] = [0, 2, 4, 5, 15]
const { viewChannel, sendMessages, embedLinks, attachFiles, administrator } = permission
const posting = viewChannel | sendMessages | embedLinks

interface Overwrite {
  readonly id: string | undefined
  /** Of a member; of a role unless told. */
  readonly member?: true
  readonly allow?: bigint
  readonly deny?: bigint
}
interface Room {
  readonly id: string
  readonly type?: number | undefined
  readonly position?: number
  readonly overwrites?: readonly Overwrite[]
}

/** A server as Discord tells of it when the bot has joined. */
function server(channels: readonly Room[], { system = null as string | null, everyone = 0n, own = usualBotPermissions, other = 0n } = {}) {
  const role = (id: string | undefined, permissions: bigint) => ({ id, name: id, permissions: String(permissions) })
  return {
    id: guild,
    system_channel_id: system,
    roles: [role(guild, everyone), role(botRole, own), role(otherRole, other)],
    members: [
      { user: { id: bot }, roles: [botRole] },
      { user: { id: member }, roles: [otherRole] },
    ],
    channels: channels.map(({ id, type = text, position = 0, overwrites = [] }) => ({
      id,
      type,
      position,
      name: id,
      permission_overwrites: overwrites.map((one) => ({
        id: one.id,
        type: one.member ? 1 : 0,
        allow: String(one.allow ?? 0n),
        deny: String(one.deny ?? 0n),
      })),
    })),
  } as unknown as GatewayGuildCreateDispatchData
}

const greets = (...given: Parameters<typeof server>) => greetingChannel(server(...given), bot)

describe('where the bot says hello', () => {
  test('in the channel for system messages', () => {
    const rooms = [
      { id: 'rules', position: 0 },
      { id: 'welcome', position: 5 },
      { id: 'general', position: 1 },
    ]
    expect(greets(rooms, { system: 'welcome' })).toBe('welcome')
  })

  test('else in the first text channel from the top, in whatever order they are told', () => {
    const rooms = [
      { id: 'late', position: 9 },
      { id: 'first', position: 1 },
      { id: 'second', position: 2 },
    ]
    expect(greets(rooms)).toBe('first')
    expect(greets(rooms.toReversed())).toBe('first')
    expect(greets(rooms, { system: 'gone' })).toBe('first')
  })

  test('only where text is written: not in voices, categories, news or forums', () => {
    const others = [voice, category, news, forum].map((type, position) => ({ id: `other${type}`, type, position }))
    expect(greets(others)).toBeUndefined()
    expect(greets([...others, { id: 'talk', position: 9 }], { system: 'other5' })).toBe('talk')
  })

  test('nowhere, where there is nothing', () => {
    expect(greets([])).toBeUndefined()
  })

  test('not where a card could not be shown; files and threads are not asked for yet', () => {
    for (const missing of [viewChannel, sendMessages, embedLinks])
      expect(greets([{ id: 'talk' }], { own: usualBotPermissions & ~missing })).toBeUndefined()
    expect(greets([{ id: 'talk' }], { own: posting })).toBe('talk')
    expect(greets([{ id: 'talk' }], { own: usualBotPermissions & ~attachFiles })).toBe('talk')
  })

  test('what everybody may do, the bot may too', () => {
    expect(greets([{ id: 'talk' }], { own: 0n })).toBeUndefined()
    expect(greets([{ id: 'talk' }], { own: 0n, everyone: posting })).toBe('talk')
    expect(greets([{ id: 'talk' }], { own: viewChannel, everyone: sendMessages | embedLinks })).toBe('talk')
    // A role that the bot does not have gives it nothing.
    expect(greets([{ id: 'talk' }], { own: 0n, other: everyPermission })).toBeUndefined()
  })
})

describe('what a channel says otherwise', () => {
  const open = { id: 'open', position: 9 }
  const closed = (...overwrites: Overwrite[]): Room[] => [{ id: 'closed', position: 1, overwrites }, open]

  const cases: Record<string, [overwrites: Overwrite[], expected: string]> = {
    'everybody is kept out': [[{ id: guild, deny: sendMessages }], 'open'],
    'everybody is kept out, and the bot’s role let in': [
      [
        { id: guild, deny: posting },
        { id: botRole, allow: posting },
      ],
      'closed',
    ],
    'the bot’s role is kept out': [[{ id: botRole, deny: viewChannel }], 'open'],
    'another role is kept out': [[{ id: otherRole, deny: posting }], 'closed'],
    'another role is let in where everybody is kept out': [
      [
        { id: guild, deny: viewChannel },
        { id: otherRole, allow: viewChannel },
      ],
      'open',
    ],
    'the bot’s role is kept out, and everybody let in': [
      [
        { id: guild, allow: posting },
        { id: botRole, deny: embedLinks },
      ],
      'open',
    ],
    'one overwrite denies and allows the same': [[{ id: botRole, deny: posting, allow: posting }], 'closed'],
    'the bot itself is kept out, its role let in': [
      [
        { id: botRole, allow: posting },
        { id: bot, member: true, deny: sendMessages },
      ],
      'open',
    ],
    'the bot itself is let in, its role kept out': [
      [
        { id: botRole, deny: posting },
        { id: bot, member: true, allow: posting },
      ],
      'closed',
    ],
    'another member is kept out': [[{ id: member, member: true, deny: posting }], 'closed'],
    'another member is let in where everybody is kept out': [
      [
        { id: guild, deny: posting },
        { id: member, member: true, allow: posting },
      ],
      'open',
    ],
    'the order in which they are told says nothing': [
      [
        { id: bot, member: true, allow: sendMessages },
        { id: botRole, deny: sendMessages },
        { id: guild, allow: sendMessages },
      ],
      'closed',
    ],
  }

  test.each(Object.entries(cases))('%s', (_, [overwrites, expected]) => {
    expect(greets(closed(...overwrites))).toBe(expected)
  })

  test('two roles of the bot’s: what one allows, the other does not take away', () => {
    const data = server(closed({ id: botRole, deny: sendMessages }, { id: otherRole, allow: sendMessages }))
    const both = { ...data, members: [{ ...data.members[0], user: { id: bot }, roles: [botRole, otherRole] }] }
    expect(greetingChannel(both as unknown as GatewayGuildCreateDispatchData, bot)).toBe('closed')
  })

  test('nothing keeps an administrator out', () => {
    const rooms = [
      {
        id: 'closed',
        overwrites: [
          { id: guild, deny: everyPermission },
          { id: bot, member: true as const, deny: everyPermission },
        ],
      },
    ]
    expect(greets(rooms, { own: administrator })).toBe('closed')
    expect(greets(rooms, { own: 0n, everyone: administrator })).toBe('closed')
    expect(greets(rooms, { own: 0n, other: administrator })).toBeUndefined()
  })

  test('the channel for system messages is passed over when it is closed', () => {
    expect(greets(closed({ id: guild, deny: viewChannel }), { system: 'closed' })).toBe('open')
  })

  test('a bot that is not in the list of members has what everybody has', () => {
    const data = { ...server([open], { everyone: posting }), members: [] }
    expect(greetingChannel(data as unknown as GatewayGuildCreateDispatchData, bot)).toBe('open')
  })
})
