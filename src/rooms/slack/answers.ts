// Purpose: each act is acknowledged in time, done once, and answered where only its author sees it.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { types, webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { cut } from '../../chat/fit.ts'
import { formatPressId } from '../../chat/pressId.ts'
import type { Answer, Call, CommandInfo, Form, Need, Place } from '../../chat/room.ts'
import { localeOf, textOf } from '../../text/index.ts'
import type { Api } from './api.ts'
import { readTyped } from './commands.ts'
import { type Drawn, drawCard, drawForm, drawModal, drawWords, finished, plainWords } from './draw.ts'
import { reasonOf, refusalOf, wordsOf } from './errors.ts'
import type { DrawPage, Home } from './home.ts'
import { modal as modalLimits } from './limits.ts'
import type { TypedAs } from './mrkdwn.ts'
import type { People, Profile } from './people.ts'
import { type Asked, clubOf, type Incoming, type Origin, readPayload, roomName } from './read.ts'
import type { Act, Replies } from './replies.ts'
import type { Workspaces } from './workspaces.ts'

export interface AnswerParts {
  readonly handle: (call: Call) => Promise<Answer>
  readonly replaces: (press: string) => boolean
  /** Only then is it looked at how the channel is. */
  readonly forOrganisers: (act: Call['act']) => boolean
  readonly commands: () => readonly CommandInfo[]
  readonly memberLeft: (club: string, member: string, left: boolean) => Promise<void>
  readonly log: Logger
}

interface Parts extends AnswerParts {
  readonly api: Api
  readonly replies: Replies
  readonly people: People
  readonly home: Home
  readonly workspaces: Workspaces
  readonly typedAs: TypedAs
  readonly removed: (from: string) => Promise<void>
}

/** Tells Slack that a payload was received; for a form, what becomes of it; for a command, its answer. */
export type Ack = (response?: object) => Promise<void>
/** As `Ack`; false when it could not be told. */
type TryAck = (response?: object) => Promise<boolean>

/**
 * The answer to a form or a command may take this long, from when we heard of it, before it is acknowledged without; a view's, before one
 * opens that asks to wait. All within three seconds.
 */
const patienceMs = 1_800
/** Acts that are known again; more than come in within the minutes in which one could come again. */
const rememberedMost = 5_000
/** Answers that went with an acknowledgement, kept for when it got lost. */
const givenMost = 500
/** Characters of a note; longer messages are cut where one sees it. */
const noteMax = 300

/** What somebody did, and not what Slack tells of itself. */
type Deed = Exclude<Incoming, { kind: 'nothing' | 'changed' | 'removed' }>

/** What came of a call, drawn for its author. */
type Outcome =
  | { readonly card: Drawn }
  | { readonly form: Form }
  | { readonly refused: string; readonly drawn: Drawn; readonly field: string | undefined }

export interface Answers {
  /** Takes any payload; resolves when everything that it asked for is done. `sentAt`: the signed time of the request, epoch ms. */
  take(payload: unknown, ack: Ack, sentAt?: number): Promise<void>
  /** Resolves when nothing is being answered. */
  idle(): Promise<void>
}

