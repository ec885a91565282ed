// Purpose: Slack's documented rules for Block Kit, and what of a message or a view breaks them, in words. Lengths are counted in UTF-16
// units, the stricter reading; blank is empty.

/** https://docs.slack.dev/reference/block-kit */
export const limits = {
  message: { blocks: 50, total: 12_000, text: 4000 },
  view: { blocks: 100, title: 24, button: 24, metadata: 3000, callbackId: 255 },
  blockId: 255,
  actionId: 255,
  section: { text: 3000, fields: 10, field: 2000 },
  header: 150,
  context: { elements: 10, text: 2000 },
  actions: 25,
  button: { text: 75, value: 2000, url: 3000 },
  image: { alt: 2000, title: 2000, url: 3000 },
  select: { options: 100, text: 75, value: 150 },
  placeholder: 150,
  input: { label: 2000, hint: 2000, most: 3000 },
} as const

type IsFile = (id: string) => boolean

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the checks of one message or view have in common. */
interface Seen {
  readonly broken: string[]
  readonly blockIds: Set<string>
  readonly actionIds: Set<string>
  readonly isFile: IsFile | undefined
  readonly inView: boolean
  inputs: number
}

/** A place in a body: it can be asked for its parts, and notes what is wrong with it. */
class At {
  readonly value: unknown
  readonly seen: Seen
  readonly path: string

  constructor(value: unknown, path: string, seen: Seen) {
    this.value = value
    this.seen = seen
    this.path = path
  }

  get absent(): boolean {
    return this.value === undefined
  }

  get type(): unknown {
    return this.get('type').value
  }

  get(key: string): At {
    return new At(isRecord(this.value) ? this.value[key] : undefined, `${this.path}.${key}`, this.seen)
  }

  broken(why: string): void {
    this.seen.broken.push(`${this.path}: ${why}`)
  }

  items(min: number, max: number): At[] {
    if (!Array.isArray(this.value)) {
      this.broken('must be a list')
      return []
    }
    if (this.value.length < min || this.value.length > max) this.broken(`${this.value.length} in the list, allowed are ${min} to ${max}`)
    return this.value.map((item: unknown, i) => new At(item, `${this.path}[${i}]`, this.seen))
  }

  string(min: number, max: number): void {
    if (typeof this.value !== 'string') {
      this.broken('must be text')
      return
    }
    const { length } = this.value
    if (min > 0 && this.value.trim() === '') this.broken('must not be empty')
    else if (length < min || length > max) this.broken(`${length} characters, allowed are ${min} to ${max}`)
    if (!this.value.isWellFormed()) this.broken('ends in half a character')
  }

  optional(check: (at: At) => void): void {
    if (!this.absent) check(this)
  }

  boolean(): void {
    if (!this.absent && typeof this.value !== 'boolean') this.broken('must be true or false')
  }

  integer(min: number, max: number): void {
    if (typeof this.value !== 'number' || !Number.isInteger(this.value) || this.value < min || this.value > max)
      this.broken(`${String(this.value)}, allowed are ${min} to ${max}`)
  }

  unique(ids: Set<string>, max: number): void {
    this.string(1, max)
    if (typeof this.value !== 'string') return
    if (ids.has(this.value)) this.broken(`${JSON.stringify(this.value)} is there already`)
    ids.add(this.value)
  }

  url(max: number): void {
    this.string(1, max)
    if (typeof this.value === 'string' && !/^https?:\/\/\S+$/.test(this.value)) this.broken(`${JSON.stringify(this.value)} is no address`)
  }

  unknownType(known: readonly string[]): void {
    this.broken(`unknown type ${JSON.stringify(this.type)}, known here: ${known.join(', ')}`)
  }

  plainText(max: number): void {
    if (this.type !== 'plain_text') this.broken('must be plain_text')
    this.get('text').string(1, max)
    this.get('emoji').boolean()
  }

