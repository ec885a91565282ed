// Purpose: the only router and the only catch: a call comes in, a feature answers, every failure becomes words.
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { changeClub, changeMember } from './change.ts'
import type { Card } from './chat/card.ts'
import { type Field, type FieldWords, nearestOf, readInput } from './chat/fields.ts'
import { composed, echo } from './chat/plain.ts'
import { formatPressId, parsePressId } from './chat/pressId.ts'
import type { Answer, Call, CommandInfo, Form, FormField, Refusal, Room, Suggestion, Typing, Words } from './chat/room.ts'
import { UserError } from './chat/userError.ts'
import { type Club, cutOff, type Member, newMember } from './club/club.ts'
import { couldBeOutage, daysOfOutage } from './club/schedule.ts'
import type { Course } from './course/course.ts'
import { eachAlone } from './eachAlone.ts'
import type { Command, Context, PostDrawer, Press } from './features/handler.ts'
import { arrive, leave, memberLeft } from './life.ts'
import type { Limits, TooFast } from './limit.ts'
import type { Metrics } from './metrics.ts'
import { createOutbox } from './outbox.ts'
import { excuseDays } from './planning.ts'
import { type Store, StoreUnavailable } from './store/store.ts'
import { localeOf, textOf, texts } from './text/index.ts'
import { type Locale, locales } from './text/locale.ts'

export interface AppParts {
  readonly store: Store
  readonly courses: () => readonly Course[]
  readonly rooms: ReadonlyMap<string, Room>
  readonly commands: readonly Command[]
  readonly presses: readonly Press[]
  readonly drawers: readonly PostDrawer[]
  /** A club as it begins, before anybody set it up. `channel` is where it may greet, empty where nobody knows one. */
  readonly newClub: (id: string, channel: string) => Club
  readonly metrics: Metrics
  /** Ms on a clock that nobody sets and that goes on while the machine sleeps: what went by while we were away. */
  readonly uptime: () => number
  readonly log: Logger
  /** How much may be asked for in a while; where nobody from outside speaks there is no limit. */
  readonly limits?: Limits
}

/** What one suggestion costs beside an act: one comes with every few letters that are typed. */
const suggestionCost = 0.2

export interface App {
  /** Answers one call. Never throws: what goes wrong comes back as words. */
  handle(call: Call, now: number): Promise<Answer>
  /** What could be chosen for a field that is being typed; empty when something is wrong with it. */
  suggest(typing: Typing, now: number): Promise<readonly Suggestion[]>
  /** True for what only organisers may do: the room looks then at the channel where it was asked for. */
  forOrganisers(act: Call['act']): boolean
  /** True when the answer to this press takes the place of the private message that it was under. */
  replaces(press: string): boolean
  /** The bot is where this club lives; a new club is greeted in `channel`. */
  arrive(club: string, channel: string, now: number): Promise<void>
  /** The bot was removed from where this club lives. */
  leave(club: string, now: number): Promise<void>
  /** Somebody is no longer where this club lives, or is there again. */
  memberLeft(club: string, member: string, left: boolean, now: number): Promise<void>
  /** Plans and begins to send what is due. */
  tick(now: number): Promise<void>
  /** Posts whose lessons were corrected are edited at the next tick. */
  correct(now: number): Promise<void>
  /** The earliest instant at which a tick would do something. */
  nextDueAt(): Promise<number | undefined>
  readonly commandInfos: readonly CommandInfo[]
  /** Resolves when nothing is being planned or sent any more. */
  idle(): Promise<void>
}

/** What rooms ask of the app, at the time of the club's clock. */
export function appAt(app: App, now: () => number) {
  return {
    handle: (call: Call) => app.handle(call, now()),
    suggest: (typing: Typing) => app.suggest(typing, now()),
    replaces: app.replaces,
    forOrganisers: app.forOrganisers,
    commands: () => app.commandInfos,
    arrive: (club: string, channel: string) => app.arrive(club, channel, now()),
    leave: (club: string) => app.leave(club, now()),
    memberLeft: (club: string, member: string, left: boolean) => app.memberLeft(club, member, left, now()),
  }
}

