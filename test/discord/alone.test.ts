import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { messageOf } from '../support/discordClub.ts'
import { excusedIn, lessonsIn, lives, longDiscord, type Started, startedIn, trouble } from './clubs.ts'

/** What is kept of a club becomes this, until it is mended. */
function breaks({ bot, club }: Started, doc: string): { mend(): void } {
  const db = new Database(bot.file)
  onTestFinished(() => {
    db.close()
  })
  const before = db.prepare<[string], string>('SELECT doc FROM club WHERE key = ?').pluck().get(club)
  const put = db.prepare('UPDATE club SET doc = ? WHERE key = ?')
  put.run(doc, club)
  return { mend: () => put.run(before, club) }
}

const named = ({ bot, club }: Started) => bot.logged.filter((line) => line.club === club && Number(line.level) >= 50).map(({ msg }) => msg)

describe.each([
  ['cannot be read', '{"seasons": ['],
  ['says nothing of its days', '{"channel": "1", "excuses": [], "breaks": []}'],
])('a club whose document %s', (_, doc) => {
  test('is alone with that: the others have their lessons, their excused days and their answers', async () => {
    const bot = await longDiscord({ settings: { pollDays: [] } })
    const [before, broken, after] = [await startedIn(bot, '앞'), await startedIn(bot, '가운데'), await startedIn(bot, '뒤')]
    await lives(bot, '2037-11-25T09:00+09:00')
    const { mend } = breaks(broken, doc)

    // A start compares every club's posts with the course, and looks for the days on which it was away.
    await bot.app.correct(bot.now())
    await bot.until('2037-11-26T09:00+09:00')
    for (const place of [before, after]) {
      expect([lessonsIn(place.channel), await excusedIn(place)]).toEqual([[1, 2], ['2037-11-25']])
      expect(messageOf(await place.owner.types('/오늘')).text).not.toBe('')
    }
    expect(named(broken)).toContain('a club’s days could not be excused')
    expect(messageOf(await broken.owner.types('/오늘')).text).toContain('저희 쪽에서 문제가')
    expect(lessonsIn(broken.channel)).toEqual([1])

    mend()
    await bot.until(bot.now() + 60_000)
    expect(lessonsIn(broken.channel)).toEqual([1, 2])
  })

  test('takes nobody’s turn with it when its post expires', async () => {
    const bot = await longDiscord({ settings: { pollDays: [] } })
    const [broken, early] = [await startedIn(bot, '앞'), await startedIn(bot, '뒤')]
    await early.owner.types('/클럽', { set: 'post at', to: '04:05' })
    await lives(bot, '2037-11-25T07:59+09:00')
    trouble(broken, broken.channel, { kind: 'limit', retryAfterS: 600, scope: 'shared' }, 500)
    await lives(bot, '2037-11-26T03:59+09:00')
    breaks(broken, doc)
    const lessons = lessonsIn(early.channel).length
    await bot.app.tick(Date.parse('2037-11-26T04:10+09:00'))
    await bot.app.idle()
    expect(lessonsIn(early.channel)).toHaveLength(lessons + 1)
    expect(named(broken)).toContain('a post that expired could not be closed; it is tried again')
  })
})
