import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDiscord } from '../support/discord/server.ts'
import { pressOf, program, startService } from '../support/service.ts'
import { lockedByShell } from '../support/shell.ts'
import { contentDir, tempFolder } from '../support/testClub.ts'

const club = (folder: string, ...args: string[]) => program('cli', folder, args)

/** A folder whose club ran for a moment: 미나 checked in. */
async function withOneLine(): Promise<string> {
  const folder = tempFolder()
  const service = await startService(folder)
  await service.call({ as: '미나', command: 'checkin', input: { note: '한 줄' } })
  service.process.kill('SIGTERM')
  await service.exited
  return folder
}

describe('an operator', () => {
  test('backs up while the club runs, loses the machine, restores, and goes on', async () => {
    const folder = tempFolder()
    const service = await startService(folder)
    const [lesson] = await service.messages('미나')
    await service.call({ as: '미나', press: pressOf(lesson, 'C') })

    const file = join(folder, 'copy.db')
    expect(await club(folder, 'backup', file)).toMatchObject({ status: 0, stdout: expect.stringContaining('checked') })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await club(folder, 'backup', file)).stderr).toContain('exists already')
    expect(await club(folder, 'doctor')).toMatchObject({ status: 0, stdout: expect.stringContaining('is running on this database') })
    for (const verb of [['restore', file], ['rebuild']]) {
      expect(await club(folder, ...verb)).toMatchObject({ status: 1, stderr: expect.stringContaining('Stop it first') })
    }
    expect(await program('main', folder)).toMatchObject({ status: 1, stderr: expect.stringContaining('another service is running') })

    await service.call({ as: '지훈', press: pressOf(lesson, 'A') })
    service.process.kill('SIGTERM')
    expect((await service.exited) as unknown[]).toEqual([0, null])
    const restored = await club(folder, 'restore', file)
    expect(restored).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/is kept as .*\nDeleted again, as they had been since: 0 members/),
    })
    expect((await club(folder, 'rebuild')).stdout).toBe('1 streaks folded anew, 0 differed from what was stored\n')

    const again = await startService(folder)
    const streak = await again.call({ as: '미나', command: 'streak' })
    expect(streak.card.fields?.[0]?.value).toBe('1일')
    expect((await again.messages('미나')).filter(({ onlyYou }) => !onlyYou)).toHaveLength(2)
    again.process.kill('SIGTERM')
    await again.exited
  })

  test('is told what is wrong with a file before anything is replaced', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'noise.db'), 'this is no database at all'.repeat(50))
    new Database(join(folder, 'other.db')).exec('CREATE TABLE x (y)').close()
    expect((await club(folder, 'restore', join(folder, 'nothing.db'))).stderr).toContain('There is no file')
    expect((await club(folder, 'restore', join(folder, 'noise.db'))).stderr).toContain('no readable database')
    expect((await club(folder, 'restore', join(folder, 'other.db'))).stderr).toContain('not one of a club')
    expect(existsSync(join(folder, 'club.db'))).toBe(false)
  })

  test('gets a cached streak that went wrong mended by rebuild, and told', async () => {
    const folder = await withOneLine()
    const db = new Database(join(folder, 'club.db'))
    db.exec('UPDATE streak SET run = 77')
    db.close()
    expect((await club(folder, 'rebuild')).stdout).toContain('1 streaks folded anew, 1 differed')
    expect((await club(folder, 'rebuild')).stdout).toContain('0 differed')
  })

  test('has one club that cannot be read: the start and the rebuild go on with the others, and say so', async () => {
    const folder = await withOneLine()
    const db = new Database(join(folder, 'club.db'))
    db.exec(`INSERT INTO club (key, version, due_at, doc) VALUES ('discord:100000000000000007', 1, 0, '{"seasons": [')`)
    db.close()
    const rebuilt = await club(folder, 'rebuild')
    expect([rebuilt.status, rebuilt.stdout]).toEqual([1, expect.stringContaining('discord:100000000000000007 could not be folded anew')])
    expect(rebuilt.stdout).toContain('1 streaks folded anew, 0 differed')
    const again = await startService(folder)
    expect((await again.call({ as: '미나', command: 'streak' })).card.fields?.[0]?.value).toBe('1일')
    expect(again.output.join('')).toContain('a club could not be planned')
    again.process.kill('SIGTERM')
    await again.exited
  })

  test('mistypes a verb and reads what there is', async () => {
    const folder = tempFolder()
    expect(await club(folder, 'bakcup')).toMatchObject({ status: 2, stderr: expect.stringContaining('backup FILE') })
    expect(await club(folder, 'backup')).toMatchObject({ status: 2, stderr: 'Use it as: npm run club -- backup FILE\n' })
    expect(await club(folder)).toMatchObject({ status: 0, stdout: expect.stringContaining('course new "TITLE"') })
  })

  test('checks the content and begins a course', async () => {
    const folder = tempFolder()
    const checked = await program('cli', folder, ['course', 'check'], { CONTENT_DIR: contentDir })
    expect(checked).toMatchObject({ status: 0, stdout: expect.stringContaining('container-flow (ko, en): 24 lessons') })
    const content = join(folder, 'content')
    expect((await program('cli', folder, ['course', 'new', 'Linux 첫걸음'], { CONTENT_DIR: content })).status).toBe(0)
    expect(await program('cli', folder, ['course', 'check'], { CONTENT_DIR: content })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('0 errors'),
    })
  })
})

