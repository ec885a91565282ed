import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/chat/room.ts'
import { commands, presses } from '../../src/features/index.ts'
import { drawForm, drawPrivate, drawWords } from '../../src/rooms/discord/draw.ts'
import type { Locale } from '../../src/text/locale.ts'
import { courseOf, ours } from '../features/life.ts'
import { isRecord } from '../support/discord/wire.ts'
import { type DiscordClub, discordClub, messageOf } from '../support/discordClub.ts'
import { faultsOf, modalRefusal, shownText } from './drawn.ts'

const minute = 60_000
const hook = 80
/** In Seoul: a day of March 2025; long past, so that no stamp of the machine’s clock falls into it. */
const march = (day: number, hour: number) => Date.parse('2025-03-01T00:00+09:00') + (day - 1) * 24 * 60 * minute + hour * 60 * minute
const hostId = '77'

/** A club on Discord in which everything that is answered, asked for or posted is drawn, and looked at. */
async function drawnClub(locale: Locale, courses: typeof ours) {
  const club = await discordClub({ courses, settings: { locale }, at: '2025-03-02T07:00+09:00' })
  // Weeks pass in seconds here, and so do the windows in which Discord counts.
  club.discord.limits.perChannel = { limit: 5, windowMs: 5 }
  const guild = club.discord.addGuild({ channels: [{ name: 'study' }], roles: [{ name: '스터디', mentionable: true }] })
  const [channel] = guild.channels
  const [role] = guild.roles
  if (!channel || !role) throw new Error('the server has a channel and a role')
  const found = new Set<string>()
  const seen = { cards: 0, forms: new Set<string>(), refusals: 0 }

  async function handle(as: string, act: Call['act'], names: Record<string, string> = {}) {
    const id = as === 'host' ? hostId : String(1000 + [...as].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 1_000_003, 7))
    const place = { channel: channel?.id ?? '', lacks: [] }
    const base = { room: 'discord', club: `discord:${guild.id}`, roles: [], names, locale, place }
    const answer = await club.app.handle({ ...base, member: { id, name: as }, organiser: as === 'host', act }, club.now())
    await club.app.idle()
    const what = JSON.stringify(act).slice(0, 60)
    const say = (faults: readonly string[]) => {
      for (const fault of faults) found.add(`${what}: ${fault}`)
    }
    if ('card' in answer) {
      seen.cards += 1
      const drawn = drawPrivate(answer.card)
      say(faultsOf(answer.card, drawn))
      if (JSON.stringify(drawn.body).includes('undefined')) say(['undefined'])
    } else if ('form' in answer) {
      const drawn = drawForm(answer.form)
      seen.forms.add(answer.form.submit)
      const told = JSON.stringify(drawn)
      say([modalRefusal(drawn) ?? '', / … \+\d/.test(told) ? `cut: ${told}` : ''].filter((fault) => fault !== ''))
      for (const field of answer.form.fields) {
        const options = (field.choices ?? []).map(({ label, value }) => ({ label, value }))
        if (options.length > 0) expect(told).toContain(JSON.stringify(options))
      }
    } else {
      seen.refusals += 1
      const { content = '' } = drawWords(answer.refusal.text).body
      if (content?.trim() === '' || / … \+\d+$/.test(content ?? '')) say([`a refusal of ${answer.refusal.text.length}`])
    }
    return answer
  }

  return {
    ...club,
    role,
    channel,
    seen,
    /** Every fault of what was answered, and of what was posted since the club began. */
    faults() {
      const posts = club.discord.requests.filter(({ path, method }) => path.startsWith('/channels/') && method !== 'GET')
      for (const { method, path, status, body, refusal } of posts) {
        if (status >= 400) found.add(`${method} ${path}: ${JSON.stringify(refusal)}`)
        const { content = '', embeds = [] } = (isRecord(body) ? body : {}) as { content?: string; embeds?: { description?: string }[] }
        const line = content.replace(/ <@&\d+>$/, '')
        const isHidden = /이제 보이지 않는|no longer shown/.test(embeds[0]?.description ?? '')
        if (path.endsWith('/threads')) continue
        if (line.length > hook || (line.trim() === '' && !isHidden))
          found.add(`${method}: a line for the lock screen of ${line.length}: ${line}`)
      }
      return [...found]
    },
    ask: (as: string, command: string, input: Record<string, unknown> = {}, names = {}) => handle(as, { command, input }, names),
    /** Presses it, and every button of what comes, so deep. */
    async follow(as: string, press: string, depth = 1): Promise<void> {
      const answer = await handle(as, { press, input: {} })
      if (!('card' in answer) || depth === 0) return
      for (const button of answer.card.buttons ?? [])
        if ('press' in button && !/^1:(erase|appear|next|step-down|start|examples)/.test(button.press))
          await this.follow(as, button.press, depth - 1)
    },
    async lives(until: number) {
      while (club.now() < until) await club.until(Math.min(until, club.now() + 50 * minute))
    },
    /** The buttons of the newest message that has one of this label. */
    pressesOf(label: string): string[] {
      const message = channel.messages.findLast(({ buttons }) => buttons.includes(label))
      const ids = JSON.stringify(message?.components ?? []).matchAll(/"custom_id":("(?:[^"\\]|\\.)*")/g)
      return [...ids].map(([, id = '""']): string => JSON.parse(id))
    },
  }
}

