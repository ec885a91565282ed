import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/chat/card.ts'
import { formatPressId } from '../../src/chat/pressId.ts'
import type { Answer, Call } from '../../src/chat/room.ts'
import { questionPress } from '../../src/features/lesson.ts'
import { purgeClub } from '../../src/life.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { createWebRoom } from '../../src/rooms/web/index.ts'
import { placeOf, sealedTables } from '../../src/store/sqlite/sealed.ts'
import type { Store } from '../../src/store/store.ts'
import { courseOf } from '../features/life.ts'
import * as onDiscord from '../support/discordClub.ts'
import { discordClub } from '../support/discordClub.ts'
import { runningApp } from '../support/runningApp.ts'
import * as onSlack from '../support/slackClub.ts'
import { slackClub } from '../support/slackClub.ts'
import { testSeal } from '../support/testClub.ts'

interface Somebody {
  readonly id: string
  readonly name: string
}

/** A club that has begun, in one of the rooms, with a board on Monday and a poll that is open. */
interface Place {
  readonly club: string
  readonly file: string
  readonly store: Store
  readonly now: () => number
  readonly mina: Somebody
  readonly jun: Somebody
  readonly host: Somebody
  readonly stop: () => Promise<void>
  readonly tick: () => Promise<void>
  morning(): Promise<void>
  /** By the room itself where it keeps what it answers, else by the app. */
  does(who: Somebody, act: Call['act']): Promise<Answer>
  /** The member types the real command. */
  erases(): Promise<unknown>
}

const mina = '지워질이'
const at = '2026-11-23T07:00+09:00' // A Monday.
const options = () => ({ at, courses: courseOf(30), settings: { locale: 'ko' as const } })

async function onWeb(): Promise<Place> {
  const app = runningApp(options())
  const { store, rooms, now, handle } = app
  const club = 'web:club'
  const web = createWebRoom({
    club,
    organisers: ['host'],
    log: store,
    now,
    handle,
    commands: () => app.app.commandInfos,
    drawPicture: createPictures().draw,
    facts: async () => {
      throw new Error('nobody looks at the page')
    },
    hasClock: false,
    moveClock: async () => undefined,
    host: '127.0.0.1',
  })
  rooms.set(web.name, web)
  const says = async (who: Somebody, act: Call['act']): Promise<Answer> => {
    const answer = await web.http.request('http://127.0.0.1/api/call', {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: '127.0.0.1' },
      body: JSON.stringify({ as: who.name, ...act }),
    })
    const body = (await answer.json()) as { card?: Card }
    await app.app.idle()
    const href = body.card?.buttons?.flatMap((button) => ('href' in button && button.href.includes('/file') ? button.href : []))[0]
    const file = href && (await (await web.http.request(`http://127.0.0.1${href}`, { headers: { host: '127.0.0.1' } })).text())
    if (answer.status !== 200 || !body.card) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
    return { card: { ...body.card, ...(file && { file: { name: '', text: file, label: '' } }) } }
  }
  const somebody = (name: string): Somebody => ({ id: name, name })
  const host = somebody('host')
  await handle({ room: 'web', club, member: host, organiser: true, act: { press: formatPressId('start'), input: {} } })
  return {
    club,
    file: app.file,
    store,
    now,
    mina: somebody(mina),
    jun: somebody('지훈'),
    host,
    stop: app.close,
    tick: app.tick,
    morning: () => app.morning(club),
    does: says,
    erases: () => says(somebody(mina), { command: 'data', input: { action: 'delete' } }),
  }
}