  anyText(max: number): void {
    if (this.type !== 'plain_text' && this.type !== 'mrkdwn') this.broken('must be plain_text or mrkdwn')
    this.get('text').string(1, max)
    if (this.type === 'plain_text') this.get('emoji').boolean()
    else this.get('verbatim').boolean()
  }
}

const elements: Record<string, (at: At) => void> = {
  button(at) {
    at.get('text').plainText(limits.button.text)
    at.get('action_id').unique(at.seen.actionIds, limits.actionId)
    at.get('value').optional((value) => value.string(0, limits.button.value))
    at.get('url').optional((url) => url.url(limits.button.url))
    at.get('style').optional((style) => {
      if (style.value !== 'primary' && style.value !== 'danger') style.broken('must be primary or danger')
    })
  },
  static_select(at) {
    at.get('action_id').unique(at.seen.actionIds, limits.actionId)
    at.get('placeholder').optional((placeholder) => placeholder.plainText(limits.placeholder))
    const values = new Set<string>()
    for (const option of at.get('options').items(1, limits.select.options)) {
      option.get('text').plainText(limits.select.text)
      option.get('value').unique(values, limits.select.value)
    }
    at.get('initial_option').optional((option) => {
      if (!values.has(String(option.get('value').value))) option.broken('must be one of the options')
    })
  },
  plain_text_input(at) {
    at.get('action_id').unique(at.seen.actionIds, limits.actionId)
    at.get('multiline').boolean()
    at.get('placeholder').optional((placeholder) => placeholder.plainText(limits.placeholder))
    at.get('min_length').optional((least) => least.integer(0, limits.input.most))
    at.get('max_length').optional((most) => most.integer(1, limits.input.most))
    at.get('initial_value').optional((value) => value.string(0, limits.input.most))
  },
  image,
  mrkdwn: (at) => at.anyText(limits.context.text),
  plain_text: (at) => at.anyText(limits.context.text),
}

function element(at: At, allowed: readonly string[]): void {
  const check = elements[String(at.type)]
  if (check && allowed.includes(String(at.type))) check(at)
  else at.unknownType(allowed)
}

function image(at: At): void {
  at.get('alt_text').string(1, limits.image.alt)
  at.get('title').optional((title) => title.plainText(limits.image.title))
  const url = at.get('image_url')
  const file = at.get('slack_file')
  if (url.absent === file.absent) at.broken('needs an image_url or a slack_file, one of them')
  url.optional((address) => address.url(limits.image.url))
  file.optional((given) => {
    const id = given.get('id')
    id.string(1, 255)
    if (typeof id.value === 'string' && at.seen.isFile && !at.seen.isFile(id.value))
      id.broken(`there is no file ${JSON.stringify(id.value)}`)
  })
}

const blocks: Record<string, (at: At) => void> = {
  section(at) {
    const text = at.get('text')
    const fields = at.get('fields')
    if (text.absent && fields.absent) at.broken('needs text or fields')
    text.optional((given) => given.anyText(limits.section.text))
    fields.optional((given) => {
      for (const field of given.items(1, limits.section.fields)) field.anyText(limits.section.field)
    })
    at.get('accessory').optional((given) => element(given, ['button', 'image', 'static_select']))
  },
  header: (at) => at.get('text').plainText(limits.header),
  context(at) {
    for (const one of at.get('elements').items(1, limits.context.elements)) element(one, ['image', 'mrkdwn', 'plain_text'])
  },
  actions(at) {
    for (const one of at.get('elements').items(1, limits.actions)) element(one, ['button', 'static_select'])
  },
  image,
  divider: () => undefined,
  input(at) {
    if (!at.seen.inView) at.broken('an input stands only in a view')
    at.seen.inputs += 1
    at.get('label').plainText(limits.input.label)
    at.get('hint').optional((hint) => hint.plainText(limits.input.hint))
    at.get('optional').boolean()
    const one = at.get('element')
    // Its block tells it from the others: many inputs may share an action_id.
    element(new At(one.value, one.path, { ...one.seen, actionIds: new Set() }), ['plain_text_input', 'static_select'])
  },
}

