// Purpose: polls and their votes. A poll's tally is kept on its row, so that the hundred-thousandth vote costs what the first did.
import type Database from 'better-sqlite3'
import { answers as verdicts } from '../../club/poll.ts'
import type { Poll, Store, Vote } from '../store.ts'
import type { Write } from './commit.ts'
import type { Rows } from './members.ts'
import { packDay, unpackDay } from './pack.ts'

type Verbs = Pick<Store, 'openPoll' | 'poll' | 'polls' | 'vote' | 'votes' | 'countVote' | 'changeMind'>

interface PollRow {
  id: number
  myth: string
  day: number
  closes_at: number
  n_true: number
  n_false: number
  n_depends: number
}

const pollOf = (row: PollRow): Poll => ({
  id: row.id,
  myth: row.myth,
  day: unpackDay(row.day),
  closesAt: row.closes_at,
  tally: { true: row.n_true, false: row.n_false, depends: row.n_depends },
})

interface VoteRow {
  answer: number | null
  mind: number | null
}

/** Without an answer of record, `mind` holds what was counted. */
function voteOf({ answer, mind }: VoteRow): Vote {
  const said = answer === null ? undefined : verdicts[answer]
  const says = mind === null ? undefined : verdicts[mind]
  return said ? { answer: said, ...(says && { mind: says }) } : { ...(says && { counted: says }) }
}

/** Takes the votes of a member back out of the polls that are open at an instant; to be called inside a write, before the votes go. */
export function createWithdrawal(db: Database.Database): (member: number, now: number) => void {
  const uncount = verdicts.map((verdict, i) =>
    db.prepare(
      `UPDATE poll SET n_${verdict} = n_${verdict} - 1
       WHERE closes_at > ? AND id IN (SELECT poll FROM vote WHERE member = ? AND coalesce(answer, mind) = ${i})`,
    ),
  )
  return (member, now) => {
    for (const one of uncount) one.run(now, member)
  }
}

export function pollVerbs(db: Database.Database, write: Write, rows: Rows): Verbs {
  const insert = db.prepare('INSERT INTO poll (club, myth, day, closes_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const byDay = db.prepare<[number, number, string], PollRow>('SELECT * FROM poll WHERE club = ? AND day = ? AND myth = ?')
  const byId = db.prepare<[number, number], PollRow>('SELECT * FROM poll WHERE club = ? AND id = ?')
  const latest = db.prepare<[number, number], PollRow>('SELECT * FROM poll WHERE club = ? ORDER BY day DESC, id DESC LIMIT ?')
  const vote = db.prepare<[number, number], VoteRow>('SELECT answer, mind FROM vote WHERE poll = ? AND member = ?')
  const votesOf = db.prepare<[number], VoteRow & { poll: number }>('SELECT poll, answer, mind FROM vote WHERE member = ? ORDER BY poll')
  const insertVote = db.prepare('INSERT INTO vote (poll, member, mind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const count = verdicts.map((verdict) => db.prepare(`UPDATE poll SET n_${verdict} = n_${verdict} + 1 WHERE id = ? AND club = ?`))
  const setMind = db.prepare('UPDATE vote SET mind = ? WHERE poll = ? AND member = ? AND answer IS NOT NULL')

  return {
    openPoll: (club, { myth, day, closesAt }) =>
      write(() => {
        insert.run(rows.club(club), myth, packDay(day), closesAt)
        const row = byDay.get(rows.club(club), packDay(day), myth)
        if (!row) throw new Error(`poll ${myth} of ${day} was not kept`)
        return pollOf(row)
      }),
    async poll(club, id) {
      const row = byId.get(rows.club(club), id)
      return row && pollOf(row)
    },
    polls: async (club, limit) => latest.all(rows.club(club), limit).map(pollOf),
    async vote(club, poll, id) {
      const member = rows.member(club, id)
      const row = member === undefined ? undefined : vote.get(poll, member)
      return row && voteOf(row)
    },
    async votes(club, id) {
      const member = rows.member(club, id)
      return member === undefined ? [] : votesOf.all(member).map((row) => ({ poll: row.poll, ...voteOf(row) }))
    },
    countVote: (club, member, poll, answer) =>
      write(() => {
        if (insertVote.run(poll, rows.memberMade(club, member), verdicts.indexOf(answer)).changes === 0) return false
        if (count[verdicts.indexOf(answer)]?.run(poll, rows.club(club)).changes === 0)
          throw new Error(`there is no poll ${poll} in ${club}`)
        return true
      }),
    changeMind: (club, id, poll, mind) =>
      write(() => {
        const member = rows.member(club, id)
        if (member !== undefined) setMind.run(verdicts.indexOf(mind), poll, member)
      }),
  }
}
