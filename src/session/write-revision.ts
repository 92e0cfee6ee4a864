// Writes revisions: what really changed, whether it fits, and the rows of the new revision.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Component } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { measured, sha256 } from './digest.ts'
import { forgetOld } from './forget-revisions.ts'
import type { Limits } from './limits.ts'
import { type Entry, type Manifest, totalBytes } from './manifest.ts'
import type { Origin } from './origin.ts'
import { keepOrigin } from './registry-epoch.ts'
import { inOrder } from './state.ts'

/** A text with its checksums and size, measured once. */
export type Content = ReturnType<typeof measured>

/** New contents of components; null takes a component away. */
export type Changes = ReadonlyMap<Component, Content | null>

/** What a session is after a revision was written. */
export type Written = {
  readonly revision: number
  readonly changed: readonly string[]
  readonly state_bytes: number
  readonly stored_bytes: number
}

/** Measures texts. */
export function contents(texts: ReadonlyMap<Component, JsonText>): Map<Component, Content> {
  return new Map([...texts].map(([component, text]) => [component, measured(text)]))
}

/** The changes that differ from what is stored. A text whose stored twin is damaged counts: it heals it. */
export function effective(
  store: Store,
  session: SessionRow,
  manifest: Manifest,
  changes: Changes
): Changes {
  return new Map(
    [...changes].filter(([component, content]) => {
      const entry = manifest[component]
      if (entry === undefined) return content !== null
      if (content === null) return true
      if (content.sha256 !== entry.sha256) return true
      return store.components.find(session.number, component, entry.revision)?.text !== content.text
    })
  )
}

/** Refuses changes that would make the session larger than it may be. */
export function fits(
  manifest: Manifest,
  changes: Changes,
  { sessionBytes }: Limits,
  sessionId: string
): Outcome<undefined, Failure> {
  const sizes = new Map<string, number>()
  for (const [component, entry] of Object.entries(manifest)) sizes.set(component, entry.bytes)
  for (const [component, content] of changes) sizes.set(component, content?.bytes ?? 0)
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (bytes <= sessionBytes) return succeed(undefined)
  return fail({
    reason: 'session_too_large',
    session_id: sessionId,
    bytes,
    limit: sessionBytes,
    largest: [...sizes]
      .map(([component, size]) => ({ component, bytes: size }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3),
  })
}

/** Writes the next revision of a session and forgets what is too old. The caller updates the session's row. */
export function writeRevision(
  context: { readonly store: Store; readonly limits: Limits; readonly now: number },
  session: Pick<SessionRow, 'number' | 'revision' | 'stored_bytes'>,
  old: Manifest,
  changes: Changes,
  why: {
    readonly cause: string
    readonly label?: string
    readonly alsoChanged?: readonly string[]
    /** Where the ids of a registry among the changes are from. */
    readonly origin?: Origin | undefined
  }
): Written {
  const { store, limits, now } = context
  const revision = session.revision + 1
  const { manifest, added } = applied(store, session.number, revision, old, changes)
  if (why.origin !== undefined && changes.has('object_registry')) {
    keepOrigin(store, session.number, revision, why.origin)
  }
  const changed = [...inOrder(changes.keys()), ...(why.alsoChanged ?? [])]
  const stateBytes = totalBytes(manifest)
  const text = JSON.stringify(manifest)
  store.revisions.insert({
    session: session.number,
    revision,
    at: now,
    cause: why.cause,
    label: why.label ?? '',
    changed: JSON.stringify(changed),
    bytes: stateBytes,
    manifest: text,
    root: sha256(text),
  })
  const stored = session.stored_bytes + added
  const freed = forgetOld(store, session.number, revision, stored, limits)
  return { revision, changed, state_bytes: stateBytes, stored_bytes: stored - freed }
}

function applied(
  store: Store,
  session: number,
  revision: number,
  old: Manifest,
  changes: Changes
): { readonly manifest: Manifest; readonly added: number } {
  const manifest: Partial<Record<Component, Entry>> = { ...old }
  let added = 0
  for (const [component, content] of changes) {
    if (content === null) {
      delete manifest[component]
      continue
    }
    store.components.insert({ session, component, revision, ...content })
    manifest[component] = { revision, sha256: content.sha256, bytes: content.bytes }
    added += content.bytes
  }
  return { manifest, added }
}
