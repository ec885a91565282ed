import { describe, expect, test } from 'vitest'
import { textOf } from '../../src/text/index.ts'
import { labOf, lessonAt, told } from '../support/ourCourse.ts'
import { messageOf, modalOf, transports } from '../support/slackClub.ts'
import { morningClub, wordsOf } from './life.ts'

const minutes = labOf(1).minutes
/** The ways on from a full lesson, and the tabs of its lab. */
const labels = {
  ko: { full: '본문 전체', onward: ['질문으로', `실습 · ${minutes}분`, '출처'], tabs: ['실습 단계', 'WSL2나 맥이라면', '리눅스가 없다면'] },
  en: {
    full: 'The whole lesson',
    onward: ['To the question', `Lab · ${minutes} min`, 'Sources'],
    tabs: ['Steps', 'On WSL2 or a Mac', 'No Linux? Read along'],
  },
} as const

/** Somebody who reads in this language, with the whole of today's lesson before them. */
async function reader({ mina, leo, lesson }: Awaited<ReturnType<typeof morningClub>>, locale: 'ko' | 'en') {
  const person = locale === 'ko' ? mina : leo
  const { full, onward, tabs } = labels[locale]
  const whole = messageOf(await person.taps(messageOf(await person.taps(lesson, '더 읽기')), full))
  expect([whole.ephemeral, whole.buttons]).toEqual([true, onward])
  return { person, whole, onward, tabs }
}

describe.each(transports)('behind a full lesson, by %s', (transport) => {
  test.each(['ko', 'en'] as const)('its lab is a card with tabs that change the one message, in %s', async (locale) => {
    const club = await morningClub({ transport })
    const { person, whole, onward, tabs } = await reader(club, locale)
    const [steps, elsewhere, without] = tabs
    const lab = labOf(1)
    const first = messageOf(await person.taps(whole, onward[1]))
    expect(first.words.split('\n')[0]).toBe(
      locale === 'ko' ? `실습 1 · ${lab.title.ko} · ${minutes}분` : `Lab 1 · ${lab.title.en} · ${minutes} min`,
    )
    expect([first.ephemeral, first.buttons]).toEqual([true, [elsewhere, without]])
    for (const [i, step] of lab.steps.entries()) {
      expect(first.words).toContain(`*${i + 1}.* ${wordsOf(step.do[locale])}`)
      if (step.run !== undefined) expect(first.words).toContain(wordsOf(`\`\`\`\n${step.run}\n\`\`\``))
      if (step.see) expect(first.words).toContain(wordsOf(step.see[locale]))
    }
    expect(first.words).toContain(`${locale === 'ko' ? '*정리하기.*' : '*Clean up.*'} ${wordsOf(lab.cleanup.do[locale])}`)

    const second = await person.taps(first, elsewhere)
    expect([second.replaced, messageOf(second).buttons]).toEqual([true, [steps, without]])
    expect(messageOf(second).words).toContain(`*WSL2* ${wordsOf(lab.wsl2[locale])}\n\n*macOS* ${wordsOf(lab.macos[locale])}`)
    const third = await person.taps(messageOf(second), without)
    expect([third.replaced, messageOf(third).buttons]).toEqual([true, [steps, elsewhere]])
    expect(messageOf(third).words).toContain(wordsOf(lab.without[locale]))
    for (const { output } of lab.steps)
      if (output !== undefined) expect(messageOf(third).words).toContain(wordsOf(`\`\`\`\n${output}\n\`\`\``))
    expect(messageOf(await person.taps(messageOf(third), steps)).words).toBe(first.words)
    expect([club.channel.messages.length, await club.store.acts(club.id, person.id)]).toEqual([1, []])
  })

  test.each(['ko', 'en'] as const)('its sources are a card, numbered as in the lesson, in %s', async (locale) => {
    const club = await morningClub({ transport })
    const { person, whole, onward } = await reader(club, locale)
    const outcome = await person.taps(whole, onward[2])
    const card = messageOf(outcome)
    // What it is about stays where it was.
    expect([outcome.replaced, person.privateMessages.find(({ id }) => id === whole.id)?.words]).toEqual([false, whole.words])
    expect([card.ephemeral, card.buttons]).toEqual([true, []])
    expect(card.words.split('\n')[0]).toBe(`${locale === 'ko' ? '출처' : 'Sources'} · ${told(1, locale).title}`)
    const { sources } = lessonAt(1)
    expect(card.words.match(/^\d+\. .*$/gm)).toHaveLength(sources.length)
    for (const [i, { title, url, checked, kind }] of sources.entries()) {
      const name = url === undefined ? wordsOf(title[locale]) : wordsOf(`[${title[locale]}](${url})`)
      expect(card.words).toContain(`${i + 1}. ${name} (${checked}) · ${textOf(locale).lesson.sourceKinds[kind]}`)
    }
  })

  test('in the App Home a lab opens in a modal, and so do its tabs', async () => {
    const { mina } = await morningClub({ transport })
    await mina.opensHome()
    if (!mina.home) throw new Error('the page was opened')
    const more = modalOf(await mina.taps(mina.home, '더 읽기'))
    const whole = modalOf(await mina.taps(more, '본문 전체'))
    const lab = modalOf(await mina.taps(whole, `실습 · ${minutes}분`))
    expect(lab.words).toContain(`실습 1 · ${labOf(1).title.ko}`)
    const tab = modalOf(await mina.taps(lab, '리눅스가 없다면'))
    expect(tab.words).toContain(wordsOf(labOf(1).without.ko))
    expect(tab.buttons).toEqual(['실습 단계', 'WSL2나 맥이라면'])
  })
})
