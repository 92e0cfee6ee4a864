// Answers a message from this machine: the engine carries it out on the copy, and what changed something goes into the
// journal in the same transaction, on the disk before the answer is given.

import { type Clock, isoTime } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import type { Reply } from '../../src/protocol/call.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { asJsonText, outline } from '../../src/protocol/json-text.ts'
import { makesSession } from '../../src/protocol/registry.ts'
import { errorReply, type Meta, successReply } from '../../src/protocol/reply.ts'
import type { UpstreamReply } from '../upstream.ts'
import { unknownHere } from './known-here.ts'
import { callerOf, type Replica } from './replica.ts'
import { forSession, writeKept } from './stored-message.ts'
import { LEVEL } from './tables/copies.ts'
import { sessionNamed, type Work } from './work.ts'

export type Execution = {
  readonly work: Work
  readonly replica: Replica
  readonly clock: Clock
  /** Why the journal cannot take so many bytes more; undefined if it can. */
  readonly noRoom: (bytes: number) => string | undefined
}

/** Gives the rendered answer, or why this machine has none. Throws only if the file cannot be written. */
export function execute(execution: Execution): Outcome<UpstreamReply, Failure> {
  const { work, replica, clock, noRoom } = execution
  const unknown = unknownHere(replica, work)
  if (unknown !== undefined) return fail(unknown)
  const full = work.part === 'journal' ? noRoom(work.request.body.length) : undefined
  if (full !== undefined) return fail({ reason: 'journal_full', detail: full })
  const now = clock.now()
  const run = () => {
    const before = revisionOf(replica, sessionNamed(work.request))
    const reply = carriedOut(replica, work)
    if (work.part === 'journal' && reply.outcome.ok && !reply.replayed) {
      enter({ replica, work, reply, before, now })
    }
    return reply
  }
  const reply = work.part === 'journal' ? replica.transaction(run) : replica.lightly(run)
  return succeed(rendered(execution, reply, now))
}

function carriedOut(replica: Replica, { request, requestId, deliveryId, holder }: Work): Reply {
  const { id, message } = request
  return replica.engine.execute({
    command: message.command,
    parameters: message.parameters,
    caller: callerOf(holder),
    request_id: requestId,
    message_id: id,
    ...(message.idempotencyKey !== undefined && { idempotency_key: message.idempotencyKey }),
    ...(deliveryId !== undefined && { delivery_id: deliveryId }),
  })
}

type Done = {
  readonly replica: Replica
  readonly work: Work
  readonly reply: Reply
  /** The revision that the work was done on. */
  readonly before: number
  readonly now: number
}

/** Writes the entry. Work that opened a session is delivered with the id that the client is told now. */
function enter({ replica, work, reply, before, now }: Done): void {
  const { copies, journal } = replica
  const made = madeIn(reply) ?? ''
  const { command, parameters } = work.request.message
  const named = sessionNamed(work.request)
  const source = named === undefined || named === made ? undefined : copies.ensure(named)
  const isNew = makesSession(command) || source !== undefined
  const queue = source?.queue ?? copies.ensure(made).queue
  copies.ensure(made)
  if (isNew) {
    copies.change(made, { level: LEVEL.exact, whole_history: 1, agreed_at: now, queue })
  }
  const isUnnamed = named === undefined && !isNew
  const expected = parameters.if_revision
  const delivery = work.deliveryId ?? work.requestId
  journal.append({
    team: work.holder.team,
    client_id: replica.whose()?.client_id ?? '',
    session_id: made,
    queue,
    command,
    delivery_id: isUnnamed ? `${delivery}.named` : delivery,
    base: source !== undefined && typeof expected === 'number' ? expected : before,
    promised: isNew ? made : null,
    at: now,
    // Which session was used last may be another one by then; the one that was meant makes it another request.
    message: writeKept(isUnnamed ? forSession(work.request, made) : work.request),
  })
}

function rendered({ work, replica }: Execution, reply: Reply, now: number): UpstreamReply {
  const { request, requestId, part } = work
  const { id, dialect } = request
  const timestamp = isoTime(now)
  const warnings = [...reply.warnings, ...replica.keeper.takeNotices()]
  const meta: Meta = {
    request_id: requestId,
    ...(part === 'journal' && reply.outcome.ok && { persistence: 'journaled' as const }),
    ...(reply.replayed && { replayed: true as const }),
    stale_s: staleness(replica, work, reply, now),
    ...(warnings.length > 0 && { warnings }),
  }
  const { outcome, client_id } = reply
  const client = client_id === undefined ? {} : { client_id }
  if (!outcome.ok) {
    const call = { ...request.facts, ...client }
    const text = errorReply({ id, dialect, failure: outcome.failure, call, timestamp, meta })
    return { bytes: Buffer.from(text), outcome: outcome.failure.reason }
  }
  const text = successReply({ id, dialect, ...client, result: outcome.value, timestamp, meta })
  return { bytes: Buffer.from(text), outcome: 'success' }
}

/** Whole seconds since the service last agreed with what is told. */
function staleness(replica: Replica, work: Work, reply: Reply, now: number): number {
  const about = sessionNamed(work.request) ?? madeIn(reply)
  const agreed =
    about === undefined ? replica.keeper.listedAt() : replica.copies.find(about)?.agreed_at
  return Math.max(0, Math.floor((now - (agreed ?? now)) / 1000))
}

function madeIn({ outcome }: Reply): string | undefined {
  if (!outcome.ok) return undefined
  const text = asJsonText(outline(outcome.value).members.get('session_id') ?? '')
  const id: unknown = text === undefined ? undefined : JSON.parse(text)
  return typeof id === 'string' ? id : undefined
}

function revisionOf({ store }: Replica, sessionId: string | undefined): number {
  return (sessionId === undefined ? undefined : store.sessions.find(sessionId)?.revision) ?? 0
}
