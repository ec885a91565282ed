// Purpose: something is done for many clubs, and one club's trouble is its own.
import type { Logger } from 'pino'
import { StoreUnavailable } from './store/store.ts'

/**
 * Does `work` for one club after the other. What fails for one (a document that cannot be read, a rule that stumbles over it) is logged with
 * its id, and the others go on. Throws StoreUnavailable, which is everybody's trouble.
 */
export async function eachAlone(
  clubs: readonly string[],
  work: (club: string) => Promise<unknown>,
  log: Logger,
  what: string,
): Promise<void> {
  for (const club of clubs) {
    try {
      await work(club)
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      log.error({ err: error, club }, what)
    }
  }
}
