// Purpose: Discord's end of the line for a bench: it takes everything at once and looks at nothing, so that it is never what is waited for.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export const application = '100000000000000001'
export const guild = '100000000000000002'
export const channel = '100000000000000003'
export const token = 'bench-token'

const bot = { id: application, username: 'bench', discriminator: '0', global_name: null, avatar: null, bot: true }
const guildCreate = {
  id: guild,
  name: 'bench',
  icon: null,
  owner_id: '100000000000000004',
  joined_at: '2026-01-01T00:00:00.000Z',
  preferred_locale: 'ko',
  features: [],
  roles: [
    {
      id: guild,
      name: '@everyone',
      permissions: '2251799813685247',
      position: 0,
      color: 0,
      hoist: false,
      managed: false,
      mentionable: false,
    },
  ],
  channels: [{ id: channel, type: 0, name: 'study', position: 0, permission_overwrites: [] }],
  members: [],
  emojis: [],
  stickers: [],
  threads: [],
  voice_states: [],
  presences: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
}

/** An id whose instant is now: Discord's epoch, and a number of our own below it. */
export const idNow = (n: number): string => String((BigInt(Date.now() - 1_420_070_400_000) << 22n) | BigInt(n % 4_194_304))

/** A check-in, as Discord sends it. */
export const checkin = (n: number, member: number) => ({
  id: idNow(n),
  application_id: application,
  type: 2,
  token: `token-${n}`,
  version: 1,
  data: { id: '1', type: 1, name: 'checkin', options: [{ name: 'note', type: 3, value: '오늘은 cgroup이 재는 것을 읽었다' }] },
  guild_id: guild,
  channel_id: channel,
  channel: { id: channel, type: 0, name: 'study' },
  locale: 'ko',
  guild_locale: 'ko',
  app_permissions: '2251799813685247',
  entitlements: [],
  authorizing_integration_owners: { 0: guild },
  context: 0,
  attachment_size_limit: 10_485_760,
  member: {
    user: {
      id: String(200_000_000_000_000_000n + BigInt(member)),
      username: `member${member}`,
      global_name: '미나',
      discriminator: '0',
      avatar: null,
    },
    nick: null,
    roles: [],
    permissions: '2251799813685247',
    joined_at: '2026-01-01T00:00:00.000Z',
    deaf: false,
    mute: false,
    flags: 0,
  },
})

/** A gateway and a REST API; `verifyKey` is the key that the application has. */
export async function startDiscordEnd(verifyKey = '') {
  const lines = new Set<WebSocket>()
  let posted = 0
  let sequence = 0
  let onAnswer = (_token: string) => {}
  let origin = ''
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').replace('/api/v10', '').split('?')
    request.resume().once('end', () => {
      if (path.startsWith('/interactions/')) {
        response.writeHead(204).end()
        onAnswer(path.split('/')[3] ?? '')
        return
      }
      response.setHeader('content-type', 'application/json')
      if (path === '/gateway/bot')
        response.end(
          JSON.stringify({
            url: `${origin.replace('http', 'ws')}/gateway`,
            shards: 1,
            session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 16 },
          }),
        )
      else if (path === '/applications/@me') response.end(JSON.stringify({ id: application, name: 'bench', verify_key: verifyKey }))
      else if (path === '/users/@me') response.end(JSON.stringify(bot))
      else if (request.method === 'POST' && path.endsWith('/messages')) response.end(JSON.stringify({ id: String(++posted) }))
      else response.end('[]')
    })
  })
  const sockets = new WebSocketServer({ server, path: '/gateway' })
  sockets.on('connection', (socket) => {
    const send = (op: number, d: unknown, t?: string) => socket.send(JSON.stringify({ op, d, ...(t && { t, s: ++sequence }) }))
    send(10, { heartbeat_interval: 41_250 })
    socket.on('message', (raw) => {
      const { op } = JSON.parse(String(raw)) as { op: number }
      if (op === 1) send(11, null)
      if (op !== 2) return
      const guilds = [{ id: guild, unavailable: true }]
      const gateway = `${origin.replace('http', 'ws')}/gateway`
      send(
        0,
        {
          v: 10,
          user: bot,
          guilds,
          session_id: '1',
          resume_gateway_url: gateway,
          application: { id: application, flags: 0 },
          shard: [0, 1],
        },
        'READY',
      )
      send(0, guildCreate, 'GUILD_CREATE')
      lines.add(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl: `${origin}/api`,
    /** The line of the client that has connected last. */
    async line(): Promise<(interaction: object) => void> {
      const [socket] = [...lines].slice(-1)
      if (!socket) throw new Error('nobody has connected')
      return (d) => socket.send(JSON.stringify({ op: 0, t: 'INTERACTION_CREATE', s: ++sequence, d }))
    },
    /** Is told the token of each interaction that was answered. */
    whenAnswered(told: (token: string) => void): void {
      onAnswer = told
    },
    lines: () => lines.size,
    stop(): void {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}
