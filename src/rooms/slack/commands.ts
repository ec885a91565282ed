// Purpose: what people type after a slash: one umbrella command with free text, read by the same fields that Discord's options are made of.
import type { Field } from '../../chat/fields.ts'
import { composed } from '../../chat/plain.ts'
import type { CommandInfo } from '../../chat/room.ts'

/** One command for all, in both languages: other apps have their own `/help`, `/poll` and `/settings`. */
export const umbrella = { en: '1p', ko: '1퍼센트' }
/** Short names that an organiser may choose to have besides. */
export const shortNames = ['today', 'checkin', 'streak', 'leaderboard', 'club']

/** A command and its input as far as it was typed; people and groups by their ids. */
export interface Typed {
  readonly command: string
  readonly input: Readonly<Record<string, string>>
}

/** How `/name` of any command is typed in Slack, in the language of the name. */
export function typedAs(commands: readonly CommandInfo[]): (command: string) => string {
  const names = new Map(
    commands.flatMap(({ name, label }) => [
      [label.ko, umbrella.ko],
      [label.en, umbrella.en],
      [name, umbrella.en],
    ]),
  )
  return (typed) => {
    const [, name = ''] = /^\/(\S+)/.exec(typed) ?? []
    const under = names.get(name)
    return under === undefined ? typed : `/${under} ${typed.slice(1)}`
  }
}

