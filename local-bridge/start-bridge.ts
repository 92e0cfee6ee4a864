// Puts the parts of the bridge together and runs it: from here it can be embedded in another program.

import { systemClock } from '../src/clock.ts'
import type { Outcome } from '../src/outcome.ts'
import { type Bridge, createBridge } from './bridge.ts'
import { type CurveServer, openCurveServer } from './curve-server.ts'
import type { Incoming } from './envelope.ts'
import type { Log } from './events.ts'
import type { Identity } from './identity.ts'
import type { AddressRule } from './images/image-address.ts'
import type { ImageLimits } from './images/image-limits.ts'
import type { ImageSetting } from './images/images.ts'
import { imagesHere } from './images/images-here.ts'
import { openPassThrough } from './images/pass-through.ts'
import { LIMITS, type Limits } from './limits.ts'
import { readListenAddress } from './listen-address.ts'
import { type Live, type LiveOptions, openLive } from './live/open-live.ts'
import { createInquiries } from './operate/inquiries.ts'
import type { ReportPace } from './operate/journal-reports.ts'
import { openReportedStandby } from './operate/open-reported-standby.ts'
import { createStatusReport } from './operate/status-report.ts'
import { watchUplink } from './operate/uplink-watch.ts'
import type { ReplicaOptions } from './replica/open-standby.ts'
import type { Expired } from './revival.ts'
import { openRouter, type RouterSocket } from './router-socket.ts'
import { startIdentity } from './start-identity.ts'
import { systemChance, systemTimer, within } from './timer.ts'
import { createTokenCheck, type StuiApiAddress } from './token-check.ts'
import type { TokenSource } from './token-source.ts'
import { createUpstream } from './upstream.ts'

export type BridgeOptions = {
  /** A loopback address such as tcp://127.0.0.1:5555, with CURVE any address; port `*` takes a free one. */
  readonly listen: string
  /** The session service, such as http://127.0.0.1:8787. */
  readonly upstream: string
  readonly log: Log
  readonly limits?: Limits
  /** Whose sessions these are, and who says so; absent where authentication is off. */
  readonly access?: AccessOptions
  /** Images that commands which are not ours go to; the first is meant where none is named. */
  readonly images?: readonly ImageSetting[]
  /** Which further images messages may name; by default those of this machine, if only this machine can connect. */
  readonly allowImageAddresses?: AddressRule
  readonly imageLimits?: ImageLimits
  /** Keeps sessions and unsent work on this machine; without it nothing is answered while the service is away. */
  readonly replica?: ReplicaOptions
  /** What becomes of a session whose lease has ended when its owner works with it; made active again if absent. */
  readonly expired?: Expired
  /** How often others are told what waits there. */
  readonly reportPace?: ReportPace
  /** Where live events are published; without it they are not. */
  readonly events?: LiveOptions
  /** The folder of CURVE keys; with it only listed clients can connect, on loopback too. */
  readonly curveKeys?: string
}

export type AccessOptions = StuiApiAddress & { readonly token: TokenSource }

export type RunningBridge = {
  /** Where clients connect, with the real port. */
  readonly endpoint: string
  /** Where live events are published, with the real port; absent if they are not. */
  readonly events?: string
  /** Answers what runs, refuses what still comes, and frees sockets and connections. */
  stop(): Promise<void>
}

/** Why a bridge could not start, as one sentence for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Starts a bridge; throws `StartError` if it cannot listen, its keys are unusable or its token is not good.
 * @example const bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: 'http://127.0.0.1:8787', log })
 */
