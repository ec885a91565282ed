// Purpose: everything that can be done in a club, taken from the table of contents of src/features, and how each of it is done in a club
// that has lived: what test/roles tries cell by cell, from other clubs too, and what docs/who-may.md is drawn from.
import { formatPressId } from '../../src/chat/pressId.ts'
import type { Call } from '../../src/chat/room.ts'
import type { Day } from '../../src/club/calendar.ts'
import { defaultSettings, newClub } from '../../src/club/club.ts'
import { isOffered, settingNames } from '../../src/features/clubSettings.ts'
import { commands, presses } from '../../src/features/index.ts'
import { texts } from '../../src/text/index.ts'

export const rooms = ['web', 'discord', 'slack'] as const
export type RoomName = (typeof rooms)[number]

/** What a press of somebody's can name in their club, and in no other. */
export interface Traces {
  readonly room: RoomName
  /** The first day of the club's season. */
  readonly season: Day
  /** A lesson of its course that nobody there has answered yet, with a lab and sources. */
  readonly lesson: string
  /** The day of a lesson that was posted. */
  readonly lessonDay: Day
  /** A review that was posted. */
  readonly review: { readonly day: Day; readonly lesson: string }
  readonly polls: { readonly open: number; readonly closed: number }
  /** Lines of this person: one that nobody else has seen, and one that they shared. */
  readonly lines: { readonly own: number; readonly shared: number }
  /** A member whom the organiser named as one more. */
  readonly named: string
  readonly course: string
}

/** What the club has to be like for an act to be possible; it runs, on a Friday afternoon, unless told. On Sunday no poll is open. */
export type State = 'not started' | 'quiet' | 'paused' | 'ended' | 'Sunday'

export interface Act {
  /** As it stands in the table. */
  readonly name: string
  readonly does: string
  readonly organiserOnly: boolean
  /** Where it can be done at all. */
  readonly rooms: readonly RoomName[]
  readonly state: State | undefined
  done(traces: Traces): Call['act']
}

interface Way {
  readonly input?: Readonly<Record<string, string>> | ((traces: Traces) => Readonly<Record<string, string>>)
  readonly state?: State
  readonly rooms?: readonly RoomName[]
}

interface PressWay extends Way {
  /** For the table: what the button is for. */
  readonly does: string
  /** What follows the name in the press id; left out where it carries nothing. */
  readonly args?: (traces: Traces) => readonly (string | number)[]
}

const ofLesson = ({ season, lesson }: Traces) => [season, lesson]

const pressWays: Readonly<Record<string, PressWay>> = {
  answer: { does: "answer a lesson's question", args: (of) => [...ofLesson(of), 0, 0] },
  review: { does: 'answer the question of a review', args: ({ review }) => [review.day, review.lesson, 0, 0] },
  ask: { does: "open a lesson's question", args: (of) => [...ofLesson(of), 0] },
  more: { does: 'read more of a lesson', args: ofLesson },
  full: { does: 'read the whole of a lesson', args: ofLesson },
  lab: { does: "open a lesson's lab", args: ofLesson },
  'lab-tab': { does: 'turn to another page of the lab', args: (of) => [...ofLesson(of), 'without'] },
  sources: { does: "see a lesson's sources", args: ofLesson },
  'own-next': { does: "go on with the lesson that is one's own next" },
  flow: { does: 'step through the flow', args: () => [0] },
  reopen: { does: 'open the lesson of an earlier day', args: ({ lessonDay }) => [lessonDay] },
  line: { does: 'write a line', input: { note: 'a line' } },
  vote: { does: 'vote in the open poll', args: ({ polls }) => [polls.open, 'true'] },
  mind: { does: "change one's mind after a vote", args: ({ polls }) => [polls.closed, 'depends'] },
  poll: { does: 'see the open poll' },
  why: { does: "see why one's streak is what it is" },
  repair: { does: "mend the one missed day of one's streak" },
  board: { does: 'look at another board', args: () => ['total'] },
  share: { does: "share a line, a streak or a board of one's own", args: ({ lines }) => ['note', lines.own] },
  pause: { does: 'pause oneself, and end it', args: () => [3] },
  appear: { does: 'choose how one appears', args: () => ['hidden'] },
  nickname: { does: 'appear by a nickname', input: { nickname: 'parrot' } },
  zone: { does: 'take a time zone', args: () => ['Europe/London'] },
  home: { does: "see one's own page" },
  export: { does: "take one's data away" },
  erase: { does: "erase one's data", args: () => ['now'] },
  summary: { does: "see one's own season" },
  resume: { does: 'wake a club that fell quiet', state: 'quiet' },
  next: { does: 'choose what comes after the last lesson', args: ({ course }) => ['course', course], state: 'ended' },
  'set-up': { does: 'open the set-up card' },
  start: { does: 'start the club', state: 'not started' },
  // The web room is one channel.
  move: { does: 'move the club to this channel', rooms: ['discord', 'slack'] },
  change: { does: 'change a setting', input: { set: 'language', to: 'en' } },
  test: { does: 'preview the next post' },
  'step-down': { does: 'take a named organiser back', args: ({ named }) => [named] },
  'hide-note': { does: 'hide a shared line', args: ({ lines }) => [lines.shared] },
  // Elsewhere they would mislead real people.
  'examples-add': { does: 'add example members', rooms: ['web'] },
  'examples-remove': { does: 'remove the example members', rooms: ['web'] },
}

