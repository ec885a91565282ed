// Purpose: what people may be called: a name stands in sentences, boards and pictures, so nothing in it is markup, a mention or a trick.

/** Characters that take room and show nothing: a name of them alone would be an empty row. */
const invisible = /[\p{Cf}\p{Z}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/gu
const markup = /[\p{Cc}`*[\]<>|@#\\~]/u
/** Turns a line around, or hides in it. */
const tricks = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/

/** Characters of the longest name that is shown whole. */
export const nameMax = 32

/** True for a name that can be shown as it is. */
export function isPlainName(name: string): boolean {
  return name.replaceAll(invisible, '') !== '' && !markup.test(name) && !tricks.test(name)
}

/** A name from elsewhere without what must not be in it; `otherwise` when nothing is left. */
export function plainName(given: string, otherwise: string): string {
  const plain = given
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(new RegExp(markup, 'gu'), '')
    .replaceAll(new RegExp(tricks, 'g'), '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const shown = [...plain].slice(0, nameMax).join('').trim()
  return isPlainName(shown) ? shown : otherwise
}
