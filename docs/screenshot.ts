// Purpose: makes docs/web-room.png: a fresh club in a folder of its own, a few acts, and a picture of the page.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '../test/support/browser.ts'

const port = 8799
const url = `http://127.0.0.1:${port}`
const folder = mkdtempSync(join(tmpdir(), 'onepercent-screenshot-'))
const service = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
  env: { ...process.env, PORT: String(port), DATABASE_URL: `file:${join(folder, 'club.db')}`, LOG_LEVEL: 'error' },
  stdio: 'inherit',
})

async function call(body: object): Promise<void> {
  const answer = await fetch(`${url}/api/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

try {
  for (let ready = false; !ready; )
    ready = await fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false)
  const messages = (await (await fetch(`${url}/api/messages?as=host`)).json()) as {
    card: { buttons?: { label: string; press: string }[] }
  }[]
  const right = messages[0]?.card.buttons?.find(({ label }) => label === 'C')
  await call({ as: 'host', press: right?.press })
  const browser = await openBrowser()
  if (!browser) throw new Error('there is no browser here to make the picture with')
  const page = await browser.newPage({ viewport: { width: 1000, height: 1700 }, locale: 'ko-KR', colorScheme: 'light' })
  await page.goto(url)
  await page.waitForSelector('[data-only-you]')
  await page.locator('[data-message-id]').first().scrollIntoViewIfNeeded()
  // The last picture and the fonts are drawn by then.
  await page.waitForTimeout(1000)
  await page.screenshot({ path: 'docs/web-room.png' })
  await browser.close()
} finally {
  service.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}
