// Purpose: lanes that people can follow: everything in its column and row, and arrows that go around the boxes.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiagramEdge, LanesItem, Picture } from '../../src/chat/picture.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { layOut } from '../../src/pictures/layOut.ts'
import type { Box } from '../../src/pictures/page.ts'
import { pictureWidth } from '../../src/pictures/theme.ts'
import { everyNode, png, svgs, texts } from './seen.ts'

type Lanes = Extract<Picture, { kind: 'lanes' }>

const pictures = createPictures()

function lanesOf(
  lanes: readonly string[],
  rows: readonly string[],
  items: readonly LanesItem[],
  edges: readonly DiagramEdge[] = [],
): Lanes {
  return { kind: 'lanes', title: '흐름', lanes: lanes.map((label) => ({ label })), rows, items, edges }
}

function item(id: string, lane: number, row: number, more: Partial<LanesItem> = {}): LanesItem {
  return { id, lane, row, label: id, ...more }
}

/** The boxes in the order of the items, the grounds of the words at arrows, and the corners of each arrow. */
function drawn(picture: Lanes): { boxes: Box[]; words: Box[]; arrows: { x: number; y: number }[][] } {
  const svg = svgs(layOut(picture, 'light')).join('')
  const boxes = Array.from(svg.matchAll(/<rect [^>]*rx="14"[^>]* stroke-width="3"/g), ([rect]) => boxOf(rect))
  const words = Array.from(svg.matchAll(/<rect [^>]*rx="8"/g), ([rect]) => boxOf(rect))
  const arrows = Array.from(svg.matchAll(/<path d="(M[^"]+)" fill="none"[^>]*\/><path d="(M\S+ [^L]+)L/g), ([, line = '', tip = '']) =>
    // The control point of a round corner is the corner.
    Array.from(`${line}${tip}`.matchAll(/[MLQ]([-\d.]+) ([-\d.]+)/g), ([, x, y]) => ({ x: Number(x), y: Number(y) })),
  )
  return { boxes, words, arrows }
}

function boxOf(rect: string): Box {
  const of = (name: string) => Number(rect.match(new RegExp(` ${name}="([-\\d.]+)"`))?.[1])
  return { x: of('x'), y: of('y'), width: of('width'), height: of('height') }
}

const many = (count: number, of: (index: number) => LanesItem) => Array.from({ length: count }, (_, index) => of(index))
const years = (count: number) => Array.from({ length: count }, (_, index) => String(2004 + index))

const flow = lanesOf(
  ['커널', '도구', '약속과 오케스트레이션'],
  years(22),
  many(35, (index) =>
    item(`n${index}`, index % 3, Math.floor((index * 22) / 35), {
      label: `컨테이너 런타임 ${index}`,
      ...(index % 4 === 0 && { note: '2.6.24부터' }),
    }),
  ),
  Array.from({ length: 24 }, (_, index) => ({
    from: `n${index}`,
    to: `n${(index * 7 + 5) % 35}`,
    ...(index % 5 === 0 && { label: '이어짐', dashed: true }),
  })),
)

const orchestra = lanesOf(
  ['Human', 'API server', 'Deployment controller', 'ReplicaSet v1', 'ReplicaSet v2', 'kubelet/runtime', 'Service'],
  ['1', '2', '3', '4', '5', '6', '7', '8'],
  many(24, (index) => item(`s${index}`, (index * 3) % 7, index % 8, { label: 'scale +1', tone: 'tool' })),
  Array.from({ length: 14 }, (_, index) => ({ from: `s${index}`, to: `s${index + 7}`, ...(index % 6 === 0 && { label: 'CRI' }) })),
)

