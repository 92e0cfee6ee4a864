// How much memory the bridge takes while fifty TUIs do an hour's work, what the restore of a large session adds, and how
// soon a bridge that was just started answers. Prints figures. Run it with `npm run bench:memory`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { BIN } from '../../local-bridge/package/manifest.ts'
import { stage } from '../../local-bridge/package/stage.ts'
import { buildWorker, endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { startWorker } from '../chaos/worker-host.ts'
import { freePort } from '../support/free-port.ts'
import { connectReq, type ReqClient } from '../support/req-client.ts'
import { stateMaker } from './states.ts'
import { median } from './statistics.ts'

const TUIS = 50

/** A developer who works all the time: a state saved each ten seconds, and a look each minute. */
const UPDATES_AN_HOUR = 360
const UPDATES_A_LOOK = 6

const STATE_BYTES = 20_000
const LARGE_STATE_BYTES = 990_000
const RESTORES = 20
const STARTS = 7

const GOALS = { peakMb: 150, restoreMb: 5, startMs: 1000 }

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const share = Number(values.minutes) / 60
const updates = Math.round(UPDATES_AN_HOUR * share)

/** The program as its users install it: JavaScript. Inside the repository, where its packages are found. */
const PROGRAM = join(import.meta.dirname, '../../.bench/stui-bridge')

stage(PROGRAM)
const script = await buildWorker()
await endBuilding()
await using worker = await startWorker(script)
const folder = mkdtempSync(join(tmpdir(), 'stui-memory-'))

/** A bridge as a program; resolves when it has answered. */
async function startProgram(data: string) {
  const endpoint = `tcp://127.0.0.1:${await freePort()}`
  const since = performance.now()
  const args = ['--listen', endpoint, '--upstream', worker.url(), '--data', data, '--no-events']
  const child = spawn(process.execPath, [join(PROGRAM, BIN), ...args, '--log-format', 'json'], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the bridge has ended')))
  await Promise.race([once(lines, 'line'), ended])
  ended.catch(() => {})
  lines.on('line', () => {})
  const client = connectReq(endpoint)
  await client.ask({ id: 'first', command: 'ping' })
  const startMs = performance.now() - since
  client.close()
  return {
    endpoint,
    startMs,
    residentMb: () => residentMb(child.pid ?? 0),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      process.off('exit', kill)
    },
  }
}

/** What is there without a line of ours. */
async function nodeAloneMb(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'console.log(); setInterval(() => {}, 1000)'], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(createInterface({ input: child.stdout }), 'line')
  const alone = residentMb(child.pid ?? 0)
  child.kill('SIGKILL')
  return alone
}

/** Linux tells of every process how much of it is in memory. */
function residentMb(pid: number): number {
  const [, kilobytes = 'NaN'] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function work(client: ReqClient, number: number): Promise<number> {
  const state = stateMaker(STATE_BYTES)
  const created = await run(client, 'create_session', `{"client_id":"memory-${number}"}`)
  const session = `"session_id":${JSON.stringify(created)}`
  for (let step = 1; step <= updates; step += 1) {
    await run(client, 'update_session_state', `{${session},"state_data":${state(step)}}`)
    if (step % UPDATES_A_LOOK === 0) await run(client, 'restore_session', `{${session}}`)
  }
  return 1 + updates + Math.floor(updates / UPDATES_A_LOOK)
}

let sent = 0

/** Sends a command that must succeed; gives the session that it is about. */
async function run(client: ReqClient, command: string, parameters: string): Promise<string> {
  sent += 1
  const text = `{"id":"m-${sent}","command":"${command}","parameters":${parameters}}`
  const reply = (await client.send(text)).toString()
  const [, session_id = ''] = /"session_id":"([^"]+)"/.exec(reply) ?? []
  if (!reply.includes('"status":"success"')) throw new Error(`${command}: ${reply.slice(0, 300)}`)
  return session_id
}

async function hour() {
  const bridge = await startProgram(join(folder, 'hour'))
  const clients = Array.from({ length: TUIS }, () => connectReq(bridge.endpoint))
  const start = bridge.residentMb()
  let peak = start
  const watch = setInterval(() => {
    peak = Math.max(peak, bridge.residentMb())
  }, 50)
  const marks: number[] = []
  const marking = setInterval(() => marks.push(bridge.residentMb()), 1000)
  const since = performance.now()
  const messages = await Promise.all(clients.map(work))
  clearInterval(marking)
  const seconds = (performance.now() - since) / 1000
  const end = bridge.residentMb()
  const [one] = clients
  if (one === undefined) throw new Error('there is no client')
  const large = await run(
    one,
    'create_session',
    `{"client_id":"large","state_data":${stateMaker(LARGE_STATE_BYTES)(1)}}`
  )
  const before = bridge.residentMb()
  const during: number[] = []
  for (let n = 0; n < RESTORES; n += 1) {
    await run(one, 'restore_session', `{"session_id":${JSON.stringify(large)}}`)
    during.push(bridge.residentMb() - before)
  }
  const [first = Number.NaN] = during
  clearInterval(watch)
  for (const client of clients) client.close()
  await bridge.stop()
  return {
    messages: messages.reduce((sum, count) => sum + count, 0),
    ...{ seconds, start, peak, end, first, most: Math.max(...during), marks },
  }
}

async function starts(): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < STARTS; n += 1) {
    const bridge = await startProgram(join(folder, 'start'))
    times.push(bridge.startMs)
    await bridge.stop()
  }
  return median(times)
}

try {
  const alone = await nodeAloneMb()
  const startMs = await starts()
  const { messages, seconds, start, peak, end, first, most, marks } = await hour()
  const quarter = (of: number) =>
    median(marks.slice((marks.length * of) / 4, (marks.length * (of + 1)) / 4))
  const verdict = (isWithin: boolean) => (isWithin ? 'within' : 'beyond')
  const mb = (value: number) => `${value.toFixed(1)} MB`
  process.stdout.write(
    [
      `${TUIS} TUIs, ${values.minutes} minutes of work: ${messages} messages in ${seconds.toFixed(0)} s`,
      `resident: Node alone ${mb(alone)}, at the start ${mb(start)}, at the end ${mb(end)}, peak ${mb(peak)}: ${verdict(peak < GOALS.peakMb)} ${GOALS.peakMb} MB`,
      `by quarters of the time ${[0, 1, 2, 3].map((of) => mb(quarter(of))).join(', ')}`,
      `restoring ${LARGE_STATE_BYTES} bytes: ${mb(first)} more: ${verdict(first < GOALS.restoreMb)} ${GOALS.restoreMb} MB; after ${RESTORES} times at most ${mb(most)} more`,
      `from start to the first answer: ${startMs.toFixed(0)} ms (median of ${STARTS}): ${verdict(startMs < GOALS.startMs)} ${GOALS.startMs} ms`,
      '',
    ].join('\n')
  )
} catch (error) {
  process.stderr.write(`memory: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
// Ends with everything that it has started, also after a failure.
process.exit()
