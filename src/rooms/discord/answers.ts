// Purpose: each interaction gets its first word in time, whatever the store or a picture takes, and then its answer.
import { setTimeout as sleep } from 'node:timers/promises'
import { type APIInteractionResponse, InteractionResponseType, MessageFlags, type RawFile, type REST, Routes } from 'discord.js'
import type { Logger } from 'pino'
import { cut } from '../../chat/fit.ts'
import type { Picture, Theme } from '../../chat/picture.ts'
import type { Answer, Call, Form, Suggestion, Typing } from '../../chat/room.ts'
import { localeOf, type Text, textOf } from '../../text/index.ts'
import { type Drawn, drawForm, drawPrivate, drawWords } from './draw.ts'
import { code, isCode, wordsOf } from './errors.ts'
import { answerMs, command as commandLimits } from './limits.ts'
import { type Asked, type Incoming, readInteraction } from './read.ts'

export interface AnswerParts {
  /** For answers only: they need no token of ours and do not count against our rate, so that they never wait behind posts. */
  readonly rest: REST
  readonly handle: (call: Call) => Promise<Answer>
  readonly suggest: (typing: Typing) => Promise<readonly Suggestion[]>
  readonly replaces: (press: string) => boolean
  readonly drawPicture: (picture: Picture, theme: Theme) => Promise<Uint8Array>
  readonly log: Logger
}

/** By the gateway the first word is a request of ours, which can carry files; by HTTP it is the response. */
export type Transport = 'gateway' | 'http'

/** The first word, and what is to be done once it has arrived. */
export interface FirstWord {
  readonly response: APIInteractionResponse
  readonly files: readonly RawFile[]
  readonly after?: () => Promise<void>
}

export interface Answers {
  /**
   * What to say first. Resolves in time for Discord's three seconds, also when the answer is not ready. Undefined for what cannot be
   * answered, and for an interaction that came again by the gateway; one that comes again by HTTP acts once and gets the same word.
   */
  firstWord(raw: unknown, transport: Transport): Promise<FirstWord | undefined>
  /** A message's files as they are sent. */
  filesOf(drawn: Drawn): Promise<{ readonly drawn: Drawn; readonly files: RawFile[] }>
}

/** The answer may take this long, and with its way here no more than that: the rest of the three seconds is for the way back. */
const patienceMs = { answer: 1_500, inAll: answerMs - 500 }
/** Longer on the way than this, and it may be void: then nothing is done before Discord took our first word. */
const freshMs = 2_000
/** Interactions that are known again; more than come in within the minutes in which one could come again. */
const rememberedMost = 5_000
/** Waits between tries to send the answer after a first word by HTTP, which Discord may not have read yet. */
const afterWordMs = [0, 300, 1_000, 3_000]

/** What came of a call: the answer, drawn. */
type Outcome =
  | { readonly drawn: Drawn; readonly files: RawFile[] }
  | { readonly modal: ReturnType<typeof drawForm>; readonly later: Drawn }
  | { readonly refused: Drawn }

