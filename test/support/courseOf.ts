// Purpose: a course of many short lessons and myths, written as files, for tests that need more days than the real one has yet.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes the course into a folder of its own below `folder` and returns the content folder. */
export function writeCourse(folder: string, lessons: number): string {
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
  opening: true
  statement: ${both(`myth ${n}`)}
  verdict: 'false'
  remarks: { 'true': ${remarks('no')}, 'false': ${remarks('yes')}, depends: ${remarks('hardly')} }
  sources: [S1]
  lesson: L${n}
`,
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
section: section ${n}
sections: [s${n}]
sources: []
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
