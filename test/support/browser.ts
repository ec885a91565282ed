// Purpose: a real Chromium for the tests and the screenshot.
import type { Browser } from 'playwright-core'
import { openBrowser as open } from '../../src/browser.ts'

/** Undefined where no Chrome is installed: the caller says aloud what it skips. On Linux npm brings one, so there its absence is a failure. */
export async function openBrowser(): Promise<Browser | undefined> {
  try {
    return await open()
  } catch (error) {
    if (process.platform === 'linux') throw error
    return undefined
  }
}
