// Purpose: one message of the channel → DOM.
// @ts-check
import { h, icon } from './dom.js'
import { markdown } from './markdown.js'
import { language, languageOf, words } from './words.js'

/**
 * @typedef {import('./api.js').Message} Message
 * @typedef {import('./api.js').Card} Card
 * @typedef {import('./api.js').CardField} CardField
 * @typedef {import('./api.js').CardButton} CardButton
 */

/** The names under which the bot itself may post; any other name is shown beside its own. */
const botNames = ['', '1%', 'onepercent']

/** @param {Message} message */
export const isFromBot = ({ by }) => botNames.includes(by)

let drawnCards = 0

/**
 * @param {Message} message
 * @param {string} zone
 * @param {(press: string) => Promise<void>} press rejects with a sentence for the member
 */
export const drawMessage = (message, zone, press) => {
  const { card } = message
  const titleId = `card-${++drawnCards}`
  const at = new Date(message.at)
  return h(
    'article',
    {
      class: 'message',
      tabindex: -1,
      'data-message-id': message.id,
      'data-only-you': message.onlyYou,
      'aria-labelledby': titleId,
    },
    h('img', { class: 'mark', src: '/page/mark.svg', alt: '', width: 36, height: 36 }),
    h(
      'div',
      { class: 'card' },
      h(
        'p',
        { class: 'meta' },
        h('span', { class: 'bot' }, '1%'),
        isFromBot(message) ? undefined : h('span', { class: 'by' }, message.by),
        h('time', { datetime: message.at }, format(at, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })),
        message.onlyYou ? h('span', { class: 'only-you' }, icon('lock'), words().onlyYou) : undefined,
      ),
      ...drawCard(card, titleId, press),
    ),
  )
}

/**
 * The day of a message in the club's zone, as the divider above it says it.
 * @param {Message} message
 * @param {string} zone
 */
export const dayOf = (message, zone) =>
  format(new Date(message.at), zone, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })

/**
 * @param {Date} at
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} parts
 */
export const format = (at, zone, parts) => new Intl.DateTimeFormat(language(), { timeZone: zone, ...parts }).format(at)

/**
 * @param {Card} card
 * @param {string} titleId
 * @param {(press: string) => Promise<void>} press
 */
function drawCard(card, titleId, press) {
  const lang = languageOf(`${card.title ?? ''}${card.text ?? ''}`)
  return [
    card.title ? h('h2', { id: titleId, lang }, card.title) : h('h2', { id: titleId, class: 'unseen' }, '1%'),
    card.text ? h('div', { class: 'text', lang }, markdown(card.text)) : undefined,
    card.fields?.length ? drawFields(card.fields, lang) : undefined,
    card.image ? drawImage(card.image, lang) : undefined,
    card.buttons?.length ? drawButtons(card.buttons, lang, press) : undefined,
    card.footer ? h('p', { class: 'footer', lang }, card.footer) : undefined,
  ]
}

/**
 * @param {CardField[]} fields
 * @param {string} lang
 */
function drawFields(fields, lang) {
  const list = h('dl', { class: `fields ${shapeOf(fields)}`, lang })
  for (const { name, value } of fields) list.append(h('div', {}, h('dt', {}, name), h('dd', {}, markdown(value))))
  return list
}

/** Ranks and long lists read as rows, a few short facts as tiles, and long values as a stack.
 * @param {CardField[]} fields */
function shapeOf(fields) {
  const longest = Math.max(...fields.map(({ value }) => value.length))
  if (longest > 60 || fields.some(({ value }) => value.includes('\n'))) return 'stack'
  const ranked = fields.every(({ name }) => /^\D{0,3}\d/.test(name))
  return ranked || fields.length > 4 || longest > 18 ? 'rows' : 'tiles'
}

/**
 * @param {{ url: string, alt: string }} image
 * @param {string} lang
 */
function drawImage({ url, alt }, lang) {
  const image = h('img', { src: url, alt, lang, decoding: 'async' })
  const dark = h('source', { media: '(prefers-color-scheme: dark)', srcset: `${url}&theme=dark` })
  const link = h('a', { class: 'picture', href: url, target: '_blank', rel: 'noopener', title: words().openImage, click: showSame })
  link.append(h('picture', {}, dark, image))
  return link

  // Full size is the one that the reader was looking at.
  function showSame() {
    link.href = image.currentSrc || url
  }
}

/**
 * @param {CardButton[]} buttons
 * @param {string} lang
 * @param {(press: string) => Promise<void>} press
 */
function drawButtons(buttons, lang, press) {
  const alert = h('p', { class: 'error', role: 'alert' })
  const row = h('div', { class: 'buttons', lang })
  // Not `disabled`, which would drop the focus of a keyboard user.
  const setBusy = (/** @type {HTMLElement} */ pressed, /** @type {boolean} */ busy) => {
    pressed.ariaBusy = busy ? 'true' : null
    for (const each of row.querySelectorAll('button')) each.ariaDisabled = busy ? 'true' : null
  }
  for (const button of buttons) {
    // Only the letters of a question: the answers of a poll must all look alike.
    const short = button.label.length === 1 ? 'short' : undefined
    if ('href' in button) {
      row.append(drawLink(button))
      continue
    }
    const onClick = async (/** @type {MouseEvent} */ event) => {
      const pressed = /** @type {HTMLElement} */ (event.currentTarget)
      if (pressed.ariaDisabled) return
      setBusy(pressed, true)
      alert.textContent = ''
      try {
        await press(button.press)
      } catch (error) {
        alert.textContent = error instanceof Error ? error.message : String(error)
      } finally {
        setBusy(pressed, false)
      }
    }
    row.append(h('button', { type: 'button', class: short, 'data-press': button.press, click: onClick }, button.label))
  }
  return h('div', {}, row, alert)
}

/** @param {{ label: string, href: string }} button */
function drawLink({ label, href }) {
  const url = URL.canParse(href, location.href) ? new URL(href, location.href) : undefined
  if (url?.origin === location.origin) return h('a', { class: 'button', href: url.href, download: true }, label)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return h('span', {}, label)
  return h('a', { class: 'button', href: url.href, target: '_blank', rel: 'noopener noreferrer' }, label)
}
