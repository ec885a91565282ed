// Purpose: the colours, sizes and measures every picture shares.

/** Pixels of the finished picture: twice the 600 CSS px a chat shows it at. */
export const pictureWidth = 1200
export const margin = 56
export const contentWidth = pictureWidth - 2 * margin

export const fontFamily = 'Pretendard'

/** Text sizes in px. A phone shows the picture at a third of its width, so nothing is smaller than `label`. */
export const typeScale = { title: 48, subtitle: 30, lead: 36, body: 30, label: 26 } as const

/** Text colours reach 4.5:1 and shapes 3:1 on every ground they are put on (WCAG 2 AA). */
export const palette = {
  ground: '#fafbf8',
  surface: '#ffffff',
  ink: '#16241c',
  quiet: '#536158',
  rule: '#dce4dd',
  outline: '#7d8c82',
  track: '#e6ece7',
  bar: '#7d8c82',
  accent: '#2f8552',
  accentDeep: '#1f6b40',
  accentSoft: '#e1f2e6',
  onAccent: '#ffffff',
  frost: '#2f77b0',
  patch: '#a0660a',
} as const
