// Purpose: an author's life: every slip is named on its line, with what to do about it.
import { describe, expect, test } from 'vitest'
import { checkCourses } from '../../src/course/check.ts'
import { desk, emptyDesk, lessonEn, lessonKo } from './desk.ts'

test('a good course has no problems', () => {
  expect(desk().check()).toEqual([])
})

test('the content of this repository has no problems', () => {
  expect(checkCourses('content').problems).toEqual([])
})

test('the same file from Windows, with a byte order mark, is as good', () => {
  const at = desk()
  const before = at.load().courses
  at.write('01-fence.ko.md', `\uFEFF${lessonKo.replaceAll('\n', '\r\n')}`)
  expect(at.check()).toEqual([])
  expect(at.load().courses).toEqual(before)
})

describe('slips in a question', () => {
  const slips: [slip: string, was: string, is: string, said: string][] = [
    [
      'the remark was forgotten',
      '\n  > 이미지에는 사용자 공간의 파일만 있어요.',
      '',
      '28: this option has no remark; write under it "  > " and why it is right or wrong',
    ],
    [
      'the remark is not indented',
      '  > 이미지에는',
      '> 이미지에는',
      '29: this remark stands outside its option; put two spaces before the >',
    ],
    ['two answers are right', '- [ ] 이미지의', '- [x] 이미지의', '30: two answers are marked [x]; leave exactly one'],
    ['no answer is right', '- [x]', '- [ ]', '24: no answer is marked [x]; mark the right one'],
    [
      'the box is broken',
      '- [ ] 이미지의',
      '- [] 이미지의',
      '28: this line is not an option; begin it with "- [ ] " or "- [x] " and its text',
    ],
    [
      'the question itself is missing',
      '컨테이너 안에서는 누구의 커널이 돌까요?\n',
      '',
      '24: there is no line of question under this heading; write it before the options',
    ],
    [
      'only one option is left',
      '- [ ] 이미지의 커널\n  > 이미지에는 사용자 공간의 파일만 있어요.\n',
      '',
      '24: the question has 1 option; write 2 to 4',
    ],
    [
      'an option has two remarks',
      '파일만 있어요.\n',
      '파일만 있어요.\n\n  또 하나.\n',
      '31: an option is one line and one remark; join the rest to the remark with >',
    ],
  ]
  test.each(slips)('%s', (_, was, is, said) => {
    const at = desk()
    at.slip('01-fence.ko.md', was, is)
    expect(at.check()).toContain(`01-fence.ko.md:${said}`)
    expect(at.lessonIds()).toEqual([])
  })
})

