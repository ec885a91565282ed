// Purpose: something is done for many clubs, and one club's trouble is its own.
import type { Logger } from 'pino'
import { StoreUnavailable } from './store/store.ts'

/** So many clubs at once, whose writes share transactions. More of them would keep people's acts waiting for longer. */
const together = 16

/**
 * Does `work` for each club. What fails for one (a document that cannot be read, a rule that stumbles over it) is logged with its id, and the
 * others go on. Throws StoreUnavailable, which is everybody's trouble.
 */
export async function eachAlone(
  clubs: readonly string[],
  work: (club: string) => Promise<unknown>,
  log: Logger,
  what: string,
): Promise<void> {
  const alone = async (club: string) => {
    try {
      await work(club)
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      log.error({ err: error, club }, what)
    }
  }
  for (let i = 0; i < clubs.length; i += together) await Promise.all(clubs.slice(i, i + together).map(alone))
}
