// What bridges report of an image: how one report follows another, which is worth writing, and which of several is believed.

import type { ImageRecord } from '../image/record.ts'
import { isConnected } from '../image/status.ts'
import { isOtherStart, startOf } from './image-starts.ts'
import type { ImageReport } from './storage/image-table.ts'

/** How much older than the truth a stored row may be. */
export const WRITTEN_EVERY_MS = 60_000

/** What a bridge says; what it leaves out stays as it was. */
export type Told = Pick<ImageReport, 'image_id' | 'reporter' | 'reported_status'> &
  Partial<
    Pick<
      ImageReport,
      | 'image_address'
      | 'image_name'
      | 'image_version'
      | 'image_metadata'
      | 'epoch'
      | 'round_trip_ms'
    >
  >

/** A report, for whom it was made, and when it was written. */
export type Entry = {
  readonly report: ImageReport
  readonly subject: string
  readonly writtenAt: number
}

/**
 * A stored report may have been followed for a minute by others that said the same. Until the bridge is heard again it
 * counts as if the last of them had come at the latest possible time, so that no image looks away too early.
 */
export function asOfNow(report: ImageReport, now: number): ImageReport {
  const latest = Math.min(now, report.last_report + WRITTEN_EVERY_MS)
  return { ...report, last_report: Math.max(report.last_report, latest) }
}

/** The report that follows from the one before and from what is told now. */
export function reported(known: ImageReport | undefined, told: Told, now: number): ImageReport {
  const isHere = told.reported_status === 'Connected'
  return {
    image_address: '',
    image_name: '',
    image_version: '',
    image_metadata: {},
    epoch: '',
    epoch_at: 0,
    round_trip_ms: null,
    first_seen: now,
    ...known,
    ...told,
    ...(isOtherStart(known, told) && { epoch_at: now }),
    last_seen: isHere ? now : (known?.last_seen ?? now),
    last_report: now,
  }
}

/** True if a report says something new, or the last one that was written is too old. */
export function isWorthWriting({ report, writtenAt }: Entry, next: ImageReport): boolean {
  return next.last_report - writtenAt >= WRITTEN_EVERY_MS || saying(report) !== saying(next)
}

/** What a report says, but for what differs each time. */
function saying(report: ImageReport): string {
  const { image_address, image_name, image_version, image_metadata, epoch, reported_status } =
    report
  return JSON.stringify([
    reported_status,
    epoch,
    image_address,
    image_name,
    image_version,
    image_metadata,
  ])
}

/** Who a bridge reports for, and its own name, as the key of its rows. */
export function reporterOf(subject: string, name: string): string {
  return JSON.stringify([subject, name])
}

export function subjectOf({ reporter }: Pick<ImageReport, 'reporter'>): string {
  const [subject = ''] = JSON.parse(reporter) as readonly string[]
  return subject
}

/**
 * Of several bridges the one that sees the image best is believed: one of them may be cut off from it. Facts of different
 * subjects are never mixed.
 */
export function best(entries: readonly Entry[], now: number): ImageRecord | undefined {
  const [first] = [...entries].sort(
    ({ report: a }, { report: b }) =>
      Number(isConnected(b, now)) - Number(isConnected(a, now)) || b.last_report - a.last_report
  )
  if (first === undefined) return undefined
  const { reporter: _, epoch_at: __, ...record } = first.report
  const reports = entries.flatMap(({ report, subject }) =>
    subject === first.subject ? [report] : []
  )
  return {
    ...record,
    ...startOf(reports, first.report, now),
    seen_by: first.subject,
    first_seen: Math.min(...reports.map((report) => report.first_seen)),
    last_seen: Math.max(...reports.map((report) => report.last_seen)),
  }
}

/**
 * An image as one subject is told it: what its own bridges say, if there are any. What others say is hearsay, and says
 * nothing of a start: whoever invents reports may neither orphan the sessions of others nor make their objects stale.
 */
export function toldTo(
  viewer: string,
  entries: readonly Entry[],
  now: number
): ImageRecord | undefined {
  const own = entries.filter(({ subject }) => subject === viewer)
  if (own.length > 0) return best(own, now)
  const record = best(entries, now)
  return record && { ...record, epoch: '', epochs: [], is_hearsay: true }
}
