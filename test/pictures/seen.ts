// Purpose: what there is to see on a picture's page, and what its bytes say.

import type { Node } from '@takumi-rs/core'
import { expect } from 'vitest'
import type { Page } from '../../src/pictures/page.ts'

export function everyNode(node: Node): Node[] {
  return node.type === 'container' ? [node, ...(node.children ?? []).flatMap(everyNode)] : [node]
}

export function texts(page: Page): string[] {
  return everyNode(page.node).flatMap((node) => (node.type === 'text' ? [node.text] : []))
}

export function svgs(page: Page): string[] {
  return everyNode(page.node).flatMap((node) =>
    node.type === 'image' && typeof node.src === 'string' ? [Buffer.from(node.src.split(',')[1] ?? '', 'base64').toString()] : [],
  )
}

export function png(bytes: Uint8Array): { width: number; height: number } {
  expect(Array.from(bytes.subarray(1, 4), (byte) => String.fromCharCode(byte)).join('')).toBe('PNG')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}
