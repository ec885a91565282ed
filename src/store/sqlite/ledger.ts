// Purpose: the ledger of acts and, beside it, each member's streak as last folded.
import type Database from 'better-sqlite3'
import { isShown } from '../../club/club.ts'
import { answers as verdicts } from '../../club/poll.ts'
import type { StreakState } from '../../club/streak.ts'
import type { Seal } from '../../seal.ts'
import type { Act, ActRecord, Answer, Store, StoredStreak, Touch } from '../store.ts'
import type { Write } from './commit.ts'
import type { Pauses, Rows } from './members.ts'
import { packDay, packMinute, packStamp, unpackDay, unpackStamp } from './pack.ts'
import type { Ranks, Standing } from './ranks.ts'
import { placeOf } from './sealed.ts'

type Verbs = Pick<
  Store,
  | 'record'
  | 'acts'
  | 'streak'
  | 'saveStreak'
  | 'staleStreaks'
  | 'actorsOn'
  | 'lastActiveDay'
  | 'activeDays'
  | 'shareNote'
  | 'answer'
  | 'answers'
  | 'answered'
  | 'missed'
>

interface StreakRow extends Standing {
  last_act: number | null
  /** The day of the first act. */
  joined: number
  revision: number
  epoch: number | null
  day: number
  acted: number
  best: number
  freezes: number
  progress: number
  miss_day: number | null
  miss_run: number | null
}

/** A member with their streak; all of it is null before their first act. */
type StandingRow = (StreakRow | Record<keyof StreakRow, null>) & { readonly id: number; readonly version: number }

const hasStreak = (row: StandingRow | undefined): row is StandingRow & StreakRow => row !== undefined && row.member !== null

interface AnswerRow {
  season: number
  lesson: string
  question: number
  option: number
  correct: number
}

const columns = [
  'member',
  'club',
  'joined',
  'epoch',
  'last_act',
  'reached',
  'revision',
  'shown',
  'lapses',
  'day',
  'acted',
  'run',
  'best',
  'total',
  'freezes',
  'progress',
  'week',
  'week_days',
  'season',
  'season_days',
  'miss_day',
  'miss_run',
] as const

function streakOf(row: StreakRow): StoredStreak {
  const pair = (from: number | null, days: number | null) => (from === null ? undefined : { from: unpackDay(from), days: days ?? 0 })
  const week = pair(row.week, row.week_days)
  const season = pair(row.season, row.season_days)
  const state: StreakState = {
    day: unpackDay(row.day),
    acted: row.acted === 1,
    run: row.run,
    best: row.best,
    total: row.total,
    freezes: row.freezes,
    progress: row.progress,
    ...(week && { week }),
    ...(season && { season }),
    ...(row.miss_day !== null && { miss: { day: unpackDay(row.miss_day), run: row.miss_run ?? 0 } }),
  }
  return {
    revision: row.revision,
    state,
    ...(row.epoch !== null && { epoch: row.epoch }),
    ...(row.lapses !== null && { lapsesAt: row.lapses * 60_000 }),
  }
}

type Fixed = Pick<StreakRow, 'member' | 'club' | 'joined' | 'last_act' | 'reached' | 'revision' | 'shown'>

function rowOf({ state, epoch, lapsesAt }: Omit<StoredStreak, 'revision'>, fixed: Fixed): StreakRow {
  return {
    ...fixed,
    epoch: epoch ?? null,
    lapses: packMinute(lapsesAt),
    day: packDay(state.day),
    acted: Number(state.acted),
    run: state.run,
    best: state.best,
    total: state.total,
    freezes: state.freezes,
    progress: state.progress,
    week: state.week ? packDay(state.week.from) : null,
    week_days: state.week?.days ?? null,
    season: state.season ? packDay(state.season.from) : null,
    season_days: state.season?.days ?? null,
    miss_day: state.miss ? packDay(state.miss.day) : null,
    miss_run: state.miss?.run ?? null,
  }
}

const answerOf = (row: AnswerRow): Answer => ({
  season: unpackDay(row.season),
  lesson: row.lesson,
  question: row.question,
  option: row.option,
  right: row.correct === 1,
})

interface Parts {
  readonly rows: Rows
  readonly pauses: Pauses
  readonly ranks: Ranks
  readonly touchCount: (touch: Touch) => void
  readonly seal: Seal
}