async function onADiscord(): Promise<Place> {
  const running = await discordClub(options())
  const { guild, owner, club } = await running.server()
  await onDiscord.startHere(owner)
  const person = running.discord.person({ guild, name: mina, locale: 'ko' })
  const jun = running.discord.person({ guild, name: '지훈', locale: 'ko' })
  return {
    ...running,
    club,
    mina: { id: person.id, name: mina },
    jun: { id: jun.id, name: '지훈' },
    host: { id: owner.id, name: '운영자' },
    morning: () => running.morning(club),
    does: throughTheApp(running, 'discord', club, owner.id),
    async erases() {
      expect(onDiscord.messageOf(await person.types('/내데이터', { 할일: 'delete' })).text).toContain('지웠어요')
    },
  }
}

async function onASlack(): Promise<Place> {
  const running = await slackClub(options())
  const { team, owner, club } = running.workspace()
  await onSlack.startHere(owner)
  const person = running.slack.person({ team, name: mina })
  const jun = running.slack.person({ team, name: '지훈' })
  return {
    ...running,
    club,
    mina: { id: person.userId, name: mina },
    jun: { id: jun.userId, name: '지훈' },
    host: { id: owner.userId, name: '운영자' },
    morning: () => running.morning(club),
    does: throughTheApp(running, 'slack', club, owner.userId),
    async erases() {
      expect(onSlack.messageOf(await person.types('/1퍼센트 내데이터 지우기')).words).toContain('지웠어요')
    },
  }
}

const throughTheApp =
  ({ app, now }: Pick<ReturnType<typeof runningApp>, 'app' | 'now'>, room: string, club: string, host: string): Place['does'] =>
  async (member, act) => {
    const answer = await app.handle({ room, club, member, organiser: member.id === host, locale: 'ko', act }, now())
    await app.idle()
    return answer
  }

const rooms = [
  ['the web room', onWeb],
  ['Discord', onADiscord],
  ['Slack', onASlack],
] as const

const secrets = { nickname: '지워질별명', note: '지워질 한 줄', shared: '지워질 나눈 줄', reason: '지워질 까닭' }

function cardOf(answer: Answer) {
  if ('card' in answer) return answer.card
  throw new Error(`expected a card, got ${JSON.stringify(answer)}`)
}

/** Somebody does everything of which anything is kept. */
async function doesEverything(place: Place, who: Somebody, words: typeof secrets): Promise<void> {
  const { store, club, does, host } = place
  const press = (name: string, ...args: (string | number)[]) => does(who, { press: formatPressId(name, ...args), input: {} })
  const types = (command: string, input: Record<string, string> = {}) => does(who, { command, input })
  const [lesson] = await store.posts(club, ['lesson'], 1)
  if (!lesson) throw new Error('no lesson was posted')
  cardOf(await does(who, { press: questionPress(lesson)(0), input: {} }))
  const poll = await store.openPoll(club, { myth: 'M1', day: lesson.day, closesAt: place.now() + 86_400_000 })
  cardOf(await press('vote', poll.id, 'false'))
  cardOf(await types('checkin', { note: words.note }))
  cardOf(await types('checkin', { note: words.shared }))
  const [shared] = await store.acts(club, who.id)
  cardOf(await press('share', 'note', shared?.id ?? 0))
  for (const what of [['streak'], ['board', 'week']]) cardOf(await press('share', ...what))
  cardOf(await types('settings', { nickname: words.nickname }))
  cardOf(await types('pause', { until: '3' }))
  cardOf(await does(host, { command: 'club', input: { action: 'organiser', member: who.id } }))
  cardOf(await does(host, { command: 'club', input: { action: 'excuse', member: who.id, day: '2026-11-25', reason: words.reason } }))
}

const chain = `WITH RECURSIVE chain (id) AS (SELECT last_act FROM streak WHERE member = @row
  UNION ALL SELECT prev FROM act JOIN chain ON act.id = chain.id WHERE prev IS NOT NULL) SELECT id FROM chain`

