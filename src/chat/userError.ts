// Purpose: a refusal that a member should read, in their language: what happened and what to do.

/** Stable across languages and versions: programs that drive the club rely on it. */
export type RefusalCode = 'bad_input' | 'not_allowed' | 'unknown' | 'clock' | 'closed' | 'too_long' | 'busy' | 'broken'

export class UserError extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}