export function ledgerVerbs(db: Database.Database, write: Write, { rows, pauses, ranks, touchCount, seal }: Parts): Verbs {
  const found = db.prepare<[number], StreakRow>('SELECT * FROM streak WHERE member = ?')
  const insertStreak = db.prepare(`INSERT INTO streak (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`)
  // By place, because binding twenty values by name takes longer than the update.
  const moved = columns.slice(4)
  const updateStreak = db.prepare(`UPDATE streak SET ${moved.map((name) => `${name} = ?`).join(', ')} WHERE member = ?`)
  // Apart from the others, because SQLite writes an index for every row whose indexed column is named, changed or not.
  const setEpoch = db.prepare('UPDATE streak SET epoch = @epoch WHERE member = @member')
  const stale = db
    .prepare<{ club: number; epoch: number; limit: number }, string>(
      `SELECT member.key FROM (
         SELECT member FROM streak WHERE club = @club AND epoch IS NULL
         UNION ALL SELECT member FROM streak WHERE club = @club AND epoch < @epoch LIMIT @limit
       ) AS old JOIN member ON member.id = old.member`,
    )
    .pluck()
  const standing = db.prepare<[number, string], StandingRow>(
    'SELECT streak.*, member.id, member.version FROM member LEFT JOIN streak ON streak.member = member.id WHERE member.club = ? AND member.key = ?',
  )
  const insertAct = db.prepare('INSERT INTO act (prev, stamp) VALUES (?, ?)')
  const insertNote = db.prepare('INSERT INTO note (act, sealed) VALUES (?, ?)')
  const act = db.prepare<[number], { prev: number | null; stamp: number; sealed: Buffer | null; shared: number | null }>(
    'SELECT prev, stamp, sealed, shared FROM act LEFT JOIN note ON note.act = act.id WHERE act.id = ?',
  )
  const shareNote = db.prepare('UPDATE note SET shared = ? WHERE act = ?')
  const oneMore = db.prepare(
    `INSERT INTO club_day (club, day, actors, joined) VALUES (?, ?, 1, ?)
     ON CONFLICT DO UPDATE SET actors = actors + 1, joined = joined + excluded.joined`,
  )
  const actors = db.prepare<[number, number], number>('SELECT actors FROM club_day WHERE club = ? AND day = ?').pluck()
  const lastDay = db.prepare<[number], number | null>('SELECT max(day) FROM club_day WHERE club = ? AND actors > 0').pluck()
  const days = db.prepare<[number], { day: number; actors: number; joined: number; paused: number }>(
    'SELECT day, actors, joined, paused FROM club_day WHERE club = ? ORDER BY day',
  )
  const insertAnswer = db.prepare(
    'INSERT INTO answer (member, season, lesson, question, option, correct) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const countAnswer = db.prepare(
    `INSERT INTO lesson_count (club, season, lesson, wrong, total) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET wrong = wrong + excluded.wrong, total = total + 1`,
  )
  const answer = db.prepare<[number, number, string, number], AnswerRow>(
    'SELECT season, lesson, question, option, correct FROM answer WHERE member = ? AND season = ? AND lesson = ? AND question = ?',
  )
  const answersOf = db.prepare<[number], AnswerRow>('SELECT season, lesson, question, option, correct FROM answer WHERE member = ?')
  const answeredIn = db.prepare<[number, number], string>('SELECT DISTINCT lesson FROM answer WHERE member = ? AND season = ?').pluck()
  const missed = db.prepare<[number, number], { lesson: string; wrong: number; all: number }>(
    `SELECT lesson, wrong, total AS "all" FROM lesson_count WHERE club = ? AND season = ? ORDER BY wrong * 1.0 / total DESC, total DESC, lesson`,
  )
  const insertVote = db.prepare('INSERT INTO vote (poll, member, answer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const countVote = verdicts.map((verdict) => db.prepare(`UPDATE poll SET n_${verdict} = n_${verdict} + 1 WHERE id = ? AND club = ?`))

  function save(before: StreakRow | undefined, after: StreakRow): void {
    if (before) updateStreak.run(...moved.map((name) => after[name]), after.member)
    else insertStreak.run(after)
    if (before && before.epoch !== after.epoch) setEpoch.run(after)
    ranks.move(before, after)
  }

  function record(entry: ActRecord): { done: number } | 'again' | 'already' {
    const club = rows.club(entry.club)
    const known = standing.get(club, entry.member.id)
    const before = hasStreak(known) ? known : undefined
    // Who hid or paused in between is to be read anew.
    if (before?.revision !== entry.revision || (known && known.version !== entry.member.version)) return 'again'
    const member = known?.id ?? rows.memberMade(entry.club, entry.member)
    if (entry.answer) {
      const { season, lesson, question, option, right } = entry.answer
      if (insertAnswer.run(member, packDay(season), lesson, question, option, Number(right)).changes === 0) return 'already'
      if (question === 0) countAnswer.run(club, packDay(season), lesson, Number(!right))
    }
    if (entry.vote) {
      const verdict = verdicts.indexOf(entry.vote.answer)
      if (insertVote.run(entry.vote.poll, member, verdict).changes === 0) return 'already'
      if (countVote[verdict]?.run(entry.vote.poll, club).changes === 0)
        throw new Error(`there is no poll ${entry.vote.poll} in ${entry.club}`)
    }
    const id = Number(insertAct.run(before?.last_act ?? null, packStamp(entry.act)).lastInsertRowid)
    if (entry.act.note !== undefined) insertNote.run(id, seal.close(placeOf('note', id), entry.act.note))
    const fixed = {
      member,
      club,
      joined: before?.joined ?? packDay(entry.act.day),
      last_act: id,
      reached: before && !entry.firstOfDay ? before.reached : id,
      revision: (before?.revision ?? 0) + 1,
      shown: before?.shown ?? Number(isShown(entry.member)),
    }
    save(before, rowOf(entry.streak, fixed))
    if (entry.firstOfDay) {
      oneMore.run(club, packDay(entry.act.day), Number(!before))
      if (entry.countShownOn) touchCount(entry.countShownOn)
    }
    if (!before) pauses.move(club, fixed.joined, undefined, entry.member)
    return { done: id }
  }

  /** The note is opened when somebody looks at it: a fold goes through hundreds of acts and asks only for their days. */
  function actOf(id: number, stamp: number, sealed: Buffer | null, shared: boolean): Act {
    const own = { id, ...unpackStamp(stamp) }
    if (sealed === null) return own
    return {
      ...own,
      get note() {
        return seal.open(placeOf('note', id), sealed)
      },
      shared,
    }
  }

  function chain(member: number): Act[] {
    const acts: Act[] = []
    for (let id = found.get(member)?.last_act; id; ) {
      const row = act.get(id)
      if (!row) throw new Error(`act ${id} is missing from the ledger`)
      acts.push(actOf(id, row.stamp, row.sealed, row.shared === 1))
      id = row.prev
    }
    return acts
  }

  return {
    record: (entry) => write(() => record(entry)),
    async acts(club, id) {
      const member = rows.member(club, id)
      return member === undefined ? [] : chain(member)
    },
    async streak(club, id) {
      const row = standing.get(rows.club(club), id)
      return hasStreak(row) ? streakOf(row) : undefined
    },
    saveStreak: (club, id, revision, streak) =>
      write(() => {
        const member = rows.member(club, id)
        const before = member === undefined ? undefined : found.get(member)
        if (before?.revision !== revision) return false
        save(before, rowOf(streak, { ...before, revision: revision + 1 }))
        return true
      }),
    staleStreaks: async (club, epoch, limit) => stale.all({ club: rows.club(club), epoch, limit }),
    actorsOn: async (club, day) => actors.get(rows.club(club), packDay(day)) ?? 0,
    async lastActiveDay(club) {
      const day = lastDay.get(rows.club(club))
      return typeof day === 'number' ? unpackDay(day) : undefined
    },
    async activeDays(club, from) {
      let joined = 0
      const all = days.all(rows.club(club)).map((row) => {
        joined += row.joined
        return { day: unpackDay(row.day), actors: row.actors, members: joined - row.paused }
      })
      return all.filter(({ day }) => day >= from)
    },
    shareNote: (club, id, note, shared) =>
      write(() => {
        const member = rows.member(club, id)
        if (member === undefined || !chain(member).some((own) => own.id === note)) return false
        return shareNote.run(Number(shared), note).changes > 0
      }),

    async answer(club, id, key) {
      const member = rows.member(club, id)
      const row = member === undefined ? undefined : answer.get(member, packDay(key.season), key.lesson, key.question)
      return row && answerOf(row)
    },
    async answers(club, id) {
      const member = rows.member(club, id)
      return member === undefined ? [] : answersOf.all(member).map(answerOf)
    },
    async answered(club, id, season) {
      const member = rows.member(club, id)
      return member === undefined ? [] : answeredIn.all(member, packDay(season))
    },
    missed: async (club, season) => missed.all(rows.club(club), packDay(season)),
  }
}