export function createAnswers({ rest, handle, suggest, replaces, drawPicture, log }: AnswerParts): Answers {
  const known = new Map<string, Promise<FirstWord | undefined>>()
  const nothing = Promise.resolve(undefined)

  async function filesOf(drawn: Drawn): Promise<{ drawn: Drawn; files: RawFile[] }> {
    try {
      const files = await Promise.all(
        drawn.files.map(async (file): Promise<RawFile> => {
          if ('text' in file) return { name: file.name, data: file.text, contentType: 'application/json' }
          return { name: file.name, data: await drawPicture(file.picture, 'dark'), contentType: 'image/png' }
        }),
      )
      return { drawn, files }
    } catch (error) {
      // Every picture's facts are in words, so a card without its picture is still a card.
      log.error({ err: error }, 'a picture could not be drawn; the message goes without it')
      const { embeds = [], ...body } = drawn.body
      return { drawn: { body: { ...body, embeds: embeds.map(({ image, ...embed }) => embed), attachments: [] }, files: [] }, files: [] }
    }
  }

  async function outcomeOf(call: Call, asked: Asked): Promise<Outcome> {
    try {
      const answer = await handle(call)
      if ('form' in answer) return { modal: drawForm(answer.form), later: formLater(asked, answer.form) }
      if ('refusal' in answer) return { refused: drawWords(answer.refusal.text) }
      return await filesOf(drawPrivate(answer.card))
    } catch (error) {
      log.error({ err: error, id: asked.id, club: call.club }, 'an answer could not be drawn')
      return { refused: drawWords(textFor(asked).errors.broken(asked.id)) }
    }
  }

  function firstWord(raw: unknown, transport: Transport): Promise<FirstWord | undefined> {
    const incoming = readInteraction(raw)
    if (!incoming) {
      log.warn('an interaction came that has not the documented shape')
      return nothing
    }
    if (incoming.kind === 'ping') return Promise.resolve({ response: { type: InteractionResponseType.Pong }, files: [] })
    const { id } = incoming.asked
    const before = known.get(id)
    if (before) return before
    const word = wordFor(incoming, transport === 'gateway')
    known.set(id, transport === 'gateway' ? nothing : word.then(({ response, files }) => ({ response, files })))
    const [oldest] = known.keys()
    if (known.size > rememberedMost && oldest !== undefined) known.delete(oldest)
    return word
  }

  async function wordFor(incoming: Exclude<Incoming, { kind: 'ping' }>, withFiles: boolean): Promise<FirstWord> {
    if (incoming.kind === 'typing') {
      const choices = (await suggest(incoming.typing)).map(({ label, value }) => ({ name: cut(label, commandLimits.choice), value }))
      return { response: { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }, files: [] }
    }
    const { asked } = incoming
    if (incoming.kind === 'elsewhere') return { response: messageOf(drawWords(textFor(asked).errors.onlyInServer)), files: [] }
    const { call } = incoming
    const replacing = incoming.underPrivate && 'press' in call.act && replaces(call.act.press)
    const age = Math.max(0, Date.now() - asked.at)
    if (age > freshMs) {
      log.warn({ interaction: asked.id, ageMs: age }, 'an interaction was long on the way, or the clock of this machine is wrong')
      return { ...deferral(replacing), after: () => late(asked, outcomeOf(call, asked), replacing) }
    }
    const outcome = outcomeOf(call, asked)
    const ready = await Promise.race([outcome, sleep(Math.min(patienceMs.answer, patienceMs.inAll - age), undefined, { ref: false })])
    const fits = ready && (withFiles || !('files' in ready) || ready.files.length === 0)
    if (!fits) return { ...deferral(replacing), after: () => late(asked, outcome, replacing) }
    if ('modal' in ready) {
      // Discord takes no form as the answer to a form.
      if (incoming.isForm) return { response: messageOf(ready.later), files: [] }
      return { response: { type: InteractionResponseType.Modal, data: ready.modal }, files: [] }
    }
    if ('refused' in ready) return { response: messageOf(ready.refused), files: [] }
    return { response: messageOf(ready.drawn, replacing), files: ready.files }
  }

  /** The answer after a deferral. A refusal never takes the place of a message that it is not about. */
  async function late(asked: Asked, coming: Promise<Outcome>, replacing: boolean): Promise<void> {
    const outcome = await coming
    const { drawn, files } = 'drawn' in outcome ? outcome : { drawn: 'refused' in outcome ? outcome.refused : outcome.later, files: [] }
    const { flags, ...body } = drawn.body
    const send = () =>
      replacing && !('drawn' in outcome)
        ? rest.post(Routes.webhook(asked.application, asked.token), { auth: false, body: { ...body, flags }, files })
        : rest.patch(Routes.webhookMessage(asked.application, asked.token), { auth: false, body, files })
    for (const wait of afterWordMs) {
      if (wait > 0) await sleep(wait)
      try {
        await send()
        return
      } catch (error) {
        // By HTTP our first word travels back on its own: the answer may be there before it.
        if (isCode(error, code.unknownWebhook) && wait !== afterWordMs.at(-1)) continue
        log.warn({ interaction: asked.id, reason: wordsOf(error) }, 'an answer came too late to be shown; what it did is kept')
        return
      }
    }
  }

  /** What stands for a form where none can be opened any more: a button that opens it. */
  function formLater(asked: Asked, { submit }: Form): Drawn {
    const t = textFor(asked)
    return drawWords(t.errors.formAgain, [{ label: t.errors.formButton, press: submit }])
  }

  return { firstWord, filesOf }
}

const textFor = ({ locale }: Asked): Text => textOf(localeOf(locale) ?? 'ko')

/** A deferral says now where the answer will be, and that only its receiver sees it. */
function deferral(replacing: boolean): FirstWord {
  if (replacing) return { response: { type: InteractionResponseType.DeferredMessageUpdate }, files: [] }
  return {
    response: { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } },
    files: [],
  }
}

function messageOf({ body: { flags, ...body } }: Drawn, replacing = false): APIInteractionResponse {
  // Who sees a message is settled when it is made; a replacement does not say it again.
  const response = replacing
    ? { type: InteractionResponseType.UpdateMessage, data: body }
    : { type: InteractionResponseType.ChannelMessageWithSource, data: { ...body, flags } }
  return response as APIInteractionResponse
}
