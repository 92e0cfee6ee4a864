// A bridge with a replica in front of a real Worker, and a network between them that a test cuts and mends.

import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageSetting } from '../../local-bridge/images/images.ts'
import { LIMITS, type Limits } from '../../local-bridge/limits.ts'
import type { ReportPace } from '../../local-bridge/operate/journal-reports.ts'
import type { Room } from '../../local-bridge/replica/holdings.ts'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { sleep, systemTimer } from '../../local-bridge/timer.ts'
import { type CuttableLink, startCuttableLink } from './cuttable-link.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { type Reply, readReply } from './reply.ts'
import { connectReq, type ReqClient } from './req-client.ts'
import { temporaryFolder } from './stack-process.ts'

export type OfflineStack = AsyncDisposable & {
  readonly link: CuttableLink
  /** What the bridge keeps, and another folder for another bridge. */
  readonly folder: string
  readonly spare: string
  readonly log: EventLog
  /** A message through the bridge. */
  ask(message: unknown): Promise<Reply>
  /** The same as text, in whatever dialect; gives the reply as text. */
  send(message: string): Promise<string>
  /** A message through the bridge that must succeed; gives its result. */
  run(command: string, parameters: object): Promise<Record<string, unknown>>
  /** A message to the Worker, past the bridge: as from another machine, which waits if it is told to. */
  elsewhere(command: string, parameters: object): Promise<Record<string, unknown>>
  /** Creates a session; the replica has everything of the client when it resolves. */
  begin(parameters: object): Promise<string>
  /** The Worker cannot be reached; the bridge knows when it resolves. */
  away(): Promise<void>
  /** The Worker can be reached; everything is delivered when it resolves. */
  back(): Promise<void>
  /** Stops the Worker's process where it is. */
  freeze(): void
  thaw(): void
  /** Ends the bridge; `between` runs before another one starts on the same folder. */
  restartBridge(between?: () => void | Promise<void>): Promise<void>
}

export type OfflineStackOptions = {
  readonly limits?: Partial<Limits>
  readonly room?: Room
  readonly bridgeName?: string
  readonly reportPace?: ReportPace
  readonly settings?: Readonly<Record<string, string>>
  readonly images?: readonly ImageSetting[]
}

const SETTINGS = { STUI_COMMANDS_PER_MINUTE: '1000000', STUI_COMMAND_BURST: '1000000' }

/** @example await using stack = await startOfflineStack() */
export async function startOfflineStack(options: OfflineStackOptions = {}): Promise<OfflineStack> {
  const data = temporaryFolder()
  const folder = join(data, 'bridge')
  const log = createEventLog()
  const worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: { ...SETTINGS, ...options.settings },
  })
  const link = await startCuttableLink(worker.url)
  let bridge: RunningBridge
  let client: ReqClient
  let asked = 0

  async function startOne() {
    bridge = await startBridge({
      listen: 'tcp://127.0.0.1:*',
      upstream: link.url,
      log: log.log,
      limits: { ...LIMITS, ...options.limits },
      replica: {
        folder,
        ...(options.room !== undefined && { room: options.room }),
        ...(options.bridgeName !== undefined && { bridgeName: options.bridgeName }),
      },
      ...(options.reportPace !== undefined && { reportPace: options.reportPace }),
      ...(options.images !== undefined && { images: options.images }),
    })
    client = connectReq(bridge.endpoint)
  }

  async function run(command: string, parameters: object) {
    asked += 1
    return resultOf(command, await client.ask({ id: `m-${asked}`, command, parameters }))
  }

  async function elsewhere(command: string, parameters: object) {
    const body = JSON.stringify({ command, parameters })
    for (;;) {
      const response = await fetch(`${worker.url}/v1/messages`, { method: 'POST', body })
      const reply = readReply(await response.text())
      if (reply.error_code !== 'rate_limited') return resultOf(command, reply)
      await sleep(systemTimer, Number(reply.details?.retry_after_ms))
    }
  }

  await startOne()
  return {
    link,
    folder,
    spare: join(data, 'spare'),
    log,
    ask: (message) => client.ask(message),
    send: async (message) => String(await client.send(message)),
    run,
    elsewhere,
    begin: async (parameters) => {
      const complete = log.nth('replica_complete', log.of('replica_complete').length + 1)
      const { session_id } = await run('create_session', parameters)
      await complete
      return String(session_id)
    },
    away: async () => {
      const down = log.nth('uplink_down', log.of('uplink_down').length + 1)
      await link.cut()
      // A question that only the service can answer; nobody waits for it.
      const curious = connectReq(bridge.endpoint)
      const asked = curious.ask({ id: `away-${log.events.length}`, command: 'ping' })
      await down
      curious.close()
      await asked.catch(() => {})
    },
    back: async () => {
      const caughtUp = log.nth('caught_up', log.of('caught_up').length + 1)
      await link.mend()
      await caughtUp
    },
    freeze: () => signalRuntimes('SIGSTOP'),
    thaw: () => signalRuntimes('SIGCONT'),
    restartBridge: async (between = () => {}) => {
      client.close()
      await bridge.stop()
      await between()
      await startOne()
    },
    [Symbol.asyncDispose]: async () => {
      signalRuntimes('SIGCONT')
      client.close()
      await bridge.stop()
      await link.cut().catch(() => {})
      await worker.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function resultOf(command: string, reply: Reply): Record<string, unknown> {
  if (reply.result === undefined) throw new Error(`${command}: ${JSON.stringify(reply)}`)
  return reply.result
}

/** The runtimes that this process has started. */
function signalRuntimes(signal: 'SIGSTOP' | 'SIGCONT'): void {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
  for (const line of processes.split('\n')) {
    const [pid, parent, program = ''] = line.trim().split(/\s+/)
    if (Number(parent) === process.pid && program.endsWith('workerd')) {
      process.kill(Number(pid), signal)
    }
  }
}
