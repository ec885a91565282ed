// Purpose: the Discord room on the real app, as the program wires them.
import type { createDiscordRoom as Create } from '../../src/rooms/discord/index.ts'
import { openClubs } from './club.ts'

type Settings = Pick<Parameters<typeof Create>[0], 'token' | 'api' | 'publicKey'>

export async function openDiscordRoom(settings: Settings, clubs = openClubs()) {
  const { createDiscordRoom } = await import('../../src/rooms/discord/index.ts')
  const { app, store, rooms, metrics, pictures, log, now } = clubs
  const room = createDiscordRoom({
    ...settings,
    handle: (call) => app.handle(call, now()),
    suggest: (typing) => app.suggest(typing, now()),
    replaces: app.replaces,
    commands: () => app.commandInfos,
    clubs: () => store.clubs(),
    arrive: (club, channel) => app.arrive(club, channel, now()),
    leave: (club) => app.leave(club, now()),
    failed: (sort) => metrics.platformErrors.inc({ room: 'discord', sort }),
    drawPicture: pictures.draw,
    log,
  })
  rooms.set(room.name, room)
  await room.open()
  return { ...clubs, room }
}
