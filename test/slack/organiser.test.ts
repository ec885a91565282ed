import { describe, expect, test } from 'vitest'
import { messageOf, modalOf, slackClub, startHere, transports } from '../support/slackClub.ts'
import { lessonIn, morningClub } from './life.ts'

describe.each(transports)('who organises, by %s', (transport) => {
  test('the first who types /club does, and is told so; the second does not', async () => {
    const club = await slackClub({ transport })
    const { owner, channel, team } = club.workspace()
    const mina = club.slack.person({ team, name: '미나' })
    const setUp = messageOf(await owner.types('/1퍼센트 클럽'))
    expect(setUp.words).toContain('처음 열어 주셨으니 이 클럽의 운영자예요')
    expect(setUp.words).toMatch(/\*여기서 정한 운영자\*\n운영자/)
    expect(setUp.words).toMatch(/\*공부하는 요일\*\n월, 화, 수, 목, 금/)
    expect(setUp.buttons).toEqual(['여기서 시작', '다음 글 미리보기', '바꾸기'])
    expect(messageOf(await mina.types('/club')).words).toBe('운영자만 할 수 있어요.')
    expect(messageOf(await owner.types('/club')).words).not.toContain('처음 열어 주셨으니')
    expect(channel.messages).toEqual([])
  })

  test('admins do; guests and people from elsewhere are never the first', async () => {
    const club = await slackClub({ transport })
    const { team, channel } = club.workspace()
    const elsewhere = club.slack.team()
    const shared = team.addChannel({ name: 'shared', sharedWith: elsewhere })
    const guest = club.slack.person({ team, name: '손님', guest: true })
    const stranger = club.slack.person({ team, name: '이웃', homeTeam: elsewhere })
    expect(messageOf(await guest.types('/club', { channel })).words).toBe('운영자만 할 수 있어요.')
    expect(messageOf(await stranger.types('/club', { channel: shared })).words).toBe('운영자만 할 수 있어요.')
    const admin = club.slack.person({ team, name: '관리자', admin: true })
    expect(messageOf(await admin.types('/club', { channel })).buttons).toContain('여기서 시작')
    expect((await club.store.club(`slack:${team.id}`))?.organisers).toEqual([])
  })

  test('names others by a mention, and hands over', async () => {
    const { owner, mina, leo, store, id, slack, team } = await morningClub({ transport })
    const named = messageOf(await owner.types(`/1퍼센트 클럽 운영자 정하기 @${mina.handle}`))
    expect(named.words).toContain('미나')
    expect(named.words).not.toContain('서버')
    expect((await store.club(id))?.organisers).toEqual([owner.id, mina.id])
    await owner.taps(named, '나는 물러나기')
    expect((await store.club(id))?.organisers).toEqual([mina.id])
    expect(messageOf(await owner.types('/club')).words).toBe('운영자만 할 수 있어요.')
    expect(messageOf(await leo.types(`/1p club organiser @${leo.handle}`)).words).toBe('Only organisers can do this.')
    // A club that runs is nobody's to take, even when its last organiser stepped down: that is for an admin.
    await mina.taps(messageOf(await mina.types(`/1퍼센트 클럽 운영자 정하기 @${mina.handle}`)), '나는 물러나기')
    expect((await store.club(id))?.organisers).toEqual([])
    expect(messageOf(await leo.types('/1p club')).words).toBe('Only organisers can do this.')
    const admin = slack.person({ team, name: '관리자', admin: true })
    expect(messageOf(await admin.types('/1퍼센트 클럽')).buttons).toContain('바꾸기')
  })
})

