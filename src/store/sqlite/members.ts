// Purpose: clubs and members as documents, and the small integers that stand for them in the file.
import type Database from 'better-sqlite3'
import { addDays, type Day } from '../../club/calendar.ts'
import { type Club, isShown, type Member } from '../../club/club.ts'
import type { NewPost, Store } from '../store.ts'
import type { Write } from './commit.ts'
import type { Erasures } from './erasures.ts'
import { packDay, unpackStamp } from './pack.ts'
import type { Ranks } from './ranks.ts'
import type { Wipe } from './wipe.ts'

type Verbs = Pick<Store, 'club' | 'saveClub' | 'clubsDue' | 'clubs' | 'deleteClub' | 'member' | 'saveMember' | 'deleteMember' | 'members'>

/** Clubs that are remembered, of a few kilobytes each. */
const clubsMost = 1_000

interface DocRow {
  version: number
  doc: string
}

/** The row numbers of clubs and members. */
export interface Rows {
  club(key: string): number
  member(club: string, key: string): number | undefined
  /** The member's row, made now if this is their first write. */
  memberMade(club: string, member: Member): number
  /** Drops what is remembered: a row was rolled back or deleted. */
  forget(): void
}

export function createRows(db: Database.Database): Rows {
  const clubRow = db.prepare<[string], number>('SELECT id FROM club WHERE key = ?').pluck()
  const memberRow = db.prepare<[number, string], number>('SELECT id FROM member WHERE club = ? AND key = ?').pluck()
  const insertMember = db.prepare('INSERT INTO member (club, key, version, doc) VALUES (?, ?, 1, ?)')
  const clubs = new Map<string, number>()
  const rows: Rows = {
    club(key) {
      const row = clubs.get(key) ?? clubRow.get(key)
      if (row === undefined) throw new Error(`there is no club ${key}`)
      clubs.set(key, row)
      return row
    },
    forget: () => clubs.clear(),
    member: (club, key) => memberRow.get(rows.club(club), key),
    memberMade(club, member) {
      const { id, version: _, ...doc } = member
      return rows.member(club, id) ?? Number(insertMember.run(rows.club(club), id, JSON.stringify(doc)).lastInsertRowid)
    },
  }
  return rows
}

function pausedDays(member: Member | undefined): Set<Day> {
  const days = new Set<Day>()
  for (const { from, until } of member?.pauses ?? []) for (let day = from; day <= (until ?? from); day = addDays(day, 1)) days.add(day)
  return days
}

export interface Pauses {
  /** Keeps the club's count of paused members per day equal to what the documents of those who had joined by then say. */
  move(club: number, joined: number, before: Member | undefined, after: Member | undefined): void
}

export function createPauses(db: Database.Database): Pauses {
  const count = db.prepare(
    'INSERT INTO club_day (club, day, paused) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET paused = paused + excluded.paused',
  )
  return {
    move(club, joined, before, after) {
      const left = pausedDays(before)
      const taken = pausedDays(after)
      for (const day of left) if (!taken.has(day) && packDay(day) >= joined) count.run(club, packDay(day), -1)
      for (const day of taken) if (!left.has(day) && packDay(day) >= joined) count.run(club, packDay(day), 1)
    },
  }
}

interface Parts {
  readonly rows: Rows
  readonly pauses: Pauses
  readonly ranks: Ranks
  readonly wipe: Wipe
  readonly withdraw: (member: number, now: number) => void
  readonly plan: (posts: readonly NewPost[]) => void
  readonly erasures: Erasures
}

