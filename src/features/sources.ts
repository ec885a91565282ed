// Purpose: where a lesson's facts come from, numbered as in its text, for who wants to check them.
import { UserError } from '../chat/userError.ts'
import type { Source } from '../course/course.ts'
import type { Locale } from '../text/locale.ts'
import { press } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { findLesson, lessonText } from './lessonCard.ts'

/** A source as a link, where it has one, and the day it was last checked. */
export function sourceLine({ title, url, checked }: Source, locale: Locale): string {
  const name = inLocale(title, locale)
  return `${url === undefined ? name : `[${name}](${url})`} (${checked})`
}

export const sources = press({
  name: 'sources',
  async run(context, [season, id]) {
    const { t, locale } = context
    const { lesson } = findLesson(context, id, season)
    if (lesson.sources.length === 0) throw new UserError('unknown', t.lesson.gone)
    const lines = lesson.sources.map((source, i) => `${i + 1}. ${sourceLine(source, locale)} · ${t.lesson.sourceKinds[source.kind]}`)
    return { title: t.lesson.sourcesTitle(lessonText(lesson, locale).title), text: `${t.lesson.sourcesIntro}\n\n${lines.join('\n')}` }
  },
})
