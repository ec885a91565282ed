// Purpose: which dates are public holidays in a country.
import { createRequire } from 'node:module'

// The library and its data take a tenth of a second to load, so only a club that asks for a country's holidays pays for it.
const require = createRequire(import.meta.url)
type Library = typeof import('date-holidays').default
let library: Library | undefined
const load = (): Library => {
  library ??= require('date-holidays') as Library
  return library
}

const years = new Map<string, ReadonlySet<string>>()

/** True when the library knows this ISO 3166 country. */
export function isCountry(country: string): boolean {
  return country in new (load())().getCountries()
}

/** True on a public holiday (`YYYY-MM-DD`), substitute days included. Source: date-holidays. */
export function isPublicHoliday(day: string, country: string): boolean {
  const year = day.slice(0, 4)
  const key = `${country} ${year}`
  let days = years.get(key)
  if (!days) {
    days = new Set(
      new (load())(country)
        .getHolidays(Number(year))
        .filter(({ type }) => type === 'public')
        .flatMap(datesOf),
    )
    years.set(key, days)
  }
  return days.has(day)
}

/** A holiday of several days (Lunar New Year) has one date but several nights. */
function datesOf({ date, start, end }: { date: string; start: Date; end: Date }): string[] {
  const first = date.slice(0, 10)
  const nights = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
  return Array.from({ length: nights }, (_, i) => new Date(Date.parse(`${first}T00:00Z`) + i * 86_400_000).toISOString().slice(0, 10))
}
