import { describe, expect, test } from 'vitest'
import { flowSteps } from '../support/ourCourse.ts'
import { messageOf, transports } from '../support/slackClub.ts'
import { morningClub, wordsOf } from './life.ts'

const steps = flowSteps.length
/** The place in the flow, from 0, of the version that left dockershim behind. */
const left = flowSteps.findIndex(({ versions }) => /^1\.24\b/.test(versions))
const versionsAt = (step: number) => flowSteps[step]?.versions ?? ''
const titleOf = (step: number) => `Kubernetes ${versionsAt(step)} · ${step + 1}/${steps}`
const titleIn = ({ words }: { readonly words: string }) => words.split('\n')[0]

describe.each(transports)('/flow, by %s', (transport) => {
  test.each(['ko', 'en'] as const)('shows the newest version, and its buttons change the one private message, in %s', async (locale) => {
    const { mina, leo, channel } = await morningClub({ transport })
    const [person, command] = locale === 'ko' ? [mina, '/1퍼센트 흐름'] : [leo, '/1p flow']
    const newest = messageOf(await person.types(command))
    expect([newest.ephemeral, titleIn(newest)]).toEqual([true, titleOf(steps - 1)])
    expect(newest.buttons).toEqual([`◀ ${versionsAt(steps - 2)}`])
    let shown = newest
    const pictures = [newest.images[0]?.fileId]
    for (let step = steps - 2; step >= 0; step--) {
      const outcome = await person.taps(shown, `◀ ${versionsAt(step)}`)
      shown = messageOf(outcome)
      const { when, changed, sources, picture } = flowSteps[step] ?? {}
      expect([outcome.replaced, titleIn(shown)]).toEqual([true, titleOf(step)])
      expect(shown.words).toContain(wordsOf(`_${when?.[locale]}_`))
      expect(shown.words).toContain(`\n*${locale === 'ko' ? '달라진 점' : 'What changed'}*\n`)
      for (const paragraph of wordsOf(changed?.[locale]).split('\n\n')) expect(shown.words).toContain(paragraph)
      expect(shown.words.match(/^\d+\. .* \(\d{4}-\d\d-\d\d\)$/gm)).toHaveLength(sources?.length ?? 0)
      expect(shown.images.map(({ alt }) => alt)).toEqual([picture?.alt[locale]])
      pictures.push(shown.images[0]?.fileId)
    }
    expect(new Set(pictures).size).toBe(steps)
    expect(shown.buttons).toEqual([`${versionsAt(1)} ▶`])
    const on = await person.taps(shown, `${versionsAt(1)} ▶`)
    expect([on.replaced, titleIn(messageOf(on))]).toEqual([true, titleOf(1)])
    expect(messageOf(on).buttons).toEqual([`◀ ${versionsAt(0)}`, `${versionsAt(2)} ▶`])
    // Of all the steps that were shown, one is left on the screen.
    expect(person.privateMessages.filter(({ words }) => words.startsWith('Kubernetes '))).toHaveLength(1)
    expect(channel.messages).toHaveLength(1)
  })

  test('takes a version as one types it; one that is on no map is refused, with those that are', async () => {
    const { mina, leo, troubles } = await morningClub({ transport })
    expect(left).toBeGreaterThan(0)
    expect(titleIn(messageOf(await mina.types('/1퍼센트 흐름 1.24')))).toBe(titleOf(left))
    expect(titleIn(messageOf(await mina.types('/1퍼센트 흐름 버전:1.24')))).toBe(titleOf(left))
    expect(titleIn(messageOf(await leo.types('/1p flow v1.24.3')))).toBe(titleOf(left))
    const all = flowSteps.map(({ versions }) => versions).join(', ')
    const korean = messageOf(await mina.types('/1퍼센트 흐름 1.99'))
    expect([korean.ephemeral, korean.words]).toEqual([true, `“1.99”는 버전 지도에 없어요. ${all} 가운데 골라 주세요.`])
    const english = messageOf(await leo.types('/1p flow newest'))
    expect([english.ephemeral, english.words]).toEqual([true, `“newest” is on no version map. Try one of ${all}.`])
    expect(troubles()).toEqual([])
  })

  test('works in a direct message', async () => {
    const { mina } = await morningClub({ transport })
    const shown = messageOf(await mina.typesInDm('/1퍼센트 흐름 1.24'))
    expect(titleIn(shown)).toBe(titleOf(left))
    expect(titleIn(messageOf(await mina.taps(shown, `◀ ${versionsAt(left - 1)}`)))).toBe(titleOf(left - 1))
  })
})
