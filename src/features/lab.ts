// Purpose: a lesson's lab as a card: the steps, how they differ on WSL2 and macOS, and the way for who has no Linux.
import type { Button, Card } from '../chat/card.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import type { Lab } from '../course/course.ts'
import type { Locale } from '../text/locale.ts'
import { type Context, press } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { findLesson } from './lessonCard.ts'

export const labTabs = ['steps', 'elsewhere', 'without'] as const
type Tab = (typeof labTabs)[number]

/** Opens the lab beside the lesson. */
export const lab = press({ name: 'lab', run: (context, [from, id]) => showLab(context, from, id, 'steps') })

/** Between its tabs the card stays one message. */
export const labTab = press({ name: 'lab-tab', replaces: true, run: (context, [from, id, tab]) => showLab(context, from, id, tab) })

async function showLab(context: Context, from: string | undefined, id: string | undefined, name: string | undefined): Promise<Card> {
  const { t, locale } = context
  const { lesson, season, number } = findLesson(context, id, from)
  const tab = labTabs.find((known) => known === name)
  if (!tab || !lesson.lab) throw new UserError('unknown', t.lesson.gone)
  const buttons: Button[] = labTabs
    .filter((other) => other !== tab)
    .map((other) => ({ label: t.lab.tabs[other], press: formatPressId('lab-tab', season, lesson.id, other) }))
  const { notRun } = lesson.lab
  return { ...labCard(context, lesson.lab, tab, number), buttons, ...(notRun && { footer: inLocale(notRun, locale) }) }
}

function labCard({ t, locale }: Context, lab: Lab, tab: Tab, number: number): Card {
  const title = t.lab.title(number, inLocale(lab.title, locale), lab.minutes)
  const words = {
    steps: () => stepsOf(lab, locale, t),
    elsewhere: () => elsewhereOf(lab, locale),
    without: () => withoutOf(lab, locale, t),
  }
  return { title, text: words[tab]() }
}

const fenced = (lines: string, language = ''): string => `\`\`\`${language}\n${lines}\n\`\`\``

function stepsOf({ steps, cleanup }: Lab, locale: Locale, t: Context['t']): string {
  const each = steps.map((step, i) =>
    [
      `**${i + 1}.** ${inLocale(step.do, locale)}`,
      ...(step.run === undefined ? [] : [fenced(step.run, 'bash')]),
      ...(step.see ? [`_${t.lab.see}_ ${inLocale(step.see, locale)}`] : []),
    ].join('\n'),
  )
  const end = [`**${t.lab.cleanup}** ${inLocale(cleanup.do, locale)}`, ...(cleanup.run === undefined ? [] : [fenced(cleanup.run, 'bash')])]
  return [...each, end.join('\n')].join('\n\n')
}

const elsewhereOf = ({ wsl2, macos }: Lab, locale: Locale): string =>
  [`**WSL2** ${inLocale(wsl2, locale)}`, `**macOS** ${inLocale(macos, locale)}`].join('\n\n')

/** What was printed where it was run, to be read instead. */
function withoutOf({ steps, without }: Lab, locale: Locale, t: Context['t']): string {
  const read = steps.flatMap((step, i) =>
    step.output === undefined
      ? []
      : [
          `**${i + 1}.** ${inLocale(step.do, locale)}\n${fenced(step.output)}${step.see ? `\n_${t.lab.see}_ ${inLocale(step.see, locale)}` : ''}`,
        ],
  )
  return [inLocale(without, locale), ...read].join('\n\n')
}
