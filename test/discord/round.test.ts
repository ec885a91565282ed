import { describe, expect, test } from 'vitest'
import { roundCourse } from '../support/courseOf.ts'
import type { Person } from '../support/discord/person.ts'
import type { SeenMessage } from '../support/discord/seen.ts'
import { messageOf, transports } from '../support/discordClub.ts'
import { ours, roundOf } from '../support/ourCourse.ts'
import { again, lessonIn, morningClub, postIn } from './life.ts'

type Options = Parameters<typeof morningClub>[0]

const [first, second] = ['2026-11-25T12:30+09:00', '2026-11-27T12:30+09:00']

/** What a round says in the channel, and on its button. */
const words = {
  ko: { title: '소문 3가지, 맞을까 아닐까?', button: '골라 보기', result: '소문 3가지의 결과' },
  en: { title: '3 rumours: true or not?', button: 'Take a stand', result: '3 rumours, resolved' },
}

/** The club at 12:30 on its first day, when the round has come. */
async function noon(options: NonNullable<Options>) {
  const club = await morningClub({ courses: roundCourse(), ...options })
  await club.until(first)
  const jihun = club.discord.person({ guild: club.guild, name: '지훈', locale: 'ko' })
  return { ...club, jihun, round: postIn(club.channel, words[options.settings?.locale ?? 'ko'].title) }
}

/** Takes a stand on the statements of a round by the buttons, in one's own language; what was answered to each. */
async function takesAStand(person: Person, round: SeenMessage, ...answers: string[]): Promise<SeenMessage[]> {
  const isKorean = person.locale === 'ko'
  const verdicts: SeenMessage[] = []
  let asked = messageOf(await person.taps(round, round.buttons[0] ?? ''))
  for (const [i, answer] of answers.entries()) {
    expect(asked.embeds[0]?.title).toBe(`${isKorean ? '맞을까, 아닐까?' : 'True or not?'} ${i + 1}/3`)
    expect([asked.ephemeral, asked.buttons]).toEqual([true, isKorean ? ['맞다', '아니다', '상황에 따라'] : ['True', 'False', 'It depends']])
    const verdict = messageOf(await person.taps(asked, answer))
    verdicts.push(verdict)
    const next = verdict.buttons.filter((label) => /소문|rumour/.test(label))
    expect(next).toEqual(i === 2 ? [] : [`${isKorean ? '다음 소문' : 'Next rumour'} ${i + 2}/3`])
    if (i + 1 < answers.length) asked = messageOf(await person.taps(verdict, next[0] ?? ''))
  }
  return verdicts
}

