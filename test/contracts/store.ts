// Purpose: what every store has to do, whatever engine it runs on. A store's own test file opens it and calls this.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changeClub, changeMember } from '../../src/change.ts'
import { type Board, boards } from '../../src/club/board.ts'
import { addDays, type Day, mondayOf } from '../../src/club/calendar.ts'
import { type Appearance, type Club, clubDay, defaultSettings, isShown, type Member, newClub, newMember } from '../../src/club/club.ts'
import type { StreakState } from '../../src/club/streak.ts'
import { excuseDays, startSeason } from '../../src/planning.ts'
import { currentStreak, foldOf, recordAct } from '../../src/record.ts'
import type { ActRecord, BoardKey, BoardRow, NewPost, Store } from '../../src/store/store.ts'

const minute = 60_000
const hour = 60 * minute
/** A Monday. */
const monday = '2026-03-02'

/** An instant in the clubs' zone. */
const on = (day: Day, time = '12:00'): number => Date.parse(`${day}T${time}+09:00`)
/** When every poll of that day is closed. */
const later = on('2026-03-20')

async function aClub(store: Store, id = 'web:club', more: Partial<Club> = {}): Promise<Club> {
  await store.saveClub({ ...newClub(id, 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul'), ...more })
  return clubOf(store, id)
}

async function clubOf(store: Store, id: string): Promise<Club> {
  const club = await store.club(id)
  if (!club) throw new Error(`no club ${id}`)
  return club
}

async function memberOf(store: Store, club: Club, id: string): Promise<Member> {
  return (await store.member(club.id, id)) ?? newMember(club, id, id)
}

/** A member acts, as the bot lets them. */
async function act(store: Store, club: Club, id: string, at: number, more: Partial<Parameters<typeof recordAct>[1]> = {}) {
  const member = await memberOf(store, club, id)
  return recordAct({ store, club, member }, { kind: 'checkin', at, ...more })
}

async function appear(store: Store, club: Club, id: string, appear: Appearance, nickname?: string): Promise<void> {
  await changeMember(store, club, newMember(club, id, id), (fresh) => ({ ...fresh, appear, ...(nickname && { nickname }) }))
}

function stateOn(day: Day, values: Partial<StreakState> = {}): StreakState {
  return { day, acted: true, run: 1, best: 1, total: 1, freezes: 1, progress: 0, week: { from: mondayOf(day), days: 1 }, ...values }
}

/** What a first act writes, in so many words. */
function entryOf(club: Club, id: string, day: Day, more: Partial<ActRecord> = {}): ActRecord {
  return {
    club: club.id,
    member: newMember(club, id, id),
    streak: { epoch: club.epoch, state: stateOn(day) },
    act: { kind: 'checkin', at: on(day), day },
    firstOfDay: true,
    ...more,
  }
}

function postOf(club: Club, key: string, more: Partial<NewPost> = {}): NewPost {
  const day = monday
  return { key, club: club.id, kind: 'lesson', day, season: day, subject: 'L01', dueAt: on(day), expiresAt: on(day) + 10 * hour, ...more }
}

async function sentPost(store: Store, club: Club, key: string, at: number): Promise<void> {
  await store.enqueue([postOf(club, key, { dueAt: at, expiresAt: at + 240 * hour })])
  await store.markSent(key, { message: `m-${key}`, at })
}

const keys = async (claimed: Promise<{ send: { key: string }[]; edit: { key: string }[]; expired: { key: string }[] }>) => {
  const { send, edit, expired } = await claimed
  const keysOf = (posts: { key: string }[]) => posts.map(({ key }) => key).sort()
  return { send: keysOf(send), edit: keysOf(edit), expired: keysOf(expired) }
}

/** A club in which everything happened that a club can keep. */
async function busyClub(store: Store, club: Club): Promise<void> {
  const answer = { season: monday, lesson: 'L01', question: 0, option: 2, right: false }
  const poll = await store.openPoll(club.id, { myth: 'M01', day: monday, closesAt: on(monday, '20:00') })
  for (const id of ['mina', 'jun']) {
    await act(store, club, id, on(monday), { kind: 'answer', answer })
    await act(store, club, id, on(monday, '13:00'), { kind: 'vote', vote: { poll: poll.id, answer: 'true' } })
    await act(store, club, id, on(addDays(monday, 1)), { note: `line of ${id}` })
  }
  const posts = ['lesson', 'share', 'poll', 'review'] as const
  await store.enqueue(posts.map((kind) => postOf(club, `${kind}:${club.id}`, { kind, ...(kind === 'share' && { member: 'mina' }) })))
  for (const kind of ['lesson', 'share']) await store.markSent(`${kind}:${club.id}`, { message: '1', at: on(monday) })
  await store.omit(`review:${club.id}`)
  await store.saveClub(await clubOf(store, club.id), on(addDays(monday, 9)))
}

/** What the store tells of one club. */
async function lookAt(store: Store, club: Club) {
  const now = on(addDays(monday, 1), '20:00')
  return {
    members: (await store.members(club.id, undefined, 10)).map(({ id }) => id),
    days: await store.activeDays(club.id, monday),
    last: await store.lastActiveDay(club.id),
    missed: await store.missed(club.id, monday),
    polls: (await store.polls(club.id, 10)).map(({ myth, tally }) => ({ myth, tally })),
    posts: (await store.posts(club.id, ['lesson', 'share', 'poll', 'review'], 10)).map(({ kind, state }) => ({ kind, state })),
    boards: await Promise.all(keysOf(club, now).map((key) => store.top(club.id, key, now, 10))),
    above: await store.above(club.id, { board: 'total' }, 0, now),
    acts: (await store.acts(club.id, 'mina')).length,
    answers: (await store.answers(club.id, 'mina')).length,
    votes: (await store.votes(club.id, 'mina')).length,
  }
}

const ids = (rows: readonly BoardRow[]): string[] => rows.map(({ member }) => member.id)
const values = (rows: readonly BoardRow[]): number[] => rows.map(({ value }) => value)

export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`the store on ${name}: clubs`, () => {
    test('a club is kept whole, and a save on an older one is refused with its posts', async () => {
      const store = await open()
      expect(await store.club('web:club')).toBeUndefined()
      const fresh = newClub('web:club', 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul')
      expect(await store.saveClub(fresh)).toBe(true)
      const club = await clubOf(store, fresh.id)
      expect(club).toEqual({ ...fresh, version: club.version })
      expect(await store.saveClub(fresh)).toBe(false)

      const changed = { ...club, channel: 'other', excuses: [{ day: monday, reason: '정전' }] }
      expect(await store.saveClub(changed, undefined, [postOf(club, 'first')])).toBe(true)
      expect(await store.saveClub({ ...club, channel: 'late' }, 5, [postOf(club, 'second')])).toBe(false)
      expect(await store.club(club.id)).toEqual({ ...changed, version: club.version + 1 })
      expect(await store.post('first')).toMatchObject({ club: club.id, state: 'due' })
      expect(await store.post('second')).toBeUndefined()
      expect(await store.clubsDue(10)).toEqual([])
    })

    test('of two saves at once one is kept', async () => {
      const store = await open()
      const club = await aClub(store)
      const saved = await Promise.all(['a', 'b', 'c'].map((channel) => store.saveClub({ ...club, channel })))
      expect(saved.filter(Boolean)).toHaveLength(1)
      expect((await clubOf(store, club.id)).channel).toBe(['a', 'b', 'c'][saved.indexOf(true)])
    })

    test('clubs come up when they are due, the earliest first', async () => {
      const store = await open()
      for (const id of ['web:a', 'web:b', 'web:c']) await aClub(store, id)
      expect(await store.nextDueAt()).toBeUndefined()
      await store.saveClub(await clubOf(store, 'web:a'), 2000)
      await store.saveClub(await clubOf(store, 'web:b'), 1000)
      expect(await store.nextDueAt()).toBe(1000)
      expect(await store.clubsDue(999)).toEqual([])
      expect(await store.clubsDue(1000)).toEqual(['web:b'])
      expect(await store.clubsDue(5000)).toEqual(['web:b', 'web:a'])
      await store.saveClub(await clubOf(store, 'web:b'))
      expect(await store.nextDueAt()).toBe(2000)
      expect((await store.clubs()).sort()).toEqual(['web:a', 'web:b', 'web:c'])
    })
  })

  describe(`the store on ${name}: members`, () => {
    test('a member is kept whole, and a save on an older one is refused', async () => {
      const store = await open()
      const club = await aClub(store)
      expect(await store.member(club.id, '미나')).toBeUndefined()
      const mina: Member = {
        ...newMember(club, '미나', '김미나'),
        nickname: 'mm',
        appear: 'nickname',
        locale: 'en',
        zones: [{ at: 5, zone: 'Europe/London' }, { at: 9 }],
        pauses: [{ from: monday, until: addDays(monday, 2) }],
        repairs: [{ missed: monday, pressed: addDays(monday, 1) }],
        excuses: [{ day: monday, reason: 'ill' }],
        example: true,
      }
      expect(await store.saveMember(club.id, mina)).toBe(true)
      const kept = await memberOf(store, club, '미나')
      expect(kept).toEqual({ ...mina, version: kept.version })
      expect(await store.saveMember(club.id, mina)).toBe(false)
      expect(await store.saveMember(club.id, { ...kept, name: '미나' })).toBe(true)
      expect(await store.saveMember(club.id, { ...kept, name: 'late' })).toBe(false)
      expect(await store.member(club.id, '미나')).toEqual({ ...mina, name: '미나', version: kept.version + 1 })
      expect(await store.saveMember(club.id, { ...kept, id: 'nobody' })).toBe(false)
      expect(await store.member(club.id, 'nobody')).toBeUndefined()
    })

    test('members are listed by id, a page at a time, and each club has its own', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      for (const id of ['c', 'a', 'd', 'b']) await store.saveMember(club.id, newMember(club, id, id))
      await store.saveMember(other.id, newMember(other, 'a', 'another a'))
      const page = async (after: string | undefined, limit: number) => (await store.members(club.id, after, limit)).map(({ id }) => id)
      expect(await page(undefined, 3)).toEqual(['a', 'b', 'c'])
      expect(await page('c', 3)).toEqual(['d'])
      expect(await page('d', 3)).toEqual([])
      expect((await store.members(other.id, undefined, 9)).map(({ name }) => name)).toEqual(['another a'])
      expect(await store.members(club.id, 'c', 3)).toEqual([await store.member(club.id, 'd')])
    })

    test('who hides leaves every board, and who shows again comes back', async () => {
      const store = await open()
      const club = await aClub(store, 'web:club', { seasons: [{ from: monday, course: 'course' }] })
      for (const id of ['mina', 'jun']) await act(store, club, id, on(monday))
      await act(store, club, 'mina', on(addDays(monday, 1)))
      const now = on(addDays(monday, 1), '20:00')
      const shown = async () => {
        const rows: Record<string, string[]> = {}
        for (const key of keysOf(club, now)) rows[key.board] = ids(await store.top(club.id, key, now, 10))
        return rows
      }
      const all = (members: string[]) => ({ week: members, season: members, run: members, total: members })
      expect(await shown()).toEqual(all(['mina', 'jun']))
      for (const way of ['hidden', 'none'] as const) {
        await appear(store, club, 'mina', way)
        expect(await shown()).toEqual(all(['jun']))
        for (const key of keysOf(club, now)) expect(await store.above(club.id, key, 1, now)).toBe(0)
        await appear(store, club, 'mina', 'nickname', 'Mango')
        expect(await shown()).toEqual(all(['mina', 'jun']))
        for (const key of keysOf(club, now)) expect(await store.above(club.id, key, 1, now)).toBe(1)
      }
      const [first] = await store.top(club.id, { board: 'total' }, now, 1)
      expect(first).toEqual({ member: { id: 'mina', name: 'mina', nickname: 'Mango', appear: 'nickname' }, value: 2, run: 2, best: 2 })
    })

    test('who hides while their first act is on its way never stands on a board', async () => {
      const store = await open()
      const club = await aClub(store)
      const before = entryOf(club, 'mina', monday)
      const hidden = { ...newMember(club, 'mina', 'mina'), appear: 'hidden' as const }
      const [saved, outcome] = await Promise.all([store.saveMember(club.id, hidden), store.record(before)])
      expect([saved, outcome]).toEqual([true, 'again'])
      expect(await store.acts(club.id, 'mina')).toEqual([])
      await act(store, club, 'mina', on(monday))
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)
      expect(await store.top(club.id, { board: 'total' }, on(monday), 10)).toEqual([])
    })

    test('a deleted member leaves nothing but what they added to totals', async () => {
      const store = await open()
      const club = await aClub(store)
      const key = { season: monday, lesson: 'L01', question: 0 }
      const poll = await store.openPoll(club.id, { myth: 'M01', day: monday, closesAt: on(monday, '20:00') })
      for (const id of ['mina', 'jun']) {
        await act(store, club, id, on(monday), { kind: 'answer', answer: { ...key, option: 2, right: false } })
        await act(store, club, id, on(monday, '13:00'), { kind: 'vote', vote: { poll: poll.id, answer: 'true' } })
        await act(store, club, id, on(addDays(monday, 1)), { note: `line of ${id}` })
        await changeMember(store, club, newMember(club, id, id), (fresh) => ({
          ...fresh,
          pauses: [{ from: addDays(monday, 2), until: addDays(monday, 3) }],
        }))
        await store.enqueue([postOf(club, `share-${id}`, { kind: 'share', member: id })])
        await store.addMessage({ key: `share-${id}`, at: on(monday), by: id, card: '{}' })
        await store.addMessage({ at: on(monday), by: 'onepercent', to: id, card: '{}' })
      }
      const now = on(addDays(monday, 1), '20:00')
      const [own] = await store.acts(club.id, 'mina')

      expect(await store.deleteMember(club.id, 'mina', later)).toBe(true)
      expect(await store.deleteMember(club.id, 'mina', later)).toBe(false)
      expect(await store.member(club.id, 'mina')).toBeUndefined()
      expect((await store.members(club.id, undefined, 10)).map(({ id }) => id)).toEqual(['jun'])
      expect(await store.streak(club.id, 'mina')).toBeUndefined()
      expect(await store.acts(club.id, 'mina')).toEqual([])
      expect(await store.shareNote(club.id, 'mina', own?.id ?? 0, true)).toBe(false)
      expect(await store.answers(club.id, 'mina')).toEqual([])
      expect(await store.votes(club.id, 'mina')).toEqual([])
      expect(await store.vote(club.id, poll.id, 'mina')).toBeUndefined()
      expect(await store.post('share-mina')).toBeUndefined()
      expect((await store.posts(club.id, ['share'], 10)).map((post) => post.key)).toEqual(['share-jun'])
      expect((await store.messages('mina', 10)).map(({ by, to }) => [by, to])).toEqual([['jun', undefined]])
      expect(await store.staleStreaks(club.id, 9, 10)).toEqual(['jun'])
      for (const board of ['week', 'run', 'total'] as const) {
        const board1 = { board, ...(board === 'week' && { period: monday }) }
        expect(ids(await store.top(club.id, board1, now, 10))).toEqual(['jun'])
        expect(await store.above(club.id, board1, 0, now)).toBe(1)
      }
      expect(await store.actorsOn(club.id, monday)).toBe(1)
      expect(await store.activeDays(club.id, monday)).toEqual([
        { day: monday, actors: 1, members: 1 },
        { day: addDays(monday, 1), actors: 1, members: 1 },
        { day: addDays(monday, 2), actors: 0, members: 0 },
        { day: addDays(monday, 3), actors: 0, members: 0 },
      ])
      expect((await store.poll(club.id, poll.id))?.tally).toEqual({ true: 2, false: 0, depends: 0 })
      expect(await store.acts(club.id, 'jun')).toHaveLength(3)

      await act(store, club, 'mina', on(addDays(monday, 1), '13:00'))
      expect((await store.streak(club.id, 'mina'))?.state).toMatchObject({ total: 1, run: 1 })
      expect(await store.deleteMember(club.id, 'jun', later)).toBe(true)
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)
      expect(await store.actorsOn(club.id, monday)).toBe(0)
      expect(await store.lastActiveDay(club.id)).toBe(addDays(monday, 1))
    })

    test('of a member whose first act came late the joining is taken back too', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', on(addDays(monday, 1)))
      await act(store, club, 'mina', on(monday, '23:00'))
      await store.deleteMember(club.id, 'mina', later)
      await act(store, club, 'jun', on(addDays(monday, 3)))
      expect((await store.activeDays(club.id, addDays(monday, 3))).map(({ members }) => members)).toEqual([1])
      expect((await store.activeDays(club.id, monday)).filter(({ actors, members }) => actors !== members)).toEqual([])
    })

    test('deleting somebody who only ever read removes what they were told, in their own club alone', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'discord:1')]
      await store.addMessage({ at: 1, by: 'onepercent', to: '77', card: '{}' })
      await act(store, other, '77', on(monday))
      expect(await store.deleteMember(other.id, '77', later)).toBe(true)
      expect(await store.messages('77', 10)).toHaveLength(1)
      expect(await store.deleteMember(club.id, '77', later)).toBe(true)
      expect(await store.messages('77', 10)).toEqual([])
      expect(await store.deleteMember(club.id, '77', later)).toBe(false)
    })

    test('a club is deleted once nobody is in it any more, with everything that was its own and nothing of another', async () => {
      const store = await open()
      const [club, other] = [await aClub(store, 'discord:1'), await aClub(store, 'discord:2')]
      await busyClub(store, club)
      await busyClub(store, other)
      const before = await lookAt(store, other)
      await expect(store.deleteClub(club.id)).rejects.toThrow('members')
      expect(await store.members(club.id, undefined, 10)).toHaveLength(2)
      expect(await store.post(`lesson:${club.id}`)).toMatchObject({ state: 'sent' })

      for (const id of ['jun', 'mina']) await store.deleteMember(club.id, id, later)
      await store.deleteClub(club.id)
      expect(await store.club(club.id)).toBeUndefined()
      expect(await store.clubs()).toEqual([other.id])
      expect(await store.clubsDue(Number.MAX_SAFE_INTEGER)).toEqual([other.id])
      for (const kind of ['lesson', 'share', 'poll']) expect(await store.post(`${kind}:${club.id}`)).toBeUndefined()
      expect(await store.omitted()).toBe(1)
      expect((await keys(store.claimDue(on(monday) + hour, 10, minute))).send).toEqual([`poll:${other.id}`])
      expect(await lookAt(store, other)).toEqual(before)

      // Whoever comes back under the same id begins anew.
      const again = await aClub(store, club.id)
      expect(await lookAt(store, again)).toEqual(await lookAt(store, await aClub(store, 'discord:3')))
      await act(store, again, 'mina', on(monday))
      expect((await store.streak(again.id, 'mina'))?.state).toMatchObject({ total: 1, run: 1 })
      expect(ids(await store.top(again.id, { board: 'total' }, on(monday), 10))).toEqual(['mina'])
    })
  })

  describe(`the store on ${name}: the ledger`, () => {
    test('an act and the streak that it moved are kept together', async () => {
      const store = await open()
      const club = await aClub(store)
      const state = stateOn(monday, {
        run: 3,
        best: 9,
        total: 12,
        freezes: 2,
        progress: 4,
        season: { from: '2026-01-05', days: 7 },
        miss: { day: '2026-02-20', run: 6 },
      })
      const streak = { epoch: 4, lapsesAt: on(addDays(monday, 3), '04:00'), state }
      expect(await store.streak(club.id, 'mina')).toBeUndefined()
      const outcome = await store.record(entryOf(club, 'mina', monday, { streak }))
      const kept = await store.streak(club.id, 'mina')
      expect(kept).toEqual({ ...streak, revision: kept?.revision })
      const done = typeof outcome === 'object' ? outcome.done : undefined
      expect(await store.acts(club.id, 'mina')).toEqual([{ id: done, kind: 'checkin', at: on(monday), day: monday }])
      expect(await store.member(club.id, 'mina')).toMatchObject({ name: 'mina', appear: 'name' })
    })

    test('a state with neither week, season, miss nor end comes back without them', async () => {
      const store = await open()
      const club = await aClub(store)
      const { week: _, ...state } = stateOn(monday, { acted: false, run: 0 })
      await store.record(entryOf(club, 'mina', monday, { streak: { epoch: 0, state } }))
      expect(await store.streak(club.id, 'mina')).toEqual({ revision: expect.any(Number), epoch: 0, state })
    })

    test('whoever computed on an older streak is told so, and nothing is written', async () => {
      const store = await open()
      const club = await aClub(store)
      const first = entryOf(club, 'mina', monday)
      const outcomes = await Promise.all([store.record(first), store.record(first), store.record(first)])
      expect(outcomes.filter((outcome) => outcome === 'again')).toHaveLength(2)
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)
      const { revision = -1 } = (await store.streak(club.id, 'mina')) ?? {}
      const member = (await store.member(club.id, 'mina')) ?? first.member
      const second = { ...entryOf(club, 'mina', addDays(monday, 1)), member, revision }
      expect(await store.record(first)).toBe('again')
      // Who hid or paused in between has another version.
      expect(await store.record({ ...second, member: first.member })).toBe('again')
      expect(await store.record(second)).toMatchObject({ done: expect.any(Number) })
      expect(await store.record(second)).toBe('again')
      expect(await store.record({ ...entryOf(club, 'jun', monday), revision: 1 })).toBe('again')
      expect(await store.acts(club.id, 'mina')).toHaveLength(2)
      expect(await store.acts(club.id, 'jun')).toEqual([])
      expect(await store.actorsOn(club.id, monday)).toBe(1)
    })

    test('many taps of one member at once are all kept, and one day is counted once', async () => {
      const store = await open()
      const club = await aClub(store)
      // More than a hasty thumb can: as many as a member may ask for at once.
      const lines = Array.from({ length: 60 }, (_, n) => `line ${n + 100}`)
      await Promise.all(lines.map((note, n) => act(store, club, 'mina', on(monday) + n * minute, { note })))
      expect((await store.acts(club.id, 'mina')).map(({ note }) => note).sort()).toEqual(lines)
      expect((await store.streak(club.id, 'mina'))?.state).toMatchObject({ total: 1, run: 1 })
      expect(await store.actorsOn(club.id, monday)).toBe(1)
    })

    test('acts come newest first, each with its kind, minute, day and note', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', on(monday, '23:59') + 59_999, { kind: 'review' })
      await act(store, club, 'jun', on(addDays(monday, 1)), { note: 'another' })
      await act(store, club, 'mina', on(addDays(monday, 2), '03:59'), { note: '3장, "따옴표"\n둘째 줄' })
      await act(store, club, 'mina', on(addDays(monday, 2), '04:00'), { note: '' })
      const acts = await store.acts(club.id, 'mina')
      expect(acts.map(({ id: _, ...rest }) => rest)).toEqual([
        { kind: 'checkin', at: on(addDays(monday, 2), '04:00'), day: addDays(monday, 2), note: '', shared: false },
        { kind: 'checkin', at: on(addDays(monday, 2), '03:59'), day: addDays(monday, 1), note: '3장, "따옴표"\n둘째 줄', shared: false },
        { kind: 'review', at: on(monday, '23:59'), day: monday },
      ])
      expect(new Set(acts.map(({ id }) => id)).size).toBe(3)
    })

    test('a note is shared and hidden again by its own member alone', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      await act(store, club, 'mina', on(monday), { note: 'mine' })
      await act(store, club, 'mina', on(monday, '13:00'), { kind: 'review' })
      await act(store, club, 'jun', on(monday))
      await act(store, other, 'mina', on(monday))
      const [review, note] = await store.acts(club.id, 'mina')
      const shared = async () => (await store.acts(club.id, 'mina'))[1]?.shared
      const id = note?.id ?? 0
      expect(await store.shareNote(club.id, 'jun', id, true)).toBe(false)
      expect(await store.shareNote(other.id, 'mina', id, true)).toBe(false)
      expect(await store.shareNote(club.id, 'nobody', id, true)).toBe(false)
      expect(await store.shareNote(club.id, 'mina', review?.id ?? 0, true)).toBe(false)
      expect(await store.shareNote(club.id, 'mina', 999_999, true)).toBe(false)
      expect(await shared()).toBe(false)
      expect(await store.shareNote(club.id, 'mina', id, true)).toBe(true)
      expect(await shared()).toBe(true)
      expect(await store.shareNote(club.id, 'mina', id, false)).toBe(true)
      expect(await shared()).toBe(false)
    })

    test('the days on which anything happened tell how many acted, of how many who had joined and were not paused', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const day = (n: number) => addDays(monday, n)
      expect(await store.lastActiveDay(club.id)).toBeUndefined()
      expect(await store.activeDays(club.id, monday)).toEqual([])
      const pause = (id: string, from: number, until: number) =>
        changeMember(store, club, newMember(club, id, id), (fresh) => ({ ...fresh, pauses: [{ from: day(from), until: day(until) }] }))
      await pause('jun', 0, 3)
      for (const id of ['mina', 'sol', 'ara']) await act(store, club, id, on(monday))
      await act(store, club, 'mina', on(monday, '13:00'))
      await act(store, club, 'jun', on(day(2)))
      await act(store, club, 'mina', on(day(2)))
      await pause('mina', 1, 2)
      await pause('mina', 2, 4)
      await act(store, other, 'mina', on(day(6)))
      await act(store, club, 'sol', on(day(3)))
      const all = [
        { day: monday, actors: 3, members: 3 },
        { day: day(2), actors: 2, members: 2 },
        { day: day(3), actors: 1, members: 2 },
      ]
      expect((await store.activeDays(club.id, monday)).filter(({ actors }) => actors > 0)).toEqual(all)
      expect((await store.activeDays(club.id, day(2))).filter(({ actors }) => actors > 0)).toEqual(all.slice(1))
      expect(await store.actorsOn(club.id, monday)).toBe(3)
      expect(await store.actorsOn(club.id, day(1))).toBe(0)
      expect(await store.lastActiveDay(club.id)).toBe(day(3))
    })

    test('a question is answered once, in a season', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const answer = { season: monday, lesson: 'L01', question: 0, option: 2, right: false }
      expect(await act(store, club, 'mina', on(monday), { kind: 'answer', answer })).toMatchObject({ counted: true })
      const before = await store.streak(club.id, 'mina')
      expect(
        await act(store, club, 'mina', on(addDays(monday, 1)), { kind: 'answer', answer: { ...answer, option: 1, right: true } }),
      ).toBe('already')
      expect(await store.streak(club.id, 'mina')).toEqual(before)
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)
      expect(await store.actorsOn(club.id, addDays(monday, 1))).toBe(0)

      for (const more of [{ question: 1 }, { lesson: 'L02', option: 0, right: true }, { season: '2026-06-01' }]) {
        await act(store, club, 'mina', on(monday), { kind: 'answer', answer: { ...answer, ...more } })
      }
      await act(store, club, 'jun', on(monday), { kind: 'answer', answer })
      await act(store, other, 'mina', on(monday), { kind: 'answer', answer: { ...answer, option: 0 } })
      expect(await store.answer(club.id, 'mina', answer)).toEqual(answer)
      expect(await store.answer(club.id, 'mina', { ...answer, lesson: 'L02' })).toEqual({
        ...answer,
        lesson: 'L02',
        option: 0,
        right: true,
      })
      expect(await store.answer(club.id, 'mina', { ...answer, question: 2 })).toBeUndefined()
      expect(await store.answer(club.id, 'nobody', answer)).toBeUndefined()
      expect(await store.answers(club.id, 'mina')).toHaveLength(4)
      expect(await store.answers(club.id, 'mina')).toContainEqual({ ...answer, question: 1 })
      expect(await store.answers(club.id, 'nobody')).toEqual([])
      expect((await store.answered(club.id, 'mina', answer.season)).sort()).toEqual(['L01', 'L02'])
      expect(await store.answered(club.id, 'mina', '2026-06-01')).toEqual(['L01'])
      expect(await store.answered(club.id, 'nobody', answer.season)).toEqual([])
    })

    test('the lessons of a season are ordered by how many missed their first question', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const answers: [string, string, number, boolean, string?][] = [
        ['mina', 'L01', 0, true],
        ['jun', 'L01', 0, false],
        ['mina', 'L02', 0, false],
        ['mina', 'L03', 0, true],
        ['mina', 'L03', 1, false],
        ['mina', 'L04', 0, false],
        ['jun', 'L04', 0, false],
        ['mina', 'L01', 0, false, '2026-06-01'],
      ]
      for (const [id, lesson, question, right, season = monday] of answers) {
        await act(store, club, id, on(monday), { kind: 'answer', answer: { season, lesson, question, option: 0, right } })
      }
      await act(store, other, 'mina', on(monday), {
        kind: 'answer',
        answer: { season: monday, lesson: 'L09', question: 0, option: 0, right: false },
      })
      expect(await store.missed(club.id, monday)).toEqual([
        { lesson: 'L04', wrong: 2, all: 2 },
        { lesson: 'L02', wrong: 1, all: 1 },
        { lesson: 'L01', wrong: 1, all: 2 },
        { lesson: 'L03', wrong: 0, all: 1 },
      ])
      expect(await store.missed(club.id, '2026-01-01')).toEqual([])
    })
  })

  describe(`the store on ${name}: streaks as folded`, () => {
    test('a fold on an older streak is refused', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', on(monday))
      const { revision = -1 } = (await store.streak(club.id, 'mina')) ?? {}
      const fold = { epoch: 3, lapsesAt: on(addDays(monday, 9)), state: stateOn(monday, { run: 5, best: 5, total: 5 }) }
      expect(await store.saveStreak(club.id, 'mina', revision - 1, fold)).toBe(false)
      expect(await store.saveStreak(club.id, 'nobody', revision, fold)).toBe(false)
      expect(await store.saveStreak(club.id, 'mina', revision, fold)).toBe(true)
      expect(await store.saveStreak(club.id, 'mina', revision, { ...fold, epoch: 9 })).toBe(false)
      const kept = await store.streak(club.id, 'mina')
      expect(kept).toEqual({ ...fold, revision: kept?.revision })
      expect(await store.record({ ...entryOf(club, 'mina', monday), revision })).toBe('again')
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)
      expect(values(await store.top(club.id, { board: 'total' }, on(monday), 1))).toEqual([5])
    })

    test('streaks folded under an older epoch, or before the member changed, are named', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      for (const id of ['mina', 'jun', 'sol']) await act(store, club, id, on(monday))
      await act(store, other, 'ara', on(monday))
      expect(await store.staleStreaks(club.id, 0, 10)).toEqual([])
      await appear(store, club, 'sol', 'hidden')
      expect(await store.staleStreaks(club.id, 0, 10)).toEqual(['sol'])
      expect(await store.streak(club.id, 'sol')).not.toHaveProperty('epoch')
      expect((await store.staleStreaks(club.id, 1, 10)).sort()).toEqual(['jun', 'mina', 'sol'])
      expect(await store.staleStreaks(club.id, 1, 2)).toHaveLength(2)
      const later = await excuseDays(store, club.id, on(monday), [monday])
      for (const id of ['mina', 'sol']) await currentStreak({ store, club: later, member: await memberOf(store, later, id) }, on(monday))
      expect(await store.staleStreaks(club.id, later.epoch, 10)).toEqual(['jun'])
      await act(store, later, 'jun', on(monday))
      expect(await store.staleStreaks(club.id, later.epoch, 10)).toEqual([])
    })

    test('a change of the member makes an act on its way be weighed anew', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', on(monday))
      const { revision = -1 } = (await store.streak(club.id, 'mina')) ?? {}
      await appear(store, club, 'mina', 'hidden')
      expect(await store.record({ ...entryOf(club, 'mina', addDays(monday, 1)), revision })).toBe('again')
    })
  })

  describe(`the store on ${name}: boards`, () => {
    /** Members who stand at these totals, in the order in which they reached them. */
    async function crowd(store: Store, club: Club, totals: readonly (readonly [string, number])[]): Promise<void> {
      for (const [id, total] of totals) await stand(store, club, id, total)
    }
    async function stand(store: Store, club: Club, id: string, total: number): Promise<void> {
      const member = await memberOf(store, club, id)
      const { revision } = (await store.streak(club.id, id)) ?? {}
      const streak = { epoch: 0, state: stateOn(monday, { run: total, best: total, total, week: { from: monday, days: total } }) }
      const outcome = await store.record(entryOf(club, id, monday, { member, streak, ...(revision !== undefined && { revision }) }))
      expect(outcome).toMatchObject({ done: expect.any(Number) })
    }
    const now = on(monday, '20:00')

    test('the highest stand first, and among equals whoever reached it first', async () => {
      const store = await open()
      const club = await aClub(store)
      await crowd(store, club, [
        ['c', 2],
        ['a', 1],
        ['b', 2],
        ['d', 1],
        ['a', 2],
        ['e', 3],
      ])
      const board = { board: 'total' } as const
      expect(ids(await store.top(club.id, board, now, 10))).toEqual(['e', 'c', 'b', 'a', 'd'])
      expect(values(await store.top(club.id, board, now, 3))).toEqual([3, 2, 2])
      // A second act on the same day moves nothing, nor does a look at the board by somebody who was away from it.
      const { revision = -1, state = stateOn(monday) } = (await store.streak(club.id, 'c')) ?? {}
      const second = { member: await memberOf(store, club, 'c'), revision, firstOfDay: false, streak: { epoch: 0, state } }
      await store.record(entryOf(club, 'c', monday, second))
      await appear(store, club, 'c', 'hidden')
      await appear(store, club, 'c', 'name')
      expect(ids(await store.top(club.id, board, now, 10))).toEqual(['e', 'c', 'b', 'a', 'd'])
      expect(await Promise.all([0, 1, 2, 3].map((value) => store.above(club.id, board, value, now)))).toEqual([5, 4, 1, 0])
    })

    test('each board has its own value, week and season their period', async () => {
      const store = await open()
      const club = await aClub(store)
      const state = stateOn(monday, {
        run: 5,
        best: 8,
        total: 40,
        week: { from: monday, days: 3 },
        season: { from: '2026-02-02', days: 17 },
      })
      await store.record(entryOf(club, 'mina', monday, { streak: { epoch: 0, state } }))
      const value = async (key: BoardKey) => values(await store.top(club.id, key, now, 10))
      expect(await value({ board: 'run' })).toEqual([5])
      expect(await value({ board: 'total' })).toEqual([40])
      expect(await value({ board: 'week', period: monday })).toEqual([3])
      expect(await value({ board: 'week', period: addDays(monday, 7) })).toEqual([])
      expect(await value({ board: 'season', period: '2026-02-02' })).toEqual([17])
      expect(await value({ board: 'season', period: monday })).toEqual([])
      const [row] = await store.top(club.id, { board: 'season', period: '2026-02-02' }, now, 1)
      expect(row).toEqual({ member: { id: 'mina', name: 'mina', appear: 'name' }, value: 17, run: 5, best: 8 })
    })

    test('another club has boards of its own', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      await crowd(store, club, [['mina', 3]])
      await crowd(store, other, [
        ['jun', 5],
        ['mina', 1],
      ])
      expect(ids(await store.top(club.id, { board: 'total' }, now, 10))).toEqual(['mina'])
      expect(await store.above(club.id, { board: 'total' }, 2, now)).toBe(1)
      expect(ids(await store.top(other.id, { board: 'total' }, now, 10))).toEqual(['jun', 'mina'])
    })

    test('last week’s list is still there after this week’s acts', async () => {
      const store = await open()
      const club = await aClub(store)
      for (const n of [0, 1, 2]) for (const id of ['mina', 'jun', 'sol'].slice(n)) await act(store, club, id, on(addDays(monday, n)))
      const week = { board: 'week', period: monday } as const
      const next = { board: 'week', period: addDays(monday, 7) } as const
      const later = on(addDays(monday, 7), '20:00')
      for (const id of ['sol', 'mina']) await act(store, club, id, on(addDays(monday, 7)))
      expect((await store.top(club.id, week, later, 10)).map(({ member, value }) => [member.id, value])).toEqual([
        ['sol', 3],
        ['jun', 2],
        ['mina', 1],
      ])
      expect(ids(await store.top(club.id, next, later, 10))).toEqual(['sol', 'mina'])
      await appear(store, club, 'sol', 'hidden')
      expect(ids(await store.top(club.id, week, later, 10))).toEqual(['jun', 'mina'])
      await store.sweep(club.id, addDays(monday, 7), later)
      expect(ids(await store.top(club.id, week, later, 10))).toEqual(['jun', 'mina'])
      expect(ids(await store.top(club.id, next, later, 10))).toEqual(['mina'])
    })

    test('a run is on the board until the instant it lapses, whoever looks or sweeps', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', on(monday))
      await act(store, club, 'jun', on(addDays(monday, 1)))
      const run = { board: 'run' } as const
      // Mina: Monday counted, Tuesday frozen, Wednesday missed. Jun: one day later.
      const minaLapses = on(addDays(monday, 3), '04:00')
      expect((await store.streak(club.id, 'mina'))?.lapsesAt).toBe(minaLapses)
      expect(ids(await store.top(club.id, run, minaLapses - 1, 10))).toEqual(['mina', 'jun'])
      expect(await store.above(club.id, run, 0, minaLapses - 1)).toBe(2)
      expect(ids(await store.top(club.id, run, minaLapses, 10))).toEqual(['jun'])
      expect(await store.above(club.id, run, 0, minaLapses)).toBe(1)
      expect((await store.top(club.id, { board: 'total' }, minaLapses, 10)).map((row) => [row.member.id, row.run, row.best])).toEqual([
        ['mina', 0, 1],
        ['jun', 1, 1],
      ])
      await store.sweep(club.id, addDays(monday, 3), minaLapses)
      expect(ids(await store.top(club.id, run, minaLapses, 10))).toEqual(['jun'])
      await act(store, club, 'mina', minaLapses + hour)
      expect(ids(await store.top(club.id, run, minaLapses + hour, 10))).toEqual(['jun', 'mina'])
      // An excuse brings a run back that had lapsed.
      const later = await excuseDays(store, club.id, minaLapses, [addDays(monday, 2)])
      await currentStreak({ store, club: later, member: await memberOf(store, later, 'mina') }, minaLapses + hour)
      expect((await store.top(club.id, run, minaLapses + hour, 10)).map((row) => [row.member.id, row.value])).toEqual([
        ['mina', 2],
        ['jun', 1],
      ])
      expect(await store.above(club.id, run, 1, minaLapses + hour)).toBe(1)
    })

    test('the board is right however many of the highest leave and however many of the lowest come near', async () => {
      const store = await open()
      const club = await aClub(store)
      const totals = new Map(Array.from({ length: 200 }, (_, i) => [`m${String((i * 37) % 200).padStart(3, '0')}`, i + 1]))
      for (const [id, total] of totals) await stand(store, club, id, total)
      const board = { board: 'total' } as const
      const expected = () => [...totals.values()].sort((a, b) => b - a).slice(0, 10)
      expect(values(await store.top(club.id, board, now, 10))).toEqual(expected())

      const byRank = [...totals].sort((a, b) => b[1] - a[1]).map(([id]) => id)
      const lowest = [...byRank].reverse()
      for (const [i, id] of byRank.slice(0, 150).entries()) {
        await appear(store, club, id, 'hidden')
        totals.delete(id)
        const low = lowest[i % 40] ?? ''
        totals.set(low, (totals.get(low) ?? 0) + 1)
        await stand(store, club, low, totals.get(low) ?? 0)
        // Nobody looks for a long while, and then often.
        if (i === 70 || i > 120) expect(values(await store.top(club.id, board, now, 10)), `${i + 1} hidden`).toEqual(expected())
      }
      expect(await store.above(club.id, board, 0, now)).toBe(50)
      expect(await store.above(club.id, board, 40, now)).toBe([...totals.values()].filter((total) => total > 40).length)
    })

    test('equals keep their order when the list has to be filled up from all of them', async () => {
      const store = await open()
      const club = await aClub(store)
      const order = Array.from({ length: 300 }, (_, i) => `m${String((i * 77) % 300).padStart(3, '0')}`)
      await crowd(
        store,
        club,
        order.map((id) => [id, 1] as const),
      )
      for (const id of order.slice(0, 140)) await appear(store, club, id, 'hidden')
      const board = { board: 'total' } as const
      expect(await Promise.all([1, 2].map(async () => ids(await store.top(club.id, board, now, 10))))).toEqual([
        order.slice(140, 150),
        order.slice(140, 150),
      ])
    })

    test('when the longest runs lapse the others move up', async () => {
      const store = await open()
      const club = await aClub(store)
      const until = on(addDays(monday, 2), '04:00')
      for (let i = 0; i < 150; i++) {
        const lapsesAt = i < 145 ? until : until + 24 * hour
        const streak = { epoch: 0, lapsesAt, state: stateOn(monday, { run: 200 - i, best: 200 - i }) }
        await store.record(entryOf(club, `m${i}`, monday, { streak }))
      }
      const board = { board: 'run' } as const
      expect(values(await store.top(club.id, board, until - 1, 2))).toEqual([200, 199])
      const fresh = { epoch: 0, lapsesAt: until + 48 * hour, state: stateOn(monday) }
      for (let i = 0; i < 12; i++) await store.record(entryOf(club, `new${i}`, monday, { streak: fresh }))
      expect(values(await store.top(club.id, board, until, 7))).toEqual([55, 54, 53, 52, 51, 1, 1])
      expect(await store.above(club.id, board, 1, until)).toBe(5)
    })
  })

  describe(`the store on ${name}: any life of a club`, () => {
    type Step = { hours: number } & (
      | { do: 'act'; who: number; late: number }
      | { do: 'appear'; who: number; as: Appearance }
      | { do: 'pause'; who: number; back: number; days: number }
      | { do: 'excuse'; who: number | undefined; back: number }
      | { do: 'home'; who: number }
      | { do: 'season' }
      | { do: 'sweep' }
      | { do: 'delete'; who: number }
    )
    const who = fc.integer({ min: 0, max: 5 })
    const hours = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(24), fc.constantFrom(20, 26, 48, 72, 96))
    const one = <T extends string>(what: T) => fc.constant(what)
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 14, arbitrary: fc.record({ do: one('act'), hours, who, late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 23 })) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: one('appear'),
          hours,
          who,
          as: fc.constantFrom<Appearance>('name', 'name', 'nickname', 'hidden', 'none'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: one('pause'), hours, who, back: fc.integer({ min: 0, max: 2 }), days: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: one('excuse'), hours, who: fc.option(who, { nil: undefined }), back: fc.integer({ min: 0, max: 6 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: one('home'), hours, who }) },
      { weight: 1, arbitrary: fc.record({ do: one('season'), hours }) },
      { weight: 1, arbitrary: fc.record({ do: one('sweep'), hours }) },
      { weight: 1, arbitrary: fc.record({ do: one('delete'), hours, who }) },
    )

    async function take(store: Store, id: string, now: number, step: Step): Promise<void> {
      const club = await clubOf(store, id)
      const { today } = clubDay(club, now)
      const nameOf = (n: number) => `m${n}`
      const change = (n: number, change: (member: Member) => Member) =>
        changeMember(store, club, newMember(club, nameOf(n), nameOf(n)), change)
      switch (step.do) {
        case 'act': {
          const member = await memberOf(store, club, nameOf(step.who))
          if (member.appear !== 'none') await act(store, club, member.id, now - step.late * hour)
          break
        }
        case 'appear':
          await change(step.who, (fresh) => ({ ...fresh, appear: step.as }))
          break
        case 'pause': {
          const from = addDays(today, -step.back)
          await change(step.who, (fresh) => ({ ...fresh, pauses: [...fresh.pauses, { from, until: addDays(from, step.days - 1) }] }))
          break
        }
        case 'excuse': {
          const day = addDays(today, -step.back)
          if (step.who === undefined) await excuseDays(store, id, now, [day])
          else await change(step.who, (fresh) => ({ ...fresh, excuses: [...fresh.excuses, { day }] }))
          break
        }
        case 'home':
          await change(step.who, (fresh) => ({ ...fresh, zones: [...fresh.zones, { at: now, zone: 'Asia/Seoul' }] }))
          break
        case 'season':
          await changeClub(store, id, now, (fresh) => startSeason(fresh, 'course', today))
          break
        case 'sweep':
          await store.sweep(id, today, now)
          break
        case 'delete':
          await store.deleteMember(id, nameOf(step.who), now)
      }
    }

    test('streaks equal the fold, boards and days equal a recount', async () => {
      const store = await open()
      let lives = 0
      const life = fc.record({
        weekdays: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5], [2, 6]),
        zones: fc.array(fc.constantFrom('Asia/Seoul', 'America/New_York', 'Europe/London'), { maxLength: 6 }),
        steps: fc.array(step, { minLength: 1, maxLength: 45 }),
      })
      await fc.assert(
        fc.asyncProperty(life, async ({ weekdays, zones, steps }) => {
          const id = `web:life-${lives++}`
          const { calendar } = newClub(id, 'channel', { ...defaultSettings, course: 'course' }, 'Asia/Seoul')
          const club = await aClub(store, id, { calendar: [{ ...calendar[0], weekdays }], seasons: [{ from: monday, course: 'course' }] })
          let now = on(monday, '09:00')
          for (const [n, zone] of zones.entries()) {
            await store.saveMember(id, { ...newMember(club, `m${n}`, `m${n}`), zones: [{ at: now, zone }] })
          }
          for (const step of steps) {
            now += step.hours * hour
            await take(store, club.id, now, step)
          }
          await checkLife(store, await clubOf(store, id), now)
        }),
        { numRuns: Number(process.env.STORE_LIVES ?? 100) },
      )
    })
  })

  describe(`the store on ${name}: polls`, () => {
    const closesAt = on(addDays(monday, 1), '20:00')

    test('a poll is opened once a day and myth, and each club has its own', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const myth = { myth: 'M01', day: monday, closesAt }
      const poll = await store.openPoll(club.id, myth)
      expect(poll).toEqual({ ...myth, id: poll.id, tally: { true: 0, false: 0, depends: 0 } })
      await act(store, club, 'mina', on(monday), { kind: 'vote', vote: { poll: poll.id, answer: 'true' } })
      expect(await store.openPoll(club.id, { ...myth, closesAt: closesAt + hour })).toEqual({ ...poll, tally: { ...poll.tally, true: 1 } })
      const second = await store.openPoll(club.id, { ...myth, day: addDays(monday, 2) })
      const third = await store.openPoll(club.id, { ...myth, myth: 'M02', day: addDays(monday, 2) })
      const foreign = await store.openPoll(other.id, myth)
      expect(new Set([poll, second, third, foreign].map(({ id }) => id)).size).toBe(4)
      expect((await store.polls(club.id, 10)).map(({ id }) => id)).toEqual([third.id, second.id, poll.id])
      expect((await store.polls(club.id, 1)).map(({ id }) => id)).toEqual([third.id])
      expect(await store.poll(club.id, foreign.id)).toBeUndefined()
      expect(await store.poll(other.id, foreign.id)).toEqual(foreign)
    })

    test('first votes are counted, and a change of mind is told apart', async () => {
      const store = await open()
      const club = await aClub(store)
      const poll = await store.openPoll(club.id, { myth: 'M01', day: monday, closesAt })
      const vote = (id: string, answer: 'true' | 'false' | 'depends') =>
        act(store, club, id, on(monday), { kind: 'vote', vote: { poll: poll.id, answer } })
      const tally = async () => (await store.poll(club.id, poll.id))?.tally
      await vote('mina', 'true')
      await vote('jun', 'false')
      await vote('sol', 'true')
      expect(await vote('mina', 'depends')).toBe('already')
      expect(await tally()).toEqual({ true: 2, false: 1, depends: 0 })
      expect(await store.acts(club.id, 'mina')).toHaveLength(1)

      await store.changeMind(club.id, 'mina', poll.id, 'depends')
      await store.changeMind(club.id, 'nobody', poll.id, 'depends')
      expect(await tally()).toEqual({ true: 2, false: 1, depends: 0 })
      expect(await store.vote(club.id, poll.id, 'mina')).toEqual({ answer: 'true', mind: 'depends' })
      expect(await store.vote(club.id, poll.id, 'jun')).toEqual({ answer: 'false' })
      expect(await store.vote(club.id, poll.id, 'nobody')).toBeUndefined()
      const second = await store.openPoll(club.id, { myth: 'M02', day: monday, closesAt })
      await act(store, club, 'mina', on(monday), { kind: 'vote', vote: { poll: second.id, answer: 'false' } })
      expect(await store.votes(club.id, 'mina')).toEqual([
        { poll: poll.id, answer: 'true', mind: 'depends' },
        { poll: second.id, answer: 'false' },
      ])
      expect(await store.votes(club.id, 'nobody')).toEqual([])
    })

    test('a vote without record counts, is no act, and is forgotten once the poll is closed', async () => {
      const store = await open()
      const club = await aClub(store)
      const poll = await store.openPoll(club.id, { myth: 'M01', day: monday, closesAt })
      const shy = { ...newMember(club, 'shy', 'shy'), appear: 'none' as const }
      const cast = await Promise.all([store.countVote(club.id, shy, poll.id, 'depends'), store.countVote(club.id, shy, poll.id, 'true')])
      expect(cast).toEqual([true, false])
      await act(store, club, 'mina', on(monday), { kind: 'vote', vote: { poll: poll.id, answer: 'true' } })
      expect(await store.countVote(club.id, newMember(club, 'mina', 'mina'), poll.id, 'false')).toBe(false)
      await store.changeMind(club.id, 'shy', poll.id, 'false')
      expect(await store.vote(club.id, poll.id, 'shy')).toEqual({ counted: 'depends' })
      expect(await store.acts(club.id, 'shy')).toEqual([])
      expect(await store.streak(club.id, 'shy')).toBeUndefined()
      expect(await store.actorsOn(club.id, monday)).toBe(1)

      await store.sweep(club.id, addDays(monday, 1), closesAt - 1)
      expect(await store.vote(club.id, poll.id, 'shy')).toEqual({ counted: 'depends' })
      await store.sweep(club.id, addDays(monday, 1), closesAt)
      expect(await store.vote(club.id, poll.id, 'shy')).toBeUndefined()
      expect(await store.vote(club.id, poll.id, 'mina')).toEqual({ answer: 'true' })
      expect((await store.poll(club.id, poll.id))?.tally).toEqual({ true: 1, false: 0, depends: 1 })
    })

    test('who is deleted is taken out of the polls that are open, and stays in the totals of those that are closed', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const poll = (of: Club, myth: string, closes: number) => store.openPoll(of.id, { myth, day: monday, closesAt: closes })
      const closed = await poll(club, 'M01', closesAt)
      const running = await poll(club, 'M02', closesAt + hour)
      const elsewhere = await poll(other, 'M02', closesAt + hour)
      const vote = async (id: string, answer: 'true' | 'false' | 'depends', on = club, into = running) =>
        act(store, on, id, closesAt - hour, { kind: 'vote', vote: { poll: into.id, answer } })
      const shy = { ...newMember(club, 'shy', 'shy'), appear: 'none' as const }
      for (let life = 0; life < 3; life++) {
        await vote('mina', 'true', club, closed)
        await vote('mina', 'true')
        await store.changeMind(club.id, 'mina', running.id, 'false')
        await store.countVote(club.id, shy, running.id, 'depends')
        expect((await store.poll(club.id, running.id))?.tally).toEqual({ true: 1, false: 0, depends: 1 })
        await vote('mina', 'false', other, elsewhere)
        for (const id of ['mina', 'shy']) await store.deleteMember(club.id, id, closesAt)
        expect((await store.poll(club.id, running.id))?.tally).toEqual({ true: 0, false: 0, depends: 0 })
      }
      expect((await store.poll(club.id, closed.id))?.tally).toEqual({ true: 3, false: 0, depends: 0 })
      expect((await store.poll(other.id, elsewhere.id))?.tally).toEqual({ true: 0, false: 1, depends: 0 })
    })

    test('who counted a vote without record first can still act later', async () => {
      const store = await open()
      const club = await aClub(store)
      const poll = await store.openPoll(club.id, { myth: 'M01', day: monday, closesAt })
      await store.countVote(club.id, { ...newMember(club, 'shy', 'shy'), appear: 'none' }, poll.id, 'true')
      await appear(store, club, 'shy', 'name')
      expect(await act(store, club, 'shy', on(monday))).toMatchObject({ first: true, counted: true })
      expect(await act(store, club, 'shy', on(monday), { kind: 'vote', vote: { poll: poll.id, answer: 'false' } })).toBe('already')
      expect((await store.poll(club.id, poll.id))?.tally).toEqual({ true: 1, false: 0, depends: 0 })
    })

    test('a poll of another club, or none, takes no vote', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const poll = await store.openPoll(other.id, { myth: 'M01', day: monday, closesAt })
      await act(store, other, 'mina', on(monday), { kind: 'vote', vote: { poll: poll.id, answer: 'true' } })
      for (const id of [poll.id, 999_999]) {
        await expect(store.record(entryOf(club, 'mina', monday, { vote: { poll: id, answer: 'true' } }))).rejects.toThrow()
        await expect(store.countVote(club.id, newMember(club, 'mina', 'mina'), id, 'true')).rejects.toThrow()
        await store.changeMind(club.id, 'mina', id, 'false')
        expect(await store.vote(club.id, id, 'mina')).toBeUndefined()
      }
      expect(await store.acts(club.id, 'mina')).toEqual([])
      expect(await store.actorsOn(club.id, monday)).toBe(0)
      expect((await store.poll(other.id, poll.id))?.tally).toEqual({ true: 1, false: 0, depends: 0 })
      expect(await store.vote(other.id, poll.id, 'mina')).toEqual({ answer: 'true' })
    })
  })

  describe(`the store on ${name}: the outbox`, () => {
    const start = on(monday)

    test('a post is planned once by its key, as it was planned first', async () => {
      const store = await open()
      const club = await aClub(store)
      await act(store, club, 'mina', start)
      const share = postOf(club, 'one', { kind: 'share', subject: 'streak:', member: 'mina', season: '2026-01-05' })
      await store.enqueue([share, postOf(club, 'one', { subject: 'L02' })])
      await store.enqueue([postOf(club, 'one', { subject: 'L03' }), postOf(club, 'two')])
      expect(await store.post('one')).toEqual({ ...share, state: 'due', attempts: 0 })
      expect(await store.post('two')).toMatchObject({ state: 'due' })
      expect(await store.post('three')).toBeUndefined()
      await store.markSent('one', { message: '7', at: start })
      await store.enqueue([share])
      expect(await store.post('one')).toMatchObject({ state: 'sent', message: '7' })
    })

    test('so many shares a day are planned of a member, and so many of a club; those taken away count', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      for (const id of ['mina', 'jun', 'sol']) await act(store, club, id, start)
      await act(store, other, 'mina', start)
      const share = (member: string, key: string, day = monday, of = club) =>
        store.share({ ...postOf(of, key, { kind: 'share', day }), member }, { member: 2, club: 3 })
      await store.enqueue([postOf(club, 'lesson', {})])
      expect(await Promise.all(['a', 'b', 'c', 'a'].map((key) => share('mina', key)))).toEqual([undefined, undefined, 'member', undefined])
      expect(await store.post('c')).toBeUndefined()
      expect(await store.post('b')).toMatchObject({ kind: 'share', member: 'mina', state: 'due' })
      await store.markSent('a', { message: '1', at: start })
      await store.markSent('b', { message: '2', at: start })
      await store.deleteMember(club.id, 'mina', later)
      expect([await share('jun', 'd'), await share('jun', 'e'), await share('sol', 'f')]).toEqual([undefined, 'club', 'club'])
      expect(await share('mina', 'g', monday, other)).toBeUndefined()
      expect([await share('jun', 'h', addDays(monday, 1)), await share('jun', 'i', addDays(monday, 1))]).toEqual([undefined, undefined])
      expect(await share('jun', 'j', addDays(monday, 1))).toBe('member')
    })

    test('posts are listed newest first, by kind and club', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      await store.enqueue([
        postOf(club, 'lesson-1', { dueAt: 9 }),
        postOf(club, 'poll-1', { kind: 'poll' }),
        postOf(club, 'review-1', { kind: 'review', dueAt: 5 }),
        postOf(other, 'lesson-x'),
        postOf(club, 'lesson-2', { dueAt: 1 }),
      ])
      const listed = async (kinds: NewPost['kind'][], limit = 10) => (await store.posts(club.id, kinds, limit)).map(({ key }) => key)
      expect(await listed(['lesson', 'review'])).toEqual(['lesson-2', 'review-1', 'lesson-1'])
      expect(await listed(['review', 'lesson'], 2)).toEqual(['lesson-2', 'review-1'])
      expect(await listed(['poll'])).toEqual(['poll-1'])
      expect(await listed(['share'])).toEqual([])
      expect(await listed([])).toEqual([])
    })

    test('what a member shared is found by who they are', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      for (const one of [club, other]) for (const id of ['mina', 'jun']) await act(store, one, id, on(monday))
      const share = (of: Club, key: string, member: string) => postOf(of, key, { kind: 'share', member, subject: 'streak' })
      await store.enqueue([
        share(club, '1', 'mina'),
        share(club, '2', 'jun'),
        share(other, '3', 'mina'),
        share(club, '4', 'mina'),
        postOf(club, '5'),
      ])
      expect((await store.sharesOf(club.id, 'mina')).map(({ key }) => key)).toEqual(['4', '1'])
      expect(await store.sharesOf(club.id, 'nobody')).toEqual([])
    })

    test('the lessons of a season are those that are due or were sent, among the last that were posted', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      const lesson = (subject: string, more: Partial<NewPost> = {}) => postOf(club, `${subject} ${more.season ?? ''}`, { subject, ...more })
      await store.enqueue([lesson('L01', { season: '2026-01-05' }), ...['L01', 'L02', 'L03', 'L04'].map((id) => lesson(id))])
      await store.enqueue([postOf(other, 'x', { subject: 'L09' }), lesson('M01', { kind: 'poll' }), lesson('L05', { kind: 'review' })])
      await store.omit('L02 ')
      await store.expire('L03 ')
      await store.markSent('L04 ', { message: '1', at: start })
      expect(await store.lessonsPosted(club.id, monday, 10)).toEqual(['L04', 'L01'])
      expect(await store.lessonsPosted(club.id, monday, 2)).toEqual(['L04'])
      expect(await store.lessonsPosted(club.id, '2026-01-05', 10)).toEqual(['L01'])
    })

    test('a due post is taken by one claim alone, until its lease ends', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.enqueue([1, 2, 3, 4, 5].map((n) => postOf(club, `p${n}`, { dueAt: start + n })))
      expect(await store.nextDueAt()).toBe(start + 1)
      expect(await keys(store.claimDue(start, 10, 1000))).toEqual({ send: [], edit: [], expired: [] })
      const now = start + 5
      const claims = await Promise.all([1, 2, 3, 4].map(() => keys(store.claimDue(now, 2, 1000))))
      expect(claims.map(({ send }) => send)).toEqual([['p1', 'p2'], ['p3', 'p4'], ['p5'], []])
      expect(await store.post('p1')).toMatchObject({ state: 'due', attempts: 1 })
      expect(await store.nextDueAt()).toBe(now + 1000)
      expect(await keys(store.claimDue(now + 999, 10, 1000))).toEqual({ send: [], edit: [], expired: [] })
      await store.markSent('p1', { message: '1', at: now })
      expect((await keys(store.claimDue(now + 1000, 10, 1000))).send).toEqual(['p2', 'p3', 'p4', 'p5'])
      expect((await store.post('p2'))?.attempts).toBe(2)
    })

    test('what is under way is left as it is when its lease is over, and takes nobody’s place', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.enqueue([1, 2, 3].map((n) => postOf(club, `p${n}`, { dueAt: start + n, expiresAt: start + hour })))
      await sentPost(store, club, 'edited', start)
      await store.touchPost('edited', start, minute)
      const first = await keys(store.claimDue(start + 2, 10, 1000))
      expect(first).toEqual({ send: ['p1', 'p2'], edit: ['edited'], expired: [] })
      await store.touchPost('edited', start + 100, minute)
      const underWay = new Map([['web', new Map(['p1', 'p2', 'edited'].map((key) => [key, 'flies']))]])
      expect(await keys(store.claimDue(start + minute, 4, 1000, underWay))).toEqual({ send: ['p3'], edit: [], expired: [] })
      // It may be there already: an hour later it has not expired unsent.
      expect(await keys(store.claimDue(start + hour, 10, 1000, underWay))).toEqual({ send: [], edit: [], expired: ['p3'] })
      expect(await store.post('p1')).toMatchObject({ state: 'due', attempts: 1 })
      await store.markEdited('edited', { at: start })
      expect((await keys(store.claimDue(start + hour, 10, 1000))).edit).toEqual(['edited'])
    })

    test('each room has a window of its own: what is under way and waits in one keeps nothing from another', async () => {
      const store = await open()
      const clubs = [await aClub(store, 'discord:1'), await aClub(store, 'discord:2'), await aClub(store, 'slack:1')]
      const [first, second, other] = clubs as [Club, Club, Club]
      await store.enqueue([1, 2, 3, 4].map((n) => postOf(n % 2 === 0 ? first : second, `d${n}`, { dueAt: start + n })))
      await store.enqueue([postOf(other, 's', { dueAt: start + minute })])
      await sentPost(store, other, 'edited', start)
      const [fly, oneOf] = [new Map([['d1', 1]]), new Map([['s', 1]])]
      const underWay = new Map([['discord', fly]])
      expect((await keys(store.claimDue(start + hour, 2, 1000, underWay))).send).toEqual(['d2', 's'])
      fly.set('d2', 2)
      await store.touchPost('edited', start + hour, 0)
      // Discord's window is full.
      expect(await keys(store.claimDue(start + hour, 2, 1000, underWay))).toEqual({ send: [], edit: ['edited'], expired: [] })
      underWay.delete('discord')
      underWay.set('slack', oneOf)
      expect((await keys(store.claimDue(start + hour, 2, 1000, underWay))).send).toEqual(['d1', 'd3'])
    })

    test('a post is tried again at the time that was set, and closed once it has expired', async () => {
      const store = await open()
      const club = await aClub(store)
      const [retried, late] = [postOf(club, 'retried', { dueAt: start }), postOf(club, 'late', { dueAt: start, expiresAt: start + 500 })]
      await store.enqueue([retried, late])
      await store.claimDue(start, 10, 60_000)
      await store.retry('retried', start + 300)
      await store.retry('late', start + 500)
      expect(await store.nextDueAt()).toBe(start + 300)
      expect((await keys(store.claimDue(start + 499, 10, 60_000))).send).toEqual(['retried'])
      expect(await keys(store.claimDue(start + 500, 10, 60_000))).toEqual({ send: [], edit: [], expired: ['late'] })
      expect(await store.post('late')).toMatchObject({ state: 'due', attempts: 1 })
      expect(await keys(store.claimDue(start + 501, 10, 60_000))).toEqual({ send: [], edit: [], expired: [] })
      await store.expire('late')
      await store.expire('unknown')
      expect(await store.post('late')).toMatchObject({ state: 'expired' })
      expect(await keys(store.claimDue(start + 501, 10, 60_000))).toEqual({ send: [], edit: [], expired: [] })
      await store.retry('late', start)
      await store.markSent('late', { message: '9', at: start })
      expect(await store.post('late')).toMatchObject({ state: 'expired' })
      await store.markSent('retried', { message: '1', at: start })
      await store.retry('retried', start)
      await store.expire('retried')
      expect(await store.post('retried')).toMatchObject({ state: 'sent' })
      expect(await store.nextDueAt()).toBeUndefined()
    })

    test('what waits is counted: posts and edits that are due, and how long the oldest post has been', async () => {
      const store = await open()
      const club = await aClub(store)
      expect(await store.overdue(start)).toEqual({ posts: 0, edits: 0, oldestMs: 0 })
      await store.enqueue([postOf(club, 'older', { dueAt: start }), postOf(club, 'newer', { dueAt: start + hour })])
      await sentPost(store, club, 'sent', start)
      await store.touchPost('sent', start + hour, 0)
      expect(await store.overdue(start + hour)).toEqual({ posts: 2, edits: 1, oldestMs: hour })
      expect((await store.overdue(start + hour - 1)).edits).toBe(0)
      await store.markEdited('sent', { at: start + hour })
      // A try that is put off makes nothing younger.
      await store.claimDue(start + hour, 10, minute)
      await store.retry('older', start + 3 * hour)
      expect(await store.overdue(start + 2 * hour)).toEqual({ posts: 2, edits: 0, oldestMs: 2 * hour })
      await store.markSent('older', { message: '1', at: start + 3 * hour })
      expect((await store.overdue(start + 3 * hour)).oldestMs).toBe(2 * hour)
    })

    test('since when a post may be in the channel is kept from the first uncertain try, and told as it was before each claim', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.enqueue([postOf(club, 'p', { dueAt: start })])
      const claim = async (now: number) => {
        const [post] = (await store.claimDue(now, 10, 1000)).send
        return [post?.attempts, post?.unsureAt]
      }
      expect(await store.post('p')).not.toHaveProperty('unsureAt')
      // Nobody says how the first two tries ended: the program died, and died again.
      expect(await claim(start)).toEqual([0, undefined])
      expect(await store.post('p')).toMatchObject({ attempts: 1, unsureAt: start })
      expect(await claim(start + 1000)).toEqual([1, start])
      expect(await claim(start + 2000)).toEqual([2, start])
      // The next one ends in doubt too: the caller keeps the doubt as old as it is.
      await store.retry('p', start + 5000, start)
      expect(await store.post('p')).toMatchObject({ state: 'due', attempts: 3, unsureAt: start })
      expect(await claim(start + 5000)).toEqual([3, start])
      // It certainly is not there: the doubt is gone, and the next doubtful try begins a new one.
      await store.retry('p', start + 9000)
      expect(await store.post('p')).not.toHaveProperty('unsureAt')
      expect(await claim(start + 9000)).toEqual([4, undefined])
      expect(await claim(start + 10_000)).toEqual([5, start + 9000])
      await store.markSent('p', { message: '1', at: start + 10_000 })
      expect(await store.post('p')).not.toHaveProperty('unsureAt')
      await store.retry('p', start + 11_000, start)
      expect(await store.post('p')).toMatchObject({ state: 'sent', message: '1' })
      expect(await claim(start + hour)).toEqual([undefined, undefined])
    })

    test('a post that was given up is never taken again, and is counted', async () => {
      const store = await open()
      const [club, other] = [await aClub(store), await aClub(store, 'web:other')]
      expect(await store.omitted()).toBe(0)
      await store.enqueue([postOf(club, 'tried'), postOf(club, 'untried'), postOf(club, 'sent'), postOf(other, 'others')])
      await store.markSent('sent', { message: '1', at: start })
      await store.claimDue(start, 1, 1000)
      for (const key of ['tried', 'untried', 'untried', 'sent', 'nowhere']) await store.omit(key)
      expect(await store.omitted()).toBe(2)
      expect(await store.post('tried')).toMatchObject({ state: 'omitted', attempts: 1 })
      expect(await store.post('untried')).toMatchObject({ state: 'omitted', attempts: 0 })
      expect(await store.post('sent')).toMatchObject({ state: 'sent' })

      await store.retry('tried', start)
      await store.markSent('untried', { message: '2', at: start })
      await store.touchPost('tried', start, 0)
      await store.enqueue([postOf(club, 'tried')])
      expect(await keys(store.claimDue(start, 10, 1000))).toEqual({ send: ['others'], edit: [], expired: [] })
      await store.omit('others')
      expect(await keys(store.claimDue(start + 100 * hour, 10, 1000))).toEqual({ send: [], edit: [], expired: [] })
      expect(await store.nextDueAt()).toBeUndefined()
      expect(await store.omitted()).toBe(3)
      expect((await store.posts(club.id, ['lesson'], 10)).map(({ state }) => state)).toEqual(['sent', 'omitted', 'omitted'])
    })

    test('a post is sent once: what is marked later changes nothing', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.enqueue([postOf(club, 'p')])
      await store.markSent('p', { message: '1', at: start, revision: 'r1', editAt: start + hour })
      await store.markSent('p', { message: '2', at: start + 5, revision: 'r2' })
      expect(await store.post('p')).toEqual({
        ...postOf(club, 'p'),
        state: 'sent',
        attempts: 0,
        message: '1',
        sentAt: start,
        revision: 'r1',
        editAt: start + hour,
      })
      expect(await store.nextDueAt()).toBe(start + hour)
    })

    test('the first edit comes at once, the next ones at most so often', async () => {
      const store = await open()
      const club = await aClub(store)
      await sentPost(store, club, 'p', start)
      const edits = async (now: number) => (await keys(store.claimDue(now, 10, 30_000))).edit
      await store.touchPost('p', start + 1000, minute)
      await store.touchPost('p', start + 2000, minute)
      expect(await store.nextDueAt()).toBe(start + 1000)
      expect(await edits(start + 999)).toEqual([])
      expect(await edits(start + 1000)).toEqual(['p'])
      expect(await edits(start + 1000)).toEqual([])
      await store.markEdited('p', { at: start + 1000, revision: 'r2' })
      expect(await store.post('p')).toMatchObject({ editedAt: start + 1000, revision: 'r2' })
      expect(await store.nextDueAt()).toBeUndefined()

      await store.touchPost('p', start + 5000, minute)
      expect(await edits(start + 1000 + minute - 1)).toEqual([])
      expect(await edits(start + 1000 + minute)).toEqual(['p'])
      await store.markEdited('p', { at: start + 1000 + minute })
      await store.touchPost('p', start + hour, minute)
      expect(await edits(start + hour)).toEqual(['p'])
    })

    test('the first act of a member’s day asks for the edit of the post that counts it, and a second one does not', async () => {
      const store = await open()
      const club = await aClub(store)
      await sentPost(store, club, 'p', start)
      const countShownOn = { post: 'p', now: start + 1000, everyMs: minute }
      await store.record(entryOf(club, 'jun', monday, { countShownOn, firstOfDay: false }))
      expect(await store.nextDueAt()).toBeUndefined()
      await store.record(entryOf(club, 'mina', monday, { countShownOn }))
      expect(await store.nextDueAt()).toBe(start + 1000)
      await store.markEdited('p', { at: start + 1000 })
      // Of an act that was refused nothing is to be seen.
      expect(await store.record(entryOf(club, 'mina', monday, { countShownOn }))).toBe('again')
      expect(await store.nextDueAt()).toBeUndefined()
      await store.record(entryOf(club, 'leo', monday, { countShownOn: { ...countShownOn, now: start + 2000 } }))
      expect(await store.nextDueAt()).toBe(start + 1000 + minute)

      // What stands in the place of a lesson shows no count.
      await store.markEdited('p', { at: start + 1000 + minute })
      await store.enqueue([postOf(club, 'quiet', { kind: 'quiet', dueAt: start, expiresAt: start + hour })])
      await store.claimDue(start, 10, 1000)
      await store.markSent('quiet', { message: '2', at: start })
      await store.record(entryOf(club, 'kim', monday, { countShownOn: { ...countShownOn, post: 'quiet' } }))
      expect(await store.nextDueAt()).toBeUndefined()
    })

    test('what changes while an edit is being made is edited afterwards', async () => {
      const store = await open()
      const club = await aClub(store)
      await sentPost(store, club, 'p', start)
      await store.touchPost('p', start, minute)
      expect((await keys(store.claimDue(start, 10, 30_000))).edit).toEqual(['p'])
      await store.touchPost('p', start + 100, minute)
      expect((await keys(store.claimDue(start + 200, 10, 30_000))).edit).toEqual([])
      await store.markEdited('p', { at: start, editAt: start + hour })
      expect(await store.nextDueAt()).toBe(start + 100 + minute)
      expect((await keys(store.claimDue(start + 100 + minute, 10, 30_000))).edit).toEqual(['p'])
      await store.markEdited('p', { at: start + 100 + minute, editAt: start + hour })
      expect(await store.nextDueAt()).toBe(start + hour)
      await store.touchPost('p', start + 50 * minute, minute)
      expect(await store.nextDueAt()).toBe(start + 50 * minute)
    })

    test('an edit that was never finished is due again', async () => {
      const store = await open()
      const club = await aClub(store)
      await sentPost(store, club, 'p', start)
      await store.touchPost('p', start, minute)
      await store.claimDue(start, 10, 30_000)
      await store.touchPost('p', start + 1, minute)
      expect(await store.nextDueAt()).toBe(start + 30_000)
      expect((await keys(store.claimDue(start + 30_000, 10, 30_000))).edit).toEqual(['p'])
      await store.markEdited('p', { at: start + 30_000 })
      expect(await store.nextDueAt()).toBeUndefined()
    })

    test('nothing is edited that was not sent', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.enqueue([postOf(club, 'due', { dueAt: start + hour }), postOf(club, 'gone', { dueAt: start, expiresAt: start })])
      await store.claimDue(start, 10, 1000)
      await store.expire('gone')
      for (const key of ['due', 'gone', 'nowhere']) await store.touchPost(key, start, 0)
      expect(await store.nextDueAt()).toBe(start + hour)
      expect(await keys(store.claimDue(start + 1, 10, 1000))).toEqual({ send: [], edit: [], expired: [] })
      expect(await store.post('due')).not.toHaveProperty('editAt')
    })

    test('what is due next is the earliest of clubs, posts and edits', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.saveClub(club, start + 300, [postOf(club, 'p', { dueAt: start + 200 })])
      expect(await store.nextDueAt()).toBe(start + 200)
      await sentPost(store, club, 'q', start)
      await store.touchPost('q', start + 100, 0)
      expect(await store.nextDueAt()).toBe(start + 100)
      await store.claimDue(start + 100, 10, 60_000)
      await store.markEdited('q', { at: start + 100 })
      await store.markSent('p', { message: '1', at: start })
      expect(await store.nextDueAt()).toBe(start + 300)
    })
  })

  describe(`the store on ${name}: the web room and the program`, () => {
    test('a message is kept once by its key', async () => {
      const store = await open()
      const first = await store.addMessage({ key: 'k', at: 5, by: 'onepercent', card: '{"text":"하나"}' })
      expect(first).toEqual({ added: true, message: { id: first.message.id, at: 5, by: 'onepercent', card: '{"text":"하나"}' } })
      expect(await store.addMessage({ key: 'k', at: 9, by: 'other', card: '{}' })).toEqual({ ...first, added: false })
      const [a, b] = await Promise.all([1, 2].map(() => store.addMessage({ at: 6, by: 'onepercent', to: 'mina', card: '{}' })))
      expect(a?.added && b?.added && a.message.id !== b.message.id).toBe(true)
      expect(await store.message(first.message.id)).toEqual(first.message)
      expect(await store.message(999_999)).toBeUndefined()
      const replaced = { ...first.message, card: '{"text":"둘"}' }
      expect(await store.replaceMessage(first.message.id, replaced.card)).toEqual(replaced)
      expect(await store.message(first.message.id)).toEqual(replaced)
      expect(await store.replaceMessage(999_999, '{}')).toBeUndefined()
    })

    test('the id of a message that is gone never comes back', async () => {
      const store = await open()
      const club = await aClub(store)
      await store.addMessage({ at: 1, by: 'onepercent', card: '{}' })
      const { message } = await store.addMessage({ at: 1, by: 'onepercent', to: 'mina', card: '{}' })
      expect(await store.deleteMember(club.id, 'mina', later)).toBe(true)
      expect((await store.addMessage({ at: 2, by: 'jun', card: '{}' })).message.id).toBeGreaterThan(message.id)
      expect(await store.message(message.id)).toBeUndefined()
    })

    test('a reader sees the channel and their own, oldest first', async () => {
      const store = await open()
      for (const [card, to] of [['1'], ['2', 'mina'], ['3', 'jun'], ['4'], ['5', 'mina']]) {
        await store.addMessage({ at: 1, by: 'onepercent', card: card ?? '', ...(to && { to }) })
      }
      const seen = async (to: string, last: number) => (await store.messages(to, last)).map(({ card }) => card).join('')
      expect(await seen('mina', 10)).toBe('1245')
      expect(await seen('jun', 10)).toBe('134')
      expect(await seen('nobody', 10)).toBe('14')
      expect(await seen('mina', 2)).toBe('45')
      expect((await store.messages('mina', 10)).map(({ to }) => to)).toEqual([undefined, 'mina', undefined, 'mina'])
    })

    test('sweeping drops the oldest private messages and keeps what a page shows', async () => {
      const store = await open()
      const club = await aClub(store)
      const add = (count: number, to?: string) =>
        Promise.all(Array.from({ length: count }, (_, i) => store.addMessage({ at: i, by: 'onepercent', card: `${i}`, ...(to && { to }) })))
      await add(500, 'mina')
      await add(50, 'jun')
      await add(2000)
      await store.sweep(club.id, monday, on(monday))
      const own = async (to: string) =>
        (await store.messages(to, 9999)).filter((message) => message.to === to).map(({ card }) => Number(card))
      expect((await own('mina')).slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 400 + i))
      expect((await own('mina')).length).toBeLessThan(500)
      expect(await own('jun')).toHaveLength(50)
      expect((await store.messages('nobody', 9999)).map(({ card }) => Number(card))).toEqual(Array.from({ length: 2000 }, (_, i) => i))
    })

    test('an upload is known by its club and picture, until its time is over or its club goes', async () => {
      const store = await open()
      const club = await aClub(store)
      const other = await aClub(store, 'slack:T2')
      expect(await store.upload(club.id, 'p1')).toBeUndefined()
      await store.keepUpload({ club: club.id, picture: 'p1', file: 'F1' })
      await store.keepUpload({ club: club.id, picture: 'p2', file: 'F2', expiresAt: 100 })
      await store.keepUpload({ club: other.id, picture: 'p1', file: 'F3', expiresAt: 90 })
      expect([await store.upload(club.id, 'p1'), await store.upload(other.id, 'p1'), await store.upload(club.id, 'p3')]).toEqual([
        'F1',
        'F3',
        undefined,
      ])
      expect(await store.expiredUploads(89, 9)).toEqual([])
      expect(await store.expiredUploads(100, 9)).toEqual([
        { club: other.id, picture: 'p1', file: 'F3', expiresAt: 90 },
        { club: club.id, picture: 'p2', file: 'F2', expiresAt: 100 },
      ])
      expect(await store.expiredUploads(100, 1)).toHaveLength(1)
      await store.keepUpload({ club: club.id, picture: 'p2', file: 'F4' })
      await store.dropUpload(other.id, 'p1')
      expect([await store.expiredUploads(999, 9), await store.upload(club.id, 'p2'), await store.upload(other.id, 'p1')]).toEqual([
        [],
        'F4',
        undefined,
      ])
      await store.deleteClub(club.id)
      expect(await store.upload(club.id, 'p1')).toBeUndefined()
    })

    test('a secret is kept as it was sealed, and goes when it is dropped', async () => {
      const store = await open()
      expect([await store.secret('a'), await store.secrets()]).toEqual([undefined, []])
      await store.keepSecret('b', '1.xyz')
      await store.keepSecret('a', '1.old')
      await store.keepSecret('a', '1.new')
      expect([await store.secret('a'), await store.secrets()]).toEqual(['1.new', ['a', 'b']])
      await store.dropSecret('a')
      await store.dropSecret('nobody')
      expect([await store.secret('a'), await store.secrets()]).toEqual([undefined, ['b']])
    })

    test('the program remembers', async () => {
      const store = await open()
      expect(await store.memo('beat')).toBeUndefined()
      await store.setMemo('beat', '1')
      await Promise.all([store.setMemo('beat', '2'), store.setMemo('clock', '3')])
      expect([await store.memo('beat'), await store.memo('clock')]).toEqual(['2', '3'])
    })
  })
}

