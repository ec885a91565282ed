// Purpose: a course that was just created is a good course already.
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCourse } from '../../src/course/create.ts'
import { emptyDesk } from './desk.ts'

test('a new course passes the check and can be posted', () => {
  const at = emptyDesk()
  const files = createCourse(at.content, 'Reading the network')
  expect(files.map((file) => file.slice(at.content.length))).toEqual(
    ['course.yaml', 'sources.yaml', '01-first.ko.md', '01-first.en.md', 'labs/L01.yaml', 'diagrams/first.yaml', 'myths.yaml'].map((file) =>
      join('/courses/reading-the-network', file),
    ),
  )
  expect(files.every((file) => existsSync(file))).toBe(true)
  expect(at.check()).toEqual([])
  expect(at.load().courses).toMatchObject([
    {
      id: 'reading-the-network',
      title: { ko: 'Reading the network' },
      lessons: [{ id: 'L01', pictures: { channel: { id: 'first' } }, lab: { minutes: 5 } }],
      myths: [{ id: 'M01' }],
    },
  ])
})

test('nothing is overwritten', () => {
  const at = emptyDesk()
  createCourse(at.content, '네트워크 읽기')
  expect(() => createCourse(at.content, '네트워크, 읽기!')).toThrow('네트워크-읽기 exists already; choose another title')
  expect(() => createCourse(at.content, '  ')).toThrow('The course has no title')
})

test('any title makes a good course, in a folder inside the courses', () => {
  const at = emptyDesk()
  expect(createCourse(at.content, 'ネットワーク').map((file) => basename(join(file, '..')))).toContain('course-1')
  expect(createCourse(at.content, '../..').map((file) => basename(join(file, '..')))).toContain('course-2')
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1 }).filter((title) => title.trim() !== ''),
      (title) => {
        const fresh = join(at.content, `${Math.random()}`)
        const files = createCourse(fresh, title)
        expect(files.every((file) => file.startsWith(join(fresh, 'courses/')))).toBe(true)
      },
    ),
    { numRuns: 50 },
  )
  expect(at.check()).toEqual([])
})
