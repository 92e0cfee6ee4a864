// Tells the team's directory how the images are, every few seconds and at each change. Whole facts: a report that got lost
// is made good by the next one.

import type { Log } from '../events.ts'
import { type Report, sendReport } from '../send-report.ts'
import type { Chance, Timer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'
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
    const { signal } = stopped
    const way = { upstream, timer, chance, signal }
    const { outcome } = await sendReport(reportOf(image, reporter), way)
    if (signal.aborted || told.get(image.name) === outcome) return
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

function reportOf(image: Image, reporter: string): Report {
  const { name: image_id, address } = image
  return {
    command: 'report_image_status',
    parameters: { image_id, address, name: image_id, ...image.health(), reporter },
  }
}