export function memberVerbs(db: Database.Database, write: Write, { rows, pauses, ranks, wipe, withdraw, plan, erasures }: Parts): Verbs {
  const clubDoc = db.prepare<[string], DocRow>('SELECT version, doc FROM club WHERE key = ?')
  const insertClub = db.prepare('INSERT INTO club (key, version, due_at, doc) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING')
  const updateClub = db.prepare('UPDATE club SET version = version + 1, due_at = ?, doc = ? WHERE key = ? AND version = ?')
  const due = db.prepare<[number], string>('SELECT key FROM club WHERE due_at <= ? ORDER BY due_at').pluck()
  const all = db.prepare<[], string>('SELECT key FROM club ORDER BY id').pluck()
  const memberDoc = db.prepare<[number, string], DocRow>('SELECT version, doc FROM member WHERE club = ? AND key = ?')
  const updateMember = db.prepare('UPDATE member SET version = version + 1, doc = ? WHERE club = ? AND key = ? AND version = ?')
  const page = db.prepare<[number, string, number], DocRow & { key: string }>(
    'SELECT key, version, doc FROM member WHERE club = ? AND key > ? ORDER BY key LIMIT ?',
  )
  const stale = db.prepare('UPDATE streak SET epoch = NULL, revision = revision + 1 WHERE member = ?')

  const streak = db.prepare<[number], { last_act: number; joined: number }>('SELECT last_act, joined FROM streak WHERE member = ?')
  const prev = db.prepare<[number], number>('SELECT prev FROM act WHERE id = ?').pluck()
  const deletions = [
    'DELETE FROM rank_top WHERE member = ?',
    'DELETE FROM streak WHERE member = ?',
    'DELETE FROM answer WHERE member = ?',
    'DELETE FROM vote WHERE member = ?',
    'DELETE FROM message WHERE key IN (SELECT key FROM post WHERE member = ?)',
    'DELETE FROM post WHERE member = ? AND state <> 1',
    // What stands in a channel is to be taken away there: the row stays for that, and says nothing of whose it was.
    "UPDATE post SET key = 'gone:' || id, subject = '', member = NULL, edit_at = 0, edit_next = NULL WHERE member = ?",
    'DELETE FROM member WHERE id = ?',
  ].map((sql) => db.prepare(sql))
  const deleteNote = db.prepare('DELETE FROM note WHERE act = ?')
  const deleteAct = db.prepare('DELETE FROM act WHERE id = ?')
  const deleteMessages = db.prepare('DELETE FROM message WHERE recipient = ?')
  const unname = [
    // The channel's are drawn anew; an answer to somebody else is not.
    `UPDATE post SET edit_at = 0, edit_next = NULL WHERE state = 1 AND key IN (
       SELECT key FROM message JOIN message_about ON message = id WHERE member = ? AND recipient IS NULL)`,
    'DELETE FROM message WHERE recipient IS NOT NULL AND id IN (SELECT message FROM message_about WHERE member = ?)',
    'DELETE FROM message_about WHERE member = ?',
  ].map((sql) => db.prepare(sql))

  const unact = db.prepare('UPDATE club_day SET actors = actors - 1 WHERE club = ? AND day = ?')
  const unjoin = db.prepare('UPDATE club_day SET joined = joined - 1 WHERE club = ? AND day = ?')
  const stamp = db.prepare<[number], number>('SELECT stamp FROM act WHERE id = ?').pluck()

  const anyMember = db.prepare<[number], number>('SELECT 1 FROM member WHERE club = ? LIMIT 1').pluck()
  const clubDeletions = [
    'DELETE FROM message WHERE key IN (SELECT key FROM post WHERE club = ?)',
    'DELETE FROM post WHERE club = ?',
    'DELETE FROM poll WHERE club = ?',
    'DELETE FROM lesson_count WHERE club = ?',
    'DELETE FROM club_day WHERE club = ?',
    'DELETE FROM rank_count WHERE club = ?',
    'DELETE FROM rank_edge WHERE club = ?',
    'DELETE FROM upload WHERE club = ?',
    'DELETE FROM club WHERE id = ?',
  ].map((sql) => db.prepare(sql))

  const memberOf = (key: string, row: DocRow): Member => ({ ...JSON.parse(row.doc), id: key, version: row.version })

  // Every act asks for its club, and reading one out takes longer than everything else about it.
  const clubs = new Map<string, { readonly row: DocRow; readonly club: Club }>()
  function clubOf(id: string, row: DocRow): Club {
    const known = clubs.get(id)
    if (known && known.row.version === row.version && known.row.doc === row.doc) return known.club
    if (clubs.size >= clubsMost) clubs.clear()
    const club: Club = { ...JSON.parse(row.doc), id, version: row.version }
    clubs.set(id, { row, club })
    return club
  }

  return {
    async club(id) {
      const row = clubDoc.get(id)
      return row && clubOf(id, row)
    },
    saveClub: (club, dueAt, posts = []) =>
      write(() => {
        const { id, version, ...doc } = club
        const text = JSON.stringify(doc)
        const { changes } = version === 0 ? insertClub.run(id, dueAt ?? null, text) : updateClub.run(dueAt ?? null, text, id, version)
        if (changes === 0) return false
        plan(posts)
        return true
      }),
    clubsDue: async (now) => due.all(now),
    clubs: async () => all.all(),
    async deleteClub(id) {
      await write(() => {
        const row = rows.club(id)
        if (anyMember.get(row) !== undefined) throw new Error(`club ${id} still has members`)
        ranks.settle()
        for (const deletion of clubDeletions) deletion.run(row)
        ranks.forget()
        rows.forget()
        erasures.record(id)
      })
      wipe.erased()
      erasures.carry()
    },

    async member(club, id) {
      const row = memberDoc.get(rows.club(club), id)
      return row && memberOf(id, row)
    },
    saveMember: (club, member) =>
      write(() => {
        const { id, version, ...doc } = member
        if (version === 0) {
          if (rows.member(club, id) !== undefined) return false
          rows.memberMade(club, member)
          return true
        }
        const before = memberDoc.get(rows.club(club), id)
        const { changes } = updateMember.run(JSON.stringify(doc), rows.club(club), id, version)
        const row = rows.member(club, id)
        if (!before || row === undefined || changes === 0) return false
        const joined = streak.get(row)?.joined
        if (joined !== undefined) pauses.move(rows.club(club), joined, memberOf(id, before), member)
        ranks.show(row, isShown(member))
        stale.run(row)
        return true
      }),
    async deleteMember(club, id, now) {
      const had = await write(() => {
        // The channel of messages is the web room's own; another room's member of the same id has none in it.
        const isWeb = club.startsWith('web:')
        const messages = isWeb ? deleteMessages.run(id).changes : 0
        if (isWeb) for (const statement of unname) statement.run(id)
        const row = rows.member(club, id)
        if (row !== undefined || messages > 0) erasures.record(club, id)
        if (row === undefined) return messages > 0
        ranks.show(row, false)
        const doc = memberDoc.get(rows.club(club), id)
        const own = streak.get(row)
        if (own) unjoin.run(rows.club(club), own.joined)
        if (own && doc) pauses.move(rows.club(club), own.joined, memberOf(id, doc), undefined)
        const days = new Set<Day>()
        for (let act = own?.last_act; act; ) {
          const before = prev.get(act)
          days.add(unpackStamp(stamp.get(act) ?? 0).day)
          deleteNote.run(act)
          deleteAct.run(act)
          act = before
        }
        for (const day of days) unact.run(rows.club(club), packDay(day))
        withdraw(row, now)
        for (const deletion of deletions) deletion.run(row)
        return true
      })
      // Also of who had no row: an organiser may be named who never acted.
      wipe.erased()
      erasures.carry()
      return had
    },
    async members(club, after, limit) {
      return page.all(rows.club(club), after ?? '', limit).map((row) => memberOf(row.key, row))
    },
  }
}