describe('slips in a lesson', () => {
  const slips: [slip: string, was: string, is: string, said: string][] = [
    ['a heading is misspelt', '## 더 읽기', '## 더읽기', '12: no part of a lesson is called "## 더읽기"; did you mean "더 읽기"?'],
    [
      'a heading is of the other language',
      '## 본문',
      '## Full lesson',
      '16: no part of a lesson is called "## Full lesson"; choose from 더 읽기, 본문, 질문',
    ],
    ['a part is missing', '## 본문\n', '', '10: there is no "## 본문"; add that heading and its text'],
    ['a part is empty', '호스트의 커널을 함께 써요.', '', '12: "## 더 읽기" is empty; write its text'],
    ['a part is there twice', '## 본문', '## 더 읽기\n\n또\n\n## 본문', '16: "## 더 읽기" is here twice; keep one'],
    [
      'nothing is left for the channel',
      '컨테이너는 **울타리 친 프로세스**예요.',
      '',
      '12: the part for the channel is empty; write it before "## 더 읽기"',
    ],
    ['a key is unknown', 'hook:', 'hok:', '4: unknown key "hok"; did you mean "hook"?'],
    ['a key is missing', 'hook: 컨테이너 안의 커널은 누구 것일까요?\n', '', '2: "hook" is missing; add it'],
    ['a key is empty', '컨테이너 안의 커널은 누구 것일까요?', '', '4: "hook" is empty; fill it in'],
    ['a key is written twice', 'sections: [s03]', 'title: 또', '5: this key is written twice; remove one of them'],
    ['a list is written as a word', 'sections: [s03]', 'sections: s03', '5: "sections" is not in its form; write a list, such as [a, b]'],
    ['an id has spaces', 'id: L01', 'id: L 01', '2: "id" may hold up to 30 Latin letters, digits, - and _'],
    [
      'the YAML is broken',
      'title: 울타리 친',
      'title: 울타리: 친',
      '3: the YAML cannot be read here (Nested mappings are not allowed in compact mappings); ' +
        'check the indentation, and put quotes around text that holds ": " or " #"',
    ],
    [
      'the front matter is not closed',
      '프로세스 }\n---',
      '프로세스 }',
      '1: the front matter is not closed; add a line --- after its last key',
    ],
  ]
  test.each(slips)('%s', (_, was, is, said) => {
    const at = desk()
    at.slip('01-fence.ko.md', was, is)
    expect(at.check()).toContain(`01-fence.ko.md:${said}`)
    expect(at.lessonIds()).toEqual([])
  })

  test('the front matter is not there at all', () => {
    const at = desk()
    at.write('01-fence.ko.md', '# 제목\n')
    expect(at.check()).toEqual([
      '01-fence.ko.md:1: the lesson has no front matter; start the file with a line ---, the keys id, title, hook … and a line ---',
    ])
  })

  test('a picture or a source that is not there is an error, and the lesson is posted without it', () => {
    const at = desk()
    for (const file of ['01-fence.ko.md', '01-fence.en.md']) {
      at.slip(file, 'channel: fence', 'channel: fance')
      at.slip(file, '[^S01]', '[^S01][^S2]')
    }
    expect(at.check()).toEqual([
      '01-fence.en.md:6: there is no diagrams/fance.yaml; did you mean "fence"?',
      '01-fence.en.md:24: question 1: "S2" is not in sources.yaml; choose from S01',
      '01-fence.ko.md:6: there is no diagrams/fance.yaml; did you mean "fence"?',
      '01-fence.ko.md:24: question 1: "S2" is not in sources.yaml; choose from S01',
      'diagrams/fence.yaml:1: warning: no lesson shows this diagram; write "pictures: { channel: fence }" in one or remove it',
    ])
    expect(at.load().courses[0]?.lessons[0]).toMatchObject({ pictures: {} })
  })
})

describe('the two languages', () => {
  test('one is missing', () => {
    const at = desk()
    at.remove('01-fence.en.md')
    expect(at.check()).toEqual([
      '01-fence.ko.md:1: the lesson is not there in "en"; write 01-fence.en.md, or take en out of locales in course.yaml',
    ])
  })

  test('a course may have one language only, and then says so', () => {
    const at = desk()
    at.slip('course.yaml', '[ko, en]', '[ko]')
    expect(at.check()).toEqual(['01-fence.en.md:1: the course is not in "en"; add en to locales in course.yaml, or remove this file'])
    at.remove('01-fence.en.md')
    expect(at.check()).toEqual([])
    expect(at.load().courses[0]).toMatchObject({ locales: ['ko'], lessons: [{ id: 'L01' }] })
  })

  const another = '\n## Question\n\nSure?\n\n- [x] Yes\n  > Good.\n- [ ] No\n  > Read it again.\n'
  const slips: [slip: string, was: string, is: string, said: string][] = [
    ['disagree about the id', 'id: L01', 'id: L02', '2: the id is L02 here and L01 in 01-fence.ko.md; write the same'],
    [
      'disagree about the picture',
      'pictures: { channel: fence }\n',
      '',
      '2: the pictures is none here and channel: fence in 01-fence.ko.md; write the same',
    ],
    [
      'disagree about the number of questions',
      '  > They share one.[^S01]\n',
      `  > They share one.[^S01]\n${another}`,
      '24: questions: 2 here and 1 in 01-fence.ko.md; write as many in both',
    ],
    [
      'disagree about the number of options',
      '- [x] The',
      '- [ ] Both\n  > No.\n- [x] The',
      '24: options: 3 here and 2 in 01-fence.ko.md; write as many in both',
    ],
  ]
  test.each(slips)('%s', (_, was, is, said) => {
    const at = desk()
    at.slip('01-fence.en.md', was, is)
    expect(at.check()).toContain(`01-fence.en.md:${said}`)
    expect(at.lessonIds()).toEqual([])
  })

  test('disagree about the right answer', () => {
    const at = desk()
    at.slip('01-fence.en.md', '- [ ] The image', '- [x] The image')
    at.slip('01-fence.en.md', '- [x] The **host', '- [ ] The **host')
    expect(at.check()).toEqual([
      '01-fence.en.md:28: option 1 is the right one here and option 2 in 01-fence.ko.md; put them in the same order',
    ])
  })

  test('name different sources, or give different figures: worth a warning', () => {
    const at = desk()
    at.slip('01-fence.en.md', '[^S01]', ' since 8 December 2020.')
    at.slip('01-fence.ko.md', '맞아요.', '맞아요. 2020년 12월 7일부터예요.')
    expect(at.check()).toEqual([
      '01-fence.en.md:24: warning: question 1: source keys differ: S01 only in the other language',
      '01-fence.en.md:24: warning: question 1: figures differ: 7 only in the other language; 8 only here',
    ])
    expect(at.lessonIds()).toEqual(['L01'])
  })
})

