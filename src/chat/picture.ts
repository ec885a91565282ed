// Purpose: what a picture says, as plain data, so that a card with a picture can be stored, compared and drawn later.

/** What a picture is drawn on: a page by day or by night. */
export type Theme = 'light' | 'dark'

/** One line of a leaderboard; every string is already in the reader's language. */
export interface BoardRow {
  readonly rank: string
  readonly name: string
  /** What the board ranks by, for example `5일`. */
  readonly value: string
  /** The quieter facts of the row, for example `연속 12 · 최고 20`. */
  readonly note: string
  readonly me?: boolean
}

/** How a day ended. Marks differ by shape as well as by colour. */
export type DayMark = 'counted' | 'frozen' | 'repaired' | 'neutral' | 'off' | 'missed' | 'open' | 'none'

/** One box of a diagram. `tone` groups boxes that belong together; `ended` marks what is no more. */
export interface DiagramNode {
  readonly id: string
  readonly label: string
  /** A second, smaller line: a year or a short remark. */
  readonly note?: string
  readonly tone?: 'plain' | 'kernel' | 'tool' | 'people'
  readonly ended?: boolean
}

/** A box of a picture in lanes. `lane` and `row` count from 0; it begins in `row` and reaches down to `until`, if that is said. */
export interface LanesItem extends DiagramNode {
  readonly lane: number
  readonly row: number
  readonly until?: number
}

/** A part of all answers, from 0 to 1, and how it is written, for example `62 %`. */
export interface Share {
  readonly share: number
  readonly value: string
}

export interface DiagramEdge {
  readonly from: string
  readonly to: string
  readonly label?: string
  /** Dashed means inspired by, or optional. */
  readonly dashed?: boolean
}

export type Picture =
  | { readonly kind: 'board'; readonly title: string; readonly subtitle: string; readonly rows: readonly BoardRow[] }
  | {
      readonly kind: 'calendar'
      readonly title: string
      readonly subtitle: string
      /** Monday first, seven names. */
      readonly weekdays: readonly string[]
      /** Whole weeks, Monday first, oldest first. */
      readonly days: readonly { readonly day: string; readonly mark: DayMark }[]
      readonly legend: readonly { readonly mark: DayMark; readonly label: string }[]
    }
  | {
      readonly kind: 'poll'
      readonly title: string
      readonly subtitle: string
      readonly bars: readonly { readonly label: string; readonly votes: number; readonly value: string; readonly right: boolean }[]
    }
  | {
      readonly kind: 'shift'
      readonly title: string
      readonly subtitle: string
      /** What the first bars are called, and the second: when the two were asked. Without `after` nothing has moved yet. */
      readonly before: string
      readonly after?: string
      readonly rows: readonly { readonly label: string; readonly before: Share; readonly after?: Share }[]
    }
  | {
      readonly kind: 'diagram'
      readonly title: string
      readonly direction: 'right' | 'down'
      readonly nodes: readonly DiagramNode[]
      readonly edges: readonly DiagramEdge[]
    }
  | {
      readonly kind: 'lanes'
      readonly title: string
      /** From left to right. */
      readonly lanes: readonly { readonly label: string }[]
      /** From top to bottom: years, steps or versions. An empty one continues the row above it. */
      readonly rows: readonly string[]
      /** Those of one cell stand one under the other, in this order. */
      readonly items: readonly LanesItem[]
      readonly edges: readonly DiagramEdge[]
    }
  | {
      readonly kind: 'drawing'
      readonly title: string
      readonly caption: string
      /** Shapes only: text in it is not drawn. It has a `viewBox` and looks good on light and dark ground. */
      readonly svg: string
    }
