import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { lessonAt } from '../support/ourCourse.ts'
import { type Service, startService } from '../support/service.ts'

const browser: Browser | undefined = await openBrowser()
if (!browser) process.stderr.write('SKIPPED: the page in a browser. There is no Chrome here; install one to run these tests.\n')

describe.skipIf(!browser)('the page, in a real browser', () => {
  let service: Service
  const folder = mkdtempSync(join(tmpdir(), 'onepercent-page-'))
  const complaints: string[] = []

  beforeAll(async () => {
    service = await startService(folder)
  })
  afterAll(async () => {
    await browser?.close()
    service.process.kill('SIGTERM')
    await service.exited
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    if (!browser) throw new Error('there is no browser')
    const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 }, ...options })
    const page = await context.newPage()
    page.on('console', (message) => {
      // A refusal is an answer with a status of 400 and more, which the browser reports as a failed load.
      if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(service.url)
    await page.locator('[data-message-id]').first().waitFor()
    return page
  }
  const mine = (page: Page) => page.locator('[data-only-you]')
  const say = async (page: Page, line: string) => {
    await page.fill('#say', line)
    await page.press('#say', 'Enter')
  }

  test('one tap on an answer brings the verdict, marked as mine alone', async () => {
    const page = await open()
    await page.locator('[data-message-id="1"] button[data-press]', { hasText: /^C$/ }).click()
    await mine(page).getByText('오늘 1% 완료').waitFor()
    expect(await mine(page).last().innerText()).toContain('나에게만 보임')
    await page.context().close()
  })

  test('the hints lead from the answer to the board to the next morning', async () => {
    const page = await open()
    await page.locator('[data-hint=board]').click()
    await mine(page).getByText('순위 · 이번 주').first().waitFor()
    await page.locator('[data-hint=morning]').click()
    await page
      .getByText(/오늘의 1% · 2\/24/)
      .first()
      .waitFor()
    await page.context().close()
  })

  test('the picture of a lesson is drawn and described', async () => {
    const page = await open()
    const image = page.locator('[data-message-id="1"] img[src*=picture]')
    await image.scrollIntoViewIfNeeded()
    await expect.poll(() => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)).toBe(1200)
    expect(await image.getAttribute('alt')).toBe(lessonAt(1).pictures.channel?.alt.ko)
    await page.context().close()
  })

  test('by night the picture is drawn for the night, also at full size', async () => {
    const page = await open({ colorScheme: 'dark' })
    const image = page.locator('[data-message-id="1"] img[src*=picture]')
    await image.scrollIntoViewIfNeeded()
    const shown = () => image.evaluate((element) => (element as unknown as { currentSrc: string }).currentSrc)
    await expect.poll(shown).toContain('theme=dark')
    const [full] = await Promise.all([page.context().waitForEvent('page'), image.click()])
    await full.waitForURL(/theme=dark/)
    await page.context().close()
  })

  test('a command is found in the palette by its Korean name and run by the keyboard', async () => {
    const page = await open()
    await page.fill('#say', '/연')
    await page.locator('#palette [data-command=streak]').waitFor()
    await say(page, '/연속')
    await mine(page).getByText('host의 연속 기록').last().waitFor()
    await page.context().close()
  })

  test('a check-in asks for its line in a form, or takes it as typed', async () => {
    const page = await open()
    await say(page, '/checkin')
    const note = page.locator('#form-place textarea, #form-place input[name=note]')
    await note.fill('chroot와 namespace의 차이')
    await page.locator('#form-place form button[type=submit]').click()
    await mine(page).getByText('chroot와 namespace의 차이').first().waitFor()
    await say(page, '/checkin 한 줄로 바로 남기기')
    await mine(page).getByText('한 줄로 바로 남기기').first().waitFor()
    await page.context().close()
  })

  test('an unknown command is told so, with the nearest match', async () => {
    const page = await open()
    await say(page, '/streek')
    await page
      .getByRole('alert')
      .getByText(/streak|연속/)
      .first()
      .waitFor()
    await page.context().close()
  })

  test('another member sees the channel, and nothing that was answered to the first', async () => {
    const page = await open()
    await page.selectOption('#member', 'new name')
    await page.fill('#name', '지훈')
    await page.click('#name-ok')
    await page
      .locator('#messages')
      .getByText(/오늘의 1% · 1/)
      .first()
      .waitFor()
    expect(await mine(page).count()).toBe(0)
    await page.context().close()
  })

  test('example members come and go by one press', async () => {
    const page = await open()
    await page.click('#examples')
    await page.getByText('예시 멤버 빼기').waitFor()
    await say(page, '/leaderboard by=run')
    await mine(page).locator('dt', { hasText: '예시-가온' }).last().waitFor()
    await page.click('#examples')
    await page.getByText('예시 멤버 5명 넣기').waitFor()
    await page.context().close()
  })

  test('it speaks English to an English browser, and Korean after one click', async () => {
    const page = await open({ locale: 'en-US' })
    await expect.poll(() => page.locator('#next-morning').innerText()).toBe('Next morning')
    await say(page, '/help')
    await mine(page).getByRole('heading', { name: 'What can be typed here' }).waitFor()
    await page.click('#language')
    await expect.poll(() => page.locator('#next-morning').innerText()).toBe('다음 날 아침')
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    await page.context().close()
  })

  test('it fits a phone of 360 px, in the dark as well', async () => {
    const page = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await say(page, '/leaderboard')
    await mine(page).locator('img').last().waitFor()
    const [content, window] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
    expect(content).toBeLessThanOrEqual(window)
    const small = await page
      .locator('[data-message-id] button:visible')
      .evaluateAll((buttons) =>
        buttons.map((button) => (button as unknown as { offsetHeight: number }).offsetHeight).filter((height) => height < 44),
      )
    expect(small).toEqual([])
    await page.context().close()
  })

  test('a screen reader finds the channel, hears what is new, and every picture has words', async () => {
    const page = await open()
    await page.getByRole('main').waitFor()
    expect(await page.locator('[aria-live=polite]').count()).toBe(1)
    expect(await page.locator('img:not([alt])').count()).toBe(0)
    expect(await page.locator('button:not(:visible)').count()).toBeLessThan(20)
    const nameless = await page
      .getByRole('button')
      .evaluateAll(
        (buttons) =>
          (buttons as unknown as { innerText: string; getAttribute(name: string): string | null }[]).filter(
            (button) => !button.innerText.trim() && !button.getAttribute('aria-label'),
          ).length,
      )
    expect(nameless).toBe(0)
    await page.context().close()
  })

  test('nothing broke in the browser, and the policy was never violated', () => {
    expect(complaints).toEqual([])
  })
})
