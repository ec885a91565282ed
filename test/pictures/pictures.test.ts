// Purpose: pictures that people can read: every syllable, every emoji, every day's shape, at a size a phone can show.

import { readFile } from 'node:fs/promises'
import { Renderer } from '@takumi-rs/core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DayMark, DiagramNode, Picture, Theme } from '../../src/chat/picture.ts'
import { textRuns } from '../../src/pictures/emoji.ts'
import { createPictures } from '../../src/pictures/index.ts'
import { layOut } from '../../src/pictures/layOut.ts'
import { shorten, textWidth, wrap } from '../../src/pictures/text.ts'
import { fontFamily, palettes, pictureWidth } from '../../src/pictures/theme.ts'
import { everyNode, png, svgs, texts } from './seen.ts'

type Kind<K extends Picture['kind']> = Extract<Picture, { kind: K }>

const pictures = createPictures()
const marks: DayMark[] = ['counted', 'frozen', 'repaired', 'neutral', 'off', 'missed', 'open', 'none']

function boardOf(...names: string[]): Kind<'board'> {
  const rows = names.map((name, index) => ({ rank: String(index + 1), name, value: '5일', note: '연속 12 · 최고 20' }))
  return { kind: 'board', title: '이번 달', subtitle: '2026년 11월', rows }
}

function calendarOf(weeks: number, mark: (day: number) => DayMark, from = '2026-08-31'): Kind<'calendar'> {
  const days = Array.from({ length: weeks * 7 }, (_, index) => ({
    day: new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10),
    mark: mark(index),
  }))
  const legend = marks.map((each) => ({ mark: each, label: each }))
  return { kind: 'calendar', title: '잔디', subtitle: '', weekdays: ['월', '화', '수', '목', '금', '토', '일'], days, legend }
}

function pollOf(...votes: number[]): Kind<'poll'> {
  const bars = votes.map((count, index) => ({ label: `답 ${index}`, votes: count, value: `${count}표`, right: index === 1 }))
  return { kind: 'poll', title: '컨테이너는 가벼운 VM이다?', subtitle: '', bars }
}

function diagramOf(direction: 'right' | 'down', nodes: DiagramNode[], edges: Kind<'diagram'>['edges']): Kind<'diagram'> {
  return { kind: 'diagram', title: '두 집안', direction, nodes, edges }
}

const families = diagramOf(
  'down',
  [
    { id: 'distro', label: '배포판', note: '1992' },
    { id: 'debian', label: 'Debian', note: '1993', tone: 'tool' },
    { id: 'redhat', label: 'Red Hat Linux', note: '1994–2003', tone: 'people', ended: true },
    { id: 'fedora', label: 'Fedora', tone: 'kernel' },
  ],
  [
    { from: 'distro', to: 'debian' },
    { from: 'distro', to: 'redhat' },
    { from: 'redhat', to: 'fedora', label: '이어짐', dashed: true },
  ],
)

const mind: Kind<'shift'> = {
  kind: 'shift',
  title: '클럽의 생각이 움직였어요',
  subtitle: '맞다고 답한 사람',
  before: 'L03 전',
  after: 'L22 뒤',
  rows: [
    { label: 'Kubernetes에서는 이제 도커를 쓸 수 없다', before: { share: 0.62, value: '62 %' }, after: { share: 0.18, value: '18 %' } },
    { label: '도커는 유료다', before: { share: 0.41, value: '41 %' }, after: { share: 0, value: '0 %' } },
  ],
}

const lanes: Kind<'lanes'> = {
  kind: 'lanes',
  title: '흐름',
  lanes: [{ label: '커널' }, { label: '도구' }],
  rows: ['1979', '2008'],
  items: [
    { id: 'chroot', lane: 0, row: 0, label: 'chroot', tone: 'kernel' },
    { id: 'lxc', lane: 1, row: 1, label: 'LXC', note: '0.1.0', tone: 'tool' },
    { id: 'club', lane: 1, row: 0, label: '클럽', tone: 'people', ended: true },
  ],
  edges: [{ from: 'chroot', to: 'lxc', label: '합침' }],
}