const commandWays: Readonly<Record<string, Way>> = {
  today: {},
  lesson: { input: { which: '2' } },
  checkin: { input: { note: 'a line' } },
  poll: {},
  streak: { input: { action: 'why' } },
  leaderboard: {},
  pause: { input: { until: '3' } },
  settings: { input: { language: 'en' } },
  data: { input: { action: 'delete' } },
  club: {},
  flow: {},
  help: {},
}

const actionWays: Readonly<Record<string, Way>> = {
  post: { state: 'Sunday' },
  poll: { state: 'Sunday' },
  pause: {},
  resume: { state: 'paused' },
  excuse: { input: ({ named }) => ({ member: named, day: '2026-12-01', reason: 'a fire' }) },
  season: {},
  organiser: { input: ({ named }) => ({ member: named }) },
  'hide-note': { input: ({ named }) => ({ member: named }) },
  test: {},
}

/** A value that the setting takes. */
const settingValues: Readonly<Record<string, string | ((traces: Traces) => string)>> = {
  language: 'en',
  zone: 'Europe/London',
  'post-at': '09:30',
  'day-start': '05:00',
  'study-days': 'weekdays',
  country: 'KR',
  holidays: '2026-12-24',
  'poll-at': '13:00',
  'poll-days': 'mon',
  appear: 'hidden',
  course: ({ course }) => course,
  mention: ({ room }) => (room === 'slack' ? 'S0STUDY' : '123456789012345678'),
  'organiser-role': '123456789012345678',
  threads: 'on',
}

const inputOf = ({ input = {} }: Way, traces: Traces) => (typeof input === 'function' ? input(traces) : input)

/** The way of one thing; throws, with what to write, for one that nobody said how to do. */
function wayOf<W>(ways: Readonly<Record<string, W>>, name: string, what: string, where: string): W {
  const way = ways[name]
  if (way === undefined)
    throw new Error(`test/roles/acts.ts does not know ${what}: add it to ${where}, so that it is tried by every role and from another club`)
  return way
}

/** The names in a list of ways that nothing has any more. */
function strangers(ways: object, known: readonly string[]): string[] {
  return Object.keys(ways).filter((name) => !known.includes(name))
}

function commandActs(): Act[] {
  return commands.map(({ name, organiserOnly }) => {
    const way = wayOf(commandWays, name, `the command /${name}`, '`commandWays`, with the input it needs')
    return {
      name: `\`/${name}\``,
      does: texts.en.commands[name]?.description ?? '',
      organiserOnly,
      rooms: way.rooms ?? rooms,
      state: way.state,
      done: (traces) => ({ command: name, input: inputOf(way, traces) }),
    }
  })
}

/** `/club` is one command for many things, not all of which there are in every room. */
function clubActs(): Act[] {
  const club = commands.find(({ name }) => name === 'club')
  const actions = club?.input.action?.type === 'choice' ? club.input.action.values : []
  const words = texts.en.commands.club?.fields
  const organiserOnly = club?.organiserOnly ?? false
  const byAction = actions.map((action): Act => {
    const way = wayOf(actionWays, action, `/club action: ${action}`, '`actionWays`, with the input it needs')
    return {
      name: `\`/club\` action: ${action}`,
      does: words?.action?.choices[action] ?? '',
      organiserOnly,
      rooms,
      state: way.state,
      done: (traces) => ({ command: 'club', input: { action, ...inputOf(way, traces) } }),
    }
  })
  const clubIn = (room: RoomName) => newClub(`${room}:1`, '', { ...defaultSettings, course: '' }, 'Asia/Seoul')
  const bySetting = settingNames.map((set): Act => {
    const value = wayOf(settingValues, set, `/club set: ${set}`, '`settingValues`, with a value that it takes')
    return {
      name: `\`/club\` set: ${set}`,
      does: `the setting “${words?.set?.choices[set]}”`,
      organiserOnly,
      rooms: rooms.filter((room) => isOffered(clubIn(room), set)),
      state: undefined,
      done: (traces) => ({ command: 'club', input: { set, to: typeof value === 'function' ? value(traces) : value } }),
    }
  })
  return [...byAction, ...bySetting]
}

function pressActs(): Act[] {
  return presses.map(({ name, organiserOnly }) => {
    const way = wayOf(pressWays, name, `the press “${name}”`, '`pressWays`, with what it does and what its id carries')
    return {
      name: `\`${name}\``,
      does: way.does,
      organiserOnly,
      rooms: way.rooms ?? rooms,
      state: way.state,
      done: (traces) => ({ press: formatPressId(name, ...(way.args?.(traces) ?? [])), input: inputOf(way, traces) }),
    }
  })
}

/** Everything that can be done, in the order of src/features/index.ts. Throws, with what to write, for what is missing here or too much. */
export function allActs(): { readonly commands: Act[]; readonly club: Act[]; readonly presses: Act[] } {
  const known = [...commands, ...presses].map(({ name }) => name)
  const gone = [...strangers(pressWays, known), ...strangers(commandWays, known)]
  if (gone.length > 0) throw new Error(`test/roles/acts.ts tells of what there is no more: take ${gone.join(', ')} out`)
  return { commands: commandActs(), club: clubActs(), presses: pressActs() }
}