/** Where a member stands in each table, and where each of its columns stands in their export, or why it does not. */
const tablesOfMembers: Record<string, { readonly rows: string; readonly exported: Record<string, string> }> = {
  member: { rows: 'id = @row', exported: { id: '-', club: 'club', key: 'member.id', version: 'member.version', doc: 'member' } },
  club: {
    rows: 'instr(doc, @key) > 0',
    exported: { id: '-', key: 'club', version: '-', due_at: '-', doc: 'organiser' },
  },
  act: { rows: `id IN (${chain})`, exported: { id: 'acts.0.id', prev: '-', stamp: 'acts.0.at acts.0.day acts.0.kind' } },
  note: { rows: `act IN (${chain})`, exported: { act: 'acts.0.id', sealed: 'acts.0.note', shared: 'acts.0.shared' } },
  streak: {
    rows: 'member = @row',
    exported: {
      ...Object.fromEntries(['member', 'club', 'last_act', 'joined', 'reached', 'miss_day', 'miss_run'].map((column) => [column, '-'])),
      revision: 'streak.revision',
      epoch: '-',
      shown: 'member.appear',
      lapses: '-',
      ...Object.fromEntries(
        ['day', 'acted', 'run', 'best', 'total', 'freezes', 'progress'].map((column) => [column, `streak.state.${column}`]),
      ),
      week: 'streak.state.week.from',
      week_days: 'streak.state.week.days',
      season: 'streak.state.season.from',
      season_days: 'streak.state.season.days',
    },
  },
  // A member's place on the boards says nothing that the streak does not.
  rank_top: {
    rows: 'member = @row',
    exported: Object.fromEntries(['club', 'board', 'period', 'member', 'value', 'lapses', 'reached'].map((column) => [column, '-'])),
  },
  answer: {
    rows: 'member = @row',
    exported: {
      member: '-',
      ...Object.fromEntries(['season', 'lesson', 'question', 'option'].map((column) => [column, `answers.0.${column}`])),
      correct: 'answers.0.right',
    },
  },
  vote: { rows: 'member = @row', exported: { poll: 'votes.0.poll', member: '-', answer: 'votes.0.answer', mind: '-' } },
  post: {
    rows: 'member = @row',
    exported: {
      ...Object.fromEntries(
        ['id', 'key', 'club', 'room', 'kind', 'season', 'member', 'expires_at', 'attempts', 'try_at'].map((column) => [column, '-']),
      ),
      ...Object.fromEntries(['edit_at', 'edit_next', 'edited_at', 'revision', 'unsure_at'].map((column) => [column, '-'])),
      day: 'shares.0.day',
      subject: 'shares.0.subject',
      due_at: 'shares.0.at',
      state: 'shares.0.state',
      sent_at: 'shares.0.sentAt',
      message: 'shares.0.message',
    },
  },
}
const tablesOfWeb: typeof tablesOfMembers = {
  message: {
    rows: 'recipient = @key OR author = @name OR author = @nickname',
    exported: { id: '-', key: '-', at: 'messages.0.at', author: 'messages.0.by', recipient: 'member.id', sealed: 'messages.0.card.title' },
  },
  message_about: { rows: 'member = @key', exported: { message: '-', member: 'member.id' } },
}

/** Tables that tell of no member, or only how many there are, or by a mark that tells nobody who it was. */
const tablesOfNobody = [
  'club_day',
  'lesson_count',
  'poll',
  'rank_count',
  'rank_edge',
  'memo',
  'migration',
  'secret',
  'seal_key',
  'upload',
  'erasure',
]

function reading<T>(file: string, look: (db: Database.Database) => T): T {
  const db = new Database(file, { readonly: true })
  try {
    return look(db)
  } finally {
    db.close()
  }
}

const tablesIn = (db: Database.Database): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").pluck().all()

type Tables = typeof tablesOfMembers

