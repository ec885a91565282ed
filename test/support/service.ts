// Purpose: the real program as a process of its own, on a free port and a database in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { tempFolder } from './testClub.ts'

export interface WebMessage {
  readonly id: string
  readonly at: string
  readonly by: string
  readonly onlyYou: boolean
  readonly card: {
    readonly title?: string
    readonly text: string
    readonly fields?: readonly { readonly name: string; readonly value: string }[]
    readonly image?: { readonly url: string; readonly alt: string }
    readonly buttons?: readonly { readonly label: string; readonly press?: string; readonly href?: string }[]
    readonly footer?: string
  }
}

export interface Service {
  readonly url: string
  readonly output: readonly string[]
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  /** A request with a JSON body, and its answer as it came. */
  request(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>
  call(body: object, headers?: Record<string, string>): Promise<WebMessage>
  /** All that are kept for this member, or the last ones. */
  messages(as: string, last?: number): Promise<WebMessage[]>
}

/** The program from its first moment: whether it will open is not known yet. */
export interface Launched extends Pick<Service, 'process' | 'output' | 'exited'> {
  /** Rejects with the output when the program ends before that. */
  readonly open: Promise<Service>
}

export const root = new URL('../..', import.meta.url).pathname

/** The environment of a service that shares nothing with this machine's settings, and makes backups only where a test is about them. */
export function environment(folder: string, extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, PORT: '0', DATABASE_URL: `file:${join(folder, 'club.db')}`, CLUB_ORGANISERS: 'host', BACKUP_KEEP: '0', ...extra }
}

/** Runs a program of ours to its end, without holding up this one. */
export async function program(entry: string, folder: string, args: readonly string[] = [], extra: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', `src/${entry}.ts`, ...args], { cwd: root, env: environment(folder, extra) })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { status, stdout, stderr }
}

/** Starts the program and waits until it is open. Rejects with its output when it does not start. */
export function startService(folder = tempFolder(), extra: Record<string, string> = {}): Promise<Service> {
  return launchService(folder, extra).open
}

export function launchService(folder: string, extra: Record<string, string>): Launched {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: root,
    env: environment(folder, extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  // Not before its last words were read.
  const exited = once(child, 'close')
  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => output.push(line))
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line)
      const url = /"address":"([^"]+)"/.exec(line)?.[1]
      if (url) resolve(url)
    })
    exited.then(() => reject(new Error(`the service did not start:\n${output.join('\n')}`)))
  })

  const about = { output, process: child, exited }
  return { ...about, open: address.then((url) => ({ ...about, url, ...clientOf(url) })) }
}

/** Speaks to the web room at this address. */
function clientOf(url: string): Pick<Service, 'request' | 'post' | 'call' | 'messages'> {
  const request = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const answer = await request(path, body, headers)
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return {
    request,
    post,
    async call(body, headers) {
      const answer = await post('/api/call', body, headers)
      if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`)
      return answer.body as unknown as WebMessage
    },
    async messages(as, last) {
      const query = new URLSearchParams({ as, ...(last !== undefined && { last: String(last) }) })
      return (await (await fetch(`${url}/api/messages?${query}`)).json()) as WebMessage[]
    },
  }
}

/** The press behind the button with this label. */
export function pressOf(message: WebMessage | undefined, label: string): string {
  const press = message?.card.buttons?.find((button) => button.label === label)?.press
  if (!press) throw new Error(`no button ${label} on ${JSON.stringify(message?.card)}`)
  return press
}
