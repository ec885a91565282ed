// Purpose: docs/who-may.md as the code gives it: who is an organiser in each room, what members and organisers may do there, and what the
// operator may do at the machine.
import { execFileSync } from 'node:child_process'
import { root } from '../support/service.ts'
import { type Act, allActs, type RoomName, rooms } from './acts.ts'

interface Way {
  readonly by: string
  /** How it is said there; left out where nobody becomes an organiser that way. */
  readonly web?: string
  readonly discord?: string
  readonly slack?: string
}

/** How somebody is known as an organiser. Each cell is tried: test/roles/organisers.test.ts and test/web/organisers.test.ts. */
export const ways = {
  setting: { by: 'the operator names them', web: '`CLUB_ORGANISERS`' },
  permission: {
    by: 'the platform says so',
    discord: '*Manage Server* or *Administrator*',
    slack: 'owners and admins of the workspace',
  },
  role: { by: 'they hold a role', discord: '`/club` set: organiser-role' },
  named: {
    by: 'an organiser names them',
    web: '`/club` action: organiser',
    discord: '`/club` action: organiser',
    slack: '`/club` action: organiser',
  },
  founder: {
    by: 'they are the first to ask',
    slack: 'until the club has an organiser or a season; no guests, nobody from another workspace',
  },
} as const satisfies Record<string, Way>

export interface Verb {
  /** As it is typed, with what follows it. */
  readonly form: string
  readonly does: string
}

/** The ways that there are in one room. */
export const waysIn = (room: RoomName): Record<keyof typeof ways, boolean> => ({
  setting: room in ways.setting,
  permission: room in ways.permission,
  role: room in ways.role,
  named: room in ways.named,
  founder: room in ways.founder,
})

/** The operator's verbs, as the program itself tells them. */
export function operatorVerbs(): Verb[] {
  const help = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'help'], { cwd: root, encoding: 'utf8' })
  const verbs: { form: string; does: string }[] = []
  for (const line of help.split('\n')) {
    const [, form, does = ''] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? []
    const last = verbs.at(-1)
    if (form !== undefined) verbs.push({ form, does })
    else if (last && line.startsWith('    ')) last.does = `${last.does} ${line.trim()}`.trim()
  }
  return verbs
}

const roomNames: Readonly<Record<RoomName, string>> = { web: 'web room', discord: 'Discord', slack: 'Slack' }

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function placesOf({ rooms: places }: Act): string {
  return places.length === rooms.length ? 'everywhere' : places.map((room) => roomNames[room]).join(' and ')
}

function actsTable(acts: readonly Act[]): string {
  return table(
    ['', 'to', 'member', 'organiser'],
    acts.map((act) => [act.name, act.does, act.organiserOnly ? 'no' : placesOf(act), placesOf(act)]),
  )
}

/** The whole file. */
export function drawWhoMay(verbs: readonly Verb[]): string {
  const { commands, club, presses } = allActs()
  return `# Who may do what

<!-- Made from the code: \`npm run docs:roles\` writes it anew, and test/roles/cells.test.ts holds it equal. -->

A **member** is whoever can speak where a club lives. An **organiser** is a member who is known as one there, as below. The **operator** runs the
program: they have the machine, its settings and the database, and in a room they are a member like any other, or an organiser where they are
known as one.

Every cell of these tables is tried: \`test/roles/cells.test.ts\` does each act as each role in each room, and looks at the whole database when it
was refused; \`test/roles/otherClubs.test.ts\` does each with what belongs to another club, and to another member.

## Who is an organiser

${table(
  ['because', ...rooms.map((room) => roomNames[room])],
  Object.values(ways).map((way: Way) => [way.by, ...rooms.map((room) => way[room] ?? '–')]),
)}

Whoever has the web room's token, or sits at its machine, may speak there under any name.

## What members and organisers may do

Members do it to what is their own: their answers, lines, streak, settings and data. What is not for somebody, or not for the room that they are in, is
refused, also when they make up the press or the command, and nothing is written.

### Commands

${actsTable(commands)}

\`/poll\` asks the next poll when none is open and an organiser types it. \`/help\` names \`/club\` to organisers alone.

### What \`/club\` does

${actsTable(club)}

### Buttons

By the name in their press id (\`src/features\`).

${actsTable(presses)}

\`resume\` is a member's for a club that fell quiet; every other rest is an organiser's to end.

## What the operator may do

At the machine, with \`npm run club -- …\`; none of it can be asked for in a room.

${table(
  ['verb', 'to'],
  verbs.map(({ form, does }) => [`\`${form}\``, does]),
)}

## What nobody may

- Organisers see no line that its author did not share.
- Nobody shares, changes or takes back what is another's, but for an organiser who hides a shared line or excuses a day.
- A button or a command with the ids of another club does nothing there and shows nothing of it.
`
}
