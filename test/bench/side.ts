// Purpose: one side of a comparison in a process of its own, so that its processor time, its memory and its stalls are its alone.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What can be asked of a side from outside; what goes in and comes out is copied. */
type Verbs = Readonly<Record<string, (...args: never[]) => unknown>>

/** What can be asked of every side. */
const always = {
  /** Processor time so far, ms. */
  cpu: (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  /** Memory that the process holds, bytes, after the garbage is collected. */
  memory: async (): Promise<number> => {
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return process.memoryUsage().rss
  },
  watchStalls: (): void => stalls.reset(),
  /** The longest that the event loop was held up since it is watched, ms. */
  longestStall: (): number => Math.max(0, stalls.max / 1e6 - stallResolutionMs),
}
const stallResolutionMs = 1
const stalls = monitorEventLoopDelay({ resolution: stallResolutionMs })

type Asked<V extends Verbs> = { readonly [K in keyof V]: (...args: Parameters<V[K]>) => Promise<Awaited<ReturnType<V[K]>>> }
export type Side<V extends Verbs> = Asked<V & typeof always> & { stop(): Promise<void> }

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

const running = new Set<ChildProcess>()

/** Starts `make`, an exported function of the module, in a process of its own, and waits until it is ready. */
export async function startSide<A extends readonly unknown[], V extends Verbs>(
  module: string,
  make: (...args: A) => V | Promise<V>,
  ...args: A
): Promise<Side<V>> {
  const child = fork(import.meta.filename, [module, make.name, JSON.stringify(args)], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    serialization: 'advanced',
  })
  running.add(child)
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  child.on('message', ({ id, value, error }: Answer) => {
    if (error === undefined) waiting.get(id)?.resolve(value)
    else waiting.get(id)?.reject(new Error(`${make.name}: ${error}`))
    waiting.delete(id)
  })
  child.once('exit', (code) => {
    running.delete(child)
    for (const { reject } of waiting.values()) reject(new Error(`${make.name} of ${module} ended with ${code}`))
  })
  let asked = 0
  const ask = (verb: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const id = asked++
      waiting.set(id, { resolve, reject })
      if (id > 0) child.send({ id, verb, args })
    })
  // The first answer says that it is there.
  await ask('', [])
  const stop = async () => {
    const ended = once(child, 'exit')
    // It ends by itself then, and takes its folder with it.
    child.disconnect()
    await ended
  }
  return new Proxy({} as Side<V>, {
    get: (_, verb: string) => {
      // A promise that resolves to a side looks whether it is a promise itself.
      if (verb === 'then') return undefined
      return verb === 'stop' ? stop : (...args: readonly unknown[]) => ask(verb, args)
    },
  })
}

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

async function serve(module: string, name: string, args: string): Promise<void> {
  const { [name]: make } = (await import(module)) as Record<string, (...args: unknown[]) => Promise<Verbs>>
  if (!make) throw new Error(`${module} has no ${name}`)
  const verbs = { ...(await make(...(JSON.parse(args) as unknown[]))), ...always } as Record<string, (...args: unknown[]) => unknown>
  stalls.enable()
  const answer = (reply: Answer) => process.send?.(reply)
  process.on('message', ({ id, verb, args }: { id: number; verb: string; args: unknown[] }) => {
    Promise.resolve()
      .then(() => verbs[verb]?.(...args))
      .then(
        (value) => answer({ id, value }),
        (error: Error) => answer({ id, error: error.stack ?? String(error) }),
      )
  })
  process.once('disconnect', () => process.exit())
  answer({ id: 0 })
}

// Not waited for: the module that it loads imports this one.
const [, entry, module, name, args] = process.argv
if (entry === import.meta.filename && module && name && args) void serve(module, name, args)
