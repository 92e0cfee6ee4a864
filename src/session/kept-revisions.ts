// Which revisions of a session are kept: the last ones, the newest that have a name, and of what is older one for each
// quarter of an hour. Says also which go first where bytes are short.

import type { RevisionMark } from '../storage/revisions.ts'
import type { Limits } from './limits.ts'

/** What a revert is called that its client gave no name. */
export function revertLabel(revision: number): string {
  return `revert to ${revision}`
}

/** What the revision is called that a move makes. */
export function moveLabel(from_image_id: string, to_image_id: string): string {
  return `from ${from_image_id || 'no image'} to ${to_image_id}`
}

/** What the service itself calls the revisions that it makes, by their cause. */
const OWN_LABELS: Readonly<Record<string, RegExp>> = {
  revert_session: /^revert to \d+$/,
  switch_image_context: /^from /,
}

/** True if the label was given to find the revision again; what the service calls its own reverts and moves is none. */
export function isNamed({ cause, label }: Pick<RevisionMark, 'cause' | 'label'>): boolean {
  return label !== '' && OWN_LABELS[cause]?.test(label) !== true
}

/** The revisions beyond the limits, of all that there are, the newest first. */
export function surplus(marks: readonly RevisionMark[], limits: Limits): ReadonlySet<number> {
  const { revisionsKept, spacedKept, spacingMs } = limits
  const floor = (marks[0]?.revision ?? 0) - revisionsKept
  const named = keptForTheirName(marks, limits)
  const spans = new Set<number>()
  const gone = new Set<number>()
  for (const { revision, at } of marks) {
    if (revision > floor || named.has(revision)) continue
    const span = Math.floor(at / spacingMs)
    if (spans.has(span) || spans.size >= spacedKept) gone.add(revision)
    else spans.add(span)
  }
  return gone
}

/** All but the newest in the order in which they go for want of bytes: the oldest first, those with a name last. */
export function expendable(marks: readonly RevisionMark[], limits: Limits): readonly number[] {
  const named = keptForTheirName(marks, limits)
  const earlier = marks.slice(1).reverse()
  return [
    ...earlier.filter(({ revision }) => !named.has(revision)),
    ...earlier.filter(({ revision }) => named.has(revision)),
  ].map(({ revision }) => revision)
}

/** Numbers for people, given the newest first: "2, 9 and 13 to 32 are". */
export function keptText(revisions: readonly number[]): string {
  const ranges: { readonly from: number; to: number }[] = []
  for (const revision of [...revisions].reverse()) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to === revision - 1) last.to = revision
    else ranges.push({ from: revision, to: revision })
  }
  const told = ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  const verb = revisions.length === 1 ? 'is' : 'are'
  const [others, last] = [told.slice(0, -1).join(', '), told.at(-1) ?? 'none']
  return others === '' ? `${last} ${verb}` : `${others} and ${last} ${verb}`
}

function keptForTheirName(
  marks: readonly RevisionMark[],
  { namedKept }: Limits
): ReadonlySet<number> {
  return new Set(
    marks
      .filter(isNamed)
      .slice(0, namedKept)
      .map(({ revision }) => revision)
  )
}
