// Purpose: the outbox's rows, the web room's channel, and what the program remembers of itself.
import type Database from 'better-sqlite3'
import { roomOf } from '../../club/club.ts'
import type { Seal } from '../../seal.ts'
import type { NewPost, Post, PostKind, Store, Touch, WebMessage } from '../store.ts'
import type { Write } from './commit.ts'
import type { Rows } from './members.ts'
import { packDay, packMinute, unpackDay } from './pack.ts'
import type { Ranks } from './ranks.ts'
import { placeOf } from './sealed.ts'

interface PostRow {
  id: number
  key: string
  club: string
  kind: PostKind
  day: number
  season: number
  subject: string
  member: string | null
  due_at: number
  expires_at: number
  state: number
  attempts: number
  sent_at: number | null
  message: string | null
  edit_at: number | null
  edited_at: number | null
  revision: string | null
  unsure_at: number | null
}

const states = ['due', 'sent', 'expired', 'omitted'] as const
const none: ReadonlyMap<string, unknown> = new Map()
/** An instant that never comes. */
const never = Number.MAX_SAFE_INTEGER

const postOf = (row: PostRow): Post => ({
  key: row.key,
  club: row.club,
  kind: row.kind,
  day: unpackDay(row.day),
  season: unpackDay(row.season),
  subject: row.subject,
  dueAt: row.due_at,
  expiresAt: row.expires_at,
  state: states[row.state] ?? 'expired',
  attempts: row.attempts,
  ...(row.member !== null && { member: row.member }),
  ...(row.sent_at !== null && { sentAt: row.sent_at }),
  ...(row.message !== null && { message: row.message }),
  ...(row.edit_at !== null && { editAt: row.edit_at }),
  ...(row.edited_at !== null && { editedAt: row.edited_at }),
  ...(row.revision !== null && { revision: row.revision }),
  ...(row.unsure_at !== null && { unsureAt: row.unsure_at }),
})

const postColumns = `post.id, post.key, club.key AS club, post.kind, post.day, post.season, post.subject, member.key AS member, post.due_at,
  post.expires_at, post.state, post.attempts, post.sent_at, post.message, post.edit_at, post.edited_at, post.revision, post.unsure_at
  FROM post JOIN club ON club.id = post.club LEFT JOIN member ON member.id = post.member`

