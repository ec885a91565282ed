// Purpose: G11. From the start of the program until it is open, beside importing discord.js, Bolt and better-sqlite3 under the same loader.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startDiscord } from '../support/discord/server.ts'
import { scratchFolder } from './club.ts'
import { type Figure, inTurns, type Sizes } from './measure.ts'

const root = new URL('../..', import.meta.url).pathname
const imports = "await Promise.all([import('discord.js'), import('@slack/bolt'), import('better-sqlite3')]); console.log('is open')"

/** Milliseconds until the process says that it is open. */
async function open(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<number> {
  const { PATH = '', HOME = '' } = process.env
  const start = performance.now()
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  if (!child.stdout) throw new Error('the process says nothing')
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('is open')) break
  const took = performance.now() - start
  child.kill('SIGKILL')
  await ended
  return took
}

export async function start({ rounds }: Sizes): Promise<Figure[]> {
  const discord = await startDiscord()
  const folder = scratchFolder()
  const main = (name: string, settings: Record<string, string>) => async () => ({
    ms: await open(['src/main.ts'], { DATABASE_URL: `file:${folder}/${name}.db`, ...settings }),
  })
  const found = await inTurns(rounds, {
    web: main('web', {}),
    discord: main('discord', { WEB_ROOM: 'off', DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl }),
    imports: async () => ({ ms: await open(['--input-type=module', '-e', imports], {}) }),
  })
  await discord.stop()
  return [
    {
      what: 'start to open with the web room, beside three imports',
      unit: 'ms',
      ours: found.web.ms,
      baseline: found.imports.ms,
      goal: { of: 'ratio', atMost: 0.8 },
    },
    { what: 'start to open on Discord, beside three imports', unit: 'ms', ours: found.discord.ms, baseline: found.imports.ms },
  ]
}
