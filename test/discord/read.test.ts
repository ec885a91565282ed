import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPlainName, nameMax } from '../../src/chat/name.ts'
import { lengthOf } from '../../src/chat/plain.ts'
import type { Call, Need } from '../../src/chat/room.ts'
import { clubOf, guildOf, lacksOf, readInteraction } from '../../src/rooms/discord/read.ts'
import { permission, snowflake, usualBotPermissions } from '../support/discord/wire.ts'

const [guild, channel, mina, jihun, role] = ['1000', '2000', '3000', '4000', '5000'] as const
const { administrator, manageGuild } = permission
const at = Date.parse('2026-11-24T08:00:00.123+09:00')

const user = { id: mina, username: 'mina', global_name: '미나' }
const command = {
  id: snowflake(at),
  application_id: '9000',
  type: 2,
  token: 'a-token',
  version: 1,
  locale: 'ko',
  guild_id: guild,
  channel: { id: channel, type: 0 },
  app_permissions: String(usualBotPermissions),
  member: { user, nick: null as string | null, roles: [role], permissions: '0' },
  data: { id: '1', type: 1, name: 'checkin', options: [{ name: 'note', type: 3, value: '한 줄' }] as object[] },
}
const press = {
  ...command,
  type: 3,
  message: { id: '7000', flags: 0 },
  data: { component_type: 2, custom_id: '1:today' },
}

/** The call that comes of it. Throws when it is none. */
function callOf(raw: unknown): Call {
  const found = readInteraction(raw)
  if (found?.kind !== 'call') throw new Error(`no call, but ${JSON.stringify(found)}`)
  return found.call
}

describe('what comes in', () => {
  test('a command', () => {
    expect(readInteraction(command)).toEqual({
      kind: 'call',
      asked: { id: command.id, token: 'a-token', application: '9000', locale: 'ko', at },
      underPrivate: false,
      isForm: false,
      call: {
        room: 'discord',
        club: 'discord:1000',
        member: { id: mina, name: '미나' },
        organiser: false,
        roles: [role],
        locale: 'ko',
        place: { channel, lacks: [] },
        at,
        act: { command: 'checkin', input: { note: '한 줄' } },
      },
    })
  })

  test('a command about people and roles, by their ids, and what the people are called', () => {
    const options = [
      { name: 'action', type: 3, value: 'organiser' },
      { name: 'member', type: 6, value: jihun },
      { name: 'role', type: 8, value: role },
      { name: 'count', type: 4, value: 7 },
    ]
    const resolved = {
      users: { [jihun]: { id: jihun, username: 'jihun', global_name: 'Jihun' }, [mina]: user },
      members: { [jihun]: { nick: '지훈' } },
    }
    const call = callOf({ ...command, data: { ...command.data, options, resolved } })
    expect(call.act).toEqual({ command: 'checkin', input: { action: 'organiser', member: jihun, role } })
    expect(call.names).toEqual({ [jihun]: '지훈', [mina]: '미나' })
  })

  test('a button, and whether it was under a private answer', () => {
    expect(callOf(press).act).toEqual({ press: '1:today', input: {} })
    expect(readInteraction(press)).toMatchObject({ underPrivate: false })
    expect(readInteraction({ ...press, message: { id: '7000', flags: 64 } })).toMatchObject({ underPrivate: true })
    expect(readInteraction({ ...press, message: { id: '7000', flags: 64 | 32 } })).toMatchObject({ underPrivate: true })
    expect(readInteraction({ ...press, message: undefined })).toMatchObject({ underPrivate: false })
  })

  test('a form, in the new frame and in the old one', () => {
    const form = (components: object[]) => callOf({ ...command, type: 5, data: { custom_id: '1:change', components } }).act
    const line = { type: 4, custom_id: 'to', value: 'en' }
    const choice = { type: 3, custom_id: 'set', values: ['language'] }
    const both = { press: '1:change', input: { set: 'language', to: 'en' } }
    expect(
      form([
        { type: 18, component: choice },
        { type: 18, component: line },
      ]),
    ).toEqual(both)
    expect(
      form([
        { type: 1, components: [choice] },
        { type: 1, components: [line] },
      ]),
    ).toEqual(both)
    expect(form([{ type: 10 }, { type: 18, component: { type: 3, custom_id: 'set', values: [] } }])).toEqual({
      press: '1:change',
      input: { set: undefined },
    })
  })

  test('what is being typed, and where the cursor is', () => {
    const options = [
      { name: 'set', type: 3, value: 'zone' },
      { name: 'to', type: 3, value: 'seo', focused: true },
    ]
    const data = { ...command.data, name: 'club', options }
    expect(readInteraction({ ...command, type: 4, data })).toMatchObject({
      kind: 'typing',
      typing: { field: 'to', call: { act: { command: 'club', input: { set: 'zone', to: 'seo' } } } },
    })
    expect(readInteraction({ ...command, type: 4, data: { ...data, options: options.slice(0, 1) } })).toMatchObject({ kind: 'elsewhere' })
  })

  test('Discord’s question whether anybody is there', () => {
    expect(readInteraction({ type: 1 })).toEqual({ kind: 'ping' })
    expect(readInteraction({ ...command, type: 1 })).toEqual({ kind: 'ping' })
  })

  test('a direct message, another kind of command, and kinds that are still to be invented', () => {
    const { member, guild_id, ...direct } = command
    for (const raw of [
      { ...direct, user },
      { ...direct, guild_id },
      { ...direct, member },
      { ...command, data: { ...command.data, type: 2 } },
      { ...command, data: { ...command.data, name: undefined } },
      { ...command, data: undefined },
      { ...command, type: 6 },
      { ...command, type: 99 },
    ])
      expect(readInteraction(raw)).toMatchObject({ kind: 'elsewhere', asked: { id: command.id, token: 'a-token' } })
  })
})

