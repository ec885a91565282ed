// Purpose: what platforms keep for us, and the tokens that open them, sealed.
import type Database from 'better-sqlite3'
import type { Seal } from '../../seal.ts'
import type { Store, Upload } from '../store.ts'
import type { Write } from './commit.ts'
import type { Rows } from './members.ts'
import { placeOf } from './sealed.ts'

type Verbs = Pick<Store, 'upload' | 'keepUpload' | 'expiredUploads' | 'dropUpload' | 'secret' | 'secrets' | 'keepSecret' | 'dropSecret'>

export function platformVerbs(db: Database.Database, write: Write, rows: Rows, seal: Seal): Verbs {
  const file = db.prepare<[string, string], string>('SELECT file FROM upload JOIN club ON id = club WHERE key = ? AND picture = ?').pluck()
  const keep = db.prepare('INSERT OR REPLACE INTO upload (club, picture, file, expires_at) VALUES (?, ?, ?, ?)')
  const expired = db.prepare<[number, number], Required<Upload>>(
    'SELECT key AS club, picture, file, expires_at AS expiresAt FROM upload JOIN club ON id = club WHERE expires_at <= ? ORDER BY expires_at LIMIT ?',
  )
  const drop = db.prepare('DELETE FROM upload WHERE club = (SELECT id FROM club WHERE key = ?) AND picture = ?')
  const sealed = db.prepare<[string], Buffer>('SELECT sealed FROM secret WHERE name = ?').pluck()
  const names = db.prepare<[], string>('SELECT name FROM secret ORDER BY name').pluck()
  const keepSealed = db.prepare('INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)')
  const dropSealed = db.prepare('DELETE FROM secret WHERE name = ?')
  return {
    upload: async (club, picture) => file.get(club, picture),
    keepUpload: (upload) => write(() => void keep.run(rows.club(upload.club), upload.picture, upload.file, upload.expiresAt ?? null)),
    expiredUploads: async (now, limit) => expired.all(now, limit),
    dropUpload: (club, picture) => write(() => void drop.run(club, picture)),
    async secret(name) {
      const found = sealed.get(name)
      return found && seal.open(placeOf('secret', name), found)
    },
    secrets: async () => names.all(),
    keepSecret: (name, text) => write(() => void keepSealed.run(name, seal.close(placeOf('secret', name), text))),
    dropSecret: (name) => write(() => void dropSealed.run(name)),
  }
}
