// Purpose: seals what must not be readable in the database or its backups: AES-256-GCM under a key that is kept elsewhere (keys.ts).
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** What was sealed cannot be opened: its key is not here, or it was altered or moved. */
export class SealBroken extends Error {}

export interface Seal {
  /** The ids of the keys that can open, the one that closes first. An id says which key it is and nothing about it. */
  readonly keys: readonly [string, ...string[]]
  /** `place` says where the text lies; anywhere else it cannot be opened. The sealed text is 33 bytes longer than the text in UTF-8. */
  close(place: string, text: string): Buffer
  /** Throws SealBroken. */
  open(place: string, sealed: Buffer): string
  /** As `open`, for the form that schemas before 0004 kept: text, without the key's id. */
  openFirst(place: string, sealed: string): string
  /**
   * What stands for somebody and tells nothing of them without the key: the same names, the same mark. One under each key, the present
   * one first; before its dot stands which key it is.
   */
  marks(names: readonly string[]): readonly [string, ...string[]]
}

/** Moved when the layout changes: version, the key's id, nonce, tag, text. */
const version = 2
const algorithm = 'aes-256-gcm'
/** Bytes; NIST SP 800-38D recommends 12 for the nonce and 16 for the tag. */
const size = { version: 1, id: 4, nonce: 12, tag: 16 }
export const keyBytes = 32

const idOf = (key: Buffer): string =>
  createHmac('sha256', key)
    .update('id')
    .digest('hex')
    .slice(0, 2 * size.id)

/** The id of the key that closed this. */
export const keyIdIn = (sealed: Buffer): string => sealed.subarray(size.version, size.version + size.id).toString('hex')

/** Drawing them one by one takes as long as the sealing itself. */
const noncesAtOnce = 512
let nonces = Buffer.alloc(0)

function drawNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(noncesAtOnce * size.nonce)
  const nonce = nonces.subarray(0, size.nonce)
  nonces = nonces.subarray(size.nonce)
  return nonce
}

/** Closes with the first key, opens with any. Each has 32 bytes. */
export function createSeal(keys: readonly [Buffer, ...Buffer[]]): Seal {
  const keyOf = new Map(keys.map((key) => [idOf(key), key]))
  const [newest] = keys
  const head = Buffer.concat([Buffer.from([version]), Buffer.from(idOf(newest), 'hex')])

  return {
    keys: [idOf(newest), ...[...keyOf.keys()].filter((id) => id !== idOf(newest))],
    marks(names) {
      const mark = (key: Buffer) =>
        `${idOf(key)}.${createHmac('sha256', key)
          .update(`mark:${JSON.stringify(names)}`)
          .digest('base64url')}`
      const [, ...others] = keys
      return [mark(newest), ...others.map(mark)]
    },
    close(place, text) {
      const nonce = drawNonce()
      const cipher = createCipheriv(algorithm, newest, nonce, { authTagLength: size.tag }).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([head, nonce, cipher.getAuthTag(), body])
    },
    open(place, sealed) {
      const id = keyIdIn(sealed)
      const key = keyOf.get(id)
      if (sealed[0] !== version || !key) throw new SealBroken(`“${place}” cannot be opened: it names the key ${id || 'of no id'}`)
      return opened(key, place, sealed.subarray(head.length))
    },
    openFirst(place, sealed) {
      const [, encoded = ''] = /^1\.([\w-]+)$/.exec(sealed) ?? []
      for (const key of keys) {
        try {
          return opened(key, place, Buffer.from(encoded, 'base64url'))
        } catch (error) {
          if (!(error instanceof SealBroken)) throw error
        }
      }
      throw new SealBroken(`“${place}” cannot be opened with the key that is here`)
    },
  }
}

/** As `open`; undefined for what cannot be opened. */
export function tryOpen(seal: Seal, place: string, sealed: Buffer): string | undefined {
  try {
    return seal.open(place, sealed)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

function opened(key: Buffer, place: string, sealed: Buffer): string {
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, size.nonce), { authTagLength: size.tag })
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(size.nonce, size.nonce + size.tag))
    return Buffer.concat([decipher.update(sealed.subarray(size.nonce + size.tag)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealBroken(`“${place}” cannot be opened: it was altered, moved or cut short`, { cause: error })
  }
}
