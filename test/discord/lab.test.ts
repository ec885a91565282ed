import { describe, expect, test } from 'vitest'
import { textOf } from '../../src/text/index.ts'
import { courseOf } from '../features/life.ts'
import { messageOf, transports } from '../support/discordClub.ts'
import { labOf, lessonAt, ours, told } from '../support/ourCourse.ts'
import { lessonIn, type MorningClub, morningClub } from './life.ts'

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
async function reader({ mina, leo, lesson }: MorningClub, locale: 'ko' | 'en') {
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
    const before = club.channel.messages.length
    const first = messageOf(await person.taps(whole, onward[1]))
    expect(first.embeds[0]?.title).toBe(
      locale === 'ko' ? `실습 1 · ${lab.title.ko} · ${minutes}분` : `Lab 1 · ${lab.title.en} · ${minutes} min`,
    )
    expect([first.ephemeral, first.buttons]).toEqual([true, [elsewhere, without]])
    for (const [i, step] of lab.steps.entries()) {
      expect(first.text).toContain(`**${i + 1}.** ${step.do[locale]}`)
      if (step.run !== undefined) expect(first.text).toContain(`\`\`\`bash\n${step.run}\n\`\`\``)
      if (step.see) expect(first.text).toContain(step.see[locale])
    }
    expect(first.text).toContain(`${locale === 'ko' ? '**정리하기.**' : '**Clean up.**'} ${lab.cleanup.do[locale]}`)

    const second = await person.taps(first, elsewhere)
    expect([second.message?.id, second.followUps, second.message?.buttons]).toEqual([first.id, [], [steps, without]])
    expect(second.message?.text).toContain(`**WSL2** ${lab.wsl2[locale]}\n\n**macOS** ${lab.macos[locale]}`)
    const third = await person.taps(messageOf(second), without)
    expect([third.message?.id, third.message?.buttons]).toEqual([first.id, [steps, elsewhere]])
    expect(third.message?.text).toContain(lab.without[locale])
    for (const { output } of lab.steps) if (output !== undefined) expect(third.message?.text).toContain(`\`\`\`\n${output}\n\`\`\``)
    expect(messageOf(await person.taps(messageOf(third), steps)).text).toBe(first.text)
    expect([club.channel.messages.length, await club.store.acts(club.id, person.id)]).toEqual([before, []])
  })

  test.each(['ko', 'en'] as const)('its sources are a card, numbered as in the lesson, in %s', async (locale) => {
    const club = await morningClub({ transport })
    const { person, whole, onward } = await reader(club, locale)
    const outcome = await person.taps(whole, onward[2])
    const card = messageOf(outcome)
    // What it is about stays where it was.
    expect([card.id === whole.id, person.sees(whole)?.text]).toEqual([false, whole.text])
    expect([card.ephemeral, card.buttons]).toEqual([true, []])
    expect(card.embeds[0]?.title).toBe(`${locale === 'ko' ? '출처' : 'Sources'} · ${told(1, locale).title}`)
    const { sources } = lessonAt(1)
    expect(card.text.match(/^\d+\. .*$/gm)).toHaveLength(sources.length)
    for (const [i, { title, url, checked, kind }] of sources.entries()) {
      const name = url === undefined ? title[locale] : `[${title[locale]}](${url})`
      expect(card.text).toContain(`${i + 1}. ${name} (${checked}) · ${textOf(locale).lesson.sourceKinds[kind]}`)
    }
  })

  test('says of a lab that we could not run what that means', async () => {
    const { mina, leo } = await morningClub({ transport })
    const number = ours.flatMap(({ lessons }) => lessons).findIndex(({ lab }) => lab?.notRun) + 1
    const { notRun, minutes } = labOf(number)
    for (const [person, command, language] of [
      [mina, '/레슨', 'ko'],
      [leo, '/lesson', 'en'],
    ] as const) {
      const option = language === 'ko' ? '번호' : 'which'
      const lesson = messageOf(await person.types(command, { [option]: String(number) }))
      const more = messageOf(await person.taps(lesson, language === 'ko' ? '더 읽기' : 'Read more'))
      const full = messageOf(await person.taps(more, labels[language].full))
      const lab = messageOf(await person.taps(full, language === 'ko' ? `실습 · ${minutes}분` : `Lab · ${minutes} min`))
      expect(lab.embeds.at(-1)?.footer?.text).toBe(notRun?.[language])
    }
  })

  test('the buttons of a lesson go on leading to it when a season of another course has begun', async () => {
    const club = await morningClub({ transport, courses: [...ours, ...courseOf(3)] })
    const { owner, mina, channel, lesson, id } = club
    const { whole, onward } = await reader(club, 'ko')
    await owner.types('/클럽', { 설정할것: '코스', 값: 'many-days' })
    await owner.types('/클럽', { 할일: '새 기수 시작' })
    await club.morning(id)
    expect(lessonIn(channel).embeds[0]?.title).toBe('오늘의 1% · 1/3 · day 1')
    const { title } = told(1, 'ko')
    const more = messageOf(await mina.taps(lesson, '더 읽기'))
    expect([more.embeds[0]?.title, messageOf(await mina.taps(more, '본문 전체')).embeds[0]?.title]).toEqual([title, title])
    expect(messageOf(await mina.taps(whole, onward[2])).embeds[0]?.title).toBe(`출처 · ${title}`)
    const question = messageOf(await mina.taps(whole, onward[0]))
    expect(messageOf(await mina.taps(question, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
    expect((await club.store.answers(id, mina.id)).map(({ season }) => season)).toEqual(['2026-11-25'])
    const lab = messageOf(await mina.taps(whole, onward[1]))
    expect(messageOf(await mina.taps(lab, '리눅스가 없다면')).embeds[0]?.title).toContain(labOf(1).title.ko)
  })
})
