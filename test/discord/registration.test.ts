import { REST, Routes } from 'discord.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CommandInfo } from '../../src/chat/room.ts'
import { brokenLimits, drawCommands, registerCommands } from '../../src/rooms/discord/commands.ts'
import { ours, testClub } from '../features/life.ts'
import { checkCommands } from '../support/discord/check.ts'
import { startDiscord } from '../support/discord/server.ts'
import { permission, Refusal } from '../support/discord/wire.ts'
import { discordClub, startHere } from '../support/discordClub.ts'
import { flowSteps } from '../support/ourCourse.ts'

type Drawn = ReturnType<typeof drawCommands>
type Command = Drawn[number]
type Option = Extract<NonNullable<Command['options']>[number], { choices?: unknown }>

const infos = async (): Promise<readonly CommandInfo[]> => (await testClub()).app.commandInfos

/** What Discord says to these commands; undefined when it takes them. */
function refusalOf(commands: unknown): string | undefined {
  try {
    checkCommands(commands)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(error.body)
    throw error
  }
}

describe('what a member finds when typing /', () => {
  /** Command, its Korean name, and its options with theirs. */
  const names = {
    today: ['오늘', {}],
    lesson: ['레슨', { which: '번호' }],
    checkin: ['인증', { note: '한줄' }],
    poll: ['투표', {}],
    streak: ['연속', { member: '누구', action: '할일' }],
    leaderboard: ['순위', { by: '기준' }],
    pause: ['휴식', { until: '언제까지' }],
    settings: ['설정', { language: '언어', zone: '시간대', appear: '표시', nickname: '별명' }],
    data: ['내데이터', { action: '할일' }],
    club: ['클럽', { set: '설정할것', to: '값', action: '할일', day: '날짜', member: '누구', reason: '이유', role: '역할' }],
    flow: ['흐름', { version: '버전' }],
    help: ['도움말', {}],
  }
  /** What an option offers: its value, in English and in Korean. */
  const choices = {
    'leaderboard by': ['week/week/이번주', 'season/season/기수', 'run/run/연속', 'total/total/누적'],
    'streak action': ['why/why/이유', 'hide/hide me/숨기기', 'show/show me/보이기', 'off/no record/기록 끄기', 'on/record again/기록 켜기'],
    'settings language': ['ko/한국어/한국어', 'en/English/English'],
    'settings appear': ['name/name/이름', 'nickname/nickname/별명', 'hidden/hidden/숨김', 'none/no record/기록 없음'],
    'data action': ['show/show/보기', 'export/export/받기', 'delete/delete/지우기'],
    'club set': [
      'language/language/언어',
      'zone/time zone/시간대',
      'post-at/post at/올리는시각',
      'day-start/day starts at/하루시작',
      'study-days/study days/공부요일',
      'country/public holidays of/공휴일나라',
      'holidays/own holiday/클럽휴일',
      'poll-at/poll at/투표시각',
      'poll-days/poll days/투표요일',
      'appear/new members appear/새멤버표시',
      'course/course/코스',
      'mention/role to mention/알릴역할',
      'organiser-role/organiser role/운영자역할',
      'threads/threads/스레드',
    ],
    'club action': [
      "post/post today's lesson now/오늘 레슨 바로 올리기",
      'poll/start a poll/투표 열기',
      'pause/pause the club/클럽 쉬기',
      'resume/resume/다시 시작',
      'excuse/excuse a day/하루 봐주기',
      'season/start a new season/새 기수 시작',
      'organiser/name an organiser/운영자 정하기',
      'hide-note/hide shared notes/공유된 한 줄 숨기기',
      'test/preview the next post/다음 글 미리보기',
    ],
  }

  test('the names are ours, in English and in Korean', async () => {
    const drawn = drawCommands(await infos())
    const found = drawn.map(({ name, name_localizations, options = [] }) => [
      name,
      [name_localizations?.ko, Object.fromEntries(options.map((option) => [option.name, option.name_localizations?.ko]))],
    ])
    expect(Object.fromEntries(found)).toEqual(names)
    expect(drawn.map(({ name_localizations }) => Object.keys(name_localizations ?? {}))).toEqual(Array(12).fill(['ko']))
    const offered = drawn.flatMap(({ name, options = [] }) =>
      options.flatMap((option) => {
        const { choices = [] } = option as Option
        return choices.length > 0
          ? [[`${name} ${option.name}`, choices.map((one) => `${one.value}/${one.name}/${one.name_localizations?.ko}`)]]
          : []
      }),
    )
    expect(Object.fromEntries(offered)).toEqual(choices)
  })

  test('no rule is broken, and Discord takes all of it', async () => {
    const drawn = drawCommands(await infos())
    expect(brokenLimits(drawn)).toEqual([])
    expect(refusalOf(drawn)).toBeUndefined()
  })

  test('only what is for organisers asks for a permission, and all of it is for servers', async () => {
    for (const { name, default_member_permissions, contexts, integration_types, nsfw } of drawCommands(await infos())) {
      expect([name, default_member_permissions]).toEqual([name, name === 'club' ? String(permission.manageGuild) : null])
      expect([contexts, integration_types, nsfw]).toEqual([[0], [0], false])
    }
  })

  test('people and roles are picked, a line is as long as it may be, and four fields suggest something', async () => {
    const options = drawCommands(await infos()).flatMap(({ name, options = [] }) =>
      options.map((option) => ({ where: `${name} ${option.name}`, ...option })),
    )
    const [text, user, role] = [3, 6, 8]
    expect(options.filter(({ type }) => type !== text).map(({ where, type }) => [where, type])).toEqual([
      ['streak member', user],
      ['club member', user],
      ['club role', role],
    ])
    expect(options.filter((option) => 'autocomplete' in option && option.autocomplete).map(({ where }) => where)).toEqual([
      'lesson which',
      'settings zone',
      'club to',
      'flow version',
    ])
    expect(options.flatMap((option) => ('max_length' in option ? [[option.where, option.max_length]] : []))).toEqual([
      ['checkin note', 300],
      ['pause until', 40],
      ['settings nickname', 32],
      ['club day', 10],
      ['club reason', 100],
    ])
    expect(options.filter(({ required }) => required)).toEqual([])
  })
})

