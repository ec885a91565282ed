// Purpose: what tells two versions of a lesson apart.
import { createHash } from 'node:crypto'
import type { Lesson } from './course.ts'

/** Each post asks for it, of lessons that are read once. */
const known = new WeakMap<Lesson, string>()

/** Changes whenever what members see of the lesson changes: 16 hex digits. The order of keys in its files does not matter. */
export function lessonRevision(lesson: Lesson): string {
  const revision = known.get(lesson) ?? createHash('sha256').update(JSON.stringify(lesson)).digest('hex').slice(0, 16)
  known.set(lesson, revision)
  return revision
}
