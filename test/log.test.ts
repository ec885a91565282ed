import { expect, test } from 'vitest'
import { createLog } from '../src/log.ts'

test('of an error the log holds what was said in words, and nothing that a library hung on it', () => {
  const lines: string[] = []
  const log = createLog('trace', { write: (line: string) => void lines.push(line) })
  const asked = { url: 'https://discord.example/webhooks/1/canary-token', requestBody: { content: 'canary note' } }
  const cause = Object.assign(new TypeError('fetch failed'), { ...asked, code: 'ECONNRESET' })
  log.error({ err: Object.assign(new Error('it could not be sent', { cause }), asked), post: 'lesson:1' }, 'a post could not be sent')
  log.error({ err: asked }, 'thrown, and no error')
  expect(lines.join('')).not.toContain('canary')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      msg: 'a post could not be sent',
      post: 'lesson:1',
      err: { type: 'Error', message: 'it could not be sent', stack: expect.stringContaining('log.test.ts'), cause: { code: 'ECONNRESET' } },
    },
    { err: { message: 'object, not an error' } },
  ])
})
