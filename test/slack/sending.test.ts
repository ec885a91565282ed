import { describe, expect, test, vi } from 'vitest'
import { lockedByShell } from '../support/shell.ts'
import { messageOf, type SlackClub, slackClub, startHere } from '../support/slackClub.ts'
import { refuseExcuses } from '../support/testClub.ts'
import { again, lessonIn, morningClub } from './life.ts'

type Place = Pick<ReturnType<SlackClub['workspace']>, 'channel'>

/** A club that has started, with its first lesson tomorrow at eight. */
async function evening(options: Parameters<typeof slackClub>[0] = {}) {
  const club = await slackClub({ settings: { pollDays: [] }, ...options })
  const place = club.workspace()
  await startHere(place.owner)
  return { ...place, club, id: place.club }
}

const posting = (method: string) => method === 'chat.postMessage'
const lessons = ({ channel }: Place) => channel.messages.filter(({ buttons }) => buttons.includes('A'))
const postsAsked = (club: SlackClub) => club.slack.requests.filter(({ method }) => method === 'chat.postMessage')
const excused = async (club: SlackClub, id: string) => ((await club.store.club(id))?.excuses ?? []).map(({ day }) => day)
const restOf = async (club: SlackClub, id: string) => (await club.store.club(id))?.breaks.find(({ until }) => until === undefined)?.why

/** The next message is held up by Slack; `taken` resolves when it has reached Slack, `letGo` lets it be posted. */
function holdUp({ slack }: SlackClub) {
  let letGo = () => {}
  const until = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const fault = { match: posting, times: 1, do: { kind: 'held', until } as const }
  slack.faults.push(fault)
  return { taken: () => slack.until(() => fault.times === 0), letGo: () => letGo() }
}

test('a post that is on its way for longer than its lease is not sent a second time beside itself', async () => {
  const here = await evening()
  const { club, id } = here
  const held = holdUp(club)
  const round = club.morning(id)
  await held.taken()
  for (const later of [31_000, 62_000, 3_600_000, 20.5 * 3_600_000]) await club.app.tick(club.now() + later)
  expect(postsAsked(club)).toHaveLength(0)
  held.letGo()
  await round
  await club.until(club.now() + 600_000)
  const [post] = await club.store.posts(id, ['lesson'], 1)
  expect([post?.state, post?.attempts, lessons(here).length, postsAsked(club).length]).toEqual(['sent', 1, 1, 1])
  expect(club.slack.requests.some(({ method }) => method === 'conversations.history')).toBe(false)
  expect(club.troubles()).toEqual([])
})

test('a post that arrives while somebody else has the database locked is written down afterwards: it is in no doubt, and there once', async () => {
  // Without the channel's history nobody could say later whether it is there.
  const here = await evening({ scopes: ['commands', 'chat:write', 'files:write', 'users:read', 'channels:read', 'groups:read'] })
  const { club, id, owner, channel } = here
  const held = holdUp(club)
  const round = club.morning(id)
  await held.taken()
  const shell = lockedByShell(club.file)
  held.letGo()
  await channel.next()
  // Longer than a write waits: members are told so, in time, and a form goes away.
  const kept = messageOf(await owner.types('/1퍼센트 인증 잠긴 동안'))
  expect(kept.words).toBe('지금은 저장할 수 없어서 아직 기록되지 않았어요. 잠시 뒤에 다시 해 주세요.')
  expect(messageOf(await owner.types('/1퍼센트 도움말')).words).toContain('/1퍼센트')
  const tick = club.app.tick(club.now() + 61_000)
  shell.letGo()
  await Promise.all([round, tick])
  await club.until(club.now() + 600_000)
  const [post] = await club.store.posts(id, ['lesson'], 1)
  expect([post?.state, lessons(here).length, postsAsked(club).length, await club.store.omitted()]).toEqual(['sent', 1, 1, 0])
  expect(await excused(club, id)).toEqual([])
  expect(messageOf(await owner.types('/1퍼센트 인증 풀린 다음')).words).toContain('풀린 다음')
  expect((await club.store.acts(id, owner.id)).map(({ note }) => note)).toEqual(['풀린 다음'])
})

