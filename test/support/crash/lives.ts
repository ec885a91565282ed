// Purpose: what members do while the program lives, and what they remember of what it told them.
import { parsePressId } from '../../../src/chat/pressId.ts'
import { texts } from '../../../src/text/index.ts'
import type { Service } from '../service.ts'
import type { Chance } from './numbers.ts'
import type { Button, Member, Place, Shown } from './places.ts'

const t = texts.en
/** Of the course that `writeCourse` writes: A is right, and every myth is false. */
const answered = [t.answer.right('A'), t.answer.wrong('B', 'A')]
const voted = [
  t.poll.rightTitle(t.poll.answers.false),
  t.poll.wrongTitle(t.poll.answers.true, t.poll.answers.false),
  t.poll.wrongTitle(t.poll.answers.depends, t.poll.answers.false),
]

/** What members did, and what of it they were told that it is kept: each as a line, the same that the audit makes of the store. */
export class Memory {
  acts = 0
  readonly acknowledged = new Set<string>()

  hears(place: Place, member: Member, kind: Kind, what: string): void {
    this.acknowledged.add(lineOf(place.club, member.id, kind, what))
  }

  /** How many of a kind were acknowledged. */
  count(kind: Kind): number {
    return [...this.acknowledged].filter((line) => line.split(' ')[2] === kind).length
  }
}

type Kind = 'note' | 'answer' | 'vote' | 'share'

export const lineOf = (club: string, member: string, kind: Kind, what: string): string => [club, member, kind, what].join(' ')

/** What an answer to a press says is kept; undefined when it says no such thing. */
function keptBy({ press }: Button, answer: Shown): readonly [Kind, string] | undefined {
  const { name, args = [] } = parsePressId(press) ?? {}
  const says = (sentences: readonly string[]) => sentences.some((sentence) => answer.words.includes(sentence))
  if (name === 'answer' && says(answered)) return ['answer', args.slice(0, 3).join(' ')]
  if (name === 'vote' && says(voted)) return ['vote', String(args[0])]
  if (name === 'share' && args[0] === 'note' && says([t.share.done])) return ['share', String(args[1])]
  return undefined
}

/** A member's first line in this life; tried again until it was answered. Only then is anybody's life at stake. */
export async function arrives(memory: Memory, place: Place, member: Member, life: number): Promise<void> {
  for (let tries = 0; ; tries++) if (await leavesLine(memory, place, member, `first line of life ${life} try ${tries}`)) return
}

async function leavesLine(memory: Memory, place: Place, member: Member, note: string): Promise<Shown | undefined> {
  memory.acts += 1
  const answer = await member.types('checkin', note)
  if (!answer?.words.includes(note)) return undefined
  memory.hears(place, member, 'note', note)
  return answer
}

/** What members tap on what they were answered: all that moves a streak, shares something, or leads there. None of them leaves the club. */
const walks = ['answer', 'vote', 'mind', 'share', 'repair', 'reopen', 'pause', 'ask', 'own-next', 'poll', 'why']
const questions = ['answer', 'vote']
const among =
  (names: readonly string[]) =>
  ({ press }: Button): boolean =>
    names.includes(parsePressId(press)?.name ?? '')

/** Acts at random for as long as the program lives. What was on its way when it dies is never answered. */
export async function acts(memory: Memory, place: Place, member: Member, chance: Chance, isAlive: () => boolean): Promise<void> {
  let inHand: Shown | undefined

  async function taps(buttons: readonly Button[]): Promise<void> {
    const button = chance.pick(buttons)
    if (!button) return
    memory.acts += 1
    inHand = await button.tap()
    const kept = inHand && keptBy(button, inHand)
    if (kept) memory.hears(place, member, ...kept)
  }
  async function asks(command: 'streak' | 'pause', text?: string): Promise<void> {
    memory.acts += 1
    inHand = await member.types(command, text)
  }

  for (let line = 0; isAlive(); line++) {
    const draw = chance.next()
    try {
      if (draw < 0.3) inHand = await leavesLine(memory, place, member, `line ${line} of ${Math.floor(chance.next() * 1e15)}`)
      else if (draw < 0.6) await taps((await member.reads()).flatMap(({ buttons }) => buttons).filter(among(questions)))
      else if (draw < 0.7) await asks('streak')
      else if (draw < 0.8) await asks('pause', chance.next() < 0.4 ? '1' : 'off')
      else await taps((inHand?.buttons ?? []).filter(among(walks)))
    } catch {
      // The program died, or what was to be tapped is gone.
    }
  }
}

/** The clubs' clock goes on in jumps, for as long as the program lives and no longer than `mostHours`. */
export async function daysPass(service: Service, chance: Chance, isAlive: () => boolean, mostHours: number): Promise<void> {
  for (let passed = 0; isAlive() && passed < mostHours; ) {
    const hours = Math.floor(chance.between(2, 15))
    const moved = await service.post('/api/clock', { forward: `PT${hours}H` }).catch(() => undefined)
    if (moved?.status === 200) passed += hours
  }
}