describe('an author', () => {
  const payloads = (stdout: string, room: string) =>
    [...stdout.matchAll(new RegExp(`^${room}:\\n(\\{[\\s\\S]*?^\\})$`, 'gm'))].map(
      ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
    )
  const headings = (stdout: string) => [...stdout.matchAll(/^=== L02 · ko · (.*)$/gm)].map(([, name]) => name)

  test('previews a lesson: both payloads with their sizes, and pictures of the cards', async () => {
    const folder = tempFolder()
    const out = join(folder, 'pictures')
    const seen = await program('cli', folder, ['course', 'preview', 'L02', 'ko', '--out', out], { CONTENT_DIR: contentDir })
    expect(seen).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(join(folder, 'club.db'))).toBe(false)
    const parts = headings(seen.stdout)
    expect(parts.slice(0, 6)).toEqual(['post', 'more', 'full', 'question-1', 'question-1-right', 'question-1-wrong'])
    expect(parts.slice(-4)).toEqual(['lab-steps', 'lab-elsewhere', 'lab-without', 'sources'])

    const [post, ...discord] = payloads(seen.stdout, 'Discord')
    expect(post).toMatchObject({ embeds: [{ title: expect.stringContaining('2/24') }], content: expect.stringMatching(/./) })
    expect(post).not.toHaveProperty('flags')
    expect(discord).toHaveLength(parts.length - 1)
    for (const { content, flags } of discord) expect({ content, flags }).toEqual({ content: '', flags: 64 })
    const slack = payloads(seen.stdout, 'Slack')
    expect(slack).toHaveLength(parts.length)
    expect(slack[0]).toMatchObject({ blocks: expect.arrayContaining([expect.objectContaining({ type: 'header' })]) })
    expect(seen.stdout).toMatch(/^Discord: content \d+\/2000, title \d+\/256, description \d+\/4096, .*embeds \d+\/6000, .*buttons 4\/25/m)
    expect(seen.stdout).toMatch(
      /^Slack: text \d+\/4000, blocks \d+\/50, .*longest section \d+\/3000, .*all blocks \d+\/12000, buttons in a row 4\/25/m,
    )
    expect(seen.stdout).not.toContain('✂')

    if (process.platform !== 'linux' && seen.stdout.includes('no pictures')) return
    const pictures = [...seen.stdout.matchAll(/^picture: (.*)$/gm)].map(([, file = '']) => file)
    expect(pictures[0]).toBe(join(out, 'preview-L02.ko.png'))
    expect(pictures).toHaveLength(parts.length)
    for (const file of pictures) {
      const png = readFileSync(file)
      expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
      // A phone's 390 pixels, twice as fine, but for the page's margins; and a card of some height.
      expect(png.readUInt32BE(16)).toBeGreaterThan(700)
      expect(png.readUInt32BE(20)).toBeGreaterThan(200)
    }
  })

  test('is shown what is wrong with the lesson first, what was cut, and what is missing for pictures', async () => {
    const folder = tempFolder()
    const content = join(folder, 'content')
    cpSync(contentDir, content, { recursive: true })
    const file = readdirSync(join(content, 'courses/container-flow')).find((name) => /^02-.*\.ko\.md$/.test(name)) ?? ''
    const path = join(content, 'courses/container-flow', file)
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.replace('## 본문\n', `## 본문\n\n${'아주 긴 이야기예요.\n'.repeat(1500)}`))
    // The browser that npm brings is looked for there first.
    writeFileSync(join(folder, 'chromium'), 'no program')
    const preview = (which: string) => program('cli', folder, ['course', 'preview', which, 'ko'], { CONTENT_DIR: content, TMPDIR: folder })

    const long = await preview('2')
    expect(long.status).toBe(0)
    const [first = '', second = ''] = long.stdout.split('\n')
    expect(first).toMatch(new RegExp(`${file}:\\d+: .*this part`))
    if (process.platform === 'linux') expect(second).toContain('no pictures, as there is no browser here')
    expect(long.stdout).toMatch(/^✂ Discord: embeds\.1\.description was cut, \d+ characters are left out: /m)
    expect(long.stdout).toMatch(/^✂ Slack: blocks\.\d+\.text\.text was cut, \d+ characters are left out: /m)
    expect(long.stdout).not.toContain('TOO LONG')

    writeFileSync(path, whole.replace('- [x]', '- [ ]'))
    const broken = await preview('L02')
    expect(broken).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('L02 is left out of its course until the errors above are mended'),
    })
    expect(broken.stdout).toContain(`${file}:`)
    expect(readdirSync(folder).filter((name) => name.startsWith('onepercent'))).toEqual([])
  })

  test('names a lesson that is not there, and reads which is near', async () => {
    const preview = (...args: string[]) => program('cli', tempFolder(), ['course', 'preview', ...args], { CONTENT_DIR: contentDir })
    expect(await preview('L77')).toEqual({ status: 2, stdout: '', stderr: 'There is no lesson “L77”; did you mean "L07"?\n' })
    expect(await preview('container-flow/99')).toMatchObject({ status: 2, stderr: expect.stringContaining('the nearest is 24') })
    expect(await preview('container-flaw/L02')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean "container-flow"?'),
    })
    for (const args of [[], ['L02', 'fr'], ['L02', '--to', 'x']])
      expect(await preview(...args)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('course preview LESSON [ko|en] [--out DIR]'),
      })
  })
})

