// Purpose: the client of Discord's API: the library's, which tells of each request that failed and keeps its token.
import { type InternalRequest, REST, type RESTOptions } from 'discord.js'
import type { FailureSort } from '../../chat/network.ts'
import { sortOf } from './errors.ts'

export class DiscordRest extends REST {
  readonly #failed: (sort: FailureSort) => void

  constructor(options: Partial<RESTOptions>, failed: (sort: FailureSort) => void) {
    super(options)
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
