// POST /v1/batches: messages that a bridge delivers, carried out one after another, each answered as by itself. Nothing is
// carried out behind a message that was refused, or whose work went to another session than the one that was named.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type BatchEntry, PREVIOUS, readBatch } from '../protocol/batch.ts'
import type { Acknowledged, Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { outline, utf8Bytes } from '../protocol/json-text.ts'
import { MAX_BATCH_REPLY_BYTES } from '../protocol/limits.ts'
import { type Message, readMessage } from '../protocol/message.ts'
import { onlyLooks } from '../protocol/registry.ts'
import { conclude } from './conclude.ts'
import type { Scene } from './dispatch.ts'
import { type Asked, answer, letIn } from './let-in.ts'
import { readBody } from './read-body.ts'
import { refused, turnedAway } from './refused.ts'
import { type Answer, JSON_HEADERS, NOTHING_READ, named, type Rendered } from './respond.ts'

/** Answers the batch in the body of a request: with an array of replies, or as a whole with one envelope. */
export async function answerBatch(asked: Asked): Promise<Omit<Rendered, 'outcome'>> {
  const { running } = asked
  const receivedAt = running.clock.now()
  const scene = await letIn(asked)
  const body = await readBody(asked.request)
  const bytes = body.ok ? body.value.bytes : 0
  const whole = (reply: Reply) => {
    const { request_id } = running
    return conclude(running, { ...NOTHING_READ, request_id, bytes, reply }, receivedAt)
  }
  if (!scene.ok) return whole(refused(scene.failure))
  if (!body.ok) return whole(turnedAway(scene.value, body.failure))
  const batch = readBatch(body.value.text)
  if (!batch.ok) return whole(turnedAway(scene.value, batch.failure))
  const replies = await carriedOut(asked, scene.value, batch.value)
  return { body: joined(replies), status: 200, headers: JSON_HEADERS }
}

/** What the entry before was about, and the revision that it left. */
type Before = { readonly session_id: string | undefined; readonly revision: number | undefined }

async function carriedOut(
  asked: Asked,
  scene: Scene,
  entries: readonly BatchEntry[]
): Promise<Uint8Array[]> {
  const { clock } = asked.running
  const replies: Uint8Array[] = []
  let size = 0
  let before: Before | undefined
  for (const entry of entries) {
    const receivedAt = clock.now()
    const done = await carryOut(asked, scene, entry, before)
    const { body } = conclude(asked.running, done.answer, receivedAt)
    replies.push(body)
    size += body.length
    before = done.left
    if (before === undefined || size > MAX_BATCH_REPLY_BYTES) break
  }
  return replies
}

/** `left` is absent where nothing may follow. */
type Done = { readonly answer: Answer; readonly left?: Before }

async function carryOut(
  asked: Asked,
  scene: Scene,
  entry: BatchEntry,
  before: Before | undefined
): Promise<Done> {
  const { request_id } = asked.running
  const { id, dialect, message } = readMessage(entry.message)
  const about = { request_id, id, dialect, bytes: utf8Bytes(entry.message) }
  const unread = (failure: Failure): Done => ({
    answer: { ...NOTHING_READ, ...about, reply: turnedAway(scene, failure) },
  })
  if (!message.ok) return unread(message.failure)
  const session_id = entry.session_id ?? entry.target ?? sessionIn(message.value)
  const acknowledged = acknowledgedBy(entry, session_id, before)
  if (!acknowledged.ok) return unread(acknowledged.failure)
  const reply = await answer(asked, scene, {
    ...{ message: message.value, id, deliveryId: entry.delivery_id },
    acknowledged: acknowledged.value,
  })
  const { command } = message.value
  const sent = { session_id, revision: acknowledged.value?.base_revision }
  const left = leftBy(reply, sent, onlyLooks(command))
  return {
    answer: { ...about, ...named(message.value), reply },
    ...(left !== undefined && { left }),
  }
}

function acknowledgedBy(
  entry: BatchEntry,
  about: string | undefined,
  before: Before | undefined
): Outcome<Acknowledged | undefined, Failure> {
  const { base_revision, session_id, target } = entry
  if (base_revision === undefined) return succeed(undefined)
  const revision = base_revision === PREVIOUS ? revisionFor(about, before) : base_revision
  if (revision === undefined) return fail({ reason: 'invalid_request', detail: NO_PREVIOUS })
  return succeed({
    base_revision: revision,
    ...(session_id !== undefined && { session_id }),
    ...(target !== undefined && { target }),
  })
}

const NO_PREVIOUS =
  'base_revision is "previous", but the entry before told no revision of this session'

/** Another session's revision says nothing. */
function revisionFor(about: string | undefined, before: Before | undefined): number | undefined {
  return about !== undefined && about === before?.session_id ? before.revision : undefined
}

/**
 * What an answer leaves to the next entry; undefined if there must be none. What only looks tells the newest revision, which
 * may be somebody else's: what follows was done on the one before all the same.
 */
function leftBy(
  { outcome, replayed }: Reply,
  sent: Before,
  isLooking: boolean
): Before | undefined {
  if (!outcome.ok) return undefined
  const { members } = outline(outcome.value)
  const told = (name: string): unknown => JSON.parse(members.get(name) ?? 'null')
  const session_id = told('session_id')
  const revision = told('revision')
  if (typeof session_id !== 'string') return sent
  if (sent.session_id !== undefined && session_id !== sent.session_id) return undefined
  if (typeof revision !== 'number' || isLooking) return { session_id, revision: sent.revision }
  // What took effect unheard may lie behind the revision that it was sent for.
  return { session_id, revision: replayed ? Math.max(revision, sent.revision ?? 0) : revision }
}

function sessionIn({ parameters: { session_id } }: Message): string | undefined {
  return typeof session_id === 'string' ? session_id : undefined
}

function joined(replies: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts = replies.flatMap((reply, index) => [index === 0 ? OPEN : COMMA, reply])
  return new Uint8Array(Buffer.concat([...parts, CLOSE]))
}

const OPEN = Buffer.from('[')
const COMMA = Buffer.from(',')
const CLOSE = Buffer.from(']')