describe('too long is an error for the author, and still a lesson for the club', () => {
  const slips: [what: string, was: string, is: string, said: string][] = [
    ['the hook', '컨테이너 안의 커널은 누구 것일까요?', '글'.repeat(81), '4: the hook: 81 characters; cut it to 80'],
    [
      'the post',
      '컨테이너는 **울타리 친 프로세스**예요.',
      '글'.repeat(320),
      '10: the channel part with the first question and its options: 360 characters; cut it to 350',
    ],
    [
      'the post, in lines',
      '컨테이너는 **울타리 친 프로세스**예요.',
      '글\n'.repeat(10),
      '10: the channel part with the first question and its options: 13 lines; cut it to 12',
    ],
    ['the part behind the button', '호스트의 커널을 함께 써요.', '글'.repeat(1201), '12: this part: 1201 characters; cut it to 1200'],
    ['the full lesson', '### 실습', '글'.repeat(3000), '16: this part: 3022 characters; cut it to 3000'],
    ['an option', '이미지의 커널', '글'.repeat(81), '28: this option: 81 characters; cut it to 80'],
    ['a remark', '> 이미지에는', `> ${'글'.repeat(400)}`, '28: the remark of this option: 417 characters; cut it to 400'],
  ]
  test.each(slips)('%s', (_, was, is, said) => {
    const at = desk()
    at.slip('01-fence.ko.md', was, is)
    expect(at.check()).toEqual([`01-fence.ko.md:${said}`])
    expect(at.lessonIds()).toEqual(['L01'])
  })

  test('English has more room', () => {
    const at = desk()
    at.slip('01-fence.en.md', 'A container is a **process with a fence**.', 'x'.repeat(600))
    expect(at.check()).toEqual([])
  })

  test('an emoji counts once', () => {
    const at = desk()
    at.slip('01-fence.ko.md', '컨테이너 안의 커널은 누구 것일까요?', '🦜'.repeat(80))
    expect(at.check()).toEqual([])
  })
})

