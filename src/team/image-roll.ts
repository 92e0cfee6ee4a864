// The images of a team, as its bridges report them. The latest reports are in memory; a row is written when a report says
// something new, or a minute after the last: a bridge that reports every few seconds costs next to no storage.

import type { ImageRecord } from '../image/record.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { DirectoryStore } from './directory-store.ts'
import { keepClasses } from './image-classes.ts'
import {
  asOfNow,
  best,
  type Entry,
  isWorthWriting,
  reported,
  subjectOf,
  type Told,
  toldTo,
} from './image-reports.ts'
import { roomFor } from './image-room.ts'
import { isOtherStart } from './image-starts.ts'
import type { ImageReport } from './storage/image-table.ts'

export type ImageRoll = {
  /** Takes a report, with the image's classes if it has them; says whether it is the first news of another start of it. */
  report(told: Told, now: number, classes?: readonly string[]): Outcome<Taken, Failure>
  /** An image as it is told to a subject, or the best of all reports if none is named; undefined if nobody has reported it. */
  find(image_id: string, now: number, viewer?: string): ImageRecord | undefined
  /** All images, told in the same way, the one reported last first. */
  all(now: number, viewer?: string): readonly ImageRecord[]
  /** Each image as all reports have it, and as those of each subject alone do. */
  views(now: number): readonly ImageView[]
  /** True if bridges of the subject report the image. */
  isOwn(image_id: string, subject: string): boolean
}

/** What a report has changed beside the status. */
export type Taken = { readonly isRestarted: boolean }

export type ImageView = {
  readonly all: ImageRecord
  readonly own: ReadonlyMap<string, ImageRecord>
}

export function createImageRoll(parts: {
  readonly store: DirectoryStore
  readonly retentionMs: number
  /** When the directory began to serve. */
  readonly now: number
}): ImageRoll {
  const { store, retentionMs } = parts
  const images = new Map<string, Map<string, Entry>>()
  for (const report of store.images.all()) {
    keep(asOfNow(report, parts.now), report.last_report)
  }

  function keep(report: ImageReport, writtenAt: number): void {
    const { image_id, reporter } = report
    const reports = images.get(image_id) ?? new Map<string, Entry>()
    images.set(image_id, reports.set(reporter, { report, writtenAt, subject: subjectOf(report) }))
  }

  function forget({ image_id, reporter }: ImageReport): void {
    const reports = images.get(image_id)
    if (reports?.delete(reporter) !== true) return
    if (reports.size === 0) images.delete(image_id)
    store.images.forget({ image_id, reporter })
    store.classes.forget({ image_id, reporter })
  }

  function entriesOf(image_id: string): Entry[] {
    return [...(images.get(image_id)?.values() ?? [])]
  }

  function entries(): Entry[] {
    return [...images.values()].flatMap((reports) => [...reports.values()])
  }

  function forgetOld(now: number): void {
    for (const { report } of entries()) if (isOld(report, now)) forget(report)
  }

  function isOld({ last_report }: ImageReport, now: number): boolean {
    return last_report <= now - retentionMs
  }

  /** True for another start that no other bridge of the same subject has told yet: only the first of them brings news. */
  function isRestarted(known: Entry | undefined, told: Told): boolean {
    if (known === undefined || !isOtherStart(known.report, told)) return false
    return !entriesOf(told.image_id).some(
      (entry) =>
        entry !== known && entry.subject === known.subject && entry.report.epoch === told.epoch
    )
  }

  function asToldTo(viewer: string | undefined, reports: Iterable<Entry>, now: number) {
    const kept = [...reports].filter(({ report }) => !isOld(report, now))
    return viewer === undefined ? best(kept, now) : toldTo(viewer, kept, now)
  }

  return {
    report: (told, now, classes) => {
      const known = images.get(told.image_id)?.get(told.reporter)
      const report = reported(known?.report, told, now)
      const taken = { isRestarted: isRestarted(known, told) }
      if (known !== undefined && !isWorthWriting(known, report)) {
        keep(report, known.writtenAt)
        if (classes !== undefined) keepClasses(store, told, classes, now)
        return succeed(taken)
      }
      return store.transaction(() => {
        store.prepare(now)
        forgetOld(now)
        const room = known === undefined ? roomFor(report, entries(), now) : succeed(undefined)
        if (!room.ok) return fail(room.failure)
        if (room.value !== undefined) forget(room.value)
        store.images.put(report)
        if (classes !== undefined) keepClasses(store, told, classes, now)
        keep(report, now)
        return succeed(taken)
      })
    },
    find: (image_id, now, viewer) => asToldTo(viewer, entriesOf(image_id), now),
    all: (now, viewer) =>
      [...images.values()]
        .flatMap((reports) => asToldTo(viewer, reports.values(), now) ?? [])
        .sort((a, b) => b.last_report - a.last_report),
    views: (now) =>
      [...images.values()].flatMap((reports) => {
        const all = asToldTo(undefined, reports.values(), now)
        if (all === undefined) return []
        const subjects = new Set([...reports.values()].map(({ subject }) => subject))
        const own = [...subjects].flatMap((subject) => {
          const record = asToldTo(subject, reports.values(), now)
          return record === undefined ? [] : [[subject, record] as const]
        })
        return [{ all, own: new Map(own) }]
      }),
    isOwn: (image_id, subject) => entriesOf(image_id).some((entry) => entry.subject === subject),
  }
}
