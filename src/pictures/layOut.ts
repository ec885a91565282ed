// Purpose: where everything of a picture is drawn. Loaded at the first draw.
import type { Picture, Theme } from '../chat/picture.ts'
import { board } from './board.ts'
import { calendar } from './calendar.ts'
import { diagram } from './diagram.ts'
import { drawing } from './drawing.ts'
import { lanes } from './lanes.ts'
import type { Page } from './page.ts'
import { poll } from './poll.ts'
import { shift } from './shift.ts'
import { palettes } from './theme.ts'

/** The picture as a tree of nodes. */
export function layOut(picture: Picture, theme: Theme): Page {
  const palette = palettes[theme]
  switch (picture.kind) {
    case 'board':
      return board(picture, palette)
    case 'calendar':
      return calendar(picture, palette)
    case 'poll':
      return poll(picture, palette)
    case 'shift':
      return shift(picture, palette)
    case 'diagram':
      return diagram(picture, palette)
    case 'lanes':
      return lanes(picture, palette)
    case 'drawing':
      return drawing(picture, palette)
  }
}
