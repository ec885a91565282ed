// Purpose: a press and its arguments as one short id that a chat platform gives back, and the way back.

/** Moved when the layout changes, so that the buttons of old messages can still be read. */
const version = '1'

/** Discord's custom_id holds 100 characters (docs: Component Object); Slack's action_id 255. */
export const pressIdMax = 100

export interface PressId {
  readonly name: string
  readonly args: readonly string[]
}

/** Throws RangeError when the id is longer than the tightest platform allows: a mistake of the feature, not of a member. */
export function formatPressId(name: string, ...args: (string | number)[]): string {
  const id = [version, name, ...args.map((arg) => String(arg).replaceAll(/[%:]/g, (sign) => (sign === '%' ? '%25' : '%3A')))].join(':')
  if (id.length > pressIdMax) throw new RangeError(`press id of ${id.length} characters, at most ${pressIdMax}: ${id}`)
  return id
}

/** Undefined for anything that `formatPressId` cannot have made. The id comes from outside: what it names is to be checked each time. */
export function parsePressId(id: string): PressId | undefined {
  // What a press names may be told back, and half a character can be sent nowhere.
  if (id.length > pressIdMax || !id.isWellFormed()) return undefined
  const [found, name, ...args] = id.split(':')
  if (found !== version || !name || !/^[a-z][a-z.-]*$/.test(name)) return undefined
  return { name, args: args.map((arg) => arg.replaceAll('%3A', ':').replaceAll('%25', '%')) }
}
