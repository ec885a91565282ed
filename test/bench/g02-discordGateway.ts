// Purpose: G2. A full check-in over Discord's gateway, from the event to the answer, beside discord.js's Client that only says "ok".
import { startAtOnce } from '../../src/planning.ts'
import { dayMs } from './club.ts'
import { channel, checkin, guild, startDiscordEnd, token } from './discordEnd.ts'
import { openDiscordRoom } from './discordRoom.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

/** Interactions that are under way at a time. */
const window = 32

export async function ours(api: string) {
  const { store, begun, courses, now, moveTo } = await openDiscordRoom({ token, api })
  const club = begun(`discord:${guild}`, channel)
  if (!(await store.club(club.id))) await store.saveClub(club)
  await startAtOnce(store, club.id, now(), courses)
  await moveTo(now())
  return { nextDay: () => moveTo(now() + dayMs) }
}

/** A bot as discord.js's guide shows it. */
export async function baseline(api: string) {
  const { Client, Events, GatewayIntentBits, MessageFlags } = await import('discord.js')
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api } })
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isChatInputCommand()) void interaction.reply({ content: 'ok', flags: MessageFlags.Ephemeral })
  })
  await client.login(token)
  return { nextDay: () => {} }
}

export async function discordGateway({ rounds, acts }: Sizes): Promise<Figure[]> {
  const ends = { ours: await startDiscordEnd(), baseline: await startDiscordEnd() }
  const sides = {
    ours: await startSide(import.meta.filename, ours, ends.ours.apiUrl),
    baseline: await startSide(import.meta.filename, baseline, ends.baseline.apiUrl),
  }
  let made = 0

  async function send(side: 'ours' | 'baseline') {
    await sides[side].nextDay()
    while (ends[side].lines() === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    const deliver = await ends[side].line()
    const waiting = new Map<string, () => void>()
    ends[side].whenAnswered((answered) => waiting.get(answered)?.())
    const before = await sides[side].cpu()
    const start = performance.now()
    await atOnce(acts, window, (member) => {
      const interaction = checkin(made++, member)
      return new Promise<void>((resolve) => {
        waiting.set(interaction.token, resolve)
        deliver(interaction)
      })
    })
    return { perSecond: (acts / (performance.now() - start)) * 1000, cpu: ((await sides[side].cpu()) - before) / acts }
  }

  const { ours: own, baseline: client } = await inTurns(rounds, { ours: () => send('ours'), baseline: () => send('baseline') })
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  ends.ours.stop()
  ends.baseline.stop()
  return [
    {
      what: 'full check-ins over Discord’s gateway, beside discord.js’s no-op reply',
      unit: '/s',
      ours: own.perSecond,
      baseline: client.perSecond,
      goal: { of: 'ratio', atLeast: 1.2 },
    },
    { what: 'processor time of one', unit: 'ms', ours: own.cpu, baseline: client.cpu, goal: { of: 'ratio', atMost: 0.75 } },
  ]
}
