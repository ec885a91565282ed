// Purpose: starts the program on Node 24, as the image does: its own folder, its own native build, no loader. Run by `npm run smoke:node24`.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startDiscord } from '../support/discord/server.ts'
import { startSlack } from '../support/slack/server.ts'

const root = new URL('../..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'onepercent-node24-'))
const npm = process.env.npm_execpath ?? ''
const url = 'http://127.0.0.1:8794'
const discord = await startDiscord()
const guild = discord.addGuild({ channels: [{ name: 'study' }] })
const slack = await startSlack()
const team = slack.team()
team.addChannel({ name: 'study' })

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

try {
  for (const part of ['package.json', 'package-lock.json', 'src', 'content', 'migrations'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  const runtime = join(folder, 'node24')
  mkdirSync(runtime)
  // A project of its own, or npm would take the one above it.
  writeFileSync(join(runtime, 'package.json'), '{}')
  // What npm's `node` package fetches for this machine: the binary, and the headers that the native part is built against.
  const distribution = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  run(process.execPath, [npm, 'install', '--no-save', `${distribution}@24`], runtime)
  const node = join(runtime, 'node_modules', distribution)
  const env = {
    ...process.env,
    PATH: `${join(node, 'bin')}:${process.env.PATH}`,
    npm_config_nodedir: node,
    npm_config_build_from_source: 'true',
    PORT: '8794',
    DATABASE_URL: `file:${join(folder, 'data', 'club.db')}`,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    SLACK_BOT_TOKEN: team.token,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  }
  const node24 = join(node, 'bin', 'node')
  run(node24, ['--version'], folder, env)
  // npm itself on Node 24, so that the install script builds for it.
  run(node24, [npm, 'ci', '--omit=dev'], folder, env)
  const service = spawn(node24, ['src/main.ts'], { cwd: folder, env, stdio: 'inherit' })
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false)
    if (ready) break
    if (tries > 100 || service.exitCode !== null) throw new Error('the program did not become ready on Node 24')
    await wait(100)
  }
  const messages = (await (await fetch(`${url}/api/messages?as=host`)).json()) as { card: { title?: string; image?: { url: string } } }[]
  const picture = await fetch(url + messages[0]?.card.image?.url)
  if (messages.length !== 2 || !picture.ok) throw new Error('the first lesson, its picture and the poll are not there')
  process.stdout.write(
    `Node 24: ${messages.map(({ card }) => card.title).join(' | ')}, picture of ${(await picture.arrayBuffer()).byteLength} bytes\n`,
  )
  const [greeting] = await discord.until(() => guild.channels[0]?.messages.length === 1 && guild.channels[0].messages)
  const asked = await discord.person({ guild, name: 'Mina', locale: 'ko' }).types('/순위')
  process.stdout.write(`Node 24 on Discord: ${greeting?.content} | ${asked.message?.embeds[0]?.title}\n`)
  const told = await slack.person({ team, name: 'Mina' }).types('/1퍼센트 순위')
  process.stdout.write(`Node 24 on Slack: ${told.message?.text.split('\n')[0]}\n`)
  // Long enough for the garbage collector to have come by more than once.
  for (let i = 0; i < 3000; i++) await (await fetch(`${url}/api/messages?as=host`)).arrayBuffer()
  if (service.exitCode !== null || service.signalCode !== null) throw new Error('the program did not stay alive on Node 24')
  service.kill('SIGTERM')
  await new Promise((resolve) => service.once('exit', resolve))
} finally {
  await Promise.all([discord.stop(), slack.stop()])
  rmSync(folder, { recursive: true, force: true })
}
