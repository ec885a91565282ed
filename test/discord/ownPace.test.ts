import { describe, expect, test } from 'vitest'
import { courseOf } from '../features/life.ts'
import { messageOf, type Transport, transports } from '../support/discordClub.ts'
import { again, lessonIn, morningClub } from './life.ts'

/** The ninth morning of a club in which Mina answers every day. */
async function ninthDay(transport: Transport) {
  const club = await morningClub({ transport, courses: courseOf(12), settings: { pollDays: [] } })
  const { mina, channel, id } = club
  for (let day = 1; day < 9; day++) {
    await mina.taps(lessonIn(channel), 'A')
    await club.morning(id)
  }
  const lesson = lessonIn(channel)
  expect(lesson.embeds[0]?.title).toBe('오늘의 1% · 9/12 · day 9')
  return { ...club, lesson }
}

describe.each(transports)('who joins on day 9, by %s', (transport) => {
  test.each(['ko', 'en'] as const)(
    'begins with lesson 1 and goes on by the button, while the club’s post stays at 9, in %s',
    async (locale) => {
      const club = await ninthDay(transport)
      const { discord, guild, channel, lesson, store, id } = club
      const isKorean = locale === 'ko'
      const late = discord.person({ guild, name: isKorean ? '소라' : 'Sora', locale: isKorean ? 'ko' : 'en-US' })
      const [own, today, read] = isKorean ? ['내 다음 1%', '/오늘', '더 읽기'] : ['My next 1%', '/today', 'Read more']
      const posts = channel.messages.length

      const asked = messageOf(await late.types(today))
      expect(asked.embeds[0]?.title).toBe(isKorean ? '오늘의 1% · 9/12 · day 9' : "Today's 1% · 9/12 · day 9")
      expect(asked.text).toContain(
        isKorean
          ? '_클럽은 9번째 레슨까지 왔어요. 1번부터 내 속도로 시작해도 돼요. 아래 버튼을 눌러 보세요._'
          : '_The club has come to lesson 9. You can begin with lesson 1 and go at your own pace: the button is below._',
      )
      expect(asked.buttons).toEqual(['A', 'B', read, `${own} · 1/12`])
      let before = asked
      for (const n of [1, 2, 3]) {
        const outcome = await late.taps(before, `${own} · ${n}/12`)
        const card = messageOf(outcome)
        expect([card.ephemeral, card.embeds[0]?.title]).toEqual([true, `${own} · ${n}/12 · day ${n}`])
        expect(card.buttons).toEqual(['A', 'B', read])
        before = messageOf(await late.taps(card, 'A'))
        expect(before.embeds[0]?.title).toBe(isKorean ? '✔ A, 맞아요' : '✔ A is right')
        const counted = isKorean
          ? ['**오늘 1% 완료** · 연속 1일', '이미 채웠어요']
          : ["**Today's 1% is done** · run: 1 day", 'was done already']
        expect(before.text).toContain(counted[n === 1 ? 0 : 1])
        expect(before.buttons).toContain(`${own} · ${n + 1}/12`)
      }

      await club.until(club.now() + 120_000)
      const post = again(channel, lesson)
      expect([post.embeds[0]?.title, channel.messages.length]).toEqual(['오늘의 1% · 9/12 · day 9', posts])
      // It counts who did something today, whichever lesson it was.
      expect(post.text).toContain('_오늘 1명 완료_')
      expect(lessonIn(channel).id).toBe(lesson.id)
      expect((await store.answers(id, late.id)).map((answer) => answer.lesson).sort()).toEqual(['L1', 'L2', 'L3'])
      await club.morning(id)
      expect(lessonIn(channel).embeds[0]?.title).toContain('10/12')
      const next = messageOf(await late.types(today))
      expect(next.buttons).toContain(`${own} · 4/12`)
      expect(next.text).not.toMatch(/1번부터|begin with lesson 1/)
    },
  )

  test('finds the way to it under the verdict, too; who is in step has no such button', async () => {
    const { discord, guild, mina, lesson } = await ninthDay(transport)
    const sora = discord.person({ guild, name: '소라', locale: 'ko' })
    const verdict = messageOf(await sora.taps(lesson, 'A'))
    expect(verdict.buttons).toContain('내 다음 1% · 1/12')
    expect(messageOf(await sora.taps(verdict, '내 다음 1% · 1/12')).embeds[0]?.title).toBe('내 다음 1% · 1/12 · day 1')
    expect(messageOf(await mina.types('/오늘')).buttons).toEqual(['A', 'B', '더 읽기'])
    expect(messageOf(await mina.taps(lesson, 'A')).buttons).toEqual(['한 줄 남기기', '더 읽기'])
    const inStep = messageOf(await mina.forges(3, { custom_id: '1:own-next', component_type: 2, id: 1 }, { under: lesson }))
    expect([inStep.ephemeral, inStep.text]).toEqual([true, expect.stringContaining('클럽과 나란히 왔어요')])
  })
})
