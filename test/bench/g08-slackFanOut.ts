// Purpose: G8. Posts to many workspaces, from the outbox's table to Slack and back, beside WebClient sending the same messages.
import { clubDay } from '../../src/club/club.ts'
import { startAtOnce } from '../../src/planning.ts'
import type { NewPost } from '../../src/store/store.ts'
import { dayMs } from './club.ts'
import { atOnce, type Figure, inTurns, type Sizes } from './measure.ts'
import { startSide } from './side.ts'
import { channel, startSlackEnd, token } from './slackEnd.ts'
import { openSlackRoom } from './slackRoom.ts'

const workspaces = 100
const window = 16

export async function ours(api: string) {
  const { app, store, begun, courses, now } = await openSlackRoom(api)
  const clubs = Array.from({ length: workspaces }, (_, n) => begun(`slack:T${String(n).padStart(8, '0')}`, channel))
  for (const club of clubs) await store.saveClub(club)
  for (const { id } of clubs) await startAtOnce(store, id, now(), courses)
  const subject = courses[0]?.lessons[0]?.id ?? ''
  let made = 0
  return {
    /** Processor time of one, ms; lessons whose pictures Slack has after the first time. */
    async send(count: number): Promise<void> {
      const posts = Array.from({ length: count }, (): NewPost => {
        const club = clubs[made % workspaces]?.id ?? ''
        const day = clubDay(begun(club, ''), now()).today
        return {
          key: `lesson:${club}:bench-${made++}`,
          club,
          kind: 'lesson',
          day,
          season: day,
          subject,
          dueAt: now(),
          expiresAt: now() + dayMs,
        }
      })
      await store.enqueue(posts)
      await app.tick(now())
      await app.idle()
    },
  }
}

export async function baseline(api: string, message: Record<string, unknown>) {
  const { webApi } = await import('@slack/bolt')
  const client = new webApi.WebClient(token, { slackApiUrl: api })
  return {
    send: (count: number) => atOnce(count, window, () => client.apiCall('chat.postMessage', message)),
  }
}

export async function slackFanOut({ rounds, acts }: Sizes): Promise<Figure[]> {
  const slack = await startSlackEnd()
  const own = await startSide(import.meta.filename, ours, slack.apiUrl)
  await own.send(workspaces)
  const sides = { ours: own, baseline: await startSide(import.meta.filename, baseline, slack.apiUrl, slack.lastPost()) }
  const count = Math.ceil(acts / 2)
  const send = (side: 'ours' | 'baseline') => async () => {
    const posted = slack.posted()
    const before = await sides[side].cpu()
    await sides[side].send(count)
    if (slack.posted() - posted !== count) throw new Error(`${slack.posted() - posted} of ${count} posts arrived`)
    return { perSecond: count / (((await sides[side].cpu()) - before) / 1000) }
  }
  const found = await inTurns(rounds, { ours: send('ours'), baseline: send('baseline') })
  await Promise.all([sides.ours.stop(), sides.baseline.stop()])
  slack.stop()
  return [
    {
      what: 'posts to Slack for a second of processor time, beside WebClient',
      unit: '',
      ours: found.ours.perSecond,
      baseline: found.baseline.perSecond,
      goal: { of: 'ratio', atLeast: 3 },
    },
  ]
}
