import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/chat/room.ts'
import { drawForm, drawPrivate, drawWords } from '../../src/rooms/discord/draw.ts'
import type { Locale } from '../../src/text/locale.ts'
import { courseOf, ours } from '../features/life.ts'
import { isRecord } from '../support/discord/wire.ts'
import { discordClub, messageOf } from '../support/discordClub.ts'
import { actsIn, askingActs, begins, livesACourse, livesWithTheLongest, readingActs } from '../support/gallery.ts'
import { faultsOf, modalRefusal } from './drawn.ts'

const hook = 80
const hostId = '77'
const cutMark = / … \+\d/

/** A club on Discord in which everything that is answered, asked for or posted is drawn, and looked at. */
async function drawnClub(locale: Locale, courses: typeof ours) {
  const club = await discordClub({ courses, settings: { locale }, at: begins })
  // Weeks pass in seconds here, and so do the windows in which Discord counts.
  club.discord.limits.perChannel = { limit: 5, windowMs: 5 }
  const guild = club.discord.addGuild({ channels: [{ name: 'study' }], roles: [{ name: '스터디', mentionable: true }] })
  const [channel] = guild.channels
  const [role] = guild.roles
  if (!channel || !role) throw new Error('the server has a channel and a role')
  const found = new Set<string>()
  const seen = { cards: 0, forms: new Set<string>(), refusals: 0 }

  const idOf = (as: string) =>
    as === 'host' ? hostId : String(1000 + [...as].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 1_000_003, 7))

  async function handle(as: string, act: Call['act'], names: Record<string, string> = {}) {
    const id = idOf(as)
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
      say([modalRefusal(drawn) ?? '', cutMark.test(told) ? `cut: ${told}` : ''].filter((fault) => fault !== ''))
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
    club: `discord:${guild.id}`,
    role,
    channel,
    seen,
    idOf,
    handle,
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
    /** The buttons of the newest message that has one of this label. */
    pressesOf(label: string): string[] {
      const message = channel.messages.findLast(({ buttons }) => buttons.includes(label))
      const ids = JSON.stringify(message?.components ?? []).matchAll(/"custom_id":("(?:[^"\\]|\\.)*")/g)
      return [...ids].map(([, id = '""']): string => JSON.parse(id))
    },
  }
}

describe.each(['ko', 'en'] as const)('all that the club says fits Discord, in %s', (locale) => {
  test('with every command, every button, and the life of a course', async () => {
    const club = await drawnClub(locale, ours)
    await livesACourse(club, locale, club.role.id)
    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(250)
    expect(club.channel.messages.length).toBeGreaterThan(8)
    expect(club.troubles()).toEqual([])
  })

  test('with the longest names, lines, reasons and lists that can come in', async () => {
    const club = await drawnClub(locale, courseOf(60))
    await livesWithTheLongest(club)
    expect(club.faults()).toEqual([])
    expect(club.seen.cards).toBeGreaterThan(80)
    expect(club.channel.messages.length).toBeGreaterThan(15)
    expect(club.troubles()).toEqual([])
  })

  test('our own course is shown whole: every lesson, lab and source, and every step of the flow', async () => {
    const club = await drawnClub(locale, ours)
    await actsIn(club).follow('host', '1:start', 0)
    const season = (await club.store.club(club.club))?.seasons.at(-1)?.from ?? ''
    const cut: string[] = []
    for (const act of readingActs(season)) {
      const answer = await club.handle('mina', act)
      if (!('card' in answer)) throw new Error(`no card for ${JSON.stringify(act)}`)
      if (cutMark.test(JSON.stringify(drawPrivate(answer.card).body))) cut.push(`${JSON.stringify(act)} of ${answer.card.text.length}`)
    }
    expect(cut).toEqual([])
    // Four kinds of card a lesson and two ways to a step at the very least, each of them looked at.
    expect(club.seen.cards).toBeGreaterThan(24 * 7 + 2 * 8)
    expect(club.faults()).toEqual([])
  })

  test('every form fits a modal, and no word of it is cut', async () => {
    const club = await drawnClub(locale, ours)
    expect(
      askingActs()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['change', 'checkin', 'line', 'nickname'])
    for (const { name, act } of askingActs()) {
      const answer = await club.handle('host', act)
      if (!('form' in answer)) throw new Error(`no form for ${name}`)
      expect(drawForm(answer.form).components).toHaveLength(answer.form.fields.length)
    }
    expect(club.faults()).toEqual([])
    expect(club.seen.forms.size).toBe(4)
  })
})

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
