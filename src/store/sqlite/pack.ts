// Purpose: days, instants and acts as the small integers that the file holds.
import type { Day } from '../../club/calendar.ts'
import { type Act, actKinds } from '../store.ts'

const msPerMinute = 60_000
const msPerDay = 86_400_000
const epoch2020 = Date.parse('2020-01-01T00:00Z')

/** A time that never comes, in minutes since 1970. */
export const never = 2 ** 31 - 1

/** A row has half a dozen days, and a club knows few: each is read and written out once. */
function remembering<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= rememberedMost) known.clear()
    const value = work(key)
    known.set(key, value)
    return value
  }
}
const rememberedMost = 5_000

export const packDay = remembering((day: Day): number => Date.parse(`${day}T00:00Z`) / msPerDay)
export const unpackDay = remembering((days: number): Day => new Date(days * msPerDay).toISOString().slice(0, 10))
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
