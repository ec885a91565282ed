// Purpose: starts the page and joins its parts: who is here, what the room says, and what happens when something is pressed.
// @ts-check
import { call, fetchCommands, fetchMessages, fetchRoom, listen, moveClock, Refusal } from './api.js'
import { byId } from './dom.js'
import { drawForm } from './form.js'
import { createHeader } from './header.js'
import { createHints } from './hints.js'
import { createLog } from './log.js'
import { createComposer } from './palette.js'
import { language, setLanguage, words } from './words.js'

/**
 * @typedef {import('./api.js').Room} Room
 * @typedef {import('./api.js').Clock} Clock
 * @typedef {import('./api.js').Form} Form
 */

const namesKey = 'onepercent.names'
const memberKey = 'onepercent.member'

// Of the session, so that two tabs can be two members and a new one starts as the host.
const keptMember = sessionStorage.getItem(memberKey)
let me = keptMember ?? 'host'
/** @type {Room | undefined} */
let room
/** @type {import('./api.js').Command[]} */
let commands = []
/** @type {ReturnType<typeof listen> | undefined} */
let stream
let entered = 0

const log = createLog((press, opener) => act({ press, input: {} }, { focus: true, opener }).then(() => hints.done('answer')))

const header = createHeader({
  member: (name) => enter(name),
  language: () => {
    setLanguage(language() === 'ko' ? 'en' : 'ko')
    drawWords()
    enter(me)
  },
  nextMorning,
  inAnHour: () => move({ forward: 'PT1H' }),
  examples: async () => {
    const press = room?.examples?.press
    if (press) await act({ press, input: {} }, { focus: false })
    await readRoom(me)
  },
})

const composer = createComposer({
  commands: () => commands.filter(({ organiserOnly }) => !organiserOnly || room?.organiser),
  names: () => knownNames(),
  run: (command, input) => act({ command, input }, { focus: false }),
})

const hints = createHints((hint) => {
  if (hint === 'morning') return nextMorning().catch(complain)
  if (hint === 'board') return act({ command: 'leaderboard', input: {} }, { focus: true }).catch(complain)
  const question = log.question()
  if (!question) return act({ command: 'today', input: {} }, { focus: true }).catch(complain)
  log.show(question, false)
  question.querySelector('button')?.focus({ preventScroll: true })
})

drawWords()
enter(me)

/** Becomes this member, or reads everything again if it is me.
 * @param {string} name */
async function enter(name) {
  const turn = ++entered
  stream?.close()
  closeForm()
  if (name !== me) log.clear()
  me = name
  try {
    await Promise.all([readRoom(name), readCommands()])
  } catch (error) {
    complain(error)
    // The server may be starting.
    setTimeout(() => turn === entered && enter(name), 3000)
    return
  }
  if (turn !== entered || !room) return
  if (!keptMember && turn === 1 && room.host !== name) return enter(room.host)
  header.complain('')
  sessionStorage.setItem(memberKey, name)
  keepName(name)
  header.draw(room, me, knownNames())
  stream = listen(name, {
    message: (message) => turn === entered && log.add(message),
    edit: (message) => turn === entered && log.edit(message),
    clock: (clock) => hear(clock),
    up: () => {
      header.connection(false)
      readMessages(turn).catch(complain)
    },
    down: () => turn === entered && header.connection(true),
  })
}

/** @param {string} as */
async function readRoom(as) {
  const next = await fetchRoom(as)
  if (as !== me) return
  room = next
  header.hear(next)
  header.draw(next, me, knownNames())
  log.redraw(next.zone)
  hints.draw(next.clock)
}

async function readCommands() {
  commands = await fetchCommands()
}

/** @param {number} turn */
async function readMessages(turn) {
  const messages = await fetchMessages(me)
  if (turn === entered) log.fill(messages)
}

/**
 * @param {import('./api.js').Act} what
 * @param {{ focus: boolean, opener?: HTMLElement }} how whether the answer takes the focus, and where it was asked
 * @throws {Refusal} with a sentence for the member
 */
async function act(what, { focus, opener }) {
  const turn = entered
  const answered = log.awaitAnswer(me, focus ? 'focus' : 'show')
  try {
    const { form } = await call(me, what)
    if (turn !== entered) return
    if (form) openForm(form, opener)
    if ('command' in what && what.command === 'leaderboard') hints.done('board')
    if (!stream?.isOpen()) await readMessages(turn)
  } finally {
    answered()
  }
}

async function nextMorning() {
  if (!room) return
  await move({ now: room.nextMorning })
  hints.done('morning')
}

/** @param {Parameters<typeof moveClock>[0]} step */
async function move(step) {
  const answered = log.awaitAnswer(me, 'all')
  try {
    hear(await moveClock(step))
  } finally {
    answered()
  }
}

/** @param {Clock} clock */
function hear(clock) {
  if (room) Object.assign(room, clock)
  header.hear(clock)
}

/**
 * @param {Form} form
 * @param {HTMLElement} [opener] has the focus back when the form is left
 */
function openForm(form, opener) {
  const { element, focus } = drawForm({
    title: form.title,
    fields: form.fields,
    submitLabel: words().send,
    names: knownNames(),
    submit: async (input) => {
      await act({ press: form.submit, input }, { focus: true })
      if (!element.isConnected) return
      closeForm()
      if (document.activeElement === document.body) byId('channel', HTMLElement).focus()
    },
    cancel: () => {
      closeForm()
      if (opener?.isConnected) log.show(opener, true)
      else composer.focus()
    },
  })
  byId('form-place', HTMLElement).replaceChildren(element)
  log.show(element, false)
  focus()
}

function closeForm() {
  byId('form-place', HTMLElement).replaceChildren()
}

function knownNames() {
  const kept = /** @type {string[]} */ (JSON.parse(localStorage.getItem(namesKey) ?? '[]'))
  return [...new Set([...(room ? [room.host] : []), ...kept, me, ...(room?.examples?.names ?? [])])]
}

/** @param {string} name */
function keepName(name) {
  const notKept = [room?.host, ...(room?.examples?.names ?? [])]
  const kept = knownNames().filter((each) => !notKept.includes(each))
  if (!notKept.includes(name) && !kept.includes(name)) kept.push(name)
  localStorage.setItem(namesKey, JSON.stringify(kept))
}

function drawWords() {
  document.documentElement.lang = language()
  byId('skip-to-channel', HTMLElement).textContent = words().skipToChannel
  byId('skip-to-say', HTMLElement).textContent = words().skipToSay
  byId('header', HTMLElement).ariaLabel = words().header
  byId('channel', HTMLElement).ariaLabel = words().channel
  byId('messages', HTMLElement).ariaLabel = words().channel
  byId('empty', HTMLElement).textContent = words().empty
  composer.draw()
}

/** @param {unknown} error */
function complain(error) {
  if (!(error instanceof Refusal)) throw error
  header.complain(error.message)
}