describe.each(transports)('the round of rumours, by %s', (transport) => {
  test('is one post with three statements and one button', async () => {
    const { round, channel, guild } = await noon({ transport })
    expect(round.content).toBe('컨테이너에 얽힌 소문 3가지, 어떻게 생각하세요?')
    expect(round.embeds[0]?.title).toBe(words.ko.title)
    expect(round.text).toContain('1. “myth 1”\n2. “myth 2”\n3. “myth 3”\n\n')
    expect(round.text).toMatch(/<t:\d+:F> \(<t:\d+:R>\)까지/)
    expect([round.buttons, round.attachments, round.ephemeral]).toEqual([['골라 보기'], [], false])
    expect(channel.messages.filter(({ text }) => text.includes('myth'))).toHaveLength(1)
    expect(guild.channels).toHaveLength(1)
  })

  test('opens the statements to whom presses, one after the other; the club sees how many took a stand', async () => {
    const club = await noon({ transport })
    const { round, channel, mina, leo, store, id } = club
    const posts = channel.messages.length
    const [wrong, right, third] = await takesAStand(mina, round, '맞다', '아니다', '상황에 따라')
    expect([wrong?.embeds[0]?.title, right?.embeds[0]?.title, third?.embeds[0]?.title]).toEqual([
      '‘맞다’ 말고 ‘아니다’예요',
      '✔ 아니다, 맞아요',
      '‘상황에 따라’ 말고 ‘아니다’예요',
    ])
    for (const [i, verdict] of [wrong, right, third].entries()) {
      expect(verdict?.text).toContain(`**“myth ${i + 1}”**`)
      expect(verdict?.text).toContain('출처 (확인한 날):\n- [a source](https://example.org/) (2026-11-23)')
      expect(verdict && [verdict.ephemeral, leo.sees(verdict)]).toEqual([true, undefined])
    }
    // It is one act of the day, however many statements.
    expect(wrong?.text).toContain('**오늘 1% 완료** · 연속 1일')
    expect(third?.text).toContain('오늘 1%는 이미 채웠어요 · 연속 1일')

    // Who stops half-way goes on where they were.
    await takesAStand(leo, round, 'False')
    expect(messageOf(await leo.taps(round, '골라 보기')).embeds[0]?.title).toBe('True or not? 2/3')
    expect(messageOf(await leo.types('/poll')).text).toContain('“myth 2”')
    expect(messageOf(await leo.types('/today')).buttons).toContain('A poll is open')
    expect(messageOf(await mina.taps(round, '골라 보기')).text).toContain('이미 답했어요. 풀이를 다시 보여 드릴게요.')

    await club.until(club.now() + 180_000)
    const counted = again(channel, round)
    expect(counted.text).toContain('_지금까지 2명이 답했어요_')
    expect(counted.text).not.toMatch(/정답|오해|%|\d표/)
    expect([counted.buttons, counted.attachments, channel.messages.length]).toEqual([['골라 보기'], [], posts])
    expect(JSON.stringify(channel.messages)).not.toMatch(/미나|Leo/)
    const tallies = (await store.polls(id, 9)).map(({ myth, tally }) => [myth, Object.values(tally)]).reverse()
    expect(tallies).toEqual([
      ['M1', [1, 1, 0]],
      ['M2', [0, 1, 0]],
      ['M3', [0, 0, 1]],
    ])
  })

  test.each(['ko', 'en'] as const)(
    'closes in words and a picture, is asked again, and shows how the club’s mind moved, in %s',
    async (locale) => {
      const club = await noon({ transport, settings: { locale } })
      const { round, channel, mina, leo, jihun, id } = club
      const { title, button, result } = words[locale]
      const [mistaken, no] = locale === 'ko' ? ['오해한 사람', '아니다'] : ['mistaken:', 'False']
      await takesAStand(mina, round, '맞다', '맞다', '아니다')
      await takesAStand(leo, round, 'True', 'It depends', 'False')
      await takesAStand(jihun, round, '아니다', '상황에 따라', '맞다')
      await club.until('2026-11-26T20:00+09:00')
      const closed = again(channel, round)
      expect([closed.embeds[0]?.title, closed.buttons]).toEqual([result, []])
      for (const [i, share] of [67, 100, 33].entries()) expect(closed.text).toContain(`**“myth ${i + 1}”**\n${no} · ${mistaken} ${share}%`)
      expect(closed.text).toContain(locale === 'ko' ? '3명이 답했어요' : '3 voters')
      expect(closed.attachments.map(({ contentType }) => contentType)).toEqual(['image/png'])
      expect(closed.attachments[0]?.description).toContain(`“myth 1” ${no} · ${mistaken} 67%`)
      expect(JSON.stringify(closed)).not.toMatch(/미나|Leo|지훈/)

      // The third lesson has come in the morning, and this is the next day for a poll.
      await club.until(second)
      expect(lessonIn(channel).embeds[0]?.title).toContain('3/4')
      const later = postIn(channel, title)
      expect([later.id === round.id, later.buttons]).toEqual([false, [button]])
      expect(again(channel, round).text).toBe(closed.text)
      await takesAStand(mina, later, '아니다', '아니다', '아니다')
      await takesAStand(leo, later, 'True', 'False', 'False')
      await takesAStand(jihun, later, '아니다', '상황에 따라', '아니다')
      await club.until('2026-11-28T20:00+09:00')
      const moved = again(channel, later)
      expect(moved.embeds[0]?.title).toBe(result)
      const shifts = ['67% → 33%', '100% → 33%', '33% → 0%']
      for (const [i, shift] of shifts.entries()) expect(moved.text).toContain(`**“myth ${i + 1}”**\n${no} · ${mistaken} ${shift}`)
      expect(moved.text).toContain(locale === 'ko' ? '그때 3명, 지금 3명이 답했어요' : '3 voters then, 3 now')
      const [picture] = moved.attachments
      expect([picture?.contentType, moved.buttons]).toEqual(['image/png', []])
      for (const shift of shifts) expect(picture?.description).toContain(shift)
      expect(picture?.bytes.equals(closed.attachments[0]?.bytes ?? Buffer.alloc(0))).toBe(false)
      expect(again(channel, round).text).toBe(closed.text)
      expect(await club.store.polls(id, 99)).toHaveLength(6)
      expect(club.troubles()).toEqual([])
    },
  )

  test('of our own course has the three rumours that lead to it', async () => {
    const { round } = await noon({ transport, courses: ours })
    expect(roundOf('ko')).toHaveLength(3)
    for (const [i, statement] of roundOf('ko').entries()) expect(round.text).toContain(`${i + 1}. “${statement}”`)
    expect(round.content.length).toBeLessThanOrEqual(80)
  })
})
