// Purpose: tells the type checker what the server sends as /page/marked.js.
export { lexer, type Token, type Tokens } from 'marked'
