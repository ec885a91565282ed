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

/** A name from elsewhere without what must not be in it; `otherwise` when nothing is left. */
export function plainName(given: string, otherwise: string): string {
  const line = plainLine(given.slice(0, givenMax).toWellFormed())
  const plain = plainLine(line.replaceAll(markup, '').replaceAll(address, ' '))
  const shown = firstOf(plain, nameMax).trim()
  return isPlainName(shown) ? shown : otherwise
}
