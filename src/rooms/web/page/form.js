// Purpose: a small form in the page: one that the server asks for, or the arguments of a command.
// @ts-check
import { h, icon } from './dom.js'
import { words } from './words.js'

/**
 * @typedef {{ name: string, label: string, description?: string, type: 'text' | 'paragraph' | 'choice' | 'member' | 'date', required: boolean, max?: number, choices?: { value: string, label: string }[], value?: string }} Field
 * @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control
 * @typedef {import('./api.js').Input} Input
 */

let drawnForms = 0

/**
 * `focus` moves into the first empty field. What was typed stays when `submit` rejects; its sentence is shown above the buttons.
 * @param {{ title: string, fields: Field[], submitLabel: string, names: readonly string[], submit: (input: Input) => Promise<void>, cancel: () => void }} parts
 */
export const drawForm = ({ title, fields, submitLabel, names, submit, cancel }) => {
  const id = `form-${++drawnForms}`
  const controls = fields.map((field, index) => ({ field, ...drawControl(field, `${id}-${index}`, names) }))
  const alert = h('p', { class: 'error', role: 'alert' })
  const send = h('button', { type: 'submit', class: 'primary' }, submitLabel)
  let busy = false

  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    if (busy) return
    alert.textContent = ''
    const wrong = controls.filter(({ control, field, problem }) => {
      const missing = field.required && control.value.trim() === ''
      problem.textContent = missing ? words().fillThis : ''
      control.ariaInvalid = missing ? 'true' : null
      return missing
    })
    if (wrong[0]) return wrong[0].control.focus()
    busy = true
    send.ariaBusy = 'true'
    try {
      const filled = controls.filter(({ control }) => control.value.trim() !== '')
      await submit(Object.fromEntries(filled.map(({ control, field }) => [field.name, control.value.trim()])))
    } catch (error) {
      alert.textContent = error instanceof Error ? error.message : String(error)
    } finally {
      busy = false
      send.ariaBusy = null
    }
  }
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      cancel()
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.requestSubmit()
  }
  const element = h(
    'form',
    { class: 'form', novalidate: true, autocomplete: 'off', 'aria-labelledby': id, submit: onSubmit, keydown: onKey },
    h('h2', { id }, title),
    h('div', { class: 'form-fields' }, ...controls.map(({ box }) => box)),
    alert,
    h('div', { class: 'buttons' }, send, h('button', { type: 'button', click: cancel }, words().cancel)),
  )
  const focus = () => (controls.find(({ control }) => control.value === '')?.control ?? controls[0]?.control ?? send).focus()
  return { element, focus }
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {readonly string[]} names
 * @returns {{ box: HTMLElement, control: Control, problem: HTMLElement }}
 */
function drawControl(field, id, names) {
  const { control, beside } = drawInput(field, id, names)
  control.value = field.value ?? ''
  const problem = h('span', { class: 'problem', id: `${id}-problem` })
  const hint = field.description ? h('span', { class: 'hint', id: `${id}-hint` }, field.description) : undefined
  control.setAttribute('aria-describedby', `${id}-problem${hint ? ` ${id}-hint` : ''}`)
  const mark = field.required ? h('span', { class: 'required' }, `(${words().required})`) : undefined
  const label = h('label', { for: id }, field.label, ' ', mark)
  return {
    box: h(
      'div',
      { class: 'field' },
      h('div', { class: 'field-head' }, label, counter(field, control)),
      h('div', { class: 'with-pick' }, control, beside),
      hint,
      problem,
    ),
    control,
    problem,
  }
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {readonly string[]} names
 * @returns {{ control: Control, beside?: HTMLElement }}
 */
function drawInput(field, id, names) {
  const attributes = { id, name: field.name, maxlength: field.max, 'aria-required': field.required ? 'true' : undefined }
  if (field.type === 'paragraph') return { control: h('textarea', { ...attributes, rows: 3 }) }
  if (field.type === 'choice') {
    const choices = (field.choices ?? []).map(({ value, label }) => h('option', { value }, label))
    return { control: h('select', attributes, h('option', { value: '' }, words().none), ...choices) }
  }
  if (field.type === 'text') return { control: h('input', { ...attributes, type: 'text' }) }
  const control = h('input', { ...attributes, type: 'text', list: `${id}-list` })
  if (field.type === 'member') return { control, beside: suggestions(`${id}-list`, names) }
  control.placeholder = words().dateExample
  // The club also takes a number of days, so the calendar only fills in the text.
  const calendar = h('input', {
    type: 'date',
    class: 'unseen',
    tabindex: -1,
    'aria-hidden': 'true',
    change: () => {
      control.value = calendar.value
      control.focus()
    },
  })
  const pick = h(
    'button',
    { type: 'button', title: words().pickDate, 'aria-label': words().pickDate, click: () => calendar.showPicker() },
    icon('calendar'),
  )
  return { control, beside: h('span', { class: 'pick' }, pick, calendar, suggestions(`${id}-list`, ['1', '3', '7'])) }
}

/**
 * @param {string} id
 * @param {readonly string[]} values
 */
function suggestions(id, values) {
  return h('datalist', { id }, ...values.map((value) => h('option', { value })))
}

/**
 * @param {Field} field
 * @param {Control} control
 */
function counter(field, control) {
  if (!field.max || field.type === 'choice') return undefined
  const shown = h('span', { class: 'counter', 'aria-hidden': 'true' })
  const count = () => {
    shown.textContent = `${control.value.length}/${field.max}`
  }
  control.addEventListener('input', count)
  count()
  return shown
}
