import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = new URL('../src', import.meta.url).pathname

/** What each place may import from the project, and which packages are its alone. `main.ts`, `cli.ts` and `preview.ts` wire everything. */
const rules: Record<string, { own: readonly string[]; packages: readonly string[] }> = {
  'chat/': { own: [], packages: [] },
  'text/': { own: [], packages: ['es-hangul'] },
  'club/': { own: [], packages: ['temporal-polyfill', 'date-holidays'] },
  'course/': {
    own: ['club/', 'chat/picture.ts', 'text/locale.ts'],
    packages: ['yaml', 'zod', 'mdast-util-from-markdown', 'mdast-util-gfm', 'micromark-extension-gfm', 'mdast'],
  },
  'pictures/': { own: ['chat/picture.ts'], packages: ['@takumi-rs/core', '@dagrejs/dagre', '@twemoji/svg'] },
  'store/': { own: ['club/', 'seal.ts'], packages: ['better-sqlite3'] },
  'features/': {
    own: ['chat/', 'club/', 'course/', 'store/store.ts', 'text/', 'record.ts', 'change.ts', 'erasure.ts', 'planning.ts', 'posted.ts'],
    packages: [],
  },
  'rooms/bodyLimit.ts': { own: [], packages: ['hono'] },
  'rooms/web/': { own: ['chat/', 'text/'], packages: ['hono', 'marked'] },
  'rooms/discord/': {
    own: ['chat/', 'text/', 'rooms/bodyLimit.ts'],
    packages: ['discord.js', '@discordjs/ws', 'undici', 'hono', 'pino', 'zod'],
  },
  'rooms/slack/': {
    own: ['chat/', 'text/', 'rooms/bodyLimit.ts'],
    packages: [
      '@slack/bolt',
      '@slack/oauth',
      'undici',
      '@hono/node-server',
      'hono',
      'pino',
      'zod',
      'mdast-util-from-markdown',
      'mdast-util-gfm',
      'micromark-extension-gfm',
    ],
  },
  'seal.ts': { own: [], packages: [] },
  'log.ts': { own: [], packages: ['pino'] },
  'keys.ts': { own: ['config.ts', 'seal.ts'], packages: [] },
  'backups.ts': {
    own: ['club/calendar.ts', 'config.ts', 'store/store.ts', 'store/sqlite/upkeep.ts'],
    packages: ['pino', 'temporal-polyfill'],
  },
  'erasure.ts': { own: ['change.ts', 'life.ts', 'posted.ts', 'seal.ts', 'club/', 'store/store.ts'], packages: [] },
  'record.ts': { own: ['club/', 'posted.ts', 'store/store.ts'], packages: [] },
  'change.ts': { own: ['club/', 'store/store.ts'], packages: [] },
  'eachAlone.ts': { own: ['store/store.ts'], packages: ['pino'] },
  'posted.ts': { own: ['club/', 'store/store.ts'], packages: [] },
  'planning.ts': { own: ['change.ts', 'club/', 'course/course.ts', 'store/store.ts'], packages: [] },
  'life.ts': { own: ['change.ts', 'posted.ts', 'club/', 'store/store.ts'], packages: ['pino'] },
  'outbox.ts': {
    own: [
      'change.ts',
      'eachAlone.ts',
      'life.ts',
      'metrics.ts',
      'planning.ts',
      'chat/',
      'club/',
      'course/course.ts',
      'features/handler.ts',
      'store/store.ts',
      'text/',
    ],
    packages: ['pino'],
  },
  'app.ts': {
    own: [
      'change.ts',
      'eachAlone.ts',
      'life.ts',
      'limit.ts',
      'metrics.ts',
      'outbox.ts',
      'planning.ts',
      'chat/',
      'club/',
      'course/course.ts',
      'features/handler.ts',
      'store/store.ts',
      'text/',
    ],
    packages: ['pino'],
  },
  'clock.ts': { own: ['app.ts', 'chat/', 'store/store.ts', 'text/'], packages: ['node-cron', 'pino', 'temporal-polyfill'] },
  'limit.ts': { own: [], packages: [] },
  'browser.ts': { own: [], packages: ['playwright-core', '@sparticuz/chromium'] },
  'metrics.ts': { own: ['config.ts'], packages: ['prom-client', 'hono'] },
  'config.ts': { own: ['club/calendar.ts'], packages: [] },
}
const wiring = ['main.ts', 'cli.ts', 'preview.ts']

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))

/** The targets of a file's imports: paths below src for our own, names for packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const targets = [
    ...text.matchAll(/^(?:import |(?:import|export)\b[^'"`;]*?\bfrom )['"]([^'"]+)['"]|(?:import|require)\('([^']+)'\)/gm),
  ].map(([, target, late]) => target ?? late ?? '')
  return targets
    .filter((target) => !target.startsWith('node:'))
    .map((target) => (target.startsWith('.') ? relative(src, join(src, dirname(file), target)) : target))
}
const placeOf = (file: string) => Object.keys(rules).find((place) => file === place || (place.endsWith('/') && file.startsWith(place)))
const isOwn = (target: string) => target.endsWith('.ts')
const packageOf = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')

describe('who may import whom (docs/architecture.md says why)', () => {
  test('every source file has its place', () => {
    expect(files.filter((file) => !wiring.includes(file) && !placeOf(file))).toEqual([])
  })

  test.each(files.filter((file) => !wiring.includes(file)))('%s', (file) => {
    const place = placeOf(file) ?? ''
    const { own, packages } = rules[place] ?? { own: [], packages: [] }
    const strangers = importsOf(file).filter((target) => {
      if (!isOwn(target)) return !packages.includes(packageOf(target))
      return (
        !(place.endsWith('/') && target.startsWith(place)) &&
        !own.some((allowed) => target === allowed || (allowed.endsWith('/') && target.startsWith(allowed)))
      )
    })
    expect(
      strangers,
      `${file} is in ${place}, which may import ${[...own, ...packages].join(', ') || 'nothing'}. Pass what it needs as an argument, or move it`,
    ).toEqual([])
  })
})
