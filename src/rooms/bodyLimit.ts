// Purpose: no request to an endpoint of a platform has a body that is larger than any of the platform's.
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

/**
 * As Hono's own, which opens a stream for each request, and that takes half the time of an answer (docs/performance.md): of one that says
 * its length, as Discord's and Slack's all do, only that is looked at. Node reads no more of it than it said.
 */
export function platformBodyLimit(maxSize: number): MiddlewareHandler {
  const ofStreams = bodyLimit({ maxSize })
  return (c, next) => {
    const length = Number(c.req.header('content-length') ?? Number.NaN)
    const isKnown = length <= maxSize && c.req.header('transfer-encoding') === undefined
    return isKnown ? next() : ofStreams(c, next)
  }
}
