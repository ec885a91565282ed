// Purpose: draw a picture as PNG bytes, off the event loop, and draw the same picture only once.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Renderer } from '@takumi-rs/core'
import type { Picture, Theme } from '../chat/picture.ts'
import { fontFamily } from './theme.ts'

export interface Pictures {
  /** PNG bytes, 1200 px wide. Shared with everyone who draws the same picture, so they are not to be written to. */
  draw(picture: Picture, theme?: Theme): Promise<Uint8Array>
}

// A picture takes 20 to 120 kB: several hundred of them, which is more than a club looks at in a day.
const cacheBytes = 32 * 1024 * 1024

const fonts = [
  { file: 'Pretendard-Regular.woff2', weight: 400 },
  { file: 'Pretendard-Bold.woff2', weight: 700 },
] as const

export function createPictures(): Pictures {
  // A Map keeps the order of insertion: the first entry is the one not drawn for the longest time.
  const drawn = new Map<string, Uint8Array>()
  const drawing = new Map<string, Promise<Uint8Array>>()
  let drawnBytes = 0
  let renderer: Promise<Renderer> | undefined

  async function render(picture: Picture, theme: Theme): Promise<Uint8Array> {
    renderer ??= openRenderer()
    // A font that cannot be read now may be readable at the next draw.
    const opened = await renderer.catch((error: unknown) => {
      renderer = undefined
      throw error
    })
    const { layOut } = await import('./layOut.ts')
    const { node, width, height } = layOut(picture, theme)
    return opened.render(node, { width, height, format: 'png' })
  }

  function keep(key: string, bytes: Uint8Array): void {
    drawn.set(key, bytes)
    drawnBytes += bytes.byteLength
    for (const [oldKey, oldBytes] of drawn) {
      if (drawnBytes <= cacheBytes) return
      drawn.delete(oldKey)
      drawnBytes -= oldBytes.byteLength
    }
  }

  return {
    async draw(picture, theme = 'light') {
      const key = createHash('sha256').update(theme).update(JSON.stringify(picture)).digest('base64')
      const bytes = drawn.get(key)
      if (bytes) {
        drawn.delete(key)
        drawn.set(key, bytes)
        return bytes
      }
      const underway = drawing.get(key)
      if (underway) return underway
      const started = render(picture, theme)
        .then((fresh) => {
          keep(key, fresh)
          return fresh
        })
        .finally(() => drawing.delete(key))
      drawing.set(key, started)
      return started
    },
  }
}

async function openRenderer(): Promise<Renderer> {
  // Loaded at the first draw, as what lays pictures out is: a start that draws nothing does not wait for them.
  const takumi = await import('@takumi-rs/core')
  const renderer = new takumi.Renderer({ cacheMaxBytes: 16 * 1024 * 1024 })
  for (const { file, weight } of fonts) {
    await renderer.registerFont({ name: fontFamily, weight, data: await readFile(new URL(`fonts/${file}`, import.meta.url)) })
  }
  return renderer
}