function keysOf(club: Club, now: number): BoardKey[] {
  const { today } = clubDay(club, now)
  const season = club.seasons.at(-1)
  return boards.flatMap((board): BoardKey[] => {
    if (board === 'week') return [{ board, period: mondayOf(today) }]
    if (board === 'season') return season ? [{ board, period: season.from }] : []
    return [{ board }]
  })
}

function boardValue(state: StreakState, { board, period }: BoardKey): number {
  const counts: Record<Board, number> = {
    run: state.run,
    total: state.total,
    week: state.week?.from === period ? (state.week?.days ?? 0) : 0,
    season: state.season?.from === period ? (state.season?.days ?? 0) : 0,
  }
  return counts[board]
}

/** Everything the store says of a club, told again from its acts alone. */
async function checkLife(store: Store, club: Club, now: number): Promise<void> {
  const members = await store.members(club.id, undefined, 100)
  // As the leaderboard does before it is read.
  for (const id of await store.staleStreaks(club.id, club.epoch, 100)) {
    await currentStreak({ store, club, member: await memberOf(store, club, id) }, now)
  }
  expect(await store.staleStreaks(club.id, club.epoch, 100)).toEqual([])

  const states = new Map<string, StreakState>()
  for (const member of members) {
    const parts = { store, club, member }
    const { state, stored, today } = await currentStreak(parts, now)
    if (!stored) continue
    const { revision: _, ...kept } = stored
    expect(kept, member.id).toEqual(await foldOf(parts, today))
    states.set(member.id, state)
  }

  const shown = members.filter((member) => isShown(member) && states.has(member.id))
  for (const key of keysOf(club, now)) {
    const standing = shown.map(({ id }) => ({
      id,
      state: states.get(id) as StreakState,
      value: boardValue(states.get(id) as StreakState, key),
    }))
    const ranked = standing.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value)
    const rows = await store.top(club.id, key, now, 10)
    expect(values(rows), key.board).toEqual(ranked.map(({ value }) => value))
    const told = rows.map(({ member, value, run, best }) => ({ id: member.id, value, run, best }))
    const known = ranked.map(({ id, value, state }) => ({ id, value, run: state.run, best: state.best }))
    expect(new Set(told), key.board).toEqual(new Set(known))
    for (const value of [0, 1, 2, 5]) {
      expect(await store.above(club.id, key, value, now), `${key.board} above ${value}`).toBe(
        ranked.filter((row) => row.value > value).length,
      )
    }
  }

  const lives = await Promise.all(members.map(async (member) => ({ member, acts: await store.acts(club.id, member.id) })))
  const acted = lives.flatMap(({ acts }) => [...new Set(acts.map(({ day }) => day))]).sort()
  const joined = lives.flatMap(({ member, acts }) => acts.slice(-1).map(({ day }) => ({ member, day })))
  const isPaused = (member: Member, day: Day) => member.pauses.some(({ from, until }) => from <= day && day <= (until ?? from))
  const recount = [...new Set(acted)].map((day) => ({
    day,
    actors: acted.filter((other) => other === day).length,
    members: joined.filter((who) => who.day <= day && !isPaused(who.member, day)).length,
  }))
  expect((await store.activeDays(club.id, '2000-01-01')).filter(({ actors }) => actors > 0)).toEqual(recount)
  expect(await store.lastActiveDay(club.id)).toBe(acted.at(-1))
}
