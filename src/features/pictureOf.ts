// Purpose: a course's picture, in one language, as a card carries it.
import type { Card } from '../chat/card.ts'
import type { DiagramEdge, DiagramNode, Picture } from '../chat/picture.ts'
import type { Both, Diagram, LabelledEdge } from '../course/course.ts'
import type { Locale } from '../text/locale.ts'
import { inLocale } from './inLocale.ts'

type Image = NonNullable<Card['image']>

/** With the words that say what the picture shows. */
export function imageOf(diagram: Diagram, locale: Locale): Image {
  return { picture: pictureOf(diagram, locale), alt: inLocale(diagram.alt, locale) }
}

function pictureOf(diagram: Diagram, locale: Locale): Picture {
  const title = inLocale(diagram.title, locale)
  const edges = (all: readonly LabelledEdge[]): DiagramEdge[] =>
    all.map(({ label, ...edge }) => ({ ...edge, ...(label && { label: inLocale(label, locale) }) }))
  const words = <T extends { readonly label: Both; readonly note?: Both }>({ label, note, ...box }: T) => ({
    ...box,
    label: inLocale(label, locale),
    ...(note && { note: inLocale(note, locale) }),
  })
  switch (diagram.form) {
    case 'boxes': {
      const nodes: DiagramNode[] = diagram.nodes.map(words)
      return { kind: 'diagram', title, direction: diagram.direction, nodes, edges: edges(diagram.edges) }
    }
    case 'lanes':
      return {
        kind: 'lanes',
        title,
        lanes: diagram.lanes.map((label) => ({ label: inLocale(label, locale) })),
        rows: diagram.rows.map((row) => inLocale(row, locale)),
        items: diagram.items.map(words),
        edges: edges(diagram.edges),
      }
    case 'drawing':
      return { kind: 'drawing', title, caption: inLocale(diagram.caption, locale), svg: diagram.svg }
  }
}