describe('what is refused', () => {
  const odd: Record<string, unknown> = {
    'no id': { ...command, id: undefined },
    'an id in words': { ...command, id: 'mina' },
    'an id as a number': { ...command, id: 7 },
    'an id of 21 digits': { ...command, id: '1'.repeat(21) },
    'a negative id': { ...command, id: '-1' },
    'no token': { ...command, token: undefined },
    'an empty token': { ...command, token: '' },
    'no application': { ...command, application_id: undefined },
    'a type in words': { ...command, type: '2' },
    'a guild that is none': { ...command, guild_id: '../1' },
    'a member without a user': { ...command, member: { ...command.member, user: undefined } },
    'a member who is a number': { ...command, member: { ...command.member, user: { ...user, id: 3000 } } },
    'a member without a name': { ...command, member: { ...command.member, user: { id: mina } } },
    'permissions that are none': { ...command, member: { ...command.member, permissions: 'all' } },
    'permissions below nothing': { ...command, member: { ...command.member, permissions: '-8' } },
    'a role that is none': { ...command, member: { ...command.member, roles: ['admin'] } },
    'a channel that is none': { ...command, channel: { id: 'study', type: 0 } },
    'options that are no list': { ...command, data: { ...command.data, options: { note: 'x' } } },
    'an option that is a list': { ...command, data: { ...command.data, options: [{ name: 'note', type: 3, value: ['x'] }] } },
    'a button without id': { ...press, data: { component_type: 2 } },
    'a form without id': { ...command, type: 5, data: { components: [] } },
    'people by names': { ...command, data: { ...command.data, resolved: { users: { mina: user } } } },
  }
  test.each(Object.entries(odd))('%s', (_, raw) => {
    expect(readInteraction(raw)).toBeUndefined()
  })

  test('nothing that could come makes it fall over', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(['undefined', 'object']).toContain(typeof readInteraction(raw))
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(readInteraction(raw)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test('nor one piece of an interaction that is something else: it is refused, or read into what is safe', () => {
    const paths = (value: unknown, path: readonly string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...paths(inner, [...path, key])])
        : []
    const changed = (value: unknown, [key = '', ...rest]: readonly string[], to: unknown): unknown => {
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) }
      Object.assign(copy, { [key]: rest.length === 0 ? to : changed((value as Record<string, unknown>)[key], rest, to) })
      return copy
    }
    const whole = [command, press, { ...command, type: 4 }, { ...command, type: 5, data: { custom_id: '1:change', components: [] } }]
    const piece = fc.constantFrom(...whole.flatMap((raw) => paths(raw).map((path) => ({ raw, path }))))
    fc.assert(
      fc.property(piece, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.bigInt().map(String)), ({ raw, path }, to) => {
        const found = readInteraction(changed(raw, path, to))
        if (found?.kind !== 'call') return
        const { call, asked } = found
        expect(call.club).toMatch(/^discord:\d{1,20}$/)
        expect(call.member.id).toMatch(/^\d{1,20}$/)
        expect(isPlainName(call.member.name)).toBe(true)
        expect(Number.isSafeInteger(asked.at)).toBe(true)
        if (path.at(-1) !== 'permissions') expect(call.organiser).toBe(false)
        for (const value of Object.values(call.act.input)) expect(['string', 'number', 'boolean', 'undefined']).toContain(typeof value)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('who it is', () => {
  const called = (nick: string | null | undefined, global_name: string | null | undefined, username = 'mina_98') =>
    callOf({ ...command, member: { ...command.member, nick, user: { id: mina, username, global_name } } }).member.name

  test('by the name in the server, else of the account, else by the handle', () => {
    expect(called('공부하는 미나', '미나')).toBe('공부하는 미나')
    expect(called(null, '미나')).toBe('미나')
    expect(called(undefined, '미나')).toBe('미나')
    expect(called(null, null)).toBe('mina_98')
    expect(called(undefined, undefined)).toBe('mina_98')
  })

  test('without markup, mentions, tricks and line breaks', () => {
    expect(called('**미나**', null)).toBe('미나')
    expect(called('<@123> @everyone', null)).toBe('123 everyone')
    expect(called('a\u202eb\u200bc', null)).toBe('abc')
    expect(called('  미나 \n 학생  ', null)).toBe('미나 학생')
    expect(called('[미나](https://example.org)', null)).toBe('미나(https example.org)')
    expect(called('미'.repeat(60), null)).toBe('미'.repeat(nameMax))
    expect(called('\ud83d미나', null)).not.toContain('\ud83d')
  })

  test('by the next name when nothing of one is left, and at last a member', () => {
    expect(called('', '미나')).toBe('미나')
    expect(called('\u200b\u3164', '미나')).toBe('미나')
    expect(called('***', '###')).toBe('mina_98')
    expect(called('\u200b', '\u2800', '\u3164')).toBe('member')
    // What is cut off may be all that one would see.
    expect(called(`${'\u0301'.repeat(nameMax)}미나`, '미나')).toBe('미나')
  })

  test('whatever they are called, it can stand in a sentence', () => {
    const odd = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u0301', '\u200b', '\u3164', '*', ' ', '\ud800', '나')), {
      maxLength: 40,
    })
    const anyName = fc.oneof(
      fc.constant(null),
      odd.map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(
        anyName,
        anyName,
        odd.map((parts) => parts.join('')),
        (nick, global, username) => {
          const name = called(nick, global, username)
          expect(isPlainName(name)).toBe(true)
          expect(lengthOf(name, nameMax)).toBeLessThanOrEqual(nameMax)
          expect(name.isWellFormed()).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('who may manage the server organises', () => {
    const organises = (permissions: bigint) =>
      callOf({ ...command, member: { ...command.member, permissions: String(permissions) } }).organiser
    expect([manageGuild, administrator, manageGuild | administrator, (1n << 60n) | manageGuild].map(organises)).toEqual(Array(4).fill(true))
    expect([0n, 1n << 60n, permission.sendMessages, usualBotPermissions].map(organises)).toEqual(Array(4).fill(false))
  })
})

describe('when and where', () => {
  test('an id tells when it was made', () => {
    // https://discord.com/developers/docs/reference#snowflakes
    expect(callOf({ ...command, id: '175928847299117063' }).at).toBe(Date.parse('2016-04-30T11:18:25.796Z'))
    expect(callOf({ ...command, id: '0' }).at).toBe(Date.parse('2015-01-01T00:00:00.000Z'))
    expect(callOf(command).at).toBe(at)
  })

  test('what the club would lack in a channel', () => {
    const all = usualBotPermissions
    const needs: [bigint, Need][] = [
      [permission.viewChannel, 'view'],
      [permission.sendMessages, 'send'],
      [permission.embedLinks, 'embed'],
      [permission.attachFiles, 'attach'],
      [permission.createPublicThreads, 'thread'],
    ]
    for (const [bit, need] of needs) expect(lacksOf(all & ~bit, 0)).toEqual([need])
    expect(lacksOf(all, 0)).toEqual([])
    expect(lacksOf(0n, 0)).toEqual(needs.map(([, need]) => need))
    expect(lacksOf(administrator, 0)).toEqual([])
    const [news, voice, thread, stage, forum] = [5, 2, 11, 13, 15] as const
    expect(lacksOf(all, news)).toEqual([])
    for (const type of [voice, thread, stage, forum]) expect(lacksOf(all, type)).toEqual(['text'])
    expect(lacksOf(administrator, thread)).toEqual(['text'])
    expect(lacksOf(all & ~permission.embedLinks, voice)).toEqual(['text', 'embed'])
  })

  test('where nothing is told of the channel, there is no place; without permissions everything is lacking', () => {
    expect(callOf({ ...command, channel: undefined }).place).toBeUndefined()
    expect(callOf({ ...command, app_permissions: undefined }).place?.lacks).toEqual(['view', 'send', 'embed', 'attach', 'thread'])
  })

  test('a server is a club, and back', () => {
    expect(clubOf(guild)).toBe('discord:1000')
    expect(guildOf('discord:1000')).toBe('1000')
    expect(guildOf('web:club')).toBeUndefined()
    expect(guildOf('discordant:1000')).toBeUndefined()
  })
})
