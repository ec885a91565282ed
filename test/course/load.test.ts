// Purpose: a course grows, gets corrected and has bad days, and the club goes on.
import { renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lessonRevision } from '../../src/course/revision.ts'
import { desk, lessonEn, lessonKo } from './desk.ts'

function withThreeLessons() {
  const at = desk()
  for (const [file, id] of [
    ['02-chroot', 'L02'],
    ['10-docker', 'L03'],
  ]) {
    at.write(`${file}.ko.md`, lessonKo.replace('id: L01', `id: ${id}`))
    at.write(`${file}.en.md`, lessonEn.replace('id: L01', `id: ${id}`))
  }
  return at
}

function revisionOf(at: ReturnType<typeof desk>) {
  const lesson = at.load().courses[0]?.lessons[0]
  return lesson && lessonRevision(lesson)
}

test('a course is read whole', () => {
  const { courses, problems } = desk().load()
  expect(problems).toEqual([])
  expect(courses).toMatchObject([
    {
      id: 'containers',
      title: { ko: '컨테이너', en: 'Containers' },
      locales: ['ko', 'en'],
      lessons: [
        {
          id: 'L01',
          text: { ko: { title: '울타리 친 프로세스' }, en: { title: 'A process with a fence' } },
          pictures: {
            channel: { id: 'fence', form: 'boxes', direction: 'down', edges: [{ from: 'process', to: 'kernel', dashed: true }] },
          },
        },
      ],
      myths: [{ id: 'M01', verdict: 'depends', lesson: 'L01', sources: [{ title: { en: 'namespaces(7)' }, checked: '2026-11-23' }] }],
    },
  ])
})

test('lessons come in the order of their numbers, courses in that of their folders', () => {
  const at = withThreeLessons()
  at.write('../a-first-one/course.yaml', 'title: { ko: 첫째 }\nlocales: [ko]\n')
  expect(at.load().courses.map(({ id }) => id)).toEqual(['a-first-one', 'containers'])
  expect(at.lessonIds()).toEqual(['L01', 'L02', 'L03'])
})

test('a lesson is inserted: files move, ids stay', () => {
  const at = withThreeLessons()
  for (const locale of ['ko', 'en']) renameSync(at.path(`02-chroot.${locale}.md`), at.path(`03-chroot.${locale}.md`))
  at.write('02-unix.ko.md', lessonKo.replace('id: L01', 'id: L01b'))
  at.write('02-unix.en.md', lessonEn.replace('id: L01', 'id: L01b'))
  expect(at.check()).toEqual([])
  expect(at.lessonIds()).toEqual(['L01', 'L01b', 'L02', 'L03'])
})

test('one bad lesson is left out in both languages, and the others are posted', () => {
  const at = withThreeLessons()
  at.slip('02-chroot.en.md', '- [ ] The', '- [x] The')
  expect(at.lessonIds()).toEqual(['L01', 'L03'])
  expect(at.load().problems).toMatchObject([{ file: 'courses/containers/02-chroot.en.md', line: 30, severity: 'error' }])
})

test('one bad myth, source or diagram leaves the rest alone', () => {
  const at = desk()
  at.slip('myths.yaml', 'verdict: depends', 'verdict: perhaps')
  at.slip('diagrams/fence.yaml', 'direction: down', 'direction: up')
  const [course] = at.load().courses
  expect(course?.myths).toEqual([])
  expect(course?.lessons).toHaveLength(1)
  expect(course?.lessons[0]).toMatchObject({ pictures: {} })
})

test('a correction changes the revision; moving the file or its keys does not', () => {
  const at = desk()
  const before = revisionOf(at)
  expect(before).toMatch(/^[0-9a-f]{16}$/)

  at.slip(
    '01-fence.ko.md',
    'hook: 컨테이너 안의 커널은 누구 것일까요?\nsections: [s03]',
    'sections: [s03]\nhook: 컨테이너 안의 커널은 누구 것일까요?',
  )
  for (const locale of ['ko', 'en']) renameSync(at.path(`01-fence.${locale}.md`), at.path(`07-moved.${locale}.md`))
  expect(revisionOf(at)).toBe(before)

  at.slip('07-moved.ko.md', '함께 써요.\n\n##', '같이 써요.\n\n##')
  expect(revisionOf(at)).not.toBe(before)
})