describe('a post of which nobody knows whether it arrived', () => {
  test('is found in the channel by its key, and not sent again', async () => {
    const here = await evening()
    const { club, channel } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'drop', acted: true } })
    await club.morning(here.id)
    expect(lessons(here)).toHaveLength(1)
    await club.until(club.now() + 60_000)
    expect([lessons(here).length, postsAsked(club).length]).toEqual([1, 1])
    const [post] = await club.store.posts(here.id, ['lesson'], 1)
    expect([post?.state, post?.message]).toEqual(['sent', `${here.team.id}/${channel.id}/${lessons(here)[0]?.id}`])
    expect(channel.messages[0]?.metadata).toEqual({ event_type: 'onepercent_post', event_payload: { key: post?.key } })
    // It goes on as if nothing had been: what happens is seen in it.
    const mina = club.slack.person({ team: here.team, name: '미나' })
    await mina.taps(lessonIn(channel), 'C')
    await club.until(club.now() + 120_000)
    expect(lessonIn(channel).words).toContain('_오늘 1명 완료_')
  })

  test('is found after a crash, by the program that starts anew', async () => {
    const here = await evening()
    const { club, team } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'drop', acted: true } })
    await club.morning(here.id)
    await club.stop()
    const back = await slackClub({ slack: club.slack, file: club.file, team, at: '2026-11-25T08:01+09:00', settings: { pollDays: [] } })
    await back.until(back.now() + 120_000)
    const [post] = await back.store.posts(here.id, ['lesson'], 1)
    expect([lessons(here).length, post?.state, await back.store.omitted()]).toEqual([1, 'sent', 0])
    await back.morning(here.id)
    expect(lessons(here).map(({ words }) => words.slice(0, 15))).toEqual([expect.stringContaining('1/24'), expect.stringContaining('2/24')])
  })

  test('is sent when it is not there, also among many other messages', async () => {
    const here = await evening({ at: '2026-11-20T07:00+09:00' })
    const { club, channel } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'drop', acted: false } })
    const mina = club.slack.person({ team: here.team, name: '미나' })
    for (let i = 0; i < 450; i++) mina.writes(channel, `수다 ${i}`)
    await club.morning(here.id)
    await club.until(club.now() + 60_000)
    expect([lessons(here).length, postsAsked(club).length]).toEqual([1, 2])
    expect(club.slack.requests.filter(({ method }) => method === 'conversations.history').length).toBeGreaterThan(1)
  })

  test('is left out, logged and counted, where the channel’s history may not be read; the day costs nobody anything', async () => {
    const here = await evening({ scopes: ['commands', 'chat:write', 'files:write', 'users:read', 'channels:read', 'groups:read'] })
    const { club } = here
    const { id } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'drop', acted: true } })
    await club.morning(id)
    await club.until(club.now() + 3_600_000)
    expect([lessons(here).length, postsAsked(club).length, await club.store.omitted()]).toEqual([1, 1, 1])
    expect(await excused(club, id)).toEqual(['2026-11-25'])
    expect(club.logged.map(({ msg }) => msg)).toContain('a post was given up: it may or may not be in its channel')
  })

  test('is left out only when its day is excused: what cannot be written at once is written later', async () => {
    const here = await evening({ scopes: ['commands', 'chat:write', 'files:write', 'users:read', 'channels:read', 'groups:read'] })
    const { club, id } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'drop', acted: true } })
    await club.morning(id)
    const mend = refuseExcuses(club.file)
    await club.until(club.now() + 60_000)
    expect(await club.store.omitted()).toBe(0)
    mend()
    await club.until(club.now() + 3_600_000)
    expect([lessons(here).length, await club.store.omitted(), await excused(club, id)]).toEqual([1, 1, ['2026-11-25']])
  })

  test('waits while the history cannot be read for the moment', async () => {
    const here = await evening()
    const { club } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'status', status: 503, acted: true } })
    club.slack.faults.push({ match: (method) => method === 'conversations.history', times: 2, do: { kind: 'rateLimited', seconds: 1 } })
    await club.morning(here.id)
    await vi.waitFor(
      async () => {
        await club.until(club.now() + 60_000)
        const [post] = await club.store.posts(here.id, ['lesson'], 1)
        expect(post?.state).toBe('sent')
      },
      { timeout: 10_000, interval: 200 },
    )
    expect([lessons(here).length, postsAsked(club).length]).toEqual([1, 1])
  })
})

