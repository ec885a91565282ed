// Purpose: three first steps for someone new, each gone for good once done.
// @ts-check
import { byId, h, icon } from './dom.js'
import { words } from './words.js'

/** @typedef {'answer' | 'board' | 'morning'} Hint */

const key = 'onepercent.hints'

/** @param {(hint: Hint) => void} follow */
export const createHints = (follow) => {
  const box = byId('hints', HTMLElement)
  /** @type {Hint[]} */
  const all = ['answer', 'board', 'morning']
  const gone = new Set((localStorage.getItem(key) ?? '').split(' '))
  let clockMoves = true

  const draw = () => {
    const left = all.filter((hint) => !gone.has(hint) && (hint !== 'morning' || clockMoves))
    const label = { answer: words().hintAnswer, board: words().hintBoard, morning: words().hintMorning }
    box.hidden = left.length === 0
    box.ariaLabel = words().hints
    const chips = left.map((hint) => h('button', { type: 'button', 'data-hint': hint, click: () => follow(hint) }, label[hint]))
    const hide = h(
      'button',
      { type: 'button', class: 'quiet', id: 'hide-hints', 'aria-label': words().hideHints, click: () => done(...all) },
      icon('close'),
    )
    box.replaceChildren(...chips, hide)
  }
  const done = (/** @type {Hint[]} */ ...hints) => {
    const held = box.contains(document.activeElement)
    for (const hint of hints) gone.add(hint)
    localStorage.setItem(key, [...gone].join(' '))
    draw()
    if (held) byId('say', HTMLInputElement).focus()
  }
  return {
    done,
    /** @param {boolean} canMoveClock */
    draw: (canMoveClock) => {
      clockMoves = canMoveClock
      draw()
    },
  }
}