/** Inserts planned posts; to be called inside a write. */
export function createPlanner(db: Database.Database, rows: Rows): (posts: readonly NewPost[]) => void {
  const insert = db.prepare(
    `INSERT INTO post (key, club, room, kind, day, season, subject, member, due_at, expires_at, try_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
  )
  return (posts) => {
    for (const { key, club, kind, day, season, subject, member, dueAt, expiresAt } of posts) {
      const sharer = member === undefined ? null : (rows.member(club, member) ?? null)
      insert.run(key, rows.club(club), roomOf(club), kind, packDay(day), packDay(season), subject, sharer, dueAt, expiresAt, dueAt)
    }
  }
}

/**
 * Asks for an edit of a post, where it is one of `which`; to be called inside a write. Where it is asked for already nothing is written: most
 * acts find it so.
 */
export function createTouch(db: Database.Database, which = 'true'): (touch: Touch) => void {
  // What changes while an edit is being made may have come too late for it, and is edited in the next one.
  const touch = db.prepare(
    `UPDATE post SET
       edit_at = iif(edit_next IS NULL, min(coalesce(edit_at, ${never}), max(@now, coalesce(edited_at + @everyMs, 0))), edit_at),
       edit_next = min(edit_next, @now + @everyMs)
     WHERE key = @post AND state = 1 AND ${which}
       AND iif(edit_next IS NULL, coalesce(edit_at, ${never}) > max(@now, coalesce(edited_at + @everyMs, 0)), edit_next > @now + @everyMs)`,
  )
  return (asked) => void touch.run(asked)
}

type OutboxVerbs = Pick<
  Store,
  | 'post'
  | 'posts'
  | 'lessonsPosted'
  | 'sharesOf'
  | 'enqueue'
  | 'share'
  | 'claimDue'
  | 'markSent'
  | 'markEdited'
  | 'retry'
  | 'omit'
  | 'expire'
  | 'omitted'
  | 'overdue'
  | 'touchPost'
  | 'nextDueAt'
>

interface OutboxParts {
  readonly rows: Rows
  readonly plan: (posts: readonly NewPost[]) => void
  readonly touch: (touch: Touch) => void
}

export function outboxVerbs(db: Database.Database, write: Write, { rows, plan, touch }: OutboxParts): OutboxVerbs {
  const byKey = db.prepare<[string], PostRow>(`SELECT ${postColumns} WHERE post.key = ?`)
  const ofKind = db.prepare<[number, string, number], PostRow>(
    `SELECT ${postColumns} WHERE post.club = ? AND post.kind = ? ORDER BY post.id DESC LIMIT ?`,
  )
  const shares = db.prepare<[number], PostRow>(`SELECT ${postColumns} WHERE post.member = ? AND post.kind = 'share' ORDER BY post.id DESC`)
  const lessons = db
    .prepare<[number, number, number], string>(
      `SELECT subject FROM (SELECT id, subject, season, state FROM post WHERE club = ? AND kind = 'lesson' ORDER BY id DESC LIMIT ?)
       WHERE season = ? AND state < 2 ORDER BY id DESC`,
    )
    .pluck()
  const known = db.prepare<[string], number>('SELECT 1 FROM post WHERE key = ?').pluck()
  // The share that would make one too many is the last of these, when it is of the same day.
  const sharedByMember = db
    .prepare<[number, number], number>("SELECT day FROM post WHERE member = ? AND kind = 'share' ORDER BY id DESC LIMIT 1 OFFSET ?")
    .pluck()
  const sharedInClub = db
    .prepare<[number, number], number>("SELECT day FROM post WHERE club = ? AND kind = 'share' ORDER BY id DESC LIMIT 1 OFFSET ?")
    .pluck()
  const anyDue = db.prepare<[number, number], number>(
    'SELECT 1 WHERE EXISTS (SELECT 1 FROM post WHERE state = 0 AND try_at <= ?) OR EXISTS (SELECT 1 FROM post WHERE edit_at <= ?)',
  )
  const dueKeys = db
    .prepare<[string, number, number], string>('SELECT key FROM post WHERE state = 0 AND room = ? AND try_at <= ? ORDER BY try_at LIMIT ?')
    .pluck()
  const editKeys = db
    .prepare<[string, number, number], string>('SELECT key FROM post WHERE room = ? AND edit_at <= ? ORDER BY edit_at LIMIT ?')
    .pluck()
  // A step for each room, however many posts wait there.
  const roomsWhere = (waits: string) =>
    db
      .prepare<[], string>(
        `WITH RECURSIVE waiting (name) AS (
           SELECT min(room) FROM post WHERE ${waits}
           UNION ALL SELECT (SELECT min(room) FROM post WHERE ${waits} AND room > name) FROM waiting WHERE name IS NOT NULL
         ) SELECT name FROM waiting WHERE name IS NOT NULL`,
      )
      .pluck()
  const dueRooms = roomsWhere('state = 0')
  const editRooms = roomsWhere('edit_at IS NOT NULL')
  const expire = db.prepare('UPDATE post SET state = 2, try_at = NULL WHERE key = ? AND state = 0')
  const leaseExpired = db.prepare('UPDATE post SET try_at = ? WHERE key = ?')
  const lease = db.prepare(
    'UPDATE post SET try_at = @until, attempts = attempts + 1, unsure_at = coalesce(unsure_at, @now) WHERE key = @key',
  )
  const leaseEdit = db.prepare(`UPDATE post SET edit_at = ?, edit_next = ${never} WHERE key = ?`)
  const sent = db.prepare(
    'UPDATE post SET state = 1, try_at = NULL, unsure_at = NULL, sent_at = ?, message = ?, revision = ?, edit_at = ? WHERE key = ? AND state = 0',
  )
  const edited = db.prepare(
    `UPDATE post SET edited_at = ?, revision = ?, edit_at = nullif(min(coalesce(?, ${never}), coalesce(edit_next, ${never})), ${never}), edit_next = NULL
     WHERE key = ?`,
  )
  const again = db.prepare('UPDATE post SET try_at = ?, unsure_at = ? WHERE key = ? AND state = 0')
  const omit = db.prepare('UPDATE post SET state = 3, try_at = NULL WHERE key = ? AND state = 0')
  const omitted = db.prepare<[], number>('SELECT count(*) FROM post WHERE state = 3').pluck()
  // All three from the partial indexes, whatever else is in the table.
  const duePosts = db.prepare<[], number>('SELECT count(*) FROM post WHERE state = 0').pluck()
  const dueEdits = db.prepare<[number], number>('SELECT count(*) FROM post WHERE edit_at <= ?').pluck()
  const oldest = db
    .prepare<[], number | null>('SELECT min(due_at) FROM (SELECT due_at FROM post WHERE state = 0 ORDER BY try_at LIMIT 1000)')
    .pluck()
  const next = db
    .prepare<[], number | null>(
      `SELECT min(at) FROM (SELECT min(due_at) AS at FROM club WHERE due_at IS NOT NULL
       UNION ALL SELECT min(try_at) FROM post WHERE state = 0
       UNION ALL SELECT min(edit_at) FROM post WHERE edit_at IS NOT NULL)`,
    )
    .pluck()
  const rowOf = (key: string): Post => {
    const row = byKey.get(key)
    if (!row) throw new Error(`post ${key} is gone`)
    return postOf(row)
  }

  return {
    async post(key) {
      const row = byKey.get(key)
      return row && postOf(row)
    },
    lessonsPosted: async (club, season, limit) => lessons.all(rows.club(club), limit, packDay(season)),
    async sharesOf(club, id) {
      const member = rows.member(club, id)
      return member === undefined ? [] : shares.all(member).map(postOf)
    },
    async posts(club, kinds, limit) {
      const found = [...new Set(kinds)].flatMap((kind) => ofKind.all(rows.club(club), kind, limit))
      return found
        .sort((a, b) => b.id - a.id)
        .slice(0, limit)
        .map(postOf)
    },
    enqueue: (posts) => write(() => plan(posts)),
    share: (post, most) =>
      write(() => {
        const { key, club, member, day } = post
        if (known.get(key)) return undefined
        const sharer = rows.member(club, member)
        if (sharer !== undefined && sharedByMember.get(sharer, most.member - 1) === packDay(day)) return 'member'
        if (sharedInClub.get(rows.club(club), most.club - 1) === packDay(day)) return 'club'
        plan([post])
        return undefined
      }),
    async claimDue(now, window, leaseMs, underWay = new Map()) {
      // Asked after every act, and seldom for anything: then nothing is written.
      if (anyDue.get(now, now) === undefined) return { send: [], edit: [], expired: [] }
      return write(() => {
        const free = (rooms: typeof dueRooms, keys: typeof dueKeys) =>
          rooms.all().flatMap((room) => {
            const there = underWay.get(room) ?? none
            const places = window - there.size
            if (places <= 0) return []
            const waiting = keys.all(room, now, window).filter((key) => !there.has(key))
            return waiting.slice(0, places).map(rowOf)
          })
        const due = free(dueRooms, dueKeys)
        const expired = due.filter((post) => post.expiresAt <= now)
        const send = due.filter((post) => post.expiresAt > now)
        for (const { key } of expired) leaseExpired.run(now + leaseMs, key)
        for (const { key } of send) lease.run({ until: now + leaseMs, now, key })
        const edit = free(editRooms, editKeys)
        for (const { key } of edit) leaseEdit.run(now + leaseMs, key)
        return { send, edit, expired }
      })
    },
    markSent: (key, { message, at, revision, editAt }) =>
      write(() => {
        sent.run(at, message, revision ?? null, editAt ?? null, key)
      }),
    markEdited: (key, { at, revision, editAt }) =>
      write(() => {
        edited.run(at, revision ?? null, editAt ?? null, key)
      }),
    retry: (key, at, unsureAt) =>
      write(() => {
        again.run(at, unsureAt ?? null, key)
      }),
    omit: (key) =>
      write(() => {
        omit.run(key)
      }),
    expire: (key) =>
      write(() => {
        expire.run(key)
      }),
    async overdue(now) {
      return { posts: duePosts.get() ?? 0, edits: dueEdits.get(now) ?? 0, oldestMs: Math.max(0, now - (oldest.get() ?? now)) }
    },
    omitted: async () => omitted.get() ?? 0,
    touchPost: (key, now, everyMs) => write(() => touch({ post: key, now, everyMs })),
    nextDueAt: async () => next.get() ?? undefined,
  }
}

interface MessageRow {
  id: number
  at: number
  author: string
  recipient: string | null
  sealed: Buffer
}

type RoomVerbs = Pick<Store, 'addMessage' | 'replaceMessage' | 'messages' | 'message' | 'memo' | 'setMemo' | 'sweep'>

/** What the web room keeps: a channel's last messages, and each member's last private ones. */
const kept = { channel: 2000, private: 200 }

interface RoomParts {
  readonly rows: Rows
  /** What is remembered of boards may be of those that a sweep drops. */
  readonly ranks: Ranks
  readonly seal: Seal
}

export function roomVerbs(db: Database.Database, write: Write, { rows, ranks, seal }: RoomParts): RoomVerbs {
  const nextId = db.prepare<[], number>("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'message'").pluck()
  const insert = db.prepare(
    'INSERT INTO message (id, key, at, author, recipient, sealed) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  )
  const byKey = db.prepare<[string], MessageRow>('SELECT id, at, author, recipient, sealed FROM message WHERE key = ?')
  const byId = db.prepare<[number], MessageRow>('SELECT id, at, author, recipient, sealed FROM message WHERE id = ?')
  const nameIn = db.prepare('INSERT INTO message_about (message, member) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const namesNobody = db.prepare('DELETE FROM message_about WHERE message = ?')
  const replace = db.prepare('UPDATE message SET sealed = ? WHERE id = ?')
  const last = db.prepare<[string, number], MessageRow>(
    'SELECT id, at, author, recipient, sealed FROM message WHERE recipient IS NULL OR recipient = ? ORDER BY id DESC LIMIT ?',
  )
  const trim = db.prepare(
    `DELETE FROM message WHERE recipient IS @recipient
     AND id <= (SELECT id FROM message WHERE recipient IS @recipient ORDER BY id DESC LIMIT 1 OFFSET @kept)`,
  )
  const recipients = db.prepare<[], string>('SELECT DISTINCT recipient FROM message WHERE recipient IS NOT NULL').pluck()
  const memo = db.prepare<[string], string>('SELECT value FROM memo WHERE name = ?').pluck()
  const setMemo = db.prepare('INSERT INTO memo (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  const dropCounts = db.prepare('DELETE FROM rank_count WHERE club = ? AND (lapses <= ? OR (board = 0 AND period < ?) OR members <= 0)')
  const dropTop = db.prepare('DELETE FROM rank_top WHERE club = ? AND (lapses <= ? OR (board = 0 AND period < ?))')
  const dropEdges = db.prepare('DELETE FROM rank_edge WHERE club = ? AND board = 0 AND period < ?')
  const dropVotes = db.prepare('DELETE FROM vote WHERE answer IS NULL AND poll IN (SELECT id FROM poll WHERE club = ? AND closes_at <= ?)')

  const messageOf = ({ id, at, author, recipient, sealed }: MessageRow): WebMessage => ({
    id,
    at,
    by: author,
    card: seal.open(placeOf('message', id), sealed),
    ...(recipient !== null && { to: recipient }),
  })

  return {
    addMessage: ({ at, by, to, card, key, about = [] }) =>
      write(() => {
        const id = nextId.get() ?? 1
        const { changes } = insert.run(id, key ?? null, at, by, to ?? null, seal.close(placeOf('message', id), card))
        if (changes > 0) for (const member of about) nameIn.run(id, member)
        const row = changes > 0 ? byId.get(id) : byKey.get(key ?? '')
        if (!row) throw new Error('a message was not kept')
        return { message: messageOf(row), added: changes > 0 }
      }),
    replaceMessage: (id, card, about = []) =>
      write(() => {
        const row = replace.run(seal.close(placeOf('message', id), card), id).changes > 0 ? byId.get(id) : undefined
        if (!row) return undefined
        namesNobody.run(id)
        for (const member of about) nameIn.run(id, member)
        return messageOf(row)
      }),
    messages: async (to, count) => last.all(to, count).map(messageOf).reverse(),
    async message(id) {
      const row = byId.get(id)
      return row && messageOf(row)
    },
    memo: async (name) => memo.get(name),
    setMemo: (name, value) =>
      write(() => {
        setMemo.run(name, value)
      }),
    sweep: (club, today, now) =>
      write(() => {
        const twoWeeksAgo = packDay(today) - 14
        ranks.settle()
        dropCounts.run(rows.club(club), packMinute(now), twoWeeksAgo)
        dropTop.run(rows.club(club), packMinute(now), twoWeeksAgo)
        dropEdges.run(rows.club(club), twoWeeksAgo)
        ranks.forget()
        dropVotes.run(rows.club(club), now)
        trim.run({ recipient: null, kept: kept.channel })
        for (const recipient of recipients.all()) trim.run({ recipient, kept: kept.private })
      }),
  }
}
