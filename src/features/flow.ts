// Purpose: a member steps through how a container comes to be, one Kubernetes version after the other.
import type { Button, Card } from '../chat/card.ts'
import { text } from '../chat/fields.ts'
import { formatPressId } from '../chat/pressId.ts'
import { UserError } from '../chat/userError.ts'
import { currentSeason } from '../club/schedule.ts'
import type { Flow } from '../course/course.ts'
import { type Context, command, press, type Scene } from './handler.ts'
import { inLocale } from './inLocale.ts'
import { imageOf } from './pictureOf.ts'
import { sourceLine } from './sources.ts'

export const flow = command({
  name: 'flow',
  input: { version: text({ max: 30 }) },
  suggest: {
    version: (context, typed) =>
      versionsOf(flowIn(context)?.steps ?? [])
        .filter((versions) => versions.includes(typed))
        .map((versions) => ({ label: `Kubernetes ${versions}`, value: versions })),
  },
  async run(context, { version }) {
    const found = theFlow(context)
    if (version === undefined) return stepCard(context, found, found.steps.length - 1)
    const index = found.steps.findIndex(({ versions }) => holds(versions, version))
    if (index < 0) throw new UserError('unknown', context.t.flow.unknown(version, versionsOf(found.steps)))
    return stepCard(context, found, index)
  },
})

export const flowPress = press({
  name: 'flow',
  replaces: true,
  async run(context, [step = '']) {
    const found = theFlow(context)
    const index = /^\d{1,2}$/.test(step) ? Number(step) : -1
    if (!found.steps[index]) throw new UserError('unknown', context.t.errors.stale)
    return stepCard(context, found, index)
  },
})

/** The flow of the club's course, or of any: it belongs to no season. */
function flowIn({ club, courses }: Scene): Flow | undefined {
  return courses.find(({ id }) => id === currentSeason(club)?.course)?.flow ?? courses.find((course) => course.flow)?.flow
}

function theFlow(context: Context): Flow {
  const found = flowIn(context)
  if (!found) throw new UserError('unknown', context.t.flow.none)
  return found
}

const versionsOf = (steps: Flow['steps']): string[] => steps.map(({ versions }) => versions)

/** Minor versions as numbers: all of Kubernetes' are 1.x. `v1.24.3` is 1.24. */
const minorOf = (version: string): number | undefined => {
  const [, minor] = /^v?1\.(\d{1,2})(?:\.\d+)?$/.exec(version.trim()) ?? []
  return minor === undefined ? undefined : Number(minor)
}

/** True for a range that the version lies in, or that was typed as it is shown. */
function holds(range: string, version: string): boolean {
  if (range === version) return true
  const [first, last = first] = range.split('–').map(minorOf)
  const minor = minorOf(version)
  return minor !== undefined && first !== undefined && last !== undefined && minor >= first && minor <= last
}

function stepCard({ t, locale }: Context, { steps }: Flow, index: number): Card {
  const step = steps[index]
  if (!step) throw new Error(`there is no step ${index} in the flow`)
  const [before, after] = [steps[index - 1], steps[index + 1]]
  const sources = step.sources.map((source, i) => `${i + 1}. ${sourceLine(source, locale)}`).join('\n')
  const buttons: Button[] = [
    ...(before ? [{ label: t.flow.back(before.versions), press: formatPressId('flow', index - 1) }] : []),
    ...(after ? [{ label: t.flow.on(after.versions), press: formatPressId('flow', index + 1) }] : []),
  ]
  return {
    title: t.flow.title(step.versions, index + 1, steps.length),
    text: [
      `_${inLocale(step.when, locale)}_`,
      `**${t.flow.changed}**\n${inLocale(step.changed, locale)}`,
      `${t.poll.sources}\n${sources}`,
    ].join('\n\n'),
    image: imageOf(step.picture, locale),
    buttons,
  }
}
