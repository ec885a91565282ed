// Purpose: Slack's end of the line for a bench: it takes everything at once and looks at nothing, so that it is never what is waited for.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const team = 'T0BENCH'
export const channel = 'C0BENCH'
export const token = 'xoxb-bench'
export const signingSecret = 'a secret of the bench'

/** What each method answers; any other is told that all is well. */
const answers: Readonly<Record<string, object>> = {
  'auth.test': { team_id: team, team: 'bench', user_id: 'U0BOT', bot_id: 'B0BOT', user: 'bot', url: 'http://127.0.0.1/' },
  'users.info': {
    user: { id: 'U0', team_id: team, name: 'member', tz: 'Asia/Seoul', locale: 'ko-KR', profile: { display_name: '미나' } },
  },
  'chat.postMessage': { ts: '1764000000.000100', channel },
  'files.completeUploadExternal': { files: [{ id: 'F0BENCH' }] },
}

/** Counts the posts. */
export async function startSlackEnd() {
  let posted = 0
  let last: readonly Buffer[] = []
  let origin = ''
  const server = createServer((request, response) => {
    const [, , method = ''] = (request.url ?? '').split('/')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      if (method === 'chat.postMessage') {
        posted += 1
        last = chunks
      }
      const upload = method === 'files.getUploadURLExternal' && { upload_url: `${origin}/upload/1`, file_id: 'F0BENCH' }
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.end(JSON.stringify({ ok: true, ...answers[method], ...upload }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    apiUrl: `${origin}/api/`,
    responseUrl: (name: string) => `${origin}/response/${name}`,
    posted: () => posted,
    /** What the last post said, as WebClient takes it. */
    lastPost(): Record<string, unknown> {
      const { token: _, ...said } = Object.fromEntries(new URLSearchParams(Buffer.concat(last).toString()))
      return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, /^[[{]/.test(value) ? JSON.parse(value) : value]))
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