describe('myths, diagrams, sources', () => {
  const slips: [file: string, was: string, is: string, said: string[]][] = [
    ['myths.yaml', 'lesson: L01', 'lesson: L09', ['myths.yaml:9: warning: no lesson has the id "L09" yet; write it, or name another']],
    ['myths.yaml', ', en: There is one kernel.', '', ['myths.yaml:5: "remarks.true.en" is missing; add it']],
    ['myths.yaml', 'verdict: depends', 'verdict: maybe', ['myths.yaml:3: "verdict" is not in its form; write one of true, false, depends']],
    ['myths.yaml', 'A container is a light VM.', 'x'.repeat(201), ['myths.yaml:2: this statement: 201 characters; cut it to 200']],
    ['myths.yaml', 'There is one kernel.', 'x'.repeat(401), ['myths.yaml:5: this remark: 401 characters; cut it to 400']],
    ['myths.yaml', 'sources: [S01]', 'sources: [S1]', ['myths.yaml:8: "S1" is not in sources.yaml; did you mean "S01"?']],
    ['myths.yaml', 'sources: [S01]', 'sources: []', ['myths.yaml:8: "sources" has no entries; add one']],
    [
      'myths.yaml',
      'lesson: L01',
      'leson: L01',
      ['myths.yaml:1: "lesson" is missing; add it', 'myths.yaml:9: unknown key "leson"; did you mean "lesson"?'],
    ],
    ['diagrams/fence.yaml', 'to: kernel', 'to: kernal', ['diagrams/fence.yaml:8: no node has the id "kernal"; did you mean "kernel"?']],
    [
      'diagrams/fence.yaml',
      'id: kernel',
      'id: process',
      [
        'diagrams/fence.yaml:6: two nodes have the id "process"; rename one',
        'diagrams/fence.yaml:8: no node has the id "kernel"; choose from process',
      ],
    ],
    ['diagrams/fence.yaml', ', en: Processes share the kernel.', '', ['diagrams/fence.yaml:2: "alt.en" is missing; add it']],
    [
      'diagrams/fence.yaml',
      'alt: { ko: 프로세스가 커널을 함께 쓴다., en: Processes share the kernel. }\n',
      '',
      ['diagrams/fence.yaml:1: "alt" is missing; add it'],
    ],
    [
      'diagrams/fence.yaml',
      'direction: down',
      'direction: up',
      ['diagrams/fence.yaml:3: "direction" is not in its form; write one of right, down'],
    ],
    ['sources.yaml', '2026-11-23', 'yesterday', ['sources.yaml:4: "S01.checked" is not a day; write it as 2026-11-23']],
    ['sources.yaml', 'https://man7.org/', 'man7.org/', ['sources.yaml:3: "S01.url" is not one https address; write one']],
    ['course.yaml', ', en: Containers', '', ['course.yaml:1: the title has no en; add it']],
    ['course.yaml', '[ko, en]', '[ko, jp]', ['course.yaml:2: this entry is not in its form; write one of ko, en']],
  ]
  test.each(slips)('%s: %s', (file, was, is, said) => {
    const at = desk()
    at.slip(file, was, is)
    expect(at.check()).toEqual(said)
  })

  test('a source that nothing uses is worth a warning', () => {
    const at = desk()
    at.write(
      'sources.yaml',
      'S00: { title: a, url: https://example.com, checked: 2026-01-01 }\nS01: { title: b, url: https://example.org, checked: 2026-01-01 }\n',
    )
    expect(at.check()).toEqual(['sources.yaml:1: warning: nothing uses the source "S00"; name it in a lesson or remove it'])
  })

  test('two myths of one id', () => {
    const at = desk()
    const [myth] = [...(at.load().courses[0]?.myths ?? [])]
    expect(myth).toMatchObject({ id: 'M01', sources: [{ title: { ko: 'namespaces(7)' } }] })
    at.slip(
      'myths.yaml',
      '  lesson: L01\n',
      '  lesson: L01\n- { id: M01, statement: { ko: a, en: a }, verdict: true, sources: [S01], lesson: L01, remarks: { true: { ko: a, en: a }, false: { ko: a, en: a }, depends: { ko: a, en: a } } }\n',
    )
    expect(at.check()).toEqual(['myths.yaml:10: the id "M01" is taken by a myth above; choose another'])
    expect(at.load().courses[0]?.myths).toHaveLength(1)
  })
})

describe('files', () => {
  test('a file that is not named like a lesson would never be posted', () => {
    const at = desk()
    at.write('2-next.ko.md', lessonKo)
    at.write('diagrams/old.svg', '<svg/>')
    at.write('.DS_Store', 'not ours')
    expect(at.check()).toEqual([
      '2-next.ko.md:1: this is not named like a lesson; name it NN-slug.ko.md or NN-slug.en.md, such as 03-chroot.ko.md, or move it out',
      'diagrams/old.svg:1: this is not one of the diagrams; name it <id>.yaml or move it out',
    ])
  })

  test('a file that is not text', () => {
    const at = desk()
    at.write('01-fence.ko.md', new Uint8Array([0xb0, 0xa1, 0xb3, 0xaa]))
    at.write('01-fence.en.md', new Uint8Array([0x23, 0x00, 0x0a]))
    expect(at.check()).toEqual([
      '01-fence.en.md:1: this is not UTF-8 text; save it again as UTF-8',
      '01-fence.ko.md:1: this is not UTF-8 text; save it again as UTF-8',
    ])
  })

  test('a course without its course.yaml', () => {
    const at = desk()
    at.remove('course.yaml')
    expect(at.check()).toEqual(['course.yaml:1: there is no file of this name; write it, with title and locales'])
    expect(at.load().courses).toEqual([])
  })

  test('no content at all', () => {
    expect(emptyDesk().check()).toEqual([
      'content/courses:1: there is no folder of this name; write a course with: npm run club course new "Title"',
    ])
  })

  test('two lessons of one id, or of one number', () => {
    const at = desk()
    at.write('01-again.ko.md', lessonKo)
    at.write('01-again.en.md', lessonEn)
    expect(at.check()).toEqual([
      '01-fence.en.md:1: warning: 01-again has the same number; renumber one of them (progress is kept by id, so file names are free to change)',
      '01-fence.ko.md:1: warning: 01-again has the same number; renumber one of them (progress is kept by id, so file names are free to change)',
      '01-fence.ko.md:2: the id "L01" is taken by courses/containers/01-again.ko.md; choose one that no lesson has had',
    ])
    expect(at.lessonIds()).toEqual(['L01'])
  })
})

