import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ours } from '../features/life.ts'
import { snowflake } from '../support/discord/wire.ts'
import { type DiscordClub, discordClub } from '../support/discordClub.ts'

const note = '오늘은 커널의 일을 읽었다'
const member = '200000000000000001'

/** A club whose interactions come by HTTP, and requests to it as anybody on the internet may send them. */
async function endpoint() {
  const club = await discordClub({ transport: 'http', courses: ours })
  const { guild, channel, club: id } = await club.server()
  const { discord } = club
  const send = (body: NonNullable<RequestInit['body']>, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(club.endpoint, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, ...init })
  return {
    club,
    send,
    /** A check-in, as Discord sends it. */
    checkin: (given: object = {}) =>
      JSON.stringify({
        id: snowflake(Date.now()),
        application_id: discord.applicationId,
        type: 2,
        token: 'a-token',
        version: 1,
        data: { id: '1', type: 1, name: 'checkin', options: [{ name: 'note', type: 3, value: note }] },
        guild_id: guild.id,
        channel: { id: channel.id, type: 0 },
        locale: 'ko',
        app_permissions: '0',
        member: { user: { id: member, username: 'mina', global_name: '미나' }, nick: null, roles: [], permissions: '0' },
        ...given,
      }),
    /** Signed so many seconds ago. */
    signed: (body: string, secondsAgo = 0) => discord.sign(body, String(Math.floor(Date.now() / 1000) - secondsAgo)),
    /** What the member did here; a server has no club before somebody spoke. */
    acts: async () => ((await club.store.clubs()).includes(id) ? club.store.acts(id, member) : []),
  }
}

/** What the operator is told of requests that were refused. */
const refusals = ({ logged }: DiscordClub) =>
  logged
    .filter(({ msg }) => msg === 'discord: a request without a good signature was refused')
    .map(({ level, refusal }) => [level, refusal])

const warning = 40

test('Discord’s first question is answered, and a forged one is not: that is how Discord tries an endpoint', async () => {
  const { club } = await endpoint()
  expect(await club.discord.httpPing(club.endpoint)).toEqual({ status: 200, body: '{"type":1}' })
  expect((await club.discord.httpPing(club.endpoint, { forged: true })).status).toBe(401)
  expect(refusals(club)).toEqual([[warning, 'a signature that does not fit']])
})

test('what Discord signed is done and answered', async () => {
  const { club, checkin, signed, send, acts } = await endpoint()
  const body = checkin()
  const answer = await send(body, signed(body))
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ type: 4, data: { flags: 64, embeds: [{ title: expect.any(String) }] } })
  expect((await acts()).map(({ kind, note }) => [kind, note])).toEqual([['checkin', note]])
  expect(refusals(club)).toEqual([])
})

describe('nothing is done for', () => {
  type Head = Record<string, string>
  type Forgery = (body: string, signed: Head) => { body?: string; head: Head }
  const stranger = generateKeyPairSync('ed25519').privateKey
  const signature = 'x-signature-ed25519'
  const timestamp = 'x-signature-timestamp'
  const without = (head: Head, name: string): Head => Object.fromEntries(Object.entries(head).filter(([key]) => key !== name))
  const none = 'no signature'
  const wrong = 'a signature that does not fit'

  const forgeries: Record<string, [string, Forgery]> = {
    'another key': [
      wrong,
      (body, head) => ({
        head: { ...head, [signature]: signBytes(null, Buffer.from(`${head[timestamp]}${body}`), stranger).toString('hex') },
      }),
    ],
    'a body that was altered': [wrong, (body, head) => ({ body: body.replace('미나', '민아'), head })],
    'a body with a blank at its end': [wrong, (body, head) => ({ body: `${body} `, head })],
    'a body that is empty': [wrong, (_, head) => ({ body: '', head })],
    'a time that was altered': [wrong, (_, head) => ({ head: { ...head, [timestamp]: String(Number(head[timestamp]) + 1) } })],
    'a time with a digit from the body': [
      wrong,
      (body, head) => ({ body: body.slice(1), head: { ...head, [timestamp]: `${head[timestamp]}0` } }),
    ],
    'a time with a zero before it': [wrong, (_, head) => ({ head: { ...head, [timestamp]: `0${head[timestamp]}` } })],
    'no headers': [none, () => ({ head: {} })],
    'no signature': [none, (_, head) => ({ head: without(head, signature) })],
    'no time': [none, (_, head) => ({ head: without(head, timestamp) })],
    'an empty signature': [none, (_, head) => ({ head: { ...head, [signature]: '' } })],
    'an empty time': [none, (_, head) => ({ head: { ...head, [timestamp]: '' } })],
    'a signature that is too short': [none, (_, head) => ({ head: { ...head, [signature]: head[signature]?.slice(1) ?? '' } })],
    'a signature that is too long': [none, (_, head) => ({ head: { ...head, [signature]: `${head[signature]}00` } })],
    'a signature that is no hex': [none, (_, head) => ({ head: { ...head, [signature]: 'z'.repeat(128) } })],
    'two signatures': [none, (_, head) => ({ head: { ...head, [signature]: `${head[signature]}, ${head[signature]}` } })],
    'a signature of zeros': [wrong, (_, head) => ({ head: { ...head, [signature]: '0'.repeat(128) } })],
    'a time in words': [none, (_, head) => ({ head: { ...head, [timestamp]: 'now' } })],
    'a time before 1970': [none, (_, head) => ({ head: { ...head, [timestamp]: '-1' } })],
    'a time in the form of a float': [none, (_, head) => ({ head: { ...head, [timestamp]: '1e9' } })],
    'a time without end': [none, (_, head) => ({ head: { ...head, [timestamp]: '9'.repeat(400) } })],
  }

  test.each(Object.entries(forgeries))('%s', async (_, [why, forge]) => {
    const { club, checkin, signed, send, acts } = await endpoint()
    const body = checkin()
    const forged = forge(body, signed(body))
    const answer = await send(forged.body ?? body, forged.head)
    expect([answer.status, await answer.json()]).toEqual([401, { error: why }])
    expect(await acts()).toEqual([])
    expect(refusals(club)).toEqual([[warning, why]])
    expect(JSON.stringify(club.logged)).not.toContain(note)
    expect(JSON.stringify(club.logged)).not.toContain('a-token')
    // And the same, as Discord signed it, is done.
    expect((await send(body, signed(body))).status).toBe(200)
    expect(await acts()).toHaveLength(1)
  })

  test('what was signed six minutes ago, or will be in six', async () => {
    const { club, checkin, signed, send, acts } = await endpoint()
    const body = checkin()
    for (const secondsAgo of [360, -360, 86_400, 10 * 365 * 86_400]) expect((await send(body, signed(body, secondsAgo))).status).toBe(401)
    expect(await acts()).toEqual([])
    expect(refusals(club)).toEqual(Array(4).fill([warning, 'a signature that is too old']))
  })

  test('and clocks may differ by less than five minutes', async () => {
    const { checkin, signed, send, acts } = await endpoint()
    for (const secondsAgo of [290, -290]) {
      const body = checkin()
      expect((await send(body, signed(body, secondsAgo))).status).toBe(200)
    }
    expect(await acts()).toHaveLength(2)
  })
})

