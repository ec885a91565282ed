// Purpose: talks to the room's server: what it says (types), asking it, and listening to it.
// @ts-check
import { language, words } from './words.js'

/**
 * @typedef {{ ko: string, en: string }} Both
 * @typedef {{ name: string, value: string }} CardField
 * @typedef {{ label: string, press: string } | { label: string, href: string }} CardButton
 * @typedef {{ title?: string, text?: string, fields?: CardField[], image?: { url: string, alt: string }, buttons?: CardButton[], footer?: string }} Card
 * @typedef {{ id: string, at: string, by: string, card: Card, onlyYou: boolean }} Message
 * @typedef {{ now: string, nextMorning: string }} Clock
 * @typedef {{ names: string[], press: string, label: string }} Examples
 * @typedef {Clock & { zone: string, title: string, locale: string, host: string, clock: boolean, organiser: boolean, examples?: Examples }} Room
 * @typedef {{ name: string, label: Both, description: Both, type: 'text' | 'choice' | 'member' | 'date', required: boolean, choices?: string[], choiceLabels?: Record<string, Both> }} Option
 * @typedef {{ name: string, label: Both, description: Both, options: Option[], organiserOnly: boolean }} Command
 * @typedef {{ name: string, label: string, type: 'text' | 'paragraph' | 'choice', required: boolean, max?: number, choices?: { value: string, label: string }[] }} FormField
 * @typedef {{ title: string, fields: FormField[], submit: string }} Form
 * @typedef {Record<string, string>} Input
 * @typedef {{ command: string, input: Input } | { press: string, input: Input }} Act
 * @typedef {{ card?: Card, onlyYou?: boolean, form?: Form }} Answer
 */

/** Its message is a sentence for the member. */
export class Refusal extends Error {}

/** @type {(as: string) => Promise<Room>} */
export const fetchRoom = (as) => ask(`/api/room?as=${encodeURIComponent(as)}`)

/** @type {() => Promise<Command[]>} */
export const fetchCommands = () => ask('/api/commands')

/** @type {(as: string) => Promise<Message[]>} */
export const fetchMessages = (as) => ask(`/api/messages?as=${encodeURIComponent(as)}&last=60`)

/** @type {(as: string, act: Act) => Promise<Answer>} */
export const call = (as, act) => ask('/api/call', { as, ...act })

/** @type {(step: { now: string } | { forward: string }) => Promise<Clock>} */
export const moveClock = (step) => ask('/api/clock', step)

/**
 * @param {string} path
 * @param {object} [body] posted as JSON if there is one
 * @returns {Promise<any>}
 * @throws {Refusal} with the server's sentence, or the page's own if the server is out of reach
 */
async function ask(path, body) {
  /** @type {Record<string, string>} */
  const headers = { 'Accept-Language': language() }
  if (body) headers['Content-Type'] = 'application/json'
  let response
  let data
  try {
    response = await fetch(path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
    data = await response.json()
  } catch (cause) {
    throw new Refusal(words().offline, { cause })
  }
  if (!response.ok) throw new Refusal(typeof data.error === 'string' ? data.error : words().offline)
  return data
}

/**
 * Listens until `close` is called, opening again for ever.
 * @param {string} as
 * @param {{ message: (message: Message) => void, edit: (message: Message) => void, clock: (clock: Clock) => void, up: () => void, down: () => void }} on
 */
export const listen = (as, on) => {
  /** @type {EventSource} */
  let source
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry
  const open = () => {
    source = new EventSource(`/api/events?as=${encodeURIComponent(as)}`)
    source.addEventListener('open', on.up)
    for (const name of /** @type {const} */ (['message', 'edit', 'clock'])) {
      source.addEventListener(name, (event) => on[name](JSON.parse(event.data)))
    }
    source.addEventListener('error', () => {
      on.down()
      // A browser tries again by itself after a lost connection, but gives up for good after an HTTP error.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000)
    })
  }
  open()
  return {
    isOpen: () => source.readyState === EventSource.OPEN,
    close: () => {
      clearTimeout(retry)
      source.close()
    },
  }
}