describe('a rule that is broken is named', () => {
  const option = { type: 3, name: 'note', description: 'a line' } as const
  const command = { type: 1, name: 'checkin', description: 'say it in one line' } as const
  const choices = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `choice ${i}`, value: `${i}` }))
  const one = (changed: Partial<Command>): Drawn => [{ ...command, ...changed } as Command]
  const having = (changed: object): Drawn => one({ options: [{ ...option, ...changed }] as unknown as NonNullable<Command['options']> })
  const options = (...given: object[]): Drawn =>
    one({ options: given.map((each) => ({ ...option, ...each })) as NonNullable<Command['options']> })

  const rules: Record<string, [Drawn, RegExp]> = {
    'a name without letters': [one({ name: '' }), /no name of 1 to 32/],
    'a name of 33 letters': [one({ name: 'x'.repeat(33) }), /no name/],
    'a name in capitals': [one({ name: 'Checkin' }), /“Checkin” is no name/],
    'a name of two words': [one({ name: 'check in' }), /no name/],
    'a Korean name of two words': [one({ name_localizations: { ko: '한 줄' } }), /“한 줄” is no name/],
    'an option with a bad name': [having({ name: 'One!' }), /checkin One!: .* is no name/],
    'an option with a bad Korean name': [having({ name_localizations: { ko: '' } }), /no name/],
    'two commands of one name': [[...one({}), ...one({})], /two commands of one name/],
    '101 commands': [Array.from({ length: 101 }, (_, i) => ({ ...command, name: `c${i}` })), /101 commands, at most 100/],
    'no description': [one({ description: '' }), /description of 0/],
    'a description of 101': [one({ description: 'x'.repeat(101) }), /description of 101/],
    'a Korean description of 101': [one({ description_localizations: { ko: '가'.repeat(101) } }), /description of 101/],
    'an option without description': [having({ description: '' }), /checkin note: a description of 0/],
    '26 options': [options(...Array.from({ length: 26 }, (_, i) => ({ name: `o${i}` }))), /26 options, at most 25/],
    'two options of one name': [options({}, {}), /checkin: two options of one name/],
    'a required option after another': [options({}, { name: 'other', required: true }), /required options come first/],
    '26 choices': [having({ choices: choices(26) }), /checkin note: 26 choices, at most 25/],
    'a choice without words': [having({ choices: [{ name: '', value: 'a' }] }), /no choice of 1 to 100/],
    'a choice of 101': [having({ choices: [{ name: 'x'.repeat(101), value: 'a' }] }), /no choice/],
    'a choice of 101 in Korean': [
      having({ choices: [{ name: 'a', value: 'a', name_localizations: { ko: '가'.repeat(101) } }] }),
      /no choice/,
    ],
    'a value of 101': [having({ choices: [{ name: 'a', value: 'x'.repeat(101) }] }), /no choice/],
    'two choices of one name': [having({ choices: [...choices(1), ...choices(1)] }), /two choices of one name/],
    '8,001 characters in all': [
      options(
        ...Array.from({ length: 4 }, (_, i) => ({
          name: `o${i}`,
          choices: choices(20).map(({ value }) => ({ name: `${value}-${'x'.repeat(80)}`, value: value.padEnd(20, '-') })),
        })),
      ),
      /checkin: 8\d\d\d characters, at most 8000/,
    ],
  }

  test.each(Object.entries(rules))('%s', (_, [commands, words]) => {
    expect(brokenLimits(commands).join('; ')).toMatch(words)
    expect(refusalOf(commands)).toBeDefined()
  })

  test('a sound command breaks none', () => {
    expect(brokenLimits(options({ required: true, choices: choices(25) }, { name: '한줄' }))).toEqual([])
  })

  test('commands that would be refused are not sent at all', async () => {
    const [today] = await infos()
    if (!today) throw new Error('there are commands')
    expect(() => drawCommands([{ ...today, label: { ko: '오 늘', en: 'today' } }])).toThrow(/Discord would refuse: today: “오 늘”/)
  })
})

