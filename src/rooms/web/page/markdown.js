// Purpose: Markdown → DOM nodes. No text is ever parsed as markup, so nothing in a card can run or restyle the page.
// @ts-check
import { h } from './dom.js'
import { lexer } from './marked.js'

/** @typedef {import('./marked.js').Token} Token */

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export const markdown = (text) => nodes(lexer(text, { gfm: true, breaks: true }))

/**
 * @param {string} href
 * @returns {string | undefined} the address if it is one of the web
 */
const webAddress = (href) => {
  const url = URL.canParse(href) ? new URL(href) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}

/** @param {readonly Token[] | undefined} tokens */
function nodes(tokens) {
  const fragment = document.createDocumentFragment()
  for (const token of tokens ?? []) fragment.append(node(token))
  return fragment
}

/**
 * @param {Token} token
 * @returns {Node | string}
 */
function node(token) {
  switch (token.type) {
    case 'space':
    case 'def':
      return ''
    case 'paragraph':
      return h('p', {}, nodes(token.tokens))
    case 'heading':
      // The page's title is h1 and a card's is h2.
      return h(/** @type {'h3'} */ (`h${Math.min(6, token.depth + 2)}`), {}, nodes(token.tokens))
    case 'strong':
    case 'em':
    case 'del':
    case 'blockquote':
      return h(token.type, {}, nodes(token.tokens))
    case 'codespan':
      return h('code', {}, token.text)
    case 'code':
      return h('pre', { tabindex: 0 }, h('code', {}, token.text))
    case 'br':
    case 'hr':
      return h(token.type)
    case 'list':
      return list(/** @type {import('./marked.js').Tokens.List} */ (token))
    case 'checkbox':
      return h('input', { type: 'checkbox', disabled: true, checked: token.checked })
    case 'table':
      return table(/** @type {import('./marked.js').Tokens.Table} */ (token))
    case 'link':
      return link(token.href, nodes(token.tokens))
    case 'image':
      return link(token.href, token.text || token.href)
    case 'text':
      return token.tokens ? nodes(token.tokens) : unescaped(token.text)
    default:
      return 'text' in token && typeof token.text === 'string' ? token.text : token.raw
  }
}

/** @param {import('./marked.js').Tokens.List} token */
function list(token) {
  const items = token.items.map((item) => h('li', {}, nodes(item.tokens)))
  return token.ordered ? h('ol', { start: token.start || 1 }, ...items) : h('ul', {}, ...items)
}

/** @param {import('./marked.js').Tokens.Table} token */
function table(token) {
  const head = token.header.map((cell) => h('th', { scope: 'col', class: cell.align ?? undefined }, nodes(cell.tokens)))
  const rows = token.rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', { class: cell.align ?? undefined }, nodes(cell.tokens)))))
  return h('div', { class: 'table', tabindex: 0 }, h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)))
}

/**
 * @param {string} href
 * @param {Node | string} content
 */
function link(href, content) {
  const address = webAddress(href)
  return address ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, content) : content
}

/** marked leaves `&amp;` and the like for an HTML renderer to pass on; a text node needs the character itself.
 * @param {string} text */
function unescaped(text) {
  return text.replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, (entity) => {
    return new DOMParser().parseFromString(entity, 'text/html').documentElement.textContent ?? entity
  })
}