export async function startBridge({
  listen,
  upstream: url,
  log: write,
  limits = LIMITS,
  access,
  curveKeys,
  replica,
  reportPace: pace,
  events,
  expired = 'revive',
  ...imageOptions
}: BridgeOptions): Promise<RunningBridge> {
  const address = readListenAddress(listen, { encrypted: curveKeys !== undefined })
  if (!address.ok) throw new StartError(`The listen address ${address.failure}.`)
  let live: Live | undefined
  const log: Log = (event) => {
    write(event)
    live?.heard(event)
  }
  await using started = new AsyncDisposableStack()
  const identity = await opened(
    started,
    access === undefined ? undefined : identityOf(access, log),
    ({ stop }) => stop()
  )
  const curve = await opened(
    started,
    curveKeys === undefined ? undefined : curveOf(curveKeys, log),
    ({ close }) => close()
  )
  live = await opened(
    started,
    events && openLive(events, { url, identity, curve, log: write }),
    ({ close }) => close()
  )
  await using unready = new AsyncDisposableStack()
  const router = orThrow(await openRouter(address.value, log, curve))
  unready.defer(router.close)
  const uplink = watchUplink(createUpstream({ url, ...(identity !== undefined && { identity }) }), {
    ...{ clock: systemClock, timer: systemTimer },
  })
  const { upstream } = uplink
  unready.defer(upstream.close)
  const passThrough = openPassThrough({ ...imageOptions, endpoint: router.endpoint, upstream, log })
  unready.defer(() => {
    passThrough.stop()
    passThrough.images.close()
  })
  const { standby, reports } =
    replica === undefined
      ? {}
      : openReportedStandby(replica, {
          ...{ upstream, url, identity, log, pace },
          imagesHere: imagesHere(passThrough.images.all, systemClock),
        })
  const report = createStatusReport({
    ...{ clock: systemClock, url, endpoint: router.endpoint, uplink, identity, standby },
    connections: router.connections,
    images: passThrough.images.all,
    events: () => live && { endpoint: live.endpoint, subscribers: live.subscribers() },
  })
  const bridge = createBridge({
    ...{ upstream, clock: systemClock, log, limits, passThrough, standby, expired },
    inquiries: createInquiries({
      ...{ status: report, clock: systemClock },
      drop: (records) => standby?.drop(records),
      retry: (records) => standby?.retry(records),
    }),
  })
  const running = new Set<Promise<void>>()
  const serving = serve({ router, bridge, running })
  log({ event: 'listening', endpoint: router.endpoint, upstream: url })
  const rest = started.move()
  unready.move()

  async function stop() {
    log({ event: 'stopping', running: running.size })
    bridge.refuseNew()
    await within(systemTimer, limits.graceMs, Promise.all(running))
    const unanswered = running.size
    bridge.abandon()
    passThrough.stop()
    await reports?.stop()
    standby?.stop()
    await router.close()
    await Promise.all([serving, upstream.close(), rest.disposeAsync()])
    log({ event: 'stopped', unanswered })
  }

  let stopped: Promise<void> | undefined
  return {
    endpoint: router.endpoint,
    ...(live !== undefined && { events: live.endpoint }),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

function identityOf(
  { token, ...api }: AccessOptions,
  log: Log
): Promise<Outcome<Identity, string>> {
  return startIdentity({
    source: token,
    check: createTokenCheck({ ...api, clock: systemClock }),
    clock: systemClock,
    timer: systemTimer,
    chance: systemChance,
    log,
  })
}

function curveOf(folder: string, log: Log): Promise<Outcome<CurveServer, string>> {
  return openCurveServer({ folder, log, timer: systemTimer })
}

/** What was asked for, to be ended with the bridge; undefined if nothing was. */
async function opened<Part extends object>(
  started: AsyncDisposableStack,
  asked: Promise<Outcome<Part, string>> | undefined,
  end: (part: Part) => void | Promise<void>
): Promise<Part | undefined> {
  if (asked === undefined) return undefined
  return started.adopt(orThrow(await asked), end)
}

function orThrow<Value>(outcome: Outcome<Value, string>): Value {
  if (outcome.ok) return outcome.value
  throw new StartError(outcome.failure)
}

type Serving = {
  readonly router: RouterSocket
  readonly bridge: Bridge
  /** The messages that are being answered. */
  readonly running: Set<Promise<void>>
}

async function serve({ router, bridge, running }: Serving): Promise<void> {
  async function handle({ peer, envelope, bodies }: Incoming) {
    const reply = await bridge.answer(peer, bodies)
    router.reply(envelope, reply, () => bridge.undelivered(reply))
  }

  for await (const incoming of router.messages()) {
    const handled = handle(incoming)
    running.add(handled)
    void handled.finally(() => running.delete(handled))
    await bridge.room()
  }
}
