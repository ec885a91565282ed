// Purpose: runs the labs for real on this machine and compares what they print with what they promise. `npm run test:labs`, as root.
// With `-- --output` it also shows what each step printed, for the `output` of a lab.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Lab, LabStep } from '../../src/course/course.ts'
import { readCourses } from '../../src/course/load.ts'

const limitMs = 60_000

/** What the labs call, and the Debian package that brings it. */
const tools = { busybox: 'busybox-static', sudo: 'sudo', git: 'git', unshare: 'util-linux', ip: 'iproute2', ps: 'procps' }
const missing = Object.entries(tools).filter(([tool]) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
if (process.getuid?.() !== 0 || missing.length > 0) {
  if (process.getuid?.() !== 0) console.error('The labs need root: run this as root, on a Debian that may break.')
  if (missing.length > 0) {
    const packages = missing.map(([, name]) => name).join(' ')
    console.error(`${missing.map(([tool]) => tool).join(', ')} cannot be found; as root: apt-get install -y ${packages}`)
  }
  process.exit(2)
}

/** The home of a member who does lab after lab: each finds what those before it left there. */
const home = mkdtempSync(join(realpathSync(tmpdir()), 'onepercent-labs-'))
const count = { passed: 0, failed: 0, skipped: 0 }
const passed = (step: string) => print(step, 'ran', 'passed')
const skipped = (step: string, reason: string) => print(step, `skipped: ${reason}`, 'skipped')
const failed = (step: string, reason: string) => print(step, `FAILED: ${reason}`, 'failed')

function print(step: string, verdict: string, as: keyof typeof count): void {
  count[as]++
  console.log(`  ${step.padEnd(8)} ${verdict}`)
}

try {
  const { courses } = readCourses(new URL('../../content', import.meta.url).pathname)
  for (const { course, labs } of courses) {
    const lessons = course?.lessons ?? []
    for (const { id, lab } of lessons) if (lab && !lab.notRun) await runLab(id, lab)

    console.log('Not run by this script:')
    for (const { id, lab } of lessons) if (lab?.notRun) console.log(`  ${id.padEnd(8)} ${lab.notRun.en ?? lab.notRun.ko}`)
    // A lesson that cannot be used takes its lab with it; nobody would miss the lab here.
    for (const id of labs.keys())
      if (!lessons.some((lesson) => lesson.id === id && lesson.lab)) failed(id, 'cannot be used; npm run club -- course check says why')
  }
} finally {
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((mount) => mount.includes(home))
  // Not removed then: the way down could lead through a mount and out of the folder.
  if (mounted.length > 0) failed('home', `something is still mounted; unmount it, then remove ${home}\n${mounted.join('\n')}`)
  else rmSync(home, { recursive: true })
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode = count.failed > 0 ? 1 : 0

async function runLab(id: string, { title, steps, cleanup }: Lab): Promise<void> {
  console.log(`${id} ${title.en ?? title.ko}`)
  let shell = openShell()
  for (const [i, step] of steps.entries()) {
    const needless = step.needs === 'cgroup2' ? noCgroup2() : undefined
    if (step.run === undefined) console.log(`  ${String(i + 1).padEnd(8)} on paper`)
    else if (shell.gone()) skipped(`${i + 1}`, 'the shell ended before')
    else if (needless) skipped(`${i + 1}`, needless)
    else judge(`${i + 1}`, step, await shell.run(step.run))
  }
  if (cleanup.run !== undefined) {
    if (shell.gone()) shell = openShell()
    judge('cleanup', {}, await shell.run(cleanup.run))
  }
  shell.end()
}

interface Ran {
  readonly output: string
  /** Undefined when the step did not come to its end: then `ended` says what happened. */
  readonly status?: number
  readonly ended?: string
}

function judge(step: string, { fails = false, expect = [] }: Pick<LabStep, 'fails' | 'expect'>, { output, status, ended }: Ran): void {
  const absent = expect.filter((text) => !output.includes(text))
  const indented = output.trimEnd().replace(/^/gm, '           | ')
  const wrong = []
  if (ended) wrong.push(ended)
  else if ((status !== 0) !== fails) wrong.push(fails ? 'it was meant to fail and did not' : `it ended with ${status}`)
  if (absent.length > 0) wrong.push(`it did not print ${absent.map((text) => JSON.stringify(text)).join(', ')}`)
  if (wrong.length > 0) failed(step, `${wrong.join('; ')}\n${indented}`)
  else passed(step)
  if (wrong.length === 0 && process.argv.includes('--output')) console.log(indented)
}

/** One bash for the steps of a lab, like a member's terminal: variables and the folder carry over. */
function openShell() {
  const bash = spawn('bash', ['--noprofile', '--norc'], {
    cwd: home,
    // A session of its own: no step asks the terminal for anything, and all that a step started can be ended with it.
    detached: true,
    env: {
      HOME: home,
      USER: 'root',
      LANG: 'C.UTF-8',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      // The lab must not lean on the settings of whoever runs this, such as a name to commit under.
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const mark = `end-of-step-${bash.pid}-${Date.now()}`
  let printed = ''
  bash.stdout.setEncoding('utf8').on('data', (part) => {
    printed += part
  })
  bash.stdin.write('exec 2>&1\n')

  const gone = () => bash.exitCode !== null || bash.signalCode !== null
  const end = () => {
    spawnSync('kill', ['-9', '--', `-${bash.pid}`])
  }
  return {
    gone,
    end,
    async run(commands: string): Promise<Ran> {
      printed = ''
      // Its own empty input, or a command that reads would swallow the steps after it.
      bash.stdin.write(`eval '${commands.replaceAll("'", "'\\''")}' </dev/null\necho "${mark} $?"\n`)
      for (const started = Date.now(); ; await wait(20)) {
        const [output = '', status] = printed.split(mark)
        if (status?.endsWith('\n')) return { output, status: Number(status) }
        if (gone()) return { output, ended: 'it ended the shell' }
        if (Date.now() - started < limitMs) continue
        end()
        while (!gone()) await wait(20)
        return { output, ended: `it took more than ${limitMs / 1000} s` }
      }
    },
  }
}

/** Why a step that sets limits cannot run here; undefined when it can. */
function noCgroup2(): string | undefined {
  const root = '/sys/fs/cgroup'
  if (spawnSync('stat', ['-fc', '%T', root], { encoding: 'utf8' }).stdout.trim() !== 'cgroup2fs') return `${root} is not cgroup2`
  // In most containers it is cgroup2 and yet hands out no limits: they belong to the host.
  if (!readFileSync(`${root}/cgroup.subtree_control`, 'utf8').includes('memory')) return `${root} hands out no memory limits`
  return undefined
}