describe.each(transports)('setting up, by %s', (transport) => {
  test('says what is missing in a channel before anything starts, and posts nothing', async () => {
    const club = await slackClub({ transport })
    const { team, owner } = club.workspace()
    const closed = team.addChannel({ name: 'closed', botIn: false })
    const secret = team.addChannel({ name: 'secret', isPrivate: true, botIn: false })
    for (const channel of [closed, secret]) {
      const setUp = messageOf(await owner.types('/1퍼센트 클럽', { channel }))
      expect(setUp.words).toContain('⚠ 이 채널에서 제게 없는 것: 채널에 들어갈 초대(이 채널에서 `/invite`')
      const refused = messageOf(await owner.taps(setUp, '여기서 시작'))
      expect(refused.words).toContain('채널에 들어갈 초대')
    }
    closed.inviteBot()
    expect(messageOf(await owner.taps(messageOf(await owner.types('/1퍼센트 클럽', { channel: closed })), '여기서 시작')).words).toMatch(
      /^시작했어요/,
    )
    await club.morning(`slack:${team.id}`)
    expect(lessonIn(closed).buttons).toContain('A')
    expect(secret.messages).toEqual([])
  })

  test('a preview is for the organiser alone', async () => {
    const club = await slackClub({ transport })
    const { owner, channel } = club.workspace()
    const preview = messageOf(await owner.taps(messageOf(await owner.types('/1p club')), '다음 글 미리보기'))
    expect([preview.ephemeral, preview.buttons, preview.images.length]).toEqual([true, ['A', 'B', 'C', '더 읽기'], 1])
    expect(preview.words).toContain('미리보기예요')
    expect(channel.messages).toEqual([])
  })

  test('a setting is changed by a form, whose field says what is wrong with it, or typed', async () => {
    const { owner, store, id } = await morningClub({ transport })
    const setUp = messageOf(await owner.types('/1퍼센트 클럽'))
    const form = modalOf(await owner.taps(setUp, '바꾸기'))
    const [which, value] = form.fields
    expect([form.title, which?.kind, value?.kind]).toEqual(['설정 바꾸기', 'select', 'text'])
    expect(which?.options.map(({ label }) => label)).toContain('올리는시각')
    const wrong = await owner.submits(form, { [which?.blockId ?? '']: 'post-at', [value?.blockId ?? '']: '25시' })
    expect(wrong.errors).toEqual({ 값: expect.stringContaining('“25시”') })
    const right = await owner.submits(form, { [which?.blockId ?? '']: 'post-at', [value?.blockId ?? '']: '09:30' })
    expect(messageOf(right).words).toMatch(/\*올리는 시각\*\n09:30/)
    expect((await store.club(id))?.settings.postAt).toBe(9 * 60 + 30)
    expect(messageOf(await owner.types('/1퍼센트 클럽 투표요일 월,수')).words).toMatch(/\*투표 요일\*\n월, 수/)
    expect(messageOf(await owner.types('/club organiser-role @x')).words).toContain('다른 플랫폼')
    expect(messageOf(await owner.types('/club threads on')).words).toContain('다른 플랫폼')
  })

  test('one group is called for the lesson, and for nothing else', async () => {
    const club = await morningClub({ transport })
    const { owner, channel, id, mina } = club
    const set = messageOf(await owner.types('/club mention @study|S0STUDY'))
    expect(set.words).toMatch(/\*레슨이 알리는 역할\*\n<!subteam\^S0STUDY>/)
    await club.morning(id)
    const lesson = lessonIn(channel)
    expect(lesson.pinged).toEqual({ everyone: false, users: [], groups: ['S0STUDY'] })
    await mina.taps(lesson, 'C')
    await mina.taps(messageOf(await mina.types('/1퍼센트 연속')), '공유')
    await club.tick()
    for (const other of channel.messages.filter(({ id }) => id !== lesson.id)) expect(other.pinged.groups).toEqual([])
    expect(messageOf(await owner.types('/club mention @channel')).words).toContain('“@channel”')
    expect(messageOf(await owner.types('/club set:mention to:U0123ABC')).words).toContain('“U0123ABC”')
  })

  test('the club moves to where the organiser is', async () => {
    const club = await morningClub({ transport })
    const { owner, team, channel, id } = club
    const hall = team.addChannel({ name: 'hall' })
    const here = messageOf(await owner.types('/1퍼센트 클럽', { channel: hall }))
    expect(here.words).toContain(`<#${channel.id}>`)
    expect(messageOf(await owner.taps(here, '여기로 옮기기')).words).toMatch(/^옮겼어요/)
    await club.morning(id)
    expect(lessonIn(hall).words).toMatch(/2\/24/)
    expect(channel.messages).toHaveLength(1)
  })
})

test('the set-up card speaks English to whom reads English', async () => {
  const club = await slackClub()
  const { team, channel } = club.workspace()
  const ann = club.slack.person({ team, name: 'Ann', locale: 'en-US' })
  const setUp = messageOf(await ann.types('/1p club', { channel }))
  expect(setUp.words).toContain('You were the first to ask, so you are the organiser here.')
  expect(setUp.buttons).toEqual(['Start here', 'Preview the next post', 'Change'])
  expect((await startHere(ann)).words).toMatch(/^Started\n/)
})
