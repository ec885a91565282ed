// Purpose: a backup each night by itself, in a process of its own, and how long backups and the marks of deletions are kept.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Logger } from 'pino'
import { Temporal } from 'temporal-polyfill'
import { addDays, type Day } from './club/calendar.ts'
import type { Config } from './config.ts'
import { asideMark, backup, schemaBeforeUpgrade, UpkeepError } from './store/sqlite/upkeep.ts'
import type { Store } from './store/store.ts'

/** Minutes after midnight: the study day has ended (04:00), and no club posts yet. */
const quietMinute = 4 * 60 + 30
const dayMs = 86_400_000
/** After a failure. */
const againMs = 60 * 60_000

type Settings = Pick<Config, 'BACKUP_DIR' | 'BACKUP_KEEP' | 'DATABASE_URL' | 'CLUB_ZONE'>

export const backupFolder = ({ BACKUP_DIR, DATABASE_URL }: Settings): string => BACKUP_DIR ?? join(dirname(DATABASE_URL), 'backups')

/** Of `data/club.db`: club-2026-11-26.db, or club-2026-11-26-schema-0003.db before an upgrade from that schema. */
function backupFile(settings: Settings, day: Day, schema?: number): string {
  const before = schema === undefined ? '' : `-schema-${String(schema).padStart(4, '0')}`
  return join(backupFolder(settings), `${nameOf(settings)}-${day}${before}.db`)
}

const nameOf = ({ DATABASE_URL }: Settings): string => basename(DATABASE_URL, '.db')

interface BackupFile {
  readonly file: string
  readonly day: Day
  readonly schema?: string
}

/** The backups that were made by themselves, oldest first. */
function backupFiles(settings: Settings): BackupFile[] {
  const folder = backupFolder(settings)
  if (!existsSync(folder)) return []
  const prefix = `${nameOf(settings)}-`
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .flatMap((name) => {
      const [, day, schema] = /^(\d{4}-\d\d-\d\d)(?:-schema-(\d{4}))?\.db$/.exec(name.slice(prefix.length)) ?? []
      return day === undefined ? [] : { file: join(folder, name), day, ...(schema && { schema }) }
    })
}

/** The newest nightly backup and when it was made (epoch ms). */
export function lastBackup(settings: Settings): { file: string; at: number } | undefined {
  const file = backupFiles(settings).findLast(({ schema }) => schema === undefined)?.file
  return file === undefined ? undefined : { file, at: statSync(file).mtimeMs }
}

/**
 * Backs the database up when this version is about to upgrade it, and returns where. A second one of the same day and schema takes the place
 * of the first, so a start that fails again and again fills no disk. Throws UpkeepError.
 */
export function backupBeforeUpgrade(settings: Settings, migrations: string, now: number): string | undefined {
  const { BACKUP_KEEP, DATABASE_URL } = settings
  const schema = BACKUP_KEEP === 0 ? undefined : schemaBeforeUpgrade(DATABASE_URL, migrations)
  if (schema === undefined) return undefined
  const file = backupFile(settings, nightOf(settings, now), schema)
  try {
    mkdirSync(backupFolder(settings), { recursive: true, mode: 0o700 })
    backup(DATABASE_URL, file, { replace: true })
    return file
  } catch (error) {
    throw new UpkeepError(
      `BACKUP_DIR: the database is about to be upgraded, and its backup could not be made: ${error instanceof Error ? error.message : error}. Nothing was changed. Mend that, or upgrade without a backup of its own by BACKUP_KEEP=0`,
      { cause: error },
    )
  }
}

/** The day whose night is over at `now`. */
function nightOf({ CLUB_ZONE }: Settings, now: number): Day {
  return Temporal.Instant.fromEpochMilliseconds(now - quietMinute * 60_000)
    .toZonedDateTimeISO(CLUB_ZONE)
    .toPlainDate()
    .toString()
}

export interface Backups {
  /** Begins today's backup if it is time and there is none: also one that was missed while nobody ran. At most one at a time. */
  tick(now: number): void
  /** Resolves when none is being made. */
  idle(): Promise<void>
  /** Breaks off one that is being made. */
  close(): Promise<void>
}

export function createBackups(settings: Settings, store: Pick<Store, 'dropErasures'>, log: Logger): Backups {
  const { BACKUP_KEEP: keepDays } = settings
  let running: Promise<void> | undefined
  let child: ChildProcess | undefined
  let closed = false
  let notBefore = 0

  async function make(file: string): Promise<void> {
    mkdirSync(backupFolder(settings), { recursive: true, mode: 0o700 })
    // A copy of a large database takes seconds, which this process has not: the club's members are waiting for answers.
    const cli = new URL('cli.ts', import.meta.url).pathname
    const env = { ...process.env, DATABASE_URL: `file:${settings.DATABASE_URL}` }
    child = spawn(process.execPath, [...process.execArgv, cli, 'backup', file], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const [reason, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
    if (status !== 0) throw new Error(reason.trim() || `its process ended with ${status}`)
  }

  async function night(file: string, day: Day, now: number): Promise<void> {
    try {
      const began = performance.now()
      await make(file)
      log.info(
        { file, bytes: statSync(file).size, seconds: Math.round((performance.now() - began) / 1000) },
        'a backup was made and checked',
      )
      // The old ones go only once a newer one is good.
      dropOldFiles(settings, addDays(day, 1 - keepDays), now - keepDays * dayMs)
      await store.dropErasures(now - (keepDays + 1) * dayMs)
    } catch (error) {
      if (closed) return
      notBefore = now + againMs
      log.error(
        { err: error, file },
        'no backup was made, it is tried again in an hour; see that there is room at BACKUP_DIR and that it can be written',
      )
    } finally {
      running = undefined
    }
  }

  return {
    tick(now) {
      if (keepDays === 0 || running || closed || now < notBefore) return
      const day = nightOf(settings, now)
      const file = backupFile(settings, day)
      if (!existsSync(file)) running = night(file, day, now)
    },
    async idle() {
      await running
    },
    async close() {
      closed = true
      child?.kill()
      await running
    },
  }
}

/** Backups of days before `firstKept`, what restores replaced before an instant, and what a killed backup left. */
function dropOldFiles(settings: Settings, firstKept: Day, before: number): void {
  for (const { file, day } of backupFiles(settings)) if (day < firstKept) rmSync(file)
  const { dir, base } = parse(settings.DATABASE_URL)
  for (const name of readdirSync(dir)) {
    if (!name.startsWith(base + asideMark)) continue
    if (Number.parseInt(name.slice((base + asideMark).length), 10) < before) rmSync(join(dir, name))
  }
  const folder = backupFolder(settings)
  for (const name of readdirSync(folder)) {
    const isLeft = name.startsWith(`${nameOf(settings)}-`) && name.includes('.unfinished-')
    if (isLeft) rmSync(join(folder, name))
  }
}