const chain = ['kubelet', 'cri-containerd', 'dockerd', 'containerd', 'shim', 'libcontainer']
const versions = lanesOf(
  ['kubelet', 'adapter', 'Docker Engine', 'CRI runtime', 'shim', 'OCI runtime'],
  Array.from({ length: 14 }, (_, index) => `1.${index + 10}–1.${index + 11}`),
  many(84, (index) => item(`c${index}`, index % 6, Math.floor(index / 6), { label: chain[index % 6] ?? '' })),
  Array.from({ length: 84 }, (_, index) => index)
    .filter((index) => index % 6 < 5)
    .map((index) => ({ from: `c${index}`, to: `c${index + 1}` })),
)

const sizes: [string, Lanes][] = [
  ['3 lanes and 22 rows', flow],
  ['7 lanes and 8 rows', orchestra],
  ['6 lanes and 14 rows', versions],
]

describe('on a phone', () => {
  test.each(sizes)('%s fit the width, with no text below 24 px', async (_name, picture) => {
    for (const theme of ['light', 'dark'] as const) {
      const page = layOut(picture, theme)
      expect(png(await pictures.draw(picture, theme))).toEqual({ width: pictureWidth, height: page.height })
      for (const node of everyNode(page.node)) if (node.type === 'text') expect(node.style?.fontSize).toBeGreaterThanOrEqual(24)
    }
    for (const { x, width } of drawn(picture).boxes) {
      expect(x).toBeGreaterThanOrEqual(24)
      expect(x + width).toBeLessThanOrEqual(pictureWidth - 24 + 0.01)
    }
  })

  test('long names are cut where they have a hyphen or a slash, and nowhere else', () => {
    expect(new Set(texts(layOut(versions, 'light')).filter((text) => /contain/.test(text)))).toEqual(
      new Set(['containerd', 'libcontainer', 'cri-containerd'].filter((text) => texts(layOut(versions, 'light')).includes(text))),
    )
    expect(texts(layOut(orchestra, 'light'))).toEqual(expect.arrayContaining(['kubelet/', 'runtime', 'Deployment', 'controller']))
  })
})