/** How often we write down that we are alive (rule 11 looks for gaps of an hour). */
const beatEveryMs = 5 * 60_000

export function createApp({ store, courses, rooms, commands, presses, drawers, newClub, metrics, uptime, log, limits }: AppParts): App {
  const outbox = createOutbox({ store, courses, rooms, drawers, metrics, log })
  const pressOf = new Map(presses.map((press) => [press.name, press]))
  const commandOf = new Map(
    commands.flatMap((command) => [command.name, ...locales.map((locale) => labelOf(command, locale))].map((name) => [name, command])),
  )
  let beat: number | undefined
  /** When the last tick was, by the uptime. */
  let tickedAt: number | undefined
  // One round of planning and sending at a time; who asks meanwhile waits for the next round.
  let round: Promise<void> = Promise.resolve()

  function soon(work: () => Promise<void>): Promise<void> {
    round = round.then(work).catch((error) => log.error({ err: error }, 'planning or sending failed; it is tried again at the next tick'))
    return round
  }

  /** When what acts made due is to be looked for; undefined when that is done. */
  let sendAt: number | undefined

  /** What an act made due (a share, an edit, a lesson posted by hand) goes out at once, after the answer; of many acts at once, in one round. */
  function sendSoon(now: number): void {
    const waits = sendAt !== undefined
    sendAt = now
    if (waits) return
    const send = async () => {
      const at = sendAt ?? now
      sendAt = undefined
      await outbox.plan(at)
      await outbox.flush(at)
    }
    setImmediate(() => soon(send))
  }

  async function contextOf(call: Call, now: number): Promise<Context> {
    const club = await clubOf(call.club, now)
    const member = await memberOf(club, call.member)
    const locale = member.locale ?? localeOf(call.locale) ?? club.settings.locale
    const { organiserRole } = club.settings
    const organiser =
      call.organiser || club.organisers.includes(member.id) || (organiserRole !== undefined && !!call.roles?.includes(organiserRole))
    const base = { club, member, organiser, store, courses: courses(), locale, t: textOf(locale), now, at: stampOf(call.at, now) }
    // Asked by what was typed: without a prototype, so that nobody is called `constructor`.
    const names: Record<string, string> = Object.assign(Object.create(null), call.names)
    const about = { names, silentRoles: call.silentRoles ?? [], ...(call.place && { place: call.place }) }
    return { ...base, ...about, ...(call.zone && { zone: call.zone }) }
  }

  /** Where no permission says who organises, the first who asks for what organisers do is one. */
  async function founded(call: Call, context: Context): Promise<Context> {
    const { club, member, now } = context
    const isFree = call.mayFound && club.organisers.length === 0 && club.seasons.length === 0
    if (context.organiser || !isFree || !forOrganisers(call.act)) return context
    await changeMember(store, club, member, (fresh) => fresh)
    const begun = await changeClub(store, club.id, now, (fresh) =>
      fresh.organisers.length > 0 ? undefined : { ...fresh, organisers: [member.id] },
    )
    return { ...context, club: begun, organiser: begun.organisers.includes(member.id) }
  }

  function forOrganisers(act: Call['act']): boolean {
    const handler = 'command' in act ? commandOf.get(nameTyped(act.command)) : pressOf.get(parsePressId(act.press)?.name ?? '')
    return handler?.organiserOnly ?? false
  }

  /** The command or the button that an act is of; a form is its command's. */
  function handlerOf(act: Call['act']): Command | Press | undefined {
    if ('command' in act) return commandOf.get(nameTyped(act.command))
    const { name, args } = parsePressId(act.press) ?? { name: '', args: [] }
    return name === 'form' ? commandOf.get(nameTyped(args[0] ?? '')) : pressOf.get(name)
  }

  /** Whoever speaks from where a club could live has one: it may be the first word of it that we hear. */
  async function clubOf(id: string, now: number): Promise<Club> {
    const known = await store.club(id)
    if (known && known.removedAt === undefined) return known
    await arrive(store, newClub(id, ''), now)
    const club = await store.club(id)
    if (!club) throw new Error(`there is no club ${id}`)
    return club
  }

  /** The member as kept, under the name that they have now. */
  async function memberOf(club: Club, { id, name }: Call['member']): Promise<Member> {
    const known = await store.member(club.id, id)
    if (!known) return newMember(club, id, name)
    // Who acts is here, whatever we heard before.
    return known.name === name && !known.left ? known : changeMember(store, club, known, ({ left: _, ...fresh }) => ({ ...fresh, name }))
  }

  async function answer(call: Call, context: Context): Promise<Answer> {
    const { act } = call
    if ('command' in act) return runCommand(context, act.command, act.input)
    const id = parsePressId(act.press)
    if (id?.name === 'form') return runCommand(context, id.args[0] ?? '', { ...parseGiven(id.args[1]), ...act.input })
    const press = id && pressOf.get(id.name)
    if (!id || !press) throw new UserError('unknown', context.t.errors.stale)
    return runHandler(context, press, act.input, act.press, (input) => press.run(context, id.args, input))
  }

  function runCommand(context: Context, typed: string, raw: Readonly<Record<string, unknown>>): Promise<Answer> {
    const name = nameTyped(typed)
    const command = commandOf.get(name)
    if (!command) {
      const known = commands.filter(({ organiserOnly }) => context.organiser || !organiserOnly)
      const near = nearestOf(
        name,
        known.flatMap((one) => [one.name, labelOf(one, context.locale)]),
      )
      throw new UserError('unknown', context.t.errors.unknownCommand(echo(name), near))
    }
    // The form's button carries what was given already, as long as a button can hold it.
    const given = JSON.stringify(raw)
    const submit = () => formatPressId('form', command.name, given.length > 60 ? '' : given)
    return runHandler(context, command, raw, submit, (input) => command.run(context, input))
  }

  async function runHandler(
    context: Context,
    handler: Command | Press,
    raw: Readonly<Record<string, unknown>>,
    submit: string | (() => string),
    run: (input: Readonly<Record<string, string>>) => Promise<Card>,
  ): Promise<Answer> {
    const { t, organiser } = context
    if (handler.organiserOnly && !organiser) throw new UserError('not_allowed', t.errors.organisersOnly)
    const { input, missing } = readInput(handler.input, raw, wordsOf(handler), t.errors.input)
    if (missing.length > 0) return { form: formOf(context, handler, missing, typeof submit === 'string' ? submit : submit()) }
    return { card: await run(input) }
  }

  /** Organisers are told at their next command that nothing gets into the channel; `/club` says so itself. */
  function withTrouble({ club, organiser, t }: Context, { act }: Call, given: Answer): Answer {
    const why = cutOff(club)
    if (!why || !organiser || !('command' in act) || !('card' in given) || given.card.text.includes(t.club[why])) return given
    return { card: { ...given.card, text: `⚠ ${t.club[why]}\n\n${given.card.text}` } }
  }

  function measured(handle: App['handle']): App['handle'] {
    return async (call, now) => {
      const begun = performance.now()
      const answer = await handle(call, now)
      const labels = { room: call.room, command: handlerOf(call.act)?.name ?? 'other' }
      metrics.answerSeconds.observe(labels, (performance.now() - begun) / 1000)
      metrics.answers.inc({ ...labels, outcome: 'refusal' in answer ? answer.refusal.code : 'card' in answer ? 'card' : 'form' })
      return answer
    }
  }

  async function suggestions({ call, field }: Typing, now: number): Promise<readonly Suggestion[]> {
    if (!('command' in call.act)) return []
    const command = commandOf.get(call.act.command)
    const context = await contextOf(call, now)
    if (!command || (command.organiserOnly && !context.organiser)) return []
    const typed = call.act.input[field]
    // A field's name comes from outside: `constructor` is none.
    const suggest = command.suggest && Object.hasOwn(command.suggest, field) ? command.suggest[field] : undefined
    return (await suggest?.(context, typeof typed === 'string' ? typed : '', call.act.input)) ?? []
  }

  return {
    commandInfos: commands.map(infoOf),
    handle: measured(async (call, now) => {
      const tooFast = limits?.take(call.club, call.member.id, handlerOf(call.act)?.cost ?? 1)
      if (tooFast) return { refusal: slowDown(call, tooFast) }
      let context: Context | undefined
      try {
        const before = await contextOf(call, now)
        context = await founded(call, before)
        const given = withTrouble(context, call, await answer(call, context))
        const isFounder = context.organiser && !before.organiser && 'card' in given
        return isFounder ? { card: { ...given.card, text: `${context.t.club.founded}\n\n${given.card.text}` } } : given
      } catch (error) {
        const t = context?.t ?? textOf(localeOf(call.locale) ?? 'ko')
        if (error instanceof UserError)
          return { refusal: { code: error.code, text: error.message, ...(error.field && { field: error.field }) } }
        const id = randomBytes(4).toString('hex')
        log.error({ err: error, id, club: call.club, member: call.member.id, act: nameOf(call) }, 'a call failed')
        if (error instanceof StoreUnavailable) return { refusal: { code: 'busy', text: t.errors.busy } }
        return { refusal: { code: 'broken', text: t.errors.broken(id) } }
      } finally {
        sendSoon(now)
      }
    }),
    async suggest(typing, now) {
      if (limits?.take(typing.call.club, typing.call.member.id, suggestionCost)) return []
      try {
        return await suggestions(typing, now)
      } catch (error) {
        log.error({ err: error, club: typing.call.club, act: nameOf(typing.call), field: typing.field }, 'nothing could be suggested')
        return []
      }
    },
    forOrganisers,
    replaces: (press) => pressOf.get(parsePressId(press)?.name ?? '')?.replaces ?? false,
    async arrive(club, channel, now) {
      if (await arrive(store, newClub(club, channel), now)) void soon(() => outbox.flush(now))
    },
    leave: (club, now) => leave(store, club, now, log),
    memberLeft: (club, member, left, now) => memberLeft(store, club, member, left, now),
    tick(now) {
      return soon(async () => {
        await excuseOutage(now)
        await outbox.plan(now)
        await outbox.flush(now)
        await keepBeat(now)
        await store.tidy()
        metrics.ticked()
      })
    },
    correct: (now) => outbox.correct(now).catch((error) => log.error({ err: error }, 'posts could not be compared with the course')),
    nextDueAt: () => store.nextDueAt(),
    async idle() {
      await new Promise((resolve) => setImmediate(resolve))
      await round
      await outbox.idle()
    },
  }

  /** Days on which we were away in the hours that matter are excused for everybody. A clock that was set is no absence. */
  async function excuseOutage(now: number): Promise<void> {
    const at = uptime()
    // Over a restart, which may have been the machine's, the time of day is all there is.
    const last = tickedAt === undefined ? Number(await store.memo('beat')) : now - (at - tickedAt)
    // Asked at every tick, whether there are three clubs or a hundred thousand.
    if (Number.isFinite(last) && last > 0 && couldBeOutage(last, now)) await excuseSince(last, now)
    tickedAt = at
  }

  async function excuseSince(last: number, now: number): Promise<void> {
    const excuse = async (id: string) => {
      const club = await store.club(id)
      const days = club ? daysOfOutage(club, last, now).filter((day) => isRunning(club, day)) : []
      if (days.length === 0) return
      log.warn({ club: id, days }, 'the program was away; these days are excused')
      await excuseDays(store, id, now, days)
    }
    await eachAlone(await store.clubs(), excuse, log, 'a club’s days could not be excused')
  }

  async function keepBeat(now: number): Promise<void> {
    if (beat !== undefined && Math.abs(now - beat) < beatEveryMs) return
    await store.setMemo('beat', String(now))
    beat = now
  }
}

