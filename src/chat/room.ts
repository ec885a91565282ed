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
  /** The room vouches that this person may organise: a permission there, or a setting of ours. */
  readonly organiser: boolean
  /** The language that the room shows this person, if it knows. */
  readonly locale?: string
  /** The platform's stamp of the act, epoch ms, where it gives one. */
  readonly at?: number
  readonly act:
    | { readonly command: string; readonly input: Readonly<Record<string, unknown>> }
    | { readonly press: string; readonly input: Readonly<Record<string, unknown>> }
}

export interface Form {
  readonly title: string
  readonly fields: readonly FormField[]
  /** The press that sends the form in. */
  readonly submit: string
}

export interface FormField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'paragraph' | 'choice'
  readonly required: boolean
  readonly max?: number
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
}

/** Every answer is for the caller alone. What the whole club sees goes by the outbox, so that it is posted once and can be edited. */
export type Answer =
  | { readonly card: Card }
  | { readonly form: Form }
  | { readonly refusal: { readonly code: RefusalCode; readonly text: string } }

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
  readonly fieldLabels: Readonly<Record<string, Words>>
  readonly fieldDescriptions: Readonly<Record<string, Words>>
  readonly choiceLabels: Readonly<Record<string, Readonly<Record<string, Words>>>>
}

/** A place where a club lives. Discord and Slack will be the second and the third. */
export interface Room {
  readonly name: string
  /**
   * Posts in the club's channel and returns the room's reference to the message. The same key is never posted twice: a second
   * call returns the first message. Throws when it could not be posted; the outbox tries again.
   */
  post(post: {
    readonly channel: string
    readonly card: Card
    readonly key: string
    readonly by?: string
    readonly at: number
  }): Promise<string>
  edit(message: string, card: Card): Promise<void>
}
