// Purpose: an author names a lesson in any way that is clear, and hears which ways there are where it is not.
import { expect, test } from 'vitest'
import { createCourse } from '../../src/course/create.ts'
import { findLesson } from '../../src/course/find.ts'
import { desk } from './desk.ts'

const files = ['course.yaml', '01-fence.ko.md', '01-fence.en.md', 'diagrams/fence.yaml'].map((file) => `courses/containers/${file}`)

test('by its id or its number, with its course or without; and all that it is made of', () => {
  const at = desk()
  for (const which of ['L01', 'l01', '1', '01', 'containers/L01', 'containers/1'])
    expect(findLesson(at.content, which), which).toMatchObject({ name: 'L01', shown: { course: { id: 'containers' } }, files })
})

test('one that cannot be shown is found all the same, so that its author hears why', () => {
  const at = desk()
  at.slip('01-fence.ko.md', 'id: L01', 'id: L01\nid: L02')
  expect(findLesson(at.content, 'L01')).toEqual({ name: 'L01', files })
  at.slip('01-fence.en.md', '- [x]', '- [ ]')
  expect(findLesson(at.content, 'L01')).toEqual({ name: '01-fence', files: files.slice(0, 3) })
})

test('what is not there, or there twice', () => {
  const at = desk()
  expect(findLesson(at.content, 'L11')).toEqual({ unknown: 'There is no lesson “L11”; did you mean "L01"?' })
  expect(findLesson(at.content, '40')).toEqual({ unknown: 'There is no lesson “40”; the nearest is 1' })
  expect(findLesson(at.content, 'contaners/L01')).toEqual({ unknown: 'There is no course “contaners”; did you mean "containers"?' })
  createCourse(at.content, 'Networks')
  expect(findLesson(at.content, 'L01')).toEqual({
    unknown: 'Several courses have a lesson “L01”; choose containers/L01 or networks/L01',
  })
  expect(findLesson(at.content, 'networks/L01')).toMatchObject({ shown: { course: { id: 'networks' } } })
})
