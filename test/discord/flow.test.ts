import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { flowSteps } from '../support/ourCourse.ts'
import { morningClub } from './life.ts'

const steps = flowSteps.length
/** The place in the flow, from 0, of the version that left dockershim behind. */
const left = flowSteps.findIndex(({ versions }) => /^1\.24\b/.test(versions))
const versionsAt = (step: number) => flowSteps[step]?.versions ?? ''
const titleOf = (step: number) => `Kubernetes ${versionsAt(step)} · ${step + 1}/${steps}`

describe.each(transports)('/flow, by %s', (transport) => {
  test.each(['ko', 'en'] as const)('shows the newest version, and its buttons change the one private message, in %s', async (locale) => {
    const { mina, leo, channel } = await morningClub({ transport })
    const [person, command] = locale === 'ko' ? [mina, '/흐름'] : [leo, '/flow']
    const posts = channel.messages.length
    const newest = messageOf(await person.types(command))
    expect([newest.ephemeral, newest.embeds[0]?.title]).toEqual([true, titleOf(steps - 1)])
    expect(newest.buttons).toEqual([`◀ ${versionsAt(steps - 2)}`])
    let shown = newest
    const pictures = [newest.attachments[0]?.bytes]
    for (let step = steps - 2; step >= 0; step--) {
      const outcome = await person.taps(shown, `◀ ${versionsAt(step)}`)
      expect(outcome.followUps).toEqual([])
      shown = messageOf(outcome)
      const { when, changed, sources, picture } = flowSteps[step] ?? {}
      expect([shown.id, shown.embeds[0]?.title]).toEqual([newest.id, titleOf(step)])
      expect(shown.text).toContain(`_${when?.[locale]}_\n\n**${locale === 'ko' ? '달라진 점' : 'What changed'}**\n${changed?.[locale]}`)
      expect(shown.text.match(/^\d+\. .* \(\d{4}-\d\d-\d\d\)$/gm)).toHaveLength(sources?.length ?? 0)
      expect(shown.attachments.map(({ contentType, description }) => [contentType, description])).toEqual([
        ['image/png', picture?.alt[locale]],
      ])
      pictures.push(shown.attachments[0]?.bytes)
    }
    expect(new Set(pictures.map((bytes) => bytes?.toString('base64'))).size).toBe(steps)
    expect(shown.buttons).toEqual([`${versionsAt(1)} ▶`])
    const on = await person.taps(shown, `${versionsAt(1)} ▶`)
    expect([on.message?.id, on.message?.embeds[0]?.title]).toEqual([newest.id, titleOf(1)])
    expect(on.message?.buttons).toEqual([`◀ ${versionsAt(0)}`, `${versionsAt(2)} ▶`])
    expect(channel.messages).toHaveLength(posts)
  })

  test('takes a version as one types it, and what is suggested', async () => {
    const { mina, leo } = await morningClub({ transport })
    expect(left).toBeGreaterThan(0)
    expect(messageOf(await mina.types('/흐름', { 버전: '1.24' })).embeds[0]?.title).toBe(titleOf(left))
    expect(messageOf(await leo.types('/flow', { version: 'v1.24.3' })).embeds[0]?.title).toBe(titleOf(left))
    const [suggested] = await leo.completes('/flow', 'version', '1.24')
    expect(suggested).toEqual({ name: `Kubernetes ${versionsAt(left)}`, value: versionsAt(left) })
    expect(messageOf(await leo.types('/flow', { version: String(suggested?.value) })).embeds[0]?.title).toBe(titleOf(left))
  })

  test('refuses a version that is on no map, and names those that are', async () => {
    const { mina, leo, troubles } = await morningClub({ transport })
    const all = flowSteps.map(({ versions }) => versions).join(', ')
    const korean = messageOf(await mina.types('/흐름', { 버전: '1.99' }))
    expect([korean.ephemeral, korean.text]).toEqual([true, `“1.99”는 버전 지도에 없어요. ${all} 가운데 골라 주세요.`])
    const english = messageOf(await leo.types('/flow', { version: 'newest' }))
    expect([english.ephemeral, english.text]).toEqual([true, `“newest” is on no version map. Try one of ${all}.`])
    expect(troubles()).toEqual([])
  })

  test('serves before the club has started, too', async () => {
    const club = await morningClub({ transport })
    const elsewhere = await club.server('옆방')
    const nova = club.discord.person({ guild: elsewhere.guild, name: 'Nova' })
    expect(messageOf(await nova.types('/flow', { version: '1.24' })).embeds[0]?.title).toBe(titleOf(left))
  })
})
