// Purpose: what a command takes, declared once: the option on a platform, the field of a form, and the check of what came in.
import { echo, lengthOf, plainLine, plainLines, unitsOfSign } from './plain.ts'
import { UserError } from './userError.ts'

interface Common {
  readonly required?: true
  /** When it is missing a form asks for it. */
  readonly askIfMissing?: true
}
/** `date`: a date and nothing else, so that a bare date in a typed line is it. */
export type TextField = Common & { readonly type: 'text'; readonly max: number; readonly lines?: true; readonly date?: true }
export type ChoiceField<V extends string = string> = Common & { readonly type: 'choice'; readonly values: readonly V[] }
export type MemberField = Common & { readonly type: 'member' }
/** A role, by its id; only rooms that have roles can offer it. */
export type RoleField = Common & { readonly type: 'role' }
export type Field = TextField | ChoiceField | MemberField | RoleField
export type Fields = Readonly<Record<string, Field>>

type ValueOf<F extends Field> = F extends ChoiceField<infer V> ? V : string
type Given<F extends Field> = F extends { required: true } | { askIfMissing: true } ? ValueOf<F> : ValueOf<F> | undefined

/** What a handler gets: a field that is required, or asked for, is always there. */
export type InputOf<F extends Fields> = { readonly [K in keyof F]: Given<F[K]> }

export const text = <const O extends Omit<TextField, 'type'>>(options: O) => ({ type: 'text', ...options }) as const
export const choice = <const V extends string>(...values: V[]) => ({ type: 'choice', values }) as const
export const member = () => ({ type: 'member' }) as const
export const role = () => ({ type: 'role' }) as const

/** Names of one field and of its values, in any language: whatever a member may type. */
export interface FieldWords {
  readonly names: readonly string[]
  readonly values: Readonly<Record<string, readonly string[]>>
}

/** The sentences for what can be wrong with an input. */
export interface InputErrors {
  unknownField(name: string, nearest: string | undefined): string
  notText(name: string): string
  binary(name: string): string
  tooLong(name: string, count: number, max: number): string
  notAChoice(name: string, given: string, choices: readonly string[]): string
  missing(name: string): string
}

/** A member's name in the longest room that we know (ids of people and roles are shorter). */
const memberMax = 64

/** Control characters, but for line breaks and tabs: nobody types them, so that what holds them is no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/

/**
 * Checks what came in from outside. Empty text counts as not given. `missing` names the fields that a form should ask for.
 * Throws UserError.
 */
export function readInput(
  fields: Fields,
  raw: Readonly<Record<string, unknown>>,
  words: Readonly<Record<string, FieldWords>>,
  errors: InputErrors,
): { input: Readonly<Record<string, string>>; missing: string[] } {
  const input: Record<string, string> = {}
  for (const [given, value] of Object.entries(raw)) {
    const name = Object.keys(fields).find((key) => key === given || words[key]?.names.includes(given))
    const field = name === undefined ? undefined : fields[name]
    if (!name || !field)
      throw new UserError(
        'bad_input',
        errors.unknownField(
          echo(given),
          nearestOf(
            given,
            Object.keys(fields).flatMap((key) => [key, ...(words[key]?.names ?? [])]),
          ),
        ),
      )
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number') throw new UserError('bad_input', errors.notText(name), name)
    const said = readText(name, String(value), field, errors)
    if (said === '') continue
    input[name] = field.type === 'choice' ? readChoice(name, said, field, words[name], errors) : said
  }
  const absent = Object.keys(fields).filter((name) => input[name] === undefined)
  const required = absent.find((name) => fields[name]?.required)
  if (required) throw new UserError('bad_input', errors.missing(required), required)
  return { input, missing: absent.filter((name) => fields[name]?.askIfMissing) }
}

function readText(name: string, value: string, field: Field, errors: InputErrors): string {
  const given = value.trim()
  if (unprintable.test(given) || !given.isWellFormed()) throw new UserError('bad_input', errors.binary(name), name)
  const max = field.type === 'text' ? field.max : memberMax
  const plain = field.type === 'text' && field.lines ? plainLines : plainLine
  // What is far too long is counted, and looked at no further.
  const said = given.length > max * unitsOfSign ? given : plain(given)
  const count = lengthOf(said, max)
  if (count > max) throw new UserError('too_long', errors.tooLong(name, count, max), name)
  return said
}

function readChoice(name: string, said: string, field: ChoiceField, words: FieldWords | undefined, errors: InputErrors): string {
  const lower = said.toLowerCase()
  const value = field.values.find((value) => value === lower || words?.values[value]?.includes(lower))
  if (value === undefined) throw new UserError('bad_input', errors.notAChoice(name, said, field.values), name)
  return value
}

/** The candidate with the fewest edits from what was typed, if it is near enough to be what was meant. */
export function nearestOf(typed: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(typed.length / 2)) + 1
  for (const candidate of candidates) {
    const edits = editsBetween(typed.toLowerCase(), candidate.toLowerCase())
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  return best
}

/** Levenshtein distance; what is typed is cut first, because it may be anything. */
function editsBetween(a: string, b: string): number {
  const from = a.slice(0, 64)
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = from[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost))
    }
    row = next
  }
  return row[b.length] ?? 0
}
