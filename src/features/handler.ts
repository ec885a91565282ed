// Purpose: what a feature is made of: commands, presses and posts, and what each of them may touch.
import type { Card } from '../chat/card.ts'
import type { Fields, InputOf } from '../chat/fields.ts'
import type { Place, Suggestion } from '../chat/room.ts'
import type { Club, Member } from '../club/club.ts'
import type { Course } from '../course/course.ts'
import type { Post, PostKind, Store } from '../store/store.ts'
import type { Text } from '../text/index.ts'
import type { Locale } from '../text/locale.ts'

/** What every handler gets. `t` speaks the reader's language: the member's in an answer, the club's in a post. */
export interface Scene {
  readonly club: Club
  readonly courses: readonly Course[]
  readonly store: Store
  readonly t: Text
  readonly locale: Locale
  /** The club's clock, epoch ms. */
  readonly now: number
}

export interface Context extends Scene {
  readonly member: Member
  readonly organiser: boolean
  /** When the member did it, epoch ms: the platform's stamp, or our clock. */
  readonly at: number
  /** What the room calls the people whom the input names. */
  readonly names: Readonly<Record<string, string>>
  /** Roles that the input names and a post could not call. */
  readonly silentRoles: readonly string[]
  /** The time zone that the room knows the member by. */
  readonly zone?: string
  /** Where the member is, in a room that has several channels. */
  readonly place?: Place
}

/** What could be chosen for a field: by what is typed in it so far, and in the others. */
type Suggest = (context: Context, typed: string, input: Readonly<Record<string, unknown>>) => readonly Suggestion[]

export interface Command {
  readonly name: string
  readonly input: Fields
  readonly organiserOnly: boolean
  readonly cost: number
  readonly suggest?: Readonly<Record<string, Suggest>>
  run(context: Context, input: Readonly<Record<string, string>>): Promise<Card>
}

export interface Press {
  readonly name: string
  readonly input: Fields
  readonly organiserOnly: boolean
  readonly cost: number
  /** The answer takes the place of the private message that the button was under. */
  readonly replaces: boolean
  run(context: Context, args: readonly string[], input: Readonly<Record<string, string>>): Promise<Card>
}

/** How a kind of post looks. It is drawn anew from what is stored, at the sending and at every edit. */
export interface PostDrawer {
  readonly kind: PostKind
  draw(scene: Scene, post: Post): Promise<Card>
  /** What the message shows of the content, to see later whether a correction came. */
  revision?(scene: Scene, post: Post): string | undefined
  /** When the message must change by itself, epoch ms. */
  editAt?(scene: Scene, post: Post): number | undefined
}

interface CommandSpec<F extends Fields> {
  readonly name: string
  readonly input: F
  readonly organiserOnly?: true
  /** What it takes of what a member may ask for in a while (src/limit.ts), where that is not one. */
  readonly cost?: number
  readonly suggest?: { readonly [K in keyof F & string]?: Suggest }
  run(context: Context, input: InputOf<F>): Promise<Card>
}

/** A command; the type of `input` is the type of what `run` gets. */
export function command<F extends Fields>(spec: CommandSpec<F>): Command {
  const { suggest, ...rest } = spec
  return {
    ...rest,
    organiserOnly: spec.organiserOnly ?? false,
    cost: spec.cost ?? 1,
    ...(suggest && { suggest: suggest as Record<string, Suggest> }),
    run: (context, input) => spec.run(context, input as InputOf<F>),
  }
}

interface PressSpec<F extends Fields> {
  readonly name: string
  readonly input?: F
  readonly organiserOnly?: true
  readonly cost?: number
  readonly replaces?: true
  run(context: Context, args: readonly string[], input: InputOf<F>): Promise<Card>
}

/** A button: the same kind of handler, reached another way. Its arguments come from outside and are checked each time. */
export function press<F extends Fields = Record<never, never>>(spec: PressSpec<F>): Press {
  return {
    ...spec,
    input: spec.input ?? {},
    organiserOnly: spec.organiserOnly ?? false,
    cost: spec.cost ?? 1,
    replaces: spec.replaces ?? false,
    run: (context, args, input) => spec.run(context, args, input as InputOf<F>),
  }
}
