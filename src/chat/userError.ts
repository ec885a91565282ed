// Purpose: a refusal that a member should read, in their language: what happened and what to do.

/** Stable across languages and versions: programs that drive the club rely on it. */
export type RefusalCode = 'bad_input' | 'not_allowed' | 'unknown' | 'clock' | 'closed' | 'too_long' | 'slow_down' | 'busy' | 'broken'

export class UserError extends Error {
  readonly code: RefusalCode
  /** The field of the input that it is about. */
  readonly field: string | undefined
  constructor(code: RefusalCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }
}
