// Purpose: the real app with all its features on a store, as main.ts wires them.
import type { Logger } from 'pino'
import { createApp } from '../../src/app.ts'
import type { Room } from '../../src/chat/room.ts'
import { type ClubSettings, defaultSettings, newClub } from '../../src/club/club.ts'
import type { Course } from '../../src/course/course.ts'
import { commands, drawers, presses } from '../../src/features/index.ts'
import type { Limits } from '../../src/limit.ts'
import { createMetrics } from '../../src/metrics.ts'
import type { Store } from '../../src/store/store.ts'

export interface AppOn {
  readonly store: Store
  readonly courses: () => readonly Course[]
  readonly settings?: Partial<ClubSettings> | undefined
  readonly zone?: string
  readonly uptime: () => number
  readonly log: Logger
  readonly limits?: Limits | undefined
}

export function appOn({ store, courses, settings, zone = 'Asia/Seoul', uptime, log, limits }: AppOn) {
  const rooms = new Map<string, Room>()
  const metrics = createMetrics()
  /** A club as it begins. */
  const begun = (id: string, channel: string) =>
    newClub(id, channel, { ...defaultSettings, course: courses()[0]?.id ?? '', ...settings }, zone)
  const parts = { store, courses, rooms, commands, presses, drawers, newClub: begun, metrics, uptime, log }
  return { app: createApp({ ...parts, ...(limits && { limits }) }), rooms, metrics, begun }
}
