// Purpose: a course of many short lessons and myths, written as files, for tests that need more days than the real one has yet.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../../src/course/course.ts'
import { loadCourses } from '../../src/course/load.ts'
import { tempFolder } from './testClub.ts'

interface Options {
  /** The first three myths are asked together: before one lesson, and again after another. */
  readonly round?: { readonly before: string; readonly again: string }
}

/** Writes the course into a folder of its own below `folder` and returns the content folder. */
export function writeCourse(folder: string, lessons: number, { round }: Options = {}): string {
  const content = join(folder, 'content')
  const course = join(content, 'courses', 'many-days')
  mkdirSync(course, { recursive: true })
  const numbers = Array.from({ length: lessons }, (_, i) => i + 1)
  const both = (words: string) => `{ ko: '${words}', en: '${words}' }`
  writeFileSync(join(course, 'course.yaml'), `title: ${both('Many days')}\nlocales: [ko, en]\n`)
  writeFileSync(join(course, 'sources.yaml'), "S1: { title: a source, url: 'https://example.org/', checked: '2026-11-23' }\n")
  const remarks = (words: string) => `{ ko: '${words}', en: '${words}' }`
  const myths = numbers.map(
    (n) => `- id: M${n}
  statement: ${both(`myth ${n}`)}
  verdict: 'false'
  remarks: { 'true': ${remarks('no')}, 'false': ${remarks('yes')}, depends: ${remarks('hardly')} }
  sources: [S1]
  lesson: L1
${round && n <= 3 ? `  before: ${round.before}\n  again: ${round.again}\n` : ''}`,
  )
  writeFileSync(join(course, 'myths.yaml'), myths.join(''))
  for (const n of numbers) {
    for (const [locale, more, full, question] of [
      ['ko', '더 읽기', '본문', '질문'],
      ['en', 'Read more', 'Full lesson', 'Question'],
    ]) {
      writeFileSync(
        join(course, `${String(n).padStart(2, '0')}-day.${locale}.md`),
        `---
id: L${n}
title: day ${n}
hook: hook ${n}
---
Channel ${n}.

## ${more}

More ${n}.

## ${full}

Full ${n}.

## ${question}

Which one?

- [x] this
  > Yes.
- [ ] that
  > No.
`,
      )
    }
  }
  return content
}

/** Four lessons: “myth 1” to “myth 3”, none of them true, are a round on the first day, and again after the third lesson. */
export const roundCourse = (): Course[] => loadCourses(writeCourse(tempFolder(), 4, { round: { before: 'L2', again: 'L3' } })).courses
