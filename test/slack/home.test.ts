import { describe, expect, test } from 'vitest'
import { told } from '../support/ourCourse.ts'
import { messageOf, modalOf, slackClub, transports } from '../support/slackClub.ts'
import { morningClub, wordsOf } from './life.ts'

describe.each(transports)('the App Home, by %s', (transport) => {
  test('shows today’s lesson, my streak and what is next, in my language', async () => {
    const { mina, leo } = await morningClub({ transport })
    expect(mina.home).toBeUndefined()
    await mina.opensHome()
    expect(mina.home?.words).toMatch(/^오늘의 1% · 1\/24/)
    expect(mina.home?.words).toMatch(/\*연속\*\n0일[\s\S]*\*다음\*\n다음 레슨: <!date/)
    expect(mina.home?.buttons).toEqual(['A', 'B', 'C', '더 읽기', '왜 이럴까?'])
    expect(mina.home?.images).toHaveLength(1)
    await leo.opensHome()
    expect(leo.home?.words).toMatch(/^Today's 1% · 1\/24/)
  })

  test('its buttons answer in a modal, and the page follows what one does, here and in the channel', async () => {
    const { mina, leo, lesson, slack } = await morningClub({ transport })
    await mina.opensHome()
    const home = mina.home
    if (!home) throw new Error('the page was opened')
    const verdict = modalOf(await mina.taps(home, 'C'))
    expect(verdict.words).toMatch(/^✔ C, 맞아요\n/)
    await slack.until(() => mina.home?.words.includes('오늘은 채웠어요 · 연속 1일'))
    const next = await mina.taps(verdict, '다음 질문')
    expect(modalOf(next).words).toContain(wordsOf(told(1, 'ko').questions[1]?.text))
    const before = slack.requests.filter(({ method }) => method === 'views.publish').length
    await leo.taps(lesson, 'C')
    await leo.opensHome()
    await slack.until(() => leo.home?.words.includes('Today is done'))
    // Whoever never opened a page has none, and nobody's page is drawn by what others do.
    expect(slack.requests.filter(({ method }) => method === 'views.publish')).toHaveLength(before + 1)
    await leo.types('/1p checkin a door is not a wall')
    await slack.until(() => slack.requests.filter(({ method }) => method === 'views.publish').length === before + 2)
  })

  test('a form that is opened in it is answered where it was', async () => {
    const { mina, store, id, slack } = await morningClub({ transport })
    await mina.opensHome()
    const verdict = modalOf(await mina.taps(mina.home ?? fail(), 'C'))
    const form = modalOf(await mina.taps(verdict, '한 줄 남기기'))
    expect(form.fields).toHaveLength(1)
    const kept = modalOf(await mina.submits(form, { 한줄: '집에서 남긴 한 줄' }))
    expect(kept.words).toContain('> 집에서 남긴 한 줄')
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['집에서 남긴 한 줄', undefined])
    expect(slack.requests.some(({ method }) => method === 'chat.postEphemeral')).toBe(false)
  })

  test('a conflict with an older page is overcome', async () => {
    const { mina, slack, troubles } = await morningClub({ transport })
    await mina.opensHome()
    slack.faults.push({
      match: (method, { hash }) => method === 'views.publish' && hash !== undefined,
      times: 1,
      do: { kind: 'error', error: 'hash_conflict' },
    })
    await mina.types('/1퍼센트 인증 다시')
    await slack.until(() => mina.home?.words.includes('연속 1일'))
    expect(troubles()).toEqual([])
  })
})

test('before the club started it says so', async () => {
  const club = await slackClub()
  const { team } = club.workspace()
  const mina = club.slack.person({ team, name: '미나' })
  await mina.opensHome()
  expect(mina.home?.words).toContain('클럽이 아직 시작하지 않았어요. 운영자가 `/1퍼센트 클럽`\u200b에서 시작할 수 있어요.')
  expect(messageOf(await mina.types('/1퍼센트 오늘')).words).toContain('아직 시작하지 않았어요')
})

function fail(): never {
  throw new Error('the page was opened')
}