/** The rows of each table in which somebody stands. */
function rowsOf({ file, club }: Place, tables: Tables, who: Somebody, nickname: string): Record<string, unknown[]> {
  return reading(file, (db) => {
    const row = db
      .prepare<[string, string], number>('SELECT member.id FROM member JOIN club ON club.id = club WHERE club.key = ? AND member.key = ?')
      .pluck()
      .get(club, who.id)
    const about = { row: row ?? -1, key: who.id, name: who.name, nickname }
    return Object.fromEntries(
      Object.entries(tables).map(([table, { rows }]) => {
        const used = Object.fromEntries(Object.entries(about).filter(([name]) => rows.includes(`@${name}`)))
        return [table, db.prepare(`SELECT * FROM ${table} WHERE ${rows}`).all(used)]
      }),
    )
  })
}

/** Each sealed text with what is in it. */
function opened(file: string): { where: string; sealed: Buffer; text: string }[] {
  return reading(file, (db) =>
    sealedTables.flatMap(({ table, row }) =>
      db
        .prepare<[], { row: number | string; sealed: Buffer }>(`SELECT ${row} AS row, sealed FROM ${table}`)
        .all()
        .map(({ row, sealed }) => ({ where: placeOf(table, row), sealed, text: testSeal.open(placeOf(table, row), sealed) })),
    ),
  )
}

/** Where any of these can be read: in a file of the folder, as it lies there, or in what was sealed. */
function found(file: string, texts: readonly string[]): string[] {
  const lying = readdirSync(dirname(file)).flatMap((name) => {
    const bytes = readFileSync(join(dirname(file), name))
    const forms = (text: string) => [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]
    return texts.filter((text) => forms(text).some((form) => bytes.includes(form))).map((text) => `${text} in ${name}`)
  })
  const sealed = opened(file).flatMap(({ where, text }) => texts.filter((one) => text.includes(one)).map((one) => `${one} in ${where}`))
  return [...lying, ...sealed]
}

const holdsBytes = (file: string, bytes: readonly Buffer[]): boolean =>
  readdirSync(dirname(file)).some((name) => {
    const content = readFileSync(join(dirname(file), name))
    return bytes.some((one) => content.includes(one))
  })

const at_ = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

/** A club in which Mina and Jun did everything, and looked at boards with each other on them. */
async function busyClub(open: () => Promise<Place>) {
  const place = await open()
  const { mina, jun, host, does } = place
  await place.morning()
  await doesEverything(place, mina, secrets)
  await doesEverything(place, jun, { nickname: '지훈별명', note: '지훈의 줄', shared: '지훈이 나눈 줄', reason: '지훈의 까닭' })
  for (const who of [jun, host]) {
    cardOf(await does(who, { command: 'leaderboard', input: {} }))
    cardOf(await does(who, { command: 'streak', input: { member: mina.id } }))
    cardOf(await does(host, { command: 'club', input: {} }))
  }
  await place.tick()
  const tables = place.club.startsWith('web:') ? { ...tablesOfMembers, ...tablesOfWeb } : tablesOfMembers
  return { place, tables, texts: [mina.id, mina.name, ...Object.values(secrets)] }
}

