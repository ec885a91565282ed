// Purpose: the channel: keeps its messages in order, follows the newest one, and tells a screen reader about it.
// @ts-check
import { dayOf, drawMessage, isFromBot } from './card.js'
import { byId, h, icon } from './dom.js'
import { words } from './words.js'

/**
 * @typedef {import('./api.js').Message} Message
 * @typedef {{ me: string, answer: 'focus' | 'show' | 'all', until: number }} Awaited an act of this member whose answer has yet to come
 */

/** An answer comes as an event, which may be later than the reply to the act itself. */
const graceMs = 1500

/** @param {(press: string, opener: HTMLElement) => Promise<void>} press */
export const createLog = (press) => {
  const channel = byId('channel', HTMLElement)
  const list = byId('messages', HTMLElement)
  const pill = byId('new-messages', HTMLButtonElement)
  const announcer = byId('announcer', HTMLElement)
  /** @type {Message[]} */
  let messages = []
  /** @type {Map<string, HTMLElement>} */
  const drawn = new Map()
  let zone = 'UTC'
  /** What stays in view while pictures load and panels open: the end, an element's top, or what the reader scrolled to.
   * @type {'end' | 'reader' | HTMLElement} */
  let follow = 'end'
  let scrolledTo = 0
  let unseen = 0
  /** @type {Awaited | undefined} */
  let awaited

  const atEnd = () => channel.scrollHeight - channel.scrollTop - channel.clientHeight < 48
  const keepInView = () => {
    if (follow === 'end') channel.scrollTop = channel.scrollHeight
    else if (follow !== 'reader') channel.scrollTop += follow.getBoundingClientRect().top - channel.getBoundingClientRect().top - 16
    scrolledTo = channel.scrollTop
    if (atEnd()) unseen = 0
    drawPill()
  }
  const drawPill = () => {
    pill.hidden = unseen === 0
    pill.replaceChildren(icon('down'), words().newMessages(unseen))
  }
  channel.addEventListener('scroll', () => {
    if (Math.abs(channel.scrollTop - scrolledTo) < 2) return
    scrolledTo = channel.scrollTop
    follow = atEnd() ? 'end' : 'reader'
    if (follow === 'end') unseen = 0
    drawPill()
  })
  // Who scrolls away from an act is reading something else by now.
  for (const name of ['wheel', 'touchmove']) {
    channel.addEventListener(
      name,
      () => {
        awaited = undefined
      },
      { passive: true },
    )
  }
  pill.addEventListener('click', () => {
    const first = drawn.get(messages[messages.length - unseen]?.id ?? '')
    show(first ?? list, true)
  })
  const sizes = new ResizeObserver(keepInView)
  sizes.observe(channel)
  sizes.observe(list.parentElement ?? list)

  /**
   * @param {HTMLElement} element
   * @param {boolean} focus
   */
  const show = (element, focus) => {
    follow = element
    keepInView()
    if (focus) element.focus({ preventScroll: true })
  }

  /** @param {Message} message */
  const draw = (message) => {
    const element = drawMessage(message, zone, (id) => press(id, element))
    const old = drawn.get(message.id)
    const pressed = old?.contains(document.activeElement) ? document.activeElement : undefined
    drawn.set(message.id, element)
    if (!old) return element
    if (follow === old) follow = element
    old.replaceWith(element)
    if (pressed === old) element.focus({ preventScroll: true })
    else if (pressed instanceof HTMLElement) {
      const buttons = [...element.querySelectorAll('button')]
      const same = buttons.find((each) => each.dataset.press === pressed.dataset.press)
      const next = same ?? element
      next.focus({ preventScroll: true })
    }
    return element
  }

  const drawDays = () => {
    for (const divider of list.querySelectorAll('.day')) divider.remove()
    let day = ''
    for (const message of messages) {
      const next = dayOf(message, zone)
      if (next !== day) drawn.get(message.id)?.before(h('h2', { class: 'day' }, h('time', { datetime: message.at }, next)))
      day = next
    }
    byId('empty', HTMLElement).hidden = messages.length > 0
  }

  /** @param {Message} message */
  const insert = (message) => {
    const after = messages.findLastIndex((each) => Date.parse(each.at) <= Date.parse(message.at))
    const element = draw(message)
    const before = messages[after + 1]
    list.insertBefore(element, before ? (drawn.get(before.id) ?? null) : null)
    messages.splice(after + 1, 0, message)
    return element
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it was new
   */
  const put = (message) => {
    const at = messages.findIndex(({ id }) => id === message.id)
    if (at < 0) {
      insert(message)
      return true
    }
    if (JSON.stringify(messages[at]) !== JSON.stringify(message)) {
      messages[at] = message
      draw(message)
    }
    return false
  }

  /** @param {Message} message */
  const add = (message) => {
    if (!put(message)) return drawDays()
    drawDays()
    const element = drawn.get(message.id)
    announcer.textContent = [message.onlyYou ? words().onlyYou : '', message.by, message.card.title].filter(Boolean).join(', ')
    if (awaited && Date.now() < awaited.until && element) {
      // The first of several answers is the one to read first.
      const first = follow === 'end' || follow === 'reader' || !follow.isConnected || follow.dataset.answer !== 'awaited'
      element.dataset.answer = 'awaited'
      const mine = message.onlyYou || message.by === awaited.me
      if (first) show(element, false)
      if (mine && awaited.answer !== 'all') {
        show(element, awaited.answer === 'focus')
        awaited = undefined
      }
    } else if (follow !== 'end') unseen++
    keepInView()
  }

  return {
    add,
    /** @param {Message} message */
    edit: (message) => {
      put(message)
      drawDays()
    },
    /** Everything that the server has; the first time it is no news.
     * @param {Message[]} all */
    fill: (all) => {
      const first = messages.length === 0
      for (const message of all) {
        if (first) put(message)
        else add(message)
      }
      drawDays()
      if (first) follow = 'end'
      keepInView()
    },
    clear: () => {
      messages = []
      drawn.clear()
      list.replaceChildren()
      follow = 'end'
      unseen = 0
      drawPill()
    },
    /** @param {string} nextZone */
    redraw: (nextZone) => {
      zone = nextZone
      for (const message of messages) draw(message)
      drawDays()
      drawPill()
    },
    show,
    /**
     * Between this and a little after the returned function is called, new messages count as answers to the member's own act.
     * @param {string} me
     * @param {'focus' | 'show' | 'all'} answer whether it takes the focus as well, or there may be several
     */
    awaitAnswer: (me, answer) => {
      for (const element of list.querySelectorAll('[data-answer]')) element.removeAttribute('data-answer')
      /** @type {Awaited} */
      const mine = { me, answer, until: Number.POSITIVE_INFINITY }
      awaited = mine
      return () => {
        mine.until = Date.now() + graceMs
      }
    },
    /** The newest message with something to press; one that the bot posted to everyone rather than an answer to someone. */
    question: () => {
      const asking = messages.filter(({ card }) => card.buttons?.some((button) => 'press' in button))
      const posts = asking.filter(({ onlyYou }) => !onlyYou)
      const newest = posts.findLast(isFromBot) ?? posts.at(-1) ?? asking.at(-1)
      return newest && drawn.get(newest.id)
    },
  }
}
