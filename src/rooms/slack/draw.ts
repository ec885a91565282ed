// Purpose: a card, a refusal or a form as Slack's Block Kit. Pure; pictures are named here and their files filled in when it is sent.
import type { types } from '@slack/bolt'
import type { Button, Card, CardField } from '../../chat/card.ts'
import { cut as cutAt, pagesOf } from '../../chat/fit.ts'
import type { Picture } from '../../chat/picture.ts'
import type { Form, FormField } from '../../chat/room.ts'
import { showTimes } from '../../chat/time.ts'
import { blocks as blockLimits, button as buttonLimits, text as longestText, messageTotal, modal as modalLimits } from './limits.ts'
import { escaped, halfMark, mrkdwn, mrkdwnOnce, type TypedAs, words } from './mrkdwn.ts'

type Block = types.KnownBlock

/** What a message shows. `text` is what a lock screen and a screen reader say of it. */
export interface Drawn {
  readonly text: string
  readonly blocks: readonly Block[]
  /** Its file's id is still missing in the image block. */
  readonly picture?: { readonly picture: Picture; readonly alt: string }
  readonly file?: NonNullable<Card['file']>
}

/** The words of a view's own buttons, in the reader's language. */
export interface ViewWords {
  readonly close: string
}

/** What the app is called, in the manifest and above its modals. */
export const appName = 'onepercent'

const cut = (text: string, max: number): string => cutAt(text, max, halfMark)
/** What has to say something, where Slack shows no markup. */
const shown = (text: string, max: number): string => cutAt(showTimes(text).trim(), max) || '–'
const plain = (text: string, max: number): types.PlainTextElement => ({ type: 'plain_text', text: shown(text, max), emoji: true })
const marked = (text: string): types.MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true })

/** A post in the channel: the hook first, which is what a lock screen shows. Only the group in `mention` is called. */
export function drawPost(card: Card, typedAs: TypedAs, { by, mention }: { readonly by?: string; readonly mention?: string } = {}): Drawn {
  const call = mention === undefined ? '' : `<!subteam^${mention}>`
  const { text, ...rest } = draw(card, mrkdwnOnce(card.text, typedAs), words, by, call)
  const lines = [words(card.hook ?? ''), call, text]
  return { text: cut(lines.filter((line) => line !== '').join('\n'), longestText), ...rest }
}

/** An answer that only its receiver sees; a setting in it may name a channel or a group of people, who are not called by that. */
export function drawCard(card: Card, typedAs: TypedAs): Drawn {
  return draw(card, mrkdwn(card.text, typedAs), withNames)
}

/** A card as blocks and a text, equal in meaning. `body` is its text as drawn, `drawValue` draws a field's value; `call` is a line at the end. */
function draw(card: Card, body: string, drawValue: (value: string) => string, by = '', call = ''): Drawn {
  const { title = '', fields = [], image, file, buttons = [], footer = '' } = card
  const head: Block[] = [
    ...(by.trim() ? [contextOf(`*${escaped(by)}*`)] : []),
    ...(title.trim() ? [{ type: 'header' as const, text: plain(title, blockLimits.header) }] : []),
  ]
  const foot: Block[] = [
    ...(image ? [imageOf(image.alt)] : []),
    ...actionsOf(buttons),
    ...(footer.trim() ? [contextOf(words(footer))] : []),
    ...(call ? [contextOf(call)] : []),
  ]
  const room = messageTotal - sizeOf([...head, ...foot])
  const facts = fieldBlocks(fields, drawValue, room - Math.min(body.length, leastText))
  const pages = body === '' ? [] : pagesOf(body, blockLimits.section, room - sizeOf(facts) - sectionFrame * mostSections, halfMark)
  const lines = [
    escaped(by),
    words(title),
    body,
    ...fields.map(({ name, value }) => `${words(name)}: ${drawValue(value)}`),
    words(image?.alt ?? ''),
    words(footer),
  ]
  const said = lines.filter((line) => line.trim() !== '').join('\n')
  return {
    text: cut(said || buttons.map(({ label }) => escaped(label)).join(', ') || '–', longestText),
    blocks: [...head, ...pages.filter((page) => page.trim() !== '').map(sectionOf), ...facts, ...foot],
    ...(image && { picture: image }),
    ...(file && { file }),
  }
}

/** A refusal, or another word to one person, with buttons where there are any. */
export function drawWords(text: string, typedAs: TypedAs, buttons: readonly Button[] = []): Drawn {
  return drawCard({ text, buttons }, typedAs)
}

