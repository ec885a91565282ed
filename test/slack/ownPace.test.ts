import { describe, expect, test } from 'vitest'
import { courseOf } from '../features/life.ts'
import { messageOf, modalOf, type Transport, transports } from '../support/slackClub.ts'
import { again, lessonIn, morningClub } from './life.ts'

/** The ninth study day of a club in which Mina answers every day. */
async function ninthDay(transport: Transport) {
  const club = await morningClub({ transport, courses: courseOf(12), settings: { pollDays: [] } })
  const { mina, channel, id } = club
  for (let day = 1; day < 9; day++) {
    await mina.taps(lessonIn(channel), 'A')
    await club.morning(id)
  }
  const lesson = lessonIn(channel)
  expect(lesson.words).toMatch(/^오늘의 1% · 9\/12 · day 9\n/)
  return { ...club, lesson }
}

describe.each(transports)('who joins on day 9, by %s', (transport) => {
  test.each(['ko', 'en'] as const)(
    'begins with lesson 1 and goes on by the button, while the club’s post stays at 9, in %s',
    async (locale) => {
      const club = await ninthDay(transport)
      const { slack, team, channel, lesson, store, id } = club
      const isKorean = locale === 'ko'
      const late = isKorean ? slack.person({ team, name: '소라' }) : slack.person({ team, name: 'Sora', locale: 'en-GB' })
      const [own, today, read] = isKorean ? ['내 다음 1%', '/1퍼센트 오늘', '더 읽기'] : ['My next 1%', '/1p today', 'Read more']
      const posts = channel.messages.length

      const asked = messageOf(await late.types(today))
      expect(asked.words.split('\n')[0]).toBe(isKorean ? '오늘의 1% · 9/12 · day 9' : "Today's 1% · 9/12 · day 9")
      expect(asked.words).toContain(
        isKorean
          ? '_클럽은 9번째 레슨까지 왔어요. 1번부터 내 속도로 시작해도 돼요. 아래 버튼을 눌러 보세요._'
          : '_The club has come to lesson 9. You can begin with lesson 1 and go at your own pace: the button is below._',
      )
      expect(asked.buttons).toEqual(['A', 'B', read, `${own} · 1/12`])
      let before = asked
      for (const n of [1, 2, 3]) {
        const card = messageOf(await late.taps(before, `${own} · ${n}/12`))
        expect([card.ephemeral, card.words.split('\n')[0]]).toEqual([true, `${own} · ${n}/12 · day ${n}`])
        expect(card.buttons).toEqual(['A', 'B', read])
        before = messageOf(await late.taps(card, 'A'))
        expect(before.words.split('\n')[0]).toBe(isKorean ? '✔ A, 맞아요' : '✔ A is right')
        const counted = isKorean
          ? ['*오늘 1% 완료* · 연속 1일', '이미 채웠어요']
          : ["*Today's 1% is done* · run: 1 day", 'was done already']
        expect(before.words).toContain(counted[n === 1 ? 0 : 1])
        expect(before.buttons).toContain(`${own} · ${n + 1}/12`)
      }

      await club.until(club.now() + 120_000)
      const post = again(channel, lesson)
      expect([post.words.split('\n')[0], channel.messages.length]).toEqual(['오늘의 1% · 9/12 · day 9', posts])
      // It counts who did something today, whichever lesson it was.
      expect(post.words).toContain('_오늘 1명 완료_')
      expect(lessonIn(channel).id).toBe(lesson.id)
      expect((await store.answers(id, late.id)).map((answer) => answer.lesson).sort()).toEqual(['L1', 'L2', 'L3'])
      await club.morning(id)
      expect(lessonIn(channel).words).toContain('10/12')
      const next = messageOf(await late.types(today))
      expect(next.buttons).toContain(`${own} · 4/12`)
      expect(next.words).not.toMatch(/1번부터|begin with lesson 1/)
    },
  )

  test('finds the way to it under the verdict and in the App Home, too; who is in step has no such button', async () => {
    const { slack, team, mina, lesson } = await ninthDay(transport)
    const sora = slack.person({ team, name: '소라' })
    const verdict = messageOf(await sora.taps(lesson, 'A'))
    expect(verdict.buttons).toContain('내 다음 1% · 1/12')
    expect(messageOf(await sora.taps(verdict, '내 다음 1% · 1/12')).words).toMatch(/^내 다음 1% · 1\/12 · day 1\n/)
    await sora.opensHome()
    if (!sora.home) throw new Error('the page was opened')
    expect(modalOf(await sora.taps(sora.home, '내 다음 1% · 1/12')).words).toMatch(/^내 다음 1% · 1\/12 · day 1\n/)
    expect(messageOf(await mina.types('/1퍼센트 오늘')).buttons).toEqual(['A', 'B', '더 읽기'])
    expect(messageOf(await mina.taps(lesson, 'A')).buttons).toEqual(['한 줄 남기기', '더 읽기'])
  })
})
