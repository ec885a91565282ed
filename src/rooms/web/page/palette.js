// Purpose: the command line at the bottom: a typed line, the list that `/` opens, and the fields of a command's arguments.
// @ts-check
import { byId, h, icon } from './dom.js'
import { drawForm } from './form.js'
import { findCommands, isCalled, parseLine } from './parse.js'
import { language, words } from './words.js'

/**
 * @typedef {import('./api.js').Command} Command
 * @typedef {import('./api.js').Option} Option
 * @typedef {import('./api.js').Input} Input
 */

/**
 * @param {{ commands: () => Command[], names: () => string[], run: (command: string, input: Input) => Promise<void> }} room
 *   `run` rejects with a sentence for the member
 */
export const createComposer = ({ commands, names, run }) => {
  const composer = byId('composer', HTMLFormElement)
  const say = byId('say', HTMLInputElement)
  const send = byId('send', HTMLButtonElement)
  const open = byId('commands', HTMLButtonElement)
  const palette = byId('palette', HTMLElement)
  const place = byId('arguments', HTMLElement)
  const plainHint = byId('plain-hint', HTMLElement)
  const alert = byId('say-error', HTMLElement)
  /** @type {Command[]} */
  let found = []
  let active = 0
  let arrowed = false
  let busy = false

  const closePalette = () => {
    palette.hidden = true
    say.ariaExpanded = 'false'
    say.removeAttribute('aria-activedescendant')
  }
  const drawPalette = () => {
    const typed = /^\/(\S*)$/u.exec(say.value)
    found = typed ? findCommands(typed[1] ?? '', commands()) : []
    active = Math.min(active, Math.max(0, found.length - 1))
    if (found.length === 0) return closePalette()
    palette.replaceChildren(...found.map(drawOption))
    palette.hidden = false
    say.ariaExpanded = 'true'
    say.setAttribute('aria-activedescendant', `palette-${active}`)
    palette.children[active]?.scrollIntoView({ block: 'nearest' })
  }
  const drawOption = (/** @type {Command} */ command, /** @type {number} */ index) => {
    const [own, other] = namesOf(command)
    return h(
      'div',
      {
        id: `palette-${index}`,
        role: 'option',
        'aria-selected': index === active ? 'true' : 'false',
        'data-command': command.name,
        click: () => choose(command),
      },
      h('span', { class: 'command' }, `/${own}`),
      other ? h('span', { class: 'other', lang: language() === 'ko' ? 'en' : 'ko' }, `/${other}`) : undefined,
      h('span', { class: 'what' }, command.description[language()]),
    )
  }

  const clearNotes = () => {
    alert.textContent = ''
    plainHint.replaceChildren()
  }
  const closeArguments = () => {
    const held = place.contains(document.activeElement)
    place.replaceChildren()
    if (held) say.focus()
  }

  /** @param {Command} command */
  const choose = (command) => {
    closePalette()
    clearNotes()
    if (command.options.length > 0) openArguments(command, {})
    else runNow(command.name, {})
  }

  /**
   * @param {Command} command
   * @param {Input} input what is known already
   */
  const openArguments = (command, input) => {
    const [own] = namesOf(command)
    const form = drawForm({
      title: `/${own}`,
      fields: command.options.map((option) => fieldOf(option, input[option.name])),
      submitLabel: words().run,
      names: names(),
      submit: async (filled) => {
        await run(command.name, filled)
        say.value = ''
        place.replaceChildren()
        // An answer may have taken the focus, or a form that the server asked for.
        if (document.activeElement === document.body) say.focus()
      },
      cancel: closeArguments,
    })
    place.replaceChildren(form.element)
    form.focus()
  }

  /**
   * @param {string} name
   * @param {Input} input
   */
  const runNow = async (name, input) => {
    if (busy) return
    busy = true
    send.ariaBusy = 'true'
    const typed = say.value
    try {
      await run(name, input)
      if (say.value === typed) say.value = ''
    } catch (error) {
      alert.textContent = error instanceof Error ? error.message : String(error)
    } finally {
      busy = false
      send.ariaBusy = null
    }
  }

  const submit = () => {
    const line = parseLine(say.value, commands())
    closePalette()
    clearNotes()
    if (line.kind === 'plain') return line.text ? offerCheckin(line.text) : undefined
    // The club knows the nearest match, and who may not use what.
    if (line.kind === 'unknown') {
      runNow(line.name, {})
      return
    }
    if (line.rest) {
      alert.textContent = words().noPlaceFor(line.rest)
      return
    }
    const missing = line.command.options.some(({ name, required }) => required && line.input[name] === undefined)
    if (missing) openArguments(line.command, line.input)
    else {
      closeArguments()
      runNow(line.command.name, line.input)
    }
  }

  /** @param {string} text */
  const offerCheckin = (text) => {
    const checkin = commands().find(({ name }) => name === 'checkin')
    const note = checkin?.options.find(({ type }) => type === 'text')
    const act = () => {
      plainHint.replaceChildren()
      if (checkin && note) runNow(checkin.name, { [note.name]: text })
      say.focus()
    }
    const offer =
      checkin && note
        ? h('button', { type: 'button', id: 'checkin-instead', click: act }, `${words().checkinWith} (/${namesOf(checkin)[0]})`)
        : undefined
    plainHint.replaceChildren(...[h('span', {}, words().onlyCommands), offer].filter((each) => each !== undefined))
  }

  composer.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  say.addEventListener('input', () => {
    active = 0
    arrowed = false
    clearNotes()
    place.replaceChildren()
    drawPalette()
  })
  say.addEventListener('blur', closePalette)
  say.addEventListener('focus', () => {
    if (place.childElementCount === 0) drawPalette()
  })
  say.addEventListener('keydown', (event) => {
    // While Hangul is being composed, Enter and the arrows belong to the input method.
    if (event.isComposing) return
    if (event.key === 'Escape') {
      closePalette()
      clearNotes()
      closeArguments()
    }
    const command = found[active]
    if (palette.hidden || !command) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      active = (active + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length
      arrowed = true
      drawPalette()
    } else if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault()
      say.value = `/${namesOf(command)[0]} `
      closePalette()
    } else if (event.key === 'Enter' && (arrowed || !isCalled(command, say.value.slice(1)))) {
      // A name typed in full runs as it stands; one picked from the list first shows what it can be told.
      event.preventDefault()
      choose(command)
    }
  })
  // Keeps the focus, and on a phone the keyboard, on the line.
  for (const each of [palette, open]) each.addEventListener('mousedown', (event) => event.preventDefault())
  open.addEventListener('click', () => {
    if (!palette.hidden) return closePalette()
    if (!/^\/\S*$/u.test(say.value)) say.value = '/'
    place.replaceChildren()
    say.focus()
    drawPalette()
  })

  return {
    draw: () => {
      byId('desk', HTMLElement).ariaLabel = words().desk
      byId('say-label', HTMLElement).textContent = words().say
      say.placeholder = words().placeholder
      open.ariaLabel = words().openPalette
      open.title = words().openPalette
      palette.ariaLabel = words().palette
      send.ariaLabel = words().send
      send.replaceChildren(icon('send'))
      clearNotes()
      place.replaceChildren()
      closePalette()
    },
    focus: () => say.focus(),
  }
}

/** @param {{ name: string, label: import('./api.js').Both }} thing
 * @returns {[own: string, other: string | undefined]} its name in the reader's language, and the one in the other if it differs */
function namesOf({ name, label }) {
  const own = label[language()]
  const other = language() === 'ko' ? name : label.ko
  return [own, other === own ? undefined : other]
}

/**
 * @param {Option} option
 * @param {string} [value]
 */
function fieldOf({ name, label, description, type, required, choices, choiceLabels }, value) {
  const here = language()
  const choiceList = choices?.map((each) => ({ value: each, label: choiceLabels?.[each]?.[here] ?? each }))
  return { name, label: label[here], description: description?.[here], type, required, choices: choiceList, value }
}
