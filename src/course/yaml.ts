// Purpose: YAML fitted to a shape, with every complaint on its own line and in words an author can act on.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { error, type Problem, suggest } from './problem.ts'

type Path = readonly (string | number)[]

/** The line of a key, of a list's item, or of the nearest thing around it that exists. */
export type LineOf = (...path: Path) => number

export interface Yaml {
  readonly file: string
  /** Maps, lists and strings only: a number or a `true` stays the text it was written as. Undefined when empty or unreadable. */
  readonly value: unknown
  readonly lineOf: LineOf
  /** `fit` adds to it. */
  readonly problems: Problem[]
}

/** Reads YAML; never throws. */
export function readYaml(source: string, file: string): Yaml {
  const problems: Problem[] = []
  try {
    const lineCounter = new LineCounter()
    // Failsafe: a title `1979`, a verdict `true` or a label `no` means the text itself.
    const document = parseDocument(source, { schema: 'failsafe', lineCounter, logLevel: 'error' })
    const [first] = document.errors
    if (first) {
      problems.push(error(file, lineCounter.linePos(first.pos[0]).line, complaint(first.code, first.message)))
      return { file, value: undefined, lineOf: () => 1, problems }
    }
    const lineOf: LineOf = (...path) => lineCounter.linePos(positionOf(document.contents, path)).line
    return { file, value: document.toJS() ?? undefined, lineOf, problems }
  } catch (cause) {
    problems.push(error(file, 1, `the YAML cannot be read (${cause instanceof Error ? cause.message : cause}); write it more simply`))
    return { file, value: undefined, lineOf: () => 1, problems }
  }
}

function complaint(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key is written twice; remove one of them'
  const [what = ''] = message.split('\n')
  const reason = what.replace(/ at line \d+, column \d+:?$/, '')
  return `the YAML cannot be read here (${reason}); check the indentation, and put quotes around text that holds ": " or " #"`
}

function positionOf(contents: unknown, path: Path): number {
  let node = contents
  let position = 0
  const step = (next: unknown) => {
    node = next
    if (isMap(next) || isSeq(next) || isScalar(next)) position = next.range?.[0] ?? position
  }
  step(contents)
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === String(part))
      if (!pair) break
      step(pair.key)
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(part)]
      if (item === undefined) break
      step(item)
    } else break
  }
  return position
}

/** What one file says. */
export interface Parsed<T> {
  readonly file: string
  /** Absent when the file cannot be used; then there is at least one error. */
  readonly value: T | undefined
  /** For a lesson also `more`, `full`, `channel` and `questions, 0, options, 1`. */
  readonly lineOf: LineOf
  readonly problems: readonly Problem[]
}

/** The value in its shape, or undefined with a problem for each thing that does not fit. `path` is where the value sits in the file. */
export function fit<T>(yaml: Yaml, shape: z.ZodType<T>, value: unknown = yaml.value, path: Path = []): T | undefined {
  const result = shape.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    const at = [...path, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
    const line = issue.code === 'unrecognized_keys' ? yaml.lineOf(...at, issue.keys[0] ?? '') : yaml.lineOf(...at)
    yaml.problems.push(error(yaml.file, line, sentence(issue, at)))
  }
  return undefined
}

/** Undefined when YAML itself was unreadable, so that one mistake is reported once. */
export function whole<T>(yaml: Yaml, shape: z.ZodType<T>): T | undefined {
  return yaml.problems.length > 0 ? undefined : fit(yaml, shape)
}

const forms: Record<string, string> = {
  string: 'a line of text',
  array: 'a list, such as [a, b]',
  object: 'keys with values',
  record: 'keys with values',
}

function sentence(issue: z.core.$ZodIssue, path: Path): string {
  const name = path.slice(path.findLastIndex((part) => typeof part === 'number') + 1).join('.')
  const what = name ? `"${name}"` : path.length > 0 ? 'this entry' : 'the YAML'
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_value': {
      if (issue.input === undefined) return name ? `${what} is missing; add it` : `${what} is empty; write its keys`
      const wanted = issue.code === 'invalid_type' ? (forms[issue.expected] ?? issue.expected) : `one of ${issue.values.join(', ')}`
      return `${what} is not in its form; write ${wanted}`
    }
    case 'too_small':
      return issue.origin === 'string' ? `${what} is empty; fill it in` : `${what} has no entries; add one`
    case 'invalid_format':
      return `${what} ${issue.message}`
    default:
      return issue.message
  }
}

/** A map with these keys and no others. */
export function keys<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown key "${key}"; ${suggest(key, Object.keys(shape))}`).join('; ')
        : undefined,
  })
}

/** Text that is not blank; spaces around it are dropped. */
export const text = z.string().trim().min(1)

export const flag = z.enum(['true', 'false']).transform((word) => word === 'true')

/** An id is kept in the store and in button ids, so it stays short and plain. */
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$/, 'may hold up to 30 Latin letters, digits, - and _')