describe('places', () => {
  test('columns go from left to right, rows from top to bottom, and items of one cell stand under each other', () => {
    const { boxes } = drawn(lanesOf(['a', 'b'], ['1', '2'], [item('n', 0, 0), item('e', 1, 0), item('s', 0, 1), item('under', 0, 1)]))
    const [n, e, s, under] = boxes
    if (!n || !e || !s || !under) throw new Error('four boxes were asked for')
    expect(e.x).toBeGreaterThan(n.x + n.width)
    expect(e.y).toBe(n.y)
    expect(s.x).toBe(n.x)
    expect(s.y).toBeGreaterThan(n.y + n.height)
    expect(under.y).toBeGreaterThan(s.y + s.height)
  })

  test('an item reaches down to its last row, beside what happens meanwhile', () => {
    const { boxes } = drawn(
      lanesOf(
        ['a', 'b'],
        ['1', '2', '3'],
        [item('bar', 0, 0, { until: 2 }), item('first', 1, 0), item('last', 1, 2), item('same lane', 0, 1)],
      ),
    )
    const [bar, first, last, inLane] = boxes
    if (!bar || !first || !last || !inLane) throw new Error('four boxes were asked for')
    expect(bar.y).toBeLessThanOrEqual(first.y)
    expect(bar.y + bar.height).toBeGreaterThanOrEqual(last.y + last.height)
    expect(inLane.x).toBeGreaterThan(bar.x + bar.width)
  })

  test('rows without arrows between them lie close', () => {
    const rows = ['1', '2', '3']
    const items = [item('a', 0, 0), item('b', 0, 1), item('c', 0, 2)]
    const [a, b, c] = drawn(lanesOf(['x'], rows, items, [{ from: 'b', to: 'c' }])).boxes
    if (!a || !b || !c) throw new Error('three boxes were asked for')
    expect(b.y - a.y - a.height).toBeLessThan(24)
    expect(c.y - b.y - b.height).toBeGreaterThan(32)
  })

  test('a row without a label continues the one above it, without a rule between', () => {
    const items = [item('a', 0, 0), item('b', 0, 1), item('c', 0, 2)]
    const rules = (rows: string[]) =>
      svgs(layOut(lanesOf(['x'], rows, items), 'light'))
        .join('')
        .match(/<path d="M[\d.]+ [\d.]+H/g)
    expect(rules(['1', '2', '3'])).toHaveLength(3)
    expect(rules(['1', '', '3'])).toHaveLength(2)
    const [a, b, c] = drawn(lanesOf(['x'], ['1', '', '3'], items)).boxes
    if (!a || !b || !c) throw new Error('three boxes were asked for')
    expect(b.y - a.y).toBeLessThan(c.y - b.y)
  })

  test('what is no more carries a dagger, and each row its label', () => {
    const page = layOut(lanesOf(['a'], ['1.24–1.25'], [item('rkt', 0, 0, { ended: true })]), 'light')
    expect(texts(page)).toEqual(expect.arrayContaining(['rkt †', '1.24–1.25']))
  })

  test('nothing at all can be drawn', async () => {
    expect(png(await pictures.draw(lanesOf([], [], []))).width).toBe(pictureWidth)
    expect(png(await pictures.draw(lanesOf(['a'], ['1'], []))).width).toBe(pictureWidth)
  })
})

describe('arrows', () => {
  const cross = lanesOf(
    ['a', 'b', 'c'],
    ['1', '2', '3'],
    [item('start', 0, 0), item('in the way', 1, 0), item('end', 2, 0), item('low', 2, 2), item('mid', 0, 1)],
    [
      { from: 'start', to: 'end', label: '돌아서' },
      { from: 'low', to: 'start', label: '뒤로', dashed: true },
      { from: 'start', to: 'mid' },
    ],
  )

  test('go from box to box, also backwards', () => {
    const { boxes, arrows } = drawn(cross)
    const ends = [
      [0, 2],
      [3, 0],
      [0, 4],
    ] as const
    ends.forEach(([from, to], index) => {
      const arrow = arrows[index] ?? []
      expect(onSide(arrow[0], boxes[from])).toBe(true)
      expect(onSide(arrow.at(-1), boxes[to])).toBe(true)
    })
  })

  test('carry their words, once for those that say the same from one box', () => {
    expect(texts(layOut(cross, 'light'))).toEqual(expect.arrayContaining(['돌아서', '뒤로']))
    const fork = lanesOf(
      ['a', 'b'],
      ['1', '2'],
      [item('cri', 0, 0), item('x', 1, 0), item('y', 1, 1)],
      [
        { from: 'cri', to: 'x', label: '구현' },
        { from: 'cri', to: 'y', label: '구현' },
      ],
    )
    expect(texts(layOut(fork, 'light')).filter((text) => text === '구현')).toHaveLength(1)
  })

  test('may lead a box to itself and run both ways between two', () => {
    const { arrows } = drawn(
      lanesOf(
        ['a', 'b'],
        ['1'],
        [item('x', 0, 0), item('y', 1, 0)],
        [
          { from: 'x', to: 'x' },
          { from: 'x', to: 'y' },
          { from: 'y', to: 'x' },
        ],
      ),
    )
    expect(arrows).toHaveLength(3)
    const straight = arrows.slice(1).map((arrow) => arrow[0]?.y ?? 0)
    expect(Math.abs((straight[0] ?? 0) - (straight[1] ?? 0))).toBeGreaterThan(10)
  })

  test('that lead nowhere, and items in no row, are told by name', () => {
    expect(() => layOut(lanesOf(['a'], ['1'], [item('x', 0, 0)], [{ from: 'x', to: 'gone' }]), 'light')).toThrow('x → gone')
    expect(() => layOut(lanesOf(['a'], ['1'], [item('x', 0, 1)]), 'light')).toThrow('for x')
    expect(() => layOut(lanesOf(['a'], ['1'], [item('x', 1, 0)]), 'light')).toThrow('for x')
  })

  test.each(sizes)('go around every box: %s', (_name, picture) => {
    expectClear(picture)
  })

  test('go around every box, whatever there is', () => {
    const some = fc
      .record({
        lanes: fc.integer({ min: 1, max: 6 }),
        rows: fc.integer({ min: 1, max: 8 }),
        items: fc.array(fc.tuple(fc.nat(5), fc.nat(7), fc.nat(2), fc.constantFrom('runc', 'cri-containerd', '컨테이너 런타임')), {
          minLength: 1,
          maxLength: 16,
        }),
        edges: fc.array(fc.tuple(fc.nat(15), fc.nat(15), fc.boolean()), { maxLength: 14 }),
        labels: fc.array(fc.constantFrom('CRI', '첫 엔진이 됨'), { maxLength: 3 }),
      })
      .map(({ lanes, rows, items, edges, labels }) => {
        const pairs = new Map(
          edges.map(([from, to, dashed], index): [string, DiagramEdge] => {
            const ends = [from, to].map((end) => String(end % items.length))
            const label = labels[index]
            return [[...ends].sort().join(), { from: ends[0] ?? '', to: ends[1] ?? '', dashed, ...(label && { label }) }]
          }),
        )
        const placed = items.map(([lane, row, length, label], index) =>
          item(String(index), lane % lanes, row % rows, { label, until: Math.min(rows - 1, (row % rows) + length) }),
        )
        return lanesOf(years(lanes), years(rows), placed, Array.from(pairs.values()))
      })
    fc.assert(fc.property(some, expectClear), { numRuns: 200 })
  })
})

/** No box lies on another, no arrow runs through one, and words at arrows cover neither. */
function expectClear(picture: Lanes): void {
  const { boxes, words, arrows } = drawn(picture)
  expect(boxes).toHaveLength(picture.items.length)
  expect(arrows).toHaveLength(picture.edges.length)
  words.forEach((box, index) => {
    for (const other of [...boxes, ...words.slice(index + 1)]) expect(overlap(box, other), 'words').toBe(false)
  })
  boxes.forEach((box, index) => {
    for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false)
  })
  const pieces = arrows.map(piecesOf)
  for (const piece of pieces.flat()) for (const box of boxes) expect(overlap(piece, box), 'an arrow').toBe(false)
  picture.edges.forEach((edge, index) => {
    picture.edges.slice(index + 1).forEach((other, after) => {
      if (edge.from === other.from || edge.to === other.to) return
      for (const piece of pieces[index] ?? []) {
        for (const near of pieces[index + 1 + after] ?? []) expect(seemOne(piece, near), 'two arrows').toBe(false)
      }
    })
  })
}

