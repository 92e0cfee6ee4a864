// Reports of bridges: when one is silent or of no use any more, which is worth writing, which gives way to a new one, and
// how one is told.

import { isoTime } from '../clock.ts'
import type { BridgeStatus } from '../protocol/bridge-fields.ts'
import {
  BRIDGE_SILENT_AFTER_MS,
  MAX_SUBJECT_BRIDGES,
  MAX_TEAM_BRIDGES,
} from '../protocol/limits.ts'
import type { BridgeReport, ClientJournal } from './storage/bridge-table.ts'

/** How much older than the truth a stored row may be. */
const WRITTEN_EVERY_MS = 60_000

/** A bridge that had delivered everything is told for so long after it fell silent. */
const TOLD_FOR_MS = 86_400_000

/** A report, and when it was written. */
export type BridgeEntry = { readonly report: BridgeReport; readonly writtenAt: number }

/**
 * A stored report may have been followed for a minute by others that said the same. It counts as if the last of them had
 * come at the latest possible time, so that no bridge looks silent too early.
 */
export function asOfNow(report: BridgeReport, now: number): BridgeReport {
  if (report.is_silent) return report
  const latest = Math.min(now, report.last_heard + WRITTEN_EVERY_MS)
  return { ...report, last_heard: Math.max(report.last_heard, latest) }
}

export function isSilent({ last_heard }: BridgeReport, now: number): boolean {
  return now >= silentAt(last_heard)
}

/** When a bridge that was heard last then becomes silent. */
export function silentAt(last_heard: number): number {
  return last_heard + BRIDGE_SILENT_AFTER_MS
}

/** True for what is told to nobody: nothing waits there, or nobody has heard of it for as long as sessions are kept. */
export function isOver(report: BridgeReport, now: number, retentionMs: number): boolean {
  return now - report.last_heard >= (holdsWork(report) ? retentionMs : TOLD_FOR_MS)
}

/** The order in which bridges are told: those that hold work first, so that none of them is left out of a long list. */
export function byUrgency(a: BridgeReport, b: BridgeReport): number {
  return Number(holdsWork(b)) - Number(holdsWork(a)) || b.last_heard - a.last_heard
}

/** True if something waits there, or was refused. */
function holdsWork({ clients }: BridgeReport): boolean {
  return clients.some(({ records, refused }) => records + refused > 0)
}

/** True if a report says something that the one before did not. */
export function isNews(before: BridgeReport, next: BridgeReport): boolean {
  return before.is_silent || saying(before) !== saying(next)
}

/** True if the last report that was written is too old. */
export function isWritingDue({ writtenAt }: BridgeEntry, now: number): boolean {
  return now - writtenAt >= WRITTEN_EVERY_MS
}

function saying({ name, version, clients }: BridgeReport): string {
  return JSON.stringify([name, version, clients])
}

/** The report that is forgotten for a new one; undefined if there is room. */
export function givingWay(
  { subject }: BridgeReport,
  reports: readonly BridgeReport[]
): BridgeReport | undefined {
  const bySubject = Map.groupBy(reports, (report) => report.subject)
  const own = bySubject.get(subject) ?? []
  if (own.length >= MAX_SUBJECT_BRIDGES) return heardLeast(own)
  if (reports.length < MAX_TEAM_BRIDGES) return undefined
  const [most = []] = [...bySubject.values()].sort((a, b) => b.length - a.length)
  return heardLeast(most)
}

function heardLeast(reports: readonly BridgeReport[]): BridgeReport | undefined {
  return [...reports].sort((a, b) => a.last_heard - b.last_heard)[0]
}

/** A bridge as answers tell it. */
export function toldBridge(
  report: BridgeReport,
  { viewer, now }: { readonly viewer: string; readonly now: number }
): BridgeStatus {
  const { bridge_id, name, version, subject, clients, last_heard } = report
  return {
    ...{ bridge_id, name, version, is_own: subject === viewer },
    last_heard: isoTime(last_heard),
    silent: isSilent(report, now),
    clients: clients.map((journal) => toldJournal(journal, last_heard)),
  }
}

/** A report has reached the service: whatever does not wait had reached it by then. */
function toldJournal({ oldest_at, ...journal }: ClientJournal, last_heard: number) {
  return {
    ...journal,
    ...(oldest_at !== undefined && { oldest_at: isoTime(oldest_at) }),
    last_sync: isoTime(oldest_at ?? last_heard),
  }
}
