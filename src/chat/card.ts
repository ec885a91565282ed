// Purpose: the one thing a feature answers with. Rooms draw it; nothing in it belongs to one room.
import type { Picture } from './picture.ts'

export interface CardField {
  readonly name: string
  readonly value: string
}

export type Button = { readonly label: string; readonly press: string } | { readonly label: string; readonly href: string }

export interface Card {
  readonly title?: string
  /** Markdown: paragraphs, emphasis, lists, links, code. */
  readonly text: string
  /** The plain line that a lock screen shows for a channel post, at most 80 characters. */
  readonly hook?: string
  readonly fields?: readonly CardField[]
  readonly image?: { readonly picture: Picture; readonly alt: string }
  /** Something to take away, for example a member's own data. */
  readonly file?: { readonly name: string; readonly text: string; readonly label: string }
  readonly buttons?: readonly Button[]
  readonly footer?: string
  /** The ids of members whose names stand in it: a room that keeps messages keeps these beside, to find it when one of them is erased. */
  readonly about?: readonly string[]
  /** Not to be kept by a room that keeps messages: the word that everything was erased must not outlive it. */
  readonly fleeting?: true
}