/** In the room's language: which one the member chose is not looked up for this. */
function slowDown({ locale }: Call, { whose, waitMs }: TooFast): Refusal {
  const retryInS = Math.ceil(waitMs / 1000)
  return { code: 'slow_down', text: textOf(localeOf(locale) ?? 'ko').errors.slowDown[whose](retryInS), retryInS }
}

const isRunning = (club: Club, day: string): boolean => club.seasons.some(({ from }) => from <= day)

/** A command's name as it was typed, with or without its slash. */
const nameTyped = (typed: string): string => composed(typed.trim().replace(/^\//, '')).toLowerCase()

/** A platform's stamp counts unless it lies in the future or more than a day back (rule 2). */
function stampOf(at: number | undefined, now: number): number {
  return at !== undefined && at <= now && now - at <= 86_400_000 ? at : now
}

/** The act's name for the log: never what was typed. */
function nameOf({ act }: Call): string {
  return 'command' in act ? act.command.slice(0, 32) : (parsePressId(act.press)?.name ?? 'an unreadable press')
}

function parseGiven(text: string | undefined): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(text || '{}')
    return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {}
  } catch {
    return {}
  }
}

// === Words of commands and fields, from the texts

function labelOf({ name }: Command, locale: Locale): string {
  return texts[locale].commands[name]?.label ?? name
}