describe('the slash commands on Discord', () => {
  test('are registered by hand, once, and the invite link is shown', async () => {
    const discord = await startDiscord()
    onTestFinished(() => discord.stop())
    const settings = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl }
    const register = (extra: Record<string, string> = {}) => program('cli', tempFolder(), ['commands'], { ...settings, ...extra })
    const first = await register()
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('commands for all servers, registered\n') })
    expect(first.stdout).toContain(`client_id=${discord.applicationId}`)
    expect((await register()).stdout).toContain('registered already as they are')
    expect(discord.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    expect(discord.commands().map(({ name }) => name)).toContain('checkin')

    const { id } = discord.addGuild()
    expect((await register({ DISCORD_GUILD_ID: id })).stdout).toContain(`commands for the server ${id}, registered\n`)
    expect(discord.commands(id)).toHaveLength(discord.commands().length)
  })

  test('cannot be without a token, or with a wrong one', async () => {
    const discord = await startDiscord()
    onTestFinished(() => discord.stop())
    expect(await club(tempFolder(), 'commands')).toMatchObject({ status: 2, stderr: expect.stringContaining('DISCORD_TOKEN: is not set') })
    const wrong = await program('cli', tempFolder(), ['commands'], { DISCORD_TOKEN: 'wrong-one', DISCORD_API_URL: discord.apiUrl })
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('DISCORD_TOKEN: Discord refused it') })
    expect(wrong.stderr).not.toContain('wrong-one')
    const doctor = (DISCORD_TOKEN: string) =>
      program('cli', tempFolder(), ['doctor'], { DISCORD_TOKEN, DISCORD_API_URL: discord.apiUrl, CONTENT_DIR: contentDir })
    expect((await doctor('wrong-one')).stdout).toContain('MEND  Discord: DISCORD_TOKEN: Discord refused it')
    expect((await doctor(discord.token)).stdout).toContain('ok    Discord: takes the token')
  })
})