describe('what Discord signed and is no interaction', () => {
  test('is refused, and the endpoint goes on', async () => {
    const { club, checkin, signed, send, acts } = await endpoint()
    const odd = ['', '{', 'null', '[]', '"hello"', '{}', '{"type":2}', checkin({ token: 7 }), checkin({ id: 'x' }), `${checkin()}}`]
    for (const body of odd) {
      const answer = await send(body, signed(body))
      expect([body, answer.status, await answer.json()]).toEqual([body, 400, { error: 'this is no interaction' }])
    }
    expect(await acts()).toEqual([])
    expect(refusals(club)).toEqual([])
    expect(JSON.stringify(club.logged)).not.toContain(note)
    const body = checkin()
    expect((await send(body, signed(body))).status).toBe(200)
  })

  test('the signature is looked at first: nothing is read of what is not Discord’s', async () => {
    const { club, signed, send } = await endpoint()
    for (const body of ['{', 'null', '{"type":1}']) {
      expect((await send(body, {})).status).toBe(401)
      expect((await send(body, signed('something else'))).status).toBe(401)
    }
    expect(club.logged.filter(({ msg }) => String(msg).includes('documented shape'))).toEqual([])
  })

  test('bytes that are no text count as they are', async () => {
    const { club, send } = await endpoint()
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d])
    // The signature is of the text that the bytes would be read as, and not of the bytes.
    expect((await send(bytes, club.discord.sign(bytes.toString('utf8')))).status).toBe(401)
  })
})

describe('a body of more than a mebibyte', () => {
  test.each(['that tells its length', 'that does not'])('%s is turned away', async (which) => {
    const { checkin, signed, send, acts } = await endpoint()
    const fits = checkin({ padding: 'x'.repeat(1000 * 1024) })
    expect((await send(fits, signed(fits))).status).toBe(200)
    const long = checkin({ padding: 'x'.repeat(1024 * 1024) })
    const told = which === 'that tells its length'
    const answer = told
      ? await send(long, signed(long))
      : await send(new Blob([long]).stream(), signed(long), { duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(413)
    expect(await acts()).toHaveLength(1)
  })
})

test('the same interaction twice acts once and gets the same answer', async () => {
  const { checkin, signed, send, acts, club } = await endpoint()
  const body = checkin()
  const first = await (await send(body, signed(body))).json()
  expect(await (await send(body, signed(body, 10))).json()).toEqual(first)
  const other = checkin()
  const both = await Promise.all([0, 1, 2].map(async () => (await send(other, signed(other))).json()))
  expect(both).toEqual([both[0], both[0], both[0]])
  expect(both[0]).not.toEqual(first)
  expect(await acts()).toHaveLength(2)
  expect(club.troubles()).toEqual([])
})

test('other addresses and other ways of asking are nothing here', async () => {
  const { club, checkin, signed, acts } = await endpoint()
  const body = checkin()
  const { origin } = new URL(club.endpoint)
  for (const path of ['/', '/discord', '/discord/interactions/', '/discord/interactions/1', '/Discord/Interactions', '/api/call'])
    expect([path, (await fetch(`${origin}${path}`, { method: 'POST', headers: signed(body), body })).status]).toEqual([path, 404])
  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH']) {
    const takesBody = method === 'PUT' || method === 'PATCH'
    const answer = await fetch(club.endpoint, { method, headers: signed(body), ...(takesBody && { body }) })
    expect([method, answer.status]).toEqual([method, 404])
  }
  expect(await acts()).toEqual([])
})
