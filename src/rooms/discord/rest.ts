// Purpose: the client of Discord's API, which tells of each request that failed, whoever made it.
import { type InternalRequest, REST, type RESTOptions } from 'discord.js'
import type { FailureSort } from '../../chat/network.ts'
import { sortOf } from './errors.ts'

export class CountedRest extends REST {
  readonly #failed: (sort: FailureSort) => void

  constructor(options: Partial<RESTOptions>, failed: (sort: FailureSort) => void) {
    super(options)
    this.#failed = failed
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
