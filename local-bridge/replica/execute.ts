// Answers a message from this machine: the engine carries it out on the copy, and what changed something goes into the
// journal in the same transaction, on the disk before the answer is given.

import { isDeepStrictEqual } from 'node:util'
import { type Clock, isoTime } from '../../src/clock.ts'
import { type Outcome, succeed } from '../../src/outcome.ts'
import type { Reply } from '../../src/protocol/call.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { makesSession, onlyLooks } from '../../src/protocol/registry.ts'
import { errorReply, type Meta, successReply } from '../../src/protocol/reply.ts'
import type { SessionRow } from '../../src/storage/sessions.ts'
import type { UpstreamReply } from '../upstream.ts'
import { unknownHere } from './known-here.ts'
import { knownImages } from './known-images.ts'
import { type Carried, madeIn, persistenceOf, staleness } from './labels.ts'
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
  const run = (): Carried => {
    const named = sessionNamed(work.request)
    const before = rowOf(replica, named)
    const reply = carriedOut(replica, work)
    const isWork = work.part === 'journal' && reply.outcome.ok
    const isSame = named !== undefined && isDeepStrictEqual(rowOf(replica, named), before)
    // A lease that is as long as before is no work: it would fill the journal of a TUI that renews it all the time.
    const isIdle = isSame && onlyLooks(work.request.message.command)
    const isKept = isWork && !reply.replayed && !isIdle
    if (isKept) enter({ replica, work, reply, before: before?.revision ?? 0, now })
    return { reply, isKept: isKept || (isWork && reply.replayed) }
  }
  const carried = work.part === 'journal' ? replica.transaction(run) : replica.lightly(run)
  return succeed(rendered(execution, carried, now))
}

function carriedOut(replica: Replica, { request, requestId, deliveryId, holder }: Work): Reply {
  const { id, message } = request
  const turn = replica.engine.admit({
    command: message.command,
    parameters: message.parameters,
    caller: callerOf(holder),
    request_id: requestId,
    message_id: id,
    ...(message.idempotencyKey !== undefined && { idempotency_key: message.idempotencyKey }),
    ...(deliveryId !== undefined && { delivery_id: deliveryId }),
  })
  const wanted = turn.wantedImages()
  return turn.answer(wanted && knownImages(replica, message.command, wanted))
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

function rendered({ work, replica }: Execution, carried: Carried, now: number): UpstreamReply {
  const { reply } = carried
  const { request, requestId } = work
  const { id, dialect } = request
  const timestamp = isoTime(now)
  const warnings = [...reply.warnings, ...replica.keeper.takeNotices()]
  const meta: Meta = {
    request_id: requestId,
    ...(reply.outcome.ok && { persistence: persistenceOf(replica, work, carried) }),
    source: 'replica',
    ...(reply.replayed && { replayed: true as const }),
    stale_s: staleness(replica, work, reply, now),
    ...(warnings.length > 0 && { warnings }),
  }
  const { outcome, client_id } = reply
  const client = client_id === undefined ? {} : { client_id }
  if (!outcome.ok) {
    const call = { ...request.facts, ...client, by: 'bridge' } as const
    const text = errorReply({ id, dialect, failure: outcome.failure, call, timestamp, meta })
    return { bytes: Buffer.from(text), outcome: outcome.failure.reason }
  }
  const text = successReply({ id, dialect, ...client, result: outcome.value, timestamp, meta })
  return { bytes: Buffer.from(text), outcome: 'success' }
}

function rowOf({ store }: Replica, sessionId: string | undefined): SessionRow | undefined {
  return sessionId === undefined ? undefined : store.sessions.find(sessionId)
}
