// Purpose: the sizes that an author reads are those of the message: each by hand once, and never more than there is room.
import { expect, test } from 'vitest'
import type { Card } from '../../src/chat/card.ts'
import { leftOut } from '../../src/chat/fit.ts'
import * as discord from '../../src/rooms/discord/draw.ts'
import { sizesOf as onDiscord } from '../../src/rooms/discord/sizes.ts'
import * as slack from '../../src/rooms/slack/draw.ts'
import { sizesOf as onSlack } from '../../src/rooms/slack/sizes.ts'

const image = { picture: { kind: 'board', title: '', subtitle: '', rows: [] }, alt: 'alt' } as const
const asTyped = (command: string) => command

test('a small card', () => {
  const card: Card = {
    title: 'title',
    hook: 'a hook',
    text: 'some text',
    fields: [{ name: 'name', value: 'value' }],
    image,
    buttons: [
      { label: 'A', press: '1:a' },
      { label: 'longer', href: 'https://example.org' },
    ],
    footer: 'foot',
  }
  expect(onDiscord(discord.drawPost(card, { by: 'mina' }).body)).toEqual([
    ['content', 6, 2000],
    ['author', 4, 256],
    ['title', 5, 256],
    ['description', 9, 4096],
    ['fields', 1, 25],
    ['longest field name', 4, 256],
    ['longest field', 5, 1024],
    ['footer', 4, 2048],
    ['embeds', 31, 6000],
    ['picture’s description', 3, 1024],
    ['buttons', 2, 25],
    ['longest label', 6, 80],
    ['longest press', 3, 100],
  ])
  const drawn = slack.drawPost(card, asTyped)
  expect(onSlack(drawn)).toEqual([
    ['text', drawn.text.length, 4000],
    ['blocks', 6, 50],
    ['header', 5, 150],
    ['longest section', 9, 3000],
    ['fields in a section', 1, 10],
    ['longest field', 12, 2000],
    ['picture’s description', 3, 2000],
    ['longest context', 4, 2000],
    ['all blocks', slack.sizeOf(drawn.blocks), 12_000],
    ['buttons in a row', 2, 25],
    ['longest label', 6, 75],
    ['longest press', 6, 255],
  ])
})

test('a card that is too long for either is cut to what there is room for, and that is told', () => {
  const long = (length: number) => 'a word '.repeat(length / 7)
  const fields = Array.from({ length: 40 }, (_, i) => ({ name: `${i}${long(300)}`, value: long(2500) }))
  const buttons = Array.from({ length: 25 }, (_, i) => ({ label: long(140), press: `1:${i}` }))
  const card: Card = { title: long(700), text: long(20_000), fields, image: { ...image, alt: long(4000) }, buttons, footer: long(3000) }
  for (const sizes of [onDiscord(discord.drawPrivate(card).body), onSlack(slack.drawCard(card, asTyped))])
    expect(sizes.filter(([, is, max]) => is > max)).toEqual([])
  expect(onDiscord(discord.drawPrivate({ text: long(5000) }).body)).toContainEqual(['description of embed 2', expect.any(Number), 4096])
  const { blocks } = slack.drawCard({ text: long(20_000) }, asTyped)
  const last = blocks.at(-1)
  expect(last?.type === 'section' ? leftOut(last.text?.text ?? '') : 0).toBeGreaterThan(5000)
  expect(leftOut('1 … +2 is 3')).toBe(0)
})
