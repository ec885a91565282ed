// Purpose: courses that are kept from one start to the next are those that would be read, and never older.
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { keptCourses } from '../../src/course/kept.ts'
import { loadCourses } from '../../src/course/load.ts'
import { contentDir, tempFolder } from '../support/testClub.ts'
import { desk, lessonKo } from './desk.ts'

/** Starts of one program on a desk; what is kept is given another title in between, so that it can be told from what is read. */
function starts(at = desk()) {
  const file = join(tempFolder(), 'data', 'club.db.courses')
  const begin = async () => {
    const { courses, problems } = await keptCourses(at.content, file)
    return { title: courses[0]?.title.en, lessons: courses[0]?.lessons.length, problems: problems.map(({ message }) => message) }
  }
  const mark = () => writeFileSync(file, readFileSync(file, 'utf8').replace('"en":"Containers"', '"en":"Kept"'))
  return { at, file, begin, mark }
}

test('what is kept is what would be read, of our own course too', async () => {
  const file = join(tempFolder(), 'club.db.courses')
  const read = await keptCourses(contentDir, file)
  const kept = await keptCourses(contentDir, file)
  expect(kept).toEqual(loadCourses(contentDir))
  expect(JSON.stringify(kept.courses)).toBe(JSON.stringify(read.courses))
})

test('a start with the same files does not read them again, and one with others does', async () => {
  const { at, begin, mark } = starts()
  expect(await begin()).toMatchObject({ title: 'Containers', lessons: 1 })
  mark()
  expect(await begin()).toMatchObject({ title: 'Kept', lessons: 1 })
  at.slip('01-fence.ko.md', '함께 써요.\n\n## 본문', '나눠 써요.\n\n## 본문')
  expect(await begin()).toMatchObject({ title: 'Containers' })
  mark()
  at.write('02-new.ko.md', lessonKo.replace('L01', 'L02'))
  expect(await begin()).toMatchObject({ title: 'Containers' })
  mark()
  at.remove('02-new.ko.md')
  expect(await begin()).toMatchObject({ title: 'Containers' })
})

test('a correction behind a symbolic link is seen', async () => {
  const { at, begin, mark } = starts()
  const elsewhere = join(tempFolder(), 'sources.yaml')
  writeFileSync(elsewhere, readFileSync(at.path('sources.yaml')))
  at.remove('sources.yaml')
  symlinkSync(elsewhere, at.path('sources.yaml'))
  await begin()
  mark()
  expect(await begin()).toMatchObject({ title: 'Kept' })
  writeFileSync(elsewhere, readFileSync(elsewhere, 'utf8').replace('namespaces(7)', 'Namespaces'))
  expect(await begin()).toMatchObject({ title: 'Containers' })
})

test('what is wrong with the files is told at each start', async () => {
  const { at, begin, mark } = starts()
  at.slip('01-fence.ko.md', 'id: L01', 'id: L 01')
  const { problems } = await begin()
  expect(problems).toEqual([expect.stringContaining('"id" may hold up to 30 Latin letters')])
  mark()
  expect(await begin()).toMatchObject({ title: 'Kept', problems })
})

test('a piece of what was kept, or no place to keep it, costs a start time and nothing else', async () => {
  const { file, begin, at } = starts()
  await begin()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -100))
  expect(await begin()).toMatchObject({ title: 'Containers', lessons: 1 })
  rmSync(dirname(file), { recursive: true })
  writeFileSync(dirname(file), 'a file where the folder was')
  expect(await begin()).toMatchObject({ title: 'Containers', lessons: 1 })
  at.remove('course.yaml')
  expect(await begin()).toMatchObject({ title: undefined, problems: [expect.stringContaining('there is no file of this name')] })
})
