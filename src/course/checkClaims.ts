// Purpose: the ledger of claims held to its rules: every fact has its source, in every language, and nothing unverified is stated.
import { figuresIn, givesFigure, keysIn, needsSource, type Sentence, sentencesOf, withoutKeys } from './claims.ts'
import type { Both } from './course.ts'
import { type LessonFile, partsOf, type ReadCourse } from './load.ts'
import { error, type Problem, warning } from './problem.ts'

/** What must hold in a course whose claims are strict is only advice in others. */
export const severityIn = ({ head }: ReadCourse) => (head?.claims === 'strict' ? error : warning)

/** What a course's lessons say, sentence by sentence, with about where it stands. */
export function* sentences(course: ReadCourse): Generator<Sentence & { readonly lesson: LessonFile; readonly at: number }> {
  for (const lesson of course.lessons) {
    const { value, lineOf } = lesson
    if (!value) continue
    const remarks = value.text.questions.flatMap(({ options }, q) =>
      options.map(({ remark }, o) => ({ path: ['questions', q, 'options', o], markdown: remark })),
    )
    // A question and its options ask; they claim nothing.
    for (const { path, markdown } of [...partsOf(value).filter(({ path }) => path[0] !== 'questions'), ...remarks]) {
      for (const sentence of sentencesOf(markdown)) yield { ...sentence, lesson, at: lineOf(...path) + sentence.line }
    }
  }
}

/** Words by which a sentence owns that it is not sure. */
const hedges =
  /알려져|알려진|전해|듣기로|아마|확인하지 못|확실하지|예정|계획|reported|said to|probably|perhaps|may |might |could not verify|planned/i

/** Claims without a source, facts that nobody could verify, pictures that give years and name no source. */
export function checkClaims(course: ReadCourse): Problem[] {
  const report = severityIn(course)
  const facts = (course.unverified.value ?? []).flatMap((fact) => fact ?? [])
  const problems: Problem[] = []
  const judge = (file: string, line: number, text: string, named: readonly string[]) => {
    const fact = facts.find(({ words }) => words.some((all) => all.every((word) => text.toLowerCase().includes(word.toLowerCase()))))
    if (fact && !(named.includes(fact.id) && hedges.test(text))) {
      const message = `this was not verified (${fact.id} in unverified.yaml); leave it out, or word it as uncertain and name [^${fact.id}]`
      problems.push(report(file, line, message))
    }
  }
  for (const { lesson, at, ...sentence } of sentences(course)) {
    const begin = `“${[...withoutKeys(sentence.text).replace(/\s+/g, ' ')].slice(0, 40).join('')}…”`
    if (needsSource(sentence)) {
      const what = sentence.bareCorrection ? 'corrects the post' : 'gives a figure or a date'
      // Other courses keep no ledger.
      if (course.head?.claims === 'strict')
        problems.push(error(lesson.file, at, `${begin} ${what} and names no source; end it with a key such as [^S01]`))
    }
    judge(lesson.file, at, sentence.text, sentence.keys)
  }
  for (const [i, myth] of (course.myths.value ?? []).entries()) {
    for (const [answer, words] of Object.entries(myth?.remarks ?? {})) {
      for (const [locale, text] of Object.entries(words))
        for (const { text: sentence, keys } of sentencesOf(text))
          judge(course.myths.file, course.myths.lineOf(i, 'remarks', answer, locale), sentence, keys)
    }
  }
  for (const [i, step] of (course.flow.value?.flow.steps ?? []).entries()) {
    for (const [locale, text] of Object.entries(step.changed)) {
      const line = course.flow.lineOf('steps', i, 'changed', locale)
      for (const sentence of sentencesOf(text)) {
        if (needsSource(sentence) && course.head?.claims === 'strict')
          problems.push(error(course.flow.file, line, 'this gives a figure or a date and names no source; end the sentence with a key'))
        judge(course.flow.file, line, sentence.text, sentence.keys)
      }
    }
  }
  for (const { file, value, lineOf } of course.diagrams.values()) {
    // What a picture tells, its alt text tells too.
    if (course.head?.claims === 'strict' && value && value.sources.length === 0 && Object.values(value.alt).some(givesFigure))
      problems.push(error(file, lineOf('alt'), 'this picture gives years or versions and names no source; add "sources: [S01]"'))
  }
  return problems
}

// === Languages

/** Sources and figures that one language has and the other has not, part by part. */
export function checkLanguages(course: ReadCourse): Problem[] {
  const report = severityIn(course)
  const problems: Problem[] = []
  const compare = (file: string, line: number, part: string, [first, second]: readonly [string, string]) => {
    for (const [what, of] of [
      ['source keys', keysIn],
      ['figures', figuresIn],
    ] as const) {
      const [theirs, ours] = [new Set(of(first)), new Set(of(second))]
      const [missing, added] = [[...theirs].filter((one) => !ours.has(one)), [...ours].filter((one) => !theirs.has(one))]
      if (missing.length === 0 && added.length === 0) continue
      const words = [
        ...(missing.length > 0 ? [`${missing.join(', ')} only in the other language`] : []),
        ...(added.length > 0 ? [`${added.join(', ')} only here`] : []),
      ]
      problems.push(report(file, line, `${part}: ${what} differ: ${words.join('; ')}`))
    }
  }
  for (const other of course.lessons) {
    const first = course.lessons.find(({ stem }) => stem === other.stem)
    if (!first?.value || !other.value || first === other) continue
    const theirs = partsOf(first.value)
    for (const [i, { part, path, markdown }] of partsOf(other.value).entries())
      compare(other.file, other.lineOf(...path), part, [theirs[i]?.markdown ?? '', markdown])
  }
  const both = (file: string, line: number, part: string, words: Both) => {
    if (words.ko !== undefined && words.en !== undefined) compare(file, line, part, [words.ko, words.en])
  }
  for (const [i, myth] of (course.myths.value ?? []).entries()) {
    for (const [answer, words] of Object.entries(myth?.remarks ?? {}))
      both(course.myths.file, course.myths.lineOf(i, 'remarks', answer), `${myth?.id}, remark on ${answer}`, words)
  }
  for (const [i, { changed }] of (course.flow.value?.flow.steps ?? []).entries())
    both(course.flow.file, course.flow.lineOf('steps', i, 'changed'), 'what changed', changed)
  for (const [id, { file, value, lineOf }] of course.diagrams) if (value && id !== 'flow') both(file, lineOf('alt'), 'alt', value.alt)
  return problems
}
