// Purpose: a real Chromium for pictures of the page: the one that npm brings on Linux, an installed Chrome elsewhere.
import type { Browser } from 'playwright-core'

/**
 * Both packages are dev dependencies: the service itself looks at no page. So they are loaded by the first who does, `course preview` or a
 * test, and an installation without them lacks nothing else. Rejects where there is no browser; the first line of the message says what is
 * missing.
 */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  if (process.platform !== 'linux') return chromium.launch({ channel: 'chrome', headless: true })
  const { default: sparticuz } = await import('@sparticuz/chromium')
  // Hinted, letters stand at whole pixels, so that words in pictures look torn.
  const args = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none']
  return chromium.launch({ executablePath: await sparticuz.executablePath(), args, headless: true })
}
