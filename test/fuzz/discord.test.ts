import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { morningClub } from '../discord/life.ts'
import { snowflake } from '../support/discord/wire.ts'
import { changedJson, expectClear, expectUnpolluted, oddJson, oddText, runs } from './odd.ts'

afterAll(expectUnpolluted)

/** What Discord sends when somebody types, presses, sends a form in, or is typing. */
function samples(guild: string, channel: string, application: string): Record<string, unknown>[] {
  const user = { id: '200000000000000001', username: 'mina', global_name: '미나' }
  const base = {
    id: '',
    application_id: application,
    token: 'a-token',
    version: 1,
    guild_id: guild,
    channel: { id: channel, type: 0 },
    locale: 'ko',
    app_permissions: '2147600384',
    member: { user, nick: null, roles: ['300000000000000001'], permissions: '2147483647' },
  }
  const options = [
    { name: 'action', type: 3, value: 'excuse' },
    { name: 'member', type: 6, value: user.id },
    { name: 'day', type: 3, value: '2026-11-26' },
    { name: 'reason', type: 3, value: '정전' },
  ]
  const resolved = {
    users: { [user.id]: user },
    members: { [user.id]: { nick: '미' } },
    roles: { '300000000000000001': { mentionable: false } },
  }
  const typed = (name: string, given: object[] = [], type = 2) => ({
    ...base,
    type,
    data: { id: '1', type: 1, name, options: given, resolved },
  })
  return [
    typed('checkin', [{ name: 'note', type: 3, value: '한 줄' }]),
    typed('club', options),
    { ...typed('leaderboard', [{ name: 'by', type: 3, value: 'week' }]), locale: 'en-US' },
    { ...typed('streak', [{ name: 'member', type: 6, value: '5' }]), locale: 'en-US' },
    typed('lesson', [{ name: 'which', type: 3, value: '1', focused: true }], 4),
    { ...base, type: 3, data: { component_type: 2, custom_id: '1:why' }, message: { id: '7', flags: 64 } },
    { ...base, type: 3, data: { component_type: 2, custom_id: '1:share:streak' }, message: { id: '7', flags: 0 } },
    {
      ...base,
      type: 5,
      data: { custom_id: '1:form:checkin', components: [{ type: 18, component: { type: 4, custom_id: 'note', value: '한 줄' } }] },
    },
    {
      ...base,
      type: 5,
      data: { custom_id: '1:change', components: [{ type: 1, components: [{ type: 3, custom_id: 'set', values: ['zone'] }] }] },
    },
    { id: '1', application_id: application, type: 1, token: 'a', version: 1 },
  ]
}

test('whatever Discord’s signature is on is answered, or said to be no interaction', { timeout: 600_000 }, async () => {
  const club = await morningClub({ transport: 'http' })
  const { discord, guild, channel, endpoint } = club
  const send = (body: string) =>
    fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json', ...discord.sign(body) }, body })
  const whole = changedJson(samples(guild.id, channel.id, discord.applicationId))
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: oddJson }), async (sent) => {
      // Each is new, unless its id is what was changed.
      const { id, locale } = typeof sent === 'object' && sent !== null ? (sent as Record<string, unknown>) : {}
      const body = JSON.stringify(id === '' ? { ...(sent as object), id: snowflake(Date.now()) } : sent) ?? ''
      const answer = await send(body)
      expect([200, 400]).toContain(answer.status)
      const said = (await answer.json()) as { type?: number; error?: string; data?: { content?: string; embeds?: unknown[] } }
      if (answer.status === 400) expect(said).toEqual({ error: 'this is no interaction' })
      else expect(said.type).toBeGreaterThan(0)
      if (said.data?.content && said.data.embeds?.length === 0 && (locale === 'ko' || locale === 'en-US'))
        expectClear(said.data.content, locale === 'ko' ? 'ko' : 'en')
    }),
    runs(100),
  )
  await fc.assert(
    fc.asyncProperty(oddText, async (body) => {
      const { status } = await send(body.toWellFormed())
      expect([200, 400]).toContain(status)
    }),
    runs(20),
  )
  expect(club.troubles()).toEqual([])
})
