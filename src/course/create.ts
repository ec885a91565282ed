// Purpose: a new course that is complete from its first minute: one small lesson, its lab, a myth and a picture that tell how to write more.
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
  for (const kind of ['diagrams', 'labs']) mkdirSync(join(folder, kind))
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
    'course.yaml': `${stringify({ title: { ko: title, en: title }, locales: ['ko', 'en'] })}# What the course retells; a lesson names the parts it covers, and its footer shows their titles.
sections:
  intro: { ko: 들어가며, en: Introduction }
`,
    'sources.yaml': `# Where the facts come from. A sentence names a key like this: [^S01].
S01:
  title: An example source
  kind: primary
  url: https://example.com/
  checked: 2026-01-01
`,
    '01-first.ko.md': `---
# id: 진도가 이 이름으로 저장되니 바꾸지 마세요. 파일 이름은 바꿔도 됩니다.
id: L01
title: 첫 레슨
hook: 잠금 화면에 보이는 한 줄, 80자까지
sections: [intro]
pictures: { channel: first }
map:
  - { from: 레슨, link: 채움, to: 오늘 1% }
---
여기가 채널에 올라가는 글입니다. 한 레슨에 **생각 하나**만 담으세요.

질문과 보기까지 합쳐 12줄 안에서, 짧게 씁니다.

## 더 읽기

"더 읽기"를 누른 사람에게만 보이는 글입니다. 1,200자까지 씁니다.

## 본문

전체 레슨입니다. 3,000자까지 씁니다. 사실을 적은 문장은 출처로 끝납니다.[^S01]

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
sections: [intro]
pictures: { channel: first }
map:
  - { from: lesson, link: completes, to: today's 1% }
---
This part is posted in the channel. Keep it to **one idea**.

With the question and its options it stays within 12 lines, and short.

## Read more

Only those who press "Read more" see this part. It takes up to 1,200 characters.

## Full lesson

The whole lesson. It takes up to 3,000 characters. A sentence that states a fact ends with its source.[^S01]

## Question

How do you add the next lesson?

- [x] Write the file 02-name.ko.md
  > Right. Write its English version, 02-name.en.md, too.
- [ ] Write over this file
  > That changes this lesson; it does not make a new one.
`,
    'labs/L01.yaml': `title: { ko: 첫 실습, en: The first lab }
minutes: 5
steps:
  - do: { ko: 한 단계에 한 가지만 합니다., en: One step does one thing. }
    run: |
      echo hello
    see: { ko: 무엇이 보이면 되는지 적습니다., en: Say what one should see. }
    output: |
      hello
    expect: [hello]
cleanup:
  do: { ko: 무엇을 어떻게 치우는지 적습니다., en: Say how to clean up. }
wsl2: { ko: WSL2에서 무엇이 다른지 적습니다., en: Say what differs on WSL2. }
macos: { ko: 맥에서 무엇이 다른지 적습니다., en: Say what differs on a Mac. }
without: { ko: 리눅스가 없는 사람은 출력을 읽습니다., en: Who has no Linux reads the output. }
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
