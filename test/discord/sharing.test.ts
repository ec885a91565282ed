import { describe, expect, test } from 'vitest'
import { messageOf, transports } from '../support/discordClub.ts'
import { again, calls, fieldOf, morningClub, postIn } from './life.ts'

describe.each(transports)('what members show the club, by %s', (transport) => {
  test('a line, a streak and a board: one message each, by whom, with a picture', async () => {
    const { mina, leo, lesson, channel, app, guild } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    const line = messageOf(await mina.types('/인증', { 한줄: '한 줄' }))
    const told = messageOf(await mina.taps(line, '이 한 줄 공유'))
    expect([told.ephemeral, told.text]).toEqual([true, '공유했어요\n채널에 올릴게요. 이번 글 하나만 보여요.'])
    await mina.taps(line, '이 한 줄 공유')
    const streak = messageOf(await mina.types('/연속'))
    await Promise.all([mina.taps(streak, '공유'), mina.taps(streak, '공유')])
    await leo.taps(lesson, 'C')
    const board = messageOf(await leo.types('/leaderboard', { by: 'week' }))
    await leo.taps(board, 'Share')
    await app.idle()
    const shared = channel.messages.filter(({ content }) => content.includes('공유'))
    expect(shared.map(({ content, embeds, attachments }) => [content, embeds[0]?.title, attachments.length])).toEqual([
      ['미나의 공유', '미나의 한 줄', 0],
      ['미나의 공유', '미나의 연속 기록', 1],
      ['Leo의 공유', '순위 · 이번 주', 1],
    ])
    expect(shared.map(({ embeds }) => embeds[0]?.author?.name)).toEqual(['미나', '미나', 'Leo'])
    expect(shared[0]?.embeds[0]?.description).toBe('> 한 줄')
    expect(shared[1]?.text).toContain('**미나** · 연속 1일')
    expect(shared[1]?.attachments[0]?.description).toContain('연속 1, 최고 1, 누적 1.')
    expect(calls(guild)).toEqual([])
  })

  test('an organiser hides a shared line by its button; a member may not', async () => {
    const { mina, leo, owner, channel, app } = await morningClub({ transport })
    await mina.taps(messageOf(await mina.types('/인증', { 한줄: '나쁜 말' })), '이 한 줄 공유')
    await app.idle()
    const post = postIn(channel, '나쁜 말')
    expect(post.buttons).toEqual(['숨기기 (운영자)'])
    expect(messageOf(await leo.taps(post, '숨기기 (운영자)')).text).toBe('Only organisers can do this.')
    expect(again(channel, post).text).toContain('나쁜 말')
    const hidden = messageOf(await owner.taps(post, '숨기기 (운영자)'))
    expect([hidden.ephemeral, hidden.text]).toEqual([true, '클럽\n공유된 한 줄 1개를 숨겼어요.'])
    await app.idle()
    expect(again(channel, post)).toMatchObject({ buttons: [], text: expect.stringContaining('이제 보이지 않는 한 줄이에요.') })
    expect(JSON.stringify(channel.messages)).not.toContain('나쁜 말')
  })

  test('an organiser hides the lines of one member by name', async () => {
    const { mina, owner, channel, app } = await morningClub({ transport })
    for (const note of ['첫 줄', '둘째 줄']) await mina.taps(messageOf(await mina.types('/인증', { 한줄: note })), '이 한 줄 공유')
    await app.idle()
    expect(messageOf(await owner.types('/클럽', { 할일: '공유된 한 줄 숨기기', 누구: mina })).text).toContain(
      '공유된 한 줄 2개를 숨겼어요.',
    )
    await app.idle()
    expect(JSON.stringify(channel.messages)).not.toMatch(/첫 줄|둘째 줄/)
  })

  test('what somebody shared goes when they erase everything', async () => {
    const { mina, leo, lesson, channel, app } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    await leo.taps(lesson, 'C')
    await mina.taps(messageOf(await mina.types('/연속')), '공유')
    await mina.taps(messageOf(await mina.types('/인증', { 한줄: '한 줄' })), '이 한 줄 공유')
    await leo.taps(messageOf(await leo.types('/leaderboard', { by: 'run' })), 'Share')
    await app.idle()
    const posts = channel.messages.filter(({ content }) => content.endsWith('의 공유')).map(({ id }) => ({ id }))
    expect(posts).toHaveLength(3)
    expect(channel.messages.filter(({ text }) => text.includes('미나'))).toHaveLength(3)
    await mina.types('/내데이터', { 할일: '지우기' })
    await app.idle()
    const [streak, line, board] = posts.map((post) => again(channel, post))
    for (const gone of [streak, line]) {
      expect(gone?.content).toBe('글쓴이가 지운 글이에요.')
      expect([gone?.attachments, gone?.buttons]).toEqual([[], []])
    }
    expect(board?.embeds[0]?.fields?.map(({ name }) => name)).toEqual(['Leo'])
    expect(JSON.stringify(channel.messages)).not.toMatch(/미나|한 줄/)
  })

  test('a nickname has nothing in it that cannot be seen, calls or is markup', async () => {
    const { mina, leo, store, id } = await morningClub({ transport })
    for (const nickname of ['Leo\u200b', '\u200fLeo', 'L\u2060eo', '\u061cLeo', 'L\ufeffe\u200co', '\u202eLeo']) {
      expect(fieldOf(messageOf(await mina.types('/설정', { 별명: nickname })), '순위표 이름')).toBe('Leo')
      expect((await store.member(id, mina.id))?.nickname).toBe('Leo')
    }
    for (const nickname of ['@everyone', '<@1>', '[x](y)', '**x**', 'https://evil.example', 'discord.gg/abcd']) {
      const refused = messageOf(await mina.types('/설정', { 별명: nickname }))
      expect([nickname, refused.text]).toEqual([nickname, expect.stringMatching(/^별명은 한 줄이고/)])
    }
    expect((await store.member(id, mina.id))?.nickname).toBe('Leo')
    expect(fieldOf(messageOf(await leo.types('/settings', { nickname: 'night 🦉 owl' })), 'On boards as')).toBe('night 🦉 owl')
  })

  test('a line is words: it calls nobody, links nowhere and draws nothing', async () => {
    const { mina, leo, channel, app, guild, discord } = await morningClub({ transport })
    const role = discord.addGuild({ name: 'elsewhere', roles: [{ name: 'all', mentionable: true }] }).roles[0]
    const note = `@everyone @here <@${leo.id}> <@&${role?.id}> <#${channel.id}> [free](https://evil.example) **loud** # big`
    const line = messageOf(await mina.types('/checkin', { note: `${note}\n> quoted\n\`\`\`code\`\`\`` }))
    await mina.taps(line, '이 한 줄 공유')
    await app.idle()
    const post = postIn(channel, 'loud')
    expect(calls(guild)).toEqual([])
    expect(post.content).toBe('미나의 공유')
    for (const message of [line, post]) {
      expect(message.allowedMentions).toEqual({ parse: [] })
      const [quoted = ''] = message.embeds[0]?.description?.split('\n\n**') ?? []
      expect(quoted.split('\n').every((one) => one.startsWith('> '))).toBe(true)
      expect(quoted).toContain('\\@everyone \\@here \\<\\@')
      expect(quoted).toContain('\\[free\\](https://evil.example) \\*\\*loud\\*\\* \\# big')
      expect(quoted).not.toMatch(/(?<!\\)[<[*`#@]/)
    }
  })

  test('a line with control characters is refused, and nothing is kept; one with marks that turn text around is kept without them', async () => {
    const { mina, leo, store, id } = await morningClub({ transport })
    expect(messageOf(await mina.types('/인증', { 한줄: '안녕\u0007' })).text).toBe(
      '“note”에 보여 줄 수 없는 문자가 있어요. 보통 글자로 적어 주세요.',
    )
    const { modal } = await leo.types('/checkin')
    if (!modal) throw new Error('a form was asked for')
    expect(messageOf(await leo.submits(modal, { note: 'a\u009bb' })).text).toBe(
      '“note” contains characters that cannot be shown. Type it as plain text.',
    )
    expect([...(await store.acts(id, mina.id)), ...(await store.acts(id, leo.id))]).toEqual([])
    await mina.types('/인증', { 한줄: '안녕\u202Egnp.exe' })
    await leo.submits(modal, { note: 'a\u2066\u200bb' })
    expect((await store.acts(id, mina.id)).map(({ note }) => note)).toEqual(['안녕gnp.exe'])
    expect((await store.acts(id, leo.id)).map(({ note }) => note)).toEqual(['ab'])
  })

  test('a name is words too, wherever it stands', async () => {
    const { leo, guild, discord, lesson, channel, app, logged } = await morningClub({ transport })
    const names = ['@everyone', `<@${leo.id}>`, '[free](https://evil.example)', '**loud** `x` # |', '\u202Eevil\u202C', '@here\u200B\uFEFF']
    for (const name of names) {
      const somebody = discord.person({ guild, name, locale: 'ko' })
      await somebody.taps(lesson, 'C')
      await somebody.taps(messageOf(await somebody.types('/연속')), '공유')
      const line = messageOf(await somebody.types('/인증', { 한줄: '한 줄' }))
      await somebody.taps(line, '이 한 줄 공유')
    }
    await leo.taps(lesson, 'C')
    await leo.taps(messageOf(await leo.types('/leaderboard', { by: 'total' })), 'Share')
    await app.idle()
    expect(calls(guild)).toEqual([])
    const shared = channel.messages.filter(({ content }) => content.endsWith('의 공유'))
    expect(shared).toHaveLength(2 * names.length + 1)
    expect([...new Set(shared.map(({ content }) => content))]).toEqual(
      ['everyone', leo.id, 'free(https evil.example)', 'loud x', 'evil', 'here', 'Leo'].map((name) => `${name}의 공유`),
    )
    expect(shared.map(({ text }) => text).join('\n')).not.toMatch(/[\u200b\u202a-\u202e\ufeff]|@everyone|<@|\]\(/)
    expect(logged.filter(({ level }) => Number(level) >= 40)).toEqual([])
  })

  test('a name that is nothing but tricks falls back to the account’s own', async () => {
    const { guild, discord, lesson } = await morningClub({ transport })
    const ghost = discord.person({ guild, name: '\u200B\u3164', locale: 'en-US' })
    expect(messageOf(await ghost.taps(lesson, 'C')).text).toContain(`The boards show you as **user${ghost.id.slice(-6)}**`)
  })

  test('a new display name shows at the next act; a nickname of the server goes before the account’s name', async () => {
    const { guild, discord, lesson, leo, mina, channel, app } = await morningClub({ transport })
    await mina.taps(lesson, 'C')
    const renamed = discord.person({ guild, id: mina.id, name: '미나', nick: '미나리', locale: 'ko' })
    const board = async () => messageOf(await leo.types('/leaderboard')).embeds[0]?.fields?.map(({ name }) => name)
    expect(await board()).toEqual(['미나'])
    const streak = messageOf(await renamed.types('/연속'))
    expect(streak.embeds[0]?.title).toBe('미나리의 연속 기록')
    expect(await board()).toEqual(['미나리'])
    await renamed.taps(streak, '공유')
    await app.idle()
    expect(postIn(channel, '미나리의 연속 기록').content).toBe('미나리의 공유')
    const back = discord.person({ guild, id: mina.id, name: '김미나', locale: 'ko' })
    await back.types('/오늘')
    expect(await board()).toEqual(['김미나'])
  })
})
