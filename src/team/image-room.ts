// Whether a new report has room, and which one gives way to it: one member of a team must not keep the others from reporting.

import { isOrphaned } from '../image/status.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_REPORTERS, MAX_SUBJECT_IMAGES, MAX_TEAM_IMAGES } from '../protocol/limits.ts'
import { type Entry, subjectOf } from './image-reports.ts'
import type { ImageReport } from './storage/image-table.ts'

/** The report that is forgotten for a new one; undefined if none has to be. */
export function roomFor(
  wanted: ImageReport,
  entries: readonly Entry[],
  now: number
): Outcome<ImageReport | undefined, Failure> {
  const subject = subjectOf(wanted)
  const own = reportsOf(entries, subject)
  const bridges = own.filter(({ image_id }) => image_id === wanted.image_id)
  if (bridges.length >= MAX_REPORTERS) return succeed(earliest(bridges, 'last_report'))
  const isAway = (report: ImageReport) => isOrphaned(report, now)
  if (own.length >= MAX_SUBJECT_IMAGES) {
    const away = earliest(own.filter(isAway), 'last_seen')
    return away === undefined ? full(OWN_FULL) : succeed(away)
  }
  if (entries.length < MAX_TEAM_IMAGES) return succeed(undefined)
  const most = reportsOf(entries, subjectWithMost(entries))
  const everybodys = entries.map(({ report }) => report)
  const away =
    earliest(most.filter(isAway), 'last_seen') ?? earliest(everybodys.filter(isAway), 'last_seen')
  if (away !== undefined) return succeed(away)
  return most.length > own.length + 1 ? succeed(earliest(most, 'last_report')) : full(TEAM_FULL)
}

function subjectWithMost(entries: readonly Entry[]): string {
  const counts = new Map<string, number>()
  for (const { subject } of entries) counts.set(subject, (counts.get(subject) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? ''
}

function reportsOf(entries: readonly Entry[], subject: string): ImageReport[] {
  return entries.filter((entry) => entry.subject === subject).map(({ report }) => report)
}

function earliest(
  reports: readonly ImageReport[],
  by: 'last_seen' | 'last_report'
): ImageReport | undefined {
  return [...reports].sort((a, b) => a[by] - b[by])[0]
}

const OWN_FULL = `your bridges report ${MAX_SUBJECT_IMAGES} images, and none of them is away for long; report fewer`
const TEAM_FULL = `the team has ${MAX_TEAM_IMAGES} images, and none of them is away for long; report fewer`

function full(detail: string) {
  return fail({ reason: 'invalid_parameter', path: 'image_id', detail })
}
