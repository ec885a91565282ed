// Purpose: the ledger of claims: a sentence that states a fact says where it is from, and readers see that as small numbers.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figuresIn, keysIn, needsSource, sentencesOf, withNumbers, withoutKeys } from '../../src/course/claims.ts'

test('a sentence ends with its keys, after its full stop', () => {
  const text = '처음 커밋은 2013년 1월 18일이에요.[^S28] "재밌죠?"[^POST] **1.11에서 갈라졌어요.**[^S28][^S29]\n그리고 끝.'
  expect(sentencesOf(text).map(({ text, keys, line }) => [text, keys, line])).toEqual([
    ['처음 커밋은 2013년 1월 18일이에요.[^S28]', ['S28'], 0],
    ['"재밌죠?"[^POST]', ['POST'], 0],
    ['**1.11에서 갈라졌어요.**[^S28][^S29]', ['S28', 'S29'], 0],
    ['그리고 끝.', [], 1],
  ])
})

test('headings and code are no sentences, a list item is one, and each knows its line', () => {
  const text = '### 2013년\n\n```bash\necho 1.24. [^S01]\n```\n\n- 하나예요.\n- `1.24`는 둘이에요\n\n끝.'
  expect(sentencesOf(text).map(({ text, line }) => [text.trim(), line])).toEqual([
    ['하나예요.', 6],
    ['는 둘이에요', 7],
    ['끝.', 9],
  ])
})

describe('what may not stand without a source', () => {
  const stands = (text: string) => sentencesOf(text).filter(needsSource).length === 0
  test.each(['2013년에 나왔어요.', 'It came with 1.24.', '5월 3일이에요.', 'It used 30.89 % less.', 'Half of it, 50%, went.'])(
    '%s',
    (text) => {
      expect(stands(text)).toBe(false)
      expect(stands(`${text}[^S01]`)).toBe(true)
    },
  )
  test.each(['오늘의 1%를 채워요.', 'Three steps, 5 minutes.', 'See L14.', 'cgroup v2 draws the line.', '`--cpus 0.2`를 적어요.'])(
    'but not: %s',
    (text) => expect(stands(text)).toBe(true),
  )

  test('a point that corrects the post, as a whole', () => {
    const text = '### 정확히는\n\n- 이름이 달라요. 정확히는 규격이에요.\n- 이것도 달라요. 정확히는 이래요.[^S01]\n\n새 문제: 그럼?'
    expect(
      sentencesOf(text)
        .filter(needsSource)
        .map(({ text }) => text),
    ).toEqual(['이름이 달라요.'])
  })
})

describe('figures are the same in both languages', () => {
  test.each([
    ['2020년 12월 8일, 1.20에서', 'in 1.20, on 8 December 2020'],
    ['연 매출 1,000만 달러, 직원 250명', 'under 10 million USD, 250 people'],
    ['별 600만 개', '6 million stars'],
    ['1,200자', '1,200 characters'],
    ['5월에는', 'in 5 months, one may wait'],
  ])('%s', (ko, en) => expect([...figuresIn(ko)].sort()).toEqual([...figuresIn(en)].sort()))

  test('“may” is a month beside a number only, and “만” counts only before what is counted', () => {
    expect(figuresIn('It may break in 2.0 on 5 May.')).toEqual(new Set(['2.0', '5']))
    expect(figuresIn('1.24만 그래요.')).toEqual(new Set(['1.24']))
  })
})

test('readers see small numbers in the full lesson, and no keys anywhere else', () => {
  const text = '하나.[^S28] 둘.[^S01][^S28] 셋.[^S99] `[^S01]`'
  expect(keysIn(text)).toEqual(['S28', 'S01', 'S99'])
  expect(withNumbers(text, ['S28', 'S01'])).toBe('하나.¹ 둘.¹·² 셋. `[^S01]`')
  expect(withoutKeys(text)).toBe('하나. 둘. 셋. `[^S01]`')
  const many = Array.from({ length: 12 }, (_, i) => `S${i}`)
  expect(withNumbers('열둘.[^S11]', many)).toBe('열둘.¹²')
})

test('no text whatever makes it throw, and taking the keys out twice is taking them out once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const marked = `${text}[^S01]`
      expect(() => [sentencesOf(marked), figuresIn(marked), withNumbers(marked, ['S01'])]).not.toThrow()
      expect(withoutKeys(withoutKeys(text))).toBe(withoutKeys(text))
    }),
  )
})
