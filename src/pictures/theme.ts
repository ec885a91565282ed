// Purpose: the colours of both themes, and the sizes and measures every picture shares.

import type { DiagramNode, Theme } from '../chat/picture.ts'

/** Pixels of the finished picture: twice the 600 CSS px a chat shows it at. */
export const pictureWidth = 1200
export const margin = 56
export const contentWidth = pictureWidth - 2 * margin

export const fontFamily = 'Pretendard'

/** Text sizes in px. A phone shows the picture at a third of its width, so nothing is smaller than `label`. */
export const typeScale = { title: 48, subtitle: 30, lead: 36, body: 30, label: 26 } as const

type Tone = NonNullable<DiagramNode['tone']>

export interface Palette {
  readonly ground: string
  readonly surface: string
  readonly ink: string
  readonly quiet: string
  readonly rule: string
  readonly outline: string
  readonly track: string
  readonly bar: string
  readonly accent: string
  readonly accentDeep: string
  readonly accentSoft: string
  readonly onAccent: string
  readonly frost: string
  readonly patch: string
  readonly tones: Readonly<Record<Tone, { readonly fill: string; readonly stroke: string }>>
}

/** Text colours reach 4.5:1 and shapes 3:1 on every ground they are put on (WCAG 2 AA). */
export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: '#fafbf8',
    surface: '#ffffff',
    ink: '#16241c',
    quiet: '#536158',
    rule: '#dce4dd',
    outline: '#7d8c82',
    track: '#e6ece7',
    bar: '#76857b',
    accent: '#2f8552',
    accentDeep: '#1f6b40',
    accentSoft: '#e1f2e6',
    onAccent: '#ffffff',
    frost: '#2f77b0',
    patch: '#a0660a',
    tones: {
      plain: { fill: '#ffffff', stroke: '#7d8c82' },
      kernel: { fill: '#d5eddc', stroke: '#2f8552' },
      tool: { fill: '#e0ebf6', stroke: '#4f7fae' },
      people: { fill: '#f8ecd2', stroke: '#a97c2b' },
    },
  },
  dark: {
    ground: '#161b18',
    surface: '#212824',
    ink: '#e9edea',
    quiet: '#a9b4ad',
    rule: '#303934',
    outline: '#7f8d84',
    track: '#2a322d',
    bar: '#8b998f',
    accent: '#5cc48d',
    accentDeep: '#84dcac',
    accentSoft: '#1d3529',
    onAccent: '#0a2015',
    frost: '#70b2ea',
    patch: '#d9a441',
    tones: {
      plain: { fill: '#212824', stroke: '#7f8d84' },
      kernel: { fill: '#1b3b29', stroke: '#5cc48d' },
      tool: { fill: '#1c3045', stroke: '#6fa8dc' },
      people: { fill: '#3d3119', stroke: '#d0a047' },
    },
  },
}
