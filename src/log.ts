// Purpose: the program's log: a line of JSON for each word, and of an error only what we or its library said in words.
import pino, { type DestinationStream, type Logger } from 'pino'

/** Writes to standard output, unless told where. */
export function createLog(level: string, to?: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: wordsOf } }, to)
}

/** Libraries hang on their errors what was asked and answered: addresses with tokens in them, and what members wrote. None of that is logged. */
function wordsOf(error: unknown): object {
  if (!(error instanceof Error)) return { message: `${typeof error}, not an error` }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code !== 'object' ? { code: error.code } : {}
  return { type: name, message, ...code, stack, ...(cause !== undefined && { cause: wordsOf(cause) }) }
}
