// What an answer of this machine says of itself: how safe it is, and how old.

import type { Reply } from '../../src/protocol/call.ts'
import { asJsonText, outline } from '../../src/protocol/json-text.ts'
import type { Persistence } from '../../src/protocol/reply.ts'
import type { Replica } from './replica.ts'
import { sessionNamed, type Work } from './work.ts'

/** What was done, and whether it is in the journal. */
export type Carried = { readonly reply: Reply; readonly isKept: boolean }

/** Work is on its way; what is read is, too, if the service has yet to hear something of the same session, or of any. */
export function persistenceOf(
  { copies, journal }: Replica,
  work: Work,
  { reply, isKept }: Carried
): Persistence {
  if (isKept) return 'journaled'
  const about = sessionNamed(work.request) ?? madeIn(reply)
  const queue = about === undefined ? undefined : copies.find(about)?.queue
  const waits = queue === undefined ? journal.queues().length > 0 : journal.isWaiting(queue)
  return waits ? 'journaled' : 'cached'
}

/** Whole seconds since the service last agreed with what is told. */
export function staleness(replica: Replica, work: Work, reply: Reply, now: number): number {
  const about = sessionNamed(work.request) ?? madeIn(reply)
  const agreed =
    about === undefined ? replica.keeper.listedAt() : replica.copies.find(about)?.agreed_at
  return Math.max(0, Math.floor((now - (agreed ?? now)) / 1000))
}

/** The session that an answer tells of; undefined if it tells of none, or refuses. */
export function madeIn({ outcome }: Reply): string | undefined {
  if (!outcome.ok) return undefined
  const text = asJsonText(outline(outcome.value).members.get('session_id') ?? '')
  const id: unknown = text === undefined ? undefined : JSON.parse(text)
  return typeof id === 'string' ? id : undefined
}
