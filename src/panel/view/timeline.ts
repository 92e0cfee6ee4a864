// The life of one session as a picture: a bar for each revision, a mark for what else happened, in order of time.

import { bytesText } from './units.ts'

export type Revision = {
  readonly revision: number
  readonly at: number
  readonly bytes: number
  readonly cause: string
  readonly label: string
  readonly changed: readonly string[]
  readonly is_current: boolean
}

/** Something that happened beside the revisions: from the audit log, or told of the image. */
export type Moment = { readonly at: number; readonly what: string }

export type Entry =
  | { readonly kind: 'revision'; readonly at: number; readonly revision: Revision }
  | { readonly kind: 'moment'; readonly at: number; readonly what: string }

/** Moments that are shown; the newest ones. */
const MOMENTS_SHOWN = 40

/** Everything in order; moments before the oldest revision that is kept are not shown. */
export function entriesOf(revisions: readonly Revision[], moments: readonly Moment[]): Entry[] {
  const oldest = Math.min(...revisions.map(({ at }) => at))
  const shown = moments.filter(({ at }) => at >= oldest).slice(-MOMENTS_SHOWN)
  return [
    ...revisions.map((revision) => ({ kind: 'revision' as const, at: revision.at, revision })),
    ...shown.map(({ at, what }) => ({ kind: 'moment' as const, at, what })),
  ].sort((a, b) => a.at - b.at)
}

export type Bar = { readonly x: number; readonly height: number; readonly entry: Entry }

/** Places for the entries on a width of 1; heights of bars are 0 to 1 of the largest revision. */
export function barsOf(entries: readonly Entry[]): Bar[] {
  const sizes = entries.map((entry) => (entry.kind === 'revision' ? entry.revision.bytes : 0))
  const largest = Math.max(1, ...sizes)
  return entries.map((entry, index) => ({
    x: (index + 0.5) / entries.length,
    height: Math.max(entry.kind === 'revision' ? 0.04 : 0, (sizes[index] ?? 0) / largest),
    entry,
  }))
}

/** The picture in a sentence. */
export function timelineText(revisions: readonly Revision[]): string {
  const newest = revisions.reduce((a, b) => (a.revision > b.revision ? a : b))
  const sizes = revisions.map(({ bytes }) => bytes)
  return `${revisions.length} revisions are kept, from ${bytesText(Math.min(...sizes))} to ${bytesText(Math.max(...sizes))}; the newest is revision ${newest.revision} with ${bytesText(newest.bytes)}.`
}

const CAUSES: Readonly<Record<string, string>> = {
  create_session: 'created',
  import_session: 'imported',
  update_session_state: 'updated',
  save_context: 'context saved',
  clear_context: 'context cleared',
  revert_session: 'reverted',
  switch_image_context: 'moved to another image',
  repair: 'repaired',
}

/** Why there is a revision, for people. */
export function causeText(cause: string): string {
  return CAUSES[cause] ?? cause.replaceAll('_', ' ')
}

const MOMENTS: Readonly<Record<string, string>> = {
  session_restored: 'restored, which renewed the lease',
}

/** What a row of the audit log tells, for people. */
export function momentText(action: string): string {
  return MOMENTS[action] ?? action.replaceAll('_', ' ')
}
