// Purpose: the table of contents: everything a member can do, and every kind of post.
import { answer, ask, review } from './answer.ts'
import { checkin, line } from './checkin.ts'
import { club, hideNote, stepDown } from './club.ts'
import { change } from './clubSettings.ts'
import { greetingPost, move, setUp, start, test } from './clubSetUp.ts'
import { data, erasePress, exportPress } from './data.ts'
import { addExamples, removeExamples } from './examples.ts'
import { flow, flowPress } from './flow.ts'
import type { Command, PostDrawer, Press } from './handler.ts'
import { help } from './help.ts'
import { home } from './home.ts'
import { lab, labTab } from './lab.ts'
import { boardPress, leaderboard } from './leaderboard.ts'
import { full, lesson, lessonPost, more, reopen, reviewPost } from './lesson.ts'
import { ownNext } from './ownPace.ts'
import { pause, pausePress } from './pause.ts'
import { mind, poll, pollPost, pollPress, vote } from './poll.ts'
import { lookbackPost, next, quietPost, resume, summary } from './rest.ts'
import { appear, nickname, settings, zone } from './settings.ts'
import { share, sharePost } from './share.ts'
import { sources } from './sources.ts'
import { repair, streak, why } from './streak.ts'
import { today } from './today.ts'

export const commands: readonly Command[] = [today, lesson, checkin, poll, streak, leaderboard, pause, settings, data, club, flow, help]

export const presses: readonly Press[] = [
  answer,
  review,
  ask,
  more,
  full,
  lab,
  labTab,
  sources,
  ownNext,
  flowPress,
  reopen,
  line,
  vote,
  mind,
  pollPress,
  why,
  repair,
  boardPress,
  share,
  pausePress,
  appear,
  nickname,
  zone,
  home,
  exportPress,
  erasePress,
  summary,
  resume,
  next,
  setUp,
  start,
  move,
  change,
  test,
  stepDown,
  hideNote,
  addExamples,
  removeExamples,
]

export const drawers: readonly PostDrawer[] = [lessonPost, reviewPost, pollPost, quietPost, lookbackPost, sharePost, greetingPost]
