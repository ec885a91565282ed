import { expect, test } from 'vitest'
import { messageOf, transports } from '../support/slackClub.ts'
import { morningClub, postIn } from './life.ts'

test.each(transports)('a shared line is words, by %s: it calls nobody, links nowhere and draws nothing', async (transport) => {
  const { mina, leo, channel, app, troubles } = await morningClub({ transport })
  const note = `<!channel> <!here> @everyone <@${leo.id}> <#${channel.id}> <https://evil.example|free> *loud* _x_ \`\`\`code\`\`\` &lt;!channel&gt; \u202e\u200bend`
  await mina.taps(messageOf(await mina.types(`/1퍼센트 인증 ${note}`)), '이 한 줄 공유')
  await app.idle()
  const post = postIn(channel, 'loud')
  expect(post.pinged).toEqual({ everyone: false, users: [], groups: [] })
  const [section = {}] = post.blocks.filter(({ type }) => type === 'section')
  expect(section).toMatchObject({ text: { type: 'mrkdwn', verbatim: true } })
  const { text } = section.text as { text: string }
  expect(text.split('\n').every((line) => line.startsWith('> '))).toBe(true)
  expect(text).not.toContain('```')
  expect(text.replaceAll(/<https?:[^>]*>/g, '')).not.toMatch(/[<\u202e\u200b]/)
  expect(text).toContain('end')
  expect(troubles()).toEqual([])
})