describe('suggestions while one types', () => {
  test('a lesson by its number or words, a version of the flow, a zone, and a value for the setting that was chosen', async () => {
    const club = await discordClub({ courses: ours })
    const { guild, owner } = await club.server()
    await startHere(owner)
    const member = club.discord.person({ guild, name: 'Alex', locale: 'en-US' })

    const lessons = await member.completes('/lesson', 'which', '')
    expect(lessons.length).toBe(24)
    expect(lessons[0]).toEqual({ name: expect.stringMatching(/^1\. /), value: '1' })
    expect((await owner.completes('/레슨', '번호', '')).length).toBe(lessons.length)
    expect(await member.completes('/lesson', 'which', '2')).toEqual([lessons[1]])
    expect(await member.completes('/lesson', 'which', 'nosuchword')).toEqual([])
    expect(await member.completes('/lesson', 'which', '글'.repeat(500))).toEqual([])

    const versions = flowSteps.map(({ versions }) => ({ name: `Kubernetes ${versions}`, value: versions }))
    expect(await member.completes('/flow', 'version', '')).toEqual(versions)
    expect(await owner.completes('/흐름', '버전', '1.24')).toEqual(versions.filter(({ value }) => value.includes('1.24')))
    expect(await member.completes('/flow', 'version', '9.9')).toEqual([])

    expect((await member.completes('/settings', 'zone', ''))[0]).toEqual({ name: 'Asia/Seoul', value: 'Asia/Seoul' })
    expect(await member.completes('/settings', 'zone', 'new york')).toEqual([{ name: 'America/New_York', value: 'America/New_York' }])
    expect((await member.completes('/settings', 'zone', 'a')).length).toBe(25)

    expect(await owner.completes('/클럽', '값', '', { set: 'language' })).toEqual([
      { name: '한국어', value: 'ko' },
      { name: 'English', value: 'en' },
    ])
    expect((await owner.completes('/클럽', '값', 'lond', { 설정할것: 'zone' })).map(({ value }) => value)).toEqual(['Europe/London'])
    expect((await owner.completes('/클럽', '값', '', { set: 'course' })).map(({ value }) => value)).toEqual(ours.map(({ id }) => id))
    expect(await owner.completes('/클럽', '값', '', { set: 'post-at' })).toEqual([])
    expect(await owner.completes('/클럽', '값', '')).toEqual([])
    expect(club.troubles()).toEqual([])
  })

  test('/club is not offered to members', async () => {
    const club = await discordClub({ courses: ours })
    const { guild } = await club.server()
    const member = club.discord.person({ guild, name: '미나', locale: 'ko' })
    await expect(member.types('/클럽')).rejects.toThrow(/hidden from 미나/)
    await expect(member.completes('/클럽', '값', '', { set: 'course' })).rejects.toThrow(/hidden/)
  })
})