describe.each(rooms)('a member in %s', (_, open) => {
  test('who erases their data is nowhere in the files, readable or sealed, and nobody else lost anything', {
    timeout: 180_000,
  }, async () => {
    const { place, tables, texts } = await busyClub(open)
    const { file, mina, jun, store, club } = place

    const strangers = reading(file, tablesIn).filter(
      (table) => !(table in tablesOfMembers) && !(table in tablesOfWeb) && !tablesOfNobody.includes(table),
    )
    expect(strangers, 'Say in this test where a member stands in these tables, and how that is erased and exported').toEqual([])
    const theirs = rowsOf(place, tables, mina, secrets.nickname)
    expect(Object.entries(theirs).flatMap(([table, rows]) => (rows.length === 0 ? table : []))).toEqual([])
    expect(texts.filter((text) => found(file, [text]).length === 0)).toEqual([])
    const sealed = opened(file).filter(({ text }) => texts.some((one) => text.includes(one)))
    expect(
      holdsBytes(
        file,
        sealed.map((one) => one.sealed),
      ),
    ).toBe(true)
    const others = rowsOf(place, { ...tables, club: { rows: '0', exported: {} } }, jun, '지훈별명')
    const totals = async () => ({
      missed: await store.missed(club, (await store.club(club))?.seasons.at(-1)?.from ?? ''),
      streak: await store.streak(club, jun.id),
    })
    const before = await totals()
    const votes = async () => (await store.polls(club, 9)).map(({ tally }) => tally.false)
    expect(await votes()).toEqual([2])

    await place.erases()
    // At once: nothing that can be read without the key.
    expect(found(file, texts).filter((where) => / in club\.db/.test(where))).toEqual([])
    await place.tick()
    await place.tick()
    expect(found(file, texts)).toEqual([])
    expect(
      holdsBytes(
        file,
        sealed.map((one) => one.sealed),
      ),
    ).toBe(false)
    expect(Object.values(rowsOf(place, tables, mina, secrets.nickname)).flat()).toEqual([])

    expect(await totals()).toEqual(before)
    // From a poll that is still open the vote is taken back.
    expect(await votes()).toEqual([1])
    const left = rowsOf(place, { ...tables, club: { rows: '0', exported: {} } }, jun, '지훈별명')
    // Answers and boards that named who is gone are gone or drawn anew; all else is as it was.
    for (const table of Object.keys(tables).filter((name) => name !== 'message' && name !== 'message_about' && name !== 'post'))
      expect([table, left[table]]).toEqual([table, others[table]])
    expect(left.post).toHaveLength(others.post?.length ?? 0)
    expect((await store.acts(club, jun.id)).map(({ note }) => note)).toEqual(expect.arrayContaining(['지훈의 줄', '지훈이 나눈 줄']))
    await place.stop()
    expect(found(file, texts)).toEqual([])
  })

  test('gets everything that is kept of them as a file that a person can read', { timeout: 180_000 }, async () => {
    const { place, tables } = await busyClub(open)
    const card = cardOf(await place.does(place.mina, { command: 'data', input: { action: 'export' } }))
    const everything: unknown = JSON.parse(card.file?.text ?? '')
    for (const [table, { exported }] of Object.entries(tables)) {
      const columns = reading(place.file, (db) => (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name))
      expect(Object.keys(exported).sort(), `Say where the columns of ${table} are in the export`).toEqual(columns.sort())
      const missing = Object.values(exported).flatMap((paths) =>
        paths === '-' ? [] : paths.split(' ').filter((path) => at_(everything, path) === undefined),
      )
      expect([table, missing]).toEqual([table, []])
    }
    for (const text of Object.values(secrets)) expect(card.file?.text).toContain(text)
    expect(card.file?.text.split('\n').length).toBeGreaterThan(50)
    const shown = cardOf(await place.does(place.mina, { command: 'data', input: { action: 'show' } }))
    const counts = (shown.fields ?? []).slice(0, 4).map(({ value }) => Number(value))
    const { acts, answers, votes } = everything as Record<string, { note?: string }[]>
    expect(counts).toEqual([acts?.length, acts?.filter(({ note }) => note !== undefined).length, answers?.length, votes?.length])
    await place.stop()
  })

  test('is gone with everybody when the club is deleted, a month after the bot was removed', { timeout: 180_000 }, async () => {
    const { place, texts } = await busyClub(open)
    const { store, club, file } = place
    await store.keepUpload({ club, picture: `one:${secrets.note}`, file: 'F-지워질', expiresAt: 1 })
    const found_ = [...texts, club, place.jun.id, '지훈', 'F-지워질']
    const fresh = await store.club(club)
    if (!fresh) throw new Error('the club is gone')
    await purgeClub(store, fresh, place.now())
    expect(found(file, found_)).toEqual([])
    await place.stop()
    expect(found(file, found_)).toEqual([])
  })
})
