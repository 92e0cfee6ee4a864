// Sends what a bridge reports to the team's directory: each report has a time limit and an id of its own, and no delivery
// that somebody would repeat.

import type { Chance, Timer } from './timer.ts'
import type { Upstream } from './upstream.ts'

export type Report = {
  readonly command: 'report_image_status' | 'report_bridge_status'
  readonly parameters: Readonly<Record<string, unknown>>
}

export type ReportWay = {
  readonly upstream: Upstream
  readonly timer: Timer
  readonly chance: Chance
  /** Gives the report up. */
  readonly signal: AbortSignal
}

export type Reported = {
  readonly isHeard: boolean
  /** `success`, the error code, or why nobody answered. */
  readonly outcome: string
}

/** One that takes longer is given up; the next one says the same and more. */
export const REPORT_TIMEOUT_MS = 4000

/** @example await sendReport({ command, parameters }, { upstream, timer, chance, signal }) */
export async function sendReport(
  report: Report,
  { upstream, timer, chance, signal }: ReportWay,
  timeoutMs = REPORT_TIMEOUT_MS
): Promise<Reported> {
  const limit = new AbortController()
  const giveUp = () => limit.abort()
  const cancelLimit = timer.after(timeoutMs, giveUp)
  signal.addEventListener('abort', giveUp)
  if (signal.aborted) giveUp()
  const answer = await upstream.send(Buffer.from(JSON.stringify(report)), {
    requestId: `${report.command}-${chance().toString(36).slice(2)}`,
    deliveryId: undefined,
    isOpen: false,
    signal: limit.signal,
  })
  cancelLimit()
  signal.removeEventListener('abort', giveUp)
  return {
    isHeard: answer.ok,
    outcome: answer.ok ? answer.value.outcome : answer.failure.reason,
  }
}
