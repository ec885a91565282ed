// Purpose: what is wrong with a file of a course, where, and what its author can do about it.

export interface Problem {
  /** Relative to the content folder, with `/`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly severity: 'error' | 'warning'
  /** What happened; what to do. */
  readonly message: string
}

/** One line that editors and terminals can follow: `content/courses/x/02-a.ko.md:14: two answers are marked [x]; leave exactly one`. */
export function formatProblem({ file, line, severity, message }: Problem, contentDir = 'content'): string {
  return `${contentDir.replace(/\/+$/, '')}/${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message}`
}

export function error(file: string, line: number, message: string): Problem {
  return { file, line, severity: 'error', message }
}

export function warning(file: string, line: number, message: string): Problem {
  return { file, line, severity: 'warning', message }
}

/** The end of a sentence about an unknown word: `did you mean "hook"?`, or the words to choose from when none is near. */
export function suggest(word: string, known: readonly string[]): string {
  const words = [...new Set(known)]
  if (words.length === 0) return 'there is none yet'
  const near = words.map((name) => ({ name, edits: editsBetween(word, name) })).sort((a, b) => a.edits - b.edits)[0]
  if (near && near.edits <= Math.max(1, near.name.length / 2)) return `did you mean "${near.name}"?`
  return words.length <= 12 ? `choose from ${words.join(', ')}` : `the nearest is "${near?.name}"`
}

/** Levenshtein distance: letters added, removed or changed. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
