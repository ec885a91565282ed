// Purpose: the top of the page: the course, the club's clock, who I am, and the few controls of the room.
// @ts-check
import { format } from './card.js'
import { byId, h } from './dom.js'
import { words } from './words.js'

/**
 * @typedef {import('./api.js').Room} Room
 * @typedef {import('./api.js').Clock} Clock
 */

// No name has a space in it, so this can stand for "a new one".
const newNameValue = 'new name'

/**
 * @param {{ member: (name: string) => void, language: () => void, nextMorning: () => Promise<void>, inAnHour: () => Promise<void>, examples: () => Promise<void> }} on
 */
export const createHeader = (on) => {
  const member = byId('member', HTMLSelectElement)
  const menu = byId('menu', HTMLDetailsElement)
  const menuButton = byId('menu-button', HTMLElement)
  const newName = byId('new-name', HTMLFormElement)
  const name = byId('name', HTMLInputElement)
  const alert = byId('header-error', HTMLElement)
  const time = byId('clock', HTMLTimeElement)
  const wide = matchMedia('(min-width: 70rem)')
  let me = ''
  let zone = 'UTC'
  /** @type {{ ms: number, heardMs: number } | undefined} */
  let heard

  const drawTime = () => {
    if (!heard) return
    const now = new Date(heard.ms + performance.now() - heard.heardMs)
    const shown = format(now, zone, {
      month: 'short',
      day: 'numeric',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    if (time.textContent !== shown) time.textContent = shown
    time.dateTime = now.toISOString()
  }
  setInterval(drawTime, 1000)

  const layOut = () => {
    menu.open = wide.matches
  }
  const closeMenu = () => {
    if (!wide.matches) menu.open = false
  }
  wide.addEventListener('change', layOut)
  layOut()
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || wide.matches) return
    closeMenu()
    menuButton.focus()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) closeMenu()
  })

  const whenPressed = (/** @type {string} */ id, /** @type {() => Promise<void>} */ act) => {
    const button = byId(id, HTMLButtonElement)
    button.addEventListener('click', async () => {
      if (button.ariaDisabled) return
      button.ariaDisabled = 'true'
      button.ariaBusy = 'true'
      alert.textContent = ''
      try {
        await act()
        closeMenu()
      } catch (error) {
        alert.textContent = error instanceof Error ? error.message : String(error)
      } finally {
        button.ariaDisabled = null
        button.ariaBusy = null
      }
    })
  }
  whenPressed('next-morning', on.nextMorning)
  whenPressed('in-an-hour', on.inAnHour)
  whenPressed('examples', on.examples)
  byId('language', HTMLButtonElement).addEventListener('click', () => {
    on.language()
    closeMenu()
  })

  member.addEventListener('change', () => {
    if (member.value !== newNameValue) return on.member(member.value)
    member.value = me
    newName.hidden = false
    name.focus()
  })
  const closeNewName = () => {
    newName.hidden = true
    name.value = ''
    name.ariaInvalid = null
    alert.textContent = ''
    member.focus()
  }
  byId('name-cancel', HTMLButtonElement).addEventListener('click', closeNewName)
  newName.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) closeNewName()
  })
  newName.addEventListener('submit', (event) => {
    event.preventDefault()
    const chosen = name.value.trim().normalize('NFC')
    if (/^[\p{L}\p{N}_-]{1,32}$/u.test(chosen)) {
      closeNewName()
      on.member(chosen)
      return
    }
    name.ariaInvalid = 'true'
    alert.textContent = words().nameRule
    name.focus()
  })

  return {
    /**
     * @param {Room} room
     * @param {string} as
     * @param {readonly string[]} names those this browser knows, the member's own first
     */
    draw: (room, as, names) => {
      me = as
      zone = room.zone
      document.title = `1% · ${room.title}`
      byId('title', HTMLElement).textContent = room.title
      byId('zone', HTMLElement).textContent = room.zone
      time.ariaLabel = null
      time.title = `${words().clockTitle} · ${room.zone}`
      byId('member-label', HTMLElement).textContent = words().member
      member.title = words().memberLong
      menuButton.ariaLabel = words().menu
      byId('name-label', HTMLElement).textContent = words().nameLabel
      byId('name-ok', HTMLElement).textContent = words().nameOk
      byId('name-cancel', HTMLElement).textContent = words().cancel
      const examples = room.examples?.names ?? []
      const option = (/** @type {string} */ each) => h('option', { value: each }, each)
      const group = examples.length > 0 ? h('optgroup', { label: words().exampleMembers }, ...examples.map(option)) : ''
      const own = names.filter((each) => !examples.includes(each))
      member.replaceChildren(...own.map(option), group, h('option', { value: newNameValue }, words().newName))
      member.value = as
      for (const [id, label, shown] of /** @type {const} */ ([
        ['next-morning', words().nextMorning, room.clock],
        ['in-an-hour', words().inAnHour, room.clock],
        ['examples', room.examples?.label ?? '', room.examples !== undefined],
        ['language', words().otherLanguage, true],
      ])) {
        const button = byId(id, HTMLButtonElement)
        button.textContent = label
        button.hidden = !shown
      }
      byId('language', HTMLButtonElement).lang = words().otherLanguageTag
      drawTime()
    },
    /** @param {Clock} clock */
    hear: (clock) => {
      heard = { ms: Date.parse(clock.now), heardMs: performance.now() }
      drawTime()
    },
    /** @param {string} sentence */
    complain: (sentence) => {
      alert.textContent = sentence
    },
    /** @param {boolean} lost */
    connection: (lost) => {
      byId('connection', HTMLElement).textContent = lost ? words().reconnecting : ''
    },
  }
}
