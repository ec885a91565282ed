// Purpose: what people may be called: a name stands in sentences, boards and pictures, so nothing in it is markup, a mention or a trick.
import { firstOf, isBlank, plainLine } from './plain.ts'

const markup = /[\p{Cc}`*[\]<>|@#\\~\ufffe\uffff]/gu
/** What makes an address of a name, which a channel would open beside it. */
const address = /:\/\/|(?<=\.\p{L}{2,})\//gu

/** Signs of the longest name that is shown whole. */
export const nameMax = 32
/** Of a longer name the rest is not looked at. */
const givenMax = 1000

/** True for a name that can be shown as it is; one that was typed came through fields.ts. */
export function isPlainName(name: string): boolean {
  return !isBlank(name) && name === name.replaceAll(markup, '').replaceAll(address, ' ')
}

/** The first of these names from elsewhere of which something is left without what must not be in it; else `otherwise`. */
export function plainName(given: readonly (string | null | undefined)[], otherwise: string): string {
  for (const name of given) {
    const shown = name ? shownOf(name) : ''
    if (isPlainName(shown)) return shown
  }
  return otherwise
}

function shownOf(name: string): string {
  const line = plainLine(name.slice(0, givenMax).toWellFormed())
  const rest = line.replaceAll(markup, '').replaceAll(address, ' ')
  return firstOf(rest === line ? line : plainLine(rest), nameMax).trim()
}
