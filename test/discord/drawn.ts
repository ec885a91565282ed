// Purpose: what is wrong with a message drawn for Discord: a rule that it breaks, or something of its card that is gone in silence.
import type { Card } from '../../src/chat/card.ts'
import { showTimes } from '../../src/chat/time.ts'
import type { Drawn } from '../../src/rooms/discord/draw.ts'
import { embed as embedLimits, message as messageLimits } from '../../src/rooms/discord/limits.ts'
import { checkMessage, checkModal } from '../support/discord/check.ts'
import { buttonsOf } from '../support/discord/seen.ts'
import { Refusal } from '../support/discord/wire.ts'

type Body = Drawn['body']
type Embed = NonNullable<Body['embeds']>[number]

/** What Discord says to it; undefined when it takes it. */
function refusalOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(error.body)
    throw error
  }
}

export const modalRefusal = (data: unknown): string | undefined => refusalOf(() => checkModal({ data }))

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []

/** The letters that count for the 6,000 of a message. */
export function lettersOf(body: Body): number {
  const of = ({ title = '', description = '', fields = [], footer, author }: Embed) =>
    [title, description, footer?.text ?? '', author?.name ?? '', ...fields.flatMap(({ name, value }) => [name, value])].join('').length
  return (body.embeds ?? []).reduce((sum, embed) => sum + of(embed), 0)
}

export const shownText = ({ embeds = [] }: Body): string => embeds.map(({ description = '' }) => description).join('\n')
export const shownFields = ({ embeds = [] }: Body) => embeds.flatMap(({ fields = [] }) => fields)

const asTimestamp = (at: number): string => `<t:${Math.floor(at / 1000)}:F> (<t:${Math.floor(at / 1000)}:R>)`

/** A card's text as Discord is to show it, if there were room for all of it. */
function wholeText(text: string): string {
  let inCode = false
  const lines = showTimes(text, asTimestamp).split('\n')
  return lines
    .map((line) => {
      if (line.startsWith('```')) inCode = !inCode
      return inCode ? line : line.replace(/^#{4,6}[ \t]+(\S.*)$/, '**$1**')
    })
    .join('\n')
}

const fences = (text: string): number => text.match(/^```/gm)?.length ?? 0
/** Without what a break between two embeds may add or take: white space, and the ends of a code block. */
const bare = (text: string): string => text.replaceAll(/^```.*$/gm, '').replaceAll(/\s+/g, '')

/** Why `shown` is not an honest `whole`: either all of it, or its beginning and exactly how many characters are missing. */
function lie(shown: string, whole: string): string | undefined {
  if (shown === whole) return undefined
  const [mark = '', count = '0'] = / ?… \+(\d+)$/.exec(shown) ?? []
  const kept = bare(whole.slice(0, whole.length - Number(count)))
  const said = bare(shown.slice(0, shown.length - mark.length))
  return kept === said
    ? undefined
    : `says ${JSON.stringify(shown.slice(-40))} of ${whole.length}, but shows ${said.length} of ${kept.length}`
}

function lostFields(fields: NonNullable<Card['fields']>, shown: ReturnType<typeof shownFields>): string[] {
  const isCut = shown.length < fields.length || shown.at(-1)?.name === '…'
  const whole = isCut ? shown.slice(0, -1) : shown
  const found = whole.flatMap(({ name, value }, i) => {
    const told = fields[i] ?? { name: 'nothing', value: 'nothing' }
    const plain = (text: string, of: (text: string) => string) => (text.trim() === '' ? '–' : of(text))
    return [
      lie(
        name,
        plain(told.name, (text) => showTimes(text)),
      ),
      lie(
        value,
        plain(told.value, (text) => showTimes(text, asTimestamp)),
      ),
    ].flatMap((lie) => (lie === undefined ? [] : [`field ${i}: ${lie}`]))
  })
  const left = fields.length - whole.length
  const last = shown.at(-1)
  if (isCut && (last?.name !== '…' || last.value !== `+${left}`)) found.push(`${left} fields are gone, told is ${JSON.stringify(last)}`)
  return found
}

/** Everything that is wrong with it, in words; `by` is whose post it is. */
export function faultsOf(card: Card, { body, files }: Drawn, by?: string): string[] {
  const found: string[] = []
  const note = (what: string, fault: string | undefined) => {
    if (fault !== undefined) found.push(`${what}: ${fault}`)
  }
  const names = files.map(({ name }) => name)
  note(
    'Discord',
    refusalOf(() => checkMessage(body, names)),
  )
  const embeds = body.embeds ?? []
  if (lettersOf(body) > embedLimits.total) note('embeds', `${lettersOf(body)} characters`)
  if ((body.content ?? '').length > messageLimits.content) note('content', `${body.content?.length} characters`)
  if (JSON.stringify(body.allowed_mentions?.parse) !== '[]') note('mentions', JSON.stringify(body.allowed_mentions))
  for (const text of stringsIn(body)) {
    if (!text.isWellFormed()) note('half a character', text.slice(-30))
    if (/[\ufffe\uffff]/.test(text)) note('a time that nobody wrote out', text)
    if (/<t:(?!\d+:[FR]>)/.test(text)) note('half a time', text.slice(-60))
  }
  for (const text of embeds.flatMap(({ description = '', fields = [] }) => [description, ...fields.map(({ value }) => value)]))
    if (fences(text) % 2 === 1) note('an open code block', text.slice(-60))

  note('text', lie(shownText(body), wholeText(card.text)))
  found.push(...lostFields(card.fields ?? [], shownFields(body)))
  note('title', lie(embeds[0]?.title ?? '', showTimes(card.title ?? '')))
  note('footer', lie(embeds.at(-1)?.footer?.text ?? '', showTimes(card.footer ?? '')))
  note('author', lie(embeds[0]?.author?.name ?? '', by ?? ''))
  note('picture', lie(body.attachments?.find(({ filename }) => filename === 'picture.png')?.description ?? '', card.image?.alt ?? ''))
  const own = new Map((card.buttons ?? []).map((button) => ['press' in button ? button.press : button.href, button.label]))
  const drawn = buttonsOf(body.components)
  if (drawn.length !== own.size) note('buttons', `${drawn.length} of ${own.size}`)
  for (const { customId, url, label } of drawn) note('button', lie(label, own.get(customId ?? url ?? '') ?? ''))
  return found
}
