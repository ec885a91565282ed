// Purpose: the text of each YAML file of a course -> what it says, or the problems that make it unusable. Pure; never throws.
import { z } from 'zod'
import { locales as everyLocale, type Locale } from '../text/locale.ts'
import { keysIn } from './claims.ts'
import { type Both, type Diagram, type Flow, type Lab, labNeeds, type Myth, type Source, sourceKinds } from './course.ts'
import { suggest } from './problem.ts'
import { fit, flag, id, keys, type Parsed, readYaml, text, whole, type Yaml } from './yaml.ts'

/** A word in every language of the course. */
function both(locales: readonly Locale[]) {
  const word = (locale: Locale) => (locales.includes(locale) ? text : text.exactOptional())
  return keys({ ko: word('ko'), en: word('en') })
}

/** A name that may be the same in every language. */
function name(locales: readonly Locale[]) {
  return z.union([text.transform((word): Both => ({ ko: word, en: word })), both(locales)])
}

function parsed<T>({ file, lineOf, problems }: Yaml, value: T | undefined): Parsed<T> {
  return { file, value, lineOf, problems }
}

/** A list whose unusable entries are left undefined, in their place; the others stay. */
function list<T>(source: string, file: string, shape: z.ZodType<T>): Parsed<readonly (T | undefined)[]> {
  const yaml = readYaml(source, file)
  const entries = whole(yaml, z.array(z.unknown()).prefault([]))
  return parsed(
    yaml,
    entries?.map((entry, i) => fit(yaml, shape, entry, [i])),
  )
}

const unknownEnd = (context: z.RefinementCtx, path: (string | number)[], what: string, known: readonly string[], sort: string) =>
  context.addIssue({ code: 'custom', path, message: `no ${sort} has the id "${what}"; ${suggest(what, known)}` })

function checkUnique(context: z.RefinementCtx, path: string, ids: readonly string[], sort: string): void {
  for (const [i, one] of ids.entries()) {
    if (ids.indexOf(one) < i)
      context.addIssue({ code: 'custom', path: [path, i, 'id'], message: `two ${sort} have the id "${one}"; rename one` })
  }
}

// === course.yaml

const courseShape = keys({
  title: keys({ ko: text.exactOptional(), en: text.exactOptional() }),
  locales: z.array(z.enum(everyLocale)).min(1),
  claims: z.literal('strict').exactOptional(),
  sections: z.record(id, keys({ ko: text.exactOptional(), en: text.exactOptional() })).prefault({}),
}).superRefine(({ title, locales, sections }, context) => {
  for (const locale of locales) {
    if (!title[locale]) context.addIssue({ code: 'custom', path: ['title'], message: `the title has no ${locale}; add it` })
    for (const [section, words] of Object.entries(sections)) {
      if (!words[locale])
        context.addIssue({ code: 'custom', path: ['sections', section], message: `"${section}" has no ${locale}; add it` })
    }
  }
})
export type CourseHead = z.infer<typeof courseShape>

export function parseCourse(source: string, file: string): Parsed<CourseHead> {
  const yaml = readYaml(source, file)
  return parsed(yaml, whole(yaml, courseShape))
}

// === sources.yaml

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a day; write it as 2026-11-23')

function sourceShape(locales: readonly Locale[]) {
  return keys({
    title: name(locales),
    kind: z.enum(sourceKinds).prefault('primary'),
    url: z
      .url({
        protocol: /^https?$/,
        error: (issue) => (issue.code === 'invalid_format' ? 'is not one https address; write one' : undefined),
      })
      .exactOptional(),
    checked: day,
  }).superRefine(({ kind, url }, context) => {
    if ((kind === 'primary' || kind === 'secondary') && url === undefined)
      context.addIssue({ code: 'custom', path: ['url'], message: '"url" is missing; add it' })
  })
}

/** A source that cannot be used is left undefined under its key; the others stay. */
export function parseSources(source: string, file: string, locales: readonly Locale[]): Parsed<ReadonlyMap<string, Source | undefined>> {
  const yaml = readYaml(source, file)
  const shape = sourceShape(locales)
  const entries = whole(yaml, z.record(z.string(), z.unknown()).prefault({}))
  const sources = entries && Object.entries(entries).map(([key, entry]) => [key, fit(yaml, shape, entry, [key])] as const)
  return parsed(yaml, sources && new Map(sources))
}

