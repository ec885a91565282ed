// Purpose: an instant inside a card's text: rooms that can show it in each reader's own zone do, the others show the words.

/** Around the instant and its words stand two noncharacters that nobody can type here (fields.ts refuses them). */
const token = /\ufffe(\d+)\|([^\uffff]*)\uffff/g

/** An instant (epoch ms) in a text, with the words for rooms and places that cannot do better. */
export function timeToken(at: number, words: string): string {
  return `\ufffe${at}|${words}\uffff`
}

/** The text with each instant as `show` writes it; by its words, unless told. */
export function showTimes(text: string, show: (at: number, words: string) => string = (_, words) => words): string {
  return text.replace(token, (_, at: string, words: string) => show(Number(at), words))
}