function checkBlocks(at: At, max: number): void {
  for (const block of at.items(0, max)) {
    block.get('block_id').optional((id) => id.unique(at.seen.blockIds, limits.blockId))
    const check = blocks[String(block.type)]
    if (check) check(block)
    else block.unknownType(Object.keys(blocks))
  }
}

const seenBy = (inView: boolean, isFile: IsFile | undefined): Seen => ({
  broken: [],
  blockIds: new Set(),
  actionIds: new Set(),
  isFile,
  inView,
  inputs: 0,
})

/** Each rule that a message breaks; none is fine. */
export function brokenMessage(body: { text?: unknown; blocks?: unknown }, isFile?: IsFile): string[] {
  const seen = seenBy(false, isFile)
  const at = new At(body, 'message', seen)
  at.get('text').string(1, limits.message.text)
  at.get('blocks').optional((given) => {
    checkBlocks(given, limits.message.blocks)
    const total = textsIn(given.value).reduce((sum, { text }) => sum + text.length, 0)
    if (total > limits.message.total) given.broken(`${total} characters in all blocks together, allowed are ${limits.message.total}`)
  })
  return seen.broken
}

/** Each rule that a modal or a home view breaks; none is fine. */
export function brokenView(view: unknown, isFile?: IsFile): string[] {
  const seen = seenBy(true, isFile)
  const at = new At(view, 'view', seen)
  if (at.type !== 'modal' && at.type !== 'home') at.unknownType(['modal', 'home'])
  checkBlocks(at.get('blocks'), limits.view.blocks)
  at.get('private_metadata').optional((data) => data.string(0, limits.view.metadata))
  at.get('callback_id').optional((id) => id.string(0, limits.view.callbackId))
  if (at.type === 'modal') {
    at.get('title').plainText(limits.view.title)
    for (const key of ['submit', 'close']) at.get(key).optional((button) => button.plainText(limits.view.button))
    if (seen.inputs > 0 && at.get('submit').absent) at.broken('a modal with inputs needs submit')
  }
  return seen.broken
}

interface Shown {
  readonly text: string
  readonly isMarked: boolean
}

/** Every text that blocks show, wherever it stands. */
function textsIn(value: unknown): Shown[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (!isRecord(value)) return []
  const own = typeof value.text === 'string' ? [{ text: value.text, isMarked: value.type === 'mrkdwn' }] : []
  const alt = typeof value.alt_text === 'string' ? [{ text: value.alt_text, isMarked: false }] : []
  return [...own, ...alt, ...Object.values(value).flatMap((inner) => (typeof inner === 'object' ? textsIn(inner) : []))]
}

/** The texts in which Slack reads marks: those of the blocks that say so, and the one beside the blocks. */
function markedTexts({ text, blocks: shown }: { text?: unknown; blocks?: unknown }): string[] {
  const marked = textsIn(shown).flatMap((one) => (one.isMarked ? [one.text] : []))
  return typeof text === 'string' ? [text, ...marked] : marked
}

/** Whom a message calls. */
export function pingsOf(body: { text?: unknown; blocks?: unknown }): { everyone: boolean; users: string[]; groups: string[] } {
  const all = markedTexts(body)
  const found = (mark: RegExp) => [...new Set(all.flatMap((text) => [...text.matchAll(mark)].map(([, id = '']) => id)))]
  return {
    everyone: found(/<!(channel|here|everyone)(?:\|[^<>]*)?>/g).length > 0,
    users: found(/<@([UW][A-Z0-9]*)(?:\|[^<>]*)?>/g),
    groups: found(/<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>/g),
  }
}

/** The marked texts in which a sign is not escaped, or a mark was cut in two: Slack takes them and shows them wrong. */
export function halfMarks(body: { text?: unknown; blocks?: unknown }): string[] {
  return markedTexts(body).filter((text) => /<|&(?!amp;|lt;|gt;)/.test(text.replaceAll(/<[^<>]+>/g, '')))
}
