// Purpose: the languages that the club speaks.

/** Korean first, English second; both are complete. */
export const locales = ['ko', 'en'] as const
export type Locale = (typeof locales)[number]
