// Purpose: an HTTP request as a call: checked for shape before anything else sees it.
import { composed, echo } from '../../chat/plain.ts'
import type { Call } from '../../chat/room.ts'
import { UserError } from '../../chat/userError.ts'
import { localeOf, type Text } from '../../text/index.ts'
import { type Locale, locales } from '../../text/locale.ts'

/** An NFC name of 1 to 32 letters, digits, `-` and `_`, Hangul included. */
const memberName = /^[\p{L}\p{N}_-]{1,32}$/u

/** Throws UserError for what is no member's name. */
export function readMember(as: unknown, t: Text): string {
  const name = typeof as === 'string' ? composed(as) : ''
  if (!memberName.test(name)) throw new UserError('bad_input', t.errors.badMember)
  return name
}

/** The first language of an Accept-Language header that the club speaks. */
export function readLocale(header: string | undefined): Locale | undefined {
  for (const tag of (header ?? '').split(',')) {
    const locale = localeOf(tag.split(';')[0]?.trim())
    if (locale && locales.includes(locale)) return locale
  }
  return undefined
}

const known = ['as', 'command', 'press', 'input']

export function readCall(
  body: unknown,
  t: Text,
  about: { readonly club: string; readonly organisers: readonly string[]; readonly locale: string | undefined },
): Call {
  if (!isObject(body)) throw new UserError('bad_input', t.errors.badRequest)
  const { as, command, press, input = {} } = body
  const stranger = Object.keys(body).find((key) => !known.includes(key))
  if (stranger !== undefined) throw new UserError('bad_input', t.errors.input.unknownField(echo(stranger), undefined))
  const id = readMember(as, t)
  if (!isObject(input)) throw new UserError('bad_input', t.errors.badRequest)
  const base = {
    room: 'web',
    club: about.club,
    member: { id, name: id },
    organiser: about.organisers.includes(id),
    ...(about.locale && { locale: about.locale }),
  }
  if (typeof command === 'string' && press === undefined) return { ...base, act: { command, input } }
  if (typeof press === 'string' && command === undefined) return { ...base, act: { press, input } }
  throw new UserError('bad_input', t.errors.badRequest)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