const both = (word: (locale: Locale) => string | undefined): Words => ({ ko: word('ko') ?? '', en: word('en') ?? '' })

/** A press asks for the same kind of field as the command whose words it borrows. */
const wordSource: Readonly<Record<string, string>> = { line: 'checkin', nickname: 'settings', change: 'club' }

const fieldText = (handler: string, field: string, locale: Locale) => texts[locale].commands[wordSource[handler] ?? handler]?.fields[field]

function wordsOf({ name, input }: Command | Press): Record<string, FieldWords> {
  const words: Record<string, FieldWords> = {}
  for (const [field, { ...spec }] of Object.entries(input)) {
    const values = spec.type === 'choice' ? spec.values : []
    words[field] = {
      names: locales.flatMap((locale) => fieldText(name, field, locale)?.label ?? []),
      values: Object.fromEntries(
        values.map((value) => [value, locales.flatMap((locale) => fieldText(name, field, locale)?.choices[value]?.toLowerCase() ?? [])]),
      ),
    }
  }
  return words
}

/** A command with its words in both languages. */
export function infoOf(command: Command): CommandInfo {
  const { name, input, organiserOnly, suggest = {} } = command
  const perField = (word: (field: string, locale: Locale) => string | undefined) =>
    Object.fromEntries(Object.keys(input).map((field) => [field, both((locale) => word(field, locale))]))
  return {
    name,
    organiserOnly,
    fields: input,
    suggests: Object.keys(suggest),
    label: both((locale) => labelOf(command, locale)),
    description: both((locale) => texts[locale].commands[name]?.description),
    fieldLabels: perField((field, locale) => fieldText(name, field, locale)?.label),
    fieldDescriptions: perField((field, locale) => fieldText(name, field, locale)?.description),
    choiceLabels: Object.fromEntries(
      Object.entries(input).map(([field, spec]) => [
        field,
        Object.fromEntries(
          (spec.type === 'choice' ? spec.values : []).map((value) => [
            value,
            both((locale) => fieldText(name, field, locale)?.choices[value]),
          ]),
        ),
      ]),
    ),
  }
}

function formOf({ t, locale }: Context, handler: Command | Press, missing: readonly string[], submit: string): Form {
  const fields = missing.flatMap((name): FormField[] => {
    const field: Field | undefined = handler.input[name]
    if (!field) return []
    const text = fieldText(handler.name, name, locale)
    return [
      {
        name,
        label: text?.label ?? name,
        ...(text && { description: text.description }),
        type: field.type === 'choice' ? 'choice' : field.type === 'text' && field.lines ? 'paragraph' : 'text',
        required: true,
        ...(field.type === 'text' && { max: field.max }),
        ...(field.type === 'choice' && { choices: field.values.map((value) => ({ value, label: text?.choices[value] ?? value })) }),
      },
    ]
  })
  const words = t.forms[handler.name]
  return { title: words?.title ?? handler.name, fields, submit, button: words?.submit ?? handler.name }
}
