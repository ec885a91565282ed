import { describe, expect, test } from 'vitest'
import { courseTitle, labOf, told } from '../support/ourCourse.ts'
import { messageOf, modalOf, transports } from '../support/slackClub.ts'
import { again, lessonIn, morningClub, wordsOf } from './life.ts'

const [korean, english] = [told(1, 'ko'), told(1, 'en')]
const [question] = korean.questions

describe.each(transports)('the daily lesson, by %s', (transport) => {
  test('stands in the channel with the hook first, a picture in words, and its question as buttons', async () => {
    const { lesson, channel, slack } = await morningClub({ transport })
    const [hook = '', title] = lesson.text.split('\n')
    expect(hook).toBe(korean.hook)
    expect(hook.length).toBeLessThanOrEqual(80)
    expect(title).toBe(`오늘의 1% · 1/24 · ${korean.title}`)
    expect(lesson.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'image', 'actions', 'context'])
    const asked = `*${wordsOf(question?.text)}*\n*A*  ${wordsOf(question?.options[0]?.text)}\n*B*  `
    expect(lesson.words).toContain(asked)
    expect(lesson.words).toContain(wordsOf(`${courseTitle('ko')} · ${korean.section}`))
    expect(lesson.images).toEqual([expect.objectContaining({ alt: expect.stringMatching(/.{20}/) })])
    expect(lesson.images[0]?.bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(lesson.buttons).toEqual(['A', 'B', 'C', '더 읽기'])
    // A screen reader reads the text instead of the blocks: it says the same.
    for (const words of [asked, wordsOf(courseTitle('ko')), wordsOf(lesson.images[0]?.alt)]) expect(lesson.text).toContain(words)
    expect(lesson.pinged).toEqual({ everyone: false, users: [], groups: [] })
    expect(channel.messages).toHaveLength(1)
    expect(slack.requests.filter(({ method, error }) => method === 'chat.postMessage' && error === undefined)).toHaveLength(1)
  })

  test('one tap brings the verdict and the streak, to the one who tapped alone, in their language', async () => {
    const { mina, leo, lesson, channel } = await morningClub({ transport })
    const wrong = messageOf(await mina.taps(lesson, 'A'))
    expect(wrong.ephemeral).toBe(true)
    expect(wrong.words).toMatch(/^A 말고 C예요\n/)
    expect(wrong.words).toContain(`${wordsOf(question?.options[0]?.remark)}\n\n*C* · ${wordsOf(question?.options[2]?.remark)}`)
    expect(wrong.words).toContain('*오늘 1% 완료* · 연속 1일')
    expect(wrong.words).toContain('순위표에는 *미나*\u200b로 보여요')
    expect(wrong.words).toContain('`/1퍼센트 설정`')
    expect(wrong.buttons).toEqual(['한 줄 남기기', '다음 질문', '더 읽기', '별명 쓰기', '숨기기', '기록 안 남기기'])
    const right = messageOf(await leo.taps(lesson, 'C'))
    expect(right.words).toMatch(/^✔ C is right\n/)
    expect(right.words).toContain("*Today's 1% is done* · run: 1 day")
    expect(channel.messages).toHaveLength(1)
    const later = messageOf(await mina.taps(lesson, 'C'))
    expect(later.words).toMatch(/^✔ C, 맞아요\n/)
    expect(later.words).toContain('처음 고른 답은 *A*, 그 답이 기록에 남아요.')
  })

  test('leads on: the next question, more, the whole lesson, and back to the question', async () => {
    const { mina, leo, lesson } = await morningClub({ transport })
    const verdict = messageOf(await leo.taps(lesson, 'B'))
    const second = messageOf(await leo.taps(verdict, 'Next question'))
    expect(second.words).toContain(`*${wordsOf(english.questions[1]?.text)}*`)
    expect(messageOf(await leo.taps(second, 'A')).words).toMatch(/^✔ A is right\n/)
    const more = messageOf(await mina.taps(lesson, '더 읽기'))
    const full = messageOf(await mina.taps(more, '본문 전체'))
    expect(full.buttons).toEqual(['질문으로', `실습 · ${labOf(1).minutes}분`, '출처'])
    for (const line of korean.full.split('\n\n')) expect(full.words).toContain(wordsOf(line))
    expect(full.words).toContain('*지도에 더하기*\n\n• `')
    const question = messageOf(await mina.taps(full, '질문으로'))
    expect(messageOf(await mina.taps(question, 'C')).words).toMatch(/^✔ C, 맞아요/)
  })

  test('a line is left in a form that a button opens; what is wrong stands at its field', async () => {
    const { mina, lesson, store, id } = await morningClub({ transport })
    const verdict = messageOf(await mina.taps(lesson, 'C'))
    const form = modalOf(await mina.taps(verdict, '한 줄 남기기'))
    expect([form.title, form.fields.map(({ label, hint, kind, maxLength }) => [label, hint, kind, maxLength])]).toEqual([
      '오늘의 한 줄',
      [['한줄', '오늘 공부한 것 한 줄. 공유하기 전에는 나만 봐요', 'paragraph', 300]],
    ])
    const refused = await mina.submits(form, { 한줄: '보이지 않는 글자\u0007' })
    expect(refused.errors).toEqual({ 한줄: '“note”에 보여 줄 수 없는 문자가 있어요. 보통 글자로 적어 주세요.' })
    const kept = await mina.submits(form, { 한줄: '루틴 <!channel> *별*' })
    expect(messageOf(kept).words).toContain('> 루틴 &lt;!channel&gt; *별*')
    expect(messageOf(kept).ephemeral).toBe(true)
    expect((await store.acts(id, mina.id)).map(({ kind, note }) => [kind, note])).toEqual([
      ['checkin', '루틴 <!channel> *별*'],
      ['answer', undefined],
    ])
  })

  test('counts who is done in the post itself, and shows the picture that it has', async () => {
    const club = await morningClub({ transport })
    const { mina, leo, lesson, channel, slack } = club
    await mina.taps(lesson, 'C')
    await leo.taps(lesson, 'A')
    await club.until(club.now() + 120_000)
    const edited = again(channel, lesson)
    expect(edited.words).toContain('_오늘 2명 완료_')
    expect([edited.buttons, edited.images.map(({ fileId }) => fileId)]).toEqual([lesson.buttons, lesson.images.map(({ fileId }) => fileId)])
    expect(edited.editedTimes).toBeLessThanOrEqual(2)
    expect(slack.requests.filter(({ method }) => method === 'files.completeUploadExternal')).toHaveLength(1)
    expect(messageOf(await mina.types('/1퍼센트 오늘')).words).toContain('오늘은 채웠어요 · 연속 1일')
  })

  test('speaks the club’s language in the channel and each member’s own in their answers', async () => {
    const { mina, leo, lesson } = await morningClub({ transport, settings: { locale: 'en' } })
    expect(lesson.words).toContain(`Today's 1% · 1/24 · ${wordsOf(english.title)}\n`)
    expect(messageOf(await mina.taps(lesson, 'B')).words).toMatch(/^B 말고 C예요/)
    expect(messageOf(await leo.taps(lesson, 'B')).words).toMatch(/^Not B, it is C/)
  })

  test('rests at the weekend, and goes on on Monday', async () => {
    const club = await morningClub({ transport, settings: { pollDays: [] } })
    await club.until('2026-11-29T23:00+09:00')
    const titles = () => club.channel.messages.map(({ words }) => words.split('\n')[0])
    expect(titles()).toHaveLength(3)
    await club.until('2026-11-30T09:00+09:00')
    expect(titles().at(-1)).toMatch(/^오늘의 1% · 4\/24/)
    expect(messageOf(await club.mina.taps(lessonIn(club.channel), 'A')).words).toContain('*오늘 1% 완료*')
  })
})
