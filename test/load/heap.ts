// Purpose: the memory of another process at a moment of rest, asked for through Node's inspector: nothing in the program is made for it.
import { once } from 'node:events'
import { WebSocket } from 'ws'

/** In bytes, right after everything that nobody holds was collected. */
export interface Memory {
  readonly heap: number
  /** Outside of the heap, held by objects in it: buffers and the like. */
  readonly external: number
  /** Of the whole process, with SQLite's cache and what the allocator keeps. */
  readonly resident: number
}

export interface Inspector {
  memory(): Promise<Memory>
  close(): void
}

/**
 * Connects to a process that was started with `--inspect`; `output` is what it printed so far. V8 is told to optimise nothing any more: for
 * hours it puts better and better code into the heap, which would hide whether the program itself holds more and more.
 */
export async function inspect(output: readonly string[]): Promise<Inspector> {
  const url = output.flatMap((line) => /Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? []).at(0)
  if (url === undefined) throw new Error('the process has no inspector')
  const socket = new WebSocket(url)
  await once(socket, 'open')
  let last = 0
  const answered = new Map<number, (result: unknown) => void>()
  socket.on('message', (raw) => {
    const { id, result } = JSON.parse(String(raw)) as { id?: number; result?: unknown }
    if (id !== undefined) answered.get(id)?.(result)
  })
  // https://chromedevtools.github.io/devtools-protocol/v8/
  const ask = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      last += 1
      answered.set(last, resolve)
      socket.send(JSON.stringify({ id: last, method, params }))
    })
  const evaluate = (expression: string) => ask('Runtime.evaluate', { expression, returnByValue: true })
  await evaluate("process.getBuiltinModule('v8').setFlagsFromString('--no-opt')")
  return {
    async memory() {
      // What a finalizer lets go of is only gone after another round.
      for (let i = 0; i < 3; i++) await ask('HeapProfiler.collectGarbage')
      const said = (await evaluate('process.memoryUsage()')) as { result: { value: NodeJS.MemoryUsage } }
      const { heapUsed, external, rss } = said.result.value
      return { heap: heapUsed, external, resident: rss }
    },
    close: () => socket.close(),
  }
}
