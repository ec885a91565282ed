// Purpose: a new course that is complete from its first minute: one small lesson, one myth and one diagram that tell how to write more.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

/**
 * Writes a new course under `courses/` and returns the paths of its files. The folder is named after the title (Latin letters, digits
 * and Hangul), or `course-N` when nothing of it is left. Throws when the folder exists: nothing is ever overwritten.
 */
export function createCourse(contentDir: string, title: string): string[] {
  const name = title.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (!name) throw new Error('The course has no title; write one, such as: npm run club course new "Reading the network"')
  const folder = newFolder(join(contentDir, 'courses'), name)
  mkdirSync(join(folder, 'diagrams'))
  return Object.entries(starter(name)).map(([file, text]) => {
    const path = join(folder, file)
    writeFileSync(path, text, { flag: 'wx' })
    return path
  })
}

function newFolder(courses: string, title: string): string {
  mkdirSync(courses, { recursive: true })
  // Short enough for any file system: a Hangul letter takes three bytes.
  const slug = title
    .toLowerCase()
    .match(/[a-z0-9가-힣]+/g)
    ?.join('-')
    .slice(0, 60)
    .replace(/-$/, '')
  if (slug) {
    const folder = join(courses, slug)
    if (!made(folder)) throw new Error(`${folder} exists already; choose another title, or write lessons in that course`)
    return folder
  }
  for (let n = 1; ; n++) {
    const folder = join(courses, `course-${n}`)
    if (made(folder)) return folder
  }
}

/** False when it was there already. */
function made(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw cause
  }
}

function starter(title: string): Record<string, string> {
  return {
    'course.yaml': stringify({ title: { ko: title, en: title }, locales: ['ko', 'en'] }),
    'sources.yaml': `# Where the facts come from. Lessons and myths name these keys.
S01:
  title: An example source
  url: https://example.com/
  checked: 2026-01-01
`,
    '01-first.ko.md': `---
# id: 진도가 이 이름으로 저장되니 바꾸지 마세요. 파일 이름은 바꿔도 됩니다.
id: L01
title: 첫 레슨
hook: 잠금 화면에 보이는 한 줄, 80자까지
section: 원문에서 이 레슨이 나온 곳
sections: [intro]
diagram: first
sources: [S01]
---
여기가 채널에 올라가는 글입니다. 한 레슨에 **생각 하나**만 담으세요.

질문과 보기까지 합쳐 350자, 12줄 안에서 씁니다.

## 더 읽기

"더 읽기"를 누른 사람에게만 보이는 글입니다. 1,200자까지 씁니다.

## 본문

전체 레슨입니다. 실습과 출처를 담아 3,400자까지 씁니다.

## 질문

다음 레슨은 어떻게 추가할까요?

- [x] 02-이름.ko.md 파일을 만든다
  > 맞습니다. 영어판 02-이름.en.md도 함께 만드세요.
- [ ] 이 파일을 고쳐 쓴다
  > 이 레슨이 바뀔 뿐, 새 레슨은 생기지 않습니다.
`,
    '01-first.en.md': `---
# id: progress is kept by it, so never change it. The file's name may change.
id: L01
title: The first lesson
hook: The one line that a lock screen shows, up to 80 characters
section: The part of the source that this lesson is drawn from
sections: [intro]
diagram: first
sources: [S01]
---
This part is posted in the channel. Keep it to **one idea**.

With the question and its options it stays within 650 characters and 12 lines.

## Read more

Only those who press "Read more" see this part. It takes up to 1,200 characters.

## Full lesson

The whole lesson, with its lab and its sources. It takes up to 3,400 characters.

## Question

How do you add the next lesson?

- [x] Write the file 02-name.ko.md
  > Right. Write its English version, 02-name.en.md, too.
- [ ] Write over this file
  > That changes this lesson; it does not make a new one.
`,
    'diagrams/first.yaml': `title: { ko: 한 레슨의 하루, en: A lesson's day }
alt:
  ko: 글을 읽고 질문에 답하면 오늘 1%가 끝난다.
  en: Reading the post and answering the question completes today's 1%.
direction: right
nodes:
  - { id: read, label: { ko: 읽기, en: Read } }
  - { id: answer, label: { ko: 답하기, en: Answer }, note: { ko: 하루 한 번, en: once a day } }
  - { id: done, label: { ko: 오늘 1%, en: Today's 1% } }
edges:
  - { from: read, to: answer }
  - { from: answer, to: done, label: { ko: 맞든 틀리든, en: right or wrong } }
`,
    'myths.yaml': `# Statements that members vote on. verdict: true, false or depends; one remark for each answer.
- id: M01
  statement:
    ko: 레슨 파일의 이름을 바꾸면 멤버의 진도가 사라진다.
    en: Renaming a lesson's file loses the members' progress.
  verdict: false
  remarks:
    true:
      ko: 진도는 파일 이름이 아니라 id로 저장됩니다.
      en: Progress is kept by the id, and not by the file's name.
    false:
      ko: 맞습니다. id가 그대로면 진도도 그대로입니다.
      en: Right. While the id stays, so does the progress.
    depends:
      ko: id가 그대로라면 언제나 안전합니다.
      en: While the id stays, it is always safe.
  sources: [S01]
  lesson: L01
`,
  }
}
