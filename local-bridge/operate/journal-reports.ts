// Tells the team's directory what waits here for each client: when that changes, not more often than every few seconds, and
// else before the directory would call this bridge silent. Whole facts: a report that got lost is made good by the next one.

import { isoTime } from '../../src/clock.ts'
import {
  BRIDGE_HEARTBEAT_MS,
  BRIDGE_REPORT_GAP_MS,
  MAX_BRIDGE_CLIENTS,
} from '../../src/protocol/limits.ts'
import { VERSION } from '../../src/version.ts'
import type { Log } from '../events.ts'
import type { ClientHolding } from '../replica/holdings.ts'
import type { Standby } from '../replica/standby.ts'
import { REPORT_TIMEOUT_MS, sendReport } from '../send-report.ts'
import type { Chance, Timer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'

export type JournalReports = {
  /** What is held is another than before, or the service is there again. */
  changed(): void
  /** Tells what is left behind, if anybody was told of more, and ends. */
  stop(): Promise<void>
}

export type JournalReportsDependencies = {
  readonly standby: Pick<Standby, 'clients' | 'link'>
  readonly upstream: Upstream
  readonly timer: Timer
  readonly chance: Chance
  readonly log: Log
  readonly bridgeId: string
  /** What the developer calls this machine. */
  readonly name: string | undefined
  readonly pace?: ReportPace
}

export type ReportPace = { readonly gapMs: number; readonly heartbeatMs: number }

const PACE: ReportPace = { gapMs: BRIDGE_REPORT_GAP_MS, heartbeatMs: BRIDGE_HEARTBEAT_MS }

/** The last report is given up sooner: nobody waits for it when the bridge stops. */
const FAREWELL_TIMEOUT_MS = 500

/** What a bridge says that serves nobody: where it was never heard of there is nothing to take back. */
const NOBODY = '[]'

/** What was told where a report got no answer: it may have been heard, so that nothing equals it. */
const UNSURE = ''

/** @example createJournalReports({ standby, upstream, timer, chance, log, bridgeId, name }).changed() */
export function createJournalReports(dependencies: JournalReportsDependencies): JournalReports {
  const { standby, upstream, timer, chance, log, bridgeId, name, pace = PACE } = dependencies
  const startedAt = timer.ticks()
  let told: string | undefined
  let toldAt = startedAt
  let sentAt = Number.NEGATIVE_INFINITY
  let outcome: string | undefined
  let running: Promise<void> | undefined
  let limit = new AbortController()
  let isStopped = false
  let cancel = timer.after(pace.heartbeatMs, look)

  function look(): void {
    cancel()
    if (isStopped) return
    const left = toldAt + pace.heartbeatMs - timer.ticks()
    cancel = timer.after(left > 0 ? left : pace.heartbeatMs, look)
    const due = running === undefined ? dueNow() : undefined
    if (due === undefined) return
    running = send(due, REPORT_TIMEOUT_MS).finally(() => {
      running = undefined
      if (dueNow() !== undefined) lookSoon()
    })
  }

  /** As soon as there may be another report. */
  function lookSoon(): void {
    cancel()
    if (!isStopped) cancel = timer.after(Math.max(0, sentAt + pace.gapMs - timer.ticks()), look)
  }

  /**
   * What is to be told now, if anything. While nobody knows what is held, nothing is: what waits in a folder that cannot be
   * had waits nevertheless. A bridge that serves nobody takes back what an earlier run may have told, and is quiet then.
   */
  function dueNow(): string | undefined {
    if (isStopped || !standby.link.isUp()) return undefined
    const clients = standby.clients()
    if (clients === undefined) return undefined
    const held = journalsOf(clients)
    const isLate = timer.ticks() - toldAt >= pace.heartbeatMs
    const isNews =
      held === NOBODY ? told !== NOBODY && (told !== undefined || isLate) : held !== told || isLate
    return isNews ? held : undefined
  }

  async function send(journals: string, timeoutMs: number): Promise<void> {
    sentAt = timer.ticks()
    limit = new AbortController()
    const way = { upstream, timer, chance, signal: limit.signal }
    const parameters = {
      ...{ bridge_id: bridgeId, version: VERSION, clients: JSON.parse(journals) },
      ...(name !== undefined && { name }),
    }
    const report = { command: 'report_bridge_status', parameters } as const
    const { isHeard, outcome: said } = await sendReport(report, way, timeoutMs)
    // What the directory refuses it would refuse again: it is told another state, or the same much later.
    if (isHeard) {
      told = journals
      toldAt = sentAt
    } else if (journals !== NOBODY && journals !== told) told = UNSURE
    if (said !== outcome && !isStopped) log({ event: 'journal_reported', outcome: said })
    outcome = said
  }

  return {
    changed: lookSoon,
    stop: async () => {
      cancel()
      isStopped = true
      limit.abort()
      await running
      const left = standby.clients()?.filter(({ waiting, refused }) => waiting + refused > 0)
      if (left === undefined) return
      const isTold = told === undefined || told === NOBODY || told === journalsOf(left)
      if (!isTold && standby.link.isUp()) await send(journalsOf(left), FAREWELL_TIMEOUT_MS)
    },
  }
}

/** Those with most work first. */
function journalsOf(clients: readonly ClientHolding[]): string {
  return JSON.stringify(
    [...clients]
      .sort((a, b) => b.waiting + b.refused - (a.waiting + a.refused))
      .slice(0, MAX_BRIDGE_CLIENTS)
      .map(({ client_id, waiting, refused, bytes, oldest }) => ({
        ...{ client_id, records: waiting, refused, bytes },
        ...(oldest !== undefined && { oldest_at: isoTime(oldest) }),
      }))
  )
}
