import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSeal, keyOf, SealBroken, sealedSecrets } from '../src/seal.ts'
import { openSqliteStore } from '../src/store/sqlite/index.ts'
import { migrations, tempFolder } from './support/testClub.ts'

const key = () => randomBytes(32)

describe('a seal', () => {
  test('gives back what was closed, whatever it was, and never the same text twice', () => {
    const seal = createSeal(key())
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, name) => {
        const closed = seal.close(name, text)
        expect(seal.open(name, closed)).toBe(text)
        expect(seal.close(name, text)).not.toBe(closed)
      }),
    )
    expect(seal.close('token', 'xoxb-1-secret')).not.toContain('secret')
  })

  test('does not open with another key, under another name, or when a bit was altered', () => {
    const seal = createSeal(key())
    const closed = seal.close('slack:T1', 'xoxb-1')
    expect(() => createSeal(key()).open('slack:T1', closed)).toThrow(SealBroken)
    expect(() => seal.open('slack:T2', closed)).toThrow('“slack:T2” cannot be opened')
    for (const altered of [
      closed.slice(0, -2),
      `2${closed.slice(1)}`,
      // Not the last sign: some of its bits mean nothing.
      closed.replace(/.(?=.$)/, (sign) => (sign === 'A' ? 'B' : 'A')),
      '',
      '1.',
    ])
      expect(() => seal.open('slack:T1', altered)).toThrow(SealBroken)
  })
})

describe('the key', () => {
  test('is the one in the settings', () => {
    expect(keyOf('ab'.repeat(32), join(tempFolder(), 'club.db')).toString('hex')).toBe('ab'.repeat(32))
  })

  test('else stands in a file beside the database that only its owner reads, and stays', () => {
    const database = join(tempFolder(), 'club.db')
    const made = keyOf(undefined, database)
    expect(made).toHaveLength(32)
    expect(statSync(`${database}.key`).mode & 0o777).toBe(0o600)
    expect(keyOf(undefined, database)).toEqual(made)
    writeFileSync(`${database}.key`, 'too short')
    expect(() => keyOf(undefined, database)).toThrow('holds no key of 64 hexadecimal digits')
  })
})

test('a secret lies in the database sealed: neither the file nor its log holds the text', async () => {
  const file = join(tempFolder(), 'club.db')
  const store = openSqliteStore(file, migrations)
  const secrets = sealedSecrets(store, createSeal(key()), 'slack:')
  await secrets.put('T1', 'xoxb-canary')
  await store.keepSecret('other:T2', 'somebody else’s')
  expect([await secrets.get('T1'), await secrets.get('T2'), await secrets.ids()]).toEqual(['xoxb-canary', undefined, ['T1']])
  const strangers = sealedSecrets(store, createSeal(key()), 'slack:')
  await expect(strangers.get('T1')).rejects.toThrow(SealBroken)
  for (const part of [file, `${file}-wal`]) expect(readFileSync(part).includes('xoxb-canary')).toBe(false)
  await secrets.delete('T1')
  expect(await secrets.ids()).toEqual([])
  await store.close()
})
