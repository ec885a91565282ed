// Purpose: the Slack room on the real app, as the program wires them.
import { appAt } from '../../src/app.ts'
import type { createSlackRoom as Create } from '../../src/rooms/slack/index.ts'
import { openClubs } from './club.ts'
import { signingSecret, token } from './slackEnd.ts'

export async function openSlackRoom(api: string) {
  const { createSlackRoom } = await import('../../src/rooms/slack/index.ts')
  const clubs = openClubs()
  const { app, store, rooms, metrics, pictures, log, now } = clubs
  const parts: Parameters<typeof Create>[0] = {
    token,
    signingSecret,
    api,
    secrets: store,
    uploads: store,
    ...appAt(app, now),
    failed: (sort) => metrics.platformErrors.inc({ room: 'slack', sort }),
    drawPicture: pictures.draw,
    log,
  }
  const room = createSlackRoom(parts)
  rooms.set(room.name, room)
  await room.open()
  return { ...clubs, room }
}
