// Purpose: the first word to an interaction of the gateway, on a line that is kept open: the library's client takes several times the time.
import { type RawFile, type REST, Routes } from 'discord.js'
import { request } from 'undici'

export interface FirstAnswer {
  readonly id: string
  readonly token: string
  readonly body: object
  readonly files: readonly RawFile[]
}

/**
 * Sends it. What is anything but taken at once is tried again by the library, which knows all that can go wrong, and throws what that throws;
 * if the first try had arrived after all, Discord says that it was answered already.
 */
export async function sendFirstAnswer(rest: REST, api: string, { id, token, body, files }: FirstAnswer, timeoutMs: number): Promise<void> {
  const route = Routes.interactionCallback(id, token)
  if (files.length === 0 && (await isTaken(`${api}/v10${route}`, body, timeoutMs))) return
  await rest.post(route, { auth: false, body, files: [...files] })
}

async function isTaken(url: string, body: object, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body.dump()
    return answer.statusCode < 300
  } catch {
    return false
  }
}