// === unverified.yaml

const unverifiedShape = (locales: readonly Locale[]) =>
  keys({ id, fact: both(locales), why: both(locales), words: z.array(z.array(text).min(2)).min(1) })

/** A fact that nobody could verify: a sentence with all words of one of the lists states it. */
export type Unverified = z.infer<ReturnType<typeof unverifiedShape>>

export const parseUnverified = (source: string, file: string, locales: readonly Locale[]) => list(source, file, unverifiedShape(locales))

// === myths.yaml

/** A myth as its file has it: the sources are keys of sources.yaml. */
export type WrittenMyth = Omit<Myth, 'sources'> & { readonly sources: readonly string[] }

export function parseMyths(source: string, file: string, locales: readonly Locale[]): Parsed<readonly (WrittenMyth | undefined)[]> {
  const words = both(locales)
  const shape = keys({
    id,
    statement: words,
    verdict: z.enum(['true', 'false', 'depends']),
    remarks: keys({ true: words, false: words, depends: words }),
    sources: z.array(text).min(1),
    lesson: id,
    before: id.exactOptional(),
    again: id.exactOptional(),
  }).superRefine(({ before, again }, context) => {
    if (again !== undefined && before === undefined)
      context.addIssue({ code: 'custom', path: ['again'], message: 'what is asked again was asked before; add "before" with a lesson' })
  })
  return list(source, file, shape)
}

// === labs/<lesson>.yaml

export function parseLab(source: string, file: string, locales: readonly Locale[]): Parsed<Lab> {
  const words = both(locales)
  const script = z.string().transform((lines) => lines.trimEnd())
  const shape = keys({
    title: words,
    minutes: z
      .string()
      .regex(/^[1-9]\d?$/, 'is not a number of minutes; write one, such as 5')
      .transform(Number),
    steps: z
      .array(
        keys({
          do: words,
          run: script.exactOptional(),
          see: words.exactOptional(),
          output: script.exactOptional(),
          expect: z.array(text).exactOptional(),
          fails: flag.exactOptional(),
          needs: z.enum(labNeeds).exactOptional(),
        }),
      )
      .min(1),
    cleanup: keys({ do: words, run: script.exactOptional() }),
    wsl2: words,
    macos: words,
    without: words,
    notRun: words.exactOptional(),
  })
  const yaml = readYaml(source, file)
  return parsed(yaml, whole(yaml, shape))
}

// === diagrams/<id>.yaml

const pictureHead = (locales: readonly Locale[]) => ({
  title: both(locales),
  alt: both(locales),
  sources: z.array(text).prefault([]),
})

const boxShape = (words: ReturnType<typeof name>) => ({
  id: text,
  label: words,
  note: words.exactOptional(),
  tone: z.enum(['plain', 'kernel', 'tool', 'people']).exactOptional(),
  ended: flag.exactOptional(),
})

const edgesShape = (words: ReturnType<typeof name>) =>
  z.array(keys({ from: text, to: text, label: words.exactOptional(), dashed: flag.exactOptional() })).prefault([])

function checkEdges(context: z.RefinementCtx, ids: readonly string[], edges: readonly { from: string; to: string }[], sort: string): void {
  for (const [i, edge] of edges.entries()) {
    for (const end of ['from', 'to'] as const) {
      if (!ids.includes(edge[end])) unknownEnd(context, ['edges', i, end], edge[end], ids, sort)
    }
  }
}

/** The picture's id is the file's name. */
export function parseDiagram(source: string, file: string, locales: readonly Locale[]): Parsed<Diagram> {
  const yaml = readYaml(source, file)
  const { value } = yaml
  const has = (key: string) => typeof value === 'object' && value !== null && key in value
  const shape = has('svg') ? drawingShape(locales) : has('lanes') ? lanesShape(locales) : boxesShape(locales)
  const head = { id: file.replace(/^.*\/|\.yaml$/g, '') }
  const form = whole<Omit<Diagram, 'id'>>(yaml, shape as z.ZodType<Omit<Diagram, 'id'>>)
  return parsed(yaml, form && ({ ...head, ...form } as Diagram))
}

