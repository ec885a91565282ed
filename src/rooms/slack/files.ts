// Purpose: pictures as files in Slack: each is uploaded once, and messages show it by its id.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Picture, Theme } from '../../chat/picture.ts'
import { NotPosted } from '../../chat/room.ts'
import type { Api } from './api.ts'
import type { Drawn } from './draw.ts'
import { refusalOf, retryAfterMs, wordsOf } from './errors.ts'
import { clubOf, teamOf } from './read.ts'

/** A picture that a workspace keeps for us. */
export interface Upload {
  readonly club: string
  readonly picture: string
  readonly file: string
  /** When nobody looks at it any more, epoch ms: then it is deleted there too. */
  readonly expiresAt?: number
}

/** Where it is kept which pictures were uploaded. */
export interface Uploads {
  upload(club: string, picture: string): Promise<string | undefined>
  keepUpload(upload: Upload): Promise<void>
  expiredUploads(now: number, limit: number): Promise<readonly Upload[]>
  dropUpload(club: string, picture: string): Promise<void>
}

export interface Files {
  /**
   * Sends what shows a drawn message's picture, with the id of its file: undefined when it cannot be had, so that no message is held up by
   * its picture. What is for the club throws NotPosted while Slack asks to wait.
   */
  showing<T>(team: string, drawn: Drawn, audience: 'club' | 'one', send: (file: string | undefined) => Promise<T>): Promise<T>
  /** Deletes the pictures that were for one person's eyes and are a day old. */
  sweep(): Promise<void>
}

/** A private answer is gone from the screen by then. */
const privateMs = 86_400_000
const sweptAtOnce = 200

export interface FilesParts {
  readonly api: Api
  readonly uploads: Uploads
  readonly drawPicture: (picture: Picture, theme: Theme) => Promise<Uint8Array>
  readonly log: Logger
}

export function createFiles({ api, uploads, drawPicture, log }: FilesParts): Files {
  const underWay = new Map<string, Promise<string>>()

  async function upload(team: string, name: string, { picture, alt }: NonNullable<Drawn['picture']>, isPrivate: boolean): Promise<string> {
    const known = await uploads.upload(clubOf(team), name)
    if (known !== undefined) return known
    const data = Buffer.from(await drawPicture(picture, 'light'))
    const file = await api.upload(team, { data, name: 'picture.png', alt: alt.slice(0, 1000) })
    const expires = isPrivate ? { expiresAt: Date.now() + privateMs } : {}
    await uploads.keepUpload({ club: clubOf(team), picture: name, file, ...expires })
    return file
  }

  async function fileOf(team: string, { picture }: Drawn, audience: 'club' | 'one'): Promise<string | undefined> {
    if (!picture) return undefined
    const name = nameOf(picture.picture, audience)
    const key = `${team} ${name}`
    const coming = underWay.get(key) ?? upload(team, name, picture, audience === 'one')
    underWay.set(key, coming)
    try {
      return await coming
    } catch (error) {
      if (audience === 'club' && (error instanceof NotPosted || retryAfterMs(error) !== undefined)) throw error
      log.error({ team, reason: wordsOf(error) }, 'slack: a picture could not be uploaded; the message goes without it')
      return undefined
    } finally {
      underWay.delete(key)
    }
  }

  return {
    async showing(team, drawn, audience, send) {
      const { picture } = drawn
      return patiently(await fileOf(team, drawn, audience), send, () => {
        log.warn({ team }, 'slack: a picture cannot be shown; the message goes without it')
        if (picture) void uploads.dropUpload(clubOf(team), nameOf(picture.picture, audience))
      })
    },
    async sweep() {
      for (const { club, picture, file } of await uploads.expiredUploads(Date.now(), sweptAtOnce)) {
        await api
          .call(teamOf(club) ?? '', 'files.delete', { file })
          .catch((error: unknown) => log.warn({ club, reason: wordsOf(error) }, 'slack: an old picture could not be deleted'))
        await uploads.dropUpload(club, picture)
      }
    },
  }
}

/** Slack takes a moment to look at a file before a message can show it. */
const lookedAtMs = [700, 2_000]

/**
 * Sends something that shows a file: again after a moment when Slack does not know the file yet, in the end without it, so that a message
 * is never held up by its picture. `unknown` is told of that.
 */
async function patiently<T>(file: string | undefined, send: (file: string | undefined) => Promise<T>, unknown: () => void): Promise<T> {
  for (const wait of file === undefined ? [] : [0, ...lookedAtMs]) {
    if (wait > 0) await sleep(wait)
    try {
      return await send(file)
    } catch (error) {
      if (refusalOf(error) !== 'invalid_blocks') throw error
    }
  }
  if (file !== undefined) unknown()
  return send(undefined)
}

/** The same content has the same name. What one person saw is kept apart from what the channel shows: it is deleted sooner. */
function nameOf(picture: Picture, audience: 'club' | 'one'): string {
  return `${audience}:${createHash('sha256').update(JSON.stringify(picture)).digest('base64url').slice(0, 32)}`
}
