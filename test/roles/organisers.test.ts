import { expect, test } from 'vitest'
import { morningClub as morningOnDiscord, typesClub } from '../discord/life.ts'
import { permission, usualMemberPermissions } from '../support/discord/wire.ts'
import { messageOf as seenOnDiscord } from '../support/discordClub.ts'
import { messageOf as seenOnSlack, slackClub } from '../support/slackClub.ts'
import { waysIn } from './table.ts'

const refusal = 'Only organisers can do this.'

test('on Discord: whoever may manage the server, holds the role, or was named', async () => {
  const club = await morningOnDiscord({ server: { roles: [{ name: 'crew' }, { name: 'admin' }] } })
  const { discord, guild, owner } = club
  const [crew, admin] = guild.roles
  if (!crew || !admin) throw new Error('the server has two roles')
  const person = (name: string, more: { permissions?: bigint; roles?: string[] } = {}, where = guild) =>
    discord.person({ guild: where, name, ...more })
  const organises = async (who: ReturnType<typeof person>) => {
    const { embeds, text } = seenOnDiscord(await typesClub(who))
    expect(embeds[0]?.title ?? text).toMatch(new RegExp(`^(The club|${refusal})$`))
    return text !== refusal
  }
  const kim = person('Kim', { roles: [crew.id] })
  const nia = person('Nia')
  expect([await organises(kim), await organises(nia)]).toEqual([false, false])
  await owner.types('/클럽', { 설정할것: '운영자역할', 역할: crew })
  await owner.types('/클럽', { 할일: '운영자 정하기', 누구: nia })
  const elsewhere = await club.server('다른 서버')

  expect({
    setting: await organises(person('host')),
    permission: await organises(person('Eve', { permissions: permission.administrator })),
    role: await organises(kim),
    named: await organises(nia),
    founder: await organises(person('First', {}, elsewhere.guild)),
  }).toEqual(waysIn('discord'))

  expect(await organises(person('Max', { permissions: usualMemberPermissions | permission.manageGuild }))).toBe(true)
  const others = ~(permission.administrator | permission.manageGuild) & ((1n << 46n) - 1n)
  for (const who of [
    person('Lee', { roles: [admin.id] }),
    person('Ann', { permissions: others }),
    person('Nia'),
    person('운영자'),
    // Known in the one server, and in no other.
    person('Kim', { roles: [crew.id] }, elsewhere.guild),
  ])
    expect([who.name, await organises(who)]).toEqual([who.name, false])
})

test('on Slack: owners and admins of the workspace, the first who asks, and whoever was named', async () => {
  const club = await slackClub()
  const { team, channel } = club.workspace()
  const neighbours = club.slack.team()
  const shared = team.addChannel({ name: 'shared', sharedWith: neighbours })
  type Options = Omit<Parameters<typeof club.slack.person>[0], 'team' | 'name'>
  const person = (name: string, more: Options = {}) => club.slack.person({ team, name, locale: 'en-US', ...more })
  const organises = async (who: ReturnType<typeof person>, where = channel) => {
    const { words, buttons } = seenOnSlack(await who.types('/1p club', { channel: where }))
    expect(words === refusal || buttons.includes('Change')).toBe(true)
    return words !== refusal
  }
  const fromElsewhere = person('Ina', { homeTeam: neighbours, admin: true })
  expect(await organises(person('Gus', { guest: true }))).toBe(false)
  expect(await organises(fromElsewhere, shared)).toBe(false)
  const first = person('First')
  const founder = await organises(first)
  const nia = person('Nia')
  expect(await organises(nia)).toBe(false)
  expect(seenOnSlack(await first.types('/1p club organiser-role @crew|S0CREW')).words).toContain('another platform')
  await first.types(`/1p club organiser @${nia.handle}`)

  expect({
    setting: await organises(person('host')),
    permission: await organises(person('Adam', { admin: true })),
    role: await organises(person('Crew')),
    named: await organises(nia),
    founder,
  }).toEqual(waysIn('slack'))

  expect(await organises(person('Olga', { owner: true }))).toBe(true)
  for (const who of [person('First'), person('Nia'), person('Gil', { guest: true, admin: true })])
    expect([who.name, await organises(who)]).toEqual([who.name, false])
  expect(await organises(fromElsewhere, shared)).toBe(false)
})
