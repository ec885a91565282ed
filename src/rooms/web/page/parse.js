// Purpose: reads a typed line such as `/leaderboard by=run` or `/인증 오늘은 3장`, and finds commands while their name is being typed.
// @ts-check

/**
 * @typedef {import('./api.js').Command} Command
 * @typedef {import('./api.js').Option} Option
 * @typedef {import('./api.js').Input} Input
 * @typedef {{ kind: 'plain', text: string } | { kind: 'unknown', name: string } | { kind: 'call', command: Command, input: Input, rest: string }} Line
 */

/**
 * The name and the arguments of a typed line. `name=value` goes to that option; the words left over go to the first free option that takes them.
 * @param {string} typed
 * @param {readonly Command[]} commands
 * @returns {Line} `rest` is what found no place
 */
export const parseLine = (typed, commands) => {
  const text = typed.normalize('NFC').trim()
  if (!text.startsWith('/')) return { kind: 'plain', text }
  const [, name = '', after = ''] = /^\/(\S*)\s*(.*)$/su.exec(text) ?? []
  const command = commands.find((each) => isCalled(each, name))
  return command ? { kind: 'call', command, ...readArguments(after, command.options) } : { kind: 'unknown', name }
}

/**
 * Best first: those whose name begins with what is typed, then those that contain it. Half-typed Hangul counts (`/오느` finds `/오늘`).
 * @param {string} typed the name so far, without the slash
 * @param {readonly Command[]} commands
 */
export const findCommands = (typed, commands) => {
  const wanted = keystrokes(typed)
  const place = (/** @type {Command} */ each) => {
    const found = namesOf(each).map((name) => keystrokes(name).indexOf(wanted))
    return found.includes(0) ? 0 : found.some((at) => at > 0) ? 1 : 2
  }
  return [0, 1].flatMap((rank) => commands.filter((each) => place(each) === rank))
}

/**
 * @param {{ name: string, label: import('./api.js').Both }} thing a command or an option
 * @param {string} name
 */
export const isCalled = (thing, name) => namesOf(thing).includes(name.normalize('NFC').toLowerCase())

/** @param {{ name: string, label: import('./api.js').Both }} thing */
const namesOf = (thing) => [thing.name, thing.label.ko, thing.label.en].map((name) => name.normalize('NFC').toLowerCase())

/**
 * @param {string} text
 * @param {readonly Option[]} options
 * @returns {{ input: Input, rest: string }}
 */
function readArguments(text, options) {
  /** @type {Input} */
  const input = {}
  /** @type {string[]} */
  const left = []
  for (const [word] of text.matchAll(/[^\s=]+=(?:"[^"]*"|'[^']*'|“[^”]*”)(?!\S)|(?:"[^"]*"|“[^”]*”)(?!\S)|\S+/gu)) {
    const [, name = '', value = ''] = /^([^\s=]+)=(.*)$/su.exec(word) ?? []
    const option = options.find((each) => name && isCalled(each, name) && input[each.name] === undefined)
    if (option) input[option.name] = asValue(option, unquoted(value))
    else left.push(word)
  }
  while (left.length > 0) {
    const [first = ''] = left
    const free = options.filter((each) => input[each.name] === undefined)
    // A value that no option knows still goes to a free one, because the server explains best what it takes.
    const option = free.find((each) => takes(each, unquoted(first))) ?? free.find((each) => each.type === 'text') ?? free[0]
    if (!option) break
    const taken = option.type === 'text' ? left.splice(0) : left.splice(0, 1)
    input[option.name] = asValue(option, taken.length === 1 ? unquoted(first) : taken.join(' '))
  }
  return { input, rest: left.join(' ') }
}

/**
 * @param {Option} option
 * @param {string} word
 */
function takes(option, word) {
  if (option.type === 'choice') return choiceCalled(option, word) !== undefined
  if (option.type === 'date') return /^\d{1,4}([-./]\d{1,2}){0,2}$/.test(word)
  return option.type === 'text' || /^@?[\p{L}\p{N}_-]{1,32}$/u.test(word)
}

/**
 * @param {Option} option
 * @param {string} word
 */
function asValue(option, word) {
  if (option.type === 'choice') return choiceCalled(option, word) ?? word
  return option.type === 'member' ? word.replace(/^@/, '') : word
}

/**
 * @param {Option} option
 * @param {string} word
 */
function choiceCalled(option, word) {
  const wanted = word.toLowerCase()
  return option.choices?.find((value) => {
    const label = option.choiceLabels?.[value]
    return [value, label?.ko, label?.en].some((name) => name?.normalize('NFC').toLowerCase() === wanted)
  })
}

/** @param {string} word */
function unquoted(word) {
  return /^(?:"[^"]*"|'[^']*'|“[^”]*”)$/su.test(word) ? word.slice(1, -1) : word
}

const starts = 'ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(' ')
const vowels = 'ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ'.split(' ')
const ends = ' ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(' ')

/** Hangul as the keys pressed for it: on the way to `오늘` an input holds `온`, whose keys are a beginning of those of `오늘`.
 * @param {string} text */
function keystrokes(text) {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[가-힣]/g, (syllable) => {
      const at = syllable.charCodeAt(0) - 0xac00
      return `${starts[Math.floor(at / 588)]}${vowels[Math.floor((at % 588) / 28)]}${ends[at % 28]}`
    })
}