function piecesOf(arrow: readonly { x: number; y: number }[]): Box[] {
  return arrow.slice(1).map((to, index) => {
    const from = arrow[index] ?? to
    return { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) }
  })
}

/** Whether two pieces of arrows run along each other so near that they seem one. */
function seemOne(a: Box, b: Box): boolean {
  const along = (from: number, length: number, other: number, otherLength: number) =>
    Math.min(from + length, other + otherLength) - Math.max(from, other)
  if (a.height < 1 && b.height < 1) return Math.abs(a.y - b.y) < 8 && along(a.x, a.width, b.x, b.width) > 12
  if (a.width < 1 && b.width < 1) return Math.abs(a.x - b.x) < 8 && along(a.y, a.height, b.y, b.height) > 12
  return false
}

function overlap(a: Box, b: Box): boolean {
  const slack = 0.5
  return a.x < b.x + b.width - slack && b.x < a.x + a.width - slack && a.y < b.y + b.height - slack && b.y < a.y + a.height - slack
}

function onSide(point: { x: number; y: number } | undefined, box: Box | undefined): boolean {
  if (!point || !box) return false
  const onX = Math.min(Math.abs(point.x - box.x), Math.abs(point.x - box.x - box.width)) < 0.5
  const onY = Math.min(Math.abs(point.y - box.y), Math.abs(point.y - box.y - box.height)) < 0.5
  return (onX && point.y > box.y && point.y < box.y + box.height) || (onY && point.x > box.x && point.x < box.x + box.width)
}
