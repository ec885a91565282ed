// Purpose: the lesson that an author names, with its files: also one that is too broken to be in its course.
import type { Course, Lesson } from './course.ts'
import { type LessonFile, numberOf, type ReadCourse, readCourses } from './load.ts'
import { suggest } from './problem.ts'

export interface FoundLesson {
  /** The lesson's id, or its file's name where no file of it can be read. */
  readonly name: string
  /** Absent when it is left out for the errors in its files. */
  readonly shown?: { readonly course: Course; readonly lesson: Lesson }
  /** All that it is made of, relative to the content folder. */
  readonly files: readonly string[]
}

/**
 * `which` is an id or the number of the lesson's file, with the course's folder and a `/` before it where several courses have one. Where
 * none or several fit, a sentence about what there is.
 */
export function findLesson(contentDir: string, which: string): FoundLesson | { readonly unknown: string } {
  const all = readCourses(contentDir).courses
  const slash = which.lastIndexOf('/')
  const folder = which.slice(0, Math.max(0, slash)).normalize('NFC')
  const name = which.slice(slash + 1)
  const courses = slash < 0 ? all : all.filter((course) => nameOf(course) === folder)
  if (slash >= 0 && courses.length === 0) return { unknown: `There is no course “${folder}”; ${suggest(folder, all.map(nameOf))}` }

  const found = courses.flatMap((course) => {
    const file = fileOf(course, name)
    return file ? [{ course, file }] : []
  })
  const [first, ...others] = found
  if (!first) return { unknown: `There is no lesson “${name}”; ${nearest(courses, name)}` }
  if (others.length > 0)
    return {
      unknown: `Several courses have a lesson “${name}”; choose ${found.map(({ course }) => `${nameOf(course)}/${name}`).join(' or ')}`,
    }
  return partsOf(first.course, first.file)
}

const nameOf = ({ folder }: ReadCourse): string => folder.slice(folder.lastIndexOf('/') + 1).normalize('NFC')

function fileOf({ lessons }: ReadCourse, name: string): LessonFile | undefined {
  const isNumber = /^\d+$/.test(name)
  const number = Number(/\d+$/.exec(name)?.[0])
  return (
    lessons.find(({ value }) => value?.front.id.toLowerCase() === name.toLowerCase()) ??
    // A file that cannot be read does not tell its id; its number does.
    lessons.find((lesson) => numberOf(lesson) === number && (isNumber || !lesson.value))
  )
}

function nearest(courses: readonly ReadCourse[], name: string): string {
  const lessons = courses.flatMap((course) => course.lessons)
  if (!/^\d+$/.test(name) || lessons.length === 0)
    return suggest(
      name,
      lessons.flatMap(({ value }) => value?.front.id ?? []),
    )
  const numbers = lessons.map(numberOf)
  return `the nearest is ${numbers.reduce((best, one) => (Math.abs(one - Number(name)) < Math.abs(best - Number(name)) ? one : best))}`
}

function partsOf({ folder, course, lessons, labs, diagrams }: ReadCourse, { stem }: LessonFile): FoundLesson {
  const files = lessons.filter((lesson) => lesson.stem === stem)
  const front = files.find(({ value }) => value)?.value?.front
  const lesson = course?.lessons.find(({ id }) => id === front?.id)
  const used = [
    ...files,
    ...(front ? [labs.get(front.id)] : []),
    ...Object.values(front?.pictures ?? {}).map((name) => (name === undefined ? undefined : diagrams.get(name))),
  ]
  return {
    name: front?.id ?? stem,
    ...(course && lesson && { shown: { course, lesson } }),
    files: [`${folder}/course.yaml`, ...used.flatMap((part) => part?.file ?? [])],
  }
}
