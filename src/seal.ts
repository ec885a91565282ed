// Purpose: seals what must not be readable in the database or its backups: AES-256-GCM under a key that is kept elsewhere.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Store } from './store/store.ts'

/** What was sealed cannot be opened: with another key, or it was altered. */
export class SealBroken extends Error {}

export interface Seal {
  /** `name` says what it is; under another name it cannot be opened. */
  close(name: string, text: string): string
  /** Throws SealBroken. */
  open(name: string, sealed: string): string
}

/** Moved when the layout changes. */
const version = '1'
const algorithm = 'aes-256-gcm'
/** Bytes; NIST SP 800-38D recommends 12 for the nonce and 16 for the tag. */
const size = { key: 32, nonce: 12, tag: 16 }

/** `key` has 32 bytes. */
export function createSeal(key: Buffer): Seal {
  return {
    close(name, text) {
      const nonce = randomBytes(size.nonce)
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: size.tag }).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(name, sealed) {
      const [found, encoded = ''] = sealed.split('.')
      const bytes = Buffer.from(encoded, 'base64url')
      try {
        if (found !== version) throw new Error(`version ${found}`)
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, size.nonce), { authTagLength: size.tag })
        decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(size.nonce, size.nonce + size.tag))
        return Buffer.concat([decipher.update(bytes.subarray(size.nonce + size.tag)), decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SealBroken(`“${name}” cannot be opened with this key`, { cause: error })
      }
    },
  }
}

/**
 * The key: the one in the settings (64 hexadecimal digits), else one in a file of mode 0600 beside the database, made now if there is none.
 * Backups hold the database alone.
 */
export function keyOf(setting: string | undefined, database: string): Buffer {
  if (setting !== undefined) return Buffer.from(setting, 'hex')
  const file = `${database}.key`
  try {
    writeFileSync(file, `${randomBytes(size.key).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (key.length !== size.key) throw new SealBroken(`${file} holds no key of 64 hexadecimal digits`)
  return key
}

/** The store's secrets that begin with `prefix`, opened as they are read. */
export function sealedSecrets(store: Store, seal: Seal, prefix: string) {
  return {
    async get(id: string): Promise<string | undefined> {
      const sealed = await store.secret(`${prefix}${id}`)
      return sealed === undefined ? undefined : seal.open(`${prefix}${id}`, sealed)
    },
    put: (id: string, text: string): Promise<void> => store.keepSecret(`${prefix}${id}`, seal.close(`${prefix}${id}`, text)),
    delete: (id: string): Promise<void> => store.dropSecret(`${prefix}${id}`),
    ids: async (): Promise<string[]> =>
      (await store.secrets()).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  }
}
