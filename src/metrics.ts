// Purpose: what an operator can see of the running program, as Prometheus reads it: every figure by name, and who may read them.
import { Hono, type MiddlewareHandler } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { isLoopback } from './config.ts'

/** Figures that are read at each scrape. One more is a line here, and one where its value is known. */
const readings = {
  outbox_posts: 'Posts that are due and not in their channel yet',
  outbox_edits: 'Edits of posts that are due and not made yet',
  outbox_oldest_seconds: 'For how long the oldest of the posts in outbox_posts has been due',
  database_bytes: 'Size of the database file',
  database_wal_bytes: 'Size of its write-ahead log',
  backup_age_seconds: 'Since the newest nightly backup was made; NaN while there is none',
} as const

const secondsOfAnAnswer = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10]

export type Metrics = ReturnType<typeof createMetrics>

/**
 * The counters of one program. Their labels have few values, all of our own choosing: never a club, a member, or what somebody typed
 * (a command that we do not know is `other`).
 */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const metric = (name: string, help: string) => ({ name: `onepercent_${name}`, help, registers })
  const startedAt = Date.now()
  let tickedAt = startedAt

  /** Reads a figure at each scrape; cheap, please. One that cannot be read is NaN, and the others are still told. */
  function read(name: keyof typeof readings, value: () => number | Promise<number>): void {
    new Gauge({
      ...metric(name, readings[name]),
      async collect() {
        this.set(
          await Promise.resolve()
            .then(value)
            .catch(() => Number.NaN),
        )
      },
    })
  }

  new Gauge({
    ...metric('tick_age_seconds', 'Since the last time that planning and sending were begun without a failure; a tick comes each minute'),
    collect() {
      this.set((Date.now() - tickedAt) / 1000)
    },
  })

  return {
    registry,
    postsDue: new Counter({ ...metric('posts_due_total', 'Posts that came due'), labelNames: ['room', 'kind'] }),
    posts: new Counter({
      ...metric(
        'posts_total',
        'Posts that left the outbox: sent, late (sent, more than five minutes after they were due), omitted (given up) or expired',
      ),
      labelNames: ['room', 'kind', 'outcome'],
    }),
    edits: new Counter({
      ...metric('edits_total', 'Tries to edit a post: done, failed (tried again) or omitted (given up)'),
      labelNames: ['room', 'kind', 'outcome'],
    }),
    answers: new Counter({
      ...metric('answers_total', 'Answers to commands, buttons and forms: card, form, or the code of a refusal'),
      labelNames: ['room', 'command', 'outcome'],
    }),
    answerSeconds: new Histogram({
      ...metric(
        'answer_seconds',
        'From the moment a call was read until its answer was ready, everything written down; without the network',
      ),
      labelNames: ['room', 'command'],
      buckets: secondsOfAnAnswer,
    }),
    platformErrors: new Counter({
      ...metric('platform_errors_total', 'Requests to a platform that failed, by what the failure means'),
      labelNames: ['room', 'sort'],
    }),
    /** A round of planning and sending went well. */
    ticked(): void {
      tickedAt = Date.now()
    },
    read,
    /** Adds what Node tells of the process itself: CPU, memory, garbage collection, the lag of the event loop. Once a process. */
    watchProcess: () => collectDefaultMetrics({ register: registry }),
  }
}

/**
 * `GET /metrics`. With a token, for whoever has it; without one, for this machine alone: only on an address that no other machine
 * reaches, and only under a name of this machine's own, so that no page that somebody has open can read it.
 */
export function metricsEndpoint({ registry }: Metrics, { host, token }: { readonly host: string; readonly token?: string }): Hono {
  const onlyHere: MiddlewareHandler = async (c, next) =>
    isLoopback(host) && isLoopback(new URL(c.req.url).hostname) ? next() : c.notFound()
  const http = new Hono()
  http.get('/metrics', token === undefined ? onlyHere : bearerAuth({ token }), async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  return http
}
