// Purpose: a lesson file is read as it was written, and no text whatever makes the parser throw.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLesson } from '../../src/course/parse.ts'
import { parseCourse, parseDiagram, parseFlow, parseLab, parseMyths, parseSources, parseUnverified } from '../../src/course/shapes.ts'
import { lessonKo } from './desk.ts'

test('a good lesson keeps its Markdown as it was written', () => {
  const { value, problems } = parseLesson(lessonKo, '01-fence.ko.md', 'ko')
  expect(problems).toEqual([])
  expect(value?.front).toMatchObject({ id: 'L01', pictures: { channel: 'fence' }, sections: ['s03'], requires: [] })
  expect(value?.text).toEqual({
    title: '울타리 친 프로세스',
    hook: '컨테이너 안의 커널은 누구 것일까요?',
    map: [{ from: '컨테이너', link: '울타리 친', to: '프로세스' }],
    channel: '컨테이너는 **울타리 친 프로세스**예요.',
    more: '호스트의 커널을 함께 써요.',
    full: '### 실습\n\n```bash\nuname -r\n```',
    questions: [
      {
        text: '컨테이너 안에서는 누구의 커널이 돌까요?',
        options: [
          { text: '이미지의 커널', right: false, remark: '이미지에는 사용자 공간의 파일만 있어요.' },
          { text: '호스트의 **커널**', right: true, remark: '맞아요.\n하나를 함께 써요.[^S01]' },
        ],
      },
    ],
  })
})

test('every part knows its line', () => {
  const { lineOf } = parseLesson(lessonKo, '01-fence.ko.md', 'ko')
  const line = (text: string) => lessonKo.split('\n').findIndex((row) => row.includes(text)) + 1
  expect(lineOf('hook')).toBe(line('hook:'))
  expect(lineOf('sections', 0)).toBe(line('sections:'))
  expect(lineOf('more')).toBe(line('## 더 읽기'))
  expect(lineOf('questions', 0)).toBe(line('## 질문'))
  expect(lineOf('questions', 0, 'options', 1)).toBe(line('[x]'))
})

test('a `##` inside a code block is code, and an option may begin in bold', () => {
  const lesson = lessonKo.replace('uname -r', '## 더 읽기').replace('이미지의 커널', '**이미지**의\n      커널')
  const { value, problems } = parseLesson(lesson, 'a', 'ko')
  expect(problems).toEqual([])
  expect(value?.text.full).toContain('## 더 읽기')
  expect(value?.text.questions[0]?.options[0]?.text).toBe('**이미지**의 커널')
})

test('a title that looks like a number or a yes stays the words it is', () => {
  const { value } = parseLesson(lessonKo.replace('울타리 친 프로세스\nhook', '1979\nhook'), 'a', 'ko')
  expect(value?.text.title).toBe('1979')
  expect(parseCourse('title: { ko: no }\nlocales: [ko]', 'course.yaml').value?.title).toEqual({ ko: 'no' })
})

describe('nothing makes the parser throw', () => {
  // Half noise, half pieces of real files in the wrong order, which get further in.
  const piece = fc.constantFrom(
    ...lessonKo.split(/(?<=\n)|(?= )/),
    '---\n',
    '## 질문\n',
    '- [x] ',
    '  > ',
    '\t',
    '*a',
    '&a ',
    ': ',
    '[',
    '{',
  )
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  )
  const spoiled = fc
    .tuple(fc.nat(lessonKo.length), fc.nat(40), anyText)
    .map(([at, cut, text]) => lessonKo.slice(0, at) + text + lessonKo.slice(at + cut))

  test('a lesson is read or has an error on a line that exists', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, spoiled), fc.constantFrom('ko', 'en'), (source, locale) => {
        const { value, problems } = parseLesson(source, 'a.md', locale)
        expect(value === undefined).toBe(problems.length > 0)
        for (const { line } of problems) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(source.split(/\r\n?|\n/).length)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('so are the YAML files', () => {
    fc.assert(
      fc.property(anyText, (source) => {
        parseCourse(source, 'course.yaml')
        parseSources(source, 'sources.yaml', ['ko', 'en'])
        parseLab(source, 'labs/a.yaml', ['ko', 'en'])
        parseFlow(source, 'flow.yaml', ['ko', 'en'])
        parseUnverified(source, 'unverified.yaml', ['ko', 'en'])
        parseMyths(source, 'myths.yaml', ['ko', 'en'])
        parseDiagram(source, 'diagrams/a.yaml', ['ko', 'en'])
      }),
      { numRuns: 500 },
    )
  })

  test('nesting without end is an error, not a crash', () => {
    const deep = `---\nid: L01\n---\n${'>'.repeat(20_000)}`
    expect(parseLesson(deep, 'a.md', 'ko').problems).not.toEqual([])
  })
})
