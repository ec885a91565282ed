// Purpose: an author's desk for the tests: a content folder of its own, with a small good course to spoil.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { checkCourses } from '../../src/course/check.ts'
import { loadCourses } from '../../src/course/load.ts'
import { formatProblem } from '../../src/course/problem.ts'

export const lessonKo = `---
id: L01
title: 울타리 친 프로세스
hook: 컨테이너 안의 커널은 누구 것일까요?
sections: [s03]
pictures: { channel: fence }
map:
  - { from: 컨테이너, link: 울타리 친, to: 프로세스 }
---
컨테이너는 **울타리 친 프로세스**예요.

## 더 읽기

호스트의 커널을 함께 써요.

## 본문

### 실습

\`\`\`bash
uname -r
\`\`\`

## 질문

컨테이너 안에서는 누구의 커널이 돌까요?

- [ ] 이미지의 커널
  > 이미지에는 사용자 공간의 파일만 있어요.
- [x] 호스트의 **커널**
  > 맞아요.
  > 하나를 함께 써요.[^S01]
`

export const lessonEn = `---
id: L01
title: A process with a fence
hook: Whose kernel runs inside a container?
sections: [s03]
pictures: { channel: fence }
map:
  - { from: container, link: a fenced, to: process }
---
A container is a **process with a fence**.

## Read more

It shares the host's kernel.

## Full lesson

### Lab

\`\`\`bash
uname -r
\`\`\`

## Question

Whose kernel runs inside?

- [ ] The image's
  > An image holds files of user space only.
- [x] The **host's**
  > Right.
  > They share one.[^S01]
`

const course = {
  'course.yaml':
    'title: { ko: 컨테이너, en: Containers }\nlocales: [ko, en]\nsections:\n  s03: { ko: 컨테이너의 정의, en: What a container is }\n',
  'sources.yaml': 'S01:\n  title: namespaces(7)\n  url: https://man7.org/linux/man-pages/man7/namespaces.7.html\n  checked: 2026-11-23\n',
  'myths.yaml': `- id: M01
  statement: { ko: 컨테이너는 가벼운 VM이다., en: A container is a light VM. }
  verdict: depends
  remarks:
    true: { ko: 커널이 하나예요., en: There is one kernel. }
    false: { ko: 비슷한 점도 있어요., en: They have something in common. }
    depends: { ko: 무엇을 보느냐에 달렸어요., en: It depends on what you look at. }
  sources: [S01]
  lesson: L01
`,
  'diagrams/fence.yaml': `title: { ko: 울타리, en: The fence }
alt: { ko: 프로세스가 커널을 함께 쓴다., en: Processes share the kernel. }
direction: down
nodes:
  - { id: process, label: { ko: 프로세스, en: Process } }
  - { id: kernel, label: { ko: 커널, en: Kernel }, note: { ko: 하나, en: one }, tone: kernel }
edges:
  - { from: process, to: kernel, dashed: true }
`,
  '01-fence.ko.md': lessonKo,
  '01-fence.en.md': lessonEn,
}

/** A content folder that is gone when the test is over. */
export function emptyDesk() {
  const content = mkdtempSync(join(tmpdir(), 'course-'))
  onTestFinished(() => rmSync(content, { recursive: true, force: true }))
  const path = (file: string) => join(content, 'courses/containers', file)
  return {
    content,
    path,
    write(file: string, text: string | Uint8Array) {
      mkdirSync(dirname(path(file)), { recursive: true })
      writeFileSync(path(file), text)
    },
    /** Replaces words that are in the file exactly once, as an author's slip would. */
    slip(file: string, was: string, is: string) {
      const text = readFileSync(path(file), 'utf8')
      if (text.split(was).length !== 2) throw new Error(`${file} does not hold this once: ${was}`)
      writeFileSync(
        path(file),
        text.replace(was, () => is),
      )
    },
    remove: (file: string) => rmSync(path(file)),
    load: () => loadCourses(content),
    /** What the author reads. */
    check: () => checkCourses(content).problems.map((problem) => formatProblem(problem).replace('content/courses/containers/', '')),
    lessonIds: () => loadCourses(content).courses.flatMap(({ lessons }) => lessons.map(({ id }) => id)),
  }
}

/** A desk with a good course of one lesson, one myth and one diagram. */
export function desk() {
  const made = emptyDesk()
  for (const [file, text] of Object.entries(course)) made.write(file, text)
  return made
}
