// Purpose: what passes between a room and the club: a call in, an answer out, and posts.
import type { Card } from './card.ts'
import type { Fields } from './fields.ts'
import type { RefusalCode } from './userError.ts'

/** Something a person did in a room: a command, a press, or a form sent in (a press with input). */
export interface Call {
  /** The room's name, for example `web`. */
  readonly room: string
  /** `room:id`. */
  readonly club: string
  readonly member: { readonly id: string; readonly name: string }
  /** What the room calls the people whom the input names, by id. */
  readonly names?: Readonly<Record<string, string>>
  /** Roles that the input names and a post of ours could not call, by id. */
  readonly silentRoles?: readonly string[]
  /** The roles of the caller there, by id. */
  readonly roles?: readonly string[]
  /** Where the caller is, in a room that has several channels. */
  readonly place?: Place
  /** The room vouches that this person may organise: a permission there, or a setting of ours. */
  readonly organiser: boolean
  /** Where no permission says who organises: this person may be the first to, by asking for what organisers do. */
  readonly mayFound?: true
  /** The time zone that the room knows this person by. */
  readonly zone?: string
  /** The language that the room shows this person, if it knows. */
  readonly locale?: string
  /** The platform's stamp of the act, epoch ms, where it gives one. */
  readonly at?: number
  readonly act:
    | { readonly command: string; readonly input: Readonly<Record<string, unknown>> }
    | { readonly press: string; readonly input: Readonly<Record<string, unknown>> }
}

/** A channel as seen from a call: what the club would lack there to post its lessons. */
export interface Place {
  readonly channel: string
  readonly lacks: readonly Need[]
}

/** What a club needs of its channel; `thread` only where its organisers want threads. `text`: a plain text channel; `member`: to be in it. */
export const needs = ['text', 'member', 'view', 'send', 'embed', 'attach', 'thread'] as const
export type Need = (typeof needs)[number]

export interface Form {
  readonly title: string
  readonly fields: readonly FormField[]
  /** The press that sends the form in, and the words on its button. */
  readonly submit: string
  readonly button: string
}

export interface FormField {
  readonly name: string
  readonly label: string
  /** A sentence about what to write, where there is one. */
  readonly description?: string
  readonly type: 'text' | 'paragraph' | 'choice'
  readonly required: boolean
  readonly max?: number
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
}

/** Every answer is for the caller alone. What the whole club sees goes by the outbox, so that it is posted once and can be edited. */
export type Answer = { readonly card: Card } | { readonly form: Form } | { readonly refusal: Refusal }

export interface Refusal {
  readonly code: RefusalCode
  readonly text: string
  /** The field that it is about, where it is about one. */
  readonly field?: string
  /** In how many seconds it may be tried again, where it was too much at once. */
  readonly retryInS?: number
}

/** One name, label or sentence in both languages. */
export interface Words {
  readonly ko: string
  readonly en: string
}

/** A command as a room shows it before anybody has typed it. */
export interface CommandInfo {
  readonly name: string
  readonly label: Words
  readonly description: Words
  readonly organiserOnly: boolean
  readonly fields: Fields
  /** Fields for which there is something to choose while they are typed. */
  readonly suggests: readonly string[]
  readonly fieldLabels: Readonly<Record<string, Words>>
  readonly fieldDescriptions: Readonly<Record<string, Words>>
  readonly choiceLabels: Readonly<Record<string, Readonly<Record<string, Words>>>>
}

/** Something to choose while a field is being typed. */
export interface Suggestion {
  readonly label: string
  readonly value: string
}

/** A field that is being typed: the same call as the command will be, and which of its options has the cursor. */
export interface Typing {
  readonly call: Call
  readonly field: string
}

/** A place where clubs live. */
export interface Room {
  readonly name: string
  /** For how long a second post of the same key returns the first message instead of posting again, ms. */
  readonly remembersMs: number
  /**
   * After that: the message that an earlier try left in the channel, or that there is none. Undefined where the room cannot say; it throws
   * when it may say so later.
   */
  find?(post: Pick<NewMessage, 'club' | 'channel' | 'key'> & { readonly since: number }): Promise<string | 'none' | undefined>
  /**
   * Posts in the club's channel and returns the room's reference to the message. Throws NotPosted, ChannelClosed, AccessRefused, or, when
   * nobody can say whether it arrived, anything else.
   */
  post(post: NewMessage): Promise<string>
  /** Throws MessageGone, ChannelClosed, AccessRefused, or, when it may work later, anything else. */
  edit(message: string, card: Card, about?: Pick<NewMessage, 'by' | 'mention'>): Promise<void>
}

export interface NewMessage {
  readonly club: string
  readonly channel: string
  readonly card: Card
  readonly key: string
  /** Who shared it. */
  readonly by?: string
  readonly at: number
  /** The one role that this post calls. */
  readonly mention?: string
  /** The name of the thread to open under it. */
  readonly thread?: string
}

/** The post is certainly not in the channel; it may be tried again, in `retryInMs` if the platform said when. */
export class NotPosted extends Error {
  readonly retryInMs: number | undefined
  constructor(message: string, retryInMs?: number, options?: ErrorOptions) {
    super(message, options)
    this.retryInMs = retryInMs
  }
}

/** The channel is gone or closed to us: nothing more will get there until somebody changes that. */
export class ChannelClosed extends Error {}

/** The platform takes our key for this club no more: nothing gets there until the operator or an organiser renews it. */
export class AccessRefused extends Error {}

/** The message that was to be edited was deleted. */
export class MessageGone extends Error {}

/** A setting that the platform does not take: the sentence names it and says what to do. */
export class SettingRefused extends Error {}
