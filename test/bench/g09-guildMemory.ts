// Purpose: G9. The memory of a bot in many servers, beside discord.js's Client with the same intent.
import { startDiscord } from '../support/discord/server.ts'
import { openDiscordRoom } from './discordRoom.ts'
import type { Figure, Sizes } from './measure.ts'
import { type Side, startSide } from './side.ts'

export async function ours(api: string, token: string) {
  const { store, metrics } = await openDiscordRoom({ token, api })
  // As the program does once it is open.
  metrics.watchProcess()
  return { known: async () => (await store.clubs()).length }
}

export async function baseline(api: string, token: string) {
  const { Client, GatewayIntentBits } = await import('discord.js')
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api } })
  await client.login(token)
  return { known: () => client.guilds.cache.filter(({ available }) => available).size }
}

export async function guildMemory({ guilds }: Sizes): Promise<Figure[]> {
  const discord = await startDiscord()
  for (let n = 0; n < guilds; n++) {
    discord.addGuild({
      name: `server ${n}`,
      joinedAt: 0,
      channels: Array.from({ length: 12 }, (_, i) => ({ name: `channel-${i}` })),
      roles: Array.from({ length: 8 }, (_, i) => ({ name: `role ${i}` })),
    })
  }
  async function memoryOf(side: Side<{ known: () => number | Promise<number> }>): Promise<number> {
    while ((await side.known()) < guilds) await new Promise((resolve) => setTimeout(resolve, 200))
    const bytes = await side.memory()
    await side.stop()
    return bytes / 2 ** 20
  }
  const own = await memoryOf(await startSide(import.meta.filename, ours, discord.apiUrl, discord.token))
  const client = await memoryOf(await startSide(import.meta.filename, baseline, discord.apiUrl, discord.token))
  await discord.stop()
  return [
    {
      what: `memory in ${guilds.toLocaleString('en')} servers, the whole program beside discord.js’s Client`,
      unit: 'MiB',
      ours: own,
      baseline: client,
      goal: { of: 'ratio', atMost: 0.3 },
    },
  ]
}