describe('a post that certainly is not there', () => {
  test('is tried again when Slack said so; until then Slack is not asked for anything else of the kind there', async () => {
    const here = await evening()
    const { club, owner } = here
    club.slack.faults.push({ match: posting, times: 1, do: { kind: 'rateLimited', seconds: 2 } })
    await club.morning(here.id)
    expect([lessons(here).length, postsAsked(club).length]).toEqual([0, 1])
    const line = messageOf(await owner.types('/1퍼센트 인증 기다리는 동안'))
    await owner.taps(line, '이 한 줄 공유')
    await club.tick()
    expect(postsAsked(club)).toHaveLength(1)
    await vi.waitFor(
      async () => {
        await club.until(club.now() + 10_000)
        expect(here.channel.messages).toHaveLength(2)
      },
      { timeout: 10_000, interval: 200 },
    )
    expect([lessons(here).length, postsAsked(club).length]).toEqual([1, 3])
    expect(club.slack.requests.some(({ method }) => method === 'conversations.history')).toBe(false)
  })

  test('goes without its picture when Slack does not take that, and with it when Slack only needed a moment', async () => {
    const here = await evening()
    const { club } = here
    club.slack.fileProcessingMs = 400
    await club.morning(here.id)
    expect(lessonIn(here.channel).images).toHaveLength(1)
    club.slack.fileProcessingMs = 3_600_000
    await club.morning(here.id)
    const second = lessonIn(here.channel)
    expect([second.words.includes('2/24'), second.images]).toEqual([true, []])
  })

  test('a workspace that may not upload gets its lessons in words', async () => {
    const here = await evening({ scopes: ['commands', 'chat:write', 'users:read'] })
    await here.club.morning(here.id)
    expect([lessons(here).length, lessonIn(here.channel).images]).toEqual([1, []])
  })
})

describe.each([
  ['is archived', (place: Place) => place.channel.archive(), (place: Place) => place.channel.unarchive()],
  ['was left by the bot', (place: Place) => place.channel.kickBot(), (place: Place) => place.channel.inviteBot()],
  ['was closed to posts', (place: Place) => place.channel.readOnly(true), (place: Place) => place.channel.readOnly(false)],
] as const)('a channel that %s', (_, close, open) => {
  test('stops the club’s posts; organisers are told at their next command, members lose nothing, “Resume” goes on', async () => {
    const here = await evening()
    const { club, owner, channel } = here
    const { id } = here
    await club.morning(id)
    const mina = club.slack.person({ team: here.team, name: '미나' })
    await mina.taps(lessonIn(channel), 'C')
    close(here)
    await club.until('2026-11-27T12:00+09:00')
    expect([lessons(here).length, await restOf(club, id)]).toEqual([1, 'unreachable'])
    const asked = postsAsked(club).length
    await club.until('2026-11-30T12:00+09:00')
    expect(postsAsked(club)).toHaveLength(asked)
    expect(messageOf(await owner.typesInDm('/1퍼센트 오늘')).words).toContain('⚠ 클럽 채널에 글을 올릴 수 없어요.')
    expect(messageOf(await mina.typesInDm('/1퍼센트 오늘')).words).not.toContain('⚠')
    open(here)
    const setUp = messageOf(await owner.types('/1퍼센트 클럽', { channel }))
    expect(messageOf(await owner.taps(setUp, '다시 시작')).words).toContain('다음 레슨')
    await club.morning(id)
    expect(lessons(here)).toHaveLength(2)
    expect(messageOf(await mina.taps(lessonIn(channel), 'C')).words).toContain('연속 2일')
  })
})

test('a channel that is gone: the club moves to another', async () => {
  const here = await evening()
  const { club, owner, team } = here
  const id = `slack:${team.id}`
  here.channel.remove()
  await club.until('2026-11-25T12:00+09:00')
  expect(await restOf(club, id)).toBe('unreachable')
  const hall = team.addChannel({ name: 'hall' })
  await owner.taps(messageOf(await owner.types('/1퍼센트 클럽', { channel: hall })), '여기로 옮기기')
  await club.morning(id)
  expect(lessonIn(hall).buttons).toContain('A')
})