/** Reads a slash command. Without a word after the umbrella it is `help`. */
export function readTyped(slash: string, typed: string, commands: readonly CommandInfo[]): Typed {
  const text = composed(typed)
  const name = slash.replace(/^\//, '').normalize('NFC').toLowerCase()
  if (name !== umbrella.en && name !== umbrella.ko) return { command: name, input: inputOf(name, text, commands) }
  const [, word = '', rest = ''] = /^\s*\/?(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  if (word === '') return { command: 'help', input: {} }
  return { command: word, input: inputOf(word, rest, commands) }
}

function inputOf(name: string, text: string, commands: readonly CommandInfo[]): Record<string, string> {
  const word = name.normalize('NFC').toLowerCase()
  const info = commands.find((one) => [one.name, one.label.ko, one.label.en].includes(word))
  // What follows an unknown word is nobody's: the answer is that there is no such command.
  return info ? readFields(text, info) : {}
}

/** A piece of what was typed, with where it stands, so that the rest of a line can be taken as it is. */
interface Piece {
  /** Without quotes, and mentions as ids. */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly isQuoted: boolean
}

/** Both kinds of quotation marks: phones write the curved ones by themselves. */
const piece = /(?:"([^"]*)"|“([^”]*)”|'([^']*)'(?=\s|$)|‘([^’]*)’(?=\s|$)|(<[^<>\s][^<>]*>)|(\S+))/g

function piecesOf(text: string, from: number): Piece[] {
  return [...text.slice(from).matchAll(piece)].map((found) => {
    const [all, straight, curved, single, curvedSingle, mark, bare = ''] = found
    const quoted = straight ?? curved ?? single ?? curvedSingle
    const start = from + found.index
    return { value: meant(quoted ?? mark ?? bare), start, end: start + all.length, isQuoted: quoted !== undefined }
  })
}

/**
 * `name:value`, `name value` where a command has several fields, and bare words: a choice or a person by what they are, everything else is
 * the text field that follows what was named last.
 */
function readFields(text: string, info: CommandInfo): Record<string, string> {
  const input: Record<string, string> = {}
  const names = Object.keys(info.fields)
  let last = -1
  let at = 0
  const keep = (field: string, value: string, end: number) => {
    input[field] = value
    last = names.indexOf(field)
    at = end
  }
  const isFree = (field: string) => input[field] === undefined
  while (at < text.length) {
    const [first, ...others] = piecesOf(text, at)
    if (!first) break
    const spoken = spokenAt(first, others, info, isFree, names[last + 1])
    // “day starts at” is a choice, although “day” alone is a field.
    const isPhrase = spoken !== undefined && spoken.end > first.end
    const named = isPhrase ? undefined : nameAt(text, first, others[0], info)
    if (named && isFree(named.field)) {
      const field = info.fields[named.field]
      const isOther = (name: string) => name !== named.field && isFree(name)
      const { value, end } = field ? valueAt(text, named.from, field, named.field, info, isOther) : { value: '', end: first.end }
      keep(named.field, value, end)
      continue
    }
    if (spoken) {
      keep(spoken.field, spoken.value, spoken.end)
      continue
    }
    const after = [...names.slice(last + 1), ...names.slice(0, Math.max(0, last + 1))]
    const prose = after.find((field) => isFree(field) && isProse(info.fields[field]))
    if (prose === undefined) {
      // There is no place for it: the check of the input says so, or which choices there are.
      const open = names.find((field) => isFree(field) && info.fields[field]?.type !== 'text')
      // One such word settles it, however many follow.
      if (open === undefined) return { ...input, [first.value]: first.value }
      keep(open, first.value, first.end)
    } else {
      const { value, end } = restOf(text, first.start, info, (name) => name !== prose && isFree(name))
      keep(prose, value, end)
    }
  }
  return input
}

const isLines = (field: Field | undefined): boolean => field?.type === 'text' && field.lines === true
const isProse = (field: Field | undefined): boolean => field?.type === 'text' && !field.date

/** The field that a piece names: `name:` before a value, or, where there are several fields, the name alone before one. */
function nameAt(text: string, first: Piece, next: Piece | undefined, info: CommandInfo): { field: string; from: number } | undefined {
  if (first.isQuoted) return undefined
  const [, name = '', sign] = /^([^\s:=：]+)([:=：])/.exec(text.slice(first.start)) ?? []
  const field = sign === undefined ? undefined : fieldNamed(name, info)
  if (field) return { field, from: first.start + name.length + 1 }
  const alone = next ? fieldNamed(first.value, info) : undefined
  // A line that somebody writes may begin with the word that its field is called by.
  const isLine = alone !== undefined && isLines(info.fields[alone])
  return alone && next && !isLine ? { field: alone, from: next.start } : undefined
}

function fieldNamed(name: string, { fields, fieldLabels }: CommandInfo): string | undefined {
  const word = name.normalize('NFC').toLowerCase()
  return Object.keys(fields).find((field) => [field, fieldLabels[field]?.ko, fieldLabels[field]?.en].includes(word))
}

/** The value that stands from here on: one piece, a choice of several words, or the text up to the next name. */
function valueAt(
  text: string,
  from: number,
  field: Field,
  name: string,
  info: CommandInfo,
  isOther: (field: string) => boolean,
): { value: string; end: number } {
  const [first, ...others] = piecesOf(text, from)
  if (!first) return { value: '', end: text.length }
  if (field.type === 'choice') {
    const chosen = choiceAt(first, others, name, info)
    if (chosen) return chosen
  }
  return isProse(field) && !first.isQuoted ? restOf(text, first.start, info, isOther) : { value: first.value, end: first.end }
}

/** Text from here up to where another field is named with a colon, or to the end. */
function restOf(text: string, from: number, info: CommandInfo, isOther: (field: string) => boolean): { value: string; end: number } {
  const pieces = piecesOf(text, from)
  const [first, second] = pieces
  const isNext = (one: Piece) => {
    const [, name = ''] = /^([^\s:=：]+)[:=：]/.exec(text.slice(one.start)) ?? []
    const field = one.isQuoted ? undefined : fieldNamed(name, info)
    return field !== undefined && isOther(field)
  }
  if (first?.isQuoted && (!second || isNext(second))) return { value: first.value, end: first.end }
  const next = pieces.slice(1).find(isNext)
  const end = next?.start ?? text.length
  return { value: plainText(text.slice(from, end).trim()), end }
}

/** A bare word that says by itself which field it is for. */
function spokenAt(
  first: Piece,
  others: readonly Piece[],
  info: CommandInfo,
  isFree: (field: string) => boolean,
  next: string | undefined,
): { field: string; value: string; end: number } | undefined {
  for (const [name, field] of Object.entries(info.fields)) {
    if (!isFree(name)) continue
    const only = { field: name, value: first.value, end: first.end }
    if (field.type === 'choice') {
      const chosen = choiceAt(first, others, name, info)
      if (chosen) return { field: name, ...chosen }
    }
    if (first.isQuoted) continue
    if (field.type === 'member' && /^@?[UW][A-Z0-9]{4,}$/.test(first.value)) return { ...only, value: first.value.replace(/^@/, '') }
    if (field.type === 'member' && /^@./.test(first.value) && !isProse(info.fields[next ?? ''])) return only
    if (field.type === 'role' && /^S[A-Z0-9]{4,}$/.test(first.value)) return only
    // The value that a setting is to have may be a date or a name too.
    const isDate = field.type === 'text' && field.date && !isProse(info.fields[next ?? ''])
    if (isDate && /^\d{4}-\d{2}-\d{2}$/.test(first.value)) return only
  }
  return undefined
}

/** The choice that the next words are, the longest first: “hide me” are two. */
function choiceAt(
  first: Piece,
  others: readonly Piece[],
  name: string,
  { fields, choiceLabels }: CommandInfo,
): { value: string; end: number } | undefined {
  const field = fields[name]
  if (field?.type !== 'choice') return undefined
  const pieces = [first, ...others.slice(0, 4)]
  for (let count = pieces.length; count > 0; count--) {
    const said = pieces.slice(0, count)
    const typed = said
      .map(({ value }) => value)
      .join(' ')
      .replaceAll('’', "'")
      .toLowerCase()
    const value = field.values.find((one) => {
      const label = choiceLabels[name]?.[one]
      return [one, label?.ko, label?.en].some((word) => word?.toLowerCase() === typed)
    })
    if (value !== undefined) return { value, end: said.at(-1)?.end ?? first.end }
  }
  return undefined
}

/** A person or a group that stands alone is meant by its id; everything else as it reads. */
function meant(text: string): string {
  const [, id] = /^<(?:@|!subteam\^)([A-Z0-9]+)(?:\|[^<>]*)?>$/.exec(text) ?? []
  return id ?? plainText(text)
}

/**
 * A text with Slack's marks as what one reads, and the three signs that Slack escapes as they were typed
 * (https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling).
 */
export function plainText(text: string): string {
  // Most texts have none of it.
  if (!/[<&]/.test(text)) return text
  return text
    .replaceAll(/<@[A-Z0-9]+\|([^<>]*)>/g, '@$1')
    .replaceAll(/<@([A-Z0-9]+)>/g, '@$1')
    .replaceAll(/<!subteam\^[A-Z0-9]+\|@?([^<>]*)>/g, '@$1')
    .replaceAll(/<#[A-Z0-9]+\|([^<>]*)>/g, '#$1')
    .replaceAll(/<!([a-z]+)(?:\|[^<>]*)?>/g, '@$1')
    .replaceAll(/<([^<>|]+)\|[^<>]*>/g, '$1')
    .replaceAll(/<([^<>|]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