export function createAnswers(parts: Parts): Answers {
  const { api, replies, people, home, workspaces, typedAs, log } = parts
  const known = new Set<string>()
  const busy = new Set<string>()
  const given = new Map<string, object>()
  const underWay = new Set<Promise<void>>()

  /** True the first time. */
  function isNew(key: string): boolean {
    if (known.has(key)) return false
    known.add(key)
    const [oldest] = known
    if (known.size > rememberedMost && oldest !== undefined) known.delete(oldest)
    return true
  }

  async function take(payload: unknown, acknowledge: Ack, sentAt?: number): Promise<void> {
    const heardAt = Date.now()
    // What could not be acknowledged comes again and is known then: so it is done all the same.
    const ack: TryAck = async (response) => {
      try {
        await acknowledge(response)
        return true
      } catch (error) {
        log.warn(reasonOf(error), 'slack: a payload could not be acknowledged')
        return false
      }
    }
    const incoming = readPayload(payload)
    if (!incoming) {
      log.warn('slack: a payload came that has not the documented shape')
      await ack()
      return
    }
    switch (incoming.kind) {
      case 'nothing':
        await ack()
        return
      case 'changed': {
        await ack()
        people.forget(incoming.team, incoming.user)
        return parts.memberLeft(clubOf(incoming.team), incoming.user, incoming.left)
      }
      case 'removed':
        await ack()
        return parts.removed(incoming.from)
      default:
        return takeDeed(incoming, ack, heardAt, sentAt)
    }
  }

  async function takeDeed(incoming: Deed, ack: TryAck, heardAt: number, sentAt: number | undefined): Promise<void> {
    const { asked } = incoming
    // The same envelope, event or request again; and a second tap while the first is being answered.
    const tap = incoming.kind === 'pressed' ? `${asked.user.id} ${asked.channel ?? asked.view?.id} ${incoming.press}` : asked.key
    // A form's first word says what becomes of it, and a command's is its answer; everything else is acknowledged at once.
    const isAnswered = incoming.kind === 'sent' || incoming.kind === 'typed'
    if (!isNew(asked.key) || busy.has(tap)) {
      // A command that is being answered is acknowledged with its answer, however often it came.
      if (incoming.kind !== 'typed' || !busy.has(tap)) await ack(given.get(asked.key))
      return
    }
    busy.add(tap)
    try {
      if (!isAnswered) await ack()
      const team = await workspaces.ours(asked.teams)
      if (team !== undefined) return await act(incoming, team, ack, heardAt, sentAt)
      log.warn({ teams: asked.teams }, 'slack: an act from a workspace that did not install the app')
      if (isAnswered) await ack()
    } finally {
      busy.delete(tap)
    }
  }

  async function act(incoming: Deed, team: string, ack: TryAck, heardAt: number, sentAt: number | undefined): Promise<void> {
    const { asked } = incoming
    const profile = await people.profileOf(team, asked.user)
    const t = textOf(localeOf(profile.locale) ?? 'ko')
    const act: Act = { asked, team, t, heardAt }
    const page: DrawPage = async () => drawnOf(await outcomeOf(act, profile, { press: formatPressId('home'), input: {} }), act)
    if (incoming.kind === 'home') return home.opened(team, asked.user.id, page)
    const isDone = await answer(incoming, act, profile, ack, sentAt)
    if (isDone) home.acted(team, asked.user.id, page)
  }

  /** True when something may have changed. */
  async function answer(
    incoming: Exclude<Deed, { kind: 'home' }>,
    act: Act,
    profile: Profile,
    ack: TryAck,
    sentAt: number | undefined,
  ): Promise<boolean> {
    switch (incoming.kind) {
      case 'typed':
        return replied(act, outcomeOf(act, profile, readTyped(incoming.slash, incoming.text, parts.commands()), sentAt), ack)
      case 'pressed':
        return answered(
          act,
          outcomeOf(act, profile, { press: incoming.press, input: {} }),
          incoming.underPrivate && parts.replaces(incoming.press),
        )
      case 'noted': {
        if (incoming.isOwn)
          return answered(act, outcomeOf(act, profile, { command: 'checkin', input: { note: cut(incoming.note, noteMax) } }))
        const words = act.t.errors.onlyOwnMessage
        return answered(act, Promise.resolve({ refused: words, drawn: drawWords(words, typedAs), field: undefined }))
      }
      case 'sent':
        return submitted(
          act,
          outcomeOf(act, profile, { press: incoming.press, input: incoming.input }, sentAt),
          Object.keys(incoming.input),
          ack,
        )
    }
  }

  async function outcomeOf(act: Act, profile: Profile, given: Call['act'], sentAt?: number): Promise<Outcome> {
    const { asked, team, t } = act
    try {
      const reply = await parts.handle(await callOf(act, profile, given, sentAt))
      if ('form' in reply) return { form: reply.form }
      if ('card' in reply) return { card: await withFile(act, drawCard(reply.card, typedAs)) }
      const { text, field } = reply.refusal
      return { refused: plainWords(text, typedAs), drawn: drawWords(text, typedAs), field }
    } catch (error) {
      const id = randomBytes(4).toString('hex')
      log.error({ ...reasonOf(error), id, team, user: asked.user.id }, 'slack: an answer could not be made')
      return { refused: t.errors.broken(id), drawn: drawWords(t.errors.broken(id), typedAs), field: undefined }
    }
  }

  async function callOf({ asked, team }: Act, profile: Profile, act: Call['act'], sentAt: number | undefined): Promise<Call> {
    const { user, channel } = asked
    const mentioned = Object.values(act.input).filter((value) => typeof value === 'string' && /^[UW][A-Z0-9]{4,}$/.test(value)) as string[]
    const named = mentioned.map(async (id) => [id, (await people.profileOf(team, { id, handle: id })).name] as const)
    const at = asked.at ?? sentAt
    return {
      room: roomName,
      club: clubOf(team),
      member: { id: user.id, name: profile.name },
      organiser: profile.isAdmin,
      ...(!profile.isVisitor && { mayFound: true }),
      ...(mentioned.length > 0 && { names: Object.fromEntries(await Promise.all(named)) }),
      ...(channel !== undefined && parts.forOrganisers(act) && { place: await placeOf(team, channel) }),
      ...(profile.locale && { locale: profile.locale }),
      ...(profile.zone && { zone: profile.zone }),
      ...(at !== undefined && { at }),
      act,
    }
  }

  /** What a club would lack in a channel. Where Slack does not tell, the first post will. */
  async function placeOf(team: string, channel: string): Promise<Place> {
    if (channel.startsWith('D')) return { channel, lacks: ['text'] }
    try {
      const { channel: info } = await api.call<webApi.ConversationsInfoResponse>(team, 'conversations.info', { channel })
      const isDirect = info?.is_im || info?.is_mpim
      const lacks: Need[] = [
        ...(isDirect ? (['text'] as const) : []),
        ...(info?.is_member === false && !isDirect ? (['member'] as const) : []),
      ]
      return { channel, lacks: info?.is_archived || info?.is_read_only ? [...lacks, 'send'] : lacks }
    } catch (error) {
      if (refusalOf(error) === 'channel_not_found') return { channel, lacks: ['member'] }
      log.warn({ team, channel, reason: wordsOf(error) }, 'slack: a channel could not be looked at')
      return { channel, lacks: [] }
    }
  }

  /** A private message cannot carry a file: what somebody asked to take away goes into their direct messages with us. */
  async function withFile({ asked, team, t }: Act, drawn: Drawn): Promise<Drawn> {
    const { file } = drawn
    if (!file) return drawn
    const { channel } = await api.call<webApi.ChatPostMessageResponse>(team, 'chat.postMessage', {
      channel: asked.user.id,
      text: drawn.text,
    })
    await api.upload(team, { data: Buffer.from(file.text), name: file.name, channel: channel ?? '' })
    return { ...drawn, blocks: [...drawn.blocks, ...drawWords(t.room.fileSent(file.name), typedAs).blocks] }
  }

  // === What becomes of an answer

  /** An answer to a command, a button or a shortcut. */
  async function answered(act: Act, coming: Promise<Outcome>, replacing = false): Promise<boolean> {
    const { view } = act.asked
    if (view) await inView(act, view, coming)
    else await inMessage(act, await coming, replacing)
    return 'card' in (await coming)
  }

  /** An answer to a command. Where it is only words and ready in time it is the acknowledgement: its author sees it a round trip sooner. */
  async function replied(act: Act, coming: Promise<Outcome>, ack: TryAck): Promise<boolean> {
    const ready = await inTime(coming, act)
    // Whether Slack knows a picture already is said at the answer's own address only.
    const drawn = ready && !('form' in ready) ? drawnOf(ready, act) : undefined
    const words = drawn && !drawn.picture ? { ...finished(drawn, { team: act.team }), response_type: 'ephemeral' } : undefined
    if (!(await ack(words)) || !words) return answered(act, coming)
    remember(act.asked.key, words)
    return 'card' in (await coming)
  }

  function remember(key: string, answer: object): void {
    given.set(key, answer)
    const [oldest] = given.keys()
    if (given.size > givenMost && oldest !== undefined) given.delete(oldest)
  }

  async function inMessage(act: Act, outcome: Outcome, replacing: boolean): Promise<void> {
    const isOpen = 'form' in outcome && (await replies.open(act, formOf(act, outcome.form), 'views.open')) !== undefined
    // A refusal never takes the place of a message that it is not about.
    if (!isOpen) await replies.privately(act, drawnOf(outcome, act), replacing && 'card' in outcome)
  }

  /** What is tapped in the App Home is answered in a modal, and what is tapped in a modal in that modal. */
  async function inView(act: Act, { id, kind }: NonNullable<Asked['view']>, coming: Promise<Outcome>): Promise<void> {
    const ready = await inTime(coming, act)
    const waiting = kind === 'home' && !ready ? await replies.inModal(act, drawWords(act.t.room.wait, typedAs)) : undefined
    const outcome = await coming
    const shown = kind === 'home' ? waiting : id
    if (shown === undefined && 'form' in outcome) await replies.open(act, formOf(act, outcome.form), 'views.open')
    else if (shown === undefined) await replies.inModal(act, drawnOf(outcome, act))
    else if ('form' in outcome && kind === 'modal') await replies.open(act, formOf(act, outcome.form), 'views.push')
    else await replies.update(act, shown, drawnOf(outcome, act))
  }

  /** An answer to a form. It was opened from a message, whose address it brought along, or from a view. */
  async function submitted(act: Act, coming: Promise<Outcome>, inputs: readonly string[], ack: TryAck): Promise<boolean> {
    const { asked, team, t } = act
    const isFromView = asked.channel === undefined && asked.responseUrl === undefined
    const inItsPlace = (view: types.ModalView) => ack({ response_action: 'update', view })
    const cardView = (drawn: Drawn) => drawModal(drawn, { team }, t.room)
    const ready = await inTime(coming, act)
    if (!ready) {
      await (isFromView ? inItsPlace(cardView(drawWords(t.room.wait, typedAs))) : ack())
      const drawn = drawnOf(await coming, act)
      await (isFromView && asked.view ? replies.update(act, asked.view.id, drawn) : replies.privately(act, drawn))
    } else if ('form' in ready) {
      await inItsPlace(formOf(act, ready.form))
    } else if ('refused' in ready) {
      const field = ready.field !== undefined && inputs.includes(ready.field) ? ready.field : inputs.at(-1)
      await (field === undefined
        ? inItsPlace(cardView(ready.drawn))
        : ack({ response_action: 'errors', errors: { [field]: ready.refused } }))
    } else if (isFromView) {
      await inItsPlace(cardView(ready.card))
    } else {
      await ack()
      await replies.privately(act, ready.card)
    }
    return 'card' in (await coming)
  }

  /** A form that brings along where its answer goes. */
  function formOf({ asked, team, t }: Act, form: Form): types.ModalView {
    const { channel, responseUrl: url } = asked
    const origin: Origin = { team, ...(channel && { channel }), ...(url && { url }) }
    const metadata = JSON.stringify(origin)
    return drawForm(form, t.room, metadata.length <= modalLimits.metadata ? metadata : JSON.stringify({ ...origin, url: undefined }))
  }

  /** An outcome as a message: for a form that cannot be opened any more, a button that opens it. */
  function drawnOf(outcome: Outcome, { t }: Pick<Act, 't'>): Drawn {
    if ('card' in outcome) return outcome.card
    if ('refused' in outcome) return outcome.drawn
    return drawWords(t.errors.formAgain, typedAs, [{ label: t.errors.formButton, press: outcome.form.submit }])
  }

  return {
    take(payload, ack, sentAt) {
      const work = take(payload, ack, sentAt).finally(() => underWay.delete(work))
      underWay.add(work)
      return work
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}

/** Undefined when it is not ready in time. */
function inTime<T>(coming: Promise<T>, { heardAt }: Act): Promise<T | undefined> {
  const leftMs = Math.max(0, heardAt + patienceMs - Date.now())
  return Promise.race([coming, sleep(leftMs, undefined, { ref: false })])
}