function boxesShape(locales: readonly Locale[]) {
  const words = name(locales)
  return keys({
    ...pictureHead(locales),
    direction: z.enum(['right', 'down']),
    nodes: z.array(keys(boxShape(words))).min(1),
    edges: edgesShape(words),
  })
    .superRefine(({ nodes, edges }, context) => {
      const ids = nodes.map((node) => node.id)
      checkUnique(context, 'nodes', ids, 'nodes')
      checkEdges(context, ids, edges, 'node')
    })
    .transform((boxes) => ({ form: 'boxes' as const, ...boxes }))
}

function lanesShape(locales: readonly Locale[]) {
  const words = name(locales)
  return keys({
    ...pictureHead(locales),
    lanes: z.array(keys({ id: text, label: words })).min(1),
    rows: z.array(words).min(1),
    items: z.array(keys({ ...boxShape(words), lane: text, row: text, until: text.exactOptional() })).min(1),
    edges: edgesShape(words),
  })
    .superRefine(({ lanes, rows, items, edges }, context) => {
      const laneIds = lanes.map((lane) => lane.id)
      const rowNames = rows.map(rowName)
      const ids = items.map((item) => item.id)
      checkUnique(context, 'lanes', laneIds, 'lanes')
      checkUnique(context, 'items', ids, 'items')
      for (const [i, { lane, row, until }] of items.entries()) {
        if (!laneIds.includes(lane)) unknownEnd(context, ['items', i, 'lane'], lane, laneIds, 'lane')
        for (const [key, place] of Object.entries({ row, until })) {
          if (place === undefined || rowNames.includes(place)) continue
          const message = `there is no row "${place}"; ${suggest(place, rowNames)}`
          context.addIssue({ code: 'custom', path: ['items', i, key], message })
        }
      }
      checkEdges(context, ids, edges, 'item')
    })
    .transform(({ lanes, rows, items, edges, ...head }) => ({
      form: 'lanes' as const,
      ...head,
      lanes: lanes.map(({ label }) => label),
      rows,
      items: items.map(({ lane, row, until, ...item }) => ({
        ...item,
        lane: lanes.findIndex(({ id }) => id === lane),
        row: rows.findIndex((one) => rowName(one) === row),
        ...(until !== undefined && { until: rows.findIndex((one) => rowName(one) === until) }),
      })),
      edges,
    }))
}

/** What an item calls a row: its English name, where the languages have different ones. */
const rowName = (row: Both): string => row.en ?? row.ko ?? ''

function drawingShape(locales: readonly Locale[]) {
  return keys({
    ...pictureHead(locales),
    caption: both(locales),
    svg: text.startsWith('<svg', 'is not an <svg>; write its source'),
  }).transform((drawing) => ({ form: 'drawing' as const, ...drawing }))
}

// === flow.yaml

/** A flow as its file has it: with the keys of its sources in the text. */
export interface WrittenFlow {
  readonly flow: Omit<Flow, 'steps'> & { readonly steps: readonly Omit<Flow['steps'][number], 'sources'>[] }
  /** All versions in one picture. */
  readonly picture: Diagram
}

export function parseFlow(source: string, file: string, locales: readonly Locale[]): Parsed<WrittenFlow> {
  const words = name(locales)
  const chain = keys({ path: z.array(text).min(2), links: z.array(words).prefault([]), dashed: flag.exactOptional() })
  const shape = keys({
    title: both(locales),
    alt: both(locales),
    lanes: z.array(keys({ id: text, label: words })).min(1),
    boxes: z.array(keys({ ...boxShape(words), lane: text })).min(1),
    steps: z
      .array(keys({ versions: text, when: both(locales), changed: both(locales), alt: both(locales), chains: z.array(chain).min(1) }))
      .min(1),
  }).superRefine(({ lanes, boxes, steps }, context) => {
    const ids = boxes.map((box) => box.id)
    checkUnique(context, 'boxes', ids, 'boxes')
    for (const [i, { lane }] of boxes.entries()) {
      const laneIds = lanes.map(({ id }) => id)
      if (!laneIds.includes(lane)) unknownEnd(context, ['boxes', i, 'lane'], lane, laneIds, 'lane')
    }
    for (const [i, { chains }] of steps.entries()) {
      for (const [c, { path }] of chains.entries()) {
        for (const [n, box] of path.entries()) {
          if (!ids.includes(box)) unknownEnd(context, ['steps', i, 'chains', c, 'path', n], box, ids, 'box')
        }
      }
    }
  })
  const yaml = readYaml(source, file)
  const written = whole(yaml, shape)
  return parsed(yaml, written && flowOf(written))
}

