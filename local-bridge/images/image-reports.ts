// Tells the team's directory how the images are, every few seconds and at each change. Whole facts: a report that got lost
// is made good by the next one.

import type { Outcome } from '../../src/outcome.ts'
import type { Log } from '../events.ts'
import type { Chance, Timer } from '../timer.ts'
import type { Upstream, UpstreamFailure, UpstreamReply } from '../upstream.ts'
import type { Image } from './image.ts'
import type { ImageLimits } from './image-limits.ts'

export type ImageReports = {
  /** Something is new: the directory is told at once. */
  changed(): void
  stop(): void
}

export type ReportsDependencies = {
  readonly images: () => readonly Image[]
  readonly upstream: Upstream
  readonly timer: Timer
  readonly limits: ImageLimits
  readonly log: Log
  readonly chance: Chance
  /** Tells the bridges of one developer apart. */
  readonly reporter: string
}

/** A report that takes longer is given up; the next one says the same and more. */
const REPORT_TIMEOUT_MS = 4000

export function createImageReports(dependencies: ReportsDependencies): ImageReports {
  const { images, upstream, timer, limits, log, chance, reporter } = dependencies
  const stopped = new AbortController()
  /** What was told of each image the last time, so that the log says what is new. */
  const told = new Map<string, string>()
  let isRunning = false
  let isDue = false
  let cancelNext = timer.after(limits.reportMs, tick)

  function tick(): void {
    cancelNext = timer.after(limits.reportMs, tick)
    void reportAll()
  }

  async function reportAll(): Promise<void> {
    isDue = true
    if (isRunning) return
    isRunning = true
    while (isDue && !stopped.signal.aborted) {
      isDue = false
      await Promise.all(images().map(report))
    }
    isRunning = false
  }

  async function report(image: Image): Promise<void> {
    const limit = new AbortController()
    const cancelLimit = timer.after(REPORT_TIMEOUT_MS, () => limit.abort())
    const answer = await upstream.send(messageOf(image, reporter), {
      requestId: `image-report-${chance().toString(36).slice(2)}`,
      deliveryId: undefined,
      isOpen: false,
      signal: AbortSignal.any([stopped.signal, limit.signal]),
    })
    cancelLimit()
    const outcome = outcomeOf(answer)
    if (stopped.signal.aborted || told.get(image.name) === outcome) return
    told.set(image.name, outcome)
    log({ event: 'image_reported', image: image.name, outcome })
  }

  return {
    changed: () => void reportAll(),
    stop: () => {
      cancelNext()
      stopped.abort()
    },
  }
}

/** The message of a report: `report_image_status`. */
function messageOf(image: Image, reporter: string): Uint8Array {
  const { name: image_id, address } = image
  const parameters = { image_id, address, name: image_id, ...image.health(), reporter }
  return Buffer.from(JSON.stringify({ command: 'report_image_status', parameters }))
}

function outcomeOf(answer: Outcome<UpstreamReply, UpstreamFailure>): string {
  return answer.ok ? answer.value.outcome : answer.failure.reason
}
