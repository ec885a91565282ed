// Purpose: G10. A leaderboard's picture with Hangul and emoji, beside satori, resvg and Twemoji drawing the same.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Picture } from '../../src/chat/picture.ts'
import { type Figure, inTurns, median, type Sizes } from './measure.ts'
import { startSide } from './side.ts'

const require = createRequire(import.meta.url)
const fonts = new URL('../../src/pictures/fonts/', import.meta.url).pathname
const drawnAtOnce = 5

/** A board that nobody has drawn yet. */
function boardOf(n: number): Extract<Picture, { kind: 'board' }> {
  const rows = Array.from({ length: 10 }, (_, i) => ({
    name:
      [
        '🐳 컨테이너 미나',
        '하늘 🌱',
        '도커🐋고래',
        '쿠버 다람쥐 🐿️',
        '김서연',
        '레드햇 🎩 준호',
        '리눅스 펭귄 🐧',
        '민준 🔥',
        '지우',
        '수빈 ☕',
      ][i] ?? '',
    rank: String(i + 1),
    value: `${30 - i + (n % 7)}일`,
    note: `연속 ${30 - i}일 · 최고 ${40 + n}일`,
    ...(i === 4 && { me: true }),
  }))
  return { kind: 'board', title: `이번 주 순위 ${n}`, subtitle: '월요일부터 오늘까지 공부한 날', rows }
}

export async function ours() {
  const { createPictures } = await import('../../src/pictures/index.ts')
  const pictures = createPictures()
  let drawn = 0
  return {
    /** One picture, ms. */
    async draw(): Promise<number> {
      const times: number[] = []
      for (let i = 0; i < drawnAtOnce; i++) {
        const start = performance.now()
        await pictures.draw(boardOf(drawn++))
        times.push(performance.now() - start)
        await sleep(5)
      }
      return median(times)
    },
  }
}

/** The same rows in satori's flexbox, each emoji by its Twemoji graphic. */
export async function baseline() {
  const [{ default: satori }, { Resvg }, { decompress }] = await Promise.all([
    import('satori'),
    import('@resvg/resvg-js'),
    import('wawoff2'),
  ])
  // Satori reads no woff2.
  const font = async (file: string, weight: 400 | 700) => ({
    name: 'Pretendard',
    weight,
    style: 'normal' as const,
    data: Buffer.from(await decompress(readFileSync(join(fonts, file)))),
  })
  const loaded = [await font('Pretendard-Regular.woff2', 400), await font('Pretendard-Bold.woff2', 700)]
  const twemoji = dirname(require.resolve('@twemoji/svg/package.json'))
  const known = new Map<string, string>()
  function emoji(segment: string): string {
    const name = Array.from(segment.replaceAll('\u{fe0f}', ''), (sign) => sign.codePointAt(0)?.toString(16)).join('-')
    const uri = known.get(name) ?? `data:image/svg+xml;base64,${readFileSync(join(twemoji, `${name}.svg`)).toString('base64')}`
    known.set(name, uri)
    return uri
  }
  const box = (style: Record<string, unknown>, children: unknown) => ({
    type: 'div',
    key: null,
    props: { style: { display: 'flex', ...style }, children },
  })
  const row = ({ name, rank, value, note }: { name: string; rank: string; value: string; note?: string }) =>
    box({ height: 108, alignItems: 'center', padding: '0 24px' }, [
      box({ width: 84, fontSize: 38, fontWeight: 700, color: '#536158' }, rank),
      box({ flexGrow: 1, flexDirection: 'column' }, [
        box({ fontSize: 38, fontWeight: 700 }, name),
        box({ fontSize: 28, color: '#536158' }, note),
      ]),
      box({ fontSize: 44, fontWeight: 700 }, value),
    ])
  let drawn = 0
  return {
    async draw(): Promise<number> {
      const times: number[] = []
      for (let i = 0; i < drawnAtOnce; i++) {
        const start = performance.now()
        const { title, subtitle, rows } = boardOf(drawn++)
        const page = box(
          {
            width: 1200,
            height: 1300,
            padding: 56,
            flexDirection: 'column',
            backgroundColor: '#fbfaf5',
            color: '#1d2a22',
            fontFamily: 'Pretendard',
          },
          [box({ fontSize: 56, fontWeight: 700 }, title), box({ fontSize: 32, color: '#536158' }, subtitle), ...rows.map(row)],
        )
        const svg = await satori(page, {
          width: 1200,
          height: 1300,
          fonts: loaded,
          loadAdditionalAsset: async (kind, segment) => (kind === 'emoji' ? emoji(segment) : []),
        })
        new Resvg(svg).render().asPng()
        times.push(performance.now() - start)
        await sleep(5)
      }
      return median(times)
    },
  }
}

/** What a package's folder takes. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(folder, name))
    return sum + (found.isFile() ? found.size : 0)
  }, 0)
}

export async function pictures({ rounds }: Sizes): Promise<Figure[]> {
  const sides = { ours: await startSide(import.meta.filename, ours), baseline: await startSide(import.meta.filename, baseline) }
  const draw = (side: 'ours' | 'baseline') => async () => {
    await sides[side].watchStalls()
    const ms = await sides[side].draw()
    return { ms, stall: await sides[side].longestStall() }
  }
  const found = await inTurns(rounds, { ours: draw('ours'), baseline: draw('baseline') })
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  const renderer = new URL('../../node_modules/@takumi-rs/', import.meta.url).pathname
  const bytes = sizeOf(renderer) + sizeOf(fonts)
  return [
    {
      what: 'a leaderboard’s picture, beside satori + resvg + Twemoji',
      unit: 'ms',
      ours: found.ours.ms,
      baseline: found.baseline.ms,
      goal: { of: 'ratio', atMost: 0.35 },
    },
    {
      what: 'the longest stall while pictures are drawn',
      unit: 'ms',
      ours: found.ours.stall,
      baseline: found.baseline.stall,
      goal: { of: 'ours', atMost: 5 },
    },
    { what: 'renderer and fonts, installed', unit: 'MB', ours: bytes / 1e6, goal: { of: 'ours', atMost: 15 } },
  ]
}