/** A refusal where Slack shows no markup: under a form's field. */
export function plainWords(text: string, typedAs: TypedAs): string {
  return showTimes(text)
    .replaceAll(/`([^`]*)`/g, (_, code: string) => typedAs(code))
    .replaceAll('**', '')
}

/** What is filled in when it is sent. */
export interface Finish {
  /** The file of its picture; without one it goes without its picture, whose facts are in words anyway. */
  readonly file?: string | undefined
  /** In a shared channel a press names another workspace than the one it was drawn for: so the buttons say it. */
  readonly team: string
}

/** What Slack is sent of a drawn message. */
export function finished({ text, blocks }: Pick<Drawn, 'text' | 'blocks'>, { file, team }: Finish): { text: string; blocks: Block[] } {
  const finish = (block: Block): Block[] => {
    if (block.type === 'image') return file === undefined ? [] : [{ ...block, slack_file: { id: file } } as Block]
    return [block.type === 'actions' ? { ...block, block_id: `club-${team}` } : block]
  }
  return { text, blocks: blocks.flatMap(finish) }
}

const sectionOf = (text: string): Block => ({ type: 'section', text: marked(text) })
const contextOf = (text: string): Block => ({ type: 'context', elements: [marked(cut(text, blockLimits.context))] })
const imageOf = (alt: string): Block => ({
  type: 'image',
  alt_text: shown(alt, blockLimits.alt),
  slack_file: { id: '' },
})

/** So much of a text is always shown: enough to say how much of it is not. */
const leastText = 500
/** What a section costs besides its text, and how many of them a text takes at most. */
const sectionFrame = 40
const mostSections = 5
/** More than any card has; a message holds 50 blocks. */
const mostFields = 100

/** Ten fields a section, two beside each other; a phone shows them one below the other. What does not fit is counted. */
function fieldBlocks(fields: readonly CardField[], drawValue: (value: string) => string, room: number): Block[] {
  const drawn = fields.map(({ name, value }) =>
    marked(cut(`*${words(name).trim() || '–'}*\n${drawValue(value).trim() || '–'}`, blockLimits.field)),
  )
  for (let kept = Math.min(drawn.length, mostFields); ; kept--) {
    const left = drawn.length - kept
    const all = left === 0 ? drawn : [...drawn.slice(0, kept), marked(`*…*\n+${left}`)]
    const blocks: Block[] = []
    for (let i = 0; i < all.length; i += blockLimits.fields) blocks.push({ type: 'section', fields: all.slice(i, i + blockLimits.fields) })
    if (kept <= 0 || sizeOf(blocks) <= room) return blocks
  }
}

/** Channels and groups by their ids, as the settings hold them, with the names that they have in Slack. */
function withNames(value: string): string {
  return words(value)
    .replaceAll(/&lt;#([CG]\w+)&gt;/g, '<#$1>')
    .replaceAll(/&lt;@&amp;(S\w+)&gt;/g, '<!subteam^$1>')
}

/** Neutral buttons. Throws RangeError for more than a row of them holds: a mistake of the feature, not of a member. */
function actionsOf(buttons: readonly Button[]): Block[] {
  const own = [...new Map(buttons.map((button) => ['press' in button ? button.press : button.href, button])).values()]
  if (own.length === 0) return []
  if (own.length > blockLimits.actions)
    throw new RangeError(`${own.length} buttons, a row holds ${blockLimits.actions}: ${own.map(({ label }) => label).join(', ')}`)
  return [{ type: 'actions', elements: own.map(drawButton) }]
}

/** What a link's button is called: Slack tells us of its press too. */
export const linkAction = 'href:'

function drawButton(button: Button, index: number): types.Button {
  const text = plain(button.label, buttonLimits.label)
  if ('href' in button) return { type: 'button', text, action_id: `${linkAction}${index}`, url: button.href }
  return { type: 'button', text, action_id: button.press }
}

/** The characters of all texts in blocks, as Slack counts them against a message. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 0)
  return typeof value === 'object' && value !== null ? sizeOf(Object.values(value)) : 0
}

// === Views

/** A card as a modal: the answer to what was tapped where no message can be answered. */
export function drawModal(card: Drawn, finish: Finish, { close }: ViewWords): types.ModalView {
  return {
    type: 'modal',
    title: plain(appName, modalLimits.title),
    close: plain(close, modalLimits.button),
    blocks: finished(card, finish).blocks,
  }
}

export const drawHome = (card: Drawn, finish: Finish): types.HomeView => ({ type: 'home', blocks: finished(card, finish).blocks })

/** A form as a modal; what is sent in comes back under the form's `submit`, with `metadata` as it is. */
export function drawForm({ title, fields, submit, button }: Form, { close }: ViewWords, metadata = ''): types.ModalView {
  return {
    type: 'modal',
    callback_id: submit,
    private_metadata: metadata,
    title: plain(title, modalLimits.title),
    submit: plain(button, modalLimits.button),
    close: plain(close, modalLimits.button),
    blocks: fields.map(drawField),
  }
}

/** The one thing in an input block: what was written comes back as `values[field][input]`. */
export const inputAction = 'value'

function drawField(field: FormField): Block {
  return {
    type: 'input',
    block_id: field.name,
    optional: !field.required,
    label: plain(field.label, modalLimits.label),
    ...(field.description && { hint: plain(field.description, modalLimits.hint) }),
    element: elementOf(field),
  }
}

function elementOf({ name, type, max, choices = [] }: FormField): types.PlainTextInput | types.StaticSelect {
  if (type !== 'choice')
    return {
      type: 'plain_text_input',
      action_id: inputAction,
      multiline: type === 'paragraph',
      max_length: Math.min(max ?? modalLimits.input, modalLimits.input),
    }
  if (choices.length > modalLimits.options)
    throw new RangeError(`${choices.length} choices for ${name}, a modal shows ${modalLimits.options}`)
  return {
    type: 'static_select',
    action_id: inputAction,
    options: choices.map(({ label, value }) => ({ text: plain(label, modalLimits.option), value })),
  }
}