describe.each(['ko', 'en'] as const)('all that the club says fits Discord, in %s', (locale) => {
  const answers = locale === 'ko' ? ['맞다', '아니다'] : ['True', 'False']
  const every = ['today', 'lesson', 'poll', 'streak', 'leaderboard', 'pause', 'settings', 'data', 'help', 'checkin', 'club']

  test('with every command, every button, and the life of a course', async () => {
    const club = await drawnClub(locale, ours)
    for (const as of ['newcomer', 'host']) for (const command of every) await club.ask(as, command)
    for (const [set, to] of [
      ['threads', 'on'],
      ['study-days', '1,2,3,4,5,6,7'],
      ['holidays', '2025-12-25'],
      ['zone', 'nowhere'],
    ])
      await club.ask('host', 'club', { set, to })
    await club.ask('host', 'club', { set: 'mention', role: club.role.id })
    await club.ask('host', 'club', { set: 'organiser-role', role: club.role.id })
    await club.follow('host', '1:start', 0)
    for (let day = 3; day < 10; day++) {
      await club.lives(march(day, 13))
      for (const press of club.pressesOf('A')) await club.follow('mina', press, 2)
      for (const press of club.pressesOf('A')) await club.follow('jihun', press, 0)
      for (const press of club.pressesOf(answers[1] ?? '')) await club.follow(day % 2 === 0 ? 'mina' : 'jihun', press)
      const as = day % 2 === 0 ? 'mina' : 'host'
      for (const command of every) await club.ask(as, command)
      for (const which of ['1', '3', '리눅스', '없는낱말']) await club.ask(as, 'lesson', { which })
      for (const by of ['season', 'run', 'total']) await club.ask(as, 'leaderboard', { by })
      await club.ask(as, 'streak', { action: 'why' })
      await club.ask(as, 'data', { action: 'export' })
      for (const action of ['test', 'poll', 'post', 'hide-note', 'organiser', 'excuse'])
        await club.ask('host', 'club', { action, member: '4242', day: '2025-03-06', reason: 'a fire' }, { 4242: '지훈' })
    }
    await club.follow('mina', '1:share:streak')
    await club.follow('mina', '1:share:board:week')
    for (const action of ['pause', 'resume', 'season']) await club.ask('host', 'club', { action })
    for (const step of ['course', 'review', 'season', 'finish']) await club.follow('host', `1:next:${step}`)
    await club.lives(march(24, 13))
    await club.follow('mina', '1:erase:ask')
    await club.ask('mina', 'data', { action: 'delete' })

    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(250)
    expect(club.channel.messages.length).toBeGreaterThan(8)
    expect(club.troubles()).toEqual([])
  })

  test('with the longest names, lines, reasons and lists that can come in', async () => {
    const club = await drawnClub(locale, courseOf(60))
    await club.follow('host', '1:start', 0)
    await club.lives(march(3, 13))
    const long = (i: number) => `${'꽥'.repeat(30)}${String(i).padStart(2, '0')}`
    const members = Array.from({ length: 12 }, (_, i) => long(i))
    const [first = ''] = members
    for (const [i, member] of members.entries()) {
      if (i % 2 === 0) await club.ask(member, 'settings', { nickname: `${'😀'.repeat(30)}${String(i).padStart(2, '0')}` })
      await club.ask(member, 'checkin', { note: '*_|~>[]`#'.repeat(33) })
      await club.ask(member, 'checkin', { note: '```\n'.repeat(74) })
      await club.ask(member, 'checkin', { note: '@everyone <@123> '.repeat(17) })
      await club.follow(member, club.pressesOf('A')[1] ?? '', 1)
      await club.ask('host', 'club', { action: 'organiser', member: String(i) }, { [i]: member })
    }
    for (let n = 1; n < 12; n++) await club.follow(members[n % 12] ?? '', `1:share:note:${n}`, 0)
    await club.follow(first, '1:share:streak', 0)
    const known = await club.store.club((await club.store.clubs())[0] ?? '')
    if (!known) throw new Error('there is a club')
    const [rules] = known.calendar
    const days = Array.from({ length: 300 }, (_, i) => new Date(Date.parse('2025-04-20') + i * 86_400_000).toISOString().slice(0, 10))
    await club.store.saveClub({ ...known, calendar: [{ ...rules, holidays: days }], organisers: days.map((_, i) => long(i)) })
    for (let i = 0; i < 21; i++)
      await club.ask('host', 'club', {
        action: 'excuse',
        day: new Date(march(4 + i, 12)).toISOString().slice(0, 10),
        reason: '이'.repeat(100),
      })
    for (const by of ['week', 'season', 'run', 'total']) {
      await club.follow(members[11] ?? '', `1:share:board:${by}`, 0)
      for (const member of members.slice(0, 3)) await club.ask(member, 'leaderboard', { by })
    }
    await club.ask(first, 'streak', { action: 'why' })
    await club.ask(first, 'lesson')
    for (const which of ['day', '글'.repeat(100), '글'.repeat(5000)]) await club.ask(first, 'lesson', { which })
    await club.ask(first, 'y'.repeat(5000))
    for (const input of [{}, { set: 'appear', to: 'x'.repeat(100) }, { set: 'zone', to: '<'.repeat(100) }])
      await club.ask('host', 'club', input)

    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(80)
    expect(club.channel.messages.length).toBeGreaterThan(5)
    expect(club.troubles()).toEqual([])
  })

  test('every lesson of our own course is shown whole', async () => {
    const club = await drawnClub(locale, ours)
    await club.follow('host', '1:start', 0)
    const cut: string[] = []
    for (const { lessons } of ours) {
      for (const [i, { id }] of lessons.entries()) {
        const acts: Call['act'][] = [
          { command: 'lesson', input: { which: String(i + 1) } },
          { press: `1:more:${id}`, input: {} },
          { press: `1:full:${id}`, input: {} },
        ]
        for (const act of acts) {
          const answer = 'command' in act ? await club.ask('mina', act.command, act.input) : await handlePress(club, act.press, locale)
          if (!('card' in answer)) throw new Error(`no card for ${JSON.stringify(act)}`)
          const drawn = drawPrivate(answer.card)
          cut.push(...faultsOf(answer.card, drawn))
          if (/ … \+\d+$/.test(shownText(drawn.body))) cut.push(`${JSON.stringify(act)} of ${answer.card.text.length}`)
        }
      }
    }
    expect(cut).toEqual([])
    expect(club.faults()).toEqual([])
  })

  test('every form fits a modal, and no word of it is cut', async () => {
    const club = await drawnClub(locale, ours)
    const asking = [...commands, ...presses].filter(({ input }) => Object.values(input).some((field) => field.askIfMissing))
    expect(asking.map(({ name }) => name).sort()).toEqual(['change', 'checkin', 'line', 'nickname'])
    for (const one of asking) {
      const isCommand = commands.some((command) => command === one)
      const answer = isCommand ? await club.ask('host', one.name) : await handlePress(club, `1:${one.name}`, locale, 'host')
      if (!('form' in answer)) throw new Error(`no form for ${one.name}`)
      const drawn = drawForm(answer.form)
      expect(modalRefusal(drawn)).toBeUndefined()
      expect(JSON.stringify(drawn)).not.toMatch(/ … \+\d/)
      expect(drawn.components).toHaveLength(answer.form.fields.length)
    }
    expect(club.faults()).toEqual([])
    expect(club.seen.forms.size).toBe(1)
  })
})

/** What comes of a press, as the room gets it. */
async function handlePress({ app, now, store }: DiscordClub, press: string, locale: Locale, as = 'mina') {
  const [club = ''] = await store.clubs()
  const base = { room: 'discord', club, roles: [], locale }
  return app.handle({ ...base, member: { id: as, name: as }, organiser: as === 'host', act: { press, input: {} } }, now())
}

test('a member fills in the form for a line, in their own language', async () => {
  const club = await discordClub({ courses: ours })
  const { guild } = await club.server()
  const mina = club.discord.person({ guild, name: '미나', locale: 'ko' })
  const { modal } = await mina.types('/인증')
  if (!modal) throw new Error('no form was opened')
  expect(modal.fields.map(({ label, kind, required, maxLength }) => [label, kind, required, maxLength])).toEqual([
    ['한줄', 'paragraph', true, 300],
  ])
  expect(messageOf(await mina.submits(modal, { 한줄: '커널은 하나다' })).ephemeral).toBe(true)
})