describe('a course whose claims are strict', () => {
  /** The desk's course, with all that strict claims ask for. */
  function strictDesk() {
    const at = desk()
    at.slip('course.yaml', 'locales:', 'claims: strict\nlocales:')
    at.write(
      'labs/L01.yaml',
      `title: { ko: 실습, en: Lab }
minutes: 5
steps:
  - { do: { ko: 쳐 보세요., en: Type it. }, run: uname -r, expect: ['.'] }
cleanup: { do: { ko: 치울 것이 없어요., en: Nothing is left. } }
wsl2: { ko: 같아요., en: The same. }
macos: { ko: VM에서 하세요., en: Use a VM. }
without: { ko: 읽어 보세요., en: Read along. }
`,
    )
    return at
  }
  const both = ['01-fence.ko.md', '01-fence.en.md'] as const

  test('is good when every fact has its source', () => {
    const at = strictDesk()
    expect(at.check()).toEqual([])
    expect(checkCourses(at.content).counts).toMatchObject([
      {
        course: 'containers',
        lessons: 1,
        claims: { ko: 1, en: 1 },
        sources: { primary: 1 },
        questions: 1,
        diagrams: 1,
        labs: 1,
        labsRun: 1,
        myths: 1,
        sections: { covered: 1, all: 1 },
      },
    ])
  })

  test('a figure or a date without a source', () => {
    const at = strictDesk()
    at.slip('01-fence.ko.md', '호스트의 커널을 함께 써요.', '2008년 8월 6일부터예요.')
    at.slip('01-fence.en.md', "It shares the host's kernel.", 'Since 6 August 2008.')
    expect(at.check()).toEqual([
      '01-fence.en.md:12: “Since 6 August 2008.…” gives a figure or a date and names no source; end it with a key such as [^S01]',
      '01-fence.ko.md:12: “2008년 8월 6일부터예요.…” gives a figure or a date and names no source; end it with a key such as [^S01]',
    ])
  })

  test('a correction of the post without a source', () => {
    const at = strictDesk()
    at.slip('01-fence.ko.md', '### 실습', '### 정확히는\n\n- 사실은 달라요.\n\n### 실습')
    expect(at.check()).toEqual([
      '01-fence.ko.md:18: “사실은 달라요.…” corrects the post and names no source; end it with a key such as [^S01]',
    ])
  })

  test('a source that only one language names, and a figure that only one gives', () => {
    const at = strictDesk()
    at.slip('01-fence.en.md', 'They share one.[^S01]', 'They share 1.')
    expect(at.check()).toEqual([
      '01-fence.en.md:24: question 1: source keys differ: S01 only in the other language',
      '01-fence.en.md:24: question 1: figures differ: 1 only here',
    ])
  })

  test('a fact that nobody could verify: left out, or worded as uncertain under its own key', () => {
    const at = strictDesk()
    at.write(
      'unverified.yaml',
      "- { id: U01, fact: { ko: 1987년, en: in 1987 }, why: { ko: 출처 없음, en: no source }, words: [[minix, '1987']] }\n",
    )
    const say = (ko: string, en: string) => {
      at.write('01-fence.ko.md', lessonKo.replace('호스트의 커널을 함께 써요.', ko))
      at.write('01-fence.en.md', lessonEn.replace("It shares the host's kernel.", en))
    }
    const message = 'this was not verified (U01 in unverified.yaml); leave it out, or word it as uncertain and name [^U01]'
    say('MINIX는 1987년에 나왔어요.[^S01]', 'MINIX appeared in 1987.[^S01]')
    expect(at.check()).toEqual([`01-fence.en.md:12: ${message}`, `01-fence.ko.md:12: ${message}`])
    say('MINIX는 1987년에 나왔어요.[^U01]', 'MINIX appeared in 1987.[^U01]')
    expect(at.check()).toHaveLength(2)
    say('MINIX는 1987년에 나왔다고 알려져 있어요.[^U01]', 'MINIX is said to have appeared in 1987.[^U01]')
    expect(at.check()).toEqual([])
    expect(at.load().courses[0]?.lessons[0]?.text.ko?.more).toBe('MINIX는 1987년에 나왔다고 알려져 있어요.')
  })

  test.each([
    ['names a lesson that is not there', 'L07에서 호스트의 커널', '12: this names a lesson L07 that is not there; did you mean "L01"?'],
    [
      'leads to a file',
      '[호스트](08-host.md)의 커널',
      '12: the link to "08-host.md" leads nowhere in a chat; write https://…, or a lesson\'s id without a link',
    ],
  ])('the text %s', (_, is, said) => {
    const at = strictDesk()
    at.slip('01-fence.ko.md', '호스트의 커널을 함께', `${is}을 함께`)
    expect(at.check()).toContain(`01-fence.ko.md:${said}`)
  })

  test('a lesson that needs one that is unknown, or that comes later', () => {
    const at = strictDesk()
    for (const file of both) at.slip(file, 'sections: [s03]', 'sections: [s03]\nrequires: [L00, L01]')
    expect(at.check().filter((line) => line.startsWith('01-fence.ko.md'))).toEqual([
      '01-fence.ko.md:6: no lesson has the id "L00"; did you mean "L01"?',
      '01-fence.ko.md:6: L01 comes later in the course; a lesson needs only earlier ones',
    ])
  })

  test('a section of the post that no lesson covers, and one that the course does not know', () => {
    const at = strictDesk()
    at.slip('course.yaml', '  s03:', '  s02: { ko: 습관, en: Habits }\n  s03:')
    expect(at.check()).toEqual(['course.yaml:1: no lesson covers the section "s02"; name it in one'])
    for (const file of both) at.slip(file, 'sections: [s03]', 'sections: [s02, s03, s04]')
    expect(at.check()).toEqual([
      '01-fence.en.md:5: "s04" is not among the sections in course.yaml; did you mean "s02"?',
      '01-fence.ko.md:5: "s04" is not among the sections in course.yaml; did you mean "s02"?',
    ])
  })

  test('no lab, nothing for the map, a source that nothing uses', () => {
    const at = strictDesk()
    at.remove('labs/L01.yaml')
    for (const file of both) {
      const text = file.includes('.ko')
        ? '  - { from: 컨테이너, link: 울타리 친, to: 프로세스 }'
        : '  - { from: container, link: a fenced, to: process }'
      at.slip(file, `map:\n${text}\n`, '')
    }
    at.slip('sources.yaml', 'S01:', 'S00: { title: a, url: https://example.com, checked: 2026-01-01 }\nS01:')
    expect(at.check()).toEqual([
      '01-fence.en.md:1: there is no labs/L01.yaml; write the lab',
      '01-fence.en.md:2: nothing is added to the map; add "map"',
      '01-fence.ko.md:1: there is no labs/L01.yaml; write the lab',
      '01-fence.ko.md:2: nothing is added to the map; add "map"',
      'sources.yaml:1: nothing uses the source "S00"; name it in a lesson or remove it',
    ])
  })

  test('a picture that gives years without a source', () => {
    const at = strictDesk()
    at.slip('diagrams/fence.yaml', 'en: Processes share the kernel.', 'en: Processes share the kernel since 1991.')
    at.slip('diagrams/fence.yaml', 'ko: 프로세스가 커널을 함께 쓴다.', 'ko: 1991년부터 프로세스가 커널을 함께 쓴다.')
    expect(at.check()).toEqual(['diagrams/fence.yaml:2: this picture gives years or versions and names no source; add "sources: [S01]"'])
    at.slip('diagrams/fence.yaml', 'direction:', 'sources: [S01]\ndirection:')
    expect(at.check()).toEqual([])
  })

  test('what stops a strict course is advice in others, which may be in one language', () => {
    const at = desk()
    at.slip('01-fence.ko.md', '호스트의 커널을 함께 써요.', '2008년부터 L07에서 호스트의 커널을 함께 써요.')
    expect(at.check()).toEqual([
      '01-fence.en.md:12: warning: read more: figures differ: 2008, 07 only in the other language',
      '01-fence.ko.md:12: warning: this names a lesson L07 that is not there; did you mean "L01"?',
    ])
  })
})

test('a thing on the map has one name in each language', () => {
  const at = desk()
  at.write('02-next.ko.md', lessonKo.replace('id: L01', 'id: L02'))
  at.write('02-next.en.md', lessonEn.replace('id: L01', 'id: L02').replace('from: container', 'from: containers'))
  expect(at.check()).toEqual([
    '02-next.en.md:8: warning: "컨테이너" is "containers" here and "container" in an earlier lesson; give one thing one name',
  ])
})
