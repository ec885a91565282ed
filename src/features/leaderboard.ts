// Purpose: who studied how much: this week, this season, in a row, ever. Shown members only; you always see your own row.
import type { Card, CardField } from '../chat/card.ts'
import { choice } from '../chat/fields.ts'
import type { BoardRow as PictureRow } from '../chat/picture.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { type Board, boardSize, boards, ranksOf, weekOf } from '../club/board.ts'
import { addDays, type Day } from '../club/calendar.ts'
import { clubDay, clubTimeline, isShown, shownName } from '../club/club.ts'
import { currentSeason } from '../club/schedule.ts'
import type { StreakState } from '../club/streak.ts'
import { currentStreak } from '../record.ts'
import type { BoardKey } from '../store/store.ts'
import { type Context, command, press, type Scene } from './handler.ts'

/** Streaks under older rules that one look at the board folds anew; the next look goes on. */
const refoldedAtOnce = 2000

export const leaderboard = command({
  name: 'leaderboard',
  input: { by: choice(...boards) },
  // It may fold many streaks anew, and draws a picture of its own each time.
  cost: 3,
  run: (context, { by = 'week' }) => ownBoard(context, by),
})

export const boardPress = press({
  name: 'board',
  cost: 3,
  replaces: true,
  async run(context, [by]) {
    const board = boards.find((known) => known === by)
    if (!board) throw new UserError('unknown', context.t.errors.stale)
    return ownBoard(context, board)
  },
})

async function ownBoard(context: Context, by: Board): Promise<Card> {
  const { t, club } = context
  await foldStale(context)
  const card = await boardCard(context, by, context.member.id)
  const others = boards
    .filter((board) => board !== by)
    .map((board) => ({ label: t.board.names[board], press: formatPressId('board', board) }))
  const share = card.image ? [{ label: t.share.button, press: formatPressId('share', 'board', by) }] : []
  return withOwnRow(context, by, { ...card, buttons: [...share, ...others] }, club.id)
}

async function foldStale({ store, club, now }: Scene): Promise<void> {
  for (const id of await store.staleStreaks(club.id, club.epoch, refoldedAtOnce)) {
    const member = await store.member(club.id, id)
    if (member) await currentStreak({ store, club, member }, now)
  }
}

function keyOf({ club, now }: Scene, board: Board): BoardKey {
  if (board === 'week') return { board, period: weekOf(clubDay(club, now).today) }
  const season = currentSeason(club)
  return board === 'season' && season ? { board, period: season.from } : { board }
}

/** The board as anybody may see it: the ten at the top. `me` is the member whose row the picture marks, when one looks at it in private. */
export async function boardCard(scene: Scene, board: Board, me?: string): Promise<Card> {
  const { t, store, club, now } = scene
  const rows = await store.top(club.id, keyOf(scene, board), now, boardSize)
  const title = t.board.title(t.board.names[board])
  if (rows.length === 0) return { title, text: t.board.empty }
  const ranks = ranksOf(rows.map(({ value }) => value))
  const lines = rows.map((row, i) => ({
    name: shownName(row.member),
    rank: String(ranks[i]),
    value: t.board.value(board, row.value),
    note: t.board.note(row.run, row.best),
    ...(row.member.id === me && { me: true }),
  }))
  const fields: CardField[] = lines.map(({ name, rank, value, note }) => ({ name, value: t.board.row(value, rank, note) }))
  const days = await clubStreak(scene)
  return {
    title,
    text: t.board.intro[board],
    fields,
    about: rows.map(({ member }) => member.id),
    image: {
      alt: `${title}: ${lines.map(({ name, rank, value }) => t.board.altRow(rank, name, value)).join(', ')}`,
      picture: { kind: 'board', title, subtitle: t.board.intro[board], rows: lines satisfies PictureRow[] },
    },
    ...(days > 0 && { footer: t.board.clubStreak(days) }),
  }
}

/** The caller's own row: marked in the list, or under it; a hidden member's says that only they see it. */
async function withOwnRow(context: Context, board: Board, card: Card, club: string): Promise<Card> {
  const { t, member, store, now } = context
  if (member.appear === 'none') return { ...card, text: `${card.text}\n\n${t.effect.noRecord}` }
  const { state, today } = await currentStreak(context, now)
  const value = standing(state, board, keyOf(context, board).period, weekOf(today))
  const note = t.board.note(state.run, state.best)
  if (value === 0) return card
  if (!isShown(member)) {
    const own: CardField = { name: member.name, value: `${t.board.value(board, value)} · ${t.board.onlyYou} · ${note}` }
    return { ...card, fields: [...(card.fields ?? []), own] }
  }
  const name = shownName(member)
  const listed = card.image?.picture.kind === 'board' && card.image.picture.rows.some((row) => row.me)
  if (listed) return card
  const rank = (await store.above(club, keyOf(context, board), value, now)) + 1
  return { ...card, fields: [...(card.fields ?? []), { name, value: t.board.row(t.board.value(board, value), String(rank), note) }] }
}

function standing(state: StreakState, board: Board, season: Day | undefined, week: Day): number {
  switch (board) {
    case 'run':
      return state.run
    case 'total':
      return state.total
    case 'week':
      return state.week?.from === week ? state.week.days : 0
    case 'season':
      return state.season?.from === season ? (state.season?.days ?? 0) : 0
  }
}

/** A day counts for the club when at least this share of its members acted (rule 19). */
const clubShare = 0.6
/** How far back the club's own streak is counted, in dates. */
const clubStreakDates = 400

/** Study days in a row on which the club together studied. Today counts once it is reached. */
async function clubStreak({ store, club, now }: Scene): Promise<number> {
  const days = clubTimeline(club)
  const { today } = clubDay(club, now)
  const from = addDays(today, -clubStreakDates)
  const active = new Map((await store.activeDays(club.id, from)).map((day) => [day.day, day]))
  let run = 0
  for (let day = today; day > from; day = addDays(day, -1)) {
    if (!days.isStudyDay(day)) continue
    const { actors, members } = active.get(day) ?? { actors: 0, members: 0 }
    if (actors > 0 && actors >= clubShare * members) run += 1
    else if (day !== today) break
  }
  return run
}
