// Purpose: a card as the web room's JSON. Pure.
import { createHash } from 'node:crypto'
import type { Button, Card, CardField } from '../../chat/card.ts'
import { showTimes } from '../../chat/time.ts'

export interface WebCard {
  readonly title?: string
  readonly text: string
  readonly fields?: readonly CardField[]
  readonly image?: { readonly url: string; readonly alt: string }
  readonly buttons?: readonly Button[]
  readonly footer?: string
}

export interface DrawnMessage {
  readonly id: string
  readonly at: string
  readonly by: string
  readonly card: WebCard
  readonly onlyYou: boolean
}

/** The card's JSON; pictures and files are fetched by the message's id. `as` is whose private message it is. */
export function drawCard(card: Card, id: string, as: string | undefined): WebCard {
  const { title, text, fields, image, file, buttons = [], footer } = card
  const query = as === undefined ? '' : `as=${encodeURIComponent(as)}&`
  const download = file ? [{ label: file.label, href: `/messages/${id}/file?${query}` }] : []
  const all = [...buttons, ...download]
  return {
    ...(title && { title }),
    text: showTimes(text),
    ...(fields && fields.length > 0 && { fields }),
    ...(image && { image: { url: `/messages/${id}/picture.png?${query}v=${versionOf(image.picture)}`, alt: image.alt } }),
    ...(all.length > 0 && { buttons: all }),
    ...(footer && { footer }),
  }
}

/** The picture's address changes with its content, so that it can be cached for ever. */
function versionOf(picture: unknown): string {
  return createHash('sha256').update(JSON.stringify(picture)).digest('hex').slice(0, 12)
}
