// Purpose: everything that a club can be brought to say: the life of a course, and the longest things that can come in.
import type { Answer, Call } from '../../src/chat/room.ts'
import { commands, presses } from '../../src/features/index.ts'
import type { Store } from '../../src/store/store.ts'
import type { Locale } from '../../src/text/locale.ts'
import { flowSteps, ours } from './ourCourse.ts'

const minute = 60_000

/** In Seoul: a day of March 2025; long past, so that no stamp of the machine’s clock falls into it. */
const march = (day: number, hour: number) => Date.parse('2025-03-01T00:00+09:00') + (day - 1) * 24 * 60 * minute + hour * 60 * minute
/** When a club of the gallery begins. */
export const begins = '2025-03-02T07:00+09:00'

/** A club whose answers somebody looks at. */
interface Looked {
  readonly store: Store
  /** Its id. */
  readonly club: string
  now(): number
  until(time: number): Promise<void>
  /** What the room calls somebody. */
  idOf(name: string): string
  handle(as: string, act: Call['act'], names?: Record<string, string>): Promise<Answer>
  /** The presses of the newest post that has a button of this label. */
  pressesOf(label: string): string[]
}

/** Short ways to have things happen in it. */
export function actsIn(club: Looked) {
  const ask = (as: string, command: string, input: Record<string, unknown> = {}, names: Record<string, string> = {}) =>
    club.handle(as, { command, input }, names)
  /** Presses it, and every button of what comes, so deep. */
  async function follow(as: string, press: string, depth = 1): Promise<void> {
    const answer = await club.handle(as, { press, input: {} })
    if (!('card' in answer) || depth === 0) return
    for (const button of answer.card.buttons ?? [])
      if ('press' in button && !/^1:(erase|appear|next|step-down|start|examples|zone)/.test(button.press))
        await follow(as, button.press, depth - 1)
  }
  /** The program runs until then, never an hour without a tick. */
  async function lives(until: number): Promise<void> {
    while (club.now() < until) await club.until(Math.min(until, club.now() + 50 * minute))
  }
  return { ask, follow, lives }
}

const every = ['today', 'lesson', 'poll', 'streak', 'leaderboard', 'pause', 'settings', 'data', 'help', 'checkin', 'club', 'flow']

/** Every command, every button, and the life of a course; `role` is whom a lesson calls. */
export async function livesACourse(club: Looked, locale: Locale, role: string): Promise<void> {
  const { ask, follow, lives } = actsIn(club)
  const [answer, round] = locale === 'ko' ? ['아니다', '골라 보기'] : ['False', 'Take a stand']
  for (const as of ['newcomer', 'host']) {
    for (const command of every) await ask(as, command)
    await follow(as, '1:home')
  }
  for (const [set, to] of [
    ['threads', 'on'],
    ['study-days', '1,2,3,4,5,6,7'],
    ['holidays', '2025-12-25'],
    ['zone', 'nowhere'],
  ])
    await ask('host', 'club', { set, to })
  for (const set of ['mention', 'organiser-role']) await ask('host', 'club', { set, role })
  await follow('host', '1:start', 0)
  const jihun = club.idOf('지훈')
  for (let day = 3; day < 12; day++) {
    await lives(march(day, 13))
    for (const press of club.pressesOf('A')) await follow('mina', press, 2)
    for (const press of club.pressesOf('A')) await follow('jihun', press, 0)
    for (const press of club.pressesOf(answer)) await follow(day % 2 === 0 ? 'mina' : 'jihun', press)
    // Each statement of a round has three answers, and leads to the next one.
    for (const press of club.pressesOf(round)) for (const as of ['mina', 'jihun']) await follow(as, press, 6)
    const as = day % 2 === 0 ? 'mina' : 'host'
    for (const command of every) await ask(as, command)
    await follow(as, '1:home')
    for (const which of ['1', '3', '리눅스', '없는낱말']) await ask(as, 'lesson', { which })
    for (const version of ['1.24', '1.99', 'newest']) await ask(as, 'flow', { version })
    for (const by of ['season', 'run', 'total']) await ask(as, 'leaderboard', { by })
    await ask(as, 'streak', { action: 'why' })
    await ask(as, 'data', { action: 'export' })
    for (const action of ['test', 'poll', 'post', 'hide-note', 'organiser', 'excuse'])
      await ask('host', 'club', { action, member: jihun, day: '2025-03-06', reason: 'a fire' }, { [jihun]: '지훈' })
  }
  await follow('mina', '1:share:streak')
  await follow('mina', '1:share:board:week')
  for (const action of ['pause', 'resume', 'season']) await ask('host', 'club', { action })
  for (const step of ['course', 'review', 'season', 'finish']) await follow('host', `1:next:${step}`)
  await lives(march(26, 13))
  await follow('mina', '1:erase:ask')
  await ask('mina', 'data', { action: 'delete' })
}