interface WrittenChains {
  readonly title: Both
  readonly alt: Both
  readonly lanes: readonly { readonly id: string; readonly label: Both }[]
  readonly boxes: readonly (Extract<Diagram, { form: 'boxes' }>['nodes'][number] & { readonly lane: string })[]
  readonly steps: readonly (Pick<Flow['steps'][number], 'versions' | 'when' | 'changed'> & {
    readonly alt: Both
    readonly chains: readonly { readonly path: readonly string[]; readonly links: readonly Both[]; readonly dashed?: boolean }[]
  })[]
}

/** Each step as boxes and arrows, from the kubelet down; all of them as lanes, with a row for each step and each chain that is new in it. */
function flowOf({ title, alt, lanes, boxes, steps }: WrittenChains): WrittenFlow {
  const chains = steps.flatMap(({ versions, chains }, i) =>
    chains
      .filter((chain, n) => n === 0 || !steps[i - 1]?.chains.some((before) => sameChain(before, chain)))
      .map((chain, n) => ({ ...chain, row: n === 0 ? versions : '' })),
  )
  const laneOf = (box: string) => lanes.findIndex(({ id }) => id === boxes.find((one) => one.id === box)?.lane)
  const at = (box: string, row: number) => `${row}/${box}`
  return {
    flow: {
      title,
      steps: steps.map(({ versions, when, changed, alt, chains }) => ({
        versions,
        when,
        changed,
        picture: {
          form: 'boxes' as const,
          id: `flow-${versions}`,
          title: { ko: `Kubernetes ${versions}`, en: `Kubernetes ${versions}` },
          alt,
          sources: [],
          direction: 'down' as const,
          nodes: boxes.filter(({ id }) => chains.some(({ path }) => path.includes(id))).map(({ lane: _, ...box }) => box),
          edges: edgesOf(chains),
        },
      })),
    },
    picture: {
      form: 'lanes',
      id: 'flow',
      title,
      alt,
      sources: [...new Set(steps.flatMap(({ changed }) => Object.values(changed).flatMap(keysIn)))],
      lanes: lanes.map(({ label }) => label),
      rows: chains.map(({ row }) => ({ ko: row, en: row })),
      items: chains.flatMap(({ path }, row) =>
        path.flatMap((id) => {
          const { lane: _, ...box } = boxes.find((one) => one.id === id) ?? { lane: '', id, label: {} }
          return [{ ...box, id: at(id, row), lane: laneOf(id), row }]
        }),
      ),
      edges: chains.flatMap(({ path, dashed }, row) =>
        path.slice(1).map((to, i) => ({ from: at(path[i] ?? '', row), to: at(to, row), ...(dashed && { dashed }) })),
      ),
    },
  }
}

type Chain = WrittenChains['steps'][number]['chains'][number]

const sameChain = (a: Chain, b: Chain): boolean => a.path.join() === b.path.join() && (a.dashed ?? false) === (b.dashed ?? false)

/** Every hop once, however many chains take it; dashed only where no chain takes it for certain. */
function edgesOf(chains: readonly Chain[]) {
  const hops = chains.flatMap(({ path, links, dashed }) =>
    path.slice(1).map((to, i) => ({ from: path[i] ?? '', to, label: links[i], dashed: dashed ?? false })),
  )
  const first = hops.filter((hop, i) => hops.findIndex(({ from, to }) => from === hop.from && to === hop.to) === i)
  return first.map(({ from, to, label }) => ({
    from,
    to,
    ...(label && rowName(label).trim() !== '–' && { label }),
    ...(hops.every((hop) => hop.from !== from || hop.to !== to || hop.dashed) && { dashed: true }),
  }))
}
