// The steps that update, revert and conflict copies share: combining texts, writing them, telling the result.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Component } from '../protocol/components.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { SessionChange, SessionRow } from '../storage/sessions.ts'
import { type Context, unset } from './context.ts'
import type { Manifest } from './manifest.ts'
import { mergePatch } from './merge.ts'
import { type Recovered, readState } from './read-state.ts'
import { renewedLease } from './rules.ts'
import type { Given } from './state.ts'
import { type Changes, writeRevision } from './write-revision.ts'

/** The new texts: as given, or each merged into the newest good text of its component. */
export function combined(
  { store }: Pick<Context, 'store'>,
  session: SessionRow,
  manifest: Manifest,
  given: Given,
  mode: 'replace' | 'merge' | undefined
): Outcome<{ readonly texts: Given; readonly recovered: Recovered }, Failure> {
  if (mode !== 'merge') return succeed({ texts: given, recovered: {} })
  const base = readState(store, session, manifest, given.keys())
  if (!base.ok) return base
  const texts = new Map<Component, JsonText>()
  for (const [component, patch] of given) {
    texts.set(component, mergePatch(base.value.texts.get(component) ?? unset(component), patch))
  }
  return succeed({ texts, recovered: base.value.recovered })
}

/** Writes changes of components and columns, if there are any, and renews the lease in any case. */
export function applyChanges(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  changes: Changes,
  columns: SessionChange,
  cause = 'update_session_state'
): { readonly session: SessionRow; readonly changed: readonly string[] } {
  const lease = renewedLease(session, context.now)
  const alsoChanged = Object.keys(columns).filter((name) => name !== 'sequence')
  if (changes.size === 0 && alsoChanged.length === 0) {
    context.store.sessions.change(session.number, lease)
    return { session: { ...session, ...lease }, changed: [] }
  }
  const { changed, ...written } = writeRevision(context, session, manifest, changes, {
    cause,
    alsoChanged,
  })
  const change = { ...lease, ...columns, ...written, last_modified: context.now }
  context.store.sessions.change(session.number, change)
  return { session: { ...session, ...change }, changed }
}

/**
 * The session state after changes to what `manifest` names; a damaged one does not undo a change of something else.
 */
export function echo(
  { store, warn }: Context,
  session: SessionRow,
  manifest: Manifest,
  changes: Changes
): JsonText | undefined {
  const fresh = changes.get('session_state')
  if (fresh !== undefined) return fresh?.text
  const state = readState(store, session, manifest, ['session_state'])
  if (state.ok) return state.value.texts.get('session_state')
  warn('The stored session_state is damaged and shown empty; send state_data to replace it.')
  return undefined
}
