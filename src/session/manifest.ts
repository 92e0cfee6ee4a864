// What a revision consists of: for each component, where its text is stored and what it must be.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Component, isComponent } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { sha256 } from './digest.ts'
import { keptText } from './kept-revisions.ts'
import { inOrder } from './state.ts'

export type Entry = { readonly revision: number; readonly sha256: string; readonly bytes: number }

/** The components of one revision; one that was never set has no entry. */
export type Manifest = Readonly<Partial<Record<Component, Entry>>>

export const EMPTY_MANIFEST: Manifest = {}

/** The manifest of a revision; rebuilt from the texts themselves if its row is missing or damaged. */
export function manifestOf(store: Store, session: number, revision: number): Manifest {
  const row = store.revisions.find(session, revision)
  if (row !== undefined && sha256(row.manifest) === row.root) {
    return JSON.parse(row.manifest) as Manifest
  }
  return rebuilt(store, session, revision)
}

/** The manifest of a revision that a client asks for; refused if the session never had it or has forgotten it. */
export function keptManifest(
  store: Store,
  session: SessionRow,
  revision: number,
  path = 'revision'
): Outcome<Manifest, Failure> {
  const isNewest = revision === session.revision
  if (isNewest || store.revisions.find(session.number, revision) !== undefined) {
    return succeed(manifestOf(store, session.number, revision))
  }
  const kept = store.revisions.marks(session.number).map((mark) => mark.revision)
  return fail({
    reason: 'invalid_parameter',
    path,
    detail: `revision ${revision} is not kept; ${keptText(kept)}`,
  })
}

/** Bytes of all components together. */
export function totalBytes(manifest: Manifest): number {
  return Object.values(manifest).reduce((sum, entry) => sum + entry.bytes, 0)
}

/** The components that are set, in the order of the specification. */
export function componentsOf(manifest: Manifest): Component[] {
  return inOrder(Object.keys(manifest).filter(isComponent))
}

function rebuilt(store: Store, session: number, revision: number): Manifest {
  const manifest: Partial<Record<Component, Entry>> = {}
  for (const component of inOrder(store.components.names(session).filter(isComponent))) {
    const newest = store.components.revisionsUpTo(session, component, revision)[0]
    if (newest === undefined) continue
    const row = store.components.find(session, component, newest)
    if (row === undefined) continue
    manifest[component] = { revision: newest, sha256: row.sha256, bytes: row.bytes }
  }
  return manifest
}
