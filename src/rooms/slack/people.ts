// Purpose: who somebody is in a workspace: the name that others see there, the clock they live by, and whether they may organise.
import { setTimeout as sleep } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { plainName } from '../../chat/name.ts'
import type { Api } from './api.ts'
import { wordsOf } from './errors.ts'

export interface Profile {
  readonly name: string
  readonly zone?: string
  readonly locale?: string
  readonly isAdmin: boolean
  /** A guest, a bot, or somebody from another workspace in a shared channel. */
  readonly isVisitor: boolean
}

export interface People {
  /** The profile as it was within the last minutes; by the handle alone when Slack does not tell. */
  profileOf(team: string, user: { readonly id: string; readonly handle?: string }): Promise<Profile>
  /** What we knew of somebody is no longer so. */
  forget(team: string, user: string): void
}

/** A name is looked at anew after this; a lookup that failed, sooner. */
const keptMs = { found: 600_000, failed: 60_000 }
/** Longer nobody waits for a name: an act has to be answered within three seconds. */
const patienceMs = 1_000
/** People that are known at a time, the oldest are forgotten: a few hundred bytes each. */
const most = 20_000

/** Somebody of whom we know nothing more, and who may do nothing more. */
const strangerOf = (handle: string | undefined): Profile => ({ name: plainName([handle], 'member'), isAdmin: false, isVisitor: true })

const inTime = (coming: Promise<Profile>, handle: string | undefined): Promise<Profile> =>
  Promise.race([coming, sleep(patienceMs, strangerOf(handle), { ref: false })])

export function createPeople(api: Api, log: Logger): People {
  const known = new Map<string, { readonly profile: Promise<Profile>; until: number }>()

  async function lookUp(team: string, id: string): Promise<Profile> {
    const { user } = await api.call<webApi.UsersInfoResponse>(team, 'users.info', { user: id, include_locale: true })
    const { profile, name, real_name, tz, locale, team_id, is_admin, is_owner, is_restricted, is_ultra_restricted, is_stranger, is_bot } =
      user ?? {}
    const isVisitor = !!is_restricted || !!is_ultra_restricted || !!is_stranger || !!is_bot || (team_id !== undefined && team_id !== team)
    return {
      name: plainName([profile?.display_name, real_name ?? profile?.real_name, name], 'member'),
      ...(tz && { zone: tz }),
      ...(locale && { locale }),
      isAdmin: !isVisitor && (!!is_admin || !!is_owner),
      isVisitor,
    }
  }

  return {
    profileOf(team, { id, handle }) {
      const key = `${team} ${id}`
      const before = known.get(key)
      if (before && before.until > Date.now()) return inTime(before.profile, handle)
      const entry = { profile: Promise.resolve<Profile | undefined>(undefined) as Promise<Profile>, until: Date.now() + keptMs.found }
      entry.profile = lookUp(team, id).catch((error: unknown) => {
        entry.until = Date.now() + keptMs.failed
        log.warn({ team, user: id, reason: wordsOf(error) }, 'slack: a profile could not be read')
        // What was known a while ago is nearer to the truth than a handle.
        return before?.profile ?? strangerOf(handle)
      })
      known.delete(key)
      known.set(key, entry)
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
      return inTime(entry.profile, handle)
    },
    forget(team, user) {
      known.delete(`${team} ${user}`)
    },
  }
}
