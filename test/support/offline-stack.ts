// A bridge with a replica in front of a real Worker, and a network between them that a test cuts and mends.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageSetting } from '../../local-bridge/images/images.ts'
import type { Limits } from '../../local-bridge/limits.ts'
import type { ReportPace } from '../../local-bridge/operate/journal-reports.ts'
import type { Room } from '../../local-bridge/replica/holdings.ts'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'
import { sleep, systemTimer } from '../../local-bridge/timer.ts'
import { type CuttableLink, startCuttableLink } from './cuttable-link.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { freePort } from './free-port.ts'
import { signalRuntimes } from './own-runtimes.ts'
import { PATIENT } from './patience.ts'
import { type Reply, readReply } from './reply.ts'
import { connectReq, type ReqClient } from './req-client.ts'
import { temporaryFolder } from './stack-process.ts'
import { warmUp } from './warm-up.ts'

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
  /** Resolves when the replica has everything, the change that was answered last included. */
  complete(): Promise<void>
  /** The Worker cannot be reached; the bridge knows when it resolves. */
  away(): Promise<void>
  /** The Worker can be reached; everything is delivered when it resolves. */
  back(): Promise<void>
  /** Stops the Worker's process where it is. */
  freeze(): void
  thaw(): void
  /** Starts the Worker anew on what it keeps, with other settings. */
  restartWorker(settings: Readonly<Record<string, string>>): Promise<void>
  /** Ends the bridge; `between` runs before another one starts on the same folder. */
  restartBridge(between?: () => void | Promise<void>): Promise<void>
}

export type OfflineStackOptions = {
  /** In place of those of a bridge that loses no patience; whoever lets the service be silent gives `LIMITS`. */
  readonly limits?: Partial<Limits>
  readonly room?: Room
  readonly bridgeName?: string
  readonly reportPace?: ReportPace
  readonly settings?: Readonly<Record<string, string>>
  /** Images that are there: each bridge is connected to them when it is ready. */
  readonly images?: readonly ImageSetting[]
}

/** What tells of the link; a bridge that has just begun takes the service to be there. */
const LINK: ReadonlySet<string> = new Set(['listening', 'uplink_down', 'uplink_up'])

const SETTINGS = { STUI_COMMANDS_PER_MINUTE: '1000000', STUI_COMMAND_BURST: '1000000' }

/** @example await using stack = await startOfflineStack() */
export async function startOfflineStack(options: OfflineStackOptions = {}): Promise<OfflineStack> {
  const data = temporaryFolder()
  const folder = join(data, 'bridge')
  const { images = [] } = options
  const log = createEventLog()
  const script = await buildWorker()
  const startWorker = (settings: OfflineStackOptions['settings'], port?: number) =>
    startLocalWorker({
      script,
      secrets: Buffer.alloc(32, 7).toString('base64url'),
      settings: { ...SETTINGS, ...settings },
      dataFolder: join(data, 'worker'),
      ...(port !== undefined && { port }),
    })
  let worker = await startWorker(options.settings, await freePort())
  await warmUp(worker.url)
  const link = await startCuttableLink(worker.url)
  let bridge: RunningBridge
  let client: ReqClient
  let asked = 0

  async function startOne() {
    const connected = log.of('image_up').length + images.length
    bridge = await startBridge({
      listen: 'tcp://127.0.0.1:*',
      upstream: link.url,
      log: log.log,
      limits: { ...PATIENT, ...options.limits },
      replica: {
        folder,
        ...(options.room !== undefined && { room: options.room }),
        ...(options.bridgeName !== undefined && { bridgeName: options.bridgeName }),
      },
      ...(options.reportPace !== undefined && { reportPace: options.reportPace }),
      images,
    })
    if (images.length > 0) await log.nth('image_up', connected)
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

  /** What the bridge that runs now knows of the service. */
  function isDown() {
    const link = log.events.findLast(({ event }) => LINK.has(event))
    return link?.event === 'uplink_down'
  }

  async function complete() {
    await log.behind('replica_complete', 'command')
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
      const { session_id } = await run('create_session', parameters)
      await complete()
      return String(session_id)
    },
    complete,
    away: async () => {
      await link.cut()
      // A question that makes the bridge look for the service; nobody waits for it.
      const curious = connectReq(bridge.endpoint)
      const asked = curious.ask({ id: `away-${log.events.length}`, command: 'ping' })
      await log.until(isDown)
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
    restartWorker: async (settings) => {
      await worker.stop()
      worker = await startWorker(settings, Number(new URL(worker.url).port))
    },
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
