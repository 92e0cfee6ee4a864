// Takes over what the service has said of a session, without deriving it anew: rows, texts and revisions as they are there.

import type { Component } from '../../src/protocol/components.ts'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { sha256 } from '../../src/session/digest.ts'
import { NO_IMAGE } from '../../src/session/image.ts'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import type { Entry, Manifest } from '../../src/session/manifest.ts'
import { noteUnchanged } from '../../src/session/note-origins.ts'
import { type Content, contents } from '../../src/session/write-revision.ts'
import type { ImageColumns, SessionChange } from '../../src/storage/sessions.ts'
import type { Replica } from './replica.ts'
import type { Result } from './service-answer.ts'
import { LEVEL } from './tables/copies.ts'
import { toldOrigins } from './told-origins.ts'

export type Whole = {
  readonly result: Result
  readonly texts: ReadonlyMap<Component, JsonText>
  /** Where each text came from, if the service has told it. */
  readonly components: Result['components']
}

/** The columns of a session's row that an answer tells. */
export function rowOf(result: Result): SessionChange {
  const { name, expires_at, closed_at, last_modified } = result
  const used = lastActivity(result)
  const status = statusOf(result)
  return withoutAbsent({
    ...imageOf(result),
    name,
    status,
    closed_at: status === 'active' ? null : closed_at,
    last_modified,
    last_activity: used,
    expires_at,
    ...(result.client_info !== undefined && { client_info: JSON.stringify(result.client_info) }),
  })
}

/** Replaces what the copy holds of a session by what the service has; true if it was complete enough to be kept. */
export function adoptWhole(replica: Replica, whole: Whole, now: number): boolean {
  const { result, texts } = whole
  const { session_id, revision, created_at, timeout } = result
  if (session_id === undefined || revision === undefined) return false
  const given = contents(texts)
  const manifest = manifestOf(whole, given, revision)
  if (manifest === undefined) return false
  const known = replica.store.sessions.find(session_id)
  if (known === undefined && (created_at === undefined || timeout === undefined)) return false
  const bytes = Object.values(manifest).reduce((sum, entry) => sum + entry.bytes, 0)
  const sizes = { revision, state_bytes: bytes, stored_bytes: bytes }
  const number = known?.number ?? insertRow(replica, result, now)
  const { store, copies } = replica
  store.components.deleteAll(number)
  store.revisions.deleteAll(number)
  store.registryEpochs.deleteAll(number)
  store.sessions.change(number, { ...rowOf(result), ...sizes })
  const text = JSON.stringify(manifest)
  store.revisions.insert({
    session: number,
    revision,
    at: result.last_modified ?? now,
    cause: 'replica',
    label: '',
    changed: '[]',
    bytes,
    manifest: text,
    root: sha256(text),
  })
  for (const [component, entry] of Object.entries(manifest)) {
    const content = given.get(component as Component)
    if (content === undefined) continue
    store.components.insert({ session: number, component, revision: entry.revision, ...content })
  }
  noteUnchanged(replica, { number }, manifest, new Map(), toldOrigins(replica, result))
  copies.ensure(session_id)
  copies.change(session_id, {
    level: whole.components === undefined ? LEVEL.state : LEVEL.exact,
    whole_history: 0,
    synced_revision: revision,
    agreed_at: now,
  })
  return true
}

/** Inserts the row of a session that is new here. Its state comes behind it. */
export function insertRow(replica: Replica, result: Result, now: number): number {
  const { store } = replica
  const made = result.created_at ?? now
  return store.sessions.insert({
    session_id: result.session_id ?? '',
    name: '',
    status: 'active',
    timeout: result.timeout ?? DEFAULT_LIMITS.defaultTimeoutS,
    created_at: made,
    last_modified: made,
    last_activity: made,
    expires_at: made,
    closed_at: null,
    close_reason: null,
    revision: 0,
    state_bytes: 0,
    stored_bytes: 0,
    sequence: 1,
    ...NO_IMAGE,
    client_info: '{}',
    ...rowOf(result),
  })
}

/** Every text with its place; undefined if they are not what the service says they are. */
function manifestOf(
  { components }: Whole,
  given: ReadonlyMap<Component, Content>,
  revision: number
): Manifest | undefined {
  const manifest: Partial<Record<Component, Entry>> = {}
  if (components === undefined) {
    for (const [name, { sha256, bytes }] of given) manifest[name] = { revision, sha256, bytes }
    return manifest
  }
  for (const [name, entry] of Object.entries(components)) {
    const component = name as Component
    if (given.get(component)?.sha256 !== entry.sha256) return undefined
    manifest[component] = entry
  }
  return manifest
}

function statusOf({ status, is_active, closed_at }: Result) {
  if (status !== undefined) return status
  if (closed_at !== undefined) return 'closed'
  return is_active === true ? 'active' : undefined
}

/** What the wire does not tell: the lease began with the last activity, and retention counts from it. */
function lastActivity({ restorable_until, closed_at, expires_at, timeout }: Result) {
  if (restorable_until !== undefined) return restorable_until - DEFAULT_LIMITS.retentionMs
  if (closed_at !== undefined) return closed_at
  return expires_at !== undefined && timeout !== undefined ? expires_at - timeout * 1000 : undefined
}

function imageOf(result: Result): Partial<ImageColumns> {
  const { image_id, image_address, image_name, image_version, image_metadata } = result
  return withoutAbsent({
    image_id,
    image_address,
    image_name,
    image_version,
    image_metadata: image_metadata && JSON.stringify(image_metadata),
  })
}

function withoutAbsent<Members extends object>(members: Members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Members]?: Exclude<Members[Key], undefined>
  }
}
