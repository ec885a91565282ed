// Purpose: a course's words in the reader's language.
import type { Both } from '../course/course.ts'
import type { Locale } from '../text/locale.ts'

/** The text in the reader's language, or in the course's own where it has one only. */
export function inLocale(both: Both, locale: Locale): string {
  return both[locale] ?? both.ko ?? both.en ?? ''
}
