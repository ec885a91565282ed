import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { courseTitle, labOf, told } from '../support/ourCourse.ts'
import { again, lessonIn, morningClub } from './life.ts'

const [korean, english] = [told(1, 'ko'), told(1, 'en')]

describe.each(transports)('the daily lesson, by %s', (transport) => {
  test('stands in the channel with a line for the lock screen, a picture in words, and its buttons', async () => {
    const { lesson, channel, guild } = await morningClub({ transport })
    expect(lesson.content).toBe(korean.hook)
    expect(lesson.content.length).toBeLessThanOrEqual(80)
    expect(lesson.ephemeral).toBe(false)
    const [embed] = lesson.embeds
    expect(embed?.title).toBe(`오늘의 1% · 1/24 · ${korean.title}`)
    const [question] = korean.questions
    expect(embed?.description).toContain(`**${question?.text}**\n**A**  ${question?.options[0]?.text}\n**B**  `)
    expect(embed?.footer?.text).toBe(`${courseTitle('ko')} · ${korean.section}`)
    expect(lesson.attachments).toEqual([expect.objectContaining({ name: 'picture.png', contentType: 'image/png' })])
    expect(lesson.attachments[0]?.description?.length).toBeGreaterThan(20)
    expect(embed?.image?.url).toContain('picture.png')
    expect(lesson.buttons).toEqual(['A', 'B', 'C', '더 읽기'])
    expect(channel.messages.filter(({ buttons }) => buttons.includes('A'))).toHaveLength(1)
    expect(guild.channels).toHaveLength(1)
  })

  test('one tap brings the verdict and the streak, to the one who tapped alone, in their language', async () => {
    const { mina, leo, lesson, channel } = await morningClub({ transport })
    const before = channel.messages.length
    const wrong = messageOf(await mina.taps(lesson, 'A'))
    expect(wrong.embeds[0]?.title).toBe('A 말고 C예요')
    expect(wrong.text).toContain(`${korean.questions[0]?.options[0]?.remark}\n\n**C** · ${korean.questions[0]?.options[2]?.remark}`)
    expect(wrong.text).toContain('**오늘 1% 완료** · 연속 1일')
    expect(wrong.text).toContain('순위표에는 **미나**로 보여요')
    expect(wrong.buttons).toEqual(['한 줄 남기기', '다음 질문', '더 읽기', '별명 쓰기', '숨기기', '기록 안 남기기'])
    const right = messageOf(await leo.taps(lesson, 'C'))
    expect(right.embeds[0]?.title).toBe('✔ C is right')
    expect(right.text).toContain("**Today's 1% is done** · run: 1 day")
    expect(right.text).toContain('The boards show you as **Leo**')
    expect([wrong.ephemeral, right.ephemeral, leo.sees(wrong), mina.sees(right)]).toEqual([true, true, undefined, undefined])
    expect(channel.messages).toHaveLength(before)
    const later = messageOf(await mina.taps(lesson, 'C'))
    expect(later.embeds[0]?.title).toBe('✔ C, 맞아요')
    expect(later.text).toContain('처음 고른 답은 **A**, 그 답이 기록에 남아요.')
  })

  test('leads on: the next question, more, the whole lesson, and back to the question', async () => {
    const { mina, leo, lesson } = await morningClub({ transport })
    const verdict = messageOf(await leo.taps(lesson, 'B'))
    const second = messageOf(await leo.taps(verdict, 'Next question'))
    expect(second.text).toContain(`**${english.questions[1]?.text}**`)
    const answered = messageOf(await leo.taps(second, 'A'))
    expect(answered.embeds[0]?.title).toBe('✔ A is right')
    expect(answered.text).toContain("Kept. Today's 1% was done already · run: 1 day")
    expect(answered.buttons).not.toContain('Next question')
    const more = messageOf(await mina.taps(lesson, '더 읽기'))
    expect([more.ephemeral, more.buttons]).toEqual([true, ['본문 전체']])
    const full = messageOf(await mina.taps(more, '본문 전체'))
    expect(full.buttons).toEqual(['질문으로', `실습 · ${labOf(1).minutes}분`, '출처'])
    expect(full.text).toContain(korean.full)
    expect(full.text).toContain('### 지도에 더하기\n- `')
    const question = messageOf(await mina.taps(full, '질문으로'))
    expect(question.buttons).toEqual(['A', 'B', 'C'])
    expect(messageOf(await mina.taps(question, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
  })

  test('a line is left in a form that a button opens', async () => {
    const { mina, lesson, store, id } = await morningClub({ transport })
    const verdict = messageOf(await mina.taps(lesson, 'C'))
    const { modal } = await mina.taps(verdict, '한 줄 남기기')
    expect([modal?.title, modal?.fields.map(({ label, description }) => [label, description])]).toEqual([
      '오늘의 한 줄',
      [['한줄', '오늘 공부한 것 한 줄. 공유하기 전에는 나만 봐요']],
    ])
    if (!modal) throw new Error('a form was asked for')
    const kept = await mina.submits(modal, { 한줄: '루틴' })
    expect([kept.message?.ephemeral, kept.message?.id === verdict.id]).toEqual([true, false])
    expect(kept.message?.text).toContain('> 루틴')
    expect((await store.acts(id, mina.id)).map(({ kind, note }) => [kind, note])).toEqual([
      ['checkin', '루틴'],
      ['answer', undefined],
    ])
  })

  test('counts who is done in the post itself, which calls nobody and keeps its picture', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, lesson, channel } = club
    const picture = lesson.attachments[0]?.bytes
    await mina.taps(lesson, 'C')
    await leo.taps(lesson, 'A')
    await club.until(club.now() + 120_000)
    const edited = again(channel, lesson)
    expect(edited.text).toContain('_오늘 2명 완료_')
    expect([edited.content, edited.buttons]).toEqual([lesson.content, lesson.buttons])
    expect(edited.attachments.map(({ bytes, description }) => [bytes.equals(picture ?? Buffer.alloc(0)), description])).toEqual([
      [true, lesson.attachments[0]?.description],
    ])
    expect(edited.editedTimes).toBeLessThanOrEqual(2)
    expect(messageOf(await mina.types('/오늘')).text).toContain('오늘은 채웠어요 · 연속 1일')
  })

  test('speaks the club’s language in the channel and each member’s own in their answers', async () => {
    const { mina, leo, lesson } = await morningClub({ transport, settings: { locale: 'en' } })
    expect(lesson.embeds[0]?.title).toBe(`Today's 1% · 1/24 · ${english.title}`)
    expect(lesson.buttons).toEqual(['A', 'B', 'C', 'Read more'])
    expect(messageOf(await mina.taps(lesson, 'B')).embeds[0]?.title).toBe('B 말고 C예요')
    expect(messageOf(await mina.taps(lesson, 'Read more')).buttons).toEqual(['본문 전체'])
    expect(messageOf(await leo.taps(lesson, 'B')).embeds[0]?.title).toBe('Not B, it is C')
  })

  test('one whose client speaks another language reads the club’s', async () => {
    const { guild, discord, lesson } = await morningClub({ transport })
    const yuki = discord.person({ guild, name: 'Yuki', locale: 'ja' })
    expect(messageOf(await yuki.taps(lesson, 'C')).embeds[0]?.title).toBe('✔ C, 맞아요')
  })

  test('the next morning brings the next one; yesterday’s buttons go on working', async () => {
    const club = await morningClub({ transport })
    const { mina, lesson, channel, id } = club
    await mina.taps(lesson, 'C')
    await club.morning(id)
    const next = lessonIn(channel)
    expect(next.embeds[0]?.title).toBe(`오늘의 1% · 2/24 · ${told(2, 'ko').title}`)
    expect(messageOf(await mina.taps(next, 'A')).text).toContain('**오늘 1% 완료** · 연속 2일')
    expect(messageOf(await mina.taps(lesson, 'C')).text).toContain('처음 고른 답은 **C**')
    expect(messageOf(await mina.taps(lesson, '더 읽기')).buttons).toEqual(['본문 전체'])
  })
})
