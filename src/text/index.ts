// Purpose: the words of a language.
import { en, type Text } from './en.ts'
import { ko } from './ko.ts'
import { type Locale, locales } from './locale.ts'

export type { Text }

export const texts: Readonly<Record<Locale, Text>> = { ko, en }

export const textOf = (locale: Locale): Text => texts[locale]

/** The language of a tag such as `en-GB`, if the club speaks it. */
export function localeOf(tag: string | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split(/[-_]/)[0]
  return locales.find((locale) => locale === language)
}
