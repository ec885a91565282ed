import { describe, expect, test } from 'vitest'
import { messageOf, modalOf, transports } from '../support/slackClub.ts'
import { morningClub } from './life.ts'

describe.each(transports)('what is typed, by %s', (transport) => {
  test('help answers always: without a word, by name, in a direct message, in both languages', async () => {
    const { mina, leo } = await morningClub({ transport })
    for (const answer of [await mina.types('/1퍼센트'), await mina.types('/1p 도움말'), await mina.typesInDm('/1퍼센트 도움말')]) {
      expect(messageOf(answer).words).toContain('• `/1퍼센트 오늘` 오늘의 1%: 레슨과 질문')
      expect(messageOf(answer).words).toContain('• `/1퍼센트 흐름` 쿠버네티스가 컨테이너를 만드는 길, 버전별로')
      expect(messageOf(answer).words).not.toContain('`/1퍼센트 클럽`')
    }
    for (const answer of [await leo.types('/1p help'), await leo.typesInDm('/1p')]) {
      expect(messageOf(answer).words).toContain("• `/1p today` today's 1%: the lesson and its question")
    }
  })

  test('an unknown word gets the nearest one', async () => {
    const { mina, leo } = await morningClub({ transport })
    expect(messageOf(await mina.types('/1퍼센트 순의')).words).toBe(
      '“순의” 명령은 없어요. 혹시 `/1퍼센트 순위`\u200b인가요? `/1퍼센트 도움말`\u200b에 모두 있어요.',
    )
    expect(messageOf(await leo.types('/1p tody')).words).toContain('Did you mean `/1p today`?')
  })

  test('a line is kept as it was typed, and without one a form asks for it', async () => {
    const { mina, leo, store, id } = await morningClub({ transport })
    const kept = messageOf(await mina.types('/1퍼센트 인증 cgroup은 "재는 자" & namespace는 <벽>, @leo 고마워'))
    expect(kept.words).toContain('> cgroup은 "재는 자" &amp; namespace는 &lt;벽&gt;, @leo 고마워')
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['cgroup은 "재는 자" & namespace는 <벽>, @leo 고마워'])
    const form = modalOf(await leo.types('/checkin'))
    expect([form.title, form.fields[0]?.label]).toEqual(['One line about today', 'note'])
    const sent = await leo.submits(form, { note: 'chroot is a door' })
    expect(messageOf(sent).words).toContain('> chroot is a door')
    expect(messageOf(await leo.taps(messageOf(sent), 'Share this line')).words).toContain('It goes into the channel now')
  })

  test('options in either language, mentions, dates', async () => {
    const { mina, leo, lesson } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    const others = messageOf(await leo.types(`/1p streak @${mina.handle}`))
    expect([others.words.split('\n')[0], others.images.length]).toEqual(["미나's streak", 1])
    expect(messageOf(await mina.types('/1퍼센트 순위 이번주')).words).toContain('미나')
    expect(messageOf(await mina.types('/leaderboard by:total')).words).toContain('누적')
    expect(messageOf(await leo.types('/1p pause 2026-11-27')).words).toMatch(/Paused from .* through /)
    expect(messageOf(await leo.types('/1p settings zone Europe/Berlin')).words).toContain('Europe/Berlin')
    expect(messageOf(await mina.types('/1퍼센트 레슨 2')).words).toMatch(/^레슨 · 2\/24/)
  })

  test('what fits nowhere is refused in words, and a stranger’s mention finds nobody', async () => {
    const { mina, leo, slack } = await morningClub({ transport })
    expect(messageOf(await mina.types('/leaderboard 행운')).words).toContain('“by”에는 “행운”을 쓸 수 없어요')
    expect(messageOf(await mina.types('/today 어제')).words).toContain('“어제”')
    const nobody = slack.person({ team: slack.team(), name: '남' })
    expect(messageOf(await leo.types(`/1p streak @${nobody.handle}`)).words).toContain('There is no streak to show for')
  })

  test('in a direct message everything works but what belongs to a channel', async () => {
    const { mina, owner } = await morningClub({ transport })
    expect(messageOf(await mina.typesInDm('/1퍼센트 오늘')).buttons).toContain('A')
    expect(messageOf(await owner.typesInDm('/1퍼센트 클럽')).words).toContain('다음 레슨')
    expect(messageOf(await owner.taps(messageOf(await owner.typesInDm('/1퍼센트 클럽')), '여기로 옮기기')).words).toContain(
      '보통 텍스트 채널',
    )
  })

  test('a message of one’s own becomes the line of the day by its shortcut; somebody else’s does not', async () => {
    const { mina, leo, channel, store, id } = await morningClub({ transport })
    const written = mina.writes(channel, 'PID 1은 고아를 거둬요 https://example.org')
    expect(messageOf(await mina.shortcut(written, 'note')).words).toContain('PID 1은 고아를 거둬요')
    expect(messageOf(await leo.shortcut(written, 'note')).words).toContain('A line is your own')
    const long = leo.writes(channel, 'word '.repeat(200))
    expect(messageOf(await leo.shortcut(long, 'note')).words).toContain('… +')
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['PID 1은 고아를 거둬요 https://example.org'])
  })

  test('one’s data is shown, taken away in a direct message, and erased', async () => {
    const { mina, lesson, store, id } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    const taken = await mina.types('/1퍼센트 내데이터 받기')
    expect(messageOf(taken).words).toMatch(/파일은 저와의 다이렉트 메시지로 보냈어요/)
    const [file] = mina.inDm.flatMap(({ files }) => files)
    expect(JSON.parse(file?.bytes.toString() ?? '')).toMatchObject({ member: { name: '미나' } })
    const asked = await mina.taps(messageOf(await mina.types('/1퍼센트 내데이터')), '모두 지우기')
    const erased = await mina.taps(messageOf(asked), '네, 지금 지워요')
    expect([erased.replaced, messageOf(erased).words]).toEqual([true, expect.stringContaining('기록을 모두 지웠어요')])
    expect(await store.member(id, mina.id)).toBeUndefined()
  })
})