describe.each(['invalid_auth', 'account_inactive', 'token_revoked'])('a token that is answered with %s', (error) => {
  test('stops the posts with a word for the operator, and an organiser is told what to do', async () => {
    const here = await evening()
    const { club, owner, team } = here
    team.revokeToken(error)
    await club.until('2026-11-25T12:00+09:00')
    expect(await restOf(club, `slack:${team.id}`)).toBe('refused')
    expect(club.logged.filter(({ level }) => Number(level) === 60).map(({ msg }) => msg)).toContain('slack: the token is no longer taken')
    const asked = postsAsked(club).length
    await club.until('2026-11-26T12:00+09:00')
    expect(postsAsked(club)).toHaveLength(asked)
    // The address that came with the command needs no token.
    expect(messageOf(await owner.types('/1퍼센트 오늘')).words).toContain('⚠ 플랫폼이 저를 더는 들여보내 주지 않아서')
    expect(JSON.stringify(club.logged)).not.toContain(team.token)
  })
})

test('a token that Slack refuses once, by mistake, is asked about again: the club is not laid to rest, and its post comes a little later', async () => {
  const here = await evening()
  const { club, id } = here
  club.slack.faults.push({ match: posting, times: 1, do: { kind: 'error', error: 'invalid_auth' } })
  await club.morning(id)
  expect([lessons(here).length, await restOf(club, id)]).toEqual([0, undefined])
  await club.until(club.now() + 10_000)
  expect([lessons(here).length, await restOf(club, id)]).toEqual([1, undefined])
  expect(club.slack.requests.some(({ method }) => method === 'conversations.history')).toBe(false)
  expect(club.logged.filter(({ level }) => level === 60)).toEqual([])
})

describe('pictures', () => {
  test('are uploaded once for each content, also after a restart', async () => {
    const here = await morningClub({ settings: { pollDays: [] } })
    const { mina, leo, slack, file, team } = here
    const uploads = () => slack.requests.filter(({ method }) => method === 'files.completeUploadExternal').length
    expect(uploads()).toBe(1)
    const [a, b] = await Promise.all([mina.types('/1퍼센트 오늘'), mina.types('/1퍼센트 레슨 1')])
    expect(uploads()).toBe(2)
    expect(messageOf(a).images[0]?.fileId).toBe(messageOf(b).images[0]?.fileId)
    expect(messageOf(await leo.types('/1p today')).images[0]?.fileId).not.toBe(messageOf(a).images[0]?.fileId)
    expect(uploads()).toBe(3)
    await here.stop()
    const back = await slackClub({ slack, file, team, at: '2026-11-25T08:10+09:00' })
    expect(messageOf(await mina.types('/1퍼센트 오늘')).images[0]?.fileId).toBe(messageOf(a).images[0]?.fileId)
    expect(uploads()).toBe(3)
    expect(back.troubles()).toEqual([])
  })

  test('that one person saw are deleted at Slack when nobody looks at them any more; those in the channel stay', async () => {
    const here = await morningClub({ settings: { pollDays: [] } })
    const { mina, slack, store, file, team, id, lesson } = here
    const own = messageOf(await mina.types('/1퍼센트 연속')).images[0]?.fileId ?? ''
    const [upload] = await store.expiredUploads(Date.now() + 2 * 86_400_000, 9)
    expect(upload?.file).toBe(own)
    expect(await store.expiredUploads(Date.now() + 3_600_000, 9)).toEqual([])
    await store.keepUpload({ club: id, picture: upload?.picture ?? '', file: own, expiresAt: Date.now() - 1 })
    await here.stop()
    const back = await slackClub({ slack, file, team, at: '2026-11-25T08:10+09:00' })
    const deleted = await slack.until(() => slack.requests.find(({ method }) => method === 'files.delete'))
    expect(deleted).toMatchObject({ ok: true, params: { file: own } })
    // Slack has answered, and then it is written down.
    await vi.waitFor(async () => expect(await back.store.expiredUploads(Date.now() + 2 * 86_400_000, 9)).toEqual([]), { timeout: 30_000 })
    expect(lesson.images[0]?.fileId).not.toBe(own)
  })
})

test('a post that was deleted is not edited any more', async () => {
  const club = await morningClub()
  const { lesson, mina, channel, slack, team } = club
  slack.faults.push({ match: (method) => method === 'chat.update', times: 1, do: { kind: 'error', error: 'message_not_found' } })
  await mina.taps(lesson, 'C')
  await club.until(club.now() + 120_000)
  const asked = () => slack.requests.filter(({ method }) => method === 'chat.update').length
  const before = asked()
  await club.until(club.now() + 3_600_000)
  expect([asked(), again(channel, lesson).editedTimes, team.channels.length]).toEqual([before, 0, 1])
})
