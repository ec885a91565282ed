// Purpose: the courses as they were read last, kept in a file: a start whose course files are the same does not parse them again.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Course } from './course.ts'
import type { Problem } from './problem.ts'

interface Courses {
  readonly courses: readonly Course[]
  readonly problems: readonly Problem[]
}

/** As `loadCourses` reads them. Nothing depends on the file: what it lacks is read anew and kept there, if it can be written. */
export async function keptCourses(contentDir: string, file: string): Promise<Courses> {
  const readFrom = fingerprint(contentDir)
  const kept = readFrom === undefined ? undefined : readKept(file, readFrom)
  if (kept) return kept
  // The parsers take a fifth of a second to load.
  const { loadCourses } = await import('./load.ts')
  const read = loadCourses(contentDir)
  // A file that was saved while they were read may be in it old or new.
  if (readFrom !== undefined && fingerprint(contentDir) === readFrom) keep(file, { readFrom, read })
  return read
}

interface Kept {
  readonly readFrom: string
  readonly read: Courses
}

function readKept(file: string, readFrom: string): Courses | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
    return kept.readFrom === readFrom ? kept.read : undefined
  } catch {
    // Not there yet, or a machine that stopped in the middle left a piece of it.
    return undefined
  }
}

function keep(file: string, kept: Kept): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const fresh = `${file}.new`
    writeFileSync(fresh, JSON.stringify(kept), { mode: 0o600 })
    renameSync(fresh, file)
  } catch {
    // The next start takes longer; a disk that cannot be written is told by who needs it.
  }
}

/** Of everything that decides what is read: the courses' files, the program that reads them, and which libraries it does that with. */
function fingerprint(contentDir: string): string | undefined {
  const hash = createHash('sha256')
  const add = (path: string): void => {
    if (statSync(path).isDirectory()) {
      const names = readdirSync(path).sort()
      hash.update(JSON.stringify([path, names]))
      for (const name of names) add(join(path, name))
    } else {
      const bytes = readFileSync(path)
      hash.update(JSON.stringify([path, bytes.length])).update(bytes)
    }
  }
  try {
    for (const path of [join(contentDir, 'courses'), ...program]) add(path)
    return hash.digest('hex')
  } catch {
    // What cannot be read is a problem to be told, not to be kept.
    return undefined
  }
}

const program = ['.', '../text/locale.ts', '../../package.json'].map((path) => join(import.meta.dirname, path))
