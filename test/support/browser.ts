// Purpose: a real Chromium: the one that comes by npm on Linux, an installed Chrome elsewhere.
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** Undefined where there is none: the caller says aloud what it skips. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (process.platform === 'linux') {
    return chromium.launch({ executablePath: await sparticuz.executablePath(), args: ['--no-sandbox', '--disable-gpu'], headless: true })
  }
  return chromium.launch({ channel: 'chrome', headless: true }).catch(() => undefined)
}
