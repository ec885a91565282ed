// Purpose: days, instants and acts as the small integers that the file holds.
import { dayOf, numberOf } from '../../club/calendar.ts'
import { type Act, actKinds } from '../store.ts'

const msPerMinute = 60_000
const msPerDay = 86_400_000
const epoch2020 = Date.parse('2020-01-01T00:00Z')

/** A time that never comes, in minutes since 1970. */
export const never = 2 ** 31 - 1

export const packDay = numberOf
export const unpackDay = dayOf
export const packMinute = (at: number | undefined): number | null => (at === undefined ? null : Math.floor(at / msPerMinute))

/** The stamp of an act, laid out as migrations/0001_club.sql says. */
export function packStamp({ at, day, kind }: Pick<Act, 'at' | 'day' | 'kind'>): number {
  const offset = packDay(day) - Math.floor(at / msPerDay) + 2
  if (offset < 0 || offset > 3) throw new RangeError(`study day ${day} is too far from ${new Date(at).toISOString()}`)
  return Math.floor((at - epoch2020) / msPerMinute) * 16 + offset * 4 + actKinds.indexOf(kind)
}

export function unpackStamp(stamp: number): Pick<Act, 'at' | 'day' | 'kind'> {
  const at = epoch2020 + Math.floor(stamp / 16) * msPerMinute
  const day = unpackDay(Math.floor(at / msPerDay) + (Math.floor(stamp / 4) % 4) - 2)
  return { at, day, kind: actKinds[stamp % 4] ?? 'answer' }
}
