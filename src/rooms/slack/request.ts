// Purpose: one request to a method of Slack's Web API. The library's client sends the same at many times the processor time (docs/performance.md).
import { stringify } from 'node:querystring'
import { webApi } from '@slack/bolt'
import { request } from 'undici'

/** A try is over after this: earlier than the outbox takes the row to be free again. */
export const timeoutMs = 20_000

/**
 * Calls a method once, on a line that is kept open for the next call. Throws the library's own errors for what Slack refused or answered
 * amiss (https://docs.slack.dev/apis/web-api/#responses), and the network's for the rest.
 */
export async function callMethod<T>(url: string, token: string, method: string, args: Record<string, unknown>): Promise<T> {
  const { statusCode, headers, body } = await request(url + method, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: formOf(args),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const said = await body.text()
  // Slack names a whole number of seconds.
  if (statusCode === 429) throw new webApi.WebAPIRateLimitedError(Number(headers['retry-after']) || 1)
  const result = statusCode === 200 ? resultOf(said) : undefined
  if (!result) throw new webApi.WebAPIHTTPError(statusCode, '', {})
  if (!result.ok) throw new webApi.WebAPIPlatformError({ ...result, error: String(result.error) })
  return result as T
}

/** Every method takes a form, and some of them nothing else; what is more than a word in it is JSON. */
function formOf(args: Record<string, unknown>): string {
  const fields = Object.entries(args).filter(([, value]) => value !== undefined && value !== null)
  return stringify(
    Object.fromEntries(fields.map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)])),
  )
}

type Result = webApi.WebAPICallResult & { readonly error?: unknown }

function resultOf(said: string): Result | undefined {
  try {
    const value: unknown = JSON.parse(said)
    return typeof value === 'object' && value !== null && 'ok' in value ? (value as Result) : undefined
  } catch {
    return undefined
  }
}
