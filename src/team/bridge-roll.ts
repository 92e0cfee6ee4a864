// The bridges of a team, as they report themselves. The latest reports are in memory; a row is written when a report says
// something new, or a minute after the last. What changes is an event; that a bridge fell silent is one, too.

import {
  asOfNow,
  type BridgeEntry,
  byUrgency,
  givingWay,
  isNews,
  isOver,
  isSilent,
  isWritingDue,
  silentAt,
} from './bridge-reports.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { TeamEvents } from './events.ts'
import type { BridgeKey, BridgeReport } from './storage/bridge-table.ts'

export type BridgeRoll = {
  /** Takes a report. One of a bridge that serves nobody makes it forgotten. */
  report(told: Omit<BridgeReport, 'last_heard' | 'is_silent'>, now: number): BridgeReport
  /** The bridges of one subject, or all if none is named: those that hold work first, then the one heard last. */
  all(now: number, viewer?: string): readonly BridgeReport[]
  /** Notes which have fallen silent since it was asked last, if any can have. */
  notePassed(now: number): void
  /** When one can fall silent next; in the past if that was never looked for. */
  nextAt(): number
}

export function createBridgeRoll(parts: {
  readonly store: DirectoryStore
  readonly events: TeamEvents
  readonly retentionMs: number
  /** When the directory began to serve. */
  readonly now: number
}): BridgeRoll {
  const { store, events, retentionMs } = parts
  const bridges = new Map<string, BridgeEntry>()
  let nextAt = Number.NEGATIVE_INFINITY
  for (const report of store.bridges.all()) {
    keep(asOfNow(report, parts.now), report.last_heard)
  }

  function keep(report: BridgeReport, writtenAt: number): void {
    bridges.set(keyOf(report), { report, writtenAt })
  }

  function write(report: BridgeReport, now: number): void {
    store.bridges.put(report)
    keep(report, now)
  }

  function forget(report: BridgeReport, now: number): void {
    bridges.delete(keyOf(report))
    store.bridges.forget(report)
    events.bridgeChanged(report, now)
  }

  function reports(): BridgeReport[] {
    return [...bridges.values()].map(({ report }) => report)
  }

  function changed(report: BridgeReport, isNew: boolean, now: number): void {
    store.transaction(() => {
      store.prepare(now)
      for (const old of reports()) if (isOver(old, now, retentionMs)) forget(old, now)
      const gone = isNew ? givingWay(report, reports()) : undefined
      if (gone !== undefined) forget(gone, now)
      write(report, now)
      events.bridgeChanged(report, now)
    })
    nextAt = Math.min(nextAt, silentAt(now))
  }

  return {
    report: (told, now) => {
      const report = { ...told, last_heard: now, is_silent: false }
      const known = bridges.get(keyOf(report))
      if (report.clients.length === 0) {
        if (known !== undefined) store.transaction(() => forget(known.report, now))
      } else if (known === undefined || isNews(known.report, report)) {
        changed(report, known === undefined, now)
      } else if (isWritingDue(known, now)) write(report, now)
      else keep(report, known.writtenAt)
      return report
    },
    all: (now, viewer) =>
      reports()
        .filter(({ subject }) => viewer === undefined || viewer === subject)
        .filter((report) => !isOver(report, now, retentionMs))
        .sort(byUrgency),
    notePassed: (now) => {
      if (now < nextAt) return
      const heard = reports().filter(({ is_silent }) => !is_silent)
      const silent = heard.filter((report) => isSilent(report, now))
      nextAt = Math.min(
        ...heard.filter((one) => !silent.includes(one)).map((one) => silentAt(one.last_heard))
      )
      if (silent.length === 0) return
      store.transaction(() => {
        for (const report of silent) {
          write({ ...report, is_silent: true }, now)
          events.bridgeChanged(report, now)
        }
      })
    },
    nextAt: () => nextAt,
  }
}

/** Nobody speaks for another: the key has the caller's subject. */
function keyOf({ subject, bridge_id }: BridgeKey): string {
  return JSON.stringify([subject, bridge_id])
}
