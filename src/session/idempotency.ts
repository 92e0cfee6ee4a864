// One effect for one request, however often it arrives (specification section 5). An explicit key is good for a day;
// a message without one is recognised by its id and content while it is the newest command of its client. What a bridge
// delivers under one name is recognised for as long as a session is kept.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Call } from '../protocol/call.ts'
import type { JsonObject } from '../protocol/command.ts'
import { type Component, isComponent, OPAQUE_FIELDS } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { AnswerRow } from '../storage/answers.ts'
import type { Store } from '../storage/store.ts'
import { isOwner } from './allowance.ts'
import { type Context, unset } from './context.ts'
import { requestDigest, sha256 } from './digest.ts'
import type { Limits } from './limits.ts'
import { manifestOf } from './manifest.ts'
import { readState } from './read-state.ts'

/** What tells one request from another. */
export type Request = {
  /** What is in front of the names of its caller's requests. */
  readonly by: string
  /** What its answer is found by: the client's own key, its unique message id, or else the delivery. */
  readonly key: string | undefined
  /** The delivery of a bridge that it came with; empty without one. */
  readonly delivery: string
  /** SHA-256 over message id and request; empty without a message id, or with an explicit key, which alone counts. */
  readonly message: string
  readonly digest: string
}

/** What was answered before, and the delivery that heard it; empty without one. */
export type Earlier = { readonly result: JsonObject; readonly delivery: string }

type Scene = {
  readonly store: Store
  readonly limits: Limits
  readonly now: number
  readonly warn: (sentence: string) => void
}

type Identified = Pick<Call, 'command' | 'parameters'> & {
  readonly message_id?: JsonText | undefined
  readonly idempotency_key?: string | undefined
  readonly delivery_id?: string | undefined
}

/** What is in front of a caller's keys and ids, so that they never meet another's; nothing for the owner. */
export function namedFor({ owner, caller }: Pick<Context, 'owner' | 'caller'>): string {
  return owner === undefined || isOwner(owner, caller) ? '' : `${sha256(caller.subject)} `
}

/** Identifies a call. A UUID or ULID as message id is as good as a key; a delivery is a name only where there is no other. */
export function identify(call: Identified, by = ''): Request {
  const digest = requestDigest(call.command, call.parameters)
  const delivery = call.delivery_id === undefined ? '' : `${by}delivery:${call.delivery_id}`
  if (call.idempotency_key !== undefined) {
    return { by, key: `${by}key:${call.idempotency_key}`, delivery, message: '', digest }
  }
  const id = call.message_id ?? 'null'
  const message = id === 'null' ? '' : sha256(`${by}${id}\0${digest}`)
  const key = isUniqueId(id) ? `${by}message:${message}` : delivery || undefined
  return { by, key, delivery, message, digest }
}

/** The stored answer to this very request; undefined if it is new. */
export function earlierAnswer(
  scene: Scene,
  request: Request
): Outcome<Earlier, Failure> | undefined {
  const { store, limits, now } = scene
  const keyed = request.key === undefined ? undefined : store.answers.find(request.key)
  if (keyed !== undefined && keyed.at > now - keptMs(limits, keyed, request)) {
    if (keyed.request !== request.digest) return fail({ reason: 'idempotency_conflict' })
    return succeed(recall(scene, keyed))
  }
  if (request.message === '') return undefined
  const newest = store.answers.newest(request.by)
  const isSame = newest?.message === request.message && newest.at > now - limits.sameMessageMs
  return isSame ? succeed(recall(scene, newest)) : undefined
}

/** A bridge delivers work under one name until it has heard the answer, however long its machine was asleep. */
function keptMs(limits: Limits, { delivery }: AnswerRow, request: Request): number {
  const isSameDelivery = delivery !== '' && delivery === request.delivery
  return isSameDelivery ? limits.retentionMs : limits.answersKeptMs
}

/** Keeps the result for a repetition of the request; opaque values stay where they are stored. */
export function keepAnswer(
  { store, limits, now }: Scene,
  request: Request,
  result: JsonObject
): void {
  const { fields, opaque } = taken(result)
  store.answers.put(
    request.by,
    {
      key: request.key ?? request.by,
      delivery: request.delivery,
      message: request.message,
      request: request.digest,
      fields: JSON.stringify(fields),
      opaque: JSON.stringify(opaque),
      at: now,
    },
    { answers: limits.answersKept, deliveries: limits.deliveriesKept }
  )
}

/** True for message ids that no two requests share by accident: UUIDs and ULIDs. */
export function isUniqueId(id: string): boolean {
  return /^"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9A-HJKMNP-TV-Z]{25})"$/i.test(id)
}

/** The result with null in the places of opaque values, and their names. Ids of objects are told once and never kept. */
function taken({ stale_ids: _, ...result }: JsonObject): { fields: JsonObject; opaque: string[] } {
  const opaque = Object.keys(result).filter((name) => OPAQUE_FIELDS.has(name))
  return {
    fields: { ...result, ...Object.fromEntries(opaque.map((name) => [name, null])) },
    opaque,
  }
}

function recall(scene: Scene, { fields: text, opaque, delivery }: AnswerRow): Earlier {
  const fields = JSON.parse(text) as JsonObject
  const names = (JSON.parse(opaque) as string[]).filter(isComponent)
  const state = names.length === 0 ? {} : recalledState(scene, fields, names)
  return { result: { ...fields, ...state }, delivery }
}

/** The opaque values of the revision that the answer names, or of the newest if that is forgotten. */
function recalledState({ store, warn }: Scene, fields: JsonObject, names: Component[]): JsonObject {
  const texts = new Map(names.map((name) => [name, unset(name)]))
  const session = store.sessions.find(String(fields.session_id))
  if (session === undefined) return Object.fromEntries(texts)
  const answered = Number(fields.revision)
  const isKept = store.revisions.find(session.number, answered) !== undefined
  const revision = isKept ? answered : session.revision
  if (!isKept)
    warn(`The state shown is that of revision ${revision}; ${answered} is no longer kept.`)
  const manifest = manifestOf(store, session.number, revision)
  for (const name of names) {
    const state = readState(store, session, manifest, [name])
    if (!state.ok) warn(`The stored ${name} is damaged and shown empty.`)
    else for (const [component, text] of state.value.texts) texts.set(component, text)
  }
  return Object.fromEntries(texts)
}