/** The longest names, lines, reasons and lists that can come in, and what looks like markup. */
export async function livesWithTheLongest(club: Looked): Promise<void> {
  const { ask, follow, lives } = actsIn(club)
  await follow('host', '1:start', 0)
  await lives(march(3, 13))
  const long = (i: number) => `${'꽥'.repeat(30)}${String(i).padStart(2, '0')}`
  const members = Array.from({ length: 12 }, (_, i) => long(i))
  const [first = ''] = members
  const notes = [
    '*_|~>[]`#'.repeat(33),
    '&<>'.repeat(100),
    '```\n'.repeat(74),
    '@everyone <@123> '.repeat(17),
    '<!channel> <@U0123ABC> <!subteam^S9>'.repeat(8),
  ]
  for (const [i, member] of members.entries()) {
    if (i % 2 === 0) await ask(member, 'settings', { nickname: `${'😀'.repeat(30)}${String(i).padStart(2, '0')}` })
    for (const note of notes) await ask(member, 'checkin', { note })
    await follow(member, club.pressesOf('A')[1] ?? '', 1)
    await ask('host', 'club', { action: 'organiser', member: club.idOf(member) }, { [club.idOf(member)]: member })
  }
  for (const member of members) {
    const answer = await ask(member, 'checkin', { note: '> <!here> & **굵게** https://x.org/?a=1&b=<@U1>' })
    const buttons = 'card' in answer ? (answer.card.buttons ?? []) : []
    const share = buttons.find((button) => 'press' in button && button.press.startsWith('1:share:note'))
    if (!share || !('press' in share)) throw new Error('a line can be shared')
    await follow(member, share.press, 0)
  }
  await follow(first, '1:share:streak', 0)
  const known = await club.store.club(club.club)
  if (!known) throw new Error('there is a club')
  const [rules] = known.calendar
  const days = Array.from({ length: 300 }, (_, i) => new Date(Date.parse('2025-04-20') + i * 86_400_000).toISOString().slice(0, 10))
  await club.store.saveClub({ ...known, calendar: [{ ...rules, holidays: days }], organisers: days.map((_, i) => long(i)) })
  for (let i = 0; i < 21; i++) {
    const day = new Date(march(4 + i, 12)).toISOString().slice(0, 10)
    await ask('host', 'club', { action: 'excuse', day, reason: (i % 2 === 0 ? '이' : '<&>이').repeat(i % 2 === 0 ? 100 : 25) })
  }
  for (const by of ['week', 'season', 'run', 'total']) {
    await follow(members[11] ?? '', `1:share:board:${by}`, 0)
    for (const member of members.slice(0, 3)) await ask(member, 'leaderboard', { by })
  }
  await lives(march(11, 13))
  await ask(first, 'streak', { action: 'why' })
  await ask(first, 'lesson')
  await follow(first, '1:home')
  await ask('host', 'club')
  for (const which of ['day', '글'.repeat(100), '글'.repeat(5000), '<!channel>']) await ask(first, 'lesson', { which })
  for (const command of ['y'.repeat(5000), '<!channel>', '`*_~']) await ask(first, command)
  for (const input of [{}, { set: 'appear', to: 'x'.repeat(100) }, { set: 'zone', to: '<'.repeat(100) }, { set: 'zone', to: '<!here>' }])
    await ask('host', 'club', input)
}

/** All there is to read in our own course: each lesson in its three lengths, its lab with all tabs, its sources; and the flow, step by step. */
export const readingActs = (season: string): Call['act'][] => {
  const lessons = ours.flatMap((course) => course.lessons)
  const press = (...parts: (string | number)[]): Call['act'] => ({ press: ['1', ...parts].join(':'), input: {} })
  return [
    ...lessons.flatMap(({ id, lab, sources }, i) => [
      { command: 'lesson', input: { which: String(i + 1) } },
      press('more', season, id),
      press('full', season, id),
      ...(lab ? ['steps', 'elsewhere', 'without'].map((tab) => press('lab-tab', season, id, tab)) : []),
      ...(sources.length > 0 ? [press('sources', season, id)] : []),
    ]),
    ...flowSteps.flatMap(({ versions }, i) => [{ command: 'flow', input: { version: versions } }, press('flow', i)]),
  ]
}

/** What asks for something in a form: each command and press with a field that is asked for. */
export const askingActs = (): { name: string; act: Call['act'] }[] => {
  const asks = ({ input }: { input: Readonly<Record<string, { askIfMissing?: true }>> }) =>
    Object.values(input).some((field) => field.askIfMissing)
  return [
    ...commands.filter(asks).map(({ name }) => ({ name, act: { command: name, input: {} } })),
    ...presses.filter(asks).map(({ name }) => ({ name, act: { press: `1:${name}`, input: {} } })),
  ]
}
