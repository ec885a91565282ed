import { expect, test } from 'vitest'
import type { Course, Lab } from '../../src/course/course.ts'
import { courseOf, labels, ours, testClub } from './life.ts'

const lab: Lab = {
  title: { ko: '뿌리 바꾸기', en: 'Move the root' },
  minutes: 7,
  steps: [
    {
      do: { ko: '들어가요.', en: 'Enter.' },
      run: 'sudo chroot x',
      see: { ko: '몇 개만 보여요.', en: 'A few files.' },
      output: 'bin proc',
    },
    { do: { ko: '종이에 그려요.', en: 'Draw it.' } },
  ],
  cleanup: { do: { ko: '떼어 내요.', en: 'Unmount.' }, run: 'sudo umount x' },
  wsl2: { ko: '그대로 돼요.', en: 'Works as it is.' },
  macos: { ko: 'VM에서 해요.', en: 'Use a VM.' },
  without: { ko: '출력을 읽어요.', en: 'Read the output.' },
  notRun: { ko: '데몬이 필요해요.', en: 'It needs a daemon.' },
}

const withLab = (): Course[] =>
  courseOf(3).map((course) => ({
    ...course,
    lessons: course.lessons.map((lesson, i) => (i === 0 ? { ...lesson, lab, requires: [] } : { ...lesson, requires: ['L1'] })),
  }))

test('is a card behind the full lesson: steps, elsewhere, and the way without Linux', async () => {
  const club = await testClub({ courses: withLab() })
  const more = await club.presses('미나', club.button(club.posted('오늘의 1%').card, '더 읽기'))
  const full = await club.presses('미나', club.button(more, '본문 전체'))
  const steps = await club.presses('미나', club.button(full, '실습 · 7분'))
  expect(steps.title).toBe('실습 1 · 뿌리 바꾸기 · 7분')
  expect(steps.text).toBe(
    '**1.** 들어가요.\n```bash\nsudo chroot x\n```\n_이렇게 보여요:_ 몇 개만 보여요.\n\n**2.** 종이에 그려요.\n\n' +
      '**정리하기.** 떼어 내요.\n```bash\nsudo umount x\n```',
  )
  expect([labels(steps), steps.footer]).toEqual([['WSL2나 맥이라면', '리눅스가 없다면'], '데몬이 필요해요.'])
  const elsewhere = await club.presses('미나', club.button(steps, 'WSL2나 맥이라면'))
  expect(elsewhere.text).toBe('**WSL2** 그대로 돼요.\n\n**macOS** VM에서 해요.')
  const without = await club.presses('미나', club.button(elsewhere, '리눅스가 없다면'))
  expect(without.text).toBe('출력을 읽어요.\n\n**1.** 들어가요.\n```\nbin proc\n```\n_이렇게 보여요:_ 몇 개만 보여요.')
  expect((await club.presses('leo', '1:lab-tab:2026-11-24:L1:without', {}, 'en')).text).toContain('Read the output.')
  for (const press of ['1:lab:2026-11-24:L2', '1:lab-tab:2026-11-24:L1:nothing', '1:lab-tab:2026-11-24:L1'])
    expect(await club.refusal('미나', { press })).toMatchObject({ code: 'unknown' })
})

test('the full lesson names what to read before, what to add to the map, and its sources by number', async () => {
  const club = await testClub({ courses: ours })
  const [course] = ours
  const season = '2026-11-24'
  for (const [i, lesson] of (course?.lessons ?? []).entries()) {
    const full = await club.presses('미나', `1:full:${season}:${lesson.id}`)
    const before = course?.lessons.filter(({ id }) => lesson.requires.includes(id)) ?? []
    for (const one of before) expect(full.text.split('\n')[0]).toContain(one.text.ko?.title)
    expect(full.text).toContain('### 지도에 더하기\n- `')
    expect(full.text).not.toContain('[^')
    const sources = await club.presses('미나', club.button(full, '출처'))
    expect(sources.text.match(/^\d+\. /gm)).toHaveLength(lesson.sources.length)
    const numbers = [...full.text.matchAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g)].map(([digits]) =>
      [...digits].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join(''),
    )
    expect(Math.max(...numbers.map(Number))).toBeLessThanOrEqual(lesson.sources.length)
    expect(numbers.length, `lesson ${i + 1}`).toBeGreaterThan(0)
  }
})
