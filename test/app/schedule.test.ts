import { describe, expect, test } from 'vitest'
import { answer, at, lessonNow, lives, longClub, ownPosts, streakOf } from '../features/life.ts'
import { refuseExcuses, type TestClub } from '../support/testClub.ts'

const lessons = (club: TestClub) => club.channel.filter(({ key }) => key.startsWith('lesson:'))

describe('the tick', () => {
  test('repeated, in parallel, or late changes nothing', async () => {
    const club = await longClub()
    await lives(club, at(25, 12.6))
    const posts = JSON.stringify(club.channel)
    const document = await club.club()
    await Promise.all(Array.from({ length: 5 }, () => club.app.tick(club.now())))
    for (let i = 0; i < 5; i++) await club.app.tick(club.now())
    expect(JSON.stringify(club.channel)).toBe(posts)
    expect(await club.club()).toEqual(document)
  })

  test('posts each day once, in order, over weeks', async () => {
    const club = await longClub()
    for (let day = 24; day < 44; day++) {
      await lives(club, at(day, 8.5))
      if (day % 5 === 0) await answer(club, '미나')
    }
    expect(lessons(club).map(({ card }) => /(\d+)\/30/.exec(card.title ?? '')?.[1])).toEqual(
      Array.from({ length: 20 }, (_, i) => String(i + 1)),
    )
    expect(new Set(club.channel.map(({ key }) => key)).size).toBe(club.channel.length)
    expect(club.troubles()).toEqual([])
  })
})

describe('after a downtime', () => {
  test('within the day the lesson comes late, once; the days that were missed shift the course', async () => {
    const club = await longClub()
    await lives(club, at(25))
    await club.away('2026-11-28T15:00+09:00')
    await club.app.tick(club.now())
    expect(lessons(club)).toHaveLength(3)
    expect(lessonNow(club).title).toContain('3/30')
    await lives(club, at(29))
    expect(lessonNow(club).title).toContain('4/30')
  })

  test('the days in which we were away cost nobody anything, and a freeze that they took comes back', async () => {
    const club = await longClub()
    for (const day of [24, 25]) {
      await lives(club, at(day))
      await answer(club, '미나')
    }
    await club.away('2026-11-28T09:00+09:00')
    expect(await streakOf(club, '미나')).toMatchObject({ run: 2, freezes: '1 · next one 1/7' })
    const receipt = await club.says('미나', '/streak', { action: 'why' })
    expect(receipt.text).toContain('11월 26일 (목) **쉼** · 서비스가 멈췄던 날')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 3일')
  })

  test('an hour away in the small hours excuses the day; two hours at noon do not', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25, 11))
    await club.away('2026-11-25T13:00+09:00')
    await lives(club, at(26, 5))
    expect(await streakOf(club, '미나')).toMatchObject({ freezes: '0 · next one 0/7' })
    await lives(club, at(27, 2))
    await club.away('2026-11-27T03:05+09:00')
    await lives(club, at(27, 5))
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '0 · next one 0/7' })
    expect((await club.club()).excuses.map(({ day }) => day)).toEqual(['2026-11-26'])
  })

  test('a lesson that comes in the last six hours of its day excuses the day', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25, 7))
    await club.away('2026-11-25T23:00+09:00')
    expect(lessonNow(club).title).toContain('2/30')
    expect((await club.club()).excuses.map(({ day }) => day)).toEqual(['2026-11-25'])
  })

  test('a day without a lesson is no outage', async () => {
    const club = await longClub()
    await club.says('host', '/club', { set: 'holidays', to: '2026-11-25' })
    await lives(club, at(24, 23))
    const before = (await club.club()).excuses
    await lives(club, at(25, 5))
    await club.away('2026-11-26T06:00+09:00')
    expect((await club.club()).excuses).toEqual(before)
  })

  test('a poll is not caught up on another day', async () => {
    const club = await longClub()
    await lives(club, at(27, 9))
    await club.away('2026-11-28T09:00+09:00')
    expect(club.channel.filter(({ key }) => key.startsWith('poll:'))).toHaveLength(1)
  })
})

describe('a clock that is set', () => {
  test('back at night, and right again hours later, is no outage: no day is excused, and no lesson comes twice', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25, 25))
    await club.clockIsSet('2026-11-25T20:00+09:00')
    await lives(club, at(25, 23))
    await club.clockIsSet('2026-11-26T04:05+09:00')
    await lives(club, at(26, 9))
    expect((await club.club()).excuses).toEqual([])
    expect(lessons(club).map(({ card }) => /(\d+)\/30/.exec(card.title ?? '')?.[1])).toEqual(['1', '2', '3'])
    // The day that nobody answered in cost the freeze, as it does.
    expect(await streakOf(club, '미나')).toMatchObject({ run: 1, freezes: '0 · next one 0/7' })
  })

  test('does not hide an outage: the machine slept for a night, and woke with its clock set back an hour', async () => {
    const club = await longClub()
    await lives(club, at(25, 22))
    await club.away('2026-11-26T08:00+09:00')
    await club.clockIsSet('2026-11-26T07:00+09:00')
    expect((await club.club()).excuses.map(({ day }) => day)).toEqual(['2026-11-25'])
  })
})

