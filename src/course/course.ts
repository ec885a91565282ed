// Purpose: what a course is once it has been read from its files. Types only.
import type { DiagramEdge, DiagramNode } from '../chat/picture.ts'
import type { Verdict } from '../club/poll.ts'
import type { Locale } from '../text/locale.ts'

/** A word or sentence in each language of the course; a course of our own has both. */
export type Both = Readonly<Partial<Record<Locale, string>>>

export interface Course {
  /** The folder's name. */
  readonly id: string
  readonly title: Both
  readonly locales: readonly Locale[]
  readonly lessons: readonly Lesson[]
  readonly myths: readonly Myth[]
}

export interface Lesson {
  /** From the front matter; progress is kept by it, so it never changes, whatever happens to the file's name or place. */
  readonly id: string
  readonly text: Readonly<Partial<Record<Locale, LessonText>>>
  readonly diagram?: Diagram
}

export interface LessonText {
  readonly title: string
  /** What a lock screen shows: plain text, at most 80 characters. */
  readonly hook: string
  /** The section of the source post that the lesson is drawn from, as its footer says it. */
  readonly section: string
  /** The part that is posted in the channel. */
  readonly channel: string
  readonly more: string
  readonly full: string
  readonly questions: readonly Question[]
}

export interface Question {
  readonly text: string
  readonly options: readonly Option[]
}

export interface Option {
  readonly text: string
  readonly right: boolean
  /** Why this option is right or wrong. */
  readonly remark: string
}

export interface Diagram {
  readonly id: string
  readonly title: Both
  readonly alt: Both
  readonly direction: 'right' | 'down'
  readonly nodes: readonly (Omit<DiagramNode, 'label' | 'note'> & { readonly label: Both; readonly note?: Both })[]
  readonly edges: readonly (Omit<DiagramEdge, 'label'> & { readonly label?: Both })[]
}

export interface Myth {
  readonly id: string
  readonly statement: Both
  readonly verdict: Verdict
  /** One remark for each answer a voter can give. */
  readonly remarks: Readonly<Record<Verdict, Both>>
  readonly sources: readonly { readonly title: string; readonly url: string; readonly checked: string }[]
  /** The lesson that explains it; it may not be written yet. */
  readonly lesson: string
  /** Asked from the start, before its lesson was seen. */
  readonly opening: boolean
}
