import { expect, test } from 'vitest'
import { courseOf, labels, longClub, ours, testClub } from './life.ts'

const steps = ours.flatMap(({ flow }) => flow?.steps ?? [])

test('shows the newest version first, and one steps back and on', async () => {
  const club = await testClub()
  const newest = await club.says('미나', '/흐름')
  expect(newest.title).toBe(`Kubernetes ${steps.at(-1)?.versions} · ${steps.length}/${steps.length}`)
  expect(labels(newest)).toEqual([`◀ ${steps.at(-2)?.versions}`])
  let card = newest
  for (let i = steps.length - 2; i >= 0; i--) {
    card = await club.presses('미나', club.button(card, `◀ ${steps[i]?.versions}`))
    expect(card.title).toContain(`· ${i + 1}/${steps.length}`)
    expect(card.text).toContain('**달라진 점**')
    expect(card.text).toMatch(/출처[\s\S]*1\. \[/)
    expect(card.image?.picture.kind).toBe('diagram')
    expect(card.image?.alt).not.toBe('')
  }
  expect(labels(card)).toEqual([`${steps[1]?.versions} ▶`])
})

test.each([
  ['1.24', '1.24–1.25'],
  ['v1.24.3', '1.24–1.25'],
  ['1.5', '1.5'],
  ['1.19', '1.10–1.19'],
  ['1.0–1.2', '1.0–1.2'],
])('/flow %s finds %s', async (typed, versions) => {
  const club = await testClub()
  expect((await club.says('leo', '/flow', { version: typed }, 'en')).title).toMatch(new RegExp(`^Kubernetes ${versions} · `))
})

test('a version that is on no map is refused with those that are', async () => {
  const club = await testClub()
  for (const version of ['1.99', '2.0', 'newest', '1.24.']) {
    expect(await club.refusal('미나', { command: '흐름' }, { 버전: version })).toMatchObject({
      code: 'unknown',
      text: expect.stringContaining('1.24–1.25'),
    })
  }
  expect(await club.refusal('미나', { press: '1:flow:99' })).toMatchObject({ code: 'unknown' })
})

test('a course without such a map says so; another course’s map serves where there is one', async () => {
  expect(await (await longClub()).refusal('미나', { command: 'flow' })).toMatchObject({
    code: 'unknown',
    text: '이 코스에는 버전 지도가 없어요.',
  })
  const club = await testClub({ courses: [...courseOf(3), ...ours] })
  expect((await club.says('미나', '/flow')).title).toContain('Kubernetes')
})