describe('a start that cannot go on names the setting and the remedy', () => {
  const cases: [string, Record<string, string>, string][] = [
    ['a wrong zone', { CLUB_ZONE: 'Mars' }, 'CLUB_ZONE: is not a time zone'],
    ['an address for all without a token', { HOST: '0.0.0.0' }, 'WEB_TOKEN: HOST=0.0.0.0'],
    ['an address of another machine', { HOST: '192.0.2.1', WEB_TOKEN: 'x'.repeat(20) }, 'HOST: 192.0.2.1 is no address of this machine'],
    ['no content', { CONTENT_DIR: '/nowhere' }, 'CONTENT_DIR: no course could be read'],
    ['no room at all', { WEB_ROOM: 'off' }, 'WEB_ROOM: the web room is off'],
    ['a database where none can be', { DATABASE_URL: 'file:/dev/null/club.db' }, 'DATABASE_URL: /dev/null/club.db is no place for a file.'],
  ]
  test.each(cases)('%s', async (_, extra, words) => {
    expect(await program('main', tempFolder(), [], extra)).toMatchObject({ status: 1, stderr: expect.stringContaining(words) })
  })

  test('a file that is no database', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'club.db'), 'a letter to the club, and no database at all')
    const words = 'club.db is no database, or a damaged one. Restore a backup: npm run club -- restore FILE'
    expect(await program('main', folder)).toMatchObject({ status: 1, stderr: expect.stringContaining(words) })
  })

  test('a database that another program has locked', async () => {
    const folder = tempFolder()
    lockedByShell(join(folder, 'club.db'))
    const words = 'club.db is locked by another program. End its transaction'
    expect(await program('main', folder)).toMatchObject({ status: 1, stderr: expect.stringContaining(words) })
  })

  test('a busy port', async () => {
    const service = await startService()
    const port = new URL(service.url).port
    expect(await program('main', tempFolder(), [], { PORT: port })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`PORT=${Number(port) + 1} npm start`),
    })
    service.process.kill('SIGTERM')
    await service.exited
  })

  test('a database of a newer version, which is left as it is', async () => {
    const folder = tempFolder()
    const service = await startService(folder)
    service.process.kill('SIGTERM')
    await service.exited
    const file = join(folder, 'club.db')
    const db = new Database(file)
    db.exec("INSERT INTO migration (number, name, hash, at) VALUES (9999, '9999_future.sql', 'x', 0)")
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    const before = readFileSync(file)
    expect((await program('main', folder)).stderr).toContain('9999_future.sql, which this version does not know')
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(await club(folder, 'doctor')).toMatchObject({ status: 1, stdout: expect.stringContaining('MEND  database') })
  })
})

describe('a room that others can reach', () => {
  test('opens for the token only: as a Bearer, or once in the address', async () => {
    const token = 'correct-horse-battery'
    const folder = tempFolder()
    const service = await startService(folder, { HOST: '0.0.0.0', WEB_TOKEN: token })
    const url = service.url.replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(`${url}/api/commands`)).status).toBe(401)
    expect((await fetch(`${url}/?token=wrong-horse-battery`)).status).toBe(401)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/api/commands`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
    const door = await fetch(`${url}/?token=${token}`, { redirect: 'manual' })
    const cookie = door.headers.get('set-cookie') ?? ''
    expect(door.headers.get('location')).toBe('/')
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/)
    expect((await fetch(`${url}/api/commands`, { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200)
    service.process.kill('SIGTERM')
    await service.exited
    expect(service.output.join('\n')).not.toContain(token)
    expect(readdirSync(folder)).not.toContain(token)
  })
})