describe('a room that refuses', () => {
  test('is tried again, and the post is there once', async () => {
    const club = await longClub()
    await lives(club, at(25, 7.5))
    club.trouble.refuse = 3
    await lives(club, at(25, 8))
    expect(lessons(club)).toHaveLength(1)
    await lives(club, at(25, 8.5))
    expect(lessons(club)).toHaveLength(2)
    expect(club.trouble.refuse).toBe(0)
    expect(club.logged.filter(({ msg }) => msg === 'a post could not be sent')).toHaveLength(3)
    await lives(club, at(26, 7))
    expect(lessons(club)).toHaveLength(2)
  })

  test('all day: the lesson expires, its day is excused, and the next day brings the same lesson', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25, 7.5))
    club.trouble.refuse = Number.MAX_SAFE_INTEGER
    await lives(club, at(26, 7))
    club.trouble.refuse = 0
    await lives(club, at(26))
    expect(lessons(club)).toHaveLength(2)
    expect(lessonNow(club).title).toContain('2/30')
    expect((await answer(club, '미나'))[0]?.text).toContain('연속 2일')
    expect((await club.club()).excuses.map(({ day }) => day)).toEqual(['2026-11-25'])
  })

  test('all day, and a store that cannot be written when it expires: the day is excused all the same', async () => {
    const club = await longClub()
    await answer(club, '미나')
    await lives(club, at(25, 7.5))
    club.trouble.refuse = Number.MAX_SAFE_INTEGER
    await lives(club, at(26, 3.9))
    const mend = refuseExcuses(club.file)
    await lives(club, at(26, 4.2))
    mend()
    await lives(club, at(26, 7))
    expect((await club.club()).excuses.map(({ day }) => day)).toEqual(['2026-11-25'])
    expect((await club.store.posts(club.id, ['lesson'], 1))[0]?.state).toBe('expired')
  })

  test('a share is tried again too', async () => {
    const club = await longClub()
    await answer(club, '미나')
    club.trouble.refuse = 1
    await club.presses('미나', '1:share:streak')
    expect(club.channel.filter(({ key }) => key.startsWith('share:'))).toHaveLength(0)
    await club.passes(120_000)
    expect(club.channel.filter(({ key }) => key.startsWith('share:'))).toHaveLength(1)
  })

  test('what happens while a post is on its way is shown by an edit', async () => {
    const club = await longClub()
    const { markSent } = club.store
    club.store.markSent = async (...args) => {
      club.store.markSent = markSent
      const call = { room: 'web', club: club.id, member: { id: '미나', name: '미나' }, organiser: false }
      await club.app.handle({ ...call, act: { command: 'checkin', input: { note: '한 줄' } } }, club.now())
      return markSent(...args)
    }
    await lives(club, at(25, 8))
    await club.passes(60_000)
    expect(club.posted('2/30').card.text).toContain('오늘 1명 완료')
  })

  test('what happens while an edit is on its way is shown by the next one', async () => {
    const club = await longClub()
    const press = club.button(lessonNow(club), 'A')
    const { markEdited } = club.store
    club.store.markEdited = async (...args) => {
      club.store.markEdited = markEdited
      const call = { room: 'web', club: club.id, member: { id: '지훈', name: '지훈' }, organiser: false, act: { press, input: {} } }
      await club.app.handle(call, club.now())
      return markEdited(...args)
    }
    await answer(club, '미나')
    await club.passes(60_000)
    expect(club.posted('오늘의 1%').card.text).toContain('오늘 2명 완료')
  })

  test('an edit is tried again', async () => {
    const club = await longClub()
    const post = club.posted('오늘의 1%')
    const { id } = post
    Object.assign(post, { id: 'out of reach' })
    await answer(club, '미나')
    expect(post.card.text).not.toContain('완료')
    Object.assign(post, { id })
    await club.passes(600_000)
    expect(post.card.text).toContain('오늘 1명 완료')
  })
})

test('over the changes of the clock each local day has its lesson at 08:00, once', async () => {
  for (const [zone, from, offsets] of [
    ['America/New_York', '2026-10-30T06:00-04:00', ['12:00', '13:00', '13:00', '13:00']],
    ['Europe/London', '2027-03-26T06:00+00:00', ['08:00', '07:00', '07:00', '07:00']],
    ['Australia/Lord_Howe', '2026-10-02T06:00+10:30', ['21:30', '21:00', '21:00', '21:00']],
  ] as const) {
    const club = await longClub(10, { at: from, zone, started: false })
    await club.presses('host', '1:start')
    await lives(club, club.now() + 4.3 * 86_400_000)
    expect(
      ownPosts(club)
        .filter(({ key }) => key.startsWith('lesson:'))
        .map(({ at }) => new Date(at).toISOString().slice(11, 16)),
      zone,
    ).toEqual(offsets)
  }
})
