import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addKey, KeyFileBroken, keysOf, readKeys } from '../src/keys.ts'
import { tempFolder } from './support/testClub.ts'

const [a, b] = ['ab'.repeat(32), 'cd'.repeat(32)]
const hex = (keys: readonly Buffer[]) => keys.map((key) => key.toString('hex'))
const settings = (given: { CLUB_KEY?: string; CLUB_KEY_OLD?: string } = {}) => ({
  CLUB_KEY: undefined,
  CLUB_KEY_OLD: undefined,
  DATABASE_URL: join(tempFolder(), 'club.db'),
  ...given,
})

describe('the keys', () => {
  test('are those in the settings, and then no file is made', () => {
    const given = settings({ CLUB_KEY: a, CLUB_KEY_OLD: b })
    expect(hex(keysOf(given))).toEqual([a, b])
    expect(readdirSync(join(given.DATABASE_URL, '..'))).toEqual([])
  })

  test('else stand in a file beside the database that only its owner reads, and stay', () => {
    const given = settings()
    expect(readKeys(given)).toEqual([])
    const made = keysOf(given)
    expect(hex(made)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
    expect(statSync(`${given.DATABASE_URL}.key`).mode & 0o777).toBe(0o600)
    expect(keysOf(given)).toEqual(made)
  })

  test('of the file still open what they sealed when CLUB_KEY takes their place, and the other way round', () => {
    const given = settings()
    const [first] = hex(keysOf(given))
    expect(hex(keysOf({ ...given, CLUB_KEY: a }))).toEqual([a, first])
    expect(hex(keysOf({ ...given, CLUB_KEY_OLD: a }))).toEqual([first, a])
  })

  test('a new one comes on top of the file, and none is lost', () => {
    const given = settings()
    const [first] = hex(keysOf(given))
    addKey(given.DATABASE_URL)
    const [second, ...older] = hex(keysOf(given))
    expect(older).toEqual([first])
    expect(second).not.toBe(first)
    expect(readdirSync(join(given.DATABASE_URL, '..'))).toEqual(['club.db.key'])
  })

  test('a file that holds anything else is refused, told by its name, and left as it is', () => {
    const given = settings()
    mkdirSync(join(given.DATABASE_URL, '..'), { recursive: true })
    const file = `${given.DATABASE_URL}.key`
    for (const content of ['', 'too short', `${a}\nand more`]) {
      writeFileSync(file, content)
      for (const attempt of [() => keysOf(given), () => addKey(given.DATABASE_URL)]) {
        expect(attempt).toThrow(KeyFileBroken)
        expect(attempt).toThrow(`${file} is to hold keys of 64 hexadecimal digits`)
      }
      expect(readFileSync(file, 'utf8')).toBe(content)
    }
  })
})
