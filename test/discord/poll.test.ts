import { describe, expect, test } from 'vitest'
import { messageOf, type Transport, transports } from '../support/discordClub.ts'
import { oneByOne } from '../support/ourCourse.ts'
import { again, morningClub, postIn } from './life.ts'

/** The club at 12:30, when its first poll has come. */
async function noon(transport: Transport) {
  const club = await morningClub({ transport, courses: oneByOne })
  await club.until('2026-11-25T12:30+09:00')
  return { ...club, poll: postIn(club.channel, '맞을까, 아닐까?') }
}

describe.each(transports)('a poll, by %s', (transport) => {
  test('comes with three answers and the hour of its closing, as each reader’s clock has it', async () => {
    const { poll, guild } = await noon(transport)
    expect(poll.content).toMatch(/^맞을까, 아닐까\? \S/)
    expect(poll.content.length).toBeLessThanOrEqual(80)
    expect(poll.buttons).toEqual(['맞다', '아니다', '상황에 따라'])
    expect(poll.text).toMatch(/<t:\d+:F> \(<t:\d+:R>\)까지/)
    expect(poll.attachments).toEqual([])
    expect(guild.channels).toHaveLength(1)
  })

  test('tells the verdict to the voter at once, and the club no more than a number until it closes', async () => {
    const club = await noon(transport)
    const { poll, channel, mina, leo } = club
    const wrong = messageOf(await mina.taps(poll, '맞다'))
    expect([wrong.ephemeral, wrong.embeds[0]?.title]).toEqual([true, '‘맞다’ 말고 ‘아니다’예요'])
    expect(wrong.text).toContain('출처 (확인한 날):\n- [')
    expect(wrong.text).toContain('**오늘 1% 완료** · 연속 1일')
    const right = messageOf(await leo.taps(poll, '아니다'))
    expect([right.embeds[0]?.title, leo.sees(wrong)]).toEqual(['✔ False, just so', undefined])
    await club.until(club.now() + 180_000)
    const counted = again(channel, poll)
    expect(counted.text).toContain('_지금까지 2명이 답했어요_')
    expect(counted.text).not.toMatch(/정답:|맞혔|%|\d표/)
    expect(counted.attachments).toEqual([])
    expect(JSON.stringify(channel.messages)).not.toMatch(/미나|Leo/)

    await club.until('2026-11-26T20:00+09:00')
    const closed = again(channel, poll)
    expect(closed.embeds[0]?.title).toBe('투표 결과')
    expect(closed.text).toContain('정답: **아니다**')
    expect(closed.text).toContain('2명 가운데 1명이 맞혔어요.\n맞다 50% (1표)\n✔ 아니다 50% (1표)\n상황에 따라 0% (0표)')
    expect(closed.attachments.map(({ contentType }) => contentType)).toEqual(['image/png'])
    expect(closed.attachments[0]?.description).toContain('✔ 아니다 50% (1표)')
    expect(closed.buttons).toEqual([])
    expect(JSON.stringify(closed)).not.toMatch(/미나|Leo/)
  })

  test('keeps the first answer, and takes a change of mind', async () => {
    const club = await noon(transport)
    const { poll, channel, leo, mina } = club
    await leo.taps(poll, '맞다')
    const changed = messageOf(await leo.taps(poll, '상황에 따라'))
    expect(changed.text).toContain('Your first answer, **True**, stands in the count.')
    expect(changed.buttons).toEqual(['I changed my mind'])
    expect(messageOf(await leo.taps(changed, 'I changed my mind')).text).toContain('You now say **It depends**.')
    expect(messageOf(await leo.taps(poll, '맞다')).text).toContain('You voted already; here is the verdict again.')
    await mina.taps(poll, '아니다')
    expect(messageOf(await mina.taps(poll, '맞다')).text).toContain('처음 고른 **아니다**, 그 답이 집계에 남아요.')
    await club.until('2026-11-26T20:00+09:00')
    expect(again(channel, poll).text).toContain('맞다 50% (1표)\n✔ 아니다 50% (1표)\n상황에 따라 0% (0표)')
  })

  test('/poll and /today lead to it, in one’s own language; a vote after the end is told so', async () => {
    const club = await noon(transport)
    const { mina, leo, lesson } = club
    const open = messageOf(await leo.types('/poll'))
    expect([open.ephemeral, open.buttons]).toEqual([true, ['True', 'False', 'It depends']])
    expect(messageOf(await leo.types('/today')).buttons).toContain('A poll is open')
    const today = messageOf(await mina.types('/오늘'))
    const asked = messageOf(await mina.taps(today, '열린 투표 보기'))
    expect(messageOf(await mina.taps(asked, '아니다')).embeds[0]?.title).toBe('✔ 아니다, 맞아요')
    expect(messageOf(await mina.types('/투표')).text).toContain('이미 답했어요. 풀이를 다시 보여 드릴게요.')
    await club.until('2026-11-26T20:00+09:00')
    expect(messageOf(await leo.taps(open, 'True')).text).toMatch(/^This poll is closed\. The answer was: False\./)
    expect(messageOf(await leo.types('/poll')).text).toContain('No poll is open. The next one comes by itself.')
    expect(messageOf(await mina.taps(lesson, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
  })
})