describe('registration', () => {
  const puts = (discord: { requests: readonly { method: string; path: string; status: number }[] }) =>
    discord.requests.filter(({ method }) => method === 'PUT').map(({ path, status }) => `${status} ${path}`)

  async function discordForMany() {
    const discord = await startDiscord()
    onTestFinished(() => discord.stop())
    return discord
  }

  test('at the first start, and left alone at the next', async () => {
    const discord = await discordForMany()
    const path = `/applications/${discord.applicationId}/commands`
    const first = await discordClub({ discord, courses: ours })
    expect(puts(discord)).toEqual([`200 ${path}`])
    expect(discord.commands().map(({ name }) => name)).toContain('checkin')
    const before = discord.commands()
    await first.stop()
    await discordClub({ discord, courses: ours })
    expect(puts(discord)).toHaveLength(1)
    expect(discord.commands()).toEqual(before)
  })

  test('for one server only, where the operator wants that', async () => {
    const discord = await discordForMany()
    const { id: guild } = discord.addGuild({ name: '작업실' })
    const first = await discordClub({ discord, guild, courses: ours })
    expect(puts(discord)).toEqual([`200 /applications/${discord.applicationId}/guilds/${guild}/commands`])
    expect(discord.commands(guild)).toHaveLength(12)
    expect(discord.commands()).toEqual([])
    await first.stop()
    const { owner } = await (await discordClub({ discord, guild, courses: ours })).server()
    expect(puts(discord)).toHaveLength(1)
    await expect(owner.types('/클럽')).rejects.toThrow(/no command/)
  })

  test('in one server that the bot has not joined yet: the operator is told, and they are there once it joins', async () => {
    const discord = await discordForMany()
    const club = await discordClub({ discord, guild: '123456789012345678', courses: ours })
    expect(club.logged.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^DISCORD_GUILD_ID: the bot is not in this server/))
    expect(club.troubles()).toEqual([])
    discord.addGuild({ id: '123456789012345678' })
    await discord.until(() => discord.commands('123456789012345678').length > 0)
    expect(discord.commands('123456789012345678').map(({ name }) => name)).toContain('checkin')
    expect(discord.commands()).toEqual([])
  })

  test('again when anything differs, and not for another order or for what Discord leaves out', async () => {
    const discord = await discordForMany()
    const rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token)
    const commands = await infos()
    const ours = drawCommands(commands)
    const register = (given = commands) => registerCommands(rest, discord.applicationId, undefined, given)
    const there = (body: unknown) => rest.put(Routes.applicationCommands(discord.applicationId), { body })
    expect(await register()).toBe(true)
    expect(await register()).toBe(false)
    expect(await register(commands.toReversed())).toBe(false)

    const but = (name: string, change: (command: Command) => object) =>
      ours.map((command) => (command.name === name ? { ...command, ...change(command) } : command))
    const firstOption = (name: string, change: (option: Option) => object) =>
      but(name, ({ options = [] }) => ({
        options: options.map((option, i) => (i === 0 ? { ...option, ...change(option as Option) } : option)),
      }))
    const others: Record<string, unknown[]> = {
      nothing: [],
      'a command less': ours.slice(1),
      'a command more': [...ours, { type: 1, name: 'old', description: 'from another time' }],
      'another name': but('today', () => ({ name: 'now' })),
      'another Korean name': but('today', () => ({ name_localizations: { ko: '지금' } })),
      'no Korean name': but('today', () => ({ name_localizations: null })),
      'a language more': but('today', ({ name_localizations }) => ({ name_localizations: { ...name_localizations, ja: '今日' } })),
      'another description': but('today', () => ({ description: 'now' })),
      'another Korean description': but('today', () => ({ description_localizations: { ko: '지금' } })),
      'for everybody': but('club', () => ({ default_member_permissions: null })),
      'for organisers': but('today', () => ({ default_member_permissions: '32' })),
      'also in direct messages': but('today', () => ({ contexts: [0, 1] })),
      'an option less': but('settings', ({ options = [] }) => ({ options: options.slice(1) })),
      'an option where none is': but('today', () => ({ options: [{ type: 3, name: 'note', description: 'a line' }] })),
      'another order of options': but('settings', ({ options = [] }) => ({ options: options.toReversed() })),
      'a required option': firstOption('checkin', () => ({ required: true })),
      'a longer line': firstOption('checkin', () => ({ max_length: 400 })),
      'no suggestions': firstOption('lesson', () => ({ autocomplete: false })),
      'another choice': firstOption('leaderboard', ({ choices = [] }) => ({ choices: choices.slice(1) })),
      'a choice in other words': firstOption('leaderboard', ({ choices = [] }) => ({
        choices: choices.map((one) => ({ ...one, name_localizations: { ko: `${one.value}` } })),
      })),
    }
    const unnoticed: string[] = []
    for (const [what, body] of Object.entries(others)) {
      await there(body)
      if (!(await register())) unnoticed.push(what)
      else expect([what, await register()]).toEqual([what, false])
    }
    expect(unnoticed).toEqual([])
  })
})
