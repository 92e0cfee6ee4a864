// The images of a team, as its bridges report them. The latest reports are in memory; a row is written when a report says
// something new, or a minute after the last: a bridge that reports every few seconds costs next to no storage.

import type { ImageRecord } from '../image/record.ts'
import { isOrphaned } from '../image/status.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_TEAM_IMAGES } from '../protocol/limits.ts'
import type { DirectoryStore } from './directory-store.ts'
import { asOfNow, best, type Entry, isWorthWriting, reported, type Told } from './image-reports.ts'
import type { ImageReport } from './storage/image-table.ts'

export type ImageRoll = {
  /** Takes a report. */
  report(told: Told, now: number): Outcome<undefined, Failure>
  /** An image as the best of its reports has it; undefined if nobody has reported it. */
  find(image_id: string, now: number): ImageRecord | undefined
  /** All images, the one reported last first. */
  all(now: number): readonly ImageRecord[]
}

export function createImageRoll(parts: {
  readonly store: DirectoryStore
  readonly retentionMs: number
  /** When the directory began to serve. */
  readonly now: number
}): ImageRoll {
  const { store, retentionMs } = parts
  const images = new Map<string, Map<string, Entry>>()
  let count = 0
  for (const report of store.images.all()) {
    keep({ report: asOfNow(report, parts.now), writtenAt: report.last_report })
  }

  function keep(entry: Entry): void {
    const { image_id, reporter } = entry.report
    const reports = images.get(image_id) ?? new Map<string, Entry>()
    if (!reports.has(reporter)) count += 1
    images.set(image_id, reports.set(reporter, entry))
  }

  function forget({ image_id, reporter }: ImageReport): void {
    const reports = images.get(image_id)
    if (reports?.delete(reporter) !== true) return
    count -= 1
    if (reports.size === 0) images.delete(image_id)
    store.images.forget({ image_id, reporter })
  }

  function reports(): ImageReport[] {
    return [...images.values()].flatMap((entries) => [...entries.values()].map(reportOf))
  }

  function forgetOld(now: number): void {
    for (const report of reports()) if (report.last_report <= now - retentionMs) forget(report)
  }

  function kept(entries: Iterable<Entry>, now: number): ImageReport[] {
    return [...entries].map(reportOf).filter(({ last_report }) => last_report > now - retentionMs)
  }

  /** Makes room by forgetting the image that is away for longest; false while all are here. */
  function makeRoom(now: number): boolean {
    if (count < MAX_TEAM_IMAGES) return true
    const [oldest] = reports()
      .filter((report) => isOrphaned(report, now))
      .sort((a, b) => a.last_seen - b.last_seen)
    if (oldest !== undefined) forget(oldest)
    return oldest !== undefined
  }

  return {
    report: (told, now) => {
      const known = images.get(told.image_id)?.get(told.reporter)
      const report = reported(known?.report, told, now)
      if (known !== undefined && !isWorthWriting(known, report)) {
        keep({ report, writtenAt: known.writtenAt })
        return succeed(undefined)
      }
      return store.transaction(() => {
        store.prepare(now)
        forgetOld(now)
        if (known === undefined && !makeRoom(now)) return fail(FULL)
        store.images.put(report)
        keep({ report, writtenAt: now })
        return succeed(undefined)
      })
    },
    find: (image_id, now) => best(kept(images.get(image_id)?.values() ?? [], now), now),
    all: (now) =>
      [...images.values()]
        .flatMap((entries) => best(kept(entries.values(), now), now) ?? [])
        .sort((a, b) => b.last_report - a.last_report),
  }
}

const FULL: Failure = {
  reason: 'invalid_parameter',
  path: 'image_id',
  detail: `the team has ${MAX_TEAM_IMAGES} images, and none of them is away`,
}

function reportOf({ report }: Entry): ImageReport {
  return report
}
