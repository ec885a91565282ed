// Purpose: the Discord room on the real app, as the program wires them.
import { appAt } from '../../src/app.ts'
import type { createDiscordRoom as Create } from '../../src/rooms/discord/index.ts'
import { openClubs } from './club.ts'

type Settings = Pick<Parameters<typeof Create>[0], 'token' | 'api' | 'publicKey'>

export async function openDiscordRoom(settings: Settings, clubs = openClubs()) {
  const { createDiscordRoom } = await import('../../src/rooms/discord/index.ts')
  const { app, store, rooms, metrics, pictures, log, now } = clubs
  const room = createDiscordRoom({
    ...settings,
    ...appAt(app, now),
    clubs: () => store.clubs(),
    failed: (sort) => metrics.platformErrors.inc({ room: 'discord', sort }),
    drawPicture: pictures.draw,
    log,
  })
  rooms.set(room.name, room)
  await room.open()
  return { ...clubs, room }
}
