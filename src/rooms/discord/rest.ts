// Purpose: the client of Discord's API as we need it: an answer is in time as a whole, a token is kept, and each failure is told.
import { DefaultRestOptions, type InternalRequest, REST, type RESTOptions } from 'discord.js'
import type { FailureSort } from '../../chat/network.ts'
import { sortOf } from './errors.ts'

/** The library's deadline ends with the head of an answer: where the body never ends, it would be waited for. */
export const whole: RESTOptions['makeRequest'] = async (url, init) => {
  const answer = await DefaultRestOptions.makeRequest(url, init)
  const body = await answer.arrayBuffer()
  const { status, statusText } = answer
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers: [...answer.headers] })
}

export class DiscordRest extends REST {
  readonly #failed: (sort: FailureSort) => void

  constructor(options: Partial<RESTOptions>, failed: (sort: FailureSort) => void) {
    super({ makeRequest: whole, ...options })
    this.#failed = failed
  }

  /** The library forgets its token at the first 401, and all later requests fail: whether it is refused is for us to find out (posts.ts). */
  override setToken(token: string | null): this {
    return token === null ? this : super.setToken(token)
  }

  override async request(options: InternalRequest): Promise<unknown> {
    try {
      return await super.request(options)
    } catch (error) {
      this.#failed(sortOf(error))
      throw error
    }
  }
}
