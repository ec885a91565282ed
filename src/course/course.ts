// Purpose: what a course is once it has been read from its files. Types only.
import type { DiagramEdge, DiagramNode, LanesItem } from '../chat/picture.ts'
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
  readonly flow?: Flow
}

/** Where a lesson can show a picture: in the channel, under "Read more", with the full lesson. */
export const pictureParts = ['channel', 'more', 'full'] as const
export type PicturePart = (typeof pictureParts)[number]

export interface Lesson {
  /** From the front matter; progress is kept by it, so it never changes, whatever happens to the file's name or place. */
  readonly id: string
  readonly text: Readonly<Partial<Record<Locale, LessonText>>>
  readonly pictures: Readonly<Partial<Record<PicturePart, Diagram>>>
  /** Lessons to have read before, by id. */
  readonly requires: readonly string[]
  /** What its facts rest on; the small numbers in the full lesson count from the first. */
  readonly sources: readonly Source[]
  readonly lab?: Lab
}

export interface LessonText {
  readonly title: string
  /** What a lock screen shows: plain text, at most 80 characters. */
  readonly hook: string
  /** The sections of the source post that the lesson is drawn from, as its footer says them; may be empty. */
  readonly section: string
  /** The part that is posted in the channel. */
  readonly channel: string
  readonly more: string
  /** With small numbers where a fact rests on a source. */
  readonly full: string
  readonly questions: readonly Question[]
  readonly map: readonly MapAddition[]
}

/** What a reader adds to their own big picture: two things and how one leads to the other. */
export interface MapAddition {
  readonly from: string
  readonly link: string
  readonly to: string
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

/** `observed`: we ran it; `inference`: we concluded or computed it; `post`: the post that the course retells. */
export const sourceKinds = ['primary', 'secondary', 'observed', 'inference', 'post'] as const
export type SourceKind = (typeof sourceKinds)[number]

export interface Source {
  readonly title: Both
  readonly kind: SourceKind
  /** Those of the first two kinds have one. */
  readonly url?: string
  /** The day on which the fact was last compared with it. */
  readonly checked: string
}

/** What a lab's step needs beyond a shell and root: a root of cgroup v2. */
export const labNeeds = ['cgroup2'] as const

export interface LabStep {
  readonly do: Both
  /** Shell commands, the same in every language. A step on paper has none. */
  readonly run?: string
  /** What to look for. */
  readonly see?: Both
  /** What it printed where it was run: for who has no Linux. */
  readonly output?: string
  /** What the output must contain. */
  readonly expect?: readonly string[]
  readonly fails?: boolean
  readonly needs?: (typeof labNeeds)[number]
}

export interface Lab {
  readonly title: Both
  readonly minutes: number
  readonly steps: readonly LabStep[]
  readonly cleanup: { readonly do: Both; readonly run?: string }
  readonly wsl2: Both
  readonly macos: Both
  /** The way for who has no Linux. */
  readonly without: Both
  /** Why the script in test/labs does not run it; undefined when it does. */
  readonly notRun?: Both
}

/** A picture as data, in each language: boxes and arrows, lanes, or a drawing. */
export type Diagram = {
  readonly id: string
  readonly title: Both
  readonly alt: Both
  /** What its years and names rest on, as keys of sources.yaml. */
  readonly sources: readonly string[]
} & (
  | {
      readonly form: 'boxes'
      readonly direction: 'right' | 'down'
      readonly nodes: readonly (Omit<DiagramNode, 'label' | 'note'> & { readonly label: Both; readonly note?: Both })[]
      readonly edges: readonly LabelledEdge[]
    }
  | {
      readonly form: 'lanes'
      readonly lanes: readonly Both[]
      readonly rows: readonly Both[]
      readonly items: readonly (Omit<LanesItem, 'label' | 'note'> & { readonly label: Both; readonly note?: Both })[]
      readonly edges: readonly LabelledEdge[]
    }
  | { readonly form: 'drawing'; readonly caption: Both; readonly svg: string }
)

export type LabelledEdge = Omit<DiagramEdge, 'label'> & { readonly label?: Both }

/** How a container comes to be, version by version: what `/flow` steps through. */
export interface Flow {
  readonly title: Both
  readonly steps: readonly FlowStep[]
}

export interface FlowStep {
  /** One version or a range, as it is shown: `1.36`, `1.24–1.25`. */
  readonly versions: string
  /** The dates, in words. */
  readonly when: Both
  /** What is different from the step before, with small numbers where a fact rests on a source. */
  readonly changed: Both
  readonly sources: readonly Source[]
  readonly picture: Diagram
}

export interface Myth {
  readonly id: string
  readonly statement: Both
  readonly verdict: Verdict
  /** One remark for each answer a voter can give. */
  readonly remarks: Readonly<Record<Verdict, Both>>
  readonly sources: readonly Source[]
  /** The lesson that explains it; it may not be written yet. */
  readonly lesson: string
  /** Asked with the others of the same lesson before that lesson was posted. */
  readonly before?: string
  /** Asked once more after this lesson was posted. */
  readonly again?: string
}