function drawingOf(viewBox: string): Kind<'drawing'> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}"><circle cx="120" cy="120" r="100" fill="#4da35f"/></svg>`
  return { kind: 'drawing', title: '퀘이', caption: '몸길이 30 cm쯤 되는 퀘이커앵무예요.', svg }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

describe('what is drawn', () => {
  test('two syllables that differ by one stroke differ, and neither is the box of a missing glyph', async () => {
    const [gak, gakk, missing] = await Promise.all(['각', '갂', '\u{10fffd}'].map((name) => pictures.draw(boardOf(name))))
    if (!gak || !gakk || !missing) throw new Error('three pictures were asked for')
    expect(same(gak, gakk)).toBe(false)
    expect(same(gak, missing)).toBe(false)
    expect(same(gakk, missing)).toBe(false)
  })

  test('an emoji is drawn, and one that Twemoji does not have shows a placeholder rather than nothing', async () => {
    const [parrot, none, flag, newer] = await Promise.all(
      ['민수 🦜', '민수', '민수 🇰🇷', '민수 🫩'].map((name) => pictures.draw(boardOf(name))),
    )
    if (!parrot || !none || !flag || !newer) throw new Error('four pictures were asked for')
    for (const drawn of [parrot, flag, newer]) expect(same(drawn, none)).toBe(false)
    expect(same(parrot, newer)).toBe(false)
  })

  test('a name is cut into words and whole emoji', () => {
    expect(textRuns('민수👨‍👩‍👧‍👦ok 1️⃣ ☀ ☀️ ©')).toEqual([
      { kind: 'words', text: '민수' },
      { kind: 'emoji', text: '👨‍👩‍👧‍👦' },
      { kind: 'words', text: 'ok ' },
      { kind: 'emoji', text: '1️⃣' },
      { kind: 'words', text: ' ☀ ' },
      { kind: 'emoji', text: '☀️' },
      { kind: 'words', text: ' ©' },
    ])
  })

  test('an emoji typed with or without its selector is the same graphic, never a placeholder', () => {
    for (const name of ['❤️', '🧑‍⚕️', '🧑‍⚕', '🏳️‍🌈', '🏳‍🌈', '👁️‍🗨️', '⛹🏽‍♀️', '#️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) {
      expect(svgs(layOut(boardOf(name), 'light')).join(''), name).not.toContain('M11 18h14')
    }
  })

  test.each<[Picture['kind'], Picture, number | undefined]>([
    ['board', boardOf('민수', 'Mina', '🦜'), undefined],
    ['board', boardOf(), undefined],
    ['board', boardOf(...Array.from({ length: 11 }, (_, index) => `회원 ${index}`)), undefined],
    ['calendar', calendarOf(5, (day) => marks[day % marks.length] ?? 'none'), undefined],
    ['calendar', calendarOf(27, (day) => marks[day % marks.length] ?? 'none'), undefined],
    ['poll', pollOf(6, 15, 3), undefined],
    ['poll', pollOf(0, 0, 0), undefined],
    ['diagram', families, undefined],
    ['shift', mind, undefined],
    ['shift', { ...mind, rows: [] }, undefined],
    ['lanes', lanes, undefined],
    ['drawing', drawingOf('0 0 240 240'), undefined],
    ['drawing', drawingOf('0 0 800 240'), undefined],
    ['drawing', drawingOf('-20 0 100.5 600'), undefined],
  ])('a %s is a PNG, 1200 px wide, of the height its page says', async (_kind, picture) => {
    const page = layOut(picture, 'light')
    expect(page.width).toBe(pictureWidth)
    expect(page.height).toBeLessThanOrEqual(1500)
    expect(png(await pictures.draw(picture))).toEqual({ width: page.width, height: page.height })
  })

  test.each(['가'.repeat(5000), 'W'.repeat(5000), '👨‍👩‍👧‍👦'.repeat(500), 'a\u0301\u0302\u0303'.repeat(500), '\n\t\u202e', '\ud800', ''])(
    'any name can be drawn (%#)',
    async (name) => {
      expect(png(await pictures.draw(boardOf(name))).width).toBe(pictureWidth)
      expect(png(await pictures.draw(diagramOf('right', [{ id: 'a', label: name }], []))).width).toBe(pictureWidth)
    },
  )
})

describe('the same picture', () => {
  test('is drawn once, also for those who ask at the same time', async () => {
    const [first, second] = await Promise.all([pictures.draw(boardOf('한 번')), pictures.draw(boardOf('한 번'))])
    expect(second).toBe(first)
    expect(await pictures.draw(boardOf('한 번'))).toBe(first)
    expect(await pictures.draw(boardOf('두 번'))).not.toBe(first)
  })

  test('is another one by night', async () => {
    const day = await pictures.draw(boardOf('낮과 밤'))
    const night = await pictures.draw(boardOf('낮과 밤'), 'dark')
    expect(same(day, night)).toBe(false)
    expect(png(night)).toEqual(png(day))
    expect(await pictures.draw(boardOf('낮과 밤'), 'light')).toBe(day)
  })

  test('can be drawn after a picture that could not', async () => {
    const broken = diagramOf('down', [{ id: 'a', label: 'a' }], [{ from: 'a', to: 'gone' }])
    await expect(pictures.draw(broken)).rejects.toThrow('a → gone')
    await expect(pictures.draw(broken)).rejects.toThrow('a → gone')
    expect(png(await pictures.draw(families)).width).toBe(pictureWidth)
  })
})

describe('for every reader', () => {
  test('no text is smaller than 24 px, and each names the font that has Hangul', () => {
    const wide = diagramOf(
      'right',
      Array.from({ length: 9 }, (_, index) => ({ id: String(index), label: `상자 이름 ${index}`, note: 'a remark' })),
      Array.from({ length: 8 }, (_, index) => ({ from: String(index), to: String(index + 1), label: '다음으로' })),
    )
    const all = [boardOf('민수'), calendarOf(27, () => 'counted'), pollOf(1, 2, 3), families, wide, mind, lanes, drawingOf('0 0 240 240')]
    for (const picture of all) {
      for (const node of everyNode(layOut(picture, 'light').node)) {
        if (node.type !== 'text') continue
        expect(node.style).toMatchObject({ fontFamily })
        expect(node.style?.fontSize).toBeGreaterThanOrEqual(24)
      }
    }
  })

  test('each day mark has a shape of its own, with the colours taken away', () => {
    const shapes = marks.map((mark) =>
      svgs(layOut({ ...calendarOf(1, () => mark), legend: [] }, 'light'))
        .join('')
        .replace(/#[0-9a-f]{6}/g, ''),
    )
    expect(new Set(shapes).size).toBe(marks.length)
  })

  test('the right answer has a shape the others do not have', () => {
    const shapes = svgs(layOut(pollOf(1, 2, 3), 'light')).map((svg) => svg.replace(/#[0-9a-f]{6}/g, ''))
    expect(shapes[1]).not.toBe(shapes[0])
    expect(shapes[2]).toBe(shapes[0])
  })

  test.each<Theme>(['light', 'dark'])('text and shapes stand out from what is behind them (WCAG 2 AA): %s', (theme) => {
    const palette = palettes[theme]
    for (const ground of [palette.ground, palette.surface, palette.accentSoft]) {
      for (const text of [palette.ink, palette.quiet, palette.accentDeep]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
    }
    for (const shape of [palette.outline, palette.accent, palette.accentDeep, palette.frost, palette.patch, palette.bar]) {
      expect(contrast(shape, palette.ground)).toBeGreaterThanOrEqual(3)
    }
    expect(contrast(palette.bar, palette.track)).toBeGreaterThanOrEqual(3)
    expect(contrast(palette.accent, palette.track)).toBeGreaterThanOrEqual(3)
    expect(contrast(palette.onAccent, palette.accent)).toBeGreaterThanOrEqual(3)
    expect(contrast(palette.onAccent, palette.frost)).toBeGreaterThanOrEqual(3)
    for (const [tone, { fill, stroke }] of Object.entries(palette.tones)) {
      expect(contrast(stroke, palette.ground), tone).toBeGreaterThanOrEqual(3)
      for (const text of [palette.ink, palette.quiet]) expect(contrast(text, fill), tone).toBeGreaterThanOrEqual(4.5)
    }
  })

  test('by night nothing is drawn in a colour of the day, and the other way round', () => {
    const everything = [
      boardOf('민수'),
      boardOf(),
      calendarOf(5, (day) => marks[day % marks.length] ?? 'none'),
      pollOf(1, 2, 3),
      families,
      mind,
      lanes,
    ]
    for (const [theme, other] of [['light', 'dark'] as const, ['dark', 'light'] as const]) {
      const strange = colours(JSON.stringify(palettes[other])).filter((colour) => !JSON.stringify(palettes[theme]).includes(colour))
      for (const picture of everything) {
        const page = layOut(picture, theme)
        const used = colours(
          JSON.stringify(page.node) +
            svgs(page)
              .filter((svg) => !svg.includes('0 0 36 36'))
              .join(),
        )
        expect(
          used.filter((colour) => strange.includes(colour)),
          picture.kind,
        ).toEqual([])
      }
    }
  })
})

function colours(drawn: string): string[] {
  return drawn.match(/#[0-9a-f]{6}/g) ?? []
}

function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((first, second) => second - first)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe('shift', () => {
  test('says when, and what it came to, for each statement', () => {
    const drawn = texts(layOut(mind, 'light'))
    expect(drawn.filter((text) => text === 'L03 전')).toHaveLength(2)
    expect(drawn.filter((text) => text === 'L22 뒤')).toHaveLength(2)
    expect(drawn).toEqual(expect.arrayContaining(['62 %', '18 %', '41 %', '0 %']))
  })

  test('what was is striped, so that the two differ without their colours', async () => {
    expect(svgs(layOut(mind, 'light'))).toHaveLength(2)
    const turned = { ...mind, rows: mind.rows.map(({ label, before, after = before }) => ({ label, before: after, after: before })) }
    expect(same(await pictures.draw(mind), await pictures.draw(turned))).toBe(false)
  })

  test('before it was asked again there is one bar for each statement', () => {
    const rows = mind.rows.map(({ label, before }) => ({ label, before }))
    const drawn = texts(layOut({ kind: 'shift', title: '소문', subtitle: '', before: '오해한 사람', rows }, 'light'))
    expect(drawn.filter((text) => text === '오해한 사람')).toHaveLength(mind.rows.length)
    expect(drawn).not.toContain('18 %')
  })
})

describe('drawing', () => {
  test('stands as large as its page allows, in its own proportions, and its words keep clear of it', async () => {
    for (const viewBox of ['0 0 240 240', '0 0 800 240', '0 0 100 600']) {
      const { node } = layOut(drawingOf(viewBox), 'light')
      const [image] = everyNode(node).filter((each) => each.type === 'image')
      const [, , width = 0, height = 0] = viewBox.split(' ').map(Number)
      const size = image?.style as { width: number; height: number }
      expect(size.width / size.height).toBeCloseTo(width / height, 3)
      expect(Math.max(size.width, size.height)).toBeGreaterThanOrEqual(480)
    }
    expect(same(await pictures.draw(drawingOf('0 0 240 240')), await pictures.draw(drawingOf('0 0 260 240')))).toBe(false)
  })

  test('without a viewBox is told', () => {
    expect(() => layOut({ ...drawingOf(''), svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' }, 'light')).toThrow('viewBox')
  })
})

describe('calendar', () => {
  test('months are digits over the week of their first day, with the year where the picture or a year begins', () => {
    const labels = texts(layOut({ ...calendarOf(27, () => 'counted'), legend: [] }, 'light')).filter((text) => /^\d/.test(text))
    expect(labels).toEqual(['2026-09', '10', '11', '12', '2027-01', '02', '03'])
  })

  test('a month that begins in the second week is not written over the first', () => {
    const labels = texts(layOut({ ...calendarOf(27, () => 'counted', '2026-10-19'), legend: [] }, 'light')).filter((text) =>
      /^\d/.test(text),
    )
    expect(labels[0]).toBe('2026-11')
  })
})

describe('diagram', () => {
  test('boxes of a rank stand in the order they are written in', () => {
    const drawn = svgs(layOut(families, 'light')).join('')
    const boxes = Array.from(drawn.matchAll(/<rect x="([\d.]+)" y="([\d.]+)"[^>]*rx="14"/g), (match) => ({
      x: Number(match[1]),
      y: Number(match[2]),
    }))
    const [distro, debian, redhat, fedora] = boxes
    expect(boxes).toHaveLength(4)
    expect(debian?.x).toBeLessThan(redhat?.x ?? 0)
    expect(distro?.y).toBeLessThan(debian?.y ?? 0)
    expect(redhat?.y).toBeLessThan(fedora?.y ?? 0)
  })

  test('what is no more carries a dagger', () => {
    expect(texts(layOut(families, 'light'))).toContain('Red Hat Linux †')
  })

  test('arrows may form a loop, lead a box to itself, and run twice between two boxes', async () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, label: id }))
    const edges = ['ab', 'ab', 'bc', 'ca', 'cc'].map((ends) => ({ from: ends.charAt(0), to: ends.charAt(1) }))
    for (const direction of ['right', 'down'] as const) {
      expect(png(await pictures.draw(diagramOf(direction, nodes, edges))).width).toBe(pictureWidth)
    }
  })
})

describe('fonts', () => {
  const renderer = new Renderer()
  const measured = async (text: string, size: number, bold: boolean): Promise<number> => {
    const style = { fontFamily, fontSize: size, fontWeight: bold ? 700 : 400, whiteSpace: 'pre' }
    const { children } = await renderer.measure(
      { type: 'container', style: { display: 'flex' }, children: [{ type: 'text', text, style }] },
      { width: 1_000_000, height: 1000 },
    )
    return children[0]?.width ?? 0
  }

  beforeAll(async () => {
    for (const [file, weight] of [['Regular', 400] as const, ['Bold', 700] as const]) {
      const data = await readFile(new URL(`../../src/pictures/fonts/Pretendard-${file}.woff2`, import.meta.url))
      await renderer.registerFont({ name: fontFamily, weight, data })
    }
  })

  // A syllable of the font is 0.864 em wide, the box for a missing one 1 em.
  test.each([false, true])('all 11,172 Hangul syllables are in the font (bold: %s)', async (bold) => {
    expect(await measured('\u{10fffd}', 100, bold)).toBeCloseTo(100, 0)
    for (let initial = 0; initial < 19; initial++) {
      const syllables = Array.from({ length: 588 }, (_, index) => String.fromCodePoint(0xac00 + initial * 588 + index)).join('')
      expect(await measured(syllables, 100, bold)).toBeCloseTo(588 * 86.43, -1)
    }
  })

  test('a width is reckoned as the renderer draws it, and never less', async () => {
    for (const text of [
      '김민수',
      'Docker Desktop',
      'Zoë Ångström',
      'Иван Петров',
      '연속 12 · 최고 20',
      '2026-11',
      'WWW—mmm',
      'さくら',
      '“quoted”…',
    ]) {
      for (const bold of [false, true]) {
        const drawn = await measured(text, 36, bold)
        expect(textWidth(text, { size: 36, bold }), text).toBeGreaterThanOrEqual(Math.floor(drawn))
        expect(textWidth(text, { size: 36, bold }), text).toBeLessThan(drawn * 1.45)
      }
    }
  })

  test('a shortened name fits, and a wrapped label loses no word', () => {
    const style = { size: 36, bold: true }
    const name = shorten('독고영재 🦜 '.repeat(40), 600, style)
    expect(textWidth(name, style)).toBeLessThanOrEqual(600)
    expect(name.endsWith('…')).toBe(true)
    expect(wrap('containers share the kernel of the host', 300, style, 9).join(' ')).toBe('containers share the kernel of the host')
  })
})
